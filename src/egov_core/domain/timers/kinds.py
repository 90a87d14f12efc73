"""The kinds of timers 计时种类: which marks start one, which stop it, whose limit it measures, what its end brings.

Rules of this room: a kind is a row of data. A place adds rows of its own by a file or a plugin (`kind_table`); nothing
elsewhere asks for a kind by name but those that the law itself names. Kinds without `starts_on` exist for reckoning and
cards on their own (the command line, plugins, later streams); no event of a case starts them.

A mark is an event's type, `accepted`, or narrower with a tag, `submitted:web`; the tags are those of `events.tags_of`.

Sources are in each row; the numbers T1-T15 are those of the usual list of timers of an approval.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import attrs

from egov_core.domain.legal import LICENSING_ACT, LegalBasis
from egov_core.domain.periods import Limit, Period, Unit
from egov_core.errors import UnknownError

_IN_FORCE = date(2004, 7, 1)


class Party(enum.Enum):
    """Whose time it is. A card is for the organ: the applicant's time earns one only by a rule that names the kind."""

    ORGAN = "organ"
    APPLICANT = "applicant"


class LimitSource(enum.Enum):
    """Where the limit of a timer comes from.

    LAW: the kind's own, which the law fixes. ITEM: the promise and the statutory limit of the item. SERVICE: a service
    standard 服务标准 of item or place for this kind; without one the timer is not kept. EVENT: what the event that
    starts it says (declared days, a date), else as SERVICE. CALLER: whoever reckons with it.
    """

    LAW = "law"
    ITEM = "item"
    SERVICE = "service"
    EVENT = "event"
    CALLER = "caller"


class Per(enum.Enum):
    """How many timers of a kind a case has: one at a time, one for each pause, one for each step with a limit."""

    CASE = "case"
    PAUSE = "pause"
    STEP = "step"


class Expiry(enum.Enum):
    """What the end of a timer brings besides cards, where the rules of silence 逾期后果 of the place say so."""

    NONE = "none"
    DEEMED_ACCEPTANCE = "deemed-acceptance"
    DEEMED_RENEWAL = "deemed-renewal"
    CLOSURE = "closure"


def _marks(given: Iterable[str]) -> frozenset[str]:
    return frozenset(given)


@attrs.frozen(kw_only=True)
class TimerKind:
    """One kind of timer 计时: its names, the marks that start and stop it, its limit, whose time, what its end brings.

    `limit` is the kind's own, None where it comes from elsewhere (`limit_source`). `pausable` is the pause rule:
    whether the pauses and extensions of the case apply. `expiry` is what its end can bring. `number` is its place in
    the usual list, empty where it has none.
    """

    code: str
    name: str
    name_en: str = ""
    number: str = ""
    starts_on: frozenset[str] = attrs.field(default=(), converter=_marks)
    stops_on: frozenset[str] = attrs.field(default=(), converter=_marks)
    limit_source: LimitSource = LimitSource.CALLER
    limit: Limit | None = None
    pausable: bool = False
    per: Per = Per.CASE
    party: Party = Party.ORGAN
    expiry: Expiry = Expiry.NONE

    @property
    def takes_standard(self) -> bool:
        """Whether a service standard of a place can be its limit; a pause and a licence say when they end."""
        by_event = self.per is Per.CASE and self.expiry is not Expiry.DEEMED_RENEWAL
        return self.limit_source is LimitSource.SERVICE or (self.limit_source is LimitSource.EVENT and by_event)


def _working_days(amount: int, article: str) -> Period:
    basis = LegalBasis(instrument=LICENSING_ACT, article=article, in_force=_IN_FORCE)
    return Period(amount=Decimal(amount), unit=Unit.WORKING_DAY, basis=basis)


_TAKEN_IN = frozenset({"correction-requested", "accepted", "not-accepted", "withdrawn", "approved:by-law"})
_DECIDED = frozenset({"approved", "rejected", "withdrawn"})

CORRECTION_NOTICE = TimerKind(
    code="correction-notice",
    number="T2",
    name="一次性告知",
    name_en="correction notice",
    starts_on=frozenset({"submitted", "supplemented"}),
    stops_on=_TAKEN_IN,
    limit_source=LimitSource.LAW,
    limit=_working_days(5, "第三十二条"),
    expiry=Expiry.DEEMED_ACCEPTANCE,
)
CASE = TimerKind(
    code="case",
    number="T4, T5",
    name="办理",
    name_en="handling",
    starts_on=frozenset({"accepted"}),
    stops_on=_DECIDED | {"referred"},
    limit_source=LimitSource.ITEM,
    pausable=True,
)
SPECIAL_PROCEDURE = TimerKind(
    code="special-procedure",
    number="T7",
    name="特别程序",
    name_en="special procedure",
    starts_on=frozenset({"paused"}),
    stops_on=frozenset({"resumed", "withdrawn", "approved:by-law"}),
    limit_source=LimitSource.EVENT,
    per=Per.PAUSE,
)
STEP = TimerKind(
    code="step",
    number="T8",
    name="环节",
    name_en="step",
    starts_on=frozenset({"submitted", "supplemented", "accepted", "reviewed"}),
    stops_on=_TAKEN_IN | _DECIDED | {"reviewed", "referred"},
    limit_source=LimitSource.ITEM,
    pausable=True,
    per=Per.STEP,
)
DELIVERY = TimerKind(
    code="delivery",
    number="T10",
    name="送达",
    name_en="delivery",
    starts_on=frozenset({"approved"}),
    stops_on=frozenset({"delivered"}),
    limit_source=LimitSource.LAW,
    limit=_working_days(10, "第四十四条"),
)

KINDS: Mapping[str, TimerKind] = {
    kind.code: kind
    for kind in (
        CORRECTION_NOTICE,
        CASE,
        SPECIAL_PROCEDURE,
        DELIVERY,
        STEP,
        TimerKind(
            code="pre-acceptance",
            number="T1",
            name="网上预审",
            name_en="online pre-review",
            starts_on=frozenset({"submitted:online"}),
            stops_on=_TAKEN_IN,
            limit_source=LimitSource.SERVICE,
        ),
        TimerKind(
            code="correction",
            number="T3",
            name="申请人补正",
            name_en="the applicant's correction",
            starts_on=frozenset({"correction-requested"}),
            stops_on=frozenset({"supplemented", "not-accepted", "withdrawn", "closed-unanswered"}),
            limit_source=LimitSource.EVENT,
            party=Party.APPLICANT,
            expiry=Expiry.CLOSURE,
        ),
        TimerKind(
            code="forward",
            number="T9",
            name="转报审查",
            name_en="review and forwarding",
            starts_on=frozenset({"accepted:forward"}),
            stops_on=_DECIDED | {"referred"},
            limit_source=LimitSource.SERVICE,
            limit=_working_days(20, "第四十三条"),
            pausable=True,
        ),
        TimerKind(
            code="licence",
            number="T11",
            name="出证",
            name_en="issue of the licence",
            starts_on=frozenset({"approved"}),
            stops_on=frozenset({"licence-issued"}),
            limit_source=LimitSource.SERVICE,
        ),
        TimerKind(
            code="hearing",
            number="T12",
            name="听证",
            name_en="hearing",
            starts_on=frozenset({"hearing-requested"}),
            stops_on=frozenset({"hearing-held"}) | _DECIDED,
            limit_source=LimitSource.LAW,
            limit=_working_days(20, "第四十七条"),
        ),
        TimerKind(
            code="hearing-request",
            number="T12",
            name="申请听证",
            name_en="the applicant's request for a hearing",
            starts_on=frozenset({"hearing-offered"}),
            stops_on=frozenset({"hearing-requested"}) | _DECIDED,
            limit_source=LimitSource.LAW,
            limit=_working_days(5, "第四十七条"),
            party=Party.APPLICANT,
        ),
        TimerKind(
            code="renewal",
            number="T13",
            name="延续",
            name_en="renewal",
            starts_on=frozenset({"submitted:renewal"}),
            stops_on=_DECIDED | {"not-accepted"},
            limit_source=LimitSource.EVENT,
            expiry=Expiry.DEEMED_RENEWAL,
        ),
        TimerKind(
            code="commitment-check",
            number="T15",
            name="事后核查",
            name_en="check of a commitment",
            starts_on=frozenset({"approved:commitment"}),
            stops_on=frozenset({"commitment-checked"}),
            limit_source=LimitSource.SERVICE,
        ),
        TimerKind(code="promised-case", number="T5", name="承诺办理", name_en="promised handling", pausable=True),
        TimerKind(
            code="extension", number="T6", name="延期", name_en="extension", limit=_working_days(10, "第四十二条")
        ),
        TimerKind(code="inquiry", number="T14", name="咨询", name_en="inquiry"),
        TimerKind(code="complaint", number="T14", name="投诉", name_en="complaint"),
        TimerKind(code="report", name="数据报送", name_en="data report"),
        TimerKind(code="order", name="督办", name_en="supervision order"),
    )
}
"""The shipped kinds by code."""


def timer_kind(code: str, kinds: Mapping[str, TimerKind] = KINDS) -> TimerKind:
    """The kind with this code. Raises UnknownError listing the kinds there are."""
    found = kinds.get(code)
    if found is None:
        raise UnknownError(f"there is no timer kind {code!r}", remedy=f"use one of {', '.join(kinds)}", kind=code)
    return found
