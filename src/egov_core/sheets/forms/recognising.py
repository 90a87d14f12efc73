"""Which form a table is, by its headings alone: titles and names of sheets are whatever people make of them.

Rules of this room: a form is known by the headings that only it has together (`Form.recognise`), in one row as a
header, or anywhere as labels with what stands beside them; of several forms the one with most of its headings is taken.
Labels side by side are a header and are never read as labels: the cell beside each would be the next label.
"""

from __future__ import annotations

from collections.abc import Sequence

from egov_core.domain.cells import CellFault
from egov_core.sheets.forms.description import Field, Form
from egov_core.sheets.forms.headings import A_HEADER, ListHeader, Words, column_of, header_at
from egov_core.sheets.forms.organ_lines import organ_above, organ_line
from egov_core.sheets.grid import Row, Table, squeezed

_A_LIST = 3
"""So many headings side by side are a list's header; fewer may be labels with nothing filled in beside them."""


def recognise(table: Table, forms: Sequence[Form]) -> tuple[Form, ListHeader | None] | None:
    """The form with the most of its headings in the table, as rows if there is such a header, else as pairs."""
    best: tuple[int, Form, ListHeader | None] | None = None
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
            if not _needed(labels, form) and (best is None or known > best[0]) and not _is_list(table, form):
                best = (known, form, None)
    return None if best is None else (best[1], best[2])


def _needed(labels: set[str], form: Form) -> list[Field]:
    """Of the headings by which the form is known, those that are not there; all of them where it names none."""
    wanted = [form_field for form_field in form.fields if form_field.heading in form.recognise]
    return (
        [field for field in wanted if not any(squeezed(one) in labels for one in field.headings)]
        if wanted
        else [*form.fields]
    )


def _header(table: Table, form: Form) -> ListHeader | None:
    words = Words.of(form)
    found: ListHeader | None = None
    for place, row in enumerate(table.rows):
        if words.count(row) == 0:
            continue
        header = header_at(table, place, words)
        # Two fields side by side are a header; a label beside its cell is not.
        if len(form.recognise) == 1 and len([one for one in header.headings if one]) == 1:
            continue
        needed = _needed({words.names(one) for one in header.headings if one}, form)
        if not needed or _named_by_lines(table, header, needed, form):
            found = header
            break
    if found is None:
        return None
    # What lies above it as a list of its own is not read by these headings, and must not be lost without a word.
    for place, row in enumerate(table.rows):
        if row.number >= found.rows[0].number:
            break
        are_headings = A_HEADER <= words.count(row) == sum(1 for text in row.texts if text)
        if are_headings or _heads_a_list(table, place, words) or words.counts_rows(row) or words.names_items(row):
            return header_at(table, place, words)
    return found


def _named_by_lines(table: Table, header: ListHeader, needed: Sequence[Field], form: Form) -> bool:
    """Whether only the organ has no column, because a line names it: between the items, or over all of them."""
    if [field.element for field in needed] != ["organ"] or "organ" in form.constants:
        return False
    below = next((row for row in table.rows if row.number > header.last.number), None)
    is_between = below is not None and bool(organ_line(below))
    return is_between or bool(organ_above(table, header.rows[0].number)[0])


def _heads_a_list(table: Table, place: int, words: Words) -> bool:
    """Whether headings stand side by side in a row, and what lies below them are no labels: those stand in columns."""
    row = table.rows[place]
    count, filled = words.count(row), sum(1 for text in row.texts if text)
    if count < _A_LIST or 3 * count < 2 * filled or place + 1 >= len(table.rows):
        return False
    headings = {words.names(squeezed(text)) for text in row.texts}
    if len(_needed(headings, words.form)) == len(_needed(set(), words.form)):
        return False
    below = [table.rows[place + 1].text(at) for at, text in enumerate(row.texts) if text]
    said = [text for text in below if text]
    return len(said) >= A_HEADER and not any(words.names(squeezed(text)) for text in said)


def _is_list(table: Table, form: Form) -> bool:
    """Whether the table is a list under a header."""
    words = Words.of(form)
    return any(_heads_a_list(table, at, words) for at in range(len(table.rows)))


def has_data(table: Table) -> bool:
    """Whether a table says more than a cover or notes do: two rows of several cells each."""
    return sum(1 for row in table.rows if sum(1 for text in row.texts if text) >= A_HEADER) >= A_HEADER


def unknown_form(table: Table, forms: Sequence[Form]) -> CellFault:
    """The fault of a table that is none of the forms: what it has, and what would be needed."""
    by_words = [(Words.of(form), form) for form in forms]
    first = next((row for row in table.rows if sum(1 for text in row.texts if text) > 1), table.rows[0])
    counts = [(words.count(row), -row.number, row, words) for words, _ in by_words for row in table.rows]
    best = max(counts, key=lambda one: one[:2], default=None)
    if best is not None and best[0] >= A_HEADER:
        first = best[2]
    has = "、".join(squeezed(text) for text in first.texts if text)[:120]
    wanted = "、".join(f"{form.title}（{'、'.join(form.recognise)}）" for form in forms)
    return table.fault(
        _first_cell(first),
        "form-unknown",
        f"this is none of the forms: it has {has}{_lacks(table, first, by_words)}",
        f"needed are the headings of {wanted}; for a list of another shape give a mapping file (--mapping), "
        "and hide a sheet that is not meant",
    )


def _lacks(table: Table, row: Row, by_words: Sequence[tuple[Words, Form]]) -> str:
    """What the form that comes nearest has not found in a row of headings."""
    place = table.rows.index(row)
    lacking = []
    for words, form in by_words:
        if words.count(row) >= A_HEADER:
            header = header_at(table, place, words)
            names = {words.names(one) for one in header.headings if one}
            needed = _needed(names, form)
            lacking.append((len(needed), -len(names), form.title, needed))
    if not lacking:
        return ""
    *_, title, needed = min(lacking, key=lambda one: one[:3])
    return f"; for {title} it lacks {'、'.join(field.heading for field in needed)}" if needed else ""


def _first_cell(row: Row) -> str:
    return row.address(next((at for at, text in enumerate(row.texts) if text), 0))
