"""What becomes of posts, appointments, delegations and stand-ins under a plan, and of drafts and standings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from typing import Any

import attrs
import pytest

from egov_core.domain.authority import (
    Act,
    Appointment,
    Authority,
    Delegation,
    Grant,
    Post,
    Role,
    Staffing,
    StandIn,
)
from egov_core.domain.catalogue import Catalogue, Draft, ItemState, ItemVersion, StandingChange
from egov_core.domain.catalogue.life import DraftState
from egov_core.domain.legal import LegalBasis
from egov_core.domain.organisation import Organ, Organisation, OrganKind
from egov_core.domain.people import Person
from egov_core.domain.reorganisation.changes import Changes, Reference
from egov_core.domain.reorganisation.compiling import compile_plan
from egov_core.domain.reorganisation.reading import parse_plan
from egov_core.testing import small_county as county
from tests.reforms import DAY, HEAD, MERGE, plan_of, split_with

SINCE, TODAY, EVE = date(2010, 1, 1), date(2019, 3, 1), date(2019, 3, 19)
SPLIT = split_with("pa2")
TOWNS = '[[merge]]\nfrom = ["town", "hill"]\ninto = "hill"\n'


def delegation(**given: Any) -> Delegation:
    usual: dict[str, Any] = {
        "code": "wt1",
        "organ": "a",
        "delegate": "town",
        "items": frozenset({"a1", "a2"}),
        "basis": LegalBasis(instrument="《演示条例》", article="第一条"),
        "announcement": "公告",
        "published_on": SINCE,
        "valid_from": SINCE,
    }
    return Delegation(**{**usual, **given})


def reference(
    posts: Iterable[Post] = (),
    filled: Iterable[tuple[str, str]] = (),
    delegations: Iterable[Delegation] = (),
    stand_ins: Iterable[tuple[str, str]] = (),
    drafts: Iterable[Draft] = (),
    standings: Iterable[StandingChange] = (),
) -> Reference:
    """Bureaus a (with a unit), b, c and towns town, hill (with a centre); two people in each, one of them at intake."""
    rows = [("county", OrganKind.COUNTY, None), *((code, OrganKind.DEPARTMENT, "county") for code in "abc")]
    rows += [(code, OrganKind.TOWN, "county") for code in ("town", "hill")]
    rows += [("unit", OrganKind.UNIT, "a"), ("centre", OrganKind.UNIT, "town")]
    tree = Organisation.of(
        Organ(code=code, name=f"{code}局", kind=kind, parent=above, valid_from=SINCE) for code, kind, above in rows
    )
    homes = ("a", "b", "c", "town", "hill")
    people = [Person(code=f"p{one}{n}", name=f"姓{one}{n}", organ=one, valid_from=SINCE) for one in homes for n in "12"]
    posts = tuple(posts)
    own = [Grant(person=f"p{one}1", role=Role.INTAKE, organ=one, valid_from=SINCE) for one in homes]
    own += [Grant(post=post.code, role=Role.REVIEWER, organ="a", valid_from=SINCE) for post in posts]
    items = [attrs.evolve(county.item(code, valid_from=SINCE), organ=code[0]) for code in ("a1", "a2", "b1")]
    return Reference(
        organisation=tree,
        catalogue=Catalogue.of(items, standings),
        staffing=Staffing(
            people=tuple(people),
            posts=posts,
            appointments=tuple(Appointment(person=who, post=post, valid_from=SINCE) for who, post in filled),
            grants=tuple(own),
            delegations=tuple(delegations),
            stand_ins=tuple(
                StandIn(absent=absent, deputy=deputy, valid_from=SINCE, valid_to=date(2030, 1, 1))
                for absent, deputy in stand_ins
            ),
        ),
        drafts=tuple(drafts),
    )


def compiled(acts: str, known: Reference) -> Changes:
    changes = compile_plan(plan_of(HEAD + acts), known, today=TODAY)
    assert changes.faults == ()
    listed = {one.after for one in changes.values if not isinstance(one.after, ItemVersion)}
    assert set(changes.staffing) - listed <= set(known.staffing), "what will be is what was, and what is listed"
    return changes


def may(changes: Changes, person: str, role: Role, item: str, day: date = DAY) -> bool:
    act = Act(role=role, item=item, organ=changes.catalogue.on(item, day).organ, day=day)
    return Authority.of_staffing(changes.staffing).permits(person, act, changes.organisation) is not None


def post(code: str = "gw", organ: str = "a") -> Post:
    return Post(code=code, name="审核岗", organ=organ, valid_from=SINCE)


def lost(changes: Changes) -> set[tuple[str, str, str, tuple[str, ...], str]]:
    return {(one.person, one.post, one.delegation, one.items, one.why) for one in changes.lost}


# --- posts --------------------------------------------------------------------------------------------------------


def test_a_post_of_an_ended_organ_goes_with_the_people_who_fill_it() -> None:
    changes = compiled(MERGE, reference([post()], [("pa1", "gw"), ("pa2", "gw")]))
    [after] = changes.staffing.posts
    assert (after.organ_on(EVE), after.organ_on(DAY)) == ("a", "new")
    assert may(changes, "pa2", Role.REVIEWER, "a1")
    assert may(changes, "pa2", Role.REVIEWER, "a1", EVE), "nothing of the past is edited"
    assert not may(changes, "pa2", Role.REVIEWER, "b1"), "a grant to a post never becomes wider either"
    assert lost(changes) == set()


def test_where_the_people_of_a_post_part_it_goes_with_the_rest_and_who_does_not_leaves_it() -> None:
    changes = compiled(SPLIT, reference([post()], [("pa1", "gw"), ("pa2", "gw")]))
    assert changes.staffing.posts[0].organ_on(DAY) == "c"
    assert may(changes, "pa1", Role.REVIEWER, "a2")
    assert not may(changes, "pa2", Role.REVIEWER, "a1")
    assert ("pa2", "gw", "", (), "person-moved") in lost(changes)
    assert ("", "gw", "", ("a1",), "organ-ended") in lost(changes), "its say over what went elsewhere"


def test_a_post_goes_where_all_its_people_go_also_to_a_smaller_share() -> None:
    changes = compiled(SPLIT, reference([post()], [("pa2", "gw")]))
    assert changes.staffing.posts[0].organ_on(DAY) == "b"
    assert may(changes, "pa2", Role.REVIEWER, "a1")


def test_a_post_of_a_unit_goes_along_with_the_unit() -> None:
    changes = compiled(MERGE, reference([post(organ="unit")], [("pa1", "gw")]))
    assert changes.staffing.posts[0].organ_on(DAY) == "unit"
    assert may(changes, "pa1", Role.REVIEWER, "a2")


def test_who_moves_away_leaves_the_post_behind() -> None:
    changes = compiled(
        '[[transfer]]\nfrom = "a"\nto = "b"\npeople = ["pa2"]\n', reference([post()], [("pa1", "gw"), ("pa2", "gw")])
    )
    ends = {one.person: one.valid_to for one in changes.staffing.appointments}
    assert ends == {"pa1": None, "pa2": DAY}
    assert lost(changes) == {("pa2", "gw", "", (), "person-moved")}


def test_a_post_that_nothing_says_of_ends_and_it_is_said() -> None:
    acts = '[[transfer]]\nfrom = "b"\nto = "c"\nitems = ["b1"]\n[[abolish]]\norgan = "b"\n'
    changes = compiled(acts, reference([post("gwb", "b")]))
    assert changes.staffing.posts[0].valid_to == DAY
    assert ("post-without-organ", "gwb") in {(one.code, one.subject) for one in changes.remarks}


def test_two_grants_from_two_organs_stay_two_and_are_told_apart_by_number() -> None:
    """One was for a step only; as one grant, either the step or the items would have become more."""
    known = reference()
    given = [
        Grant(person="pa1", role=Role.APPROVER, organ="a", steps=frozenset({"conclusion"}), valid_from=SINCE),
        Grant(person="pa1", role=Role.APPROVER, organ="b", valid_from=SINCE),
    ]
    staffing = attrs.evolve(known.staffing, grants=(*known.staffing.grants, *given))
    changes = compiled(MERGE, attrs.evolve(known, staffing=staffing))
    found = [one for one in changes.grants if one.organ == "new" and one.role is Role.APPROVER]
    assert {(one.number, one.items, one.steps) for one in found} == {
        ("", frozenset({"b1"}), frozenset({"*"})),
        ("reform", frozenset({"a1", "a2"}), frozenset({"conclusion"})),
    }


# --- stand-ins ----------------------------------------------------------------------------------------------------


def test_a_stand_in_follows_its_people_and_ends_where_they_part() -> None:
    stays = compiled(MERGE, reference(stand_ins=[("pa1", "pa2")]))
    assert may(stays, "pa2", Role.INTAKE, "a1")
    assert stays.staffing.stand_ins == reference(stand_ins=[("pa1", "pa2")]).staffing.stand_ins
    parts = compiled(SPLIT, reference(stand_ins=[("pa1", "pa2")]))
    assert parts.staffing.stand_ins[0].valid_to == DAY
    assert not may(parts, "pa2", Role.INTAKE, "a2")
    assert ("pa2", "", "", (), "deputy-parted") in lost(parts)


# --- delegations --------------------------------------------------------------------------------------------------


def test_a_delegation_ends_with_who_gave_it() -> None:
    """A successor entrusts by its own published decision; it does not inherit one (行政许可法 24)."""
    known = reference(delegations=[delegation()])
    changes = compiled(MERGE, known)
    assert [(one.code, one.valid_to) for one in changes.staffing.delegations] == [("wt1", DAY)]
    assert lost(changes) == {("", "", "wt1", ("a1", "a2"), "principal-ended")}
    assert may(changes, "ptown1", Role.INTAKE, "a1", EVE)
    assert not may(changes, "ptown1", Role.INTAKE, "a1")


RENEWED = f"""
[[delegate]]
code = "wt2"
organ = "new"
delegate = "town"
items = ["a1"]
basis = "《演示条例》"
article = "第一条"
announcement = "公告（2019）"
published = {TODAY}
"""


def test_the_plan_may_make_the_successors_delegation_and_what_it_leaves_out_is_lost() -> None:
    known = reference(delegations=[delegation()])
    changes = compiled(MERGE + RENEWED, known)
    assert may(changes, "ptown1", Role.INTAKE, "a1")
    assert not may(changes, "ptown1", Role.INTAKE, "a2")
    assert lost(changes) == {("", "", "wt1", ("a2",), "principal-ended")}


def test_a_delegation_lapses_with_the_delegate_and_may_be_made_anew_to_who_takes_it_in() -> None:
    known = reference(delegations=[delegation(unit="centre")])
    changes = compiled(TOWNS, known)
    assert ("", "", "wt1", ("a1", "a2"), "delegate-ended") in lost(changes)
    assert not may(changes, "phill1", Role.INTAKE, "a1")
    anew = RENEWED.replace('"new"', '"a"').replace('"town"', '"hill"').replace('["a1"]', '["a1", "a2"]')
    renewed = compiled(TOWNS + anew, known)
    assert may(renewed, "phill1", Role.INTAKE, "a1")
    assert not [one for one in renewed.lost if one.delegation]


def test_a_delegation_ends_when_the_unit_that_does_the_work_goes_elsewhere() -> None:
    acts = '[[transfer]]\nfrom = "town"\nto = "hill"\nunits = ["centre"]\n'
    changes = compiled(acts, reference(delegations=[delegation(unit="centre")]))
    assert {why for *_, why in lost(changes)} == {"unit-moved"}
    assert changes.staffing.delegations[0].valid_to == DAY


def test_of_an_item_that_passes_the_old_delegation_gives_nothing() -> None:
    changes = compiled('[[transfer]]\nfrom = "a"\nto = "b"\nitems = ["a1"]\n', reference(delegations=[delegation()]))
    assert ("", "", "wt1", ("a1",), "items-passed") in lost(changes)
    assert may(changes, "ptown1", Role.INTAKE, "a2") and not may(changes, "ptown1", Role.INTAKE, "a1")


@pytest.mark.parametrize(
    ("wrong", "place", "code"),
    [
        (('"wt2"', '"wt1"'), "delegate[1].code", "code-taken"),
        (('"new"', '"a"'), "delegate[1].organ", "ends"),
        (('delegate = "town"', 'delegate = "nowhere"'), "delegate[1].delegate", "unknown-organ"),
        (('delegate = "town"', 'delegate = "centre"'), "delegate[1].delegate", "no-organ"),
        ((str(TODAY), "2019-04-01"), "delegate[1].published_on", "published-late"),
        (('code = "wt2"', 'code = "wt2"\nroles = ["监察"]'), "delegate[1].roles", "not-delegable"),
        (('organ = "new"', 'organ = "c"'), "delegate[1].items", "not-its-item"),
    ],
)
def test_what_the_law_has_against_a_delegation_of_the_plan_is_named(
    wrong: tuple[str, str], place: str, code: str
) -> None:
    plan = parse_plan(tomllib.loads(HEAD + MERGE + RENEWED.replace(*wrong)), "plan")
    changes = compile_plan(plan, reference(delegations=[delegation()]), today=TODAY)
    assert (place, code) in {(fault.path, fault.code) for fault in changes.faults}
    assert changes.values == ()


# --- drafts and standings -----------------------------------------------------------------------------------------


def draft(code: str, version: int, state: DraftState = DraftState.IN_REVIEW, organ: str = "a") -> Draft:
    item = attrs.evolve(county.item(code, version=version, valid_from=SINCE), organ=organ)
    return Draft(item=item, state=state, hands=("pa1",))


def test_drafts_that_the_plan_overtakes_are_listed() -> None:
    drafts = [draft("a1", 2), draft("fresh", 1), draft("b1", 2, DraftState.PUBLISHED, "b")]
    changes = compiled(MERGE, reference(drafts=drafts))
    assert [one.subject for one in changes.remarks if one.code == "draft-overtaken"] == ["a1", "fresh"]
    untouched = '[[transfer]]\nfrom = "b"\nto = "c"\nitems = ["b1"]\n'
    changes = compiled(untouched, reference(drafts=drafts))
    assert not [one for one in changes.remarks if one.code == "draft-overtaken"]


def test_a_suspended_item_stays_suspended() -> None:
    change = StandingChange(
        code="a1", number=1, state=ItemState.SUSPENDED, on=SINCE, reason="停办", prepared_by="pa1", decided_by="pa2"
    )
    changes = compiled(MERGE, reference(standings=[change]))
    assert changes.catalogue.state_on("a1", DAY) is ItemState.SUSPENDED
    assert changes.catalogue.items["a1"][-1].organ == "new"
