"""Writes: each call of `write` in a transaction of its own, on a connection of its own.

Rules of this module: threads, retries and what a lost connection means; statements stand in the SQL room.

Theory. Nothing rests on an isolation level. A transaction reads what is committed as each statement begins (READ
COMMITTED); whoever comes second on a row waits there for the first, and is then told by the row count or by a unique
constraint. So a function is run again, in a new transaction,

* when the server gave up its transaction: a deadlock, or a key or position that another transaction took meanwhile;
* once, when it ended in ConflictError: what it lost to may be seen now (the answer recorded under the same key), and
  the outcome is then the one that it would have had after the other. A conflict that stays is raised.

When the connection is lost while committing, the server is asked on another connection what became of the transaction;
only where it cannot be asked is the outcome unknown, and then it is said so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, PoolProxiedConnection

from egov_core.errors import ConflictError, StorageError
from egov_core.ports.storage import Unit
from egov_core.storage.sql.commits import Outcome, failed_alike
from egov_core.storage.sql.runner import Runner
from egov_core.storage.sql.statements import Statements
from egov_core.storage.sql.unit_of_work import SqlUnit
from egov_storage_postgresql.failures import ABORTED, AGAIN, DRIVER, UNIQUE, read_error

TRIES = 20
ASKED = 50
NAP = 0.1
"""How often, and how many seconds apart, the server is asked what became of a transaction."""

BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_current_xact_id()::text"
"""In one round trip: begin, and learn the number by which to ask for the outcome."""

BECAME = "SELECT pg_xact_status(%s::xid8)"

Take = Callable[[Engine], PoolProxiedConnection]


class _Again(Exception):  # noqa: N818 - not an error: a function is to be run once more
    """A function ended in a conflict for the first time."""


class Transactions:
    """What commits for PostgreSQL. `take` takes a connection from the writers' pool or raises StorageError."""

    def __init__(self, engine: Engine, take: Take, statements: Statements) -> None:
        self._engine = engine
        self._take = take
        self._statements = statements
        self._thread = threading.local()
        self._idle = threading.Condition()
        self._running = 0
        self._closed = False

    def submit(self, functions: Sequence[Callable[[Unit], Any]]) -> list[Outcome]:
        """Have the functions run and committed in one commit: what each gave or raised."""
        if self._inside:
            raise StorageError("a unit cannot start another one", remedy="do everything in the one function")
        with self._idle:
            if self._closed:
                raise StorageError("the storage is closed", remedy="open it again")
            self._running += 1
        self._thread.inside = True
        try:
            return self._settled(functions)
        finally:
            self._thread.inside = False
            with self._idle:
                self._running -= 1
                self._idle.notify_all()

    def close(self) -> bool:
        """Take no more, and wait until what was begun is done. False when it had been closed before."""
        if self._inside:
            raise StorageError("a unit cannot close its own storage", remedy="close after `write` has returned")
        with self._idle:
            first, self._closed = not self._closed, True
            while self._running:
                self._idle.wait()
            return first

    @property
    def _inside(self) -> bool:
        return bool(getattr(self._thread, "inside", False))

    def _settled(self, functions: Sequence[Callable[[Unit], Any]]) -> list[Outcome]:
        """Run the functions until there is an outcome that stays."""
        conflicts = 0
        lost = StorageError("nothing was tried")
        for _ in range(TRIES):
            try:
                return self._attempt(functions, last_word=conflicts > 0)
            except _Again:
                conflicts += 1
            except StorageError as error:
                lost = error
                if error.data.get("sqlstate") not in AGAIN:
                    return failed_alike(error, len(functions))
        if lost.data.get("sqlstate") == UNIQUE:
            raise ConflictError(
                f"somebody else was first each of {TRIES} times: {lost.message}", remedy="read again, and try again"
            ) from lost
        return failed_alike(lost, len(functions))

    def _attempt(self, functions: Sequence[Callable[[Unit], Any]], *, last_word: bool) -> list[Outcome]:
        """Run the functions in one transaction, each behind a savepoint where there are several."""
        taken = self._take(self._engine)
        try:
            connection: Any = taken.driver_connection
            number = _begin(connection)
            runner = Runner(connection, DRIVER)
            outcomes = [self._call(connection, runner, fn, alone=len(functions) == 1) for fn in functions]
            if not last_word and any(isinstance(outcome.error, ConflictError) for outcome in outcomes):
                raise _Again
            if any(outcome.error is None for outcome in outcomes):
                self._commit(connection, number)
            return outcomes
        finally:
            _give_back(taken)

    def _call(self, connection: Any, runner: Runner, fn: Callable[[Unit], Any], *, alone: bool) -> Outcome:
        """Run one function. Raises what ended the whole transaction."""
        if not alone:
            runner.run("SAVEPOINT unit")
        unit = SqlUnit(runner, self._statements)
        try:
            outcome = Outcome(value=fn(unit))
        except BaseException as error:  # noqa: BLE001 - kept for its caller, whatever it is
            outcome = Outcome(error=error)
        finally:
            unit.end()
        if runner.failure is not None:
            if runner.failure.data.get("sqlstate") == ABORTED and runner.refused is not None:
                raise runner.refused
            raise runner.failure
        if outcome.error is None and connection.info.transaction_status is TransactionStatus.INERROR:
            outcome = Outcome(error=runner.refused)  # the function swallowed it, yet nothing can be committed any more
        if not alone:
            if outcome.error is not None:
                runner.run("ROLLBACK TO unit")
            runner.run("RELEASE unit")
        return outcome

    def _commit(self, connection: Any, number: str) -> None:
        """Commit, or raise StorageError when nothing was written; also when it is not known whether."""
        try:
            connection.commit()
        except psycopg.Error as error:
            if not connection.broken:
                raise read_error(error) from error
            if not self._was_committed(number, error):
                raise read_error(error) from error

    def _was_committed(self, number: str, lost: psycopg.Error) -> bool:
        """What became of a transaction whose connection was lost while it committed."""
        for _ in range(ASKED):
            became = self._became(number)
            if became in {"committed", "aborted"}:
                return became == "committed"
            time.sleep(NAP)
        raise StorageError(
            "the connection was lost while committing, and the server cannot be asked whether it was written",
            remedy="when the server is back, ask again with the same key: what was written is answered, not repeated",
        ) from lost

    def _became(self, number: str) -> str:
        """`committed`, `aborted`, `in progress`, or empty where nobody answers."""
        try:
            taken = self._take(self._engine)
        except StorageError:
            return ""
        try:
            found = Runner(taken, DRIVER).one(BECAME, (number,))
        except StorageError:
            return ""
        finally:
            _give_back(taken)
        return "" if found is None else str(found[0] or "")


def _begin(connection: Any) -> str:
    """Begin, and give the number of the transaction."""
    try:
        cursor = connection.cursor()
        cursor.execute(BEGIN)
        cursor.nextset()
        (number,) = cursor.fetchone()
    except psycopg.Error as error:
        raise read_error(error) from error
    return str(number)


def _give_back(taken: PoolProxiedConnection) -> None:
    """Undo what was not committed and return the connection; one that cannot be trusted any more is thrown away."""
    connection: Any = taken.driver_connection
    try:
        connection.rollback()
    except psycopg.Error as error:
        taken.invalidate(error)
    else:
        if connection.info.transaction_status is not TransactionStatus.IDLE:
            taken.invalidate()
    taken.close()
