"""What a plan takes from whom: the list is what applying changes in what the register permits, whatever the acts."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from egov_core.domain.authority import ALL_ITEMS, Act, Authority, Grant, Role, Staffing
from egov_core.domain.catalogue import Catalogue
from egov_core.domain.organisation import Organ, Organisation, OrganKind
from egov_core.domain.people import Person
from egov_core.domain.reorganisation.changes import Changes, Reference
from egov_core.domain.reorganisation.compiling import compile_plan
from egov_core.testing import small_county as county
from tests.reforms import DAY, HEAD, plan_of

SINCE, TODAY = date(2010, 1, 1), date(2019, 3, 1)
TREE = {"county": None, "a": "county", "b": "county", "c": "county", "ua": "a", "ub": "b", "city": None}
ITEMS = {"a1": "a", "a2": "a", "ua1": "ua", "b1": "b", "ub1": "ub", "c1": "c"}
Permitted = set[tuple[str, str, str]]


def reference(grants: list[Grant]) -> Reference:
    """Bureaus a and b with a unit each, c, and an organ of the city; one person in each, who has the grants given."""
    kinds = {"county": OrganKind.COUNTY, "ua": OrganKind.UNIT, "ub": OrganKind.UNIT}
    items = [attrs.evolve(county.item(code, valid_from=SINCE), organ=organ) for code, organ in ITEMS.items()]
    return Reference(
        organisation=Organisation.of(
            Organ(
                code=code,
                name=f"{code}局",
                kind=kinds.get(code, OrganKind.DEPARTMENT),
                parent=parent,
                valid_from=SINCE,
            )
            for code, parent in TREE.items()
        ),
        catalogue=Catalogue.of(items),
        staffing=Staffing(
            people=tuple(Person(code=f"p{code}", name=code, organ=code, valid_from=SINCE) for code in TREE),
            grants=tuple(grants),
        ),
    )


def grant(person: str, organ: str, *items: str) -> Grant:
    covered = frozenset(items) or frozenset({ALL_ITEMS})
    return Grant(person=f"p{person}", role=Role.INTAKE, organ=organ, items=covered, valid_from=SINCE)


def permitted(staffing: Staffing, catalogue: Catalogue, organisation: Organisation) -> Permitted:
    """Who may take what in on the plan's day."""
    register = Authority.of_staffing(staffing)
    return {
        (person, "intake", code)
        for code in ITEMS
        for person in register.people
        if register.permits(
            person, Act(role=Role.INTAKE, item=code, organ=catalogue.on(code, DAY).organ, day=DAY), organisation
        )
    }


def taken_away(known: Reference, changes: Changes) -> Permitted:
    before = permitted(known.staffing, known.catalogue, known.organisation)
    return before - permitted(changes.staffing, changes.catalogue, changes.organisation)


def listed(changes: Changes) -> Permitted:
    return {(one.person, one.role, item) for one in changes.lost for item in one.items}


def lost(acts: str, *grants: Grant) -> set[tuple[str, str, tuple[str, ...], str]]:
    known = reference(list(grants))
    changes = compile_plan(plan_of(HEAD + acts), known, today=TODAY)
    assert changes.faults == ()
    assert listed(changes) == taken_away(known, changes)
    return {(one.person, one.organ, one.items, one.why) for one in changes.lost}


DOWN = '[[transfer]]\nfrom = "a"\nto = "ua"\nitems = ["a1"]\n'
OUT = '[[transfer]]\nfrom = "ua"\nto = "c"\nitems = ["ua1"]\n'
UNIT = '[[transfer]]\nfrom = "a"\nto = "c"\nunits = ["ua"]\n'
ABOVE = '[[rename]]\norgan = "a"\nparent = "city"\n'


def test_an_item_that_passes_to_an_organ_below_is_not_lost() -> None:
    assert lost(DOWN, grant("a", "a"), grant("county", "county")) == set()


def test_an_item_that_leaves_from_further_down_is_lost_to_who_had_it_from_above() -> None:
    assert lost(OUT, grant("a", "a"), grant("ua", "ua"), grant("county", "county")) == {
        ("pa", "a", ("ua1",), "items-passed"),
        ("pua", "ua", ("ua1",), "items-passed"),
    }


def test_a_unit_that_passes_takes_the_say_over_its_items_along() -> None:
    assert lost(UNIT, grant("a", "a"), grant("ua", "ua")) == {("pa", "ua", ("ua1",), "organ-moved")}


def test_of_an_organ_that_is_moved_only_what_was_held_of_it_is_lost() -> None:
    """A grant for items elsewhere loses nothing when an organ is taken from below it."""
    held = lost(ABOVE, grant("county", "county", "b1"), grant("b", "county", "a1", "c1"))
    assert held == {("pb", "a", ("a1",), "organ-moved")}


def test_what_another_grant_or_the_plan_gives_is_not_lost() -> None:
    given_anew = '[[authorise]]\nperson = "pa"\nrole = "intake"\norgan = "c"\nitems = ["ua1"]\n'
    assert lost(OUT + given_anew, grant("a", "a")) == set()
    assert lost(OUT, grant("a", "a"), grant("a", "county")) == set()


@pytest.mark.parametrize("role", ["approver", "批准"])
def test_a_grant_of_another_role_is_no_remedy(role: str) -> None:
    given_anew = f'[[authorise]]\nperson = "pa"\nrole = "{role}"\norgan = "c"\nitems = ["ua1"]\n'
    assert lost(OUT + given_anew, grant("a", "a")) == {("pa", "a", ("ua1",), "items-passed")}


organs = st.sampled_from(sorted(TREE))
some_items = st.sets(st.sampled_from(sorted(ITEMS)), max_size=3).map(sorted)
held_grants = st.builds(lambda person, organ, items: grant(person, organ, *items), organs, organs, some_items)


@st.composite
def acts(draw: st.DrawFn) -> str:
    """An act of any kind that passes something on, in TOML."""
    kind = draw(st.sampled_from(["items", "units", "people", "parent", "merge", "abolish", "authorise"]))
    one, other = draw(organs), draw(organs)
    if kind == "parent":
        return f'[[rename]]\norgan = "{one}"\nparent = "{other}"\n'
    if kind == "merge":
        assume(one != other)
        return f'[[merge]]\nfrom = ["{one}"]\ninto = "{other}"\n'
    if kind == "abolish":
        return f'[[abolish]]\norgan = "{one}"\nto = "{other}"\n'
    if kind == "authorise":
        item = draw(st.sampled_from(sorted(ITEMS)))
        return f'[[authorise]]\nperson = "p{one}"\nrole = "intake"\norgan = "{other}"\nitems = ["{item}"]\n'
    if kind == "people":
        return f'[[transfer]]\nfrom = "{one}"\nto = "{other}"\npeople = ["p{one}"]\n'
    if kind == "units":
        unit = draw(st.sampled_from(["ua", "ub"]))
        return f'[[transfer]]\nfrom = "{TREE[unit]}"\nto = "{other}"\nunits = ["{unit}"]\n'
    item = draw(st.sampled_from(sorted(ITEMS)))
    return f'[[transfer]]\nfrom = "{ITEMS[item]}"\nto = "{other}"\nitems = ["{item}"]\n'


@given(held=st.lists(held_grants, min_size=1, max_size=6, unique=True), plan=st.lists(acts(), min_size=1, max_size=3))
@settings(max_examples=400, deadline=None)
def test_the_list_is_exactly_what_applying_takes_away(held: list[Grant], plan: list[str]) -> None:
    known = reference(held)
    changes = compile_plan(plan_of(HEAD + "".join(plan)), known, today=TODAY)
    assume(not changes.faults)
    assert listed(changes) == taken_away(known, changes)
