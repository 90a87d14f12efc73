"""What a cell says about time: values, and the same values written out again.

Rules of this room: values and their texts only; how a text is read is next door. An open day (日, 天) is a unit of its
own here: whether it is a working day is what the cell does not say, and nobody below may decide it.
"""

from __future__ import annotations

import enum
from decimal import Decimal

import attrs

from egov_core.domain.legal import AS_GIVEN, LegalBasis
from egov_core.sheets.numerals import plainly


class LimitUnit(enum.Enum):
    """What a stated limit is counted in; `immediate` and `none` have no amount."""

    WORKING_DAY = "workday"
    OPEN_DAY = "open-day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    WORKING_HOUR = "working-hour"
    HOUR = "hour"
    MINUTE = "minute"
    IMMEDIATE = "immediate"
    NONE = "none"

    @property
    def shown(self) -> str:
        """The unit as JSON shows it: an open day is a `day` there, with the qualifier `open-day`."""
        return "day" if self is LimitUnit.OPEN_DAY else self.value


IN_CHINESE = {
    LimitUnit.WORKING_DAY: "个工作日",
    LimitUnit.OPEN_DAY: "日",
    LimitUnit.DAY: "个自然日",
    LimitUnit.WEEK: "周",
    LimitUnit.MONTH: "个月",
    LimitUnit.YEAR: "年",
    LimitUnit.WORKING_HOUR: "个工作小时",
    LimitUnit.HOUR: "小时",
    LimitUnit.MINUTE: "分钟",
}


class LimitKind(enum.Enum):
    """Which limit it is, as far as the cell itself says so."""

    UNSAID = ""
    STATUTORY = "statutory"
    PROMISED = "promised"
    EXTENSION_BY = "extension-by"
    EXTENSION_TO = "extension-to"
    ADVANCE = "advance"
    NOTICE = "notice"

    @property
    def is_extension(self) -> bool:
        """Whether it says how much longer another limit may become."""
        return self in (LimitKind.EXTENSION_BY, LimitKind.EXTENSION_TO)


class RemarkCode(enum.Enum):
    """What a remark beside a limit does to it."""

    EXCLUDES = "excludes"
    INCLUDES = "includes"
    PART = "part"
    OUTSIDE_CLOCK = "outside-the-clock"
    HOLIDAYS = "excludes-holidays"
    WORKING_DAYS = "days-are-workdays"
    NATURAL_DAYS = "days-are-natural"
    MAY_EXTEND = "may-be-extended"
    DEEMED = "deemed-decision"
    CASE_TYPE = "case-type"
    CONDITION = "condition"
    BASIS = "basis"
    ACT = "act"
    ABOUT = "about"
    MAY = "may"
    OR_ON_THE_SPOT = "or-on-the-spot"
    SAME_DAY = "same-day"
    OPEN_ENDED = "open-ended"
    UNIT_CHANGED = "unit-changed"
    COMPARED = "compared-with-law"


_BEFORE_THE_AMOUNT = frozenset({RemarkCode.ABOUT, RemarkCode.MAY, RemarkCode.OR_ON_THE_SPOT})
_IN_THE_CLAUSE = _BEFORE_THE_AMOUNT | {RemarkCode.SAME_DAY}


@attrs.frozen
class Remark:
    """A remark of the cell, in its own words."""

    code: RemarkCode
    text: str

    def __str__(self) -> str:
        return self.text


@attrs.frozen
class Unread:
    """A part of a cell that was not understood, word for word, and why: a stable code and a sentence."""

    text: str
    reason: str
    message: str


@attrs.frozen(kw_only=True)
class StatedLimit:
    """One limit of a cell. What is empty, the cell does not say."""

    unit: LimitUnit
    amount: Decimal | None = None
    upto: Decimal | None = None
    """The upper end where the cell gives a range; `amount` is the lower one then."""
    kind: LimitKind = LimitKind.UNSAID
    label: str = ""
    """The heading as written, such as 法定办结时限."""
    group: str = ""
    """The branch a heading opens for several limits, such as 承诺制."""
    condition: str = ""
    """For what, for whom or by whom it holds, such as 报告书."""
    start: str = ""
    """From when it counts, such as 自受理之日起."""
    act: str = ""
    """What has to have happened by then, such as 作出决定."""
    superseded: bool = False
    """Whether the cell itself replaces it (9个工作日改成日历日)."""
    is_part: bool = False
    """Whether it is a step of the limit before it, whose amount is the sum of them all."""
    remarks: tuple[Remark, ...] = ()

    @property
    def number(self) -> str:
        """The amount as the tables of the offices write it; a range as `5..20`."""
        if self.amount is None:
            return "0" if self.unit is LimitUnit.IMMEDIATE else "-"
        return plainly(self.amount) if self.upto is None else f"{plainly(self.amount)}..{plainly(self.upto)}"

    def __str__(self) -> str:
        """The limit without its branch and its remarks, in a form that reads back as itself."""
        head = f"{self.label}:" if self.label else ""
        head += self.condition + self.start
        head += "," if "," in self.condition and not head.endswith(",") else ""
        head += "".join(remark.text for remark in self.remarks if remark.code in _BEFORE_THE_AMOUNT)
        if self.amount is None:
            day = next((remark.text for remark in self.remarks if remark.code is RemarkCode.SAME_DAY), "")
            spot = f"{day}办结" if day else "即办"
            return head + (spot if self.unit is LimitUnit.IMMEDIATE else "无时限")
        head += {"extension-by": "可延长", "extension-to": "可延长至", "advance": "提前"}.get(self.kind.value, "")
        number = plainly(self.amount) if self.upto is None else f"{plainly(self.amount)}-{plainly(self.upto)}"
        return f"{head}{number}{IN_CHINESE[self.unit]}" + (f"内{self.act}" if self.act else "")


@attrs.frozen(kw_only=True)
class LimitReading:
    """All that a cell says about time, and what in it was not understood."""

    text: str
    basis: LegalBasis = AS_GIVEN
    """Where the cell comes from, for the limits that are made of it."""
    limits: tuple[StatedLimit, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """What is said of no limit in particular, such as 以上期限不含法定节假日."""
    unread: tuple[Unread, ...] = ()
    amount: str | None = None
    """The amounts on one line: `20`, `20/2`, `10+3`, `7 then 20`, `5..20`; None where `read` is false."""
    unit: str | None = None

    @property
    def read(self) -> bool:
        """Whether everything was understood, and also how several limits belong together."""
        return not self.unread

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """Everything beside amount and unit, each as `code: words of the cell`, in the order of the cell."""
        found: list[str] = []
        several = len(self.limits) > 1
        for limit in self.limits:
            mark = f"{limit.number} {limit.unit.shown}: " if several else ""
            found += [f"{code}: {mark}{words}" for code, words in _said(limit)]
            found += [f"{remark.code.value}: {remark.text}" for remark in limit.remarks]
        found += [f"{remark.code.value}: {remark.text}" for remark in self.remarks]
        return tuple(dict.fromkeys(found))

    def __str__(self) -> str:
        """A text that reads as the same limits, where everything was read; otherwise the cell itself."""
        if self.unread or not self.limits:
            return self.text
        said, group = [], ""
        for limit in self.limits:
            opened = f"{limit.group}:" if limit.group != group else ""
            group = limit.group
            beside = [remark for remark in limit.remarks if remark.code not in _IN_THE_CLAUSE]
            said.append(opened + str(limit) + "".join(f"({remark})" for remark in beside))
        written = said[0]
        for limit, words in zip(self.limits[1:], said[1:], strict=True):
            written += (";" if limit.group != self.limits[0].group else ",") + words
        return written + "".join(f"。{remark}" for remark in self.remarks)


def _said(limit: StatedLimit) -> list[tuple[str, str]]:
    found = [
        ("branch", limit.group),
        ("for", limit.condition),
        ("starts", limit.start),
        ("until", limit.act),
        (limit.kind.value, limit.label or limit.kind.value) if limit.kind.value else ("label", limit.label),
    ]
    if limit.kind.is_extension:
        found[-1] = (limit.kind.value, f"{limit.number} {limit.unit.shown}")
    if limit.unit is LimitUnit.OPEN_DAY:
        found.append(("open-day", f"{limit.number}日"))
    if limit.upto is not None:
        found.append(("range", f"{limit.number} {limit.unit.shown}"))
    if limit.is_part:
        found.append(("part", f"{limit.number} {limit.unit.shown}"))
    if limit.superseded:
        found.append(("replaced", f"{limit.number} {limit.unit.shown}"))
    return [(code, words) for code, words in found if words]
