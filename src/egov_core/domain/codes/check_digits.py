"""Check digits of the codes of persons, organs and items: 公民身份号码, 统一社会信用代码 and what is built on it.

Rules of this room: a code is judged as it was written and never repaired. Where a code is entered a wrong digit is an
error; where it comes from another system it is told, because wrong ones were issued. Lengths are given by whoever asks:
the standard and the national system do not agree on them.

Sources: GB 11643-1999; GB 32100-2015; GB/T 39046-2020 (基本编码 an..10, 实施编码 an..24); the national item codes
(12 and 31).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100: no I, O, S, V, Z."""
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
CREDIT_CODE_LENGTH = 18
RESIDENT_NUMBER_LENGTH = 18
_RESIDENT_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))


def credit_code_check(text: str) -> str:
    """The check character that the first seventeen of a 统一社会信用代码 call for.

    Raises ValueError where one of them is none of the alphabet, or there are fewer.
    """
    digits = [ALPHABET.index(one) for one in text[: CREDIT_CODE_LENGTH - 1]]
    if len(digits) != CREDIT_CODE_LENGTH - 1:
        raise ValueError(f"a credit code has {CREDIT_CODE_LENGTH} characters")
    return ALPHABET[-sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 31]


def is_credit_code(text: str) -> bool:
    """Whether a text is a 统一社会信用代码 with the right check character."""
    if len(text) != CREDIT_CODE_LENGTH or not set(text) <= set(ALPHABET):
        return False
    return credit_code_check(text) == text[-1]


def resident_number_check(text: str) -> str:
    """The last digit, or X, that the first seventeen of a 公民身份号码 call for.

    Raises ValueError where one of them is no digit, or there are fewer.
    """
    digits = text[: RESIDENT_NUMBER_LENGTH - 1]
    if len(digits) != RESIDENT_NUMBER_LENGTH - 1 or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"a resident number begins with {RESIDENT_NUMBER_LENGTH - 1} digits")
    total = sum(int(digit) * weight for digit, weight in zip(digits, _RESIDENT_WEIGHTS, strict=True))
    return "0123456789X"[(1 - total) % 11]


def is_resident_number(text: str) -> bool:
    """Whether a text is a 公民身份号码 of eighteen places with the right last one."""
    if len(text) != RESIDENT_NUMBER_LENGTH:
        return False
    try:
        return resident_number_check(text) == text[-1]
    except ValueError:
        return False


@attrs.frozen(kw_only=True)
class ItemCodeRule:
    """How long codes of items are in a place 事项编码规则: lengths of 基本编码 and 实施编码 that are taken.

    `begins_with_credit_code`: an 实施编码 begins with the 统一社会信用代码 of its organ.
    """

    base: frozenset[int]
    implementation: frozenset[int]
    begins_with_credit_code: bool = False


ITEM_CODE_RULES: Mapping[str, ItemCodeRule] = MappingProxyType(
    {
        "national": ItemCodeRule(base=frozenset({12}), implementation=frozenset({31}), begins_with_credit_code=True),
        "gbt-39046-2020": ItemCodeRule(base=frozenset(range(1, 11)), implementation=frozenset(range(1, 25))),
    }
)
"""The rules there are; a place that has neither sets none."""


def item_code_faults(rule: ItemCodeRule, *, base: str, implementation: str) -> tuple[tuple[str, str], ...]:
    """What is wrong with the codes of an item, as (field, sentence); an empty code is none, and nothing is wrong."""
    found = []
    for field, code, lengths in (
        ("base_code", base, rule.base),
        ("implementation_code", implementation, rule.implementation),
    ):
        if code and len(code) not in lengths:
            found.append((field, f"has {len(code)} characters; the rule takes {_lengths(lengths)}"))
    starts = implementation[:CREDIT_CODE_LENGTH]
    if implementation and rule.begins_with_credit_code and not is_credit_code(starts):
        found.append(("implementation_code", f"begins with {starts!r}, which is no 统一社会信用代码 (GB 32100-2015)"))
    return tuple(found)


def _lengths(lengths: frozenset[int]) -> str:
    least, most = min(lengths), max(lengths)
    return str(least) if least == most else f"{least} to {most}"
