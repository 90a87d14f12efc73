"""Readings: every admissible one where they give different last days, and none where all agree."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import AS_GIVEN, CHINA, start_of
from egov_core.domain.periods import EndRoll, Immediate, Limit, NoLimit, Period, StartRule, Unit, parse_limit
from egov_core.domain.timers.acceptance import ReceiptRule
from egov_core.domain.timers.applicant import ApplicantUnit
from egov_core.domain.timers.months import MonthEnd, add_months
from egov_core.domain.timers.readings import NOBODY, Chooser, ChosenBy, PublicityRule, Question, Reading, readings
from egov_core.domain.timers.reckoning import Extension, Pause, PauseRule, Ruler, Settings
from egov_core.errors import CalendarRangeError, PeriodError
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))


def day(text: str) -> datetime:
    return start_of(date.fromisoformat(text))


def limit(text: str, **changes: Any) -> Limit:
    read = parse_limit(text)
    assert isinstance(read, Period)
    return attrs.evolve(read, **changes)


def pause(first: str, last: str | None, kind: str = "") -> Pause:
    return Pause(start=day(first), end=None if last is None else day(last), kind=kind)


def asked(start: datetime, wanted: Limit, *pauses: Pause, **other: Any) -> Question:
    return Question(ruler=RULER, start=start, limit=wanted, pauses=pauses, **other)


def shown(question: Question) -> dict[str, list[tuple[str, str | None]]]:
    found: dict[str, list[tuple[str, str | None]]] = {}
    for one in readings(question):
        line = one.as_dict()
        assert line.keys() == {"setting", "value", "last_day"}
        found.setdefault(line["setting"], []).append((line["value"], line["last_day"]))
    return found


@pytest.mark.shared
def test_the_worked_readings_are_found(shared_dir: Path) -> None:
    text = (shared_dir / "domain" / "deadlines.jsonl").read_text(encoding="utf-8")
    lines = [line for line in map(json.loads, text.splitlines()) if line["fn"] == "readings"]
    assert lines
    for line in lines:
        pauses = [pause(first, last) for first, last in line.get("pauses", ())]
        question = asked(day(line["start"]), limit(f"{line['n']}wd"), *pauses)
        assert [one.as_dict() for one in readings(question)] == line["expect"], line


def test_a_pause_by_dates_is_read_in_two_ways_and_the_chosen_one_is_marked() -> None:
    question = asked(day("2017-09-18"), limit("20wd"), pause("2017-09-28", "2017-10-10"))
    expected = [("half-open", date(2017, 10, 26)), ("closed", date(2017, 10, 27))]
    assert [(one.value, one.last_day) for one in readings(question)] == expected
    assert [one.chosen for one in readings(question)] == [True, False]
    closed = attrs.evolve(question, ruler=attrs.evolve(RULER, settings=Settings(pause_rule=PauseRule.CLOSED)))
    assert [(one.value, one.last_day) for one in readings(closed)] == expected, "the list does not depend on the choice"
    assert [one.chosen for one in readings(closed)] == [False, True]


def test_a_pause_that_takes_the_same_days_under_both_rules_is_not_listed() -> None:
    assert readings(asked(day("2021-09-22"), limit("20wd"), pause("2021-10-02", "2021-10-07"))) == ()
    by_times = Pause(
        start=datetime(2017, 9, 28, 9, tzinfo=CHINA), end=datetime(2017, 10, 10, 17, tzinfo=CHINA), by_dates=False
    )
    assert readings(asked(day("2017-09-18"), limit("20wd"), by_times)) == ()


def test_a_reading_may_leave_the_end_open() -> None:
    question = asked(day("2017-09-18"), limit("3wd"), pause("2017-09-21", None))
    assert shown(question) == {"pause-rule": [("half-open", "2017-09-21"), ("closed", None)]}


@pytest.mark.parametrize("text", ["20wd", "15d", "1m", "1y", "7wh", "24h"])
def test_an_ordinary_case_has_one_reading(text: str) -> None:
    start = {"15d": "2016-04-25", "1m": "2016-04-22"}.get(text, "2016-04-22")
    on_office_time = day(start).replace(hour=10)
    assert readings(asked(on_office_time, limit(text), by_the_clock=True)) in ((), *_rolled(text))


def _rolled(text: str) -> list[tuple[Reading, ...]]:
    """A month from 22 April 2016 ends on a Sunday, a year later on a Saturday."""
    ends = {"1m": (date(2016, 5, 22), date(2016, 5, 23)), "1y": (date(2017, 4, 22), date(2017, 4, 24))}
    if text not in ends:
        return []
    plain, after = ends[text]
    return [(Reading("roll", "none", plain, chosen=True), Reading("roll", "after-rest", after))]


def test_the_first_day_is_a_reading_only_where_the_place_counts_it() -> None:
    start = day("2023-04-20")
    assert readings(asked(start, limit("10wd"))) == ()
    question = asked(start, limit("10wd", start_rule=StartRule.SAME_DAY))
    assert shown(question) == {"start-rule": [("next-day", "2023-05-06"), ("same-day", "2023-05-05")]}
    assert [one.chosen for one in readings(question)] == [False, True]
    on_a_rest_day = asked(day("2023-04-22"), limit("10wd", start_rule=StartRule.SAME_DAY))
    assert "start-rule" not in shown(on_a_rest_day), "a rest day counts under neither rule"


def test_a_receipt_is_a_reading_only_outside_office_hours() -> None:
    ten = limit("10wd")
    assert readings(asked(day("2017-09-22"), ten)) == ()
    saturday = {"receipt": [("as-is", "2017-10-12"), ("next-working-day", "2017-10-13")]}
    assert shown(asked(day("2017-09-23"), ten)) == saturday
    evening = datetime(2017, 9, 22, 20, tzinfo=CHINA)
    assert readings(asked(evening, ten)) == (), "no hours were given, so nobody knows that it was closed"
    assert shown(asked(evening, ten, by_the_clock=True)) == saturday
    assert readings(asked(evening.replace(hour=5), ten, by_the_clock=True)) == (), "before opening it is the same day"
    moved = attrs.evolve(asked(day("2017-09-23"), ten), receipt=ReceiptRule.NEXT_WORKING_DAY)
    assert shown(moved) == saturday and [one.chosen for one in readings(moved)] == [False, True]


def test_natural_days_that_end_on_a_rest_day_may_roll() -> None:
    question = asked(day("2022-09-13"), limit("19d"))
    assert shown(question) == {"roll": [("none", "2022-10-02"), ("after-rest", "2022-10-08")]}
    rolled = asked(day("2022-09-13"), limit("19d", end_roll=EndRoll.AFTER_REST))
    assert [one.chosen for one in readings(rolled)] == [False, True]
    assert readings(asked(day("2024-08-09"), limit("60d"))) == ()


def test_a_month_without_the_corresponding_day_may_end_on_the_first_of_the_next() -> None:
    expected = {"month-end": [("last-day", "2023-02-28"), ("next-month", "2023-03-01")]}
    assert shown(asked(day("2023-01-31"), limit("1m"))) == expected
    assert shown(asked(day("2024-02-29"), limit("1y")))["month-end"] == [
        ("last-day", "2025-02-28"),
        ("next-month", "2025-03-01"),
    ]
    assert readings(asked(day("2023-01-30"), limit("2m"))) == ()
    same_day = asked(day("2023-01-31"), limit("1m", start_rule=StartRule.SAME_DAY))
    assert "month-end" not in shown(same_day), "the day before the first of March is the last of February"


@given(st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.integers(1, 24))
def test_the_two_ends_of_a_month_differ_exactly_where_a_day_is_missing(start: date, months: int) -> None:
    plain, over = add_months(start, months), add_months(start, months, MonthEnd.NEXT_MONTH)
    assert over - plain == timedelta(days=plain.day != start.day)
    assert plain.day == start.day or over.day == 1


def test_publicity_is_not_in_the_national_list() -> None:
    question = asked(day("2020-09-16"), limit("20wd"), pause("2020-09-21", "2020-09-30", kind="公示"))
    assert shown(question)["pause-kind"] == [("counted", "2020-10-20"), ("not-counted", "2020-10-30")]
    assert "pause-kind" not in shown(asked(day("2020-09-16"), limit("20wd"), pause("2020-09-21", "2020-09-30", "听证")))


def test_a_reading_decides_about_extensions_too() -> None:
    """Approved on the day on which the limit ends under the closed rule only: void under the other."""
    extension = Extension(
        amount=Period(amount=Decimal(5), unit=Unit.WORKING_DAY, basis=AS_GIVEN), approved_at=day("2017-10-27")
    )
    question = asked(day("2017-09-18"), limit("20wd"), pause("2017-09-28", "2017-10-10"), extensions=(extension,))
    assert question.lawful()[0] == () and question.lawful()[1][0][0] == extension
    assert shown(question) == {"pause-rule": [("half-open", "2017-10-26"), ("closed", "2017-11-03")]}


def test_a_late_notice_under_one_reading_may_be_in_time_under_another() -> None:
    """Received on a Saturday: five working days end on Friday, or one day later where it counts from Monday."""
    question = asked(
        day("2017-06-03"),
        limit("20wd"),
        on_receipt=True,
        notified=datetime(2017, 6, 12, 9, tzinfo=CHINA),
        supplemented=datetime(2017, 6, 20, 9, tzinfo=CHINA),
    )
    found = shown(question)["receipt"]
    moved = attrs.evolve(question, receipt=ReceiptRule.NEXT_WORKING_DAY)
    first, second = question.acceptance(), moved.acceptance()
    assert first is not None and first.deemed
    assert second is not None and not second.deemed
    assert found[0][1] is not None and found[1][1] is not None and found[0][1] < found[1][1]


@pytest.mark.parametrize("none", [NoLimit(basis=AS_GIVEN), Immediate(basis=AS_GIVEN)])
def test_limits_that_are_not_counted_have_no_readings_of_counting(none: Limit) -> None:
    assert readings(asked(day("2017-09-20"), none, pause("2017-09-20", "2017-09-22"))) == ()


# -- who chose, and the applicant's own periods ------------------------------------------------------------------------


def test_the_chosen_reading_says_by_whom() -> None:
    question = asked(day("2017-09-18"), limit("20wd"), pause("2017-09-28", "2017-10-10"))
    assert [one.by for one in readings(question)] == [NOBODY, NOBODY]
    option = ChosenBy(Chooser.OPTION, "--pause-rule")
    told = readings(attrs.evolve(question, chosen_by={"pause-rule": option, "roll": NOBODY}))
    assert [one.by for one in told if one.chosen] == [option]
    assert readings(question) == told, "who chose is no part of the answer"


def test_publicity_may_be_chosen_to_count() -> None:
    question = asked(day("2020-09-16"), limit("20wd"), pause("2020-09-21", "2020-09-30", kind="公示"))
    assert question.due().last_day == date(2020, 10, 30)
    counted = attrs.evolve(question, publicity=PublicityRule.COUNTED)
    assert counted.due().last_day == date(2020, 10, 20)
    assert [one.value for one in readings(counted) if one.chosen] == ["counted"]
    assert "pause-rule" not in shown(counted), "a notice whose time counts has no ends to read"


@given(
    st.dates(date(2015, 1, 1), date(2025, 12, 31)),
    st.integers(1, 60),
    st.sampled_from([Unit.WORKING_DAY, Unit.DAY]),
    st.booleans(),
    st.sampled_from(EndRoll),
)
def test_the_favour_is_the_later_day_whatever_the_calendar(
    start: date, amount: int, unit: Unit, backward: bool, roll: EndRoll
) -> None:
    period = Period(amount=Decimal(amount), unit=unit, basis=AS_GIVEN, end_roll=EndRoll.NONE if backward else roll)
    question = asked(start_of(start), period, backward=backward, applicant=ApplicantUnit.FAVOUR)
    both = [
        attrs.evolve(question, applicant=one).due().last_day for one in (ApplicantUnit.WORKING_DAY, ApplicantUnit.DAY)
    ]
    assert None not in both
    assert question.due().last_day == max(one for one in both if one is not None)
    listed = [one.last_day for one in readings(question) if one.setting == "applicant-unit"]
    assert listed == (both if both[0] != both[1] else [])
    assert [one.last_day for one in readings(question) if one.chosen and one.setting == "applicant-unit"] in (
        [],
        [question.due().last_day],
    )


def test_months_and_hours_are_the_same_for_everybody() -> None:
    for text in ("1m", "1y", "7wh", "24h"):
        plain = asked(day("2024-09-12"), limit(text))
        own = attrs.evolve(plain, applicant=ApplicantUnit.FAVOUR)
        assert own.due() == plain.due() and "applicant-unit" not in shown(own)


def test_a_period_counted_back_is_a_question_too() -> None:
    question = asked(day("2024-10-01"), limit("30d"), backward=True)
    assert (question.due().last_day, readings(question)) == (date(2024, 9, 1), ())
    with pytest.raises(PeriodError, match="counted in days, months or years"):
        asked(day("2024-10-01"), limit("7wh"), backward=True).due()
    with pytest.raises(PeriodError, match="cannot be counted back"):
        asked(day("2024-10-01"), Immediate(basis=AS_GIVEN), backward=True).due()
    month = asked(day("2023-03-31"), limit("1m"), backward=True)
    assert shown(month) == {"month-end": [("last-day", "2023-02-28"), ("next-month", "2023-03-01")]}


def test_what_an_organ_does_is_not_received() -> None:
    saturday = asked(day("2017-09-23"), limit("10wd"), is_receipt=False)
    assert readings(saturday) == ()


def test_what_is_on_record_stands_under_every_reading() -> None:
    """A promise of five days, long over when the statutory twenty are extended: the extension lengthens both."""
    more = Period(amount=Decimal(10), unit=Unit.WORKING_DAY, basis=AS_GIVEN)
    extension = Extension(amount=more, approved_at=day("2017-10-09"))
    question = asked(day("2017-09-18"), limit("5wd"), extensions=(extension,))
    assert question.lawful()[1], "asked for, it is void"
    assert attrs.evolve(question, on_record=True).lawful() == ((extension,), ())


def test_a_reading_that_leads_out_of_the_calendar_has_no_day() -> None:
    """One working day more than to the thirty-first of December 2040, and the library knows no calendar."""
    question = asked(day("2040-12-20"), limit("6wd"), pause("2040-12-21", "2040-12-24"))
    assert [one.last_day for one in readings(question)] == [date(2040, 12, 31), None]
    with pytest.raises(CalendarRangeError):
        readings(attrs.evolve(question, limit=limit("7wd")))
