"""What the library's backends refuse, in the same words whatever they keep their rows in.

Rules of this room: an error for each promise of `ports.storage` that can be broken from outside, by its number. Who
raises it has written nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from egov_core.errors import ConflictError, StorageError, UnknownError
from egov_core.ports.storage import CardRow, CaseRow, ReferenceRow, StoredEvent


def unit_over() -> StorageError:
    """A unit was used after its `write` (S3)."""
    return StorageError("this unit of work is over", remedy="write in the function given to `write` only")


def unit_within_unit() -> StorageError:
    """A `write` was begun inside a unit (S3)."""
    return StorageError("a unit cannot start another one", remedy="do everything in the one function")


def closed_from_within() -> StorageError:
    """`close` was called inside a unit (S3)."""
    return StorageError("a unit cannot close its own storage", remedy="close after `write` has returned")


def storage_closed() -> StorageError:
    """Anything was asked after `close` (S11)."""
    return StorageError("the storage is closed", remedy="open it again")


def number_taken(row: CaseRow) -> ConflictError:
    """The number of a case is that of another one (S6)."""
    return ConflictError(
        f"number {row.number} belongs to another case", remedy="take the next number", number=row.number
    )


def check_continuing(events: Sequence[StoredEvent], last: int) -> None:
    """Raise ConflictError unless all these events continue the stream of the first one, which stands at `last` (S5)."""
    area, stream = events[0].area, events[0].stream
    for position, event in enumerate(events, start=last + 1):
        if (event.area, event.stream, event.position) != (area, stream, position):
            raise ConflictError(
                f"{stream} stands at {last}: {event.stream}/{event.position} does not continue it",
                remedy="read the stream again and decide again",
                stream=stream,
                position=last,
            )


def no_such_card(row: CardRow) -> UnknownError:
    """A card that is to be revoked is not in the ledger."""
    return UnknownError(
        f"timer {row.timer_id} has no card {row.level} by {row.rule}",
        remedy="revoke a card of the ledger",
        timer_id=row.timer_id,
        rule=row.rule,
    )


def reference_differs(row: ReferenceRow) -> ConflictError:
    """Reference data that are to be taken away are not stored just so (S15)."""
    return ConflictError(
        f"the reference data {row.kind} {row.code} are not what was to be taken away",
        remedy="read them again: somebody else was first",
        kind=row.kind,
        code=row.code,
    )
