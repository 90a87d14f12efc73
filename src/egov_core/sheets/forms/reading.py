"""From tables to the rows of a form: which form it is, which column is which field, and each cell as a value.

Rules of this room: every row becomes one FormRow, or belongs to the item above it, or has an error that names its cell.
A heading that the form does not have is listed and does no harm. A form may lie in a table with one item a row, or be
filled in as pairs of a label and what stands beside it; both are found by the headings alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from egov_core.domain.cells import CellFault
from egov_core.sheets.cell_text import unseen
from egov_core.sheets.forms.description import BLANKS, Field, Form
from egov_core.sheets.forms.elements import ELEMENTS, FORM_ONLY, NUMBERS, ROW_MATERIAL
from egov_core.sheets.forms.list_layout import column_of, items, with_unit
from egov_core.sheets.forms.recognising import recognise, unknown_form
from egov_core.sheets.forms.rows import Cell, FormRow, Found
from egov_core.sheets.forms.words import NotRead, ticked
from egov_core.sheets.grid import Header, Row, Table, squeezed


def read_form(tables: Iterable[Table], forms: Sequence[Form]) -> Found:
    """The rows of every table of a file that is one of these forms.

    A table that is none is said; it is an error where no other table of the file is one.
    """
    rows: list[FormRow] = []
    faults: list[CellFault] = []
    unreadable = 0
    strangers: list[CellFault] = []
    recognised_any = False
    for table in tables:
        if table.hidden:
            if table.rows and table.sheet != "选项":
                message = f"the sheet {table.sheet} is hidden and is not read"
                faults.append(table.fault("", "sheet-hidden", message, "show it to have it read", severity="warning"))
            continue
        faults += table.faults
        if not table.rows:
            continue
        recognised = recognise(table, forms)
        if recognised is None:
            strangers.append(unknown_form(table, forms))
            continue
        recognised_any = True
        form, header = recognised
        reader = _Reader(table, form)
        if header is None:
            reader.pairs()
        else:
            reader.rows_below(header)
        rows += reader.rows
        faults += reader.faults
        # The reader of the file warns of what an error is said of here.
        told = {(one.file, one.sheet, one.cell, one.code) for one in reader.faults if one.is_error}
        faults = [one for one in faults if one.is_error or (one.file, one.sheet, one.cell, one.code) not in told]
        unreadable += reader.unreadable
    severity = "warning" if recognised_any else "error"
    faults += [attrs.evolve(fault, severity=severity) for fault in strangers]
    return Found(tuple(rows), tuple(faults), counted=len(rows) + unreadable)


@attrs.define
class _Reader:
    """One table on its way."""

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

    def rows_below(self, header: Header) -> None:
        """One item a row."""
        columns: dict[int, Field] = {}
        for field in self.form.fields:
            found = column_of(header, field)
            if found is not None:
                columns[found] = field
        self._strange(header, columns)
        named = next((at for at, field in columns.items() if field.element == "name"), 0)
        for row in items(self.table, header, columns, self.faults):
            if self.table.kind == "csv" and len(row.texts) != len(header.texts):
                self._wrong_width(row, header)
                continue
            cells = [
                (field, row.address(at), with_unit(field, header.headings[at], row.text(at)))
                for at, field in columns.items()
            ]
            self._take(cells, row.address(named))

    def pairs(self) -> None:
        """Labels with what stands beside them; when the first label comes again, the next item begins."""
        labels = {squeezed(one): field for field in self.form.fields for one in field.headings}
        held: list[tuple[Field, str, str]] = []
        for row in self.table.rows:
            for field, address, text in _pairs_of(row, labels):
                if any(field is one for one, _, _ in held):
                    if field.element != "name":
                        continue
                    self._take(held, _place_of_name(held))
                    held = []
                held.append((field, address, text))
        if held:
            self._take(held, _place_of_name(held))

    def _strange(self, header: Header, columns: Mapping[int, Field]) -> None:
        """List headings that the form does not have, and those it needs."""
        seen: dict[str, int] = {}
        ignored = {squeezed(one) for one in self.form.ignored}
        for at, heading in enumerate(header.headings):
            if heading and at not in columns and heading not in ignored:
                twice = heading in {squeezed(one) for field in columns.values() for one in field.headings}
                code, said = (
                    ("heading-twice", "is there twice; the first column counts")
                    if twice or heading in seen
                    else ("heading-unknown", "is no field of the form; the column is not taken")
                )
                place = f"{Row(header.number, header.texts).address(at)}"
                self.faults.append(
                    self.table.fault(
                        place, code, f"{heading} {said}", "name it in a mapping file to take it", severity="warning"
                    )
                )
            seen[heading] = at

    def _wrong_width(self, row: Row, header: Header) -> None:
        self.unreadable += 1
        # With a cell too many or too few nobody knows which columns have moved: the limits may be somebody else's.
        code = "cells-too-many" if len(row.texts) > len(header.texts) else "cells-too-few"
        self.faults.append(
            self.table.fault(
                row.address(0),
                code,
                f"the row has {len(row.texts)} cells and the header {len(header.texts)}",
                "check commas and quotes",
            )
        )

    def _take(self, given: Sequence[tuple[Field, str, str]], start: str) -> None:
        if not any(ticked(text) for _, _, text in given):
            return  # a blank form
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
        return row if wrong is row.wrong else attrs.evolve(row, wrong=wrong)

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


def _pairs_of(row: Row, labels: Mapping[str, Field]) -> Iterator[tuple[Field, str, str]]:
    """Each label of a row with the first filled cell after it and before the next label."""
    at = 0
    while at < len(row.texts):
        field = labels.get(squeezed(row.texts[at]))
        at += 1
        if field is None:
            continue
        beside = at
        while beside < len(row.texts) and not row.texts[beside]:
            beside += 1
        if beside < len(row.texts) and squeezed(row.texts[beside]) not in labels:
            yield field, row.address(beside), row.texts[beside]
        else:
            yield field, row.address(at), ""


def _place_of_name(held: Sequence[tuple[Field, str, str]]) -> str:
    return next((address for field, address, _ in held if field.element == "name"), held[0][1])
