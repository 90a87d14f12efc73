"""The schema of a database: its version, and how a new one is laid out.

Rules of this room: create everything or check the version, nothing else. A version that this program does not know is
refused: guessing would write rows that the program which made them cannot read.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select

from egov_core.errors import StorageError
from egov_core.storage.sql.tables import PARTIAL, meta, metadata

CURRENT = 6
"""The version of the schema in `tables.py` and of the terms in `domain.search.terms`.

6: the terms of a name are those of its sub-item too;
5: the terms of a name are also found by their item;
4: items and organs have terms to be searched by; 3: outbox rows have a fence; 2: timers know the last day they rest on.
"""


def create_all(connection: Connection) -> None:
    """Lay out an empty database. The caller begins and commits, so that it is there as a whole or not at all."""
    for index, rows in PARTIAL.items():
        index.dialect_options[connection.dialect.name]["where"] = rows
    metadata.create_all(connection)
    connection.execute(insert(meta).values(name="schema", value=str(CURRENT)))


def is_empty(connection: Connection) -> bool:
    """Whether the database has no tables at all."""
    return not inspect(connection).get_table_names()


def check(
    connection: Connection, where: str, *, otherwise: str = "name another file, or one that does not exist"
) -> None:
    """Refuse a database that is not ours or whose schema is another version; `otherwise` is what else to open."""
    if meta.name not in inspect(connection).get_table_names():
        raise StorageError(f"{where} is not a database of egov_core", remedy=otherwise)
    found = connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar()
    if found == str(CURRENT):
        return
    if found is not None and found.isdecimal() and int(found) < CURRENT:
        remedy = (
            "it was written before the first release and cannot be taken over: use that program, or another database"
        )
    elif found is not None and found.isdecimal():
        remedy = "it was written by a newer program: use that program, or restore a backup"
    else:
        remedy = "restore a backup"
    raise StorageError(
        f"{where} has schema {found or 'unknown'}, this program has {CURRENT}",
        remedy=remedy,
        found=found,
        expected=CURRENT,
    )
