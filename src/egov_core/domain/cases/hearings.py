"""Hearings 听证: told, asked for, fixed, held, in this order.

Rules of this room: pure. Five days to ask, seven days' notice, twenty days until it is held: the first two are checked
here, the last is a timer with cards. The five days are the applicant's own, and no law says of which kind; they are
read as working days, which is the longer, in the applicant's favour. The seven days are the organ's: working days by
行政许可法 82.

Sources: 行政许可法 46-48.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from egov_core.domain.cases.case import Case, Hearing
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.legal import LICENSING_ACT, LegalBasis
from egov_core.domain.periods import Period, Unit
from egov_core.domain.timers.kinds import KINDS
from egov_core.errors import HearingRefusedError

NOTICE_BEFORE = Period(
    amount=Decimal(7),
    unit=Unit.WORKING_DAY,
    basis=LegalBasis(instrument=LICENSING_ACT, article="第四十八条第一款第一项", in_force=date(2004, 7, 1)),
)


def check_offer(case: Case) -> None:
    """Whoever has asked for a hearing is not told again that it may; that would unmake what was asked for.

    Telling further interested parties before that is nothing unusual. Raises HearingRefusedError.
    """
    if case.hearing is not None and case.hearing.requested_at is not None:
        raise HearingRefusedError(
            f"a hearing was already asked for on {case.hearing.requested_at.date()}",
            remedy="fix its day and place, and invite whoever else is interested",
            requested_at=case.hearing.requested_at.isoformat(),
        )


def check_request(case: Case, yardstick: Yardstick, at: datetime) -> None:
    """A hearing is asked for once, within five days of being told. Raises HearingRefusedError."""
    hearing = _offered(case)
    if hearing.requested_at is not None:
        raise HearingRefusedError(
            f"a hearing was already asked for on {hearing.requested_at.date()}",
            remedy="fix its day and place",
            requested_at=hearing.requested_at.isoformat(),
        )
    limit = KINDS["hearing-request"].limit
    assert limit is not None, "the law fixes five days"
    due = yardstick.ruler.due(hearing.offered_at, limit)
    if due.due is not None and at > due.due:
        raise HearingRefusedError(
            f"the hearing was asked for on {at.date()}, and could be until {due.last_day} ({limit.basis})",
            remedy="go on without a hearing; the organ may still hold one of its own accord",
            asked=at.isoformat(),
            last_day=None if due.last_day is None else due.last_day.isoformat(),
        )


def check_schedule(case: Case, yardstick: Yardstick, day: date, at: datetime) -> None:
    """Day and place are told seven days before. Raises HearingRefusedError."""
    hearing = _requested(case)
    _check_not_held(hearing)
    if day <= at.date() or yardstick.ruler.before(day, NOTICE_BEFORE) < at.date():
        calendar = yardstick.ruler.calendar
        earliest = calendar.add(calendar.on_or_after(at.date()), int(NOTICE_BEFORE.amount))
        raise HearingRefusedError(
            f"a hearing on {day} would be told less than seven days before, on {at.date()} ({NOTICE_BEFORE.basis})",
            remedy=f"fix it for {earliest} or later",
            day=day.isoformat(),
            earliest=earliest.isoformat(),
        )


def check_holding(case: Case, at: datetime) -> None:
    """What was fixed is held, on its day or later. Raises HearingRefusedError."""
    hearing = _requested(case)
    _check_not_held(hearing)
    if hearing.day is None or at.date() < hearing.day:
        raise HearingRefusedError(
            "the hearing was not fixed yet" if hearing.day is None else f"the hearing is fixed for {hearing.day}",
            remedy="tell day and place seven days before, then hold it on that day",
            day=None if hearing.day is None else hearing.day.isoformat(),
            at=at.isoformat(),
        )


def _offered(case: Case) -> Hearing:
    if case.hearing is None:
        raise HearingRefusedError(
            "nobody was told that a hearing may be asked for",
            remedy="tell applicant and interested parties first (行政许可法第四十七条)",
            case=case.number,
        )
    return case.hearing


def _requested(case: Case) -> Hearing:
    hearing = _offered(case)
    if hearing.requested_at is None:
        raise HearingRefusedError(
            "nobody has asked for a hearing",
            remedy="wait until it is asked for, or go on",
            offered_at=hearing.offered_at.isoformat(),
        )
    return hearing


def _check_not_held(hearing: Hearing) -> None:
    if hearing.held_at is not None:
        raise HearingRefusedError(
            f"the hearing was held on {hearing.held_at.date()}",
            remedy="decide the case",
            held_at=hearing.held_at.isoformat(),
        )
