"""The demo county has lived through a campaign: every state is there, every number opens, and every file is real."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from starlette.testclient import TestClient

from egov_core.demo.collecting import diary_of
from egov_core.demo.founding import (
    Population,
    county_code,
    demo_population,
    demo_settings,
    found_office,
    population_with,
)
from egov_core.demo.joining import joinings
from egov_core.demo.replay import replay
from egov_core.domain.campaign.campaign import Campaign
from egov_core.domain.campaign.forms import CollectedForm
from egov_core.domain.campaign.standing import standings
from egov_core.domain.campaign.states import UnitState
from egov_core.domain.catalogue import CaseType, PowerClass
from egov_core.domain.enrolment import STAGES, Duty, stage_counts
from egov_core.domain.legal import start_of
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.runtime.shipped import national_calendar
from egov_core.server.app import create_app
from egov_core.server.limits import RateLimit
from egov_core.sheets.forms.elements import Names
from egov_core.sheets.forms.shipped import shipped_form
from egov_core.sheets.forms.writing import sheet_of
from egov_core.sheets.workbook import write_csv
from egov_core.testing.short_demo import simulator_of
from egov_core.usecases.catalogue.checkup import checkup

TODAY = date(2026, 11, 20)
CASES = 60
STATES = {"not-started": 1, "submitted": 3, "returned": 1, "resubmitted": 2, "accepted": 44, "passed-on": 0}


def lived(
    storage: str,
    *,
    today: date = TODAY,
    population: Population | None = None,
    cases: int = 0,
    seed: int = 7,
    diary: bool = True,
    **settings: Any,
) -> Office:
    """A county on the morning of `today`, with its diary and so many cases."""
    people = demo_population() if population is None else population
    first = national_calendar().add(today, -120)
    clock = ManualClock(start_of(first - timedelta(days=1)))
    chosen = attrs.evolve(demo_settings("x"), storage=storage, plugins=False, **settings)
    office = open_office(chosen, clock=clock, ids=SeededIds(seed))
    found_office(office, people)
    simulator = simulator_of(office, people, seed)
    plans = list(simulator.plans(cases, first, office.ruler.calendar.add(today, -1))) if cases else []
    told = diary_of(office, people, today) if diary else ()
    assert replay(office, clock, people, plans, today=today, diary=told).refusals == {}
    return office


def the_campaign(office: Office) -> Campaign:
    (found,) = office.campaigns.values()
    return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with lived(f"sqlite:///{tmp_path_factory.mktemp('county')}/county.db", cases=CASES) as open_one:
        yield open_one


# --- the story --------------------------------------------------------------------------------------------------------


def test_every_state_is_there_and_two_units_are_overdue(office: Office) -> None:
    campaign = the_campaign(office)
    found = standings(campaign, office.now(), office.ruler.calendar)
    assert campaign.counts() == STATES
    assert {one.state for one in found if one.overdue} == {UnitState.NOT_STARTED, UnitState.RETURNED}
    assert (sum(one.overdue for one in found), sum(one.to_review for one in found)) == (2, 5)
    assert sum(one.handed_in_late > 0 for one in found) == 3
    assert office.verify().ok


def test_the_campaign_is_what_the_supervision_room_asked_for(office: Office) -> None:
    campaign = the_campaign(office)
    asked = campaign.opened
    assert (campaign.code, asked.organ, str(asked.limit), asked.paper) == ("2026-items", "jg004", "20wd", True)
    assert asked.forms == tuple(CollectedForm)
    assert len(asked.reviewers) == 2
    kinds = Counter(office.organisation.get(unit).kind for unit in asked.units)
    assert kinds == {OrganKind.DEPARTMENT: 39, OrganKind.TOWN: 12}


def test_what_was_returned_names_its_fault_and_was_corrected_by_another_set(office: Office) -> None:
    back = [duty for duty in the_campaign(office).units.values() if duty.returns]
    assert len(back) == 8
    for duty in back:
        [returned] = duty.returns
        assert returned.reason
        assert all(fault.place and fault.message for fault in returned.faults)
        first, *corrected = duty.submissions
        assert first.by not in (returned.by, *the_campaign(office).opened.reviewers)
        assert len(corrected) == (duty.state is not UnitState.RETURNED)
        assert all(one.digest != first.digest and one.items >= first.items for one in corrected)
    assert len({returned.reason for duty in back for returned in duty.returns}) == 2


def test_hand_ins_are_spread_over_the_days_and_who_lags_behind_is_reminded(office: Office) -> None:
    duties = the_campaign(office).units.values()
    days = Counter(one.at.date() for duty in duties for one in duty.submissions)
    assert len(days) >= 15
    assert max(days.values()) <= 8
    reminded = {duty.unit: len(duty.reminders) for duty in duties}
    silent = next(duty for duty in duties if duty.state is UnitState.NOT_STARTED)
    assert reminded[silent.unit] == 4
    assert sum(1 for count in reminded.values() if count) > 5
    assert all(duty.paper_on for duty in duties if duty.state is UnitState.ACCEPTED)


def test_the_digests_are_those_of_the_forms_that_an_export_writes(office: Office) -> None:
    names = Names(by_code={organ.code: organ.name for organ in office.organisation.organs.values()})
    looked = 0
    for duty in the_campaign(office).units.values():
        organ = office.organisation.get(duty.unit)
        if organ.kind is not OrganKind.DEPARTMENT or duty.state is not UnitState.ACCEPTED:
            continue
        items = sorted(
            (item for item in office.catalogue.in_use(TODAY) if item.organ == organ.code), key=lambda item: item.code
        )
        assert duty.latest is not None
        for file in duty.latest.files:
            data = write_csv(sheet_of(shipped_form(file.form.code), items, names))
            if file.declared_none:
                assert not any(item.case_type is CaseType.FORWARD for item in items)
                continue
            assert (file.name, file.digest) == (f"{organ.name}-{file.form.value}.csv", hashlib.sha256(data).hexdigest())
            assert file.checked
            looked += 1
        assert duty.latest.items == len(items)
    assert looked > 70


# --- enrolment --------------------------------------------------------------------------------------------------------


def test_units_were_invited_and_have_come_differently_far(office: Office) -> None:
    found = office.enrolments()
    counts = stage_counts(found)
    assert sum(counts.values()) == 51
    assert (counts["not-invited"], counts["invited"], counts["staff-named"]) == (0, 7, 8)
    assert counts["items-published"] + counts["first-case"] == 36
    assert counts["first-case"] > 10
    assert {one.invitation.document for one in found if one.invitation} == {"演政办〔2026〕29号"}
    in_charge = [one for one in found if Duty.IN_CHARGE not in one.unnamed]
    assert len(in_charge) == 36 + 11


def test_those_who_joined_are_other_people_of_other_names() -> None:
    population = demo_population()
    joined = [row for one in joinings(population) for row in one.rows]
    people = {person.code for person in population.people} | {row.person for row in joined}
    names = {person.name for person in population.people} | {row.person_name for row in joined}
    assert len(people) == len(names) == len(population.people) + len(joined)


def test_roles_that_are_kept_apart_stay_apart() -> None:
    with lived("memory:", separations="two-person") as strict:
        assert the_campaign(strict).counts() == STATES


def test_the_check_up_finds_what_it_found_before() -> None:
    with lived("memory:", diary=False) as before, lived("memory:") as after:
        one, other = ({attrs.astuple(found) for found in checkup(each.services).findings} for each in (before, after))
    assert one == other


# --- the same again ---------------------------------------------------------------------------------------------------


def heads(office: Office, *, of_cases: bool) -> dict[str, str]:
    store, area = office.storage, office.area
    return {
        stream: store.events(area, stream)[-1].head for stream in store.streams(area) if (":" not in stream) is of_cases
    }


def test_cases_and_diary_do_not_touch_each_other() -> None:
    with (
        lived("memory:", cases=30) as both,
        lived("memory:", cases=30, diary=False) as cases,
        lived("memory:", seed=8) as diary,
    ):
        assert heads(both, of_cases=True) == heads(cases, of_cases=True)
        assert heads(both, of_cases=False) == heads(diary, of_cases=False)
        assert "campaign:2026-items" in heads(both, of_cases=False)


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2024, 2, 20), date(2025, 1, 1), date(2016, 4, 22)])
def test_the_story_is_the_same_on_any_day(today: date) -> None:
    with lived("memory:", today=today) as then:
        campaign = the_campaign(then)
        found = standings(campaign, then.now(), then.ruler.calendar)
    assert campaign.counts() == STATES
    assert sum(one.overdue for one in found) == 2
    assert campaign.opened_at.date() == national_calendar().add(today, -30)


# --- a catalogue of one's own -----------------------------------------------------------------------------------------


def own(*items: tuple[str, str]) -> Population:
    """A county with the departments named, and an item of each name given."""
    like = next(item for item in demo_population().items if item.power_class is PowerClass.PUBLIC_SERVICE)
    organs = {
        name: Organ(code=name, name=name, kind=OrganKind.DEPARTMENT, parent=county_code(), valid_from=date(2010, 1, 1))
        for name, _ in items
    }
    versions = [
        attrs.evolve(
            like, code=f"own{number}", organ=organ, name=name, guide=attrs.evolve(like.guide, inquiry_phone="")
        )
        for number, (organ, name) in enumerate(items)
    ]
    return population_with(organs.values(), versions)


def test_the_departments_of_another_catalogue_hand_in_its_items() -> None:
    with lived("memory:", population=own(("民政局", "甲"), ("民政局", "乙"), ("教育局", "丙"))) as office:
        campaign = the_campaign(office)
        counts = campaign.counts()
        assert office.verify().ok
    assert len(campaign.units) == 2 + 12
    assert (counts["returned"], counts["not-started"]) == (1, 1)
    assert campaign.duty("民政局").submissions[-1].items == 2
    [back] = campaign.duty("教育局").returns
    assert "咨询电话" in back.faults[0].message


def test_a_department_whose_forms_the_check_refuses_leaves_out_the_item_and_with_none_left_hands_in_nothing() -> None:
    blank = " "
    with lived("memory:", population=own(("民政局", "甲"), ("民政局", blank), ("教育局", blank))) as office:
        campaign = the_campaign(office)
    assert campaign.duty("民政局").submissions[-1].items == 1
    assert campaign.duty("教育局").state is UnitState.NOT_STARTED


# --- the pages --------------------------------------------------------------------------------------------------------

LINK = re.compile(r'<a href="(/supervision/(?:campaigns/|enrolment)[^"]*)" aria-label="[^"]*"><data value="(\d+)">')


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_number_of_the_page_opens_the_units_that_it_counts(office: Office, lang: str) -> None:
    client = TestClient(create_app(office, rate=RateLimit(10_000)))
    client.cookies.set("lang", lang)
    links = LINK.findall(client.get("/supervision/campaigns").text)
    assert len(links) == 1 + len(UnitState) + 3 + 1 + len(STAGES)
    assert sum(int(value) > 0 for _, value in links) >= 12
    for address, value in links:
        opened = client.get(address.replace("&amp;", "&"))
        assert opened.status_code == 200
        assert opened.text.count('<th scope="row"') == int(value), address


def test_the_pages_say_why_a_unit_was_returned_and_name_no_person(office: Office) -> None:
    client = TestClient(create_app(office, rate=RateLimit(10_000)))
    page = client.get("/supervision/campaigns/2026-items?show=returned").text
    assert "退回理由" in page
    assert "环保局" in page
    everything = page + client.get("/supervision/enrolment").text + client.get("/supervision/campaigns").text
    assert not [person.name for person in office.services.registry().people.values() if person.name in everything]
