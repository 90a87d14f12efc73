"""Running compiled statements on a driver's connection.

Rules of this room: parameters in, tuples out; every error of the driver becomes a StorageError here. An error of the
medium (disk, lock, connection, damaged file) is remembered in `failure`, so that no function that swallows it can have
the rest committed; an error of one row (a value the driver or the database does not take) is that row's alone, and the
last one is kept in `refused` for databases that give up the transaction with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import attrs

from egov_core.errors import StorageError

UNTAKEN: tuple[type[Exception], ...] = (UnicodeEncodeError, OverflowError)
"""What drivers raise, beside errors of their own, for a lone surrogate and for a number of too many digits."""


@attrs.frozen(kw_only=True)
class Driver:
    """What a dialect says about its driver's errors.

    `errors` are all that it raises; `of_a_row` tells whether one is about the values given and nothing else; `says` is
    what may be shown of it; `read` makes any other one ours.
    """

    errors: tuple[type[Exception], ...]
    of_a_row: Callable[[Exception], bool]
    says: Callable[[Exception], str]
    read: Callable[[Exception], StorageError]


class Runner:
    """A cursor that speaks StorageError."""

    def __init__(self, connection: Any, driver: Driver) -> None:
        self._cursor = connection.cursor()
        self._driver = driver
        self._errors = driver.errors + UNTAKEN
        self.failure: StorageError | None = None
        self.refused: StorageError | None = None

    def one(self, statement: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, if any."""
        rows = self.all(statement, parameters)
        return rows[0] if rows else None

    def all(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows."""
        try:
            rows: list[tuple[Any, ...]] = self._cursor.execute(statement, parameters).fetchall()
        except self._errors as error:
            self._fail(error)
        return rows

    def run(self, statement: str, parameters: Sequence[Any] = ()) -> int:
        """How many rows were changed."""
        try:
            count: int = self._cursor.execute(statement, parameters).rowcount
        except self._errors as error:
            self._fail(error)
        return count

    def many(self, statement: str, rows: Sequence[Sequence[Any]]) -> int:
        """How many rows were changed by all together."""
        if len(rows) == 1:
            return self.run(statement, rows[0])
        try:
            self._cursor.executemany(statement, rows)
        except self._errors as error:
            self._fail(error)
        count: int = self._cursor.rowcount
        return count

    def _fail(self, error: Exception) -> NoReturn:
        if isinstance(error, UNTAKEN) or self._driver.of_a_row(error):
            self.refused = not_taken(error, self._driver)
            raise self.refused from None  # the driver's own text may quote the row
        self.failure = self._driver.read(error)
        raise self.failure from error


def not_taken(error: Exception, driver: Driver) -> StorageError:
    """The error of a row whose values the store does not take."""
    # The text of a UnicodeEncodeError is about one character; its object would be the value itself.
    shown = driver.says(error) if isinstance(error, driver.errors) else str(error)
    return StorageError(f"the store does not take this row: {shown}", remedy="look at the values of the row")
