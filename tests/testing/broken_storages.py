"""Storages that are broken in one way each, with the promise that each breaks. Not a test.

They stand beside those of `test_storage_contract_bites.py`: a broken backend is the memory storage with one promise
taken away.
"""

# ruff: noqa: ARG002, N801 - what is broken does not use what it is given; the unit of a storage is named by its attribute

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import attrs

from egov_core.domain.audit import GENESIS
from egov_core.domain.legal import CHINA
from egov_core.errors import ConflictError, UnknownError
from egov_core.ports.storage import (
    CardRow,
    CaseRow,
    IdempotencyRow,
    OutboxRow,
    ReferenceRow,
    StoredEvent,
    SubjectRow,
    TimerRow,
    Unit,
)
from egov_core.storage.memory import MemoryStorage
from egov_core.storage.memory_layers import Layer
from egov_core.storage.memory_unit import MemoryUnit
from egov_core.testing.storage_rows import START


class BrokenUnit:
    """A unit that passes everything on; a subclass breaks something."""

    def __init__(self, unit: Any, storage: Any) -> None:
        self.unit = unit
        self.storage = storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unit, name)


class Broken(MemoryStorage):
    """Memory storage whose functions are given a broken unit."""

    unit: type[BrokenUnit] = BrokenUnit

    def write(self, fn: Callable[[Any], Any]) -> Any:
        return super().write(lambda unit: fn(self.unit(unit, self)))


# --- S1 ---------------------------------------------------------------------------------------------------------------


class LostWrite(Broken):
    class unit(BrokenUnit):
        def enqueue(self, rows: Sequence[OutboxRow]) -> None:
            pass


class SavedWithoutSayingSo(Broken):
    class unit(BrokenUnit):
        def save_case(self, row: CaseRow, *, expected: int) -> None:
            self.unit.save_case(row, expected=expected)


class FirstOfMany(Broken):
    class unit(BrokenUnit):
        def append(self, events: Sequence[StoredEvent]) -> None:
            self.unit.append(events[:1])


class SeesOnlyWhatIsCommitted(Broken):
    class unit(BrokenUnit):
        def case(self, area: str, case_id: str) -> CaseRow | None:
            found: CaseRow | None = self.storage.case(area, case_id)
            return found


class EmptyHead(Broken):
    class unit(BrokenUnit):
        def head(self, area: str, stream: str) -> tuple[int, str]:
            return 0, GENESIS


class UnitThatNeverEnds(MemoryStorage):
    def write(self, fn: Callable[[Unit], Any]) -> Any:
        with self._turn():
            layer = Layer(self._committed)
            value = fn(MemoryUnit(layer))
            self._fold(layer)
            return value


class OneAreaForAll(MemoryStorage):
    def counts(self, area: str) -> dict[str, int]:
        return super().counts(next(iter(self._committed.rows))[1] if self._committed.rows else area)


class UnsortedMemory(MemoryStorage):
    """Forgets every second use of a key when it lists them."""

    def remembered(self, area: str) -> Iterator[IdempotencyRow]:
        return iter(())


class ListsInsteadOfTuples(MemoryStorage):
    def events(self, area: str, stream: str) -> tuple[StoredEvent, ...]:
        return list(super().events(area, stream))  # type: ignore[return-value]  # the fault that is planted


# --- S2, S3 -----------------------------------------------------------------------------------------------------------


class InstantKeptAfterAFailure(Broken):
    class unit(BrokenUnit):
        def advance(self, area: str, instant: datetime) -> None:
            self.storage.__dict__["reached"] = instant
            self.unit.advance(area, instant)

    def last_instant(self, area: str) -> datetime | None:
        return super().last_instant(area) or self.__dict__.get("reached")


class CommitsWhenItIsInterrupted(MemoryStorage):
    def write(self, fn: Callable[[Unit], Any]) -> Any:
        stopped: list[BaseException] = []

        def kept(unit: Unit) -> Any:
            try:
                return fn(unit)
            except (KeyboardInterrupt, SystemExit) as error:
                stopped.append(error)

        value = super().write(kept)
        if stopped:
            raise stopped[0]
        return value


class SwallowsExceptions(MemoryStorage):
    def write(self, fn: Callable[[Unit], Any]) -> Any:
        try:
            return super().write(fn)
        except (ConflictError, RuntimeError, ValueError, KeyError):
            raise
        except Exception:  # noqa: BLE001 -- the fault that is planted
            return None


class UnitsInUnits(MemoryStorage):
    def write(self, fn: Callable[[Unit], Any]) -> Any:
        if self._writer is not None:
            return fn(MemoryUnit(Layer(self._committed)))
        return super().write(fn)


class RunsTwice(MemoryStorage):
    def write(self, fn: Callable[[Unit], Any]) -> Any:
        def twice(unit: Unit) -> Any:
            fn(unit)
            return fn(unit)

        return super().write(twice)


# --- S4 ---------------------------------------------------------------------------------------------------------------


class NewOverOld(Broken):
    class unit(BrokenUnit):
        def save_case(self, row: CaseRow, *, expected: int) -> bool:
            seen = self.unit.case(row.area, row.case_id)
            return bool(self.unit.save_case(row, expected=seen.version if seen and expected == 0 else expected))


class AnyLaterVersion(Broken):
    class unit(BrokenUnit):
        def save_case(self, row: CaseRow, *, expected: int) -> bool:
            seen = self.unit.case(row.area, row.case_id)
            if seen and 0 < expected <= seen.version:
                expected = seen.version
            return bool(self.unit.save_case(row, expected=expected))


class RaisesInsteadOfSayingNo(Broken):
    class unit(BrokenUnit):
        def save_case(self, row: CaseRow, *, expected: int) -> bool:
            if not self.unit.save_case(row, expected=expected):
                raise ConflictError("somebody else was first", remedy="read again")
            return True


class ChangesWhatItRefuses(Broken):
    class unit(BrokenUnit):
        def save_case(self, row: CaseRow, *, expected: int) -> bool:
            saved = bool(self.unit.save_case(row, expected=expected))
            seen = self.unit.case(row.area, row.case_id)
            if not saved and seen:
                self.unit.save_case(attrs.evolve(seen, state=row.state), expected=seen.version)
            return saved


# --- S5, S6 -----------------------------------------------------------------------------------------------------------


class StreamsAsTheyCame(MemoryStorage):
    def streams(self, area: str) -> Iterator[str]:
        return iter(reversed(list(super().streams(area))))


class StreamsOfEverybody(MemoryStorage):
    def streams(self, area: str) -> Iterator[str]:
        return iter(sorted({key[2] for key in self._committed.rows if key[0] == "head"}))


class OneCardPerTimer(Broken):
    class unit(BrokenUnit):
        def issue_cards(self, rows: Sequence[CardRow]) -> None:
            self.unit.issue_cards([attrs.evolve(row, epoch=0) for row in rows])


class OneCardPerLevel(Broken):
    class unit(BrokenUnit):
        def issue_cards(self, rows: Sequence[CardRow]) -> None:
            self.unit.issue_cards([attrs.evolve(row, rule="one rule") for row in rows])


class RevokingDeletes(Broken):
    class unit(BrokenUnit):
        def revoke_card(self, row: CardRow) -> None:
            self.unit._layer.put(("card", row.area, row.timer_id, row.rule, row.level, row.epoch), None)


class RevokingRewrites(Broken):
    class unit(BrokenUnit):
        def revoke_card(self, row: CardRow) -> None:
            self.unit._layer.put(("card", row.area, row.timer_id, row.rule, row.level, row.epoch), row)


class RevokesWhatIsNotThere(Broken):
    class unit(BrokenUnit):
        def revoke_card(self, row: CardRow) -> None:
            try:
                self.unit.revoke_card(row)
            except UnknownError:
                self.unit.issue_cards([row])


class KeysOfEverybody(Broken):
    class unit(BrokenUnit):
        def remember(self, row: IdempotencyRow) -> None:
            self.unit.remember(attrs.evolve(row, actor="anybody"))

        def recall(self, area: str, actor: str, key: str) -> IdempotencyRow | None:
            found: IdempotencyRow | None = self.unit.recall(area, "anybody", key)
            return found and attrs.evolve(found, actor=actor)

    def recall(self, area: str, actor: str, key: str) -> IdempotencyRow | None:
        found = super().recall(area, "anybody", key)
        return found and attrs.evolve(found, actor=actor)

    def remembered(self, area: str) -> Iterator[IdempotencyRow]:
        return (attrs.evolve(row, actor="clerk-1") for row in super().remembered(area))


class QueuedOverWhatWaits(Broken):
    class unit(BrokenUnit):
        def enqueue(self, rows: Sequence[OutboxRow]) -> None:
            for row in rows:
                self.unit._layer.put(("outbox", row.area, row.key), row)


# --- S7 ---------------------------------------------------------------------------------------------------------------


class CountsFromNought(Broken):
    class unit(BrokenUnit):
        def next_number(self, area: str, series: str) -> int:
            return int(self.unit.next_number(area, series)) - 1


class OneSeriesForAll(Broken):
    class unit(BrokenUnit):
        def next_number(self, area: str, series: str) -> int:
            return int(self.unit.next_number(area, "all"))


class OneSeriesForAllAreas(Broken):
    class unit(BrokenUnit):
        def next_number(self, area: str, series: str) -> int:
            return int(self.unit.next_number("everywhere", series))


# --- S8, S9 -----------------------------------------------------------------------------------------------------------


class ReadsFromACache(MemoryStorage):
    def case(self, area: str, case_id: str) -> CaseRow | None:
        kept = self.__dict__.setdefault("kept", {})
        found: CaseRow | None = kept.setdefault((area, case_id), super().case(area, case_id))
        return found


class CountsNowAndThen(MemoryStorage):
    def counts(self, area: str) -> dict[str, int]:
        found: dict[str, int] = self.__dict__.setdefault(f"counted {area}", super().counts(area))
        return found


class TakesNaiveTimes(Broken):
    class unit(BrokenUnit):
        def put_timers(self, rows: Sequence[TimerRow]) -> None:
            aware = [
                attrs.evolve(row, due_at=row.due_at.replace(tzinfo=row.due_at.tzinfo or UTC)) if row.due_at else row
                for row in rows
            ]
            self.unit.put_timers(aware)


class AnswersInUtc(MemoryStorage):
    def last_instant(self, area: str) -> datetime | None:
        found = super().last_instant(area)
        return found and found.astimezone(UTC)


class AnswersNaive(MemoryStorage):
    def timers(self, area: str, case_id: str) -> tuple[TimerRow, ...]:
        return tuple(
            attrs.evolve(row, started_at=row.started_at.replace(tzinfo=None)) for row in super().timers(area, case_id)
        )


class CountsFromTheEpoch(MemoryStorage):
    def case(self, area: str, case_id: str) -> CaseRow | None:
        found = super().case(area, case_id)
        if found is None:
            return None
        seconds = max(found.received_at.timestamp(), 0)
        return attrs.evolve(found, received_at=datetime.fromtimestamp(seconds, CHINA))


class CutText(Broken):
    class unit(BrokenUnit):
        def put_subject(self, row: SubjectRow) -> None:
            self.unit.put_subject(attrs.evolve(row, data=row.data.partition(b"\0")[0]))


# --- S10, S13, S14 ----------------------------------------------------------------------------------------------------


class NotYetDue(MemoryStorage):
    def due_timers(self, area: str, until: datetime, limit: int) -> tuple[TimerRow, ...]:
        found = super().due_timers(area, until, 10_000)
        return tuple(row for row in found if row.next_fire_at is not None and row.next_fire_at < until)[:limit]


class LimitBeforeOrder(MemoryStorage):
    def due_outbox(self, area: str, until: datetime, limit: int) -> tuple[OutboxRow, ...]:
        found = sorted(super().due_outbox(area, until, 10_000), key=lambda row: row.key, reverse=True)
        return tuple(sorted(found[:limit], key=lambda row: (row.next_attempt_at, row.key)))


class DeliversAgain(MemoryStorage):
    def due_outbox(self, area: str, until: datetime, limit: int) -> tuple[OutboxRow, ...]:
        rows = [row for key, row in self._committed.rows.items() if key[:2] == ("outbox", area)]
        due = [row for row in rows if row.next_attempt_at is not None and row.next_attempt_at <= until]
        return tuple(sorted(due, key=lambda row: (row.next_attempt_at, row.key))[:limit])


class ForgetsWhatIsSettled(MemoryStorage):
    def outbox_of(self, area: str, case_id: str) -> tuple[OutboxRow, ...]:
        return tuple(row for row in super().outbox_of(area, case_id) if row.state == "pending")


class OldestOfACaseFirst(MemoryStorage):
    def outbox_of(self, area: str, case_id: str) -> tuple[OutboxRow, ...]:
        return tuple(sorted(super().outbox_of(area, case_id), key=lambda row: (row.next_attempt_at or START, row.key)))


class SettlesWhatIsNotThere(Broken):
    class unit(BrokenUnit):
        def settle(self, row: OutboxRow, *, fence: int) -> bool:
            if self.unit.settle(row, fence=fence):
                return True
            if self.unit._layer.get(("outbox", row.area, row.key)) is None:
                self.unit.enqueue([row])
                return True
            return False


class FencesByAttempts(Broken):
    class unit(BrokenUnit):
        def settle(self, row: OutboxRow, *, fence: int) -> bool:
            stored = self.unit._layer.get(("outbox", row.area, row.key))
            if stored is None or stored.attempts > fence:
                return False
            return bool(self.unit.settle(row, fence=stored.fence))


class KeepsTheFence(Broken):
    class unit(BrokenUnit):
        def settle(self, row: OutboxRow, *, fence: int) -> bool:
            return bool(self.unit.settle(attrs.evolve(row, fence=fence), fence=fence))


class LeasesNothing(Broken):
    class unit(BrokenUnit):
        def settle(self, row: OutboxRow, *, fence: int) -> bool:
            stored = self.unit._layer.get(("outbox", row.area, row.key))
            at = row.next_attempt_at if stored is None or row.state != "pending" else stored.next_attempt_at
            return bool(self.unit.settle(attrs.evolve(row, next_attempt_at=at), fence=fence))


class CardsByTimer(MemoryStorage):
    def cards(self, area: str, case_id: str) -> tuple[CardRow, ...]:
        return tuple(sorted(super().cards(area, case_id), key=lambda row: row.timer_id))


class VersionsAsTexts(MemoryStorage):
    def references(self, area: str, kind: str) -> tuple[ReferenceRow, ...]:
        return tuple(sorted(super().references(area, kind), key=lambda row: (row.code, str(row.version))))


class CountsEachReference(Broken):
    class unit(BrokenUnit):
        def put_references(self, rows: Sequence[ReferenceRow]) -> None:
            for row in rows:
                self.unit.put_references([row])
            if not rows:
                self.unit.put_references([])
            self.unit._layer.put(("references", "439901"), (self.unit._layer.get(("references", "439901")) or 0) + 1)


class DropsWhateverItIs(Broken):
    """Takes a row away by its key, whatever stands there by now."""

    class unit(BrokenUnit):
        def drop_references(self, rows: Sequence[ReferenceRow]) -> None:
            keys = [("reference", row.area, row.kind, row.code, row.version) for row in rows]
            self.unit.drop_references([stored for key in keys if (stored := self.unit._layer.get(key)) is not None])


class DropsWhatItCan(Broken):
    """Takes away the rows before the one that it refuses."""

    class unit(BrokenUnit):
        def drop_references(self, rows: Sequence[ReferenceRow]) -> None:
            for row in rows:
                self.unit.drop_references([row])


class DropsUncounted(Broken):
    class unit(BrokenUnit):
        def drop_references(self, rows: Sequence[ReferenceRow]) -> None:
            known = self.unit.reference_version("439901")
            self.unit.drop_references(rows)
            self.unit._layer.put(("references", "439901"), known)


class VersionOfBefore(Broken):
    class unit(BrokenUnit):
        def reference_version(self, area: str) -> int:
            return int(self.storage.reference_version(area))


class TimersStayWithTheirCase(MemoryStorage):
    """A timer that was replaced is still listed with the case it had."""

    def timers(self, area: str, case_id: str) -> tuple[TimerRow, ...]:
        kept = self.__dict__.setdefault("kept", {})
        for row in super().timers(area, case_id):
            kept[case_id, row.timer_id] = row
        for key, row in list(self._committed.rows.items()):
            if key[0] == "timer":
                kept.setdefault((row.case_id, row.timer_id), row)
        return tuple(row for (case, _), row in sorted(kept.items()) if case == case_id)

    def write(self, fn: Callable[[Unit], Any]) -> Any:
        value = super().write(fn)
        self.timers("", "")
        return value


class OnlyTheFirstArea(MemoryStorage):
    def areas(self) -> tuple[str, ...]:
        return super().areas()[:1]


class AreasWithReferencesOnly(MemoryStorage):
    def areas(self) -> tuple[str, ...]:
        return tuple(area for area in super().areas() if self.reference_version(area))


class FirstPersonStays(Broken):
    class unit(BrokenUnit):
        def put_subject(self, row: SubjectRow) -> None:
            if self.unit._layer.get(("subject", row.area, row.subject)) is None:
                self.unit.put_subject(row)


class PagesOverlap(MemoryStorage):
    def running_timers(self, area: str, first: Any, last: Any, after: str, limit: int) -> tuple[TimerRow, ...]:
        found = super().running_timers(area, first, last, "", 10_000)
        return tuple(row for row in found if row.timer_id >= after)[: limit + 1][: max(limit, 2)]


class CasesPagedFromTheStart(MemoryStorage):
    def cases(self, area: str, after: str, limit: int) -> tuple[CaseRow, ...]:
        found = super().cases(area, "", 10_000)
        return tuple(row for row in found if row.case_id >= after)[: limit + 1][: max(limit, 2)]


class CasesOfEveryArea(MemoryStorage):
    def cases(self, area: str, after: str, limit: int) -> tuple[CaseRow, ...]:
        del area
        rows = [row for key, row in self._committed.rows.items() if key[0] == "case" and row.case_id > after]
        return tuple(sorted(rows, key=lambda row: row.case_id)[:limit])


class CasesAsTheyWere(MemoryStorage):
    """The list keeps the row that a case was filed with."""

    def cases(self, area: str, after: str, limit: int) -> tuple[CaseRow, ...]:
        kept = self.__dict__.setdefault("filed", {})
        return tuple(kept.setdefault((area, row.case_id), row) for row in super().cases(area, after, limit))

    def write(self, fn: Callable[[Unit], Any]) -> Any:
        value = super().write(fn)
        for area in {key[1] for key in self._committed.rows if key[0] == "case"}:
            self.cases(area, "", 10_000)
        return value


# --- S11 --------------------------------------------------------------------------------------------------------------


class ClosesOnce(MemoryStorage):
    def close(self) -> None:
        if self._closed:
            raise RuntimeError("it is closed already")
        super().close()


class AnswersAfterClosing(MemoryStorage):
    def counts(self, area: str) -> dict[str, int]:
        return self._committed.counts(area)


FURTHER: list[tuple[type[MemoryStorage], str]] = [
    (LostWrite, "s1"),
    (SavedWithoutSayingSo, "s1"),
    (FirstOfMany, "s1"),
    (SeesOnlyWhatIsCommitted, "s1"),
    (EmptyHead, "s5"),
    (UnitThatNeverEnds, "s1"),
    (OneAreaForAll, "s1"),
    (UnsortedMemory, "s1"),
    (ListsInsteadOfTuples, "s1"),
    (InstantKeptAfterAFailure, "s2"),
    (CommitsWhenItIsInterrupted, "s3"),
    (SwallowsExceptions, "s3"),
    (UnitsInUnits, "s3"),
    (RunsTwice, "s7"),
    (NewOverOld, "s4"),
    (AnyLaterVersion, "s4"),
    (RaisesInsteadOfSayingNo, "s4"),
    (ChangesWhatItRefuses, "s4"),
    (StreamsAsTheyCame, "s5"),
    (StreamsOfEverybody, "s5"),
    (OneCardPerTimer, "s6"),
    (OneCardPerLevel, "s6"),
    (RevokingDeletes, "s6"),
    (RevokingRewrites, "s6"),
    (RevokesWhatIsNotThere, "s6"),
    (KeysOfEverybody, "s6"),
    (QueuedOverWhatWaits, "s6"),
    (CountsFromNought, "s7"),
    (OneSeriesForAll, "s7"),
    (OneSeriesForAllAreas, "s1"),
    (ReadsFromACache, "s8"),
    (CountsNowAndThen, "s8"),
    (TakesNaiveTimes, "s9"),
    (AnswersInUtc, "s9"),
    (AnswersNaive, "s9"),
    (CountsFromTheEpoch, "s9"),
    (CutText, "s1"),
    (NotYetDue, "s10"),
    (LimitBeforeOrder, "s10"),
    (DeliversAgain, "s10"),
    (ForgetsWhatIsSettled, "s10"),
    (OldestOfACaseFirst, "s10"),
    (SettlesWhatIsNotThere, "s14"),
    (FencesByAttempts, "s14"),
    (KeepsTheFence, "s14"),
    (LeasesNothing, "s14"),
    (CardsByTimer, "s10"),
    (VersionsAsTexts, "s10"),
    (CountsEachReference, "s10"),
    (TimersStayWithTheirCase, "s10"),
    (FirstPersonStays, "s10"),
    (PagesOverlap, "s13"),
    (CasesPagedFromTheStart, "s16"),
    (CasesOfEveryArea, "s16"),
    (CasesAsTheyWere, "s16"),
    (DropsWhateverItIs, "s15"),
    (DropsWhatItCan, "s15"),
    (DropsUncounted, "s15"),
    (VersionOfBefore, "s15"),
    (OnlyTheFirstArea, "s17"),
    (AreasWithReferencesOnly, "s17"),
    (ClosesOnce, "s11"),
    (AnswersAfterClosing, "s11"),
]
"""Each with the promise whose tests have to catch it."""
