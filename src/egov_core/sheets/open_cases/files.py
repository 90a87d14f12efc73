"""A file of open cases as the texts of its sheets.

Rules of this room: what makes the whole file unusable is refused here; nothing here knows what a cell means.
"""

from __future__ import annotations

import csv
import io

from egov_core.errors import CatalogueError
from egov_core.sheets.open_cases.table import Sheets


def read_sheets(data: bytes, *, name: str) -> Sheets:
    """The sheets of a file. Raises CatalogueError where it cannot be used as a whole."""
    try:
        if not name.lower().endswith(".csv"):
            raise ValueError("its name does not end in .csv")
        return {"": list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))}
    except (ValueError, csv.Error) as error:
        raise CatalogueError(f"{name} is no CSV file in UTF-8: {error}", remedy="save it as “CSV UTF-8”") from error
