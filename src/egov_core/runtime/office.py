"""The open office: the desk that everybody uses, with everything that may be done and asked.

Rules of this room: writing goes through `do` and its like, reading through `answer`; there is no third way. It
assembles nothing: `bootstrap` hands it its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Self, TypeVar

from egov_core.domain.authority import Authority, Grant, Staffing
from egov_core.domain.campaign.campaign import Campaign
from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.commands import Command
from egov_core.domain.cases.events import RecordedEvent
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import Catalogue, ItemCommand, ItemLife, ItemVersion
from egov_core.domain.enrolment import UnitEnrolment
from egov_core.domain.organisation import Organ, Organisation
from egov_core.domain.people import SYSTEM, Actor, Person
from egov_core.domain.search.synonyms import Synonyms
from egov_core.domain.timers.kinds import TimerKind
from egov_core.domain.timers.reckoning import Ruler
from egov_core.errors import OfficeError
from egov_core.hooks.calls import PluginState
from egov_core.ports.forms import FormField
from egov_core.ports.queries import Board, BoardQuery, Queries, Query
from egov_core.ports.storage import CaseRow, StoredEvent
from egov_core.ports.theme import Theme
from egov_core.runtime.choices import PlaceChoices
from egov_core.runtime.reference import ReferenceData
from egov_core.runtime.settings import Settings
from egov_core.usecases.audit.auditing import Verification, verify
from egov_core.usecases.calendar.adopting import Proposal, adopt, proposed
from egov_core.usecases.calendar.recounting import CaseDiff, RecountReport, preview, recount
from egov_core.usecases.campaign.enrolling import enrolled
from egov_core.usecases.cases.applications import query_digest
from egov_core.usecases.cases.handling import Outcome, Request, perform
from egov_core.usecases.cases.incidents import CaseIncident, open_incidents
from egov_core.usecases.cases.supervision import SweepReport, sweep
from egov_core.usecases.catalogue.publishing import ItemOutcome, act_on_item, life_of
from egov_core.usecases.foundation.calendars import Calendars
from egov_core.usecases.foundation.establishing import establish
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.outbox.dispatch import DispatchReport, dispatch
from egov_core.usecases.plugins.quarantine import release
from egov_core.wire.codec import decode_case, decode_event

T = TypeVar("T")


class Office:
    """An open office: commands in, answers out. Use it from any thread; close it once."""

    def __init__(
        self,
        services: Services,
        *,
        settings: Settings,
        reference: ReferenceData,
        choices: PlaceChoices,
        synonyms: Callable[[], Synonyms],
    ) -> None:
        self.services, self.settings = services, settings
        self.storage, self.hooks, self.clock = services.storage, services.hooks, services.clock
        self.choices, self._synonyms, self._reference = choices, synonyms, reference
        self._queries: Queries | None = services.storage.queries(services.policy.levels)

    # -- writing -------------------------------------------------------------------------------------------------

    def do(self, command: Command, *, actor: Actor, key: str = "", at: datetime | None = None) -> Outcome:
        """Do what `actor` asks, durably. `at` is when it happened (now by default); `key` makes a repetition harmless.

        Raises what `usecases.handling.perform` raises; nothing has changed then.
        """
        return perform(self.services, Request(command=command, actor=actor, key=key, at=at))

    def establish(
        self,
        *,
        actor: Actor = SYSTEM,
        organs: Iterable[Organ] = (),
        people: Iterable[Person] = (),
        grants: Iterable[Grant] = (),
        items: Iterable[ItemVersion] = (),
    ) -> int:
        """Write reference data; see `usecases.establishing.establish`."""
        return self.change(
            lambda services: establish(services, actor=actor, organs=organs, people=people, grants=grants, items=items)
        )

    def act_on_item(self, code: str, command: ItemCommand, *, actor: Actor) -> ItemOutcome:
        """Draft, review, publish, suspend or withdraw an item; see `usecases.publishing.act_on_item`."""
        return self.change(lambda services: act_on_item(services, code, command, actor=actor))

    def change(self, use_case: Callable[[Services], T]) -> T:
        """Run a use case that changes reference data, one at a time in this process.

        It sees the reference data as they are stored now, and whatever reads them afterwards sees what it has written.
        """
        return self._reference.change(lambda: use_case(self._reference.noting(self.services)))

    def sweep(self, progress: Callable[[int], None] = lambda _done: None) -> SweepReport:
        """Issue the cards that have become due; see `usecases.supervision.sweep`."""
        return sweep(self.services, progress=progress)

    def propose(self, proposals: Iterable[Proposal]) -> Calendars:
        """The calendars as they would be with further notices; see `usecases.adopting.proposed`."""
        return proposed(self.services, proposals)

    def preview(
        self, calendars: Calendars, *, tell: Callable[[CaseDiff], object], progress: Callable[[int], object]
    ) -> RecountReport:
        """What a recount to these calendars would do; nothing is written."""
        return preview(self.services, calendars, tell=tell, progress=progress)

    def adopt(self, calendars: Calendars, *, actor: Actor = SYSTEM) -> int:
        """Adopt what `propose` gave, durably: how many revisions that were. Cases follow by `recount`.

        Raises ConflictError where the calendar has moved on meanwhile.
        """
        return self._reference.adopt(calendars.revisions, lambda fresh: adopt(self.services, fresh, actor=actor))

    def recount(
        self,
        *,
        tell: Callable[[CaseDiff], object] = lambda _diff: None,
        progress: Callable[[int], object] = lambda _done: None,
    ) -> RecountReport:
        """Bring the timers whose days have changed to the calendar in force; see `usecases.recounting.recount`."""
        return recount(self.services, tell=tell, progress=progress)

    def release(self, plugin: str, *, actor: Actor = SYSTEM) -> PluginState:
        """Let a plugin that is in quarantine be asked again. Raises UnknownError where it is not."""
        released = self.change(lambda services: release(services, plugin, actor=actor))
        self.hooks.record.release(plugin)
        return released

    def dispatch(self, *, wait: bool = True) -> DispatchReport:
        """Send what waits in the outbox; see `usecases.dispatch.dispatch`."""
        return dispatch(self.services, wait=wait)

    def incidents(self, progress: Callable[[int], None] = lambda _done: None) -> tuple[CaseIncident, ...]:
        """What somebody has to look at in open cases; see `usecases.incidents.open_incidents`."""
        return tuple(open_incidents(self.services, progress=progress))

    def verify(self, progress: Callable[[int], None] = lambda _done: None) -> Verification:
        """Check everything stored; see `usecases.auditing.verify`."""
        return verify(self.services, progress=progress)

    # -- reading -------------------------------------------------------------------------------------------------

    def answer(self, query: Query) -> Any:
        """The answer to a query. Raises OfficeError where the backend does not answer queries of this type."""
        if self._queries is None or type(query) not in self._queries.answers():
            raise OfficeError(
                f"the storage backend {self.storage.name} does not answer {type(query).__name__}",
                remedy="use a backend with queries, for example sqlite:///PATH",
            )
        return self._queries.answer(query)

    def life_of(self, code: str) -> ItemLife:
        """Everything known about an item: versions, draft, how it stands, reviews; empty where nothing is."""
        return life_of(self.services, code)

    def form_fields(self, item: ItemVersion) -> tuple[FormField, ...]:
        """The fields that plugins ask for in the form of an item. Raises PluginError for one that fails."""
        return self.hooks.form_fields(item)

    def now(self) -> datetime:
        """The office's present instant."""
        return self.clock.now()

    @property
    def area(self) -> str:
        """The area code of the county."""
        return self.settings.area

    @property
    def title(self) -> str:
        """The county's name, Chinese."""
        return self.settings.title or self.settings.area

    @property
    def title_en(self) -> str:
        """The county's name, English."""
        return self.settings.title_en or self.title

    @property
    def demo(self) -> bool:
        """Whether the county is invented."""
        return self.settings.demo

    @property
    def theme(self) -> Theme:
        """How its pages look: what the first plugin offers, else as shipped. Plugins are asked each time."""
        return self.hooks.theme() or Theme()

    @property
    def organisation(self) -> Organisation:
        """The tree of organs."""
        return self.services.registry().organisation

    @property
    def catalogue(self) -> Catalogue:
        """The items."""
        return self.services.registry().catalogue

    @property
    def authority(self) -> Authority:
        """Who may do what, when, and why."""
        return self.services.registry().authority

    @property
    def staffing(self) -> Staffing:
        """The records that authority rests on."""
        return self.services.registry().staffing

    @cached_property
    def synonyms(self) -> Synonyms:
        """What people say for what the catalogue says, read when somebody first searches."""
        return self._synonyms()

    @property
    def campaigns(self) -> Mapping[str, Campaign]:
        """The collection campaigns, by code; what another process has written counts."""
        self.refresh()
        return self.services.registry().campaigns

    def enrolments(self) -> tuple[UnitEnrolment, ...]:
        """How far each unit has come; see `usecases.enrolling.enrolled`."""
        board: Board = self.answer(BoardQuery(area=self.area))
        self.refresh()
        return enrolled(self.services.registry(), board, self.now().date())

    @property
    def ruler(self) -> Ruler:
        """What the office measures time with now; a case is measured by its own `yardstick`."""
        return self.services.ruler

    @property
    def kinds(self) -> Mapping[str, TimerKind]:
        """The kinds of timers: the shipped ones, and those of files and plugins."""
        return self.services.kinds

    def policy(self, ref: str) -> CardPolicy:
        """The card policy with this reference; the office's own for an empty one."""
        return self.services.policy_of(ref) if ref else self.services.policy

    def yardstick(self, case: Case) -> Yardstick:
        """What a case is measured with. Raises UnknownError where its policy is not known here."""
        return self.services.yardstick(case)

    def case_of(self, row: CaseRow) -> Case:
        """The case a row holds."""
        return decode_case(row.data)

    def event_of(self, stored: StoredEvent) -> RecordedEvent:
        """The event a stored one holds."""
        return decode_event(stored.stream, stored.position, stored.payload)

    def query_digest(self, number: str, code: str) -> str:
        """What the public progress query compares."""
        return query_digest(self.area, number, code)

    def failed(self) -> dict[str, PluginState]:
        """What is kept of plugins that failed, by name: of those it has. In safe mode it has none, and tells of all."""
        states, known = self.services.registry().plugins, self.hooks.names()
        return {name: state for name, state in states.items() if self.settings.safe_mode or name in known}

    def quarantined(self) -> tuple[PluginState, ...]:
        """The plugins that are not asked any more, by name; what another process has written counts."""
        self.refresh()
        states = self.failed()
        return tuple(states[name] for name in sorted(states) if states[name].quarantined)

    def refresh(self) -> None:
        """Read reference data and calendar again if another process has changed them."""
        self._reference.refresh()

    # -- closing -------------------------------------------------------------------------------------------------

    def retire(self) -> None:
        """Release everything but the store, for another office around it: what waits goes back to the outbox."""
        self.services.effects.close()

    def close(self) -> None:
        """Release everything: what waits for a plugin goes back to the outbox."""
        self.retire()
        self.storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()
