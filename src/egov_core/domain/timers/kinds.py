"""The kinds of timers: which event starts one, which stop it, whose limit it measures.

Rules of this room: a kind is a row of data. Kinds without `starts_on` exist for reckoning and cards on their own (the
command line, plugins); no case event starts them yet.

Sources are in each row; the numbering T1-T15 follows the usual list of timers of an approval.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import attrs

from egov_core.domain.legal import LICENSING_ACT, LegalBasis
from egov_core.domain.periods import Limit, Period, Unit
from egov_core.errors import UnknownError

_IN_FORCE = date(2004, 7, 1)


def _working_days(amount: int, article: str) -> Period:
    basis = LegalBasis(instrument=LICENSING_ACT, article=article, in_force=_IN_FORCE)
    return Period(amount=Decimal(amount), unit=Unit.WORKING_DAY, basis=basis)


@attrs.frozen(kw_only=True)
class TimerKind:
    """One kind of timer 计时: its name, the events that start and stop it, its own limit where the law fixes one.

    `limit` is None where the limit comes from the item (case), the pause (declared days) or the caller. `pausable` says
    whether the pauses and extensions of the case apply to it.
    """

    code: str
    name: str
    starts_on: frozenset[str] = frozenset()
    stops_on: frozenset[str] = frozenset()
    limit: Limit | None = None
    pausable: bool = False
    per_pause: bool = False


CORRECTION_NOTICE = TimerKind(
    code="correction-notice",
    name="一次性告知",
    starts_on=frozenset({"submitted", "supplemented"}),
    stops_on=frozenset({"correction-requested", "accepted", "not-accepted", "withdrawn"}),
    limit=_working_days(5, "第三十二条"),
)
CASE = TimerKind(
    code="case",
    name="办理",
    starts_on=frozenset({"accepted"}),
    stops_on=frozenset({"approved", "rejected", "referred", "withdrawn"}),
    pausable=True,
)
SPECIAL_PROCEDURE = TimerKind(
    code="special-procedure",
    name="特别程序",
    starts_on=frozenset({"paused"}),
    stops_on=frozenset({"resumed", "withdrawn"}),
    per_pause=True,
)
DELIVERY = TimerKind(
    code="delivery",
    name="送达",
    starts_on=frozenset({"approved"}),
    stops_on=frozenset({"delivered"}),
    limit=_working_days(10, "第四十四条"),
)

KINDS: Mapping[str, TimerKind] = {
    kind.code: kind
    for kind in (
        CORRECTION_NOTICE,
        CASE,
        SPECIAL_PROCEDURE,
        DELIVERY,
        TimerKind(code="promised-case", name="承诺办理", pausable=True),
        TimerKind(code="pre-acceptance", name="网上预审"),
        TimerKind(code="licence", name="出证"),
        TimerKind(code="inquiry", name="咨询"),
        TimerKind(code="complaint", name="投诉"),
        TimerKind(code="report", name="数据报送"),
        TimerKind(code="correction", name="申请人补正"),
        TimerKind(code="extension", name="延期", limit=_working_days(10, "第四十二条")),
        TimerKind(code="step", name="环节", pausable=True),
        TimerKind(code="forward", name="转报审查", limit=_working_days(20, "第四十三条")),
        TimerKind(code="hearing", name="听证", limit=_working_days(20, "第四十七条")),
        TimerKind(code="renewal", name="延续"),
        TimerKind(code="commitment-check", name="事后核查"),
        TimerKind(code="order", name="督办"),
    )
}


def timer_kind(code: str) -> TimerKind:
    """The kind with this code. Raises UnknownError listing the kinds there are."""
    found = KINDS.get(code)
    if found is None:
        raise UnknownError(f"there is no timer kind {code!r}", remedy=f"use one of {', '.join(KINDS)}", kind=code)
    return found
