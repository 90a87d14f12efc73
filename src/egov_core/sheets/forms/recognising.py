"""Which form a table is, by its headings alone: titles and names of sheets are whatever people make of them.

Rules of this room: a form is known by the headings that only it has together (`Form.recognise`), in one row as a
header, or anywhere as labels with what stands beside them; of several forms the one with most of its headings is taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from egov_core.domain.cells import CellFault
from egov_core.sheets.forms.description import Form
from egov_core.sheets.forms.list_layout import column_of, header_at, without_unit
from egov_core.sheets.grid import Header, Table, squeezed


def recognise(table: Table, forms: Sequence[Form]) -> tuple[Form, Header | None] | None:
    """The form with the most of its headings in the table, as rows if there is such a header, else as pairs."""
    best: tuple[int, Form, Header | None] | None = None
    for form in forms:
        header = _header(table, form)
        if header is not None:
            known = sum(1 for field in form.fields if column_of(header, field) is not None)
            if best is None or known > best[0]:
                best = (known, form, header)
    if best is None:
        for form in forms:
            labels = {squeezed(text) for row in table.rows for text in row.texts}
            known = sum(1 for field in form.fields if any(squeezed(one) in labels for one in field.headings))
            if _has_all(labels, form) and (best is None or known > best[0]):
                best = (known, form, None)
    return None if best is None else (best[1], best[2])


def _has_all(labels: set[str], form: Form) -> bool:
    wanted = [form_field for form_field in form.fields if form_field.heading in form.recognise]
    return bool(wanted) and all(any(squeezed(one) in labels for one in field.headings) for field in wanted)


def _header(table: Table, form: Form) -> Header | None:
    for place in range(min(30, len(table.rows))):
        header = header_at(table, place, form)
        labels = {*header.headings, *(without_unit(one) for one in header.headings)}
        # Two fields side by side are a header; a label beside its cell is not.
        if _has_all(labels, form) and (len(form.recognise) > 1 or len([one for one in header.headings if one]) > 1):
            return header
    return None


def unknown_form(table: Table, forms: Sequence[Form]) -> CellFault:
    """The fault of a table that is none of the forms: what it has, and what would be needed."""
    first = next((row for row in table.rows if sum(1 for text in row.texts if text) > 1), table.rows[0])
    has = "、".join(text for text in first.texts if text)[:120]
    wanted = "; ".join(f"{form.title}: {'、'.join(form.recognise)}" for form in forms)
    return table.fault(
        first.address(0),
        "form-unknown",
        f"this is none of the forms: it has {has}",
        f"needed are the headings of {wanted}; for a list of another shape give a mapping file (--mapping)",
    )
