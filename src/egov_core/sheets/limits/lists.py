"""What a cell lists beside a limit, each with its own time: 其中县局15个工作日,乡镇5个工作日 and 不含公示7日、听证20日.

Rules of this room: the first word opens the list, and the list goes on over 、 and in its bracket; beyond them only the
steps and levels of a limit that is nobody's own go on. Parts that are longer than their whole are an error of the cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from egov_core.sheets.clauses import Clause
from egov_core.sheets.limits.parts import LEVEL, STEP
from egov_core.sheets.limits.quantities import Quantity
from egov_core.sheets.limits.stated import Remark, RemarkCode, StatedLimit

_OPENING = re.compile(r"(?:不含|不包含|不包括|不计|不算|扣除|剔除|除去|内含|包含|包括|含|其中)[: ]*")
_OF_ITS_OWN = re.compile(r"法定|承诺|延长|延期|顺延|提前|[自从].+起")


@attrs.define
class Listing:
    """A list that a clause has opened: what is left out of a limit, or what is in it."""

    code: RemarkCode
    last: Clause
    whole: StatedLimit | None
    is_named: bool
    amounts: list[Quantity]

    @classmethod
    def opened(
        cls, said: Remark, clause: Clause, amounts: Sequence[Quantity], whole: StatedLimit | None
    ) -> Listing | None:
        """The list that `clause` opens; None where it does not say what the time in it is for."""
        at, end = amounts[0].start - clause.start, amounts[-1].end - clause.start
        lead = _OPENING.match(clause.text)
        head = clause.text[lead.end() if lead is not None else 0 : at]
        thing = head + clause.text[end:]
        if said.code is RemarkCode.HOLIDAYS and lead is not None and lead[0].startswith(("其中", "含", "包", "内")):
            return None
        if _OF_ITS_OWN.search(head) or not re.sub(r"以内|之内|内|[ :]", "", thing):
            return None
        return cls(said.code, clause, whole, _is_named(thing), list(amounts))

    def goes_on(self, clause: Clause, amounts: Sequence[Quantity]) -> bool:
        """Whether `clause` is the next of the list, which then has it."""
        if len(amounts) != 1 or clause.sentence != self.last.sentence or _OF_ITS_OWN.search(clause.text):
            return False
        at, end = amounts[0].start - clause.start, amounts[0].end - clause.start
        head, tail = clause.text[:at].strip(" :和及"), clause.text[end:]
        is_next = self.last.stop == "、" and clause.inside == self.last.inside
        is_next = is_next or (clause.inside == self.last.inside and bool(clause.inside))
        if not is_next:
            is_of_whole = self.code is RemarkCode.INCLUDES and self.whole is not None and not self.whole.condition
            is_next = is_of_whole and self.is_named and _is_named(head) and clause.inside == self.last.inside
        if not is_next or not head or tail.strip("以之内"):
            return False
        self.last = clause
        self.amounts += amounts
        return True

    @property
    def is_too_long(self) -> bool:
        """Whether the parts are more than their whole."""
        whole = self.whole
        if self.code is not RemarkCode.INCLUDES or whole is None or whole.amount is None:
            return False
        same = [one.amount for one in self.amounts if one.unit is whole.unit and one.upto is None]
        return sum(same) > (whole.upto or whole.amount)

    def settled(self, limit: StatedLimit) -> StatedLimit:
        """The whole with its parts, which say nothing of its length where they are all of it."""
        same = [one.amount for one in self.amounts if one.unit is limit.unit and one.upto is None]
        is_all = len(same) == len(self.amounts) > 1 and limit.upto is None and sum(same) == limit.amount
        if self.code is not RemarkCode.INCLUDES or self.whole is None or not is_all:
            return limit
        remarks = [attrs.evolve(one, code=RemarkCode.PART) if one.code is self.code else one for one in limit.remarks]
        return attrs.evolve(limit, remarks=tuple(remarks))


def _is_named(text: str) -> bool:
    return bool(STEP.fullmatch(text) or LEVEL.fullmatch(text))
