"""Taking over: an office moves in with the open cases of an earlier system.

Rules of this room: every case of a file is examined before the first is written, and a file with an error is not
written at all. Cases are then written a batch at a time, each batch in one commit: whatever stops the work in between
leaves whole cases, and the same file goes on where it stopped. The number is the key: a case that is there already is
passed over where the file still says the same of it, and a fault names the cell where it does not. Nothing that is in
the store is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

import attrs

from egov_core.domain.cards.schedule import ScheduledCard, withheld_cards
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.old_cases import CutOver, OldCase
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.cells import CellFault
from egov_core.domain.periods import Period
from egov_core.domain.periods import Unit as Counted
from egov_core.domain.timers.runs import ALL_BASES, TimerRun
from egov_core.errors import ClaimError, ConflictError
from egov_core.ports.storage import CardRow, Unit
from egov_core.usecases.cases.applications import SubjectFile
from egov_core.usecases.foundation.services import Services, check_clock
from egov_core.usecases.takeover.refolding import PreparedCase, Refolder
from egov_core.usecases.takeover.taken_over_before import differences, takeover_of
from egov_core.wire.codec import decode

BATCH = 100
"""Cases in one commit: a file of thousands never holds the store for longer than a moment."""
TRIES = 3


@attrs.frozen(kw_only=True)
class TakenTimer:
    """A running timer of a case as it would be taken over.

    `overdue_days` counts `overdue_unit`, working days or natural days as the limit has it, and is 0 while it is in
    time. `withheld` are the cards that its law
    would have dated before the cut-over, and that are not issued.
    """

    timer_id: str
    kind: str
    due: datetime | None
    last_day: date | None
    provisional: bool
    overdue_days: int
    overdue_unit: Counted = Counted.DAY
    withheld: tuple[ScheduledCard, ...] = ()


@attrs.frozen(kw_only=True)
class TakenCase:
    """A case as it would be taken over, or was: where it stands, its timers and the cards that come with it."""

    number: str
    item: str
    item_name: str
    organ: str
    state: str
    timers: tuple[TakenTimer, ...]
    issued: tuple[CardRow, ...]
    brought: tuple[tuple[str, datetime], ...]

    @property
    def overdue(self) -> tuple[TakenTimer, ...]:
        """Its timers that are overdue."""
        return tuple(one for one in self.timers if one.overdue_days)


@attrs.frozen(kw_only=True)
class Examination:
    """What an examination has found: how many cases are new, how many there already and unchanged, and every fault.

    A case that is neither, such as one whose number is taken, has an error.
    """

    fresh: int
    there: int
    faults: tuple[CellFault, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing stands in the way of taking the file over."""
        return all(one.severity != "error" for one in self.faults)


def examine(
    services: Services,
    cases: Iterable[OldCase],
    cut_over: CutOver,
    *,
    tell: Callable[[TakenCase], object] = lambda _case: None,
    progress: Callable[[int], object] = lambda _done: None,
) -> Examination:
    """Look at every case as if it were taken over now, and write nothing; `tell` is told of each that would be new.

    A cut-over to come is looked at as of its instant, so that it can be rehearsed.
    """
    now = max(check_clock(services), cut_over.at)
    refolder = Refolder(services, cut_over, now)
    faults: list[CellFault] = []
    fresh = there = 0
    for old in cases:
        row = services.storage.case_by_number(services.area, old.number)
        if row is not None:
            said = list(differences(services, row, old, cut_over))
            there += not any(one.is_error for one in said)
            faults += said
        else:
            found = refolder.prepared(old)
            if isinstance(found, PreparedCase):
                fresh += 1
                faults += found.warnings
                tell(_taken(found, refolder.yardstick(found.change.case), now))
            else:
                faults += found
        progress(1)
    return Examination(fresh=fresh, there=there, faults=tuple(faults))


def refuse_to_come(cut_over: CutOver, now: datetime) -> None:
    """Raises ClaimError for a cut-over that is still to come: nobody knows yet what the earlier system does till then.

    To be asked before a file is looked at, so that nobody waits for what will be refused.
    """
    if cut_over.at > now:
        raise ClaimError(
            f"the cut-over at {cut_over.at.isoformat()} is still to come",
            remedy="until then look at the file without --apply; take it over on the day, before the work begins",
        )


def take_over(
    services: Services,
    cases: Sequence[OldCase],
    cut_over: CutOver,
    *,
    progress: Callable[[int], object] = lambda _done: None,
) -> int:
    """Write the cases that are not there yet, a batch in a commit; how many those were. `progress` is told of each.

    The file has been examined. Raises ClaimError for a cut-over to come, and where a case is refused by now (the
    catalogue has changed since); what was committed before stays, and the same file goes on.
    """
    now = check_clock(services)
    refuse_to_come(cut_over, now)
    written, refolder = 0, Refolder(services, cut_over, now)
    for begin in range(0, len(cases), BATCH):
        batch = cases[begin : begin + BATCH]
        for tried in range(TRIES):
            refolder = refolder.at(services.clock.now(), anew=tried > 0)
            count = _written(services, batch, refolder)
            if count is not None:
                break
        else:
            raise ConflictError(
                "the calendar was changed each time the cases were to be written",
                remedy="take the same file over again",
            )
        written += count
        progress(len(batch))
    return written


def _written(services: Services, batch: Sequence[OldCase], refolder: Refolder) -> int | None:
    """One batch in one commit: how many were new; None where a holiday notice was adopted meanwhile."""
    prepared: list[PreparedCase] = []
    for old in batch:
        if services.storage.case_by_number(services.area, old.number) is not None:
            continue
        found = refolder.prepared(old)
        if not isinstance(found, PreparedCase):
            first = next(one for one in found if one.severity == "error")
            raise ClaimError(
                f"{first.place}: {first.message}",
                remedy="the reference data have changed meanwhile: look at the file again without --apply",
            )
        prepared.append(found)
    return len(prepared) if not prepared or services.storage.write(_commit(prepared)) else None


def _commit(prepared: Sequence[PreparedCase]) -> Callable[[Unit], bool]:
    def commit(unit: Unit) -> bool:
        if not all(one.change.is_current() for one in prepared):
            return False
        for one in prepared:
            unit.put_subject(one.subject)
            if not one.change.write(unit):
                raise ConflictError("the identifier of a new case is taken", remedy="take the same file over again")
        return True

    return commit


def query_codes(services: Services, cases: Iterable[OldCase]) -> Iterator[tuple[str, str]]:
    """The query code of each case by its number, for the letters to the applicants; not of who was forgotten."""
    for old in cases:
        row = services.storage.case_by_number(services.area, old.number)
        if row is None:
            continue
        kept = services.storage.subject(services.area, takeover_of(services, row)[1])
        if kept is not None:
            yield old.number, decode(kept.data, SubjectFile).query_code


def _taken(prepared: PreparedCase, yardstick: Yardstick, now: datetime) -> TakenCase:
    case = prepared.change.case
    return TakenCase(
        number=case.number,
        item=case.item,
        item_name=case.item_name,
        organ=case.organ,
        state=case.state.value,
        timers=tuple(taken_timers(case, yardstick, now)),
        issued=prepared.change.issued,
        brought=prepared.brought,
    )


def taken_timers(case: Case, yardstick: Yardstick, now: datetime) -> Iterator[TakenTimer]:
    """The running timers of a case, and those with cards that were withheld, as they stand at `now`."""
    for run in runs_of(case, yardstick):
        withheld = withheld_cards(yardstick.policy, run, yardstick.ruler)
        if run.stopped_at is not None and not withheld:
            continue
        due = run.due(yardstick.ruler)
        unit = _counted_in(run)
        is_late = run.stopped_at is None and due.due is not None and due.due < now
        yield TakenTimer(
            timer_id=run.timer_id,
            kind=run.kind,
            due=due.due,
            last_day=due.last_day,
            provisional=due.provisional,
            overdue_days=_days_late(unit, yardstick, due.last_day, now) if is_late else 0,
            overdue_unit=unit,
            withheld=withheld,
        )


def _counted_in(run: TimerRun) -> Counted:
    """In which days it is said how late a timer is: working days where its limit counts them or their hours."""
    limit = run.limit(ALL_BASES)
    by_work = isinstance(limit, Period) and limit.unit in (Counted.WORKING_DAY, Counted.WORKING_HOUR)
    return Counted.WORKING_DAY if by_work else Counted.DAY


def _days_late(unit: Counted, yardstick: Yardstick, last_day: date | None, now: datetime) -> int:
    """Days after the last day; at least one, since it is late."""
    if last_day is None:
        return 1
    by_work = unit is Counted.WORKING_DAY
    days = yardstick.ruler.calendar.elapsed(last_day, now.date()) if by_work else (now.date() - last_day).days
    return max(int(days), 1)
