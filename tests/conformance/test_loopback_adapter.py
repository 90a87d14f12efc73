"""The loop-back adapter keeps the forwarding contract; it claims that nothing leaves the process."""

from __future__ import annotations

from egov_core.hooks.builtin import LoopbackAdapter
from egov_core.testing.forwarding_contract import ForwardingContract


class TestLoopbackAdapter(ForwardingContract):
    leaves = False

    def make_adapter(self, url: str, timeout: float) -> LoopbackAdapter:  # noqa: ARG002 - there is no line
        return LoopbackAdapter()
