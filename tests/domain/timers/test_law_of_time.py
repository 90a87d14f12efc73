"""The law of time as properties; the laws proper are searched deeply at night (`tests.depth`)."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import AS_GIVEN, CHINA, start_of
from egov_core.domain.periods import Period, StartRule, Unit
from egov_core.domain.timers.reckoning import ONE_DAY, Due, Extension, Pause, PauseRule, Ruler, Settings
from egov_core.runtime.shipped import national_calendar, office_hours
from tests.depth import law

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))
CLOSED = attrs.evolve(RULER, settings=Settings(pause_rule=PauseRule.CLOSED))
SEASONAL = attrs.evolve(RULER, clock=OfficeClock(CALENDAR, office_hours("hengyang")))
FIRST, LAST = date(2015, 1, 1), date(2026, 6, 30)
SPAN = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
RESTS = [day for day in SPAN if not CALENDAR.is_workday(day)]

DAYS = st.dates(FIRST, LAST)
AMOUNTS = st.integers(1, 60)
UNITS = st.sampled_from(Unit)
START_RULES = st.sampled_from(StartRule)
RULERS = st.sampled_from([RULER, CLOSED])
CLOCKS = st.sampled_from([RULER, SEASONAL])


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


@st.composite
def limits(draw: st.DrawFn) -> Period:
    """A limit in any unit under any start rule that the unit takes."""
    unit = draw(UNITS)
    amount = draw(st.integers(1, 8 if unit is Unit.YEAR else 60))
    rules = [rule for rule in StartRule if not (unit.is_hours and rule is StartRule.SAME_DAY)]
    return period(amount, unit, start_rule=draw(st.sampled_from(rules)))


@law
@given(starts(), limits(), st.integers(0, 20), RULERS, st.data())
def test_a_larger_amount_is_never_due_earlier(
    start: datetime, limit: Period, more: int, ruler: Ruler, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    larger = attrs.evolve(limit, amount=limit.amount + min(more, 2 if limit.unit is Unit.YEAR else 20))
    assert instant_of(ruler.due(start, limit, pauses)) <= instant_of(ruler.due(start, larger, pauses))


@law
@given(starts(), limits(), st.integers(0, 200_000), st.data())
def test_a_later_start_is_never_due_earlier(start: datetime, limit: Period, minutes: int, data: st.DataObject) -> None:
    """Months are of unequal length, and days from an instant keep its time of day: for those only without pauses.

    The vendor scale puts a start on a rest day at the next opening, and one in the small hours before that opening at
    itself, so that there the later one may be due earlier. Such is the rule; it holds from where the start is put.
    """
    if limit.unit is Unit.WORKING_DAY and limit.start_rule is StartRule.INSTANT:
        start = RULER.vendor_scale.normal(start)
    uneven = limit.unit in (Unit.MONTH, Unit.YEAR) or (limit.unit is Unit.DAY and limit.start_rule is StartRule.INSTANT)
    pauses = [] if uneven else data.draw(pauses_after(start))
    later = start + timedelta(minutes=minutes)
    assert instant_of(RULER.due(start, limit, pauses)) <= instant_of(RULER.due(later, limit, pauses))


@st.composite
def idle_spans(draw: st.DrawFn, ruler: Ruler) -> Pause:
    """A pause given by times in which the office is closed from beginning to end: at noon, by night, over a rest."""
    day = CALENDAR.on_or_before(draw(DAYS))
    if draw(st.booleans()):
        (_, closing), (opening, _) = ruler.clock.hours.windows(day)
        low, high = datetime.combine(day, closing, CHINA), datetime.combine(day, opening, CHINA)
    else:
        evening, morning = ruler.clock.closing(day), ruler.clock.opening(CALENDAR.add(day, 1))
        assert evening is not None and morning is not None
        low, high = evening, morning
    span = int((high - low).total_seconds())
    begin = draw(st.integers(0, span))
    end = draw(st.integers(begin, span))
    return Pause(start=low + timedelta(seconds=begin), end=low + timedelta(seconds=end), by_dates=False)


@law
@given(starts(), AMOUNTS, st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR]), CLOCKS, st.data())
def test_a_pause_inside_time_that_does_not_count_changes_nothing(
    start: datetime, amount: int, unit: Unit, ruler: Ruler, data: st.DataObject
) -> None:
    idle = data.draw(idle_spans(ruler))
    exact = [attrs.evolve(pause, by_dates=False) for pause in data.draw(pauses_after(start))]
    assert ruler.due(start, period(amount, unit), [*exact, idle]) == ruler.due(start, period(amount, unit), exact)


@law
@given(starts(), AMOUNTS, START_RULES, RULERS, st.sampled_from(RESTS), st.integers(0, 8))
def test_a_pause_by_dates_inside_a_rest_changes_nothing(
    start: datetime, amount: int, rule: StartRule, ruler: Ruler, begin: date, length: int
) -> None:
    end = min(begin + timedelta(days=length), CALENDAR.on_or_after(begin) - ONE_DAY)
    limit = period(amount, start_rule=rule)
    assert ruler.due(start, limit, [by_dates(begin, end)]) == ruler.due(start, limit)


@law
@given(starts(), limits(), RULERS, st.data())
def test_splitting_repeating_or_overlapping_pauses_changes_nothing(
    start: datetime, limit: Period, ruler: Ruler, data: st.DataObject
) -> None:
    """On the vendor scale, where it is cut between its ends there: see `test_a_cut_in_the_small_hours_after_a_rest`."""
    on_scale = limit.unit is Unit.WORKING_DAY and limit.start_rule is StartRule.INSTANT
    pauses = data.draw(pauses_after(start))
    pieces = list(pauses)
    for pause in pauses:
        assert pause.end is not None
        middle = pause.start + timedelta(minutes=data.draw(st.integers(0, 30_000)))
        middle = min(middle, pause.end)
        place = ruler.vendor_scale.position
        if on_scale and not place(pause.start) <= place(middle) <= place(pause.end):
            middle = pause.start
        pieces += [attrs.evolve(pause, end=middle), attrs.evolve(pause, start=middle)]
    assert ruler.due(start, limit, pieces) == ruler.due(start, limit, pauses)


def test_a_cut_in_the_small_hours_after_a_rest() -> None:
    """The vendor scale puts what begins on a rest day at the next opening, and what begins in the small hours before
    that opening at itself. So a pause from Sunday evening to a minute past midnight takes nothing out, and its last
    minute, entered as a pause of its own, takes out a minute. Such is the rule of the scale; no other has it.
    """
    sunday, midnight, minute_past = at(date(2018, 8, 12), 20, 40), at(date(2018, 8, 13)), at(date(2018, 8, 13), 0, 1)
    whole, cut = [Pause(start=sunday, end=minute_past)], [Pause(start=midnight, end=minute_past)]

    def due(pauses: list[Pause], rule: StartRule) -> datetime:
        return instant_of(RULER.due(at(date(2018, 7, 31), 2), period(9, start_rule=rule), pauses))

    assert due(whole, StartRule.INSTANT) == at(date(2018, 8, 13), 2)
    assert due([*whole, *cut], StartRule.INSTANT) == at(date(2018, 8, 13), 2, 1)
    assert due(whole, StartRule.NEXT_DAY) == due([*whole, *cut], StartRule.NEXT_DAY)


@law
@given(starts(), limits(), st.lists(st.integers(1, 10), max_size=2), RULERS, st.randoms(), st.data())
def test_the_order_of_pauses_and_extensions_is_irrelevant(
    start: datetime, limit: Period, more: list[int], ruler: Ruler, chance: random.Random, data: st.DataObject
) -> None:
    """The amounts of extensions add up; in which order they or the pauses were told decides nothing."""
    more = [1 for _ in more] if limit.unit is Unit.YEAR else more
    pauses = data.draw(pauses_after(start))
    extensions = [Extension(amount=period(one, limit.unit), approved_at=start + timedelta(days=one)) for one in more]
    due = ruler.due(start, limit, pauses, extensions)
    assert due == ruler.due(start, attrs.evolve(limit, amount=limit.amount + sum(more)), pauses)
    chance.shuffle(pauses)
    assert due == ruler.due(start, limit, pauses, extensions[::-1])


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


@given(starts())
def test_positions_on_the_vendor_scale_lead_back_to_their_instants(start: datetime) -> None:
    scale = RULER.vendor_scale
    assert scale.instant(scale.position(start)) == scale.normal(start)
    assert scale.position(scale.normal(start)) == scale.position(start)


def test_before_the_opening_after_a_rest_the_later_start_is_the_earlier_place() -> None:
    """Sunday evening stands at Monday 09:00, Monday 01:00 at itself."""
    scale = RULER.vendor_scale
    sunday, monday = at(date(2015, 2, 1), 18), at(date(2015, 2, 2), 1)
    assert scale.normal(sunday) == at(date(2015, 2, 2), 9) and scale.normal(monday) == monday


@given(starts(), st.integers(0, 400), AMOUNTS)
def test_the_vendor_scale_never_runs_backwards(start: datetime, hours: int, days: int) -> None:
    scale = RULER.vendor_scale
    start = scale.normal(start)
    later = start + timedelta(hours=hours)
    assert scale.position(start) <= scale.position(later)
    first, second = scale.after(start, days), scale.after(later, days)
    assert first is not None and second is not None and first <= second
    assert first.time() == start.time()
    assert CALENDAR.elapsed(start.date(), first.date()) == days
