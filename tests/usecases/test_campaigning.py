"""Campaigns and enrolment in an office: who may, what is stored and told, and that `verify` explains all of it."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.domain.authority import Grant, Role
from egov_core.domain.campaign import commands as c
from egov_core.domain.campaign.forms import CollectedForm, FormFault
from egov_core.domain.campaign.standing import ended
from egov_core.domain.campaign.states import UnitState
from egov_core.domain.enrolment import Duty, EnrolmentRow
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import SYSTEM, Person
from egov_core.domain.periods import FixedDay
from egov_core.domain.reorganisation.reading import parse_plan
from egov_core.errors import ClaimError, ConflictError, NoAuthorityError, UnknownError
from egov_core.hooks.spec import hookimpl
from egov_core.ports.forwarding import Receipt
from egov_core.ports.notification import Notification
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.sheets.enrolment_rows import ROLES, read_enrolment
from egov_core.testing import small_county as county
from egov_core.testing.paper_campaign import form_files
from egov_core.testing.small_county import AREA, BUREAU, COUNTY, MONDAY, OTHER, SINCE
from egov_core.usecases.campaign.campaigning import CampaignOutcome, conduct
from egov_core.usecases.campaign.enrolling import carry_out, invite
from egov_core.usecases.campaign.enrolment_plan import EnrolmentPlan, planned
from egov_core.usecases.foundation.registry import KnownParts, load_registry
from egov_core.usecases.reorganisation.carrying_through import apply
from egov_core.usecases.reorganisation.preview import preview

ASKED = c.OpenCampaign(
    code="c1",
    title="事项填报",
    organ=COUNTY,
    units=(BUREAU, OTHER),
    forms=tuple(CollectedForm),
    limit=county.working_days(5),
    reviewers=("rev", "inspector"),
)
"""Opened on Monday 17 June 2024: the last day is Monday 24 June."""
RETURN = c.ReturnForms(unit=BUREAU, reason="期限有误", faults=(FormFault(place="B7", message="过长"),))


class Channel:
    """A plugin whose channel keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    @hookimpl
    def egov_notification_channel(self, name: str) -> Any:
        return self if name == "webhook" else None

    name = "webhook"

    def notify(self, notification: Notification) -> Receipt:
        self.told.append(json.loads(notification.body))
        return Receipt(key=notification.key, receipt="r", accepted=True)


@pytest.fixture(params=["memory", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """A small county with an inspector, a reviewer and a channel; verified at the end."""
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/county.db"
    given = attrs.evolve(county.settings(url), notification_channels=("webhook",))
    with opened(given) as office:
        yield office
        assert office.verify().violations == ()


def opened(given: Any) -> Office:
    plugins = ((Channel(), "channel"),)
    office = county.found(open_office(given, clock=ManualClock(MONDAY), ids=SeededIds(1), plugins=plugins))
    office.establish(
        people=[Person(code=one, name=f"姓{one}", organ=COUNTY, valid_from=SINCE) for one in ("inspector", "rev")],
        grants=[Grant(person="inspector", role=Role.SUPERVISOR, organ=COUNTY, valid_from=SINCE)],
    )
    return office


def act(office: Office, command: c.CampaignCommand, by: str) -> CampaignOutcome:
    return office.change(lambda services: conduct(services, "c1", command, by=by))


def hand_in(office: Office, mark: str = "a") -> CampaignOutcome:
    return act(office, c.HandIn(unit=BUREAU, files=form_files(mark)), "intake")


def move(office: Office, **by: float) -> None:
    assert isinstance(office.clock, ManualClock)
    office.clock.advance(timedelta(**by))


# --- campaigns --------------------------------------------------------------------------------------------------------


def test_a_campaign_is_stored_and_read_as_it_was_told(office: Office) -> None:
    act(office, ASKED, "inspector")
    assert office.campaigns["c1"].last_day == date(2024, 6, 24)
    hand_in(office)
    act(office, RETURN, "rev")
    hand_in(office, "b")
    act(office, c.ReceivePaper(unit=BUREAU, day=MONDAY.date()), "inspector")
    done = act(office, c.AcceptForms(unit=BUREAU), "rev")
    assert office.campaigns["c1"] == done.campaign
    assert [one.type for one in office.storage.events(AREA, "campaign:c1")] == [
        "campaign-opened",
        "forms-handed-in",
        "forms-returned",
        "forms-handed-in",
        "paper-received",
        "forms-accepted",
    ]
    before = office.storage.counts(AREA)
    assert hand_in(office, "b").facts == ()
    assert office.storage.counts(AREA) == before, "what was done before is not written again"


@pytest.mark.parametrize(
    ("command", "by"),
    [
        (attrs.evolve(ASKED, code="c2"), "intake"),
        (c.HandIn(unit=BUREAU, files=form_files("a")), "stranger"),
        (c.HandIn(unit=BUREAU, files=form_files("a")), "inspector"),
        (c.HandIn(unit=BUREAU, files=form_files("a")), "retired"),
        (RETURN, "head"),
        (c.AcceptForms(unit=BUREAU), "stranger"),
        (c.ReceivePaper(unit=BUREAU, day=MONDAY.date()), "intake"),
        (c.RemindUnits(), "rev"),
        (c.CloseCampaign(), "head"),
        (c.ReopenUnit(unit=BUREAU, reason="x"), "rev"),
        (c.PassOn(unit=BUREAU, to=(OTHER,), day=MONDAY.date(), document="x"), "rev"),
    ],
)
def test_who_may_not_changes_nothing(office: Office, command: c.CampaignCommand, by: str) -> None:
    act(office, ASKED, "inspector")
    before = office.campaigns["c1"]
    with pytest.raises(NoAuthorityError) as refused:
        act(office, command, by)
    assert refused.value.remedy
    assert office.campaigns["c1"] == before


def test_what_is_folded_onto_the_records_before_is_what_all_of_them_come_to(office: Office) -> None:
    known = KnownParts()
    act(office, ASKED, "inspector")
    for command, by in (
        (c.HandIn(unit=BUREAU, files=form_files("a")), "intake"),
        (RETURN, "rev"),
        (c.CloseCampaign(), "inspector"),
    ):
        loaded = load_registry(office.storage, AREA, known=known).campaigns
        assert loaded == load_registry(office.storage, AREA).campaigns == dict(office.campaigns)
        assert load_registry(office.storage, AREA, known=known).campaigns["c1"] is loaded["c1"]
        act(office, command, by)
    assert load_registry(office.storage, AREA, known=known).campaigns == dict(office.campaigns)


def test_everybody_named_in_an_opening_must_be_there(office: Office) -> None:
    asked = attrs.evolve(ASKED, units=(BUREAU, "gone"), reviewers=("rev", "nobody", "retired"))
    with pytest.raises(ClaimError) as refused:
        act(office, asked, "inspector")
    assert [one.code for one in refused.value.faults] == ["unknown-organ", "unknown-person", "not-in-office"]
    assert office.campaigns == {}
    past = attrs.evolve(asked, limit=FixedDay(day=date(2024, 6, 14), basis=county.BASIS), ahead=0, title=" ")
    with pytest.raises(ClaimError) as refused:
        act(office, past, "inspector")
    assert [one.code for one in refused.value.faults] == [
        *("unknown-organ", "unknown-person", "not-in-office"),
        *("empty", "positive", "past"),
    ]
    with pytest.raises(NoAuthorityError):
        act(office, past, "rev")  # who may not is told that, and not what to correct
    with pytest.raises(ClaimError, match="no organ"):
        act(office, attrs.evolve(past, organ="gone"), "rev")
    with pytest.raises(UnknownError):
        act(office, c.CloseCampaign(), "inspector")


def test_two_that_act_at_once_do_not_overwrite_each_other(office: Office) -> None:
    act(office, ASKED, "inspector")
    stale = office.services.registry()
    hand_in(office)
    behind = attrs.evolve(office.services, registry=lambda: stale)
    with pytest.raises(ConflictError):
        conduct(behind, "c1", c.HandIn(unit=BUREAU, files=form_files("b")), by="intake")
    assert office.campaigns["c1"].duty(BUREAU).state is UnitState.SUBMITTED


def test_reminders_are_told_by_the_channels_and_explained_by_their_records(office: Office) -> None:
    act(office, ASKED, "inspector")
    move(office, days=2)  # Wednesday: three working days are left
    assert len(act(office, c.RemindUnits(), "inspector").facts) == 2
    assert act(office, c.RemindUnits(), "inspector").facts == ()
    move(office, days=7)
    act(office, c.RemindUnits(), "inspector")
    rows = office.storage.outbox_of(AREA, "campaign:c1")
    assert len(rows) == 4
    body = json.loads(rows[-1].body)
    assert (body["type"], body["data"]["kind"]) == ("unit-reminded", "overdue")
    assert body["data"]["missing"] == ["summary", "information", "forwarding", "paper"]
    assert body["data"]["days"] == 2  # Tuesday and Wednesday
    assert office.dispatch().delivered == 4
    assert office.verify().checked["outbox"] == 4


def test_without_a_channel_reminders_are_recorded_and_nothing_is_sent() -> None:
    with opened(county.settings("memory:")) as office:
        act(office, ASKED, "inspector")
        move(office, days=30)
        assert len(act(office, c.RemindUnits(), "inspector").facts) == 2
        assert office.storage.outbox_of(AREA, "campaign:c1") == ()
        assert office.verify().ok


@pytest.mark.parametrize(
    ("statement", "invariant"),
    [
        ("UPDATE reference_data SET data = replace(data, '期限有误', '期限无误') WHERE kind = 'campaign'", "I5"),
        ("DELETE FROM reference_data WHERE kind = 'campaign' AND version = 3", "I5"),
        ("UPDATE outbox SET body = replace(body, '事项填报', '事项填抱')", "I7"),
        ("DELETE FROM reference_data WHERE kind = 'invitation'", "I5"),
    ],
)
def test_verify_finds_what_was_changed_behind_its_back(tmp_path: Path, statement: str, invariant: str) -> None:
    given = attrs.evolve(county.settings(f"sqlite:///{tmp_path}/c.db"), notification_channels=("webhook",))
    with opened(given) as office:
        act(office, ASKED, "inspector")
        hand_in(office)
        act(office, RETURN, "rev")
        act(office, c.RemindUnits(), "inspector")
        move(office, days=30)
        act(office, c.RemindUnits(), "inspector")
        office.change(lambda services: invite(services, [BUREAU], document="通知", by="inspector"))
        assert office.verify().ok
    with closing(sqlite3.connect(tmp_path / "c.db")) as database, database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        name = next(one for one in tables if "reference" in one and "version" not in one)
        changed = database.execute(
            statement.replace("reference_data", name)
            .replace("replace(data,", "replace(CAST(data AS TEXT),")
            .replace("replace(body,", "replace(CAST(body AS TEXT),")
        ).rowcount
        assert changed > 0
        if "UPDATE" in statement:
            column = "data" if "data =" in statement else "body"
            table = name if column == "data" else "outbox"
            database.execute(f"UPDATE {table} SET {column} = CAST({column} AS BLOB)")  # noqa: S608 -- our names
    with open_office(given, clock=ManualClock(MONDAY + timedelta(days=31)), ids=SeededIds(2)) as office:
        assert invariant in {one.invariant for one in office.verify().violations}


def test_the_duty_of_a_unit_passes_once_the_unit_has_ended(office: Office) -> None:
    act(office, ASKED, "inspector")
    hand_in(office)
    asked = c.PassOn(unit=OTHER, to=("merged",), day=MONDAY.date(), document="改革方案")
    with pytest.raises(ClaimError) as refused:
        act(office, asked, "inspector")
    assert [one.code for one in refused.value.faults] == ["unknown-organ", "exists"]


def test_after_a_reform_the_successor_takes_over_where_the_unit_stood(office: Office) -> None:
    until = MONDAY.date() + timedelta(days=3)
    office.establish(
        organs=[
            Organ(code="old", name="旧局", kind=OrganKind.DEPARTMENT, parent=COUNTY, valid_from=SINCE, valid_to=until),
            Organ(code="new", name="新局", kind=OrganKind.DEPARTMENT, parent=COUNTY, valid_from=SINCE),
        ],
        people=[Person(code="clerk", name="姓clerk", organ="old", valid_from=SINCE)],
    )
    act(office, attrs.evolve(ASKED, units=("old", OTHER)), "inspector")
    act(office, c.HandIn(unit="old", files=form_files("a")), "clerk")
    asked = c.PassOn(unit="old", to=("new",), day=until, document="改革方案")
    for early in (asked, attrs.evolve(asked, day=MONDAY.date())):
        with pytest.raises(ClaimError):
            act(office, early, "inspector")
    move(office, days=3)
    campaign = office.campaigns["c1"]
    assert ended(campaign, office.organisation, office.now().date()) == ("old",)
    done = act(office, asked, "inspector").campaign
    assert ended(done, office.organisation, office.now().date()) == ()
    assert [(one.unit, one.state) for one in done.units.values()] == [
        ("old", UnitState.PASSED_ON),
        (OTHER, UnitState.NOT_STARTED),
        ("new", UnitState.SUBMITTED),
    ]
    act(office, c.ReceivePaper(unit="new", day=office.now().date()), "inspector")
    assert act(office, c.AcceptForms(unit="new"), "rev").campaign.counts()["accepted"] == 1


def test_after_a_plan_the_successors_need_not_be_named_again(office: Office) -> None:
    """The preview says whose duty passes to whom; on the day the plan's own successors and document are taken."""
    day = MONDAY.date() + timedelta(days=3)
    acts = {
        "code": "merger",
        "title": "合并",
        "basis": "演示机构改革方案",
        "effective": day,
        "found": [{"organ": "merged", "name": "新局", "parent": COUNTY}],
        "merge": [{"from": [BUREAU, OTHER], "into": "merged"}],
    }
    plan = parse_plan(acts, "plan")
    act(office, ASKED, "inspector")
    hand_in(office)
    told = {one.subject: one.message for one in preview(office.services, plan).planned.changes.remarks}
    assert told.keys() >= {BUREAU, OTHER}
    assert f"{BUREAU} is submitted" in told[BUREAU] and f"{OTHER} is not-started" in told[OTHER]
    # what is told to be run can be run as it stands, by somebody, on the day and not before
    assert f"run on {day} or later egov campaign succeed c1 --unit {BUREAU} --as PERSON --config FILE" in told[BUREAU]
    with pytest.raises(ClaimError, match="is not passed on"):
        act(office, c.PassOn(unit=BUREAU, day=day), "inspector")
    office.change(lambda services: apply(services, plan, actor=SYSTEM))
    move(office, days=3)
    for unit in ASKED.units:
        done = act(office, c.PassOn(unit=unit, day=day), "inspector").campaign
        [fact] = [one for one in (done.units[unit],) if one.state is UnitState.PASSED_ON]
        assert fact.passed_to == ("merged",)
    assert "merged" in done.units
    assert ended(done, office.organisation, day) == ()


def test_the_preview_of_a_merger_names_no_unit_that_is_accepted(office: Office) -> None:
    """What was accepted is owed by nobody, and it was not left out either."""
    acts = {
        "code": "merger",
        "title": "合并",
        "basis": "演示机构改革方案",
        "effective": MONDAY.date() + timedelta(days=3),
        "found": [{"organ": "merged", "name": "新局", "parent": COUNTY}],
        "merge": [{"from": [BUREAU, OTHER], "into": "merged"}],
    }
    act(office, ASKED, "inspector")
    hand_in(office)
    act(office, c.ReceivePaper(unit=BUREAU, day=MONDAY.date()), "inspector")
    act(office, c.AcceptForms(unit=BUREAU), "rev")
    remarks = preview(office.services, parse_plan(acts, "plan")).planned.changes.remarks
    assert [one.subject for one in remarks if one.code == "campaign-duty"] == [OTHER]


# --- enrolment --------------------------------------------------------------------------------------------------------

HEADER = "单位编码,单位名称,单位类型,上级单位编码,人员编码,姓名,职责\n"
FILE = (
    HEADER
    + "town1,石桥镇,乡镇,county,t1,王一,责任领导\n"
    + "town1,,,,t2,王二,专人负责\n"
    + "town1,,,,t2,王二,受理\n"
    + "office1,便民服务中心,内设机构,town1,,,\n"
    + "bureau,,,,intake,,专人负责\n"
)


def plan_of(office: Office, text: str, by: str = "inspector") -> EnrolmentPlan:
    sheet = read_enrolment(text.encode(), name="units.csv")
    return office.change(lambda services: planned(services, sheet.rows, document="通知", by=by, faults=sheet.faults))


def take_in(office: Office, text: str) -> EnrolmentPlan:
    plan = plan_of(office, text)
    office.change(lambda services: carry_out(services, plan, by="inspector"))
    return plan


def test_a_file_taken_in_twice_changes_nothing_the_second_time(office: Office) -> None:
    first = take_in(office, FILE)
    assert [one.code for one in first.organs] == ["town1", "office1"]
    assert [one.code for one in first.people] == ["t1", "t2"]
    assert [(one.person, one.role) for one in first.grants] == [
        ("t1", Role.HEAD),
        ("t2", Role.CLERK_OF_CATALOGUE),
        ("t2", Role.INTAKE),
        ("intake", Role.CLERK_OF_CATALOGUE),
    ]
    assert [one.organ for one in first.invitations] == ["town1", "office1", "bureau"]
    before = office.storage.counts(AREA)
    again = take_in(office, FILE)
    assert again.is_empty
    assert office.storage.counts(AREA) == before
    assert office.organisation.get("office1").parent == "town1"


def test_a_dry_run_writes_nothing(office: Office) -> None:
    before = (office.storage.counts(AREA), office.storage.reference_version(AREA))
    plan_of(office, FILE)
    assert (office.storage.counts(AREA), office.storage.reference_version(AREA)) == before


def test_a_code_beside_another_name_gives_that_person_nothing(office: Office) -> None:
    before = office.services.registry()
    with pytest.raises(ClaimError) as refused:
        take_in(office, HEADER + "bureau,,,,intake,赵新来,批准\n")
    [fault] = refused.value.faults
    assert (fault.path[-2:], fault.code) == ("F2", "person-differs")
    assert "姓intake" in fault.message and "赵新来" in fault.message
    after = office.services.registry()
    assert (after.people, after.staffing.grants) == (before.people, before.staffing.grants)
    assert [one.role for one in take_in(office, HEADER + "bureau,,,,intake,姓intake,审核\n").grants] == [Role.REVIEWER]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("bureau,别名,,,,,\n", [("B2", "organ-differs")]),
        ("town1,石桥镇,镇,county,,,\n", [("C2", "unknown-kind")]),
        ("town1,,乡镇,nowhere,,,\n", [("B2", "empty"), ("D2", "unknown-organ")]),
        ("town1,石桥镇,乡镇,county,,,\ntown1,石乔镇,,,,,\n", [("B3", "contradicts")]),
        ("bureau,,,,stranger,,受理\n", [("E2", "person-elsewhere")]),
        ("bureau,,,,retired,,受理\n", [("E2", "not-in-office")]),
        ("bureau,,,,newcomer,,受理\n", [("F2", "empty")]),
        (",,,,x,王,受理\n", [("A2", "empty")]),
        ("bureau,,,,,,受理\n", [("G2", "nobody")]),
        ("bureau,别名,,,head,,科长\n", [("G2", "unknown-role"), ("B2", "organ-differs")]),
    ],
)
def test_what_is_wrong_is_named_by_cell_and_nothing_is_written(
    office: Office, rows: str, expected: list[tuple[str, str]]
) -> None:
    before = office.storage.reference_version(AREA)
    with pytest.raises(ClaimError) as refused:
        take_in(office, HEADER + rows)
    assert [(one.path.removeprefix("units.csv "), one.code) for one in refused.value.faults] == expected
    assert office.storage.reference_version(AREA) == before


def test_every_fault_of_a_file_is_told_at_once(office: Office) -> None:
    rows = "bureau,别名,,,,,\ntown1,,乡镇,county,,,\ntown1,,,,p,王,科长\nbureau,,,,stranger,,\n"
    with pytest.raises(ClaimError) as refused:
        take_in(office, HEADER + rows)
    assert {one.path.removeprefix("units.csv ") for one in refused.value.faults} == {"B2", "B3", "G4", "E5"}


def test_only_who_may_enrols_units(office: Office) -> None:
    with pytest.raises(NoAuthorityError):
        plan_of(office, FILE, by="head")
    with pytest.raises(NoAuthorityError):
        office.change(lambda services: invite(services, [BUREAU], document="通知", by="head"))
    with pytest.raises(ClaimError) as refused:
        office.change(lambda services: invite(services, [BUREAU, "x", "y"], document="通知", by="inspector"))
    assert [one.path for one in refused.value.faults] == ["unit x", "unit y"]


def govern(office: Office) -> None:
    """From now on somebody is head of the government: the office is no longer being set up."""
    office.establish(
        people=[Person(code="mayor", name="姓mayor", organ=COUNTY, valid_from=SINCE)],
        grants=[Grant(person="mayor", role=Role.GOVERNMENT_HEAD, organ=COUNTY, valid_from=SINCE)],
    )


def joins(office: Office, text: str, decided_by: str = "") -> EnrolmentPlan:
    sheet = read_enrolment(text.encode(), name="units.csv")
    who = {"by": "inspector", "decided_by": decided_by}
    plan = office.change(lambda services: planned(services, sheet.rows, document="通知", faults=sheet.faults, **who))
    office.change(lambda services: carry_out(services, plan, **who))
    return plan


@pytest.mark.parametrize("word", [*ROLES][:5])
@pytest.mark.parametrize("unit", ["town1,石桥镇,乡镇,county", f"{BUREAU},,,", f"{COUNTY},,,"])
def test_who_lets_units_join_gives_nobody_a_role(office: Office, unit: str, word: str) -> None:
    govern(office)
    before = office.services.registry().staffing
    row = f"{HEADER}{unit},p9,王九,{word}\n"
    with pytest.raises(NoAuthorityError) as refused:
        joins(office, row)
    assert "mayor" in refused.value.remedy and "--by" in refused.value.remedy
    assert office.services.registry().staffing == before
    heads_give = unit.startswith(BUREAU) and ROLES[word] in (Role.INTAKE, Role.REVIEWER, Role.APPROVER)
    if heads_give:
        assert joins(office, row, decided_by="head").grants
    else:
        with pytest.raises(NoAuthorityError):
            joins(office, row, decided_by="head")
        assert office.services.registry().staffing == before
        assert joins(office, row, decided_by="mayor").grants
    code = unit.partition(",")[0]
    granted = [one.actor for one in office.storage.events(AREA, f"organ:{code}") if one.type == "authority-granted"]
    assert granted[-1] == ("head" if heads_give else "mayor"), "the chain says who decided"


def test_who_names_nobody_decides_on_nobody(office: Office) -> None:
    govern(office)
    plan = joins(office, HEADER + "town1,石桥镇,乡镇,county,,,\n")
    assert [one.code for one in plan.organs] == ["town1"]
    assert {one.actor for one in office.storage.events(AREA, "organ:town1")} == {"inspector"}
    with pytest.raises(NoAuthorityError):
        joins(office, HEADER + "town1,,,,p9,王九,\n")


def test_a_plan_is_written_only_as_somebody_decides_who_may(office: Office) -> None:
    plan = plan_of(office, FILE)
    govern(office)
    before = office.storage.reference_version(AREA)
    with pytest.raises(NoAuthorityError):
        office.change(lambda services: carry_out(services, plan, by="inspector"))
    assert office.storage.reference_version(AREA) == before


def test_enrolment_goes_from_the_invitation_to_the_first_case(tmp_path: Path) -> None:
    with opened(county.settings(f"sqlite:///{tmp_path}/c.db")) as office:

        def stage(unit: str = BUREAU) -> str:
            return next(one.stage for one in office.enrolments() if one.unit == unit)

        assert stage() == "not-invited", "items and staff alone are no enrolment"
        fresh = office.change(lambda services: invite(services, [BUREAU, BUREAU], document="通知", by="inspector"))
        assert fresh == (BUREAU,)
        assert office.change(lambda services: invite(services, [BUREAU], document="再通知", by="inspector")) == ()
        held = next(one for one in office.enrolments() if one.unit == BUREAU)
        assert (held.stage, held.unnamed) == ("invited", (Duty.IN_CHARGE,))
        take_in(office, HEADER + "bureau,,,,intake,,专人负责\n")
        assert stage() == "items-published"
        county.submit(office)
        assert stage() == "first-case"
        assert [one.unit for one in office.enrolments()] == [BUREAU, OTHER]
        office.establish(organs=[Organ(code="v", name="村", kind=OrganKind.COMMUNITY, parent=COUNTY, valid_from=SINCE)])
        assert "v" not in {one.unit for one in office.enrolments()}
        office.change(lambda services: invite(services, ["v"], document="通知", by="inspector"))
        assert stage("v") == "invited"
        assert office.verify().ok


def test_a_row_needs_no_column_but_the_unit() -> None:
    (row,) = read_enrolment(b"organ\nbureau\n", name="u.csv").rows
    hidden = read_enrolment("organ\nbur\u200beau\n".encode(), name="u.csv")
    assert [(one.path, one.code) for one in hidden.faults] == [("u.csv A2", "unseen-character")] and not hidden.rows
    assert row == EnrolmentRow(organ="bureau", cells={"organ": "u.csv A2"})
    (wide,) = read_enrolment("organ,person\nｔｏｗｎ,Ｐ０１\n".encode(), name="u.csv").rows
    assert (wide.organ, wide.person) == ("town", "P01")
    parted = read_enrolment(b"organ,person\nA B,P 1\n", name="u.csv")
    assert [(one.path, one.code) for one in parted.faults] == [("u.csv A2", "code-form"), ("u.csv B2", "code-form")]
    with pytest.raises(ClaimError) as refused:
        read_enrolment(b"name\nx\n", name="u.csv")
    assert [one.code for one in refused.value.faults] == ["column-missing"]
    with pytest.raises(ClaimError) as refused:
        read_enrolment(b"organ\n", name="u.csv")
    assert [one.code for one in refused.value.faults] == ["no-rows"]


def test_a_workbook_says_what_a_csv_file_says() -> None:
    kept = io.BytesIO()
    with import_module("xlsxwriter").Workbook(kept) as book:
        sheet = book.add_worksheet("接入")
        for number, line in enumerate(FILE.splitlines()):
            sheet.write_row(number, 0, line.split(","))
    from_book = read_enrolment(kept.getvalue(), name="units.xlsx")
    from_csv = read_enrolment(FILE.encode(), name="units.csv")
    plain = [[attrs.evolve(row, cells={}) for row in sheet.rows] for sheet in (from_book, from_csv)]
    assert plain[0] == plain[1]
    assert from_book.rows[1].cell("person") == "units.xlsx E3"


def test_roles_that_a_place_keeps_apart_are_refused_at_their_cell(tmp_path: Path) -> None:
    given = attrs.evolve(county.settings(f"sqlite:///{tmp_path}/c.db"), separations="two-person")
    with opened(given) as office, pytest.raises(ClaimError) as refused:
        take_in(office, HEADER + "county,,,,inspector,,专人负责\n")
    assert [one.path for one in refused.value.faults] == ["units.csv G2"]
