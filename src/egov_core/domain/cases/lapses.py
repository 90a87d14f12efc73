"""Lapses: what happens to a case by silence, and how that is set aside.

Rules of this room: pure. A lapse has its instant, the first second after a limit, whoever looks however late; it comes
to pass in the order of instants among the acts of people. An act that was done before the instant and is entered
afterwards sets it aside: the lapse stays in the chain, without effect, and the act is taken from where the case stood.

Sources: 行政许可法 32(四) (acceptance, reaching back to the receipt), 50 (renewal); closing is a rule of places.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from egov_core.domain.cases import accompanying as a
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.freezing import accepted
from egov_core.domain.cases.timing import able_lapses, lapse_instant, runs_of
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.timers.kinds import Expiry
from egov_core.domain.timers.runs import TimerRun
from egov_core.domain.timers.silence import Lapse


@attrs.frozen(kw_only=True)
class PendingLapse:
    """The next thing that silence brings to a case, at `at`, by the end of `run`."""

    at: datetime
    run: TimerRun
    lapse: Lapse


def pending_lapse(case: Case, yardstick: Yardstick) -> PendingLapse | None:
    """The earliest lapse that comes if nothing more happens; None where silence brings nothing from here."""
    able = able_lapses(case)
    if not able:
        return None
    found = [
        PendingLapse(at=at, run=run, lapse=able[run.kind])
        for run in runs_of(case, yardstick, able)
        if (at := lapse_instant(case, run, yardstick)) is not None
    ]
    return min(found, key=lambda one: one.at, default=None)


def lapse_event(pending: PendingLapse, item: ItemVersion, yardstick: Yardstick) -> e.CaseEvent:
    """The event a lapse is; `item` is the version in force when the application counts as received."""
    match pending.lapse.effect:
        case Expiry.DEEMED_ACCEPTANCE:
            return attrs.evolve(accepted(item, yardstick), deemed=True, since=pending.run.start)
        case Expiry.DEEMED_RENEWAL:
            return e.Approved(document=str(pending.lapse.basis), by_law=True)
        case _:
            return a.ClosedUnanswered(basis=str(pending.lapse.basis))


def rests_on(event: e.CaseEvent, pending: PendingLapse) -> bool:
    """Whether a recorded lapse is the effect of this one; what it has frozen is the item's of its day."""
    match pending.lapse.effect:
        case Expiry.DEEMED_ACCEPTANCE:
            return isinstance(event, e.Accepted) and event.since == pending.run.start
        case Expiry.DEEMED_RENEWAL:
            return isinstance(event, e.Approved) and event.document == str(pending.lapse.basis)
        case _:
            return isinstance(event, a.ClosedUnanswered) and event.basis == str(pending.lapse.basis)


def undone_by(case: Case, at: datetime) -> tuple[a.LapseSetAside, ...]:
    """The lapses that an act of `at` sets aside, the latest first; none where it comes after all of them."""
    return tuple(
        a.LapseSetAside(effect=lapsed.effect, act=at.isoformat()) for lapsed in reversed(case.lapsed) if at < lapsed.at
    )
