"""What a use case works with: parts handed in by whoever assembled the office.

Rules of this room: values and promises only; nothing here opens, reads a clock or decides. The registry (organs and
who succeeded whom, people, items, grants, campaigns) is a frozen snapshot that is exchanged whole when the reference
data change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
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
from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.decide import Place
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import Catalogue, Draft, Grades, ItemReview, ItemVersion, StandingChange
from egov_core.domain.catalogue.instruments import EndedInstrument
from egov_core.domain.codes.areas import AreaCodes
from egov_core.domain.codes.check_digits import ItemCodeRule
from egov_core.domain.codes.lists import CodeLists
from egov_core.domain.enrolment import Invitation
from egov_core.domain.organisation import Organ, Organisation
from egov_core.domain.people import Person
from egov_core.domain.reorganisation.record import Reorganisation
from egov_core.domain.timers.kinds import KINDS, TimerKind
from egov_core.domain.timers.reckoning import Ruler
from egov_core.errors import ClockError, EgovError, IntegrityError, UnknownError
from egov_core.hooks.calls import PluginState
from egov_core.hooks.manager import Hooks
from egov_core.ports.ambient import Clock, IdSource
from egov_core.ports.effects import Effects
from egov_core.ports.storage import Storage
from egov_core.usecases.calendars import Calendars
from egov_core.usecases.notifying import NotificationChoice
from egov_core.wire.codec import decode

T = TypeVar("T")

ORGAN, PERSON, ITEM, GRANT, PLUGIN = "organ", "person", "item", "grant", "plugin"
POST, APPOINTMENT, DELEGATION, STAND_IN = "post", "appointment", "delegation", "stand-in"
WORK_HANDOVER = "work-handover"
REORGANISATION = "reorganisation"
DRAFT, STANDING, REVIEW = "item-draft", "item-standing", "item-review"
CAMPAIGN, INVITATION = "campaign", "invitation"


@attrs.define
class KnownParts:
    """What the last registry was made of, so that the next one decodes and puts together only what has changed.

    Everything in it is frozen, so that two registries may share it. Whoever reads registries keeps one of these.
    """

    rows: dict[tuple[type, bytes], Any] = attrs.field(factory=dict)
    parts: dict[str, tuple[tuple[Any, ...], Any]] = attrs.field(factory=dict)

    def part(self, name: str, of: tuple[Any, ...], make: Callable[[], T]) -> T:
        """A part of the registry: the last one where it was made of the same."""
        if name not in self.parts or self.parts[name][0] != of:
            self.parts[name] = (of, make())
        made: T = self.parts[name][1]
        return made


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
    before, now = known.rows, dict[tuple[type, bytes], Any]()

    def read(kind: str, value: type[T]) -> list[tuple[str, T]]:
        found = []
        for row in storage.references(area, kind):
            key = (value, row.data)
            try:
                now[key] = before[key] if key in before else decode(row.data, value)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise IntegrityError(
                    f"the reference data {kind} {row.code} are damaged: {error}",
                    remedy="run egov verify, and restore a backup",
                ) from error
            found.append((row.code, now[key]))
        return found

    def values(kind: str, value: type[T]) -> tuple[T, ...]:
        return tuple(one for _, one in read(kind, value))

    version = storage.reference_version(area)
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
        campaigns=_folded(read(CAMPAIGN, CampaignRecord)),
        invitations=dict(read(INVITATION, Invitation)),
    )
    known.rows = now
    return registry


def _folded(records: Iterable[tuple[str, CampaignRecord]]) -> dict[str, Campaign]:
    """The campaigns by code; their records come in order."""
    found: dict[str, list[CampaignRecord]] = {}
    for code, record in records:
        found.setdefault(code, []).append(record)
    campaigns = {}
    for code, held in found.items():
        try:
            campaigns[code] = fold(held)
        except EgovError as error:
            raise IntegrityError(
                f"campaign {code} is damaged: {error.message}", remedy="run egov verify, and restore a backup"
            ) from error
    return campaigns


@attrs.frozen(kw_only=True)
class PlaceCatalogue:
    """How a place keeps its catalogue: code lists, area codes, the rule of item codes, ended instruments, grades."""

    lists: CodeLists = attrs.field(factory=lambda: CodeLists({}))
    areas: AreaCodes = attrs.field(factory=lambda: AreaCodes({}))
    item_codes: ItemCodeRule | None = None
    ended: Mapping[str, EndedInstrument] = attrs.field(factory=dict)
    grades: Grades = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Services:
    """The parts of an open office that use cases need. `registry` and `calendars` give the current snapshots."""

    area: str
    storage: Storage
    hooks: Hooks
    clock: Clock
    ids: IdSource
    policy: CardPolicy
    policies: Mapping[str, CardPolicy]
    registry: Callable[[], Registry]
    calendars: Callable[[], Calendars]
    effects: Effects
    place: Place = attrs.field(factory=Place)
    kinds: Mapping[str, TimerKind] = attrs.field(factory=lambda: KINDS)
    notifications: NotificationChoice = attrs.field(factory=NotificationChoice)
    cataloguing: PlaceCatalogue = attrs.field(factory=PlaceCatalogue)

    @property
    def ruler(self) -> Ruler:
        """What the area measures with now."""
        return self.calendars().ruler()

    def policy_of(self, ref: str) -> CardPolicy:
        """The policy frozen into a case. Raises UnknownError."""
        found = self.policies.get(ref)
        if found is None:
            raise UnknownError(
                f"the card policy {ref} is not known here",
                remedy="name its file in [time] earlier-policies: every policy that cases were submitted under is kept",
                policy=ref,
            )
        return found

    def yardstick(self, case: Case | None = None) -> Yardstick:
        """What a case is measured with, by what is frozen into it; for None, what a case submitted now would be.

        The one place that chooses policy and calendar of a case. Raises UnknownError where its policy is unknown here.
        """
        calendars = self.calendars()
        if case is None:
            return Yardstick.of(
                self.policy,
                calendars.ruler(),
                self.kinds,
                revision=calendars.newest.number,
                organisation=self.registry().organisation,
            )
        added = {kind.code: kind for kind in case.kinds}
        return Yardstick.of(
            self.policy_of(case.policy),
            calendars.ruler(case.calendar, case.organ),
            {**KINDS, **added} if added else KINDS,
            revision=case.calendar,
            earlier={one.revision - 1: calendars.ruler(one.revision - 1, case.organ) for one in case.recounts},
            organisation=self.registry().organisation,
        )


TOLERANCE = timedelta(minutes=5)
"""How far the clock may stand behind the last persisted instant before commands are refused and cards are held."""


def check_clock(services: Services) -> datetime:
    """The present instant. Raises ClockError where the clock stands behind what was already recorded."""
    now = services.clock.now()
    last = services.storage.last_instant(services.area)
    if last is not None and now < last - TOLERANCE:
        raise ClockError(
            f"the clock says {now.isoformat()}, but {last.isoformat()} was already recorded: nothing is dated back",
            remedy="set the clock right; nothing was done, no card was issued, and nothing is lost",
            now=now.isoformat(),
            last=last.isoformat(),
        )
    return now
