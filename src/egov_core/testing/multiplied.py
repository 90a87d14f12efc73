"""A county multiplied: real cases copied under new names, to see what happens at a size nobody can act out.

Rules of this room: nothing is invented but identifiers. A copy has the events of its original with case, subject and
number exchanged, its chain hashed anew, and the rows that follow; it is written through the storage contract, so that
`verify` finds nothing to say about it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from egov_core.domain.audit import GENESIS, link
from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import start_of
from egov_core.ports.storage import CardRow, CaseRow, StoredEvent, SubjectRow, TimerRow, Unit
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county

TOGETHER = 500


@attrs.frozen(kw_only=True)
class Original:
    """Everything stored about a case that is copied. It must not have been referred upward."""

    row: CaseRow
    events: tuple[StoredEvent, ...]
    timers: tuple[TimerRow, ...]
    cards: tuple[CardRow, ...]
    person: SubjectRow

    @classmethod
    def of(cls, office: Office, case_id: str) -> Original:
        """A case as it is stored."""
        store, area = office.storage, office.area
        row = store.case(area, case_id)
        assert row is not None, "an original is there"
        person = store.subject(area, office.case_of(row).subject)
        assert person is not None, "its personal values have not been destroyed"
        return cls(
            row=row,
            events=store.events(area, case_id),
            timers=store.timers(area, case_id),
            cards=store.cards(area, case_id),
            person=person,
        )

    def copied(self, unit: Unit, number: int) -> None:
        """Write the copy of this number."""
        area, series = self.row.area, self.row.number.rpartition("-")[0]
        case_id, subject = (_name(name, number) for name in (self.row.case_id, self.person.subject))
        given = f"{series}-{unit.next_number(area, series.removeprefix(f'{area}-')):05d}"
        exchanged = (
            (self.row.case_id, case_id),
            (self.person.subject, subject),
            (self.row.number, given),
        )

        def text(value: str) -> str:
            for old, new in exchanged:
                value = value.replace(old, new)
            return value

        def data(value: bytes) -> bytes:
            for old, new in exchanged:
                value = value.replace(old.encode(), new.encode())
            return value

        head, events = GENESIS, []
        for event in self.events:
            payload = data(event.payload)
            head = link(head, case_id, event.position, payload)
            events.append(attrs.evolve(event, stream=case_id, actor=text(event.actor), payload=payload, head=head))
        row = attrs.evolve(self.row, case_id=case_id, number=given, data=data(self.row.data), head=head)
        assert unit.save_case(row, expected=0), "a copy is new"
        unit.append(events)
        unit.put_timers([attrs.evolve(one, timer_id=text(one.timer_id), case_id=case_id) for one in self.timers])
        unit.issue_cards([attrs.evolve(one, timer_id=text(one.timer_id), case_id=case_id) for one in self.cards])
        unit.put_subject(attrs.evolve(self.person, subject=subject))


def _name(original: str, number: int) -> str:
    return hashlib.sha256(f"{original}/{number}".encode()).hexdigest()[:32]


ITEMS = tuple(
    county.item(f"size-{promised}", promised=county.working_days(promised), statutory=county.working_days(statutory))
    for promised, statutory in ((3, 5), (5, 8), (8, 15), (20, 20))
)


def originals(office: Office, clock: ManualClock, days: int, a_day: int) -> list[str]:
    """`a_day` cases on each of so many working days, in every state an open case can be in; a sweep each morning.

    Of ten, six have been accepted, one of them is reviewed, one paused, one extended; three wait to be accepted, and
    one is closed.
    """
    office.establish(items=ITEMS)
    found: list[str] = []
    for _ in range(days):
        clock.move_to(_morning(office, clock.now()))
        office.sweep()
        for _ in range(a_day):
            found.append(_case(office, len(found)))
            clock.advance(timedelta(minutes=1))
    clock.move_to(_morning(office, clock.now()))
    office.sweep()
    return found


def _morning(office: Office, now: datetime) -> datetime:
    return start_of(office.ruler.calendar.add(now.date(), 1)) + timedelta(hours=9)


def _case(office: Office, place: int) -> str:
    case_id = county.submit(office, ITEMS[place // 10 % len(ITEMS)].code).case_id
    way = place % 10
    if way in (1, 4, 7):
        return case_id
    county.accept(office, case_id)
    if way == 2:
        county.review(office, case_id)
    elif way == 3:
        pause = c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(5))
        office.do(pause, actor=county.staff("reviewer"))
    elif way == 5:
        extend = c.Extend(case_id=case_id, amount=county.working_days(5), reason="案情复杂", notice="延1")
        office.do(extend, actor=county.staff("head"))
    elif way == 9:
        office.do(c.Withdraw(case_id=case_id, reason="不再办理"), actor=county.staff("intake"))
    return case_id


def multiply(
    office: Office, cases: Sequence[str], copies: int, progress: Callable[[int], object] = lambda _done: None
) -> int:
    """Copy each of the cases so often; how many running timers there are in the copies."""
    originals = [Original.of(office, case_id) for case_id in cases]
    running = sum(1 for one in originals for timer in one.timers if timer.stopped_at is None)

    def pairs() -> Iterator[tuple[Original, int]]:
        for number in range(copies):
            for original in originals:
                yield original, number

    batch: list[tuple[Original, int]] = []

    def write() -> None:
        kept = tuple(batch)

        def commit(unit: Unit) -> None:
            for original, number in kept:
                original.copied(unit, number)

        office.storage.write(commit)
        progress(len(kept))
        batch.clear()

    for pair in pairs():
        batch.append(pair)
        if len(batch) == TOGETHER:
            write()
    if batch:
        write()
    return running * copies
