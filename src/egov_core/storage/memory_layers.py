"""What the memory storage keeps: committed rows with their orders, and layers of rows not yet committed.

Rules of this room: rows by key, nothing about what a unit may do. A key is (table, area, ...); the committed side
keeps besides what lists need: rows by case, streams and references by area, cases and running timers by id, due rows
in order of instant.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

Key = tuple[Any, ...]

COUNTED = {"case": "cases", "event": "events", "timer": "timers", "card": "cards", "outbox": "outbox"}


class Below(Protocol):
    """What a layer reads through to and is folded into."""

    def get(self, key: Key) -> Any:
        """The row of a key, or None."""

    def put(self, key: Key, row: Any) -> None:
        """Set the row of a key; None takes it away."""


class Layer:
    """Rows written since the layer was laid; what it does not hold is read from below."""

    def __init__(self, below: Below) -> None:
        self._below = below
        self._rows: dict[Key, Any] = {}

    def get(self, key: Key) -> Any:
        """The row of a key, or None."""
        rows = self._rows
        return rows[key] if key in rows else self._below.get(key)

    def put(self, key: Key, row: Any) -> None:
        """Set the row of a key; None takes it away."""
        self._rows[key] = row

    def fold_into(self, below: Below) -> None:
        """Hand everything down."""
        for key, row in self._rows.items():
            below.put(key, row)


class Committed:
    """Committed rows, and the orders in which they are read."""

    def __init__(self) -> None:
        self.rows: dict[Key, Any] = {}
        self._by_case: defaultdict[Key, list[Key]] = defaultdict(list)
        self._by_area: defaultdict[Key, list[Any]] = defaultdict(list)
        self._due: defaultdict[Key, list[tuple[datetime, str]]] = defaultdict(list)
        self._running: defaultdict[str, list[str]] = defaultdict(list)
        self._cases: defaultdict[str, list[str]] = defaultdict(list)
        self._counts: defaultdict[Key, int] = defaultdict(int)

    def get(self, key: Key) -> Any:
        """The row of a key, or None."""
        return self.rows.get(key)

    def put(self, key: Key, row: Any) -> None:
        """Set the row of a key and keep the orders; None takes it away."""
        table, area = key[0], key[1]
        before = self.rows.get(key)
        if row is None:
            self.rows.pop(key, None)
            if before is not None and table == "reference":
                self._by_area[table, area].remove(key)
            return
        self.rows[key] = row
        if table in ("timer", "card", "outbox"):
            self._place(table, area, key, before, row)
        if table in ("timer", "outbox"):
            self._schedule(table, area, before, row)
        if table == "timer":
            self._run(self._running[area], before, row)
        if before is None:
            if table in COUNTED:
                self._counts[area, table] += 1
            elif table in ("head", "reference", "key"):
                self._by_area[table, area].append(key)
            if table == "case":
                insort(self._cases[area], row.case_id)

    def of_case(self, table: str, area: str, case_id: str) -> Iterable[Key]:
        """The keys of a case's rows."""
        return self._by_case.get((table, area, case_id), ())

    def of_area(self, table: str, area: str) -> Iterable[Key]:
        """The keys of an area's rows."""
        return self._by_area.get((table, area), ())

    def due(self, table: str, area: str) -> list[tuple[datetime, str]]:
        """What waits, as (instant, key) in order."""
        return self._due.get((table, area), [])

    def running(self, area: str) -> list[str]:
        """The ids of the timers that run, in order."""
        return self._running.get(area, [])

    def cases(self, area: str) -> list[str]:
        """The ids of the cases, in order."""
        return self._cases.get(area, [])

    def counts(self, area: str) -> dict[str, int]:
        """How many rows of each counted table."""
        return {name: self._counts.get((area, table), 0) for table, name in COUNTED.items()}

    def _place(self, table: str, area: str, key: Key, before: Any, row: Any) -> None:
        if before is not None and before.case_id != row.case_id:
            self._by_case[table, area, before.case_id].remove(key)
        if before is None or before.case_id != row.case_id:
            self._by_case[table, area, row.case_id].append(key)

    def _schedule(self, table: str, area: str, before: Any, row: Any) -> None:
        old, new = _waits(before), _waits(row)
        if old == new:
            return
        order = self._due[table, area]
        if old is not None:
            del order[bisect_left(order, old)]
        if new is not None:
            insort(order, new)

    @staticmethod
    def _run(order: list[str], before: Any, row: Any) -> None:
        runs, ran = row.stopped_at is None, before is not None and before.stopped_at is None
        if runs and not ran:
            insort(order, row.timer_id)
        elif ran and not runs:
            del order[bisect_left(order, row.timer_id)]


def _waits(row: Any) -> tuple[datetime, str] | None:
    """When a timer fires or an outbox row is tried next, with its key; None when it does not wait."""
    if row is None:
        return None
    if hasattr(row, "timer_id"):
        return None if row.next_fire_at is None or row.stopped_at is not None else (row.next_fire_at, row.timer_id)
    return None if row.next_attempt_at is None or row.state != "pending" else (row.next_attempt_at, row.key)
