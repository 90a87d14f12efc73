"""What becomes of the records of authority when organs end, items pass and people move.

Rules of this room: a grant never comes to cover more than it did. Over another organ it is narrowed to the items that
passed to it from the grant's own. A grant over all items stays one where a founded organ has a single source, so that
what it has is what that one had, and where a merger keeps the role and all that come together had the same say. Whoever
did not come along has lost the grant, and the plan's own `authorise` is the way to give it anew. A grant to a post goes
where the post goes (`holding`); delegations do not go anywhere (`entrusting`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

import attrs

from egov_core.domain.authority import ALL_ITEMS, Grant, Post, Role, Staffing, StaffRecord, code_of
from egov_core.domain.organisation import Organisation
from egov_core.domain.people import Person
from egov_core.domain.reorganisation.changes import LostAuthority, Remark, ValueChange
from egov_core.domain.reorganisation.entrusting import follow_delegations
from egov_core.domain.reorganisation.holding import follow_holders, lasts
from egov_core.domain.reorganisation.losing import Losing, Seats
from egov_core.domain.reorganisation.plan import Plan

R = TypeVar("R", bound=StaffRecord)


@attrs.frozen
class Followed:
    """The records that change, all records as they will be, what is lost, and what is left open."""

    changes: tuple[ValueChange, ...]
    staffing: Staffing
    lost: tuple[LostAuthority, ...]
    remarks: tuple[Remark, ...]


@attrs.frozen(kw_only=True)
class Passed:
    """What a plan makes pass: `moved` are the items that go from one organ to another, `held` those an organ had.

    `ended` are the organs that end, `rest` says who takes the rest of each. `keep` are the roles that a merger keeps on
    the way from one organ to another, `reach` the items that an organ has or is entrusted with.
    """

    ended: frozenset[str]
    rest: Mapping[str, str]
    moved: Mapping[tuple[str, str], frozenset[str]]
    held: Mapping[str, frozenset[str]]
    keep: Mapping[tuple[str, str], frozenset[Role]] = attrs.field(factory=dict)
    reach: Mapping[str, frozenset[str]] = attrs.field(factory=dict)

    def alike(self, target: str, *, founded: bool) -> bool:
        """Whether everybody who comes together in `target` had a say over the same items there as the others."""
        come = {source for source, other in self.moved if other == target} | (set() if founded else {target})
        return len({self.reach.get(organ, frozenset()) for organ in come}) == 1

    def gone_to(self, here: str, source: str, organisation: Organisation, day: date) -> str | None:
        """The successor of `source` in which whoever serves `here` on the day does so, itself or a unit of it."""
        targets = [target for one, target in self.moved if one == source]
        if here in targets or source not in self.ended:
            return here if here in targets else None
        return next((one for one in targets if organisation.is_within(here, one, day)), None)

    def leaving(self) -> Mapping[str, frozenset[str]]:
        """The items that leave each organ."""
        return {
            source: frozenset().union(*(items for (one, _), items in self.moved.items() if one == source))
            for source, _ in self.moved
        }


def follow(
    plan: Plan, staffing: Staffing, passed: Passed, *, people: Mapping[str, Person], before: Seats, after: Seats
) -> Followed:
    """What becomes of the records of authority under the plan; `people` are as they will be.

    `before` and `after` say where the items stand without and with the plan, and in which tree.
    """
    day, organisation = plan.effective, after.organisation
    holders = follow_holders(
        staffing,
        day=day,
        people=people,
        organisation=organisation,
        ended=passed.ended,
        rest=passed.rest,
        gone_to=lambda here, source: passed.gone_to(here, source, organisation, day),
    )
    posts = {post.code: holders.posts.get(post, post) for post in staffing.posts}
    grants = _Grants(plan, passed, people, posts, organisation)
    kept, given = grants.run(staffing.grants)
    entrusted = follow_delegations(
        plan, staffing.delegations, organisation=organisation, ended=passed.ended, passed=passed.leaving()
    )
    every = (*_after(staffing.grants, kept), *given)
    parents = (
        code
        for code, organ in before.organisation.organs.items()
        if organ.as_on(day).parent != organisation.organs[code].as_on(day).parent
    )
    losing = Losing(before, after, passed.ended, tuple(parents), frozenset(one.organ for one in plan.rename))
    return Followed(
        changes=(
            *_changed(holders.posts),
            *_changed(holders.appointments),
            *_changed(kept),
            *(ValueChange(None, grant) for grant in given),
            *_changed(entrusted.ended),
            *(ValueChange(None, one) for one in entrusted.made),
            *_changed(holders.stand_ins),
        ),
        staffing=Staffing(
            people=tuple(people.values()),
            posts=_after(staffing.posts, holders.posts),
            appointments=_after(staffing.appointments, holders.appointments),
            grants=every,
            delegations=(*_after(staffing.delegations, entrusted.ended), *entrusted.made),
            stand_ins=_after(staffing.stand_ins, holders.stand_ins),
        ),
        lost=(*losing.lost(staffing.grants, kept, every, frozenset(grants.bare)), *holders.lost, *entrusted.lost),
        remarks=holders.remarks,
    )


def _changed(records: Mapping[R, R]) -> Iterator[ValueChange]:
    return (ValueChange(before, after) for before, after in records.items() if after != before)


def _after(records: Iterable[R], changed: Mapping[R, R]) -> tuple[R, ...]:
    return tuple(changed.get(one, one) for one in records)


class _Grants:
    def __init__(
        self,
        plan: Plan,
        passed: Passed,
        people: Mapping[str, Person],
        posts: Mapping[str, Post],
        organisation: Organisation,
    ) -> None:
        self.plan, self.day = plan, plan.effective
        self.people, self.posts, self.organisation = people, posts, organisation
        self.passed = passed
        self.ended, self.moved = passed.ended, passed.moved
        self.sources = {source for source, _ in self.moved} | self.ended
        founded = {one.organ for one in plan.found}
        targets = {target for _, target in self.moved}
        self.sole = {
            target
            for target in targets & founded
            if len({source for source, other in self.moved if other == target}) == 1
        }
        self.alike = {target for target in targets if passed.alike(target, founded=target in founded)}
        self.bare: list[Grant] = []
        """Grants that end and give nothing in another organ."""
        self.fresh: dict[tuple[object, ...], Grant] = {}

    def run(self, grants: tuple[Grant, ...]) -> tuple[dict[Grant, Grant], tuple[Grant, ...]]:
        """Each grant that the plan touches as it will be, and those that it gives."""
        kept: dict[Grant, Grant] = {}
        for grant in grants:
            if grant.organ in self.sources and lasts(grant, self.day):
                kept[grant] = self._followed(grant)
        for one in self.plan.authorise:
            items = frozenset(one.items) or frozenset({ALL_ITEMS})
            self._give(Grant(person=one.person, role=one.role, organ=one.organ, items=items, valid_from=self.day))
        return kept, tuple(self._numbered({code_of(grant) for grant in grants}))

    def _numbered(self, taken: set[str]) -> Iterator[Grant]:
        """What is given, in a fixed order; where a code is taken, the grant bears the plan's as its number."""
        for grant in sorted(self.fresh.values(), key=lambda one: (code_of(one), sorted(one.steps), sorted(one.items))):
            turn, numbered = 1, grant
            while code_of(numbered) in taken:
                numbered = attrs.evolve(grant, number=self.plan.code if turn == 1 else f"{self.plan.code}-{turn}")
                turn += 1
            taken.add(code_of(numbered))
            yield numbered

    def _followed(self, grant: Grant) -> Grant:
        """What an old grant becomes; what follows from it in another organ is given beside it."""
        target = self._gone_to(grant)
        if grant.organ not in self.ended and target is None:
            return grant
        given, had = False, self._had(grant)
        if target is not None:
            came = had & self.moved.get((grant.organ, target), frozenset())
            kept = grant.role in self.passed.keep.get((grant.organ, target), frozenset())
            over_all = ALL_ITEMS in grant.items and grant.organ in self.ended
            whole = over_all and (target in self.sole or (kept and target in self.alike))
            entrusted = self.passed.reach.get(grant.organ, frozenset()) if kept else frozenset()
            narrowed = came | (entrusted if ALL_ITEMS in grant.items else entrusted & grant.items)
            given = bool(narrowed) or whole
            if given:
                items = grant.items if whole else narrowed
                since = max(grant.valid_from, self.day)
                self._give(attrs.evolve(grant, organ=target, items=items, valid_from=since, number=""))
        if not given:
            self.bare.append(grant)
        return attrs.evolve(grant, valid_to=max(grant.valid_from, self.day))

    def _had(self, grant: Grant) -> frozenset[str]:
        held = self.passed.held.get(grant.organ, frozenset())
        return held if ALL_ITEMS in grant.items else held & grant.items

    def _gone_to(self, grant: Grant) -> str | None:
        """The organ to which the holder of a grant went from the grant's organ; None where the holder did not."""
        holder = self.posts.get(grant.post) if grant.post else self.people.get(grant.person)
        if holder is None:
            return None
        here = holder.organ_on(self.day)
        moved_away = any(move.valid_from == self.day for move in holder.moves)
        if grant.organ in self.ended or moved_away:
            return self.passed.gone_to(here, grant.organ, self.organisation, self.day)
        return None

    def _give(self, grant: Grant) -> None:
        """A further grant. Two that say the same but for their items are one."""
        key = tuple(getattr(grant, field.name) for field in attrs.fields(Grant) if field.name not in ("items", "basis"))
        held = self.fresh.get(key)
        items = grant.items if held is None else held.items | grant.items
        self.fresh[key] = attrs.evolve(held or grant, items=frozenset({ALL_ITEMS}) if ALL_ITEMS in items else items)
