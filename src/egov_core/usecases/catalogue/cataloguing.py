"""Cataloguing: taking items in, as one act of two persons.

Rules of this room: what is taken in is written in one commit with its trace, all or nothing; an item that says what is
published already is left alone, so that taking in the same files twice changes nothing. One person prepares, another
publishes, and both keep the catalogue of every organ concerned: who types a limit does not put it in force alone.
What is published may not become worse by it (`foreseeing`), as it may not by a draft. Whoever only looks asks
`intended`, and `take_in` writes what it says and nothing else: there is no second opinion.
What applicants were told of an item is not changed afterwards: the next version of a published one holds from the day
of the import at the earliest. A first version may say that it held before: a county moves in with what it had promised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import attrs

from egov_core.domain.authority import Act, Role
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.catalogue.life import DraftState, ItemLife
from egov_core.domain.catalogue.versions_to_come import is_as_published, publish_over, stretches, version_from
from egov_core.domain.organisation import Organ, Organisation
from egov_core.domain.people import Actor, ActorKind, Person
from egov_core.errors import ClaimError, Fault, LawError, NoAuthorityError
from egov_core.ports.storage import Unit
from egov_core.usecases.authority.campaigns import unknown_person
from egov_core.usecases.catalogue.foreseeing import refuse_worse
from egov_core.usecases.foundation.chaining import following
from egov_core.usecases.foundation.establishing import establish, refuse_faults
from egov_core.usecases.foundation.registry import Registry
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import canonical, decode, loads

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
    """What an import came to: codes that are new, that have a next version, and that say what they said.

    `carried` are those whose change also went into a version to come, `dated_back` those of the new that hold from a
    day before the import.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    organs: tuple[str, ...]
    carried: tuple[str, ...] = ()
    dated_back: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written: all is as it was."""
        return not (self.new or self.changed or self.organs)


@attrs.frozen(kw_only=True)
class Intent:
    """What an import would write: the versions, those first that were given, the organs, and what it comes to."""

    versions: tuple[ItemVersion, ...]
    organs: tuple[Organ, ...]
    tree: Organisation
    taken: TakenIn

    @property
    def given(self) -> Iterator[ItemVersion]:
        """The version of each item that was given, without those into which its change is carried."""
        seen: set[str] = set()
        for one in self.versions:
            if one.code not in seen:
                seen.add(one.code)
                yield one


def intended(
    services: Services,
    items: Iterable[ItemVersion],
    *,
    organs: Iterable[Organ] = (),
    valid_from: date | None = None,
    persons: Iterable[str] = (),
) -> Intent:
    """What `take_in` would do with these items, after every check that it makes; nothing is written.

    `persons` are those of the two who are known already. Raises what `take_in` raises.
    """
    today = services.clock.now().date()
    registry = services.registry()
    founded = tuple(organ for organ in organs if registry.organisation.organs.get(organ.code) != organ)
    versions, unchanged = _versions(registry, items, valid_from or today, today)
    counted = Counter(item.code for item in versions)
    known = registry.catalogue.items
    taken = TakenIn(
        new=tuple(code for code in counted if code not in known),
        changed=tuple(code for code in counted if code in known),
        unchanged=unchanged,
        organs=tuple(organ.code for organ in founded),
        carried=tuple(code for code, times in counted.items() if times > 1),
        dated_back=tuple(item.code for item in versions if item.valid_from < today and item.code not in known),
    )
    tree = Organisation.of([*registry.organisation.organs.values(), *founded])
    intent = Intent(versions=tuple(versions), organs=founded, tree=tree, taken=taken)
    _refuse_persons(registry, tuple(persons), intent, today)
    refuse_faults(services, tree, versions, organs=founded)
    refuse_worse(services, versions, today)
    return intent


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

    Where a version to come is published already, the item holds until that begins, and what it changes is carried into
    that version. Raises LawError where one person would be both, NoAuthorityError where one of them may not keep the
    catalogue of an organ, ClaimError where an item points at what is not there, is published already and would hold
    from a day past, changes what a version to come changes as well, brings in an error that the published version does
    not have, or has a draft in review, which two persons are deciding about. Nothing is written then.
    """
    now = services.clock.now()
    persons = (prepared_by, published_by)
    intent = intended(services, items, organs=organs, valid_from=valid_from, persons=persons)
    versions, founded, taken = intent.versions, intent.organs, intent.taken
    if not versions and not founded:
        return taken
    person = services.registry().people[published_by]
    publisher = Actor(kind=ActorKind.STAFF, code=person.code, name=person.name, organ=person.organ_on(now.date()))
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


def prepared(services: Services, life: ItemLife) -> dict[int, tuple[str, ...]]:
    """Who prepared each version of an item: whose hands were on its draft, or whom the import of it names.

    A version that was neither drafted nor taken in, as those are with which an office was founded, has nobody.
    """
    found = {one.version: one.hands for one in life.drafts}
    for one in services.storage.events(services.area, IMPORTS_STREAM):
        trace = decode(canonical(loads(one.payload)["data"]), Import)
        found |= {version: (trace.prepared_by,) for code, version in trace.items if code == life.code}
    return found


def _versions(
    registry: Registry, items: Iterable[ItemVersion], begins: date, today: date
) -> tuple[list[ItemVersion], tuple[str, ...]]:
    """The versions to write, and the codes that stay as they are."""
    versions: list[ItemVersion] = []
    unchanged: list[str] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    in_review = {one.code: one for one in registry.drafts if one.state is DraftState.IN_REVIEW}
    for item in items:
        if item.code in seen:
            faults.append(Fault(f"item {item.code}", "item-twice", "is given twice; an import has each item once"))
        seen.add(item.code)
        held = registry.catalogue.items.get(item.code, ())
        if is_as_published(held, item, begins):
            unchanged.append(item.code)
        elif item.code in in_review:
            draft = in_review[item.code]
            message = (
                f"version {draft.version} of it is in review, prepared by {', '.join(draft.hands)}; an import would "
                "overtake it: publish it or return it first, or leave the item out"
            )
            faults.append(Fault(f"item {item.code}", "draft-in-review", message))
        elif held and begins < today:
            message = (
                f"version {held[-1].version} of it is published, and the next one holds from {today} on at the "
                f"earliest, not from {begins}: applicants were told otherwise"
            )
            faults.append(Fault(f"item {item.code}", "dated-back", message))
        else:
            # The files say of no item how long it holds: an end that is published stays.
            over = version_from(held, begins)
            ends = over.valid_to if over is not None and next(stretches(held, begins), None) else None
            next_ones = publish_over(held, attrs.evolve(item, valid_to=ends), begins=begins)
            versions += next_ones.versions
            faults += [
                Fault(f"item {item.code}", "version-to-come", f"{one.message}: {one.remedy}")
                for one in next_ones.clashes
            ]
    if faults:
        raise ClaimError(
            f"the items cannot be taken in: {len(faults)} fault(s), the first of {faults[0].path}",
            faults=faults,
            remedy="correct the items named, or choose a later day from which they hold",
        )
    return versions, tuple(unchanged)


def _refuse_persons(registry: Registry, persons: Sequence[str], intent: Intent, day: date) -> None:
    """Refuse who may not do this; the first organ for which one may not is named.

    The organ that an item goes to by a version to come is not asked: what is carried into that was decided here.
    """
    if len(set(persons)) < len(persons):
        raise LawError(
            f"{persons[0]} would prepare and publish alone",
            remedy="have a second person who keeps the catalogue publish it",
            person=persons[0],
        )
    firsts: dict[str, ItemVersion] = {}
    for item in intent.given:
        firsts.setdefault(item.organ, item)
    for person in [_serving(registry, code, day) for code in persons]:
        for organ, item in firsts.items():
            act = Act(role=Role.CLERK_OF_CATALOGUE, item=item.code, organ=organ, day=day)
            registry.authority.require(person.code, act, intent.tree)


def _serving(registry: Registry, code: str, day: date) -> Person:
    person = registry.people.get(code)
    if person is None:
        raise unknown_person(registry, code)
    if not person.serves_on(day):
        raise NoAuthorityError(
            f"{person.name} ({code}) is not in office on {day}", remedy="name somebody who is", person=code
        )
    return person
