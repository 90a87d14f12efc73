"""Catching up: bringing a case to the revision of the calendar that is in force.

Rules of this room: one event for each revision that was skipped, in order, by the system; a case to which nothing can
happen any more gets none. Nothing here writes: whoever touches a case records these events before its own.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from egov_core.domain.cases import events as e
from egov_core.domain.cases.calendar_events import CalendarApplied, TimerShift
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.folding import evolve
from egov_core.domain.cases.recounts import shifts
from egov_core.domain.cases.timing import is_settled, runs_of
from egov_core.domain.people import SYSTEM
from egov_core.usecases.foundation.services import Services


def caught_up(services: Services, case: Case, now: datetime) -> tuple[Case, tuple[e.RecordedEvent, ...]]:
    """The case as it stands under the newest revision, and the events that bring it there."""
    recorded: list[e.RecordedEvent] = []
    newest = services.calendars().newest.number
    while case.calendar < newest and not is_settled(case, services.yardstick(case)):
        one = applied(services, case, now)
        recorded.append(one)
        case = evolve(case, one)
    return case, tuple(recorded)


def applied(services: Services, case: Case, entered_at: datetime) -> e.RecordedEvent:
    """The event by which the case passes to the next revision, with the dates that move."""
    calendars = services.calendars()
    revision = calendars.revision(case.calendar + 1)
    assert revision.added is not None, "every revision after the first adds something"
    recorded = e.RecordedEvent(
        stream=case.case_id,
        position=case.version + 1,
        event=CalendarApplied(revision=revision.number, notice=revision.added.name, published=revision.added.published),
        at=calendars.decides_from(revision.number, case.organ),
        entered_at=entered_at,
        actor=SYSTEM,
    )
    if calendars.span(revision.number, case.organ) is None:
        return recorded
    changes = _shifts(services, case, evolve(case, recorded))
    assert isinstance(recorded.event, CalendarApplied)
    return attrs.evolve(recorded, event=attrs.evolve(recorded.event, changes=changes))


def _shifts(services: Services, before: Case, after: Case) -> tuple[TimerShift, ...]:
    old, new = services.yardstick(before), services.yardstick(after)
    return shifts((runs_of(before, old), old), (runs_of(after, new), new))
