"""Publishing: what persons do with items, from the draft to the withdrawal, as the tables of the catalogue allow.

Rules of this room: one act of one person, one commit of everything it leads to, in the stream of the item. Whoever acts
is in office and holds the catalogue of the item's organ; what was found in a draft keeps it from review and from
publication where it is an error that the published version does not have. The item is read before the write; whoever
was first in between is named by a conflict, and nothing has happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from egov_core.domain.authority import Act, Role
from egov_core.domain.catalogue import (
    Draft,
    Happening,
    ItemCommand,
    ItemFinding,
    ItemLife,
    ItemReview,
    ItemVersion,
    PrepareDraft,
    PublishDraft,
    ResumeItem,
    StandingChange,
    SubmitDraft,
    SuspendItem,
    WithdrawItem,
    by_gravity,
    graded,
    lint_item,
    worsened,
)
from egov_core.domain.catalogue.publication import ITEM_PUBLISHED, decide, evolve
from egov_core.domain.catalogue.versions_to_come import version_from
from egov_core.domain.codes.written import code_fault
from egov_core.domain.people import Actor, ActorKind
from egov_core.errors import ClaimError, ConflictError, Fault, NoAuthorityError, UnknownError
from egov_core.ports.storage import Unit
from egov_core.usecases.foundation.establishing import Entry, record
from egov_core.usecases.foundation.item_faults import item_faults
from egov_core.usecases.foundation.registry import DRAFT, ITEM, REVIEW, STANDING
from egov_core.usecases.foundation.services import Services, check_clock
from egov_core.usecases.reorganisation.ended_organs import organ_ends


@attrs.frozen(kw_only=True)
class ItemOutcome:
    """What an act on an item led to: the item as it is now, what was written, and what was found besides.

    Nothing is written where the same draft is prepared once more by who prepared it.
    """

    life: ItemLife
    happened: tuple[str, ...]
    findings: tuple[ItemFinding, ...] = ()


def life_of(services: Services, code: str) -> ItemLife:
    """Everything known about an item; empty where nothing is."""
    registry = services.registry()
    catalogue = registry.catalogue
    drafts = sorted((one for one in registry.drafts if one.code == code), key=lambda one: one.version)
    reviews = sorted((one for one in registry.reviews if one.code == code), key=lambda one: one.number)
    return ItemLife(
        code=code,
        versions=catalogue.items.get(code, ()),
        drafts=tuple(drafts),
        standings=catalogue.standings.get(code, ()),
        reviews=tuple(reviews),
    )


def act_on_item(services: Services, code: str, command: ItemCommand, *, actor: Actor) -> ItemOutcome:
    """Do what a person asks with an item, durably, or refuse and change nothing.

    Raises NoAuthorityError, ItemStateError or LawError where it is not allowed, ClaimError naming everything that is
    wrong with what is given or with the draft, UnknownError for an item that is not there, ConflictError where somebody
    else acted on the item meanwhile.
    """
    now = check_clock(services)
    today, stream = now.date(), f"item:{code}"
    stands = len(services.storage.events(services.area, stream))
    life = life_of(services, code)
    if not (life.versions or life.drafts or isinstance(command, PrepareDraft)):
        raise UnknownError(f"there is no item {code!r}", remedy="draft it first, or look its code up", item=code)
    if isinstance(command, PrepareDraft) and not (life.versions or life.drafts) and (why := code_fault(code)):
        raise ClaimError(why, faults=[Fault("$.code", "code-form", why)], remedy="give it another code", item=code)
    clerk = _clerk(services, life, command, actor.code, actor.kind, today)
    happened = decide(life, command, by=clerk.code, today=today)
    if isinstance(command, SuspendItem | ResumeItem | WithdrawItem):
        _clerk(services, life, command, command.prepared_by, ActorKind.STAFF, today)
    if isinstance(command, WithdrawItem):
        _refuse_unknown_successors(services, command)
    found: tuple[ItemFinding, ...] = ()
    if isinstance(command, PrepareDraft | SubmitDraft | PublishDraft):
        draft = next(one.value for one in happened if isinstance(one.value, Draft))
        if draft == life.draft:
            happened = ()  # the same draft once more by the same hands is no act, and its chain has nothing to tell
        earlier = version_from(life.versions, draft.item.valid_from)
        found = findings_of(services, draft.item, earlier, today)
        found = by_gravity((*found, *_ending(services, draft.item, today)))
        refused = () if isinstance(command, PrepareDraft) else worse_than(services, earlier, found, today)
        _refuse_faults(services, draft.item, refused)
    for one in happened:
        life = evolve(life, one)
    entries = [_entry(one, stream) for one in happened]

    def commit(unit: Unit) -> None:
        if unit.head(services.area, stream)[0] != stands:
            raise ConflictError(
                f"somebody else acted on item {code} meanwhile", remedy="look at the item again, then act", item=code
            )
        record(unit, services.area, entries, actor=clerk, now=now)

    if entries:
        services.storage.write(commit)
    return ItemOutcome(life=life, happened=tuple(one.type for one in happened), findings=found)


def findings_of(
    services: Services, item: ItemVersion, earlier: ItemVersion | None, day: date
) -> tuple[ItemFinding, ...]:
    """What the library and the plugins find in an item, as the place grades it on a day, the gravest first."""
    place = services.cataloguing
    every = (*lint_item(item, place.lists.names(), place.item_codes), *services.hooks.lint_item(item, earlier))
    return by_gravity(graded(every, place.grades, day))


def _ending(services: Services, item: ItemVersion, day: date) -> tuple[ItemFinding, ...]:
    """That the organ of a draft ends while it would hold, as the place grades it."""
    return tuple(graded(organ_ends(services.registry(), item, day), services.cataloguing.grades, day))


def worse_than(
    services: Services, earlier: ItemVersion | None, found: Iterable[ItemFinding], day: date
) -> tuple[ItemFinding, ...]:
    """The errors among what was `found` that the published version does not have; all where none is published."""
    if earlier is None:
        return worsened(found, ())
    return worsened(found, (*findings_of(services, earlier, None, day), *_ending(services, earlier, day)))


def _refuse_faults(services: Services, item: ItemVersion, refused: tuple[ItemFinding, ...]) -> None:
    """Refuse what points at nothing, and the findings that keep the draft from going on."""
    faults = list(item_faults([item], services.registry().organisation, services.kinds))
    faults += [
        Fault(f"item {item.code} / {one.element}", one.code, f"{one.sentence('en')}; {one.advice('en')}")
        for one in refused
    ]
    if faults:
        raise ClaimError(
            f"the draft of item {item.code} is refused: {len(faults)} fault(s), the first at {faults[0].path}: "
            f"{faults[0].message}",
            faults=faults,
            remedy="correct every place named, and draft it again; `[catalogue] lints` grades what the place may grade",
            item=item.code,
        )


def _refuse_unknown_successors(services: Services, command: WithdrawItem) -> None:
    known = services.registry().catalogue.items
    unknown = [code for code in (command.succession.new if command.succession else ()) if code not in known]
    if unknown:
        raise ClaimError(
            f"no item is published under {', '.join(unknown)}",
            faults=[Fault("$.succession.new", "unknown-item", f"{code!r} is not published") for code in unknown],
            remedy="publish the items that take its place first",
        )


def _clerk(services: Services, life: ItemLife, command: ItemCommand, person: str, kind: ActorKind, day: date) -> Actor:
    """The person as it is recorded, once it holds the catalogue of every organ that the act is about."""
    registry = services.registry()
    known = registry.people.get(person)
    if kind is not ActorKind.STAFF or known is None or not known.serves_on(day):
        raise NoAuthorityError(
            f"{person or 'nobody'} is not in office on {day}",
            remedy="act as a member of staff; have the head of the organ or of the government appoint this person: "
            "egov staff import FILE --by PERSON --apply --config FILE",
            person=person,
        )
    for organ in dict.fromkeys(_organs(life, command, day)):
        if organ not in registry.organisation.organs:
            continue  # told as a fault of the item, with everything else that is wrong
        act = Act(role=Role.CLERK_OF_CATALOGUE, item=life.code, organ=organ, day=day)
        registry.authority.require(person, act, registry.organisation)
    return Actor(kind=ActorKind.STAFF, code=known.code, name=known.name, organ=known.organ_on(day))


def _organs(life: ItemLife, command: ItemCommand, day: date) -> Iterator[str]:
    """The organ that has the item, and the one that is to have it by this draft.

    Not one that it goes to by a version to come: what is carried into that version was decided here, and an organ that
    is to be founded has nobody yet who could decide it.
    """
    held = version_from(life.versions, day)
    if held is not None:
        yield held.organ
    if isinstance(command, PrepareDraft):
        yield command.item.organ
    elif life.draft is not None:
        yield life.draft.item.organ


def _entry(happened: Happening, stream: str) -> Entry:
    value = happened.value
    match value:
        case ItemVersion() | Draft():
            kind, version = (ITEM if happened.type == ITEM_PUBLISHED else DRAFT), value.version
        case StandingChange():
            kind, version = STANDING, value.number
        case ItemReview():
            kind, version = REVIEW, value.number
    return Entry(stream=stream, kind=kind, code=value.code, version=version, happened=happened.type, value=value)
