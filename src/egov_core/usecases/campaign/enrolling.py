"""Enrolling: inviting units, seeing whom they have named, and writing down the units that join later.

Rules of this room: only the invitation is recorded; everything else about enrolment is seen. What a file would change
is planned in `enrolment_plan`; here the plan is written, in one commit.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date

from egov_core.domain.authority import Grant
from egov_core.domain.enrolment import DUTY_ROLES, Duty, Invitation, UnitEnrolment, enrolments
from egov_core.domain.people import Person
from egov_core.errors import ClaimError, ConflictError, Fault
from egov_core.ports.queries import Board
from egov_core.ports.storage import Unit
from egov_core.usecases.authority.campaigns import actor_of, person_in_office, require_runner
from egov_core.usecases.authority.staff import decider_of
from egov_core.usecases.campaign.enrolment_plan import EnrolmentPlan
from egov_core.usecases.foundation.establishing import Entry, entry_of, record
from egov_core.usecases.foundation.registry import INVITATION, Registry
from egov_core.usecases.foundation.services import Services, check_clock


def named_staff(registry: Registry, day: date) -> dict[str, dict[Duty, tuple[str, ...]]]:
    """Whom each organ has named for each duty: those who hold a role in this very organ on `day`, by grant or by post.

    A grant over the whole county names nobody in a unit, nor does standing in for somebody, nor a delegation.
    """
    found: dict[str, dict[Duty, set[str]]] = {}
    for code in registry.people:
        for power in registry.authority.what(code, day, registry.organisation):
            if power.under:
                continue
            for duty, roles in DUTY_ROLES.items():
                if power.role in roles:
                    found.setdefault(power.organ, {}).setdefault(duty, set()).add(code)
    return {organ: {duty: tuple(sorted(people)) for duty, people in duties.items()} for organ, duties in found.items()}


def enrolled(registry: Registry, board: Board, day: date) -> tuple[UnitEnrolment, ...]:
    """How far each unit has come, by the registry and the cases on the board.

    A case counts for the organ whose item it is, and so does one that its internal unit has in hand.
    """
    cases = {row.organ: row.open + row.with_upper + row.closed for row in board.organs}
    return enrolments(
        registry.organisation, registry.catalogue, registry.invitations, named_staff(registry, day), cases, day
    )


def invitation_entry(invitation: Invitation) -> Entry:
    """The entry by which an invitation is recorded."""
    return Entry(
        stream=f"organ:{invitation.organ}",
        kind=INVITATION,
        code=invitation.organ,
        happened="unit-invited",
        value=invitation,
    )


def invite(services: Services, organs: Sequence[str], *, document: str, by: str) -> tuple[str, ...]:
    """Invite units to take part; the codes of those that had not been invited yet.

    Raises ClaimError naming every organ that is not there, NoAuthorityError.
    """
    now = check_clock(services)
    registry = services.registry()
    person = person_in_office(registry, by, now.date())
    faults = [
        Fault(f"unit {code}", "unknown-organ", f"there is no organ {code!r} on {now.date()}")
        for code in organs
        if code not in registry.organisation.organs or not registry.organisation.organs[code].exists_on(now.date())
    ]
    if faults:
        raise ClaimError(
            f"nobody is invited: {len(faults)} of the units are not there",
            faults=faults,
            remedy="name organs that exist; new ones join by egov enrol import FILE "
            f"--document {shlex.quote(document)} --as {by} --config FILE",
        )
    for code in organs:
        require_runner(registry, by, code, now.date())
    fresh = tuple(code for code in dict.fromkeys(organs) if code not in registry.invitations)
    entries = [invitation_entry(Invitation(organ=code, on=now.date(), document=document)) for code in fresh]
    if entries:
        services.storage.write(
            lambda unit: record(unit, services.area, entries, actor=actor_of(person, now.date()), now=now)
        )
    return fresh


def carry_out(services: Services, plan: EnrolmentPlan, *, by: str, decided_by: str = "") -> None:
    """Write a plan in one commit: the units as `by` brings them, their people as who decides on them has it.

    Raises ConflictError where one of its organs was founded meanwhile, NoAuthorityError where who decides (`by` where
    `decided_by` is empty) may not.
    """
    if plan.is_empty:
        return
    now = check_clock(services)
    registry = services.registry()
    actor = actor_of(person_in_office(registry, by, now.date()), now.date())
    decider = decider_of(registry, plan.staffing, now, by=by, decided_by=decided_by, founded=plan.organs)
    named: list[Person | Grant] = [*plan.people, *plan.grants]
    units = [*map(entry_of, plan.organs), *map(invitation_entry, plan.invitations)]

    def commit(unit: Unit) -> None:
        for organ in plan.organs:
            if unit.head(services.area, f"organ:{organ.code}")[0]:
                raise ConflictError(
                    f"organ {organ.code} was founded by somebody else meanwhile",
                    remedy="look at what the file would change now, and take it in again",
                )
        for entries, who in ((units, actor), ([*map(entry_of, named)], decider)):
            if entries:
                record(unit, services.area, entries, actor=who, now=now)

    services.storage.write(commit)
