"""Hours and days in one case: a promise in hours beside a statutory limit in days, paused and extended together."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import AS_GIVEN, CHINA
from egov_core.domain.periods import Period, Unit, parse_limit
from egov_core.domain.timers.ledger import ledger
from egov_core.domain.timers.reckoning import Extension, Pause, Ruler
from egov_core.domain.timers.runs import TimerRun
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
STANDARD = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))
HENGYANG = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("hengyang")))
PROMISE, LAW = ("promised",), ("statutory",)
TEN = Period(amount=Decimal(10), unit=Unit.WORKING_DAY, basis=AS_GIVEN)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def run(*pauses: Pause, extensions: tuple[Extension, ...] = (), start: str = "2025-09-29T16:00") -> TimerRun:
    """Seven working hours promised, twenty working days by law."""
    limits = {"promised": parse_limit("7wh"), "statutory": parse_limit("20wd")}
    return TimerRun(timer_id="t", kind="case", start=at(start), limits=limits, pauses=pauses, extensions=extensions)


def ends(one: TimerRun, ruler: Ruler = STANDARD) -> tuple[str, str]:
    """When the promise is due, and the last day by law."""
    promise, law = one.due(ruler, PROMISE).due, one.due(ruler, LAW).last_day
    assert promise is not None and law is not None
    return f"{promise:%m-%d %H:%M}", f"{law:%m-%d}"


def test_each_limit_is_counted_in_its_own_unit() -> None:
    """By hand: 1 h on the 29th, 6 h on the 30th to 16:00; the law 09-30→1; 10-09…10-11→4; 10-13…10-17→9;
    10-20…10-24→14; 10-27…10-31→19; 11-03→20."""
    assert ends(run()) == ("09-30 16:00", "11-03")


def test_summer_hours_make_the_promise_shorter_and_the_law_stays() -> None:
    """衡阳县 is open to 18:00 until 30 September: 2 h on the 29th, 5 h on the 30th, 08-12 and 15-16."""
    assert ends(run(), HENGYANG) == ("09-30 16:00", "11-03")
    assert ends(run(start="2025-09-30T16:00"), HENGYANG) == ("10-09 15:30", "11-04")


def test_an_extension_in_days_lengthens_no_promise_in_hours() -> None:
    extension = Extension(amount=TEN, approved_at=at("2025-10-30T09:00"))
    assert ends(run(extensions=(extension,))) == ("09-30 16:00", "11-17")


def test_a_pause_by_times_takes_hours_from_the_one_and_parts_of_days_from_the_other() -> None:
    """Four office hours on the 30th: the promise moves to the 9th of October, the law's twenty days need a 21st."""
    pause = Pause(start=at("2025-09-30T09:00"), end=at("2025-09-30T14:00"), by_dates=False)
    one = run(pause)
    assert ends(one) == ("10-09 12:00", "11-04")
    promise, law = ledger(one, STANDARD, bases=PROMISE), ledger(one, STANDARD, bases=LAW)
    assert (str(promise[-1].total), promise[-1].end) == ("7", at("2025-10-09T12:00"))
    assert (law[1].reason, f"{law[1].total:f}", str(law[-1].total)) == ("pause", "0.4285", "20")


def test_a_pause_by_dates_takes_whole_days_from_both() -> None:
    pause = Pause(start=at("2025-09-29T17:00"), end=at("2025-09-30T10:00"))
    assert ends(run(pause)) == ("10-09 16:00", "11-04")
