"""The preview of a reorganisation: what applying it would write, and what that means for the county's work.

Rules of this room: reading only. What would be written is `planned`, the list that applying writes; everything here is
derived from it and from what is stored. Every number can be opened: the cases behind it are named one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import attrs

from egov_core.domain.authority import Act, Authority, Role, Staffing
from egov_core.domain.campaign.standing import ended
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.catalogue.versions_to_come import stretches
from egov_core.domain.legal import is_in_force
from egov_core.domain.organisation import Organisation
from egov_core.domain.reorganisation.changes import Changes, Remark
from egov_core.domain.reorganisation.plan import Plan
from egov_core.usecases.foundation.every_case import every_case
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.reorganisation.carrying_through import Planned, planned
from egov_core.usecases.reorganisation.stranded import CLOSED, Passing, PassingCase, Stranded, StrandedWork

POSTS = (Role.INTAKE, Role.REVIEWER, Role.APPROVER)
"""Without whom no case of an item can go its way."""


@attrs.frozen(kw_only=True)
class EmptyPost:
    """A post that somebody filled until now and nobody fills from then on: `role` in `organ` for these items.

    Without items it is about the organ itself: its predecessors had people in this role, and it has none.
    """

    role: str
    organ: str
    items: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Statistic:
    """What a report by the new structure reads under another organ than one by the structure of the time."""

    source: str
    target: str
    open: int
    with_upper: int
    closed: int


@attrs.frozen(kw_only=True)
class Preview:
    """What a plan would change and bring about. `planned` is what applying writes."""

    planned: Planned
    cases: tuple[PassingCase, ...] = ()
    empty_posts: tuple[EmptyPost, ...] = ()
    statistics: tuple[Statistic, ...] = ()
    stranded: tuple[StrandedWork, ...] = ()

    @property
    def items_without_organ(self) -> tuple[str, ...]:
        """What the faults say of items that would belong to nobody."""
        return tuple(one.message for one in self.planned.changes.faults if one.code == "items-without-organ")

    @property
    def totals(self) -> dict[str, int]:
        """How much of each there is."""
        changes = self.planned.changes
        return {
            "rows": len(self.planned.rows),
            "faults": len(changes.faults),
            "cases": len(self.cases),
            "timers": sum(one.timers for one in self.cases),
            "forwards": sum(len(one.forwards) for one in self.cases),
            "empty_posts": len(self.empty_posts),
            "people_without_organ": sum(1 for one in changes.remarks if one.code == "person-without-organ"),
            "authorisations_lost": len(changes.lost),
            "work_without_authority": sum(len(one.cases) for one in self.stranded),
            "statistics": len(self.statistics),
        }


def preview(services: Services, plan: Plan, *, progress: Callable[[int], object] = lambda _done: None) -> Preview:
    """Look at a plan; nothing is written. `progress` is told of each case looked at.

    Of a plan with faults only the faults are shown: what they leave open cannot be said.
    """
    found = planned(services, plan)
    if found.changes.faults:
        return Preview(planned=found)
    passing, stranded = Passing(services, found.changes), Stranded(services, found.changes)
    for row in every_case(services):
        progress(1)
        passing.look(row)
        stranded.look(row)
    return Preview(
        planned=attrs.evolve(
            found,
            changes=attrs.evolve(
                found.changes, remarks=(*found.changes.remarks, *_campaign_duties(services, found.changes))
            ),
        ),
        cases=passing.cases(),
        empty_posts=tuple(_empty_posts(services, found.changes)),
        stranded=stranded.work(),
        statistics=tuple(
            Statistic(
                source=source,
                target=target,
                open=counts["open"],
                with_upper=counts["with-upper"],
                closed=counts[CLOSED],
            )
            for (source, target), counts in sorted(passing.moved.items())
        ),
    )


def _empty_posts(services: Services, changes: Changes) -> Iterator[EmptyPost]:
    """Posts that are filled on the day before and no longer on the day: only what the plan empties is its doing."""
    registry, day = services.registry(), changes.plan.effective
    passed = {code for one in changes.successions for code in one.items}
    empty: defaultdict[tuple[Role, str], list[str]] = defaultdict(list)
    eve = day - timedelta(days=1)
    before = registry.authority
    after = Authority.of_staffing(changes.staffing, services.place.separations)
    for code in sorted(passed):
        now = next((version for version, _, _ in stretches(changes.catalogue.items[code], day)), None)
        if now is None:
            continue
        was = next((version for version, _, _ in stretches(registry.catalogue.items[code], eve)), now)
        for role in POSTS:
            filled = _filled(before, registry.organisation, role, was, eve)
            if filled and not _filled(after, changes.organisation, role, now, day):
                empty[role, now.organ].append(code)
    for role, organ in _without_anybody(registry.staffing, changes, day):
        empty.setdefault((role, organ), [])
    for (role, organ), items in sorted(empty.items(), key=lambda pair: (pair[0][1], pair[0][0].name)):
        yield EmptyPost(role=role.name.lower(), organ=organ, items=tuple(items))


def _without_anybody(staffing: Staffing, changes: Changes, day: date) -> Iterator[tuple[Role, str]]:
    """The roles that somebody held in an organ which ends, and nobody holds in the one that takes its work, at all.

    A town may have no items of its own, and its people their say over what others entrust to it: no item shows that
    they are gone.
    """
    until, then = _roles_held(staffing, day - timedelta(days=1)), _roles_held(changes.staffing, day)
    for one in changes.successions:
        organ = changes.organisation.organs[one.source]
        if one.rest and not organ.exists_on(day):
            yield from (
                (role, one.target) for role in Role if (one.source, role) in until and (one.target, role) not in then
            )


def _roles_held(staffing: Staffing, day: date) -> set[tuple[str, Role]]:
    """In which organ somebody in office holds which role on a day, for whatever items."""
    serving = {one.code for one in staffing.people if one.serves_on(day)}
    filled = {
        one.post
        for one in staffing.appointments
        if one.person in serving and is_in_force(day, one.valid_from, one.valid_to)
    }
    return {
        (one.organ, one.role)
        for one in staffing.grants
        if is_in_force(day, one.valid_from, one.valid_to) and (one.person in serving or one.post in filled)
    }


def _campaign_duties(services: Services, changes: Changes) -> Iterator[Remark]:
    """Units that end before their forms are accepted in an open campaign: who takes the duty over, once recorded."""
    day = changes.plan.effective
    for code, campaign in sorted(services.registry().campaigns.items()):
        for unit in () if campaign.closed_at is not None else ended(campaign, changes.organisation, day):
            state = campaign.units[unit].state
            heirs = dict.fromkeys(one.target for one in changes.successions if one.source == unit)
            if heirs:
                message = (
                    f"in campaign {code} {unit} is {state.value}, and it ends before it is accepted; its duty passes "
                    f"to {', '.join(heirs)}: run on {day} or later egov campaign succeed {code} --unit {unit} "
                    "--as PERSON --config FILE"
                )
                yield Remark(code="campaign-duty", subject=unit, message=message)


def _filled(register: Authority, organisation: Organisation, role: Role, item: ItemVersion, day: date) -> bool:
    act = Act(role=role, item=item.code, organ=item.organ, day=day)
    return any(register.permits(person, act, organisation) is not None for person in register.people)
