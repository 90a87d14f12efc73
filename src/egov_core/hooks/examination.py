"""What is told of a plugin whose examination failed: findings of its own beside those that it would have given.

Rules of this room: nothing is called and nothing is recorded here; the record is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import attrs

from egov_core.errors import PluginError
from egov_core.hooks.calls import Record
from egov_core.hooks.said import one_line
from egov_core.ports.health import HealthFinding

HOOK = "egov_health"
Failures = list[PluginError] | None


def told_of(name: str, finding: HealthFinding) -> HealthFinding:
    """A finding of a plugin: its code with the plugin's name before it, its texts on one line."""
    return attrs.evolve(
        finding,
        code=f"{name}/{one_line(finding.code)}",
        message=one_line(finding.message),
        remedy=one_line(finding.remedy),
    )


class Examination:
    """One round of asking: `failures` are collected by whoever asks, and what each took is read from the record."""

    def __init__(self, record: Record, names: Collection[str]) -> None:
        self.failures: list[PluginError] = []
        self._record = record
        self._before = {name: record.use(name, HOOK) for name in names}

    def told(self) -> Iterator[HealthFinding]:
        """An error for each that failed or answered wrongly, a warning for each that answered well and too late."""
        for failure in self.failures:
            yield HealthFinding(
                code=f"{failure.data['plugin']}/health-failed",
                severity="error",
                message=one_line(failure.message),
                remedy=failure.remedy,
            )
        for name, before in self._before.items():
            use = self._record.use(name, HOOK)
            if use.overruns > before.overruns and use.failures == before.failures:
                took, allowed = use.seconds - before.seconds, self._record.budget
                yield HealthFinding(
                    code=f"{name}/health-slow",
                    severity="warning",
                    message=f"plugin {name} took {took:.2f} s of {allowed:g} s in egov_health",
                    remedy="let it examine less; after three failures in a row it is not called any more",
                )
