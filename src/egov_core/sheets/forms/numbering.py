"""Main items and sub-items by the numbers in front of them: 3 城市道路管理, and below it 3.1 and 3.2.

Rules of this room: a row is a heading only where it says nothing but what a heading says and the next row is numbered
under it. What it says beside its name is not handed down: an empty cell is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import attrs

from egov_core.sheets.forms.description import Field, Form
from egov_core.sheets.forms.heading_units import bare
from egov_core.sheets.forms.headings import NUMBERING, ListHeader
from egov_core.sheets.grid import Row

_OF_A_HEADING = frozenset({"name", "organ", "power_class"})
_PARTS = re.compile(r"[0-9]{1,3}(?:[.．-][0-9]{1,3})*")


@attrs.define
class Numbering:
    """The rows of a list by the numbers in front of them: 3 with nothing but a name is the main item of 3.1 and 3.2."""

    form: Form
    header: ListHeader
    columns: Mapping[int, Field]

    def mains(self, rows: Sequence[Row]) -> dict[int, Row]:
        """The main item of each row that is a sub-item, by the number of the row on the sheet."""
        found: dict[int, Row] = {}
        numbers = [at for at, one in enumerate(self.header.headings) if bare(one) in NUMBERING and at < self._named]
        if not numbers:
            return found
        at = numbers[-1]  # of two halves side by side, each has its own
        main: Row | None = None
        for row, below in zip(rows, [*rows[1:], None][: len(rows)], strict=True):
            number = _number(row.text(at))
            if main is not None and _is_under(number, _number(main.text(at))):
                found[row.number] = main
                continue
            leads = below is not None and _is_under(_number(below.text(at)), number)
            main = row if leads and not self._says_more(row) else None
        return found

    def under(self, main: Row, cells: Sequence[tuple[Field, str, str]]) -> Iterator[tuple[Field, str, str]]:
        """The cells of a sub-item, with the name of its main item in front of its own."""
        part = self.form.field_of("guide.subitem") or Field(heading="子项名称", element="guide.subitem")
        if any(field.element == part.element and text for field, _, text in cells):
            yield from cells
            return
        for field, address, text in cells:
            if field.element == "name":
                yield field, main.address(self._named), main.text(self._named)
                yield part, address, text
            elif field.element != part.element:
                yield field, address, text

    @property
    def _named(self) -> int:
        return next((at for at, field in self.columns.items() if field.element == "name"), 0)

    def _says_more(self, row: Row) -> bool:
        """Whether a row says what only an item says, so that it is one, with others below it or without."""
        return any(row.text(at) for at, field in self.columns.items() if field.element not in _OF_A_HEADING)


def _number(text: str) -> tuple[str, ...]:
    said = text.strip().rstrip(".．、")
    return tuple(re.split(r"[.．-]", said)) if _PARTS.fullmatch(said) is not None else ()


def _is_under(number: tuple[str, ...], main: tuple[str, ...]) -> bool:
    return bool(main) and len(number) > len(main) and number[: len(main)] == main
