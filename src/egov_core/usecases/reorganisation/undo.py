"""Taking a reorganisation back while nothing has been built on it.

Rules of this room: the reference data are again what they were, to the byte; cases, timers and cards are not touched.
The chains keep that the plan was there, and say of every row that it is as before. Where anything stands on the plan,
all of it is named, and nothing is undone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import attrs

from egov_core.domain.authority import Appointment, Delegation, Grant, Post, StandIn
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.organisation import Organ
from egov_core.domain.people import Actor, Person
from egov_core.domain.reorganisation.changes import Value
from egov_core.domain.reorganisation.record import Reorganisation
from egov_core.errors import ConflictError, ReorganisationError, UnknownError
from egov_core.ports.storage import ReferenceRow, Unit
from egov_core.usecases.audit.traces import KIND_OF, UNDONE, WITHDRAWN
from egov_core.usecases.authority.reorganisations import require_in_office, require_reorganiser
from egov_core.usecases.foundation.chaining import following
from egov_core.usecases.foundation.establishing import entry_of
from egov_core.usecases.foundation.registry import (
    APPOINTMENT,
    DELEGATION,
    GRANT,
    ITEM,
    ORGAN,
    PERSON,
    POST,
    REORGANISATION,
    STAND_IN,
)
from egov_core.usecases.foundation.services import Services, check_clock
from egov_core.usecases.reorganisation.built_upon import built_upon, what_to_do
from egov_core.usecases.reorganisation.carrying_through import changed_since, digest_of, read_references, stream_of_plan
from egov_core.wire.codec import decode, loads

KINDS: dict[str, type[Value]] = {
    ORGAN: Organ,
    PERSON: Person,
    POST: Post,
    APPOINTMENT: Appointment,
    GRANT: Grant,
    DELEGATION: Delegation,
    STAND_IN: StandIn,
    ITEM: ItemVersion,
}
"""What the rows that a plan writes hold."""


def undo(
    services: Services, code: str, *, actor: Actor, progress: Callable[[int], object] = lambda _done: None
) -> Reorganisation:
    """Take a plan back: the reference data are again what they were, byte for byte. The chains keep that it was there.

    `progress` is told of each case in which something may have been built on it.

    Raises UnknownError where no such plan was applied, NoAuthorityError where whoever asks may not decide it,
    ReorganisationError naming everything that was built on it.
    """
    now = check_clock(services)
    version, stored = read_references(services)
    registry = services.registry()
    require_in_office(registry, actor, now)
    carried = next((one for one in registry.reorganisations if one.code == code), None)
    if registry.version != version:
        raise ConflictError("the reference data changed while they were read", remedy="try again")
    if carried is None:
        applied = ", ".join(one.code for one in registry.reorganisations)
        raise UnknownError(
            f"no plan {code!r} is applied here",
            remedy=f"name one of those that are: {applied}" if applied else "nothing is to be done: none is applied",
            code=code,
        )
    touched = [stored[row.kind, row.code, row.version] for row in carried.rows]
    require_reorganiser(registry, actor, [decode(row.data, KINDS[row.kind]) for row in touched], now)
    faults = built_upon(services, carried, stored, now, progress)
    if faults:
        raise ReorganisationError(
            f"plan {code} cannot be undone: {len(faults)} thing(s) have been built on it, the first {faults[0].path}",
            faults=faults,
            remedy=what_to_do(faults),
        )
    own = ReferenceRow(
        area=services.area, kind=REORGANISATION, code=code, version=1, data=stored[REORGANISATION, code, 1].data
    )
    restored, dropped = [], [own]
    for row in carried.rows:
        kept = stored[row.kind, row.code, row.version]
        if row.before:
            restored.append(attrs.evolve(kept, data=row.before.encode()))
        else:
            dropped.append(kept)
    gone = {_key(row) for row in dropped}
    back = {**{key: row for key, row in stored.items() if key not in gone}, **{_key(row): row for row in restored}}

    def commit(unit: Unit) -> Reorganisation:
        chain = _Chain(unit, services.area, actor, now)
        for row in restored:
            chain.add(_stream_of_row(row), _happened(row.kind), loads(row.data))
        for row in dropped:
            if row is not own:
                chain.add(_stream_of_row(row), WITHDRAWN, {"kind": row.kind, "code": row.code, "version": row.version})
        chain.add(stream_of_plan(code), UNDONE, {"code": code, "digest": digest_of(back.values())})
        unit.put_references(restored)
        unit.drop_references(dropped)
        unit.advance(services.area, now)
        if unit.reference_version(services.area) != version + bool(restored) + 1:
            raise changed_since(carried.plan)
        return carried

    return services.storage.write(commit)


class _Chain:
    """Events at the ends of their streams, within one unit."""

    def __init__(self, unit: Unit, area: str, actor: Actor, now: datetime) -> None:
        self._unit, self._area, self._actor, self._now = unit, area, actor, now

    def add(self, stream: str, happened: str, value: object) -> None:
        stands = self._unit.head(self._area, stream)
        event = following(self._area, stream, stands, happened, value, actor=self._actor, now=self._now)
        self._unit.append([event])


def _stream_of_row(row: ReferenceRow) -> str:
    return entry_of(decode(row.data, KINDS[row.kind])).stream


def _happened(kind: str) -> str:
    return next(happened for happened, one in KIND_OF.items() if one == kind)


def _key(row: ReferenceRow) -> tuple[str, str, int]:
    return row.kind, row.code, row.version
