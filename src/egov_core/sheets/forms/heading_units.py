"""What stands around a heading: the unit of the numbers below it, a number in front, a translation behind.

Rules of this room: one heading at a time, and what its words say beside the name of the field. A unit is added to a
bare number and to nothing else, and only where it is a unit of what the field holds.
"""

from __future__ import annotations

import re

from egov_core.sheets.forms.description import Field
from egov_core.sheets.grid import Table
from egov_core.sheets.numerals import NUMBER
from egov_core.sheets.signs import half_width

_TIME = r"个?(?:工作日|自然日|工作小时|小时|月)|日|天|年"
_MONEY = r"(?:人民币)?万?元(?:/[^()/]{1,4})?"
UNIT = re.compile(rf"\((?:单位:?)?(?P<unit>{_TIME}|{_MONEY}|[份次个件项])\)$")
UNIT_ALONE = re.compile(rf"\(?(?:单位:?)?(?P<unit>{_TIME}|{_MONEY})\)?")
_ABOVE = re.compile(rf"(?:^|[^\u4e00-\u9fff])单位:(?P<unit>{_TIME}|{_MONEY})(?![\u4e00-\u9fff])")
_SAYS_NOTHING = re.compile(
    r"^(?:\(?[0-9]{1,2}\)|[0-9]{1,2}[.、]?(?=\D)|[一二三四五六七八九十]{1,2}、)"
    r"|^[A-Za-z][A-Za-z()/.&'-]*(?=[\u4e00-\u9fff])"
    r"|\((?:必填|选填|必填项|选填项|全称|规范全称|可多选|盖章|公章|加盖公章)\)$"
    r"|(?<=[\u4e00-\u9fff)])[A-Za-z][A-Za-z()/.&'-]*$"
)
TIMES = frozenset({"statutory", "promised", "limits.forward"})
"""Elements that are limits."""
_FEES = frozenset({"fee", "fees.standard"})


def bare(heading: str) -> str:
    """A heading without the unit behind it and without what says nothing: 1.承诺时限(工作日)."""
    before = ""
    while before != heading:
        before, heading = heading, _SAYS_NOTHING.sub("", UNIT.sub("", heading)) or heading
    return heading


def unit_above(table: Table, place: int) -> str:
    """The unit that a line above a list says of its numbers (单位：工作日), empty where none does."""
    for row in reversed(table.rows[max(place - 3, 0) : place]):
        for text in row.texts:
            # White space is what keeps 单位：工作日 apart from 填报单位：县水利局 on one line.
            said = _ABOVE.search(re.sub(r"\s+", " ", half_width(text)).replace(": ", ":")) if text else None
            if said is not None:
                return said["unit"]
    return ""


def with_unit(field: Field, heading: str, above: str, text: str) -> str:
    """20 under 承诺时限(工作日) as 20个工作日: the heading, or a line `above` the list, says the unit once for all."""
    number = half_width(text).strip()
    if field.element not in TIMES | _FEES or re.fullmatch(NUMBER, number) is None:
        return text
    found = UNIT.search(heading)
    unit = found["unit"] if found is not None else above
    is_time = re.fullmatch(_TIME, unit) is not None
    if not unit or is_time != (field.element in TIMES):
        return text
    if not is_time or unit in ("日", "天", "年") or unit.startswith("个"):
        return f"{number}{unit}"
    return f"{number}个{unit}"
