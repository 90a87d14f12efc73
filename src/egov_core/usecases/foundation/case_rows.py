"""What a case looks like in the store: the rows of its state, its timers, its cards and of what is sent for it.

Rules of this room: functions of a case and of its events alone; nothing is decided and nothing is written. Whoever
commits (`recording`) and whoever checks (`verify`) makes the same rows here, and they are compared byte for byte.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.states import whole
from egov_core.domain.cases.timing import ScheduledRun, scheduled_runs
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.timers.runs import TimerRun
from egov_core.ports.storage import CardRow, CaseRow, OutboxRow, TimerRow
from egov_core.wire.codec import canonical, encode_case

REFERRAL = "referral"
"""The kind of an outbox row that carries a case to the upper organ."""
CONCLUDING = ("approved", "rejected", "not-accepted", "withdrawn", "closed-unanswered")


def case_row(area: str, case: Case, head: str) -> CaseRow:
    """The stored state of a case."""
    concluded = [mark.at for mark in case.history if mark.type in CONCLUDING and mark.void_at is None]
    return CaseRow(
        area=area,
        case_id=case.case_id,
        version=case.version,
        number=case.number,
        query_digest=case.query_digest,
        item=case.item,
        item_name=case.item_name,
        organ=case.organ,
        state=case.state.value,
        whole=whole(case.state).value,
        received_at=case.history[0].at,
        accepted_at=case.when(e.Accepted.type),
        concluded_at=concluded[0] if concluded else None,
        data=encode_case(case),
        head=head,
    )


def timer_rows(
    area: str,
    case: Case,
    yardstick: Yardstick,
    now: datetime,
    runs: tuple[ScheduledRun, ...] | None = None,
) -> tuple[TimerRow, ...]:
    """The timers of a case as cached at `now`, in order of their ids."""
    runs = scheduled_runs(case, yardstick) if runs is None else runs
    ruler = yardstick.ruler
    rows = []
    for scheduled in runs:
        run = scheduled.run
        due = run.due(ruler)
        widest = run.due(ruler, ("statutory", "promised", "declared")).last_day or due.last_day
        begin = run.start.date()
        covered = _covered(scheduled, widest, due.last_day)
        rows.append(
            TimerRow(
                area=area,
                timer_id=run.timer_id,
                case_id=case.case_id,
                kind=run.kind,
                organ=held_by(run, case, now),
                started_at=run.start,
                stopped_at=run.stopped_at,
                due_at=due.due,
                last_day=due.last_day,
                next_fire_at=scheduled.next_look_after(now),
                provisional=due.provisional,
                days_digest=run.ruler(ruler).calendar.digest(begin, covered),
                covers_to=covered,
                policy=yardstick.policy.ref,
            )
        )
    return tuple(sorted(rows, key=lambda row: row.timer_id))


def held_by(run: TimerRun, case: Case, now: datetime) -> str:
    """Whose timer it is now: the unit that holds the step, else the case's organ."""
    return run.held_by(now) or case.organ


def _covered(scheduled: ScheduledRun, *last_days: date | None) -> date:
    """The last day on which anything about the timer rests: its date by each limit, its pauses, its cards."""
    run = scheduled.run
    instants = [
        *(pause.start for pause in run.pauses),
        *(card.at for card in scheduled.cards),
        *([] if scheduled.lapses_at is None else [scheduled.lapses_at]),
    ]
    days = [*(day for day in last_days if day is not None), *(at.date() for at in instants)]
    return max([run.start.date() + timedelta(days=1), *days])


def issued_card(area: str, recorded: e.RecordedEvent, event: e.CardIssued) -> CardRow:
    """The ledger row of an issued card."""
    return CardRow(
        area=area,
        timer_id=event.timer_id,
        rule=event.rule,
        level=event.level,
        epoch=event.epoch,
        case_id=recorded.stream,
        timer_kind=event.timer_kind,
        organ=event.organ,
        at=recorded.at,
        issued_at=recorded.entered_at,
        due_at=event.due,
        policy=event.policy,
        provisional=event.provisional,
    )


def revoked_card(area: str, recorded: e.RecordedEvent, event: e.CardRevoked, case: Case) -> CardRow:
    """The ledger row that marks a card as revoked; the store finds it by its key."""
    card = next(
        card
        for card in case.cards
        if (card.timer_id, card.rule, card.level, card.epoch) == (event.timer_id, event.rule, event.level, event.epoch)
    )
    return CardRow(
        area=area,
        timer_id=event.timer_id,
        rule=event.rule,
        level=event.level,
        epoch=event.epoch,
        case_id=recorded.stream,
        timer_kind=card.timer_kind,
        organ=card.organ or case.organ,
        at=card.at,
        issued_at=recorded.entered_at,
        due_at=None,
        policy=case.policy,
        provisional=False,
        revoked_at=recorded.entered_at,
        revoke_reason=event.reason,
    )


def outbox_row(area: str, recorded: e.RecordedEvent, event: e.Referred) -> OutboxRow:
    """What is sent for a referral; the body is frozen here."""
    body = {
        "area": area,
        "key": event.key,
        "case": recorded.stream,
        "stage": "referral",
        "target": event.to,
        "opinion": event.opinion,
        "at": recorded.at.isoformat(),
        "by": recorded.actor.code,
    }
    return OutboxRow(
        area=area,
        key=event.key,
        kind=REFERRAL,
        target=event.to,
        case_id=recorded.stream,
        body=canonical(body),
        created_at=recorded.entered_at,
        next_attempt_at=recorded.entered_at,
    )
