"""The ledger shows the way to the due instant: its last counted line reaches the limit, and no earlier one does."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import AS_GIVEN, CHINA
from egov_core.domain.periods import EndRoll, FixedDay, Immediate, NoLimit, Period, StartRule, Unit, parse_limit
from egov_core.domain.timers.ledger import LedgerLine, ledger
from egov_core.domain.timers.reckoning import Extension, Pause, PauseRule, Ruler, Settings
from egov_core.domain.timers.runs import TimerRun
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))

STARTS = st.datetimes(datetime(2018, 1, 1), datetime(2025, 6, 30)).map(
    lambda value: value.replace(microsecond=0, tzinfo=CHINA)
)


@st.composite
def pauses(draw: st.DrawFn, start: datetime, *, by_dates: bool | None = True, most: int = 3) -> tuple[Pause, ...]:
    found = []
    for _ in range(draw(st.integers(0, most))):
        begin = start + timedelta(seconds=draw(st.integers(0, 60 * 86_400)))
        end = begin + timedelta(seconds=draw(st.integers(0, 30 * 86_400)))
        declared = draw(st.one_of(st.none(), st.integers(1, 20)))
        found.append(
            Pause(
                start=begin,
                end=end,
                declared=None if declared is None else working_days(declared),
                by_dates=draw(st.booleans()) if by_dates is None else by_dates,
                kind="鉴定",
                notice="特告1号",
            )
        )
    return tuple(found)


def working_days(amount: int, **other: object) -> Period:
    return Period(amount=Decimal(amount), unit=Unit.WORKING_DAY, basis=AS_GIVEN, **other)  # type: ignore[arg-type]  # given by name


@st.composite
def readings(draw: st.DrawFn) -> Settings:
    return Settings(pause_rule=draw(st.sampled_from(PauseRule)), cap_pauses=draw(st.booleans()))


def ruler_by(chosen: Settings) -> Ruler:
    return attrs.evolve(RULER, settings=chosen)


def run_of(start: datetime, limit: object, **other: object) -> TimerRun:
    return TimerRun(timer_id="t", kind="case", start=start, limits={"promised": limit}, **other)  # type: ignore[dict-item, arg-type]  # given by name


def check(lines: tuple[LedgerLine, ...], run: TimerRun, ruler: Ruler, limit: Decimal) -> None:
    due = run.due(ruler)
    counted = [line for line in lines if line.counts]
    # a limit that runs from an instant may be due at 00:00, the end of the day before
    assert counted[-1].day == due.last_day or counted[-1].end == due.due
    assert counted[-1].total >= limit
    assert all(line.total < limit for line in counted[:-1])
    totals = [line.total for line in lines]
    assert totals == sorted(totals)
    days = [line.day for line in lines]
    assert days == sorted(days)
    assert all(line.reason for line in lines)


@given(st.data(), STARTS, st.integers(1, 60), readings(), st.sampled_from([StartRule.NEXT_DAY, StartRule.SAME_DAY]))
@settings(max_examples=75)
def test_working_days_end_on_the_last_day(
    data: st.DataObject, start: datetime, amount: int, chosen: Settings, rule: StartRule
) -> None:
    ruler = ruler_by(chosen)
    more = data.draw(st.integers(0, 10))
    run = run_of(
        start,
        working_days(amount, start_rule=rule),
        pauses=data.draw(pauses(start)),
        extensions=(Extension(amount=working_days(more), approved_at=start),) if more else (),
    )
    lines = ledger(run, ruler)
    check(lines, run, ruler, Decimal(amount + more))
    assert lines[-1].total == amount + more
    assert sum(line.counts for line in lines) == amount + more
    expected = (run.due(ruler).last_day - lines[0].day).days + 1  # type: ignore[operator]  # it has a last day
    assert len(lines) == expected, "one line a day, none missing"


@given(st.data(), STARTS, st.integers(1, 40), readings())
@settings(max_examples=75)
def test_parts_of_days_end_on_the_last_day(data: st.DataObject, start: datetime, amount: int, chosen: Settings) -> None:
    """Pauses given by times take out parts of days; the totals then have fractions."""
    ruler = ruler_by(chosen)
    run = run_of(start, working_days(amount), pauses=data.draw(pauses(start, by_dates=None)))
    check(ledger(run, ruler), run, ruler, Decimal(amount))


@given(st.data(), STARTS, st.integers(1, 120), readings(), st.sampled_from(EndRoll))
def test_natural_days_end_on_the_last_day(
    data: st.DataObject, start: datetime, amount: int, chosen: Settings, roll: EndRoll
) -> None:
    ruler = ruler_by(chosen)
    limit = Period(amount=Decimal(amount), unit=Unit.DAY, basis=AS_GIVEN, end_roll=roll)
    run = run_of(start, limit, pauses=data.draw(pauses(start)))
    lines = ledger(run, ruler)
    assert lines[-1].day == run.due(ruler).last_day
    assert lines[-1].total == amount
    assert sum(line.counts for line in lines) == amount
    assert all(line.reason == "end-roll" for line in lines if line.total == amount and not line.counts)


@given(STARTS, st.sampled_from(["1m", "2m", "1y"]), st.sampled_from(EndRoll))
@settings(max_examples=30)
def test_months_and_years_count_days(start: datetime, limit: str, roll: EndRoll) -> None:
    run = run_of(start, parse_limit(limit, end_roll=roll))
    lines = ledger(run, RULER)
    assert lines[-1].day == run.due(RULER).last_day
    assert lines[0].reason == "start-day"


@st.composite
def hour_runs(draw: st.DrawFn) -> TimerRun:
    start = draw(STARTS)
    unit = draw(st.sampled_from([Unit.WORKING_HOUR, Unit.HOUR]))
    limit = Period(amount=Decimal(draw(st.integers(1, 80))), unit=unit, basis=AS_GIVEN)
    return run_of(start, limit, pauses=draw(pauses(start, by_dates=None)))


@given(hour_runs(), readings())
@settings(max_examples=75)
def test_hours_end_at_the_due_instant(run: TimerRun, chosen: Settings) -> None:
    ruler = ruler_by(chosen)
    lines = ledger(run, ruler)
    check(lines, run, ruler, run.limits["promised"].amount)  # type: ignore[union-attr]  # it is a period
    assert [line for line in lines if line.counts][-1].end == run.due(ruler).due
    spans = [(line.start, line.end) for line in lines if line.start is not None and line.end is not None]
    assert all(low < high for low, high in spans)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans)), "no second twice"


@given(st.data(), STARTS, st.integers(1, 30))
@settings(max_examples=100)
def test_days_that_run_from_an_instant_end_at_the_due_instant(
    data: st.DataObject, start: datetime, amount: int
) -> None:
    ruler = attrs.evolve(RULER, settings=Settings(cap_pauses=True))
    run = run_of(
        start,
        working_days(amount, start_rule=StartRule.INSTANT),
        pauses=data.draw(pauses(start, by_dates=False)),
    )
    due = run.due(ruler).due
    assert due is not None
    counted = [line for line in ledger(run, ruler) if line.counts]
    assert counted[-1].total == amount
    if due.time() == time(0):  # the end of the working day before
        assert counted[-1].day == CALENDAR.add(due.date(), -1)
    else:
        assert counted[-1].end == due


@pytest.mark.parametrize("low", [15, 18])
def test_a_pause_that_begins_when_the_limit_is_used_up_moves_nothing(low: int) -> None:
    """At 18:00 the office has closed and the only day has counted in full; at 15:00 it has not."""
    begin = datetime(2024, 5, 14, low, tzinfo=CHINA)
    pause = Pause(start=begin, end=begin + timedelta(days=3), by_dates=False)
    run = run_of(datetime(2024, 5, 13, 9, tzinfo=CHINA), working_days(1), pauses=(pause,))
    assert run.due(RULER).last_day == (date(2024, 5, 14) if low == 18 else date(2024, 5, 17))
    check(ledger(run, RULER), run, RULER, Decimal(1))


def test_each_line_says_why() -> None:
    """The National Day week of 2024 with its make-up Saturday, and an appraisal."""
    pause = Pause(
        start=datetime(2024, 10, 9, 9, tzinfo=CHINA),
        end=datetime(2024, 10, 11, 9, tzinfo=CHINA),
        kind="鉴定",
        notice="特告〔2024〕7号",
    )
    run = run_of(datetime(2024, 9, 27, 16, tzinfo=CHINA), working_days(5), pauses=(pause,))
    told = [(line.day.day, line.counts, line.reason, str(line.total)) for line in ledger(run, RULER)]
    assert told[:4] == [
        (27, False, "start-day", "0"),
        (28, False, "weekend", "0"),
        (29, True, "make-up", "1"),
        (30, True, "weekday", "2"),
    ]
    assert told[4:11] == [(day, False, "holiday", "2") for day in range(1, 8)]
    assert told[11:] == [
        (8, True, "weekday", "3"),
        (9, True, "weekday", "4"),
        (10, False, "pause", "4"),
        (11, False, "pause", "4"),
        (12, True, "make-up", "5"),
    ]
    paused = next(line for line in ledger(run, RULER) if line.reason == "pause")
    assert paused.source == "鉴定 特告〔2024〕7号 《中华人民共和国行政许可法》第四十五条"
    assert "国办" in next(line for line in ledger(run, RULER) if line.reason == "holiday").source


def test_an_open_pause_is_shown_until_the_day_asked_for() -> None:
    pause = Pause(start=datetime(2024, 5, 15, 9, tzinfo=CHINA))
    run = run_of(datetime(2024, 5, 13, 9, tzinfo=CHINA), working_days(9), pauses=(pause,))
    assert [line.day.day for line in ledger(run, RULER)] == [13, 14, 15]
    lines = ledger(run, RULER, date(2024, 5, 20))
    assert [line.reason for line in lines[3:]] == ["pause", "pause", "weekend", "weekend", "pause"]
    assert lines[-1].total == 2
    hours = run_of(run.start, parse_limit("30wh"), pauses=(pause,))
    assert {line.reason for line in ledger(hours, RULER, date(2024, 5, 17)) if line.day.day > 15} == {"pause"}


def test_limits_without_a_count() -> None:
    start = datetime(2024, 5, 13, 9, tzinfo=CHINA)
    assert ledger(run_of(start, NoLimit(basis=AS_GIVEN)), RULER) == ()
    [line] = ledger(run_of(start, Immediate(basis=AS_GIVEN)), RULER)
    assert (line.day, line.reason, line.counts) == (date(2024, 5, 13), "same-day", True)
    [line] = ledger(run_of(start, FixedDay(day=date(2024, 6, 1), basis=AS_GIVEN)), RULER)
    assert (line.day, line.reason) == (date(2024, 6, 1), "fixed-day")


def test_the_shape_for_programs() -> None:
    start = datetime(2024, 5, 13, 16, tzinfo=CHINA)
    first = ledger(run_of(start, working_days(1)), RULER)[0].as_dict()
    assert set(first) == {"day", "counts", "reason", "source", "total"}
    line = ledger(run_of(start, parse_limit("1wh")), RULER)[0].as_dict()
    assert set(line) == {"from", "to", "counts", "reason", "source", "total"}
    assert line["total"] == "1"
