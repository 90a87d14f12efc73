"""From decided events to one commit: state, chain, timers, cards, outbox.

Rules of this room: everything a commit writes about a case is put together here, by one function, so that every path
(a clerk, an applicant, the sweep, a receipt) leaves the same traces. What a row says is made in `case_rows`. A case
that stands behind the calendar in force is brought up first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import attrs

from egov_core.domain.audit import link
from egov_core.domain.cases import events as e
from egov_core.domain.cases.calendar_events import CalendarApplied
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.folding import evolve
from egov_core.domain.cases.timing import ScheduledRun, card_changes, scheduled_runs, unmade_cards
from egov_core.domain.people import SYSTEM, Actor
from egov_core.ports.storage import CardRow, CaseRow, OutboxRow, StoredEvent, TimerRow, Unit
from egov_core.usecases.cases.catching_up import caught_up
from egov_core.usecases.cases.lapsing import lapses
from egov_core.usecases.foundation.case_rows import case_row, issued_card, outbox_row, revoked_card, timer_rows
from egov_core.usecases.foundation.notifying import notifications
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import encode_event


@attrs.frozen(kw_only=True)
class Change:
    """One commit's worth of a case: where it stood, where it stands, and what is written.

    `applied` are the revisions of the calendar that the case passes to with it; `is_current` says whether the newest of
    them is still the one in force.
    """

    case: Case
    expected: int
    row: CaseRow
    events: tuple[StoredEvent, ...]
    timers: tuple[TimerRow, ...]
    issued: tuple[CardRow, ...]
    revoked: tuple[CardRow, ...]
    outbox: tuple[OutboxRow, ...]
    applied: tuple[CalendarApplied, ...] = ()
    is_current: Callable[[], bool] = attrs.field(default=lambda: True, eq=False, repr=False)

    def write(self, unit: Unit) -> bool:
        """Write it all; False (and nothing) when somebody else was first, or a further notice was."""
        if not self.is_current() or not unit.save_case(self.row, expected=self.expected):
            return False
        unit.append(self.events)
        unit.put_timers(self.timers)
        if self.issued:
            unit.issue_cards(self.issued)
        for card in self.revoked:
            unit.revoke_card(card)
        if self.outbox:
            unit.enqueue(self.outbox)
        unit.advance(self.row.area, self.events[-1].entered_at)
        return True


def prepare(
    services: Services,
    *,
    stream: str,
    before: Case | None,
    head: str,
    decided: Iterable[tuple[e.CaseEvent, datetime, Actor]],
    now: datetime,
) -> Change:
    """The change that follows from decided events at `now`: cards that have become due are issued with it.

    The events that bring the case to the calendar in force come first, with the cards that they unmake.
    `before` and `head` are the case and its chain as read; `decided` gives each event with its event time and actor.
    A `now` before what the case itself has recorded is a reading taken too early (a sweep that began before somebody
    acted): what has come is not unmade by it.
    """
    case, stored, issued, revoked = before, [], [], []
    happened: list[e.RecordedEvent] = []
    newest = services.calendars().newest.number
    behind: tuple[e.RecordedEvent, ...] = ()
    if before is not None:
        now = max(now, before.last_at, *(card.at for card in before.cards))
        _, behind = caught_up(services, before, now)

    def take(event: e.CaseEvent, at: datetime, actor: Actor) -> e.RecordedEvent:
        nonlocal case, head
        position = 1 if case is None else case.version + 1
        recorded = e.RecordedEvent(stream=stream, position=position, event=event, at=at, entered_at=now, actor=actor)
        payload = encode_event(recorded)
        head = link(head, stream, position, payload)
        case = evolve(case, recorded)
        stored.append(
            StoredEvent(
                area=services.area,
                stream=stream,
                position=position,
                type=event.type,
                at=at,
                entered_at=now,
                actor=actor.code,
                payload=payload,
                head=head,
            )
        )
        happened.append(recorded)
        return recorded

    runs: tuple[ScheduledRun, ...] | None = None
    for one in behind:
        take(one.event, one.at, one.actor)
    if behind and case is not None:
        yardstick = services.yardstick(case)
        runs = scheduled_runs(case, yardstick)
        for change in unmade_cards(case, yardstick, now, runs):
            assert isinstance(change.event, e.CardRevoked)
            revoked.append(revoked_card(services.area, take(change.event, change.at, SYSTEM), change.event, case))
    taken = [take(event, at, actor) for event, at, actor in decided]
    assert case is not None, "a change has at least one event, or a case before it"
    lapsed = [take(event, at, SYSTEM) for event, at in lapses(services, case, now)[0]]
    yardstick = services.yardstick(case)
    runs = scheduled_runs(case, yardstick) if taken or lapsed or runs is None else runs
    for change in card_changes(case, yardstick, now, runs):
        recorded = take(change.event, change.at, SYSTEM)
        if isinstance(change.event, e.CardIssued):
            issued.append(issued_card(services.area, recorded, change.event))
        else:
            revoked.append(revoked_card(services.area, recorded, change.event, case))
    # what an earlier system had sent and told is not sent and told again
    ours = [one for one in taken if not case.is_taken_over(one.position)]
    return Change(
        case=case,
        expected=0 if before is None else before.version,
        row=case_row(services.area, case, head),
        events=tuple(stored),
        timers=timer_rows(services.area, case, yardstick, now, runs),
        issued=tuple(issued),
        revoked=tuple(revoked),
        outbox=(
            *(outbox_row(services.area, one, one.event) for one in ours if isinstance(one.event, e.Referred)),
            *notifications(
                services.notifications,
                services.area,
                case,
                [one for one in happened if not case.is_taken_over(one.position)],
                levels=yardstick.policy.levels,
                running={one.run.timer_id for one in runs if one.run.stopped_at is None},
            ),
        ),
        applied=tuple(one.event for one in behind if isinstance(one.event, CalendarApplied)),
        is_current=lambda: services.calendars().newest.number == newest,
    )


def prepare_cards(services: Services, case: Case, head: str, now: datetime) -> Change | None:
    """The change that brings the case's ledger of cards up to `now`; None when it is up to date."""
    change = prepare(services, stream=case.case_id, before=case, head=head, decided=(), now=now)
    return change if change.events else None
