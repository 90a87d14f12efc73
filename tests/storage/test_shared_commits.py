"""Shared commits: turns, failures and interruptions, on a transaction that only counts."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from egov_core.errors import StorageError
from egov_core.storage.sql.shared_commits import SharedCommits


class Ledger:
    """A transaction that writes down what is asked of it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.failure: StorageError | None = None
        self.fails: dict[str, BaseException] = {}
        self.came_through = False

    def __getattr__(self, name: str) -> Any:
        def note() -> None:
            self.done.append(name)
            error = self.fails.pop(name, None)
            if error is not None:
                raise error

        return note

    def committed(self) -> bool:
        return self.came_through

    def unit(self) -> Any:
        return self

    def end(self) -> None:
        pass


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def shared(ledger: Ledger) -> SharedCommits:
    return SharedCommits(ledger)


def settled(shared: SharedCommits) -> bool:
    """Nobody leads, nobody waits, and the next one is served."""
    free = shared._leader is None and not shared._queue
    return free and shared.submit([lambda _: "served"])[0].value == "served"


@pytest.mark.parametrize("place", ["begin", "commit"])
def test_a_failed_begin_or_commit_fails_everybody_with_an_exception_of_their_own(
    shared: SharedCommits, ledger: Ledger, place: str
) -> None:
    ledger.fails[place] = StorageError("disk", remedy="look", sqlite="X")
    outcomes = shared.submit([lambda _: 1, lambda _: 2])
    errors = [outcome.error for outcome in outcomes]
    assert [str(error) for error in errors] == ["disk", "disk"]
    assert errors[0] is not errors[1]
    assert isinstance(errors[0], StorageError)
    assert (errors[0].remedy, errors[0].data["sqlite"]) == ("look", "X")
    assert "rollback" in ledger.done
    assert settled(shared)


@pytest.mark.parametrize("place", ["begin", "savepoint", "release", "commit"])
@pytest.mark.parametrize("came_through", [False, True])
def test_an_interruption_between_functions_wedges_nothing(
    shared: SharedCommits, ledger: Ledger, place: str, came_through: bool
) -> None:
    ledger.fails[place] = KeyboardInterrupt()
    ledger.came_through = came_through and place == "commit"
    with pytest.raises(KeyboardInterrupt):
        shared.submit([lambda _: 1, lambda _: 2])
    assert ("rollback" in ledger.done) != ledger.came_through
    assert settled(shared)


def test_when_all_functions_fail_nothing_is_committed(shared: SharedCommits, ledger: Ledger) -> None:
    def fail(_: Any) -> None:
        raise ValueError

    assert all(isinstance(outcome.error, ValueError) for outcome in shared.submit([fail, fail]))
    assert "commit" not in ledger.done
    assert ledger.done.count("undo") == 2


def queue_behind(shared: SharedCommits, work: Any, leader_first: Any) -> list[Any]:
    """Threads that submit `work` while this thread leads with `leader_first`; their outcomes."""
    outcomes: list[Any] = []
    threads: list[threading.Thread] = []

    def submit() -> None:
        outcomes.extend(shared.submit([work]))

    def lead(unit: Any) -> Any:
        for _ in range(3):
            threads.append(threading.Thread(target=submit))
            threads[-1].start()
        while len(shared._queue) < 3:
            threading.Event().wait(0.001)
        return leader_first(unit)

    try:
        shared.submit([lead])
    finally:
        for thread in threads:
            thread.join(30)
    return outcomes


def test_an_interrupted_leader_answers_itself_and_hands_on(shared: SharedCommits) -> None:
    def interrupted(_: Any) -> None:
        raise KeyboardInterrupt

    outcomes = queue_behind(shared, lambda _: "done", interrupted)
    assert isinstance(shared.submit([interrupted])[0].error, KeyboardInterrupt)
    assert [outcome.value for outcome in outcomes] == ["done"] * 3
    assert settled(shared)


def test_ctrl_c_in_somebody_elses_function_is_the_leaders(shared: SharedCommits) -> None:
    """The main thread waits behind another leader, then leads and is interrupted in a neighbour's function."""
    inside, go = threading.Event(), threading.Event()
    neighbours: list[Any] = []

    def hold(_: Any) -> None:
        inside.set()
        assert go.wait(30)

    def interrupted(_: Any) -> None:
        if threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt

    holder = threading.Thread(target=shared.submit, args=([hold],))
    holder.start()
    assert inside.wait(30)
    neighbour = threading.Thread(target=lambda: neighbours.extend(shared.submit([interrupted])))

    def release() -> None:
        while len(shared._queue) < 1:
            threading.Event().wait(0.001)
        neighbour.start()
        while len(shared._queue) < 2:
            threading.Event().wait(0.001)
        go.set()

    starter = threading.Thread(target=release)
    starter.start()
    with pytest.raises(KeyboardInterrupt):
        shared.submit([lambda _: "mine"])
    for thread in (holder, starter, neighbour):
        thread.join(30)
    assert isinstance(neighbours[0].error, StorageError)
    assert "try again" in neighbours[0].error.remedy
    assert settled(shared)


@pytest.mark.parametrize("promoted", [False, True])
def test_a_waiting_caller_who_is_interrupted_leaves_the_queue(
    shared: SharedCommits, promoted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, go = threading.Event(), threading.Event()

    def hold(_: Any) -> None:
        inside.set()
        assert go.wait(30)

    holder = threading.Thread(target=shared.submit, args=([hold],))
    holder.start()
    assert inside.wait(30)

    class Gate:
        def __init__(self) -> None:
            self.times = 0

        def acquire(self) -> None:
            self.times += 1
            if self.times == 2:
                if promoted:
                    go.set()
                    holder.join(30)
                raise KeyboardInterrupt

        def release(self) -> None:
            pass

    monkeypatch.setattr("egov_core.storage.sql.shared_commits._gate", Gate)
    ran: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        shared.submit([lambda _: ran.append(1)])
    monkeypatch.undo()
    go.set()
    holder.join(30)
    assert ran == []
    assert settled(shared)


def test_closing_waits_for_those_who_write_and_refuses_the_next(shared: SharedCommits) -> None:
    done: list[Any] = []
    queue_behind(shared, done.append, lambda _: None)
    assert shared.close()
    assert not shared.close()
    assert len(done) == 3
    with pytest.raises(StorageError, match="closed"):
        shared.submit([lambda _: 1])


def test_a_function_can_neither_write_nor_close(shared: SharedCommits) -> None:
    for act in (lambda _: shared.submit([lambda _: 1]), lambda _: shared.close()):
        assert isinstance(shared.submit([act])[0].error, StorageError)
    assert settled(shared)
