"""Cells with two cases of which one is free: 首次免费，补办10元/本 and 居民免费，企业200元/次.

Rules of this room: both cases are named, and there are two. 工本费免收 beside another fee is no case, but a
fee of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import attrs

from egov_core.sheets.fees.stated import StatedFee

FIRST_TIME = re.compile(r"(?:首次|初次|第一次)(?:办理|申办|申领|申请|领取|办证)?")
_FREE_AT_FIRST = re.compile(rf"(?P<first>{FIRST_TIME.pattern})(?:免费|免收|不收费|免收费用|不收取费用)")
_LATER = re.compile(r"(?:遗失|损坏|到期)?(?:补办|补领|补发|补证|换领|换发|换证|再次|重新|以后|变更).{0,8}")
"""What may stand beside 首次免费 as the other case: whoever needs it again."""
_FREE_FOR = re.compile(
    r"(?P<who>(?!办理|审批|许可|登记|受理|其他)[\u4e00-\u9fff]{1,7}[^费证本的后时内外\W0-9])(?:免费|不收费|免收)"
)


@attrs.frozen
class FreeCase:
    """Who pays nothing, or that the first time costs nothing; what the others pay stands in another clause."""

    who: str
    is_first_time: bool = False

    def beside(self, fees: Sequence[StatedFee], *, answered: bool) -> StatedFee | None:
        """The free case as a fee of nought of the same kind as the only other one; None where there is no such."""
        other = fees[0] if len(fees) == 1 else None
        if other is None or other.is_share or answered:
            return None
        if self.is_first_time:
            is_other_case = _LATER.fullmatch(other.subject) is not None
        else:
            is_other_case = bool(other.subject) and not other.subject.endswith(("费", "证"))
        if not is_other_case:
            return None
        return StatedFee(amount=Decimal(0), scale=other.scale, per=other.per, subject=self.who)


def free_case(text: str, *, answered: bool) -> FreeCase | None:
    """The free case that a clause names; `answered`: the clause is an answer of its own, or stands in a bracket."""
    first = _FREE_AT_FIRST.fullmatch(text)
    if first is not None:
        return FreeCase(first["first"], is_first_time=True)
    some = None if answered else _FREE_FOR.fullmatch(text)
    return None if some is None else FreeCase(some["who"])
