"""Numbers in cells: digits, Chinese numerals in both hands, and the way back.

Rules of this room: a numeral has one value or none. 一百二 is 120 in speech and 102 in haste, so it has none; nothing
is rounded, and a decimal keeps the places it was written with.
"""

from __future__ import annotations

import re
from decimal import Decimal

CHINESE = "零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟廿卅"
"""The signs Chinese numerals are written with here, for use in a class of a pattern."""

NUMBER = rf"(?:[0-9]{{1,9}}(?:\.[0-9]{{1,6}})?|[{CHINESE}]{{1,9}}|半)"
"""A number as it may stand in a cell; whether it has a value, `value_of` says."""

_COMMON = str.maketrans("〇壹贰叁肆伍陆柒捌玖拾佰仟", "零一二三四五六七八九十百千")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_DIGIT_BY_DIGIT = re.compile(r"[一二三四五六七八九](?:零[零一二三四五六七八九]?|[一二三四五六七八九]零)")
"""二〇 and 一二〇, read out digit by digit; four of them are a year, and without a 〇 it may be 三五天, a few days."""
_NUMERAL = re.compile(
    r"(?:(?P<thousands>[一二两三四五六七八九])千(?:(?P<gap>零)(?=[一二三四五六七八九]))?)?"
    r"(?:(?P<hundreds>[一二两三四五六七八九])百(?:(?P<zero>零)(?=[一二三四五六七八九]$))?)?"
    r"(?:(?P<tens>[一二三四五六七八九]?)(?P<ten>十))?(?P<ones>[一二两三四五六七八九])?"
)


def value_of(number: str) -> Decimal | None:
    """The value of what matched NUMBER; None where the numeral has none, or more than one."""
    if number[:1].isascii():
        return Decimal(number) if number else None
    if number == "半":
        return Decimal("0.5")
    common = number.translate(_COMMON)
    if common == "零":
        return Decimal(0)
    common = common.replace("廿", "二十", 1) if common.startswith("廿") else common
    common = common.replace("卅", "三十", 1) if common.startswith("卅") else common
    if _DIGIT_BY_DIGIT.fullmatch(common):
        return Decimal("".join(str(_DIGITS[digit]) for digit in common))
    found = _NUMERAL.fullmatch(common)
    if found is None:
        return None
    thousands, hundreds, tens, ones = found["thousands"], found["hundreds"], found["tens"], found["ones"]
    # 一百二 is 120 in speech and 102 in haste; 一百零十 is nothing; 一百十五 is taken as it sounds.
    is_in_haste = (hundreds and not found["zero"]) or (thousands and not hundreds and not found["gap"])
    if ones and not found["ten"] and is_in_haste:
        return None
    if thousands and found["ten"] and not hundreds and not found["gap"]:
        return None
    total = 1000 * _DIGITS[thousands] if thousands else 0
    total += 100 * _DIGITS[hundreds] if hundreds else 0
    if found["ten"]:
        total += 10 * (_DIGITS[tens] if tens else 1)
    return Decimal(total + (_DIGITS[ones] if ones else 0))


def chinese_of(number: int) -> str:
    """A number from 0 to 999 as a Chinese numeral, the way offices write it."""
    if not 0 <= number <= 999:
        raise ValueError(f"{number}: only numbers from 0 to 999 are written out")
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        said += "十" if tens == 1 and not hundreds else f"{digits[tens]}十"
    elif hundreds and ones:
        said += "零"
    return said + (digits[ones] if ones or not said else "")


def plainly(number: Decimal) -> str:
    """A decimal as text, with the places it was written with and without an exponent."""
    return f"{number:f}"
