"""The headings of a list: which rows are its header, what each column is called, and which field that is.

Rules of this room: headings only, no row of the list is read. A heading may lie over several rows (办理时限: 法定 |
承诺), name a unit (承诺时限(工作日)), or carry what says nothing (1. in front, (必填) or a translation behind). A
heading that parts a field of the form into what the form does not know is never taken for the field: 承诺时限 over
网上 | 窗口 has two answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import attrs

from egov_core.sheets.forms.description import Field, Form
from egov_core.sheets.forms.heading_units import UNIT, UNIT_ALONE, bare, unit_above
from egov_core.sheets.grid import Row, Table, squeezed

NUMBERING = frozenset({"序号", "顺序号", "编号", "序列号"})
"""Headings of the column that only counts the rows; a row with one of them is a header and never an item."""
A_HEADER = 2
"""So many headings of the form make a row a header."""
_MOST_ROWS = 4
_A_TITLE = 4
_LONGEST = 40
"""Signs of a cell that can be a heading; longer ones are not looked at, because a list has a hundred thousand cells."""
_MAIN = frozenset({"主项", "大项", "主项名称", "大项名称", "一级", "一级项", "一级事项", "一级名称", "名称"})
_PART = frozenset({"子项", "小项", "子项名称", "小项名称", "二级", "二级项", "二级事项", "二级名称"})
_GENERIC = frozenset({"名称", "类型", "类别", "编号", "编码", "单位", "部门", "说明", "依据", "时间", "时限", "条件"})
"""What a heading below another one says only together with it: 名称 below 材料 is no item's name."""
_OF_ITEMS = re.compile("事项|项目|权力|职权|基本|信息|情况|内容")


@attrs.frozen
class Words:
    """The headings that a form knows, and those that it passes over."""

    form: Form
    known: frozenset[str]
    passed_over: frozenset[str]
    _titles: frozenset[str]
    """Headings of the name that are nobody's name: 事项名称, and not 项目."""
    _may_be: re.Pattern[str]
    """How every heading begins: most of a hundred thousand cells are done with by the first two signs."""

    @classmethod
    def of(cls, form: Form) -> Words:
        """The headings of a form."""
        known = frozenset(squeezed(one) for field in form.fields for one in field.headings)
        passed_over = NUMBERING | frozenset(squeezed(one) for one in form.ignored)
        begins = sorted({r"\s*".join(map(re.escape, one[:2])) for one in known | passed_over if one})
        may_be = rf"[^\u4e00-\u9fff]*?(?:[一二三四五六七八九十]{{1,2}}、\s*)?(?:{'|'.join(begins)})"
        names = (squeezed(one) for field in form.fields if field.element == "name" for one in field.headings)
        titles = frozenset(one for one in names if len(one) >= _A_TITLE)
        return cls(form, known, passed_over, titles, re.compile(may_be))

    def knows(self, heading: str) -> bool:
        """Whether a squeezed text is a heading of the form, or one that it passes over."""
        return bool(self.names(heading)) or self.passes_over(heading)

    def passes_over(self, heading: str) -> bool:
        """Whether a squeezed text is a heading that is passed over without a word."""
        return heading in self.passed_over or bare(heading) in self.passed_over

    def names(self, heading: str) -> str:
        """The heading of the form that a squeezed text is, empty where it is none."""
        return next((one for one in (heading, bare(heading)) if one in self.known), "")

    def element(self, heading: str) -> str:
        """The element that a squeezed heading means, empty where it is none of the form."""
        name = self.names(heading)
        return next((field.element for field in self.form.fields if name in map(squeezed, field.headings)), "")

    def count(self, row: Row) -> int:
        """How many cells of a row are headings."""
        return sum(
            1
            for text in row.texts
            if 0 < len(text) <= _LONGEST and self._may_be.match(text) is not None and self.knows(squeezed(text))
        )

    def is_header(self, row: Row) -> bool:
        """Whether a row is headings and no item: most of its cells are, its first says 序号, or one says 事项名称."""
        count = self.count(row)
        if count == 0:
            return False
        filled = [text for text in row.texts if text]
        if self.counts_rows(row) or (count >= A_HEADER and 2 * count >= len(filled)):
            return True
        return self.names_items(row)

    def names_items(self, row: Row) -> bool:
        """Whether one of several cells is a heading of the name, such as 事项名称."""
        filled = [text for text in row.texts if text]
        return len(filled) >= A_HEADER and any(self.names(squeezed(text)) in self._titles for text in filled)

    def counts_rows(self, row: Row) -> bool:
        """Whether the first of several cells is the heading of a column that counts the rows."""
        filled = [text for text in row.texts if text]
        return len(filled) >= A_HEADER and len(filled[0]) <= _LONGEST and bare(squeezed(filled[0])) in NUMBERING


@attrs.frozen(kw_only=True)
class ListHeader:
    """The rows of headings as one: what each column is called, and the heading above it where that is parted."""

    rows: tuple[Row, ...]
    headings: tuple[str, ...]
    parents: tuple[str, ...] = ()
    unit: str = ""
    """What a line above the list says that its numbers are: 单位：工作日."""

    @property
    def last(self) -> Row:
        """The lowest of its rows."""
        return self.rows[-1]

    @property
    def width(self) -> int:
        """How many cells its widest row has."""
        return max(len(row.texts) for row in self.rows)

    @property
    def start(self) -> str:
        """Its first filled cell."""
        return self.rows[0].address(next((at for at, text in enumerate(self.rows[0].texts) if text), 0))

    def address(self, at: int) -> str:
        """The lowest cell that gives a column its heading."""
        row = next((row for row in reversed(self.rows) if row.text(at)), self.last)
        return row.address(at)

    def heads(self, at: int) -> str:
        """The heading of a column, empty where it has none."""
        return self.headings[at] if at < len(self.headings) else ""

    def parent(self, at: int) -> str:
        """The heading that is parted above a column, empty where none is."""
        return self.parents[at] if at < len(self.parents) else ""

    def repeated_at(self, rows: Sequence[Row]) -> int:
        """How many rows repeat it, as at the head of a page: all of its rows, or the first alone; 0 where none does."""
        alike = 0
        for own, other in zip(self.rows, rows, strict=False):
            if _squeezed_row(own) != _squeezed_row(other):
                break
            alike += 1
        return alike


def header_at(table: Table, place: int, words: Words) -> ListHeader:
    """The row as a header, together with the rows below it where those part its headings (办理时限: 法定 | 承诺)."""
    row = table.rows[place]
    header = ListHeader(
        rows=(row,), headings=tuple(squeezed(text) for text in row.texts), unit=unit_above(table, place)
    )
    if words.count(row) < A_HEADER:
        return header  # a title, under which the headings stand
    covered = max((bottom for top, bottom, _ in table.merged_down if top == row.number), default=row.number)
    for below in table.rows[place + 1 : place + _MOST_ROWS]:
        if below.number != header.last.number + 1:
            break
        parted = _parted(header, below, words, sure=below.number <= covered)
        if parted is None:
            break
        header = parted
    return header


def _parted(header: ListHeader, below: Row, words: Words, *, sure: bool) -> ListHeader | None:
    """The header with the row below it, None where that is no row of headings; `sure`: a merged cell says it is one."""
    width = max(len(header.headings), len(below.texts))
    above = [header.heads(at) for at in range(width)]
    names, parents = list(above), [header.parent(at) for at in range(width)]
    parent, found = "", 0
    for at in range(width):
        parent = above[at] or parent
        child = squeezed(below.text(at))
        if not child:
            continue
        if not parent or len(child) > _LONGEST:
            return None
        is_group = not above[at] or (at + 1 < width and not above[at + 1])
        unit = UNIT_ALONE.fullmatch(child)
        if unit is not None and above[at] and not is_group:
            names[at], found = f"{above[at]}({unit['unit']})", found + 1
            continue
        name = _child(parent, child, words)
        if words.element(parent) == "organ" and words.element(name) in ("name", "guide.subitem"):
            return None  # a table of its own, which begins right below
        if not is_group and not sure and not (name and name != child):
            return None
        # A row of a list may begin under such a heading too, so that a child known below its own heading proves little.
        found += (bool(name) and (not is_group or not above[at])) or child in _MAIN | _PART | _GENERIC
        names[at] = name or bare(parent) + child
        if is_group:
            parents[at] = parent
    if not found and not (sure and any(below.texts)):
        return None
    return attrs.evolve(header, rows=(*header.rows, below), headings=tuple(names), parents=tuple(parents))


def _child(parent: str, child: str, words: Words) -> str:
    """What a heading below another one is called by the form, with the unit of either; empty where it is unknown."""
    whole = bare(parent)
    above, below = UNIT.search(parent), UNIT.search(child)
    unit = below or above
    alone = () if child in _GENERIC and _OF_ITEMS.search(whole) is None else (child,)
    # 法定 below 办理时限 is 法定时限, and 编码 below 事项名称 is 事项编码.
    together = (whole + child, child + whole, child + whole[-2:], whole.removesuffix("名称") + child)
    name = next((one for one in (*together, *alone) if words.names(one)), "")
    if not name and words.passes_over(child):
        return child
    if not name and child in _MAIN and words.names(whole):
        name = whole
    if not name and child in _PART and words.names(whole) and (field := words.form.field_of("guide.subitem")):
        name = squeezed(field.heading)
    return bare(name) + unit.group() if name and unit else name


def column_of(header: ListHeader, field: Field, within: range | None = None) -> int | None:
    """The column of a field under any of its headings, with a unit behind it or without."""
    places = within or range(len(header.headings))
    for tidied in (str, bare):
        said = [tidied(header.heads(at)) for at in places]
        for one in field.headings:
            if (wanted := squeezed(one)) in said:
                return places[said.index(wanted)]
    return None


def columns_of(header: ListHeader, form: Form) -> tuple[Mapping[int, Field], ...]:
    """Which column is which field; several times where the columns are doubled, as two halves of a page are."""
    return tuple(
        {at: field for field in form.fields if (at := column_of(header, field, within)) is not None}
        for within in _halves(header.headings)
    )


def _halves(headings: Sequence[str]) -> list[range]:
    """The columns of each half, where all headings come again in their order; else all columns."""
    filled = [at for at, heading in enumerate(headings) if heading]
    starts = [at for at in filled if headings[at] == headings[filled[0]]] if filled else []
    if len(starts) > 1:
        halves = [range(start, end) for start, end in zip(starts, [*starts[1:], len(headings)], strict=True)]
        said = [[headings[at] for at in half if headings[at]] for half in halves]
        if len(said[0]) > 1 and all(one == said[0] for one in said):
            return halves
    return [range(len(headings))]


def _squeezed_row(row: Row) -> list[str]:
    texts = [squeezed(text) for text in row.texts]
    while texts and not texts[-1]:
        texts.pop()
    return texts
