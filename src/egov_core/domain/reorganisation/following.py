"""What becomes of grants when organs end, items pass and people move.

Rules of this room: a grant never comes to cover more than it did. Over another organ it is narrowed to the items that
passed to it from the grant's own; only where a founded organ has a single source, so that what it has is what that
one had, does a grant over all items stay one. Whoever did not come along has lost the grant, and the plan's own
`authorise` is the way to give it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import attrs

from egov_core.domain.authority import ALL_ITEMS, Grant
from egov_core.domain.organisation import Organisation
from egov_core.domain.people import Person
from egov_core.domain.reorganisation.changes import LostAuthority, ValueChange
from egov_core.domain.reorganisation.plan import Plan


@attrs.frozen
class Followed:
    """The grants that change, every grant as it will be, and what is lost."""

    changes: tuple[ValueChange, ...]
    grants: tuple[Grant, ...]
    lost: tuple[LostAuthority, ...]


def follow(
    plan: Plan,
    grants: tuple[Grant, ...],
    *,
    people: Mapping[str, Person],
    organisation: Organisation,
    ended: frozenset[str],
    moved: Mapping[tuple[str, str], frozenset[str]],
    held: Mapping[str, frozenset[str]],
) -> Followed:
    """What becomes of `grants` under the plan.

    `people` and `organisation` are as they will be; `moved` are the items that pass from one organ to another, `held`
    those that an organ had.
    """
    return _Following(plan, people, organisation, ended, moved, held).run(grants)


class _Following:
    def __init__(
        self,
        plan: Plan,
        people: Mapping[str, Person],
        organisation: Organisation,
        ended: frozenset[str],
        moved: Mapping[tuple[str, str], frozenset[str]],
        held: Mapping[str, frozenset[str]],
    ) -> None:
        self.plan, self.day = plan, plan.effective
        self.people, self.organisation = people, organisation
        self.ended, self.moved, self.held = ended, moved, held
        self.sources = {source for source, _ in moved} | ended
        founded = {one.organ for one in plan.found}
        self.sole = {
            target
            for _, target in moved
            if target in founded and len({source for source, other in moved if other == target}) == 1
        }
        self.lost: list[LostAuthority] = []
        self.fresh: dict[tuple[str, str, str], Grant] = {}

    def run(self, grants: tuple[Grant, ...]) -> Followed:
        kept: dict[Grant, Grant] = {}
        for grant in grants:
            if grant.organ in self.sources and (grant.valid_to is None or grant.valid_to > self.day):
                kept[grant] = self._followed(grant)
        self._moved_organs(grants)
        for one in self.plan.authorise:
            items = frozenset(one.items) or frozenset({ALL_ITEMS})
            self._give(Grant(person=one.person, role=one.role, organ=one.organ, items=items, valid_from=self.day))
        already = {(grant.person, grant.role.name, grant.organ, grant.valid_from) for grant in grants}
        fresh = []
        for key, grant in sorted(self.fresh.items()):
            if (*key, grant.valid_from) in already:  # its row is taken: what stands there stays, and no more
                self._lose(grant, grant.items - {ALL_ITEMS}, "grant-there-already")
            else:
                fresh.append(grant)
        changed = tuple(ValueChange(before, after) for before, after in kept.items() if after != before)
        return Followed(
            changes=(*changed, *(ValueChange(None, grant) for grant in fresh)),
            grants=(*(kept.get(grant, grant) for grant in grants), *fresh),
            lost=tuple(self.lost),
        )

    def _moved_organs(self, grants: tuple[Grant, ...]) -> None:
        """Who had a say over an organ from above, and has none below its new parent."""
        eve = self.day - timedelta(days=1)
        for one in self.plan.rename:
            if not one.parent:
                continue
            for grant in grants:
                lasts = grant.valid_to is None or grant.valid_to > self.day
                above = grant.organ != one.organ and self.organisation.is_within(one.organ, grant.organ, eve)
                if lasts and above and not self.organisation.is_within(one.organ, grant.organ, self.day):
                    self._lose(attrs.evolve(grant, organ=one.organ), grant.items - {ALL_ITEMS}, "organ-moved")

    def _followed(self, grant: Grant) -> Grant:
        """What an old grant becomes; what follows from it in another organ is given beside it."""
        target = self._gone_to(grant)
        ends = grant.organ in self.ended or target is not None
        had = self._had(grant)
        if not ends:
            passed = had & {
                code for (source, _), codes in self.moved.items() if source == grant.organ for code in codes
            }
            if passed:
                self._lose(grant, passed, "items-passed")
            return grant
        came: frozenset[str] = frozenset()
        if target is not None:
            came = had & self.moved.get((grant.organ, target), frozenset())
            whole = ALL_ITEMS in grant.items and target in self.sole and grant.organ in self.ended
            if came or whole:
                items = grant.items if whole else came
                since = max(grant.valid_from, self.day)
                self._give(attrs.evolve(grant, organ=target, items=items, valid_from=since))
            if whole:
                came = had
        left = had - came
        if left or (not came and not had):
            self._lose(grant, left, "organ-ended" if grant.organ in self.ended else "person-moved")
        return attrs.evolve(grant, valid_to=max(grant.valid_from, self.day))

    def _had(self, grant: Grant) -> frozenset[str]:
        held = self.held.get(grant.organ, frozenset())
        return held if ALL_ITEMS in grant.items else held & grant.items

    def _gone_to(self, grant: Grant) -> str | None:
        """The organ to which the holder of a grant went from the grant's organ; None where the holder did not."""
        person = self.people.get(grant.person)
        if person is None:
            return None
        here = person.organ_on(self.day)
        moved_away = any(move.valid_from == self.day for move in person.moves)
        targets = [target for source, target in self.moved if source == grant.organ]
        if moved_away and here in targets:
            return here
        if grant.organ in self.ended:  # somebody of a unit that went along as a whole
            return next((one for one in targets if self.organisation.is_within(here, one, self.day)), None)
        return None

    def _give(self, grant: Grant) -> None:
        """A further grant. Two of one person for one role and organ are one, as long as both last."""
        key = (grant.person, grant.role.name, grant.organ)
        held = self.fresh.get(key)
        if held is None:
            self.fresh[key] = grant
            return
        items = held.items | grant.items
        ends = [one for one in (held.valid_to, grant.valid_to) if one is not None]
        self.fresh[key] = attrs.evolve(
            held,
            items=frozenset({ALL_ITEMS}) if ALL_ITEMS in items else items,
            valid_from=max(held.valid_from, grant.valid_from),
            valid_to=min(ends, default=None),
        )
        if held.valid_to != grant.valid_to:
            self._lose(max(held, grant, key=lambda one: one.valid_to or date.max), frozenset(), "person-moved")

    def _lose(self, grant: Grant, items: frozenset[str], why: str) -> None:
        self.lost.append(
            LostAuthority(
                person=grant.person,
                role=grant.role.name.lower(),
                organ=grant.organ,
                items=tuple(sorted(items)),
                why=why,
            )
        )
