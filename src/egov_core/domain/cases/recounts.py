"""Recounts: what a later revision of the calendar does to the timers of a case.

Rules of this room: pure. What had been told to an applicant is not stored but found again: the runs of the case as far
as its history had come, measured by the earlier revision.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from egov_core.domain.cases.calendar_events import TimerShift
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.legal import start_of
from egov_core.domain.timers.runs import Recount, TimerRun

Runs = tuple[TimerRun, ...]


def with_recounts(runs: Runs, case: Case, yardstick: Yardstick, known: Callable[[Case, Yardstick], Runs]) -> Runs:
    """The runs with the recounts of the case; `known` gives the runs of the case as it was when one was entered."""
    earlier: list[tuple[Recount, dict[str, TimerRun]]] = []

    def counted(run: TimerRun) -> TimerRun:
        own = tuple(attrs.evolve(recount, known=then.get(run.timer_id)) for recount, then in earlier)
        return attrs.evolve(run, recounts=own)

    for one in case.recounts:
        as_it_was = attrs.evolve(case, history=case.history[: one.marks], pauses=one.pauses, extensions=one.extensions)
        recount = Recount(
            at=one.at,
            published_at=max(one.at, start_of(one.published)),
            before=yardstick.earlier[one.revision - 1],
            source=one.notice,
        )
        earlier.append((recount, {run.timer_id: counted(run) for run in known(as_it_was, yardstick)}))
    return tuple(counted(run) for run in runs)


def shifts(before: tuple[Runs, Yardstick], after: tuple[Runs, Yardstick]) -> tuple[TimerShift, ...]:
    """The dates of running timers that the next revision makes others; what has stopped has no date to come."""
    was = {run.timer_id: run.due(before[1].ruler) for run in before[0]}
    found = []
    for run in (one for one in after[0] if one.stopped_at is None):
        new = run.due(after[1].ruler)
        old = was.get(run.timer_id, new)
        if (old.due, old.provisional, old.told) != (new.due, new.provisional, new.told):
            found.append(
                TimerShift(
                    timer_id=run.timer_id,
                    kind=run.kind,
                    old=old.due,
                    new=new.due,
                    told=new.told,
                    was_provisional=old.provisional,
                    provisional=new.provisional,
                )
            )
    return tuple(sorted(found, key=lambda one: one.timer_id))
