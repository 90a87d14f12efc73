"""Items as the rows of a form: what an export writes, and what an import compares with.

Rules of this room: the inverse of reading. A cell that was taken in word for word is given out word for word, as long
as it still says what the item says; else the item's value is written as we write it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from egov_core.domain.catalogue import ItemVersion, Material
from egov_core.domain.periods import NoLimit
from egov_core.sheets.forms.description import Field, Form
from egov_core.sheets.forms.elements import ELEMENTS, FORM_ONLY, LIMIT_AND_FEE, NUMBERS, ROW_MATERIAL, Names, value_of
from egov_core.sheets.forms.fee_columns import OF_FEES, with_fees
from egov_core.sheets.forms.limits import beside
from egov_core.sheets.forms.not_given import DEFAULT_LIMIT, NO_LIMIT_SET
from egov_core.sheets.forms.taking import is_blank, read_cell
from egov_core.sheets.forms.words import NotRead
from egov_core.sheets.limits.plain import as_text
from egov_core.sheets.workbook import Column, SheetToWrite

ORDINAL = "序号"
"""The heading of the column that counts rows; it is written anew each time."""


def text_of(field: Field, value: Any) -> str:
    """A value in the words of this field."""
    text = ELEMENTS[field.element].text(value)
    if not field.values:
        return text
    back: dict[str, str] = {}
    for word, meant in field.values.items():
        back.setdefault(meant, word)
    if isinstance(ELEMENTS[field.element].empty, tuple):
        return "、".join(back.get(word, word) for word in text.split("、")) if text else text
    return back.get(text, text)


def written(item: ItemVersion, field: Field, names: Names, material: Material | None = None) -> str:
    """What an export writes into a field."""
    if field.element == FORM_ONLY:
        return item.form_values.get(field.heading, "")
    if field.element == "statutory" and item.statutory_is_default:
        return NO_LIMIT_SET if isinstance(item.statutory, NoLimit) else DEFAULT_LIMIT
    said_both_ways = field.element in ("fee", LIMIT_AND_FEE) or field.element.startswith(OF_FEES)
    value = value_of(with_fees(item) if said_both_ways else item, field.element, names, material)
    text = text_of(field, value)
    kept = item.form_values.get(field.heading) if material is None else None
    if kept is None or kept == text or not _still_says(field, kept, value):
        return text
    return kept if _is_of_item(field.element, kept, item) else text


def _is_of_item(element: str, kept: str, item: ItemVersion) -> bool:
    """Whether what a cell says of the other limit, if anything, is still what the item has."""
    other = beside(element, kept)
    held = item.statutory if element == "promised" else item.promised
    return other is None or isinstance(other, NoLimit) or (held is not None and as_text(held) == as_text(other))


def _still_says(field: Field, kept: str, value: Any) -> bool:
    element = ELEMENTS[field.element]
    if is_blank(field, kept):
        return element.text(value) == ""
    try:
        said = read_cell(field, kept)
    except NotRead as why:
        # Words that were taken with a warning stand for what was set in their place: a type from the limit, for one.
        return why.warning and (why.value is None or why.value == value)
    return element.text(said) == element.text(value)


def rows_of(form: Form, items: Iterable[ItemVersion], names: Names) -> Iterator[tuple[str, ...]]:
    """The rows of a form, one for each item, or for each of its materials where the form repeats."""
    number = 0
    for item in items:
        if form.only and item.case_type.value != form.only:
            continue
        number += 1
        materials: tuple[Material | None, ...] = item.materials or (None,)
        for at, material in enumerate(materials if form.repeated else (None,)):
            yield tuple(_cell(field, item, names, material, number, first=at == 0) for field in form.fields)


def _cell(field: Field, item: ItemVersion, names: Names, material: Material | None, number: int, *, first: bool) -> str:
    if field.heading == ORDINAL:
        return str(number)
    if field.element.startswith(ROW_MATERIAL):
        return written(item, field, names, material) if material is not None else ""
    if not first and field.element not in (*NUMBERS, "name", "organ"):
        return ""
    return written(item, field, names)


def sheet_of(form: Form, items: Iterable[ItemVersion], names: Names, *, blank: int = 0) -> SheetToWrite:
    """The form with these items in it."""
    return SheetToWrite(
        name=form.title[:31],
        columns=columns_of(form),
        rows=list(rows_of(form, items, names)),
        above=(form.title,),
        blank=blank,
        printable=True,
    )


def columns_of(form: Form) -> tuple[Column, ...]:
    """The columns of a form, with what a filler should know."""
    return tuple(
        Column(
            heading=field.heading,
            width=field.width,
            choices=field.choices,
            only_choices=ELEMENTS[field.element].empty != () and field.element != "pause_kinds",
            note=field.note,
            required=field.required,
        )
        for field in form.fields
    )


def kept_values(held: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """The cells of the form that an item keeps, with these set, or (None) taken away."""
    kept = {**held, **{heading: text for heading, text in changes.items() if text is not None}}
    return {heading: text for heading, text in sorted(kept.items()) if changes.get(heading, text) is not None}
