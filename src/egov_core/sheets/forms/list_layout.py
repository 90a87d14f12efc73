"""How a list lies on its sheet: headings over two rows, merged cells, and the rows between the items that are none.

Rules of this room: layout only, no element is read. A row that is passed over is said, with its cell, unless it is the
line for seal and signatures. Merged cells speak for every row they cover, because that is what merging says; a cell
that is only empty is left empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import attrs

from egov_core.domain.cells import CellFault
from egov_core.sheets.forms.description import Field, Form
from egov_core.sheets.grid import Header, Row, Table, squeezed
from egov_core.sheets.numerals import NUMBER
from egov_core.sheets.signs import half_width
from egov_core.sheets.total_rows import SAID, is_total

EXAMPLE = "示例"
"""The first word of the name in a row that shows how to fill in a template; it is no item."""
_SIGNATURE = re.compile(
    r"(?:填报?单位|制表单位|单位|主要|分管|部门)?"
    r"(?:\(?(?:盖章|公章|签章)\)?|填表人|填报人|制表人|审核人|审批人|经办人|联系人|负责人|填表日期|填报日期|制表日期|联系电话)"
    r"(?:\(?(?:签名|签字|签章|盖章)\)?)?(?:[: _(].*)?"
)
_NOTE = re.compile(r"(?:备注|注|说明|填表说明|填报说明)[:\d].*", re.DOTALL)
_SECTION = re.compile(r"\(?[一二三四五六七八九十]{1,3}[)、.].{0,40}|.{1,40}\((?:共|计|合计)?[0-9]+[项个件]\)")
_UNIT = re.compile(r"\((?:单位:?)?(?P<unit>个?(?:工作日|自然日|工作小时|小时)|日|天)\)$")
_A_HEADER = 2
"""So many headings of the form make a row a header that the row below may part."""
_TIMES = frozenset({"statutory", "promised", "limits.forward"})


def header_at(table: Table, place: int, form: Form) -> Header:
    """The row as a header, together with the row below it where that parts its headings (办理时限: 法定 | 承诺)."""
    row = table.rows[place]
    headings = tuple(squeezed(text) for text in row.texts)
    plain = Header(row.number, row.texts, headings)
    if place + 1 >= len(table.rows) or table.rows[place + 1].number != row.number + 1:
        return plain
    below = table.rows[place + 1]
    known = {squeezed(one) for field in form.fields for one in field.headings}
    if sum(1 for one in headings if without_unit(one) in known) < _A_HEADER:
        return plain  # a title, under which the headings stand
    width = max(len(headings), len(below.texts))
    above = (*headings, *[""] * (width - len(headings)))
    names, found, parent = list(above), 0, ""
    for at in range(width):
        parent = above[at] or parent
        child = squeezed(below.text(at))
        if not child:
            continue
        is_group = not above[at] or (at + 1 < width and not above[at + 1])
        bare = _UNIT.sub("", parent)
        fitting = [one for one in (child, bare + child, child + bare) if without_unit(one) in known or one in known]
        if not is_group or not parent:
            return plain
        found += bool(fitting) and not above[at]
        unit = _UNIT.search(parent)
        names[at] = (fitting[0] if fitting else bare + child) + (unit.group() if unit and fitting else "")
    return Header(below.number, tuple(names), tuple(names)) if found else plain


def without_unit(heading: str) -> str:
    """A heading without the unit in brackets behind it: 承诺时限(工作日)."""
    return _UNIT.sub("", heading)


def column_of(header: Header, field: Field) -> int | None:
    """The column of a field under any of its headings, with a unit behind it or without."""
    for one in field.headings:
        if (found := header.column(one)) is not None:
            return found
    bare = [without_unit(heading) for heading in header.headings]
    return next((bare.index(squeezed(one)) for one in field.headings if squeezed(one) in bare), None)


def with_unit(field: Field, heading: str, text: str) -> str:
    """20 under 承诺时限(工作日) as 20个工作日: the heading says the unit once for all."""
    unit = _UNIT.search(heading) if field.element in _TIMES else None
    if unit is None:
        return text
    number = half_width(text).strip()
    if re.fullmatch(NUMBER, number) is None:
        return text
    said = unit["unit"]
    return f"{number}{said if said in ('日', '天') or said.startswith('个') else f'个{said}'}"


def items(table: Table, header: Header, columns: Mapping[int, Field], faults: list[CellFault]) -> Iterator[Row]:
    """The rows below the header that are items, merged cells filled in; what is passed over is said in `faults`."""
    named = next((at for at, field in columns.items() if field.element == "name"), 0)
    for row in _unmerged(table, header):
        texts = [text for text in row.texts if text]
        first = squeezed(texts[0])
        # Whoever writes over the example row writes a name of his own into it, whatever else he leaves.
        if row.text(named).startswith(EXAMPLE):
            continue
        if _SIGNATURE.fullmatch(first) is not None:
            return
        said = _passed_over(row, first, texts)
        if said is not None:
            faults.append(table.fault(row.address(0), *said, severity="warning"))
        elif any(row.text(at) for at in columns):
            yield row


def _passed_over(row: Row, first: str, texts: Sequence[str]) -> tuple[str, str] | None:
    if is_total(row.texts):
        return "total-row", SAID
    is_alone = len(texts) == 1
    if is_alone and _NOTE.fullmatch(first) is not None:
        return "note-row", "the row is a note under the list and is not read"
    if is_alone and _SECTION.fullmatch(first) is not None:
        return "section-row", "the row is a heading between the items and is not read"
    return None


def _unmerged(table: Table, header: Header) -> Iterator[Row]:
    """The rows below the header, each with what stands in the cells merged over it."""
    starts: dict[int, list[tuple[int, int]]] = {}
    for top, bottom, column in table.merged_down:
        starts.setdefault(top, []).append((bottom, column))
    held: dict[int, tuple[int, str]] = {}
    for row in table.below(header):
        for bottom, column in starts.get(row.number, ()):
            held[column] = (bottom, row.text(column))
        filled = {
            column: text for column, (bottom, text) in held.items() if row.number <= bottom and not row.text(column)
        }
        if not any(filled.values()):
            yield row
            continue
        width = max(len(row.texts), max(filled) + 1)
        yield attrs.evolve(row, texts=tuple(filled.get(at, row.text(at)) for at in range(width)))
