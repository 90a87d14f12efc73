"""The empty file of open cases 在办件迁入表, with every column and what stands in it.

Rules of this room: all words come from `columns`; a cell of the user's is text, so that a number or a date stays as it
was typed. xlsxwriter writes it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from egov_core.errors import SettingsError
from egov_core.sheets.open_cases.columns import COLUMNS, GROUPS, MAIN, NUMBER, STATES, Column

ENDINGS = (".xlsx", ".csv")
_ROWS = 5_000
"""How many rows are formatted as text and offer lists of values."""
_LISTS = {
    "applicant_kind": ["个人", "单位"],
    "channel": ["窗口", "网上"],
    "state": [name for name in STATES if name not in ("已收件", "暂停")],
}


def template(ending: str) -> bytes:
    """The bytes of an empty file; a `.csv` has one sheet, so the groups stand in numbered columns there."""
    return _as_csv() if ending == ".csv" else _as_workbook()


def _as_csv() -> bytes:
    numbered = [f"{group}1{one.heading}" for group, columns in GROUPS.items() for one in columns]
    text = io.StringIO(newline="")
    csv.writer(text).writerow([*(one.heading for one in COLUMNS), *numbered])
    return text.getvalue().encode("utf-8-sig")


def _as_workbook() -> bytes:
    try:
        import xlsxwriter
    except ImportError as error:
        raise SettingsError(
            "an .xlsx file needs a package that is not installed (xlsxwriter)",
            remedy="pip install 'egov-core[sheets]', or name the file .csv",
        ) from error
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    formats = {
        "text": book.add_format({"num_format": "@"}),
        "must": book.add_format({"bold": True, "bg_color": "#F3D6D0", "border": 1}),
        "may": book.add_format({"bold": True, "bg_color": "#E4E8EC", "border": 1}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    _sheet(book, formats, MAIN, COLUMNS)
    for group, columns in GROUPS.items():
        _sheet(book, formats, group, (NUMBER, *columns))
    notes = book.add_worksheet("说明")
    notes.set_column(0, 1, 16)
    notes.set_column(2, 2, 60, formats["wrap"])
    notes.write_row(0, 0, ["工作表", "列", "填写说明"], formats["may"])
    rows = [(MAIN, one) for one in COLUMNS]
    rows += [(group, one) for group, columns in GROUPS.items() for one in columns]
    for number, (sheet, one) in enumerate(rows, 1):
        notes.write_row(number, 0, [sheet, one.heading, ("必填。" if one.required else "") + one.note])
    book.close()
    return data.getvalue()


def _sheet(book: Any, formats: dict[str, Any], name: str, columns: Sequence[Column]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(columns) - 1, 16, formats["text"])
    for number, one in enumerate(columns):
        sheet.write_string(0, number, one.heading, formats["must" if one.required else "may"])
        sheet.write_comment(0, number, one.note)
        if one.key in _LISTS:
            sheet.data_validation(1, number, _ROWS, number, {"validate": "list", "source": _LISTS[one.key]})
