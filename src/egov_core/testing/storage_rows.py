"""Rows for tests of storage: believable, complete, and each field one's own to change.

Rules of this room: builders of port values only; every argument has a default. Invented place, invented people.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from egov_core.domain.legal import CHINA
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

AREA = "439901"
ELSEWHERE = "439902"
START = datetime(2016, 4, 22, 9, 0, 0, tzinfo=CHINA)

EVERY_BYTE = bytes(range(256)) + " 行政许可\r\n".encode()
"""Bytes that a store which means text would alter."""


def later(seconds: int) -> datetime:
    """So many seconds after START."""
    return START + timedelta(seconds=seconds)


def case_row(case_id: str = "case-1", **changes: Any) -> CaseRow:
    """A case at version 1; its number follows from its id."""
    values: dict[str, Any] = {
        "area": AREA,
        "case_id": case_id,
        "version": 1,
        "number": f"N-{case_id}",
        "query_digest": f"digest of {case_id}",
        "item": "permit-1",
        "item_name": "公共场所卫生许可",
        "organ": "health",
        "state": "submitted",
        "whole": "open",
        "received_at": START,
        "accepted_at": None,
        "concluded_at": None,
        "data": EVERY_BYTE,
        "head": "0" * 64,
    }
    return CaseRow(**{**values, **changes})


def stored_event(position: int = 1, stream: str = "case-1", **changes: Any) -> StoredEvent:
    """An event; its head only looks like one."""
    values: dict[str, Any] = {
        "area": AREA,
        "stream": stream,
        "position": position,
        "type": "submitted",
        "at": later(position),
        "entered_at": later(position + 1),
        "actor": "clerk-1",
        "payload": EVERY_BYTE,
        "head": f"{position:064x}",
    }
    return StoredEvent(**{**values, **changes})


def timer_row(timer_id: str = "timer-1", **changes: Any) -> TimerRow:
    """A running timer of case-1."""
    values: dict[str, Any] = {
        "area": AREA,
        "timer_id": timer_id,
        "case_id": "case-1",
        "kind": "case",
        "organ": "health",
        "started_at": START,
        "stopped_at": None,
        "due_at": later(86_399),
        "last_day": date(2016, 5, 3),
        "next_fire_at": later(3_600),
        "provisional": False,
        "days_digest": "days",
        "covers_to": date(2016, 5, 3),
        "policy": "notice@1",
    }
    return TimerRow(**{**values, **changes})


def card_row(timer_id: str = "timer-1", level: str = "yellow", **changes: Any) -> CardRow:
    """A standing card of case-1."""
    values: dict[str, Any] = {
        "area": AREA,
        "timer_id": timer_id,
        "rule": f"rule-{level}",
        "level": level,
        "epoch": 0,
        "case_id": "case-1",
        "timer_kind": "case",
        "organ": "health",
        "at": later(3_600),
        "issued_at": later(3_700),
        "due_at": later(86_399),
        "policy": "notice@1",
        "provisional": False,
    }
    return CardRow(**{**values, **changes})


def outbox_row(key: str = "out-1", **changes: Any) -> OutboxRow:
    """Something pending for case-1."""
    values: dict[str, Any] = {
        "area": AREA,
        "key": key,
        "kind": "forward",
        "target": "city",
        "case_id": "case-1",
        "body": EVERY_BYTE,
        "created_at": START,
        "next_attempt_at": later(60),
    }
    return OutboxRow(**{**values, **changes})


def idempotency_row(key: str = "key-1", **changes: Any) -> IdempotencyRow:
    """The use of a key by clerk-1."""
    values: dict[str, Any] = {
        "area": AREA,
        "actor": "clerk-1",
        "key": key,
        "digest": "digest",
        "answer": EVERY_BYTE,
        "at": START,
    }
    return IdempotencyRow(**{**values, **changes})


def subject_row(subject: str = "subject-1", **changes: Any) -> SubjectRow:
    """The personal values of nobody."""
    values: dict[str, Any] = {"area": AREA, "subject": subject, "secret": b"\x00\xff", "data": EVERY_BYTE}
    return SubjectRow(**{**values, **changes})


def reference_row(code: str = "health", version: int = 1, **changes: Any) -> ReferenceRow:
    """An organ."""
    values: dict[str, Any] = {"area": AREA, "kind": "organ", "code": code, "version": version, "data": EVERY_BYTE}
    return ReferenceRow(**{**values, **changes})
