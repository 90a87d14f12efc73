"""Invented identity numbers with true check digits, in an area never issued.

Rules of this room: sums only, by GB 11643-1999, GB 32100-2015 and GB 11714-1997; no dice and no person. Whoever has one
of these numbers does not exist, since no area code begins with 99.
"""

from __future__ import annotations

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def resident_number(body: str) -> str:
    """Seventeen digits with the check digit behind them (MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def mistyped(number: str) -> str:
    """A number of either kind with one digit wrong, as a slip of the finger has it."""
    return f"{number[:15]}{(int(number[15]) + 1) % 10}{number[16:]}"


def credit_code(area: str, serial: int, *, kind: str = "1") -> str:
    """The code of an enterprise (`kind` 1, 2 for an individual business) that is registered in an area (MOD 31-3)."""
    body = f"MA{serial % 1_000_000:06d}"
    total = sum(int(one, 36) * weight for one, weight in zip(body, _BODY_WEIGHTS, strict=True))
    code = f"9{kind}{area}{body}{'0123456789X0'[11 - total % 11]}"
    value = sum(_CHARACTERS.index(one) * 3**place for place, one in enumerate(code))
    return code + _CHARACTERS[-value % 31]
