"""The server goes away and comes back; rows that it does not take."""

from __future__ import annotations

import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from egov_core.errors import StorageError
from egov_core.ports.storage import Unit
from egov_core.storage.sql.storage import SqlStorage
from egov_core.testing import storage_rows as new
from egov_core.testing.storage_rows import AREA, START, later
from egov_storage_postgresql import transactions
from egov_storage_postgresql.testing import PostgresqlServer

Behind = Callable[[str], list[tuple[Any, ...]]]

END_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid()"
)


@pytest.fixture
def server(postgresql_server: PostgresqlServer) -> Iterator[PostgresqlServer]:
    """The server, started again if the test has left it stopped."""
    yield postgresql_server
    if not postgresql_server.running:
        postgresql_server.start()


def warm(storage: SqlStorage) -> None:
    """Leave idle connections in both pools."""
    storage.write(lambda unit: unit.save_case(new.case_row(), expected=0))
    assert storage.case(AREA, "case-1") is not None


# --- the connection is lost -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crash", [False, True])
def test_while_the_server_is_away_every_call_is_refused_and_afterwards_none(
    storage: SqlStorage, server: PostgresqlServer, *, crash: bool
) -> None:
    warm(storage)
    server.stop(crash=crash)
    calls: list[Callable[[], Any]] = [
        lambda: storage.write(lambda unit: unit.head(AREA, "x")),
        lambda: storage.case(AREA, "case-1"),
        lambda: storage.counts(AREA),
    ]
    for call in calls:
        with pytest.raises(StorageError) as caught:
            call()
        assert "start the server" in caught.value.remedy
    server.start()
    assert storage.case(AREA, "case-1") == new.case_row()
    assert storage.write(lambda unit: unit.next_number(AREA, "2016")) == 1


def test_a_server_restarted_between_two_calls_is_not_noticed(storage: SqlStorage, server: PostgresqlServer) -> None:
    warm(storage)
    server.stop()
    server.start()
    assert storage.write(lambda unit: unit.save_case(new.case_row(version=2), expected=1))
    assert storage.case(AREA, "case-1") == new.case_row(version=2)


def test_a_server_restarted_within_a_unit_undoes_it(storage: SqlStorage, server: PostgresqlServer) -> None:
    def fn(unit: Unit) -> None:
        unit.save_case(new.case_row(), expected=0)
        server.stop(crash=True)
        server.start()
        with pytest.raises(StorageError):
            unit.append([new.stored_event(1)])

    with pytest.raises(StorageError, match="PostgreSQL"):
        storage.write(fn)
    assert storage.counts(AREA) == {"cases": 0, "events": 0, "timers": 0, "cards": 0, "outbox": 0}
    assert storage.write(lambda unit: unit.save_case(new.case_row(), expected=0))


def test_a_connection_ended_before_the_commit_undoes_the_unit(storage: SqlStorage, behind: Behind) -> None:
    def fn(unit: Unit) -> None:
        unit.save_case(new.case_row(), expected=0)
        behind(END_ALL)

    with pytest.raises(StorageError):
        storage.write(fn)
    assert storage.case(AREA, "case-1") is None


class Committing:
    """A connection whose commit is lost: before or after the server heard of it."""

    def __init__(self, connection: Any, behind: Behind, *, heard: bool) -> None:
        self.connection, self.behind, self.heard = connection, behind, heard

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def commit(self) -> None:
        if self.heard:
            self.connection.commit()
        self.behind(END_ALL)
        self.connection.execute("SELECT 1")


@pytest.fixture
def losing(monkeypatch: pytest.MonkeyPatch, behind: Behind) -> Callable[[bool], None]:
    """Have the connection lost in every commit from now on."""
    plain = transactions.Transactions._commit

    def lose(heard: bool) -> None:
        def commit(self: Any, connection: Any, number: str) -> None:
            plain(self, Committing(connection, behind, heard=heard), number)

        monkeypatch.setattr(transactions.Transactions, "_commit", commit)

    return lose


def test_a_commit_that_the_server_has_done_is_acknowledged_though_the_answer_was_lost(
    storage: SqlStorage, losing: Callable[[bool], None]
) -> None:
    losing(True)
    assert storage.write(lambda unit: unit.next_number(AREA, "2016")) == 1
    assert storage.write(lambda unit: unit.next_number(AREA, "2016")) == 2


def test_a_commit_that_the_server_never_heard_of_is_a_failure_with_nothing_written(
    storage: SqlStorage, losing: Callable[[bool], None]
) -> None:
    losing(False)
    with pytest.raises(StorageError):
        storage.write(lambda unit: unit.save_case(new.case_row(), expected=0))
    assert storage.case(AREA, "case-1") is None


def test_where_nobody_can_be_asked_it_is_said_that_the_outcome_is_unknown(
    storage: SqlStorage, losing: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    losing(True)
    monkeypatch.setattr(transactions, "BECAME", "SELECT NULL FROM pg_class WHERE %s::text IS NULL")
    monkeypatch.setattr(transactions, "NAP", 0)
    with pytest.raises(StorageError, match="cannot be asked") as caught:
        storage.write(lambda unit: unit.next_number(AREA, "2016"))
    assert "same key" in caught.value.remedy


def test_an_interruption_in_a_unit_reaches_its_caller_and_the_connection_is_good_again(storage: SqlStorage) -> None:
    def fn(unit: Unit) -> None:
        unit.advance(AREA, START)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        storage.write(fn)
    assert storage.last_instant(AREA) is None
    assert storage.write(lambda unit: unit.next_number(AREA, "2016")) == 1


def test_an_interruption_while_waiting_for_a_row_ends_the_waiting(storage: SqlStorage) -> None:
    inside, go = threading.Event(), threading.Event()

    def hold(unit: Unit) -> None:
        unit.next_number(AREA, "2016")
        inside.set()
        assert go.wait(30)

    holder = threading.Thread(target=storage.write, args=(hold,))
    holder.start()
    assert inside.wait(30)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background ignores it
    threading.Timer(0.5, signal.raise_signal, (signal.SIGINT,)).start()
    with pytest.raises(KeyboardInterrupt):
        storage.write(lambda unit: unit.next_number(AREA, "2016"))
    signal.signal(signal.SIGINT, before)
    go.set()
    holder.join(30)
    assert storage.write(lambda unit: unit.next_number(AREA, "2016")) == 2


# --- rows that are not taken ------------------------------------------------------------------------------------------

UNTAKEN = [
    {"organ": "a\0b"},
    {"organ": "half a character \ud83d"},
    {"organ": ["not a text"]},
    {"organ": None},
    {"version": 1 << 63},
    {"version": 1 << 70},
    {"case_id": "long" + "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(4000))},
]
"""What the driver refuses, what the server refuses, and a key too long for its index."""


@pytest.mark.parametrize("change", UNTAKEN, ids=["nul", "surrogate", "list", "none", "int8", "huge", "long"])
def test_a_row_that_cannot_be_taken_is_one_clear_error_and_fails_alone(
    storage: SqlStorage, change: dict[str, Any]
) -> None:
    bad = new.case_row(**{"case_id": "bad", "data": b"personal", **change})
    with pytest.raises(StorageError, match="does not take this row") as caught:
        storage.write(lambda unit: unit.save_case(bad, expected=0))
    assert "\\x706572736f6e616c" not in "".join(traceback.format_exception(caught.value))
    answers = storage.write_all(
        [
            lambda unit: unit.save_case(new.case_row("good"), expected=0),
            lambda unit: unit.save_case(bad, expected=0),
            lambda unit: unit.advance(AREA, START),
        ]
    )
    assert answers[0] is True
    assert isinstance(answers[1], StorageError)
    assert answers[2] is None
    assert (storage.counts(AREA)["cases"], storage.last_instant(AREA)) == (1, START)


@pytest.mark.parametrize("change", UNTAKEN[:2], ids=["nul", "surrogate"])
def test_a_unit_may_go_on_after_what_the_driver_did_not_even_send(storage: SqlStorage, change: dict[str, Any]) -> None:
    def fn(unit: Unit) -> None:
        with pytest.raises(StorageError, match="does not take this row"):
            unit.save_case(new.case_row("bad", **change), expected=0)
        with pytest.raises(StorageError, match="does not take this row"):
            unit.append([new.stored_event(1), new.stored_event(2, actor=change["organ"])])
        unit.append([new.stored_event(1)])

    storage.write(fn)
    assert storage.counts(AREA) == {"cases": 0, "events": 1, "timers": 0, "cards": 0, "outbox": 0}
    with pytest.raises(StorageError, match="does not take this row"):
        storage.case(AREA, change["organ"])


def test_a_unit_that_swallows_what_the_server_refused_is_not_committed(storage: SqlStorage) -> None:
    nothing: Any = new.case_row("nothing", organ=None)

    def swallow(unit: Unit) -> None:
        unit.advance(AREA, START)
        with pytest.raises(StorageError):
            unit.save_case(nothing, expected=0)

    def go_on(unit: Unit) -> None:
        swallow(unit)
        with pytest.raises(StorageError):
            unit.advance(AREA, later(1))

    for fn in (swallow, go_on):
        with pytest.raises(StorageError, match="null value"):
            storage.write(fn)
        assert storage.last_instant(AREA) is None


def test_write_all_is_one_commit_of_those_that_succeed(storage: SqlStorage, behind: Behind) -> None:
    failure = ValueError("no")

    def take(unit: Unit) -> int:
        return unit.next_number(AREA, "2016")

    def fail(unit: Unit) -> None:
        unit.next_number(AREA, "2016")
        raise failure

    assert storage.write_all([take, fail, take]) == [1, failure, 2]
    assert storage.write_all([fail]) == [failure]
    assert storage.write_all([]) == []
    assert behind("SELECT last FROM series") == [(2,)]


def test_a_failed_read_leaves_a_connection_that_reads(storage: SqlStorage, behind: Behind) -> None:
    behind("ALTER TABLE cases RENAME TO gone")
    for _ in range(6):
        with pytest.raises(StorageError) as caught:
            storage.case(AREA, "x")
        assert "backup" in caught.value.remedy
    behind("ALTER TABLE gone RENAME TO cases")
    assert storage.case(AREA, "x") is None


def test_threads_that_read_and_write_leave_no_transaction_open(storage: SqlStorage, behind: Behind) -> None:
    def work(index: int) -> None:
        for turn in range(10):
            storage.write(lambda unit, name=f"{index}-{turn}": unit.append([new.stored_event(1, name)]))  # type: ignore[misc]  # mypy does not infer a default argument
            storage.counts(AREA)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    states = behind(
        "SELECT state, count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() GROUP BY state"
    )
    assert [state for state, _ in states] == ["idle"]
    assert states[0][1] <= 8
