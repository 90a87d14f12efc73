"""Whether a plan fits the reference data: organs, items, units and people that exist, each passing once, to somewhere.

Rules of this room: every fault with its place in the plan, all at once; nothing is changed here. Codes that were used
once are never used again, and nothing is decided from how a code looks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from egov_core.domain.catalogue import Catalogue
from egov_core.domain.catalogue.versions_to_come import stretches
from egov_core.domain.codes.written import code_fault
from egov_core.domain.reorganisation.ahead import decided_by, overtaken
from egov_core.domain.reorganisation.changes import Reference
from egov_core.domain.reorganisation.organs import standing_faults
from egov_core.domain.reorganisation.plan import Passing, Plan, Rename
from egov_core.errors import Fault


def items_of(catalogue: Catalogue, organ: str, day: date) -> frozenset[str]:
    """The items that an organ has on `day`, or will have by a version that is published already."""
    return frozenset(
        code
        for code, versions in catalogue.items.items()
        if any(version.organ == organ for version, _begins, _ends in stretches(versions, day))
    )


def reach_of(reference: Reference, organ: str, day: date) -> frozenset[str]:
    """The items over which a grant for all items of an organ says something: its own and those entrusted to it."""
    entrusted = (
        one.items
        for one in reference.staffing.delegations
        if one.delegate == organ and (one.valid_to is None or one.valid_to > day)
    )
    return items_of(reference.catalogue, organ, day).union(*entrusted)


def check_plan(plan: Plan, reference: Reference, today: date) -> tuple[Fault, ...]:
    """What forbids this plan, in the order of its acts; what follows of several organs at once is told once."""
    found = [*_Check(plan, reference, today).faults(), *overtaken(plan, reference)]
    return tuple(dict.fromkeys([*found, *standing_faults(plan, reference.organisation)]))


class _Check:
    def __init__(self, plan: Plan, reference: Reference, today: date) -> None:
        self.plan = plan
        self.reference = reference
        self.today = today
        self.passing = tuple(plan.passing())
        self.founded = {one.organ for one in plan.found}
        self.ended = {one.source for one in self.passing if one.ends}

    def faults(self) -> Iterator[Fault]:
        plan = self.plan
        if plan.effective <= self.today:
            message = (
                f"{plan.effective} has come: what was done and every card of that day name the organs of before; "
                "take a day after today"
            )
            yield Fault("effective", "past", message)
        last = self.reference.last_day
        if last is not None and plan.effective > last:
            message = f"{plan.effective} lies beyond the working calendar, which ends on {last}: correct the year"
            yield Fault("effective", "too-far", message)
        yield from self._founded()
        yield from self._renamed()
        yield from self._merged()
        for one in self.passing:
            yield from self._passes(one)
        yield from self._twice()
        yield from self._cancelled()
        yield from self._shared_out()
        yield from self._authorised()
        yield from self._delegated()

    def _exists(self, code: str) -> bool:
        organ = self.reference.organisation.organs.get(code)
        return organ is not None and organ.exists_on(self.plan.effective)

    def _unknown(self, code: str, where: str) -> Iterator[Fault]:
        if code and not self._exists(code):
            if code in self.reference.organisation.organs:
                message = f"organ {code!r} does not exist on {self.plan.effective}{self._since(code)}"
            elif code in self.founded:
                message = (
                    f"organ {code!r} is founded by this plan: say there what it is to be; it has nothing to pass on"
                )
            else:
                message = f"there is no organ {code!r}"
            yield Fault(where, "unknown-organ", message)

    def _since(self, code: str) -> str:
        """When an organ that does not exist on the day began or ended, by which plan, and who has its work."""
        day, tree, applied = self.plan.effective, self.reference.organisation, self.reference.applied
        organ, end = tree.organs[code], tree.end_of(code)
        if end is None or organ.valid_from > day:
            plan = next((one.code for one in applied if code in {found.organ for found in one.found}), "")
            return f"; it begins on {organ.valid_from}{f' by plan {plan}' if plan else ''}"
        plan = end.plan or decided_by(applied, end.day, code)
        return f"; it ended on {end.day}{f' by plan {plan}' if plan else ''}" + (
            f", and its work went to {', '.join(end.heirs)}" if end.heirs else ""
        )

    def _goes_to(self, code: str, where: str) -> Iterator[Fault]:
        """Something has to stand there: an organ that exists and stays, or one that the plan founds."""
        if code in self.ended:
            yield Fault(where, "ends", f"organ {code!r} ends by this plan; name who takes its work in the end")
        elif code not in self.founded:
            yield from self._unknown(code, where)

    def _founded(self) -> Iterator[Fault]:
        counted = Counter(one.organ for one in self.plan.found)
        for number, one in enumerate(self.plan.found, 1):
            where = f"found[{number}]"
            if why := code_fault(one.organ):
                yield Fault(f"{where}.organ", "code-form", why)
            if one.organ in self.reference.organisation.organs:
                message = f"{one.organ!r} is the code of an organ, or was: codes are not used again"
                yield Fault(f"{where}.organ", "code-taken", message)
            if counted[one.organ] > 1:
                yield Fault(f"{where}.organ", "code-taken", f"{one.organ!r} is founded {counted[one.organ]} times")
            yield from self._goes_to(one.parent, f"{where}.parent")

    def _renamed(self) -> Iterator[Fault]:
        counted = Counter(one.organ for one in self.plan.rename)
        for number, one in enumerate(self.plan.rename, 1):
            where = f"rename[{number}]"
            if one.organ in self.ended:
                yield Fault(f"{where}.organ", "ends", f"organ {one.organ!r} ends by this plan")
            elif counted[one.organ] > 1:
                yield Fault(f"{where}.organ", "twice", f"organ {one.organ!r} is renamed twice")
            else:
                yield from self._unknown(one.organ, f"{where}.organ")
                yield from self._renames(one, where)
            yield from self._goes_to(one.parent, f"{where}.parent")

    def _renames(self, one: Rename, where: str) -> Iterator[Fault]:
        """A rename changes something, and says nothing else than another act does."""
        organ, day = self.reference.organisation.organs.get(one.organ), self.plan.effective
        if organ is None:
            return
        was = organ.as_on(day)
        named = one.name not in ("", was.name) or (one.name and one.name_en not in ("", was.name_en))
        later = any(change.valid_from > day for change in organ.changes)
        if not named and one.parent in ("", was.parent) and not later:
            message = (
                f"{one.organ!r} is {was.name!r} below {was.parent!r} already: say what changes, or take the act out"
            )
            yield Fault(f"{where}.{'name' if one.name else 'parent'}", "as-before", message)
        for act in self.passing:
            if one.parent not in ("", act.share.to) and one.organ in act.share.units:
                message = f"{one.organ!r} passes to {act.share.to!r} by {act.where}: say once below whom it stands"
                yield Fault(f"{where}.parent", "contradicts", message)

    def _merged(self) -> Iterator[Fault]:
        for number, one in enumerate(self.plan.merge, 1):
            if not set(one.sources) - {one.into}:
                message = f"merges {one.into!r} with itself: name those that end, or take the act out"
                yield Fault(f"merge[{number}].from", "itself", message)

    def _cancelled(self) -> Iterator[Fault]:
        """A duty in words that comes back again; items, units and people that do are not those of whom it says."""
        went: dict[tuple[str, str, str], int] = {}
        for number, one in enumerate(self.plan.transfer, 1):
            back = went.get((one.duty, one.to, one.source)) if one.duty else None
            if back is not None:
                message = (
                    f"{one.duty!r} passes back, after transfer[{back}]: take both out, or say who has it in the end"
                )
                yield Fault(f"transfer[{number}].duty", "cancels", message)
            went[one.duty, one.source, one.to] = number

    def _passes(self, one: Passing) -> Iterator[Fault]:
        tree, day, share = self.reference.organisation, self.plan.effective, one.share
        yield from self._unknown(one.source, f"{one.where}: {one.source}")
        if share.to == one.source:
            remedy = (
                "an organ that ends passes to others; where it stays, transfer what leaves it, and nothing else"
                if one.ends
                else "name another organ, or take the act out"
            )
            yield Fault(f"{one.where}.{one.field}", "itself", f"passes from {one.source!r} to itself: {remedy}")
        else:
            yield from self._goes_to(share.to, f"{one.where}.{one.field}")
        held = items_of(self.reference.catalogue, one.source, day)
        for item in share.items:
            if item not in self.reference.catalogue.items:
                yield Fault(f"{one.where}.items", "unknown-item", f"there is no item {item!r}")
            elif item not in held:
                message = f"item {item!r} is not one of {one.source!r} on {day}{self._came(one, 'items', item)}"
                yield Fault(f"{one.where}.items", "not-its-item", message)
        below = {organ.code for organ in tree.below(one.source, day)}
        for unit in share.units:
            if unit not in below:
                message = f"{unit!r} is no unit of {one.source!r} on {day}{self._came(one, 'units', unit)}"
                yield Fault(f"{one.where}.units", "not-its-unit", message)
        for person in share.people:
            found = self.reference.people.get(person)
            if found is None:
                yield Fault(f"{one.where}.people", "unknown-person", f"there is no person {person!r}")
            elif not found.serves_on(day) or found.organ_on(day) != one.source:
                came = self._came(one, "people", person)
                message = f"{found.name} ({person}) does not serve in {one.source!r} on {day}{came}"
                yield Fault(f"{one.where}.people", "not-its-person", message)

    def _came(self, one: Passing, name: str, code: str) -> str:
        """What passes on again in the same plan: one act says where it goes in the end."""
        act = next(
            (act for act in self.passing if act.share.to == one.source and code in getattr(act.share, name)), None
        )
        return "" if act is None else f"; it comes to it by {act.where}: say in that act where it goes in the end"

    def _twice(self) -> Iterator[Fault]:
        """What passes, passes once; and an organ ends once."""
        for name in ("items", "units", "people"):
            seen: dict[tuple[str, str], str] = {}
            for one in self.passing:
                for code in getattr(one.share, name):
                    first = seen.setdefault((one.source, code), one.where)
                    if first != one.where:
                        message = f"{code!r} of {one.source!r} has passed by {first} already"
                        yield Fault(f"{one.where}.{name}", "twice", message)
        ends: dict[str, str] = {}
        for one in self.passing:
            if one.ends:
                act = one.where.partition(".")[0]
                if ends.setdefault(one.source, act) != act:
                    message = f"organ {one.source!r} ends by {ends[one.source]} already"
                    yield Fault(one.where, "ends-twice", message)

    def _shared_out(self) -> Iterator[Fault]:
        """Of an organ that ends, everything goes somewhere: one share takes the rest, or nothing is left."""
        tree, day = self.reference.organisation, self.plan.effective
        by_source: defaultdict[str, list[Passing]] = defaultdict(list)
        for one in self.passing:
            by_source[one.source].append(one)
        for source in sorted(self.ended & tree.organs.keys()):
            acts = by_source[source]
            where = next(one.where for one in acts if one.ends).partition(".")[0]
            rests = [one for one in acts if one.share.rest]
            if len(rests) > 1 and len({one.where.partition(".")[0] for one in rests}) == 1:
                yield Fault(where, "rest-twice", f"{len(rests)} shares of {source!r} take the rest; one can")
            if rests:
                continue
            left = items_of(self.reference.catalogue, source, day) - _codes(acts, "items")
            if left:
                message = f"{len(left)} item(s) of {source!r} would be left without an organ: {', '.join(sorted(left))}"
                yield Fault(where, "items-without-organ", f"{message}; assign each, or say who takes the rest")
            units = {organ.code for organ in tree.below(source, day) if organ.code not in self.ended} - _codes(
                acts, "units"
            )
            if units:
                message = f"{', '.join(sorted(units))} below {source!r} would stand below nothing"
                yield Fault(where, "units-without-organ", f"{message}; assign each, or say who takes the rest")

    def _authorised(self) -> Iterator[Fault]:
        for number, one in enumerate(self.plan.authorise, 1):
            where = f"authorise[{number}]"
            if one.person not in self.reference.people:
                yield Fault(f"{where}.person", "unknown-person", f"there is no person {one.person!r}")
            yield from self._goes_to(one.organ, f"{where}.organ")
            for item in one.items:
                if item not in self.reference.catalogue.items:
                    yield Fault(f"{where}.items", "unknown-item", f"there is no item {item!r}")

    def _delegated(self) -> Iterator[Fault]:
        """Codes and organs; what the law says of a delegation is asked once everything is compiled."""
        taken = {one.code for one in self.reference.staffing.delegations}
        for number, one in enumerate(self.plan.delegate, 1):
            where = f"delegate[{number}]"
            if one.code in taken:
                message = f"{one.code!r} is the code of a delegation; a delegation that the plan makes is a new one"
                yield Fault(f"{where}.code", "code-taken", message)
            taken.add(one.code)
            yield from self._goes_to(one.organ, f"{where}.organ")
            yield from self._goes_to(one.delegate, f"{where}.delegate")


def _codes(acts: Iterable[Passing], name: str) -> set[str]:
    return {code for one in acts for code in getattr(one.share, name)}
