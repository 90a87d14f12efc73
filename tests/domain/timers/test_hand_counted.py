"""The deadlines counted by hand hold through Python, and the counts themselves are what the printed notices give."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import AS_GIVEN, CHINA, end_of, start_of
from egov_core.domain.periods import EndRoll, Period, StartRule, Unit
from egov_core.domain.timers.acceptance import ReceiptRule
from egov_core.domain.timers.readings import Question, readings
from egov_core.domain.timers.reckoning import Due, Extension, Pause, PauseRule, Ruler, Settings
from egov_core.runtime.shipped import national_calendar, office_hours
from tests.domain.timers.hand_counted import CASES, of

CONVENTIONS = {"P1": PauseRule.HALF_OPEN, "P2": PauseRule.CLOSED}
UNITS = {
    "n": Unit.WORKING_DAY,
    "days": Unit.DAY,
    "months": Unit.MONTH,
    "years": Unit.YEAR,
}
BACKWARD = ("renewal", "working_days_before")
STRETCH = re.compile(r"(\d\d-\d\d)(?:…(\d\d-\d\d))?→(\d+)")


def at(text: str) -> datetime:
    return start_of(date.fromisoformat(text)) if "T" not in text else datetime.fromisoformat(text).replace(tzinfo=CHINA)


def by_the_end_of(text: str, earlier: str) -> datetime:
    """A time, or a mere day: as late on that day as what came before it."""
    return max(at(text), at(earlier)) if text == earlier[:10] else at(text)


def limit(case: dict[str, Any]) -> Period:
    rule = StartRule(case["start_rule"].replace("_", "-")) if "start_rule" in case else None
    roll = EndRoll.AFTER_REST if case.get("roll") else EndRoll.NONE
    if "hours" in case:
        unit = Unit.HOUR if case["fn"] == "natural_hours" else Unit.WORKING_HOUR
        return Period(amount=Decimal(case["hours"]), unit=unit, basis=AS_GIVEN)
    [(amount, unit)] = [(Decimal(case[key]), unit) for key, unit in UNITS.items() if key in case]
    if rule is None:
        return Period(amount=amount, unit=unit, basis=AS_GIVEN, end_roll=roll)
    return Period(amount=amount, unit=unit, basis=AS_GIVEN, start_rule=rule, end_roll=roll)


def question(case: dict[str, Any]) -> Question:
    known = case.get("known_as_of")
    calendar = national_calendar(date.fromisoformat(known) if known else None)
    settings = Settings(pause_rule=CONVENTIONS[case.get("convention", "P1")], cap_pauses="cap" in case)
    whole = limit(case)
    declared = Period(amount=Decimal(case["cap"]), unit=Unit.WORKING_DAY, basis=AS_GIVEN) if "cap" in case else None
    begin = case.get("received") or case.get("expiry") or case.get("end") or case["start"]
    notified = by_the_end_of(case["notice"], begin) if "notice" in case else None
    return Question(
        ruler=Ruler(
            calendar=calendar,
            clock=OfficeClock(calendar, office_hours(case.get("timetable", "standard"))),
            settings=settings,
        ),
        start=at(begin),
        limit=whole,
        pauses=tuple(
            Pause(start=at(a), end=at(b) if b else None, declared=declared, by_dates="T" not in a)
            for a, b in case.get("pauses", ())
        ),
        extensions=(
            (
                Extension(
                    amount=Period(amount=Decimal(case["extra"]), unit=whole.unit, basis=AS_GIVEN),
                    approved_at=at(case["approved"]),
                ),
            )
            if "extra" in case
            else ()
        ),
        receipt=ReceiptRule(case.get("receipt", "as-is")),
        by_the_clock="timetable" in case and "T" in begin,
        on_receipt="received" in case,
        notified=notified,
        supplemented=by_the_end_of(case["supplemented"], case["notice"]) if "supplemented" in case else None,
        backward=case["fn"] in BACKWARD,
    )


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["fn"] not in ("cards", "readings")], ids=lambda case: case["id"]
)
def test_a_deadline_is_the_one_counted_by_hand(case: dict[str, Any]) -> None:
    asked = question(case)
    found: Due = asked.due()
    expected = case.get("expect_latest", case.get("expect"))
    if expected is None:
        assert found.due is None and found.why_open
    elif "T" in expected:
        assert found.due == at(expected)
    else:
        assert found.due == end_of(date.fromisoformat(expected))
    assert found.provisional is case.get("provisional", False)
    assert bool(asked.lawful()[1]) is case.get("expect_error", False)
    if "expect_accept" in case:
        accepted = asked.acceptance()
        assert accepted is not None and accepted.deemed is case["deemed"]
        assert str(accepted.at and accepted.at.date()) == str(case["expect_accept"])


@pytest.mark.parametrize("case", of("readings"), ids=lambda case: case["id"])
def test_the_readings_are_those_counted_by_hand(case: dict[str, Any]) -> None:
    assert [one.as_dict() for one in readings(question(case))] == case["expect"]


def stretches(count: str) -> list[tuple[str, str, int]]:
    found = STRETCH.findall(count)
    assert len(found) == count.count("→"), count
    return [(first, last or first, int(total)) for first, last, total in found]


@pytest.mark.parametrize("case", [case for case in CASES if "→" in case.get("count", "")], ids=lambda case: case["id"])
def test_a_count_by_hand_adds_up_and_ends_on_its_day(case: dict[str, Any]) -> None:
    total, day = 0, ""
    for first, last, reached in stretches(case["count"]):
        # a stretch lies within one year; 2024 only has the leap day that a stretch may run over
        length = (date.fromisoformat(f"2024-{last}") - date.fromisoformat(f"2024-{first}")) // timedelta(days=1) + 1
        assert length > 0, (first, last)
        total, day = total + length, last
        assert total == reached, (first, last, reached)
    assert day == case["expect"][5:10]
    extra = Decimal(case.get("extra", 0)) if not case.get("expect_error") else Decimal(0)
    assert total == math.ceil(Decimal(case["n"]) + extra)


def test_every_case_has_a_number_of_its_own_and_says_why() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES) >= 240
    assert all(case["why"] for case in CASES)


def waiting(received: str, notified: str) -> Due:
    return question({"fn": "", "received": received, "notice": notified, "n": 20, "known_as_of": "2026-10-01"}).due()


def test_a_notice_that_was_in_time_only_by_a_provisional_calendar_says_so() -> None:
    # the five days are 12-29, 12-30, 12-31, 01-04, 01-05: a worked 01-03 would make the notice of 01-05 late
    assert (waiting("2026-12-28", "2027-01-05").why_open, waiting("2026-12-28", "2027-01-05").provisional) == (
        "not-accepted",
        True,
    )
    assert waiting("2026-11-02", "2026-11-03").provisional is False


def test_an_open_pause_beyond_the_horizon_is_provisional_too() -> None:
    asked = {"fn": "", "n": 15, "known_as_of": "2026-10-01"}
    late = question({**asked, "start": "2026-12-14", "pauses": [["2027-01-04", None]]}).due()
    assert (late.due, late.why_open, late.provisional) == (None, "paused", True)
    early = question({**asked, "start": "2026-11-02", "pauses": [["2026-11-05", None]]}).due()
    assert (early.due, early.why_open, early.provisional) == (None, "paused", False)
