"""How the units of the demo county join: on which day, and whom they name.

Rules of this room: values only. Nearly every department names one person more, who is in charge of its part in the
system 专人负责; the towns join one after another with all their staff, the last ones with whoever is in charge, and one
has named nobody yet. The people are invented as those of the departments are, and are the next ones of the same lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import attrs

from egov_core.demo.census import invented_person
from egov_core.demo.founding import SINCE, Population
from egov_core.domain.authority import Role
from egov_core.domain.enrolment import EnrolmentRow
from egov_core.domain.organisation import Organ, OrganKind

NOBODY_IN_CHARGE = (6, 19, 32)
"""The departments that have not named who is in charge, by their places."""
JOINING_TOWNS, STAFFED_TOWNS = 11, 8
"""So many of twelve towns join, so many of them with all their staff."""
STAFF_OF_A_TOWN = (Role.CLERK_OF_CATALOGUE, Role.HEAD, Role.INTAKE, Role.REVIEWER, Role.APPROVER)
"""Whom a town names; the first is in charge."""


@attrs.frozen(kw_only=True)
class Joining:
    """What a unit says on a day of the story: whom it names. The first is in charge."""

    unit: str
    day: int
    rows: tuple[EnrolmentRow, ...]


def units_of(population: Population, kind: OrganKind) -> tuple[Organ, ...]:
    """The departments or the towns, in the order of the register."""
    return tuple(organ for organ in population.organs if organ.kind is kind)


def joinings(population: Population) -> Iterator[Joining]:
    """How every unit joins that does, departments first."""
    numbers = count(len(population.people))

    def named(organ: Organ, *roles: Role) -> tuple[EnrolmentRow, ...]:
        people = ((invented_person(next(numbers), organ.code, SINCE), role) for role in roles)
        return tuple(
            EnrolmentRow(organ=organ.code, person=person.code, person_name=person.name, role=role)
            for person, role in people
        )

    for place, organ in enumerate(units_of(population, OrganKind.DEPARTMENT)):
        if place not in NOBODY_IN_CHARGE:
            yield Joining(unit=organ.code, day=-13 + place % 6 * 2, rows=named(organ, Role.CLERK_OF_CATALOGUE))
    for place, town in enumerate(units_of(population, OrganKind.TOWN)[:JOINING_TOWNS]):
        if place < STAFFED_TOWNS:
            yield Joining(unit=town.code, day=-10 + place * 3, rows=named(town, *STAFF_OF_A_TOWN))
        else:
            yield Joining(unit=town.code, day=place - STAFFED_TOWNS, rows=named(town, STAFF_OF_A_TOWN[0]))
