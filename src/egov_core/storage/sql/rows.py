"""Rows to columns and back, by hand.

Rules of this room: the only place that knows what a field looks like in a column; a tuple has the columns of its
table in their order, as the driver takes and gives them. Instants are seconds since 1970 (fractions dropped), days
ISO texts, truth values 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from egov_core.domain.legal import CHINA, ONE_SECOND, instant
from egov_core.errors import IntegrityError
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

T = TypeVar("T")
Columns = tuple[Any, ...]

EPOCH = datetime(1970, 1, 1, 8, tzinfo=CHINA)


def seconds(value: datetime) -> int:
    """An instant as a column. Raises NaiveTimeError when it has no offset."""
    if value.tzinfo is None:
        value = instant(value)
    return (value - EPOCH) // ONE_SECOND


def moment(value: int) -> datetime:
    """An instant from a column."""
    return EPOCH + timedelta(seconds=value)


def _seconds(value: datetime | None) -> int | None:
    return None if value is None else seconds(value)


def _moment(value: int | None) -> datetime | None:
    return None if value is None else moment(value)


def _whole(kind: str) -> Callable[[Callable[[Columns], T]], Callable[[Columns], T]]:
    """What a row cannot be read as is damage of the store, and is said as such."""

    def reading(read: Callable[[Columns], T]) -> Callable[[Columns], T]:
        @wraps(read)
        def guarded(columns: Columns) -> T:
            try:
                return read(columns)
            except (TypeError, ValueError, OverflowError, OSError) as error:
                raise IntegrityError(
                    f"a row of kind {kind} is damaged ({columns[:3]}): {error}",
                    remedy="run egov verify, and restore a backup",
                ) from error

        return guarded

    return reading


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


@_whole("event")
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
        _seconds(row.accepted_at),
        _seconds(row.concluded_at),
        row.data,
        row.head,
    )


@_whole("case")
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
        accepted_at=_moment(accepted_at),
        concluded_at=_moment(concluded_at),
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
        _seconds(row.stopped_at),
        _seconds(row.due_at),
        None if row.last_day is None else row.last_day.isoformat(),
        _seconds(row.next_fire_at),
        int(row.provisional),
        row.days_digest,
        row.covers_to.isoformat(),
        row.policy,
    )


@_whole("timer")
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
        stopped_at=_moment(stopped_at),
        due_at=_moment(due_at),
        last_day=None if last_day is None else date.fromisoformat(last_day),
        next_fire_at=_moment(next_fire_at),
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
        _seconds(row.due_at),
        row.policy,
        int(row.provisional),
        _seconds(row.revoked_at),
        row.revoke_reason,
    )


def revocation_columns(row: CardRow) -> Columns:
    """What revoking a card sets, and the key of the card."""
    return (_seconds(row.revoked_at), row.revoke_reason, row.area, row.timer_id, row.rule, row.level, row.epoch)


@_whole("card")
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
        due_at=_moment(due_at),
        policy=policy,
        provisional=bool(provisional),
        revoked_at=_moment(revoked_at),
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
        _seconds(row.next_attempt_at),
        row.attempts,
        row.state,
        row.answer,
        row.fence,
    )


@_whole("outbox")
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
        next_attempt_at=_moment(next_attempt_at),
        attempts=attempts,
        state=state,
        answer=answer,
        fence=fence,
    )


def key_columns(row: IdempotencyRow) -> Columns:
    """The use of a key as columns of `keys`."""
    return (row.area, row.actor, row.key, row.digest, row.answer, seconds(row.at))


@_whole("key")
def key(columns: Columns) -> IdempotencyRow:
    """The use of a key from columns of `keys`."""
    area, actor, name, digest, answer, at = columns
    return IdempotencyRow(area=area, actor=actor, key=name, digest=digest, answer=answer, at=moment(at))


def subject_columns(row: SubjectRow) -> Columns:
    """A subject as columns of `subjects`."""
    return (row.area, row.subject, row.secret, row.data)


@_whole("subject")
def subject(columns: Columns) -> SubjectRow:
    """A subject from columns of `subjects`."""
    area, name, secret, data = columns
    return SubjectRow(area=area, subject=name, secret=secret, data=data)


def reference_columns(row: ReferenceRow) -> Columns:
    """Reference data as columns of `reference_data`."""
    return (row.area, row.kind, row.code, row.version, row.data)


@_whole("reference")
def reference(columns: Columns) -> ReferenceRow:
    """Reference data from columns of `reference_data`."""
    area, kind, code, version, data = columns
    return ReferenceRow(area=area, kind=kind, code=code, version=version, data=data)
