"""Which records of authority a reorganisation has ended, so that nobody makes them go on without noticing.

Rules of this room: reading only; the plans that were carried through say what they changed, and nothing else does.
Whose end was changed again since is not among them: that end is somebody's decision, and no longer the plan's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from egov_core.domain.authority import Appointment, Delegation, Grant, Post, StaffRecord, code_of
from egov_core.domain.reorganisation.record import EndedRecord, Reorganisation
from egov_core.usecases.foundation.registry import APPOINTMENT, DELEGATION, GRANT, POST, Registry
from egov_core.wire.codec import decode

Key = tuple[type[StaffRecord], str]

_KINDS: Mapping[str, type[Post | Appointment | Grant | Delegation]] = {
    POST: Post,
    APPOINTMENT: Appointment,
    GRANT: Grant,
    DELEGATION: Delegation,
}
"""The records that a plan ends with their organ; people it moves, and stand-ins end with what is stood in for."""


def ended_records(registry: Registry) -> dict[Key, EndedRecord]:
    """The records that end as a plan has ended them, by kind and code."""
    held: dict[Key, date | None] = {(type(one), code_of(one)): one.valid_to for one in registry.staffing}
    ended = (one for carried in registry.reorganisations for one in _ended_by(carried))
    return {key: one for key, one in ended if held.get(key) == one.day}


def _ended_by(carried: Reorganisation) -> Iterator[tuple[Key, EndedRecord]]:
    for row in carried.rows:
        kind = _KINDS.get(row.kind)
        if kind is None or not row.before:
            continue
        before = decode(row.before.encode(), kind)
        ended = EndedRecord(carried.code, max(before.valid_from, carried.plan.effective), before.valid_to)
        if ended.reopened_by(before.valid_to):
            yield (kind, code_of(before)), ended
