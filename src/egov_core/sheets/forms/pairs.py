"""A form that is filled in as labels with what stands beside them, such as a 事项信息表.

Rules of this room: which cell belongs to which label, and nothing about what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from egov_core.sheets.forms.description import Field, Form
from egov_core.sheets.grid import Row, Table, squeezed

Pair = tuple[Field, str, str]
"""A field with the address and the text of the cell beside its label."""


def pairs(table: Table, form: Form) -> Iterator[list[Pair]]:
    """The labels of each item with what stands beside them; when the name's label comes again, the next item begins."""
    labels = labels_of(form)
    held: list[Pair] = []
    for row in table.rows:
        for field, address, text in _pairs_of(row, labels):
            if any(field is one for one, _, _ in held):
                if field.element != "name":
                    continue
                yield held
                held = []
            held.append((field, address, text))
    if held:
        yield held


def labels_of(form: Form) -> Mapping[str, Field]:
    """The fields by every label under which they are read."""
    return {squeezed(one): field for field in form.fields for one in field.headings}


def beyond(table: Table, form: Form) -> Iterator[tuple[Field, str]]:
    """Cells behind the one beside a label, as where items stand side by side: the field, and the first such cell."""
    labels = labels_of(form)
    for row in table.rows:
        field: Field | None = None
        values = 0
        for at, text in enumerate(row.texts):
            if (label := labels.get(squeezed(text))) is not None:
                field, values = label, 0
            elif text and field is not None:
                values += 1
                if values == 2:
                    yield field, row.address(at)


def place_of_name(held: list[Pair]) -> str:
    """The address of the name, else of the first cell."""
    return next((address for field, address, _ in held if field.element == "name"), held[0][1])


def _pairs_of(row: Row, labels: Mapping[str, Field]) -> Iterator[Pair]:
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
