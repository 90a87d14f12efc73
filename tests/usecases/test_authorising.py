"""Commands under posts, delegations, stand-ins and roles kept apart, through an open office that is verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.domain.authority import Appointment, Delegation, Grant, Post, Role, Staffing, StandIn
from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import DEFAULT_STEPS
from egov_core.domain.legal import CHINA, LegalBasis
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import SYSTEM, Person
from egov_core.errors import ClaimError, NoAuthorityError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.doctor import diagnose
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.small_county import BUREAU, COUNTY, LICENCE, SINCE, staff
from egov_core.usecases.staff.appointing import appoint, compared, faults_in

TOWN, CENTRE, SECTION = "town", "centre", "section"
LAW = LegalBasis(instrument="《演示条例》", article="第九条")
DELEGATION = Delegation(
    code="演委〔2024〕1号",
    organ=BUREAU,
    delegate=TOWN,
    items=frozenset({LICENCE}),
    basis=LAW,
    announcement="演示公告〔2024〕1号",
    published_on=date(2024, 1, 2),
    valid_from=date(2024, 1, 10),
)
ORGANS = (
    Organ(code=TOWN, name="演示镇", kind=OrganKind.TOWN, parent=COUNTY, valid_from=SINCE),
    Organ(code=CENTRE, name="便民服务中心", kind=OrganKind.UNIT, parent=TOWN, valid_from=SINCE),
    Organ(code=SECTION, name="审批股", kind=OrganKind.UNIT, parent=BUREAU, valid_from=SINCE),
)
PEOPLE = (
    Person(code="townsman", name="镇甲", organ=TOWN, valid_from=SINCE),
    Person(code="deputy", name="代乙", organ=BUREAU, valid_from=SINCE),
    Person(code="newcomer", name="新丙", organ=SECTION, valid_from=SINCE),
)


def opened(**given: Any) -> Office:
    """The small county with a town, an internal unit and three more people."""
    settings = attrs.evolve(county.settings(), **given)
    office = county.found(open_office(settings, clock=ManualClock(county.MONDAY), ids=SeededIds(1)))
    office.establish(organs=ORGANS, people=PEOPLE)
    return office


@pytest.fixture
def office() -> Iterator[Office]:
    with opened() as found:
        yield found
        assert found.verify().violations == ()


def write(office: Office, **records: object) -> None:
    """Write records of authority."""
    given = Staffing(**{kind: (one,) if attrs.has(type(one)) else one for kind, one in records.items()})  # type: ignore[arg-type]  # given by name
    office.change(lambda services: appoint(services, given, actor=SYSTEM))


def faults(office: Office, **records: object) -> list[tuple[str, str]]:
    """What is wrong with records: path and code."""
    given = Staffing(**{kind: (one,) if attrs.has(type(one)) else one for kind, one in records.items()})  # type: ignore[arg-type]  # given by name
    found = [(fault.path, fault.code) for fault in faults_in(office.services, given)]
    version = office.storage.reference_version(office.area)
    if found:
        with pytest.raises(ClaimError) as refused:
            office.change(lambda services: appoint(services, given, actor=SYSTEM))
        assert [(fault.path, fault.code) for fault in refused.value.faults] == found
        assert office.storage.reference_version(office.area) == version
    return found


def role(person: str, held: Role, organ: str = TOWN, **more: object) -> Grant:
    """A grant since ever."""
    return Grant(person=person, role=held, organ=organ, valid_from=SINCE, **more)  # type: ignore[arg-type]  # given by name


def test_a_town_takes_in_for_the_bureau_and_the_bureau_stays_answerable(office: Office) -> None:
    case = county.submit(office)
    everything = tuple(role("townsman", one) for one in (Role.INTAKE, Role.REVIEWER, Role.APPROVER))
    write(office, grants=everything)
    with pytest.raises(NoAuthorityError):
        office.do(c.Accept(case_id=case.case_id), actor=staff("townsman"))
    write(office, delegations=DELEGATION)
    office.do(c.Accept(case_id=case.case_id), actor=staff("townsman"))
    recorded = office.event_of(office.storage.events(office.area, case.case_id)[-1])
    assert (recorded.actor.code, recorded.actor.organ) == ("townsman", TOWN)
    assert recorded.actor.under == ("delegation 演委〔2024〕1号",)
    row = office.storage.case(office.area, case.case_id)
    assert row is not None and row.organ == BUREAU
    with pytest.raises(NoAuthorityError) as refused:
        office.do(c.Review(case_id=case.case_id, opinion="同意"), actor=staff("townsman"))
    assert any("does not entrust the role 审核" in gap for way in refused.value.data["failed"] for gap in way)
    county.review(office, case.case_id)
    with pytest.raises(NoAuthorityError):
        office.do(c.Approve(case_id=case.case_id, document="号"), actor=staff("townsman"))
    write(office, delegations=attrs.evolve(DELEGATION, roles=frozenset({Role.INTAKE, Role.APPROVER})))
    assert office.do(c.Approve(case_id=case.case_id, document="号"), actor=staff("townsman")).state == "approved"


def test_a_delegation_ends_with_its_last_day_and_reaches_no_other_item(office: Office) -> None:
    write(office, grants=role("townsman", Role.INTAKE), delegations=DELEGATION)
    stamp = county.submit(office, county.STAMP, materials=())
    with pytest.raises(NoAuthorityError):
        office.do(c.Accept(case_id=stamp.case_id), actor=staff("townsman"))
    write(office, delegations=attrs.evolve(DELEGATION, valid_to=county.MONDAY.date()))
    licence = county.submit(office)
    with pytest.raises(NoAuthorityError, match="townsman may not act as 受理"):
        office.do(c.Accept(case_id=licence.case_id), actor=staff("townsman"))


def test_what_article_24_forbids_is_refused_and_everything_is_said(office: Office) -> None:
    write(office, delegations=DELEGATION)
    wrong = attrs.evolve(
        DELEGATION,
        code="x",
        delegate=CENTRE,
        items=frozenset({"*", "gone"}),
        roles=frozenset({Role.INTAKE, Role.HEAD}),
        steps=frozenset({"stamping"}),
        basis=LegalBasis(instrument=""),
        announcement=" ",
        published_on=date(2024, 3, 1),
    )
    assert {code for _, code in faults(office, delegations=wrong)} == {
        "no-organ",
        "items-not-named",
        "unknown-item",
        "not-delegable",
        "unknown-step",
        "no-basis",
        "unpublished",
        "published-late",
    }
    further = attrs.evolve(DELEGATION, code="y", organ=TOWN, delegate=county.OTHER)
    assert faults(office, delegations=further) == [("delegation y", "re-delegation")]
    later = attrs.evolve(further, valid_from=date(2025, 1, 1))
    write(office, delegations=attrs.evolve(DELEGATION, valid_to=date(2024, 12, 31)))
    assert faults(office, delegations=later) == [("delegation y", "re-delegation")], "not even when the first has ended"
    foreign = attrs.evolve(DELEGATION, code="z", organ=county.OTHER)
    assert faults(office, delegations=foreign) == [("delegation z", "not-its-item")]


def test_a_post_gives_what_is_granted_to_it_while_somebody_fills_it(office: Office) -> None:
    post = Post(code="gw1", name="窗口岗", organ=SECTION, valid_from=SINCE)
    filled = Appointment(person="newcomer", post="gw1", valid_from=date(2024, 6, 1))
    to_post = Grant(
        post="gw1", role=Role.INTAKE, organ=BUREAU, steps=frozenset({"acceptance"}), valid_from=SINCE, basis=LAW
    )
    write(office, posts=post, grants=to_post)
    case = county.submit(office)
    with pytest.raises(NoAuthorityError):
        office.do(c.Accept(case_id=case.case_id), actor=staff("newcomer"))
    write(office, appointments=filled)
    office.do(c.Accept(case_id=case.case_id), actor=staff("newcomer"))
    county.review(office, case.case_id)
    county.approve(office, case.case_id)
    with pytest.raises(NoAuthorityError) as refused:
        office.do(c.Deliver(case_id=case.case_id, method="邮寄"), actor=staff("newcomer"))
    assert "is for steps acceptance, not for conclusion" in refused.value.remedy
    assert "have the head of the organ or of the government grant" in refused.value.remedy
    assert "egov staff import FILE --by PERSON --apply --config FILE" in refused.value.remedy
    write(office, appointments=attrs.evolve(filled, valid_to=date(2024, 6, 17)))
    other = county.submit(office)
    with pytest.raises(NoAuthorityError) as refused:
        office.do(c.Accept(case_id=other.case_id), actor=staff("newcomer"))
    assert "ended on 2024-06-17" in refused.value.remedy


def test_a_grant_in_a_unit_covers_what_the_unit_holds(office: Office) -> None:
    item = county.item("by-section", promised=county.working_days(10))
    steps = tuple(attrs.evolve(one, unit=SECTION if one.code == "review" else "") for one in DEFAULT_STEPS)
    office.establish(items=[attrs.evolve(item, steps=steps)])
    write(office, grants=role("newcomer", Role.REVIEWER, SECTION))
    case, other = county.accepted(office, "by-section"), county.accepted(office)
    with pytest.raises(NoAuthorityError):
        office.do(c.Review(case_id=other.case_id, opinion="同意"), actor=staff("newcomer"))
    office.do(c.HandOver(case_id=other.case_id, unit=SECTION, reason="人手"), actor=staff("reviewer"))
    for case_id in (case.case_id, other.case_id):
        assert office.do(c.Review(case_id=case_id, opinion="同意"), actor=staff("newcomer")).state == "reviewed"


def test_a_stand_in_acts_for_the_absent_person_and_is_recorded_as_one(office: Office) -> None:
    away = StandIn(absent="approver", deputy="deputy", valid_from=date(2024, 6, 17), valid_to=date(2024, 6, 18))
    write(office, stand_ins=away)
    case = county.reviewed(office)
    office.do(c.Approve(case_id=case.case_id, document="号"), actor=staff("deputy"))
    recorded = office.event_of(office.storage.events(office.area, case.case_id)[-1])
    assert recorded.actor.under == ("stand-in approver:deputy:2024-06-17",)
    other = county.reviewed(office)
    assert isinstance(office.clock, ManualClock)
    office.clock.move_to(datetime(2024, 6, 18, 9, tzinfo=CHINA))
    with pytest.raises(NoAuthorityError):
        office.do(c.Approve(case_id=other.case_id, document="号"), actor=staff("deputy"))


def test_nobody_stands_in_for_a_stand_in_nor_from_another_organ(office: Office) -> None:
    def away(absent: str, deputy: str, first: int = 17, last: int = 20) -> StandIn:
        return StandIn(absent=absent, deputy=deputy, valid_from=date(2024, 6, first), valid_to=date(2024, 6, last))

    write(office, stand_ins=away("approver", "deputy"))
    assert faults(office, stand_ins=away("deputy", "newcomer")) == [("stand-in for deputy", "stand-in-chain")]
    assert faults(office, stand_ins=away("reviewer", "approver")) == [("stand-in for reviewer", "stand-in-chain")]
    assert faults(office, stand_ins=away("deputy", "newcomer", 20, 22)) == []
    assert faults(office, stand_ins=away("head", "head")) == [("stand-in for head", "own-deputy")]
    assert faults(office, stand_ins=(away("head", "head"), away("head", "intake"))) == [
        ("stand-in for head", "own-deputy")
    ], "what follows from it is not told besides"
    assert faults(office, stand_ins=away("head", "stranger")) == [("stand-in for head", "deputy-elsewhere")]
    assert faults(office, stand_ins=away("head", "nobody", 20, 18)) == [
        ("stand-in for head", "ends-first"),
        ("stand-in for head", "unknown-person"),
    ]


def test_two_persons_decide_a_case_where_the_place_says_so_and_a_stand_in_is_no_way_around() -> None:
    with opened(separations="two-person") as office:
        write(office, grants=tuple(role("deputy", one, BUREAU) for one in (Role.REVIEWER, Role.APPROVER)))
        case = county.accepted(office)
        office.do(c.Review(case_id=case.case_id, opinion="同意"), actor=staff("deputy"))
        with pytest.raises(NoAuthorityError, match="has acted as 审核 in case") as refused:
            office.do(c.Approve(case_id=case.case_id, document="号"), actor=staff("deputy"))
        assert refused.value.data["acted_as"] == "reviewer"
        write(
            office,
            stand_ins=StandIn(
                absent="approver", deputy="reviewer", valid_from=date(2024, 6, 1), valid_to=date(2024, 7, 1)
            ),
        )
        mine = county.reviewed(office)
        with pytest.raises(NoAuthorityError, match="has acted as"):
            office.do(c.Approve(case_id=mine.case_id, document="号"), actor=staff("reviewer"))
        assert office.do(c.Approve(case_id=case.case_id, document="号"), actor=staff("reviewer")).state == "approved"
        assert office.verify().ok
    with opened() as office:
        write(office, grants=tuple(role("deputy", one, BUREAU) for one in (Role.REVIEWER, Role.APPROVER)))
        case = county.accepted(office)
        office.do(c.Review(case_id=case.case_id, opinion="同意"), actor=staff("deputy"))
        assert office.do(c.Approve(case_id=case.case_id, document="号"), actor=staff("deputy")).state == "approved"


def test_roles_that_do_not_meet_in_one_person_are_refused_however_they_would_meet() -> None:
    with opened(separations="two-person") as office:
        clerk = role("newcomer", Role.CLERK_OF_CATALOGUE, BUREAU)
        write(office, grants=clerk)
        watch = role("newcomer", Role.SUPERVISOR, COUNTY)
        assert faults(office, grants=watch) == [("grant of newcomer", "kept-apart")]
        post = Post(code="gw", name="监察岗", organ=COUNTY, valid_from=SINCE)
        to_post = Grant(post="gw", role=Role.SUPERVISOR, organ=COUNTY, valid_from=SINCE)
        write(office, posts=post, grants=to_post)
        filled = Appointment(person="newcomer", post="gw", valid_from=SINCE)
        assert faults(office, appointments=filled) == [("appointment of newcomer", "kept-apart")]
        write(office, grants=role("deputy", Role.SUPERVISOR, COUNTY))
        away = StandIn(absent="newcomer", deputy="deputy", valid_from=date(2024, 6, 1), valid_to=date(2024, 7, 1))
        assert faults(office, stand_ins=away) == [("stand-in for newcomer", "kept-apart")]
        assert faults(office, grants=attrs.evolve(watch, person="head")) == []


def test_a_pair_switched_on_later_binds_whoever_stands_in_already() -> None:
    office = opened()
    away = StandIn(absent="newcomer", deputy="deputy", valid_from=date(2024, 6, 1), valid_to=date(2024, 7, 1))
    write(
        office,
        grants=(role("newcomer", Role.CLERK_OF_CATALOGUE, BUREAU), role("deputy", Role.SUPERVISOR, COUNTY)),
        stand_ins=away,
    )
    day = county.MONDAY.date()
    before = {power.role for power in office.authority.what("deputy", day, office.organisation)}
    with opened(separations="two-person") as other:
        stricter = type(office.authority).of_staffing(office.staffing, other.services.place.separations)
    after = {power.role for power in stricter.what("deputy", day, office.organisation)}
    assert before - after == {Role.CLERK_OF_CATALOGUE}


def test_the_doctor_names_records_that_could_not_be_written_any_more(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/county.db"
    with opened(storage=url) as office:
        write(
            office,
            grants=(role("deputy", Role.CLERK_OF_CATALOGUE, BUREAU), role("deputy", Role.SUPERVISOR, COUNTY)),
        )
        assert [one.code for one in diagnose(office) if one.code.startswith("staffing")] == []
    with open_office(
        attrs.evolve(county.settings(url), separations="two-person"), clock=ManualClock(county.MONDAY)
    ) as office:
        [found] = [one for one in diagnose(office) if one.code.startswith("staffing")]
        assert (found.code, found.severity) == ("staffing-kept-apart", "warning")
        assert "deputy would hold" in found.message and found.remedy
        day = county.MONDAY.date()
        held = {power.role for power in office.authority.what("deputy", day, office.organisation)}
        assert {Role.CLERK_OF_CATALOGUE, Role.SUPERVISOR} <= held, "what was granted is not taken away unseen"


def test_the_same_records_twice_change_nothing_the_second_time(office: Office) -> None:
    given = Staffing(grants=(role("townsman", Role.INTAKE),), delegations=(DELEGATION,))
    first = office.change(lambda services: appoint(services, given, actor=SYSTEM))
    version = office.storage.reference_version(office.area)
    second = office.change(lambda services: appoint(services, given, actor=SYSTEM))
    assert (len(first.new), second.is_empty, second.known) == (2, True, 2)
    assert office.storage.reference_version(office.area) == version
    ended = attrs.evolve(DELEGATION, valid_to=date(2025, 1, 1))
    diff = compared(office.services, Staffing(delegations=(ended,)))
    assert diff.changed == ((DELEGATION, ended),)


def test_every_command_has_a_role_and_a_step() -> None:
    assert c.STEP_OF.keys() == c.NEEDED_ROLE.keys()
    assert set(c.STEP_OF.values()) == {step.code for step in DEFAULT_STEPS}


def test_records_that_cannot_be_are_told_with_their_place(office: Office) -> None:
    twice = (role("townsman", Role.INTAKE), role("townsman", Role.INTAKE, items=frozenset({LICENCE})))
    assert faults(office, grants=twice) == [("grant of townsman", "given-twice")]
    assert faults(office, grants=(twice[0], attrs.evolve(twice[1], number="2"))) == []
    both = Grant(person="townsman", post="p", role=Role.INTAKE, organ=TOWN, valid_from=SINCE, items=frozenset())
    assert {code for _, code in faults(office, grants=both)} == {"holder", "empty"}
    early = Appointment(person="retired", post="p", valid_from=date(2024, 2, 1))
    post = Post(code="p", name="p", organ="nowhere", valid_from=SINCE)
    assert faults(office, posts=post, appointments=early) == [
        ("post p", "unknown-organ"),
        ("appointment of retired", "no-common-day"),
    ]
