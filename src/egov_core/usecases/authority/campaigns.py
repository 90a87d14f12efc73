"""Who may run campaigns and enrol units.

Rules of this room: deny by default; the roles are those of the catalogue's keeper and of supervision, since the
inspection office urges and the catalogue's keeper takes in. It is the one place that asks for them.
"""

from __future__ import annotations

from datetime import date

from egov_core.domain.authority import ALL_ITEMS, Act, Role
from egov_core.domain.people import Actor, ActorKind, Person
from egov_core.errors import NoAuthorityError, UnknownError
from egov_core.usecases.foundation.registry import Registry

RUNNERS = (Role.CLERK_OF_CATALOGUE, Role.SUPERVISOR)
"""Who may run a campaign or enrol units: any of these roles over the organ, for all items."""


def person_in_office(registry: Registry, code: str, day: date) -> Person:
    """A member of staff who serves on `day`. Raises UnknownError, NoAuthorityError."""
    person = registry.people.get(code)
    if person is None:
        raise unknown_person(registry, code)
    if not person.serves_on(day):
        raise NoAuthorityError(
            f"{code} is not in office on {day}", remedy="have somebody act who is", person=code, day=day.isoformat()
        )
    return person


def unknown_person(registry: Registry, code: str) -> UnknownError:
    """That nobody has this code; where nobody has any, what is missing is the office."""
    named = sorted(one.code for one in registry.people.values() if one.name == code)
    remedy = (
        f"give the code of the person: {', '.join(named)}"
        if named
        else (
            "name a member of staff by code"
            if registry.people
            else "set the office up first: egov init DIR --area CODE --name NAME --head CODE=NAME --clerk CODE=NAME"
        )
    )
    return UnknownError(f"there is no person {code!r}", remedy=remedy, person=code)


def actor_of(person: Person, day: date) -> Actor:
    """The person as whoever acts on `day`."""
    return Actor(kind=ActorKind.STAFF, code=person.code, name=person.name, organ=person.organ_on(day))


def require_runner(registry: Registry, person: str, organ: str, day: date) -> None:
    """Raises NoAuthorityError where the person has none of the roles over the organ."""
    refusals = []
    for role in RUNNERS:
        try:
            act = Act(role=role, item=ALL_ITEMS, organ=organ, day=day)
            registry.authority.require(person, act, registry.organisation)
        except NoAuthorityError as error:
            refusals.append(error)
        else:
            return
    roles = " or ".join(role.value for role in RUNNERS)
    raise NoAuthorityError(
        f"{person} may not run campaigns or enrol units of {organ} on {day}",
        remedy=f"have the head of the government grant {person} the role {roles} for this organ, for all items: "
        "egov staff import FILE --by PERSON --apply --config FILE",
        person=person,
        organ=organ,
        day=day.isoformat(),
    ) from refusals[-1]
