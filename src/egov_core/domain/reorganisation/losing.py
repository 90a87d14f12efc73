"""What holders of grants may not do any more under a plan: neither more nor less than applying takes away.

Rules of this room: pure. An item counts as lost where a grant covered it on the plan's day without the plan, and no
grant of the same holder covers it with the plan: a grant over an organ also covers the organs below it, so that what
passes within its subtree is not lost, and what leaves it from further down is. Why it is lost is read from the plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from egov_core.domain.authority import ALL_ITEMS, ALL_STEPS, Grant
from egov_core.domain.catalogue import Catalogue
from egov_core.domain.catalogue.versions_to_come import stretches
from egov_core.domain.organisation import Organisation
from egov_core.domain.reorganisation.changes import LostAuthority
from egov_core.domain.reorganisation.holding import lasts

Seat = tuple[str, date]
"""An item, and the day from which a version of it names an organ: a later version may name another."""


@attrs.frozen
class Seats:
    """Where every item stands on a day and later, in one tree: `at` its organ, `below` what each organ has beneath."""

    organisation: Organisation
    day: date
    at: Mapping[Seat, str]
    below: Mapping[str, frozenset[Seat]]

    @classmethod
    def of(cls, catalogue: Catalogue, organisation: Organisation, day: date) -> Seats:
        """The seats of a catalogue in a tree as it stands on `day`."""
        at = {
            (code, begins): version.organ
            for code, versions in catalogue.items.items()
            for version, begins, _ends in stretches(versions, day)
        }
        own: defaultdict[str, set[Seat]] = defaultdict(set)
        for seat, organ in at.items():
            own[organ].add(seat)
        below: defaultdict[str, set[Seat]] = defaultdict(set)
        for organ, seats in own.items():
            for above in above_of(organ, organisation, day):
                below[above] |= seats
        return cls(organisation, day, at, {organ: frozenset(seats) for organ, seats in below.items()})

    def under(self, organ: str) -> frozenset[Seat]:
        """What a grant over an organ is about, if it is one over all items."""
        return self.below.get(organ, frozenset())


def above_of(organ: str, organisation: Organisation, day: date) -> Iterator[str]:
    """An organ and every organ above it on a day, from below."""
    here: str | None = organ
    while here is not None:
        yield here
        here = organisation.organs[here].as_on(day).parent if here in organisation.organs else None


@attrs.frozen
class Losing:
    """The grants as they were and as they will be, and where the items stand before and after."""

    before: Seats
    after: Seats
    ended: frozenset[str]
    moved: tuple[str, ...]
    """The organs that stand below another parent."""
    renamed: frozenset[str]
    """Those among them of which an act says so by itself: they are named also where they have no item."""

    def lost(
        self, was: Iterable[Grant], will_be: Mapping[Grant, Grant], grants: Iterable[Grant], bare: frozenset[Grant]
    ) -> Iterator[LostAuthority]:
        """What each old grant loses; `grants` are all that there will be, `will_be` those that changed.

        `bare` are those that end without an heir: they are named also where their organ has no item.
        """
        day = self.before.day
        holding: defaultdict[tuple[object, ...], list[Grant]] = defaultdict(list)
        for grant in grants:
            if lasts(grant, day):
                holding[_holder(grant)].append(grant)
        for grant in was:
            if not lasts(grant, day):
                continue
            ends = not lasts(will_be.get(grant, grant), max(day, grant.valid_from))
            held = self.before.under(grant.organ)
            others = [one for one in holding[_holder(grant)] if _reaches(one, grant, day)]
            had = {seat for seat in (held if ends else held - self.after.under(grant.organ)) if _covers(grant, seat)}
            gone = {
                seat
                for seat in had
                if not any(_covers(one, seat) and seat in self.after.under(one.organ) for one in others)
            }
            if ends:
                if gone or (grant in bare and not had):
                    why = "organ-ended" if grant.organ in self.ended else "person-moved"
                    yield _line(grant, grant.organ, gone, why)
            else:
                yield from self._kept(grant, gone, others)

    def _kept(self, grant: Grant, gone: set[Seat], others: list[Grant]) -> Iterator[LostAuthority]:
        """A grant that goes on: what passed out of its reach, and the organs that were taken from below it."""
        day, tree = self.before.day, self.after.organisation
        passed = {seat for seat in gone if self.after.at[seat] != self.before.at[seat]}
        if passed:
            yield _line(grant, grant.organ, passed, "items-passed")
        for organ in self.moved:
            above = grant.organ != organ and self.before.organisation.is_within(organ, grant.organ, day)
            if not above or tree.is_within(organ, grant.organ, day):
                continue
            seats = (gone - passed) & self.before.under(organ)
            # an organ may have no items, and people above it a say over what others entrust to it
            empty = organ in self.renamed and ALL_ITEMS in grant.items and not self.before.under(organ)
            held = any(ALL_ITEMS in one.items and tree.is_within(organ, one.organ, day) for one in others)
            if seats or (empty and not held):
                yield _line(grant, organ, seats, "organ-moved")


def _holder(grant: Grant) -> tuple[object, ...]:
    return grant.person, grant.post, grant.role


def _covers(grant: Grant, seat: Seat) -> bool:
    return ALL_ITEMS in grant.items or seat[0] in grant.items


def _reaches(one: Grant, grant: Grant, day: date) -> bool:
    """Whether a grant is about every step and every day that another one was, from the plan's day on."""
    steps = ALL_STEPS in one.steps or one.steps >= grant.steps
    begun = one.valid_from <= max(day, grant.valid_from)
    return steps and begun and (one.valid_to is None or (grant.valid_to is not None and one.valid_to >= grant.valid_to))


def _line(grant: Grant, organ: str, seats: Iterable[Seat], why: str) -> LostAuthority:
    return LostAuthority(
        person=grant.person,
        post=grant.post,
        role=grant.role.name.lower(),
        organ=organ,
        items=tuple(sorted({code for code, _ in seats})),
        why=why,
    )
