"""The file of a SQLite storage: its lock, its pragmas, its schema and the places where it may not lie."""

# ruff: noqa: S608 - statements over our own names

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from egov_core.errors import StorageBusyError, StorageError
from egov_core.storage.sql import lock, place, schema
from egov_core.storage.sql.sqlite import open_sqlite
from egov_core.storage.sql.storage import SqlStorage
from egov_core.testing import storage_rows as new
from egov_core.testing.storage_rows import AREA, START

HOLD = """
import sys
from egov_core.storage.sql.sqlite import open_sqlite
storage = open_sqlite(sys.argv[1])
print("holding", flush=True)
sys.stdin.read()
storage.close()
"""


@contextmanager
def another_writer(file: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the writer's lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "holding\n"
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def writer_of(storage: SqlStorage) -> sqlite3.Connection:
    """The writer's connection, to look at it."""
    commits: Any = storage._writer()
    connection: sqlite3.Connection = commits._transaction._connection
    return connection


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "county.db"


# --- the lock ---------------------------------------------------------------------------------------------------------


def test_a_second_writer_is_refused_with_the_name_of_the_first(file: Path) -> None:
    with another_writer(file) as holder:
        with pytest.raises(StorageBusyError, match=str(holder.pid)) as caught:
            open_sqlite(file, wait=0.1)
        named = caught.value.data["holder"]
        assert named["pid"] == holder.pid
        assert set(named) == {"pid", "program", "host", "since"}
        assert named == json.loads(Path(f"{file}.lock").read_text(encoding="utf-8"))
        assert named["since"].endswith("+08:00")
        assert caught.value.remedy
    open_sqlite(file, wait=0).close()


def test_the_lock_of_a_killed_writer_is_free_at_once(file: Path) -> None:
    with another_writer(file) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(10)
        open_sqlite(file, wait=0).close()


def test_a_writer_waits_for_one_who_is_about_to_finish(file: Path) -> None:
    first = open_sqlite(file)
    closing = threading.Timer(0.02, first.close)
    closing.start()
    open_sqlite(file, wait=5).close()
    closing.join()


def test_two_writers_in_one_process_are_one_too_many_also_by_another_name(file: Path) -> None:
    storage = open_sqlite(file)
    link = file.with_name("link.db")
    link.symlink_to(file)
    for name in (file, link):
        with pytest.raises(StorageBusyError, match=str(os.getpid())):
            open_sqlite(name, wait=0)
    storage.close()
    assert lock.holder(file) is None


def test_a_failed_opening_leaves_no_lock(file: Path) -> None:
    file.write_bytes(b"this is not a database, it is a text of more than a hundred bytes " * 3)
    for _ in range(2):
        with pytest.raises(StorageError) as caught:
            open_sqlite(file, wait=0)
        assert not isinstance(caught.value, StorageBusyError)


# --- reading without the lock -----------------------------------------------------------------------------------------


def test_a_reader_sees_what_is_committed_and_cannot_write(file: Path) -> None:
    writer = open_sqlite(file)
    reader = open_sqlite(file, read_only=True)
    assert reader.case(AREA, "case-1") is None
    writer.write(lambda unit: unit.save_case(new.case_row(), expected=0))
    assert reader.case(AREA, "case-1") == new.case_row()
    with pytest.raises(StorageError, match="opened for reading"):
        reader.write(lambda unit: unit.head(AREA, "x"))
    writer.close()
    assert reader.case(AREA, "case-1") == new.case_row()
    reader.close()
    late = open_sqlite(file, read_only=True)
    assert late.case(AREA, "case-1") == new.case_row()
    late.close()


def closed_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may write in a folder; whoever is root could all the same."""
    may = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: not (mode == os.W_OK and Path(path).is_dir()) and may(path, mode)
    )


def test_a_copy_where_nobody_can_write_is_read_and_nothing_is_left_beside_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = open_sqlite(file)
    writer.write(lambda unit: unit.save_case(new.case_row(), expected=0))
    writer.close()
    Path(f"{file}.lock").unlink()
    closed_folder(monkeypatch)
    reader = open_sqlite(file, read_only=True)
    assert reader.case(AREA, "case-1") == new.case_row()
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    reader.close()


def test_a_copy_whose_last_changes_cannot_be_taken_in_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with another_writer(file) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(10)
    Path(f"{file}-wal").write_bytes(b"what was acknowledged last")
    Path(f"{file}-shm").unlink(missing_ok=True)
    closed_folder(monkeypatch)
    with pytest.raises(StorageError, match=r"county\.db-wal") as caught:
        open_sqlite(file, read_only=True)
    assert "county.db and county.db-wal together" in caught.value.remedy


def test_a_reader_needs_a_file(file: Path) -> None:
    with pytest.raises(StorageError, match="no file"):
        open_sqlite(file, read_only=True)
    assert not file.exists()


# --- pragmas ----------------------------------------------------------------------------------------------------------


def test_the_writer_syncs_and_checkpoints_and_readers_do_neither(file: Path) -> None:
    storage = open_sqlite(file)

    def asked(connection: Any, pragma: str) -> Any:
        return connection.execute(f"PRAGMA {pragma}").fetchone()[0]

    writer = writer_of(storage)
    assert asked(writer, "journal_mode") == "wal"
    assert asked(writer, "synchronous") == 2, "FULL"
    assert asked(writer, "foreign_keys") == 1
    assert asked(writer, "wal_autocheckpoint") == 1000
    assert asked(writer, "query_only") == 0
    for engine in (storage._readers,):
        reader = engine.raw_connection()
        assert asked(reader.driver_connection, "query_only") == 1
        assert asked(reader.driver_connection, "wal_autocheckpoint") == 0
        assert asked(reader.driver_connection, "foreign_keys") == 1
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.driver_connection.execute("DELETE FROM cases")  # type: ignore[union-attr]  # it is connected
        reader.close()
    storage.close()


def test_the_log_is_folded_into_the_file_at_the_end(file: Path) -> None:
    storage = open_sqlite(file)
    storage.write(lambda unit: unit.save_case(new.case_row(), expected=0))
    assert Path(f"{file}-wal").exists()
    storage.close()
    assert not Path(f"{file}-wal").exists()


# --- the schema -------------------------------------------------------------------------------------------------------


def altered(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("statement", "remedy"),
    [
        (f"UPDATE meta SET value = '{schema.CURRENT + 1}'", "newer program"),
        ("UPDATE meta SET value = '0'", "before the first release"),
        ("UPDATE meta SET value = 'x'", "backup"),
        ("DELETE FROM meta", "backup"),
        ("DROP TABLE meta", "another file"),
    ],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_schema_that_is_not_this_one_is_refused(file: Path, statement: str, remedy: str, read_only: bool) -> None:
    open_sqlite(file).close()
    altered(file, statement)
    before = file.read_bytes()
    with pytest.raises(StorageError) as caught:
        open_sqlite(file, read_only=read_only)
    assert remedy in caught.value.remedy
    assert file.read_bytes() == before


def test_an_empty_file_is_laid_out(file: Path) -> None:
    file.touch()
    open_sqlite(file).close()
    open_sqlite(file).close()


def test_a_truncated_file_is_refused_or_says_so_when_read(file: Path) -> None:
    storage = open_sqlite(file)
    storage.write(lambda unit: unit.append([new.stored_event(n) for n in range(1, 300)]))
    storage.close()
    file.write_bytes(file.read_bytes()[: 4096 * 8 + 100])
    with pytest.raises(StorageError):  # noqa: PT012 - either of the two must say so
        torn = open_sqlite(file)
        try:
            torn.events(AREA, "case-1")
        finally:
            torn.close()


# --- places -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["", ":memory:", "postgresql://host/db", "file:x.db", "//server/share/x.db", "\\\\s\\x"]
)
def test_what_is_not_a_local_file_is_refused(path: str) -> None:
    with pytest.raises(StorageError) as caught:
        open_sqlite(path)
    assert caught.value.remedy


def test_a_folder_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "x.db"):
        with pytest.raises(StorageError):
            open_sqlite(path)


def test_a_network_file_system_is_refused(tmp_path: Path) -> None:
    share = tmp_path / "sh are"
    share.mkdir()
    mounts = tmp_path / "mounts"
    escaped = str(share).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nhost:/x {escaped} nfs4 rw 0 0\nodd\n", encoding="utf-8")
    with pytest.raises(StorageError, match="nfs4"):
        place.database_file(share / "x.db", must_exist=False, mounts=mounts)
    assert place.database_file(tmp_path / "x.db", must_exist=False, mounts=mounts) == (tmp_path / "x.db").resolve()
    assert place.file_system(tmp_path, tmp_path / "no such file") == ""


def test_a_place_that_cannot_be_written_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_sqlite(file).close()
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    with pytest.raises(StorageError, match="cannot be written") as caught:
        open_sqlite(file)
    assert "user" in caught.value.remedy


def test_reading_goes_on_while_somebody_writes_from_outside(file: Path) -> None:
    storage = open_sqlite(file)
    outside = sqlite3.connect(file, isolation_level=None)
    outside.execute("BEGIN IMMEDIATE")
    writer_of(storage).execute("PRAGMA busy_timeout=10")
    with pytest.raises(StorageBusyError) as caught:
        storage.write(lambda unit: unit.advance(AREA, START))
    assert caught.value.remedy
    assert storage.last_instant(AREA) is None
    outside.execute("ROLLBACK")
    outside.close()
    storage.write(lambda unit: unit.advance(AREA, START))
    assert storage.last_instant(AREA) == START
    storage.close()
