"""Which open cases depend on a reading: all of them, and no closed one."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import CHINA
from egov_core.errors import IntegrityError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, MONDAY, staff
from egov_core.usecases.calendar.ambiguity import ambiguous_cases

SATURDAY = datetime(2024, 6, 15, 10, tzinfo=CHINA)


def paused(office: Office, clock: ManualClock) -> str:
    """A case with a hearing from Tuesday to Thursday behind it."""
    case_id = county.accepted(office).case_id
    hearing = c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(5))
    clock.advance(timedelta(days=1))
    office.do(hearing, actor=staff("reviewer"))
    clock.advance(timedelta(days=2))
    office.do(c.Resume(case_id=case_id, result="完成"), actor=staff("reviewer"))
    return case_id


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY)


@pytest.fixture
def office(clock: ManualClock) -> Office:
    return county.open_small_county(clock=clock)


def test_an_open_case_is_listed_with_its_readings(office: Office, clock: ManualClock) -> None:
    plain, one = county.accepted(office).case_id, paused(office, clock)
    seen: list[int] = []
    [found] = ambiguous_cases(office.services, progress=seen.append)
    assert (found.case_id, found.organ, found.item_name) == (one, "bureau", "事项 licence")
    assert found.number == office.case_of(office.storage.case(AREA, one)).number  # type: ignore[arg-type]  # the case is there
    [timer] = found.timers
    assert timer.run.timer_id == f"{one}/case/1"
    assert [(read.value, str(read.last_day), read.chosen) for read in timer.readings] == [
        ("half-open", "2024-07-03", True),
        ("closed", "2024-07-04", False),
    ]
    assert sum(seen) == 2 and plain != one


def test_a_setting_is_asked_for_by_name(office: Office, clock: ManualClock) -> None:
    paused(office, clock)
    received = county.submit(office, at=SATURDAY).case_id
    found = {one.case_id: one for one in ambiguous_cases(office.services)}
    assert len(found) == 2
    [one] = ambiguous_cases(office.services, setting="receipt")
    assert one.case_id == received
    assert {read.setting for timer in one.timers for read in timer.readings} == {"receipt"}
    assert list(ambiguous_cases(office.services, setting="month-end")) == []


def test_a_case_whose_timers_have_stopped_is_not_listed(office: Office, clock: ManualClock) -> None:
    case_id = paused(office, clock)
    county.review(office, case_id)
    assert len(list(ambiguous_cases(office.services))) == 1
    county.approve(office, case_id)
    assert list(ambiguous_cases(office.services)) == [], "delivery has begun, and its ten days have one reading"


def test_nothing_is_written(office: Office, clock: ManualClock) -> None:
    paused(office, clock)
    before = office.storage.counts(AREA), office.storage.last_instant(AREA)
    list(ambiguous_cases(office.services))
    assert (office.storage.counts(AREA), office.storage.last_instant(AREA)) == before


def test_a_case_that_cannot_be_read_is_named_after_all_others(tmp_path: Path, clock: ManualClock) -> None:
    url = f"sqlite:///{tmp_path}/county.db"
    with county.open_small_county(url, clock=clock) as office:
        broken, good = county.accepted(office).case_id, paused(office, clock)
    with sqlite3.connect(tmp_path / "county.db") as database:
        database.execute("UPDATE cases SET data = x'7b' WHERE case_id = ?", (broken,))
    database.close()
    found: list[str] = []
    with open_office(county.settings(url), read_only=True) as office, pytest.raises(IntegrityError) as refused:
        found.extend(one.case_id for one in ambiguous_cases(office.services))
    assert found == [good]
    assert refused.value.data["cases"] == [broken] and refused.value.remedy
