"""A registry that was read bit by bit is the one that is stored, whatever was written, and by whom."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egov_core.domain.authority import Grant, Post, Role, Staffing
from egov_core.domain.campaign import commands as c
from egov_core.domain.campaign.forms import CollectedForm
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import SYSTEM, Person
from egov_core.errors import ConflictError, EgovError
from egov_core.ports.storage import ReferenceRow, Unit
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, BUREAU, COUNTY, MONDAY, OTHER, SINCE, staff
from egov_core.usecases.campaign.campaigning import conduct
from egov_core.usecases.campaign.enrolling import invite
from egov_core.usecases.foundation.registry import ITEM, ORGAN, PERSON, KnownParts, Registry, load_registry
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.foundation.written import Step, Steps, watched
from egov_core.usecases.plugins.quarantine import keep_failure
from egov_core.usecases.reorganisation.carrying_through import apply
from egov_core.usecases.reorganisation.undo import undo
from egov_core.usecases.staff.appointing import appoint
from egov_core.wire.codec import encode
from tests.reforms import merger_of, plan_of

Act = Callable[[Office, int], object]


def organ(number: int) -> Organ:
    return Organ(code=f"o{number}", name=f"机关{number}", kind=OrganKind.DEPARTMENT, parent=COUNTY, valid_from=SINCE)


def row(kind: str, code: str, value: Any) -> ReferenceRow:
    return ReferenceRow(area=AREA, kind=kind, code=code, version=1, data=encode(value))


def somebody(number: int) -> Person:
    return Person(code="p", name=f"某{number}", organ=BUREAU, valid_from=SINCE)


# --- what a unit writes -----------------------------------------------------------------------------------------------


def an_organ(unit: Unit, number: int) -> None:
    unit.put_references([row(ORGAN, f"o{number}", organ(number))])


def an_organ_anew(unit: Unit, number: int) -> None:
    unit.put_references([row(ORGAN, f"o{number}", attrs.evolve(organ(number), name="新"))])


def take_away(unit: Unit, number: int) -> None:
    """Take an organ of ours away, where it is there just so."""
    try:
        unit.drop_references([row(ORGAN, f"o{number}", organ(number))])
    except ConflictError:
        return


def several_kinds(unit: Unit, number: int) -> None:
    """Write twice in one unit, also for an area that is not this one."""
    strange = attrs.evolve(row(ORGAN, "x", organ(1)), area="999999")
    unit.put_references([row(ORGAN, f"o{number}", organ(number)), strange])
    unit.put_references([row(PERSON, "p", somebody(number))])


def fail(unit: Unit, number: int) -> None:
    """Write, and fail: then nothing is written."""
    several_kinds(unit, number)
    raise LookupError


# --- what a use case does ---------------------------------------------------------------------------------------------


def a_post(services: Services, number: int) -> object:
    post = Post(code=f"post{number}", organ=BUREAU, name="科长", valid_from=SINCE)
    return appoint(services, Staffing(posts=(post,)), actor=SYSTEM)


def a_failure(services: Services, number: int) -> None:
    keep_failure(services, f"p{number}", "egov_card_policy", 1, "failed", quarantined=number > 2)


def a_campaign(services: Services, number: int) -> object:
    asked = c.OpenCampaign(
        code=f"c{number}",
        title="填报",
        organ=COUNTY,
        units=(BUREAU, OTHER),
        forms=tuple(CollectedForm),
        limit=county.working_days(20),
        reviewers=("rev",),
    )
    return conduct(services, asked.code, asked, by="inspector")


def invited(services: Services, number: int) -> object:
    return invite(services, [BUREAU, OTHER][: number + 1], document="文", by="inspector")


MERGER = plan_of(merger_of(BUREAU, OTHER))


def change(use_case: Callable[[Services, int], object]) -> Act:
    return lambda office, number: office.change(lambda services: use_case(services, number))


def here(write: Callable[[Unit, int], object]) -> Act:
    return change(lambda services, number: services.storage.write(lambda unit: write(unit, number)))


def elsewhere(write: Callable[[Unit, int], object]) -> Act:
    """What another process of the office writes: this one is not told."""
    return lambda office, number: office.storage.write(lambda unit: write(unit, number))


ACTS: dict[str, Act] = {
    "an organ": lambda office, number: office.establish(organs=[organ(number)]),
    "an organ anew": here(an_organ_anew),
    "a post": change(a_post),
    "an item": lambda office, number: office.establish(
        items=[county.item(f"item{number}", promised=county.working_days(number + 1))]
    ),
    "a failure": change(a_failure),
    "a campaign": change(a_campaign),
    "invited": change(invited),
    "a reform": change(lambda services, _number: apply(services, MERGER, actor=staff("mayor"))),
    "taken back": change(lambda services, _number: undo(services, "merger", actor=staff("mayor"))),
    "several kinds": here(several_kinds),
    "rolled back": here(fail),
    "nothing": change(lambda services, _number: services.registry().version),
    "elsewhere, an organ": elsewhere(an_organ),
    "elsewhere, taken away": elsewhere(take_away),
    "elsewhere, several kinds": elsewhere(several_kinds),
    "here, taken away": here(take_away),
    "looked": lambda office, _number: office.refresh(),
}
"""What may happen, each with a number that says to which of a few entries."""


def opened(url: str, *, read_only: bool = False) -> Office:
    return open_office(county.settings(url), clock=ManualClock(MONDAY), read_only=read_only)


def founded(url: str) -> Office:
    """The small county with a head of its government, an inspector and a reviewer."""
    office = county.open_small_county(url)
    office.establish(
        people=[
            Person(code=one, name=f"姓{one}", organ=COUNTY, valid_from=SINCE) for one in ("mayor", "inspector", "rev")
        ],
        grants=[
            Grant(person="mayor", role=Role.GOVERNMENT_HEAD, organ=COUNTY, valid_from=SINCE),
            Grant(person="inspector", role=Role.SUPERVISOR, organ=COUNTY, valid_from=SINCE),
        ],
    )
    return office


def stored(office: Office) -> Registry:
    """The registry as somebody reads it who knows nothing yet."""
    return load_registry(office.storage, AREA, office.services.place.separations)


def happen(office: Office, act: str, number: int) -> bool:
    """Have something happen: whether it was not refused."""
    try:
        ACTS[act](office, number)
    except (EgovError, LookupError):
        return False
    return True


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*ACTS]), st.integers(0, 3)), max_size=12))
def test_after_anything_that_happened_the_registry_is_the_one_stored(story: list[tuple[str, int]]) -> None:
    with founded("memory:") as office:
        for act, number in story:
            happen(office, act, number)
            office.refresh()  # as whoever looks at an office does, for others may have written
            assert office.services.registry() == stored(office)


def test_the_acts_do_what_they_are_called(tmp_path: Path) -> None:
    """So that the stories are worth their name."""
    with founded(f"sqlite:///{tmp_path}/county.db") as office:
        for act in ACTS:
            before = office.storage.reference_version(AREA)
            assert happen(office, act, 1) is (act != "rolled back"), act
            changed = office.storage.reference_version(AREA) != before
            assert changed is (act not in ("rolled back", "nothing", "looked")), act
            office.refresh()
            assert office.services.registry() == stored(office), act


def test_a_process_that_only_reads_sees_what_another_has_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/county.db"
    with founded(url) as office, opened(url, read_only=True) as reader:
        assert reader.services.registry() == office.services.registry()
        for act in ("an organ", "a campaign", "a failure", "here, taken away"):
            happen(office, act, 1)
            reader.refresh()
            assert reader.services.registry() == office.services.registry() == stored(office)


def test_who_opens_a_backup_sees_the_backup(tmp_path: Path) -> None:
    """As many writes as the copy has seen, and others: the count alone would not tell them apart."""
    database, copy = tmp_path / "county.db", tmp_path / "copy.db"
    with founded(f"sqlite:///{database}") as office:
        happen(office, "an organ", 1)
    shutil.copy(database, copy)
    with opened(f"sqlite:///{database}") as office:
        happen(office, "an organ", 2)
        later = office.services.registry()
    shutil.copy(copy, database)
    with opened(f"sqlite:///{database}") as office:
        happen(office, "an organ", 3)
        assert office.services.registry().version == later.version
        assert office.services.registry() == stored(office) != later
        assert {"o1", "o3"} <= office.organisation.organs.keys()
        assert "o2" not in office.organisation.organs


# --- what is read, and what is not ------------------------------------------------------------------------------------


class Counted:
    """A storage that counts which kinds are read."""

    def __init__(self, office: Office) -> None:
        self.storage, self.read = office.storage, list[str]()

    def references(self, area: str, kind: str) -> Any:
        self.read.append(kind)
        return self.storage.references(area, kind)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.storage, name)


def test_only_what_was_written_is_read_again() -> None:
    with founded("memory:") as office:
        counted: Any = Counted(office)
        known = KnownParts()
        noting = watched(office.storage, AREA, known.steps.add)

        def read() -> list[str]:
            counted.read.clear()
            assert load_registry(counted, AREA, known=known) == load_registry(office.storage, AREA)
            return [*counted.read]

        everything = read()
        assert {ORGAN, PERSON, ITEM} < {*everything}
        assert read() == []
        noting.write(lambda unit: an_organ(unit, 1))
        assert read() == [ORGAN]
        noting.write(lambda unit: several_kinds(unit, 2))
        noting.write(lambda unit: an_organ(unit, 3))
        assert sorted(read()) == [ORGAN, PERSON]
        office.storage.write(lambda unit: an_organ(unit, 1))
        noting.write(lambda unit: an_organ(unit, 1))
        assert read() == everything, "somebody else has written too"
        assert read() == []


def test_what_has_the_same_bytes_is_the_same_value() -> None:
    with founded("memory:") as office:
        known = KnownParts()
        before = load_registry(office.storage, AREA, known=known)
        office.storage.write(lambda unit: an_organ(unit, 1))
        after = load_registry(office.storage, AREA, known=known)
        assert after.catalogue is before.catalogue
        assert after.authority is before.authority
        assert after.organisation.organs[BUREAU] is before.organisation.organs[BUREAU]


def step(before: int, after: int, *kinds: str) -> Step:
    return Step(before=before, after=after, kinds=frozenset(kinds))


def test_a_gap_in_the_count_leaves_nothing_known() -> None:
    noted = Steps()
    assert noted.kinds_since(3, 3) == frozenset()
    assert noted.kinds_since(3, 4) is None
    noted.add(step(3, 5, "organ"))
    noted.add(step(5, 6, "item"))
    noted.add(step(7, 8, "grant"))
    assert noted.kinds_since(3, 6) == frozenset({"organ", "item"})
    assert noted.kinds_since(5, 6) == frozenset({"item"})
    for read_at, count in ((3, 4), (3, 7), (3, 8), (4, 5), (6, 8), (6, 3), (8, 7)):
        assert noted.kinds_since(read_at, count) is None
    noted.forget_before(6)
    assert noted.kinds_since(3, 6) is None
    assert noted.kinds_since(7, 8) == frozenset({"grant"})


@pytest.mark.parametrize("refused", [True, False])
def test_what_a_store_refused_is_not_noted(refused: bool) -> None:
    """A refused call has done nothing, and the unit may go on (S6, S15)."""
    told: list[Step] = []
    with founded("memory:") as office:
        count = office.storage.reference_version(AREA)
        noting = watched(office.storage, AREA, told.append)

        def write(unit: Unit) -> None:
            unit.put_references([])
            if refused:
                take_away(unit, 1)
            unit.put_references([row(PERSON, "p", somebody(1))])

        noting.write(write)
        assert told == [step(count, count + 1, PERSON)]
        noting.write(lambda unit: unit.recall(AREA, "a", "k"))
        assert len(told) == 1
