"""Rows to columns and back, by hand.

Rules of this room: the only place that knows which field stands in which column; a tuple has the columns of its table
in their order, as the driver takes and gives them. How a field looks there is said in `columns`; days are ISO texts,
truth values 0 and 1.
"""

from __future__ import annotations

from datetime import date

from egov_core.ports.storage import (
    CardRow,
    CaseRow,
    IdempotencyRow,
    OutboxRow,
    ReferenceRow,
    StoredEvent,
    SubjectRow,
    TimerRow,
)
from egov_core.storage.sql.columns import Columns, moment, moment_or_none, seconds, seconds_or_none, whole_row


def event_columns(row: StoredEvent) -> Columns:
    """An event as columns of `events`."""
    return (
        row.area,
        row.stream,
        row.position,
        row.type,
        seconds(row.at),
        seconds(row.entered_at),
        row.actor,
        row.payload,
        row.head,
    )


@whole_row("event")
def event(columns: Columns) -> StoredEvent:
    """An event from columns of `events`."""
    area, stream, position, type_, at, entered_at, actor, payload, head = columns
    return StoredEvent(
        area=area,
        stream=stream,
        position=position,
        type=type_,
        at=moment(at),
        entered_at=moment(entered_at),
        actor=actor,
        payload=payload,
        head=head,
    )


def case_columns(row: CaseRow) -> Columns:
    """A case as columns of `cases`."""
    return (
        row.area,
        row.case_id,
        row.version,
        row.number,
        row.query_digest,
        row.item,
        row.item_name,
        row.organ,
        row.state,
        row.whole,
        seconds(row.received_at),
        seconds_or_none(row.accepted_at),
        seconds_or_none(row.concluded_at),
        row.data,
        row.head,
    )


@whole_row("case")
def case(columns: Columns) -> CaseRow:
    """A case from columns of `cases`."""
    (area, case_id, version, number, query_digest, item, item_name, organ, state, whole, *instants, data, head) = (
        columns
    )
    received_at, accepted_at, concluded_at = instants
    return CaseRow(
        area=area,
        case_id=case_id,
        version=version,
        number=number,
        query_digest=query_digest,
        item=item,
        item_name=item_name,
        organ=organ,
        state=state,
        whole=whole,
        received_at=moment(received_at),
        accepted_at=moment_or_none(accepted_at),
        concluded_at=moment_or_none(concluded_at),
        data=data,
        head=head,
    )


def timer_columns(row: TimerRow) -> Columns:
    """A timer as columns of `timers`."""
    return (
        row.area,
        row.timer_id,
        row.case_id,
        row.kind,
        row.organ,
        seconds(row.started_at),
        seconds_or_none(row.stopped_at),
        seconds_or_none(row.due_at),
        None if row.last_day is None else row.last_day.isoformat(),
        seconds_or_none(row.next_fire_at),
        int(row.provisional),
        row.days_digest,
        row.covers_to.isoformat(),
        row.policy,
    )


@whole_row("timer")
def timer(columns: Columns) -> TimerRow:
    """A timer from columns of `timers`."""
    area, timer_id, case_id, kind, organ, started_at, stopped_at, due_at, last_day, next_fire_at, *rest = columns
    provisional, days_digest, covers_to, policy = rest
    return TimerRow(
        area=area,
        timer_id=timer_id,
        case_id=case_id,
        kind=kind,
        organ=organ,
        started_at=moment(started_at),
        stopped_at=moment_or_none(stopped_at),
        due_at=moment_or_none(due_at),
        last_day=None if last_day is None else date.fromisoformat(last_day),
        next_fire_at=moment_or_none(next_fire_at),
        provisional=bool(provisional),
        days_digest=days_digest,
        covers_to=date.fromisoformat(covers_to),
        policy=policy,
    )


def card_columns(row: CardRow) -> Columns:
    """A card as columns of `cards`."""
    return (
        row.area,
        row.timer_id,
        row.rule,
        row.level,
        row.epoch,
        row.case_id,
        row.timer_kind,
        row.organ,
        seconds(row.at),
        seconds(row.issued_at),
        seconds_or_none(row.due_at),
        row.policy,
        int(row.provisional),
        seconds_or_none(row.revoked_at),
        row.revoke_reason,
    )


def revocation_columns(row: CardRow) -> Columns:
    """What revoking a card sets, and the key of the card."""
    return (seconds_or_none(row.revoked_at), row.revoke_reason, row.area, row.timer_id, row.rule, row.level, row.epoch)


@whole_row("card")
def card(columns: Columns) -> CardRow:
    """A card from columns of `cards`."""
    area, timer_id, rule, level, epoch, case_id, timer_kind, organ, at, issued_at, due_at, policy, *rest = columns
    provisional, revoked_at, revoke_reason = rest
    return CardRow(
        area=area,
        timer_id=timer_id,
        rule=rule,
        level=level,
        epoch=epoch,
        case_id=case_id,
        timer_kind=timer_kind,
        organ=organ,
        at=moment(at),
        issued_at=moment(issued_at),
        due_at=moment_or_none(due_at),
        policy=policy,
        provisional=bool(provisional),
        revoked_at=moment_or_none(revoked_at),
        revoke_reason=revoke_reason,
    )


def outbox_columns(row: OutboxRow) -> Columns:
    """An outbox row as columns of `outbox`."""
    return (
        row.area,
        row.key,
        row.kind,
        row.target,
        row.case_id,
        row.body,
        seconds(row.created_at),
        seconds_or_none(row.next_attempt_at),
        row.attempts,
        row.state,
        row.answer,
        row.fence,
    )


@whole_row("outbox")
def outbox(columns: Columns) -> OutboxRow:
    """An outbox row from columns of `outbox`."""
    area, key, kind, target, case_id, body, created_at, next_attempt_at, attempts, state, answer, fence = columns
    return OutboxRow(
        area=area,
        key=key,
        kind=kind,
        target=target,
        case_id=case_id,
        body=body,
        created_at=moment(created_at),
        next_attempt_at=moment_or_none(next_attempt_at),
        attempts=attempts,
        state=state,
        answer=answer,
        fence=fence,
    )


def key_columns(row: IdempotencyRow) -> Columns:
    """The use of a key as columns of `keys`."""
    return (row.area, row.actor, row.key, row.digest, row.answer, seconds(row.at))


@whole_row("key")
def key(columns: Columns) -> IdempotencyRow:
    """The use of a key from columns of `keys`."""
    area, actor, name, digest, answer, at = columns
    return IdempotencyRow(area=area, actor=actor, key=name, digest=digest, answer=answer, at=moment(at))


def subject_columns(row: SubjectRow) -> Columns:
    """A subject as columns of `subjects`."""
    return (row.area, row.subject, row.secret, row.data)


@whole_row("subject")
def subject(columns: Columns) -> SubjectRow:
    """A subject from columns of `subjects`."""
    area, name, secret, data = columns
    return SubjectRow(area=area, subject=name, secret=secret, data=data)


def reference_columns(row: ReferenceRow) -> Columns:
    """Reference data as columns of `reference_data`."""
    return (row.area, row.kind, row.code, row.version, row.data)


@whole_row("reference")
def reference(columns: Columns) -> ReferenceRow:
    """Reference data from columns of `reference_data`."""
    area, kind, code, version, data = columns
    return ReferenceRow(area=area, kind=kind, code=code, version=version, data=data)
