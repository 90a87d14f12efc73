"""One table as a list with an item a row: its columns, and the cells of each row under their headings.

Rules of this room: what is said of headings and columns is said here, what is said of rows in `list_layout`, and what
is said of cells in `taking`. A column that an item needs and that the list does not have is one error at the header,
not one for each row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from egov_core.sheets.forms.abolished import is_said_abolished, said_abolished
from egov_core.sheets.forms.description import Field
from egov_core.sheets.forms.elements import FORM_ONLY
from egov_core.sheets.forms.headings import ListHeader, Words, columns_of
from egov_core.sheets.forms.list_layout import Lines, Part, parts
from egov_core.sheets.forms.numbering import Numbering
from egov_core.sheets.forms.organ_lines import organ_above, organ_line
from egov_core.sheets.forms.row_cells import RowCells, units_of
from egov_core.sheets.forms.taking import Taking
from egov_core.sheets.forms.words import shown
from egov_core.sheets.grid import Row, squeezed

_NAME_IT = "name it in a mapping file to take it"
_NEEDED = ("name", "organ")
_ORGAN = Field(heading="实施主体", element="organ")
"""The field of an organ that no column names and for which a mapping has none."""


def read_list(taking: Taking, header: ListHeader) -> None:
    """Take the rows below a header, and below each further one on the sheet."""
    words = Words.of(taking.form)
    for part in parts(taking.table, header, words, taking.faults):
        _Reader(taking, part, words).read()


class _Reader:
    """One part of a sheet on its way."""

    def __init__(self, taking: Taking, part: Part, words: Words) -> None:
        self.taking, self.part, self.words = taking, part, words
        self.header = part.header
        self.columns = columns_of(part.header, taking.form)
        self.before = len(taking.rows) + taking.unreadable
        self.over_all = ("", "")
        """The organ of all items, and the cell that names it, where it stands over the list."""

    def read(self) -> None:
        """Take every row, or say at the header why none is."""
        every: dict[int, Field] = {at: field for half in self.columns for at, field in half.items()}
        self._strange(every)
        self._parted(every)
        by_lines = self._is_led_by_organ_lines()
        self.over_all = ("", "") if by_lines or self._has("organ") else self._organ_over_all()
        is_led = by_lines or bool(self.over_all[0])
        lacking = [one for one in _NEEDED if not self._has(one) and not (one == "organ" and is_led)]
        if lacking:
            self._without(lacking)
            return
        for half, columns in enumerate(self.columns):
            # What is passed over is the same for both halves of a page, and is said once.
            faults = self.taking.faults if half == 0 else []
            lines = Lines(self.taking.table, self.part, columns, faults, by_organ_lines=by_lines, past=self.part.past)
            self._rows(lines, columns, every if half == 0 else {})
            if len(self.taking.rows) + self.taking.unreadable == self.before and lines.lost:
                message = "nothing is read of this list: no row below its header is an item"
                self.taking.tell(
                    lines.lost, "nothing-read", message, "give each item a row with its name and its organ"
                )

    def _rows(self, lines: Lines, columns: Mapping[int, Field], every: Mapping[int, Field]) -> None:
        named = lines.place_of("name")
        organ = self.taking.form.field_of("organ") or _ORGAN
        held = RowCells(self.header, columns)
        hidden: list[Row] = []
        past: dict[str, list[Row]] = {}
        nameless: set[int] = set()
        rows = [(row, lines.past, lines.organ) for row in lines.items()]
        numbering = Numbering(self.taking.form, self.header, columns)
        mains = numbering.mains([row for row, is_past, _ in rows if not is_past])
        heads = {main.number for main in mains.values()}
        for row, is_past, organ_led in rows:
            if is_past:
                past.setdefault(is_past, []).append(row)
                continue
            if self.taking.table.kind == "csv" and len(row.texts) != self.header.width:
                self._wrong_width(row)
                continue
            if every:
                nameless |= self._without_heading(row, every, nameless)
            if row.number in heads:
                message = "the row names the main item of the rows numbered below it, which are its sub-items"
                self.taking.tell(row.address(named), "main-row", message, severity="warning")
                continue
            cells = held.of(row)
            if row.number in mains:
                cells = list(numbering.under(mains[row.number], cells))
            if lines.by_organ_lines or self.over_all[0]:
                text, address = organ_led if lines.by_organ_lines else self.over_all
                cells.append((organ, address or row.address(named), text))
            if row.number in self.taking.table.hidden_rows:
                hidden.append(row)
            self._struck(row, columns)
            if every:
                self._abolished(row, every)
            self.taking.take(cells, row.address(named))
        for heading, gone in past.items():
            self._past(heading, gone)
        if hidden:
            self._hidden(hidden, named)

    def _has(self, element: str) -> bool:
        constant = element in self.taking.form.constants
        return constant or all(any(field.element == element for field in half.values()) for half in self.columns)

    def _is_led_by_organ_lines(self) -> bool:
        return not self._has("organ") and bool(self.part.rows) and bool(organ_line(self.part.rows[0]))

    def _organ_over_all(self) -> tuple[str, str]:
        """The organ that stands over the whole list, and where; it is told, because it may be somebody else's."""
        organ, address = organ_above(self.taking.table, self.header.rows[0].number)
        if organ:
            message = f"no column names the organ of these items; {organ}, which stands over the list, is taken"
            remedy = "write a column with the organ of each item if it is not that of all"
            self.taking.tell(address or self.header.start, "organ-over-all", message, remedy, severity="warning")
        return organ, address

    def _without(self, lacking: Sequence[str]) -> None:
        """One error at the header instead of one for each of its rows."""
        rows = [row for row in self.part.rows if sum(1 for text in row.texts if text) > 1]
        self.taking.unreadable += len(rows)
        fields = [self.taking.form.field_of(element) for element in lacking]
        wanted = "、".join(
            field.heading if field is not None else element for field, element in zip(fields, lacking, strict=True)
        )
        has = "、".join(one for one in self.header.headings if one)[:120]
        message = (
            f"the list that begins here has no column for {wanted} ({has}), and its {len(rows)} row(s) are not read"
        )
        remedy = "write the heading, name it in a mapping file, or take the rows out if they are no items in force"
        self.taking.tell(self.header.start, "column-missing", message, remedy)

    def _parted(self, columns: Mapping[int, Field]) -> None:
        """A heading of the form over headings that are none: which of them is meant is not said."""
        taken = {id(field) for field in columns.values()}
        by_parent: dict[str, list[int]] = {}
        for at in range(len(self.header.headings)):
            if self.header.parent(at):
                by_parent.setdefault(self.header.parent(at), []).append(at)
        for parent, places in by_parent.items():
            name = self.words.names(parent)
            field = next((one for one in self.taking.form.fields if name in map(squeezed, one.headings)), None)
            if field is None or id(field) in taken or field.element == FORM_ONLY or any(at in columns for at in places):
                continue
            children = "、".join(squeezed(self.header.last.text(at)) for at in places)
            message = f"{parent} is parted into {children}, and the form knows none of them: which is meant is not said"
            remedy = "name the one that counts in a mapping file, or leave one column for it"
            self.taking.tell(self.header.address(places[0]), "heading-parted", message, remedy)

    def _strange(self, columns: Mapping[int, Field]) -> None:
        """List headings that the form does not have."""
        seen: set[str] = set()
        units = set(units_of(self.header, columns).values())
        said = {squeezed(one) for field in columns.values() for one in field.headings}
        names = {squeezed(one) for field in columns.values() if field.element == "name" for one in field.headings}
        for at, heading in enumerate(self.header.headings):
            if heading and at not in columns and at not in units and not self.words.passes_over(heading):
                if heading in seen or heading in said:
                    code, why = "heading-twice", "is there twice; the first column counts"
                else:
                    code, why = "heading-unknown", "is no field of the form; the column is not taken"
                # In a second column of names stand items that nobody would miss.
                severity = "error" if heading in seen and heading in names else "warning"
                self.taking.tell(self.header.address(at), code, f"{heading} {why}", _NAME_IT, severity=severity)
            seen.add(heading)

    def _without_heading(self, row: Row, columns: Mapping[int, Field], told: set[int]) -> set[int]:
        """The columns without a heading in which a row says something, each told once."""
        found = {at for at, text in enumerate(row.texts) if text and not self.header.heads(at)} - told
        for at in sorted(found):
            left = next((one for one in range(at, -1, -1) if self.header.heads(one)), at)
            if left in columns and columns[left].element == "name":
                message = f"the column stands under {self.header.heads(left)} and has no heading of its own"
                remedy = "write 子项 above it if it names sub-items; else put the whole name into one cell"
                self.taking.tell(row.address(at), "column-nameless", message, remedy)
                continue
            message = "the column has no heading and is not taken"
            self.taking.tell(
                row.address(at), "column-nameless", message, "write a heading above it", severity="warning"
            )
        return found

    def _wrong_width(self, row: Row) -> None:
        self.taking.unreadable += 1
        # With a cell too many or too few nobody knows which columns have moved: the limits may be somebody else's.
        code = "cells-too-many" if len(row.texts) > self.header.width else "cells-too-few"
        message = f"the row has {len(row.texts)} cells and the header {self.header.width}"
        self.taking.tell(row.address(0), code, message, "check commas and quotes")

    def _past(self, heading: str, rows: Sequence[Row]) -> None:
        self.taking.unreadable += len(rows)
        message = f"“{heading}” says that these items are no longer in force: {len(rows)} row(s) are not taken"
        remedy = f"take row(s) {_ranges(rows)} out of the file and withdraw the items, or change the heading"
        self.taking.tell(rows[0].address(0), "items-past", message, remedy)

    def _struck(self, row: Row, columns: Mapping[int, Field]) -> None:
        struck = [at for at in columns if row.address(at) in self.taking.table.struck]
        if struck:
            message = (
                "the row is struck through, and is taken"
                if len(struck) > 1
                else "the cell is struck through, and is taken"
            )
            remedy = "a row that is struck through is most often an abolished item: delete what no longer holds"
            self.taking.tell(row.address(min(struck)), "struck-through", message, remedy, severity="warning")

    def _abolished(self, row: Row, columns: Mapping[int, Field]) -> None:
        """A remark in a column that is not taken: what it says of the item would be lost with it."""
        for at, text in enumerate(row.texts):
            if text and at not in columns and is_said_abolished(text):
                code, message, remedy = said_abolished(shown(text))
                heading = squeezed(self.header.heads(at))
                message = f"{heading}: {message}" if heading else message
                self.taking.tell(row.address(at), code, message, remedy, severity="warning")

    def _hidden(self, rows: Sequence[Row], named: int) -> None:
        message = f"row(s) {_ranges(rows)} are hidden in the sheet, and are taken"
        remedy = "show them and look whether they are meant; delete those that are not"
        self.taking.tell(rows[0].address(named), "rows-hidden", message, remedy, severity="warning")


def _ranges(rows: Sequence[Row]) -> str:
    """The numbers of rows on one line: 3, 7-9."""
    found: list[list[int]] = []
    for row in rows:
        if found and row.number == found[-1][1] + 1:
            found[-1][1] = row.number
        else:
            found.append([row.number, row.number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)
