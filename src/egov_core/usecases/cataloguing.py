"""Cataloguing: taking items in, as one act of two persons.

Rules of this room: what is taken in is written in one commit with its trace, all or nothing; an item that says what is
published already is left alone, so that taking in the same files twice changes nothing. One person prepares, another
publishes, and both keep the catalogue of every organ concerned: who types a limit does not put it in force alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from egov_core.domain.authority import Act, Role
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.catalogue.life import DraftState
from egov_core.domain.organisation import Organ, Organisation
from egov_core.domain.people import Actor, ActorKind, Person
from egov_core.errors import ClaimError, Fault, LawError, NoAuthorityError, UnknownError
from egov_core.ports.storage import Unit
from egov_core.usecases.chaining import following
from egov_core.usecases.establishing import establish
from egov_core.usecases.registry import Registry
from egov_core.usecases.services import Services

IMPORTS_STREAM = "catalogue:imports"
TAKEN_IN = "items-taken-in"


@attrs.frozen(kw_only=True)
class Import:
    """One import, as its stream keeps it: who prepared and who published which versions, and the organs founded."""

    prepared_by: str
    published_by: str
    items: tuple[tuple[str, int], ...]
    organs: tuple[str, ...]


@attrs.frozen(kw_only=True)
class TakenIn:
    """What an import came to: codes that are new, that have a next version, and that say what they said."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    organs: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written: all is as it was."""
        return not (self.new or self.changed or self.organs)


def take_in(
    services: Services,
    items: Iterable[ItemVersion],
    *,
    prepared_by: str,
    published_by: str,
    organs: Iterable[Organ] = (),
    valid_from: date | None = None,
) -> TakenIn:
    """Publish these items as they are given, each as the next version of its code, from `valid_from` (today) on.

    Raises LawError where one person would be both, NoAuthorityError where one of them may not keep the catalogue of an
    organ, ClaimError where an item points at what is not there, would begin before the version it follows, or has a
    draft in review, which two persons are deciding about. Nothing is written then.
    """
    now = services.clock.now()
    begins = valid_from or now.date()
    registry = services.registry()
    founded = [organ for organ in organs if registry.organisation.organs.get(organ.code) != organ]
    versions, unchanged, is_new = _versions(registry, items, begins)
    tree = Organisation.of([*registry.organisation.organs.values(), *founded])
    publisher = _two_persons(registry, prepared_by, published_by, versions, tree, now.date())
    taken = TakenIn(
        new=tuple(item.code for item in versions if item.code in is_new),
        changed=tuple(item.code for item in versions if item.code not in is_new),
        unchanged=unchanged,
        organs=tuple(organ.code for organ in founded),
    )
    if not versions and not founded:
        return taken
    trace = Import(
        prepared_by=prepared_by,
        published_by=published_by,
        items=tuple((item.code, item.version) for item in versions),
        organs=taken.organs,
    )

    def leave_trace(unit: Unit) -> None:
        stands = unit.head(services.area, IMPORTS_STREAM)
        unit.append([following(services.area, IMPORTS_STREAM, stands, TAKEN_IN, trace, actor=publisher, now=now)])

    establish(services, actor=publisher, organs=founded, items=versions, besides=leave_trace)
    return taken


def _versions(
    registry: Registry, items: Iterable[ItemVersion], begins: date
) -> tuple[list[ItemVersion], tuple[str, ...], frozenset[str]]:
    """The versions to write, the codes that stay as they are, and the codes nobody had before."""
    versions: list[ItemVersion] = []
    unchanged: list[str] = []
    is_new: set[str] = set()
    faults: list[Fault] = []
    seen: set[str] = set()
    in_review = {one.code: one for one in registry.drafts if one.state is DraftState.IN_REVIEW}
    for item in items:
        if item.code in seen:
            faults.append(Fault(f"item {item.code}", "item-twice", "is given twice; an import has each item once"))
        seen.add(item.code)
        held = registry.catalogue.items.get(item.code)
        if held and item.says_what(held[-1]) and held[-1].valid_to is None:
            unchanged.append(item.code)
        elif item.code in in_review:
            draft = in_review[item.code]
            message = (
                f"version {draft.version} of it is in review, prepared by {', '.join(draft.hands)}; an import would "
                "overtake it: publish it or return it first, or leave the item out"
            )
            faults.append(Fault(f"item {item.code}", "draft-in-review", message))
        elif not held:
            is_new.add(item.code)
            versions.append(attrs.evolve(item, version=1, valid_from=begins, valid_to=None))
        elif begins < held[-1].valid_from:
            message = f"version {held[-1].version} holds from {held[-1].valid_from} on, and this one from {begins}"
            faults.append(Fault(f"item {item.code}", "before-published", message))
        else:
            number = held[-1].version + 1
            versions.append(attrs.evolve(item, version=number, valid_from=begins, valid_to=None))
    if faults:
        raise ClaimError(
            f"the items cannot be taken in: {len(faults)} fault(s), the first of {faults[0].path}",
            faults=faults,
            remedy="correct the items named, or choose a later day from which they hold",
        )
    return versions, tuple(unchanged), frozenset(is_new)


def _two_persons(
    registry: Registry,
    prepared_by: str,
    published_by: str,
    items: Iterable[ItemVersion],
    tree: Organisation,
    day: date,
) -> Actor:
    """The publisher, when two persons may do this; the first organ for which one may not is named."""
    if prepared_by == published_by:
        raise LawError(
            f"{prepared_by} would prepare and publish alone",
            remedy="have a second person who keeps the catalogue publish it",
            person=prepared_by,
        )
    persons = [_serving(registry, code, day) for code in (prepared_by, published_by)]
    firsts: dict[str, ItemVersion] = {}
    for item in items:
        firsts.setdefault(item.organ, item)
    for person in persons:
        for organ, item in firsts.items():
            act = Act(role=Role.CLERK_OF_CATALOGUE, item=item.code, organ=organ, day=day)
            registry.authority.require(person.code, act, tree)
    return Actor(kind=ActorKind.STAFF, code=persons[1].code, name=persons[1].name, organ=persons[1].organ_on(day))


def _serving(registry: Registry, code: str, day: date) -> Person:
    person = registry.people.get(code)
    if person is None:
        raise UnknownError(f"there is no person {code!r}", remedy="use the code of a member of staff", person=code)
    if not person.serves_on(day):
        raise NoAuthorityError(
            f"{person.name} ({code}) is not in office on {day}", remedy="name somebody who is", person=code
        )
    return person
