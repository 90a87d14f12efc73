"""The working calendar: laws of its arithmetic, versions, layers, provisional days, reasons and refusals."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.calendar.layering import Layer
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.calendar.workdays import FIRST_DAY, LAST_DAY, WorkCalendar
from egov_core.errors import CalendarDataError, CalendarRangeError, ClaimError
from egov_core.runtime.shipped import national_calendar, national_notices, regulation
from tests.depth import law
from tests.domain.calendar.naive_calendar import days_from, naive_calendar

DAYS = st.dates(date(2011, 1, 1), date(2039, 12, 31))
ONE = timedelta(days=1)
MAY_NOTICE = "国办发明电〔2019〕3号"


def local(*, rest: list[date] | None = None, work: list[date] | None = None, **changes: Any) -> Notice:
    made: dict[str, Any] = {
        "title": "local order",
        "number": "县〔2026〕1号",
        "year": 2026,
        "published": date(2026, 3, 1),
    }
    return Notice(**(made | {"rest": rest or (), "work": work or ()} | changes))


def build(*extra: Notice, layers: tuple[Layer, ...] = (), known_as_of: date | None = None) -> WorkCalendar:
    notices = (*national_notices(), *extra)
    return WorkCalendar.build(notices, regulation=regulation(), layers=layers, known_as_of=known_as_of)


# The laws


@law
@given(DAYS, DAYS)
def test_elapsed_and_add_are_exact_inverses(one: date, other: date) -> None:
    """Adding the elapsed working days leads back to every working day, forwards and backwards, from any day."""
    calendar = national_calendar()
    for start, day in ((one, other), (other, one)):
        for end in (calendar.on_or_before(day), calendar.on_or_after(day)):
            assert calendar.add(start, calendar.elapsed(start, end)) == end


@given(DAYS, st.integers(-200, 200))
def test_adding_then_measuring_gives_the_number_back(day: date, n: int) -> None:
    """n working days away is n working days away."""
    calendar = national_calendar()
    assert calendar.elapsed(day, calendar.add(day, n)) == n


@given(DAYS, st.integers(1, 120), st.integers(1, 120), st.sampled_from([1, -1]))
def test_adding_in_two_steps_is_adding_at_once(day: date, a: int, b: int, sign: int) -> None:
    """add(add(d, a), b) == add(d, a + b) where both go the same way."""
    calendar = national_calendar()
    assert calendar.add(calendar.add(day, sign * a), sign * b) == calendar.add(day, sign * (a + b))


@law
@given(DAYS, DAYS, st.integers(-60, 60))
def test_a_later_start_never_ends_earlier(one: date, other: date, n: int) -> None:
    """add is monotonic in the start, and strictly so in n."""
    calendar = national_calendar()
    first, last = sorted((one, other))
    assert calendar.add(first, n) <= calendar.add(last, n)
    assert calendar.add(first, n) < calendar.add(first, n + 1)


@given(DAYS, st.integers(1, 60))
def test_the_result_of_counting_is_a_working_day(day: date, n: int) -> None:
    """The n-th working day is a working day strictly after the start, and its mirror lies strictly before."""
    calendar = national_calendar()
    assert calendar.is_workday(calendar.add(day, n)) and calendar.add(day, n) > day
    assert calendar.is_workday(calendar.add(day, -n)) and calendar.add(day, -n) < day


@given(DAYS, DAYS, st.lists(st.dates(date(2025, 1, 1), date(2027, 12, 31)), min_size=1, max_size=4, unique=True))
def test_a_digest_sees_its_span_and_nothing_else(one: date, other: date, flipped: list[date]) -> None:
    """Days turned over outside a span leave its digest alone; a day turned over inside changes it."""
    before, (first, last) = national_calendar(), sorted((one, other))
    rest = [d for d in flipped if before.is_workday(d)]
    work = [d for d in flipped if not before.is_workday(d)]
    after = build(layers=(Layer(name="here", notices=(local(rest=rest, work=work),)),))
    inside = any(first <= d <= last for d in flipped)
    assert (before.digest(first, last) != after.digest(first, last)) == inside
    assert before.version != after.version


# Against an oracle that walks


def test_every_day_of_thirty_one_years_is_as_a_walk_over_the_raw_notices_and_the_regulation_finds_it() -> None:
    """Worked or off, published or guessed, by a program that reads the data files itself and shares no code."""
    calendar, (worked, guessed) = national_calendar(), naive_calendar()
    days = list(days_from(FIRST_DAY, LAST_DAY))
    assert {day for day in days if calendar.is_workday(day)} == worked
    assert {day for day in days if calendar.is_provisional(day)} == guessed


def test_twenty_thousand_random_cases_agree_with_walking_day_by_day() -> None:
    """add and elapsed equal the most naive day-walking program, 2015 to 2030."""
    calendar = national_calendar()
    worked, _ = naive_calendar()

    def counts(day: date) -> bool:
        return day in worked

    def walk(day: date, n: int) -> date:
        step = ONE if n > 0 else -ONE
        while n:
            day += step
            if counts(day):
                n -= 1 if n > 0 else -1
        return day

    chance = random.Random(20160422)
    span = (date(2030, 12, 31) - date(2015, 1, 1)).days
    for _ in range(20_000):
        day, n = date(2015, 1, 1) + timedelta(days=chance.randint(0, span)), chance.randint(-45, 45)
        expected = walk(day, n)
        assert calendar.add(day, n) == expected, (day, n)
        assert calendar.is_workday(day) == counts(day), day
        assert calendar.elapsed(day, expected) == n, (day, n)
        other = day + timedelta(days=chance.randint(-40, 40))
        if other >= day:
            walked = sum(counts(day + ONE * i) for i in range(1, (other - day).days + 1))
        else:
            walked = -sum(counts(other + ONE * i) for i in range((day - other).days))
        assert calendar.elapsed(day, other) == walked, (day, other)


# Versions


@pytest.mark.parametrize(
    ("known", "start", "n", "expected"),
    [
        (date(2019, 3, 21), date(2019, 3, 18), 32, date(2019, 5, 3)),
        (date(2019, 3, 22), date(2019, 3, 18), 32, date(2019, 5, 5)),
        (date(2019, 3, 1), date(2019, 3, 1), 45, date(2019, 5, 7)),
        (None, date(2019, 3, 1), 45, date(2019, 5, 7)),
        (date(2020, 1, 26), date(2020, 1, 20), 5, date(2020, 2, 1)),
        (date(2020, 1, 27), date(2020, 1, 20), 5, date(2020, 2, 4)),
        (date(2015, 5, 12), date(2015, 9, 1), 3, date(2015, 9, 4)),
        (date(2015, 5, 13), date(2015, 9, 1), 3, date(2015, 9, 7)),
    ],
)
def test_a_calendar_answers_as_it_was_known(known: date | None, start: date, n: int, expected: date) -> None:
    """The three amendments count from the day they were published and not before."""
    assert national_calendar(known).add(start, n) == expected


def test_the_later_published_notice_wins_in_whatever_order_they_are_given() -> None:
    """The order of files decides nothing: publication does, also against the year a notice speaks about."""
    shuffled = list(national_notices())
    random.Random(1).shuffle(shuffled)
    assert WorkCalendar.build(shuffled, regulation=regulation()).version == national_calendar().version
    day = date(2026, 12, 30)
    later = local(rest=[day], number="later", published=date(2026, 11, 2))
    earlier = local(work=[day], number="earlier", published=date(2026, 11, 1), year=2027)
    assert not build(later, earlier).is_workday(day) and not build(earlier, later).is_workday(day)


def test_an_amendment_touches_only_its_own_days() -> None:
    """The 2019 amendment changes five days; digests of spans beside them stay as they were."""
    before, after = national_calendar(date(2019, 3, 21)), national_calendar(date(2019, 3, 22))
    year = [date(2019, 1, 1) + ONE * i for i in range(365)]
    changed = [d for d in year if before.is_workday(d) != after.is_workday(d)]
    assert changed == [date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 5)]
    assert before.digest(date(2019, 1, 1), date(2019, 4, 27)) == after.digest(date(2019, 1, 1), date(2019, 4, 27))
    assert before.digest(date(2019, 4, 28), date(2019, 5, 5)) != after.digest(date(2019, 4, 28), date(2019, 5, 5))


def test_the_horizon_moves_with_the_notices() -> None:
    """In November 2018 the year 2019 was unknown; from the notice's publication it is known."""
    assert national_calendar(date(2018, 12, 5)).horizon == date(2018, 12, 31)
    assert national_calendar(date(2018, 12, 6)).horizon == date(2019, 12, 31)
    assert national_calendar(date(2014, 6, 1)).horizon is None
    assert national_calendar().horizon == date(2026, 12, 31)


# Provisional days


def test_beyond_the_horizon_the_regulation_answers_and_says_so() -> None:
    """20 working days from 2026-12-21 end on 2027-01-19, since 1 January is off by regulation; marked provisional."""
    calendar = national_calendar()
    assert calendar.add(date(2026, 12, 21), 20) == date(2027, 1, 19)
    assert calendar.span_provisional(date(2026, 12, 21), date(2027, 1, 19))
    assert not calendar.span_provisional(date(2026, 12, 21), date(2026, 12, 31))
    assert calendar.span_provisional(date(2027, 1, 1), date(2026, 12, 31))
    assert calendar.is_provisional(date(2014, 12, 31)) and not calendar.is_provisional(date(2015, 1, 1))


def test_a_full_notice_ends_the_guessing_and_a_partial_one_does_not() -> None:
    """Only a notice that names all of the year's holidays is its schedule; a partial one decides its own days."""
    holidays = list(regulation().days(2027).holidays)
    day, quiet = date(2027, 1, 4), date(2027, 3, 1)
    partial = build(local(rest=[day], year=2027, published=date(2026, 11, 1)))
    assert not partial.is_workday(day) and not partial.is_provisional(day)
    assert partial.is_provisional(quiet) and partial.horizon == date(2026, 12, 31)
    full = build(local(rest=holidays, year=2027, published=date(2026, 11, 1)))
    assert not full.is_provisional(quiet) and full.horizon == date(2027, 12, 31)
    # A scheduled year follows its notice alone: substitutes are the notice's to give.
    assert full.is_workday(date(2027, 2, 9)) and not national_calendar().is_workday(date(2027, 2, 9))
    amending = build(local(rest=holidays, year=2027, published=date(2026, 11, 1), amends="国办发明电〔2025〕7号"))
    assert amending.horizon == date(2026, 12, 31)


def test_a_gap_between_schedules_stays_provisional() -> None:
    """With schedules up to 2026 and for 2028, the horizon is 2026 and only 2028 is known beyond it."""
    notice = local(rest=list(regulation().days(2028).holidays), year=2028, published=date(2027, 11, 1))
    calendar = build(notice)
    assert calendar.horizon == date(2026, 12, 31)
    assert calendar.is_provisional(date(2027, 6, 1)) and not calendar.is_provisional(date(2028, 6, 1))


# Layers and reasons


def test_a_layer_overrides_the_nation_day_by_day_and_a_later_layer_the_earlier() -> None:
    """A region closes a weekday the nation works; an organ in it opens that day again; other days stay national."""
    day = date(2026, 4, 20)
    region = Layer(name="region", notices=(local(rest=[day], published=date(2025, 1, 1)),))
    organ = Layer(name="organ", notices=(local(ordinary=[day], published=date(2024, 12, 1)),))
    calendar = build(layers=(region,))
    assert calendar.reason(day).layer == "region" and not calendar.is_workday(day)
    reopened = build(layers=(region, organ))
    assert reopened.is_workday(day) and (reopened.reason(day).layer, reopened.reason(day).code) == ("organ", "ordinary")
    assert reopened.version == national_calendar().version
    assert not build(layers=(region,), known_as_of=date(2026, 3, 1)).is_workday(day)


def test_a_layer_too_is_known_only_from_its_publication() -> None:
    """A regional order of 1 March is not seen by a calendar as known in February."""
    day = date(2026, 4, 20)
    region = Layer(name="region", notices=(local(rest=[day]),))
    assert build(layers=(region,), known_as_of=date(2026, 2, 28)).is_workday(day)
    assert not build(layers=(region,), known_as_of=date(2026, 3, 1)).is_workday(day)


def test_notices_of_one_day_that_disagree_are_refused() -> None:
    """Two orders of one publication day about one day are an error, unless one amends the other, in either order."""
    day = date(2026, 4, 20)
    one = local(rest=[day], number="a")
    with pytest.raises(CalendarDataError) as caught:
        build(one, local(work=[day], number="b"))
    assert [f.code for f in caught.value.faults] == ["notices-disagree"]
    other = local(work=[day], number="b", amends="a")
    assert build(one, other).is_workday(day) and build(other, one).is_workday(day)


@pytest.mark.parametrize(
    ("day", "counts", "code", "source", "provisional"),
    [
        (date(2018, 12, 29), True, "make-up", "国办发明电〔2018〕15号", False),
        (date(2019, 5, 2), False, "holiday", MAY_NOTICE, False),
        (date(2020, 2, 3), True, "ordinary", "国办发明电〔2020〕1号", False),
        (date(2020, 2, 1), False, "holiday", "国办发明电〔2020〕1号", False),
        (date(2024, 2, 9), True, "weekday", "国办发明电〔2023〕7号", False),
        (date(2026, 3, 1), False, "weekend", "国办发明电〔2025〕7号", False),
        (date(2027, 2, 5), False, "statutory-holiday", "国务院令第795号", True),
        (date(2027, 2, 9), False, "holiday-substitute", "国务院令第795号", True),
        (date(2027, 3, 1), True, "weekday", "国务院令第795号", True),
    ],
)
def test_every_day_can_say_why(day: date, counts: bool, code: str, source: str, provisional: bool) -> None:
    """The reason names its code and the paper it rests on."""
    reason = national_calendar().reason(day)
    assert (reason.counts, reason.code, reason.source, reason.layer, reason.provisional) == (
        counts,
        code,
        source,
        "national",
        provisional,
    )


@given(st.dates(FIRST_DAY, LAST_DAY))
def test_reasons_never_contradict_the_arithmetic(day: date) -> None:
    """counts, code and provisional say what is_workday and is_provisional say."""
    calendar = national_calendar()
    reason = calendar.reason(day)
    assert reason.counts == calendar.is_workday(day)
    assert reason.provisional == calendar.is_provisional(day)
    if reason.code != "ordinary":
        assert reason.counts == (reason.code in ("weekday", "make-up"))


# Neighbours and refusals


def test_neighbours_of_a_rest_day() -> None:
    """2022-10-02 is in a holiday: the next working day is the make-up Saturday 10-08, the last one 09-30."""
    calendar = national_calendar()
    assert calendar.on_or_after(date(2022, 10, 2)) == date(2022, 10, 8)
    assert calendar.first_day_after_rest(date(2022, 10, 2)) == date(2022, 10, 8)
    assert calendar.first_day_after_rest(date(2022, 10, 8)) == date(2022, 10, 8)
    assert calendar.on_or_before(date(2022, 10, 2)) == date(2022, 9, 30)
    assert calendar.add(date(2022, 10, 2), 0) == date(2022, 10, 2)


def test_backwards_from_a_rest_day_the_law_of_inversion_holds() -> None:
    """From a Saturday the Friday before is one working day back, as it is from the Monday."""
    calendar = national_calendar()
    friday, saturday, monday = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9)
    assert calendar.elapsed(saturday, friday) == calendar.elapsed(monday, friday) == -1
    assert calendar.add(saturday, -1) == friday


CALLS: list[Callable[[WorkCalendar, Any], object]] = [
    lambda c, d: c.add(d, 3),
    lambda c, d: c.add(d, 0),
    lambda c, d: c.add(d, -3),
    lambda c, d: c.elapsed(d, date(2020, 1, 1)),
    lambda c, d: c.elapsed(date(2020, 1, 1), d),
    lambda c, d: c.is_workday(d),
    lambda c, d: c.on_or_after(d),
    lambda c, d: c.on_or_before(d),
    lambda c, d: c.first_day_after_rest(d),
    lambda c, d: c.is_provisional(d),
    lambda c, d: c.span_provisional(date(2020, 1, 1), d),
    lambda c, d: c.reason(d),
    lambda c, d: c.digest(d, date(2020, 1, 1)),
]


@pytest.mark.parametrize("call", CALLS)
def test_what_is_no_day_of_the_calendar_is_refused_everywhere(call: Callable[[WorkCalendar, Any], object]) -> None:
    """Days outside 2010-2040 raise CalendarRangeError with a remedy; date-times and texts raise ClaimError."""
    for outside in (date(2009, 12, 31), date(2041, 1, 1), date.min, date.max):
        with pytest.raises(CalendarRangeError) as caught:
            call(national_calendar(), outside)
        assert "2010-01-01 to 2040-12-31" in caught.value.remedy
    for wrong in (datetime(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02", None):
        with pytest.raises(ClaimError) as claim:
            call(national_calendar(), wrong)
        assert not isinstance(claim.value, CalendarRangeError)


def test_a_count_that_leads_out_of_the_calendar_is_refused() -> None:
    """No wrap-around at either end."""
    calendar = national_calendar()
    for day, n in ((date(2040, 12, 28), 5), (date(2010, 1, 5), -5), (date(2020, 1, 1), 99_999), (FIRST_DAY, -1)):
        with pytest.raises(CalendarRangeError):
            calendar.add(day, n)
    assert calendar.add(calendar.on_or_before(LAST_DAY), 0) == calendar.on_or_before(LAST_DAY)


def test_a_calendar_cannot_be_changed() -> None:
    """Calendars are shared between threads and cached: they are frozen."""
    with pytest.raises(AttributeError):
        national_calendar().horizon = date(2030, 1, 1)  # type: ignore[misc]  # frozen: to see it refused


def test_changed_days_are_those_on_which_two_calendars_differ() -> None:
    plain = national_calendar()
    stated = local(rest=[date(2026, 3, 4), date(2026, 3, 7)], work=[date(2026, 3, 8)])
    changed = national_calendar(extra=[stated])
    assert plain.changed_days(changed) == changed.changed_days(plain) == (date(2026, 3, 4), date(2026, 3, 8))
    assert plain.changed_days(plain) == ()
