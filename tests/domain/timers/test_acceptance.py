"""Deemed acceptance (行政许可法 32): from when on an application is accepted, by whom or by law alone."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import CHINA, start_of
from egov_core.domain.periods import parse_limit
from egov_core.domain.timers.acceptance import ReceiptRule, acceptance, received_at
from egov_core.domain.timers.readings import Question
from egov_core.domain.timers.reckoning import Ruler
from egov_core.errors import AcceptanceError, NaiveTimeError
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))


def day(text: str) -> datetime:
    return start_of(date.fromisoformat(text))


@pytest.mark.shared
def test_the_worked_acceptance_holds(shared_dir: Path) -> None:
    text = (shared_dir / "domain" / "deadlines.jsonl").read_text(encoding="utf-8")
    lines = [line for line in map(json.loads, text.splitlines()) if line["fn"] == "deemed_acceptance"]
    assert lines
    for line in lines:
        question = Question(
            ruler=RULER,
            start=day(line["received"]),
            limit=parse_limit(f"{line['n']}wd"),
            on_receipt=True,
            notified=day(line["notice"]),
            supplemented=day(line["supplemented"]),
        )
        assert question.begins() == day(line["expect_accept"]), line
        assert question.due().last_day == date.fromisoformat(line["expect"]), line


def test_a_notice_in_time_makes_the_acceptance_wait_for_the_supplements() -> None:
    found = acceptance(RULER, day("2016-05-03"), day("2016-05-06"), day("2016-05-16"))
    assert (found.at, found.deemed) == (day("2016-05-16"), False)
    assert found.notice_due.last_day == date(2016, 5, 10)
    waiting = acceptance(RULER, day("2016-05-03"), day("2016-05-06"))
    assert (waiting.at, waiting.deemed) == (None, False)


def test_the_last_second_of_the_fifth_day_is_in_time_and_the_next_one_is_not() -> None:
    received = datetime(2021, 4, 22, 15, tzinfo=CHINA)
    last = datetime(2021, 4, 28, 23, 59, 59, tzinfo=CHINA)
    assert acceptance(RULER, received, last).at is None
    late = acceptance(RULER, received, last + timedelta(seconds=1))
    assert (late.at, late.deemed) == (received, True)


def test_without_a_notice_or_with_a_late_one_nothing_handed_in_later_matters() -> None:
    received = day("2021-04-22")
    for notified, supplemented in ((None, None), (None, day("2021-05-10")), (day("2021-04-29"), None)):
        found = acceptance(RULER, received, notified, supplemented)
        assert (found.at, found.deemed) == (received, True)


@pytest.mark.parametrize(
    ("notified", "supplemented", "words"),
    [
        ("2021-04-21", None, "before the application was received"),
        ("2021-04-26", "2021-04-25", "before the notice"),
        (None, "2021-04-21", "before the application"),
    ],
)
def test_an_impossible_order_is_refused(notified: str | None, supplemented: str | None, words: str) -> None:
    with pytest.raises(AcceptanceError, match=words) as refused:
        acceptance(
            RULER,
            day("2021-04-22"),
            None if notified is None else day(notified),
            None if supplemented is None else day(supplemented),
        )
    assert refused.value.remedy


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(NaiveTimeError):
        acceptance(RULER, datetime(2021, 4, 22))


def test_while_it_is_not_accepted_no_limit_runs() -> None:
    question = Question(
        ruler=RULER, start=day("2016-05-03"), limit=parse_limit("20wd"), on_receipt=True, notified=day("2016-05-06")
    )
    assert question.begins() is None
    assert (question.due().due, question.due().why_open) == (None, "not-accepted")


def test_an_acceptance_that_hangs_on_an_unpublished_year_is_provisional() -> None:
    late = Question(
        ruler=RULER,
        start=day("2026-12-30"),
        limit=parse_limit("immediate"),
        on_receipt=True,
        notified=day("2027-01-20"),
    )
    assert late.begins() == day("2026-12-30") and late.due().provisional


@given(st.datetimes(datetime(2016, 1, 1), datetime(2025, 12, 1)), st.booleans())
def test_a_receipt_moves_to_an_opening_or_not_at_all(naive: datetime, by_the_clock: bool) -> None:
    at = naive.replace(tzinfo=CHINA, microsecond=0)
    moved = received_at(at, ReceiptRule.NEXT_WORKING_DAY, RULER.clock, by_the_clock=by_the_clock)
    assert received_at(at, ReceiptRule.AS_IS, RULER.clock, by_the_clock=by_the_clock) == at
    assert CALENDAR.is_workday(moved.date())
    assert moved == at or (moved > at and moved.date() > at.date() and moved == RULER.clock.opening(moved.date()))
