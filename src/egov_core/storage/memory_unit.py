"""The unit of work of the memory storage.

Rules of this room: what a unit may do and when it is refused, on a layer of rows; nothing about locks. Every call
does all it was asked or raises and does nothing, so that a function may catch a conflict and go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

import attrs

from egov_core.domain.audit import GENESIS
from egov_core.domain.legal import CHINA
from egov_core.domain.legal import instant as whole_seconds
from egov_core.errors import ConflictError
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
from egov_core.storage.memory_layers import Key, Layer
from egov_core.storage.refusals import check_continuing, no_such_card, number_taken, reference_differs, unit_over

R = TypeVar("R", bound=attrs.AttrsInstance)


class MemoryUnit:
    """What a function given to `write` may do, on a layer that is folded down when it succeeds."""

    def __init__(self, layer: Layer) -> None:
        self._open: Layer | None = layer

    def end(self) -> None:
        """Refuse everything from now on."""
        self._open = None

    @property
    def _layer(self) -> Layer:
        if self._open is None:
            raise unit_over()
        return self._open

    def next_number(self, area: str, series: str) -> int:
        """The next number of a series, from 1 (S7)."""
        key = ("series", area, series)
        number: int = (self._layer.get(key) or 0) + 1
        self._layer.put(key, number)
        return number

    def recall(self, area: str, actor: str, key: str) -> IdempotencyRow | None:
        """What this key was used for, this commit included."""
        found: IdempotencyRow | None = self._layer.get(("key", area, actor, key))
        return found

    def remember(self, row: IdempotencyRow) -> None:
        """Record the use of a key (S6)."""
        self._insert([(("key", row.area, row.actor, row.key), row)])

    def case(self, area: str, case_id: str) -> CaseRow | None:
        """The case as this commit sees it."""
        found: CaseRow | None = self._layer.get(("case", area, case_id))
        return found

    def save_case(self, row: CaseRow, *, expected: int) -> bool:
        """Compare-and-set on the version (S4)."""
        stored = self.case(row.area, row.case_id)
        if (0 if stored is None else stored.version) != expected or (stored is not None and expected == 0):
            return False
        holder = self._layer.get(("number", row.area, row.number))
        if holder not in (None, row.case_id):
            raise number_taken(row)
        if stored is not None and stored.number != row.number:
            self._layer.put(("number", row.area, stored.number), None)
        self._layer.put(("number", row.area, row.number), row.case_id)
        self._layer.put(("case", row.area, row.case_id), to_the_second(row))
        return True

    def append(self, events: Sequence[StoredEvent]) -> None:
        """Append to one stream (S5)."""
        if not events:
            return
        area, stream = events[0].area, events[0].stream
        last, _ = self.head(area, stream)
        check_continuing(events, last)
        kept = [to_the_second(event) for event in events]
        for event in kept:
            self._layer.put(("event", area, stream, event.position), event)
        self._layer.put(("head", area, stream), (kept[-1].position, kept[-1].head))

    def head(self, area: str, stream: str) -> tuple[int, str]:
        """Last position and head of a stream; (0, sixty-four zeros) for an empty one."""
        found: tuple[int, str] | None = self._layer.get(("head", area, stream))
        return found or (0, GENESIS)

    def put_timers(self, rows: Sequence[TimerRow]) -> None:
        """Insert or replace timers by (area, timer_id)."""
        for row in [to_the_second(row) for row in rows]:
            self._layer.put(("timer", row.area, row.timer_id), row)

    def issue_cards(self, rows: Sequence[CardRow]) -> None:
        """Insert cards (S6)."""
        self._insert([(_card_key(row), row) for row in rows])

    def revoke_card(self, row: CardRow) -> None:
        """Set `revoked_at` and `revoke_reason` of the card that `row` names by its key."""
        stored: CardRow | None = self._layer.get(_card_key(row))
        if stored is None:
            raise no_such_card(row)
        revoked = attrs.evolve(stored, revoked_at=row.revoked_at, revoke_reason=row.revoke_reason)
        self._layer.put(_card_key(row), to_the_second(revoked))

    def enqueue(self, rows: Sequence[OutboxRow]) -> None:
        """Insert outbox rows; a key used before raises ConflictError."""
        self._insert([(("outbox", row.area, row.key), row) for row in rows])

    def settle(self, row: OutboxRow, *, fence: int) -> bool:
        """Replace an outbox row if the stored one has this fence; False otherwise (S14)."""
        stored: OutboxRow | None = self._layer.get(("outbox", row.area, row.key))
        if stored is None or stored.fence != fence:
            return False
        self._layer.put(("outbox", row.area, row.key), to_the_second(row))
        return True

    def put_subject(self, row: SubjectRow) -> None:
        """Insert or replace the personal values of a subject."""
        self._layer.put(("subject", row.area, row.subject), to_the_second(row))

    def put_references(self, rows: Sequence[ReferenceRow]) -> None:
        """Insert or replace reference data, and count the area's reference version up."""
        for row in rows:
            self._layer.put(("reference", row.area, row.kind, row.code, row.version), to_the_second(row))
        self._count_references({row.area for row in rows})

    def drop_references(self, rows: Sequence[ReferenceRow]) -> None:
        """Take reference data away; ConflictError unless each row is stored just so (S15)."""
        keys = [("reference", row.area, row.kind, row.code, row.version) for row in rows]
        for key, row in zip(keys, rows, strict=True):
            if keys.count(key) > 1 or self._layer.get(key) != to_the_second(row):
                raise reference_differs(row)
        for key in keys:
            self._layer.put(key, None)
        self._count_references({row.area for row in rows})

    def reference_version(self, area: str) -> int:
        """How often the area's reference data were written, this unit included (S15)."""
        return self._layer.get(("references", area)) or 0

    def _count_references(self, areas: set[str]) -> None:
        for area in areas:
            self._layer.put(("references", area), (self._layer.get(("references", area)) or 0) + 1)

    def advance(self, area: str, instant: datetime) -> None:
        """Move the area's last persisted instant forward; an earlier one is ignored."""
        reached: datetime | None = self._layer.get(("instant", area))
        at = whole_seconds(instant)
        if reached is None or reached < at:
            self._layer.put(("instant", area), at)

    def _insert(self, rows: Sequence[tuple[Key, attrs.AttrsInstance]]) -> None:
        """Put rows whose keys are new, or none of them."""
        keys: set[Key] = set()
        for key, _ in rows:
            if key in keys or self._layer.get(key) is not None:
                raise ConflictError(
                    f"{' / '.join(str(part) for part in key)} is already there",
                    remedy="read again: somebody else was first",
                    key=list(key[1:]),
                )
            keys.add(key)
        kept = [(key, to_the_second(row)) for key, row in rows]
        for key, row in kept:
            self._layer.put(key, row)


def _card_key(row: CardRow) -> Key:
    return ("card", row.area, row.timer_id, row.rule, row.level, row.epoch)


def to_the_second(row: R) -> R:
    """`row` with whole seconds in the zone of the law and unalterable bytes; itself where it already is so."""
    changes: dict[str, object] = {}
    for field in attrs.fields(type(row)):
        value = getattr(row, field.name)
        if isinstance(value, datetime) and (value.tzinfo is not CHINA or value.microsecond):
            changes[field.name] = whole_seconds(value)
        elif isinstance(value, (bytearray, memoryview)):
            changes[field.name] = bytes(value)
    return attrs.evolve(cast(Any, row), **changes) if changes else row
