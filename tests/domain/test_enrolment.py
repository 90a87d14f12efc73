"""How far a unit has come: one stage for whatever it has and lacks, and counts that are all the units."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.catalogue import Catalogue
from egov_core.domain.enrolment import (
    STAGES,
    Duty,
    Invitation,
    Milestone,
    UnitEnrolment,
    enrolments,
    stage_counts,
)
from egov_core.domain.organisation import Organ, Organisation, OrganKind
from egov_core.testing import small_county as county
from egov_core.testing.small_county import BUREAU, OTHER, SINCE

DAY = date(2024, 6, 17)


def unit(code: str, *, invited: bool, duties: frozenset[Duty], items: int, cases: int) -> UnitEnrolment:
    return UnitEnrolment(
        unit=code,
        invitation=Invitation(organ=code, on=DAY) if invited else None,
        named=dict.fromkeys(duties, ("somebody",)),
        items=items,
        cases=cases,
    )


UNITS = st.builds(
    unit,
    st.just("x"),
    invited=st.booleans(),
    duties=st.frozensets(st.sampled_from(Duty)),
    items=st.integers(0, 2),
    cases=st.integers(0, 2),
)


@given(st.lists(UNITS, max_size=12))
def test_every_unit_is_at_one_stage_and_the_counts_are_all_of_them(found: list[UnitEnrolment]) -> None:
    counts = stage_counts(found)
    assert tuple(counts) == STAGES
    assert sum(counts.values()) == len(found)
    for one in found:
        order = list(Milestone)
        reached = STAGES.index(one.stage)  # as many milestones, from the first on, have nothing missing before them
        assert all(milestone in one.reached for milestone in order[:reached])
        assert one.stage == "first-case" or order[reached] in one.missing
        assert set(one.missing) | one.reached == set(Milestone)
        assert not set(one.missing) & one.reached
        assert (Milestone.STAFF_NAMED in one.reached) is (set(one.named) == set(Duty))


@pytest.mark.parametrize(("day", "expected"), [(DAY, [BUREAU, OTHER, "town"]), (date(2025, 1, 1), [BUREAU, OTHER])])
def test_departments_and_towns_of_that_day_take_part_and_others_once_invited(day: date, expected: list[str]) -> None:
    gone = date(2025, 1, 1)
    extra = (
        Organ(code="town", name="镇", kind=OrganKind.TOWN, parent="county", valid_from=SINCE, valid_to=gone),
        Organ(code="village", name="村", kind=OrganKind.COMMUNITY, parent="county", valid_from=SINCE),
    )
    tree, catalogue = Organisation.of([*county.organs(), *extra]), Catalogue.of(county.items())
    found = enrolments(tree, catalogue, {}, {}, {BUREAU: 2}, day)
    assert [one.unit for one in found] == expected
    assert [(one.items, one.cases) for one in found if one.unit == BUREAU] == [(3, 2)]
    asked = {"village": Invitation(organ="village", on=DAY)}
    assert [one.unit for one in enrolments(tree, catalogue, asked, {}, {}, day)] == [*expected, "village"]


def test_an_item_counts_once_however_many_versions_it_has_and_only_while_in_force() -> None:
    tree = Organisation.of(county.organs())
    versions = [county.item("a"), county.item("a", version=2), county.item("b", valid_from=date(2030, 1, 1))]
    found = enrolments(tree, Catalogue.of(versions), {}, {}, {}, DAY)
    assert [one.items for one in found if one.unit == BUREAU] == [1]
