"""A file of open cases as the texts of its sheets, and what is wrong with single cells of it.

Rules of this room: `tables` reads, and turns away what is hostile or unusable; nothing here knows what a cell means.
"""

from __future__ import annotations

from collections.abc import Sequence

from egov_core.domain.cells import CellFault
from egov_core.sheets.grid import Table
from egov_core.sheets.open_cases.table import Sheets
from egov_core.sheets.tables import read_tables


def read_sheets(data: bytes, *, name: str) -> tuple[Sheets, tuple[CellFault, ...]]:
    """The sheets of a file, hidden ones left out. Raises CatalogueError where it cannot be used as a whole."""
    tables = [table for table in read_tables(data, name=name) if not table.hidden]
    faults = tuple(fault for table in tables for fault in table.faults)
    return {table.sheet: _rows(table) for table in tables}, faults


def _rows(table: Table) -> Sequence[Sequence[str]]:
    """The rows from row 1 on; those that are wholly empty are left out by the reader, and stand here as such."""
    rows: list[Sequence[str]] = [()] * (table.rows[-1].number if table.rows else 0)
    for row in table.rows:
        rows[row.number - 1] = row.texts
    return rows
