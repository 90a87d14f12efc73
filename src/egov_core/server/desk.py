"""The desk: what the server needs of an open office, and the ways in which handlers read and file.

Rules of this room: a promise, no implementation; the server never sees the storage. Handlers are asynchronous and read
through `read`, which is the place that would hand a slow backend's question to a thread; today every answer is a read
of an embedded database and runs where it is asked. What asks plugins, or writes, runs in a thread: nobody knows how
long a plugin takes, and a commit waits for the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool

from egov_core.domain.campaign.campaign import Campaign
from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.events import RecordedEvent
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.catalogue import Catalogue, ItemVersion
from egov_core.domain.enrolment import UnitEnrolment
from egov_core.domain.organisation import Organisation
from egov_core.domain.people import Actor, ActorKind
from egov_core.domain.search.synonyms import Synonyms
from egov_core.domain.timers.kinds import TimerKind
from egov_core.domain.timers.reckoning import Ruler
from egov_core.hooks.calls import PluginState
from egov_core.ports.forms import FormField
from egov_core.ports.queries import Query
from egov_core.ports.storage import CaseRow, StoredEvent
from egov_core.ports.theme import Theme
from egov_core.usecases.cases.handling import Outcome
from egov_core.wire.filing import FilingRequest


class Desk(Protocol):
    """An open office as its pages see it."""

    @property
    def area(self) -> str:
        """The code of the area."""

    @property
    def title(self) -> str:
        """The name of the place in Chinese."""

    @property
    def title_en(self) -> str:
        """The name of the place in English."""

    @property
    def demo(self) -> bool:
        """Whether place and cases are invented."""

    @property
    def theme(self) -> Theme:
        """How the pages look; asked once, while they are set up."""

    @property
    def organisation(self) -> Organisation:
        """The organs."""

    @property
    def catalogue(self) -> Catalogue:
        """The items."""

    @property
    def campaigns(self) -> Mapping[str, Campaign]:
        """The collection campaigns, by code."""

    def enrolments(self) -> tuple[UnitEnrolment, ...]:
        """How far each unit has come."""

    @property
    def ruler(self) -> Ruler:
        """What time is measured with."""

    @property
    def kinds(self) -> Mapping[str, TimerKind]:
        """The kinds of timers, the shipped ones and the place's own."""

    @property
    def synonyms(self) -> Synonyms:
        """What people say for what the catalogue says."""

    def quarantined(self) -> tuple[PluginState, ...]:
        """The plugins that failed and are not asked any more, by name."""

    def now(self) -> datetime:
        """The present instant."""

    def answer(self, query: Query) -> Any:
        """The answer to a query, as `ports.queries` says."""

    def policy(self, ref: str) -> CardPolicy:
        """The card policy `name@version`; for an empty `ref` the office's own. Raises UnknownError."""

    def yardstick(self, case: Case) -> Yardstick:
        """What a case is measured with. Raises UnknownError where its policy is not known here."""

    def case_of(self, row: CaseRow) -> Case:
        """The case that a row holds."""

    def event_of(self, stored: StoredEvent) -> RecordedEvent:
        """The event that was stored."""

    def query_digest(self, number: str, code: str) -> str:
        """The digest under which a case is found by its number and query code."""


class FilingDesk(Desk, Protocol):
    """A desk at which an application can be filed as well: that of a demonstration."""

    def form_fields(self, item: ItemVersion) -> tuple[FormField, ...]:
        """The fields that plugins ask for in the form of an item."""

    def do(self, command: c.Command, *, actor: Actor, key: str = "") -> Outcome:
        """Do what `actor` asks, durably, or refuse and change nothing."""


async def fields_of(desk: FilingDesk, item: ItemVersion) -> tuple[FormField, ...]:
    """The fields of an item's form."""
    return await run_in_threadpool(desk.form_fields, item)


async def file(desk: FilingDesk, asked: FilingRequest, *, key: str = "") -> Outcome:
    """File an application; `key` makes a repetition harmless."""
    command = c.Submit(
        item=asked.item, applicant=asked.applicant, materials=asked.materials, form=asked.form, channel="web"
    )
    return await run_in_threadpool(partial(desk.do, command, actor=Actor(kind=ActorKind.APPLICANT, code=""), key=key))


async def read(desk: Desk, query: Query) -> Any:
    """The answer of the desk's office to a query."""
    return desk.answer(query)
