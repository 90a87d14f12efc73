"""The authority matrix: role × item × step × day × delegation, every cell against a count of what may be done."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egov_core.domain.authority import DELEGABLE, Role
from tests.domain.authority.plain_county import (
    ITEMS,
    ORGANS,
    ROLES,
    STEPS,
    Days,
    Tables,
    act,
    allowed,
    every_act,
    on,
    organisation,
    register,
)

TREE = organisation()
ALWAYS: Days = (0, 10)
CLERKS = {
    "clerk": ("dept", ALWAYS),
    "inside": ("section", ALWAYS),
    "town": ("east", ALWAYS),
    "window": ("desk", ALWAYS),
    "west": ("west", ALWAYS),
    "guest": ("west", ALWAYS),
    "leaver": ("dept", (0, 4)),
    "nobody": ("dept", ALWAYS),
}
EVERYTHING_AT_HOME = Tables(
    people=CLERKS,
    posts={"post": (2, 8)},
    appointments=(("nobody", "post", (1, 7)),),
    grants=(
        *(("person", "clerk", role, "dept", None, None, (1, 9)) for role in ROLES),
        ("person", "inside", Role.REVIEWER, "section", ("I1",), ("review",), ALWAYS),
        ("person", "inside", Role.APPROVER, "dept", ("I1",), None, (0, 3)),
        *(("person", "town", role, "east", None, None, ALWAYS) for role in ROLES),
        *(("person", "window", role, "desk", ("I1",), ("acceptance",), ALWAYS) for role in ROLES),
        *(("person", "west", role, "west", None, None, ALWAYS) for role in ROLES),
        *(("person", "guest", role, "east", None, None, ALWAYS) for role in ROLES),
        ("person", "leaver", Role.HEAD, "county", None, None, ALWAYS),
        ("post", "post", Role.INTAKE, "dept", ("I2",), None, (3, 99)),
    ),
)
THREE = (Role.INTAKE, Role.REVIEWER, Role.APPROVER)
DELEGATIONS = {
    "none": (),
    "taking in only": (("dept", "east", "", ("I1",), (Role.INTAKE,), None, 0, ALWAYS),),
    "approving too": (("dept", "east", "", ("I1",), THREE, None, 0, ALWAYS),),
    "one step": (("dept", "east", "", ITEMS, THREE, ("acceptance",), 0, ALWAYS),),
    "what cannot be entrusted": (("dept", "east", "", ITEMS, ROLES, None, 0, ALWAYS),),
    "over": (("dept", "east", "", ITEMS, THREE, None, 0, (0, 4)),),
    "not published": (("dept", "east", "", ITEMS, THREE, None, 6, ALWAYS),),
    "its service centre": (("dept", "east", "desk", ITEMS, THREE, None, 0, ALWAYS),),
    "passed on": (
        ("dept", "east", "", ITEMS, THREE, None, 0, ALWAYS),
        ("east", "west", "", ITEMS, THREE, None, 0, ALWAYS),
    ),
    "passed on later": (
        ("dept", "east", "", ITEMS, THREE, None, 0, (0, 4)),
        ("east", "west", "", ITEMS, THREE, None, 4, (4, 10)),
    ),
    "to a unit": (("dept", "desk", "", ITEMS, THREE, None, 0, ALWAYS),),
    "to a village": (("dept", "village", "", ITEMS, THREE, None, 0, ALWAYS),),
    "to an organ that ends": (("dept", "west", "", ITEMS, THREE, None, 0, ALWAYS),),
    "of all items": (("dept", "east", "", ("*",), THREE, None, 0, ALWAYS),),
    "two at once": (
        ("dept", "east", "", ("I1",), (Role.INTAKE,), None, 0, (0, 6)),
        ("dept", "east", "", ("I2",), (Role.APPROVER,), ("conclusion",), 2, (2, 10)),
    ),
}
STAND_INS = {
    "nobody": (),
    "all of a clerk": (("clerk", "nobody", None, None, (3, 6)),),
    "some of a clerk": (("clerk", "inside", (Role.APPROVER,), ("I2",), (3, 6)),),
    "a chain": (("clerk", "inside", None, None, (2, 8)), ("inside", "nobody", None, None, (2, 8))),
    "for who has left": (("leaver", "nobody", None, None, (2, 8)),),
    "of a town": (("town", "window", None, None, (2, 8)), ("town", "clerk", None, None, (2, 8))),
}


@pytest.mark.parametrize(
    ("delegations", "stand_ins"),
    [*((one, "of a town") for one in DELEGATIONS), *(("approving too", one) for one in STAND_INS), ("none", "nobody")],
)
def test_every_cell_of_the_matrix(delegations: str, stand_ins: str) -> None:
    tables = attrs.evolve(EVERYTHING_AT_HOME, delegations=DELEGATIONS[delegations], stand_ins=STAND_INS[stand_ins])
    known = register(tables)
    expected = allowed(tables)
    granted = {
        (person, *asked)
        for person in (*CLERKS, "stranger")
        for asked in every_act()
        if known.permits(person, act(*asked), TREE) is not None
    }
    assert granted == expected
    assert expected, "a matrix in which nothing is allowed proves nothing"


def test_the_matrix_is_one_that_can_tell_apart() -> None:
    """Each delegation and each stand-in of the table changes something, or is one that must change nothing."""
    idle = {"none", "to a unit", "to a village", "of all items"}
    without = allowed(EVERYTHING_AT_HOME)
    changes = {
        name: allowed(attrs.evolve(EVERYTHING_AT_HOME, delegations=rows)) != without
        for name, rows in DELEGATIONS.items()
    }
    assert {name for name, changed in changes.items() if not changed} == idle


def test_a_town_may_take_in_and_not_approve_unless_the_delegation_says_so() -> None:
    asked = ("I1", "conclusion", "dept", "", 5)
    taking, approving = (
        register(attrs.evolve(EVERYTHING_AT_HOME, delegations=DELEGATIONS[name]))
        for name in ("taking in only", "approving too")
    )
    intake = act(Role.INTAKE, "I1", "acceptance", "dept", "", 5)
    assert taking.permits("town", intake, TREE) is not None
    refused = taking.why("town", act(Role.APPROVER, *asked), TREE)
    assert not refused.permitted
    assert [gap.code for gap in refused.tried[0].gaps] == ["organ"] or any(
        gap.code == "delegation-role" for one in refused.tried for gap in one.gaps
    )
    allowed_now = approving.why("town", act(Role.APPROVER, *asked), TREE)
    assert allowed_now.permitted and allowed_now.power is not None
    assert allowed_now.power.organ == "dept" and allowed_now.power.under == ("delegation d0",)


@pytest.mark.parametrize("name", ["passed on", "passed on later"])
def test_what_was_delegated_is_never_delegated_further(name: str) -> None:
    known = register(attrs.evolve(EVERYTHING_AT_HOME, delegations=DELEGATIONS[name]))
    for asked in every_act():
        if asked[3] == "dept":
            assert known.permits("west", act(*asked), TREE) is None, asked


# --- laws -------------------------------------------------------------------------------------------------------------

PEOPLE = ("clerk", "inside", "town", "window", "west")
DAYS = st.tuples(st.integers(0, 9), st.integers(0, 12))
SOME_ITEMS = st.none() | st.lists(st.sampled_from(ITEMS), min_size=1, max_size=2, unique=True).map(tuple)
SOME_STEPS = st.none() | st.lists(st.sampled_from(STEPS[:3]), min_size=1, max_size=2, unique=True).map(tuple)
PLACES = st.sampled_from(sorted(ORGANS))
GRANTS = st.tuples(
    st.just("person"), st.sampled_from(PEOPLE), st.sampled_from(ROLES), PLACES, SOME_ITEMS, SOME_STEPS, DAYS
) | st.tuples(
    st.just("post"), st.sampled_from(("p", "q")), st.sampled_from(ROLES), PLACES, SOME_ITEMS, SOME_STEPS, DAYS
)
DELEGATED = st.tuples(
    PLACES,
    PLACES,
    st.sampled_from(("", "desk", "section")),
    st.lists(st.sampled_from((*ITEMS, "*")), min_size=1, max_size=2, unique=True).map(tuple),
    st.lists(st.sampled_from(ROLES), max_size=3, unique=True).map(tuple),
    SOME_STEPS,
    st.integers(0, 9),
    DAYS,
)
LENT = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from(PEOPLE),
    st.none() | st.lists(st.sampled_from(ROLES), min_size=1, max_size=3, unique=True).map(tuple),
    SOME_ITEMS,
    DAYS,
)
TABLES = st.builds(
    Tables,
    people=st.fixed_dictionaries({one: st.tuples(PLACES, DAYS) for one in PEOPLE}),
    posts=st.fixed_dictionaries({"p": DAYS}, optional={"q": DAYS}),
    appointments=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(("p", "q")), DAYS), max_size=3).map(tuple),
    grants=st.lists(GRANTS, max_size=6).map(tuple),
    delegations=st.lists(DELEGATED, max_size=3).map(tuple),
    stand_ins=st.lists(LENT, max_size=3).map(tuple),
)
ASKED = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from(ROLES),
    st.sampled_from(ITEMS),
    st.sampled_from(STEPS),
    st.sampled_from((("dept", ""), ("dept", "section"), ("east", ""), ("west", ""))),
    st.integers(0, 9),
)


def question(asked: tuple[str, Role, str, str, tuple[str, str], int]) -> tuple[str, Role, str, str, str, str, int]:
    person, role, item, step, (organ, unit), day = asked
    return person, role, item, step, organ, unit, day


@settings(max_examples=40 if settings.get_current_profile_name() != "nightly" else 5_000)
@given(TABLES)
def test_any_county_agrees_with_the_count(tables: Tables) -> None:
    known, expected = register(tables), allowed(tables)
    for person in PEOPLE:
        for asked in every_act():
            may = known.permits(person, act(*asked), TREE) is not None
            assert may == ((person, *asked) in expected), (person, asked)


@given(TABLES, ASKED)
def test_why_who_and_what_say_the_same(tables: Tables, asked: tuple[str, Role, str, str, tuple[str, str], int]) -> None:
    person, *rest = question(asked)
    known, one = register(tables), act(*rest)  # type: ignore[arg-type]  # a row of the table
    verdict = known.why(person, one, TREE)
    assert verdict.permitted == (known.permits(person, one, TREE) is not None)
    assert verdict.permitted == (person in {found.person for found in known.who(one, TREE)})
    covering = [power for power in known.what(person, one.day, TREE) if next(power.gaps(one, TREE), None) is None]
    assert verdict.permitted == bool(covering)
    assert verdict.permitted or all(near.gaps for near in verdict.tried)
    assert verdict.permitted == bool(verdict.chain)
    assert [near.gaps for near in verdict.tried if any(not gap.message for gap in near.gaps)] == []


@given(TABLES, GRANTS, ASKED)
def test_another_grant_takes_nothing_away(
    tables: Tables, grant: tuple[object, ...], asked: tuple[str, Role, str, str, tuple[str, str], int]
) -> None:
    person, *rest = question(asked)
    one = act(*rest)  # type: ignore[arg-type]  # a row of the table
    if register(tables).permits(person, one, TREE) is None:
        return
    more = attrs.evolve(tables, grants=(*tables.grants, grant))  # type: ignore[arg-type]  # tuples of the oracle
    assert register(more).permits(person, one, TREE) is not None


@given(TABLES, ASKED)
def test_nothing_holds_outside_the_days_of_its_chain(
    tables: Tables, asked: tuple[str, Role, str, str, tuple[str, str], int]
) -> None:
    person, *rest = question(asked)
    power = register(tables).permits(person, act(*rest), TREE)  # type: ignore[arg-type]  # a row of the table
    if power is None:
        return
    day = on(asked[-1])
    for link in power.links:
        assert link.valid_from <= day
        assert link.valid_to is None or day < link.valid_to, "an end date is the first day without"


@given(TABLES, ASKED)
def test_a_delegation_gives_no_more_than_it_says_and_never_twice(
    tables: Tables, asked: tuple[str, Role, str, str, tuple[str, str], int]
) -> None:
    person, *rest = question(asked)
    one = act(*rest)  # type: ignore[arg-type]  # a row of the table
    power = register(tables).permits(person, one, TREE)
    if power is None or power.delegation is None:
        return
    assert power.organ == one.organ == power.delegation.name, "only the organ whose item it is delegates it"
    assert one.role in DELEGABLE and one.role in (power.delegation.roles or ())
    assert one.item in power.delegation.items
    assert sum(link.kind is power.delegation.kind for link in power.links) == 1


@given(TABLES, ASKED)
def test_a_deputy_may_no_more_than_the_absent_person(
    tables: Tables, asked: tuple[str, Role, str, str, tuple[str, str], int]
) -> None:
    person, *rest = question(asked)
    one = act(*rest)  # type: ignore[arg-type]  # a row of the table
    known = register(tables)
    power = known.permits(person, one, TREE)
    if power is None or power.stand_in is None:
        return
    alone = register(attrs.evolve(tables, stand_ins=()))
    assert alone.permits(power.stand_in.name, one, TREE) is not None
