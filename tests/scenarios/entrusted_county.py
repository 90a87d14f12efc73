"""What else rests on organs when a reform comes: posts, stand-ins, delegations, drafts, suspended items, work.

Put into a county on the eve of a plan, around the organs that the plan ends, so that each has something to follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import attrs

from egov_core.domain.authority import Appointment, Delegation, Grant, Post, Role, Staffing, StandIn
from egov_core.domain.catalogue import PrepareDraft, SubmitDraft, SuspendItem
from egov_core.domain.organisation import OrganKind
from egov_core.domain.people import SYSTEM, Actor, ActorKind
from egov_core.domain.reorganisation.plan import Plan
from egov_core.runtime.office import Office
from egov_core.testing.small_county import BASIS
from egov_core.testing.whole_items import whole
from egov_core.usecases.staff.appointing import appoint
from egov_core.usecases.staff.handing_over import hand_over_work, handover_faults

SINCE = date(2010, 1, 1)
ENOUGH = 5
"""Organs that something is put around."""


def entrust(office: Office, plan: Plan) -> frozenset[str]:
    """Add the records; the organs that end and have something resting on them are the answer."""
    ended = {one.source for one in plan.passing() if one.ends}
    today = office.now().date()
    with_items = sorted({item.organ for item in office.catalogue.in_use(today)} & ended)[:ENOUGH]
    stays = [
        organ.code
        for organ in office.organisation.on(today)
        if organ.kind in (OrganKind.DEPARTMENT, OrganKind.TOWN) and organ.code not in ended
    ]
    delegates = [*sorted(ended - set(with_items)), *stays]
    office.change(lambda services: appoint(services, Staffing(**_records(office, with_items, delegates)), actor=SYSTEM))
    _hand_over(office, with_items)
    _draft_and_suspend(office, with_items)
    return frozenset(with_items)


def _records(office: Office, organs: list[str], delegates: list[str]) -> dict[str, Any]:
    found: dict[str, list[object]] = {
        name: [] for name in ("posts", "appointments", "grants", "delegations", "stand_ins")
    }
    today = office.now().date()
    for number, organ in enumerate(organs):
        people = sorted(one.code for one in office.services.registry().people.values() if one.organ == organ)
        post = f"gw-{organ}"
        items = frozenset(item.code for item in office.catalogue.in_use(today) if item.organ == organ)
        found["posts"].append(Post(code=post, name="咨询岗", organ=organ, valid_from=SINCE))
        found["appointments"] += [Appointment(person=one, post=post, valid_from=SINCE) for one in people[:2]]
        found["grants"].append(Grant(post=post, role=Role.INTAKE, organ=organ, valid_from=SINCE))
        if len(people) > 1:
            stand_in = StandIn(absent=people[0], deputy=people[1], valid_from=today, valid_to=date(2030, 1, 1))
            found["stand_ins"].append(stand_in)
        found["delegations"].append(
            Delegation(
                code=f"wt-{organ}",
                organ=organ,
                delegate=delegates[number],
                items=items,
                basis=BASIS,
                announcement="公告",
                published_on=SINCE,
                valid_from=max(SINCE, *(item.valid_from for item in office.catalogue.in_use(today))),
            )
        )
    return {name: tuple(records) for name, records in found.items()}


def _hand_over(office: Office, organs: list[str]) -> None:
    """Of the first organ where one colleague could go on with the work of another, that work is handed over."""
    people = office.services.registry().people
    for giver, taker in _pairs(office, organs):
        if people[giver].organ == people[taker].organ and not handover_faults(office.services, giver, taker)[1]:
            office.change(lambda services: hand_over_work(services, giver, taker, reason="调离", actor=SYSTEM))  # noqa: B023 -- called before the next turn
            return


def _pairs(office: Office, organs: list[str]) -> Iterator[tuple[str, str]]:
    for organ in organs:
        people = sorted(one.code for one in office.services.registry().people.values() if one.organ == organ)
        yield from ((giver, taker) for giver in people for taker in people if giver != taker)


def _draft_and_suspend(office: Office, organs: list[str]) -> None:
    """A draft in review of an item of the first organ, and the last organ's last item suspended."""
    clerks = [
        grant.person
        for grant in office.services.registry().staffing.grants
        if grant.role is Role.CLERK_OF_CATALOGUE and grant.person
    ]
    keepers = [Actor(kind=ActorKind.STAFF, code=one) for one in clerks[:2]]
    today = office.now().date()
    first = next(item for item in office.catalogue.in_use(today) if item.organ == organs[0])
    drafted = attrs.evolve(whole(first.code, first.version + 1), organ=first.organ, name=first.name, valid_from=today)
    office.act_on_item(first.code, PrepareDraft(item=drafted), actor=keepers[0])
    office.act_on_item(first.code, SubmitDraft(), actor=keepers[0])
    last = [item for item in office.catalogue.in_use(today) if item.organ == organs[-1]][-1]
    suspend = SuspendItem(reason="改革期间停办", on=today, prepared_by=keepers[0].code)
    office.act_on_item(last.code, suspend, actor=keepers[-1])
