"""An office on paper: cases in memory, for tests of pages and for people who write themes.

Rules of this room: cases are made by the same functions as in an office (`decide`, `prepare`), so that every event,
timer, card and row is a true one; only the store is missing: `PaperStore` stands in for it, and answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

import attrs

from egov_core.domain.audit import GENESIS
from egov_core.domain.authority import Authority
from egov_core.domain.calendar.revisions import CalendarRevision
from egov_core.domain.campaign.campaign import Campaign
from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.decide import Context, Filing, Place, decide
from egov_core.domain.cases.events import CaseEvent, ReceiptRecorded, RecordedEvent
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import Catalogue
from egov_core.domain.enrolment import UnitEnrolment
from egov_core.domain.legal import CHINA
from egov_core.domain.organisation import Organisation
from egov_core.domain.people import SYSTEM, Actor, ActorKind, Applicant, Personal
from egov_core.domain.search.synonyms import Synonyms
from egov_core.domain.timers.kinds import KINDS, TimerKind
from egov_core.domain.timers.reckoning import Ruler, Settings
from egov_core.hooks.calls import PluginState
from egov_core.ports import queries as q
from egov_core.ports.storage import CardRow, CaseRow, StoredEvent
from egov_core.ports.theme import Theme
from egov_core.runtime.shipped import national_notices, office_hours, regulation
from egov_core.runtime.synonyms import shipped_synonyms
from egov_core.testing.paper_store import PaperStore
from egov_core.testing.searching import looked_through
from egov_core.usecases.campaign.enrolling import enrolled
from egov_core.usecases.cases.applications import query_digest
from egov_core.usecases.cases.lapsing import lapses
from egov_core.usecases.cases.recording import prepare, prepare_cards
from egov_core.usecases.foundation.calendars import Calendars
from egov_core.usecases.foundation.notifying import NotificationChoice
from egov_core.usecases.foundation.registry import Registry
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode_case, decode_event

AREA = "000000"
_NONE = cast("Any", None)


@attrs.define(kw_only=True)
class PaperOffice:
    """An office that keeps its cases in dictionaries and answers every query from them."""

    _policy: CardPolicy
    organisation: Organisation
    catalogue: Catalogue
    place: Place = attrs.field(factory=Place)
    kinds: Mapping[str, TimerKind] = attrs.field(factory=lambda: KINDS)
    notifications: NotificationChoice = attrs.field(factory=NotificationChoice)
    clock: datetime = datetime(2024, 5, 16, 10, 30, tzinfo=CHINA)
    area: str = AREA
    title: str = "云岭县"
    title_en: str = "Yunling County"
    demo: bool = True
    theme: Theme = attrs.field(factory=Theme)
    codes: dict[str, str] = attrs.field(factory=dict)
    broken: tuple[PluginState, ...] = ()
    synonyms: Synonyms = attrs.field(factory=shipped_synonyms)
    campaigns: dict[str, Campaign] = attrs.field(factory=dict)
    store: PaperStore = attrs.Factory(lambda self: PaperStore(self._policy.levels), takes_self=True)
    ruler: Ruler = attrs.field(init=False)
    _services: Services = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        first = CalendarRevision.first(self.clock, regulation=regulation(), notices=national_notices())
        calendars = Calendars((first,), office_hours("standard"), Settings())
        self.ruler = calendars.ruler()
        registry = Registry(
            version=1,
            organisation=self.organisation,
            catalogue=self.catalogue,
            people={},
            authority=Authority.of((), people=()),
        )
        self._services = Services(
            area=self.area,
            storage=_NONE,
            hooks=_NONE,
            clock=_NONE,
            ids=_NONE,
            policy=self._policy,
            policies={self._policy.ref: self._policy},
            registry=lambda: registry,
            calendars=lambda: calendars,
            effects=_NONE,
            place=self.place,
            kinds=self.kinds,
            notifications=self.notifications,
        )

    @property
    def rows(self) -> dict[str, CaseRow]:
        """The cases as they stand, by their ids."""
        return self.store.rows

    # -- what a desk promises --------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The instant at which the clock was stopped."""
        return self.clock

    def quarantined(self) -> tuple[PluginState, ...]:
        """What was put into `broken`."""
        return self.broken

    def enrolments(self) -> tuple[UnitEnrolment, ...]:
        """How far each unit has come; nobody is named on paper."""
        return enrolled(self._services.registry(), self.store.board(), self.clock.date())

    def policy(self, ref: str) -> CardPolicy:
        """A policy by its reference."""
        return self._services.policy_of(ref) if ref else self._services.policy

    def yardstick(self, case: Case) -> Yardstick:
        """What a case is measured with."""
        return self._services.yardstick(case)

    def case_of(self, row: CaseRow) -> Case:
        """The case of a row."""
        return decode_case(row.data)

    def event_of(self, stored: StoredEvent) -> RecordedEvent:
        """The event that was stored."""
        return decode_event(stored.stream, stored.position, stored.payload)

    def query_digest(self, number: str, code: str) -> str:
        """The digest of number and code."""
        return query_digest(self.area, number, code)

    def answer(self, query: q.Query) -> Any:
        """The answer, by looking through everything."""
        match query:
            case q.BoardQuery():
                return self.store.board()
            case q.CardsQuery():
                return self.store.card_page(query)
            case q.CasesQuery():
                return self.store.case_page(query)
            case q.CaseFileQuery():
                return self.store.file(query.case_id)
            case q.ProgressQuery():
                return self.store.progress(query)
            case q.SearchItems():
                return looked_through(self.catalogue, self.organisation, query)

    # -- what happens ----------------------------------------------------------------------------------------------

    def file(self, item: str, at: datetime, *, case_id: str = "", renews: date | None = None) -> str:
        """File an application and give the case's id."""
        place = len(self.rows) + 1
        case_id = case_id or f"{place:032x}"
        number, code = f"{self.area}-{at.year}-{place:05d}", f"DEM{place:05d}"
        version = self.catalogue.items[item][-1]
        applicant = Applicant(name=Personal("欧阳演示"), id_number=Personal("990121199001010006"))
        materials = tuple(material.code for material in version.materials)
        command = c.Submit(item=item, applicant=applicant, materials=materials, renews=renews)
        filing = Filing(number=number, subject=f"s{place}", digests={}, query_digest=self.query_digest(number, code))
        self.codes[case_id] = code
        self._record(case_id, command, at, at, _window(version.organ), filing)
        return case_id

    def act(self, command: Any, at: datetime, *, entered: datetime | None = None) -> None:
        """Do a step of a case."""
        row = self.rows[command.case_id]
        self._record(row.case_id, command, at, entered or at, _window(row.organ), None)

    def receive(self, case_id: str, receipt: str, at: datetime) -> None:
        """Record the upper organ's receipt for what was sent, and settle the outbox."""
        case = self.case_of(self.rows[case_id])
        event = ReceiptRecorded(key=case.referral_key, receipt=receipt, accepted=True)
        upper = Actor(kind=ActorKind.UPPER, code=case.referred_to, organ=case.referred_to)
        self._write(case_id, case, [(event, at, upper)], at)
        self.store.deliver(case_id, event.key)

    def sweep(self, now: datetime, case_id: str = "") -> None:
        """Issue the cards that exist at `now`, of one case or of all."""
        for row in [self.rows[case_id]] if case_id else list(self.rows.values()):
            change = prepare_cards(self._services, self.case_of(row), row.head, now)
            if change is not None:
                self.store.keep(row.case_id, change)

    def _record(
        self, case_id: str, command: Any, at: datetime, entered: datetime, actor: Actor, filing: Filing | None
    ) -> None:
        row = self.rows.get(case_id)
        stored = case = None if row is None else self.case_of(row)
        lapsed: list[tuple[CaseEvent, datetime]] = []
        if case is not None:
            lapsed, case = lapses(self._services, case, min(at, entered))
        code = command.item if case is None else case.item
        context = Context(
            at=at,
            now=entered,
            item=self.catalogue.items[code][-1],
            yardstick=self._services.yardstick(case),
            filing=filing,
            place=self.place,
        )
        decided = [(event, instant, SYSTEM) for event, instant in lapsed]
        decided += [(event, at, actor) for event in decide(case, command, context)]
        self._write(case_id, stored, decided, entered)

    def _write(self, case_id: str, case: Case | None, decided: Any, now: datetime) -> None:
        head = self.rows[case_id].head if case_id in self.rows else GENESIS
        change = prepare(self._services, stream=case_id, before=case, head=head, decided=decided, now=now)
        self.store.keep(case_id, change)

    def forget_policies(self) -> None:
        """Replace the policy by its next version, as if the old one had not been kept."""
        following = attrs.evolve(self._policy, version=self._policy.version + 1)
        self._policy = following
        self._services = attrs.evolve(self._services, policy=following, policies={following.ref: following})

    def running(self, level: str) -> tuple[CardRow, ...]:
        """The running cards of a level."""
        page: q.CardPage = self.answer(q.CardsQuery(area=self.area, level=level, size=10_000))
        return tuple(line.card for line in page.lines)


def _window(organ: str) -> Actor:
    return Actor(kind=ActorKind.STAFF, code="w1", name="值班人员", organ=organ)
