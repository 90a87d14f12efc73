"""Workbooks whose sheets hold one record a row: what a sheet is called, its columns, its rows read and written.

Rules of this room: cells in, values out, whatever the records are; everything wrong is told at its cell, and nothing is
guessed. A heading that is not known is refused: a misspelt 终止日 would let what has ended go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Generic, TypeVar

import attrs

from egov_core.domain.cells import Cell, CellFault
from egov_core.sheets.cell_kinds import TEXT, CellKind
from egov_core.sheets.grid import Row, Table
from egov_core.sheets.workbook import NOTES, Column, SheetToWrite

_FOR_READERS = (NOTES, "填表说明", "notes")
"""Sheets that are for readers."""


@attrs.frozen
class Part:
    """A column of a sheet: heading, the field of the record, what it holds, whether it must be filled in."""

    heading: str
    field: str
    kind: CellKind = TEXT
    required: bool = False
    note: str = ""


@attrs.frozen(kw_only=True)
class SheetForm:
    """A sheet: its name, the name it may also have, its columns."""

    name: str
    english: str
    parts: tuple[Part, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """The headings of the columns that must be filled in."""
        return tuple(part.heading for part in self.parts if part.required)

    def sheet(self, rows: Iterable[Sequence[str]] = (), *, blank: int = 0) -> SheetToWrite:
        """The sheet with these rows, and room for `blank` more."""
        columns = tuple(
            Column(heading=part.heading, choices=part.kind.choices, note=part.note, required=part.required)
            for part in self.parts
        )
        return SheetToWrite(name=self.name, columns=columns, rows=list(rows), blank=blank)


F = TypeVar("F", bound=SheetForm)


@attrs.frozen(eq=False)
class FilledRow(Generic[F]):
    """A row as it was read: what its cells say, by column; `sound` is False where one of them has an error."""

    form: F
    table: Table
    row: Row
    columns: Mapping[str, int]
    given: Mapping[Part, Any]
    sound: bool

    def cell(self, field: str) -> Cell:
        """Where a field stands; the first column of the row for one that has none."""
        column = self.columns.get(field, min(self.columns.values(), default=0))
        return Cell(self.table.sheet, self.row.address(column), self.table.source)


@attrs.define
class RecordSheets(Generic[F]):
    """What was read of all sheets: the rows in their order, and what is wrong with cells."""

    rows: list[FilledRow[F]] = attrs.field(factory=list)
    faults: list[CellFault] = attrs.field(factory=list)

    def of(self, form: SheetForm) -> Iterator[FilledRow[F]]:
        """The rows of a sheet."""
        return (row for row in self.rows if row.form == form)


def read_record_sheets(tables: Iterable[Table], forms: Sequence[F]) -> RecordSheets[F]:
    """The rows of tables; sheets are known by their names, CSV files by theirs."""
    found: RecordSheets[F] = RecordSheets()
    for table in tables:
        name = table.sheet or PurePath(table.source).stem
        form = next((one for one in forms if name.strip().lower() in (one.name, one.english)), None)
        if form is not None:
            found.faults += table.faults
            _read_sheet(table, form, found)
        elif name not in _FOR_READERS and not table.hidden and table.rows:
            known = "、".join(one.name for one in forms)
            message = f"the sheet {name!r} is none of {known}"
            found.faults.append(
                table.fault("", "unknown-sheet", message, f"name it so, or {NOTES} if it is for readers")
            )
    return found


def _read_sheet(table: Table, form: F, found: RecordSheets[F]) -> None:
    header = table.find_header(form.required)
    if header is None:
        if table.rows:
            message = f"no row has the headings {'、'.join(form.required)}"
            found.faults.append(table.fault("", "no-header", message, "begin with the template"))
        return
    known = [part.heading for part in form.parts]
    heads = Row(header.number, header.texts)
    for column, heading in enumerate(header.headings):
        cell = heads.address(column)
        if heading and heading not in known:
            message = f"{heading!r} is no column of {form.name}; known are {'、'.join(known)}"
            found.faults.append(table.fault(cell, "unknown-column", message, "correct or delete the column"))
        elif heading and heading in header.headings[:column]:
            found.faults.append(table.fault(cell, "column-twice", f"{heading} is there twice", "delete one of the two"))
    at = {part: place for part in form.parts if (place := header.column(part.heading)) is not None}
    damaged = {fault.cell for fault in table.faults if fault.is_error}
    for row in table.below(header):
        if any(row.texts):
            found.rows.append(_read_row(table, form, row, at, damaged, found.faults))


def _read_row(
    table: Table, form: F, row: Row, at: Mapping[Part, int], damaged: set[str], faults: list[CellFault]
) -> FilledRow[F]:
    given: dict[Part, Any] = {}
    columns: dict[str, int] = {}
    sound = not any(row.address(column) in damaged for column in at.values())
    for part, column in at.items():
        columns.setdefault(part.field, column)
        text, cell = row.text(column).strip(), row.address(column)
        if not text:
            if part.required and cell not in damaged:
                sound = False
                faults.append(table.fault(cell, "required", f"{part.heading} is empty", "fill it in"))
            continue
        try:
            given[part] = part.kind.read(text)
        except ValueError as error:
            sound = False
            faults.append(table.fault(cell, f"not-{part.kind.name}", str(error)))
    return FilledRow(form, table, row, columns, given, sound)
