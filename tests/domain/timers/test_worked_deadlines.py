"""Every worked deadline that today's interface can express holds, through Python."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import AS_GIVEN, CHINA, start_of
from egov_core.domain.periods import EndRoll, Period, StartRule, Unit
from egov_core.domain.timers.reckoning import Extension, Pause, PauseRule, Ruler, Settings, extension_refusal
from egov_core.runtime.shipped import national_calendar, office_hours

pytestmark = pytest.mark.shared
CONVENTIONS = {"P1": PauseRule.HALF_OPEN, "P2": PauseRule.CLOSED}


def lines(shared_dir: Path, fn: str) -> list[dict[str, Any]]:
    text = (shared_dir / "domain" / "deadlines.jsonl").read_text(encoding="utf-8")
    found = [line for line in map(json.loads, text.splitlines()) if line["fn"] == fn]
    assert found, f"there is no line with {fn}"
    return found


def ruler(line: dict[str, Any], hours: str = "standard") -> Ruler:
    known = line.get("known_as_of")
    calendar = national_calendar(date.fromisoformat(known) if known else None)
    settings = Settings(pause_rule=CONVENTIONS[line.get("convention", "P1")], cap_pauses="cap" in line)
    return Ruler(calendar=calendar, clock=OfficeClock(calendar, office_hours(hours)), settings=settings)


def day(text: str) -> datetime:
    return start_of(date.fromisoformat(text))


def period(amount: int, unit: Unit = Unit.WORKING_DAY, **other: Any) -> Period:
    return Period(amount=Decimal(amount), unit=unit, basis=AS_GIVEN, **other)


def test_the_nth_working_day_is_the_worked_one(shared_dir: Path) -> None:
    for line in lines(shared_dir, "nth_working_day"):
        rule = StartRule(line.get("start_rule", "next_day").replace("_", "-"))
        due = ruler(line).due(day(line["start"]), period(line["n"], start_rule=rule))
        assert due.last_day == date.fromisoformat(line["expect"]), line
        assert due.due == datetime.combine(due.last_day, datetime.max.time().replace(microsecond=0), CHINA), line
        assert due.provisional is line.get("provisional", False), line


def test_pauses_move_the_deadline_as_worked_under_both_conventions_and_the_cap(shared_dir: Path) -> None:
    for line in lines(shared_dir, "deadline_with_pauses"):
        declared = period(line["cap"]) if "cap" in line else None
        pauses = [Pause(start=day(a), end=day(b), declared=declared) for a, b in line["pauses"]]
        due = ruler(line).due(day(line["start"]), period(line["n"]), pauses)
        assert due.last_day == date.fromisoformat(line["expect"]), line


def test_natural_days_roll_only_where_they_are_told_to(shared_dir: Path) -> None:
    for line in lines(shared_dir, "calendar_period"):
        roll = EndRoll.AFTER_REST if line["roll"] else EndRoll.NONE
        due = ruler(line).due(day(line["start"]), period(line["days"], Unit.DAY, end_roll=roll))
        assert due.last_day == date.fromisoformat(line["expect"]), line


def test_periods_before_an_end_are_counted_back(shared_dir: Path) -> None:
    for line in lines(shared_dir, "working_days_before"):
        assert ruler(line).before(date.fromisoformat(line["end"]), period(line["n"])) == date.fromisoformat(
            line["expect"]
        )
    for line in lines(shared_dir, "renewal"):
        latest = ruler(line).before(date.fromisoformat(line["expiry"]), period(line["days"], Unit.DAY))
        assert latest == date.fromisoformat(line["expect_latest"])


def test_open_hours_end_at_the_worked_minute(shared_dir: Path) -> None:
    for line in lines(shared_dir, "add_open_hours"):
        start = datetime.fromisoformat(line["start"]).replace(tzinfo=CHINA)
        due = ruler(line, line["timetable"]).due(start, period(line["hours"], Unit.WORKING_HOUR))
        assert due.due == datetime.fromisoformat(line["expect"]).replace(tzinfo=CHINA), line


def test_an_extension_after_expiry_is_void_and_the_deadline_stays(shared_dir: Path) -> None:
    for line in lines(shared_dir, "extend"):
        asked = Extension(amount=period(line["extra"]), approved_at=day(line["approved"]))
        here = ruler(line)
        assert extension_refusal(here, day(line["start"]), period(line["n"]), (), asked), line
        due = here.due(day(line["start"]), period(line["n"]))
        assert due.last_day == date.fromisoformat(line["expect"])
        assert here.calendar.elapsed(due.last_day, date.fromisoformat(line["overdue_on"])) == line["overdue_days"]
