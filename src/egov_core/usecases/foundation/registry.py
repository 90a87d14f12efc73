"""The registry: the reference data of an area as one frozen value, and how they are read from the store.

Rules of this room: a registry never changes; it is exchanged whole when reference data were written (`version`). The
kinds under which its parts are stored are named here. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import attrs

from egov_core.domain.authority import (
    Appointment,
    Authority,
    Delegation,
    Grant,
    Post,
    Separation,
    Staffing,
    StandIn,
    WorkHandover,
)
from egov_core.domain.campaign.campaign import Campaign, fold
from egov_core.domain.campaign.facts import CampaignRecord
from egov_core.domain.catalogue import Catalogue, Draft, ItemReview, ItemVersion, StandingChange
from egov_core.domain.enrolment import Invitation
from egov_core.domain.organisation import Organ, Organisation
from egov_core.domain.people import Person
from egov_core.domain.reorganisation.record import Reorganisation
from egov_core.errors import EgovError, IntegrityError
from egov_core.hooks.calls import PluginState
from egov_core.ports.storage import Storage
from egov_core.usecases.foundation.written import Steps
from egov_core.wire.codec import decode

T = TypeVar("T")
R = TypeVar("R")

ORGAN, PERSON, ITEM, GRANT, PLUGIN = "organ", "person", "item", "grant", "plugin"
POST, APPOINTMENT, DELEGATION, STAND_IN = "post", "appointment", "delegation", "stand-in"
WORK_HANDOVER = "work-handover"
REORGANISATION = "reorganisation"
DRAFT, STANDING, REVIEW = "item-draft", "item-standing", "item-review"
CAMPAIGN, INVITATION = "campaign", "invitation"
NEVER = -1
"""The count of a store that has not been read."""


@attrs.frozen
class _Kind:
    """The entries of a kind as they were read last, with their codes and in their order, and each by its bytes."""

    entries: tuple[tuple[str, Any], ...] = ()
    by_bytes: Mapping[bytes, Any] = attrs.field(factory=dict)


@attrs.define
class KnownParts:
    """What the last registry was made of, so that the next one reads, decodes and puts together only what has changed.

    A kind is read again unless the store's own count proves that nobody has written it (`steps`); of what is read, the
    same bytes are decoded once. Everything held here is frozen, so that two registries may share it. Whoever reads the
    registries of one store keeps one of these.
    """

    steps: Steps = attrs.field(factory=Steps)
    version: int = NEVER
    kinds: Mapping[str, _Kind] = attrs.field(factory=dict)
    parts: dict[str, tuple[tuple[Any, ...], Any]] = attrs.field(factory=dict)

    def standing(self, version: int) -> Mapping[str, _Kind]:
        """The kinds that are in the store, at this count of it, as they were read last."""
        changed = None if self.version == NEVER else self.steps.kinds_since(self.version, version)
        return {} if changed is None else {kind: one for kind, one in self.kinds.items() if kind not in changed}

    def read(self, version: int, kinds: Mapping[str, _Kind]) -> None:
        """Hold what has been read, the count first."""
        self.version, self.kinds = version, kinds
        self.steps.forget_before(version)

    def part(self, name: str, of: tuple[Any, ...], make: Callable[[], T]) -> T:
        """A part of the registry: the last one where it was made of the same."""
        if name not in self.parts or self.parts[name][0] != of:
            self.parts[name] = (of, make())
        made: T = self.parts[name][1]
        return made

    def grown(self, name: str, of: tuple[R, ...], make: Callable[[tuple[R, ...], T | None], T]) -> T:
        """A part that is made record by record: only of those behind the last ones, onto what they came to."""
        before, made = self.parts.get(name, ((), None))
        if before != of:
            held = before if of[: len(before)] == before else ()
            made = make(of[len(held) :], made if held else None)
            self.parts[name] = (of, made)
        grown: T = made
        return grown


@attrs.frozen(kw_only=True)
class Registry:
    """The reference data of an area at one version; `staffing` are the records that `authority` is made of."""

    version: int
    organisation: Organisation
    catalogue: Catalogue
    people: Mapping[str, Person]
    authority: Authority
    staffing: Staffing = attrs.field(factory=Staffing)
    handovers: tuple[WorkHandover, ...] = ()
    plugins: Mapping[str, PluginState] = attrs.field(factory=dict)
    reorganisations: tuple[Reorganisation, ...] = ()
    drafts: tuple[Draft, ...] = ()
    reviews: tuple[ItemReview, ...] = ()
    campaigns: Mapping[str, Campaign] = attrs.field(factory=dict)
    invitations: Mapping[str, Invitation] = attrs.field(factory=dict)


def load_registry(
    storage: Storage, area: str, separations: Iterable[Separation] = (), known: KnownParts | None = None
) -> Registry:
    """Read the reference data of an area; `separations` are the roles that the place keeps apart.

    `known` is what the last registry was made of, and afterwards this one.
    """
    known = KnownParts() if known is None else known
    # The count before the entries: what is written meanwhile comes under a later count, and is read again.
    version = storage.reference_version(area)
    standing, now = known.standing(version), dict[str, _Kind]()

    def read(kind: str, value: type[T]) -> tuple[tuple[str, T], ...]:
        now[kind] = standing[kind] if kind in standing else _read(storage, area, kind, value, known.kinds.get(kind))
        return now[kind].entries

    def values(kind: str, value: type[T]) -> tuple[T, ...]:
        return tuple(one for _, one in read(kind, value))

    carried = sorted(values(REORGANISATION, Reorganisation), key=lambda one: one.number)
    staffing = Staffing(
        people=values(PERSON, Person),
        posts=values(POST, Post),
        appointments=values(APPOINTMENT, Appointment),
        grants=values(GRANT, Grant),
        delegations=values(DELEGATION, Delegation),
        stand_ins=values(STAND_IN, StandIn),
    )
    organs, successions = values(ORGAN, Organ), tuple(found for one in carried for found in one.successions)
    items, standings = values(ITEM, ItemVersion), values(STANDING, StandingChange)
    apart = tuple(separations)
    registry = Registry(
        version=version,
        organisation=known.part("organs", (organs, successions), lambda: Organisation.of(organs, successions)),
        catalogue=known.part("items", (items, standings), lambda: Catalogue.of(items, standings)),
        people={one.code: one for one in staffing.people},
        authority=known.part("staffing", (staffing, apart), lambda: Authority.of_staffing(staffing, apart)),
        staffing=staffing,
        handovers=tuple(sorted(values(WORK_HANDOVER, WorkHandover), key=lambda one: one.at)),
        plugins=dict(read(PLUGIN, PluginState)),
        reorganisations=tuple(carried),
        drafts=values(DRAFT, Draft),
        reviews=values(REVIEW, ItemReview),
        campaigns=_folded(read(CAMPAIGN, CampaignRecord), known),
        invitations=dict(read(INVITATION, Invitation)),
    )
    known.read(version, now)
    return registry


def _read(storage: Storage, area: str, kind: str, value: type[Any], before: _Kind | None) -> _Kind:
    """The entries of a kind as they are stored; what has the same bytes as before is what it was."""
    held = {} if before is None else before.by_bytes
    entries, by_bytes = [], dict[bytes, Any]()
    for row in storage.references(area, kind):
        try:
            one = by_bytes[row.data] = held[row.data] if row.data in held else decode(row.data, value)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise IntegrityError(
                f"the reference data {kind} {row.code} are damaged: {error}",
                remedy="run egov verify --config FILE, and restore a backup",
            ) from error
        entries.append((row.code, one))
    return _Kind(tuple(entries), by_bytes)


def _folded(records: Iterable[tuple[str, CampaignRecord]], known: KnownParts) -> dict[str, Campaign]:
    """The campaigns by code; their records come in order."""
    found: dict[str, list[CampaignRecord]] = {}
    for code, record in records:
        found.setdefault(code, []).append(record)
    campaigns = {}
    for code, held in found.items():
        try:
            campaigns[code] = known.grown(f"campaign {code}", tuple(held), fold)
        except EgovError as error:
            raise IntegrityError(
                f"campaign {code} is damaged: {error.message}",
                remedy="run egov verify --config FILE, and restore a backup",
            ) from error
    return campaigns
