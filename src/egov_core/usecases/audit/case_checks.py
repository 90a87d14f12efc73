"""One case held against its events: state, timers, cards and outbox, made again and compared. Part of `verify`.

Rules of this room: read-only; each check gives what is broken as (invariant, message) and goes on. The rows are made
again from the events by the same functions that made them first, and compared byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import attrs

from egov_core.domain.audit import StoredLink, verify_chain
from egov_core.domain.cases import events as e
from egov_core.domain.cases.calendar_events import CalendarApplied
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.folding import evolve
from egov_core.domain.cases.states import SETTLED, State
from egov_core.domain.cases.takeover_events import TakenOver
from egov_core.domain.cases.timing import card_changes, is_settled
from egov_core.errors import IntegrityError
from egov_core.ports.storage import CardRow, CaseRow, OutboxRow, StoredEvent, TimerRow
from egov_core.usecases.audit.event_order import silence_fault, takeover_fault, transition_fault
from egov_core.usecases.audit.traces import check_columns, check_outbox, check_subject
from egov_core.usecases.cases.catching_up import applied
from egov_core.usecases.cases.lapsing import lapses
from egov_core.usecases.foundation.case_rows import case_row, issued_card, timer_rows
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode_event

Broken = tuple[str, str]
"""An invariant, and what is wrong."""


@attrs.frozen
class Inspection:
    """One case as it was read, to be made again from its events."""

    services: Services = attrs.field(eq=False)
    stream: str
    stored: tuple[StoredEvent, ...]
    row: CaseRow | None
    timers: tuple[TimerRow, ...]
    cards: tuple[CardRow, ...]
    outbox: tuple[OutboxRow, ...]

    @classmethod
    def of(cls, services: Services, stream: str) -> Inspection:
        """Read what is stored about a case."""
        store, area = services.storage, services.area
        return cls(
            services,
            stream,
            store.events(area, stream),
            store.case(area, stream),
            store.timers(area, stream),
            store.cards(area, stream),
            store.outbox_of(area, stream),
        )

    @property
    def is_taken_over(self) -> bool:
        """Whether the case has its number from an earlier system, of whose series we know nothing."""
        return any(one.type == TakenOver.type for one in self.stored[:2])

    def run(self) -> Iterator[Broken]:
        """What is broken in the case; it ends where nothing more could be said."""
        try:
            head = verify_chain(self.stream, (StoredLink(one.position, one.payload, one.head) for one in self.stored))
            recorded = [decode_event(self.stream, one.position, one.payload) for one in self.stored]
        except IntegrityError as error:
            yield "I5", error.message
            return
        case: Case | None = None
        for one in recorded:
            refusal = transition_fault(self.services, case, one.event)
            refusal = refusal or takeover_fault(case, one, self.stored[0].entered_at)
            refusal = refusal or silence_fault(self.services, case, one)
            if refusal:
                yield "I6", f"position {one.position}: {refusal}"
                return
            yield from self._check_calendar(case, one)
            case = evolve(case, one)
        if case is None or self.row is None:
            yield "I1", "there are events but no case" if self.row is None else "there is no event"
            return
        accepted = sum(1 for mark in case.history if mark.type == e.Accepted.type and mark.void_at is None)
        if accepted > 1:
            yield "I3", f"the case was accepted {accepted} times"
        if self.row != case_row(self.services.area, case, head):
            yield self._state_invariant(case), "the stored state is not that of its events"
        for broken in (
            check_columns(self.stored),
            check_outbox(self.services.area, case, recorded, self.outbox),
            check_subject(self.services, recorded),
        ):
            yield from broken
        yield from self._check_time(case, recorded)

    def _check_time(self, case: Case, recorded: Sequence[e.RecordedEvent]) -> Iterator[Broken]:
        services, entered_at = self.services, recorded[-1].entered_at
        yardstick = services.yardstick(case)
        if self.timers != timer_rows(services.area, case, yardstick, entered_at):
            yield self._state_invariant(case), "the timers are not those of its events"
        for change in card_changes(case, yardstick, entered_at):
            invariant = "I9" if isinstance(change.event, e.CardIssued) else "I10"
            what = "is missing" if invariant == "I9" else "has no rule that holds"
            yield invariant, f"card {change.event.rule} of {change.event.timer_id} {what}"
        for event, at in lapses(services, case, entered_at)[0]:
            yield "I9", f"{event.type} at {at.isoformat()}, which silence brought, is missing"
        if sorted(self.cards, key=_key) != sorted(_ledger(services.area, recorded), key=_key):
            yield "I9", "the ledger of cards is not that of its events"
        spans = sorted((pause.start, pause.end) for pause in case.pauses if pause.end is not None)
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            yield "I11", "pauses overlap"
        if any(pause.end is None for pause in case.pauses) and case.state is not State.PAUSED:
            yield "I11", "a pause has neither an end nor an owner"

    def _check_calendar(self, case: Case | None, one: e.RecordedEvent) -> Iterator[Broken]:
        """A case passes to the next revision, while something can happen to it, with the dates that this moves."""
        if not isinstance(one.event, CalendarApplied) or case is None:
            return
        if one.event.revision != case.calendar + 1 or is_settled(case, self.services.yardstick(case)):
            yield self._state_invariant(case), f"position {one.position}: not the next calendar revision"
        elif one != applied(self.services, case, one.entered_at):
            yield "I5", f"position {one.position}: not what revision {one.event.revision} changes"

    def _state_invariant(self, case: Case) -> str:
        return "I12" if case.state in SETTLED else "I5"


def _ledger(area: str, recorded: Iterable[e.RecordedEvent]) -> Iterable[CardRow]:
    """The ledger rows that these events make."""
    rows: dict[tuple[str, str, str, int], CardRow] = {}
    for one in recorded:
        if isinstance(one.event, e.CardIssued):
            row = issued_card(area, one, one.event)
            rows[_key(row)] = row
        elif isinstance(one.event, e.CardRevoked):
            key = (one.event.timer_id, one.event.rule, one.event.level, one.event.epoch)
            if key in rows:
                rows[key] = attrs.evolve(rows[key], revoked_at=one.entered_at, revoke_reason=one.event.reason)
    return rows.values()


def _key(card: CardRow) -> tuple[str, str, str, int]:
    return card.timer_id, card.rule, card.level, card.epoch
