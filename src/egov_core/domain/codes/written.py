"""Codes as people write them: what a spreadsheet or an input method has made of one before anybody read it.

Rules of this room: signs only, no meaning; any text may be a code of somebody. A full-width sign is the half-width one
that was meant, since the two look alike in many fonts; what cannot be meant is named and never repaired.
"""

from __future__ import annotations

import re

from egov_core.domain.codes.check_digits import CREDIT_CODE_LENGTH

_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)} | {0x3000: 0x20}
_SIGNED = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE | re.ASCII)
_FRACTION = re.compile(r"[+-]?[0-9][.,][0-9]+E\+?[0-9]{1,3}", re.IGNORECASE | re.ASCII)
KEPT_DIGITS = 15
"""So many digits of a number a spreadsheet keeps; those behind become noughts."""


def half_width_code(text: str) -> str:
    """The code with half-width signs for full-width ones, and without blanks around it."""
    return text.translate(_WIDE).strip()


def code_fault(text: str) -> str:
    """Why a text is no code by which something could be named and found again, or nothing."""
    for place, sign in enumerate(text, 1):
        if sign.isspace():
            return f"{text!r} is no code: character {place} is a blank"
        if not sign.isprintable():
            return f"{text!r} is no code: character {place} is one that nobody sees"
        if ord(sign) in _WIDE:
            return f"{text!r} is no code: character {place} is a full-width one; write {half_width_code(text)!r}"
    return ""


def is_scientific(text: str) -> bool:
    """Whether a text is how a spreadsheet shows a long number: `9.90199E+17` for a number of eighteen digits.

    Codes with an E in their middle are no such text: the sign or the point makes it one.
    """
    plain = half_width_code(text)
    return bool(_SIGNED.fullmatch(plain) or _FRACTION.fullmatch(plain))


def ends_rounded(text: str) -> bool:
    """Whether a number of as many digits as a 公民身份号码 has noughts where a spreadsheet has forgotten the rest."""
    plain = half_width_code(text)
    rest = plain[KEPT_DIGITS:]
    return len(plain) == CREDIT_CODE_LENGTH and plain.isascii() and plain.isdigit() and not rest.strip("0")
