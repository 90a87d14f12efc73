"""Reference data: everything that dangles is named at once, and nothing published is edited."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import attrs
import pytest

from egov_core.domain.authority import Grant, Role
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import Person
from egov_core.errors import ClaimError
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, SINCE


def test_every_dangling_reference_is_named_at_once_and_nothing_is_written() -> None:
    office = county.open_small_county()
    before = (office.storage.reference_version(AREA), office.storage.counts(AREA))
    with pytest.raises(ClaimError) as refused:
        office.establish(
            people=[Person(code="p", name="p", organ="gone", valid_from=SINCE)],
            grants=[Grant(person="nobody", role=Role.INTAKE, organ="nowhere", valid_from=SINCE)],
            items=[attrs.evolve(county.item("new"), organ="none", forward_to="neither")],
        )
    said = [(fault.path, fault.code) for fault in refused.value.faults]
    assert said == [
        ("person p", "unknown-organ"),
        ("grant of nobody", "unknown-organ"),
        ("grant of nobody", "unknown-person"),
        ("item new", "unknown-organ"),
        ("item new", "unknown-organ"),
    ]
    assert (office.storage.reference_version(AREA), office.storage.counts(AREA)) == before
    assert refused.value.remedy


def test_organs_that_form_no_tree_are_refused() -> None:
    office = county.open_small_county()
    kind = OrganKind.UNIT
    with pytest.raises(ClaimError) as refused:
        office.establish(
            organs=[
                Organ(code="a", name="a", kind=kind, parent="b", valid_from=SINCE),
                Organ(code="b", name="b", kind=kind, parent="a", valid_from=SINCE),
                Organ(code="c", name="c", kind=kind, parent="x", valid_from=SINCE),
            ]
        )
    assert {fault.path for fault in refused.value.faults} == {"a", "b", "c"}
    assert "a" not in office.organisation.organs


def test_a_published_version_is_never_edited() -> None:
    office = county.open_small_county()
    case = county.accepted(office)
    shorter = county.item(county.LICENCE, promised=county.working_days(1))
    with pytest.raises(ClaimError) as refused:
        office.establish(items=[shorter])
    assert [fault.code for fault in refused.value.faults] == ["version-published"]
    assert office.catalogue.version(county.LICENCE, 1).promised == county.working_days(10)
    with pytest.raises(ClaimError):
        office.establish(items=[county.item("twice"), county.item("twice", promised=county.working_days(1))])
    office.establish(items=[county.item(county.LICENCE, promised=county.working_days(10))])  # the same once more
    office.establish(items=[attrs.evolve(shorter, version=2, valid_from=date(2024, 6, 17))])
    row = office.storage.case(AREA, case.case_id)
    assert row is not None
    assert office.case_of(row).promised == county.working_days(10)
    assert office.case_of(row).item_version == 1
    assert office.verify().ok


def test_an_item_version_that_starts_between_submission_and_acceptance_is_the_one_accepted_under() -> None:
    office = county.open_small_county()
    case_id = county.submit(office).case_id
    office.establish(
        items=[county.item(county.LICENCE, version=2, promised=county.working_days(3), valid_from=date(2024, 6, 17))]
    )
    county.accept(office, case_id)
    row = office.storage.case(AREA, case_id)
    assert row is not None
    assert (office.case_of(row).item_version, office.case_of(row).promised) == (2, county.working_days(3))


def test_reference_data_are_chained_by_organ_and_item() -> None:
    office = county.open_small_county()
    events = office.storage.events(AREA, f"organ:{county.BUREAU}")
    assert [one.type for one in events][:2] == ["organ-recorded", "person-appointed"]
    assert [one.position for one in events] == list(range(1, len(events) + 1))
    assert [one.type for one in office.storage.events(AREA, f"item:{county.LICENCE}")] == ["item-published"]


def test_eight_threads_that_establish_and_read_see_their_own_change_at_once() -> None:
    office = county.open_small_county()

    def work(number: int) -> None:
        for step in range(20):
            code = f"item-{number}-{step}"
            office.establish(items=[county.item(code)])
            assert office.catalogue.version(code, 1).code == code
            office.refresh()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(office.catalogue) == 3 + 160
    assert office.verify().ok
