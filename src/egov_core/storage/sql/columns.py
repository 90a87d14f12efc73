"""How a field looks in a column, and what is said of a row that cannot be read.

Rules of this room: the same on every database. Instants are seconds since 1970 (fractions dropped); what a column holds
that no field can be is damage of the store, never a value near it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from egov_core.domain.legal import CHINA, ONE_SECOND, instant
from egov_core.errors import IntegrityError

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


def seconds_or_none(value: datetime | None) -> int | None:
    """An instant as a column that may be empty."""
    return None if value is None else seconds(value)


def moment_or_none(value: int | None) -> datetime | None:
    """An instant from a column that may be empty."""
    return None if value is None else moment(value)


def whole_row(kind: str) -> Callable[[Callable[[Columns], T]], Callable[[Columns], T]]:
    """What a row cannot be read as is damage of the store, and is said as such."""

    def reading(read: Callable[[Columns], T]) -> Callable[[Columns], T]:
        @wraps(read)
        def guarded(columns: Columns) -> T:
            try:
                return read(columns)
            except (TypeError, ValueError, OverflowError, OSError) as error:
                raise IntegrityError(
                    f"a row of kind {kind} is damaged ({columns[:3]}): {error}",
                    remedy="run egov verify --config FILE, and restore a backup",
                ) from error

        return guarded

    return reading
