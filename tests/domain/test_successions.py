"""Who succeeded whom: on which day, for which item, through several plans, and back by an older structure."""

from __future__ import annotations

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.organisation import Organ, OrganChange, Organisation, OrganKind, Succession
from egov_core.domain.people import Move, Person
from egov_core.errors import ClaimError
from egov_core.wire.codec import decode, encode

SINCE, FIRST, SECOND = date(2010, 1, 1), date(2015, 6, 1), date(2019, 3, 20)
EVE = timedelta(days=1)


def passed(source: str, target: str, day: date, *items: str, rest: bool = False) -> Succession:
    plan = f"plan-{day.year}"
    return Succession(
        source=source, target=target, effective=day, items=frozenset(items), rest=rest, plan=plan, basis="方案"
    )


def of(*successions: Succession) -> Organisation:
    return Organisation({}, successions)


def test_work_passes_on_the_day_and_not_before() -> None:
    tree = of(passed("a", "b", FIRST, rest=True))
    assert tree.responsible("a", "x", FIRST - EVE) == ("a", ())
    assert tree.responsible("a", "x", FIRST) == ("b", tree.successions)
    assert tree.responsible("c", "x", FIRST) == ("c", ())


def test_an_item_that_is_named_goes_its_own_way() -> None:
    tree = of(passed("a", "c", FIRST, rest=True), passed("a", "b", FIRST, "x"))
    assert tree.responsible("a", "x", FIRST)[0] == "b"
    assert tree.responsible("a", "y", FIRST)[0] == "c"
    assert tree.responsible("a", "", FIRST)[0] == "c"


def test_plans_are_walked_one_after_the_other() -> None:
    tree = of(passed("b", "c", SECOND, rest=True), passed("a", "b", FIRST, rest=True))
    organ, walked = tree.responsible("a", "x", SECOND)
    assert (organ, [one.effective for one in walked]) == ("c", [FIRST, SECOND])


def test_what_was_filed_since_a_succession_is_not_walked_by_it() -> None:
    """An item went away and was given back: a case from between goes with it, one from afterwards stays."""
    tree = of(passed("a", "b", FIRST, "x"), passed("b", "a", SECOND, "x"))
    assert tree.responsible("a", "x", SECOND)[0] == "a"
    assert tree.responsible("b", "x", SECOND, since=FIRST)[0] == "a"
    assert tree.responsible("a", "x", SECOND, since=SECOND) == ("a", ())
    assert tree.responsible("a", "x", FIRST, since=FIRST) == ("a", ())


def test_swapping_items_on_one_day_goes_round_for_none_of_them() -> None:
    tree = of(passed("a", "b", FIRST, "x"), passed("b", "a", FIRST, "y"))
    assert tree.responsible("a", "x", FIRST)[0] == "b"
    assert tree.responsible("b", "y", FIRST)[0] == "a"


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.integers(0, 5), st.booleans()), max_size=12
    ),
    st.sampled_from("abcd"),
    st.integers(-1, 6),
)
def test_walking_ends_and_every_step_follows_the_one_before(
    edges: list[tuple[str, str, int, bool]], organ: str, days: int
) -> None:
    tree = of(*(passed(source, to, FIRST + n * EVE, "x", rest=rest) for source, to, n, rest in edges))
    reached, walked = tree.responsible(organ, "x", FIRST + days * EVE)
    here, day = organ, date.min
    for one in walked:
        assert (one.source, one.effective >= day) == (here, True)
        here, day = one.target, one.effective
    assert here == reached
    assert day <= FIRST + days * EVE


def test_by_an_older_structure_an_item_is_read_where_it_came_from() -> None:
    tree = of(passed("a", "n", FIRST, "x", rest=True), passed("b", "n", FIRST, "y", rest=True))
    before = FIRST - EVE
    assert tree.as_of("n", "x", before, since=SECOND) == "a"
    assert tree.as_of("n", "y", before, since=SECOND) == "b"
    assert tree.as_of("n", "new since", before, since=SECOND) == "n"
    assert tree.as_of("n", "x", FIRST, since=SECOND) == "n"
    assert tree.as_of("a", "x", SECOND, since=before) == "n"


def test_an_organ_is_called_and_placed_by_the_day() -> None:
    change = OrganChange(valid_from=FIRST, name="新名", name_en="New", parent="q")
    tree = Organisation.of(
        [
            Organ(code="p", name="p", kind=OrganKind.COUNTY, parent=None, valid_from=SINCE),
            Organ(code="q", name="q", kind=OrganKind.COUNTY, parent=None, valid_from=SINCE),
            Organ(code="u", name="旧名", kind=OrganKind.UNIT, parent="p", valid_from=SINCE, changes=(change,)),
        ]
    )
    unit = tree.get("u")
    assert [(one.name, one.parent) for one in map(unit.as_on, (FIRST - EVE, FIRST))] == [("旧名", "p"), ("新名", "q")]
    assert tree.is_within("u", "p", FIRST - EVE)
    assert not tree.is_within("u", "p", FIRST)
    assert tree.is_within("u", "q"), "by default after every change"
    assert [organ.code for organ in tree.below("q", FIRST)] == ["u"]
    assert decode(encode(unit), Organ) == unit


def test_a_change_may_neither_lose_an_organ_nor_make_it_its_own_ancestor() -> None:
    top = Organ(code="p", name="p", kind=OrganKind.COUNTY, parent=None, valid_from=SINCE)
    below = attrs.evolve(top, code="u", parent="p")
    lost = attrs.evolve(below, changes=(OrganChange(valid_from=FIRST, name="u", parent="nowhere"),))
    ring = attrs.evolve(top, changes=(OrganChange(valid_from=FIRST, name="p", parent="u"),))
    for organs, code in (([top, lost], "organ-parent"), ([ring, below], "organ-cycle")):
        with pytest.raises(ClaimError) as caught:
            Organisation.of(organs)
        assert code in {fault.code for fault in caught.value.faults}


def test_a_person_serves_where_the_last_move_led() -> None:
    person = Person(code="p", name="姓名", organ="a", valid_from=SINCE, moves=(Move(organ="b", valid_from=FIRST),))
    assert (person.organ_on(FIRST - EVE), person.organ_on(FIRST)) == ("a", "b")
    assert decode(encode(person), Person) == person


def test_what_was_written_before_has_the_bytes_it_had() -> None:
    organ = Organ(code="p", name="p", kind=OrganKind.COUNTY, parent=None, valid_from=SINCE)
    assert b"changes" not in encode(organ)
    assert b"moves" not in encode(Person(code="p", name="姓名", organ="a", valid_from=SINCE))
