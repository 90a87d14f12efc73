"""How the organs stand under a plan: no circle, no name twice side by side, each told once and at its act."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from egov_core.domain.organisation import Organ, OrganChange, Organisation
from egov_core.domain.reorganisation.compiling import compile_plan
from egov_core.domain.reorganisation.reading import read_as_far
from tests.domain.reorganisation.test_losing import TODAY, reference
from tests.reforms import DAY, HEAD, plan_of


def faults(acts: str, organs: tuple[Organ, ...] = ()) -> list[tuple[str, str]]:
    known = reference([])
    if organs:
        tree = Organisation.of({**known.organisation.organs, **{one.code: one for one in organs}}.values())
        known = attrs.evolve(known, organisation=tree)
    return [(one.path, one.code) for one in compile_plan(plan_of(HEAD + acts), known, today=TODAY).faults]


@pytest.mark.parametrize(
    ("acts", "where"),
    [
        ('[[rename]]\norgan = "a"\nparent = "ua"\n', "rename[1].parent"),
        ('[[rename]]\norgan = "a"\nparent = "a"\n', "rename[1].parent"),
        ('[[merge]]\nfrom = ["county"]\ninto = "a"\n', "merge[1].into"),
        ('[[rename]]\norgan = "a"\nparent = "b"\n[[rename]]\norgan = "b"\nparent = "a"\n', "rename[1].parent"),
        ('[[transfer]]\nfrom = "a"\nto = "ua"\nunits = ["ua"]\n', "transfer[1].units"),
    ],
)
def test_a_circle_is_one_fault_at_its_act_however_many_organs_lie_below(acts: str, where: str) -> None:
    assert faults(acts) == [(where, "below-itself")]


def test_a_circle_that_closes_only_on_a_later_day_is_told_too() -> None:
    later = OrganChange(valid_from=date(2020, 1, 1), name="b局", parent="a")
    b = attrs.evolve(reference([]).organisation.get("b"), changes=(later,))
    assert faults('[[rename]]\norgan = "a"\nparent = "b"\n', (b,)) == [("rename[1].parent", "below-itself")]


@pytest.mark.parametrize(
    ("acts", "where"),
    [
        ('[[rename]]\norgan = "a"\nname = "b局"\n', "rename[1].name"),
        ('[[found]]\norgan = "new"\nname = "b局"\nparent = "county"\n', "found[1].name"),
    ],
)
def test_the_name_of_another_living_organ_beside_it_is_refused(acts: str, where: str) -> None:
    assert faults(acts) == [(where, "name-taken")]


def test_a_name_that_becomes_free_or_stands_elsewhere_may_be_taken() -> None:
    assert faults('[[merge]]\nfrom = ["b"]\ninto = "a"\n[[rename]]\norgan = "a"\nname = "b局"\n') == []
    swapped = '[[rename]]\norgan = "a"\nname = "b局"\n[[rename]]\norgan = "b"\nname = "a局"\n'
    assert faults(swapped) == []
    assert faults('[[found]]\norgan = "new"\nname = "ua局"\nparent = "b"\n') == [], "units elsewhere bear one name"


@pytest.mark.parametrize("code", ["新 局;drop", "a b", "ａ１", "a\u200b"])
def test_the_code_of_a_founded_organ_is_one_word(code: str) -> None:
    table = {"organ": code, "name": "新局", "parent": "county"}
    head = {"code": "p", "title": "t", "basis": "b", "effective": DAY}
    found = [(one.path, one.code) for one in read_as_far({**head, "found": [table]}, "plan")[1]]
    assert found == [("plan: found[1].organ", "code-form")]
    assert read_as_far({**head, "found": [{**table, "organ": "新局_1.a-b"}]}, "plan")[1] == ()


def test_a_day_beyond_the_calendar_is_refused() -> None:
    known = attrs.evolve(reference([]), last_day=date(2040, 12, 31))
    acts = HEAD.replace(str(DAY), "2200-01-01") + '[[rename]]\norgan = "a"\nname = "新局"\n'
    assert [(one.path, one.code) for one in compile_plan(plan_of(acts), known, today=TODAY).faults] == [
        ("effective", "too-far")
    ]
