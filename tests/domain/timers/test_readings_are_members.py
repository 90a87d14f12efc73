"""A rule or a reading that is written as a text is refused: it equals no member, and would quietly be the default."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

import pytest

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import AS_GIVEN, CHINA
from egov_core.domain.periods import NoLimit, Period, Unit
from egov_core.domain.timers.readings import Question
from egov_core.domain.timers.reckoning import Extension, Pause, Ruler, Settings
from egov_core.errors import PeriodError
from egov_core.runtime.shipped import national_calendar, office_hours

AT = datetime(2024, 9, 2, 10, tzinfo=CHINA)


def ruler() -> Ruler:
    calendar = national_calendar()
    return Ruler(calendar=calendar, clock=OfficeClock(calendar, office_hours("standard")))


def period(**other: Any) -> Period:
    return Period(**{"amount": Decimal(10), "unit": Unit.WORKING_DAY, "basis": AS_GIVEN, **other})


def question(**other: Any) -> Question:
    return Question(ruler=ruler(), start=AT, limit=period(), **other)


@pytest.mark.parametrize(
    ("build", "remedy"),
    [
        (lambda: period(unit="wd"), "Unit.WORKING_DAY"),
        (lambda: period(unit=None), "Unit.WORKING_DAY"),
        (lambda: period(start_rule="same-day"), "StartRule.SAME_DAY"),
        (lambda: period(end_roll="after-rest"), "EndRoll.AFTER_REST"),
        (lambda: period(basis=None), "LegalBasis"),
        (lambda: Settings(pause_rule=cast(Any, "closed")), "PauseRule.CLOSED"),
        (lambda: Settings(day_end=cast(Any, "close")), "DayEnd.CLOSE"),
        (lambda: Settings(month_end=cast(Any, "next-month")), "MonthEnd.NEXT_MONTH"),
        (lambda: question(receipt="next-working-day"), "ReceiptRule.NEXT_WORKING_DAY"),
        (lambda: question(publicity="counted"), "PublicityRule.COUNTED"),
        (lambda: question(applicant="day"), "ApplicantUnit.DAY"),
        (lambda: Pause(start=AT, declared=cast(Any, "10wd")), "10wd"),
        (lambda: Extension(amount=cast(Any, "5wd"), approved_at=AT), "parse_limit"),
        (lambda: ruler().before(date(2024, 9, 2), cast(Any, NoLimit(basis=AS_GIVEN))), "wd, d, m or y"),
    ],
)
def test_what_is_no_member_is_refused_with_those_there_are(build: Callable[[], object], remedy: str) -> None:
    with pytest.raises(PeriodError) as caught:
        build()
    assert remedy in caught.value.remedy
