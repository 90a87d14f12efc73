"""Recounting: bringing exactly the timers whose days a notice has moved to the calendar in force.

Rules of this room: one pass over the running timers that rest on days which changed; a case is read only where a day of
one of its timers counts otherwise, or is published by now. Each case passes over in a change of its own, some hundred
of them in one commit; whatever is committed is done, so that a recount which was cut off goes on where it stopped and
ends as an uninterrupted one. A case to which nothing can happen any more is never touched.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

import attrs

from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.cases.calendar_events import TimerShift
from egov_core.domain.cases.timing import is_settled
from egov_core.domain.people import SYSTEM
from egov_core.errors import ConflictError, EgovError, IntegrityError, StorageError
from egov_core.ports.storage import CardRow, TimerRow, Unit
from egov_core.usecases.cases.recording import Change, prepare_cards
from egov_core.usecases.foundation.calendars import RECOUNTS_STREAM, Calendars
from egov_core.usecases.foundation.case_rows import timer_rows
from egov_core.usecases.foundation.chaining import following
from egov_core.usecases.foundation.services import Services, check_clock
from egov_core.wire.codec import decode_case, loads

PAGE, BATCH, TRIES = 2_000, 200, 3
_log = logging.getLogger(__name__)


@attrs.frozen(kw_only=True)
class CaseDiff:
    """What a recount does to one case: the dates that move, the cards that fall and those that come."""

    case_id: str
    number: str
    organ: str
    shifts: tuple[TimerShift, ...]
    revoked: tuple[CardRow, ...]
    issued: tuple[CardRow, ...]


@attrs.frozen(kw_only=True)
class RecountReport:
    """What a recount did, or would do.

    `looked_at` running timers rest on days between the first and the last that changed; `cases` were written, in which
    `moved` dates became others, `told` ones stayed because they had been told, `firm` ones are provisional no more, and
    `provisional` ones have become so, because they moved beyond the last notice.
    """

    revision: int
    looked_at: int = 0
    cases: int = 0
    moved: int = 0
    told: int = 0
    firm: int = 0
    provisional: int = 0
    revoked: int = 0
    issued: int = 0

    def plus(self, diff: CaseDiff) -> RecountReport:
        """With one more case."""
        return attrs.evolve(
            self,
            cases=self.cases + 1,
            moved=self.moved + sum(one.old != one.new for one in diff.shifts),
            told=self.told + sum(one.told for one in diff.shifts),
            firm=self.firm + sum(one.was_provisional and not one.provisional for one in diff.shifts),
            provisional=self.provisional + sum(one.provisional and not one.was_provisional for one in diff.shifts),
            revoked=self.revoked + len(diff.revoked),
            issued=self.issued + len(diff.issued),
        )


def _nothing(_: object) -> None:
    """Tell nobody."""


Tell = Callable[[CaseDiff], object]
Progress = Callable[[int], object]


def preview(
    services: Services, calendars: Calendars, *, tell: Tell = _nothing, progress: Progress = _nothing
) -> RecountReport:
    """What a recount to these calendars would do; nothing is written. `tell` is given every case."""
    asked = attrs.evolve(services, calendars=lambda: calendars)
    report = _Tally(calendars.newest.number, tell, progress)
    for change in report.following(asked, recounted_to(services)):
        report.add(change)
    report.refuse_failures()
    return report.value


def recount(services: Services, *, tell: Tell = _nothing, progress: Progress = _nothing) -> RecountReport:
    """Bring every timer whose days have changed to the calendar in force, durably, and say what was done.

    Nothing to do where the last recount has reached the newest revision. Raises ClockError, and IntegrityError naming
    the cases that could not be looked at: all others have passed over by then, and the recount counts as unfinished.
    """
    newest, done = services.calendars().newest.number, recounted_to(services)
    report = _Tally(newest, tell, progress)
    if done >= newest:
        return report.value
    check_clock(services)
    batch: list[Change] = []
    for change in report.following(services, done):
        batch.append(change)
        if len(batch) == BATCH:
            report.write(services, batch)
            batch = []
    report.write(services, batch)
    report.refuse_failures()
    _finish(services, newest)
    return report.value


def recounted_to(services: Services) -> int:
    """The revision that the last finished recount has reached; what begins with a revision needs none."""
    finished = services.storage.events(services.area, RECOUNTS_STREAM)
    return int(loads(finished[-1].payload)["data"]["revision"]) if finished else 1


def left_to_recount(services: Services) -> int:
    """How many cases an unfinished recount has still to look at."""
    done = recounted_to(services)
    if done >= services.calendars().newest.number:
        return 0
    return sum(1 for _ in _touched(services, done, _nothing))


def _touched(services: Services, done: int, progress: Progress) -> Iterator[str]:
    """The cases with a running timer that a revision after `done` has touched, each once."""
    calendars, span = services.calendars(), services.calendars().span_since(done)
    by_organ: dict[str, WorkCalendar] = {}
    after, last = "", ""
    while span is not None:
        page = services.storage.running_timers(services.area, *span, after, PAGE)
        if not page:
            return
        for row in page:
            calendar = by_organ.get(row.organ) or by_organ.setdefault(row.organ, calendars.calendar(organ=row.organ))
            if row.case_id != last and _is_touched(row, calendar):
                last = row.case_id
                yield row.case_id
        after = page[-1].timer_id
        progress(len(page))


def _is_touched(row: TimerRow, calendar: WorkCalendar) -> bool:
    """Whether a day that the timer rests on counts otherwise by now, or is published by now."""
    first = row.started_at.date()
    if calendar.digest(first, row.covers_to) != row.days_digest:
        return True
    return row.last_day is not None and calendar.span_provisional(first, row.last_day) != row.provisional


def _change(services: Services, case_id: str) -> Change | None:
    """The change by which a case passes over; None where nothing of it differs, or nothing can happen to it."""
    row = services.storage.case(services.area, case_id)
    if row is None:
        raise IntegrityError(f"a timer points at case {case_id}, which does not exist", case=case_id)
    case = decode_case(row.data)
    if is_settled(case, services.yardstick(case)) or case.calendar >= services.calendars().newest.number:
        return None
    change = prepare_cards(services, case, row.head, services.clock.now())
    assert change is not None, "a case that stands behind has events to come"
    now = change.events[-1].entered_at
    if not change.revoked and change.timers == timer_rows(services.area, case, services.yardstick(case), now):
        return None
    return change


class _Tally:
    """A recount on its way: what was done, whom to tell, and which cases could not be looked at."""

    def __init__(self, revision: int, tell: Tell, progress: Progress) -> None:
        self.value = RecountReport(revision=revision)
        self._tell = tell
        self._progress = progress
        self._failed: dict[str, str] = {}

    def following(self, services: Services, done: int) -> Iterator[Change]:
        """The change of each case that has to pass over."""
        for case_id in _touched(services, done, self._look):
            change = self._attempt(_change, services, case_id)
            if change is not None:
                yield change

    def write(self, services: Services, batch: Sequence[Change]) -> None:
        """Write a batch in one commit; a case that somebody else has moved is decided again by itself."""

        def commit(unit: Unit) -> list[Change]:
            return [change for change in batch if not change.write(unit)]

        if not batch:
            return
        try:
            lost = services.storage.write(commit)
        except ConflictError:
            lost = list(batch)
        for change in batch:
            done = change
            if change in lost:
                again = self._attempt(_again, services, change.row.case_id)
                if again is None:
                    continue
                done = again
            self.add(done)

    def add(self, change: Change) -> None:
        """Count a case and tell of it."""
        diff = diff_of(change)
        self.value = self.value.plus(diff)
        self._tell(diff)

    def refuse_failures(self) -> None:
        """Raise IntegrityError naming every case that could not be looked at."""
        if self._failed:
            raise IntegrityError(
                f"{len(self._failed)} case(s) could not be recounted: "
                + "; ".join(f"{case_id}: {message}" for case_id, message in sorted(self._failed.items())[:5]),
                remedy="run egov verify --config FILE on them; all others have passed over, "
                "and the next recount tries these again",
                cases=sorted(self._failed),
            )

    def _look(self, timers: int) -> None:
        self.value = attrs.evolve(self.value, looked_at=self.value.looked_at + timers)
        self._progress(timers)

    def _attempt(
        self, make: Callable[[Services, str], Change | None], services: Services, case_id: str
    ) -> Change | None:
        try:
            return make(services, case_id)
        except EgovError as error:
            if isinstance(error, StorageError) and not isinstance(error, IntegrityError):
                raise
            _log.error("case %s: it cannot be recounted: %s", case_id, error)
            self._failed[case_id] = error.message
            return None


def diff_of(change: Change) -> CaseDiff:
    """What a change does to a case by the calendar: over several revisions, from the first date to the last."""
    shifts: dict[str, TimerShift] = {}
    for event in change.applied:
        for one in event.changes:
            first = shifts.get(one.timer_id, one)
            shifts[one.timer_id] = attrs.evolve(one, old=first.old, was_provisional=first.was_provisional)
    return CaseDiff(
        case_id=change.row.case_id,
        number=change.row.number,
        organ=change.row.organ,
        shifts=tuple(
            one
            for _, one in sorted(shifts.items())
            if one.told or (one.old, one.was_provisional) != (one.new, one.provisional)
        ),
        revoked=change.revoked,
        issued=change.issued,
    )


def _again(services: Services, case_id: str) -> Change | None:
    for _ in range(TRIES):
        change = _change(services, case_id)
        if change is None or services.storage.write(change.write):
            return change
    raise ConflictError(f"case {case_id} keeps changing", remedy="recount again", case=case_id)


def _finish(services: Services, revision: int) -> None:
    """Record that every timer has reached a revision."""
    now = services.clock.now()

    def commit(unit: Unit) -> None:
        stands = unit.head(services.area, RECOUNTS_STREAM)
        data = {"revision": revision}
        unit.append(
            [following(services.area, RECOUNTS_STREAM, stands, "calendar-recounted", data, actor=SYSTEM, now=now)]
        )
        unit.advance(services.area, now)

    services.storage.write(commit)
