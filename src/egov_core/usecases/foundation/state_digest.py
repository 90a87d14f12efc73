"""Digests of what is stored: of the reference data, and of every row of a case.

Rules of this room: reading only. Two states with the same digests are the same to the byte, so that whoever undoes
something can compare before and after. Counters that only ever rise (how often reference data were written, the last
instant) and the chains, which keep everything, are not part of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

import attrs

from egov_core.ports.storage import CardRow, CaseRow, OutboxRow, ReferenceRow, TimerRow
from egov_core.wire.codec import canonical


def references_digest(rows: Iterable[ReferenceRow]) -> str:
    """The digest of reference data, in whatever order they come."""
    seen = hashlib.sha256()
    for row in sorted(rows, key=lambda one: (one.kind, one.code, one.version)):
        seen.update(canonical([row.kind, row.code, row.version, hashlib.sha256(row.data).hexdigest()]) + b"\n")
    return seen.hexdigest()


class RowsDigest:
    """The digest of the rows of cases, taken case by case in the order of their streams."""

    def __init__(self) -> None:
        self._seen = hashlib.sha256()

    def take(self, case: CaseRow | None, *lists: Iterable[TimerRow] | Iterable[CardRow] | Iterable[OutboxRow]) -> None:
        """Take in a case with its timers, its cards and its outbox."""
        rows: list[Any] = [] if case is None else [case]
        for row in (*rows, *(row for rows in lists for row in rows)):
            self._seen.update(_written(row) + b"\n")

    def hexdigest(self) -> str:
        """The digest of everything taken so far."""
        return self._seen.hexdigest()


def _written(row: attrs.AttrsInstance) -> bytes:
    columns = [getattr(row, field.name) for field in attrs.fields(type(row))]
    return canonical([type(row).__name__, *map(_column, columns)])


def _column(value: Any) -> Any:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return value.isoformat() if isinstance(value, date) else value
