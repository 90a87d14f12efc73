"""Who holds a case: the organ of its time, a unit below it, or who has succeeded them.

Rules of this room: pure; a case is never rewritten by a reorganisation. It keeps the organ of its time, and whoever has
to act, and whoever a card stands against, follows from the successions known (`Organisation.responsible`).
"""

from __future__ import annotations

from datetime import date, datetime

import attrs

from egov_core.domain.cases.accompanying import CardSuccession
from egov_core.domain.cases.case import Case
from egov_core.domain.legal import start_of
from egov_core.domain.organisation import Organisation, Succession
from egov_core.domain.timers.runs import TimerRun


@attrs.frozen
class Holder:
    """The organ or unit that has to act, and the successions that made it so (none: it is that of the case's time)."""

    organ: str
    walked: tuple[Succession, ...] = ()

    @property
    def reason(self) -> tuple[CardSuccession, ...]:
        """The same successions as a card states them."""
        return tuple(
            CardSuccession(
                source=one.source, target=one.target, effective=one.effective, plan=one.plan, basis=one.basis
            )
            for one in self.walked
        )


def filed_on(case: Case) -> date:
    """The day on which the case was given its organ."""
    return case.history[0].at.date()


def responsible_organ(case: Case, organisation: Organisation, day: date) -> Holder:
    """The organ that answers for the case on `day`."""
    return Holder(*organisation.responsible(case.organ, case.item, day, since=filed_on(case)))


def holder_of(case: Case, run: TimerRun, organisation: Organisation, at: datetime) -> Holder:
    """Whose run it is at an instant: the internal unit that holds the step, else the organ that answers for the case.

    A unit that has left the organ which answers by now, or has ended, holds nothing of it any more.
    """
    unit, day = run.held_by(at), at.date()
    answering = responsible_organ(case, organisation, day)
    if not unit:
        return answering
    held = Holder(*organisation.responsible(unit, case.item, day, since=filed_on(case)))
    if not answering.walked and not held.walked:
        return Holder(unit)
    organ = organisation.organs.get(held.organ)
    stays = organ is not None and organ.exists_on(day) and organisation.is_within(held.organ, answering.organ, day)
    return held if stays else answering


def holders_of(
    case: Case, run: TimerRun, organisation: Organisation, now: datetime
) -> tuple[tuple[datetime, str], ...]:
    """Who held a run in turn, each from an instant on: units as the step was handed over, and whoever succeeded."""
    ends = min(now, run.stopped_at) if run.stopped_at is not None else now
    moments = {run.start, *(at for at, _ in run.holders)}
    moments |= {start_of(one.effective) for one in organisation.successions}
    found: list[tuple[datetime, str]] = []
    for at in sorted(one for one in moments if run.start <= one and (one < ends or one == run.start)):
        organ = holder_of(case, run, organisation, at).organ
        if not found or found[-1][1] != organ:
            found.append((at, organ))
    return tuple(found)
