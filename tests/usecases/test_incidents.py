"""What the law of time cannot settle is raised, with code, data and remedy, and never passes in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import CHINA
from egov_core.domain.periods import NoLimit, Period
from egov_core.errors import ClaimError
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.small_county import MONDAY, staff


@pytest.fixture(params=["memory:", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/county.db"
    with county.open_small_county(url) as opened:
        yield opened


def move(office: Office, at: datetime) -> None:
    assert isinstance(office.clock, ManualClock)
    office.clock.move_to(at)


def codes(office: Office) -> list[str]:
    return [one.incident.code for one in office.incidents()]


def test_an_ordinary_case_is_no_incident(office: Office) -> None:
    case = county.submit(office)
    county.accept(office, case.case_id)
    assert office.incidents() == ()


def test_a_case_without_a_limit_is_told_at_once_and_as_long_as_it_is_open(office: Office) -> None:
    boundless = attrs.evolve(county.item("boundless"), statutory=NoLimit(basis=county.BASIS), promised=None)
    office.establish(items=[boundless])
    filed = county.submit(office, "boundless")
    told = county.accept(office, filed.case_id)
    assert any(advice.startswith("no-limit:") for advice in told.advice)
    move(office, MONDAY + timedelta(days=400))
    [found] = office.incidents()
    assert (found.number, found.incident.code) == (filed.number, "no-limit")
    assert found.timer_id == f"{filed.case_id}/case/1" and found.incident.data == {"limit": "none"}
    assert found.incident.remedy
    office.do(c.Withdraw(case_id=filed.case_id, reason="x"), actor=staff("intake"))
    assert office.incidents() == ()


@pytest.mark.parametrize(("policy", "code"), [("notice", "pause-past-declared"), ("hunan-2018", "pause-past-cap")])
def test_a_procedure_that_was_not_ended_is_an_incident_that_says_how_the_clock_stands(policy: str, code: str) -> None:
    with county.open_small_county(policy=policy) as office:
        filed = county.submit(office)
        county.accept(office, filed.case_id)
        pause = c.Pause(case_id=filed.case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(3))
        office.do(pause, actor=staff("reviewer"))
        move(office, datetime(2024, 6, 20, 9, tzinfo=CHINA))
        assert codes(office) == [], "the third working day is not over"
        move(office, datetime(2024, 6, 21, 9, 0, 1, tzinfo=CHINA))
        [found] = office.incidents()
        assert found.incident.code == code
        assert found.incident.data["declared"] == "3wd"
        office.do(c.Resume(case_id=filed.case_id, result="完"), actor=staff("reviewer"))
        assert codes(office) == []


def test_a_promise_that_ends_after_the_law_is_an_incident(office: Office) -> None:
    generous = county.item("generous", promised=county.working_days(25))
    office.establish(items=[generous])
    filed = county.submit(office, "generous")
    told = county.accept(office, filed.case_id)
    assert any(advice.startswith("promise-beyond-law:") for advice in told.advice)
    [found] = office.incidents()
    assert found.incident.data["promised"] > found.incident.data["statutory"]


def test_a_renewal_asked_for_too_late_is_an_incident_until_it_is_decided(office: Office) -> None:
    def submit(expires: date) -> str:
        command = c.Submit(item=county.LICENCE, applicant=county.APPLICANT, materials=county.MATERIALS, renews=expires)
        return office.do(command, actor=county.CITIZEN).number

    submit(date(2024, 7, 17))  # thirty days from the 17th of June: in time
    late = submit(date(2024, 7, 16))
    [found] = office.incidents()
    assert (found.number, found.incident.code) == (late, "renewal-late")
    assert found.incident.data == {"latest": "2024-06-16", "expires": "2024-07-16"}


@pytest.mark.parametrize("within", [None, county.working_days(5)])
def test_a_correction_without_a_time_is_an_incident_until_it_comes(office: Office, within: Period | None) -> None:
    filed = county.submit(office)
    asked = c.RequestCorrection(case_id=filed.case_id, notice="补1", missing=("材料 plan",), within=within)
    office.do(asked, actor=staff("intake"))
    assert codes(office) == (["correction-untimed"] if within is None else [])
    office.do(c.Supplement(case_id=filed.case_id, materials=("plan",)), actor=staff("intake"))
    assert codes(office) == []


def test_an_expired_licence_is_not_renewed(office: Office) -> None:
    command = c.Submit(
        item=county.LICENCE, applicant=county.APPLICANT, materials=county.MATERIALS, renews=date(2024, 6, 16)
    )
    with pytest.raises(ClaimError) as refused:
        office.do(command, actor=county.CITIZEN)
    assert refused.value.faults[0].path == "$.renews" and refused.value.remedy
