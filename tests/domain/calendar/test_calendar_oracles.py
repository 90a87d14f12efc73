"""The shipped days against two other projects and the counts per year; where they are known to be wrong, day by day."""

from __future__ import annotations

import functools
import importlib
import random
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from egov_core.errors import CalendarRangeError
from egov_core.runtime.shipped import national_calendar
from tests.domain.calendar.naive_calendar import days_from

# Days on which a release is known to be wrong, with the reason; chinesecalendar 1.11.0 and holidays 0.109.
KNOWN_ERRORS: dict[str, dict[date, str]] = {
    # In the years that both have notices for: none since 2015, one before our data begin.
    "chinese_calendar": {},
    "holidays": {},
    "one of the two": {date(2005, 12, 31): "a Saturday before New Year: worked for holidays, not for chinesecalendar"},
    # holidays goes on beyond the last notice without a word: no make-up days, and a holiday that falls on another one
    # is not made up, as the State Council did in 2020 (中秋 and 国庆 on 1 October).
    "holidays, guessing": {date(2028, 10, 5): "中秋 falls on 3 October, and its substitute is missing"},
}

ALL_DAYS = list(days_from(date(2015, 1, 1), date(2026, 12, 31)))
Ask = Callable[[date], bool]


def chinese_calendar() -> Any:
    return pytest.importorskip("chinese_calendar")


def holidays(*years: int) -> Any:
    pytest.importorskip("holidays")
    return importlib.import_module("holidays").country_holidays("CN", years=years)


def disagreements(days: list[date], theirs: Ask, ours: Ask | None = None) -> set[date]:
    ours = ours or national_calendar().is_workday
    return {day for day in days if ours(day) != theirs(day)}


# -- years with notices ------------------------------------------------------------------------------------------------


def test_every_day_agrees_with_chinesecalendar() -> None:
    """4,383 days of 2015 to 2026 against chinesecalendar, known errors excepted by name."""
    theirs = chinese_calendar()
    if max(day.year for day in theirs.holidays) < 2026:
        warnings.warn("this chinesecalendar does not know 2026; only its own years are compared", stacklevel=1)
    last = max(day.year for day in theirs.holidays)
    days = [day for day in ALL_DAYS if day.year <= last]
    assert len(days) > 3650
    assert disagreements(days, theirs.is_workday) == KNOWN_ERRORS["chinese_calendar"].keys()


def test_every_day_agrees_with_holidays() -> None:
    """The same days against the holidays package, make-up days included."""
    theirs = holidays(*range(2015, 2027))
    assert disagreements(ALL_DAYS, theirs.is_working_day) == KNOWN_ERRORS["holidays"].keys()


def test_counting_on_from_random_starts_agrees_with_a_loop_over_chinesecalendar() -> None:
    """Five thousand times n working days, forwards and back, by asking the other project about every day."""
    counts = functools.cache(chinese_calendar().is_workday)

    def looped(day: date, n: int) -> date:
        step = timedelta(days=1 if n > 0 else -1)
        for _ in range(abs(n)):
            day += step
            while not counts(day):
                day += step
        return day

    chance = random.Random(32)
    for _ in range(5_000):
        start, n = chance.choice(ALL_DAYS[120:-120]), chance.choice((-1, 1)) * chance.randint(1, 60)
        assert national_calendar().add(start, n) == looped(start, n), (start, n)


@pytest.mark.parametrize(
    ("year", "count"),
    [
        (2015, 249), (2016, 250), (2017, 249), (2018, 250), (2019, 250), (2020, 249),
        (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248),
    ],
)  # fmt: skip
def test_working_days_per_year(year: int, count: int) -> None:
    """The number of working days of each year, counted independently from the published schedules."""
    calendar = national_calendar()
    assert sum(calendar.is_workday(day) for day in ALL_DAYS if day.year == year) == count
    assert calendar.elapsed(date(year - 1, 12, 31), date(year, 12, 31)) == count


# -- years without -----------------------------------------------------------------------------------------------------


def test_the_one_day_on_which_the_two_others_disagree_lies_before_our_data() -> None:
    """They differ once in twenty-three years. Of that day we say nothing: it is refused."""
    one, other = chinese_calendar(), holidays(*range(2004, 2027))
    days = list(days_from(date(2004, 1, 1), date(2026, 12, 31)))
    assert disagreements(days, one.is_workday, other.is_working_day) == KNOWN_ERRORS["one of the two"].keys()
    for day in KNOWN_ERRORS["one of the two"]:
        with pytest.raises(CalendarRangeError):
            national_calendar().is_workday(day)


def test_where_we_have_no_notice_every_day_that_differs_is_marked_as_guessed() -> None:
    """2010 to 2014: the regulation without bridges and make-up days; ten to twenty-four days a year come out wrong."""
    differing = disagreements(list(days_from(date(2010, 1, 1), date(2014, 12, 31))), chinese_calendar().is_workday)
    assert {year: sum(day.year == year for day in differing) for year in range(2010, 2015)} == {
        2010: 16, 2011: 11, 2012: 15, 2013: 24, 2014: 10,
    }  # fmt: skip
    assert all(national_calendar().is_provisional(day) for day in differing)


@pytest.mark.parametrize(
    ("year", "count"),
    [
        (2016, 12), (2017, 10), (2018, 14), (2019, 12), (2020, 14), (2021, 14),
        (2022, 0), (2023, 14), (2024, 0), (2025, 12), (2026, 12),
    ],
)  # fmt: skip
def test_what_an_october_guesses_of_the_next_year_is_marked_where_the_notice_says_otherwise(
    year: int, count: int
) -> None:
    """As known on 31 October, against what came; the notices for 2022 and 2024 were out by then."""
    then = national_calendar(date(year - 1, 10, 31))
    differing = disagreements(
        [day for day in ALL_DAYS if day.year == year], chinese_calendar().is_workday, then.is_workday
    )
    assert len(differing) == count
    assert all(then.is_provisional(day) for day in differing)
    assert not any(national_calendar().is_provisional(day) for day in differing)


def test_of_a_year_without_a_notice_one_refuses_one_guesses_in_silence_and_ours_says_so() -> None:
    """2027: chinesecalendar raises; holidays answers as if it knew, without any make-up day; ours marks every day."""
    with pytest.raises(NotImplementedError):
        chinese_calendar().is_workday(date(2027, 1, 4))
    year = list(days_from(date(2027, 1, 1), date(2027, 12, 31)))
    theirs = holidays(2027)
    assert not any(theirs.is_working_day(day) for day in year if day.weekday() >= 5)
    assert disagreements(year, theirs.is_working_day) == set()
    assert all(national_calendar().is_provisional(day) for day in year)


def test_beyond_it_the_guesses_differ_on_the_listed_days_only() -> None:
    days = list(days_from(date(2027, 1, 1), date(2030, 12, 31)))
    differing = disagreements(days, holidays(*range(2027, 2031)).is_working_day)
    assert differing == KNOWN_ERRORS["holidays, guessing"].keys()
    assert {national_calendar().reason(day).code for day in differing} == {"holiday-substitute"}
