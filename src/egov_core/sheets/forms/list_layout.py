"""How a list lies on its sheet: one table below another, pages with their headings, and the rows that are no items.

Rules of this room: layout only, no element is read. A row that is passed over is said, with its cell, unless it is the
line for seal and signatures or an unused line with its number. Merged cells speak for every row they cover, because
that is what merging says; a cell that is only empty is left empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import attrs

from egov_core.domain.cells import CellFault
from egov_core.sheets.forms.description import Field
from egov_core.sheets.forms.headings import ListHeader, Words, header_at
from egov_core.sheets.forms.organ_lines import is_section, organ_line, style_of
from egov_core.sheets.grid import Row, Table, squeezed
from egov_core.sheets.total_rows import SAID, is_total

EXAMPLE = "示例"
"""The first word of the name in a row that shows how to fill in a template; it is no item."""
_SIGNATURE = re.compile(
    r"(?:填报?单位|制表单位|单位|主要|分管|部门)?"
    r"(?:\(?(?:盖章|公章|签章)\)?|(?:填报|填表|制表|报送|上报)(?:单位|部门|时间)|填表人|填报人|制表人|审核人|审批人|经办人|联系人|负责人|填表日期|填报日期|制表日期|联系电话)"
    r"(?:\(?(?:签名|签字|签章|盖章)\)?)?(?:[: _(].*)?"
)
_NOTE = re.compile(r"(?:备注|注|说明|填表说明|填报说明)(?:[:\d].*)?", re.DOTALL)
_NOTE_GOES_ON = re.compile(r"(?:\(?[0-9]{1,2}[)、.]|[①-⑳]).*", re.DOTALL)
_SECTION = re.compile(r"\(?[一二三四五六七八九十]{1,3}[)、.].{0,40}|.{1,40}\((?:共|计|合计)?[0-9]+[项个件]\)")
_PAGE = re.compile(r"(?:第?[0-9]+页)?[,、/]?共?[0-9]+页|-[0-9]+-|[0-9]+/[0-9]+|\(?续(?:上?表|上页)?\)?|[接转][上下]页")
_OF_THE_PAST = re.compile(
    r"(?:取消|废止|停止实施|停止执行|不再实施|不再保留)(?:[、和及或](?:下放|调整|停止实施|停止执行|废止))*"
    r"的?(?:行政|审批|许可|权力|职权|服务|公共服务|等)*(?:事项|项目)|(?:取消|废止)(?:依据|时间|日期|文号)"
)
_KEPT = re.compile("保留|新增|承接")


@attrs.define
class Part:
    """One table of a sheet: its header, and the rows below it up to the next header, merged cells filled in.

    `past` is the heading that says that its items are no longer in force (二、取消的事项), empty where none does.
    """

    header: ListHeader
    rows: list[Row] = attrs.field(factory=list)
    past: str = ""


def parts(table: Table, first: ListHeader, words: Words, faults: list[CellFault]) -> list[Part]:
    """The tables of a sheet from its first header on; headings that a new page repeats are told as passed over."""
    number_of_first = first.rows[0].number
    titles = {squeezed(text) for row in table.rows if row.number < number_of_first for text in row.texts if text}
    found = [Part(first, past=_past(table, first))]
    filled = {row.number: row for row in _unmerged(table)}
    place = sum(1 for row in table.rows if row.number <= first.last.number)
    while place < len(table.rows):
        row, here = table.rows[place], found[-1]
        if words.is_header(row):
            repeated = here.header.repeated_at(table.rows[place:])
            if repeated:
                faults.append(_repeated(table, row, "the headings are repeated, as at the head of a page"))
            else:
                found.append(Part(header_at(table, place, words)))
                found[-1].past = _past(table, found[-1].header)
            place += repeated or len(found[-1].header.rows)
            continue
        only = [text for text in row.texts if text]
        if len(only) == 1 and squeezed(only[0]) in titles and len(only[0]) > 1:
            faults.append(_repeated(table, row, "the title is repeated, as at the head of a page"))
        elif row.number in filled:
            here.rows.append(filled[row.number])
        place += 1
    return found


def _repeated(table: Table, row: Row, why: str) -> CellFault:
    at = next(at for at, text in enumerate(row.texts) if text)
    return table.fault(row.address(at), "header-row", f"{why}; the row is not read", severity="warning")


def _past(table: Table, header: ListHeader) -> str:
    """What says that the items under a header are no longer in force: a title right above it, or a heading of it."""
    above: list[str] = []
    for row in reversed([row for row in table.rows if row.number < header.rows[0].number]):
        texts = [text for text in row.texts if text]
        if len(texts) > 1:
            break
        above += texts
    said = [*above, *(text for row in header.rows for text in row.texts if text)]
    return next((" ".join(one.split()) for one in said if says_past(one)), "")


def says_past(text: str) -> bool:
    """Whether a title or a section speaks of items that are no longer in force."""
    said = squeezed(text)
    return _OF_THE_PAST.search(said) is not None and _KEPT.search(said) is None


def is_signature(row: Row) -> bool:
    """Whether a row is a line for seal and signatures."""
    return _SIGNATURE.fullmatch(squeezed(next(text for text in row.texts if text))) is not None


def is_note(text: str) -> bool:
    """Whether a cell begins a note under a list or a form."""
    return _NOTE.fullmatch(squeezed(text)) is not None


@attrs.define
class Lines:
    """The rows of one part that are items; what is passed over is said in `faults`.

    `organ` is the cell whose line names the organ of the rows below it, where the list has no column for it. `lost` is
    the first row that was passed over and may have been an item.
    """

    table: Table
    part: Part
    columns: Mapping[int, Field]
    faults: list[CellFault]
    by_organ_lines: bool = False
    organ: tuple[str, str] = ("", "")
    lost: str = ""
    past: str = ""
    _signed: bool = False
    _noted: bool = False
    _style: str = ""
    """How the lines that name the organs are numbered."""

    def items(self) -> Iterator[Row]:
        """The rows that are items, or should be."""
        named = self.place_of("name")
        decides = self.place_of("organ")
        for row in self.part.rows:
            texts = [text for text in row.texts if text]
            first = squeezed(texts[0])
            # Whoever writes over the example row writes a name of his own into it, whatever else he leaves.
            if row.text(named).startswith(EXAMPLE):
                continue
            if is_signature(row):
                self._signed = True
                continue
            if self._is_told(row, first, texts, (row.text(named), row.text(decides))) or self._is_unused(row):
                continue
            if any(row.text(at) for at in self.columns):
                yield row
            else:
                at = next(at for at, text in enumerate(row.texts) if text)
                self._tell(row, "row-outside", "the row has nothing in the columns that are read", at=at)
                self.lost = self.lost or row.address(at)

    def place_of(self, element: str) -> int:
        """The column of an element, the first where there is none."""
        return next(
            (at for at, field in self.columns.items() if field.element == element), min(self.columns, default=0)
        )

    def _is_told(self, row: Row, first: str, texts: Sequence[str], marked: Sequence[str]) -> bool:
        is_alone = len(set(texts)) == 1
        if is_total(row.texts) or any(is_total((text,)) for text in marked):
            return self._tell(row, "total-row", SAID)
        if _PAGE.fullmatch(first) is not None and is_alone and not first.isdigit():
            return self._tell(row, "page-row", "the row belongs to the page and is not read")
        if self._counts_columns(row):
            return self._tell(row, "number-row", "the row numbers the columns and is not read")
        if not is_alone:
            return False
        if is_note(first) or (self._noted and _NOTE_GOES_ON.fullmatch(first) is not None):
            self._noted = True
            return self._tell(row, "note-row", "the row is a note under the list and is not read")
        organ = organ_line(row) if self.by_organ_lines else ""
        if organ:
            at = next(at for at, text in enumerate(row.texts) if text)
            self.organ, self._style = (organ, row.address(at)), style_of(texts[0])
            message = f"the row is a heading between the items; {organ} is taken as the organ of those below it"
            return self._tell(row, "section-row", message, at=at)
        if self.by_organ_lines and self._style and style_of(texts[0]) == self._style and not is_section(first):
            # 六、其他 among 五、县气象局 and 七、县水利局: its items are no longer those of the organ above
            at = row.texts.index(texts[0])
            self.organ = ("", row.address(at))
            message = "the row stands where the organs are named, and names none that is known as one"
            return self._tell(row, "section-row", message, at=at)
        if _SECTION.fullmatch(first) is not None:
            self.past = first if says_past(first) else ""
            self.lost = self.lost or row.address(0)
            return self._tell(row, "section-row", "the row is a heading between the items and is not read")
        # Below the signatures stand a date and a seal, which nobody takes for an item.
        return self._signed and self.place_of("name") != row.texts.index(texts[0])

    def _tell(self, row: Row, code: str, message: str, *, at: int = 0) -> bool:
        self.faults.append(self.table.fault(row.address(at), code, message, severity="warning"))
        return True

    def _is_unused(self, row: Row) -> bool:
        """Whether only the number of a line is filled in, as in a form that has lines to spare."""
        filled = [at for at, text in enumerate(row.texts) if text]
        return len(filled) == 1 and row.texts[filled[0]].isdigit() and self.part.header.heads(filled[0]) in _NUMBERS

    def _counts_columns(self, row: Row) -> bool:
        """Whether the row says 1, 2, 3 … or 甲, 乙, 1 … below the headings."""
        filled = [squeezed(text).strip("()") for text in row.texts if text]
        if len(filled) < _MANY:
            return False
        numbers = [one for one in filled if one.isdigit()]
        letters = filled[: len(filled) - len(numbers)]
        return (
            numbers == [str(at) for at in range(1, len(numbers) + 1)]
            and "".join(letters) in ("", "甲", "甲乙", "甲乙丙")
        ) or ("".join(filled) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(filled)])


_MANY = 3
_NUMBERS = frozenset({"序号", "顺序号", "编号", "序列号", "号"})


def _unmerged(table: Table) -> Iterator[Row]:
    """The rows, each with what stands in the cells merged over it."""
    starts: dict[int, list[tuple[int, int]]] = {}
    for top, bottom, column in table.merged_down:
        starts.setdefault(top, []).append((bottom, column))
    held: dict[int, tuple[int, str]] = {}
    for row in table.rows:
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
