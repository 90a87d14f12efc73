"""The empty file of open cases 在办件迁入表, with every column.

Rules of this room: all words come from `columns`; `workbook` decides how a sheet looks.
"""

from __future__ import annotations

from collections.abc import Sequence

from egov_core.sheets.open_cases.columns import COLUMNS, GROUPS, MAIN, NUMBER, STATES, Column
from egov_core.sheets.workbook import Column as ColumnToFill
from egov_core.sheets.workbook import SheetToWrite, with_notes, write_csv, write_workbook

ENDINGS = (".xlsx", ".csv")
_ROWS = 200
"""How many rows are framed and offer what may be chosen; more can be filled in."""
_CHOICES = {
    "applicant_kind": ("个人", "单位"),
    "channel": ("窗口", "网上", "网站", "移动端"),
    "state": tuple(name for name in STATES if name not in ("已收件", "暂停")),
}


def template(ending: str) -> bytes:
    """The bytes of an empty file; a `.csv` has one sheet, so the groups stand in numbered columns there.

    Raises SettingsError for a workbook where the extra `sheets` is not installed.
    """
    if ending == ".csv":
        numbered = [(f"{group}1{one.heading}", one) for group, columns in GROUPS.items() for one in columns]
        plain = [(one.heading, one) for one in COLUMNS]
        return write_csv(SheetToWrite(name=MAIN, columns=tuple(column_to_fill(*one) for one in (*plain, *numbered))))
    sheets = [_sheet(MAIN, COLUMNS), *(_sheet(group, (NUMBER, *columns)) for group, columns in GROUPS.items())]
    return write_workbook(with_notes(sheets))


def _sheet(name: str, columns: Sequence[Column]) -> SheetToWrite:
    return SheetToWrite(name=name, columns=tuple(column_to_fill(one.heading, one) for one in columns), blank=_ROWS)


def column_to_fill(heading: str, column: Column) -> ColumnToFill:
    """A column of the file, with what a filler should know and may choose."""
    return ColumnToFill(
        heading=heading, note=column.note, required=column.required, choices=_CHOICES.get(column.key, ())
    )
