"""The unit of work on SQL.

Rules of this room: what a unit may do and when it is refused; statements stand in `statements.py`, columns in
`rows.py`. Correctness rests on unique constraints and compare-and-set: what decides is the row count of a statement
that passes known keys over. Every call does all it was asked or raises and does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from egov_core.domain.audit import GENESIS
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
from egov_core.storage.refusals import check_continuing, no_such_card, number_taken, reference_differs, unit_over
from egov_core.storage.sql import rows as r
from egov_core.storage.sql.columns import seconds
from egov_core.storage.sql.runner import Runner
from egov_core.storage.sql.search_index import ITEM, ORGAN, Columns, NameColumns, name_terms, postings
from egov_core.storage.sql.statements import Statements


class SqlUnit:
    """What a function given to `write` may do, within a transaction that somebody else commits."""

    def __init__(self, runner: Runner, statements: Statements) -> None:
        self._open: Runner | None = runner
        self._s = statements
        self._heads: dict[tuple[str, str], tuple[int, str]] = {}

    def end(self) -> None:
        """Refuse everything from now on."""
        self._open = None

    @property
    def _run(self) -> Runner:
        if self._open is None:
            raise unit_over()
        return self._open

    def next_number(self, area: str, series: str) -> int:
        """The next number of a series, from 1 (S7)."""
        found = self._run.one(self._s.next_number, (area, series))
        assert found is not None
        number: int = found[0]
        return number

    def recall(self, area: str, actor: str, key: str) -> IdempotencyRow | None:
        """What this key was used for, this commit included."""
        found = self._run.one(self._s.recall, (area, actor, key))
        return None if found is None else r.key(found)

    def remember(self, row: IdempotencyRow) -> None:
        """Record the use of a key (S6)."""
        self._insert(self._s.remember, [r.key_columns(row)], f"key {row.key} of {row.actor}")

    def case(self, area: str, case_id: str) -> CaseRow | None:
        """The case as this commit sees it."""
        found = self._run.one(self._s.case, (area, case_id))
        return None if found is None else r.case(found)

    def save_case(self, row: CaseRow, *, expected: int) -> bool:
        """Compare-and-set on the version (S4)."""
        columns = r.case_columns(row)
        if expected == 0:
            if self._run.run(self._s.insert_case, columns) == 1:
                return True
            if self._run.one(self._s.case, columns[:2]) is not None:
                return False
            raise number_taken(row)
        changed = self._run.run(
            self._s.update_case, (*columns[2:], *columns[:2], expected, row.area, row.number, row.case_id)
        )
        if changed == 1:
            return True
        stored = self._run.one(self._s.case, columns[:2])
        if stored is not None and stored[2] == expected:
            raise number_taken(row)
        return False

    def append(self, events: Sequence[StoredEvent]) -> None:
        """Append to one stream (S5)."""
        if not events:
            return
        area, stream = events[0].area, events[0].stream
        last, _ = self.head(area, stream)
        check_continuing(events, last)
        with _Whole(self._run, len(events)):
            self._run.many(self._s.append, [r.event_columns(event) for event in events])
        self._heads[area, stream] = (events[-1].position, events[-1].head)

    def head(self, area: str, stream: str) -> tuple[int, str]:
        """Last position and head of a stream; (0, sixty-four zeros) for an empty one."""
        run = self._run
        known = self._heads.get((area, stream))
        if known is None:
            position, head = run.one(self._s.head, (area, stream)) or (0, GENESIS)
            known = self._heads[area, stream] = (position, head)
        return known

    def put_timers(self, rows: Sequence[TimerRow]) -> None:
        """Insert or replace timers by (area, timer_id)."""
        if not rows:
            return
        with _Whole(self._run, len(rows)):
            self._run.many(self._s.put_timer, [r.timer_columns(row) for row in rows])

    def issue_cards(self, rows: Sequence[CardRow]) -> None:
        """Insert cards (S6)."""
        self._insert(self._s.issue_card, [r.card_columns(row) for row in rows], "a card of this timer, rule and level")

    def revoke_card(self, row: CardRow) -> None:
        """Set `revoked_at` and `revoke_reason` of the card that `row` names by its key."""
        if self._run.run(self._s.revoke_card, r.revocation_columns(row)) != 1:
            raise no_such_card(row)

    def enqueue(self, rows: Sequence[OutboxRow]) -> None:
        """Insert outbox rows; a key used before raises ConflictError."""
        self._insert(self._s.enqueue, [r.outbox_columns(row) for row in rows], "an outbox row of this key")

    def settle(self, row: OutboxRow, *, fence: int) -> bool:
        """Replace an outbox row if the stored one has this fence; False otherwise (S14)."""
        columns = r.outbox_columns(row)
        return self._run.run(self._s.settle, (*columns[2:], *columns[:2], fence)) == 1

    def put_subject(self, row: SubjectRow) -> None:
        """Insert or replace the personal values of a subject."""
        self._run.run(self._s.put_subject, r.subject_columns(row))

    def put_references(self, rows: Sequence[ReferenceRow]) -> None:
        """Insert or replace reference data with the terms they are found by, and count the area's version up."""
        if not rows:
            return
        with _Whole(self._run, 2 * len(rows)):
            # First of all: whoever else writes reference data of the area waits here, so that the row that is replaced
            # is the one read below, and none of its terms stays behind.
            for area in sorted({row.area for row in rows}):
                self._run.run(self._s.count_references, (area,))
            written = {(row.area, row.kind, row.code, row.version): row for row in rows}
            held = (self._run.one(self._s.reference, key) for key, row in written.items() if row.kind in (ITEM, ORGAN))
            self._index([r.reference(one) for one in held if one is not None], written.values())
            self._run.many(self._s.put_reference, [r.reference_columns(row) for row in rows])

    def _index(self, before: Iterable[ReferenceRow], after: Iterable[ReferenceRow]) -> None:
        """Exchange the terms of the rows as they were for those of the rows as they are now."""
        gone: set[Columns] = set()
        fresh: set[Columns] = set()
        named_no_more: set[NameColumns] = set()
        named: set[NameColumns] = set()
        for row in before:
            gone |= postings(row)
            named_no_more |= name_terms(row)
        for row in after:
            fresh |= postings(row)
            named |= name_terms(row)
        if gone - fresh:
            self._run.many(self._s.drop_posting, [one[:5] for one in sorted(gone - fresh)])
        if fresh - gone:
            self._run.many(self._s.put_posting, sorted(fresh - gone))
        if named_no_more - named:
            self._run.many(self._s.drop_name, [one[:3] for one in sorted(named_no_more - named)])
        if named - named_no_more:
            self._run.many(self._s.put_name, sorted(named - named_no_more))

    def drop_references(self, rows: Sequence[ReferenceRow]) -> None:
        """Take reference data and their terms away; ConflictError unless each row is stored just so (S15)."""
        if not rows:
            return
        with _Whole(self._run, 2 * len(rows)):
            for row in rows:
                if self._run.run(self._s.drop_reference, r.reference_columns(row)) != 1:
                    raise reference_differs(row)
            self._index(rows, ())
            for area in sorted({row.area for row in rows}):
                self._run.run(self._s.count_references, (area,))

    def reference_version(self, area: str) -> int:
        """How often the area's reference data were written, this unit included (S15)."""
        found = self._run.one(self._s.reference_version, (area,))
        return 0 if found is None else int(found[0])

    def advance(self, area: str, instant: datetime) -> None:
        """Move the area's last persisted instant forward; an earlier one is ignored."""
        self._run.run(self._s.advance, (area, seconds(instant)))

    def _insert(self, statement: str, rows: Sequence[tuple[Any, ...]], what: str) -> None:
        """Insert rows whose keys are new, or none of them."""
        if not rows:
            return
        with _Whole(self._run, len(rows)):
            if self._run.many(statement, rows) != len(rows):
                raise ConflictError(f"{what} is already there", remedy="read again: somebody else was first")


class _Whole:
    """All of several statements, or none of them; one alone is whole by itself."""

    def __init__(self, run: Runner, statements: int) -> None:
        self._run = run
        self._needed = statements > 1

    def __enter__(self) -> None:
        if self._needed:
            self._run.run("SAVEPOINT call")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if not self._needed:
            return
        if kind is not None and self._run.failure is None:
            self._run.run("ROLLBACK TO call")
        if self._run.failure is None:
            self._run.run("RELEASE call")
