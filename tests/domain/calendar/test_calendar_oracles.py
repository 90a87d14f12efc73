"""The shipped days against two other projects and the counts per year. Known errors would be listed here by day."""

from __future__ import annotations

import importlib
import warnings
from datetime import date, timedelta
from typing import Any

import pytest

from egov_core.runtime.shipped import national_calendar

# Days on which a release is known to be wrong, with the reason. None in chinesecalendar 1.11.0 and holidays 0.109.
KNOWN_ERRORS: dict[str, dict[date, str]] = {"chinese_calendar": {}, "holidays": {}}

ALL_DAYS = [date(2015, 1, 1) + timedelta(days=i) for i in range((date(2027, 1, 1) - date(2015, 1, 1)).days)]


def test_every_day_agrees_with_chinesecalendar() -> None:
    """4,383 days of 2015 to 2026 against chinesecalendar, known errors excepted by name."""
    theirs: Any = pytest.importorskip("chinese_calendar")
    if max(day.year for day in theirs.holidays) < 2026:
        warnings.warn("this chinesecalendar does not know 2026; only its own years are compared", stacklevel=1)
    last = max(day.year for day in theirs.holidays)
    days = [day for day in ALL_DAYS if day.year <= last]
    assert disagreements(days, theirs.is_workday) == KNOWN_ERRORS["chinese_calendar"].keys()


def test_every_day_agrees_with_holidays() -> None:
    """The same days against the holidays package, make-up days included."""
    pytest.importorskip("holidays")
    china = importlib.import_module("holidays").country_holidays("CN", years=range(2015, 2027))
    assert disagreements(ALL_DAYS, china.is_working_day) == KNOWN_ERRORS["holidays"].keys()


def disagreements(days: list[date], theirs: Any) -> set[date]:
    assert len(days) > 3650
    calendar = national_calendar()
    return {day for day in days if calendar.is_workday(day) != theirs(day)}


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
