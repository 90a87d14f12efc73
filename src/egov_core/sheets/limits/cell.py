"""The clauses of a cell, gone through from left to right: each becomes a limit, a remark, or is kept as unread.

Rules of this room: nothing is dropped and nothing raises. The words are next door: amounts in `quantities`, what stands
around them in `phrases`, clauses without an amount in `remarks`, lists in `lists`, several limits in `joining`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

import attrs

from egov_core.sheets.clauses import Clause, clauses
from egov_core.sheets.documents import documents, led_by
from egov_core.sheets.limits.lists import Listing
from egov_core.sheets.limits.parts import TOTAL, Place
from egov_core.sheets.limits.phrases import around, heading, is_ordinary, is_start
from egov_core.sheets.limits.quantities import LOOSE, NoQuantity, Quantity, quantities
from egov_core.sheets.limits.reasons import unread
from egov_core.sheets.limits.remarks import changed_unit, is_about_amount, is_reservation, left_out, narrows, remark
from egov_core.sheets.limits.stated import LimitKind, LimitUnit, Remark, RemarkCode, StatedLimit, Unread
from egov_core.sheets.limits.without_amount import is_on_the_spot, limit_without_amount, mentions_spot

_OF_ONE_CLAUSE = frozenset({RemarkCode.CONDITION, RemarkCode.BASIS, RemarkCode.ACT, RemarkCode.CASE_TYPE})
"""Remarks that are never spread over several clauses."""
_WITHIN = re.compile(r"(?:以内|之内|内)(?!部|容)")
_WAITING = (",", "…")
_UNLESS = re.compile(r"(?:以内|之内|内)?(?:不能|未能|无法|难以)[\u4e00-\u9fff]{1,16}的")
_SPLIT = re.compile(r"法定|承诺|自(?=[^自]{1,20}起)")


@attrs.define
class Cell:
    """A cell as far as it has been read."""

    text: str
    limits: list[StatedLimit] = attrs.field(factory=list)
    places: list[Place] = attrs.field(factory=list)
    """Where each of the limits stands."""
    remarks: list[Remark] = attrs.field(factory=list)
    unread: list[Unread] = attrs.field(factory=list)
    _at: Clause | None = None
    """The clause of the last limit."""
    _condition: str = ""
    """A condition that waits for the limit it belongs to."""
    _is_unless: bool = False
    """Whether that condition is another limit that was not kept; only an extension may follow it."""
    _start: str = ""
    """A start that waits for its limit: 自受理之日起，…"""
    _heading: str = ""
    """A clause before a bracket that waits for the limit in it."""
    _listing: Listing | None = None
    """The list of what is in a limit, or left out of it, that the last clause has opened."""
    _days: LimitUnit | None = None
    """The unit that a clause has changed the days to."""

    def go_through(self) -> None:
        """Read the text, clause by clause."""
        if self._is_limit_of_its_own(Clause(text=self.text, start=0, sentence=0, inside=0)):
            return
        amounts = list(quantities(self.text))
        kept = sorted([*documents(self.text), *((one.start, one.end) for one in amounts)])
        parts = clauses(self.text, lambda _: kept)
        counted = [
            (clause, [one for one in amounts if clause.start <= one.start < clause.start + len(clause.text)])
            for clause in parts
        ]
        runs = groupby(counted, key=lambda pair: (pair[0].sentence, pair[0].inside, bool(pair[1])))
        grouped = [list(held) for _, held in runs]
        for place, run in enumerate(grouped):
            follower = grouped[place + 1][0] if place + 1 < len(grouped) else None
            if run[0][1]:
                for clause, held in run:
                    self._with_amount(clause, held)
            else:
                self._without_amount([clause for clause, _ in run], follower)
        for waiting in (self._condition, self._start, self._heading):
            if waiting:
                self.unread.append(unread(waiting, "words"))

    # clauses with an amount

    def _with_amount(self, clause: Clause, held: Sequence[Quantity | NoQuantity]) -> None:
        wrong = next((one for one in held if isinstance(one, NoQuantity)), None)
        if wrong is not None:
            self.unread.append(unread(clause.text, wrong.reason))
            return
        amounts = [one for one in held if isinstance(one, Quantity)]
        if self._listed(clause, amounts):
            return
        said = remark(clause.text)
        if said is not None and said.code is RemarkCode.COMPARED and self.limits and clause.inside:
            self._attach(said, clause)
            return
        beside = left_out(clause.text, amounts[-1].end - clause.start)
        if beside is not None:
            # 6个工作日不含现场勘查时间: the limit first, then what is said of it
            at = len(clause.text) - len(beside)
            self._with_amount(attrs.evolve(clause, text=clause.text[:at].rstrip()), held)
            self._attach(Remark(RemarkCode.EXCLUDES, beside), clause)
            return
        if len(amounts) == 1:
            if _UNLESS.fullmatch(clause.text, amounts[0].end - clause.start) is not None:
                self._condition += f"{clause.text},"  # 20日内不能作出决定的,…可以延长10日
                self._is_unless = True
            else:
                self._limit(clause, amounts[0])
            return
        for one, other in pairwise(amounts):
            if _SPLIT.search(self.text, one.end, other.start) is None:
                self.unread.append(unread(clause.text, "several"))
                return
        begin = clause.start
        for place, amount in enumerate(amounts):
            until = clause.start + len(clause.text)
            if place + 1 < len(amounts):
                parting = _SPLIT.search(self.text, amount.end, amounts[place + 1].start)
                until = until if parting is None else parting.start()
            self._limit(attrs.evolve(clause, text=self.text[begin:until], start=begin), amount)
            begin = until

    def _listed(self, clause: Clause, amounts: Sequence[Quantity]) -> bool:
        """Whether a clause with an amount is about time that is left out of a limit or in it."""
        said, listing = remark(clause.text), self._listing
        if said is not None and is_about_amount(clause.text, amounts[0].start - clause.start):
            listing = Listing.opened(said, clause, amounts, self.limits[-1] if self.limits else None)
        elif listing is not None and listing.goes_on(clause, amounts):
            said = Remark(listing.code, clause.text)
        else:
            self._listing = None
            return False
        self._listing = listing
        if listing is None or said is None:
            self.unread.append(unread(clause.text, "words"))
        elif listing.is_too_long:
            self.unread.append(unread(self.text, "not-joined"))
        else:
            self._attach(said, clause)
            self.limits[-1:] = [listing.settled(last) for last in self.limits[-1:]]
        return True

    def _limit(self, clause: Clause, amount: Quantity) -> None:
        head = self.text[clause.start : amount.start]
        tail = self.text[amount.end : clause.start + len(clause.text)]
        basis, head = led_by(head)
        said = around(head, tail)
        if said.amiss or (self._is_unless and not said.kind.is_extension):
            self.unread.append(unread(clause.text, "words"))
            return
        self._is_unless = False
        if basis:
            said = attrs.evolve(said, remarks=(*said.remarks, Remark(RemarkCode.BASIS, basis)))
        condition, label, kind, group = said.condition, said.label, said.kind, said.group
        if self._heading:
            named = heading(self._heading)
            if named is not None and not label:
                label, kind = named[0], named[1] if kind is LimitKind.UNSAID else kind
            elif not condition:
                condition = self._heading
            else:
                self.unread.append(unread(self._heading, "words"))
            self._heading = ""
        condition = "".join(part for part in (self._condition, condition) if part)
        start = said.start or self._start
        if said.start and self._start:
            self.unread.append(unread(self._start, "words"))
        self._condition = self._start = ""
        if group and not label and not condition:
            group, condition = "", group  # 报告书:10个工作日 is 报告书10个工作日
        last = self.limits[-1] if self.limits else None
        if not group and label and last is not None and self._at is not None and clause.sentence == self._at.sentence:
            group = last.group
        unit = amount.unit
        if self._days is not None and unit is LimitUnit.OPEN_DAY:
            unit = self._days
        self.limits.append(
            StatedLimit(
                unit=unit,
                amount=amount.amount,
                upto=amount.upto,
                kind=kind,
                label=label,
                group=group,
                condition=condition,
                start=start,
                act=said.act,
                remarks=said.remarks,
            )
        )
        self.places.append(Place(clause.sentence, clause.inside, TOTAL.search(head) is not None))
        self._at = clause

    # clauses without one

    def _without_amount(self, run: Sequence[Clause], follower: tuple[Clause, Sequence[object]] | None) -> None:
        last = run[-1]
        whole = self.text[run[0].start : last.start + len(last.text)]
        if len(run) > 1 and (said := remark(whole)) is not None and said.code not in _OF_ONE_CLAUSE:
            apart = [remark(clause.text) for clause in run]
            if said.code is not RemarkCode.HOLIDAYS or None in apart:
                self._attach(said, run[0])
                return
        for place, clause in enumerate(run):
            after = follower
            if any(is_on_the_spot(later.text) for later in run[place + 1 :]):
                after = (run[-1], (run[-1],))
            self._bare(clause, after if after is not follower or place + 1 == len(run) or self._waits(clause) else None)

    @staticmethod
    def _waits(clause: Clause) -> bool:
        """Whether a clause with others after it belongs to the limit behind them all, as a condition does."""
        said = remark(clause.text)
        return clause.stop in _WAITING and (
            is_start(clause.text) or (said is not None and said.code is RemarkCode.CONDITION)
        )

    def _bare(self, clause: Clause, follower: tuple[Clause, Sequence[object]] | None) -> None:
        basis, text = led_by(clause.text)
        if basis and text:
            self._attach(Remark(RemarkCode.BASIS, basis), clause)
            clause = attrs.evolve(clause, text=text, start=clause.start + len(clause.text) - len(text))
        text = clause.text
        if self.limits and not clause.inside and (within := _WITHIN.match(text)) is not None:
            text = text[within.end() :].strip()
            if not text:
                return
        if self._is_limit_of_its_own(clause) or self._belongs_to_last(clause):
            return
        leads = follower is not None and bool(follower[1])
        into_bracket = leads and clause.stop == "(" and follower is not None and follower[0].inside > clause.inside
        unit = changed_unit(text)
        if unit is not None and self.limits and leads:
            self.limits = [attrs.evolve(limit, superseded=True) for limit in self.limits]
            self._days = LimitUnit.WORKING_DAY if unit == "工作日" else LimitUnit.DAY
            self.remarks.append(Remark(RemarkCode.UNIT_CHANGED, text))
            return
        said = remark(text)
        if into_bracket and is_ordinary(text) and (said is None or said.code in (RemarkCode.ACT, RemarkCode.CONDITION)):
            self._heading = text
        elif leads and clause.stop in _WAITING and is_start(text):
            self._start += text
        elif said is not None and said.code is RemarkCode.ACT and mentions_spot(text):
            self.unread.append(unread(text, "not-joined"))  # 即办件当场办结 beside another limit is a limit too
        elif said is None or (said.code is RemarkCode.ACT and not self._is_beside_last(clause)):
            self.unread.append(self._not_understood(text))
        elif said.code is RemarkCode.CONDITION and not clause.inside and not (self.limits and is_reservation(text)):
            if leads and follower is not None and follower[0].sentence == clause.sentence:
                if mentions_spot(text):
                    self.unread.append(unread(text, "not-joined"))
                else:
                    self._condition += text
            else:
                self.unread.append(unread(text, "words"))
        else:
            self._attach(said, clause)

    def _is_limit_of_its_own(self, clause: Clause) -> bool:
        """即办, 当场办结 and 无时限 are limits; 即办件 beside a limit is the type of the case."""
        if clause.text == "即办件" and any(quantities(self.text)):
            return False
        limit = limit_without_amount(clause.text)
        if limit is None:
            return False
        self.limits.append(attrs.evolve(limit, condition=self._condition + limit.condition))
        self.places.append(Place(clause.sentence, clause.inside))
        self._condition, self._at = "", clause
        return True

    def _belongs_to_last(self, clause: Clause) -> bool:
        """(自受理之日起) and (法定) in a bracket complete the limit before it."""
        if not clause.inside or not self.limits or self.limits[-1].amount is None:
            return False
        last, named = self.limits[-1], heading(clause.text)
        if is_start(clause.text) and not last.start:
            self.limits[-1] = attrs.evolve(last, start=clause.text)
        elif narrows(clause.text) and not last.condition:
            self.limits[-1] = attrs.evolve(last, condition=clause.text)
        elif named is not None and not last.label and last.kind is LimitKind.UNSAID:
            self.limits[-1] = attrs.evolve(last, label=named[0], kind=named[1])
        else:
            return False
        return True

    def _is_beside_last(self, clause: Clause) -> bool:
        return self._at is not None and (bool(clause.inside) or clause.sentence == self._at.sentence)

    def _attach(self, said: Remark, clause: Clause) -> None:
        if self.limits and self._is_beside_last(clause):
            last = self.limits[-1]
            self.limits[-1] = attrs.evolve(last, remarks=(*last.remarks, said))
        else:
            self.remarks.append(said)

    def _not_understood(self, text: str) -> Unread:
        loose = LOOSE.fullmatch(text)
        if loose is None:
            return unread(text, "words")
        return unread(text, "unit" if loose["unit"].removeprefix("个") else "no-unit")
