"""Running compiled statements on a driver's connection.

Rules of this room: parameters in, tuples out; every error of the driver becomes a StorageError here. An error of the
medium (disk, lock, damaged file) is remembered in `failure`, so that no function that swallows it can have the rest
committed; an error of one row (a value the driver does not take) is that row's alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from egov_core.errors import StorageError

Translate = Callable[[Exception], StorageError]


class Runner:
    """A cursor that speaks StorageError. `driver` is the DB-API module, `translate` the dialect's reading of it."""

    def __init__(self, connection: Any, driver: Any, translate: Translate) -> None:
        self._cursor = connection.cursor()
        self._error: type[Exception] = driver.Error
        self._row_errors = (driver.IntegrityError, driver.ProgrammingError, driver.DataError, driver.InterfaceError)
        self._translate = translate
        self.failure: StorageError | None = None

    def one(self, statement: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, if any."""
        try:
            rows = self._cursor.execute(statement, parameters).fetchall()
        except self._error as error:
            self._fail(error)
        return rows[0] if rows else None

    def all(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows."""
        try:
            rows: list[tuple[Any, ...]] = self._cursor.execute(statement, parameters).fetchall()
        except self._error as error:
            self._fail(error)
        return rows

    def run(self, statement: str, parameters: Sequence[Any] = ()) -> int:
        """How many rows were changed."""
        try:
            count: int = self._cursor.execute(statement, parameters).rowcount
        except self._error as error:
            self._fail(error)
        return count

    def many(self, statement: str, rows: Sequence[Sequence[Any]]) -> int:
        """How many rows were changed by all together."""
        try:
            count: int = self._cursor.executemany(statement, rows).rowcount
        except self._error as error:
            self._fail(error)
        return count

    def _fail(self, error: Exception) -> NoReturn:
        if isinstance(error, self._row_errors):
            raise StorageError(
                f"the store does not take this row: {error}", remedy="look at the values of the row"
            ) from error
        self.failure = self._translate(error)
        raise self.failure from error
