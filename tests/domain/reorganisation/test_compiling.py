"""What follows from a plan: for organs, items, units, people and grants; and what forbids it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import attrs
import pytest

from egov_core.domain.authority import ALL_ITEMS, Grant, Role, Staffing
from egov_core.domain.catalogue import Catalogue, ItemVersion, Step
from egov_core.domain.organisation import Organ, Organisation, OrganKind
from egov_core.domain.people import Person
from egov_core.domain.reorganisation.changes import Changes, Reference
from egov_core.domain.reorganisation.compiling import compile_plan
from egov_core.domain.reorganisation.plan import Merge, Plan
from egov_core.testing import small_county as county
from tests.reforms import DAY, HEAD, MERGE, NEW, plan_of, split_with

SINCE, TODAY = date(2010, 1, 1), date(2019, 3, 1)


def organ(code: str, kind: OrganKind = OrganKind.DEPARTMENT, parent: str | None = "county") -> Organ:
    return Organ(code=code, name=f"{code}局", kind=kind, parent=parent, valid_from=SINCE)


def item(code: str, of: str, **given: Any) -> ItemVersion:
    return attrs.evolve(county.item(code, valid_from=SINCE), organ=of, **given)


def reference(items: Iterable[ItemVersion] = (), grants: Iterable[Grant] = ()) -> Reference:
    """A county with three bureaus a, b, c (a has a unit), two people in each, and items a1, a2, b1."""
    tree = Organisation.of(
        [
            organ("county", OrganKind.COUNTY, None),
            *(organ(code) for code in "abc"),
            organ("unit", OrganKind.UNIT, "a"),
        ]
    )
    people = [
        Person(code=f"{one}{n}", name=f"姓{one}{n}", organ=one, valid_from=SINCE) for one in "abc" for n in (1, 2)
    ]
    own = [
        Grant(person=f"{one}1", role=role, organ=one, valid_from=SINCE)
        for one in "abc"
        for role in (Role.INTAKE, Role.REVIEWER)
    ]
    given = list(items) or [item("a1", "a"), item("a2", "a"), item("b1", "b")]
    return Reference(
        organisation=tree,
        catalogue=Catalogue.of(given),
        staffing=Staffing(people=tuple(people), grants=(*own, *grants)),
    )


def compiled(acts: str, known: Reference | None = None, today: date = TODAY) -> Changes:
    return compile_plan(plan_of(HEAD + acts), known or reference(), today=today)


def codes(acts: str, known: Reference | None = None) -> set[tuple[str, str]]:
    return {(fault.path, fault.code) for fault in compiled(acts, known).faults}


def held(changes: Changes, organ: str) -> dict[tuple[str, str], frozenset[str]]:
    """The grants over an organ that hold on the day, by person and role."""
    return {
        (one.person, one.role.name): one.items
        for one in changes.grants
        if one.organ == organ and one.valid_from <= DAY and (one.valid_to is None or one.valid_to > DAY)
    }


BACK = '[[transfer]]\nfrom = "a"\nto = "b"\n{what}\n[[transfer]]\nfrom = "b"\nto = "a"\n{what}\n'
SPLIT = split_with("a2")


def test_a_merger_ends_organs_and_gives_items_people_units_a_new_one() -> None:
    changes = compiled(MERGE)
    assert changes.faults == ()
    tree = changes.organisation
    assert {one.code for one in tree.on(DAY)} == {"county", "c", "new", "unit"}
    assert tree.get("a").exists_on(date(2019, 3, 19)), "it exists to the last day before"
    assert tree.get("unit").as_on(DAY).parent == "new"
    assert tree.get("unit").as_on(date(2019, 3, 19)).parent == "a"
    assert {code: changes.catalogue.on(code, DAY).organ for code in ("a1", "a2", "b1")} == dict.fromkeys(
        ("a1", "a2", "b1"), "new"
    )
    assert changes.catalogue.on("a1", date(2019, 3, 19)).organ == "a"
    assert changes.catalogue.version("a1", 1) == reference().catalogue.version("a1", 1), "a version is never edited"
    after = {one.after.code: one.after for one in changes.values if isinstance(one.after, Person)}
    assert {code: one.organ_on(DAY) for code, one in after.items()} == dict.fromkeys(("a1", "a2", "b1", "b2"), "new")


def test_grants_come_along_and_are_never_wider_than_they_were() -> None:
    """Two bureaus became one: whoever could do everything in one of them has a say over what came from it."""
    assert held(compiled(MERGE), "new") == {
        ("a1", "INTAKE"): {"a1", "a2"},
        ("a1", "REVIEWER"): {"a1", "a2"},
        ("b1", "INTAKE"): {"b1"},
        ("b1", "REVIEWER"): {"b1"},
    }


def test_a_founded_organ_with_one_source_keeps_grants_over_all_items() -> None:
    changes = compiled(NEW + '[[merge]]\nfrom = ["a"]\ninto = "new"\n')
    assert held(changes, "new") == {("a1", "INTAKE"): {ALL_ITEMS}, ("a1", "REVIEWER"): {ALL_ITEMS}}
    assert changes.lost == ()


def test_what_is_lost_is_listed() -> None:
    outsider = Grant(person="c1", role=Role.APPROVER, organ="a", valid_from=SINCE)
    changes = compiled(MERGE, reference(grants=[outsider]))
    lost = {(one.person, one.role, one.organ, one.items, one.why) for one in changes.lost}
    assert lost == {("c1", "approver", "a", ("a1", "a2"), "organ-ended")}
    transfer = compiled('[[transfer]]\nfrom = "a"\nto = "b"\nitems = ["a1"]\n')
    assert {(one.person, one.items, one.why) for one in transfer.lost} == {("a1", ("a1",), "items-passed")}
    assert [one.subject for one in transfer.remarks if one.code == "grants-cover-more"] == ["b"]


def test_who_moves_alone_keeps_only_what_came_along() -> None:
    changes = compiled('[[transfer]]\nfrom = "a"\nto = "b"\nitems = ["a1"]\npeople = ["a1"]\n')
    assert held(changes, "b")["a1", "INTAKE"] == {"a1"}
    assert not any(person == "a1" for person, _ in held(changes, "a"))
    assert {(one.person, one.items, one.why) for one in changes.lost} == {("a1", ("a2",), "person-moved")}


def test_a_split_gives_each_its_share_and_one_the_rest() -> None:
    changes = compiled(SPLIT)
    assert changes.faults == ()
    assert changes.catalogue.on("a1", DAY).organ == "b"
    assert changes.catalogue.on("a2", DAY).organ == "c"
    tree = changes.organisation
    eve = date(2019, 3, 1)
    assert tree.responsible("a", "a1", DAY, since=eve)[0] == "b"
    assert tree.responsible("a", "a2", DAY, since=eve)[0] == "c"
    assert tree.responsible("a", "", DAY, since=eve)[0] == "c"
    assert tree.responsible("a", "a1", date(2019, 3, 19), since=eve) == ("a", ())
    assert tree.as_of("c", "a2", date(2019, 1, 1), since=date(2019, 5, 1)) == "a", "and back by the old structure"
    assert tree.get("unit").as_on(DAY).parent == "c"
    people = {one.after.code: one.after.organ_on(DAY) for one in changes.values if isinstance(one.after, Person)}
    assert people == {"a1": "c", "a2": "b"}


def test_a_split_that_leaves_something_is_a_fault() -> None:
    text = SPLIT.replace("rest = true", "items = []")
    found = compiled(text).faults
    assert [(fault.path, fault.code) for fault in found] == [
        ("split[1]", "items-without-organ"),
        ("split[1]", "units-without-organ"),
    ]
    assert "a2" in found[0].message


def test_a_step_loses_a_unit_that_goes_elsewhere_and_it_is_said() -> None:
    steps = (Step(code="acceptance", name="受理"), Step(code="review", name="审核", unit="unit"))
    known = reference([item("a1", "a", steps=steps), item("a2", "a"), item("b1", "b")])
    changes = compiled(SPLIT, known)
    assert [step.unit for step in changes.catalogue.on("a1", DAY).steps] == ["", ""]
    assert [one.subject for one in changes.remarks if one.code == "step-without-unit"] == ["a1"]
    kept = compiled(SPLIT.replace('people = ["a2"]', 'units = ["unit"]'), known)
    assert [step.unit for step in kept.catalogue.on("a1", DAY).steps] == ["", "unit"]


def test_windows_and_targets_follow_whoever_has_a_successor() -> None:
    known = reference([item("c1", "c", windows=frozenset({"a", "c"}), forward_to="b"), item("a1", "a")])
    changes = compiled(MERGE, known)
    after = changes.catalogue.on("c1", DAY)
    assert (after.organ, after.windows, after.forward_to) == ("c", frozenset({"new", "c"}), "new")


def test_versions_to_come_are_followed_too() -> None:
    """A version that is published for later keeps its day, with the organ of then; one that has ended stays ended."""
    later = item("a1", "a", version=2, name="以后", valid_from=date(2019, 6, 1))
    ended = item("a2", "a", valid_to=date(2019, 1, 1))
    changes = compiled(MERGE, reference([item("a1", "a"), later, ended, item("b1", "b")]))
    on = changes.catalogue.on
    assert [(one.organ, one.name) for one in (on("a1", DAY), on("a1", date(2019, 6, 1)))] == [
        ("new", "事项 a1"),
        ("new", "以后"),
    ]
    assert len(changes.catalogue.items["a2"]) == 1


def test_a_second_plan_counts_items_where_the_first_put_them() -> None:
    """An old version without an end does not make an item belong to two organs."""
    known = reference([item("a1", "a"), item("a1", "b", version=2, valid_from=date(2018, 1, 1)), item("a2", "a")])
    changes = compiled(NEW + '[[merge]]\nfrom = ["a"]\ninto = "new"\n', known)
    assert changes.catalogue.on("a1", DAY).organ == "b"
    assert changes.successions[0].items == {"a2"}


def test_a_grant_of_the_plan_is_given_and_a_duty_without_items_is_said() -> None:
    text = '[[transfer]]\nfrom = "a"\nto = "b"\nduty = "职责"\n'
    text += '[[authorise]]\nperson = "c2"\nrole = "审核"\norgan = "c"\n'
    changes = compiled(text)
    assert held(changes, "c")["c2", "REVIEWER"] == {ALL_ITEMS}
    assert [one.code for one in changes.remarks] == ["duty-without-items"]
    assert changes.successions == ()


def test_who_is_left_without_an_organ_is_listed() -> None:
    known = reference([item("b1", "b")])
    tree = Organisation.of([one for one in known.organisation.organs.values() if one.code != "unit"])
    changes = compiled('[[abolish]]\norgan = "a"\n', attrs.evolve(known, organisation=tree))
    assert changes.faults == ()
    assert {one.subject for one in changes.remarks} == {"a1", "a2"}


@pytest.mark.parametrize(
    ("acts", "place", "code"),
    [
        (MERGE.replace('organ = "new"', 'organ = "c"'), "found[1].organ", "code-taken"),
        (NEW + MERGE, "found[2].organ", "code-taken"),
        (MERGE.replace('parent = "county"', 'parent = "nowhere"'), "found[1].parent", "unknown-organ"),
        (MERGE.replace('["a", "b"]', '["x"]'), "merge[1]: x", "unknown-organ"),
        (MERGE.replace('into = "new"', 'into = "x"'), "merge[1].into", "unknown-organ"),
        (MERGE + '[[merge]]\nfrom = ["a"]\ninto = "c"\n', "merge[2]", "ends-twice"),
        (MERGE + '[[rename]]\norgan = "a"\nname = "x"\n', "rename[1].organ", "ends"),
        (MERGE + '[[transfer]]\nfrom = "c"\nto = "a"\nduty = "x"\n', "transfer[1].to", "ends"),
        ('[[transfer]]\nfrom = "a"\nto = "b"\nitems = ["b1"]\n', "transfer[1].items", "not-its-item"),
        ('[[transfer]]\nfrom = "a"\nto = "b"\nitems = ["x"]\n', "transfer[1].items", "unknown-item"),
        ('[[transfer]]\nfrom = "a"\nto = "b"\nunits = ["c"]\n', "transfer[1].units", "not-its-unit"),
        ('[[transfer]]\nfrom = "a"\nto = "b"\npeople = ["x"]\n', "transfer[1].people", "unknown-person"),
        ('[[transfer]]\nfrom = "a"\nto = "b"\npeople = ["b1"]\n', "transfer[1].people", "not-its-person"),
        ('[[transfer]]\nfrom = "a"\nto = "a"\nduty = "x"\n', "transfer[1].to", "itself"),
        (SPLIT.replace('items = ["a1"]', "rest = true"), "split[1]", "rest-twice"),
        (SPLIT + '[[transfer]]\nfrom = "a"\nto = "c"\nitems = ["a1"]\n', "transfer[1].items", "twice"),
        ('[[authorise]]\nperson = "x"\nrole = "审核"\norgan = "a"\n', "authorise[1].person", "unknown-person"),
        ('[[authorise]]\nperson = "a1"\nrole = "审核"\norgan = "x"\n', "authorise[1].organ", "unknown-organ"),
        (
            '[[authorise]]\nperson = "a1"\nrole = "审核"\norgan = "a"\nitems = ["x"]\n',
            "authorise[1].items",
            "unknown-item",
        ),
        ('[[rename]]\norgan = "a"\nname = "x"\n' * 2, "rename[1].organ", "twice"),
        ('[[rename]]\norgan = "a"\nname = "a局"\n', "rename[1].name", "as-before"),
        ('[[rename]]\norgan = "a"\nparent = "county"\n', "rename[1].parent", "as-before"),
        ('[[rename]]\norgan = "a"\nname = "a局"\nparent = "county"\n', "rename[1].name", "as-before"),
        (NEW + '[[rename]]\norgan = "new"\nname = "x"\n', "rename[1].organ", "unknown-organ"),
        (SPLIT.replace('to = "b"', 'to = "a"'), "split[1].share[1].to", "itself"),
        ('[[abolish]]\norgan = "a"\nto = "a"\n', "abolish[1].to", "itself"),
        (BACK.format(what='items = ["a1"]'), "transfer[2].items", "not-its-item"),
        (BACK.format(what='units = ["unit"]'), "transfer[2].units", "not-its-unit"),
        (BACK.format(what='people = ["a1"]'), "transfer[2].people", "not-its-person"),
        (BACK.format(what='duty = "监管"'), "transfer[2].duty", "cancels"),
        (
            '[[transfer]]\nfrom = "a"\nto = "b"\nunits = ["unit"]\n[[rename]]\norgan = "unit"\nparent = "c"\n',
            "rename[1].parent",
            "contradicts",
        ),
        ('[[merge]]\nfrom = ["a"]\ninto = "b"\n[[merge]]\nfrom = ["b"]\ninto = "a"\n', "merge[1].into", "ends"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(acts: str, place: str, code: str) -> None:
    assert (place, code) in codes(acts)
    assert compiled(acts).values == (), "nothing is compiled of a plan that does not fit"


def test_one_slip_is_one_fault_with_its_remedy() -> None:
    """An organ that is to split into itself ends by the split: that is not said a second time."""
    [fault] = compiled(SPLIT.replace('to = "b"', 'to = "a"')).faults
    assert "transfer what leaves it" in fault.message
    came = {fault.path: fault.message for fault in compiled(BACK.format(what='items = ["a1"]')).faults}
    assert "comes to it by transfer[1]" in came["transfer[2].items"]


def test_a_merger_with_nobody_else_is_refused_also_where_no_file_was_read() -> None:
    plan = Plan(code="p", title="t", basis="b", effective=DAY, merge=(Merge(sources=("a", "a"), into="a"),))
    [fault] = compile_plan(plan, reference(), today=TODAY).faults
    assert (fault.path, fault.code) == ("merge[1].from", "itself")


@pytest.mark.parametrize(
    "acts",
    [
        '[[rename]]\norgan = "a"\nname = "a局"\nname-en = "Bureau A"\n',
        '[[rename]]\norgan = "a"\nname = "a局"\nparent = "b"\n',
        '[[merge]]\nfrom = ["a", "b"]\ninto = "a"\n',
        '[[transfer]]\nfrom = "a"\nto = "b"\nduty = "监管"\n[[transfer]]\nfrom = "b"\nto = "a"\nduty = "执法"\n',
        '[[transfer]]\nfrom = "a"\nto = "b"\nunits = ["unit"]\n[[rename]]\norgan = "unit"\nname = "新股"\n',
    ],
)
def test_what_only_looks_as_if_it_said_nothing_is_lawful(acts: str) -> None:
    assert compiled(acts).faults == ()


def test_the_day_lies_ahead() -> None:
    assert {fault.code for fault in compiled(MERGE, today=DAY).faults} == {"past"}
    assert compiled(MERGE, today=date(2019, 3, 19)).faults == ()
