"""Enrolment of units 接入: how far each has come, from the invitation to its first case.

Rules of this room: only the invitation is ever said by somebody; the rest is seen from what is stored (who holds which
role, which items are in force, which cases there are), so that it cannot be set by hand and cannot be out of date.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from egov_core.domain.authority import Role
from egov_core.domain.catalogue import Catalogue
from egov_core.domain.organisation import Organisation, OrganKind


class Duty(enum.Enum):
    """Whom a unit names (N19): who answers for it, who is in charge of it, and who does the daily work."""

    HEAD = "责任领导"
    IN_CHARGE = "专人负责"
    STAFF = "经办人员"

    @property
    def code(self) -> str:
        """Its name for programs."""
        return self.name.lower().replace("_", "-")


DUTY_ROLES: Mapping[Duty, tuple[Role, ...]] = {
    Duty.HEAD: (Role.HEAD,),
    Duty.IN_CHARGE: (Role.CLERK_OF_CATALOGUE,),
    Duty.STAFF: (Role.INTAKE, Role.REVIEWER, Role.APPROVER),
}
"""By which roles a duty is seen: any of them will do. The notice names duties, the software grants roles; who is in
charge of a unit's part in the system is whoever keeps its items."""


class Milestone(enum.Enum):
    """The steps of enrolment, in order."""

    INVITED = "invited"
    STAFF_NAMED = "staff-named"
    ITEMS_PUBLISHED = "items-published"
    FIRST_CASE = "first-case"


NOT_INVITED = "not-invited"
"""The stage of a unit that has reached nothing yet."""

STAGES = (NOT_INVITED, *(one.value for one in Milestone))

UNIT_KINDS = frozenset({OrganKind.DEPARTMENT, OrganKind.TOWN})
"""What takes part by itself (N7, N8); communities and others do once they are invited."""


@attrs.frozen(kw_only=True)
class Invitation:
    """That a unit was invited to take part 邀请接入: when, and by which document."""

    organ: str
    on: date
    document: str = ""


@attrs.frozen(kw_only=True)
class UnitEnrolment:
    """How far a unit has come 接入进度.

    `stage` is the last milestone before which nothing is missing, `missing` those not reached: a unit with cases and no
    named head has come no further than its invitation. `named` has the people of each duty, by code.
    """

    unit: str
    invitation: Invitation | None
    named: Mapping[Duty, tuple[str, ...]]
    items: int
    cases: int

    @property
    def unnamed(self) -> tuple[Duty, ...]:
        """The duties for which nobody is named."""
        return tuple(duty for duty in Duty if not self.named.get(duty))

    @property
    def reached(self) -> frozenset[Milestone]:
        """The milestones that are reached, in whatever order."""
        so = {
            Milestone.INVITED: self.invitation is not None,
            Milestone.STAFF_NAMED: not self.unnamed,
            Milestone.ITEMS_PUBLISHED: self.items > 0,
            Milestone.FIRST_CASE: self.cases > 0,
        }
        return frozenset(one for one, is_reached in so.items() if is_reached)

    @property
    def missing(self) -> tuple[Milestone, ...]:
        """The milestones that are not reached, in order."""
        return tuple(one for one in Milestone if one not in self.reached)

    @property
    def stage(self) -> str:
        """Exactly one of `STAGES`."""
        stage = NOT_INVITED
        for one in Milestone:
            if one not in self.reached:
                break
            stage = one.value
        return stage


@attrs.frozen(kw_only=True)
class EnrolmentRow:
    """One row of a file by which units join 接入名单: a unit, and a person of it with a role, if one is named.

    What the row leaves out is empty or None, as is what could not be read: `unread` names it. `cells` has the place of
    each value in the file, for faults.
    """

    organ: str
    name: str = ""
    kind: OrganKind | None = None
    parent: str = ""
    person: str = ""
    person_name: str = ""
    role: Role | None = None
    unread: frozenset[str] = frozenset()
    cells: Mapping[str, str] = attrs.field(factory=dict)

    def cell(self, column: str) -> str:
        """Where a value stands; the organ's own cell for a column that the file has not."""
        return self.cells.get(column) or self.cells.get("organ", column)


def enrolments(
    organisation: Organisation,
    catalogue: Catalogue,
    invitations: Mapping[str, Invitation],
    named: Mapping[str, Mapping[Duty, tuple[str, ...]]],
    cases: Mapping[str, int],
    day: date,
) -> tuple[UnitEnrolment, ...]:
    """How far every unit has come that takes part on `day`, in the order of the organs.

    `named` has the people of each organ by duty, `cases` how many cases each organ has.
    """
    in_force = (
        next((version for version in reversed(versions) if version.in_force_on(day)), None)
        for versions in catalogue.items.values()
    )
    items = Counter(version.organ for version in in_force if version is not None)
    return tuple(
        UnitEnrolment(
            unit=organ.code,
            invitation=invitations.get(organ.code),
            named=named.get(organ.code, {}),
            items=items[organ.code],
            cases=cases.get(organ.code, 0),
        )
        for organ in organisation.on(day)
        if organ.kind in UNIT_KINDS or organ.code in invitations
    )


def stage_counts(found: Iterable[UnitEnrolment]) -> dict[str, int]:
    """How many units are at each stage: every stage is there, and together they are all the units."""
    counted = Counter(one.stage for one in found)
    return {stage: counted[stage] for stage in STAGES}
