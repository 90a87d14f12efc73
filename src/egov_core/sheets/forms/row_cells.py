"""The cells of one row of a list, each with what stands elsewhere and belongs to it: its unit, and the cell above.

Rules of this room: texts only, nothing is read. What is added to a cell is said on the sheet (a unit in the heading, in
a column of its own, or above the list; 同上); where it is not said, the cell stays as it is and is told of later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from egov_core.domain.catalogue import CaseType
from egov_core.sheets.forms.description import Field
from egov_core.sheets.forms.elements import LIMIT_AND_FEE
from egov_core.sheets.forms.heading_units import TIMES, bare, with_unit
from egov_core.sheets.forms.headings import ListHeader
from egov_core.sheets.forms.parting import parted
from egov_core.sheets.grid import Row, squeezed
from egov_core.sheets.signs import half_width, is_ditto

_UNIT_HEADINGS = frozenset({"时限单位", "期限单位", "时间单位", "计时单位", "计量单位"})
"""Headings of a unit that do not say of what: they belong to the column to their left."""
_AS_BY_LAW = re.compile(
    r"(?:同|与|和)法定(?:办结|办理|审批)?(?:时限|期限|时间)(?:一致|相同|相等)?"
    r"|(?:按|按照|执行)法定(?:办结|办理|审批)?(?:时限|期限|时间)(?:办理|办结|执行)?"
)
_NO_TIME = re.compile(r"0+(?:\.0+)?(?:个?工作日)?")


@attrs.define
class RowCells:
    """The cells of the rows of one list, one row after another."""

    header: ListHeader
    columns: Mapping[int, Field]
    units: Mapping[int, int] = attrs.field(init=False)
    """By the column of a limit the column that says in which unit it is."""
    _above: dict[int, str] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.units = units_of(self.header, self.columns)

    def of(self, row: Row) -> list[tuple[Field, str, str]]:
        """Field, address and text of each cell that is read; a cell that says 同上 has the text of the one above."""
        texts = {at: self._text(at, field, row) for at, field in self.columns.items()}
        for at, text in texts.items():
            if is_ditto(text) and at in self._above:
                texts[at] = self._above[at]
        self._above = dict(texts)
        self._as_by_law(texts)
        is_on_the_spot = any(
            field.element == "case_type" and texts[at] == CaseType.IMMEDIATE.value for at, field in self.columns.items()
        )
        cells: list[tuple[Field, str, str]] = []
        for at, field in self.columns.items():
            if field.element == LIMIT_AND_FEE:
                cells += parted(field, row.address(at), texts[at])
            else:
                cells.append((field, row.address(at), self._promise(field, texts[at]) if is_on_the_spot else texts[at]))
        return cells

    def _text(self, at: int, field: Field, row: Row) -> str:
        unit = row.text(self.units[at]) if at in self.units else self.header.unit
        return with_unit(field, self.header.heads(at), half_width(unit).strip(), row.text(at))

    def _as_by_law(self, texts: dict[int, str]) -> None:
        """In the column of the promise 同法定时限 is the statutory limit of the row, where the row has one."""
        law = next((at for at, field in self.columns.items() if field.element == "statutory"), None)
        if law is None or not texts[law]:
            return
        for at, field in self.columns.items():
            said = squeezed(texts[at])
            is_left = said == "同左" and law == at - 1
            if field.element == "promised" and (is_left or _AS_BY_LAW.fullmatch(said) is not None):
                texts[at] = texts[law]

    @staticmethod
    def _promise(field: Field, text: str) -> str:
        """即办 for the 0 days that a portal promises of an item which its own column calls 即办件."""
        said = half_width(text).strip()
        return "即办" if field.element == "promised" and _NO_TIME.fullmatch(said) is not None else text


def units_of(header: ListHeader, columns: Mapping[int, Field]) -> dict[int, int]:
    """The columns of units, as portals give them out: 承诺办结时限 | 承诺办结时限单位."""
    found: dict[int, int] = {}
    headings = [squeezed(one) for one in header.headings]
    for at, field in columns.items():
        if field.element not in TIMES:
            continue
        named = {f"{bare(header.heads(at))}{one}" for one in ("单位", "的单位", "(单位)", "计量单位")}
        for place, heading in enumerate(headings):
            is_beside = place == at + 1 and heading in _UNIT_HEADINGS
            if place not in columns and (heading in named or is_beside):
                found[at] = place
    return found
