"""Between a plan and its day: what is written for an organ that will end is told, and gives nothing afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from egov_core.domain.authority import Act, Appointment, Grant, Post, Role, Staffing
from egov_core.domain.catalogue import PrepareDraft
from egov_core.domain.legal import start_of
from egov_core.domain.people import Person
from egov_core.errors import ClaimError, LawError
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.doctor import diagnose
from egov_core.runtime.office import Office
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import take_up
from egov_core.sheets.forms.shipped import shipped_forms
from egov_core.testing import small_county as county
from egov_core.testing.small_county import BUREAU, COUNTY, OTHER, SINCE, staff
from egov_core.testing.whole_items import ONE, whole, with_clerks
from egov_core.usecases.catalogue.checkup import checkup
from egov_core.usecases.reorganisation.carrying_through import apply
from egov_core.usecases.staff.appointing import appoint, faults_in
from tests.reforms import EFFECTIVE, merger_of, plan_of

FORMS = shipped_forms()
EVE = EFFECTIVE - timedelta(days=1)
SAID = f"organ '{BUREAU}' ends on {EFFECTIVE} by plan merger; its work goes to new"


@pytest.fixture
def office() -> Iterator[Office]:
    """The small county, of which two bureaus become one a week from now."""
    with county.open_small_county("memory:") as opened:
        mayor = Person(code="mayor", name="姓mayor", organ=COUNTY, valid_from=SINCE)
        power = Grant(person="mayor", role=Role.GOVERNMENT_HEAD, organ=COUNTY, valid_from=SINCE)
        opened.establish(people=[mayor], grants=[power])
        with_clerks(opened)
        plan = plan_of(merger_of(BUREAU, OTHER))
        opened.change(lambda services: apply(services, plan, actor=staff("mayor")))
        yield opened
        assert opened.verify().violations == ()


def newcomer(office: Office, *, begins: date | None = None) -> Staffing:
    since = begins or office.now().date()
    return Staffing(
        people=(Person(code="late", name="姓late", organ=BUREAU, valid_from=since),),
        posts=(Post(code="desk", name="窗口", organ=BUREAU, valid_from=since),),
        appointments=(Appointment(person="late", post="desk", valid_from=since),),
        grants=(Grant(post="desk", role=Role.INTAKE, organ=BUREAU, valid_from=since),),
    )


def wait_until(office: Office, day: date) -> None:
    assert isinstance(office.clock, ManualClock)
    office.clock.move_to(start_of(day) + timedelta(hours=10))


def test_who_is_appointed_to_an_organ_that_will_end_is_told_of(office: Office) -> None:
    given = newcomer(office)
    told = faults_in(office.services, given)
    assert [(one.code, one.severity) for one in told] == [("organ-ends", "warning")] * 4
    assert all(SAID in one.message and "write it for new from then on" in one.message for one in told)
    diff = office.change(lambda services: appoint(services, given, actor=staff("mayor")))
    assert len(diff.new) == 4, "it is lawful until that day, and taken"
    found = [one for one in diagnose(office) if one.code == "staffing-organ-ends"]
    assert len(found) == 4
    assert all(SAID in one.message for one in found)


def test_who_is_appointed_from_the_day_on_is_refused(office: Office) -> None:
    given = newcomer(office, begins=EFFECTIVE)
    with pytest.raises(ClaimError) as refused:
        office.change(lambda services: appoint(services, given, actor=staff("mayor")))
    assert {one.code for one in refused.value.faults} == {"organ-ended"}
    assert len(refused.value.faults) == 4
    assert SAID in refused.value.faults[0].message


def test_what_ends_before_the_organ_is_no_matter(office: Office) -> None:
    given = Staffing(
        grants=(
            Grant(person="mayor", role=Role.INTAKE, organ=BUREAU, valid_from=office.now().date(), valid_to=EFFECTIVE),
        )
    )
    assert faults_in(office.services, given) == []


def test_a_grant_ends_with_its_organ(office: Office) -> None:
    given = newcomer(office)
    office.change(lambda services: appoint(services, given, actor=staff("mayor")))
    registry = office.services.registry()

    def may(day: date) -> bool:
        act = Act(role=Role.INTAKE, item=county.LICENCE, organ=BUREAU, day=day)
        return registry.authority.why("late", act, registry.organisation).permitted

    assert may(EVE)
    assert not may(EFFECTIVE)
    [held] = registry.authority.what("late", EVE, registry.organisation)
    assert held.valid_to == EFFECTIVE, "and it is shown to end then"
    assert registry.authority.what("late", EFFECTIVE, registry.organisation) == ()
    asked = Act(role=Role.INTAKE, item=county.LICENCE, organ=BUREAU, day=EFFECTIVE)
    told = registry.authority.why("late", asked, registry.organisation).error()
    assert f"organ {BUREAU} ended on {EFFECTIVE}" in told.remedy


def test_an_item_for_an_organ_that_will_end_is_told_of_and_takes_no_case_afterwards(office: Office) -> None:
    late = whole("late", organ=BUREAU, valid_from=office.now().date())
    outcome = office.act_on_item("late", PrepareDraft(item=late), actor=ONE)
    [told] = [one for one in outcome.findings if one.code == "organ-ends"]
    assert str(EFFECTIVE) in told.message
    assert "新局" in told.message
    assert "by plan merger" in told.sentence("en")
    office.establish(items=[late])
    assert ("organ-ends", "late") in {(one.finding.code, one.subject) for one in checkup(office.services).findings}
    assert [one.message for one in diagnose(office) if one.code == "items-organ-ends"] == [
        "1 item(s), late: their organ ends, and no version says who has them then"
    ]
    assert county.submit(office, "late").case_id
    wait_until(office, EFFECTIVE)
    assert {one.code: one.severity for one in diagnose(office) if one.code.startswith("items-")} == {
        "items-organ-gone": "error"
    }
    with pytest.raises(LawError, match="takes no applications") as refused:
        county.submit(office, "late")
    assert SAID in refused.value.message
    assert "for new" in refused.value.remedy
    assert county.submit(office, county.LICENCE).case_id, "what the plan took along goes on with the successor"


def test_the_check_up_finds_who_was_left_behind(office: Office) -> None:
    given = newcomer(office)
    office.change(lambda services: appoint(services, given, actor=staff("mayor")))

    def left() -> list[tuple[str, str]]:
        found = checkup(office.services, day).findings
        return [(one.finding.code, one.subject) for one in found if one.finding.code.endswith("-organ-gone")]

    day = EVE
    assert left() == []
    day = EFFECTIVE
    assert left() == [("post-organ-gone", BUREAU), ("grant-organ-gone", "late"), ("person-organ-gone", "late")]


def test_an_item_from_the_day_on_is_refused(office: Office) -> None:
    late = whole("late", organ=BUREAU, valid_from=EFFECTIVE)
    with pytest.raises(ClaimError) as refused:
        office.establish(items=[late])
    assert [(one.path, one.code) for one in refused.value.faults] == [("item late", "organ-ended")]


def test_a_list_names_the_cell_of_an_organ_that_will_end(office: Office) -> None:
    today = office.now().date()
    name = office.organisation.get(BUREAU).name
    rows = (
        f"事项名称,办理主体,法定期限,承诺期限,事项类型,办件类型\n新事项,{name},20个工作日,9个工作日,行政许可,承诺件\n"
    )

    def told(day: date) -> list[tuple[str, str, str]]:
        ground = Ground(area=office.area, valid_from=day, organisation=office.organisation, catalogue=office.catalogue)
        return [(one.cell, one.code, one.severity) for one in take_up([("a.csv", rows.encode())], FORMS, ground).faults]

    assert told(today) == [("B2", "organ-ends", "warning")]
    assert told(EFFECTIVE) == [("B2", "organ-unknown", "error")], "on that day there is no such organ"
