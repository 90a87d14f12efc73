"""What we ask of a storage backend: the write contract.

Rules of this room: promises, no implementation; rows are plain values, bytes are opaque to the store. The conformance
kit cites the numbers.

S1  `write(fn)` runs `fn` with a unit and commits all it did, or nothing. When it returns, the commit is durable.
S2  A backend may run `fn` again, or several callers' functions in one commit; an exception from one undoes only its
    own.
S3  An exception raised by `fn` reaches its caller unchanged. A unit used after its `write`, and a `write` begun inside
    a unit, raise StorageError.
S4  `save_case` is compare-and-set: it returns False and changes nothing unless the stored version is `expected`
    (0: the case must not exist).
S5  `append` continues a stream without gap: the first position must be one more than the last stored; else
    ConflictError.
S6  A card is unique by (area, timer, rule, level, epoch) and an idempotency record by (area, actor, key); a second one
    raises ConflictError, as does a case number that another case holds. A refused call has done nothing, so that
    `fn` may catch it and go on.
S7  `next_number` never gives a number of a series twice; a number is given for good only by its commit, so a series has
    no gaps.
S8  Reads outside a unit see only committed data, and everything acknowledged before they began.
S9  Rows come back equal to what was put, byte for byte; instants come back aware, to the second.
S10 `due_timers` gives the running timers with `next_fire_at` not after `until`, oldest first; `due_outbox` likewise.
    `outbox_of` gives every outbox row of a case, whatever has become of it, in order of its key.
S11 After `close` every call raises StorageError. Closing twice does no harm.
S12 Any failure of the medium raises StorageError; nothing of that unit is then visible.
S13 `running_timers` gives, in order of `timer_id` and after a given one, running timers whose days, from that of
    `started_at` to `covers_to`, meet the days asked for; page by page every one of them appears once.
S14 `settle` is compare-and-set on the fence of an outbox row: it returns False and changes nothing unless the stored
    row has that fence. Whoever takes a row raises its fence, so that one who was overtaken settles nothing.
S15 `drop_references` takes away rows of reference data that are stored byte for byte as given, and the area's reference
    version goes up; if one of them is not, it raises ConflictError and has done nothing. `reference_version` in a unit
    counts what that unit has written as well, so that who has written knows whether somebody else had before.
S16 `cases` gives, in order of `case_id` and after a given one, the rows of cases; page by page every one of them
    appears once.
S17 `areas` gives, in order, every area whose reference data were written or whose instant was moved, each once: a store
    that gives none is empty, whichever county asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

import attrs

if TYPE_CHECKING:
    from egov_core.ports.queries import Queries

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class StoredEvent:
    """An event as bytes, linked into the chain of its stream; `head` is the chain's head after it."""

    area: str
    stream: str
    position: int
    type: str
    at: datetime
    entered_at: datetime
    actor: str
    payload: bytes
    head: str


@attrs.frozen(kw_only=True)
class CaseRow:
    """The state of a case: the columns that questions are asked about, and the whole as `data`."""

    area: str
    case_id: str
    version: int
    number: str
    query_digest: str
    item: str
    item_name: str
    organ: str
    state: str
    whole: str
    received_at: datetime
    accepted_at: datetime | None
    concluded_at: datetime | None
    data: bytes
    head: str


@attrs.frozen(kw_only=True)
class TimerRow:
    """A timer's cached answers, reproduced by a refold byte for byte.

    `days_digest` is that of the calendar's days from `started_at` to `covers_to`, on which everything here rests.
    """

    area: str
    timer_id: str
    case_id: str
    kind: str
    organ: str
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    last_day: date | None
    next_fire_at: datetime | None
    provisional: bool
    days_digest: str
    covers_to: date
    policy: str


@attrs.frozen(kw_only=True)
class CardRow:
    """A card in the ledger: never deleted, at most revoked."""

    area: str
    timer_id: str
    rule: str
    level: str
    epoch: int
    case_id: str
    timer_kind: str
    organ: str
    at: datetime
    issued_at: datetime
    due_at: datetime | None
    policy: str
    provisional: bool
    revoked_at: datetime | None = None
    revoke_reason: str = ""


@attrs.frozen(kw_only=True)
class OutboxRow:
    """Something to send, its body frozen when it was written. `state`: pending, delivered, refused or dead.

    `next_attempt_at` of a row that a worker has taken is the end of its lease; `fence` rises each time it is written,
    so that a worker whose lease has run out finds that it has been overtaken (S14).
    """

    area: str
    key: str
    kind: str
    target: str
    case_id: str
    body: bytes
    created_at: datetime
    next_attempt_at: datetime | None
    attempts: int = 0
    state: str = "pending"
    answer: bytes = b""
    fence: int = 0


@attrs.frozen(kw_only=True)
class IdempotencyRow:
    """What a key of an actor was used for, and what was answered."""

    area: str
    actor: str
    key: str
    digest: str
    answer: bytes
    at: datetime


@attrs.frozen(kw_only=True)
class SubjectRow:
    """The personal values of an applicant and the key of their digests; destroying the row forgets the person."""

    area: str
    subject: str
    secret: bytes
    data: bytes


@attrs.frozen(kw_only=True)
class ReferenceRow:
    """One entry of the area's reference data: an organ, a person, a grant or an item version."""

    area: str
    kind: str
    code: str
    version: int
    data: bytes


class Unit(Protocol):
    """What a function given to `write` may do. It touches nothing else."""

    def next_number(self, area: str, series: str) -> int:
        """The next number of a series, from 1 (S7)."""

    def recall(self, area: str, actor: str, key: str) -> IdempotencyRow | None:
        """What this key was used for, this commit included."""

    def remember(self, row: IdempotencyRow) -> None:
        """Record the use of a key (S6)."""

    def case(self, area: str, case_id: str) -> CaseRow | None:
        """The case as this commit sees it."""

    def save_case(self, row: CaseRow, *, expected: int) -> bool:
        """Compare-and-set on the version (S4)."""

    def append(self, events: Sequence[StoredEvent]) -> None:
        """Append to one stream (S5)."""

    def head(self, area: str, stream: str) -> tuple[int, str]:
        """Last position and head of a stream; (0, sixty-four zeros) for an empty one."""

    def put_timers(self, rows: Sequence[TimerRow]) -> None:
        """Insert or replace timers by (area, timer_id)."""

    def issue_cards(self, rows: Sequence[CardRow]) -> None:
        """Insert cards (S6)."""

    def revoke_card(self, row: CardRow) -> None:
        """Set `revoked_at` and `revoke_reason` of the card `row` names by its key; UnknownError if there is none."""

    def enqueue(self, rows: Sequence[OutboxRow]) -> None:
        """Insert outbox rows; a key used before raises ConflictError."""

    def settle(self, row: OutboxRow, *, fence: int) -> bool:
        """Replace an outbox row if the stored one has this fence; False otherwise (S14)."""

    def put_subject(self, row: SubjectRow) -> None:
        """Insert or replace the personal values of a subject."""

    def put_references(self, rows: Sequence[ReferenceRow]) -> None:
        """Insert or replace reference data by (area, kind, code, version); the area's reference version goes up."""

    def drop_references(self, rows: Sequence[ReferenceRow]) -> None:
        """Take reference data away; ConflictError unless each row is stored just so (S15)."""

    def reference_version(self, area: str) -> int:
        """How often the area's reference data were written, this unit included (S15)."""

    def advance(self, area: str, instant: datetime) -> None:
        """Move the area's last persisted instant forward; an earlier one is ignored."""


class Storage(Protocol):
    """A storage backend."""

    name: str

    def write(self, fn: Callable[[Unit], T]) -> T:
        """Run `fn` in a unit of work (S1-S3)."""

    def case(self, area: str, case_id: str) -> CaseRow | None:
        """A case by its id."""

    def case_by_number(self, area: str, number: str) -> CaseRow | None:
        """A case by its number."""

    def cases(self, area: str, after: str, limit: int) -> tuple[CaseRow, ...]:
        """At most `limit` cases, in order of case_id after `after` (S16): for what looks at every case."""

    def events(self, area: str, stream: str) -> tuple[StoredEvent, ...]:
        """The events of a stream in order of position. The stream of a case is its `case_id`."""

    def streams(self, area: str) -> Iterator[str]:
        """The names of all streams, in order of name."""

    def timers(self, area: str, case_id: str) -> tuple[TimerRow, ...]:
        """The timers of a case in order of timer_id."""

    def due_timers(self, area: str, until: datetime, limit: int) -> tuple[TimerRow, ...]:
        """Running timers whose `next_fire_at` is not after `until` (S10)."""

    def running_timers(self, area: str, first: date, last: date, after: str, limit: int) -> tuple[TimerRow, ...]:
        """At most `limit` running timers that rest on a day from `first` to `last`, by timer_id after `after` (S13)."""

    def cards(self, area: str, case_id: str) -> tuple[CardRow, ...]:
        """The cards of a case by (at, timer_id, rule, epoch)."""

    def outbox(self, area: str, key: str) -> OutboxRow | None:
        """An outbox row by its key."""

    def due_outbox(self, area: str, until: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """Pending outbox rows whose `next_attempt_at` is not after `until` (S10)."""

    def outbox_of(self, area: str, case_id: str) -> tuple[OutboxRow, ...]:
        """The outbox rows of a case, in order of key (S10)."""

    def recall(self, area: str, actor: str, key: str) -> IdempotencyRow | None:
        """What a key of an actor was used for."""

    def remembered(self, area: str) -> Iterator[IdempotencyRow]:
        """Every use of a key, in order of actor and key."""

    def subject(self, area: str, subject: str) -> SubjectRow | None:
        """The personal values of a subject; None when they were never stored or have been destroyed."""

    def references(self, area: str, kind: str) -> tuple[ReferenceRow, ...]:
        """The reference data of a kind by (code, version)."""

    def reference_version(self, area: str) -> int:
        """How often the area's reference data were written."""

    def last_instant(self, area: str) -> datetime | None:
        """The area's last persisted instant."""

    def areas(self) -> tuple[str, ...]:
        """The areas of which the store holds anything (S17)."""

    def counts(self, area: str) -> dict[str, int]:
        """How many `cases`, `events`, `timers`, `cards`, `outbox` rows there are."""

    def queries(self, levels: Sequence[str]) -> Queries | None:
        """The read side, with the card levels from mild to grave; None where the backend has none."""

    def close(self) -> None:
        """Release files, locks and connections (S11)."""
