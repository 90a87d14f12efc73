"""The storage contract can fail: each backend here is broken in one way, and the kit must say so.

A broken backend is the memory storage with one promise taken away; the promise is named, and a test of that promise
must be among those that fail.
"""

# ruff: noqa: ARG002, N801 - what is broken does not use what it is given; a unit is named by its attribute

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.errors import ConflictError
from egov_core.ports.storage import CardRow, CaseRow, IdempotencyRow, OutboxRow, StoredEvent, TimerRow
from egov_core.storage.memory import MemoryStorage
from egov_core.storage.memory_layers import Layer
from egov_core.storage.memory_unit import MemoryUnit
from egov_core.testing.storage_contract import StorageContract
from tests.testing.bites import assert_caught, assert_whole
from tests.testing.broken_storages import FURTHER, Broken, BrokenUnit


class LostUpdate(Broken):
    class unit(BrokenUnit):
        def save_case(self, row: CaseRow, *, expected: int) -> bool:
            seen = self.unit.case(row.area, row.case_id)
            return bool(self.unit.save_case(row, expected=seen.version if seen else 0))


class HalfCommit(MemoryStorage):
    def write(self, fn: Callable[[Any], Any]) -> Any:
        failed: list[BaseException] = []

        def kept(unit: Any) -> Any:
            try:
                return fn(unit)
            except Exception as error:  # noqa: BLE001 -- the fault that is planted
                failed.append(error)

        value = super().write(kept)
        if failed:
            raise failed[0]
        return value


class GapInNumbers(Broken):
    class unit(BrokenUnit):
        def next_number(self, area: str, series: str) -> int:
            taken = self.storage.__dict__.setdefault("taken", {})
            taken[area, series] = taken.get((area, series), 0) + 1
            return int(taken[area, series])


class SameNumberTwice(Broken):
    class unit(BrokenUnit):
        def next_number(self, area: str, series: str) -> int:
            number: int = self.unit.next_number(area, series)
            return number if number % 7 else number - 1


class SecondCardTaken(Broken):
    class unit(BrokenUnit):
        def issue_cards(self, rows: list[CardRow]) -> None:
            for row in rows:
                try:
                    self.unit.issue_cards([row])
                except ConflictError:
                    self.unit.revoke_card(row)


class HalfACall(Broken):
    class unit(BrokenUnit):
        def issue_cards(self, rows: list[CardRow]) -> None:
            for row in rows:
                self.unit.issue_cards([row])


class KeyForgotten(Broken):
    class unit(BrokenUnit):
        def remember(self, row: IdempotencyRow) -> None:
            if self.unit.recall(row.area, row.actor, row.key) is None:
                self.unit.remember(row)


class WrongOrder(MemoryStorage):
    def due_timers(self, area: str, until: datetime, limit: int) -> tuple[TimerRow, ...]:
        return tuple(reversed(super().due_timers(area, until, limit)))


class LimitForgotten(MemoryStorage):
    def due_outbox(self, area: str, until: datetime, limit: int) -> tuple[OutboxRow, ...]:
        return super().due_outbox(area, until, 1000)


class StrippedBytes(Broken):
    class unit(BrokenUnit):
        def append(self, events: list[StoredEvent]) -> None:
            self.unit.append([attrs.evolve(event, payload=bytes(event.payload).strip()) for event in events])


class BytesNotItsOwn(MemoryStorage):
    def events(self, area: str, stream: str) -> tuple[StoredEvent, ...]:
        return tuple(attrs.evolve(e, payload=bytearray(e.payload)) for e in super().events(area, stream))  # type: ignore[arg-type]  # the fault that is planted


class RoundedToTheMinute(MemoryStorage):
    def timers(self, area: str, case_id: str) -> tuple[TimerRow, ...]:
        return tuple(attrs.evolve(t, started_at=t.started_at.replace(second=0)) for t in super().timers(area, case_id))


class WrappedException(MemoryStorage):
    def write(self, fn: Callable[[Any], Any]) -> Any:
        try:
            return super().write(fn)
        except Exception as error:
            raise RuntimeError(str(error)) from error


class GapInStream(Broken):
    class unit(BrokenUnit):
        def append(self, events: list[StoredEvent]) -> None:
            for event in events:
                last, _ = self.unit.head(event.area, event.stream)
                self.unit.append([attrs.evolve(event, position=last + 1)])


class DirtyRead(MemoryStorage):
    def case(self, area: str, case_id: str) -> CaseRow | None:
        found = memory_of(self).get(("case", area, case_id))
        return found or super().case(area, case_id)

    def write(self, fn: Callable[[Any], Any]) -> Any:
        def seen(unit: Any) -> Any:
            layer = unit._open
            self.__dict__["running"] = layer
            return fn(unit)

        return super().write(seen)


def memory_of(storage: DirtyRead) -> Any:
    return storage.__dict__.get("running") or storage._committed


class NoTurns(MemoryStorage):
    """Units run side by side on what each saw at first: compare, and set later."""

    def write(self, fn: Callable[[Any], Any]) -> Any:
        layer = Layer(self._committed)
        value = fn(MemoryUnit(layer))
        time.sleep(0.0005)
        with self._reading:
            layer.fold_into(self._committed)
        return value


class NeverClosed(MemoryStorage):
    def close(self) -> None:
        pass


class InstantGoesBack(MemoryStorage):
    def last_instant(self, area: str) -> datetime | None:
        return self.__dict__.get("last")

    def write(self, fn: Callable[[Any], Any]) -> Any:
        storage = self

        class Unit(BrokenUnit):
            def advance(self, area: str, instant: datetime) -> None:
                self.unit.advance(area, instant)
                storage.__dict__["last"] = instant

        return super().write(lambda unit: fn(Unit(unit, self)))


class SettledTwice(Broken):
    class unit(BrokenUnit):
        def settle(self, row: OutboxRow, *, fence: int) -> bool:
            del fence
            return any(self.unit.settle(row, fence=n) for n in range(3))


class StoppedTimersFire(MemoryStorage):
    def due_timers(self, area: str, until: datetime, limit: int) -> tuple[TimerRow, ...]:
        rows = [r for k, r in self._committed.rows.items() if k[0] == "timer" and k[1] == area and r.next_fire_at]
        return tuple(
            sorted((r for r in rows if r.next_fire_at <= until), key=lambda r: (r.next_fire_at, r.timer_id))[:limit]
        )


class StoppedTimersRun(MemoryStorage):
    def running_timers(self, area: str, first: date, last: date, after: str, limit: int) -> tuple[TimerRow, ...]:
        rows = [row for key, row in self._committed.rows.items() if key[:2] == ("timer", area)]
        rows = [row for row in rows if row.covers_to >= first and row.started_at.date() <= last]
        return tuple(sorted((row for row in rows if row.timer_id > after), key=lambda row: row.timer_id)[:limit])


class LastDayForgotten(MemoryStorage):
    def running_timers(self, area: str, first: date, last: date, after: str, limit: int) -> tuple[TimerRow, ...]:
        return super().running_timers(area, first + timedelta(days=1), last, after, limit)


class StartForgotten(MemoryStorage):
    def running_timers(self, area: str, first: date, last: date, after: str, limit: int) -> tuple[TimerRow, ...]:
        return super().running_timers(area, first, date.max, after, limit)


class FirstPageAgain(MemoryStorage):
    def running_timers(self, area: str, first: date, last: date, after: str, limit: int) -> tuple[TimerRow, ...]:
        found = super().running_timers(area, first, last, "", limit)
        return () if found and found[-1].timer_id == after else found


class ByCase(MemoryStorage):
    """Pages cut after the limit was looked at, not after it was found: a page may be empty before the end."""

    def running_timers(self, area: str, first: date, last: date, after: str, limit: int) -> tuple[TimerRow, ...]:
        rows = super().running_timers(area, date.min, date.max, after, limit)
        return tuple(row for row in rows if row.covers_to >= first and row.started_at.date() <= last)


class NumberOfAnother(Broken):
    class unit(BrokenUnit):
        def save_case(self, row: CaseRow, *, expected: int) -> bool:
            try:
                return bool(self.unit.save_case(row, expected=expected))
            except ConflictError:
                return False


class RevokedMeansGone(MemoryStorage):
    def cards(self, area: str, case_id: str) -> tuple[CardRow, ...]:
        return tuple(card for card in super().cards(area, case_id) if card.revoked_at is None)


class ClaimsToLast(MemoryStorage):
    """Nothing broken but the claim."""


BROKEN: list[tuple[type[MemoryStorage], str]] = [
    (LostUpdate, "s4"),
    (HalfCommit, "s2"),
    (GapInNumbers, "s7"),
    (SameNumberTwice, "s7"),
    (SecondCardTaken, "s6"),
    (HalfACall, "s6"),
    (KeyForgotten, "s6"),
    (WrongOrder, "s10"),
    (LimitForgotten, "s10"),
    (StrippedBytes, "s9"),
    (BytesNotItsOwn, "s9"),
    (RoundedToTheMinute, "s9"),
    (WrappedException, "s3"),
    (GapInStream, "s5"),
    (DirtyRead, "s8"),
    (NoTurns, "s4"),
    (NeverClosed, "s11"),
    (InstantGoesBack, "s10"),
    (SettledTwice, "s14"),
    (StoppedTimersFire, "s10"),
    (StoppedTimersRun, "s13"),
    (LastDayForgotten, "s13"),
    (StartForgotten, "s13"),
    (FirstPageAgain, "s13"),
    (ByCase, "s13"),
    (NumberOfAnother, "s4"),
    (RevokedMeansGone, "s6"),
    (ClaimsToLast, "s1"),
]


EVERY = [*BROKEN, *FURTHER]


@pytest.mark.parametrize(("broken", "promise"), EVERY, ids=lambda value: getattr(value, "__name__", value))
def test_the_kit_catches(broken: type[MemoryStorage], promise: str) -> None:
    assert_caught(subject_of(broken, durable=broken is ClaimsToLast), promise)


def test_the_kit_finds_no_fault_in_what_is_whole() -> None:
    assert_whole(subject_of(MemoryStorage, durable=False))


def test_there_are_enough_of_them() -> None:
    assert len(EVERY) == len({broken for broken, _ in EVERY}) >= 40


def subject_of(make: type[MemoryStorage], *, durable: bool) -> type[StorageContract]:
    """The kit with this backend."""

    class Subject(StorageContract):
        def make_storage(self, folder: Path) -> MemoryStorage:
            return make()

    Subject.durable = durable
    return Subject
