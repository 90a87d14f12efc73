"""Amounts of time in a text: 20个工作日, 十五日, 5-20个工作日, 工作日20, 2(工作日), 0.5个工作日.

Rules of this room: number and unit only. A number that belongs to a date, to another number or to a dash is none of
ours, and stays in the text for the next reader to stumble over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import attrs

from egov_core.sheets.documents import documents
from egov_core.sheets.limits.stated import LimitUnit
from egov_core.sheets.numerals import CHINESE, NUMBER, value_of

_UNITS = {
    "工作日": LimitUnit.WORKING_DAY,
    "法定工作日": LimitUnit.WORKING_DAY,
    "工作天": LimitUnit.WORKING_DAY,
    "自然日": LimitUnit.DAY,
    "自然天": LimitUnit.DAY,
    "日历日": LimitUnit.DAY,
    "日历天": LimitUnit.DAY,
    "工作小时": LimitUnit.WORKING_HOUR,
    "小时": LimitUnit.HOUR,
    "钟头": LimitUnit.HOUR,
    "分钟": LimitUnit.MINUTE,
    "周": LimitUnit.WEEK,
    "星期": LimitUnit.WEEK,
    "月": LimitUnit.MONTH,
    "年": LimitUnit.YEAR,
    "日": LimitUnit.OPEN_DAY,
    "天": LimitUnit.OPEN_DAY,
}
_FINE = frozenset({LimitUnit.WORKING_HOUR, LimitUnit.HOUR, LimitUnit.MINUTE})
"""What is counted in quarters; nobody promises a hundredth of a day."""
_NAMED_DAY = r"(?:法定工作日|工作日|工作天|自然日|自然天|日历日|日历天)"
_UNIT = rf"(?:个? ?{_NAMED_DAY}|个?工作小时|个?小时|个钟头|分钟|个月|周(?![岁年])|个?星期|年|日|天)"
_BRACKETED = rf"(?:个? ?{_NAMED_DAY}|日|天|个?小时|个?月)"
# 三十个工作日 and 30个工作日 alike; not the 10 of 2010, of 1.10, of -10, or the day of 6月10日
_N = rf"(?<![0-9.{CHINESE}])(?<![0-9][.])(?<!第){NUMBER}(?:\({NUMBER}\))?"
_GAP = r" ?(?:-+|~+|～|至|到) ?"
_QUANTITY = re.compile(
    rf"(?P<low>{_N}) ?(?P<lowunit>{_UNIT})?{_GAP}(?P<high>{NUMBER}) ?(?P<rangeunit>{_UNIT})"
    rf"|(?P<number>{_N}) ?(?P<unit>{_UNIT})(?: ?\((?P<said>{_NAMED_DAY})\))?"
    rf"|(?P<before>{_N}) ?\((?P<bracketed>{_BRACKETED})\)"
    rf"|(?:\((?P<heading>{_BRACKETED})\) ?[:为]? ?|(?P<reversed>{_NAMED_DAY.replace('法定工作日|', '')}):? ?)"
    rf"(?P<after>{_N})(?! ?(?:{_UNIT}|[0-9.:个月周星分点时]))"
)
_CONTINUED = re.compile(r"[0-9月周]|历|工作|自然")


@attrs.frozen(kw_only=True)
class Quantity:
    """An amount of time and where it stands in the text."""

    start: int
    end: int
    unit: LimitUnit
    amount: Decimal
    upto: Decimal | None = None


@attrs.frozen
class NoQuantity:
    """What looks like an amount of time and is none: the place, and why."""

    start: int
    end: int
    reason: str


def quantities(text: str) -> Iterator[Quantity | NoQuantity]:
    """Every amount of time in a tidied text, from left to right; the digits of a document are none."""
    at, named = 0, documents(text)
    while (found := _QUANTITY.search(text, at)) is not None:
        at = found.end()
        if not any(found.start() < end and begin < at for begin, end in named) and not _is_part_of_something_else(
            text, found
        ):
            yield _quantity(found)


def _is_part_of_something_else(text: str, found: re.Match[str]) -> bool:
    """Whether it is the day of a date, a year of the calendar, or the beginning of a longer word."""
    before, after = text[: found.start()].rstrip(), text[found.end() :]
    unit = found["unit"] or found["rangeunit"] or ""
    if before.endswith("月") and unit in ("日", "天"):
        return True
    if "周" in unit or "星期" in unit:
        return before.endswith(("周", "星期", "每")) or re.match(r"[一二三四五六日天末]", after) is not None
    number = found["number"] or found["low"] or ""
    if unit == "年" and ((number.isdigit() and len(number) >= 4) or after[:1] == "度"):
        return True
    return bool(unit in ("年", "日", "天") and _CONTINUED.match(after))


def _quantity(found: re.Match[str]) -> Quantity | NoQuantity:
    def failed(reason: str) -> NoQuantity:
        return NoQuantity(found.start(), found.end(), reason)

    if found["low"] is not None:
        low, high = _value(found["low"]), _value(found["high"])
        unit = _unit(found["rangeunit"])
        if low is None or high is None:
            return failed("number")
        if not _fits(low, unit) or not _fits(high, unit):
            return failed("decimals")
        if (found["lowunit"] and _unit(found["lowunit"]) is not unit) or not low < high:
            return failed("range")
        return Quantity(start=found.start(), end=found.end(), unit=unit, amount=low, upto=high)
    written = found["number"] or found["before"] or found["after"]
    amount = _value(written)
    if amount is None:
        return failed("number")
    named = found["unit"] or found["bracketed"] or found["heading"] or found["reversed"]
    unit = _unit(named)
    if written == "半" and unit is LimitUnit.YEAR:
        amount, unit = Decimal(6), LimitUnit.MONTH
    elif written == "半" and unit is LimitUnit.MONTH:
        return failed("number")  # fifteen days to some, half of a month's days to others
    if found["said"]:
        said = _unit(found["said"])
        if unit not in (LimitUnit.OPEN_DAY, said):
            return failed("unit")
        unit = said
    if not _fits(amount, unit):
        return failed("decimals")
    return Quantity(start=found.start(), end=found.end(), unit=unit, amount=amount)


def _fits(amount: Decimal, unit: LimitUnit) -> bool:
    """Whether an amount has the decimals its unit is given in: 1.20个工作日 is the first of a list, and 20 of them."""
    places = amount.as_tuple().exponent
    return unit in _FINE or not isinstance(places, int) or places > -2


def _value(written: str) -> Decimal | None:
    """The value; 十五(15) is said twice and must be the same both times."""
    number, _, again = written.rstrip(")").partition("(")
    value = value_of(number)
    return value if not again or value == value_of(again) else None


def _unit(written: str) -> LimitUnit:
    return _UNITS[written.replace(" ", "").removeprefix("个")]


LOOSE = re.compile(rf"(?P<number>{NUMBER}) ?(?P<unit>个?[工作自然日历天小时个月年周星期礼拜分钟]*)")
"""A number that is no limit yet: without a unit, or with one that is not taken."""
