"""Where the law of time has corners: open pauses, first days, ends of months, ends of days, wrong questions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import AS_GIVEN, CHINA, start_of
from egov_core.domain.periods import EndRoll, FixedDay, Immediate, Limit, NoLimit, Period, StartRule, Unit, parse_limit
from egov_core.domain.timers.kinds import KINDS, timer_kind
from egov_core.domain.timers.reckoning import DayEnd, Extension, Pause, PauseRule, Ruler, Settings, extension_refusal
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import CalendarRangeError, ClaimError, NaiveTimeError, PeriodError, UnknownError
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))
CLOSED = attrs.evolve(RULER, settings=Settings(pause_rule=PauseRule.CLOSED))
CAPPED = attrs.evolve(RULER, settings=Settings(cap_pauses=True))
START = datetime(2017, 9, 18, 10, tzinfo=CHINA)  # a Monday; twenty working days end on 2017-10-20
NAIVE = datetime(2017, 9, 18, 10)


def limit(text: str, **other: Any) -> Period:
    found = parse_limit(text, **other)
    assert isinstance(found, Period)
    return found


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def due_of(*pauses: Pause, text: str = "20wd", ruler: Ruler = RULER, start: datetime = START) -> str | None:
    last = ruler.due(start, limit(text), pauses).last_day
    return None if last is None else last.isoformat()


def test_an_open_pause_leaves_the_end_unknown() -> None:
    due = RULER.due(START, limit("20wd"), [Pause(start=moment("2017-09-28"))])
    assert (due.due, due.last_day, due.why_open) == (None, None, "paused")


@pytest.mark.parametrize("at", [(1, 1, 1, 0, 14), (9999, 12, 31, 23, -12)])
def test_an_instant_beyond_all_time_is_outside_the_calendar(at: tuple[int, int, int, int, int]) -> None:
    year, month, day, hour, offset = at
    beyond = datetime(year, month, day, hour, tzinfo=timezone(timedelta(hours=offset)))
    amount = limit("5wd")
    for asked in (
        lambda: RULER.due(beyond, amount),
        lambda: Pause(start=beyond),
        lambda: Extension(amount=amount, approved_at=beyond),
        lambda: RULER.clock.next_open(beyond),
        lambda: RULER.vendor_scale.after(beyond, amount.amount, []),
    ):
        with pytest.raises(CalendarRangeError, match="outside the working calendar"):
            asked()


def test_a_pause_is_one_of_the_procedures() -> None:
    assert Pause(start=START, kind=PauseKind.HEARING) == Pause(start=START, kind="听证")
    assert Pause(start=START, kind=None).kind == ""
    for refused in ("喝茶", 7):
        with pytest.raises(PeriodError, match="no procedure"):
            Pause(start=START, kind=refused)  # type: ignore[arg-type]  # the wrong kind is meant


def test_an_open_pause_that_began_before_the_start_leaves_the_end_unknown() -> None:
    assert due_of(Pause(start=moment("2017-09-01"))) is None


@pytest.mark.parametrize("text", ["20wd", "32d", "1m", "100wh", "700h"])
@pytest.mark.parametrize("by_dates", [True, False])
def test_an_open_pause_that_begins_after_the_limit_is_used_up_changes_nothing(text: str, by_dates: bool) -> None:
    plain = RULER.due(START, limit(text))
    late = Pause(start=moment("2017-12-01T09:00"), by_dates=by_dates)
    assert RULER.due(START, limit(text), [late]) == plain
    early = Pause(start=moment("2017-09-20T09:00"), by_dates=by_dates)
    assert RULER.due(START, limit(text), [early]).why_open == "paused"


def test_a_pause_from_the_last_day_on_spares_that_day_half_open_and_takes_it_closed() -> None:
    for end in (None, moment("2017-10-31")):
        pause = Pause(start=moment("2017-10-20"), end=end)
        assert due_of(pause) == "2017-10-20"
        assert due_of(pause, ruler=CLOSED) == (None if end is None else "2017-11-01")


def test_an_open_pause_is_credited_with_its_declared_days_where_pauses_are_capped() -> None:
    pause = Pause(start=moment("2017-09-28"), declared=limit("4wd"))
    assert due_of(pause) is None
    assert due_of(pause, ruler=CAPPED) == "2017-10-26"
    assert due_of(attrs.evolve(pause, by_dates=False), ruler=CAPPED) == "2017-10-26"


def test_a_pause_is_never_credited_beyond_its_end_by_its_declared_days() -> None:
    pause = Pause(start=moment("2017-09-28"), end=moment("2017-10-10"), declared=limit("100wd"))
    assert due_of(pause, ruler=CAPPED) == "2017-10-26"


def test_a_pause_that_begins_before_the_start_counts_only_from_the_start() -> None:
    pause = Pause(start=moment("2017-09-01"), end=moment("2017-09-20"))
    assert due_of(pause) == "2017-10-24"  # 19 and 20 September


def test_a_pause_that_ends_before_the_start_changes_nothing() -> None:
    assert due_of(Pause(start=moment("2017-09-01"), end=moment("2017-09-17"))) == "2017-10-20"


def test_the_first_counted_day_lies_after_a_pause_over_it() -> None:
    for by_dates, end in ((True, "2017-09-20"), (False, "2017-09-20T18:00")):
        pause = Pause(start=moment("2017-09-18"), end=moment(end), by_dates=by_dates)
        assert RULER.due(START, limit("5wd"), [pause]).first_day == date(2017, 9, 21), by_dates
    natural = RULER.due(START, limit("5d"), [Pause(start=moment("2017-09-18"), end=moment("2017-09-20"))])
    assert (natural.first_day, natural.last_day) == (date(2017, 9, 21), date(2017, 9, 25))


def test_a_pause_by_times_takes_out_the_exact_office_time() -> None:
    # half a working day leaves the limit at 20.5 days, which the twenty-first day holds
    clock = RULER.clock
    opening, closing = clock.opening(date(2017, 9, 20)), clock.closing(date(2017, 9, 20))
    assert opening is not None and closing is not None
    half = clock.add_seconds(opening, clock.elapsed_seconds(opening, closing) // 2)
    morning = Pause(start=opening, end=half, by_dates=False)
    assert due_of(morning) == "2017-10-23"
    assert due_of(morning, Pause(start=half, end=closing, by_dates=False)) == "2017-10-23"
    following = clock.opening(date(2017, 9, 21))
    assert following is not None
    more = Pause(start=half, end=clock.add_seconds(following, 1), by_dates=False)
    assert due_of(morning, more) == "2017-10-24"


def test_a_pause_on_the_start_day_matters_only_where_that_day_counts() -> None:
    pause = Pause(start=moment("2017-09-18"), end=moment("2017-09-18"))
    assert due_of(pause, ruler=CLOSED) == "2017-10-20"
    same = limit("20wd", start_rule=StartRule.SAME_DAY)
    assert CLOSED.due(START, same, [pause]).last_day == date(2017, 10, 20)
    assert CLOSED.due(START, same).last_day == date(2017, 10, 19)


@pytest.mark.parametrize(
    ("start", "text", "next_day", "same_day"),
    [
        ("2024-01-31", "1m", "2024-02-29", "2024-02-29"),
        ("2023-01-31", "1m", "2023-02-28", "2023-02-28"),
        ("2024-03-01", "1m", "2024-04-01", "2024-03-31"),
        ("2024-02-29", "1y", "2025-02-28", "2025-02-28"),
        ("2024-11-15", "3m", "2025-02-15", "2025-02-14"),
        ("2024-12-31", "2m", "2025-02-28", "2025-02-28"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_months_last(
    start: str, text: str, next_day: str, same_day: str
) -> None:
    assert due_of(text=text, start=moment(start)) == next_day
    same = RULER.due(moment(start), limit(text, start_rule=StartRule.SAME_DAY))
    assert same.last_day == date.fromisoformat(same_day)


def test_a_month_from_an_instant_without_the_corresponding_day_has_the_whole_last_day() -> None:
    """民法典 202 and 203: the month's last day is the last, to its end; so that a later start is never due earlier."""

    def due(start: str) -> datetime | None:
        return RULER.due(moment(start), limit("1m", start_rule=StartRule.INSTANT)).due

    assert due("2015-01-28T14:00") == moment("2015-02-28T14:00")
    assert due("2015-01-29T00:00") == due("2015-01-31T20:00") == moment("2015-02-28T23:59:59")
    assert due("2015-02-01T00:00") == moment("2015-03-01T00:00")


def test_natural_days_from_the_instant_end_at_the_same_wall_time() -> None:
    due = RULER.due(START, limit("15d", start_rule=StartRule.INSTANT))
    assert due.due == moment("2017-10-03T10:00")


def test_hours_from_the_next_day_begin_at_its_midnight_or_opening() -> None:
    assert RULER.due(START, limit("24h", start_rule=StartRule.NEXT_DAY)).due == moment("2017-09-20T00:00")
    opening = RULER.clock.opening(date(2017, 9, 19))
    assert opening is not None
    due = RULER.due(START, limit("1wh", start_rule=StartRule.NEXT_DAY)).due
    assert due == RULER.clock.add_seconds(opening, 3_600)


def test_hours_from_the_beginning_of_a_day_under_way_are_refused() -> None:
    with pytest.raises(PeriodError, match="hours cannot count"):
        limit("7wh", start_rule=StartRule.SAME_DAY)


def test_a_period_that_ends_in_a_rest_rolls_only_where_set() -> None:
    start = moment("2022-09-12")
    assert RULER.due(start, limit("20d")).last_day == date(2022, 10, 2)
    assert RULER.due(start, limit("20d", end_roll=EndRoll.AFTER_REST)).last_day == date(2022, 10, 8)


def test_the_last_day_ends_at_midnight_or_where_so_set_at_closing() -> None:
    assert RULER.due(START, limit("1wd")).due == moment("2017-09-19T23:59:59")
    place = attrs.evolve(RULER, settings=Settings(day_end=DayEnd.CLOSE))
    closing = RULER.clock.closing(date(2017, 9, 19))
    due = place.due(START, limit("1wd")).due
    assert closing is not None and due is not None
    assert (closing - due).total_seconds() == 1
    # a natural day that ends on a Sunday has no closing
    assert place.due(START, limit("6d")).due == moment("2017-09-24T23:59:59")


def test_what_begins_after_closing_is_never_due_before_it_began() -> None:
    place = attrs.evolve(RULER, settings=Settings(day_end=DayEnd.CLOSE))
    late = moment("2017-09-18T21:00")
    assert place.due(late, Immediate(basis=AS_GIVEN)).due == moment("2017-09-18T23:59:59")


def test_on_the_spot_ends_with_the_day_and_none_never_ends() -> None:
    assert RULER.due(START, Immediate(basis=AS_GIVEN)).due == moment("2017-09-18T23:59:59")
    none = RULER.due(START, NoLimit(basis=AS_GIVEN))
    assert (none.due, none.why_open) == (None, "no-limit")
    assert RULER.due(START, FixedDay(day=date(2017, 10, 1), basis=AS_GIVEN)).last_day == date(2017, 10, 1)


def test_working_days_from_the_instant_start_at_the_opening_after_a_rest() -> None:
    exact = limit("2wd", start_rule=StartRule.INSTANT)
    assert RULER.due(moment("2017-09-22T10:20:30"), exact).due == moment("2017-09-26T10:20:30")
    opening = RULER.clock.opening(date(2017, 9, 25))
    assert opening is not None
    due = RULER.due(moment("2017-09-23T10:20:30"), exact)
    assert due.due == datetime.combine(date(2017, 9, 27), opening.time(), CHINA)
    assert due.first_day == date(2017, 9, 25)


def test_the_vendor_scale_credits_declared_days_at_most_only_where_pauses_are_capped() -> None:
    exact = limit("20wd", start_rule=StartRule.INSTANT)
    pause = Pause(
        start=moment("2017-09-28T10:00"), end=moment("2017-10-12T10:00"), declared=limit("2wd"), by_dates=False
    )
    assert RULER.due(START, exact, [pause]).due == moment("2017-10-30T10:00")
    assert CAPPED.due(START, exact, [pause]).due == moment("2017-10-24T10:00")
    still_open = attrs.evolve(pause, end=None)
    assert RULER.due(START, exact, [still_open]).why_open == "paused"
    assert CAPPED.due(START, exact, [still_open]).due == moment("2017-10-24T10:00")


def test_on_the_vendor_scale_a_pause_from_a_rest_day_hides_no_part_of_one_from_that_morning() -> None:
    # one begins on the holiday, and so on the scale at 09:00 on 4 May; the other has begun at 01:00 by then
    exact = limit("5wd", start_rule=StartRule.INSTANT)
    rest = Pause(start=moment("2023-05-01T12:00"), end=moment("2023-05-05T12:00"), by_dates=False)
    early = Pause(start=moment("2023-05-04T01:00"), end=moment("2023-05-05T12:00"), by_dates=False)
    start = moment("2023-04-28T10:00")
    alone = RULER.due(start, exact, [early])
    assert alone.due == moment("2023-05-10T21:00")  # a day and eleven hours are taken out
    assert RULER.due(start, exact, [early, rest]) == RULER.due(start, exact, [rest, early]) == alone


def test_days_beyond_the_last_notice_make_a_result_provisional_whatever_the_unit() -> None:
    start = moment("2026-12-30")
    for text in ("5wd", "5d", "1m", "20wh", "72h"):
        assert RULER.due(start, limit(text)).provisional is True, text
        assert RULER.due(START, limit(text)).provisional is False, text


def test_a_time_of_another_zone_is_read_in_the_zone_of_the_law() -> None:
    late = datetime(2016, 4, 21, 17, tzinfo=UTC)  # 01:00 on 22 April
    assert due_of(start=late) == "2016-05-23"
    pause = Pause(start=datetime(2017, 9, 27, 17, tzinfo=UTC), end=datetime(2017, 10, 9, 17, tzinfo=UTC))
    assert due_of(pause) == "2017-10-26"


def naive_questions() -> list[Any]:
    aware = limit("20wd")
    return [
        lambda: RULER.due(NAIVE, aware),
        lambda: RULER.due(NAIVE, Immediate(basis=AS_GIVEN)),
        lambda: Pause(start=NAIVE),
        lambda: Pause(start=START, end=NAIVE),
        lambda: Extension(amount=aware, approved_at=NAIVE),
        lambda: TimerRun(timer_id="t", kind="case", start=NAIVE, limits={}),
        lambda: TimerRun(timer_id="t", kind="case", start=START, limits={}, stopped_at=NAIVE),
        lambda: TimerRun(timer_id="t", kind="case", start=START, limits={}, knowable_from=NAIVE),
        lambda: TimerRun(timer_id="t", kind="case", start=START, limits={}).as_known_at(NAIVE),
        lambda: RULER.vendor_scale.position(NAIVE),
        lambda: RULER.vendor_scale.after(NAIVE, 1),
        lambda: extension_refusal(RULER, NAIVE, aware, (), Extension(amount=aware, approved_at=START)),
    ]


@pytest.mark.parametrize("question", naive_questions())
def test_a_naive_time_is_refused_wherever_one_can_be_given(question: Any) -> None:
    with pytest.raises(NaiveTimeError):
        question()


def test_a_pause_that_ends_before_it_begins_or_is_declared_in_hours_is_refused() -> None:
    with pytest.raises(PeriodError, match="before it begins"):
        Pause(start=START, end=moment("2017-09-17"))
    with pytest.raises(PeriodError, match="declared in working days"):
        Pause(start=START, declared=limit("24h"))


def test_what_lies_outside_the_calendar_is_refused_and_never_overflows() -> None:
    far = datetime(9999, 12, 31, tzinfo=CHINA)
    questions: list[Any] = [
        lambda: RULER.due(far, limit("15d")),
        lambda: RULER.due(START, limit("20wd"), [Pause(start=far)]),
        lambda: RULER.due(START, limit("20wd"), [Pause(start=START, end=far)]),
        lambda: RULER.before(date(5, 1, 1), limit("10y")),
        lambda: RULER.due(moment("2040-12-30"), limit("20wd")),
    ]
    for question in questions:
        with pytest.raises(CalendarRangeError):
            question()
    with pytest.raises(ClaimError):
        RULER.before(START, limit("30d"))


def test_hours_cannot_be_counted_back() -> None:
    with pytest.raises(PeriodError, match="backward"):
        RULER.before(date(2024, 10, 1), limit("7wh"))
    assert RULER.before(date(2024, 3, 31), limit("1m")) == date(2024, 2, 29)
    assert RULER.before(date(2024, 2, 29), limit("1y")) == date(2023, 2, 28)


def test_an_extension_in_another_unit_is_an_error() -> None:
    with pytest.raises(PeriodError, match="cannot be added"):
        RULER.due(START, limit("20wd"), (), [Extension(amount=limit("10d"), approved_at=START)])


@pytest.mark.parametrize(
    ("approved", "pauses", "void"),
    [
        ("2017-10-20T23:59:59", (), ""),
        ("2017-10-21T00:00:00", (), "passed"),
        ("2017-09-17", (), "before"),
        ("2017-10-21", (Pause(start=start_of(date(2017, 10, 16))),), ""),
        ("2017-10-25", (Pause(start=start_of(date(2017, 9, 28)), end=start_of(date(2017, 10, 10))),), ""),
        # the pause became known only after the limit had passed
        ("2017-10-23", (Pause(start=start_of(date(2017, 10, 24)), end=start_of(date(2017, 10, 30))),), "passed"),
    ],
)
def test_an_extension_is_approved_while_the_limit_still_runs(
    approved: str, pauses: tuple[Pause, ...], void: str
) -> None:
    asked = Extension(amount=limit("10wd"), approved_at=moment(approved))
    said = extension_refusal(RULER, START, limit("20wd"), pauses, asked)
    assert (void in said) if void else said == ""


@pytest.mark.parametrize("given", [Immediate(basis=AS_GIVEN), NoLimit(basis=AS_GIVEN), limit("24h"), limit("15d")])
def test_an_extension_of_what_cannot_be_extended_is_void(given: Limit) -> None:
    assert extension_refusal(RULER, START, given, (), Extension(amount=limit("10wd"), approved_at=START))


def test_no_promise_means_the_statutory_limit() -> None:
    limits: dict[str, Limit] = {"promised": NoLimit(basis=AS_GIVEN), "statutory": limit("20wd")}
    run = TimerRun(timer_id="t", kind="case", start=START, limits=limits)
    assert run.due(RULER).last_day == date(2017, 10, 20)
    assert TimerRun(timer_id="t", kind="case", start=START, limits={}).due(RULER).why_open == "no-limit"


def test_every_kind_of_timer_is_there_and_an_unknown_one_is_told_the_others() -> None:
    named = (
        "case promised-case special-procedure pre-acceptance licence inquiry complaint report correction-notice "
        "correction extension step forward delivery hearing hearing-request renewal commitment-check order"
    )
    assert set(KINDS) == set(named.split())
    for code, kind in KINDS.items():
        assert kind.code == code
    with pytest.raises(UnknownError) as refused:
        timer_kind("coffee")
    assert "special-procedure" in refused.value.remedy


@pytest.mark.parametrize("text", ["", "20", "wd", "20 wd", "1e3wd", "٢٠wd", "20WD", "+5wd", "0x5wd", "20wd\n", "NaNwd"])
def test_what_is_not_a_limit_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(PeriodError) as refused:
        parse_limit(text)
    assert "20wd" in refused.value.remedy


@pytest.mark.parametrize("text", ["0wd", "-5wd", "3001wd", "999999999d", "1.5d", "0.5m", "11y"])
def test_an_absurd_amount_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(PeriodError) as refused:
        parse_limit(text)
    assert refused.value.remedy and refused.value.data["amount"]


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_an_amount_that_is_no_number_is_refused(amount: str) -> None:
    with pytest.raises(PeriodError):
        Period(amount=Decimal(amount), unit=Unit.WORKING_DAY, basis=AS_GIVEN)


@pytest.mark.parametrize("text", ["20wd", "15d", "1m", "1y", "7wh", "24h", "2.5wd", "immediate", "none"])
def test_a_limit_reads_back_as_it_is_written(text: str) -> None:
    assert str(parse_limit(text)) == text
    assert parse_limit(str(parse_limit(text))) == parse_limit(text)
