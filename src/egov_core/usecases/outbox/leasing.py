"""Leases on outbox rows 租约: who may send one now, and when it is due again.

Rules of this room: pure; each function gives the row as it is to be written, its fence one higher. A lease is nothing
but a next attempt in the future: when the worker that took it dies, the row becomes due again by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from egov_core.errors import EgovError
from egov_core.hooks.effects import clean
from egov_core.ports.storage import OutboxRow
from egov_core.wire.codec import canonical

LADDER = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds to wait after each failed attempt: the ladder of Standard Webhooks 1.0.0, 5 s to 24 h."""
LEASE = timedelta(seconds=60)
"""How long a row belongs to the worker that took it, from its last sign of life."""
SHORT = timedelta(seconds=40)
"""A lease that has less than this left is prolonged."""
LATER = timedelta(seconds=60)
"""When a row is looked at again that could not be tried."""


def leased(row: OutboxRow, now: datetime) -> OutboxRow:
    """Taken by a worker, or held on to."""
    return attrs.evolve(row, next_attempt_at=now + LEASE, fence=row.fence + 1)


def is_held(row: OutboxRow, now: datetime) -> bool:
    """Whether its lease is still long enough."""
    return row.next_attempt_at is not None and row.next_attempt_at - now >= SHORT


def given_back(row: OutboxRow, now: datetime) -> OutboxRow:
    """Not tried, due again at once."""
    return attrs.evolve(row, next_attempt_at=now, fence=row.fence + 1)


def put_off_untried(row: OutboxRow, now: datetime, error: EgovError | None = None) -> OutboxRow:
    """Not tried, looked at again later; `error` is why."""
    return attrs.evolve(
        row,
        next_attempt_at=now + LATER,
        fence=row.fence + 1,
        answer=row.answer if error is None else _answer(error),
    )


def put_off(row: OutboxRow, now: datetime, error: EgovError) -> OutboxRow:
    """Tried in vain: the next rung of the ladder, or dead at its end."""
    given_up = row.attempts >= len(LADDER)
    return attrs.evolve(
        row,
        attempts=row.attempts + 1,
        state="dead" if given_up else "pending",
        next_attempt_at=None if given_up else now + timedelta(seconds=LADDER[row.attempts]),
        answer=_answer(error),
        fence=row.fence + 1,
    )


def _answer(error: EgovError) -> bytes:
    return canonical({"code": error.code, "message": clean(error.message), "remedy": clean(error.remedy)})
