"""What the rows of a form say, before anybody asks which items that makes.

Rules of this room: values with the cells they come from, so that whatever is found out later can name its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from egov_core.domain.cells import CellFault
from egov_core.sheets.forms.description import Form
from egov_core.sheets.forms.elements import ELEMENTS, NOT_STORED
from egov_core.sheets.grid import Table


@attrs.frozen(kw_only=True)
class Cell:
    """One cell of a form: where it is, its heading and text, and the value that was read from it."""

    table: Table
    address: str
    heading: str
    text: str
    value: Any

    def fault(self, code: str, message: str, remedy: str = "", *, severity: str = "error") -> CellFault:
        """A fault of this cell."""
        return self.table.fault(self.address, code, message, remedy, severity=severity)

    @property
    def place(self) -> str:
        """Where it is, on one line."""
        return self.fault("", "").place


@attrs.frozen(kw_only=True)
class FormRow:
    """What one row of a form says about one item. `cells` are by element, `kept` are cells of the form's own.

    `materials` are the rows of materials below it. A row with an error is no item.
    """

    form: Form
    start: Cell
    cells: Mapping[str, Cell]
    kept: Mapping[str, Cell] = attrs.field(factory=dict)
    materials: tuple[Mapping[str, Cell], ...] = ()
    wrong: bool = False

    def text(self, element: str) -> str:
        """What an element is shown as, empty where the row does not have it."""
        cell = self.cells.get(element)
        return "" if cell is None else ELEMENTS[element].text(cell.value)

    def stored(self) -> Iterator[tuple[str, Cell]]:
        """The cells that are fields of an item."""
        return ((element, cell) for element, cell in self.cells.items() if element not in NOT_STORED)


@attrs.frozen
class Found:
    """What was read: rows, faults, and how many rows of items there were, those that nobody could read included."""

    rows: tuple[FormRow, ...]
    faults: tuple[CellFault, ...]
    counted: int
