"""A file of open cases as the texts of its sheets.

Rules of this room: one shape for what the spreadsheet readers give; no meaning.
"""

from __future__ import annotations

import csv
import io

from egov_core.sheets.open_cases.table import Sheets


def read_sheets(data: bytes, *, name: str) -> Sheets:
    """The sheets of a file. Raises CatalogueError where it cannot be used as a whole."""
    return {"": list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))}
