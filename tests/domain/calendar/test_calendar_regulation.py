"""The regulation alone: its texts by year, Art. 6 substitutes, and a lunar table checked from two other sides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from egov_core.domain.calendar.regulation import parse_regulation
from egov_core.errors import CalendarDataError, CalendarRangeError
from egov_core.runtime.shipped import regulation

YEARS = range(2010, 2041)


@pytest.mark.parametrize(
    ("year", "number", "count"),
    [
        (2010, "国务院令第513号", 11),
        (2014, "国务院令第644号", 11),
        (2024, "国务院令第644号", 11),
        (2025, "国务院令第795号", 13),
    ],
)
def test_each_year_follows_the_text_in_force(year: int, number: str, count: int) -> None:
    """Eleven days until 2024, thirteen from 2025."""
    text = regulation().text(year)
    assert (text.number, text.count) == (number, count)


def test_new_years_eve_is_a_holiday_only_in_the_texts_that_name_it() -> None:
    """除夕 is off by the texts of 2007 and 2024, but worked under the text of 2013 (2024-02-09)."""
    assert date(2013, 2, 9) in regulation().days(2013).holidays
    assert date(2024, 2, 9) not in regulation().days(2024).holidays
    assert date(2025, 1, 28) in regulation().days(2025).holidays


def test_a_text_not_yet_published_does_not_govern() -> None:
    """As known before 2024-11-10 the year 2025 still has eleven days; before 2007 there is nothing to go by."""
    assert regulation().text(2025, known_as_of=date(2024, 11, 9)).count == 11
    assert regulation().text(2025, known_as_of=date(2024, 11, 10)).count == 13
    with pytest.raises(CalendarRangeError):
        regulation().text(2025, known_as_of=date(2007, 12, 13))


def test_holidays_on_rest_days_are_made_up_on_the_next_ordinary_working_day() -> None:
    """2027: 初一 and 初二 fall on a weekend, so do 1-2 May and 2-3 October; each is made up right after the holiday."""
    assert regulation().days(2027).substitutes == (
        date(2027, 2, 9),
        date(2027, 2, 10),
        date(2027, 5, 3),
        date(2027, 5, 4),
        date(2027, 10, 4),
        date(2027, 10, 5),
    )


def test_every_year_loses_as_many_weekdays_as_the_regulation_has_holidays() -> None:
    """No holiday is lost to a weekend or to another holiday (中秋 on 1 October 2031)."""
    for year in YEARS:
        days = regulation().days(year)
        off = {d for d in (*days.holidays, *days.substitutes) if d.weekday() < 5}
        assert len(off) == regulation().text(year).count, year
        assert all(d.year == year and d not in days.holidays for d in days.substitutes)


def test_the_lunar_table_agrees_with_the_holidays_package() -> None:
    """Four festivals in thirty-one years, against the table of another project."""
    chinese = pytest.importorskip("holidays.calendars.chinese")._ChineseLunisolar()
    theirs = {
        "spring": chinese.lunar_new_year_date,
        "qingming": chinese.qingming_date,
        "dragon-boat": chinese.dragon_boat_date,
        "mid-autumn": chinese.mid_autumn_date,
    }
    for year in YEARS:
        for name, ask in theirs.items():
            answer = ask(year)
            assert regulation().lunar[year][name] == (answer[0] if isinstance(answer, tuple) else answer), (year, name)


def test_new_years_eve_is_the_day_before_the_first_lunar_month() -> None:
    """The eve is counted back from 初一, whatever the length of the twelfth month."""
    for year in range(2025, 2041):
        assert regulation().lunar[year]["spring"] - timedelta(days=1) in regulation().days(year).holidays


def test_an_unreadable_table_names_every_fault() -> None:
    """A text without numbers, an unknown festival and a day that does not exist are reported together."""
    text = {"number": "x", "published": date(2000, 1, 1), "in_force": date(2001, 1, 1), "fixed": [], "spring": []}
    with pytest.raises(CalendarDataError) as caught:
        parse_regulation(
            {"text": [{}, text | {"festivals": ["easter"]}], "lunar": {"2010": {"spring": "02-30"}}}, "r.toml"
        )
    assert [(f.code, f.path) for f in caught.value.faults] == [
        ("unreadable", "r.toml$.text[0]"),
        ("unknown-festival", "r.toml$.text[1]"),
        ("unreadable", "r.toml$.lunar.2010"),
    ]
