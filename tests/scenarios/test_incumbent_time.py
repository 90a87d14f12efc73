"""Where the system in use until now measures time wrongly, and what is right: its formula beside ours, row by row.

The formula is as it was re-implemented and checked against the vendor's own printed examples. It counts calendar days,
takes off the days marked as holidays and the two at the ends, and adds what is left of the first day and what is used
of the last, all in office days as long as the first one.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from egov_core.domain.calendar.hours import OfficeClock, OfficeHours, Season, Window
from egov_core.domain.cards.schedule import scheduled_cards
from egov_core.domain.legal import CHINA
from egov_core.domain.periods import Period, parse_limit
from egov_core.domain.timers.reckoning import Pause, Ruler
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import CalendarDataError
from egov_core.ports.queries import Board, BoardQuery
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.policies import load_policy
from egov_core.runtime.shipped import national_calendar, office_hours
from egov_core.testing import small_county as county

STANDARD = OfficeClock(national_calendar(), office_hours("standard"))
RULER = Ruler(calendar=national_calendar(), clock=STANDARD)
HUNAN = load_policy("hunan-2018")
OFFICE_DAY = 7 * 3600
WEEKENDS = [date(2018, 10, day) for day in (13, 14, 20, 21)]
SECOND = timedelta(seconds=1)


def on(day: int, clock: str, month: int = 10, year: int = 2018) -> datetime:
    return datetime.combine(date(year, month, day), time.fromisoformat(clock), CHINA)


# -- the formula of the incumbent --------------------------------------------------------------------------------------


def second_of(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def used_of_day(windows: Collection[Window], at: time) -> int:
    return sum(max(0, min(second_of(at), second_of(closing)) - second_of(opening)) for opening, closing in windows)


def legacy_seconds(hours: OfficeHours, holidays: Collection[date], start: datetime, end: datetime) -> tuple[int, int]:
    """The office time from start to end, and STD, the length of an office day: that of the start's day."""
    first, last = hours.windows(start.date()), hours.windows(end.date())
    std = used_of_day(first, time.max)
    marked = sum(start.date() <= day <= end.date() for day in holidays)
    days = (end.date() - start.date()).days + 1 - marked - 2
    used = 0 if end.time() == last[-1][1] else used_of_day(last, end.time())  # at closing time nothing was used
    return days * std + std - used_of_day(first, start.time()) + used, std


def legacy(holidays: Collection[date], start: datetime, end: datetime) -> Fraction:
    return Fraction(*legacy_seconds(office_hours("standard"), holidays, start, end))


def exact(clock: OfficeClock, start: datetime, end: datetime) -> Fraction:
    return Fraction(clock.elapsed_seconds(start, end), OFFICE_DAY)


def out(used: Fraction, limit: int) -> int:
    """The vendor's value: at most 0 is in time, 1 is overdue by any second."""
    return math.ceil(used - limit)


ROWS = [
    (on(15, "10:00"), on(24, "10:00:01"), "7.00", "7.00"),
    (on(13, "18:00"), on(15, "17:30"), "0.00", "1.00"),
    (on(13, "10:00"), on(15, "17:30"), "0.86", "1.00"),
    (on(15, "10:00"), on(20, "01:00"), "3.86", "4.86"),
    (on(15, "10:00"), on(17, "16:59:59"), "2.86", "2.86"),
    (on(15, "10:00"), on(17, "17:00"), "1.86", "2.86"),
]


@pytest.mark.parametrize(("start", "end", "theirs", "ours"), ROWS)
def test_the_six_rows_of_office_days_theirs_and_ours(start: datetime, end: datetime, theirs: str, ours: str) -> None:
    """October 2018, 09-12 and 13-17: an end outside a working day costs up to a day, and so does the closing second."""
    assert f"{float(legacy(WEEKENDS, start, end)):.2f}" == theirs
    assert f"{float(exact(STANDARD, start, end)):.2f}" == ours


def test_one_second_before_the_limit_is_used_up_and_one_after_are_told_apart_by_both() -> None:
    start, last = on(15, "10:00"), on(24, "10:00")
    assert [out(legacy(WEEKENDS, start, at), 7) for at in (last, last + SECOND)] == [0, 1]
    assert [out(exact(STANDARD, start, at), 7) for at in (last, last + SECOND)] == [0, 1]


def test_a_saturdays_run_finds_what_was_overdue_on_friday() -> None:
    """Four days from Monday 10:00 were over on Friday at 10:00; for their run of Saturday 01:00 they were not."""
    start, run = on(15, "10:00"), on(20, "01:00")
    assert out(legacy(WEEKENDS, start, run), 4) == 0
    assert out(exact(STANDARD, start, run), 4) == 1
    assert cards("4wd", start)["yellow"] == on(19, "10:00:01")


def test_who_finishes_in_the_closing_second_is_as_late_as_a_second_before() -> None:
    start, closing = on(15, "10:00"), on(17, "17:00")
    assert [out(legacy(WEEKENDS, start, at), 2) for at in (closing - SECOND, closing)] == [1, 0]
    assert [out(exact(STANDARD, start, at), 2) for at in (closing - SECOND, closing)] == [1, 1]


# -- the other facts ---------------------------------------------------------------------------------------------------

SUMMER = Season(first=(7, 1), last=(9, 30), windows=((time(8), time(12)), (time(14, 30), time(18))))
WINTER = Season(first=(10, 1), last=(6, 30), windows=((time(8), time(12)), (time(14), time(17))))


def test_hours_are_those_of_each_day_and_not_of_the_first_one() -> None:
    """Seven and a half hours in summer, seven in winter: two winter days at summer's length are an hour too much."""
    hours = OfficeHours(name="two seasons", basis="test", seasons=(SUMMER, WINTER))
    clock = OfficeClock(national_calendar(), hours)
    start, end = on(28, "08:00", month=9), on(10, "12:00")
    national_day = [date(2018, 10, day) for day in range(1, 8)]  # 29 and 30 September are worked
    seconds, _ = legacy_seconds(hours, national_day, start, end)
    assert seconds == 41.5 * 3600
    assert clock.elapsed_seconds(start, end) == 40.5 * 3600
    limit = parse_limit("40.5wh")
    assert Ruler(calendar=national_calendar(), clock=clock).due(start, limit).due == end


def test_a_year_without_holiday_rows_is_guessed_and_marked_not_counted_as_work() -> None:
    """As known at the end of November 2018. Theirs has no rows for 2019, so that New Year and weekends are worked."""
    known = national_calendar(date(2018, 11, 30))
    place = Ruler(calendar=known, clock=OfficeClock(known, office_hours("standard")))
    start, end = on(28, "10:00", month=12), on(7, "10:00", month=1, year=2019)
    rows = [date(2018, 12, 29), date(2018, 12, 30)]
    assert legacy(rows, start, end) == 8
    assert exact(place.clock, start, end) == 5
    due = place.due(start, parse_limit("5wd"))
    assert (due.last_day, due.provisional) == (date(2019, 1, 7), True)
    # the notice then made Saturday the 29th a working day and Monday the 31st, which it closed, a day off
    assert RULER.due(start, parse_limit("5wd")).last_day == date(2019, 1, 7)
    assert RULER.due(start, parse_limit("5wd")).provisional is False


@pytest.mark.parametrize(
    ("seasons", "code"),
    [
        ((SUMMER, WINTER, SUMMER), "doubled"),  # theirs: the query fails, and with it every case of the slice
        ((SUMMER,), "uncovered"),  # theirs: no time ever passes, so that no card is ever issued
    ],
)
def test_a_timetable_with_two_rows_for_a_day_or_none_is_refused(seasons: tuple[Season, ...], code: str) -> None:
    with pytest.raises(CalendarDataError) as refused:
        OfficeHours(name="theirs", basis="test", seasons=seasons)
    assert [fault.code for fault in refused.value.faults] == [code]


# -- their cards -------------------------------------------------------------------------------------------------------


def days(text: str) -> Period:
    limit = parse_limit(text)
    assert isinstance(limit, Period)
    return limit


def cards(
    promised: str, start: datetime, *, kind: str = "promised-case", pauses: tuple[Pause, ...] = ()
) -> dict[str, datetime]:
    base = "declared" if kind == "special-procedure" else "promised"
    run = TimerRun(timer_id="t", kind=kind, start=start, limits={base: HUNAN.counted(days(promised))}, pauses=pauses)
    return {card.key.level: card.at for card in scheduled_cards(HUNAN, run, RULER)}


def test_an_item_of_three_days_is_warned_in_its_first_second() -> None:
    start = on(15, "10:00")
    assert cards("3wd", start)["warning"] == start + SECOND
    assert cards("4wd", start)["warning"] == on(16, "10:00:01")


def test_a_special_procedure_told_as_three_days_and_kept_five_moves_the_case_by_three() -> None:
    start, begun, ended = on(15, "10:00"), on(16, "10:00"), on(23, "10:00")  # five working days
    kept = Pause(start=begun, end=ended, declared=days("3wd"), by_dates=False)
    assert cards("7wd", start, pauses=(kept,))["yellow"] == on(29, "10:00:01")  # without it: 24 October
    own = cards("3wd", begun, kind="special-procedure")
    assert (own["yellow"], own["red"]) == (on(19, "10:00:01"), on(22, "10:00:01"))  # after three days, after four


def test_special_procedures_that_overlap_are_counted_once() -> None:
    """16 to 18 and 17 to 19 October are three days; theirs adds two and two."""
    one, other = (
        Pause(start=on(begin, "10:00"), end=on(begin + 2, "10:00"), declared=days("2wd"), by_dates=False)
        for begin in (16, 17)
    )
    start = on(15, "10:00")
    added = sum(exact(STANDARD, pause.start, pause.end) for pause in (one, other) if pause.end)
    assert added == 4
    assert cards("7wd", start)["yellow"] == on(24, "10:00:01")
    assert cards("7wd", start, pauses=(one, other))["yellow"] == on(29, "10:00:01")
    assert cards("7wd", start, pauses=(other, one)) == cards("7wd", start, pauses=(one, other))


def test_where_promise_and_law_end_together_there_are_two_cards_and_one_is_counted(tmp_path: Path) -> None:
    clock = ManualClock(county.MONDAY)
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=clock, policy="hunan-2018") as office:
        office.establish(items=[county.item("equal", promised=county.working_days(20))])
        case_id = county.accepted(office, "equal").case_id
        clock.advance(timedelta(days=40))
        assert office.sweep().issued == {"warning": 1, "yellow": 1, "red": 1}
        issued = {card.level: card.at for card in office.storage.cards(office.area, case_id)}
        assert issued["yellow"] == issued["red"] == datetime(2024, 7, 15, 9, 0, 1, tzinfo=CHINA)
        board: Board = office.answer(BoardQuery(area=office.area))
        assert board.total.running == {"warning": 0, "yellow": 0, "red": 1}
        assert board.total.ledger == {"warning": 1, "yellow": 1, "red": 1}


@pytest.mark.parametrize("policy", ["notice", "hunan-2018"])
def test_sweeps_over_a_weekend_issue_what_mondays_alone_issues(policy: str) -> None:
    def swept(*times: datetime) -> list[tuple[str, datetime]]:
        clock = ManualClock(county.MONDAY)
        office = county.open_small_county(clock=clock, policy=policy)
        case_id = county.accepted(office).case_id
        for at in times:
            clock.move_to(at)
            office.sweep()
        return [(card.level, card.at) for card in office.storage.cards(office.area, case_id)]

    # ten working days from Monday 17 June 2024 end on Monday 1 July
    nights = [datetime(2024, 6, 28, 1, tzinfo=CHINA) + timedelta(days=n) for n in range(5)]
    assert [night.weekday() for night in nights] == [4, 5, 6, 0, 1]
    assert swept(*nights) == swept(nights[-1]) != []
