"""Appointing: writing records of authority (people, posts, appointments, grants, delegations, stand-ins).

Rules of this room: looked at as a whole before anything is written, everything wrong said at once; what is known is
not written again, so that the same file twice changes nothing the second time. Nothing is deleted: a record ends by
one of the same code with an end. Who may decide on what changes is asked before anything else.
"""

from __future__ import annotations

import attrs

from egov_core.domain.authority import Authority, Staffing, StaffRecord, code_of, outliving, staffing_faults
from egov_core.domain.authority.soundness import Where, named
from egov_core.domain.people import Actor
from egov_core.errors import ClaimError, Fault
from egov_core.ports.storage import Unit
from egov_core.usecases.authority.staff import require_appointer
from egov_core.usecases.foundation.establishing import entry_of, record
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.staff.ended_records import ended_records


@attrs.frozen(kw_only=True)
class StaffingDiff:
    """What given records change: new ones, ones that take another's place (before and after), and known ones."""

    new: tuple[StaffRecord, ...]
    changed: tuple[tuple[StaffRecord, StaffRecord], ...]
    known: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not self.new and not self.changed


def compared(services: Services, given: Staffing) -> StaffingDiff:
    """What would change if the records were written."""
    held = {(type(one), code_of(one)): one for one in services.registry().staffing}
    new, changed, known = [], [], 0
    for one in given:
        before = held.get((type(one), code_of(one)))
        if before is None:
            new.append(one)
        elif before != one:
            changed.append((before, one))
        else:
            known += 1
    return StaffingDiff(new=tuple(new), changed=tuple(changed), known=known)


def faults_in(services: Services, given: Staffing, where: Where = named) -> list[Fault]:
    """Everything that is wrong with the records; `where` names the place of a record's field.

    A record that outlives its organ is no error: it is taken, and told as a warning. One that a reorganisation has
    ended goes on no more: whoever has an older list would undo part of the reform without a word, and nobody could
    undo the rest of it.
    """
    registry = services.registry()
    register = Authority.of_staffing(registry.staffing.amended(given), services.place.separations)
    tree = registry.organisation
    told = [
        Fault(where(one, field), "organ-ends", message, severity="warning")
        for one, field, message in outliving(given, register, tree)
    ]
    ended = ended_records(registry)
    for one in given if ended else ():
        end = ended.get((type(one), code_of(one)))
        if end is not None and end.reopened_by(one.valid_to):
            message = (
                f"was ended on {end.day} by plan {end.plan}, and this makes it go on: leave that end, and write a "
                f"record that begins on {end.day} or later for what is to go on"
            )
            told.append(Fault(where(one, "valid_to"), "ended-by-plan", message))
    return [*staffing_faults(given, register, tree, registry.catalogue, where), *told]


def check_decision(services: Services, given: Staffing, *, actor: Actor) -> StaffingDiff:
    """What the records change, once the actor may decide on all of it. Raises NoAuthorityError."""
    diff = compared(services, given)
    touched = [*diff.new, *(one for pair in diff.changed for one in pair)]
    require_appointer(services.registry(), actor, touched, services.clock.now(), given=given)
    return diff


def appoint(services: Services, given: Staffing, *, actor: Actor, where: Where = named) -> StaffingDiff:
    """Write what is new or changed in one commit, and say what that was.

    Raises NoAuthorityError for who may not decide on it, ClaimError naming everything that is wrong; nothing is written
    then.
    """
    diff = check_decision(services, given, actor=actor)
    faults = [one for one in faults_in(services, given, where) if one.severity == "error"]
    if faults:
        raise ClaimError(
            f"the records of authority are refused: {len(faults)} fault(s), the first at {faults[0].path}",
            faults=faults,
            remedy="correct every place named; nothing was written",
        )
    entries = [entry_of(one) for one in (*diff.new, *(after for _, after in diff.changed))]
    if entries:
        now = services.clock.now()

        def commit(unit: Unit) -> None:
            record(unit, services.area, entries, actor=actor, now=now)

        services.storage.write(commit)
    return diff
