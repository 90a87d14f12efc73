"""What the sheets of an ODS file would become, counted before anybody builds them.

Rules of this room: as in `grid_watch`, whose bounds hold here too. Rows and cells that look alike are written once with
a number, so that a file of a few lines may be a sheet to the edge.
"""

from __future__ import annotations

import attrs

from egov_core.sheets.archive import Attributes, Watcher, local
from egov_core.sheets.grid_watch import MOST_ROWS, Extent, external


@attrs.define
class OdsContent(Watcher):
    """The content of an ODS file: rows and cells say how often they are repeated."""

    source: str
    extents: list[Extent] = attrs.field(factory=list)
    merged: dict[str, list[tuple[int, int, int]]] = attrs.field(factory=dict)
    """By sheet the cells merged downwards, as in `grid.Table`; the reader of the cells does not tell them."""
    _row: int = 0
    _rows: int = 1
    _column: int = 0
    _columns: int = 1
    _length: int = 0
    _filled: bool = False
    _in_cell: bool = False
    _error: str | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        """Count what begins."""
        name = local(tag)
        if name == "table":
            name = attributes.get("table:name", "")
            self.extents.append(Extent(self.source, name))
            self._row = 0
        elif name == "table-row":
            self._rows = _repeated(attributes, "table:number-rows-repeated")
            self._column = 0
            if attributes.get("table:visibility") in ("collapse", "filter") and self.extents:
                # Rows without anything are repeated to the edge of the sheet, and are nobody's.
                self.extents[-1].hidden_rows.update(range(self._row + 1, self._row + min(self._rows, MOST_ROWS) + 1))
        elif name in ("table-cell", "covered-table-cell"):
            self._columns = _repeated(attributes, "table:number-columns-repeated")
            self._filled = "office:value-type" in attributes or "calcext:value-type" in attributes
            self._length, self._in_cell = 0, True
            self._error = "" if attributes.get("calcext:value-type") == "error" else None
            self._merge(_repeated(attributes, "table:number-rows-spanned"))
            if "table:formula" in attributes and self.extents:
                self.extents[-1].formula(self._row + 1, self._column)
        elif name in ("table-source", "dde-source", "linked-table"):
            raise external(self.source, attributes.get("xlink:href", "a linked table"))

    def text(self, text: str) -> None:
        """Count what is written."""
        if self._in_cell:
            self._length += len(text)
            if self._error is not None:
                self._error += text
            self._filled = self._filled or bool(text.strip())

    def end(self, tag: str) -> None:
        """Count what is complete."""
        name = local(tag)
        if name in ("table-cell", "covered-table-cell"):
            self._column += self._columns
            self._in_cell = False
            if self._filled and self.extents:
                # Trailing rows and cells are repeated to the edge of the sheet; only those that hold something reach.
                self.extents[-1].cell(
                    self._row + self._rows, self._column - 1, text=self._length, times=self._rows * self._columns
                )
                self._repeat_error()
        elif name == "table-row":
            self._row += self._rows

    def _merge(self, rows: int) -> None:
        if rows > 1 and self._row < MOST_ROWS and self.extents:
            last = self._row + min(rows, MOST_ROWS)
            self.merged.setdefault(self.extents[-1].sheet, []).append((self._row + 1, last, self._column))

    def _repeat_error(self) -> None:
        # Cells that look alike are written once; each of them is somebody's, and is told by its own address.
        if self._error is not None:
            for row in range(self._row + 1, self._row + self._rows + 1):
                for column in range(self._column - self._columns, self._column):
                    self.extents[-1].error(row, column, self._error)


def _repeated(attributes: Attributes, name: str) -> int:
    given = attributes.get(name, "1")
    return max(int(given), 1) if given.isdigit() and len(given) < 9 else 1
