"""The contract of calendars can fail: each plugin here is broken in one way, and the kit must say so."""

from __future__ import annotations

import pytest

from egov_core import hookimpl
from egov_core.domain.calendar.hours import OfficeHours
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.testing.calendar_contract import CalendarContract
from egov_core.testing.kit_run import run_kit
from tests.testing.bites import assert_caught, assert_whole
from tests.testing.broken_calendars import BROKEN, WholeCalendar


class Whole(CalendarContract):
    hours = ("ours",)
    offered: type[WholeCalendar] = WholeCalendar

    def make_plugin(self) -> WholeCalendar:
        return self.offered()


class HoursAlone(CalendarContract):
    notices = False
    hours = ("ours",)

    def make_plugin(self) -> object:
        class Hours:
            @hookimpl
            def egov_office_hours(self, name: str) -> OfficeHours | None:
                return WholeCalendar().egov_office_hours(name)

        return Hours()


@pytest.mark.parametrize(("broken", "promise"), BROKEN, ids=lambda value: getattr(value, "__name__", value))
def test_the_kit_catches(broken: type[WholeCalendar], promise: str) -> None:
    assert_caught(type(broken.__name__, (Whole,), {"offered": broken}), promise)


@pytest.mark.parametrize("subject", [Whole, HoursAlone])
def test_the_kit_finds_no_fault_in_what_is_whole(subject: type[CalendarContract]) -> None:
    assert_whole(subject)


def test_what_is_claimed_and_not_there_is_caught() -> None:
    more = type("More", (HoursAlone,), {"notices": True})
    less = type("Less", (Whole,), {"notices": False})
    for subject in (more, less):
        assert "C9" in run_kit(subject, only="C9").broken_promises


@pytest.mark.parametrize("off", [-1, 1])
def test_a_calendar_that_counts_wrongly_is_caught(monkeypatch: pytest.MonkeyPatch, off: int) -> None:
    """C6 and C8 watch the library's own arithmetic under the plugin's days."""
    counted = WorkCalendar.elapsed

    def elapsed(calendar: WorkCalendar, start: object, end: object) -> int:
        return counted(calendar, start, end) + off  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(WorkCalendar, "elapsed", elapsed)
    assert run_kit(Whole, only="C6").broken_promises == ("C6",)


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) == len({broken for broken, _ in BROKEN}) >= 15
