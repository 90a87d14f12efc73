"""The forwarding contract can fail: each adapter here is broken in one way, and the kit must say so."""

from __future__ import annotations

import pytest

from egov_core.ports.forwarding import ForwardingAdapter
from egov_core.testing.forwarding_contract import ForwardingContract
from tests.testing.bites import assert_caught, assert_whole
from tests.testing.broken_adapters import BROKEN
from tests.testing.whole_adapter import WholeAdapter


class Whole(ForwardingContract):
    timeout = 0.25
    adapter: type[WholeAdapter] = WholeAdapter

    def make_adapter(self, url: str, timeout: float) -> ForwardingAdapter:
        return self.adapter(url, timeout)


@pytest.mark.parametrize(("broken", "promise"), BROKEN, ids=lambda value: getattr(value, "__name__", value))
def test_the_kit_catches(broken: type[WholeAdapter], promise: str) -> None:
    assert_caught(type(broken.__name__, (Whole,), {"adapter": broken, "slack": 0.5}), promise)


def test_the_kit_finds_no_fault_in_what_is_whole() -> None:
    assert_whole(Whole)


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) == len({broken for broken, _ in BROKEN}) >= 40
