"""The clauses of a cell about fees, gone through from left to right: an amount, an answer, a condition, or unread.

Rules of this room: nothing is dropped and nothing raises. Answers that contradict each other are not weighed: the cell
is not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

import attrs

from egov_core.sheets.clauses import Clause, clauses
from egov_core.sheets.denials import AT_MOST, is_cut, is_denied, is_hedged, is_unsettled
from egov_core.sheets.documents import documents, led_by
from egov_core.sheets.fees.amounts import BY_THE_PIECE, MEASURED, PIECE, Money, NoMoney, amounts
from egov_core.sheets.fees.free_cases import FIRST_TIME, FreeCase, free_case
from egov_core.sheets.fees.reasons import unread
from egov_core.sheets.fees.stated import FeeClass, FeeReading, StatedFee, UnreadFee
from egov_core.sheets.fees.words import Answer, answer, document, is_heading, is_note, is_since, without_heading

_CAP = re.compile(r"上限|封顶|最高|不计收|部分不|不再|不超过")
_CAPPED_AT = re.compile(
    r"(?:但|且)?(?:每[件宗笔次]|单[件宗笔次])?(?:总额|合计|收费|累计)?(?:最高|最多|上限|封顶|不得?超过|限额)+(?:收费|收取)?(?:为|是)?"
)
"""Before an amount behind another one: how much it is at most, as in 按中标价的0.5%收取，最高不超过5万元."""
_WHEN = re.compile(r"(?:[^元%‰‱]{1,60}?(?:的用户|用户|的|以上|以下|以内|内|户|部分|情况|时))")
_ELSEWHERE = re.compile(r"详见|具体见|见|参见")
_STEPPED = re.compile(r"[0-9]|以上|以下|以内|不超|超过|以外")
_PAPER = r"[ABab][0-9](?:纸|幅面)?"
_FOR_WHAT = re.compile(rf"[\u4e00-\u9fff、]{{1,12}}|{_PAPER}")
_ONE_PIECE = re.compile(rf"[一每](?P<one>{PIECE})(?P<what>(?:[\u4e00-\u9fff]{{0,5}}[证照书牌车机梯炉])?)")
"""每张身份证20元: the piece that is counted, with its name."""
_BOUND = re.compile(r"(?:高|低|多|少|大|小)于$")
_FOREIGN = re.compile(
    r"(?:港|澳门?|新?台|外|日|韩|美|欧|加|英|新加坡)(?:币|元|镑|金|汇)|卢布|法郎|泰铢|瑞郎|[A-Z]{2,3}\$?"
)
"""港币10元 is not ten yuan."""
_TURNS = re.compile(r"等|免|减|不|另|除|暂|停|约|起|折|含|附|详|见|待")
_FREED_FOR = re.compile(r"[\u4e00-\u9fff、]{1,40}(?:免收|免征|减半|免费|除外|减免|不收)[\u4e00-\u9fff]{0,8}")
_SUBJECT = re.compile(r"[\u4e00-\u9fff、《》\"'()A-Za-z·]{0,40}")
_SIZE = re.compile(r"(?:资本|资金|造价|投资|总价|价款|货值|总额|金额|收入|产值|资产|规模|[^定]额)(?:为|在)?$")
"""工程造价500万元 is how large the work is, and no fee."""
_REDUCED = re.compile(r".*标准|原.*|.*收费|应.*额")
"""按标准的70% is a share of another fee that is not here."""
_AMISS = re.compile(
    r"不超|超过|最高|最低|至少|不低于|加收|减|折|另|首(?!次(?:申|办|领|发|$))|续|上浮|下浮|浮动|优惠|打"
    r"|补助|补贴|奖|资助|发放|赔|逾期|滞纳|退|返|补偿(?!费)|低保|生活保障|救助|救济|抚恤|定金|违约"
    r"|其中|含税价|[一二两三四五六七八九十几多][本件张份次个套证人户]$|(?<!公)共$|共计|合计|总计|总共|超出|至多|最多|不少于|免收|免征|免缴|免交|免费|不再|不收|取消|停征|停收|(?:原|现)(?:收费|收取?|价|为|:|$)|第|每|起步|以上|以下|以内|倍|或者?$|罚|押金|保证金|返|约|左右|各$"
)
_TRAILING = re.compile(
    r"(?:收费标准|(?:应|需|须|需要|应当)(?:缴纳?|交纳?|收取?)|缴费|"
    r"收费|收取|征收|计收|缴纳|交纳|费用|标准|为|是|按照|按|以|人民币|[: ])+$"
)
_BASE = re.compile(
    r"(?P<subject>.*?)(?:按照|按|以)(?P<named>.+?)的?|(?P<possessed>.+)的|(?P<sum>.*(?:价|额|款|收入|面积|费用|总投资))"
)
_TAIL = re.compile(r"(?:的?(?:标准)?(?:一次性)?(?:收取|计收|征收|缴纳|收费|计征|计算|计费|执行)|整|人民币)?")


def _narrows(text: str) -> bool:
    """Whether a bracket behind an amount says when or for what it holds: (首次办理的), (住宅), (低保户免收)."""
    if is_unsettled(text) or "自愿" in text or _FOREIGN.search(text):
        return False
    if _WHEN.fullmatch(text) or _FREED_FOR.fullmatch(text):
        return True
    return _FOR_WHAT.fullmatch(text) is not None and _TURNS.search(text) is None and not is_note(text)


def _is_taken_back(head: str) -> bool:
    """Whether the words before an amount deny it, bound it, or say that it is a guess or other money."""
    said = head.rstrip(" :")
    is_bound = AT_MOST.search(said) is not None or _BOUND.search(said) is not None
    is_foreign = any(found.end() == len(said) for found in _FOREIGN.finditer(said))
    is_meant = not is_denied(said) and not is_hedged(said) and not is_denied(_TRAILING.sub("", said))
    return is_bound or is_foreign or not is_meant


def _share_of(text: str) -> tuple[str, str]:
    """Of what a share is, and what it is for: 按工程总造价 and 成交价的 say the first, 契税 the second."""
    found = _BASE.fullmatch(text.strip())
    if found is None:
        return "", text.strip(" :")
    base = found["named"] or found["possessed"] or found["sum"]
    return base, (found["subject"] or "").strip(" :")


@attrs.define
class Cell:
    """A cell as far as it has been read."""

    text: str
    fees: list[StatedFee] = attrs.field(factory=list)
    answers: list[Answer] = attrs.field(factory=list)
    conditions: list[str] = attrs.field(factory=list)
    basis: list[str] = attrs.field(factory=list)
    notes: list[str] = attrs.field(factory=list)
    unread: list[UnreadFee] = attrs.field(factory=list)
    _free: FreeCase | None = None
    """Who pays nothing or the first time nothing, where another clause says what others pay."""

    def go_through(self) -> None:
        """Read the text, clause by clause."""
        named = documents(self.text)
        money = [
            one for one in amounts(self.text) if not any(start < one.end and one.start < end for start, end in named)
        ]
        kept = sorted([*named, *((one.start, one.end) for one in money)])
        parts = clauses(self.text, lambda _: kept)
        counted = [
            (part, [one for one in money if part.start <= one.start < part.start + len(part.text)]) for part in parts
        ]
        for _, held in groupby(counted, key=lambda pair: (pair[0].inside, bool(pair[1]))):
            run = list(held)
            if run[0][1]:
                for clause, found in run:
                    self._with_amount(clause, found)
            else:
                self._without_amount([clause for clause, _ in run])

    def _with_amount(self, clause: Clause, held: Sequence[Money | NoMoney]) -> None:
        first = held[0]
        if isinstance(first, NoMoney) or len(held) > 1:
            reason = first.reason if isinstance(first, NoMoney) else "several"
            self.unread.append(unread(clause.text, reason))
            return
        head = without_heading(self.text[clause.start : first.start])
        basis, head = led_by(head)
        head = without_heading(head)
        tail = self.text[first.end : clause.start + len(clause.text)].strip()
        by_the_piece = BY_THE_PIECE.fullmatch(head.strip())
        if by_the_piece is not None and not first.per and not first.is_share:
            first, head = attrs.evolve(first, per=by_the_piece["one"]), ""
        if self.fees and not first.is_share and not first.per and _CAPPED_AT.fullmatch(head.strip()) is not None:
            self.conditions.append(clause.text)
            return
        if is_cut(self.text[clause.start : first.start]) or _is_taken_back(head):
            self.unread.append(unread(clause.text, "words"))
            return
        subject = _TRAILING.sub("", head)
        piece = _ONE_PIECE.fullmatch(subject)
        if piece is not None and not first.per and not first.is_share:
            first, subject = attrs.evolve(first, per=piece["one"]), piece["what"]
        if first.per and re.fullmatch(r"每[\u4e00-\u9fff]{2,8}", subject):
            subject = subject[1:]  # 每建筑面积0.6元/m2 says twice per what
        of = ""
        if first.is_share:
            of, subject = _share_of(subject)
        else:
            subject = re.sub(r"^[、和及 ]*(?:按照|按)?", "", subject).strip(" :")
        is_size = not first.is_share and _SIZE.search(subject) is not None
        is_reduction = first.is_share and (
            _REDUCED.fullmatch(of) is not None if of else bool(head or tail) and not subject
        )
        if is_size or is_reduction or not self._is_ordinary(subject + of) or _TAIL.fullmatch(tail) is None:
            self.unread.append(unread(clause.text, "words"))
            return
        if basis:
            self.basis.append(basis)
        if first.amount == 0 and FIRST_TIME.fullmatch(subject) and not self.fees:
            self._free = FreeCase(subject, is_first_time=True)
            return
        if first.amount == 0 and first.upto is None:
            self.answers.append(Answer(FeeClass.NONE, condition=subject))
            self.conditions += [subject] if subject else []
            return
        self.fees.append(
            StatedFee(
                amount=first.amount,
                upto=first.upto,
                scale=first.scale,
                per=first.per,
                subject=subject.replace(":", ""),
                of=of,
            )
        )

    @staticmethod
    def _is_ordinary(text: str) -> bool:
        said = text.replace(":", "")
        if said and re.search(r"[\u4e00-\u9fff]", said) is None:
            return re.fullmatch(_PAPER, said) is not None
        return _SUBJECT.fullmatch(said) is not None and _AMISS.search(said) is None

    def _without_amount(self, run: Sequence[Clause]) -> None:
        whole = self.text[run[0].start : run[-1].start + len(run[-1].text)]
        if run[0].inside and self._in_a_bracket(whole):
            return
        for clause in run:
            text = clause.text
            said = answer(text)
            free = free_case(text, answered=said is not None or bool(clause.inside))
            if free is not None and (free.is_first_time or not (self.fees or self._free)):
                self._free = free
                if self.fees:
                    self.unread.append(unread(text, "words"))
            elif said is not None:
                self.answers.append(said)
                self.conditions += [said.condition] if said.condition else []
                self.basis += [said.basis] if said.basis else []
            elif is_note(text) or is_heading(text):
                self.notes.append(text)
            elif is_since(text) or (self.fees and _FREED_FOR.fullmatch(text)):
                self.conditions.append(text)
            else:
                self.unread.append(unread(text, "words"))

    def _in_a_bracket(self, text: str) -> bool:
        """Whether a bracket without an amount is a condition of what stands before it, or names its document."""
        named = document(text)
        if named is not None and (self.fees or self.answers):
            self.basis.append(named)
        elif self.fees and _CAP.search(text):
            self.conditions.append(text)
        elif self.fees and answer(text) is None and _narrows(text):
            self.fees[-1] = attrs.evolve(self.fees[-1], condition=text)
        elif (
            self.answers
            and self.answers[-1].fee_class is FeeClass.SUSPENDED
            and re.fullmatch(r"[\u4e00-\u9fff、;,]+", text)
        ):
            self.conditions.append(text)
        else:
            return False
        return True

    # the whole

    def reading(self, text: str) -> FeeReading:
        """All that was found in the cell `text`."""
        if self._free is not None:
            case = self._free.beside(self.fees, answered=bool(self.answers))
            if case is None:
                self.unread.append(unread(self._free.who, "words"))
            else:
                self.fees.insert(0, case)
        fee_class, reason = self._class()
        left = list(self.unread)
        if reason and not left:
            left.append(unread(text, reason))
        return FeeReading(
            text=text,
            fee_class=None if left else fee_class,
            fees=tuple(self.fees),
            conditions=tuple(self.conditions),
            basis=tuple(self.basis),
            notes=tuple(self.notes),
            unread=tuple(left),
        )

    def _class(self) -> tuple[FeeClass | None, str]:
        said = {one.fee_class for one in self.answers} - {FeeClass.UNKNOWN}
        if (self.fees or said) and any(one.condition for one in self.answers if one.fee_class is FeeClass.UNKNOWN):
            return None, "no-answer"  # 10元/本(待定)
        if self.fees:
            return (None, "conflict") if said - {FeeClass.CHARGED, FeeClass.DOCUMENT} else self._class_of_amounts()
        if not said and any(_ELSEWHERE.match(note) for note in self.notes):
            return FeeClass.DOCUMENT, ""
        if not said:
            return (FeeClass.UNKNOWN, "") if self.answers else (None, "no-answer")
        if said == {FeeClass.CHARGED} and self.basis:
            return FeeClass.DOCUMENT, ""
        if len(said) == 1:
            return said.pop(), ""
        if said == {FeeClass.CHARGED, FeeClass.DOCUMENT}:
            return FeeClass.DOCUMENT, ""
        if FeeClass.MIXED in said and said <= {FeeClass.MIXED, FeeClass.CHARGED, FeeClass.DOCUMENT}:
            return FeeClass.MIXED, ""
        return None, "conflict"

    def _class_of_amounts(self) -> tuple[FeeClass | None, str]:
        fees = self.fees
        shares = [fee for fee in fees if fee.is_share]
        if len(fees) > 1:
            if len(fees) == 2 and len(shares) == 1:
                return FeeClass.PERCENT_AND_RATE, ""
            names = [(fee.subject or fee.of, fee.condition) for fee in fees]
            if len(set(names)) < len(names) or not all(any(name) for name in names[1:]):
                return None, "not-joined"
            is_tiered = any(_STEPPED.search(re.sub(_PAPER, "", fee.condition)) for fee in fees)
            return (FeeClass.TIERED if is_tiered else FeeClass.BRANCH), ""
        (fee,) = fees
        if fee.subject == "首次":
            return None, "not-joined"  # what the next time costs is not said
        if any(_CAP.search(words) for words in self.conditions):
            return FeeClass.CAPPED, ""
        if fee.is_share:
            return FeeClass.PERCENT, ""
        if fee.upto is not None:
            return FeeClass.RANGE, ""
        is_measured = any(part in MEASURED for part in re.split(r"[·/.*]", fee.per))
        return (FeeClass.RATE if is_measured else FeeClass.FIXED), ""
