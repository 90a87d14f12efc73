"""From the tables of a file to the rows of its forms: which form each is, and how it lies on its sheet.

Rules of this room: every row becomes one FormRow, or belongs to the item above it, or has an error that names its cell.
A heading that the form does not have is listed and does no harm. A form may lie in a table with one item a row, or be
filled in as pairs of a label and what stands beside it; both are found by the headings alone. A table that says
something and of which nothing is read is an error, because it looks like one that was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from egov_core.domain.cells import CellFault
from egov_core.sheets.forms.description import Form
from egov_core.sheets.forms.list_layout import is_note, is_signature
from egov_core.sheets.forms.list_reading import read_list
from egov_core.sheets.forms.pairs import beyond, labels_of, pairs, place_of_name
from egov_core.sheets.forms.recognising import has_data, recognise, unknown_form
from egov_core.sheets.forms.rows import FormRow, Found
from egov_core.sheets.forms.taking import Taking
from egov_core.sheets.grid import Table, squeezed
from egov_core.sheets.ticks import ticked

_CHOICES = "选项"
"""The hidden sheet of a template, which holds what may be chosen."""


def read_form(tables: Iterable[Table], forms: Sequence[Form]) -> Found:
    """The rows of every table of a file that is one of these forms.

    A table that is none is said; it is a warning only where another table of the file is one, and this one is no list.
    """
    rows: list[FormRow] = []
    faults: list[CellFault] = []
    unreadable = 0
    strangers: list[CellFault] = []
    hidden: list[CellFault] = []
    recognised_any = False
    for table in tables:
        if table.hidden:
            if table.rows and table.sheet != _CHOICES:
                message = f"the sheet {table.sheet} is hidden and is not read"
                hidden.append(table.fault("", "sheet-hidden", message, "show it to have it read", severity="warning"))
            continue
        faults += table.faults
        if not table.rows:
            continue
        recognised = recognise(table, forms)
        if recognised is None:
            stranger = unknown_form(table, forms)
            strangers.append(stranger if has_data(table) else attrs.evolve(stranger, severity="warning"))
            continue
        recognised_any = True
        form, header = recognised
        taking = Taking(table, form)
        if header is None:
            _read_pairs(taking)
        else:
            read_list(taking, header)
        rows += taking.rows
        faults += taking.faults
        # The reader of the file warns of what an error is said of here.
        told = {(one.file, one.sheet, one.cell, one.code) for one in taking.faults if one.is_error}
        faults = [one for one in faults if one.is_error or (one.file, one.sheet, one.cell, one.code) not in told]
        unreadable += taking.unreadable
    if not recognised_any:
        strangers, hidden = _as_errors(strangers), hidden if strangers else _as_errors(hidden)
    return Found(tuple(rows), (*hidden, *faults, *strangers), counted=len(rows) + unreadable)


def _as_errors(faults: Iterable[CellFault]) -> list[CellFault]:
    return [attrs.evolve(fault, severity="error") for fault in faults]


def _read_pairs(taking: Taking) -> None:
    """Labels with what stands beside them."""
    for held in pairs(taking.table, taking.form):
        taking.take(held, place_of_name(held))
    if taking.rows:
        for field, address in beyond(taking.table, taking.form):
            message = f"{field.heading} has a second cell beside it, which is not read"
            # What stands behind another field may be a unit or a remark; a second name is a second item.
            severity = "error" if field.element == "name" else "warning"
            taking.tell(address, "second-cell", message, "give each item a form of its own", severity=severity)
        return
    labels = labels_of(taking.form)
    # A blank form has titles, notes, questions with nothing ticked, and lines for signatures; what is filled in beside
    # no label at all is a list of another shape, be it with one cell a row.
    begun = False
    for row in taking.table.rows:
        if any(squeezed(text) in labels for text in row.texts):
            begun = True
            continue
        said = [text for text in row.texts if ticked(text)]
        if begun and said and not is_signature(row) and not is_note(said[0]):
            message = f"nothing is read of this table: beside the labels of {taking.form.title} no cell is filled in"
            remedy = "write each value beside its label, or give the list with one row of headings above its items"
            taking.tell(row.address(row.texts.index(said[0])), "nothing-read", message, remedy)
            return
