"""A plan is looked at, carried through and taken back; cases live on, and whoever succeeds acts at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import attrs
import pytest

from egov_core.domain.authority import Appointment, Delegation, Grant, Post, Role, Staffing, StandIn
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.events import CardIssued
from egov_core.domain.catalogue import PrepareDraft, ReturnDraft, SubmitDraft, SuspendItem
from egov_core.domain.legal import start_of
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import SYSTEM, Person
from egov_core.errors import (
    ClaimError,
    ConflictError,
    ItemStateError,
    NoAuthorityError,
    ReorganisationError,
    UnknownError,
)
from egov_core.ports.storage import ReferenceRow
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, BUREAU, COUNTY, LICENCE, OTHER, SINCE, STAMP, UPWARD, staff
from egov_core.testing.whole_items import whole
from egov_core.usecases.audit.traces import KIND_OF
from egov_core.usecases.reorganisation.carrying_through import apply, planned
from egov_core.usecases.reorganisation.preview import preview
from egov_core.usecases.reorganisation.undo import undo
from egov_core.usecases.staff.appointing import appoint
from egov_core.usecases.staff.handing_over import handover_faults, open_work
from tests.reforms import EFFECTIVE, merger_of, plan_of

NEW = "new-bureau"
MERGER = merger_of(BUREAU, OTHER, into=NEW)


def power(person: str, organ: str) -> Grant:
    return Grant(person=person, role=Role.GOVERNMENT_HEAD, organ=organ, valid_from=SINCE)


def references(office: Office) -> dict[tuple[str, str, int], ReferenceRow]:
    return {
        (row.kind, row.code, row.version): row
        for kind in set(KIND_OF.values())
        for row in office.storage.references(AREA, kind)
    }


def rows_of_cases(office: Office) -> object:
    store = office.storage
    return [
        (store.case(AREA, one), store.timers(AREA, one), store.cards(AREA, one), store.outbox_of(AREA, one))
        for one in store.streams(AREA)
        if ":" not in one
    ]


def clock_of(office: Office) -> ManualClock:
    assert isinstance(office.clock, ManualClock)
    return office.clock


def carry(office: Office, text: str, *, expected: str = "") -> object:
    return office.change(lambda services: apply(services, plan_of(text), actor=staff("mayor"), expected=expected))


def take_back(office: Office, code: str = "merger") -> object:
    return office.change(lambda services: undo(services, code, actor=staff("mayor")))


@pytest.fixture(params=["memory:", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/county.db"
    with county.open_small_county(url) as opened:
        mayor = Person(code="mayor", name="姓mayor", organ=COUNTY, valid_from=SINCE)
        opened.establish(people=[mayor], grants=[power("mayor", COUNTY)])
        yield opened
        assert opened.verify().violations == ()


# --- the list ----------------------------------------------------------------------------------------------------


def test_the_preview_lists_exactly_what_applying_changes(office: Office) -> None:
    county.accepted(office)
    before = references(office)
    seen = preview(office.services, plan_of(MERGER))
    assert references(office) == before, "a preview writes nothing"
    carry(office, MERGER, expected=seen.planned.state)
    after = references(office)
    listed = {(row.kind, row.code, row.version): (row.before, row.after) for row in seen.planned.rows}
    changed = {
        key: (before[key].data if key in before else None, row.data)
        for key, row in after.items()
        if before.get(key) != row and key[0] != "reorganisation"
    }
    assert changed == listed
    assert before.keys() <= after.keys(), "nothing is taken away by applying"
    assert {key[0] for key in listed} == {"organ", "person", "grant", "item"}


def test_the_preview_counts_what_passes_and_names_it(office: Office) -> None:
    moved, forwarded = county.accepted(office), county.referred(office)
    seen = preview(office.services, plan_of(MERGER))
    assert {(one.number, one.source, one.target) for one in seen.cases} == {
        (moved.number, BUREAU, NEW),
        (forwarded.number, BUREAU, NEW),
    }
    by_number = {one.number: one for one in seen.cases}
    assert by_number[moved.number].timers == 1
    assert len(by_number[forwarded.number].forwards) == 1
    assert seen.totals["cases"] == 2
    assert [(one.source, one.target, one.open + one.with_upper) for one in seen.statistics] == [(BUREAU, NEW, 2)]


def test_the_preview_counts_an_organ_that_nobody_serves_though_no_item_shows_it(office: Office) -> None:
    towns = [
        Organ(code=code, name=code, kind=OrganKind.TOWN, parent=COUNTY, valid_from=SINCE) for code in ("east", "west")
    ]
    people = [Person(code=f"{one.code}-1", name="姓", organ=one.code, valid_from=SINCE) for one in towns]
    grants = [
        Grant(person=one.code, role=role, organ=one.organ, valid_from=SINCE)
        for one in people
        for role in (Role.INTAKE, Role.HEAD)
    ]
    office.establish(organs=towns, people=people, grants=grants)
    plan = merger_of("east", "west", into="town")
    empty = {(one.role, one.organ, one.items) for one in preview(office.services, plan_of(plan)).empty_posts}
    assert empty == {("intake", "town", ()), ("head", "town", ())}
    seen = preview(office.services, plan_of(plan + 'keep = ["受理"]\n'))
    assert [(one.role, one.organ) for one in seen.empty_posts] == [("head", "town")], "heads are named anew"
    assert seen.totals["empty_posts"] == 1


def test_cases_timers_and_cards_are_untouched_by_applying_and_by_undoing(office: Office) -> None:
    county.accepted(office)
    county.referred(office)
    before, known, digests = rows_of_cases(office), references(office), office.verify().digests
    carry(office, MERGER)
    assert rows_of_cases(office) == before
    assert office.verify().violations == ()
    assert office.verify().digests["rows"] == digests["rows"]
    assert office.verify().digests["reference_data"] != digests["reference_data"]
    take_back(office)
    assert references(office) == known, "byte for byte"
    assert rows_of_cases(office) == before
    assert office.verify().digests == digests
    stream = [one.type for one in office.storage.events(AREA, "reorganisation:merger")]
    assert stream == ["reorganisation-applied", "reorganisation-undone"], "the chain keeps that it was there"


def test_a_plan_that_was_undone_can_be_applied_again(office: Office) -> None:
    for _ in range(2):
        carry(office, MERGER)
        assert office.verify().violations == ()
        take_back(office)
    assert office.organisation.successions == ()


# --- living through it ------------------------------------------------------------------------------------------


def test_an_open_case_lives_through_the_merger_of_its_organ(office: Office) -> None:
    """The timer does not move, the successor acts at once, and the card of a later breach says why it is its own."""
    case_id = county.accepted(office).case_id
    timers = office.storage.timers(AREA, case_id)
    carry(office, MERGER)
    assert office.storage.timers(AREA, case_id) == timers
    clock_of(office).move_to(start_of(EFFECTIVE) + timedelta(hours=9))
    reviewed = county.review(office, case_id)
    assert reviewed.state == "reviewed"
    event = office.event_of(office.storage.events(AREA, case_id)[-1])
    assert event.actor.organ == NEW
    clock_of(office).advance(timedelta(days=30))
    office.sweep()
    cards = office.storage.cards(AREA, case_id)
    assert {(card.level, card.organ) for card in cards} == {("yellow", NEW), ("red", NEW)}
    issued = [
        one.event
        for one in map(office.event_of, office.storage.events(AREA, case_id))
        if isinstance(one.event, CardIssued)
    ]
    for one in issued:
        (reason,) = one.succession
        assert (reason.source, reason.target, reason.plan) == (BUREAU, NEW, "merger")
        assert (reason.effective, reason.basis) == (EFFECTIVE, "演示机构改革方案")
    row = office.storage.case(AREA, case_id)
    assert row is not None
    assert row.organ == BUREAU, "the case keeps the organ of its time"


def test_until_the_day_comes_everything_is_as_before(office: Office) -> None:
    """A plan may lie in the future: nothing is scheduled, everything asks for the day."""
    carry(office, MERGER)
    assert county.review(office, county.accepted(office).case_id).state == "reviewed"
    late = county.accepted(office)
    clock_of(office).move_to(start_of(EFFECTIVE) + timedelta(hours=9))
    fresh = county.accepted(office)
    organs = {one: office.storage.case(AREA, one) for one in (late.case_id, fresh.case_id)}
    assert [row.organ for row in organs.values() if row is not None] == [BUREAU, NEW]


def test_a_card_from_before_the_day_stays_with_the_organ_of_its_time(office: Office) -> None:
    case_id = county.accepted(office).case_id
    clock_of(office).advance(timedelta(days=30))
    office.sweep()
    day = clock_of(office).now().date() + timedelta(days=1)
    carry(office, MERGER.replace(str(EFFECTIVE), str(day)))
    clock_of(office).advance(timedelta(days=30))
    office.sweep()
    assert {card.organ for card in office.storage.cards(AREA, case_id)} == {BUREAU}


def test_who_did_not_come_along_may_not_act_any_more(office: Office) -> None:
    """Where items pass to an organ that stays, its own staff may act, and who came along only on what came along."""
    case_id = county.accepted(office).case_id
    text = MERGER.replace(f'"{BUREAU}", "{OTHER}"', f'"{BUREAU}"').replace(f'into = "{NEW}"', f'into = "{OTHER}"')
    carry(office, text)
    clock_of(office).move_to(start_of(EFFECTIVE) + timedelta(hours=9))
    command = c.Review(case_id=case_id, opinion="符合法定条件")
    assert office.do(command, actor=staff("stranger")).state == "reviewed"
    grants = office.services.registry().staffing.grants
    came = [one for one in grants if one.organ == OTHER and one.person in county.POSTS]
    assert came
    assert all(one.items == {LICENCE, STAMP, UPWARD} for one in came), "narrowed to what came along"


def test_a_step_goes_to_a_unit_of_the_successor_and_to_none_that_has_ended(office: Office) -> None:
    unit = Organ(code="desk", name="股", kind=OrganKind.UNIT, parent=BUREAU, valid_from=SINCE)
    office.establish(organs=[unit])
    case_id = county.accepted(office).case_id
    carry(office, MERGER)
    assert office.organisation.is_within("desk", BUREAU, EFFECTIVE - timedelta(days=1))
    assert office.organisation.is_within("desk", NEW, EFFECTIVE)
    clock_of(office).move_to(start_of(EFFECTIVE) + timedelta(hours=9))
    with pytest.raises(ClaimError, match="no unit"):
        office.do(c.HandOver(case_id=case_id, unit=BUREAU, reason="原机关"), actor=staff("reviewer"))
    office.do(c.HandOver(case_id=case_id, unit="desk", reason="由股室办理"), actor=staff("reviewer"))


# --- what refuses -----------------------------------------------------------------------------------------------


def test_what_changed_since_the_preview_is_not_overwritten(office: Office) -> None:
    seen = planned(office.services, plan_of(MERGER))
    office.establish(people=[Person(code="later", name="姓later", organ=BUREAU, valid_from=SINCE)])
    before = references(office)
    with pytest.raises(ConflictError, match="changed since the preview"):
        carry(office, MERGER, expected=seen.state)
    assert references(office) == before


def test_somebody_out_of_office_carries_nothing_through(office: Office) -> None:
    for actor in (staff("retired"), staff("nobody"), county.CITIZEN):
        with pytest.raises(NoAuthorityError):
            apply(office.services, plan_of(MERGER), actor=actor)
    assert office.organisation.successions == ()


def test_an_organ_may_be_put_under_one_above_the_county_by_whoever_heads_the_county(office: Office) -> None:
    office.establish(grants=[power("head", COUNTY)])
    plan = f"""
code = "upward"
title = "上划"
basis = "演示机构改革方案"
effective = {EFFECTIVE}
[[rename]]
organ = "{BUREAU}"
name = "市局分局"
parent = "{county.CITY}"
"""
    office.change(lambda services: apply(services, plan_of(plan), actor=staff("head")))
    assert office.organisation.get(BUREAU).as_on(EFFECTIVE).parent == county.CITY


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        (None, f"{COUNTY}, {BUREAU}, {OTHER}"),
        (power("head", BUREAU), f"{COUNTY}, {OTHER}"),
        (attrs.evolve(power("head", COUNTY), role=Role.CLERK_OF_CATALOGUE), f"{COUNTY}, {BUREAU}, {OTHER}"),
        (attrs.evolve(power("head", COUNTY), items=frozenset({LICENCE})), f"{COUNTY}, {BUREAU}, {OTHER}"),
        (attrs.evolve(power("head", COUNTY), valid_to=date(2024, 6, 1)), f"{COUNTY}, {BUREAU}, {OTHER}"),
    ],
)
def test_nobody_reorganises_what_they_do_not_head(office: Office, given: Grant | None, lacking: str) -> None:
    if given is not None:
        office.establish(grants=[given])
    with pytest.raises(NoAuthorityError) as refused:
        apply(office.services, plan_of(MERGER), actor=staff("head"))
    assert set(str(refused.value.data["organ"]).split(", ")) == set(lacking.split(", "))
    assert office.organisation.successions == ()
    carry(office, MERGER)
    with pytest.raises(NoAuthorityError):
        undo(office.services, "merger", actor=staff("head"))
    assert office.organisation.successions != ()


def test_a_plan_is_applied_once(office: Office) -> None:
    carry(office, MERGER)
    with pytest.raises(ReorganisationError) as caught:
        carry(office, MERGER)
    assert str(caught.value).startswith("plan merger is applied already, by mayor on 2024-06-17")
    assert caught.value.faults == (), "the faults would be those of its own effects"


def test_the_effective_day_lies_ahead(office: Office) -> None:
    with pytest.raises(ReorganisationError) as caught:
        carry(office, MERGER.replace(str(EFFECTIVE), "2024-06-17"))
    assert [fault.code for fault in caught.value.faults] == ["past"]


def test_only_what_was_applied_is_undone(office: Office) -> None:
    with pytest.raises(UnknownError):
        take_back(office, "another")


def test_everything_built_on_a_plan_is_named_and_keeps_it_from_being_undone(office: Office) -> None:
    old = county.accepted(office)
    breached = county.accepted(office)
    carry(office, MERGER)
    clock_of(office).move_to(start_of(EFFECTIVE) + timedelta(hours=9))
    county.review(office, old.case_id)
    fresh = county.submit(office)
    clock_of(office).advance(timedelta(days=20))
    office.sweep()
    office.establish(
        people=[Person(code="hired", name="姓hired", organ=NEW, valid_from=EFFECTIVE)],
        grants=[Grant(person="hired", role=Role.INTAKE, organ=NEW, valid_from=EFFECTIVE)],
        items=[attrs.evolve(office.catalogue.items[LICENCE][-1], version=3)],
    )
    state = references(office)
    with pytest.raises(ReorganisationError) as caught:
        take_back(office)
    named = {(fault.path, fault.code) for fault in caught.value.faults}
    assert {
        (f"case {old.number}", "act-of-successor"),
        (f"case {breached.number}", "card-to-successor"),
        (f"case {fresh.number}", "filed-under-plan"),
        ("person hired", "names-founded-organ"),
        (f"item {LICENCE}", "names-founded-organ"),
    } <= named
    assert references(office) == state


def test_a_later_plan_keeps_an_earlier_one(office: Office) -> None:
    carry(office, MERGER)
    later = f"""
code = "later"
title = "更名"
basis = "演示"
effective = 2024-07-01
[[rename]]
organ = "{NEW}"
name = "更新局"
"""
    carry(office, later)
    with pytest.raises(ReorganisationError) as caught:
        take_back(office)
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [("plan later", "later-plan")], (
        "what the later plan wrote is not counted beside it"
    )
    assert caught.value.remedy == "undo what was applied after it, in this order, and then this one: later"
    assert office.organisation.get(NEW).as_on(date(2024, 6, 30)).name == "新局"
    assert office.organisation.get(NEW).as_on(date(2024, 7, 1)).name == "更新局"
    take_back(office, "later")
    take_back(office)


def test_where_more_than_a_later_plan_stands_on_it_nobody_is_sent_to_undo_that_one(office: Office) -> None:
    carry(office, MERGER)
    carry(
        office,
        f'code = "later"\ntitle = "更名"\nbasis = "演示"\neffective = 2024-07-01\n'
        f'[[rename]]\norgan = "{NEW}"\nname = "更新局"\n',
    )
    office.establish(people=[Person(code="hired", name="姓hired", organ=NEW, valid_from=EFFECTIVE)])
    with pytest.raises(ReorganisationError) as caught:
        take_back(office)
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("plan later", "later-plan"),
        ("person hired", "names-founded-organ"),
    ]
    assert caught.value.faults[0].message == "更名 was applied after it"
    assert caught.value.remedy == "carry a further plan through that says what is to become of them"


def test_what_is_unrelated_does_not_keep_a_plan(office: Office) -> None:
    carry(office, MERGER)
    office.establish(
        organs=[Organ(code="third", name="三局", kind=OrganKind.DEPARTMENT, parent=COUNTY, valid_from=SINCE)]
    )
    county.accepted(office)
    take_back(office)
    assert "third" in office.organisation.organs


def test_verify_finds_a_row_that_was_brought_back_by_hand(office: Office) -> None:
    carry(office, MERGER)
    gone = references(office)["organ", NEW, 1]
    take_back(office)
    office.storage.write(lambda unit: unit.put_references([gone]))
    assert [one.invariant for one in office.verify().violations] == ["I5"]
    office.storage.write(lambda unit: unit.drop_references([gone]))


def test_the_system_may_carry_a_plan_through(office: Office) -> None:
    office.change(lambda services: apply(services, plan_of(MERGER), actor=SYSTEM))
    (event,) = office.storage.events(AREA, "reorganisation:merger")
    assert event.actor == "system"


# --- posts, stand-ins, delegations, work -----------------------------------------------------------------------------


def entrusted(office: Office) -> None:
    """A post, a stand-in and a delegation of the bureau, a draft of its licence in review, and the stamp suspended."""
    basis = county.BASIS
    clerks = [Person(code=one, name=f"姓{one}", organ=BUREAU, valid_from=SINCE) for one in ("deputy", "ke1", "ke2")]
    town = Organ(code="town", name="镇", kind=OrganKind.TOWN, parent=COUNTY, valid_from=SINCE)
    office.establish(
        organs=[town],
        people=[*clerks, Person(code="townsman", name="姓townsman", organ="town", valid_from=SINCE)],
        grants=[
            Grant(person="townsman", role=Role.INTAKE, organ="town", valid_from=SINCE),
            *(
                Grant(person=one, role=Role.CLERK_OF_CATALOGUE, organ=COUNTY, valid_from=SINCE)
                for one in ("ke1", "ke2")
            ),
        ],
    )
    given = Staffing(
        posts=(Post(code="gw", name="审核岗", organ=BUREAU, valid_from=SINCE),),
        appointments=(Appointment(person="deputy", post="gw", valid_from=SINCE),),
        grants=(Grant(post="gw", role=Role.REVIEWER, organ=BUREAU, valid_from=SINCE),),
        delegations=(
            Delegation(
                code="wt1",
                organ=BUREAU,
                delegate="town",
                items=frozenset({LICENCE}),
                basis=basis,
                announcement="公告",
                published_on=SINCE,
                valid_from=SINCE,
            ),
        ),
        stand_ins=(StandIn(absent="intake", deputy="deputy", valid_from=SINCE, valid_to=date(2030, 1, 1)),),
    )
    office.change(lambda services: appoint(services, given, actor=SYSTEM))
    office.act_on_item(LICENCE, PrepareDraft(item=whole(LICENCE, 2)), actor=staff("ke1"))
    office.act_on_item(LICENCE, SubmitDraft(), actor=staff("ke1"))
    today = office.now().date()
    office.act_on_item(STAMP, SuspendItem(reason="停办", on=today, prepared_by="ke1"), actor=staff("ke2"))


def test_everything_that_rests_on_an_organ_is_listed_applied_and_given_back(office: Office) -> None:
    entrusted(office)
    before, digests = references(office), office.verify().digests
    seen = preview(office.services, plan_of(MERGER))
    lost = {(one.delegation, one.why) for one in seen.planned.changes.lost if one.delegation}
    assert lost == {("wt1", "principal-ended")}
    assert ("draft-overtaken", LICENCE) in {(one.code, one.subject) for one in seen.planned.changes.remarks}
    carry(office, MERGER, expected=seen.planned.state)
    listed = {(row.kind, row.code, row.version): row.after for row in seen.planned.rows}
    assert {"post", "delegation"} <= {kind for kind, _, _ in listed}
    after = references(office)
    assert {key: after[key].data for key in listed} == listed
    assert {key for key in after if before.get(key) != after[key]} - listed.keys() == {("reorganisation", "merger", 1)}
    assert office.verify().violations == ()
    clock_of(office).move_to(start_of(EFFECTIVE) + timedelta(hours=9))
    with pytest.raises(ItemStateError):
        county.submit(office, STAMP)
    take_back(office)
    assert references(office) == before
    assert office.verify().digests == digests


def test_the_day_before_a_plan_takes_effect_nothing_of_it_is_in_force(office: Office) -> None:
    """The stand-in and the delegation hold until the day: organs and people are asked for where they are then."""
    entrusted(office)
    carry(office, MERGER)
    case = county.submit(office)
    office.do(c.Accept(case_id=case.case_id), actor=staff("townsman"))
    other = county.submit(office)
    office.do(c.Accept(case_id=other.case_id), actor=staff("deputy"))
    clock_of(office).move_to(start_of(EFFECTIVE) + timedelta(hours=9))
    third = county.submit(office)
    with pytest.raises(NoAuthorityError):
        office.do(c.Accept(case_id=third.case_id), actor=staff("townsman"))
    office.do(c.Accept(case_id=third.case_id), actor=staff("deputy"))
    office.do(c.Review(case_id=case.case_id, opinion="同意"), actor=staff("deputy"))


def test_a_draft_after_the_plan_keeps_it_from_being_undone(office: Office) -> None:
    entrusted(office)
    carry(office, MERGER)
    office.act_on_item(LICENCE, ReturnDraft(reason="机构改革"), actor=staff("ke2"))
    office.act_on_item(LICENCE, PrepareDraft(item=whole(LICENCE, 3)), actor=staff("ke1"))
    with pytest.raises(ReorganisationError) as refused:
        take_back(office)
    assert {(fault.path, fault.code) for fault in refused.value.faults} == {("item-draft licence", "later-version")}


def test_work_is_handed_over_by_the_organ_that_answers_now_and_what_is_stranded_is_listed(office: Office) -> None:
    entrusted(office)
    case = county.accepted(office)
    split = (
        MERGER
        + f"""
[[transfer]]
from = "{BUREAU}"
to = "town"
people = ["intake"]
"""
    )
    seen = preview(office.services, plan_of(split))
    assert [(one.person, one.cases) for one in seen.stranded] == [("intake", (case.number,))]
    assert seen.totals["work_without_authority"] == 1
    assert preview(office.services, plan_of(MERGER)).stranded == ()
    carry(office, split)
    clock_of(office).move_to(start_of(EFFECTIVE) + timedelta(hours=9))
    [work] = open_work(office.services, "intake")
    assert work.organ == NEW
    assert handover_faults(office.services, "intake", "deputy")[1] == []
    assert handover_faults(office.services, "intake", "townsman")[1] != []
