"""The sheets of a file of open cases as cells by case and column.

Rules of this room: cells only, no meaning. Whatever is wrong with headings, and with rows that belong to no case, is
found here; a row that says nothing is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from egov_core.domain.cells import Cell, CellFault
from egov_core.sheets.grid_watch import address
from egov_core.sheets.open_cases.columns import (
    COLUMNS,
    CORRECTIONS,
    ENDINGS,
    GROUPS,
    MAIN,
    NUMBER,
    OVER,
    PROCEDURES,
    key_of,
    plain_heading,
)
from egov_core.sheets.total_rows import SAID, is_total

Sheets = Mapping[str, Sequence[Sequence[str]]]
"""The sheets of a file by name: rows of texts from row 1 on, empty rows included."""

_HEADING_WITHIN = 10
"""In how many first rows the headings are looked for: forms have a title and notes above them."""


@attrs.define(kw_only=True)
class CaseCells:
    """What a file says of one case: its texts by column, and where each stands."""

    said: dict[str, str] = attrs.field(factory=dict)
    cells: dict[str, Cell] = attrs.field(factory=dict)

    def put(self, key: str, text: str, cell: Cell) -> None:
        """Keep a cell; one that says nothing keeps its place alone."""
        self.cells[key] = cell
        if text:
            self.said[key] = text

    def at(self, key: str) -> Cell:
        """Where a column of this case stands; at its number where it has none."""
        return self.cells.get(key) or self.cells[NUMBER.key]


@attrs.define
class CasesTable:
    """All cases of a file in their order, and what is wrong with its sheets."""

    source: str = ""
    cases: list[CaseCells] = attrs.field(factory=list)
    faults: list[CellFault] = attrs.field(factory=list)

    def cell(self, sheet: str, row: int, column: int) -> Cell:
        """Where something stands, by row and column counted from 0."""
        return Cell(sheet, address(row + 1, column), self.source)


def read_cases_table(sheets: Sheets, source: str = "") -> CasesTable:
    """The cells of every case. A file without a sheet of cases has one fault that says so."""
    table = CasesTable(source)
    main = next((name for name in sheets if name == MAIN), None) or next(
        (name for name, rows in sheets.items() if name not in GROUPS and _heading_row(rows) is not None), None
    )
    heading = None if main is None else _heading_row(sheets[main])
    if main is None or heading is None:
        first = next(iter(sheets), MAIN)
        table.faults.append(
            table.cell(first, 0, 0).error(
                "headings-missing",
                f"no sheet has a heading {NUMBER.heading} in its first {_HEADING_WITHIN} rows",
                "start from the file that egov cases template OUT writes",
            )
        )
        return table
    _read_main(table, main, sheets[main], heading)
    by_number: dict[str, CaseCells] = {}
    for case in table.cases:
        by_number.setdefault(case.said.get(NUMBER.key, ""), case)
    for group in (CORRECTIONS, PROCEDURES):
        if group in sheets and group != main:
            _read_group(table, group, sheets[group], by_number)
    return table


def _heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    for index, row in enumerate(rows[:_HEADING_WITHIN]):
        if any(plain_heading(text) == NUMBER.heading for text in row):
            return index
    return None


def _key_of_end(heading: str) -> str:
    """The key of a column that is filled only for a case that is over; what is in it is never read as a time."""
    plain = plain_heading(heading)
    return f"{OVER}.{plain}" if plain in ENDINGS else ""


def _read_main(table: CasesTable, sheet: str, rows: Sequence[Sequence[str]], heading: int) -> None:
    keys: list[str] = []
    for column, text in enumerate(rows[heading]):
        key, cell = key_of(text) or _key_of_end(text), table.cell(sheet, heading, column)
        if text.strip() and not key:
            table.faults.append(
                cell.warning("column-unknown", f"the column “{text.strip()[:40]}” means nothing here and is not read")
            )
        elif key and key in keys:
            table.faults.append(
                cell.error("column-twice", f"the column {plain_heading(text)} is there twice", "keep one of them")
            )
            key = ""
        keys.append(key)
    lacking = [one.heading for one in COLUMNS if one.required and one.key not in keys]
    if lacking:
        table.faults.append(
            table.cell(sheet, heading, 0).error(
                "column-missing",
                f"there is no column {'、'.join(lacking)}",
                "add it; egov cases template OUT has them all",
            )
        )
        return
    for row, cells in _filled(rows, heading):
        if is_total(cells):
            at = next(column for column, text in enumerate(cells) if text)
            table.faults.append(table.cell(sheet, row, at).warning("total-row", SAID))
            continue
        case = CaseCells()
        for column, key in enumerate(keys):
            if key:
                case.put(key, cells[column] if column < len(cells) else "", table.cell(sheet, row, column))
        beyond = next((column for column in range(len(keys), len(cells)) if cells[column]), None)
        if beyond is not None:
            place = table.cell(sheet, row, beyond)
            table.faults.append(place.error("no-heading", "this cell stands under no heading", "move or clear it"))
        table.cases.append(case)


def _read_group(
    table: CasesTable, group: str, rows: Sequence[Sequence[str]], by_number: Mapping[str, CaseCells]
) -> None:
    heading = _heading_row(rows)
    if heading is None:
        if any(any(text.strip() for text in row) for row in rows):
            place = table.cell(group, 0, 0)
            table.faults.append(
                place.error("headings-missing", f"this sheet has no heading {NUMBER.heading}", "add the headings")
            )
        return
    inner = {one.heading: one.key for one in (NUMBER, *GROUPS[group])}
    keys = [inner.get(plain_heading(text), "") for text in rows[heading]]
    for column, (key, text) in enumerate(zip(keys, rows[heading], strict=True)):
        if text.strip() and not key:
            place = table.cell(group, heading, column)
            table.faults.append(
                place.warning("column-unknown", f"the column “{text.strip()[:40]}” means nothing here and is not read")
            )
    at_number = keys.index(NUMBER.key)
    for row, cells in _filled(rows, heading):
        if is_total(cells):
            table.faults.append(table.cell(group, row, at_number).warning("total-row", SAID))
            continue
        number = cells[at_number] if at_number < len(cells) else ""
        place = table.cell(group, row, at_number)
        case = by_number.get(number) if number else None
        if case is None:
            table.faults.append(
                place.error("case-unknown", f"no case of the file has the number “{number[:40]}”", "correct it")
            )
            continue
        following = 1 + max((int(key.split(".")[1]) for key in case.cells if key.startswith(f"{group}.")), default=0)
        for column, key in enumerate(keys):
            if key and key != NUMBER.key:
                text = cells[column] if column < len(cells) else ""
                case.put(f"{group}.{following}.{key}", text, table.cell(group, row, column))


def _filled(rows: Sequence[Sequence[str]], heading: int) -> Iterator[tuple[int, list[str]]]:
    for row in range(heading + 1, len(rows)):
        cells = [text.strip() for text in rows[row]]
        if any(cells):
            yield row, cells
