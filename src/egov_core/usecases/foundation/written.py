"""Which kinds of reference data a process has written itself, so that it need not read the others again.

Rules of this room: what is noted is proved by the count of the store and never assumed. A unit that has written knows
how often the area's reference data had been written before it (S15); whoever held them at that count, and hears of
nobody else, knows that nothing but these kinds has changed. Any gap in the count, and everything is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar, cast

import attrs

from egov_core.ports.storage import ReferenceRow, Storage, Unit

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Step:
    """What one commit wrote: the count of the area before and after it, and the kinds of what it wrote."""

    before: int
    after: int
    kinds: frozenset[str]


@attrs.define
class Steps:
    """The commits of this process since somebody last read, by the count before each. Use it from any thread."""

    _by_count: dict[int, Step] = attrs.field(factory=dict)

    def add(self, step: Step) -> None:
        """Note a commit."""
        self._by_count[step.before] = step

    def kinds_since(self, read_at: int, count: int) -> frozenset[str] | None:
        """The kinds that may have changed since the count was `read_at`; None where others may have written too."""
        kinds, at = frozenset[str](), read_at
        while at != count:
            step = self._by_count.get(at)
            if step is None:
                return None
            kinds, at = kinds | step.kinds, step.after
        return kinds

    def forget_before(self, count: int) -> None:
        """Nobody asks for what was written before this count any more."""
        for before in [*self._by_count]:
            if before < count:
                self._by_count.pop(before, None)


def watched(storage: Storage, area: str, tell: Callable[[Step], None]) -> Storage:
    """A storage that tells what each of its commits wrote of an area's reference data, and else is that storage."""
    return cast(Storage, _WatchedStorage(storage, area, tell))


class _WatchedStorage:
    """A storage whose units are watched."""

    def __init__(self, storage: Storage, area: str, tell: Callable[[Step], None]) -> None:
        self._storage, self._area, self._tell = storage, area, tell

    def write(self, fn: Callable[[Unit], T]) -> T:
        def run(unit: Unit) -> tuple[T, Step | None]:
            seen = _WatchedUnit(unit, self._area)  # a new one each time, for the store may run it again (S2)
            return fn(cast(Unit, seen)), seen.step()

        value, step = self._storage.write(run)
        if step is not None:  # told after the commit: before it nothing has happened
            self._tell(step)
        return value

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)


class _WatchedUnit:
    """A unit that remembers how often it wrote reference data of an area, and of which kinds."""

    def __init__(self, unit: Unit, area: str) -> None:
        self._unit, self._area = unit, area
        self._times = 0
        self._kinds = set[str]()

    def put_references(self, rows: Sequence[ReferenceRow]) -> None:
        self._unit.put_references(rows)
        self._note(rows)

    def drop_references(self, rows: Sequence[ReferenceRow]) -> None:
        self._unit.drop_references(rows)
        self._note(rows)

    def _note(self, rows: Collection[ReferenceRow]) -> None:
        kinds = {row.kind for row in rows if row.area == self._area}
        self._times += bool(kinds)
        self._kinds |= kinds

    def step(self) -> Step | None:
        """What was written; None where nothing was."""
        if not self._kinds:
            return None
        after = self._unit.reference_version(self._area)
        return Step(before=after - self._times, after=after, kinds=frozenset(self._kinds))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)
