"""What SQLite does when the disk is full, a process dies or a row cannot be taken; and how many commits it makes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from egov_core.errors import StorageError
from egov_core.ports.storage import Unit
from egov_core.storage.sql.shared_commits import SharedCommits
from egov_core.storage.sql.sqlite import SqliteTransaction, open_sqlite
from egov_core.storage.sql.storage import SqlStorage
from egov_core.testing import storage_rows as new
from egov_core.testing.storage_rows import AREA, START

KILLED = """
import sys
from egov_core.storage.sql.sqlite import open_sqlite
from egov_core.testing import storage_rows as new
from egov_core.testing.storage_rows import AREA
storage = open_sqlite(sys.argv[1])
def fn(unit):
    number = unit.next_number(AREA, "2016")
    unit.save_case(new.case_row(f"case-{number}"), expected=0)
    unit.append([new.stored_event(n, f"case-{number}") for n in (1, 2, 3)])
    return number
while True:
    print(storage.write(fn), flush=True)
"""


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[SqlStorage]:
    storage = open_sqlite(tmp_path / "county.db")
    yield storage
    storage.close()


def writer_of(storage: SqlStorage) -> Any:
    commits: Any = storage._writer()
    return commits._transaction._connection


def big(stream: str) -> Any:
    def fn(unit: Unit) -> None:
        unit.save_case(new.case_row(stream), expected=0)
        unit.append([new.stored_event(n, stream, payload=bytes(3000)) for n in range(1, 50)])

    return fn


def test_a_full_disk_fails_the_whole_group_and_service_goes_on_when_there_is_room(storage: SqlStorage) -> None:
    writer = writer_of(storage)
    storage.write(lambda unit: unit.save_case(new.case_row("before"), expected=0))
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count={pages + 10}")
    answers = storage.write_all([lambda unit: unit.save_case(new.case_row("a"), expected=0), big("b")])
    assert [type(answer) for answer in answers] == [StorageError, StorageError]
    assert "room" in answers[0].remedy
    for attempt in range(3):
        with pytest.raises(StorageError, match="full"):
            storage.write(big(f"b{attempt}"))
    assert storage.counts(AREA) == {"cases": 1, "events": 0, "timers": 0, "cards": 0, "outbox": 0}
    writer.execute("PRAGMA max_page_count=1000000")
    storage.write(big("b"))
    assert storage.counts(AREA)["events"] == 49
    assert writer.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_function_that_swallows_the_full_disk_is_not_committed(storage: SqlStorage) -> None:
    writer = writer_of(storage)
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count={pages + 10}")

    def fn(unit: Unit) -> None:
        unit.advance(AREA, START)
        with pytest.raises(StorageError):
            big("b")(unit)

    with pytest.raises(StorageError, match="full"):
        storage.write(fn)
    assert storage.last_instant(AREA) is None


def test_a_row_that_the_store_cannot_take_fails_alone(storage: SqlStorage) -> None:
    bad: Any = new.case_row("bad", organ=["not a text"])
    nothing: Any = new.case_row("nothing", organ=None)
    answers = storage.write_all(
        [
            lambda unit: unit.save_case(new.case_row("good"), expected=0),
            lambda unit: unit.save_case(bad, expected=0),
            lambda unit: unit.save_case(nothing, expected=0),
        ]
    )
    assert answers[0] is True
    assert [type(answer) for answer in answers[1:]] == [StorageError, StorageError]
    assert storage.counts(AREA)["cases"] == 1


@pytest.mark.parametrize("change", [{"organ": "half a character \ud83d"}, {"version": 1 << 70}])
def test_what_the_driver_cannot_even_send_is_an_error_of_that_row(storage: SqlStorage, change: dict[str, Any]) -> None:
    def fn(unit: Unit) -> None:
        with pytest.raises(StorageError, match="does not take this row"):
            unit.save_case(new.case_row("bad", **change), expected=0)
        unit.advance(AREA, START)

    storage.write(fn)
    assert (storage.last_instant(AREA), storage.counts(AREA)["cases"]) == (START, 0)
    with pytest.raises(StorageError, match="does not take this row"):
        storage.case(AREA, "\ud83d")


def test_writers_who_wait_share_one_commit(storage: SqlStorage) -> None:
    statements: list[str] = []
    writer_of(storage).set_trace_callback(statements.append)
    shared: Any = storage._writer()
    inside, go = threading.Event(), threading.Event()

    def first(unit: Unit) -> None:
        unit.advance(AREA, START)
        inside.set()
        assert go.wait(30)

    def write(index: int) -> None:
        storage.write(lambda unit: unit.save_case(new.case_row(f"case-{index}"), expected=0))

    leader = threading.Thread(target=storage.write, args=(first,))
    leader.start()
    assert inside.wait(30)
    others = [threading.Thread(target=write, args=(index,)) for index in range(70)]
    for thread in others:
        thread.start()
    while len(shared._queue) < 70:
        threading.Event().wait(0.001)
    go.set()
    for thread in (leader, *others):
        thread.join(30)
    writer_of(storage).set_trace_callback(None)
    assert statements.count("COMMIT") == 3, "one alone, sixty-four together, the last six"
    assert storage.counts(AREA)["cases"] == 70


def test_a_lone_writer_pays_for_no_savepoint(storage: SqlStorage) -> None:
    statements: list[str] = []
    writer_of(storage).set_trace_callback(statements.append)
    storage.write(lambda unit: unit.next_number(AREA, "2016"))
    writer_of(storage).set_trace_callback(None)
    assert [statement.split()[0] for statement in statements] == ["BEGIN", "INSERT", "COMMIT"]


def test_write_all_is_one_commit_of_those_that_succeed(storage: SqlStorage) -> None:
    failure = ValueError("no")

    def fail(unit: Unit) -> None:
        unit.next_number(AREA, "2016")
        raise failure

    def take(unit: Unit) -> int:
        return unit.next_number(AREA, "2016")

    assert storage.write_all([take, fail, take]) == [1, failure, 2]
    assert storage.write_all([fail]) == [failure]
    assert storage.write_all([]) == []
    assert storage.write(take) == 3


def test_a_kill_in_the_middle_of_writes_loses_nothing_acknowledged(tmp_path: Path) -> None:
    file = tmp_path / "county.db"
    acknowledged = 0
    for killed_after in range(1, 60, 6):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(file)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(killed_after):
            acknowledged = int(process.stdout.readline())
        process.kill()
        lines = process.stdout.read().split("\n")
        process.wait(10)
        process.stdout.close()
        acknowledged = max([acknowledged, *(int(line) for line in lines[:-1])])
        with_all = open_sqlite(file, wait=0)
        cases = with_all.counts(AREA)["cases"]
        assert acknowledged <= cases <= acknowledged + 1
        assert list(with_all.streams(AREA)) == sorted(f"case-{n}" for n in range(1, cases + 1))
        assert with_all.counts(AREA)["events"] == 3 * cases
        assert with_all.write(lambda unit: unit.save_case(new.case_row("probe"), expected=9)) is False
        assert writer_of(with_all).execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with_all.close()
    assert acknowledged >= 10


class LosingDisk:
    """A connection whose commit cannot be synced; it counts what it was asked."""

    def __init__(self) -> None:
        self.in_transaction = False
        self.asked: list[str] = []
        self.rowcount = 0

    def cursor(self) -> LosingDisk:
        return self

    def execute(self, statement: str, _parameters: Any = ()) -> LosingDisk:
        self.asked.append(statement)
        self.in_transaction = statement != "ROLLBACK"
        if statement == "COMMIT":
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorname = "SQLITE_IOERR_FSYNC"
            raise error
        return self


def test_after_a_failed_sync_nothing_is_tried_again_until_the_store_is_reopened() -> None:
    disk: Any = LosingDisk()
    shared = SharedCommits(SqliteTransaction(disk))
    errors = [shared.submit([lambda _: "written"])[0].error for _ in range(3)]
    assert disk.asked == ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"]
    assert all(isinstance(error, StorageError) for error in errors)
    assert "open the store again" in getattr(errors[-1], "remedy", "")
