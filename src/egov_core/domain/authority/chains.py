"""Chains: from the records to the powers they make, link by link.

Rules of this room: functions of the records and the tree of organs, as it is on a day: who lies below whom, and who
serves where, changes with a reform, and a plan that lies ahead changes nothing before its day. What cannot be (a
post that is not there, a delegate that is no organ) becomes a bar of the power and is told when somebody asks;
nothing is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from egov_core.domain.authority.powers import Gap, Link, LinkKind, Power, narrower
from egov_core.domain.authority.records import (
    ALL_ITEMS,
    DELEGABLE,
    Appointment,
    Delegation,
    Grant,
    Post,
    StandIn,
    code_of,
)
from egov_core.domain.organisation import Organ, Organisation, OrganKind
from egov_core.domain.people import Person

NO_ADMINISTRATIVE_ORGAN = frozenset({OrganKind.UNIT, OrganKind.COMMUNITY})
"""What nothing can be delegated to: a unit is a part of an organ, a community governs itself."""


def held_power(
    grant: Grant,
    person: str,
    people: Mapping[str, Person],
    posts: Mapping[str, Post],
    filled: Appointment | None = None,
) -> Power:
    """What a grant gives to one person, directly or by the post it fills."""
    known = people.get(person)
    bars = [] if known is not None else [Gap(code="unknown-person", data={"asked": person})]
    if filled is not None and filled.post not in posts:
        bars.append(Gap(code="unknown-post", data={"asked": filled.post}))
    link = Link(
        kind=LinkKind.GRANT,
        code=code_of(grant),
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        items=grant.items,
        steps=grant.steps,
        basis=grant.basis,
    )
    own = () if known is None else (_person_link(known),)
    filling = () if filled is None else _filling(filled, posts)
    return Power(person=person, role=grant.role, organ=grant.organ, links=(*own, *filling, link), bars=tuple(bars))


def while_it_exists(power: Power, organisation: Organisation) -> Power:
    """The power on the days on which its organ exists, which is one of its links where it begins later or has an end.

    Who holds a power over the organs above keeps it: where nobody succeeds an organ, the government it belonged to
    answers for it (最高人民法院关于适用《行政诉讼法》的解释, 第二十三条).
    """
    organ = organisation.organs.get(power.organ)
    if organ is None or (organ.valid_to is None and organ.valid_from <= power.valid_from):
        return power
    return attrs.evolve(power, links=(*power.links, _organ_link(organ)))


def delegated_power(
    power: Power, delegation: Delegation, people: Mapping[str, Person], organisation: Organisation, day: date
) -> Power:
    """What a power in the delegate makes of a delegation on `day`: only what both say."""
    organs = (organisation.organs.get(code) for code in (delegation.organ, delegation.delegate))
    bars = [*power.bars, *delegation_gaps(delegation, organisation, day)]
    if power.role not in DELEGABLE:
        bars.append(Gap(code="not-delegable", data={"asked": power.role.value}))
    person = people.get(power.person)
    if person is not None and not organisation.is_within(person.organ_on(day), delegation.delegate, day):
        bars.append(Gap(code="employed-elsewhere", data={"asked": person.code, "has": delegation.delegate}))
    return Power(
        person=power.person,
        role=power.role,
        organ=delegation.organ,
        links=(
            *power.links,
            _delegation_link(delegation),
            *(_organ_link(organ) for organ in organs if organ is not None),
        ),
        bars=tuple(bars),
    )


def lent_power(
    power: Power, stand_in: StandIn, people: Mapping[str, Person], organisation: Organisation, day: date
) -> Power:
    """What an absent person's power is in the hands of the deputy on `day`."""
    deputy, absent = people.get(stand_in.deputy), people.get(stand_in.absent)
    bars = list(power.bars)
    if deputy is None:
        bars.append(Gap(code="unknown-person", data={"asked": stand_in.deputy}))
    elif absent is not None and not of_one_home(deputy, absent, organisation, day):
        bars.append(Gap(code="deputy-elsewhere", data={"asked": deputy.code, "has": absent.code}))
    own = () if deputy is None else (_person_link(deputy),)
    link = Link(
        kind=LinkKind.STAND_IN,
        code=code_of(stand_in),
        name=stand_in.absent,
        valid_from=stand_in.valid_from,
        valid_to=stand_in.valid_to,
        roles=stand_in.roles or None,
        items=stand_in.items,
        document=stand_in.document,
    )
    return Power(
        person=stand_in.deputy, role=power.role, organ=power.organ, links=(*own, link, *power.links), bars=tuple(bars)
    )


def _organ_link(organ: Organ) -> Link:
    return Link(
        kind=LinkKind.ORGAN, code=organ.code, name=organ.name, valid_from=organ.valid_from, valid_to=organ.valid_to
    )


def _person_link(person: Person) -> Link:
    return Link(
        kind=LinkKind.PERSON,
        code=person.code,
        name=person.name,
        valid_from=person.valid_from,
        valid_to=person.valid_to,
    )


def _filling(appointment: Appointment, posts: Mapping[str, Post]) -> tuple[Link, ...]:
    """The links of a post that is filled."""
    filled = Link(
        kind=LinkKind.APPOINTMENT,
        code=code_of(appointment),
        valid_from=appointment.valid_from,
        valid_to=appointment.valid_to,
        document=appointment.document,
    )
    post = posts.get(appointment.post)
    if post is None:
        return (filled,)
    return (
        filled,
        Link(kind=LinkKind.POST, code=post.code, name=post.name, valid_from=post.valid_from, valid_to=post.valid_to),
    )


def _delegation_link(delegation: Delegation) -> Link:
    """A delegation is none before it is published, and for no item that it does not name (行政许可法 24)."""
    return Link(
        kind=LinkKind.DELEGATION,
        code=delegation.code,
        name=delegation.organ,
        valid_from=max(delegation.valid_from, delegation.published_on),
        valid_to=delegation.valid_to,
        roles=delegation.roles & DELEGABLE,
        items=delegation.items - {ALL_ITEMS},
        steps=delegation.steps,
        basis=delegation.basis,
        document=delegation.announcement,
    )


def delegation_gaps(delegation: Delegation, organisation: Organisation, day: date) -> Iterator[Gap]:
    """Why a delegation cannot be on `day`, whoever would act under it."""
    delegate = organisation.organs.get(delegation.delegate)
    for code in (delegation.organ, delegation.delegate):
        if code not in organisation.organs:
            yield Gap(code="unknown-organ", data={"asked": code})
    if delegate is not None and delegate.kind in NO_ADMINISTRATIVE_ORGAN:
        yield Gap(code="no-organ", data={"asked": delegate.code})
    if delegation.delegate == delegation.organ:
        yield Gap(code="own-unit", data={"asked": delegation.delegate})
    if delegation.unit and not organisation.is_within(delegation.unit, delegation.delegate, day):
        yield Gap(code="unit-elsewhere", data={"asked": delegation.unit, "has": delegation.delegate})


def home_of(code: str, organisation: Organisation, day: date) -> str:
    """The organ that a unit, however deep, belongs to on `day`; an organ is its own."""
    here = organisation.organs.get(code)
    while here is not None and here.kind is OrganKind.UNIT:
        above = here.as_on(day).parent
        if above is None:
            break
        code, here = above, organisation.organs.get(above)
    return code


def of_one_home(one: Person, other: Person, organisation: Organisation, day: date) -> bool:
    """Whether two people serve in the same organ on `day`, in whichever of its units."""
    homes = {home_of(person.organ_on(day), organisation, day) for person in (one, other)}
    return len(homes) == 1


def meet(one: Power, other: Power, organisation: Organisation, day: date) -> bool:
    """Whether two powers can be about the same item of the same organ on `day`."""
    near = organisation.is_within(one.organ, other.organ, day) or organisation.is_within(other.organ, one.organ, day)
    return near and bool(narrower(one.items, other.items))
