"""Soundness: what may not be written down, and why.

Rules of this room: everything that is wrong with given records is told at once, each at its record and field; nothing
is mended. The register would give such a record no effect anyway; here somebody has it in hand and can correct it.

Sources: 行政许可法 24: only an item of one's own, only to an administrative organ, only published, never further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import attrs

from egov_core.domain.authority.chains import delegation_gaps, home_of, meet
from egov_core.domain.authority.lasting import begins_too_late, days_out_of_order
from egov_core.domain.authority.powers import Power
from egov_core.domain.authority.records import (
    ALL_ITEMS,
    ALL_STEPS,
    DELEGABLE,
    Appointment,
    Delegation,
    Grant,
    Post,
    StaffRecord,
    StandIn,
    code_of,
)
from egov_core.domain.authority.register import Authority
from egov_core.domain.authority.separation import Scope
from egov_core.domain.catalogue import DEFAULT_STEPS, Catalogue
from egov_core.domain.codes.written import code_fault
from egov_core.domain.organisation import Organisation
from egov_core.domain.people import Person
from egov_core.errors import Fault, LawError

Where = Callable[[StaffRecord, str], str]
"""How a record and a field of it are named in a fault."""
Found = Iterator[tuple[str, str, str]]
"""Field, code and message of what is wrong with one record."""


def named(record: StaffRecord, _field: str) -> str:
    """How a record is named where nobody says otherwise."""
    match record:
        case Grant():
            return f"grant of {record.person or record.post}"
        case Person() | Post() | Delegation():
            return f"{type(record).__name__.lower()} {record.code}"
        case Appointment():
            return f"appointment of {record.person}"
        case StandIn():
            return f"stand-in for {record.absent}"


def staffing_faults(
    given: Iterable[StaffRecord],
    register: Authority,
    organisation: Organisation,
    catalogue: Catalogue,
    where: Where = named,
) -> list[Fault]:
    """Everything wrong with `given`; `register`, `organisation` and `catalogue` already hold it."""
    records = tuple(given)
    check = _Check(register, organisation, catalogue)
    faults = [
        Fault(where(one, field), code, message) for one in records for field, code, message in check.faults_of(one)
    ]
    seen: dict[tuple[type, str], StaffRecord] = {}
    for one in records:
        first = seen.setdefault((type(one), code_of(one)), one)
        if first != one:
            message = f"{code_of(one)} stands in {where(first, 'code')} too, with different contents"
            if isinstance(one, Grant):
                message += "; a grant can have a number of its own"
            faults.append(Fault(where(one, "code"), "given-twice", message))
    return [*faults, *_toxic(records, register, organisation, where)]


@attrs.frozen
class _Check:
    """The checks of single records against everything else."""

    register: Authority
    organisation: Organisation
    catalogue: Catalogue

    def faults_of(self, record: StaffRecord) -> Found:
        """What is wrong with a record."""
        yield from days_out_of_order(attrs.asdict(record, recurse=False))
        yield from begins_too_late(record, self.register, self.organisation)
        if isinstance(record, Person | Post | Delegation) and (why := code_fault(record.code)):
            yield "code", "code-form", why
        match record:
            case Person() | Post():
                yield from self._organ("organ", record.organ)
                yield from self._moves(record)
            case Appointment():
                yield from self._appointment(record)
            case Grant():
                yield from self._grant(record)
            case Delegation():
                yield from self._delegation(record)
            case StandIn():
                yield from self._stand_in(record)

    def _organ(self, field: str, code: str) -> Found:
        if code not in self.organisation.organs:
            yield field, "unknown-organ", f"organ {code!r} does not exist"

    def _moves(self, one: Person | Post) -> Found:
        """Each move to an organ that exists on its day, after the one before and within the time of the record."""
        last = one.valid_from
        for move in one.moves:
            organ = self.organisation.organs.get(move.organ)
            if organ is None:
                yield from self._organ("moves", move.organ)
            elif not organ.exists_on(move.valid_from):
                yield "moves", "organ-not-there", f"organ {move.organ!r} does not exist on {move.valid_from}"
            if move.valid_from <= last:
                yield "moves", "move-order", f"the move of {move.valid_from} is not after {last}; give them in order"
            if one.valid_to is not None and move.valid_from >= one.valid_to:
                yield "moves", "move-too-late", f"the move of {move.valid_from} comes when the record has ended"
            last = move.valid_from

    def _appointment(self, one: Appointment) -> Found:
        person, post = self.register.people.get(one.person), self.register.posts.get(one.post)
        if person is None:
            yield "person", "unknown-person", "there is no such person"
        if post is None:
            yield "post", "unknown-post", f"there is no post {one.post!r}"
        for held in (person, post):
            if held is not None and not _overlap(one, held):
                what = "the person is in office" if isinstance(held, Person) else "the post exists"
                yield "valid_from", "no-common-day", f"has no day on which {what}"

    def _grant(self, one: Grant) -> Found:
        yield from self._organ("organ", one.organ)
        if bool(one.person) == bool(one.post):
            yield "person", "holder", "names a person or a post, one of the two"
        elif one.person and one.person not in self.register.people:
            yield "person", "unknown-person", "there is no such person"
        elif one.post and one.post not in self.register.posts:
            yield "post", "unknown-post", f"there is no post {one.post!r}"
        yield from self._reach(one.items, one.steps)

    def _reach(self, items: frozenset[str], steps: frozenset[str]) -> Found:
        if not items:
            yield "items", "empty", "names no item; * is all of them"
        for item in sorted(items - {ALL_ITEMS} - self.catalogue.items.keys()):
            yield "items", "unknown-item", f"there is no item {item!r}"
        if not steps:
            yield "steps", "empty", "names no step; * is all of them"
        known = {step.code for step in DEFAULT_STEPS}
        if not steps - {ALL_STEPS} <= known:
            for versions in self.catalogue.items.values():
                known |= {step.code for version in versions for step in version.steps}
        for step in sorted(steps - {ALL_STEPS} - known):
            yield "steps", "unknown-step", f"no item has a step {step!r}; there are {', '.join(sorted(known))}"

    def _delegation(self, one: Delegation) -> Found:
        fields = {"own-unit": "delegate", "no-organ": "delegate", "unit-elsewhere": "unit"}
        for gap in delegation_gaps(one, self.organisation, one.valid_from):
            field = fields.get(gap.code, "organ" if gap.data["asked"] == one.organ else "delegate")
            yield field, gap.code, gap.message
        if ALL_ITEMS in one.items:
            yield "items", "items-not-named", "what is entrusted is published item by item; * names none"
        yield from self._reach(one.items, one.steps)
        if not one.roles:
            yield "roles", "empty", "names no role"
        for role in sorted(one.roles - DELEGABLE, key=lambda role: role.name):
            yield "roles", "not-delegable", f"the role {role.value} is not delegated: it stays with the organ"
        if not one.basis.instrument:
            yield "basis", "no-basis", "has no basis; the law has to allow it (行政许可法 24)"
        if not one.announcement.strip():
            yield "announcement", "unpublished", "names no announcement; delegate and content are published"
        for item in sorted(one.items & self.catalogue.items.keys()):
            yield from self._owner(one, item)

    def _owner(self, one: Delegation, item: str) -> Found:
        """Only what is an organ's own on every day of a delegation is delegated by it: no chain, not even in time."""
        versions = self.catalogue.items[item]
        turns = (day for version in versions for day in (version.valid_from, version.valid_to) if day is not None)
        owners: dict[str, date] = {}
        for day in sorted({one.valid_from, *turns}):
            if day < one.valid_from or (one.valid_to is not None and day >= one.valid_to):
                continue
            try:
                owners.setdefault(self.catalogue.on(item, day).organ, day)
            except LawError:
                continue
        if not owners:
            yield "items", "not-in-force", f"item {item} is in force on no day of it"
        for owner, day in owners.items():
            if owner == one.organ:
                continue
            by = [
                other.code
                for found in self.register.delegations.values()
                for other in found
                if other.delegate == one.organ and item in other.items
            ]
            if by:
                message = f"{one.organ} has item {item} only by delegation ({', '.join(by)}), and may not pass it on"
                yield "items", "re-delegation", f"{message} (行政许可法 24)"
            else:
                yield "items", "not-its-item", f"item {item} is that of {owner} on {day}, not of {one.organ}"

    def _stand_in(self, one: StandIn) -> Found:
        people = self.register.people
        for field, code in (("absent", one.absent), ("deputy", one.deputy)):
            if code not in people:
                yield field, "unknown-person", f"there is no person {code!r}"
        if one.absent == one.deputy:
            yield "deputy", "own-deputy", "nobody stands in for himself"
        absent, deputy = people.get(one.absent), people.get(one.deputy)
        if absent is not None and deputy is not None:
            day = one.valid_from
            homes = [home_of(who.organ_on(day), self.organisation, day) for who in (absent, deputy)]
            if homes[0] != homes[1]:
                yield "deputy", "deputy-elsewhere", f"{one.deputy} is of {homes[1]}, {one.absent} of {homes[0]}"
        for item in sorted(one.items - {ALL_ITEMS} - self.catalogue.items.keys()):
            yield "items", "unknown-item", f"there is no item {item!r}"
        for other in (other for found in self.register.stand_ins.values() for other in found):
            if one.absent == one.deputy or other.absent == other.deputy:
                continue  # told by itself: it is no chain, and what follows from it is no second fault
            if other == one or not _overlap(one, other):
                continue
            if other.absent == one.deputy:
                message = f"{one.deputy} is away from {other.valid_from} to {other.valid_to}; end one of the two first"
                yield "deputy", "stand-in-chain", message
            if other.deputy == one.absent:
                message = f"{one.absent} stands in for {other.absent} until {other.valid_to}; end one of the two first"
                yield "absent", "stand-in-chain", message


def _toxic(
    given: tuple[StaffRecord, ...], register: Authority, organisation: Organisation, where: Where
) -> Iterator[Fault]:
    """Roles that are kept apart and meet in somebody whom the given records touch."""
    pairs = [pair for pair in register.separations if pair.scope is Scope.PERSON]
    if not pairs:
        return
    touched: dict[str, StaffRecord] = {}
    for record in given:
        for person in _touched(record, register):
            touched.setdefault(person, record)
    for person, record in touched.items():
        powers = [power for power in register.powers(person, organisation) if not power.is_void()]
        for pair in pairs:
            one, other = sorted(pair.roles, key=lambda role: role.name)
            if any(
                a.role is one
                and b.role is other
                and _overlap(a, b)
                and meet(a, b, organisation, max(a.valid_from, b.valid_from))
                for a in powers
                for b in powers
            ):
                message = f"{person} would hold {one.value} and {other.value} together: {pair.reason} ({pair.basis})"
                yield Fault(where(record, "person"), "kept-apart", message)


def _touched(record: StaffRecord, register: Authority) -> Iterator[str]:
    """The people whose powers a record may change."""
    match record:
        case Person():
            people = {record.code}
        case Appointment():
            people = {record.person}
        case StandIn():
            people = {record.deputy}
        case Grant() if record.person:
            people = {record.person}
        case _:
            people = set(register.held)
    yield from sorted(people)
    for found in register.stand_ins.values():
        yield from (one.deputy for one in found if one.absent in people)


def _overlap(one: Appointment | StandIn | Power, other: Person | Post | StandIn | Power) -> bool:
    """Whether two records have a day in common."""
    return (other.valid_to is None or one.valid_from < other.valid_to) and (
        one.valid_to is None or other.valid_from < one.valid_to
    )
