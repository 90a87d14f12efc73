"""Establishing: writing the reference data of an area (organs, people, grants, items), with their own chains.

Rules of this room: reference data are recorded as events of the organ's or the item's stream in the same commit as the
rows; nothing is overwritten without a trace. Everything is checked before anything is written. The first commit of an
area also holds revision 1 of its calendar, so that no case is ever measured by something that is not stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import attrs

from egov_core.domain.authority import (
    Appointment,
    Authority,
    Delegation,
    Grant,
    Post,
    Staffing,
    StaffRecord,
    StandIn,
    code_of,
    staffing_faults,
)
from egov_core.domain.calendar.revisions import CalendarRevision
from egov_core.domain.catalogue import Catalogue, ItemVersion
from egov_core.domain.codes.written import code_fault
from egov_core.domain.organisation import Organ, Organisation
from egov_core.domain.people import Actor, Person
from egov_core.errors import ClaimError, Fault
from egov_core.ports.storage import ReferenceRow, StoredEvent, Unit
from egov_core.usecases.foundation.calendars import CALENDAR, REVISION, REVISIONS_STREAM
from egov_core.usecases.foundation.chaining import following
from egov_core.usecases.foundation.item_faults import item_faults, organ_faults
from egov_core.usecases.foundation.registry import (
    APPOINTMENT,
    DELEGATION,
    GRANT,
    ITEM,
    ORGAN,
    PERSON,
    POST,
    STAND_IN,
)
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import encode


def establish(
    services: Services,
    *,
    actor: Actor,
    organs: Iterable[Organ] = (),
    people: Iterable[Person] = (),
    grants: Iterable[Grant] = (),
    items: Iterable[ItemVersion] = (),
    besides: Callable[[Unit], None] = lambda _unit: None,
) -> int:
    """Write reference data in one commit and say how many entries there were.

    `besides` writes what belongs into the same commit.
    Raises ClaimError naming every entry that points at an organ or person that is not there; nothing is written then.
    """
    now = services.clock.now()
    registry = services.registry()
    given, versions = list(organs), list(items)
    staffing = Staffing(people=tuple(people), grants=tuple(grants))
    tree = Organisation.of([*registry.organisation.organs.values(), *given])
    refuse_faults(services, tree, versions, staffing, organs=given)
    entries = [entry_of(one) for one in (*given, *staffing, *versions)]

    def commit(unit: Unit) -> int:
        first: list[Entry] = []
        if unit.head(services.area, REVISIONS_STREAM)[0] == 0:
            first = [adoption(attrs.evolve(services.calendars().newest, adopted_at=now))]
        record(unit, services.area, [*first, *entries], actor=actor, now=now)
        besides(unit)
        return len(entries)

    return services.storage.write(commit)


@attrs.frozen(kw_only=True)
class Entry:
    """One change of reference data: what happened in which stream, and the row that it makes."""

    stream: str
    kind: str
    code: str
    version: int = 1
    happened: str
    value: Any


def entry_of(value: Organ | StaffRecord | ItemVersion) -> Entry:
    """The entry by which reference data of one of the first kinds are written, each in the stream of its organ."""
    if isinstance(value, Organ):
        return Entry(stream=f"organ:{value.code}", kind=ORGAN, code=value.code, happened="organ-recorded", value=value)
    if isinstance(value, ItemVersion):
        return Entry(
            stream=f"item:{value.code}",
            kind=ITEM,
            code=value.code,
            version=value.version,
            happened="item-published",
            value=value,
        )
    kind, happened = _STAFF[type(value)]
    if isinstance(value, Appointment | StandIn):
        stream = f"post:{value.post}" if isinstance(value, Appointment) else f"person:{value.absent}"
    else:
        stream = f"organ:{value.organ}"
    return Entry(stream=stream, kind=kind, code=code_of(value), happened=happened, value=value)


_STAFF: Mapping[type, tuple[str, str]] = {
    Person: (PERSON, "person-appointed"),
    Post: (POST, "post-recorded"),
    Appointment: (APPOINTMENT, "post-filled"),
    Grant: (GRANT, "authority-granted"),
    Delegation: (DELEGATION, "delegation-recorded"),
    StandIn: (STAND_IN, "stand-in-recorded"),
}
"""The kind of each record of authority, and what writing it down is called."""


def adoption(revision: CalendarRevision) -> Entry:
    """The entry by which a revision of the calendar is adopted."""
    return Entry(
        stream=REVISIONS_STREAM,
        kind=CALENDAR,
        code=REVISION,
        version=revision.number,
        happened="calendar-adopted",
        value=revision,
    )


def record(unit: Unit, area: str, entries: Iterable[Entry], *, actor: Actor, now: datetime) -> None:
    """Write entries of reference data: each an event at the end of its stream, and a row."""
    streams: dict[str, list[StoredEvent]] = {}
    heads: dict[str, tuple[int, str]] = {}
    rows = []
    for one in entries:
        stands = heads.get(one.stream) or unit.head(area, one.stream)
        event = following(area, one.stream, stands, one.happened, one.value, actor=actor, now=now)
        heads[one.stream] = (event.position, event.head)
        streams.setdefault(one.stream, []).append(event)
        rows.append(ReferenceRow(area=area, kind=one.kind, code=one.code, version=one.version, data=encode(one.value)))
    for events in streams.values():
        unit.append(events)
    unit.put_references(rows)
    unit.advance(area, now)


def _check_versions(catalogue: Catalogue, items: Sequence[ItemVersion]) -> None:
    """A published version is never edited: cases were accepted under it (I12)."""
    known = {(item.code, item.version): item for versions in catalogue.items.values() for item in versions}
    faults = []
    for item in items:
        held = known.setdefault((item.code, item.version), item)
        if held != item:
            message = f"version {item.version} is published already, with another content"
            faults.append(Fault(f"item {item.code}", "version-published", message))
    if faults:
        raise ClaimError(
            f"{len(faults)} published version(s) would be edited, the first of {faults[0].path}",
            faults=faults,
            remedy="publish the change as the next version",
        )


def _named_alike(tree: Organisation, organs: Sequence[Organ], today: date) -> Iterator[Fault]:
    """Organs that are given beside a living one of their name: lists and forms know organs by their names."""
    for organ in organs:
        others = tree.named_alike(organ.code, max(organ.valid_from, today))
        if others:
            message = f"{organ.name!r} is the name of {', '.join(others)} too, which stands beside it"
            yield Fault(f"organ {organ.code}", "name-taken", message)


def refuse_faults(
    services: Services,
    tree: Organisation,
    items: Sequence[ItemVersion],
    staffing: Staffing | None = None,
    *,
    organs: Sequence[Organ] = (),
) -> None:
    """Everything that would keep these reference data from being written over what stands. Raises ClaimError.

    `organs` are those of the tree that are written with them.
    """
    registry = services.registry()
    staffing = staffing or Staffing()
    versions = {(one.code, one.version): one for held in registry.catalogue.items.values() for one in held}
    catalogue = Catalogue.of((versions | {(one.code, one.version): one for one in items}).values())
    register = Authority.of_staffing(registry.staffing.amended(staffing), services.place.separations)
    faults = [Fault(f"organ {one.code}", "code-form", why) for one in organs if (why := code_fault(one.code))]
    faults += staffing_faults(staffing, register, tree, catalogue)
    faults += [*organ_faults(organs, tree), *item_faults(items, tree, services.kinds)]
    faults += _named_alike(tree, organs, services.clock.now().date())
    if faults:
        raise ClaimError(
            f"the reference data are refused: {len(faults)} fault(s), the first at {faults[0].path}",
            faults=faults,
            remedy="correct every place named",
        )
    _check_versions(registry.catalogue, items)
