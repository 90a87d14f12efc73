"""The register of an area: all records of authority, asked who may do what, when, and why.

Rules of this room: deny by default; a record never widens by itself, and a grant gives nothing before its organ exists
or once it has ended. A delegation carries no further than the delegate (it is made from what the delegate's people hold
there, never from another delegation), a stand-in no further than the deputy (from what the absent person holds, never
from another stand-in). Adding a grant takes nothing away, except that a deputy loses what may not meet in one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

import attrs

from egov_core.domain.authority.chains import delegated_power, held_power, lent_power, meet, while_it_exists
from egov_core.domain.authority.powers import Act, Gap, Power
from egov_core.domain.authority.records import Appointment, Delegation, Grant, Post, Role, Staffing, StandIn
from egov_core.domain.authority.separation import Scope, Separation
from egov_core.domain.authority.verdicts import NearMiss, Verdict
from egov_core.domain.organisation import Organisation
from egov_core.domain.people import Person

T = TypeVar("T")


@attrs.frozen
class Authority:
    """All records of authority of one area."""

    people: Mapping[str, Person]
    posts: Mapping[str, Post]
    held: Mapping[str, tuple[Power, ...]]
    delegations: Mapping[str, tuple[Delegation, ...]]
    stand_ins: Mapping[str, tuple[StandIn, ...]]
    separations: tuple[Separation, ...] = ()

    @classmethod
    def of(
        cls,
        grants: Iterable[Grant],
        *,
        people: Iterable[Person],
        posts: Iterable[Post] = (),
        appointments: Iterable[Appointment] = (),
        delegations: Iterable[Delegation] = (),
        stand_ins: Iterable[StandIn] = (),
        separations: Iterable[Separation] = (),
    ) -> Authority:
        """The register of these records; what dangles in them gives nothing."""
        staff, held_posts = {one.code: one for one in people}, {one.code: one for one in posts}
        fills = _grouped(appointments, "post")
        held: dict[str, list[Power]] = {}
        for grant in grants:
            # both, where a record names both: it is refused in writing, and here it gives nothing
            if bool(grant.person) == bool(grant.post):
                continue
            if grant.person:
                held.setdefault(grant.person, []).append(held_power(grant, grant.person, staff, held_posts))
            for one in fills.get(grant.post, ()) if grant.post else ():
                held.setdefault(one.person, []).append(held_power(grant, one.person, staff, held_posts, one))
        return cls(
            people=staff,
            posts=held_posts,
            held={person: tuple(powers) for person, powers in held.items()},
            delegations=_grouped(delegations, "organ"),
            stand_ins=_grouped(stand_ins, "deputy"),
            separations=tuple(separations),
        )

    @classmethod
    def of_staffing(cls, staffing: Staffing, separations: Iterable[Separation] = ()) -> Authority:
        """The register of records that came together."""
        return cls.of(
            staffing.grants,
            people=staffing.people,
            posts=staffing.posts,
            appointments=staffing.appointments,
            delegations=staffing.delegations,
            stand_ins=staffing.stand_ins,
            separations=separations,
        )

    # -- asking ------------------------------------------------------------------------------------------------------

    def permits(self, person: str, act: Act, organisation: Organisation) -> Power | None:
        """The power under which `person` may do `act`, the person's own before a borrowed one; None: denied."""
        for power in self.powers(person, organisation, act.day, act=act, role=act.role):
            if next(self._gaps(power, act, organisation), None) is None:
                return power
        return None

    def why(self, person: str, act: Act, organisation: Organisation) -> Verdict:
        """Whether `person` may do `act`, with the chain, or with everything that failed, the nearest first."""
        tried = []
        for power in self.powers(person, organisation, act.day, act=act):
            gaps = tuple(self._gaps(power, act, organisation))
            if not gaps:
                return Verdict(person=person, act=act, power=power)
            tried.append(NearMiss(power=power, gaps=gaps))
        # another role altogether is no near miss, however little else is wrong
        tried.sort(key=lambda one: (one.power.role is not act.role, len(one.gaps)))
        return Verdict(person=person, act=act, tried=tuple(tried))

    def who(self, act: Act, organisation: Organisation) -> tuple[Verdict, ...]:
        """Everybody who may do `act`, by code, each with the chain."""
        found = ((person, self.permits(person, act, organisation)) for person in sorted(self.people))
        return tuple(Verdict(person=person, act=act, power=power) for person, power in found if power is not None)

    def what(self, person: str, day: date, organisation: Organisation) -> tuple[Power, ...]:
        """Everything `person` may do on `day`, own powers first."""
        powers = tuple(self.powers(person, organisation, day))
        return tuple(
            power
            for power in powers
            if power.stands_on(day) and next(self._clashes(power, day, organisation), None) is None
        )

    def require(self, person: str, act: Act, organisation: Organisation) -> Power:
        """The power under which `person` may do `act`. Raises NoAuthorityError, which says what would be needed."""
        power = self.permits(person, act, organisation)
        if power is None:
            raise self.why(person, act, organisation).error()
        return power

    # -- what follows from the records -------------------------------------------------------------------------------

    def powers(
        self,
        person: str,
        organisation: Organisation,
        day: date = date.max,
        *,
        act: Act | None = None,
        role: Role | None = None,
    ) -> Iterator[Power]:
        """Every power of `person`, void ones and past ones too; of delegated ones those that `act` could be about.

        `day` says where organs stand and people serve, by default after every change that is known. Of one `role` only,
        where it is given: what denies need not be told apart then.
        """
        yield from self.own_powers(person, organisation, day, act=act, role=role)
        for stand_in in self.stand_ins.get(person, ()):
            if stand_in.absent == person:
                continue
            for power in self.own_powers(stand_in.absent, organisation, day, act=act, role=role):
                yield lent_power(power, stand_in, self.people, organisation, day)

    def own_powers(
        self,
        person: str,
        organisation: Organisation,
        day: date = date.max,
        *,
        act: Act | None = None,
        role: Role | None = None,
    ) -> Iterator[Power]:
        """The powers of `person` that are not lent by somebody absent."""
        own = (power for power in self.held.get(person, ()) if role is None or power.role is role)
        held = [while_it_exists(power, organisation) for power in own]
        yield from held
        if not held:
            return
        every = (one for found in self.delegations.values() for one in found)
        for delegation in every if act is None else self.delegations.get(act.organ, ()):
            for power in held:
                if organisation.is_within(delegation.unit or delegation.delegate, power.organ, day):
                    yield delegated_power(power, delegation, self.people, organisation, day)

    def _gaps(self, power: Power, act: Act, organisation: Organisation) -> Iterator[Gap]:
        yield from power.gaps(act, organisation)
        yield from self._clashes(power, act.day, organisation)

    def _clashes(self, power: Power, day: date, organisation: Organisation) -> Iterator[Gap]:
        """Where a lent power meets, in the deputy, a role that is kept apart from it."""
        if power.stand_in is None:
            return
        for pair in self.separations:
            other = pair.other(power.role) if pair.scope is Scope.PERSON else None
            if other is None:
                continue
            for held in self.powers(power.person, organisation, day):
                if held.role is other and held.stands_on(day) and meet(held, power, organisation, day):
                    data = {"asked": power.role.value, "has": other.value, "reason": pair.reason}
                    yield Gap(code="separation", data=data)
                    break


def _grouped(records: Iterable[T], field: str) -> dict[str, tuple[T, ...]]:
    grouped: dict[str, list[T]] = {}
    for record in records:
        grouped.setdefault(getattr(record, field), []).append(record)
    return {key: tuple(found) for key, found in grouped.items()}
