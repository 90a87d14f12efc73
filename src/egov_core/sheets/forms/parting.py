"""One cell that says both how long an item takes and what it costs: 5个工作日；不收费.

Rules of this room: a cell is parted at a sign that parts clauses, and only where one half reads as a limit and no fee,
and the other as a fee and no limit. Where that is so at no place, or at two, the cell stays whole and is told of.
"""

from __future__ import annotations

import re

import attrs

from egov_core.sheets.fees.reader import read_fee
from egov_core.sheets.fees.stated import FeeClass
from egov_core.sheets.forms.description import Field
from egov_core.sheets.forms.elements import LIMIT_AND_FEE
from egov_core.sheets.forms.words import NotRead, limit_in
from egov_core.sheets.limits.stated import LimitKind

_STOPS = "；;，,。\n、/| 　"
_OF_TIME = re.compile(r"^\s*(?:办理|办结|承诺)?(?:时限|期限|时间)\s*[:：]\s*")
_OF_MONEY = re.compile(r"^\s*收费(?:标准|情况|依据及标准|依据)?\s*[:：]\s*")


def parted(field: Field, address: str, text: str) -> list[tuple[Field, str, str]]:
    """The promise and the fee of a cell as two cells of the same place; the cell itself where it cannot be parted."""
    promise = attrs.evolve(field, heading=f"{field.heading}（时限）", element="promised")
    fee = attrs.evolve(field, heading=f"{field.heading}（收费）", element="fee")
    halves = _halves(text)
    if halves is None:
        return [(attrs.evolve(field, element=LIMIT_AND_FEE), address, text)]
    return [(promise, address, halves[0]), (fee, address, halves[1])]


def _halves(text: str) -> tuple[str, str] | None:
    whole = text.strip()
    if not whole:
        return "", ""
    found: set[tuple[str, str]] = set()
    depth = 0
    for at, sign in enumerate(whole):
        depth += {"(": 1, "（": 1, ")": -1, "）": -1}.get(sign, 0)
        if sign in _STOPS and not depth:
            one, other = whole[:at].strip(_STOPS), whole[at:].strip(_STOPS)
            found |= {
                (limit, fee)
                for limit, fee in ((_of_time(one), _of_money(other)), (_of_time(other), _of_money(one)))
                if _is_limit(limit) and _is_fee(fee)
            }
    if len(found) == 1:
        return found.pop()
    if found:
        return None
    if _is_limit(_of_time(whole)):
        return _of_time(whole), ""
    return ("", _of_money(whole)) if _is_fee(_of_money(whole)) else None


def _of_time(text: str) -> str:
    return _OF_TIME.sub("", text)


def _of_money(text: str) -> str:
    return _OF_MONEY.sub("", text)


def _is_limit(text: str) -> bool:
    """Whether a text is about time; one that does not say which days is, and is told of by itself."""
    if not text or _is_fee(text):
        return False
    try:
        return limit_in(text, kind=LimitKind.PROMISED) is not None
    except NotRead as why:
        return why.warning or why.code == "limit-bare-day"


def _is_fee(text: str) -> bool:
    found = read_fee(text)
    return bool(text) and found.read and found.fee_class not in (None, FeeClass.UNKNOWN)
