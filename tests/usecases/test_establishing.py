"""Reference data: everything that dangles is named at once, and nothing published is edited."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import attrs
import pytest

from egov_core.domain.authority import Grant, Role
from egov_core.domain.organisation import Organ, Organisation, OrganKind
from egov_core.domain.people import SYSTEM, Person
from egov_core.errors import ClaimError
from egov_core.ports.storage import ReferenceRow, Unit
from egov_core.runtime.doctor import diagnose
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, SINCE
from egov_core.usecases.catalogue.checkup import checkup
from egov_core.usecases.foundation.establishing import entry_of, record
from egov_core.usecases.foundation.item_faults import organ_faults
from egov_core.usecases.foundation.registry import ORGAN
from egov_core.wire.codec import encode


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


def test_codes_that_nobody_could_type_again_are_refused() -> None:
    office = county.open_small_county()
    with pytest.raises(ClaimError) as refused:
        office.establish(
            organs=[Organ(code="Ａ1", name="甲局", kind=OrganKind.DEPARTMENT, parent=county.COUNTY, valid_from=SINCE)],
            people=[Person(code="p 1", name="p", organ=county.BUREAU, valid_from=SINCE)],
        )
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [
        ("organ Ａ1", "code-form"),
        ("person p 1", "code-form"),
    ]


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


def test_an_organ_of_the_name_of_one_beside_it_is_refused_and_one_there_already_is_found() -> None:
    office = county.open_small_county()
    bureau = office.organisation.get(county.BUREAU)
    twin = attrs.evolve(bureau, code="twin")
    with pytest.raises(ClaimError) as refused:
        office.establish(organs=[twin])
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [("organ twin", "name-taken")]
    office.establish(organs=[attrs.evolve(twin, parent=county.BUREAU)])
    row = ReferenceRow(area=AREA, kind=ORGAN, code="twin", version=1, data=encode(twin))

    def beside(unit: Unit) -> None:  # as from a time before it was refused
        unit.put_references([row])
        unit.advance(AREA, office.now())

    office.storage.write(beside)
    assert "organs-named-alike" in {one.code for one in diagnose(office)}
    found = [one for one in checkup(office.services).findings if one.finding.code == "organ-name-twice"]
    assert [one.subject for one in found] == [county.BUREAU]


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


def test_nothing_begins_before_the_place_itself(tmp_path: Path) -> None:
    early = date(1900, 1, 1)
    with county.open_small_county(f"sqlite:///{tmp_path}/c.db") as office:
        organ = Organ(code="early", name="水利局", kind=OrganKind.DEPARTMENT, parent=county.COUNTY, valid_from=early)
        item = attrs.evolve(county.item("i-early"), valid_from=early)
        with pytest.raises(ClaimError) as refused:
            office.establish(organs=[organ], items=[item])
        assert [(one.path, one.code) for one in refused.value.faults] == [
            ("organ early", "before-its-parent"),
            ("item i-early", "before-the-place"),
        ]
        assert "early" not in office.organisation.organs
        below = attrs.evolve(organ, valid_from=county.SINCE)
        office.establish(organs=[below], items=[attrs.evolve(item, valid_from=county.SINCE)])
        assert {one.code for one in diagnose(office)}.isdisjoint({"before-its-parent", "before-the-place"})
        # what came in before it was refused is told
        entries = [entry_of(attrs.evolve(organ, code="old")), entry_of(attrs.evolve(item, code="i-old"))]
        office.storage.write(lambda unit: record(unit, AREA, entries, actor=SYSTEM, now=office.now()))
        office.refresh()
        told = {one.code: one.message for one in diagnose(office) if one.severity == "warning"}
        assert "水利局 would be there from 1900-01-01" in told["before-its-parent"]
        assert "item i-old: it would hold from 1900-01-01" in told["before-the-place"]


def test_an_organ_above_the_county_may_be_recorded_later() -> None:
    city = Organ(code="city", name="市", kind=OrganKind.CITY, parent=None, valid_from=date(2020, 1, 1))
    top = Organ(code="county", name="县", kind=OrganKind.COUNTY, parent="city", valid_from=date(2010, 1, 1))
    tree = Organisation.of([city, top])
    assert tree.first == top
    assert list(organ_faults(tree.organs.values(), tree)) == []
