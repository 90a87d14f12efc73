"""Who may decide on staff: people, posts, who fills them, what they may do, who stands in, what is delegated.

Rules of this room: deny by default, by what holds before the records are written, so that no file gives its bearer the
power to bring it. The head of an organ decides on what belongs to it and below it; whoever leads an organ, watches over
it or keeps the catalogue is decided on by the head of the government, as is who goes from one organ to another. It is
the one place that asks for this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from egov_core.domain.authority import (
    ALL_ITEMS,
    Act,
    Appointment,
    Delegation,
    Grant,
    Post,
    Role,
    Staffing,
    StaffRecord,
    StandIn,
)
from egov_core.domain.organisation import UPPER, Organ, Organisation
from egov_core.domain.people import Actor, ActorKind, Person
from egov_core.errors import NoAuthorityError
from egov_core.usecases.authority.campaigns import actor_of, person_in_office
from egov_core.usecases.foundation.registry import Registry

GIVEN_BY_HEADS = frozenset({Role.INTAKE, Role.REVIEWER, Role.APPROVER})
"""The work of an organ, which its head gives out; any other role is the government's to give."""
OF_AN_ORGAN = (Role.HEAD, Role.GOVERNMENT_HEAD)
OF_THE_GOVERNMENT = (Role.GOVERNMENT_HEAD,)


def deciders(registry: Registry, day: date) -> tuple[str, ...]:
    """Who is head of the government over the whole place on `day`; nobody while an office is being set up."""
    tree = registry.organisation
    acts = [Act(role=Role.GOVERNMENT_HEAD, item=ALL_ITEMS, organ=organ, day=day) for organ in roots(tree, day)]
    return tuple(dict.fromkeys(one.person for act in acts for one in registry.authority.who(act, tree)))


def require_appointer(
    registry: Registry,
    actor: Actor,
    records: Iterable[StaffRecord],
    now: datetime,
    *,
    given: Staffing,
    founded: Iterable[Organ] = (),
) -> None:
    """Raises NoAuthorityError naming every organ on whose staff the actor may not decide as `records` do.

    `records` are what changes, as it is and as it becomes; `given` is all that comes together, in which posts and
    people may be named for the first time. `founded` are organs that are founded with it: whoever decides on the staff
    of what stands above them decides on theirs.
    """
    day, after = now.date(), registry.staffing.amended(given)
    asked = (
        (organ, OF_THE_GOVERNMENT if _leads(record, after) else OF_AN_ORGAN)
        for record in records
        for organ in _organs(record, after, day)
    )
    tree = registry.organisation
    tree = Organisation.of([*tree.organs.values(), *founded], tree.successions)
    _require(registry, actor, asked, day, tree)


def decider_of(
    registry: Registry, given: Staffing, now: datetime, *, by: str, decided_by: str, founded: Iterable[Organ] = ()
) -> Actor:
    """Who decides on the people and roles that somebody brings: `decided_by`, or else `by`, who brings them.

    As long as nobody is head of the government over the whole place, the office is being set up, and nobody has to be
    named besides who brings them. Raises NoAuthorityError.
    """
    day = now.date()
    actor = actor_of(person_in_office(registry, decided_by or by, day), day)
    known = deciders(registry, day)
    if not (decided_by or known):
        return actor
    try:
        require_appointer(registry, actor, given, now, given=given, founded=founded)
    except NoAuthorityError as error:
        if decided_by:
            raise
        raise NoAuthorityError(
            error.message,
            remedy=f"say --by PERSON: the head of the organ, or of the government ({', '.join(known)})",
            **error.data,
        ) from error
    return actor


def require_over_work(registry: Registry, actor: Actor, people: Iterable[Person], now: datetime) -> None:
    """Raises NoAuthorityError naming every organ of these people whose work the actor does not give out.

    The work of an organ is its head's to give; of two organs the head of the government's.
    """
    day = now.date()
    asked = ((person.organ_on(day), OF_AN_ORGAN) for person in people)
    _require(registry, actor, asked, day, registry.organisation)


def _require(
    registry: Registry, actor: Actor, asked: Iterable[tuple[str, tuple[Role, ...]]], day: date, tree: Organisation
) -> None:
    if actor.kind is ActorKind.SYSTEM:
        return
    if actor.kind is not ActorKind.STAFF:
        raise NoAuthorityError(f"{actor.code} is no member of staff", remedy="name one who decides", person=actor.code)
    person_in_office(registry, actor.code, day)
    lacking: dict[tuple[str, tuple[Role, ...]], None] = {}
    for organ, roles in dict.fromkeys((_standing(tree, organ, day), roles) for organ, roles in asked):
        acts = (Act(role=role, item=ALL_ITEMS, organ=organ, day=day) for role in roles)
        if not any(registry.authority.permits(actor.code, act, tree) for act in acts):
            lacking[organ, roles] = None
    if not lacking:
        return
    told = "; ".join(f"{organ} ({' or '.join(role.value for role in roles)})" for organ, roles in lacking)
    who = ", ".join(deciders(registry, day))
    raise NoAuthorityError(
        f"{actor.code} may not decide on the staff of {told} on {day}: the role in brackets is needed",
        remedy="have the head of the organ decide on its people and their work; who leads it, watches over it or keeps "
        f"the catalogue, and who changes organs, is decided by the head of the government{f': {who}' if who else ''}",
        person=actor.code,
        organ=", ".join(dict.fromkeys(organ for organ, _ in lacking)),
        day=day.isoformat(),
    )


def _leads(record: StaffRecord, after: Staffing) -> bool:
    """Whether a record gives or takes a role that heads do not give, be it by the post that has it."""
    match record:
        case Grant():
            return record.role not in GIVEN_BY_HEADS
        case Appointment():
            return any(one.post == record.post and one.role not in GIVEN_BY_HEADS for one in after.grants)
        case _:
            return False


def _organs(record: StaffRecord, after: Staffing, day: date) -> Iterator[str]:
    """The organs whose business a record is; of somebody who goes from one to another, both."""
    match record:
        case Person() | Post():
            yield record.organ_on(day)
            yield record.organ_on(date.max)
        case Grant() | Delegation():
            yield record.organ
        case Appointment():
            yield from (one.organ_on(day) for one in after.posts if one.code == record.post)
            yield from (one.organ_on(day) for one in after.people if one.code == record.person)
        case StandIn():
            yield from (one.organ_on(day) for one in after.people if one.code == record.absent)


def _standing(tree: Organisation, organ: str, day: date) -> str:
    """The organ, or, where it does not stand on `day`, the nearest one above it that does, or the topmost."""
    seen: set[str] = set()
    while organ in tree.organs and organ not in seen:
        seen.add(organ)
        if tree.organs[organ].exists_on(day):
            return organ
        organ = tree.organs[organ].parent or ""
    return roots(tree, day)[0] if roots(tree, day) else organ


def roots(tree: Organisation, day: date) -> list[str]:
    """The topmost organs of the place itself: what stands above a county is another's."""
    standing = {organ.code: organ for organ in tree.on(day)}
    own = [code for code, organ in standing.items() if organ.kind not in UPPER]
    return [code for code in own if standing[code].as_on(day).parent not in own]
