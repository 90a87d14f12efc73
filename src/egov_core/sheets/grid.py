"""What every file is read as: tables, rows, and the row of headings.

Rules of this room: texts and where they stand, as the spreadsheet shows it; no meaning, and nothing of kinds of files.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

import attrs

from egov_core.domain.cells import CellFault
from egov_core.sheets.grid_watch import address


@attrs.frozen
class Row:
    """One row that is not wholly empty: its number as the spreadsheet shows it, and its texts from column A on."""

    number: int
    texts: tuple[str, ...]

    def text(self, column: int) -> str:
        """The text in a column counted from 0, empty where the row ends before."""
        return self.texts[column] if column < len(self.texts) else ""

    def address(self, column: int) -> str:
        """The cell as a person sees it, such as `B7`."""
        return address(self.number, column)


@attrs.frozen
class Table:
    """One sheet, or one table of a Word file. `sheet` is empty in a CSV file; hidden sheets are read and marked."""

    source: str
    sheet: str
    rows: tuple[Row, ...]
    faults: tuple[CellFault, ...] = ()
    hidden: bool = False
    kind: str = ""
    merged_down: tuple[tuple[int, int, int], ...] = ()
    """Cells merged over several rows: first row, last row, column from 0."""
    hidden_rows: frozenset[int] = frozenset()
    """Rows that a spreadsheet does not show, by hand or by a filter."""
    struck: frozenset[str] = frozenset()
    """Cells whose text is struck through as a whole."""
    above: str = ""
    """In a Word file, the last paragraph between the table and the one before it."""

    def fault(self, cell: str, code: str, message: str, remedy: str = "", *, severity: str = "error") -> CellFault:
        """A fault of this table."""
        return CellFault(
            file=self.source,
            sheet=self.sheet,
            cell=cell,
            severity=severity,
            code=code,
            message=message,
            remedy=remedy,
        )

    def find_header(self, required: Iterable[str], *, within: int = 30) -> Header | None:
        """The first row that has all these headings, None where none has. White space in headings does not count."""
        wanted = {squeezed(heading) for heading in required}
        for row in self.rows[:within]:
            headings = tuple(squeezed(text) for text in row.texts)
            if wanted <= set(headings):
                return Header(row.number, row.texts, headings)
        return None

    def below(self, header: Header) -> Iterator[Row]:
        """The rows under the header."""
        return (row for row in self.rows if row.number > header.number)


@attrs.frozen
class Header:
    """The row of headings."""

    number: int
    texts: tuple[str, ...]
    headings: tuple[str, ...]

    def column(self, heading: str) -> int | None:
        """The first column with this heading."""
        squeezed_heading = squeezed(heading)
        return self.headings.index(squeezed_heading) if squeezed_heading in self.headings else None

    @property
    def width(self) -> int:
        """How many columns have a heading, up to the last."""
        return len(self.headings) - next((n for n, text in enumerate(reversed(self.headings)) if text), 0)


def squeezed(heading: str) -> str:
    """A heading without white space, marks and widths: cells are broken and padded to look well."""
    return "".join(unicodedata.normalize("NFKC", heading).split()).strip("*:")
