"""The cells of one item as a row of the form: each cell as a value, or with an error that names it.

Rules of this room: cells in, rows out; where they stand and which field each is has been found out before. A row with
an error is kept and marked, since nothing of it may be lost without a word.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from egov_core.domain.cells import CellFault
from egov_core.sheets.cell_text import unseen
from egov_core.sheets.forms.abolished import is_said_abolished, said_abolished
from egov_core.sheets.forms.description import BLANKS, Field, Form
from egov_core.sheets.forms.elements import ELEMENTS, FORM_ONLY, NUMBERS, ROW_MATERIAL
from egov_core.sheets.forms.rows import Cell, FormRow
from egov_core.sheets.forms.words import NotRead, shown
from egov_core.sheets.grid import Table, squeezed
from egov_core.sheets.signs import is_ditto
from egov_core.sheets.ticks import ticked


@attrs.define
class Taking:
    """The rows taken from one table so far, and what was wrong with them."""

    table: Table
    form: Form
    rows: list[FormRow] = attrs.field(factory=list)
    faults: list[CellFault] = attrs.field(factory=list)
    unreadable: int = 0
    _damaged: frozenset[str] = frozenset()
    _known: dict[tuple[str, str], tuple[object, NotRead | None]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        # What stood in such a cell is not known, so the row is wrong, and its emptiness means nothing.
        self._damaged = frozenset(fault.cell for fault in self.table.faults if fault.is_error)

    def tell(self, cell: str, code: str, message: str, remedy: str = "", *, severity: str = "error") -> None:
        """Note a fault of a cell."""
        self.faults.append(self.table.fault(cell, code, message, remedy, severity=severity))

    def take(self, given: Sequence[tuple[Field, str, str]], start: str) -> None:
        """Take the cells of one item; `start` is where it stands. Nothing is taken where all are blank."""
        if not any(ticked(text) for _, _, text in given):
            return
        cells: dict[str, Cell] = {}
        kept: dict[str, Cell] = {}
        material: dict[str, Cell] = {}
        wrong = False
        for field, address, text in given:
            cell, fault = self._cell(field, address, text)
            if fault is not None:
                self.faults.append(fault)
                wrong = wrong or fault.is_error
            wrong = wrong or address in self._damaged
            if field.element == FORM_ONLY:
                kept[field.heading] = cell
                continue
            into = material if field.element.startswith(ROW_MATERIAL) else cells
            other = into.get(field.element)
            if other is None or (not other.text and cell.text):
                into[field.element] = cell
            elif cell.text and ELEMENTS[field.element].text(other.value) != ELEMENTS[field.element].text(cell.value):
                self.faults.append(disagree(cell, other))
                wrong = True
        for element, text in self.form.constants.items():
            if element not in cells or not cells[element].text:
                constant = Field(heading=f"constants.{element}", element=element)
                cells[element], _ = self._cell(constant, start, text)
        row = FormRow(
            form=self.form,
            start=Cell(table=self.table, address=start, heading="", text="", value=None),
            cells=cells,
            kept=kept,
            materials=(material,) if any(cell.text for cell in material.values()) else (),
            wrong=wrong,
        )
        if not (self.form.repeated and self._continues(row)):
            self.rows.append(self._with_required(row))

    def _with_required(self, row: FormRow) -> FormRow:
        wrong = row.wrong
        for element in ("name", "organ"):
            if not row.text(element):
                cell = row.cells.get(element, row.start)
                if cell.text or cell.address in self._damaged:
                    continue  # it has a fault of its own
                heading = cell.heading or element
                self.faults.append(cell.fault("empty", f"{heading} is empty; an item needs one", "fill it in"))
                wrong = True
        return attrs.evolve(row, wrong=wrong)

    def _continues(self, row: FormRow) -> bool:
        """Whether the row is a further material of the item above; what it says else must be what that says."""
        if not self.rows or not row.materials:
            return False
        above = self.rows[-1]
        keys = (*NUMBERS, "name", "organ")
        if any(row.text(key) and row.text(key) != above.text(key) for key in keys):
            return False
        wrong = row.wrong
        for element, cell in row.cells.items():
            if cell.text and row.text(element) != above.text(element):
                self.faults.append(disagree(cell, above.cells[element]))
                wrong = True
        self.rows[-1] = attrs.evolve(above, materials=(*above.materials, *row.materials), wrong=above.wrong or wrong)
        return True

    def _cell(self, field: Field, address: str, text: str) -> tuple[Cell, CellFault | None]:
        value, why = self._read(field, text)
        cell = Cell(table=self.table, address=address, heading=field.heading, text=text, value=value)
        if field.element in NUMBERS and (odd := unseen(text)) is not None:
            return cell, cell.fault(odd.code, f"{field.heading}: {odd.message}", odd.remedy)
        if field.element == FORM_ONLY and is_said_abolished(text):
            code, message, remedy = said_abolished(shown(text))
            return cell, cell.fault(code, f"{field.heading}: {message}", remedy, severity="warning")
        if why is None:
            return cell, None
        severity = "warning" if why.warning else "error"
        return cell, cell.fault(why.code, f"{field.heading}: {why.message}", why.remedy, severity=severity)

    def _read(self, field: Field, text: str) -> tuple[object, NotRead | None]:
        """The value of a text, read once: most columns of a catalogue have a handful of them."""
        key = (field.heading, text)
        if key not in self._known:
            empty = ELEMENTS[field.element].empty
            try:
                if is_ditto(text) and field.element != FORM_ONLY:
                    message, remedy = f"“{text.strip()}” stands below no cell that says it", "write it out"
                    raise NotRead("ditto-alone", message, remedy)
                self._known[key] = (empty if is_blank(field, text) else read_cell(field, text), None)
            except NotRead as why:
                self._known[key] = (why.value if why.warning else empty, why)
        return self._known[key]


def is_blank(field: Field, text: str) -> bool:
    """Whether a cell says nothing, be it in words."""
    return not text or squeezed(text) in BLANKS or text in field.blanks


def read_cell(field: Field, text: str) -> object:
    """The value of a cell, by the words of its field. Raises NotRead."""
    chosen = ticked(text)
    element = ELEMENTS[field.element]
    if not chosen:
        raise NotRead("nothing-ticked", "no box is ticked", "tick one")
    if field.values:
        chosen = field.values.get(chosen.strip(), chosen)
        if chosen.isdigit():  # a spreadsheet makes 1 of the code 01
            same = (meant for word, meant in field.values.items() if word.isdigit() and int(word) == int(chosen))
            chosen = next(same, chosen)
        if isinstance(element.empty, tuple):
            chosen = "、".join(field.values.get(word.strip(), word) for word in chosen.split("、"))
        if not chosen:
            return element.empty
    return element.read(chosen)


def disagree(cell: Cell, other: Cell) -> CellFault:
    """The fault of a cell that says something else than another one about the same thing."""
    return cell.fault(
        "cells-disagree",
        f"{cell.heading or 'the cell'} says “{cell.text[:40]}”, and {other.place} says “{other.text[:40]}”",
        "make both say the same",
    )
