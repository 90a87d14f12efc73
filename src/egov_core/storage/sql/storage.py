"""The storage contract on SQL: units through what commits for the dialect, point reads on a reader's connection.

Rules of this room: which statement answers which call; a dialect brings the engine of the readers, what commits for the
writers and what else is to be closed. Reads take a connection from the pool for one statement and give it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from egov_core.domain.legal import start_of
from egov_core.errors import StorageError
from egov_core.ports.health import HealthFinding
from egov_core.ports.queries import Queries
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
from egov_core.storage.refusals import storage_closed
from egov_core.storage.sql import rows as r
from egov_core.storage.sql.columns import moment, seconds
from egov_core.storage.sql.commits import Commits
from egov_core.storage.sql.queries import SqlQueries
from egov_core.storage.sql.runner import UNTAKEN, Driver, Runner, not_taken
from egov_core.storage.sql.statements import Statements

T = TypeVar("T")

STREAMS_AT_ONCE = 1000
ONE_DAY = timedelta(days=1)


class SqlStorage:
    """A storage backend on SQL. Made by its dialect (`open_sqlite`), not by hand.

    `readers` gives connections that begin no transaction by themselves; `begin_reading` is the statement that opens
    one in which several statements see the same data.
    """

    def __init__(
        self,
        *,
        name: str,
        readers: Engine,
        statements: Statements,
        driver: Driver,
        begin_reading: str,
        commits: Commits | None,
        on_close: Callable[[], None],
        examine: Callable[[Engine], Sequence[HealthFinding]] = lambda _readers: (),
    ) -> None:
        self.name = name
        self._readers = readers
        self._s = statements
        self._driver = driver
        self._begin_reading = begin_reading
        self._commits = commits
        self._on_close = on_close
        self._examine = examine
        self._closed = False

    def write(self, fn: Callable[[Unit], T]) -> T:
        """Run `fn` in a unit of work (S1-S3)."""
        outcome = self._writer().submit((fn,))[0]
        if outcome.error is not None:
            raise outcome.error
        value: T = outcome.value
        return value

    def findings(self) -> Sequence[HealthFinding]:
        """What the dialect has to tell the doctor of its database."""
        return self._examine(self._readers)

    def queries(self, levels: Sequence[str]) -> Queries:
        """The read side on this storage's readers."""
        return SqlQueries(self, levels)

    def write_all(self, functions: Sequence[Callable[[Unit], Any]]) -> list[Any]:
        """Run each function in a unit of its own and commit all that succeed at once: their results, or exceptions."""
        if not functions:
            return []
        answers: list[Any] = []
        for outcome in self._writer().submit(functions):
            if outcome.error is not None and not isinstance(outcome.error, Exception):
                raise outcome.error
            answers.append(outcome.value if outcome.error is None else outcome.error)
        return answers

    def case(self, area: str, case_id: str) -> CaseRow | None:
        """A case by its id."""
        found = self._one(self._s.case, area, case_id)
        return None if found is None else r.case(found)

    def case_by_number(self, area: str, number: str) -> CaseRow | None:
        """A case by its number."""
        found = self._one(self._s.case_by_number, area, number)
        return None if found is None else r.case(found)

    def cases(self, area: str, after: str, limit: int) -> tuple[CaseRow, ...]:
        """At most `limit` cases, in order of case_id after `after` (S16)."""
        return tuple(r.case(found) for found in self._all(self._s.cases, area, after, limit))

    def events(self, area: str, stream: str) -> tuple[StoredEvent, ...]:
        """The events of a stream in order of position."""
        return tuple(r.event(found) for found in self._all(self._s.events, area, stream))

    def streams(self, area: str) -> Iterator[str]:
        """The names of all streams, in order of name; read page by page, so that no reader stays open."""
        return self._streams(area, self._all(self._s.streams, area, "", STREAMS_AT_ONCE))

    def timers(self, area: str, case_id: str) -> tuple[TimerRow, ...]:
        """The timers of a case in order of timer_id."""
        return tuple(r.timer(found) for found in self._all(self._s.timers, area, case_id))

    def due_timers(self, area: str, until: datetime, limit: int) -> tuple[TimerRow, ...]:
        """Running timers whose `next_fire_at` is not after `until` (S10)."""
        return tuple(r.timer(found) for found in self._all(self._s.due_timers, area, seconds(until), limit))

    def running_timers(self, area: str, first: date, last: date, after: str, limit: int) -> tuple[TimerRow, ...]:
        """At most `limit` running timers that rest on a day from `first` to `last`, by timer_id after `after` (S13)."""
        asked = (area, after, first.isoformat(), seconds(start_of(last + ONE_DAY)), limit)
        return tuple(r.timer(found) for found in self._all(self._s.running_timers, *asked))

    def cards(self, area: str, case_id: str) -> tuple[CardRow, ...]:
        """The cards of a case by (at, timer_id, rule, epoch)."""
        return tuple(r.card(found) for found in self._all(self._s.cards, area, case_id))

    def outbox(self, area: str, key: str) -> OutboxRow | None:
        """An outbox row by its key."""
        found = self._one(self._s.outbox, area, key)
        return None if found is None else r.outbox(found)

    def due_outbox(self, area: str, until: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """Pending outbox rows whose `next_attempt_at` is not after `until` (S10)."""
        return tuple(r.outbox(found) for found in self._all(self._s.due_outbox, area, seconds(until), limit))

    def outbox_of(self, area: str, case_id: str) -> tuple[OutboxRow, ...]:
        """The outbox rows of a case, in order of key (S10)."""
        return tuple(r.outbox(found) for found in self._all(self._s.outbox_of, area, case_id))

    def recall(self, area: str, actor: str, key: str) -> IdempotencyRow | None:
        """What a key of an actor was used for."""
        found = self._one(self._s.recall, area, actor, key)
        return None if found is None else r.key(found)

    def remembered(self, area: str) -> Iterator[IdempotencyRow]:
        """Every use of a key, in order of actor and key."""
        return map(r.key, self._all(self._s.remembered, area))

    def subject(self, area: str, subject: str) -> SubjectRow | None:
        """The personal values of a subject."""
        found = self._one(self._s.subject, area, subject)
        return None if found is None else r.subject(found)

    def references(self, area: str, kind: str) -> tuple[ReferenceRow, ...]:
        """The reference data of a kind by (code, version)."""
        return tuple(r.reference(found) for found in self._all(self._s.references, area, kind))

    def reference_version(self, area: str) -> int:
        """How often the area's reference data were written."""
        found = self._one(self._s.reference_version, area)
        return 0 if found is None else int(found[0])

    def last_instant(self, area: str) -> datetime | None:
        """The area's last persisted instant."""
        found = self._one(self._s.last_instant, area)
        return None if found is None or found[0] is None else moment(found[0])

    def areas(self) -> tuple[str, ...]:
        """The areas of which the store holds anything (S17)."""
        return tuple(str(area) for (area,) in self._all(self._s.areas))

    def counts(self, area: str) -> dict[str, int]:
        """How many `cases`, `events`, `timers`, `cards`, `outbox` rows there are."""
        found = self._one(self._s.counts, *(area,) * 5)
        assert found is not None
        return dict(zip(("cases", "events", "timers", "cards", "outbox"), found, strict=True))

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A reader's connection on which several statements see the same committed data."""
        self._check_open()
        try:
            with self._readers.connect() as connection:
                connection.exec_driver_sql(self._begin_reading)
                yield connection
        except SQLAlchemyError as error:
            raise self._ours(getattr(error, "orig", None) or error) from error
        except UNTAKEN as error:
            raise not_taken(error, self._driver) from None

    def close(self) -> None:
        """Finish what is queued, then release connections and the lock (S11)."""
        self._closed = True
        if self._commits is not None and not self._commits.close():
            return
        self._readers.dispose()
        self._on_close()

    def _streams(self, area: str, page: list[tuple[Any, ...]]) -> Iterator[str]:
        while page:
            for (stream,) in page:
                yield stream
            page = self._all(self._s.streams, area, page[-1][0], STREAMS_AT_ONCE)

    def _one(self, statement: str, *parameters: Any) -> tuple[Any, ...] | None:
        rows = self._all(statement, *parameters)
        return rows[0] if rows else None

    def _all(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        self._check_open()
        unmet: tuple[type[Exception], ...] = (SQLAlchemyError, *self._driver.errors)
        try:
            connection = self._readers.raw_connection()
        except unmet as error:
            raise self._ours(getattr(error, "orig", None) or error) from error
        runner = Runner(connection, self._driver)
        try:
            return runner.all(statement, parameters)
        finally:
            if runner.failure is not None:
                connection.invalidate()
            connection.close()

    def _ours(self, error: Exception) -> StorageError:
        return not_taken(error, self._driver) if self._driver.of_a_row(error) else self._driver.read(error)

    def _check_open(self) -> None:
        if self._closed:
            raise storage_closed()

    def _writer(self) -> Commits:
        if self._commits is None:
            raise StorageError("this storage was opened for reading", remedy="write in the process that holds the lock")
        return self._commits
