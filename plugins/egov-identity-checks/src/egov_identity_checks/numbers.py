"""What is wrong with one number, in Chinese words that do not repeat it.

Rules of this module: texts in, sentences out. The sums are python-stdnum's, and so is its list of area codes; its
verdicts are not, because `validate` refuses numbers that were issued:

- `cn.ric.validate` refuses the residence permits of Taiwan residents (area 830000), area codes younger than the birth
  date (people who were registered late), and codes that its list does not have yet. An area that is not in the list is
  therefore only doubtful; and 1 to 8 in front is for citizens: the card of a foreign permanent resident (since
  2023-12-01) begins with 9, has a nationality where others have an area, and the same check digit.
- `cn.uscc.validate` takes only digits in the first two places, but GB 32100 gives letters to some registrars (Y 其他,
  N 农业, A 中央军委), so that the code of a village collective would be refused.

Both also drop blanks and dashes before they look. Here a number is judged as it was written, since it is kept so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import attrs
from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidComponent

_RESIDENT = re.compile(r"[0-9]{17}[0-9Xx]", re.ASCII)
_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_PERMITS = frozenset({"810000", "820000", "830000"})
"""The areas of residence permits: Hong Kong, Macao, Taiwan."""
_FOREIGN = "9"


@attrs.frozen
class Doubt:
    """What is wrong with a number; not `certain` where it may have been issued all the same."""

    message: str
    certain: bool = True


def resident_number_doubts(text: str, on: date, otherwise: str = "") -> Iterator[Doubt]:
    """Everything wrong with a 公民身份号码 that is given on a day; `otherwise` tells whoever has none what to do."""
    if not _RESIDENT.fullmatch(text):
        yield Doubt(f"应为18位：17位数字，末位为数字或X，不留空格（GB 11643-1999）。{otherwise}")
        return
    if ric.calc_check_digit(text) != text[-1].upper():
        yield Doubt("校验位不符，请核对有无错字（GB 11643-1999）。")
    try:
        born = ric.get_birth_date(text)
    except InvalidComponent:
        yield Doubt("第7至14位不是日历上有的出生日期（GB 11643-1999）。")
    else:
        if born > on:
            yield Doubt("中的出生日期晚于申请之日（GB 11643-1999）。")
    if not _is_known_area(text[:6]):
        yield Doubt("前6位不是已知的行政区划代码，请核对（GB 11643-1999）。", certain=False)


def credit_code_doubts(text: str) -> Iterator[Doubt]:
    """Everything wrong with a 统一社会信用代码."""
    if not _CODE.fullmatch(text):
        yield Doubt("应为18位数字或大写字母（不用I、O、S、V、Z），其中第3至8位为数字（GB 32100-2015）。")
    elif uscc.calc_check_digit(text) != text[-1]:
        yield Doubt("校验位不符，请核对有无错字（GB 32100-2015）。")


def _is_known_area(area: str) -> bool:
    """Whether an area code was ever in use, whenever that was; abolished ones stay on the cards."""
    if area in _PERMITS or area.startswith(_FOREIGN):
        return True
    return any("county" in about for _, about in numdb.get("cn/loc").info(area))
