"""A plan that takes effect before one that was applied: whatever the later one decided already is not overtaken."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from egov_core.domain.reorganisation.changes import Changes, Reference
from egov_core.domain.reorganisation.compiling import compile_plan
from tests.domain.reorganisation.test_compiling import TODAY, compiled, reference
from tests.reforms import DAY, HEAD, MERGE, NEW, plan_of

BEFORE = HEAD.replace('"reform"', '"earlier"').replace(str(DAY), "2019-03-10")
PASSING = '[[transfer]]\nfrom = "a"\nto = "b"\nitems = ["a1"]\npeople = ["a2"]\nunits = ["unit"]\n'
INTO_C = '[[merge]]\nfrom = ["b"]\ninto = "c"\n'


def after(acts: str) -> Reference:
    """The county after a plan of DAY was applied."""
    changes = compiled(acts)
    assert changes.faults == ()
    return attrs.evolve(
        reference(),
        organisation=changes.organisation,
        catalogue=changes.catalogue,
        staffing=changes.staffing,
        applied=(changes.plan,),
    )


def before(acts: str, known: Reference) -> Changes:
    return compile_plan(plan_of(BEFORE + acts), known, today=TODAY)


@pytest.mark.parametrize(
    ("later", "acts", "place", "code"),
    [
        (MERGE, '[[merge]]\nfrom = ["c"]\ninto = "a"\n', "merge[1].into", "ends-later"),
        (MERGE, '[[merge]]\nfrom = ["a"]\ninto = "c"\n', "merge[1]: a", "ends-later"),
        (MERGE, '[[abolish]]\norgan = "a"\nto = "c"\n', "abolish[1]: a", "ends-later"),
        (MERGE, '[[transfer]]\nfrom = "a"\nto = "c"\nitems = ["a1"]\n', "transfer[1]: a", "ends-later"),
        (MERGE, '[[transfer]]\nfrom = "c"\nto = "a"\nduty = "x"\n', "transfer[1].to", "ends-later"),
        (MERGE, '[[rename]]\norgan = "a"\nname = "x"\n', "rename[1].organ", "ends-later"),
        (MERGE, '[[rename]]\norgan = "c"\nparent = "a"\n', "rename[1].parent", "ends-later"),
        (MERGE, NEW.replace('"new"', '"own"').replace('"county"', '"b"'), "found[1].parent", "ends-later"),
        (MERGE, '[[authorise]]\nperson = "a1"\nrole = "审核"\norgan = "a"\n', "authorise[1].organ", "ends-later"),
        (MERGE, '[[rename]]\norgan = "unit"\nparent = "c"\n', "rename[1].organ", "changes-later"),
        (
            '[[rename]]\norgan = "a"\nname = "x"\n',
            '[[rename]]\norgan = "a"\nname = "y"\n',
            "rename[1].organ",
            "changes-later",
        ),
        ('[[rename]]\norgan = "a"\nname = "x"\n', '[[merge]]\nfrom = ["a"]\ninto = "c"\n', "merge[1]", "changes-later"),
        (INTO_C, '[[abolish]]\norgan = "c"\nto = "a"\n', "abolish[1]", "passes-later"),
        (PASSING, '[[merge]]\nfrom = ["a"]\ninto = "c"\n', "merge[1]", "passes-later"),
        (PASSING, '[[merge]]\nfrom = ["a"]\ninto = "c"\n', "merge[1]", "moves-later"),
        (PASSING, '[[transfer]]\nfrom = "a"\nto = "c"\nitems = ["a1"]\n', "transfer[1].items", "passes-later"),
        (PASSING, '[[transfer]]\nfrom = "a"\nto = "c"\npeople = ["a2"]\n', "transfer[1].people", "moves-later"),
        (PASSING, '[[transfer]]\nfrom = "a"\nto = "c"\nunits = ["unit"]\n', "transfer[1].units", "changes-later"),
    ],
)
def test_what_a_later_plan_decided_is_not_overtaken(later: str, acts: str, place: str, code: str) -> None:
    changes = before(acts, after(later))
    found = {(fault.path, fault.code): fault.message for fault in changes.faults}
    assert (place, code) in found
    assert changes.values == (), "nothing is compiled of it"
    told = found[place, code]
    assert "by plan reform" in told
    assert f"undo plan reform first, or put the day of this plan on {DAY} or later" in told


def test_the_fault_names_who_has_the_work_then() -> None:
    known = after(MERGE)
    [fault] = before('[[merge]]\nfrom = ["c"]\ninto = "a"\n', known).faults
    assert fault.message == (
        f"organ 'a' ends on {DAY} by plan reform: undo plan reform first, or put the day of this plan on {DAY} or "
        "later, naming new, to which its work goes"
    )
    gone = compile_plan(plan_of(HEAD + '[[merge]]\nfrom = ["c"]\ninto = "a"\n'), known, today=TODAY).faults
    assert [fault.message for fault in gone] == [
        f"organ 'a' does not exist on {DAY}; it ended on {DAY} by plan reform, and its work went to new"
    ]
    unborn = before('[[merge]]\nfrom = ["c"]\ninto = "new"\n', known).faults
    assert [fault.message for fault in unborn] == [
        f"organ 'new' does not exist on 2019-03-10; it begins on {DAY} by plan reform"
    ]


def test_an_end_that_no_plan_brought_is_told_too() -> None:
    known = reference()
    organs = {**known.organisation.organs}
    organs["c"] = attrs.evolve(organs["c"], valid_to=date(2019, 5, 1))
    tree = attrs.evolve(known.organisation, organs=organs)
    [fault] = before('[[merge]]\nfrom = ["b"]\ninto = "c"\n', attrs.evolve(known, organisation=tree)).faults
    assert fault.message == "organ 'c' ends on 2019-05-01: put the day of this plan on 2019-05-01 or later"


@pytest.mark.parametrize(
    "acts",
    [
        '[[merge]]\nfrom = ["c"]\ninto = "b"\n',
        '[[transfer]]\nfrom = "a"\nto = "c"\nitems = ["a2"]\npeople = ["a1"]\n',
        '[[rename]]\norgan = "a"\nname = "x"\n',
    ],
)
def test_what_touches_nothing_of_the_later_plan_may_come_before_it(acts: str) -> None:
    assert before(acts, after(PASSING)).faults == ()


def test_what_is_wrong_with_a_target_is_told_once_for_all_that_go_there() -> None:
    assert [fault.path for fault in compiled('[[merge]]\nfrom = ["a", "b"]\ninto = "x"\n').faults] == ["merge[1].into"]
