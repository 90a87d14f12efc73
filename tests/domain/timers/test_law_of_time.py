"""The law of time as properties, against oracles that walk day by day and minute by minute."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.legal import AS_GIVEN, CHINA, start_of
from egov_core.domain.periods import Period, StartRule, Unit
from egov_core.domain.timers.reckoning import Due, Extension, Pause, PauseRule, Ruler, Settings
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))
CLOSED = attrs.evolve(RULER, settings=Settings(pause_rule=PauseRule.CLOSED))
FIRST, LAST = date(2015, 1, 1), date(2026, 6, 30)

DAYS = st.dates(FIRST, LAST)
AMOUNTS = st.integers(1, 60)
UNITS = st.sampled_from(Unit)
RULERS = st.sampled_from([RULER, CLOSED])


def period(amount: int | str, unit: Unit = Unit.WORKING_DAY, **other: Any) -> Period:
    return Period(amount=Decimal(amount), unit=unit, basis=AS_GIVEN, **other)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


def by_dates(begin: date, end: date) -> Pause:
    return Pause(start=start_of(begin), end=start_of(end))


def instant_of(due: Due) -> datetime:
    assert due.due is not None
    return due.due


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime, *, most: int = 4) -> list[Pause]:
    found = []
    for _ in range(draw(st.integers(0, most))):
        begin = start + timedelta(minutes=draw(st.integers(-10_000, 80_000)))
        end = begin + timedelta(minutes=draw(st.integers(0, 30_000)))
        found.append(Pause(start=begin, end=end, by_dates=draw(st.booleans())))
    return found


@st.composite
def starts(draw: st.DrawFn) -> datetime:
    return at(draw(DAYS), draw(st.integers(0, 23)), draw(st.integers(0, 59)))


@given(starts(), AMOUNTS, st.integers(0, 20), UNITS, RULERS, st.data())
def test_a_larger_amount_is_never_due_earlier(
    start: datetime, amount: int, more: int, unit: Unit, ruler: Ruler, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    amount, more = min(amount, 8 if unit is Unit.YEAR else 60), min(more, 2 if unit is Unit.YEAR else 20)
    shorter = ruler.due(start, period(amount, unit), pauses)
    longer = ruler.due(start, period(amount + more, unit), pauses)
    assert instant_of(shorter) <= instant_of(longer)


@given(starts(), st.integers(0, 200_000), AMOUNTS, st.sampled_from([Unit.WORKING_DAY, Unit.DAY, Unit.HOUR]), st.data())
def test_a_later_start_is_never_due_earlier(
    start: datetime, minutes: int, amount: int, unit: Unit, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    later = start + timedelta(minutes=minutes)
    assert instant_of(RULER.due(start, period(amount, unit), pauses)) <= instant_of(
        RULER.due(later, period(amount, unit), pauses)
    )


@given(starts(), AMOUNTS, st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR]), DAYS, st.data())
def test_a_pause_inside_time_that_does_not_count_changes_nothing(
    start: datetime, amount: int, unit: Unit, day: date, data: st.DataObject
) -> None:
    friday = CALENDAR.on_or_before(day)
    following = CALENDAR.add(friday, 1)
    closing, opening = RULER.clock.closing(friday), RULER.clock.opening(following)
    assert closing is not None and opening is not None
    span = int((opening - closing).total_seconds())
    low = data.draw(st.integers(0, span))
    high = data.draw(st.integers(low, span))
    idle = Pause(start=closing + timedelta(seconds=low), end=closing + timedelta(seconds=high), by_dates=False)
    others = data.draw(pauses_after(start))
    exact = [attrs.evolve(pause, by_dates=False) for pause in others]
    assert RULER.due(start, period(amount, unit), [*exact, idle]) == RULER.due(start, period(amount, unit), exact)


@given(starts(), AMOUNTS, DAYS, st.integers(0, 8), st.integers(0, 8))
def test_a_pause_by_dates_inside_a_rest_changes_nothing(
    start: datetime, amount: int, day: date, first: int, length: int
) -> None:
    friday = CALENDAR.on_or_before(day)
    rest = [friday + timedelta(days=n) for n in range(1, (CALENDAR.add(friday, 1) - friday).days)]
    if not rest:
        return
    begin = rest[first % len(rest)]
    end = min(begin + timedelta(days=length), rest[-1])
    for ruler in (RULER, CLOSED):
        assert ruler.due(start, period(amount), [by_dates(begin, end)]) == ruler.due(start, period(amount))


@given(starts(), AMOUNTS, UNITS, RULERS, st.data())
def test_splitting_repeating_or_overlapping_pauses_changes_nothing(
    start: datetime, amount: int, unit: Unit, ruler: Ruler, data: st.DataObject
) -> None:
    amount = min(amount, 9 if unit is Unit.YEAR else 60)
    pauses = data.draw(pauses_after(start))
    pieces = list(pauses)
    for pause in pauses:
        assert pause.end is not None
        middle = pause.start + timedelta(minutes=data.draw(st.integers(0, 30_000)))
        middle = min(middle, pause.end)
        pieces += [attrs.evolve(pause, end=middle), attrs.evolve(pause, start=middle)]
    assert ruler.due(start, period(amount, unit), pieces) == ruler.due(start, period(amount, unit), pauses)


@given(starts(), AMOUNTS, st.lists(st.integers(1, 10), max_size=2), RULERS, st.randoms(), st.data())
def test_the_order_of_pauses_and_extensions_is_irrelevant(
    start: datetime, amount: int, more: list[int], ruler: Ruler, chance: random.Random, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    extensions = [Extension(amount=period(one), approved_at=start + timedelta(days=one)) for one in more]
    due = ruler.due(start, period(amount), pauses, extensions)
    assert due == ruler.due(start, period(amount + sum(more)), pauses)
    chance.shuffle(pauses)
    assert due == ruler.due(start, period(amount), pauses, extensions[::-1])


@given(starts(), AMOUNTS, st.data())
def test_the_two_pause_rules_differ_by_at_most_one_working_day_a_pause(
    start: datetime, amount: int, data: st.DataObject
) -> None:
    pauses = [attrs.evolve(pause, by_dates=True) for pause in data.draw(pauses_after(start))]
    half_open = RULER.due(start, period(amount), pauses).last_day
    closed = CLOSED.due(start, period(amount), pauses).last_day
    assert half_open is not None and closed is not None
    assert half_open <= closed
    # a pause that begins on the last day or later is out of reach by one rule and may be whole in reach by the other
    assume(all(pause.start.date() < half_open for pause in pauses))
    assert CALENDAR.elapsed(half_open, closed) <= len(pauses)


# -- oracles: they share no arithmetic with the library ---------------------------------------------------------------

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

Span = tuple[date, date]


def paused_days(pauses: Sequence[Span], *, closed: bool) -> set[date]:
    """Every single day that pauses take out."""
    found = set()
    for begin, end in pauses:
        day = begin if closed else begin + DAY
        while day <= end:
            found.add(day)
            day += DAY
    return found


def last_day(
    calendar: WorkCalendar, start: date, amount: int, paused: Collection[date], *, same_day: bool = False
) -> tuple[date, date]:
    """The first and the last counted day, met on foot."""
    day = start if same_day else start + DAY
    first, counted = None, 0
    while True:
        if calendar.reason(day).counts and day not in paused:
            first = first or day
            counted += 1
            if counted == amount:
                return first, day
        day += DAY


def natural_last_day(start: date, amount: int, paused: Collection[date]) -> date:
    """The same in natural days."""
    day, counted = start, 0
    while counted < amount:
        day += DAY
        counted += day not in paused
    return day


def minutes_until(
    clock: OfficeClock, start: datetime, minutes: int, paused: Sequence[tuple[datetime, datetime]]
) -> datetime:
    """The instant at which so many open, unpaused minutes are used up; everything falls on whole minutes."""
    at, counted = start, 0
    while counted < minutes:
        if clock.is_open(at) and not any(low <= at < high for low, high in paused):
            counted += 1
        at += MINUTE
    return at


def random_spans(chance: random.Random, start: date) -> list[tuple[date, date]]:
    spans = []
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        begin = start + timedelta(days=chance.randint(-20, 60))
        spans.append((begin, begin + timedelta(days=chance.randint(0, 40))))
    return spans


def test_a_walk_day_by_day_agrees_on_six_thousand_cases_with_pauses() -> None:
    chance = random.Random(20160422)
    for number in range(6_000):
        start = FIRST + timedelta(days=chance.randint(0, (LAST - FIRST).days))
        amount, closed, same = chance.randint(1, 60), chance.random() < 0.5, chance.random() < 0.3
        spans = random_spans(chance, start)
        paused = paused_days(spans, closed=closed)
        rule = StartRule.SAME_DAY if same else StartRule.NEXT_DAY
        due = (CLOSED if closed else RULER).due(
            at(start, 10), period(amount, start_rule=rule), [by_dates(*span) for span in spans]
        )
        first, last = last_day(CALENDAR, start, amount, paused, same_day=same)
        assert (due.first_day, due.last_day) == (first, last), (number, start, amount, spans, closed, same)


def test_a_walk_day_by_day_agrees_on_natural_days() -> None:
    chance = random.Random(42)
    for number in range(1_500):
        start = FIRST + timedelta(days=chance.randint(0, (LAST - FIRST).days))
        amount, spans = chance.randint(1, 90), random_spans(chance, start)
        due = RULER.due(at(start, 9), period(amount, Unit.DAY), [by_dates(*span) for span in spans])
        expected = natural_last_day(start, amount, paused_days(spans, closed=False))
        assert due.last_day == expected, (number, start, amount, spans)


def test_a_walk_minute_by_minute_agrees_on_hours() -> None:
    chance = random.Random(7)
    for hours in ("standard", "hengyang"):
        ruler = attrs.evolve(RULER, clock=OfficeClock(CALENDAR, office_hours(hours)))
        for _ in range(40):
            start = at(FIRST, 0) + timedelta(minutes=chance.randint(0, 5_000_000))
            amount = chance.randint(1, 20)
            spans = []
            for _ in range(chance.randint(0, 3)):
                begin = start + timedelta(minutes=chance.randint(-500, 5_000))
                spans.append((begin, begin + timedelta(minutes=chance.randint(0, 3_000))))
            due = ruler.due(
                start,
                period(amount, Unit.WORKING_HOUR),
                [Pause(start=a, end=b, by_dates=False) for a, b in spans],
            )
            assert due.due == minutes_until(ruler.clock, start, amount * 60, spans), (start, amount, spans)


@given(starts())
def test_positions_on_the_vendor_scale_lead_back_to_their_instants(start: datetime) -> None:
    scale = RULER.vendor_scale
    assert scale.instant(scale.position(start)) == scale.normal(start)
    assert scale.position(scale.normal(start)) == scale.position(start)


@given(starts(), st.integers(0, 400), AMOUNTS)
def test_the_vendor_scale_never_runs_backwards(start: datetime, hours: int, days: int) -> None:
    scale = RULER.vendor_scale
    later = start + timedelta(hours=hours)
    assert scale.position(start) <= scale.position(later)
    first, second = scale.after(start, days), scale.after(later, days)
    assert first is not None and second is not None and first <= second
    assert first.time() == scale.normal(start).time()
    assert CALENDAR.elapsed(scale.normal(start).date(), first.date()) == days
