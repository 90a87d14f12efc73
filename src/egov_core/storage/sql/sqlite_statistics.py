"""What SQLite's planner is told about the sizes of things: fixed figures of a county, written when the schema is made.

Rules of this room: guesses only, in one table; nothing is measured here.

Reason. Without figures SQLite supposes that ten rows share an area, so that it rather walks `(area)` in the order
wanted than sorts three rows found by `(area, case_id)`: in a county, where all rows share the area, it walked them
all. Fixed figures also keep the plans of a file the same from its first day on, whatever it holds. An `ANALYZE`
replaces them.
"""

from __future__ import annotations

from math import ceil

from sqlalchemy import Connection, Table

from egov_core.storage.sql.tables import metadata

ROWS = 1_000_000
PARTIAL = 100_000
"""How many of them stand in an index over some: timers that run, cards to come, rows that wait to be sent."""

DISTINCT = {
    "area": 1,
    "whole": 3,
    "level": 3,
    "organ": 40,
    "kind": 20,
    "rule": 4,
    "epoch": 1,
    "term": 20_000,
    "field": 5,
    "version": 2,
    "actor": 1_000,
    "position": 4,
    "revoked_at": 1,
    "at": 100_000,
    "received_at": 100_000,
    "next_fire_at": 100_000,
    "next_attempt_at": 100_000,
    "case_id": 300_000,
    "stream": 300_000,
    "timer_id": 500_000,
    "covers_to": 1_000,
    "started_at": 100_000,
}
"""How many values a column has within a county; a column that is not named has as many as there are rows."""


def write(connection: Connection) -> None:
    """Write the figures for every index; connections opened afterwards plan by them."""
    connection.exec_driver_sql("ANALYZE sqlite_schema")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    rows = [row for table in metadata.sorted_tables for row in _figures(connection, table)]
    connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", rows)


def _figures(connection: Connection, table: Table) -> list[tuple[str, str, str]]:
    without_rowid = table.dialect_options["sqlite"]["with_rowid"] is False
    found: list[tuple[str, str, str]] = []
    for _, name, unique, origin, partial in connection.exec_driver_sql(f"PRAGMA index_list({table.name})").all():
        columns = [info[2] for info in connection.exec_driver_sql(f"PRAGMA index_info({name})").all()]
        rows = PARTIAL if partial else ROWS
        shared, figures = float(rows), [rows]
        for column in columns:
            shared /= DISTINCT.get(column, rows)
            figures.append(max(1, ceil(shared)))
        if unique:
            figures[-1] = 1
        # The key's own tree of a table without rowid goes by the name of the table.
        index = table.name if without_rowid and origin == "pk" else name
        found.append((table.name, index, " ".join(map(str, figures))))
    return found
