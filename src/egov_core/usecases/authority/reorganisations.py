"""Who may carry a reorganisation through, and take it back.

Rules of this room: deny by default. A plan founds and ends organs, moves people and gives authority, so it takes the
head of the government over every organ that it touches; keeping the catalogue is not enough. It is the one place that
asks for this role.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from egov_core.domain.authority import ALL_ITEMS, Act, Delegation, Grant, Post, Role
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.organisation import UPPER, Organ, Organisation
from egov_core.domain.people import Actor, ActorKind, Person
from egov_core.domain.reorganisation.changes import Value
from egov_core.errors import NoAuthorityError
from egov_core.usecases.foundation.registry import Registry

REORGANISER = Role.GOVERNMENT_HEAD
"""Who may reorganise: this role over every organ that the plan touches, for all items."""


def require_in_office(registry: Registry, actor: Actor, now: datetime) -> None:
    """Somebody in office says so; whose name stands in the chain is the registry's. Raises NoAuthorityError."""
    if actor.kind is ActorKind.SYSTEM:
        return
    person = registry.people.get(actor.code)
    if actor.kind is not ActorKind.STAFF or person is None or not person.serves_on(now.date()):
        raise NoAuthorityError(
            f"{actor.code} is not in office on {now.date()}",
            remedy="name the member of staff who carries the plan through",
            person=actor.code,
        )


def require_reorganiser(registry: Registry, actor: Actor, values: Iterable[Value], now: datetime) -> None:
    """Raises NoAuthorityError naming every organ among those of `values` over which the actor may not decide."""
    require_in_office(registry, actor, now)
    if actor.kind is ActorKind.SYSTEM:
        return
    day, tree = now.date(), registry.organisation
    refusals: dict[str, NoAuthorityError] = {}
    for organ in _touched(values, tree, day):
        act = Act(role=REORGANISER, item=ALL_ITEMS, organ=organ, day=day)
        try:
            registry.authority.require(actor.code, act, tree)
        except NoAuthorityError as error:
            refusals[organ] = error
    if refusals:
        lacking = ", ".join(refusals)
        raise NoAuthorityError(
            f"{actor.code} may not reorganise {lacking} on {day}: that takes the role {REORGANISER.value}",
            remedy=f"have somebody decide who holds the role {REORGANISER.value} over these organs for all items, "
            "for example over the whole county; egov staff what PERSON --config FILE shows what somebody holds",
            person=actor.code,
            organ=lacking,
            day=day.isoformat(),
        ) from next(iter(refusals.values()))


def _touched(values: Iterable[Value], tree: Organisation, day: date) -> list[str]:
    """The organs of today that the values are about; where there is none of them, those that stand above all others.

    An organ that is yet to be founded is the business of whoever may decide over its parent.
    """
    standing = {organ.code: organ for organ in tree.on(day)}
    named = (code for value in values for code in _organs(value, standing, day))
    touched = list(dict.fromkeys(code for code in named if code in standing))
    return touched or [code for code, organ in standing.items() if organ.as_on(day).parent not in standing]


def _organs(value: Value, standing: Mapping[str, Organ], day: date) -> Iterator[str]:
    match value:
        case Organ():
            yield value.code
            later = {one.parent or "" for one in value.changes if one.valid_from > day}
            here = value.as_on(day).parent if value.code in standing else None
            # of an organ that stays where it is, the parent is not touched; nor is an upper organ that one is put
            # under: nobody in the county decides over it, and what it takes under itself its document says
            parents = {*later, *(() if value.code in standing else (value.parent or "",))} - {here}
            yield from sorted(one for one in parents if one not in standing or standing[one].kind not in UPPER)
        case Person() | Post():
            yield value.organ_on(day)
            yield value.organ_on(date.max)
        case Grant() | Delegation() | ItemVersion():
            yield value.organ
        case _:
            return  # who fills a post or stands in for whom: the post and the people say where
