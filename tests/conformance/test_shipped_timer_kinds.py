"""The timer kinds that the library ships keep the contract of a plugin's, where they come by the plugins' door.

They come under codes of their own, since a shipped code is taken, and without what silence brings, which is the law's
to say and not a plugin's; one with a limit of its own beside a service standard leaves it at home.
"""

from __future__ import annotations

import attrs

from egov_core import hookimpl
from egov_core.domain.timers.kinds import KINDS, Expiry, LimitSource, Per, TimerKind
from egov_core.testing.timer_kind_contract import TimerKindContract

SHIPPED = {
    f"own-{code}": kind
    for code, kind in KINDS.items()
    if kind.starts_on and kind.per is Per.CASE and kind.limit_source in (LimitSource.LAW, LimitSource.SERVICE)
}
STANDARDS = {code: "3wd" for code, kind in SHIPPED.items() if kind.limit_source is LimitSource.SERVICE}


class Shipped:
    """The shipped kinds with a limit of their own, or of a service standard."""

    @hookimpl
    def egov_timer_kinds(self) -> list[TimerKind]:
        return [
            attrs.evolve(kind, code=code, expiry=Expiry.NONE, limit=kind.limit if code not in STANDARDS else None)
            for code, kind in SHIPPED.items()
        ]


class TestShippedTimerKinds(TimerKindContract):
    codes = tuple(SHIPPED)
    standards = STANDARDS

    def make_plugin(self) -> Shipped:
        return Shipped()
