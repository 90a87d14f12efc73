"""A later revision of the calendar on one run: who decides when, what was told stands, and the ledger says so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.cards.thresholds import Out, Overdue, ShareRemaining, WorkingDaysBefore
from egov_core.domain.legal import CHINA, ONE_SECOND, end_of, start_of
from egov_core.domain.periods import Period, StartRule, parse_limit
from egov_core.domain.timers.ledger import ledger
from egov_core.domain.timers.reckoning import Extension, Pause, Ruler
from egov_core.domain.timers.runs import Recount, TimerRun
from egov_core.runtime.shipped import national_calendar, office_hours

HOURS = office_hours("standard")


def ruler(*notices: Notice) -> Ruler:
    calendar = national_calendar(extra=notices)
    return Ruler(calendar=calendar, clock=OfficeClock(calendar, HOURS))


def order(published: date, **days: Any) -> Notice:
    return Notice(title="order", number=f"o{published}{sorted(days)}", year=published.year, published=published, **days)


# from Monday 17 June 2024: ten working days end on Monday 1 July
START = datetime(2024, 6, 17, 9, tzinfo=CHINA)
PLAIN = ruler()
PUBLISHED = date(2024, 6, 19)
LONGER = ruler(order(PUBLISHED, rest=[date(2024, 6, 26)]))  # a Wednesday off: one day later
SHORTER = ruler(order(PUBLISHED, work=[date(2024, 6, 22)]))  # a Saturday worked: one day earlier
BASES = ("promised", "statutory", "declared", "due")


def run_of(limit: str = "10wd", **changes: Any) -> TimerRun:
    counted = parse_limit(limit.removesuffix("!"))
    if limit.endswith("!"):  # as `hunan-2018` counts, from the instant
        assert isinstance(counted, Period)
        counted = attrs.evolve(counted, start_rule=StartRule.INSTANT)
    return TimerRun(timer_id="t", kind="case", start=START, limits={"promised": counted}, **changes)


def recounted(run: TimerRun, before: Ruler = PLAIN, **changes: Any) -> TimerRun:
    """The run with a recount entered on 20 June, when it was as it is now without what came later."""
    entered = start_of(date(2024, 6, 20))
    recount = Recount(
        at=start_of(PUBLISHED),
        published_at=start_of(PUBLISHED),
        before=before,
        known=attrs.evolve(run.as_known_at(entered), as_of=None),
        source="order",
    )
    return attrs.evolve(run, recounts=(*run.recounts, attrs.evolve(recount, **changes)))


def test_the_later_calendar_decides_from_its_instant_on() -> None:
    run = recounted(run_of())
    assert run.due(LONGER).last_day == date(2024, 7, 2)
    assert run.as_known_at(start_of(PUBLISHED) - ONE_SECOND).due(LONGER).last_day == date(2024, 7, 1)
    assert run.as_known_at(start_of(PUBLISHED)).due(LONGER).last_day == date(2024, 7, 2)


def test_a_run_that_had_stopped_by_then_stays_measured_as_it_was() -> None:
    stopped = attrs.evolve(recounted(run_of()), stopped_at=start_of(PUBLISHED) - ONE_SECOND)
    assert stopped.due(LONGER) == run_of().due(PLAIN)
    later = attrs.evolve(stopped, stopped_at=start_of(PUBLISHED))
    assert later.due(LONGER).last_day == date(2024, 7, 2)


def test_a_firm_date_that_was_told_is_never_shortened() -> None:
    run = recounted(run_of())
    due = run.due(SHORTER)
    assert (due.due, due.last_day, due.told) == (end_of(date(2024, 7, 1)), date(2024, 7, 1), True)
    assert run.lawful(SHORTER).last_day == date(2024, 6, 28)
    assert not run.due(LONGER).told
    assert not run.due(PLAIN).told


def test_what_had_not_begun_when_it_was_entered_had_not_been_told() -> None:
    assert recounted(run_of(), known=None).due(SHORTER).last_day == date(2024, 6, 28)


def test_a_date_that_was_told_as_provisional_follows_the_notice_both_ways() -> None:
    begin = datetime(2027, 1, 28, 9, tzinfo=CHINA)
    run = attrs.evolve(run_of(), start=begin)
    told = run.due(PLAIN)
    assert told.provisional
    published = date(2026, 11, 20)
    holidays = [date(2027, 1, 1) + timedelta(days=n) for n in range(3)]
    schedule = order(published, rest=holidays, work=[date(2027, 1, 30), date(2027, 2, 20)])
    at = start_of(published)
    earlier = attrs.evolve(run, recounts=(Recount(at=at, published_at=at, before=PLAIN, known=run),)).due(
        ruler(schedule)
    )
    assert told.last_day is not None and earlier.last_day is not None
    assert earlier.last_day < told.last_day
    assert not earlier.told


def test_the_date_told_is_that_of_what_was_known_when_the_recount_was_entered() -> None:
    """A pause that came later moves the law's date, not what had been told; the later of both holds."""
    pause = Pause(start=start_of(date(2024, 6, 24)), end=start_of(date(2024, 6, 25)))
    run = recounted(run_of(pauses=(pause,)))
    assert run.lawful(SHORTER).last_day == date(2024, 7, 1)
    assert run.due(SHORTER).last_day == date(2024, 7, 1)
    none = attrs.evolve(pause, end=pause.start)  # it began and ended on one day: no working day is taken out
    assert recounted(run_of(pauses=(none,))).due(SHORTER).last_day == date(2024, 7, 1)


def test_while_a_pause_is_open_there_is_no_date_and_afterwards_the_told_one_stands() -> None:
    pause = Pause(start=start_of(date(2024, 6, 24)))
    run = recounted(run_of(pauses=(pause,)))
    assert run.due(SHORTER).due is None
    ended = attrs.evolve(run, pauses=(attrs.evolve(pause, end=pause.start),))
    assert ended.due(SHORTER).last_day == date(2024, 7, 1)


def test_an_extension_that_had_been_approved_belongs_to_what_was_told() -> None:
    extension = Extension(amount=parse_limit("5wd"), approved_at=start_of(date(2024, 6, 18)))  # type: ignore[arg-type]  # 5wd is a period
    run = recounted(run_of(extensions=(extension,)))
    assert run.due(SHORTER).last_day == run_of(extensions=(extension,)).due(PLAIN).last_day == date(2024, 7, 8)
    late = recounted(run_of(extensions=(attrs.evolve(extension, approved_at=start_of(date(2024, 6, 21))),)))
    assert late.due(SHORTER).last_day == date(2024, 7, 5)  # by law; ten days only had been told, until 1 July


def test_of_several_recounts_the_latest_firm_date_stands() -> None:
    """1 July was told, then 2 July; a third notice that takes two days back moves neither."""
    twice = recounted(recounted(run_of()), before=LONGER)
    third = ruler(order(PUBLISHED, work=[date(2024, 6, 22), date(2024, 6, 23)]))
    due = twice.due(third)
    assert (due.last_day, due.told) == (date(2024, 7, 2), True)
    assert twice.lawful(third).last_day == date(2024, 6, 27)


def test_an_earlier_told_date_outlives_a_provisional_one() -> None:
    """Firm on 31 December, then a notice makes it a later, provisional day; taking that back cannot fall before."""
    begin = datetime(2026, 12, 17, 9, tzinfo=CHINA)
    run = attrs.evolve(run_of(), start=begin)
    firm = run.due(PLAIN)
    assert (firm.last_day, firm.provisional) == (date(2026, 12, 31), False)
    later = ruler(order(date(2026, 12, 18), rest=[date(2026, 12, 21)]))
    assert run.due(later).provisional
    back = ruler(order(date(2026, 12, 18), work=[date(2026, 12, 19), date(2026, 12, 20)]))
    at = start_of(date(2026, 12, 18))
    both = tuple(Recount(at=at, published_at=at, before=one, known=run) for one in (PLAIN, later))
    due = attrs.evolve(run, recounts=both).due(back)
    assert (due.last_day, due.told) == (date(2026, 12, 31), True)


@given(
    st.integers(1, 25),
    st.lists(st.dates(date(2024, 6, 18), date(2024, 7, 26)), max_size=6, unique=True),
    st.lists(st.dates(date(2024, 6, 18), date(2024, 7, 26)), max_size=6, unique=True),
)
def test_a_run_is_never_due_before_the_law_or_what_was_told(days: int, off: list[date], on: list[date]) -> None:
    notice = order(PUBLISHED, rest=off, work=[day for day in on if day not in off]) if off or on else None
    newer = ruler(notice) if notice else PLAIN
    run = run_of(f"{days}wd")
    lawful, told, due = run.due(newer), run.due(PLAIN), recounted(run).due(newer)
    assert lawful.due is not None and told.due is not None
    assert due.due == max(lawful.due, told.due)
    assert due.told is (told.due > lawful.due)


# --- thresholds reckon from the date that stands ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("threshold", "limit"),
    [
        (Overdue(), "10wd"),
        (Overdue(), "8wh"),
        (WorkingDaysBefore(1), "10wd"),
        (WorkingDaysBefore(3), "10wd"),
        (ShareRemaining(Decimal("0.25")), "200h"),
        (Out(1), "10wd"),
        (Out(2), "10wd"),
        (Out(-2), "10wd"),
        (Out(1), "10wd!"),
        (Out(2), "10wd!"),
        (Out(-2), "10wd!"),
        (Out(2), "14d"),
    ],
)
def test_every_threshold_of_a_kept_date_is_that_of_the_date_not_of_the_earlier_one(threshold: Any, limit: str) -> None:
    run = run_of(limit)
    calendar = ruler(order(PUBLISHED, work=[date(2024, 6, 22), date(2024, 6, 23)]))
    kept = recounted(run)
    due, lawful = kept.due(calendar), run.due(calendar)
    told, by_law = threshold.instant(kept, calendar, BASES), threshold.instant(run, calendar, BASES)
    if limit in ("200h", "14d", "8wh"):  # natural time, and hours that end before the Saturday: nothing moves
        assert (due.told, told) == (False, by_law)
    else:
        assert due.told
        assert told == threshold.instant(run, PLAIN, BASES)
        assert told > by_law
        assert lawful.due is not None and due.due is not None


def test_of_a_kept_date_in_hours_the_share_is_what_remains_until_it() -> None:
    calendar = ruler(order(PUBLISHED, work=[date(2024, 6, 22), date(2024, 6, 23)]))
    kept = recounted(run_of("40wh"))
    due = kept.due(calendar)
    at = ShareRemaining(Decimal("0.25")).instant(kept, calendar, BASES)
    assert due.told and due.due is not None and at is not None
    assert calendar.clock.elapsed_seconds(at, due.due) == 10 * 3600


# --- the ledger -------------------------------------------------------------------------------------------------------


def test_the_ledger_shows_the_days_between_the_laws_date_and_the_told_one() -> None:
    run = recounted(run_of())
    lines = ledger(run, SHORTER)
    assert [(line.day, line.reason, line.counts, line.source) for line in lines[-4:]] == [
        (date(2024, 6, 28), "weekday", True, lines[1].source),
        (date(2024, 6, 29), "told-date", False, "order"),
        (date(2024, 6, 30), "told-date", False, "order"),
        (date(2024, 7, 1), "told-date", False, "order"),
    ]
    assert {line.total for line in lines[-4:]} == {Decimal(10)}
    assert "told-date" not in {line.reason for line in ledger(run, LONGER)}
    assert ledger(run, SHORTER, date(2024, 6, 29))[-1].day == date(2024, 6, 29)


def test_the_ledger_of_hours_shows_what_remains_of_the_last_day() -> None:
    run = recounted(run_of("40wh"))
    due, lawful = run.due(SHORTER), run.lawful(SHORTER)
    assert due.due is not None and lawful.due is not None
    lines = ledger(run, SHORTER)
    told = [line for line in lines if line.reason == "told-date"]
    assert (told[0].start, told[0].end) == (lawful.due, start_of(lawful.due.date() + timedelta(days=1)))
    assert [line.day for line in told[1:]] == [
        lawful.due.date() + timedelta(days=n) for n in range(1, (due.due.date() - lawful.due.date()).days + 1)
    ]
    assert {line.total for line in told} == {Decimal(40)}


def test_the_ledger_of_a_stopped_run_is_that_of_the_calendar_that_measured_it() -> None:
    stopped = attrs.evolve(recounted(run_of()), stopped_at=start_of(date(2024, 6, 18)))
    assert ledger(stopped, LONGER) == ledger(run_of(), PLAIN)
