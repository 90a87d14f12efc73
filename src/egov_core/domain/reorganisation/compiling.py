"""From a plan to the exact list of what it changes: organs, items, people and grants, before and after.

Rules of this room: pure. Nothing of the past is edited: an organ that ends gets its last day, an item that passes a new
version from the effective day on, a person a move, a grant an end and perhaps a narrower one in another organ. No grant
is ever widened: who comes to an organ keeps the say over what came along, and what is lost is listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import attrs

from egov_core.domain.authority import ALL_ITEMS, Authority, Delegation, StaffRecord, staffing_faults
from egov_core.domain.catalogue import Catalogue, Draft, ItemVersion, StandingChange
from egov_core.domain.catalogue.life import ItemLife
from egov_core.domain.catalogue.versions_to_come import stretches
from egov_core.domain.organisation import Organisation, Succession
from egov_core.domain.people import Move, Person
from egov_core.domain.reorganisation.changes import Changes, Reference, Remark, ValueChange
from egov_core.domain.reorganisation.checking import check_plan, items_of, reach_of
from egov_core.domain.reorganisation.following import Followed, Passed, follow
from egov_core.domain.reorganisation.losing import Seats
from egov_core.domain.reorganisation.organs import organs_under
from egov_core.domain.reorganisation.plan import Passing, Plan
from egov_core.errors import Fault

ONE_DAY = timedelta(days=1)


def compile_plan(plan: Plan, reference: Reference, *, today: date) -> Changes:
    """What the plan changes. Where it does not fit the reference data, `faults` say so and there are no changes."""
    faults = check_plan(plan, reference, today)
    if not faults:
        changes = _Compiler(plan, reference).changes()
        faults = tuple(_unsound(changes))
        if not faults:
            return changes
    return Changes(
        plan=plan,
        values=(),
        successions=(),
        organisation=reference.organisation,
        catalogue=reference.catalogue,
        staffing=reference.staffing,
        faults=faults,
    )


def _unsound(changes: Changes) -> list[Fault]:
    """What the law has against the delegations that the plan makes, as everything will be on its day."""
    places = {one.code: number for number, one in enumerate(changes.plan.delegate, 1)}
    made = [one.after for one in changes.values if isinstance(one.after, Delegation) and one.before is None]

    def where(record: StaffRecord, field: str) -> str:
        return f"delegate[{places[record.code]}].{field}" if isinstance(record, Delegation) else field

    register = Authority.of_staffing(changes.staffing)
    return staffing_faults(made, register, changes.organisation, changes.catalogue, where)


class _Compiler:
    """One plan that fits, against one state of the reference data."""

    def __init__(self, plan: Plan, reference: Reference) -> None:
        self.plan = plan
        self.reference = reference
        self.day = plan.effective
        self.passing = tuple(one for one in plan.passing() if one.share.to)
        self.ended = {one.source for one in plan.passing() if one.ends}
        self.successions = tuple(self._successions())
        self.rest = {one.source: one.share.to for one in self.passing if one.share.rest}
        self.remarks: list[Remark] = []

    def changes(self) -> Changes:
        organs = tuple(organs_under(self.plan, self.reference.organisation))
        tree = {**self.reference.organisation.organs, **{one.code: one for _, one in organs}}
        organisation = Organisation.of(tree.values(), (*self.reference.organisation.successions, *self.successions))
        items = tuple(self._items(organisation))
        people = tuple(self._people())
        versions = [version for found in self.reference.catalogue.items.values() for version in found]
        catalogue = Catalogue.of([*versions, *items], self._standings())
        followed = self._authority(organisation, catalogue, people)
        self._duties()
        self._widened()
        self._overtaken(items)
        return Changes(
            plan=self.plan,
            values=(
                *(ValueChange(before, after) for before, after in organs),
                *(ValueChange(None, after) for after in items),
                *(ValueChange(before, after) for before, after in people),
                *followed.changes,
            ),
            successions=self.successions,
            organisation=organisation,
            catalogue=catalogue,
            staffing=followed.staffing,
            lost=followed.lost,
            remarks=(*self.remarks, *followed.remarks),
        )

    # -- who succeeds whom -----------------------------------------------------------------------------------------

    def _successions(self) -> Iterator[Succession]:
        for one in self.passing:
            if not one.share.rest and not one.share.items:
                continue  # units or people alone: nobody answers for anything new
            yield Succession(
                source=one.source,
                target=one.share.to,
                effective=self.day,
                items=self._moved_items(one),
                rest=one.share.rest,
                plan=self.plan.code,
                basis=one.basis or self.plan.basis,
            )

    def _moved_items(self, one: Passing) -> frozenset[str]:
        """The items that pass by an act: those named, and for who takes the rest all that nobody names."""
        if not one.share.rest:
            return frozenset(one.share.items)
        named = {code for other in self.passing if other.source == one.source for code in other.share.items}
        held = items_of(self.reference.catalogue, one.source, self.day)
        return frozenset(one.share.items) | (held - named)

    # -- items -----------------------------------------------------------------------------------------------------

    def _items(self, organisation: Organisation) -> Iterator[ItemVersion]:
        """New versions of the items that name an organ which has a successor, from the effective day on.

        Where versions to come are published already, each of them is followed by one with the organs of then.
        """
        for code, versions in self.reference.catalogue.items.items():
            number = versions[-1].version
            for version, begins, ends in stretches(versions, self.day):
                after = self._as_of_then(version, begins, organisation)
                if after != version:
                    number += 1
                    yield attrs.evolve(after, version=number, valid_from=begins, valid_to=ends, code=code)

    def _as_of_then(self, item: ItemVersion, day: date, organisation: Organisation) -> ItemVersion:
        def successor(organ: str, code: str = "") -> str:
            return organisation.responsible(organ, code, day, since=self.day - ONE_DAY)[0]

        organ = successor(item.organ, item.code)
        steps = []
        for step in item.steps:
            unit = successor(step.unit) if step.unit else ""
            if unit and not organisation.is_within(unit, organ, day):
                message = (
                    f"step {step.name} of {item.code} {item.name}: {unit} does not go to {organ}; the step has no unit"
                )
                self.remarks.append(Remark(code="step-without-unit", subject=item.code, message=message))
                unit = ""
            steps.append(step if unit == step.unit else attrs.evolve(step, unit=unit))
        return attrs.evolve(
            item,
            organ=organ,
            steps=tuple(steps),
            windows=frozenset(successor(window) for window in item.windows),
            forward_to=None if item.forward_to is None else successor(item.forward_to),
        )

    def _standings(self) -> Iterator[StandingChange]:
        """How items stand is said of their codes: who has them then changes nothing in it."""
        for changes in self.reference.catalogue.standings.values():
            yield from changes

    def _overtaken(self, items: tuple[ItemVersion, ...]) -> None:
        """Drafts in hand that the plan makes stale: of what it publishes itself, or naming an organ that ends."""
        published = {item.code for item in items}
        lives: dict[str, list[Draft]] = {}
        for draft in self.reference.drafts:
            lives.setdefault(draft.code, []).append(draft)
        for code, drafts in sorted(lives.items()):
            held = ItemLife(code=code, drafts=tuple(sorted(drafts, key=lambda one: one.version))).draft
            if held is None:
                continue
            named = {
                held.item.organ,
                held.item.forward_to,
                *held.item.windows,
                *(step.unit for step in held.item.steps),
            }
            gone = ", ".join(sorted(one for one in named & self.ended if one))
            if code in published or gone:
                why = f"it names {gone}, which ends" if gone else "the plan publishes that version itself"
                message = (
                    f"draft {held.version} of {code} {held.item.name} ({held.state.value}) cannot be published after "
                    f"the plan: {why}; publish it before, or return it and draft it anew"
                )
                self.remarks.append(Remark(code="draft-overtaken", subject=code, message=message))

    # -- people and authority -------------------------------------------------------------------------------------

    def _people(self) -> Iterator[tuple[Person, Person]]:
        named = {person: one.share.to for one in self.passing for person in one.share.people}
        for person in self.reference.people.values():
            was = person.organ_on(self.day)
            if person.valid_to is not None and person.valid_to <= self.day:
                continue
            organ = named.get(person.code) or (self.rest.get(was) if was in self.ended else None)
            if organ is not None:
                earlier = tuple(move for move in person.moves if move.valid_from < self.day)
                yield person, attrs.evolve(person, moves=(*earlier, Move(organ=organ, valid_from=self.day)))
            elif was in self.ended:
                message = f"{person.name} ({person.code}) serves in {was}, which ends, and no act says where next"
                self.remarks.append(Remark(code="person-without-organ", subject=person.code, message=message))

    def _authority(
        self, organisation: Organisation, catalogue: Catalogue, people: tuple[tuple[Person, Person], ...]
    ) -> Followed:
        moved: dict[tuple[str, str], frozenset[str]] = {}
        for key, one in (((one.source, one.share.to), one) for one in self.passing):
            moved[key] = moved.get(key, frozenset()) | self._moved_items(one)
        return follow(
            self.plan,
            self.reference.staffing,
            Passed(
                ended=frozenset(self.ended),
                rest=self.rest,
                moved=moved,
                held={source: items_of(self.reference.catalogue, source, self.day) for source, _ in moved},
                keep={(one.source, one.share.to): one.keep for one in self.passing if one.keep},
                reach={organ: reach_of(self.reference, organ, self.day) for pair in moved for organ in pair},
            ),
            people={**self.reference.people, **{after.code: after for _, after in people}},
            before=Seats.of(self.reference.catalogue, self.reference.organisation, self.day),
            after=Seats.of(catalogue, organisation, self.day),
        )

    def _duties(self) -> None:
        for number, one in enumerate(self.plan.transfer, 1):
            if not (one.items or one.units or one.people):
                message = f"{one.duty}: passes from {one.source} to {one.to}, and no item of the catalogue says so"
                self.remarks.append(Remark(code="duty-without-items", subject=f"transfer[{number}]", message=message))

    def _widened(self) -> None:
        """Where an organ that stays takes items over, a grant over all its items covers them: said aloud."""
        founded = {one.organ for one in self.plan.found}
        came: dict[str, frozenset[str]] = {}
        for one in self.successions:
            came[one.target] = came.get(one.target, frozenset()) | one.items
        for organ, items in sorted(came.items()):
            held = [
                grant.person or grant.post
                for grant in self.reference.staffing.grants
                if grant.organ == organ
                and ALL_ITEMS in grant.items
                and (grant.valid_to is None or grant.valid_to > self.day)
            ]
            if items and held and organ not in founded:
                message = f"{len(held)} grant(s) over all items of {organ} cover the {len(items)} that come to it: "
                self.remarks.append(
                    Remark(code="grants-cover-more", subject=organ, message=message + ", ".join(sorted(set(held))))
                )
