"""Time limits as offices write them in a cell, read only when they are plain.

Rules of this room: the whole cell must match a small grammar, or it is refused with a code and a sentence. Nothing is
guessed: a bare 日 or 天 may mean working days or natural days, a cell with two numbers may mean either, a qualifier
(可延长, 不含, 加急) changes the limit. A refusal costs somebody a minute; a wrong timer costs a red card.

Read: `[自]受理[申请]之日起 [应]在 N 个工作日 [内|以内|之内] [办结 …]`, the same with 自然日 or 日历日, 小时 (natural
hours, the reading that ends first), 工作小时, and the words for on the spot. A start other than acceptance is another
limit.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import attrs

from egov_core.domain.legal import LegalBasis
from egov_core.domain.periods import Immediate, Limit, NoLimit, Period, Unit
from egov_core.errors import PeriodError


@attrs.frozen
class NotPlain:
    """Why a cell is not a plain limit: a stable code and a sentence with the way out."""

    code: str
    message: str


_ON_THE_SPOT = frozenset({"即办", "即时办结", "即时办理", "当场办结", "当场办理", "当即办结", "当即办理"})
_NUMBER = r"(?P<number>[0-9]{1,6}(?:\.[0-9]{1,2})?|[零〇一二两三四五六七八九十百]{1,7})"
_FROM_ACCEPTANCE = r"(?:(?:自|从)?受理(?:申请)?(?:之日起|之后|后|起),?)?(?:应当|应|须)?在?"
_DONE = (
    r"(?:办结|办理完毕|办理完结|完成审批|审批完毕|作出决定|做出决定|作出许可决定|作出审批决定"
    r"|给予答复|给予明确答复|作出答复|书面作出答复)?"
)
_SHAPE = re.compile(
    rf"{_FROM_ACCEPTANCE} ?{_NUMBER} ?(?P<unit>个?[工作自然日历天小时个月年周星期]*) ?(?:以内|之内|内)?{_DONE}[。;.]?"
)
_UNITS = {
    "工作日": Unit.WORKING_DAY,
    "自然日": Unit.DAY,
    "日历日": Unit.DAY,
    "工作小时": Unit.WORKING_HOUR,
    "小时": Unit.HOUR,
}
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE = re.compile(
    r"(?:(?P<hundreds>[一二两三四五六七八九])百(?:(?P<zero>[零〇])(?=[一二三四五六七八九]$))?)?"
    r"(?:(?P<tens>[一二三四五六七八九]?)(?P<ten>十))?(?P<ones>[一二两三四五六七八九])?"
)


def read_limit(text: str, *, basis: LegalBasis) -> Limit | NotPlain:
    """The limit that `text` plainly states, or why it does not state one."""
    cell = half_width(text).strip()
    if len(cell) > 2 and cell[0] == "(" and cell[-1] == ")" and not set(cell[1:-1]) & set("()"):
        cell = cell[1:-1].strip()  # brackets around the whole cell add nothing
    if cell in _ON_THE_SPOT:
        return Immediate(basis=basis)
    found = _SHAPE.fullmatch(cell)
    if found is None:
        return NotPlain("limit-not-plain", f"“{_shown(text)}” is not one plain limit; write for example 20个工作日")
    amount = _amount(found["number"])
    if amount is None:
        return NotPlain("limit-number", f"the number in “{_shown(text)}” cannot be read; write it in digits")
    unit = _UNITS.get(found["unit"].removeprefix("个"))
    if unit is None:
        return _unit_fault(text, found["unit"].removeprefix("个"), amount)
    if amount == 0:
        return NotPlain("limit-zero", f"“{_shown(text)}” is no time at all; for on-the-spot items write 即办")
    try:
        return Period(amount=amount, unit=unit, basis=basis)
    except PeriodError as error:
        return NotPlain("limit-amount", f"“{_shown(text)}”: {error.message}; {error.remedy}")


def half_width(text: str) -> str:
    """Full-width signs as half-width ones, compatibility ideographs as the common ones; nothing else is touched.

    Plain NFKC would turn 1² into 12 and ⒈5 into 1.5, which is guessing.
    """
    return "".join(_plain_character(character) for character in text)


def _plain_character(character: str) -> str:
    if character.isascii():
        return " " if character == "\t" else character
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1:
        return character
    if unicodedata.decomposition(character).startswith(("<wide>", "<narrow>")) or "\u4e00" <= plain <= "\u9fff":
        return plain
    return " " if character == "\u00a0" else character


def _unit_fault(text: str, unit: str, amount: Decimal) -> NotPlain:
    if unit in ("日", "天"):
        said = f"{amount.normalize():f}"
        return NotPlain(
            "limit-bare-day",
            f"“{_shown(text)}” does not say which days; write {said}个工作日 or {said}个自然日",
        )
    if not unit:
        return NotPlain("limit-no-unit", f"“{_shown(text)}” has no unit; write for example 20个工作日")
    return NotPlain("limit-unit", f"the unit in “{_shown(text)}” is not taken; write 工作日, 自然日, 小时 or 工作小时")


def _amount(number: str) -> Decimal | None:
    if number[0].isascii():
        return Decimal(number)
    if number in ("零", "〇"):
        return Decimal(0)
    found = _CHINESE.fullmatch(number)
    if found is None:
        return None
    hundreds, tens, ones = found["hundreds"], found["tens"], found["ones"]
    # 一百二 is 120 in speech and 102 in haste; 一百零十 is nothing; 一百十五 is taken as it sounds.
    if hundreds and ones and not found["ten"] and not found["zero"]:
        return None
    total = 100 * _DIGITS[hundreds] if hundreds else 0
    if found["ten"]:
        total += 10 * (_DIGITS[tens] if tens else 1)
    return Decimal(total + (_DIGITS[ones] if ones else 0))


def _shown(text: str) -> str:
    """The cell as it is named in a message: on one line, and short."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:40]}…"


def is_surely_within(promised: Limit, statutory: Limit) -> bool:
    """Whether the promise ends no later than the statutory limit on any calendar there can be.

    Same units compare by amount. Otherwise by the last day, counted from the start: n natural days end on day n; n
    working days end between day n and day 2n + 14 (weekends, and the longest closure with its bridges); n hours
    between days ⌊n/24⌋ - 1 and ⌈n/24⌉. Six working hours are taken as one working day: no office opens for less.
    """
    if isinstance(promised, Immediate) or isinstance(statutory, NoLimit):
        return True
    if not isinstance(promised, Period) or not isinstance(statutory, Period):
        return False
    if promised.unit is statutory.unit:
        return promised.amount <= statutory.amount
    if promised.unit is Unit.WORKING_HOUR and statutory.unit is Unit.WORKING_DAY:
        return _in_working_days(promised.amount) <= statutory.amount
    return _last_day(promised)[1] <= _last_day(statutory)[0]


def is_surely_beyond(promised: Limit, statutory: Limit) -> bool:
    """Whether the promise ends later than the statutory limit on every calendar there can be."""
    if not isinstance(promised, Period | Immediate) or not isinstance(statutory, Period | Immediate):
        return False
    if isinstance(promised, Period) and isinstance(statutory, Period) and promised.unit is statutory.unit:
        return promised.amount > statutory.amount
    return _last_day(promised)[0] > _last_day(statutory)[1]


def _last_day(limit: Period | Immediate) -> tuple[Decimal, Decimal]:
    """The earliest and the latest day, counted from the start, on which the limit can end."""
    if isinstance(limit, Immediate):
        return Decimal(0), Decimal(0)
    amount = limit.amount
    if limit.unit is Unit.DAY:
        return amount, amount
    if limit.unit is Unit.WORKING_DAY:
        whole = amount.to_integral_value(ROUND_CEILING)
        return amount, 2 * whole + 14
    if limit.unit is Unit.HOUR:
        # One day less as the earliest end: hours may end in the morning, days end at midnight.
        days = amount / 24
        return max(days.to_integral_value(ROUND_FLOOR) - 1, Decimal(0)), days.to_integral_value(ROUND_CEILING)
    if limit.unit is Unit.WORKING_HOUR:
        return Decimal(0), 2 * _in_working_days(amount) + 14
    days = amount * (30 if limit.unit is Unit.MONTH else 365)
    return days - 2 * amount, days + amount


def _in_working_days(hours: Decimal) -> Decimal:
    return (hours / 6).to_integral_value(ROUND_CEILING)
