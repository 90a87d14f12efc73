"""A plan file says exactly what it says, or every place at which it does not."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from egov_core.domain.authority import Role
from egov_core.domain.organisation import OrganKind
from egov_core.domain.reorganisation.plan import Abolish, Authorise, Found, Merge, Plan, Rename, Share, Split, Transfer
from egov_core.domain.reorganisation.reading import parse_plan, read_as_far
from egov_core.errors import ReorganisationError
from tests.reforms import HEAD


def read(text: str) -> Plan:
    return parse_plan(tomllib.loads(text), "plan.toml")


def faults_of(text: str) -> dict[str, str]:
    with pytest.raises(ReorganisationError) as caught:
        read(text)
    return {fault.path.removeprefix("plan.toml: "): fault.code for fault in caught.value.faults}


def test_every_act_is_read() -> None:
    plan = read(
        HEAD
        + """
[[found]]
organ = "n"
name = "新局"
name-en = "New"
kind = "town"
parent = "county"
[[rename]]
organ = "r"
name = "新名"
[[merge]]
from = ["a", "b"]
into = "n"
keep = ["受理", "reviewer"]
[[split]]
organ = "s"
[[split.share]]
to = "x"
items = ["1", "2"]
people = ["p"]
[[split.share]]
to = "y"
rest = true
[[transfer]]
from = "t"
to = "y"
units = ["u"]
duty = "职责"
basis = "另文"
[[abolish]]
organ = "z"
to = "y"
[[authorise]]
person = "p"
role = "受理"
organ = "y"
[[authorise]]
person = "q"
role = "government-head"
organ = "y"
items = ["1"]
"""
    )
    assert plan == Plan(
        code="reform",
        title="改革",
        basis="方案",
        effective=date(2019, 3, 20),
        found=(Found(organ="n", name="新局", name_en="New", kind=OrganKind.TOWN, parent="county"),),
        rename=(Rename(organ="r", name="新名"),),
        merge=(Merge(sources=("a", "b"), into="n", keep=(Role.INTAKE, Role.REVIEWER)),),
        split=(Split(organ="s", shares=(Share(to="x", items=("1", "2"), people=("p",)), Share(to="y", rest=True))),),
        transfer=(Transfer(source="t", to="y", units=("u",), duty="职责", basis="另文"),),
        abolish=(Abolish(organ="z", to="y"),),
        authorise=(
            Authorise(person="p", role=Role.INTAKE, organ="y"),
            Authorise(person="q", role=Role.GOVERNMENT_HEAD, organ="y", items=("1",)),
        ),
    )


def test_everything_wrong_is_said_at_once_with_its_place() -> None:
    found = faults_of(
        """
code = "Reform 2019"
title = ""
effective = "2019-03-20"
colour = "red"
[[found]]
organ = 7
kind = "palace"
[[merge]]
from = []
into = "a"
[[merge]]
from = ["a"]
into = "a"
[[split]]
organ = "s"
[[split.share]]
to = "x"
rest = "yes"
[[transfer]]
from = "a"
to = "b"
[[transfer]]
from = "a"
to = "b"
items = ["1", "1"]
[[rename]]
organ = "a"
[[authorise]]
person = "p"
role = "king"
organ = "a"
"""
    )
    assert found == {
        "code": "code",
        "title": "missing",
        "basis": "missing",
        "effective": "type",
        "colour": "unknown-field",
        "found[1].organ": "type",
        "found[1].name": "missing",
        "found[1].parent": "missing",
        "found[1].kind": "unknown",
        "merge[1].from": "missing",
        "merge[2]": "empty",
        "split[1]": "empty",
        "split[1].share[1].rest": "type",
        "transfer[1]": "empty",
        "transfer[2].items": "twice",
        "rename[1]": "empty",
        "authorise[1].role": "unknown",
    }


@pytest.mark.parametrize(
    ("acts", "place"),
    [("", "plan.toml"), ('merge = "a"', "merge"), ("merge = [1]", "merge[1]")],
)
def test_a_plan_has_acts_that_are_tables(acts: str, place: str) -> None:
    assert place in faults_of(HEAD + acts)


def test_a_role_that_is_refused_is_none_of_those_that_are_listed() -> None:
    """What is listed may be written: readers' names of roles depend on their language."""
    act = '[[authorise]]\nperson = "p"\nrole = "{}"\norgan = "a"\n'
    _, (fault,) = read_as_far(tomllib.loads(HEAD + act.format("head of the organ")), "plan")
    listed = fault.message.rpartition("one of ")[2].split(", ")
    assert "head" in listed and len(listed) == len(Role)
    for name in (*listed, *(role.value for role in Role)):
        assert parse_plan(tomllib.loads(HEAD + act.format(name)), "plan").authorise[0].role in Role
