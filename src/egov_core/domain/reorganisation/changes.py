"""What a plan changes: the reference data before and after, what is lost by it, and what forbids it.

Rules of this room: values only. The preview shows these, and applying writes them: there is no second list.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from egov_core.domain.authority import Grant, Staffing, StaffRecord
from egov_core.domain.catalogue import Catalogue, Draft, ItemVersion
from egov_core.domain.organisation import Organ, Organisation, Succession
from egov_core.domain.people import Person
from egov_core.domain.reorganisation.plan import Plan
from egov_core.errors import Fault

Value = Organ | StaffRecord | ItemVersion


@attrs.frozen(kw_only=True)
class Reference:
    """The reference data that a plan is compiled against; `applied` are the plans that were carried through before.

    `last_day` is the last one of which the place can count working days; a plan for a later one is a wrong year.
    """

    organisation: Organisation
    catalogue: Catalogue
    staffing: Staffing
    drafts: tuple[Draft, ...] = ()
    applied: tuple[Plan, ...] = ()
    last_day: date | None = None

    @property
    def people(self) -> Mapping[str, Person]:
        """The people by their codes."""
        return {person.code: person for person in self.staffing.people}


@attrs.frozen
class ValueChange:
    """One value of the reference data: as it was (None: it is new) and as it will be."""

    before: Value | None
    after: Value


@attrs.frozen(kw_only=True)
class LostAuthority:
    """What somebody may not do any more: `role` in `organ` for these items (empty: for whatever the organ had).

    Who: a `person`, a `post`, both (a person who leaves the post), or every one of a delegate's (`delegation`, its
    code). `why`: `organ-ended`, `items-passed`, `person-moved`, `organ-moved` (to another parent),
    `principal-ended` and `delegate-ended` (a delegation ends with either), `unit-moved` (the delegate's),
    `deputy-parted`.
    """

    person: str = ""
    post: str = ""
    delegation: str = ""
    role: str
    organ: str
    items: tuple[str, ...]
    why: str


@attrs.frozen(kw_only=True)
class Remark:
    """Something that the plan leaves open and somebody should look at; it hinders nothing.

    `code`: `person-without-organ`, `post-without-organ`, `step-without-unit`, `duty-without-items`,
    `grants-cover-more`, `draft-overtaken`, `campaign-duty` (from the preview, which knows the campaigns).
    """

    code: str
    subject: str
    message: str


@attrs.frozen(kw_only=True)
class Changes:
    """Everything a plan changes, in the order in which it is written, and what it brings about.

    `organisation`, `catalogue` and `staffing` are as they will be; `faults` forbid applying.
    """

    plan: Plan
    values: tuple[ValueChange, ...]
    successions: tuple[Succession, ...]
    organisation: Organisation
    catalogue: Catalogue
    staffing: Staffing
    lost: tuple[LostAuthority, ...] = ()
    remarks: tuple[Remark, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def grants(self) -> tuple[Grant, ...]:
        """Every grant as it will be."""
        return self.staffing.grants
