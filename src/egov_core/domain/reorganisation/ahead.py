"""What is decided already for a day after a plan's own: it must not be overtaken by a plan that takes effect before.

Rules of this room: every fault with its place in the plan, all at once. Plans are compiled against what is known on
their own day and after it; what a later day holds for the same organs, items and people was compiled without them, and
nobody would follow it through a second time. So it is refused, naming the plan, its day, and the way out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from egov_core.domain.reorganisation.changes import Reference
from egov_core.domain.reorganisation.plan import Passing, Plan
from egov_core.errors import Fault


def overtaken(plan: Plan, reference: Reference) -> tuple[Fault, ...]:
    """What is decided for a day after that of the plan, and would be broken by it, in the order of its acts."""
    return tuple(dict.fromkeys(_Ahead(plan, reference).faults()))


class _Ahead:
    def __init__(self, plan: Plan, reference: Reference) -> None:
        self.plan, self.day, self.reference = plan, plan.effective, reference
        self.tree = reference.organisation
        self.later = [one for one in self.tree.successions if one.effective > self.day]

    def faults(self) -> Iterator[Fault]:
        for place, code in _named(self.plan):
            end = self.tree.ending(code, self.day)
            if end is not None:
                said = self._said(f"organ {code!r} ends on {end.day}", end.day, code)
                then = f", naming {', '.join(end.heirs)}, to which its work goes" if end.heirs else ""
                yield Fault(place, "ends-later", said + then)
        for number, one in enumerate(self.plan.rename, 1):
            yield from self._changes(one.organ, f"rename[{number}].organ")
        for act in self.plan.passing():
            if self.tree.ending(act.source, self.day) is None:  # else it has been told, and the rest follows from it
                yield from self._passes(act)

    def _passes(self, act: Passing) -> Iterator[Fault]:
        """The organ that ends, and its items, units and people, where a later day says something else of them."""
        rest, source = act.share.rest, act.source
        if act.ends:
            yield from self._changes(source, act.where)
        for one in self.later:
            what = f"work passes from {one.source!r} to {one.target!r} on {one.effective}"
            passed = sorted(one.items.intersection(act.share.items)) if one.source == source else []
            if act.ends and source in (one.source, one.target):
                yield Fault(act.where, "passes-later", self._said(what, one.effective, source, plan=one.plan))
            elif passed:
                said = self._said(f"{what}, {', '.join(passed)} with it", one.effective, source, plan=one.plan)
                yield Fault(f"{act.where}.items", "passes-later", said)
        for unit in self.tree.below(source, self.day):
            if rest or unit.code in act.share.units:
                yield from self._changes(unit.code, act.where if rest else f"{act.where}.units")
        for person in self.reference.people.values():
            if person.code in act.share.people or (rest and person.organ_on(self.day) == source):
                where = act.where if rest else f"{act.where}.people"
                for move in person.moves:
                    if move.valid_from > self.day:
                        what = f"{person.name} ({person.code}) goes to {move.organ!r} on {move.valid_from}"
                        yield Fault(where, "moves-later", self._said(what, move.valid_from, person.code, source))

    def _changes(self, code: str, where: str) -> Iterator[Fault]:
        organ = self.tree.organs.get(code)
        if organ is None:
            return
        for change in organ.changes:
            if change.valid_from > self.day:
                what = f"organ {code!r} is {change.name!r} below {change.parent!r} from {change.valid_from} on"
                yield Fault(where, "changes-later", self._said(what, change.valid_from, code, organ.parent or ""))

    def _said(self, what: str, day: date, *codes: str, plan: str = "") -> str:
        """What is decided, by which plan that was applied, and the two ways out."""
        plan = plan or decided_by(self.reference.applied, day, *codes)
        by, undone = (f" by plan {plan}", f"undo plan {plan} first, or put") if plan else ("", "put")
        return f"{what}{by}: {undone} the day of this plan on {day} or later"


def decided_by(applied: Iterable[Plan], day: date, *codes: str) -> str:
    """The applied plan of `day` in which one of these organs, units or people passes or is renamed; empty: none."""
    for plan in applied:
        touched = {one.organ for one in plan.rename}
        for act in plan.passing():
            touched |= {act.source, *act.share.units, *act.share.people}
        if plan.effective == day and touched.intersection(codes):
            return plan.code
    return ""


def _named(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every organ that a plan names, and where: each has to be there still when everything decided has come."""
    for number, found in enumerate(plan.found, 1):
        yield f"found[{number}].parent", found.parent
    for number, rename in enumerate(plan.rename, 1):
        yield f"rename[{number}].organ", rename.organ
        yield f"rename[{number}].parent", rename.parent
    for act in plan.passing():
        whole = act.where.partition(".")[0]  # the shares of a split have one source
        yield f"{whole}: {act.source}", act.source
        yield f"{act.where}.{act.field}", act.share.to
        yield from ((f"{act.where}.units", unit) for unit in act.share.units)
    for number, given in enumerate(plan.authorise, 1):
        yield f"authorise[{number}].organ", given.organ
    for number, made in enumerate(plan.delegate, 1):
        yield f"delegate[{number}].organ", made.organ
        yield f"delegate[{number}].delegate", made.delegate
        yield f"delegate[{number}].unit", made.unit
