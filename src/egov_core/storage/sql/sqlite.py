"""SQLite: opening a file, its pragmas, its transactions and its errors.

Rules of this room: everything that is SQLite's own and no other dialect's. One writer connection, which alone
checkpoints; readers take `query_only` connections from a small pool, see committed data and never wait for the
writer.

Reason. Versions 3.7.0 to 3.51.2 can corrupt a file when two connections commit and checkpoint at once; with one
writer there never are two. `synchronous=FULL` syncs the log at every commit, so what was acknowledged survives a
power failure.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import NullPool, QueuePool

from egov_core.errors import StorageBusyError, StorageError
from egov_core.ports.health import HealthFinding
from egov_core.storage.sql import place, schema, sqlite_statistics
from egov_core.storage.sql.lock import WriterLock, acquire
from egov_core.storage.sql.runner import Driver, Runner
from egov_core.storage.sql.shared_commits import SharedCommits
from egov_core.storage.sql.statements import Statements, statements
from egov_core.storage.sql.storage import SqlStorage
from egov_core.storage.sql.unit_of_work import SqlUnit

READERS = 4
OLDEST = (3, 35, 0)
WAL_RESET_FIXED = (3, 51, 3)
WAL_RESET_BACKPORTS = {(3, 50): 7, (3, 44): 6}
"""The versions that have the race of the log mended, by the branch."""
BUSY_SECONDS = 5.0
LOG_BYTES = 64 * 1024 * 1024

BOTH = ("PRAGMA foreign_keys=ON", f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}", "PRAGMA temp_store=MEMORY")
WRITER = ("PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=1000", f"PRAGMA journal_size_limit={LOG_BYTES}")
READER = ("PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0")

UNCHANGING = "ro&immutable=1"
"""How SQLite reads a file that nobody changes: without lock, log and places of readers."""

ENDED = {"SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB"}
"""After these nothing that the connection says can be trusted: a failed sync may have lost what it was to keep."""


def open_sqlite(path: str | os.PathLike[str], *, read_only: bool = False, wait: float = BUSY_SECONDS) -> SqlStorage:
    """Open the database in the file at `path`; a file that does not exist is made.

    For writing, the lock beside the file is taken first; another writer is waited for `wait` seconds, then
    StorageBusyError names it. `read_only` takes no lock and refuses to write: for pages in another process, and for a
    copy on a medium on which nobody can write.
    Raises StorageError where the file cannot be used, with what to do about it.
    """
    if sqlite3.sqlite_version_info < OLDEST:
        raise StorageError(
            f"SQLite {sqlite3.sqlite_version} is too old", remedy=f"use {'.'.join(map(str, OLDEST))} or newer"
        )
    file = place.database_file(path, must_exist=read_only)
    if read_only:
        return _open_reading(file)
    lock = acquire(file, wait=wait)
    try:
        return _open_writing(file, lock)
    except BaseException:
        lock.release()
        raise


def read_error(error: Exception) -> StorageError:
    """A driver's error as ours, with what can be done about it."""
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageBusyError(
            f"the database stayed locked for {BUSY_SECONDS:g} seconds",
            remedy="close other programs that write the file; none but ours should",
            holder=None,
        )
    remedies = {
        "SQLITE_FULL": "make room on the disk; the store goes on by itself",
        "SQLITE_READONLY": "let this user write the file and its folder",
        "SQLITE_CANTOPEN": "let this user write the file and its folder",
        "SQLITE_CORRUPT": "stop, keep the file, restore a backup",
        "SQLITE_NOTADB": "name a database file, or restore a backup",
        "SQLITE_IOERR": "look at the disk and the system's log, then start again",
    }
    remedy = next((text for code, text in remedies.items() if name.startswith(code)), "look at the system's log")
    return StorageError(f"SQLite: {error}", remedy=remedy, sqlite=name)


DRIVER = Driver(
    errors=(sqlite3.Error,),
    of_a_row=lambda error: isinstance(
        error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError, sqlite3.InterfaceError)
    ),
    says=str,
    read=read_error,
)


class SqliteTransaction:
    """The transactions of the one writer connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._runner = Runner(connection, DRIVER)
        self._statements = sqlite_statements()
        self._ended: StorageError | None = None

    @property
    def failure(self) -> StorageError | None:
        """The error of the medium that this transaction met, if any."""
        return self._runner.failure

    def begin(self) -> None:
        """Start to write; nobody else can meanwhile."""
        if self._ended is not None:
            raise StorageError(
                f"the store has failed and was stopped: {self._ended}",
                remedy="repair the disk, then open the store again",
            )
        self._runner.failure = None
        self._runner.run("BEGIN IMMEDIATE")

    def unit(self) -> SqlUnit:
        """A unit of work on it."""
        return SqlUnit(self._runner, self._statements)

    def savepoint(self) -> None:
        """Remember this place."""
        self._runner.run("SAVEPOINT unit")

    def release(self) -> None:
        """Forget the savepoint, keep what was done."""
        self._runner.run("RELEASE unit")

    def undo(self) -> None:
        """Undo back to the savepoint, and forget it."""
        self._runner.run("ROLLBACK TO unit")
        self._runner.run("RELEASE unit")

    def commit(self) -> None:
        """Commit, or raise StorageError."""
        self._runner.run("COMMIT")

    def committed(self) -> bool:
        """Whether the last `commit` came through: no transaction is open, and none was rolled back for an error."""
        return self._runner.failure is None and not self._connection.in_transaction

    def rollback(self) -> None:
        """Undo everything; never raises."""
        failure = self._runner.failure
        if failure is not None and str(failure.data.get("sqlite", "")).startswith(tuple(ENDED)):
            self._ended = failure
        if self._connection.in_transaction:  # SQLite has rolled back by itself after some errors
            try:
                self._connection.execute("ROLLBACK")
            except sqlite3.Error as error:
                self._ended = read_error(error)


@cache
def sqlite_statements() -> Statements:
    """The statements for SQLite, compiled at the first opening."""
    return statements(sqlite.dialect(paramstyle="qmark"), sqlite.insert)


def _open_writing(file: Path, lock: WriterLock) -> SqlStorage:
    engine = _engine(file, "rwc", writer=True)
    connection: sqlite3.Connection | None = None
    try:
        connection = _connect(file, "rwc", (*BOTH, *WRITER))
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        if mode != "wal":
            raise StorageError(
                f"{file}: no write-ahead log here (journal mode {mode})", remedy="keep the database on a local disk"
            )
        _lay_out(engine, str(file))
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise read_error(error) from error
    except BaseException:
        if connection is not None:
            connection.close()
        raise
    writer = connection

    def close() -> None:
        writer.close()
        lock.release()

    return SqlStorage(
        name="sqlite",
        readers=_engine(file, "rw"),
        statements=sqlite_statements(),
        driver=DRIVER,
        begin_reading="BEGIN",
        commits=SharedCommits(SqliteTransaction(writer)),
        on_close=close,
        examine=_examined,
    )


def _open_reading(file: Path) -> SqlStorage:
    readers = _engine(file, _how_to_read(file))
    try:
        with readers.connect() as connection:
            schema.check(connection, str(file))
    except Exception as error:
        readers.dispose()
        cause = getattr(error, "orig", error)
        if isinstance(cause, sqlite3.Error):
            raise read_error(cause) from error
        raise
    return SqlStorage(
        name="sqlite",
        readers=readers,
        statements=sqlite_statements(),
        driver=DRIVER,
        begin_reading="BEGIN",
        commits=None,
        on_close=lambda: None,
        examine=_examined,
    )


def _how_to_read(file: Path) -> str:
    """The mode for readers: where nobody can write beside the file, it is read as one that does not change.

    A reader of a log keeps its place in a file of its own beside the database. On a read-only medium, or in a folder
    that is not ours, there can be none; without a log nothing is missing. Raises StorageError where there is one with
    something in it: whoever left it out would show less than was acknowledged.
    """
    log, places = file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")
    if os.access(file.parent, os.W_OK) or (log.exists() and places.exists()):
        return "ro"  # with a log and places there, a reader needs no file of its own: a writer has it open, or had
    if log.exists() and log.stat().st_size:
        raise StorageError(
            f"{file} cannot be read here: its last changes stand in {log.name}, and they are taken in only where the "
            "folder can be written",
            remedy=f"copy {file.name} and {log.name} together to a folder that can be written, and name that one",
            path=str(file),
        )
    return UNCHANGING


def _examined(_readers: Engine) -> Sequence[HealthFinding]:
    """Whether this SQLite has the race of its log: other programs that write the file would run into it."""
    version = sqlite3.sqlite_version_info
    fixed = version >= WAL_RESET_FIXED or version[2] >= WAL_RESET_BACKPORTS.get(version[:2], sys.maxsize)
    message = f"SQLite {sqlite3.sqlite_version}"
    if fixed:
        return (HealthFinding(code="sqlite", severity="ok", message=message),)
    return (
        HealthFinding(
            code="sqlite-wal-reset",
            severity="ok",
            message=f"{message} has the WAL-reset race; it needs two checkpointing writers, and this library has one",
            remedy="do not write to the file with other programs while the office is open",
        ),
    )


def _lay_out(engine: Engine, where: str) -> None:
    """Create the schema in an empty file; check it in another."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            if schema.is_empty(connection):
                schema.create_all(connection)
                sqlite_statistics.write(connection)
            schema.check(connection, where)
            connection.commit()
    except Exception as error:
        cause = getattr(error, "orig", None)
        if isinstance(cause, sqlite3.Error):
            raise read_error(cause) from error
        raise
    finally:
        engine.dispose()


def _engine(file: Path, mode: str, *, writer: bool = False) -> Engine:
    pragmas = (*BOTH, *WRITER) if writer else (*BOTH, *READER)
    settings: dict[str, Any] = {"poolclass": NullPool}
    if not writer:
        settings = {"poolclass": QueuePool, "pool_size": READERS, "max_overflow": 0}
    return create_engine("sqlite+pysqlite://", creator=lambda: _connect(file, mode, pragmas), **settings)


def _connect(file: Path, mode: str, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    """A connection in the driver's autocommit mode: transactions begin where we say so."""
    connection = sqlite3.connect(
        f"file:{quote(str(file))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    for pragma in pragmas:
        connection.execute(pragma)
    return connection
