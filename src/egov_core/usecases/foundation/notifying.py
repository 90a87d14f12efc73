"""Notifying: what a commit tells to those outside, as rows of the outbox that are written with it.

Rules of this room: pure; a row is a function of its event, its case and its channel alone, so that `verify` makes it
again and compares byte for byte. No personal value goes out, nor any text that a person wrote (a reason, the number of
a document): only what registry, policy and clock have said. No card and no decision depends on what is told about it.

Which cards are told does depend on when they were noticed. A card exists from its legal instant on, however late a
sweep runs; but to be told of a yellow card when the red one of the same timer stands already, or to be warned of the
end of a timer that no longer runs, helps nobody. Such levels are obsolete, and only their notification is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.errors import IntegrityError
from egov_core.ports.notification import CARD_ISSUED, CASE_DECIDED, TYPES, Notification
from egov_core.ports.storage import OutboxRow
from egov_core.wire.codec import canonical, loads

NOTIFICATION = "notification"
"""The kind of an outbox row that tells somebody outside, and is no part of its case."""

DECISIONS = (e.Approved.type, e.Rejected.type, e.NotAccepted.type)
"""What decides a case: for the applicant, against, or that it is not taken in (行政许可法 32). Withdrawing is the
applicant's own act, and closing a case that nobody answered is no decision on it."""


@attrs.frozen(kw_only=True)
class NotificationChoice:
    """What is told and how: by these channels, of these types, and of cards with these levels (empty: with any)."""

    channels: tuple[str, ...] = ()
    types: tuple[str, ...] = TYPES
    levels: tuple[str, ...] = ()


def notifications(
    choice: NotificationChoice,
    area: str,
    case: Case,
    happened: Iterable[e.RecordedEvent],
    *,
    levels: Sequence[str],
    running: Collection[str],
) -> Iterator[OutboxRow]:
    """The rows that a commit adds: one for each event that is told and each channel.

    `case` is the case after the commit, `levels` those of its policy from mild to grave, `running` its timers that
    still run.
    """
    if not choice.channels:
        return
    for one in happened:
        kind = type_of(one.event)
        if kind not in choice.types:
            continue
        if isinstance(one.event, e.CardIssued):
            is_chosen = not choice.levels or one.event.level in choice.levels
            if not is_chosen or _is_obsolete(one, one.event, case, levels, running):
                continue
        for channel in choice.channels:
            yield notification_row(area, case, one, channel)


def type_of(event: e.CaseEvent) -> str:
    """Of which type the notification of an event is; empty where nothing is told of it."""
    if isinstance(event, e.CardIssued):
        return CARD_ISSUED
    return CASE_DECIDED if event.type in DECISIONS else ""


def notification_key(area: str, case_id: str, position: int, channel: str) -> str:
    """The key of what is told by a channel about the event at a position: the same whoever makes it, and whenever."""
    return f"{area}:{case_id}:{NOTIFICATION}:{position}:{channel}"


def notification_row(area: str, case: Case, recorded: e.RecordedEvent, channel: str) -> OutboxRow:
    """What is told about an event by a channel; the body is frozen here."""
    event = recorded.event
    told: dict[str, Any] = {
        "case": case.case_id,
        "number": case.number,
        "item": case.item,
        "item_name": case.item_name,
        "organ": case.organ,
        "position": recorded.position,
        "entered_at": recorded.entered_at.isoformat(),
    }
    told.update(_card(event) if isinstance(event, e.CardIssued) else _decision(event))
    body = {"type": type_of(event), "timestamp": recorded.at.isoformat(), "area": area, "data": told}
    return OutboxRow(
        area=area,
        key=notification_key(area, case.case_id, recorded.position, channel),
        kind=NOTIFICATION,
        target=channel,
        case_id=case.case_id,
        body=canonical(body),
        created_at=recorded.entered_at,
        next_attempt_at=recorded.entered_at,
    )


def notification_of(row: OutboxRow) -> Notification:
    """What a channel is handed. Raises IntegrityError for a row whose body is no longer what was written."""
    try:
        kind = loads(row.body)["type"]
    except (ValueError, KeyError, TypeError):
        kind = ""
    if kind not in TYPES:
        raise IntegrityError(
            f"what is to be told under {row.key} is damaged",
            remedy="run egov verify --config FILE, and restore a backup",
        )
    return Notification(area=row.area, key=row.key, type=kind, body=row.body)


def _card(event: e.CardIssued) -> Mapping[str, Any]:
    """What is told of a card; its organ is the one the card is for, which may be a unit of the case's organ."""
    return {
        "organ": event.organ,
        "level": event.level,
        "rule": event.rule,
        "epoch": event.epoch,
        "timer": event.timer_id,
        "timer_kind": event.timer_kind,
        "due": None if event.due is None else event.due.isoformat(),
        "provisional": event.provisional,
        "policy": event.policy,
    }


def _decision(event: e.CaseEvent) -> Mapping[str, Any]:
    by = "upper" if getattr(event, "by_upper", False) else "law" if getattr(event, "by_law", False) else "organ"
    return {"decision": event.type, "by": by}


def _is_obsolete(
    recorded: e.RecordedEvent, event: e.CardIssued, case: Case, levels: Sequence[str], running: Collection[str]
) -> bool:
    """Whether a graver card stands on the same timer, or the card warns of the end of a timer that runs no more."""
    graver = levels[levels.index(event.level) + 1 :]
    if any(card.timer_id == event.timer_id and card.level in graver and not card.revoked for card in case.cards):
        return True
    warns = event.due is not None and recorded.at <= event.due
    return warns and event.timer_id not in running
