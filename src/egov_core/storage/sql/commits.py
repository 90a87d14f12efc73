"""What a SQL storage asks of whatever commits for it: functions in, what each gave or raised out.

Rules of this room: promises and their values, no implementation. `shared_commits.py` is one for a single writer;
a database with many writers gives each call a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import attrs

from egov_core.errors import StorageError
from egov_core.ports.storage import Unit


@attrs.define
class Outcome:
    """What a function gave, or raised."""

    value: Any = None
    error: BaseException | None = None


class Commits(Protocol):
    """Runs functions in units and commits them."""

    def submit(self, functions: Sequence[Callable[[Unit], Any]]) -> list[Outcome]:
        """Have the functions run and committed in one commit: what each gave or raised."""

    def close(self) -> bool:
        """Take no more, and wait until what was begun is done. False when it had been closed before."""


def failed_alike(error: StorageError, count: int) -> list[Outcome]:
    """The same failure for each of `count` functions, as exceptions of their own."""
    outcomes = []
    for _ in range(count):
        copy = type(error)(error.message, remedy=error.remedy, **error.data)
        copy.__cause__ = error
        outcomes.append(Outcome(error=copy))
    return outcomes
