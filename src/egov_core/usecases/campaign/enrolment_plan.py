"""What a file by which units join would change, against what is stored.

Rules of this room: nothing is written here. Everything wrong with the file is told at once, by cell; what is known
already is left alone, so that the same file taken in twice changes nothing. It founds organs and names people; it
renames no organ and moves nobody: that is for a plan of reorganisation. Nor does it rename people, since a code beside
another name is more often the code of somebody else, who would be given a role: a name is corrected by `staff import`.
Whom it names is decided on by those who decide on staff anywhere else: to keep the catalogue, or to supervise, is to
let units join, and not to say who leads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from egov_core.domain.authority import (
    ALL_ITEMS,
    Authority,
    Grant,
    Separation,
    Staffing,
    StaffRecord,
    code_of,
    staffing_faults,
)
from egov_core.domain.authority.soundness import named
from egov_core.domain.enrolment import EnrolmentRow, Invitation
from egov_core.domain.organisation import Organ, Organisation
from egov_core.domain.people import Person
from egov_core.errors import ClaimError, Fault
from egov_core.usecases.authority.campaigns import person_in_office, require_runner
from egov_core.usecases.authority.staff import decider_of
from egov_core.usecases.foundation.naming import organs_meant
from egov_core.usecases.foundation.registry import Registry
from egov_core.usecases.foundation.services import Services, check_clock


@attrs.frozen(kw_only=True)
class EnrolmentPlan:
    """What a file would change: organs to found, people to appoint, roles, invitations.

    `unchanged` counts what the file says and the office knows already.
    """

    organs: tuple[Organ, ...]
    people: tuple[Person, ...]
    grants: tuple[Grant, ...]
    invitations: tuple[Invitation, ...]
    unchanged: int

    @property
    def staffing(self) -> Staffing:
        """The people and their roles, on which somebody has to decide."""
        return Staffing(people=self.people, grants=self.grants)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.organs or self.people or self.grants or self.invitations)


def planned(
    services: Services,
    rows: Iterable[EnrolmentRow],
    *,
    document: str,
    by: str,
    decided_by: str = "",
    faults: Iterable[Fault] = (),
) -> EnrolmentPlan:
    """What the rows would change; `faults` are those that reading has found already.

    Raises ClaimError with every fault, by cell; NoAuthorityError where `by` may not enrol units there, or where who
    decides (`by` where `decided_by` is empty) may not decide on the people named.
    """
    now = check_clock(services)
    registry = services.registry()
    person_in_office(registry, by, now.date())
    planner = _Planner(registry=registry, day=now.date(), faults=list(faults))
    for row in rows:
        planner.take(row)
    if not planner.faults:
        planner.faults += planner.unsound(services.place.separations)
    if planner.faults:
        raise ClaimError(
            f"the units are not taken in: {len(planner.faults)} fault(s), the first at {planner.faults[0].path}",
            faults=planner.faults,
            remedy="correct every cell named, and give the file again",
        )
    for code in planner.seen:
        organ = planner.organs.get(code)
        require_runner(registry, by, code if organ is None else _known_above(organ, planner), now.date())
    plan = planner.plan(document)
    decider_of(registry, plan.staffing, now, by=by, decided_by=decided_by, founded=plan.organs)
    return plan


def _known_above(organ: Organ, planner: _Planner) -> str:
    """The nearest organ above a new one that is there already: authority over it covers what is founded below."""
    above: str | None = organ.parent
    while above in planner.organs:
        above = planner.organs[above].parent
    assert above is not None, "a new organ has a parent that is known"
    return above


@attrs.define(kw_only=True)
class _Planner:
    """The plan as far as rows have been taken."""

    registry: Registry
    day: date
    faults: list[Fault]
    organs: dict[str, Organ] = attrs.field(factory=dict)
    people: dict[str, Person] = attrs.field(factory=dict)
    grants: dict[tuple[str, str, str], Grant] = attrs.field(factory=dict)
    seen: dict[str, str] = attrs.field(factory=dict)
    said: dict[tuple[str, str, str], tuple[str, str]] = attrs.field(factory=dict)
    broken: set[str] = attrs.field(factory=set)
    places: dict[str, str] = attrs.field(factory=dict)
    unchanged: int = 0

    def take(self, row: EnrolmentRow) -> None:
        """One row more; an organ may be written by a name that only one has."""
        found = self._by_code(row)
        if found is None:
            return
        row = found
        agrees = all([self._agrees(row, "organ", row.organ), self._agrees(row, "person", row.person)])
        if agrees and self._organ(row) and row.person:
            self._person(row)

    def _by_code(self, row: EnrolmentRow) -> EnrolmentRow | None:
        """The row with the codes of its organs; None, and a fault, where a name is that of several."""
        codes = {}
        for column in ("organ", "parent"):
            text = getattr(row, column)
            meant = () if text in self.organs else organs_meant(self.registry.organisation, text, self.day)
            if len(meant) > 1:
                self.fault(row, column, "organ-ambiguous", f"several organs are called {text}: {', '.join(meant)}")
                return None
            codes[column] = meant[0] if meant else text
        return attrs.evolve(row, organ=codes["organ"], parent=codes["parent"])

    def plan(self, document: str) -> EnrolmentPlan:
        """What it comes to. A person is a row of its own in the registry, whichever rows name it."""
        fresh = [code for code in self.seen if code not in self.registry.invitations]
        return EnrolmentPlan(
            organs=tuple(self.organs.values()),
            people=tuple(self.people.values()),
            grants=tuple(self.grants.values()),
            invitations=tuple(Invitation(organ=code, on=self.day, document=document) for code in fresh),
            unchanged=self.unchanged + len(self.seen) - len(fresh),
        )

    def fault(self, row: EnrolmentRow, column: str, code: str, message: str) -> None:
        self.faults.append(Fault(row.cell(column), code, message))

    def _agrees(self, row: EnrolmentRow, of: str, code: str) -> bool:
        """Whether the row says of an organ or a person what earlier rows said."""
        columns: Mapping[str, str] = (
            {"name": row.name, "kind": row.kind.value if row.kind else "", "parent": row.parent}
            if of == "organ"
            else {"person_name": row.person_name, "organ": row.organ}
        )
        agrees = True
        for column, value in columns.items():
            if not value or not code:
                continue
            earlier, cell = self.said.setdefault((of, code, column), (value, row.cell(column)))
            if earlier != value:
                agrees = False
                self.fault(row, column, "contradicts", f"{value!r}, and {earlier!r} in {cell}, are said of {code}")
        return agrees

    def _organ(self, row: EnrolmentRow) -> bool:
        """Whether the organ of the row is there, or is to be founded."""
        if row.organ in self.seen:
            return True
        held = self.registry.organisation.organs.get(row.organ)
        if held is not None:
            return self._held(row, held)
        if row.organ in self.broken:
            return False  # what is wrong with it was told at the row that names it first
        self.broken.add(row.organ)
        needed = ("name", "kind", "parent")
        lacks = [column for column in needed if not getattr(row, column) and column not in row.unread]
        for column in lacks:
            self.fault(row, column, "empty", f"{row.organ} is not known yet, so its {column} is needed")
        parent = self.registry.organisation.organs.get(row.parent)
        if row.parent and row.parent not in self.organs and (parent is None or not parent.exists_on(self.day)):
            self.fault(
                row, "parent", "unknown-organ", f"there is no organ {row.parent!r} on {self.day}, nor in a row above"
            )
            return False
        if lacks or row.kind is None:
            return False
        self.broken.remove(row.organ)
        self.organs[row.organ] = Organ(
            code=row.organ, name=row.name, kind=row.kind, parent=row.parent, valid_from=self.day
        )
        self.seen[row.organ] = row.cell("organ")
        return True

    def _held(self, row: EnrolmentRow, held: Organ) -> bool:
        differs = [
            (column, said, known)
            for column, said, known in (
                ("name", row.name, held.name),
                ("kind", row.kind.value if row.kind else "", held.kind.value),
                ("parent", row.parent, held.parent or ""),
            )
            if said and said != known
        ]
        for column, said, known in differs:
            message = f"{said!r} is said of {held.code}, which has {known!r}; a reform is carried through by its plan"
            self.fault(row, column, "organ-differs", message)
        if not held.exists_on(self.day):
            self.fault(row, "organ", "no-organ-any-more", f"{held.name} ({held.code}) does not exist on {self.day}")
            return False
        if differs:
            return False
        self.seen[row.organ] = row.cell("organ")
        self.unchanged += 1
        return True

    def _person(self, row: EnrolmentRow) -> None:
        held = self.registry.people.get(row.person)
        if held is None and row.person not in self.people:
            if not row.person_name:
                self.fault(row, "person_name", "empty", f"{row.person} is not known yet, so the name is needed")
                return
            self.people[row.person] = Person(
                code=row.person, name=row.person_name, organ=row.organ, valid_from=self.day
            )
        elif held is not None:
            if not held.serves_on(self.day):
                self.fault(row, "person", "not-in-office", f"{held.code} is not in office on {self.day}")
                return
            if held.organ != row.organ:
                message = f"{held.code} belongs to {held.organ}; nobody is moved by this file"
                self.fault(row, "person", "person-elsewhere", message)
                return
            if row.person_name and row.person_name != held.name:
                message = f"{held.code} is {held.name} here, not {row.person_name}; nobody is renamed by this file"
                self.fault(row, "person_name", "person-differs", message)
                return
            self.unchanged += 1
        if row.role is not None:
            self._grant(row)

    def _grant(self, row: EnrolmentRow) -> None:
        assert row.role is not None, "asked by `_person`"
        for power in self.registry.authority.what(row.person, self.day, self.registry.organisation):
            if (power.organ, power.role) == (row.organ, row.role) and not power.under and ALL_ITEMS in power.items:
                self.unchanged += 1
                return
        grant = Grant(person=row.person, role=row.role, organ=row.organ, valid_from=self.day)
        if any(code_of(one) == code_of(grant) for one in self.registry.staffing.grants):
            message = f"{row.person} was given {row.role.value} for some items today; give it for all of them there"
            self.fault(row, "role", "granted-today", message)
            return
        key = (row.person, row.role.name, row.organ)
        self.grants.setdefault(key, grant)
        self.places.setdefault(code_of(grant), row.cell("role"))

    def unsound(self, separations: Iterable[Separation]) -> list[Fault]:
        """What is wrong with the people and roles beside everything that is recorded, roles to be kept apart included.

        It is asked once every row is sound by itself.
        """
        given = Staffing(people=tuple(self.people.values()), grants=tuple(self.grants.values()))
        register = Authority.of_staffing(self.registry.staffing.amended(given), tuple(separations))
        tree = Organisation.of([*self.registry.organisation.organs.values(), *self.organs.values()])

        def where(record: StaffRecord, field: str) -> str:
            return self.places.get(code_of(record)) or named(record, field)

        return staffing_faults(given, register, tree, self.registry.catalogue, where)
