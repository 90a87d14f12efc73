"""Amounts of money and shares in a text: 60元/平方米, 每对9元, 1.00元每立方米, 按工程总造价1.5%.

Rules of this room: number, scale and what it is per. What it is for stands around it and is read next door.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import attrs

from egov_core.sheets.numerals import NUMBER, value_of

_COUNTED = (
    "人次|台次|车次|架次|人|件|宗|次|本|张|套|副|份|证|个|户|对|辆|台|艘|株|棵|头|只|羽|车位|车|科|课时|项|例|页"
    "|枚|块|间|栋|幢|剂次|剂|建筑物"
    "|样品|样|批次|批|处|座|单位|家|笔|条|口|根|杆|牌|生|例|案|标的|门|场"
)
_LENGTHS = "平方米|建筑平方米|平方公里|立方米|平米|公里|千米|米|吨|公斤|千克|亩|公顷|m2|m3|m²|m³|㎡|km"
_TIMES = "千瓦时|千瓦|度|年|月|日|天|学期|学年|季度|季|小时"
MEASURED = frozenset(f"{_LENGTHS}|{_TIMES}".split("|"))
"""What is measured, not counted: a fee per one of these grows with it."""
_ONE = rf"(?:{_LENGTHS}|{_TIMES}|{_COUNTED})"
PIECE = rf"(?:{_COUNTED})"
"""What is counted, and may have its name behind it: 每张身份证20元."""
_PER = (
    rf"(?:{_ONE}(?:[·/.*]?(?:每)?{_ONE})*(?![\u4e00-\u9fffA-Za-z0-9])|{_ONE}(?=收|计|征|缴|的|一次性|\()"
    r"|(?![\u4e00-\u9fff]{0,5}(?:封顶|左右|不等|为限|上限|下限|限额|优惠|减半|免|停))"
    r"[\u4e00-\u9fff]{1,6}(?<![起上下内外])(?=$|[,;。.、() \n]))"
)
BY_THE_PIECE = re.compile(rf"按(?P<one>{_ONE})(?:计)?(?:收费|收取|征收|计收|缴纳|收)?")
"""按次收费 in front of an amount says what it is per."""
_N = rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]{{1,4}})?|{NUMBER})"
_SCALE = r"(?:万元|千元|元|角|分(?!之|钟|局|类)|[%‰‱])"
_AMOUNT = re.compile(
    rf"(?:每 ?(?P<each>{_ONE}(?:每{_ONE})?|[^增满超逾加\W0-9](?=[0-9¥]))"
    r" ?(?:收费|收取|征收|计收|缴纳|为|:)?(?:人民币)?)?"
    rf"(?<![0-9.点几数])(?P<sign>[¥￥] ?)?(?:(?P<low>{_N})(?P<lowscale>{_SCALE})?(?:-+|~|至|到))?(?P<number>{_N}) ?"
    # ¥30 needs no 元, but something has to end it: ¥30起 is no amount
    rf"(?P<scale>{_SCALE}|(?(sign)(?=$|[/,;。、()\n ])|(?!)))(?:人民币)?"
    rf"(?: ?/ ?(?P<per>{_PER})|(?:每|一)(?P<every>{_PER})|(?! ?/))"
)
_SHARES = {"百": "%", "千": "‰", "万": "‱"}
_PARTS = re.compile(rf"(?P<of>百|千|万)分之(?P<number>{NUMBER})")


@attrs.frozen(kw_only=True)
class Money:
    """An amount and where it stands in the text."""

    start: int
    end: int
    amount: Decimal
    upto: Decimal | None = None
    scale: str = "元"
    per: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it is a share of something else."""
        return self.scale in ("%", "‰", "‱")


@attrs.frozen
class NoMoney:
    """What looks like an amount and is none: the place, and why."""

    start: int
    end: int
    reason: str


def amounts(text: str) -> Iterator[Money | NoMoney]:
    """Every amount in a tidied text, from left to right."""
    at = 0
    while at < len(text):
        found, part = _AMOUNT.search(text, at), _PARTS.search(text, at)
        if part is not None and (found is None or part.start() <= found.start()):
            value = value_of(part["number"])
            yield (
                NoMoney(part.start(), part.end(), "number")
                if value is None
                else Money(start=part.start(), end=part.end(), amount=value, scale=_SHARES[part["of"]])
            )
            at = part.end()
        elif found is not None:
            yield _money(found)
            at = found.end()
        else:
            return


def _money(found: re.Match[str]) -> Money | NoMoney:
    number = _value(found["number"])
    low = _value(found["low"]) if found["low"] else None
    scale = found["scale"] or "元"
    if number is None or (found["low"] and low is None):
        return NoMoney(found.start(), found.end(), "number")
    if found["lowscale"] not in (None, scale) or (low is not None and not low < number):
        return NoMoney(found.start(), found.end(), "range")
    per = found["per"] or found["every"] or ""
    each = found["each"] or ""
    named = re.split(r"[·/.*每]+", per)
    if (per and each) or len(set(named)) < len(named):
        return NoMoney(found.start(), found.end(), "unit")
    return Money(
        start=found.start(),
        end=found.end(),
        amount=number if low is None else low,
        upto=None if low is None else number,
        scale=scale,
        per=(per or each).replace("每", "/"),
    )


def _value(written: str) -> Decimal | None:
    return value_of(written.replace(",", ""))
