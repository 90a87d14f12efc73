"""Storage in memory: the write contract without a medium, for tests, simulations and a first look.

Rules of this room: no SQL, no files; rows are kept as they are given (they are frozen), only their instants are
brought to whole seconds in the zone of the law, as every backend does.

Theory. A unit writes into a layer of its own and reads through it to what is committed. Committing is folding the
layer into what lies below; undoing is forgetting it, so an exception can leave nothing behind. One lock lets one unit
run at a time, another guards what is committed, so that readers neither wait for a running unit nor see it.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

from egov_core.domain.audit import GENESIS
from egov_core.domain.legal import instant
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
from egov_core.storage.memory_layers import Committed, Layer
from egov_core.storage.memory_unit import MemoryUnit
from egov_core.storage.refusals import closed_from_within, storage_closed, unit_within_unit

T = TypeVar("T")


class MemoryStorage:
    """A storage backend that forgets everything when the process ends."""

    name = "memory"

    def __init__(self) -> None:
        self._committed = Committed()
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._writer: int | None = None
        self._closed = False

    def write(self, fn: Callable[[Unit], T]) -> T:
        """Run `fn` in a unit of work (S1-S3)."""
        with self._turn():
            layer = Layer(self._committed)
            value = _run(fn, layer)
            self._fold(layer)
            return value

    def write_all(self, functions: Sequence[Callable[[Unit], Any]]) -> list[Any]:
        """Run each function in a unit of its own and commit all that succeed at once: their results, or exceptions."""
        with self._turn():
            group = Layer(self._committed)
            answers: list[Any] = []
            for fn in functions:
                layer = Layer(group)
                try:
                    answers.append(_run(fn, layer))
                except Exception as error:  # noqa: BLE001 - handed to the caller in the list, as promised
                    answers.append(error)
                else:
                    layer.fold_into(group)
            self._fold(group)
            return answers

    def case(self, area: str, case_id: str) -> CaseRow | None:
        """A case by its id."""
        found: CaseRow | None = self._read("case", area, case_id)
        return found

    def case_by_number(self, area: str, number: str) -> CaseRow | None:
        """A case by its number."""
        with self._look() as committed:
            case_id = committed.get(("number", area, number))
            found: CaseRow | None = None if case_id is None else committed.get(("case", area, case_id))
            return found

    def cases(self, area: str, after: str, limit: int) -> tuple[CaseRow, ...]:
        """At most `limit` cases, in order of case_id after `after` (S16)."""
        with self._look() as committed:
            order = committed.cases(area)
            begin = bisect_right(order, after)
            return tuple(committed.rows["case", area, case_id] for case_id in order[begin : begin + limit])

    def events(self, area: str, stream: str) -> tuple[StoredEvent, ...]:
        """The events of a stream in order of position."""
        with self._look() as committed:
            last, _ = committed.get(("head", area, stream)) or (0, GENESIS)
            return tuple(committed.rows["event", area, stream, position] for position in range(1, last + 1))

    def streams(self, area: str) -> Iterator[str]:
        """The names of all streams, in order of name."""
        with self._look() as committed:
            return iter(sorted(stream for _, _, stream in committed.of_area("head", area)))

    def timers(self, area: str, case_id: str) -> tuple[TimerRow, ...]:
        """The timers of a case in order of timer_id."""
        with self._look() as committed:
            rows = [committed.rows[key] for key in committed.of_case("timer", area, case_id)]
        return tuple(sorted(rows, key=lambda row: row.timer_id))

    def due_timers(self, area: str, until: datetime, limit: int) -> tuple[TimerRow, ...]:
        """Running timers whose `next_fire_at` is not after `until` (S10)."""
        rows: tuple[TimerRow, ...] = self._due("timer", area, until, limit)
        return rows

    def running_timers(self, area: str, first: date, last: date, after: str, limit: int) -> tuple[TimerRow, ...]:
        """At most `limit` running timers that rest on a day from `first` to `last`, by timer_id after `after` (S13)."""
        found: list[TimerRow] = []
        with self._look() as committed:
            order = committed.running(area)
            for timer_id in order[bisect_right(order, after) :]:
                row = committed.rows["timer", area, timer_id]
                if row.covers_to >= first and row.started_at.date() <= last:
                    found.append(row)
                if len(found) == limit:
                    break
        return tuple(found)

    def cards(self, area: str, case_id: str) -> tuple[CardRow, ...]:
        """The cards of a case by (at, timer_id, rule, epoch)."""
        with self._look() as committed:
            rows = [committed.rows[key] for key in committed.of_case("card", area, case_id)]
        return tuple(sorted(rows, key=lambda row: (row.at, row.timer_id, row.rule, row.epoch, row.level)))

    def outbox(self, area: str, key: str) -> OutboxRow | None:
        """An outbox row by its key."""
        found: OutboxRow | None = self._read("outbox", area, key)
        return found

    def due_outbox(self, area: str, until: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """Pending outbox rows whose `next_attempt_at` is not after `until` (S10)."""
        rows: tuple[OutboxRow, ...] = self._due("outbox", area, until, limit)
        return rows

    def outbox_of(self, area: str, case_id: str) -> tuple[OutboxRow, ...]:
        """The outbox rows of a case, in order of key (S10)."""
        with self._look() as committed:
            rows = [committed.rows[key] for key in committed.of_case("outbox", area, case_id)]
        return tuple(sorted(rows, key=lambda row: row.key))

    def recall(self, area: str, actor: str, key: str) -> IdempotencyRow | None:
        """What a key of an actor was used for."""
        found: IdempotencyRow | None = self._read("key", area, actor, key)
        return found

    def remembered(self, area: str) -> Iterator[IdempotencyRow]:
        """Every use of a key, in order of actor and key."""
        with self._look() as committed:
            rows = [committed.rows[key] for key in committed.of_area("key", area)]
        return iter(sorted(rows, key=lambda row: (row.actor, row.key)))

    def subject(self, area: str, subject: str) -> SubjectRow | None:
        """The personal values of a subject."""
        found: SubjectRow | None = self._read("subject", area, subject)
        return found

    def references(self, area: str, kind: str) -> tuple[ReferenceRow, ...]:
        """The reference data of a kind by (code, version)."""
        with self._look() as committed:
            rows = [committed.rows[key] for key in committed.of_area("reference", area) if key[2] == kind]
        return tuple(sorted(rows, key=lambda row: (row.code, row.version)))

    def reference_version(self, area: str) -> int:
        """How often the area's reference data were written."""
        return self._read("references", area) or 0

    def last_instant(self, area: str) -> datetime | None:
        """The area's last persisted instant."""
        found: datetime | None = self._read("instant", area)
        return found

    def areas(self) -> tuple[str, ...]:
        """The areas of which the store holds anything (S17)."""
        with self._look() as committed:
            return tuple(sorted({key[1] for key in committed.rows if key[0] in ("references", "instant")}))

    def counts(self, area: str) -> dict[str, int]:
        """How many `cases`, `events`, `timers`, `cards`, `outbox` rows there are."""
        with self._look() as committed:
            return committed.counts(area)

    def queries(self, levels: Sequence[str]) -> None:
        """None: memory keeps the write contract only."""

    def close(self) -> None:
        """Forget everything (S11)."""
        if self._writer == threading.get_ident():
            raise closed_from_within()
        with self._writing, self._reading:
            self._closed = True
            self._committed = Committed()

    def _due(self, table: str, area: str, until: datetime, limit: int) -> tuple[Any, ...]:
        until = instant(until)
        with self._look() as committed:
            order = committed.due(table, area)
            end = bisect_right(order, until, key=lambda entry: entry[0])
            return tuple(committed.rows[table, area, key] for _, key in order[: min(end, limit)])

    def _read(self, *key: str) -> Any:
        with self._look() as committed:
            return committed.get(key)

    @contextmanager
    def _look(self) -> Iterator[Committed]:
        """What is committed, while nothing is folded in."""
        with self._reading:
            if self._closed:
                raise storage_closed()
            yield self._committed

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The right to write; nobody else has it meanwhile."""
        if self._writer == threading.get_ident():
            raise unit_within_unit()
        with self._writing:
            if self._closed:
                raise storage_closed()
            self._writer = threading.get_ident()
            try:
                yield
            finally:
                self._writer = None

    def _fold(self, layer: Layer) -> None:
        with self._reading:
            layer.fold_into(self._committed)


def _run(fn: Callable[[Unit], T], layer: Layer) -> T:
    unit = MemoryUnit(layer)
    try:
        return fn(unit)
    finally:
        unit.end()
