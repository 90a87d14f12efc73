"""Office hours: timetables that cover the year, and arithmetic over open seconds."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import (
    OfficeClock,
    OfficeHours,
    Season,
    parse_office_hours,
)
from egov_core.domain.legal import CHINA
from egov_core.errors import CalendarDataError, CalendarRangeError, NaiveTimeError
from egov_core.runtime.shipped import national_calendar, office_hours
from tests.depth import law

HENGYANG = OfficeClock(national_calendar(), office_hours("hengyang"))
SEVEN_HOURS = 7 * 3600  # its day, summer and winter
INSTANTS = st.datetimes(datetime(2016, 1, 1), datetime(2029, 12, 31)).map(
    lambda t: t.replace(microsecond=0, tzinfo=CHINA)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2025-09-30T16:00", 7, "2025-10-09T15:30"),  # summer hours, a holiday, winter hours
        ("2025-06-30T16:00", 7, "2025-07-01T16:30"),  # winter hours, summer hours
        ("2025-09-27T22:00", 2, "2025-09-28T10:00"),  # from a closed Saturday into a make-up Sunday
        ("2025-09-30T16:00", 2, "2025-09-30T18:00"),  # used up at closing: ends at closing
        ("2025-10-09T15:30", -7, "2025-09-30T16:00"),
        ("2025-10-09T08:00", -2, "2025-09-30T16:00"),
        ("2025-10-09T08:00", 0, "2025-10-09T08:00"),
    ],
)
def test_open_hours_across_seasons_and_holidays(start: str, hours: int, expected: str) -> None:
    """Worked by hand from the timetable and the schedule of 2025."""
    assert HENGYANG.add_seconds(at(start), hours * 3600) == at(expected)


@law
@given(INSTANTS, st.dates(date(2016, 1, 1), date(2029, 12, 30)), st.integers(0, SEVEN_HOURS))
def test_adding_the_elapsed_seconds_leads_back(start: datetime, day: date, second: int) -> None:
    """The inverse is exact for every end in open time: forwards to its closings, backwards to its openings."""
    opening = HENGYANG.opening(national_calendar().on_or_after(day))
    assert opening is not None
    until_closing = HENGYANG.add_seconds(opening, max(second, 1))
    if until_closing >= start:
        assert HENGYANG.add_seconds(start, HENGYANG.elapsed_seconds(start, until_closing)) == until_closing
    from_opening = HENGYANG.next_open(HENGYANG.add_seconds(opening, min(second, SEVEN_HOURS - 1)))
    if from_opening <= start:
        assert HENGYANG.add_seconds(start, HENGYANG.elapsed_seconds(start, from_opening)) == from_opening


def test_the_inverse_is_exact_on_the_edges_it_promises() -> None:
    """Forwards closing times are reached, backwards opening times."""
    start, later = at("2025-03-03T09:17"), at("2025-03-20T09:17")
    for edge in ("2025-03-10T12:00", "2025-03-10T17:30"):
        assert HENGYANG.add_seconds(start, HENGYANG.elapsed_seconds(start, at(edge))) == at(edge)
    for edge in ("2025-03-10T08:00", "2025-03-10T14:30"):
        assert HENGYANG.add_seconds(later, HENGYANG.elapsed_seconds(later, at(edge))) == at(edge)


@law
@given(INSTANTS, INSTANTS, st.integers(-500_000, 500_000))
def test_a_later_start_never_ends_earlier(one: datetime, other: datetime, seconds: int) -> None:
    """add_seconds is monotonic in the start."""
    first, last = sorted((one, other))
    assert HENGYANG.add_seconds(first, seconds) <= HENGYANG.add_seconds(last, seconds)


@law
@given(INSTANTS, st.integers(-500_000, 500_000))
def test_the_result_is_exactly_that_far_away(start: datetime, seconds: int) -> None:
    """What was added is what is measured, and results keep order."""
    result = HENGYANG.add_seconds(start, seconds)
    assert HENGYANG.elapsed_seconds(start, result) == seconds
    assert HENGYANG.elapsed_seconds(result, start) == -seconds
    assert result <= HENGYANG.add_seconds(start, seconds + 1)


def test_three_hundred_random_spans_agree_with_counting_minutes() -> None:
    """Against a program that looks at every minute and knows only the printed timetable."""
    calendar, chance = national_calendar(), random.Random(18)

    def open_at(t: datetime) -> bool:
        afternoon = (15 * 60, 18 * 60) if 7 <= t.month <= 9 else (14 * 60 + 30, 17 * 60 + 30)
        minute = t.hour * 60 + t.minute
        return calendar.is_workday(t.date()) and (480 <= minute < 720 or afternoon[0] <= minute < afternoon[1])

    for _ in range(300):
        start = at("2024-06-20T00:00") + timedelta(minutes=chance.randint(0, 600_000))
        length = chance.randint(0, 4_000)
        counted = sum(open_at(start + timedelta(minutes=i)) for i in range(length))
        assert HENGYANG.elapsed_seconds(start, start + timedelta(minutes=length)) == counted * 60, (start, length)
        assert HENGYANG.is_open(start) == open_at(start), start


def test_opening_closing_and_the_next_opening() -> None:
    """Edges of a day, None on a day off, and the next moment the doors open."""
    assert HENGYANG.opening(date(2025, 9, 30)) == at("2025-09-30T08:00")
    assert HENGYANG.closing(date(2025, 9, 30)) == at("2025-09-30T18:00")
    assert HENGYANG.closing(date(2025, 10, 9)) == at("2025-10-09T17:30")
    assert HENGYANG.opening(date(2025, 10, 1)) is HENGYANG.closing(date(2025, 10, 1)) is None
    for asked, answer in (
        ("2025-09-30T07:00", "2025-09-30T08:00"),
        ("2025-09-30T09:00:07", "2025-09-30T09:00:07"),
        ("2025-09-30T12:00", "2025-09-30T15:00"),
        ("2025-09-30T18:00", "2025-10-09T08:00"),
        ("2025-10-04T10:00", "2025-10-09T08:00"),
    ):
        assert HENGYANG.next_open(at(asked)) == at(answer)
    assert HENGYANG.is_open(at("2025-09-30T08:00")) and not HENGYANG.is_open(at("2025-09-30T12:00"))


def test_instants_are_read_at_shanghai_and_answered_there() -> None:
    """08:00 UTC is 16:00; fractions of a second are dropped."""
    result = HENGYANG.add_seconds(datetime(2025, 9, 30, 8, 0, 0, 999_999, tzinfo=UTC), 7 * 3600)
    assert result.isoformat() == "2025-10-09T15:30:00+08:00"
    unmoved = HENGYANG.add_seconds(datetime(2025, 9, 30, 8, 0, 0, 999_999, tzinfo=UTC), 0)
    assert unmoved.isoformat() == "2025-09-30T16:00:00+08:00"


def test_naive_instants_and_instants_outside_are_refused() -> None:
    """A naive time has no place here; nor has a result beyond the calendar."""
    naive: Any
    for naive in (datetime(2025, 9, 30, 16), date(2025, 9, 30)):
        for call in (
            lambda t: HENGYANG.add_seconds(t, 1),
            lambda t: HENGYANG.elapsed_seconds(t, at("2025-09-30T16:00")),
            HENGYANG.is_open,
            HENGYANG.next_open,
        ):
            with pytest.raises(NaiveTimeError):
                call(naive)
    for text, seconds in (("2040-12-31T17:00", 36_000), ("2010-01-04T09:00", -36_000), ("2009-12-31T09:00", 0)):
        with pytest.raises(CalendarRangeError):
            HENGYANG.add_seconds(at(text), seconds)
    with pytest.raises(CalendarRangeError):
        HENGYANG.opening(date(2041, 1, 1))


def test_a_broken_timetable_names_every_fault() -> None:
    """Unreadable days and windows, unknown fields and missing texts are reported together."""
    data = {
        "name": "",
        "colour": "red",
        "season": [{"first": "02-30", "last": "06-30", "windows": ["8-12", "09:00-10:00"]}, 7],
    }
    with pytest.raises(CalendarDataError) as caught:
        parse_office_hours(data, "h.toml")
    assert [(f.code, f.path) for f in caught.value.faults] == [
        ("unknown-field", "h.toml$.colour"),
        ("missing", "h.toml$.name"),
        ("missing", "h.toml$.basis"),
        ("not-a-day", "h.toml$.season[0].first"),
        ("not-a-window", "h.toml$.season[0].windows[0]"),
        ("not-a-table", "h.toml$.season[1]"),
    ]


def test_seasons_must_cover_the_year_exactly_once() -> None:
    """A hole, a day in two seasons, windows out of order and closings before openings are all found at once."""
    day = ((time(9), time(12)),)
    with pytest.raises(CalendarDataError) as caught:
        OfficeHours(
            name="x",
            basis="y",
            seasons=(
                Season(first=(1, 1), last=(6, 30), windows=day),
                Season(first=(6, 30), last=(11, 30), windows=((time(9), time(12)), (time(11), time(10)))),
            ),
        )
    assert [(f.code, f.path) for f in caught.value.faults] == [
        ("closes-early", "$.season[1].windows[1]"),
        ("overlap", "$.season[1].windows[1]"),
        ("uncovered", "$.season"),
        ("doubled", "$.season"),
    ]
    assert "31 days are in no season, the first is 12-01" in caught.value.faults[2].message
    with pytest.raises(CalendarDataError):
        OfficeHours(name="x", basis="y", seasons=(Season(first=(1, 1), last=(12, 31), windows=()),))
