"""The demo county: enough of everything, nothing twice, nothing taken over word for word."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from egov_core.demo.census import DEPARTMENT_ROLES, Census, demo_county
from egov_core.domain.authority import Act, Authority, Role
from egov_core.domain.catalogue import ART_42_DEFAULT, Approver, CaseType, Catalogue, PowerClass, Procedure
from egov_core.domain.catalogue.comparison import is_surely_within
from egov_core.domain.organisation import OrganKind
from egov_core.domain.periods import Immediate, Period, Unit
from egov_core.errors import NoAuthorityError

SOME_DAY = date(2016, 4, 22)
LONG = 25
"""A string longer than this that also stands in a shared file was copied, not carried over."""


@pytest.fixture(scope="module")
def county() -> Census:
    return demo_county()


def _kinds(county: Census) -> Counter[OrganKind]:
    return Counter(organ.kind for organ in county.organisation.organs.values())


def test_the_county_has_its_organs(county: Census) -> None:
    kinds = _kinds(county)

    assert (kinds[OrganKind.DEPARTMENT], kinds[OrganKind.TOWN], kinds[OrganKind.COUNTY]) == (39, 12, 1)
    assert len({organ.name for organ in county.departments}) == 39
    assert county.area.startswith("99"), "an area code that could be issued"


def test_the_supervision_office_is_a_unit_of_the_government_office(county: Census) -> None:
    office = county.organisation.get(county.supervision)

    assert office.kind is OrganKind.UNIT
    assert county.organisation.get(office.parent or "").name == "县政府办"


def test_every_department_has_four_posts_filled_by_different_people(county: Census) -> None:
    roles = {(grant.organ, grant.role) for grant in county.grants}

    assert all((organ.code, role) in roles for organ in county.departments for role in DEPARTMENT_ROLES)
    assert len({person.code for person in county.people}) == len(county.people) == 39 * 4 + 2 + 1 + 2
    assert len({person.name for person in county.people}) == len(county.people)
    assert {grant.person for grant in county.grants} == {person.code for person in county.people}


def test_supervisors_reach_every_department_and_clerks_only_their_own(county: Census) -> None:
    authority = Authority.of(county.grants, people=county.people)
    day = SOME_DAY
    supervisor = next(grant.person for grant in county.grants if grant.role is Role.SUPERVISOR)
    clerk = next(grant for grant in county.grants if grant.role is Role.INTAKE)

    for organ in county.departments:
        authority.require(
            supervisor, Act(role=Role.SUPERVISOR, item="any", organ=organ.code, day=day), county.organisation
        )
    assert not county.organisation.is_within(county.departments[-1].code, clerk.organ)


def test_one_person_may_do_what_only_the_government_may(county: Census) -> None:
    [deputy] = [grant for grant in county.grants if grant.role is Role.GOVERNMENT_HEAD]
    top = county.organisation.get(deputy.organ)
    authority = Authority.of(county.grants, people=county.people)

    assert top.kind is OrganKind.COUNTY
    for organ in county.departments:
        authority.require(
            deputy.person, Act(role=deputy.role, item="any", organ=organ.code, day=SOME_DAY), county.organisation
        )
    with pytest.raises(NoAuthorityError):
        authority.require(
            deputy.person, Act(role=Role.HEAD, item="any", organ="jg102", day=SOME_DAY), county.organisation
        )


def test_units_belong_to_departments_and_take_steps_of_their_items(county: Census) -> None:
    departments = {organ.code for organ in county.departments}
    units = {
        organ.code: organ.parent
        for organ in county.organisation.organs.values()
        if organ.kind is OrganKind.UNIT and organ.code != county.supervision
    }
    taking = {(item.organ, step.unit) for item in county.items for step in item.steps if step.unit}

    assert set(units.values()) <= departments
    assert {unit for _, unit in taking} == set(units)
    assert all(units[unit] == organ for organ, unit in taking)


def test_a_few_items_limit_their_steps_within_their_promise(county: Census) -> None:
    limited = [item for item in county.items if any(step.limit is not None for step in item.steps)]

    assert 6 <= len(limited) <= 20
    for item in limited:
        days = {step.code: step.limit for step in item.steps}
        after = [days["review"], days["conclusion"]]
        assert isinstance(item.promised, Period)
        assert all(isinstance(limit, Period) and limit.unit is item.promised.unit for limit in after)
        assert sum(limit.amount for limit in after if isinstance(limit, Period)) == item.promised.amount, item.name


def test_items_are_handled_by_the_rules_of_their_procedures(county: Census) -> None:
    [joint] = [item for item in county.items if item.procedure is Procedure.JOINT]
    forwarded = [item for item in county.items if item.procedure is Procedure.REVIEW_AND_FORWARD]

    assert (str(joint.statutory), str(joint.extension_terms.longest)) == ("45wd", "15wd")
    assert joint.extension_terms.approver is Approver.GOVERNMENT_HEAD
    assert len(forwarded) >= 10
    for item in forwarded:
        assert item.forward_to is not None
        assert item.power_class is PowerClass.LICENCE
        assert str(item.statutory.basis).endswith("第四十三条")
        assert item.extension_terms.longest is None


def test_licences_that_expire_and_commitments_are_licences(county: Census) -> None:
    by_code = {item.code: item for item in county.items}

    assert len(county.renewable) >= 5
    assert county.commitments
    for code in county.renewable | county.commitments:
        assert by_code[code].power_class is PowerClass.LICENCE
    assert all("commitment-check" in by_code[code].limits for code in county.commitments)


def test_there_are_items_enough_in_every_department(county: Census) -> None:
    per_organ = Counter(item.organ for item in county.items)

    assert len(county.items) >= 160
    assert len({item.code for item in county.items}) == len(county.items)
    assert len({(item.organ, item.name) for item in county.items}) == len(county.items)
    assert set(per_organ) == {organ.code for organ in county.departments}
    assert min(per_organ.values()) >= 2
    assert len(Catalogue.of(county.items)) == len(county.items)


def test_limits_of_law_name_their_law_and_the_rest_are_marked_as_default(county: Census) -> None:
    of_law = [item for item in county.items if not item.statutory_is_default]

    assert len(of_law) >= 70
    assert all(str(item.statutory.basis).startswith("《") and item.basis for item in of_law)
    assert all(item.statutory is ART_42_DEFAULT for item in county.items if item.statutory_is_default)
    # 日 in a law other than 行政许可法 may be read as working days only with the mark of a reading.
    assert any(item.statutory.basis.assumed for item in of_law)


def test_no_promise_is_longer_than_the_law_allows(county: Census) -> None:
    for item in county.items:
        assert item.promised is not None
        assert is_surely_within(item.promised, item.statutory), item.name
        if (
            isinstance(item.promised, Period)
            and isinstance(item.statutory, Period)
            and item.promised.unit is item.statutory.unit
        ):
            assert item.promised.amount < item.statutory.amount, item.name


def test_the_kinds_of_items_and_limits_are_mixed(county: Census) -> None:
    types = Counter(item.case_type for item in county.items)
    units = {item.statutory.unit for item in county.items if isinstance(item.statutory, Period)}
    promised = {item.promised.unit for item in county.items if isinstance(item.promised, Period)}

    assert min(types[kind] for kind in CaseType) >= 12
    assert units >= {Unit.WORKING_DAY, Unit.DAY}
    assert promised >= {Unit.WORKING_DAY, Unit.DAY, Unit.WORKING_HOUR, Unit.HOUR}
    assert sum(bool(item.pause_kinds) for item in county.items) >= 20


def test_on_the_spot_items_promise_the_spot_and_forwarded_ones_name_the_upper_organ(county: Census) -> None:
    for item in county.items:
        assert (item.case_type is CaseType.IMMEDIATE) == isinstance(item.promised, Immediate), item.name
        assert (item.case_type is CaseType.FORWARD) == (item.forward_to is not None), item.name
        if item.forward_to is not None:
            assert county.organisation.get(item.forward_to).kind is OrganKind.CITY


def test_every_item_has_two_to_five_materials(county: Census) -> None:
    assert all(2 <= len(item.materials) <= 5 for item in county.items)
    assert sum(material.basis is not None for item in county.items for material in item.materials) >= 150


@pytest.mark.shared
def test_the_departments_are_those_of_the_notice(county: Census, shared_dir: Path) -> None:
    with (shared_dir / "data" / "departments.csv").open(encoding="utf-8-sig", newline="") as file:
        wanted = [(row["name"], row["english"]) for row in csv.DictReader(file)]

    assert [(organ.name, organ.name_en) for organ in county.departments] == wanted


@pytest.mark.shared
def test_no_long_text_is_taken_over(county: Census, shared_dir: Path) -> None:
    shared = "\n".join(
        path.read_text(encoding="utf-8-sig") for path in sorted((shared_dir / "data").glob("items_real_*.csv"))
    )
    ours = {item.name for item in county.items} | {m.name for item in county.items for m in item.materials}
    ours |= {str(basis) for item in county.items for basis in item.basis}

    assert "生产建设项目水土保持方案审批" in shared, "the shared files were not read"
    assert [text for text in ours if len(text) > LONG and text in shared] == []
