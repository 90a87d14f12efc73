"""Workbooks and CSV files of ours, written so that they do no harm and read back as they were.

Rules of this room: every cell is text, whatever it looks like: codes keep their digits and nothing becomes a formula.
A sheet says what stands where; how it looks (frozen header, widths, colours of required columns) is decided here once.
Output is the same bytes for the same sheets, but for what the library stamps as time of creation, which is fixed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import attrs

from egov_core.domain.cells import LONGEST_CELL, cell_length
from egov_core.errors import CatalogueError, Fault
from egov_core.sheets.armour import armoured
from egov_core.sheets.extra import needed
from egov_core.sheets.grid_watch import address, column_letters

LISTS = "选项"
"""The hidden sheet with the lists that are too long for a rule."""
NOTES = "说明"
"""The sheet that says what stands in each column, for readers."""
_INLINE = 255
_CREATED = datetime(2016, 1, 1, tzinfo=UTC)


@attrs.frozen(kw_only=True)
class Column:
    """A column to fill in: heading, what may be chosen, and what a filler should know."""

    heading: str
    width: int = 16
    choices: tuple[str, ...] = ()
    only_choices: bool = True
    note: str = ""
    required: bool = False


@attrs.frozen(kw_only=True)
class SheetToWrite:
    """A sheet: lines above the header, the columns, the rows, and lines for seal and signatures below.

    `blank` is how many empty rows under the last get validation lists too; `printable` sets it up for paper.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]] = ()
    above: tuple[str, ...] = ()
    below: tuple[tuple[str, ...], ...] = ()
    blank: int = 0
    printable: bool = False
    example_rows: int = 0
    merge_above: bool = attrs.field(default=True)


def write_workbook(sheets: Sequence[SheetToWrite]) -> bytes:
    """The sheets as XLSX. Raises CatalogueError when a text is too long for a cell, SettingsError without the extra."""
    xlsxwriter = needed("xlsxwriter", "an XLSX file", as_csv=False)
    _check(sheets)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"created": _CREATED.replace(tzinfo=None)})
    writer = _Writer(book)
    for sheet in sheets:
        writer.sheet(sheet)
    writer.finish()
    book.close()
    return out.getvalue()


def with_notes(sheets: Sequence[SheetToWrite]) -> tuple[SheetToWrite, ...]:
    """The sheets, and one more that says of each column whether it must be filled and what stands in it."""
    rows = [
        (sheet.name, column.heading, ("必填。" if column.required else "") + column.note)
        for sheet in sheets
        for column in sheet.columns
    ]
    widths = (("工作表", 12), ("列", 20), ("填写说明", 60))
    columns = tuple(Column(heading=heading, width=width) for heading, width in widths)
    return (*sheets, SheetToWrite(name=NOTES, columns=columns, rows=rows))


def write_csv(sheet: SheetToWrite) -> bytes:
    """The columns and rows of a sheet as CSV UTF-8 with its mark, as spreadsheets expect it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([armoured(column.heading) for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([armoured(text) for text in row])
    return out.getvalue().encode("utf-8-sig")


def _check(sheets: Sequence[SheetToWrite]) -> None:
    faults = []
    for sheet in sheets:
        top = len(sheet.above) + 2
        for number, row in enumerate(sheet.rows, top):
            for column, text in enumerate(row):
                if (length := cell_length(armoured(text, typed=True))) > LONGEST_CELL:
                    place = f"{sheet.name}!{address(number, column)}"
                    said = f"{length} characters, and a cell holds {LONGEST_CELL}"
                    faults.append(Fault(place, "cell-too-long", said))
    if faults:
        raise CatalogueError(
            "some texts do not fit into a cell",
            faults=faults,
            remedy="shorten them, or export as CSV, which has no bound",
        )


class _Writer:
    """One workbook on its way."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.lists: dict[tuple[str, ...], str] = {}
        base: Mapping[str, Any] = {"text_wrap": True, "valign": "top", "num_format": "@"}
        framed = {**base, "border": 1}
        self.cell = book.add_format(framed)
        self.quoted = book.add_format({**framed, "quote_prefix": True})
        self.example = book.add_format({**framed, "italic": True, "font_color": "#7F7F7F"})
        self.head = book.add_format({**framed, "bold": True, "bg_color": "#DDEBF7", "align": "center"})
        self.head_required = book.add_format({**framed, "bold": True, "bg_color": "#FFE699", "align": "center"})
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.line = book.add_format({"text_wrap": True, "valign": "vcenter"})

    def sheet(self, sheet: SheetToWrite) -> None:
        made = self.book.add_worksheet(sheet.name)
        last = max(len(sheet.columns) - 1, 0)
        for number, text in enumerate(sheet.above):
            form = self.title if number == 0 else self.line
            if last and sheet.merge_above:
                made.merge_range(number, 0, number, last, "", form)
            made.write_string(number, 0, armoured(text, typed=True), form)
        top = len(sheet.above)
        for at, column in enumerate(sheet.columns):
            made.set_column(at, at, column.width)
            made.write_string(top, at, column.heading, self.head_required if column.required else self.head)
            if column.note:
                made.write_comment(top, at, column.note[:1000], {"x_scale": 2, "y_scale": 1.5})
        for number, row in enumerate(sheet.rows):
            for at, text in enumerate(row):
                form = self.example if number < sheet.example_rows else self.cell
                if text[:1] in tuple("=+-@"):
                    form = self.quoted
                made.write_string(top + 1 + number, at, armoured(text, typed=True), form)
        end = top + len(sheet.rows) + sheet.blank
        for number in range(top + 1 + len(sheet.rows), end + 1):
            for at in range(len(sheet.columns)):
                made.write_blank(number, at, None, self.cell)
        self._choices(made, sheet, top + 1, max(end, top + 1))
        for offset, texts in enumerate(sheet.below):
            for at, text in enumerate(texts):
                made.write_string(end + 2 + offset, at, text, self.line)
        made.freeze_panes(top + 1, 0)
        if sheet.printable:
            made.set_landscape()
            made.set_paper(9)
            made.fit_to_pages(1, 0)
            made.repeat_rows(top)
            made.print_area(0, 0, end + 1 + len(sheet.below), last)
            made.set_footer("&C第 &P 页 共 &N 页")

    def _choices(self, made: Any, sheet: SheetToWrite, first: int, last: int) -> None:
        for at, column in enumerate(sheet.columns):
            if not column.choices:
                continue
            inline = len(",".join(column.choices)) <= _INLINE and not any("," in choice for choice in column.choices)
            source = list(column.choices) if inline else self._list(column.choices)
            made.data_validation(
                first,
                at,
                last,
                at,
                {
                    "validate": "list",
                    "source": source,
                    "error_type": "stop" if column.only_choices else "information",
                    "error_title": column.heading[:32],
                    "error_message": "请从列表中选择。Please choose from the list.",
                },
            )

    def _list(self, choices: tuple[str, ...]) -> str:
        if choices not in self.lists:
            letters = column_letters(len(self.lists))
            self.lists[choices] = f"={LISTS}!${letters}$1:${letters}${len(choices)}"
        return self.lists[choices]

    def finish(self) -> None:
        """Write the lists that are too long for a validation rule into a hidden sheet."""
        if not self.lists:
            return
        made = self.book.add_worksheet(LISTS)
        made.hide()
        for at, choices in enumerate(self.lists):
            for number, choice in enumerate(choices):
                made.write_string(number, at, choice, self.cell)
