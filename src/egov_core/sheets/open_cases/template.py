"""The empty file of open cases 在办件迁入表, with every column.

Rules of this room: all words come from `columns`.
"""

from __future__ import annotations

import csv
import io

from egov_core.sheets.open_cases.columns import COLUMNS, GROUPS

ENDINGS = (".csv",)


def template() -> bytes:
    """The bytes of an empty file; a `.csv` has one sheet, so the groups stand in numbered columns there."""
    numbered = [f"{group}1{one.heading}" for group, columns in GROUPS.items() for one in columns]
    text = io.StringIO(newline="")
    csv.writer(text).writerow([*(one.heading for one in COLUMNS), *numbered])
    return text.getvalue().encode("utf-8-sig")
