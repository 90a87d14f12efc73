"""Worked deadlines: the cases computed outside this library that concern days and office hours only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import CHINA
from egov_core.runtime.shipped import national_calendar, office_hours

pytestmark = pytest.mark.shared


def rows(shared_dir: Path, fn: str) -> Iterator[dict[str, Any]]:
    found = 0
    for line in (shared_dir / "domain" / "deadlines.jsonl").read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if row["fn"] == fn:
            found += 1
            yield row
    assert found, f"no case of kind {fn}: the file has moved on and this test with it"


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_nth_working_day(shared_dir: Path) -> None:
    """Every n-th working day, with its calendar as known, its start rule and its provisional mark."""
    for row in rows(shared_dir, "nth_working_day"):
        known = row.get("known_as_of")
        calendar = national_calendar(day(known) if known else None)
        start, n = day(row["start"]), row["n"]
        if row.get("start_rule") == "same_day":
            n -= 1 if calendar.is_workday(start) else 0
        result = calendar.add(start, n)
        assert result == day(row["expect"]), row
        assert calendar.span_provisional(start, result) == row.get("provisional", False), row


def test_working_days_before(shared_dir: Path) -> None:
    """Counting back from an end."""
    for row in rows(shared_dir, "working_days_before"):
        assert national_calendar().add(day(row["end"]), -row["n"]) == day(row["expect"]), row


def test_calendar_periods_roll_to_the_first_day_after_rest(shared_dir: Path) -> None:
    """Natural days end where they end; a last day in a holiday moves to the first working day after it."""
    for row in rows(shared_dir, "calendar_period"):
        last = day(row["start"]) + timedelta(days=row["days"])
        assert (national_calendar().first_day_after_rest(last) if row["roll"] else last) == day(row["expect"]), row


def test_open_hours(shared_dir: Path) -> None:
    """Working hours across seasons, holidays and make-up days."""
    for row in rows(shared_dir, "add_open_hours"):
        clock = OfficeClock(national_calendar(), office_hours(row["timetable"]))
        start, expected = (datetime.fromisoformat(row[key]).replace(tzinfo=CHINA) for key in ("start", "expect"))
        assert clock.add_seconds(start, row["hours"] * 3600) == expected, row
        assert clock.elapsed_seconds(start, expected) == row["hours"] * 3600, row


def test_pauses_are_working_days_in_their_half_open_span(shared_dir: Path) -> None:
    """Excluded working days are a difference of elapsed counts, in either convention."""
    calendar = national_calendar()
    for row in rows(shared_dir, "deadline_with_pauses"):
        excluded = 0
        for first, last in row["pauses"]:
            start = day(first) - timedelta(days=1) if row["convention"] == "P2" else day(first)
            excluded += calendar.elapsed(start, day(last))
        excluded = min(excluded, row.get("cap", excluded))
        assert calendar.add(day(row["start"]), row["n"] + excluded) == day(row["expect"]), row
