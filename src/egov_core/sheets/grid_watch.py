"""What a sheet of an XLSX file would become, counted before anybody builds it.

Rules of this room: it watches elements go by and keeps numbers and places, no contents. It counts how far the cells
reach (a value in the last corner makes sixteen thousand million cells of two), how long the text is once shared and
repeated cells are written out, and where formulas, error values, links to other files, hidden rows and struck texts
are. Error values are kept because the library that reads the cells gives an empty text for them, as if nobody had
written anything; of hidden rows and struck texts it says nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from egov_core.errors import CatalogueError
from egov_core.sheets.archive import Attributes, Watcher, local
from egov_core.sheets.faults import unusable

MOST_ROWS = 50_000
MOST_COLUMNS = 512
MOST_CELLS = 300_000
"""Which of the first three ends a sheet follows from its shape: 50,000 rows of 6 columns, 10,000 of 30."""
LONGEST_TEXT = 30_000_000
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def column_letters(column: int) -> str:
    """`A` for 0, `AA` for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The cell as a person sees it: `B7` for row 7, column 1."""
    return f"{column_letters(column)}{row}"


def row_and_column(cell: str) -> tuple[int, int] | None:
    """`B7` as (7, 1)."""
    found = _ADDRESS.fullmatch(cell)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return int(found[2]), column - 1


@attrs.define
class Extent:
    """How far one sheet reaches, and the bounds it may not pass."""

    source: str
    sheet: str
    rows: int = 0
    columns: int = 0
    cells: int = 0
    text: int = 0
    filled_rows: int = 0
    formulas: list[str] = attrs.field(factory=list)
    errors: dict[str, str] = attrs.field(factory=dict)
    hidden_rows: set[int] = attrs.field(factory=set)
    struck: set[str] = attrs.field(factory=set)
    _last_filled: int = 0

    def row(self, number: int) -> None:
        """There is a row of this number."""
        self.rows = max(self.rows, number)
        if number > MOST_ROWS:
            raise self._too_much(f"row {number}; at most {MOST_ROWS} rows are read, empty ones included")

    def cell(self, row: int, column: int, *, text: int = 0, times: int = 1) -> None:
        """There are `times` cells, each of this length (0: empty), the last in this row and column."""
        if text and row > self._last_filled:
            self._last_filled = row
            self.filled_rows += 1
        if row > self.rows:
            self.row(row)
        if column >= self.columns:
            self.columns = column + 1
        self.cells += times
        self.text += text * times
        if self.columns > MOST_COLUMNS:
            raise self._too_much(f"column {column_letters(column)}; at most {MOST_COLUMNS} columns are read")
        if self.cells > MOST_CELLS or self.rows * self.columns > MOST_CELLS:
            raise self._too_much(f"cells up to {address(row, column)}; at most {MOST_CELLS} cells are read")
        if self.text > LONGEST_TEXT:
            raise self._too_much(f"more than {LONGEST_TEXT} characters by {address(row, column)}")

    def formula(self, row: int, column: int) -> None:
        """There is a formula here."""
        self.formulas.append(address(row, column))

    def error(self, row: int, column: int, shown: str) -> None:
        """There is an error value here, such as `#REF!`."""
        self.errors[address(row, column)] = shown.strip()[:20]

    def _too_much(self, what: str) -> CatalogueError:
        where = f" in its sheet “{self.sheet}”" if self.sheet else ""
        return unusable(self.source, f"has{where} {what}", code="sheet-too-large", remedy=self._way_out())

    def _way_out(self) -> str:
        """What makes the sheet smaller: what is empty in it goes, and what is full is split."""
        if self.columns > MOST_COLUMNS:
            return f"copy the columns that are meant, at most {MOST_COLUMNS}, into a new sheet and save it"
        if self.text > LONGEST_TEXT:
            return "shorten the longest cells, or split the rows over several files, each with the headings"
        if self.filled_rows * 2 < self.rows:
            return "copy the filled rows alone into a new sheet, so that the empty ones are gone, and save it"
        most = min(MOST_CELLS // max(self.columns, 1), MOST_ROWS)
        return (
            f"split it over several files of at most {most} rows, each with the headings, or leave out columns: "
            f"a sheet holds {MOST_ROWS} rows, and {MOST_CELLS} cells of rows times columns"
        )


def external(source: str, what: str) -> CatalogueError:
    """The error for a file that would draw on another one."""
    return unusable(
        source,
        f"draws on another file or address ({what[:80]})",
        code="file-links",
        remedy="break the links (data, edit links, break) or paste the values alone, and save it again",
    )


def macros(source: str) -> CatalogueError:
    """The error for a file with a program in it."""
    return unusable(source, "contains macros", code="file-macros", remedy="save it as a workbook without macros, .xlsx")


@attrs.define
class Relations(Watcher):
    """The links of an Office file: identifier → part.

    A hyperlink is only text, and the template that a Word file was once made from is not opened by us, while half of
    all forms name one on somebody's disk. Any other way out is refused.
    """

    source: str
    targets: dict[str, str] = attrs.field(factory=dict)

    def start(self, tag: str, attributes: Attributes) -> None:
        """Count what begins."""
        name = local(tag)
        if name != "Relationship":
            return
        kind, target = attributes.get("Type", ""), attributes.get("Target", "")
        followed_by_nobody = kind.endswith(("/hyperlink", "/attachedTemplate"))
        if attributes.get("TargetMode", "").lower() == "external" and not followed_by_nobody:
            raise external(self.source, target)
        if kind.endswith(("/externalLink", "/externalLinkPath", "/oleObject")):
            raise external(self.source, target)
        if kind.endswith("/vbaProject"):
            raise macros(self.source)
        self.targets[attributes.get("Id", "")] = target


@attrs.define
class SheetNames(Watcher):
    """The sheets of a workbook: identifier of the relation → name."""

    source: str
    names: dict[str, str] = attrs.field(factory=dict)

    def start(self, tag: str, attributes: Attributes) -> None:
        """Count what begins."""
        name = local(tag)
        if name == "sheet":
            key = next((value for key, value in attributes.items() if local(key) == "id"), "")
            self.names[key] = attributes.get("name", "")
        elif name == "externalReference":
            raise external(self.source, "a reference in the workbook")


@attrs.define
class XlsxSheet(Watcher):
    """One worksheet of an XLSX file. It is called a million times for a large sheet, hence the bare style."""

    extent: Extent
    strings: list[int]
    struck_strings: set[int] = attrs.field(factory=set)
    struck_styles: set[str] = attrs.field(factory=set)
    _strike: bool = False
    _row: int = 0
    _column: int = -1
    _shared: bool = False
    _in_value: bool = False
    _length: int = 0
    _error: str | None = None
    _columns: dict[str, int] = attrs.field(factory=dict)

    def start(self, tag: str, attributes: Attributes) -> None:
        """Count what begins."""
        name = tag if ":" not in tag else local(tag)
        if name == "c":
            self._place(attributes.get("r", ""))
            kind = attributes.get("t")
            self._shared, self._error = kind == "s", "" if kind == "e" else None
            self._strike = attributes.get("s", "0") in self.struck_styles
            self._length = -1
        elif name in ("v", "t"):
            self._in_value = True
            self._length = max(self._length, 0)
        elif name == "row":
            given = attributes.get("r", "")
            self._row = int(given) if given.isdigit() and len(given) < 9 else self._row + 1
            self._column = -1
            self.extent.row(self._row)
            if attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0":
                self.extent.hidden_rows.add(self._row)
        elif name == "f":
            self.extent.formula(self._row, self._column)

    def _place(self, cell: str) -> None:
        letters = cell.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None or len(letters) == len(cell):
            place = row_and_column(cell)
            if place is None:
                self._column += 1
                return
            column = self._columns[letters] = place[1]
        self._row, self._column = int(cell[len(letters) :][:9]), column

    def text(self, text: str) -> None:
        """Count what is written."""
        if self._in_value:
            if self._error is not None:
                self._error += text
            if not self._shared:
                self._length += len(text)
            elif text.isdigit() and int(text[:9]) < len(self.strings):
                self._length += self.strings[int(text[:9])]
                self._strike = self._strike or int(text[:9]) in self.struck_strings

    def end(self, tag: str) -> None:
        """Count what is complete."""
        name = tag if ":" not in tag else local(tag)
        if name == "c":
            # A cell without a value counts as one too, but reaches nowhere: formats run to the edge of real sheets.
            if self._length < 0:
                self.extent.cell(self._row, min(self._column, max(self.extent.columns - 1, 0)))
            else:
                self.extent.cell(self._row, self._column, text=self._length)
                if self._strike and self._length:
                    self.extent.struck.add(address(self._row, self._column))
                if self._error is not None:
                    self.extent.error(self._row, self._column, self._error)
        elif name in ("v", "t"):
            self._in_value = False


def merged_down(ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]] | None) -> tuple[tuple[int, int, int], ...]:
    """Of merged ranges, counted from 0, those of several rows: first row, last row, and the column with the text."""
    return tuple((top + 1, bottom + 1, left) for (top, left), (bottom, _) in ranges or () if top < bottom)
