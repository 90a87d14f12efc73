"""What a person or organisation may be called and numbered in a file of open cases, where it looks like a slip.

Rules of this room: what may be right after all is a warning, since wrong numbers were issued and foreigners have
passports; a sentence says what is odd about a value and never repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from egov_core.domain.cells import CellFault
from egov_core.domain.codes.check_digits import CREDIT_CODE_LENGTH as LENGTH
from egov_core.domain.codes.check_digits import is_credit_code, is_resident_number
from egov_core.domain.codes.written import ends_rounded, is_scientific
from egov_core.sheets.cell_text import ROUNDED, unseen
from egov_core.sheets.open_cases.table import CaseCells
from egov_core.sheets.signs import half_width

_DIGITS = re.compile(r"[0-9][0-9 -]{8,}[0-9Xx]", re.ASCII)
"""A number meant as a 公民身份号码: passports and permits have a letter in front, or fewer than ten digits."""
_CUT = "the number ends in noughts from its sixteenth digit on: a spreadsheet has rounded it, and the rest is lost"
_FORMULA_SIGNS = tuple("=+-@")


CODES = ("number", "item", "applicant_id", "query_code", "upper")
"""Columns by which something is found again; two that look alike have to be one."""


def unseen_in_codes(row: CaseCells) -> Iterator[CellFault]:
    """What nobody sees in a code, an error: nobody who types it would find the case."""
    for key in CODES:
        why = unseen(row.said.get(key, ""))
        if why is not None:
            yield row.at(key).error(why.code, why.message, why.remedy)


def doubts(row: CaseCells, *, is_organisation: bool) -> Iterator[CellFault]:
    """What may be right all the same: letters go to this name, and the applicant is known by this number.

    A number of which a spreadsheet has kept the beginning cannot be right, and is an error.
    """
    number = row.said.get("applicant_id", "")
    lost = _lost(number)
    odd = doubtful_number(number, is_organisation=is_organisation) if number and not lost else ""
    if lost:
        yield row.at("applicant_id").error(ROUNDED.code, lost, ROUNDED.remedy)
    elif odd:
        remedy = "compare it with the document; leave it where the document says so"
        yield row.at("applicant_id").warning("id-doubtful", odd, remedy)
    if is_scientific(row.said.get("applicant_phone", "")):
        yield row.at("applicant_phone").error(ROUNDED.code, ROUNDED.message, ROUNDED.remedy)
    name = doubtful_name(row.said.get("applicant_name", ""))
    if name:
        yield row.at("applicant_name").warning("name-doubtful", name, "write the name itself")


def _lost(number: str) -> str:
    """Whether a spreadsheet has rounded a number, in a sentence; one with the right check digit may end in noughts."""
    if is_scientific(number):
        return ROUNDED.message
    is_right = is_resident_number(number) or is_credit_code(number)
    return _CUT if ends_rounded(number) and not is_right else ""


def doubtful_number(text: str, *, is_organisation: bool) -> str:
    """What is odd about an identity number, or nothing."""
    plain = half_width(text).strip().upper()
    if plain and not any(one.isdigit() for one in plain):
        return "there is no digit in it, and every document has a number"
    if is_organisation:
        if is_credit_code(plain):
            return ""
        if len(plain) != LENGTH:
            return f"the number has {len(plain)} characters; a 统一社会信用代码 has {LENGTH}"
        return "the number is no 统一社会信用代码: its last character or another one is wrong (GB 32100-2015)"
    if is_resident_number(plain) or is_credit_code(plain):
        return ""
    if _DIGITS.fullmatch(plain):
        if len(plain) != LENGTH:
            return f"the number has {len(plain)} characters; a 公民身份号码 has {LENGTH}"
        return "the last digit of the number does not fit the others (GB 11643-1999)"
    if len(plain) == LENGTH:
        return "the number is neither a 公民身份号码 nor a 统一社会信用代码, though it is as long"
    return ""


def doubtful_name(text: str) -> str:
    """What is odd about a name, or nothing."""
    sign = half_width(text)[:1]
    if sign in _FORMULA_SIGNS:
        return f"the name begins with {sign}, which is what is left of a formula"
    return ""
