"""Shared commits: callers that write at the same time have their functions committed together.

Rules of this room: threads, turns and exceptions; nothing about SQL. `Transaction` is what the dialect provides.

Theory. Callers queue. The first becomes leader and, in its own thread, runs up to `LARGEST` queued functions, each
behind a savepoint, and commits once; then all are answered, and the first still queued is made leader. So a lone
caller hands nothing to another thread, and while a leader waits for the disk the next group gathers by itself.

* An exception of a function rolls back its savepoint only and goes to its caller.
* A failure of the medium or of the commit fails the whole group: nobody was acknowledged.
* A signal that interrupts the leader in somebody else's function is the leader's; that caller is told to try again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from egov_core.errors import StorageError
from egov_core.ports.storage import Unit
from egov_core.storage.refusals import closed_from_within, storage_closed, unit_within_unit
from egov_core.storage.sql.commits import Outcome, failed_alike

LARGEST = 64

_gate = threading.Lock


class OpenUnit(Unit, Protocol):
    """A unit that can be ended."""

    def end(self) -> None:
        """Refuse everything from now on."""


class Transaction(Protocol):
    """One writer's transaction. `failure` is the medium's error, once there was one."""

    @property
    def failure(self) -> StorageError | None:
        """The error of the medium that this transaction met, if any."""

    def begin(self) -> None:
        """Start to write."""

    def unit(self) -> OpenUnit:
        """A unit of work on it."""

    def savepoint(self) -> None:
        """Remember this place."""

    def release(self) -> None:
        """Forget the savepoint, keep what was done."""

    def undo(self) -> None:
        """Undo back to the savepoint, and forget it."""

    def commit(self) -> None:
        """Commit, or raise StorageError."""

    def committed(self) -> bool:
        """Whether the last `commit` came through, asked when it was interrupted."""

    def rollback(self) -> None:
        """Undo everything; never raises."""


class _Request:
    """What one caller wants done: functions that are kept together in one commit."""

    def __init__(self, functions: Sequence[Callable[[Unit], Any]]) -> None:
        self.functions = tuple(functions)
        self.outcomes: list[Outcome] | None = None
        self.thread = threading.get_ident()
        self.gate = _gate()
        self.gate.acquire()


class SharedCommits:
    """The queue of writers before one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._mutex = threading.Lock()
        self._idle = threading.Condition(self._mutex)
        self._queue: deque[_Request] = deque()
        self._leader: int | None = None
        self._closed = False

    def submit(self, functions: Sequence[Callable[[Unit], Any]]) -> list[Outcome]:
        """Have the functions run and committed in one commit: what each gave or raised."""
        request = _Request(functions)
        with self._mutex:
            if self._closed:
                raise storage_closed()
            if self._leader == request.thread:
                raise unit_within_unit()
            self._queue.append(request)
            leads = self._leader is None
            if leads:
                self._leader = request.thread
        try:
            if not leads:
                request.gate.acquire()
            while request.outcomes is None:
                self._lead(request)
        finally:
            self._resign(request)
        return request.outcomes

    def close(self) -> bool:
        """Take no more, and wait until what was queued is done. False when it had been closed before."""
        with self._mutex:
            if self._leader == threading.get_ident():
                raise closed_from_within()
            first, self._closed = not self._closed, True
            while self._leader is not None:
                self._idle.wait()
            return first

    def _resign(self, request: _Request) -> None:
        """Leave the queue (an interrupted caller still stands in it) and pass the lead on, if it is ours."""
        with self._mutex:
            if request.outcomes is None and request in self._queue:
                self._queue.remove(request)
            if self._leader != request.thread:
                return
            heir = self._queue[0] if self._queue else None
            self._leader = None if heir is None else heir.thread
            if heir is None:
                self._idle.notify_all()
            else:
                heir.gate.release()

    def _lead(self, own: _Request) -> None:
        """Run one group. What interrupts the leader is raised after everybody has been answered."""
        with self._mutex:
            group = [self._queue.popleft()]
            size = len(group[0].functions)
            while self._queue and size + len(self._queue[0].functions) <= LARGEST:
                group.append(self._queue.popleft())
                size += len(group[-1].functions)
        try:
            self._commit(group, own, alone=size == 1)
        finally:
            for request in group:
                if request.outcomes is None:
                    interrupted = StorageError("the write was interrupted", remedy="try again: nothing was written")
                    request.outcomes = failed_alike(interrupted, len(request.functions))
                if request is not own:
                    request.gate.release()

    def _commit(self, group: Sequence[_Request], own: _Request, *, alone: bool) -> None:
        answers: list[tuple[_Request, list[Outcome]]] = []
        interruption: BaseException | None = None
        transaction = self._transaction
        try:
            transaction.begin()
            for request in group:
                outcomes = [self._attempt(fn, alone=alone) for fn in request.functions]
                answers.append((request, outcomes))
                if request is not own:
                    interruption = _take_interruption(outcomes) or interruption
            if all(outcome.error is not None for _, outcomes in answers for outcome in outcomes):
                transaction.rollback()
            else:
                transaction.commit()
        except StorageError as error:
            transaction.rollback()
            for request in group:  # two threads cannot share a traceback
                request.outcomes = failed_alike(error, len(request.functions))
            return
        except BaseException:
            if not transaction.committed():
                transaction.rollback()
                raise
            _answer(answers)
            raise
        _answer(answers)
        if interruption is not None:
            raise interruption

    def _attempt(self, fn: Callable[[Unit], Any], *, alone: bool) -> Outcome:
        """Run a function behind a savepoint (alone, the transaction itself is one). Raises what the medium raises."""
        transaction = self._transaction
        if not alone:
            transaction.savepoint()
        unit = transaction.unit()
        try:
            outcome = Outcome(value=fn(unit))
        except BaseException as error:  # noqa: BLE001 - kept for its caller, whatever it is
            outcome = Outcome(error=error)
        finally:
            unit.end()
        if transaction.failure is not None:
            raise transaction.failure
        if not alone:
            if outcome.error is not None:
                transaction.undo()
            else:
                transaction.release()
        return outcome


def _answer(answers: Sequence[tuple[_Request, list[Outcome]]]) -> None:
    for request, outcomes in answers:
        request.outcomes = outcomes


def _take_interruption(outcomes: Sequence[Outcome]) -> BaseException | None:
    """Ctrl-C reaches the main thread, whoever's function it is running: take it off the other caller."""
    if threading.current_thread() is not threading.main_thread():
        return None
    found: BaseException | None = None
    for outcome in outcomes:
        if isinstance(outcome.error, KeyboardInterrupt):
            found = outcome.error
            outcome.error = StorageError("the write was interrupted", remedy="try again: nothing was written")
    return found
