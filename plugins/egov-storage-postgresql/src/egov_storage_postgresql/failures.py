"""What PostgreSQL and its driver say when something fails, as errors of ours.

Rules of this module: reading only. Of an error of the server its first sentence is shown and never the details, since
these quote the row with the values of a person in it. A failure to connect has no code, only the text of the client
library, partly in the server's language: what is not recognised gets the remedy that names everything.
"""

from __future__ import annotations

import psycopg
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from egov_core.errors import StorageBusyError, StorageError
from egov_core.storage.sql.runner import Driver

UNIQUE = "23505"
AGAIN = frozenset({"40001", "40P01", UNIQUE})
"""Serialization failure, deadlock, and a key that somebody else took meanwhile: run the function again (S2)."""

ABORTED = "25P02"
"""A statement after one that failed; the first failure is the one to be told."""

OF_A_ROW = ("22", "23", "42804", "54")
"""Data exceptions, broken constraints, a value of another type, a text too long for an index."""

GOES_ON = "look at the server and the way to it; the store goes on by itself when it is back"
REMEDIES = {
    "08": GOES_ON,
    "25006": "name the primary server: this one only reads",
    "25P03": "do nothing but store in a function given to `write`",
    "42501": "let this user own the database, or GRANT it CREATE and USAGE on the schema and all rights on its tables",
    "42P01": "restore a backup: a table is missing",
    "53100": "make room on the server's disk; the store goes on by itself",
    "53": "look at the server's log; the store goes on by itself",
    "57P": GOES_ON,
    "58": "look at the server's disk and log",
    "XX": "stop, look at the server's log, restore a backup",
}
BUSY = {
    "40001": "try again: others write the same rows",
    "40P01": "try again: others write the same rows",
    "53300": "let the server take more connections (max_connections), or stop other programs",
    "55P03": "look for a program that keeps its transaction open (pg_stat_activity)",
    "57014": "look at statement_timeout of the server or the user; it was too short for this",
}

ABSENT = (
    "refused",
    "No such file",
    "timeout",
    "timed out",
    "translate host name",
    "resolve",
    "unreachable",
    "No route",
)
UNMET = (
    (ABSENT, "start the server, or correct host and port of the URL"),
    (("authentication failed", "no password", "认证失败"), "correct user or password; {where_passwords_stand}"),
    (
        ("database", "does not exist"),
        "make it (createdb --encoding=UTF8 --template=template0 --owner={user} {database}), or correct the URL",
    ),
    (("role", "does not exist"), "make the user (createuser {user}), or correct its name in the URL"),
    (("pg_hba.conf",), "let this user in from this machine (pg_hba.conf of the server)"),
    (("starting up", "shutting down", "recovery"), "wait until the server is up, then try again"),
)
PASSWORDS = "a password stands in the URL (percent-encoded), in PGPASSWORD or in ~/.pgpass"
EVERYTHING = f"look at host, port, database, user and password, and whether the server runs; {PASSWORDS}"


def state(error: BaseException) -> str:
    """The five letters by which the server names an error; empty where the server did not speak."""
    return str(getattr(error, "sqlstate", None) or "")


def says(error: BaseException) -> str:
    """The first sentence of an error."""
    diagnosis = getattr(error, "diag", None)
    primary = getattr(diagnosis, "message_primary", None)
    return str(primary or next(iter(str(error).splitlines()), type(error).__name__))


def is_of_a_row(error: Exception) -> bool:
    """Whether an error is about the values of one row: told by the server, or by the driver before it sent them."""
    code = state(error)
    if code:
        return code != UNIQUE and code.startswith(OF_A_ROW)
    return isinstance(error, psycopg.DataError | psycopg.ProgrammingError | psycopg.NotSupportedError)


def read_error(error: Exception) -> StorageError:
    """An error of the server or the connection, with what can be done about it."""
    if isinstance(error, PoolTimeoutError):
        return StorageBusyError(
            "all connections of this process to PostgreSQL were in use for too long",
            remedy="try again; if it stays, look at what the server is waiting for (pg_stat_activity)",
            holder=None,
        )
    code = state(error)
    if code in BUSY:
        return StorageBusyError(f"PostgreSQL: {says(error)}", remedy=BUSY[code], holder=None, sqlstate=code)
    if not code and isinstance(error, psycopg.OperationalError):
        return StorageError(f"PostgreSQL: {says(error)}", remedy=GOES_ON, sqlstate=code)
    found = [remedy for start, remedy in REMEDIES.items() if code and code.startswith(start)]
    return StorageError(
        f"PostgreSQL: {says(error)}", remedy=found[0] if found else "look at the server's log", sqlstate=code
    )


def read_refusal(error: psycopg.Error, *, where: str, database: str, user: str) -> StorageError:
    """A connection that could not be made."""
    told = " ".join(str(error).replace("connection failed: ", "").split())
    if "too many clients" in told or "connection slots" in told:
        return StorageBusyError(f"{where}: {told}", remedy=BUSY["53300"], holder=None)
    for marks, remedy in UNMET:
        hit = all(mark in told for mark in marks) if marks[-1] == "does not exist" else any(m in told for m in marks)
        if hit:
            remedy = remedy.format(where_passwords_stand=PASSWORDS, database=database, user=user)
            return StorageError(f"{where}: {told}", remedy=remedy)
    return StorageError(f"{where}: {told}", remedy=EVERYTHING)


DRIVER = Driver(errors=(psycopg.Error,), of_a_row=is_of_a_row, says=says, read=read_error)
