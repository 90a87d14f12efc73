"""Setting an office up 初始化: the first organ and the first people of an area, by which everything else is decided.

Rules of this room: what is founded here is what the other commands ask for and cannot give themselves: the county, the
head of its government, and two persons who keep the catalogue, since nobody publishes alone what he has prepared. It is
done once, in an area that holds nothing, in one commit, and the chains say that the system did it for whoever installs:
nobody is in office who could be named. Every fault is told at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from egov_core.domain.authority import Grant, Role
from egov_core.domain.codes.written import code_fault
from egov_core.domain.organisation import Organ
from egov_core.domain.people import SYSTEM, Person
from egov_core.errors import ClaimError, ConflictError, Fault
from egov_core.ports.storage import Unit
from egov_core.usecases.foundation.establishing import establish
from egov_core.usecases.foundation.services import Services

KEEPERS = 2
"""So many persons have to keep the catalogue: one prepares an item, another one publishes it."""


def beginning_faults(county: Organ, head: Person | None, clerks: Sequence[Person], day: date) -> Iterator[Fault]:
    """What is wrong with what an office is to begin with on `day`; without a `head`, only what the rest says."""
    if not county.name.strip():
        yield Fault("county", "no-name", "the county has no name")
    if why := code_fault(county.code):
        yield Fault("county", "code-form", why)
    if county.valid_from > day:
        yield Fault("since", "to-come", f"{county.valid_from} is still to come: nobody would be in office on {day}")
    codes = {one.code for one in clerks}
    if len(codes) < KEEPERS:
        yield Fault(
            "clerks",
            "too-few",
            f"{len(codes)} different person(s) would keep the catalogue; it takes {KEEPERS}: one prepares an item, "
            "another one publishes it",
        )
    for one in (*([head] if head else []), *clerks):
        if why := code_fault(one.code):
            yield Fault(one.code, "code-form", why)
    held: dict[str, Person] = {}
    for one in (*([head] if head else []), *clerks):
        before = held.setdefault(one.code, one)
        if before is not one:
            yield Fault(one.code, "person-twice", f"{before.name} and {one.name} share the code {one.code!r}")


def refuse_data(services: Services) -> Iterator[Fault]:
    """Whether the store holds anything of the area already: an office is set up once."""
    storage = services.storage
    if storage.reference_version(services.area) or any(storage.counts(services.area).values()):
        yield Fault("storage", "there-already", f"the store already holds data of area {services.area}")


def set_up(services: Services, *, county: Organ, head: Person, clerks: Sequence[Person]) -> int:
    """Found the county with its head and the keepers of its catalogue in one commit; how many records that were.

    Raises ClaimError with everything that is wrong, ConflictError where somebody else does it meanwhile.
    """
    faults = [*refuse_data(services), *beginning_faults(county, head, clerks, services.clock.now().date())]
    if faults:
        raise refusal(faults)
    people = (head, *clerks)
    roles = (Role.GOVERNMENT_HEAD, *(Role.CLERK_OF_CATALOGUE for _ in clerks))
    grants = [
        Grant(person=person.code, role=role, organ=county.code, valid_from=county.valid_from)
        for person, role in zip(people, roles, strict=True)
    ]

    def alone(unit: Unit) -> None:
        if unit.head(services.area, f"organ:{county.code}")[0] != 1 + len(people) + len(grants):
            raise ConflictError(
                f"area {services.area} was set up by somebody else meanwhile", remedy="look at what is there now"
            )

    return establish(services, actor=SYSTEM, organs=[county], people=people, grants=grants, besides=alone)


def refusal(faults: Sequence[Fault]) -> ClaimError:
    """The error that tells all that keeps an office from being set up."""
    return ClaimError(
        f"the office is not set up: {len(faults)} fault(s)",
        faults=list(faults),
        remedy="correct every place named; nothing was written",
    )
