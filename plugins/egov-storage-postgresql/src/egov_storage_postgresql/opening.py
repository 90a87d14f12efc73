"""Opening a database: the URL, connections and their settings, the schema.

Rules of this module: a connection begins no transaction by itself; what we rest on is set on every connection and not
hoped for in the server's configuration. The URL is never shown, since it may hold a password: `Address.shown` is.

Readers and writers have pools of their own, so that a page never waits for the writers, and a unit that reads on the
side cannot wait for itself. Pools are SQLAlchemy's: they connect in the caller's thread, so that the caller learns why
there is no connection, and as soon as there is one again it is used.
"""

from __future__ import annotations

import re
import select
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import attrs
import psycopg
from psycopg.adapt import Dumper
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from egov_core.errors import StorageError
from egov_core.ports.health import HealthFinding
from egov_core.storage.sql import schema
from egov_core.storage.sql.statements import Statements, statements
from egov_core.storage.sql.storage import SqlStorage
from egov_storage_postgresql.failures import BUSY, DRIVER, read_error, read_refusal
from egov_storage_postgresql.transactions import Transactions

READERS = 4
WRITERS = 4
BUSY_SECONDS = 10
CONNECT_SECONDS = 5
HOUR = 3600
OLDEST = 130000
LAYING_OUT = 0x65676F76
"""The advisory lock under which the schema is made: two processes may open an empty database at once."""

BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

SETTINGS = """
SELECT set_config('lock_timeout', %(busy)s, false),
       set_config('idle_in_transaction_session_timeout', '60s', false),
       set_config('default_transaction_read_only', %(read_only)s, false),
       set_config('jit', 'off', false), set_config('max_parallel_workers_per_gather', '0', false),
       set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
                  ELSE current_setting('synchronous_commit') END, false)
"""
"""A stopped program must not hold its rows for ever; what was acknowledged must be on the disk (S1).

No statement of ours is long: to compile one, or to start workers for it, takes longer than all of its work. Before a
new table has statistics, the planner thinks otherwise.
"""

CONDITION = """
SELECT current_setting('server_version'), current_setting('fsync'), current_setting('full_page_writes'),
       (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend'),
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
"""

SERVER = """
SELECT current_setting('server_version_num')::int, current_setting('server_version'),
       current_setting('server_encoding'), current_schema()
"""
OTHERWISE = "name another database, or an empty one (createdb --encoding=UTF8 --template=template0 --owner=USER NAME)"


@attrs.frozen(repr=False)
class Address:
    """Where a database is. Its representation is what may be shown."""

    parameters: dict[str, Any]

    def __repr__(self) -> str:
        return self.shown

    @property
    def database(self) -> str:
        """The name of the database, as the client library would choose it."""
        return str(self.parameters.get("dbname") or self.user)

    @property
    def user(self) -> str:
        """The user named, empty where the client library chooses."""
        return str(self.parameters.get("user") or "")

    @property
    def shown(self) -> str:
        """The address without its password."""
        host, port = (str(self.parameters.get(name) or "") for name in ("host", "port"))
        place = f"{host}:{port}" if port else host
        who = f"{self.user}@" if self.user else ""
        if "/" in host:
            return f"postgresql://{who}/{self.database}?host={host}" + (f"&port={port}" if port else "")
        return f"postgresql://{who}{place}/{self.database}"


def read_url(url: str) -> Address:
    """The address a URL names. Raises StorageError, which does not quote what may be a password."""
    name = url.rpartition("@")[0].partition("//")[2]
    told = "user or password cannot be read"
    if not set(name) & set("/?#@"):  # where it has one of these, the client library would take it for something else
        try:
            return Address({key: value for key, value in conninfo_to_dict(url).items() if value is not None})
        except psycopg.Error as error:
            secrets = {one for given in (name, *re.findall("password=([^&]*)", url)) for one in given.split(":", 1)}
            if not any(one and one in str(error) for one in secrets):
                told = str(error).strip()
    raise StorageError(
        f"the URL of the database cannot be read: {told}",
        remedy="write postgresql://user@host:5432/database; what is not a letter or a digit in user and password is "
        "percent-encoded (@ is %40)",
    )


def open_postgresql(url: str) -> SqlStorage:
    """Open the database at `url`; an empty one gets its tables.

    Any number of processes may have it open and write. Raises StorageError where it cannot be used, with what to do
    about it; StorageBusyError where the server has no connection left.
    """
    address = read_url(url)
    writers = _engine(address, WRITERS, read_only=False)
    try:
        _lay_out(writers, address.shown)
    except BaseException:
        writers.dispose()
        raise
    return SqlStorage(
        name="postgresql",
        readers=_engine(address, READERS, read_only=True),
        statements=postgresql_statements(),
        driver=DRIVER,
        begin_reading=BEGIN_READING,
        commits=Transactions(writers, take, postgresql_statements()),
        on_close=writers.dispose,
        examine=examined,
    )


def examined(engine: Engine) -> Sequence[HealthFinding]:
    """What the doctor tells of the server: which one it is, whether it keeps what was acknowledged, whether it is full.

    Raises StorageError where it cannot be asked.
    """
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql(CONDITION).one()
    except (SQLAlchemyError, psycopg.Error) as error:
        raise read_error(getattr(error, "orig", None) or error) from error
    return tuple(_findings(*found))


def _findings(version: str, fsync: str, full_pages: str, taken: int, most: int) -> Iterator[HealthFinding]:
    yield HealthFinding(code="postgresql", severity="ok", message=f"PostgreSQL {version}")
    for name, value in (("fsync", fsync), ("full_page_writes", full_pages)):
        if value == "off":
            yield HealthFinding(
                code="postgresql-not-durable",
                severity="error",
                message=f"the server runs with {name} = off: a power failure can damage the database for good",
                remedy=f"set {name} = on in postgresql.conf, then have the server read it again",
            )
    if most - taken < READERS + WRITERS:
        yield HealthFinding(
            code="postgresql-connections",
            severity="warning",
            message=f"{taken} of the server's {most} connections are in use; a process of ours takes up to "
            f"{READERS + WRITERS}",
            remedy=BUSY["53300"],
        )


@cache
def postgresql_statements() -> Statements:
    """The statements for PostgreSQL, compiled at the first opening."""
    dialect = PGDialect(paramstyle="format")  # type: ignore[no-untyped-call]  # the class has no annotations
    return statements(dialect, postgresql.insert)


def take(engine: Engine) -> PoolProxiedConnection:
    """A connection of a pool. Raises StorageError, StorageBusyError when all were in use all the time."""
    try:
        return engine.raw_connection()
    except (SQLAlchemyError, psycopg.Error) as error:
        raise read_error(error) from error


def _lay_out(engine: Engine, where: str) -> None:
    """Create the schema in an empty database, check it in another; one process at a time."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LAYING_OUT})")
            _check_server(connection.exec_driver_sql(SERVER).one(), where)
            if schema.is_empty(connection):
                schema.create_all(connection)
            schema.check(connection, where, otherwise=OTHERWISE)
            connection.commit()
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None)
        if isinstance(cause, psycopg.Error):
            raise read_error(cause) from error
        raise


def _check_server(found: Any, where: str) -> None:
    number, version, encoding, place = found
    if number < OLDEST:
        raise StorageError(
            f"{where}: PostgreSQL {version} is too old", remedy=f"use version {OLDEST // 10000} or newer"
        )
    if encoding != "UTF8":
        raise StorageError(
            f"{where} keeps its texts in {encoding}",
            remedy="make a database in UTF-8: createdb --encoding=UTF8 --template=template0 --owner=USER NAME",
        )
    if place is None:
        raise StorageError(
            f"{where}: the user's search_path names no schema that exists", remedy="create the schema, or let it be"
        )


def _engine(address: Address, size: int, *, read_only: bool) -> Engine:
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: _connect(address, read_only=read_only),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        pool_recycle=HOUR,
        # Writers end their transactions themselves; and psycopg forgets its prepared statements with each ROLLBACK.
        pool_reset_on_return="commit" if read_only else None,
        use_native_hstore=False,
        hide_parameters=True,
    )
    event.listen(engine, "checkout", _check_idle)
    return engine


def _connect(address: Address, *, read_only: bool) -> psycopg.Connection[Any]:
    """A connection in the driver's autocommit mode: transactions begin where we say so."""
    defaults = {"connect_timeout": CONNECT_SECONDS, "application_name": "egov_core"}
    try:
        connection = psycopg.connect(**{**defaults, **address.parameters, "client_encoding": "UTF8"}, autocommit=True)
    except psycopg.Error as error:
        raise read_refusal(error, where=address.shown, database=address.database, user=address.user) from error
    for kind in (list, tuple):
        connection.adapters.register_dumper(kind, _Refused)
    try:
        connection.execute(SETTINGS, {"busy": f"{BUSY_SECONDS}s", "read_only": "on" if read_only else "off"})
    except psycopg.Error as error:
        connection.close()
        raise read_error(error) from error
    return connection


class _Refused(Dumper):
    """Refuses values that the driver would write as the text of an array or a record, and no column means."""

    def dump(self, obj: Any) -> bytes:
        """Refuse."""
        raise psycopg.DataError(f"no column takes a {type(obj).__name__}")


def _check_idle(connection: psycopg.Connection[Any], *_: object) -> None:
    """Refuse a connection that the server has closed while it lay idle; without asking the server.

    There is nothing to read on an idle connection unless the server said goodbye; then the whole pool is as old.
    """
    if _has_something_to_say(connection.fileno()):
        try:
            connection.execute("")
        except psycopg.Error as error:
            raise InvalidatePoolError from error


def _has_something_to_say(descriptor: int) -> bool:
    if sys.platform == "win32":  # no poll; and no limit on the number of the descriptor
        return bool(select.select([descriptor], [], [], 0)[0])
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
