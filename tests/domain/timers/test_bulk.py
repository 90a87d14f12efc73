"""Reckoning many runs at once: never anything but what each run answers by itself."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import AS_GIVEN, CHINA
from egov_core.domain.periods import EndRoll, FixedDay, Limit, Period, StartRule, Unit, parse_limit
from egov_core.domain.timers.bulk import dues
from egov_core.domain.timers.reckoning import DayEnd, Extension, Pause, PauseRule, Ruler, Settings
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import CalendarRangeError
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
PLACES = {
    "plain": Settings(),
    "closed, capped": Settings(pause_rule=PauseRule.CLOSED, cap_pauses=True),
    "until closing": Settings(day_end=DayEnd.CLOSE),
}


def place(name: str) -> Ruler:
    return Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")), settings=PLACES[name])


def working_days(amount: int | str, rule: StartRule = StartRule.NEXT_DAY) -> Period:
    return Period(amount=Decimal(amount), unit=Unit.WORKING_DAY, basis=AS_GIVEN, start_rule=rule)


def every_kind() -> Iterator[TimerRun]:
    """Runs that differ from one another in one thing, so that an answer remembered too broadly is a wrong one."""
    limits: list[Limit | None] = [
        None,
        *(parse_limit(text) for text in ("10d", "10wh", "10h", "1m", "immediate", "none")),
        parse_limit("10d", end_roll=EndRoll.AFTER_REST),
        *(working_days(amount, rule) for amount in ("1", "9.5", "10", "11") for rule in StartRule),
        FixedDay(day=date(2019, 5, 3), basis=AS_GIVEN),
    ]
    days = (date(2019, 4, 26), date(2019, 4, 27), date(2019, 4, 30))  # a Friday, a rest day, the day before a holiday
    for day, hour, limit in itertools.product(days, (8, 21), limits):
        start = datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)
        run = TimerRun(timer_id="t", kind="case", start=start, limits={} if limit is None else {"promised": limit})
        yield run
        yield attrs.evolve(run, limits={**run.limits, "statutory": working_days(20)})
        for by_dates, length in itertools.product((True, False), (None, 3)):
            begin = start + timedelta(days=2)
            end = None if length is None else begin + timedelta(days=length)
            pause = Pause(start=begin, end=end, declared=working_days(2), by_dates=by_dates)
            yield attrs.evolve(run, pauses=(pause,))
        for more in (working_days(5), parse_limit("5d")):
            assert isinstance(more, Period)
            yield attrs.evolve(run, extensions=(Extension(amount=more, approved_at=start),))


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("bases", [("promised", "statutory"), ("statutory",), ("promised",)])
def test_all_at_once_is_each_by_itself(name: str, bases: tuple[str, ...]) -> None:
    ruler, runs = place(name), list(every_kind())
    for seed in range(3):
        random.Random(seed).shuffle(runs)
        assert list(dues(ruler, runs, bases)) == [run.due(ruler, bases) for run in runs]
    assert len(runs) > 800


def test_equal_questions_are_reckoned_once() -> None:
    start = datetime(2019, 4, 26, 9, tzinfo=CHINA)
    run = TimerRun(timer_id="t", kind="case", start=start, limits={"promised": working_days(10)})
    one, other = dues(place("plain"), [run, attrs.evolve(run, timer_id="u", start=start + timedelta(hours=8))])
    assert one is other


def test_a_run_outside_the_calendar_is_refused_when_it_is_reached() -> None:
    start = datetime(2019, 4, 26, 9, tzinfo=CHINA)
    good = TimerRun(timer_id="t", kind="case", start=start, limits={"promised": working_days(10)})
    answers = dues(place("plain"), [good, attrs.evolve(good, start=datetime(2041, 1, 1, tzinfo=CHINA))])
    assert next(answers).last_day == date(2019, 5, 13)
    with pytest.raises(CalendarRangeError):
        next(answers)
