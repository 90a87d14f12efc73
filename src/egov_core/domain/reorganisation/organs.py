"""The organs as they stand under a plan, and what forbids that they stand so: a circle, or two of one name.

Rules of this room: pure; a fault names the act that brings it about and what to write instead, once, however many
organs lie below. Units that pass together with their organ may meet others of their name (two offices 办公室): nobody
wrote that down, so it is no fault, and the check-up of the place names it until somebody renames one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from egov_core.domain.organisation import Organ, OrganChange, Organisation
from egov_core.domain.reorganisation.plan import Passing, Plan
from egov_core.errors import Fault


def organs_under(plan: Plan, tree: Organisation) -> Iterator[tuple[Organ | None, Organ]]:
    """Each organ that the plan founds or changes, as it was (None: it is new) and as it will be."""
    for founded in plan.found:
        yield (
            None,
            Organ(
                code=founded.organ,
                name=founded.name,
                kind=founded.kind,
                parent=founded.parent,
                valid_from=plan.effective,
                name_en=founded.name_en,
            ),
        )
    ended = {one.source for one in plan.passing() if one.ends}
    renamed = {one.organ: one for one in plan.rename}
    parents = {unit: act.share.to for unit, (act, _) in _passed(plan, tree).items()}
    for organ in tree.organs.values():
        was = organ.as_on(plan.effective)
        after = organ
        if organ.code in ended:
            after = attrs.evolve(organ, valid_to=plan.effective)
        elif organ.code in renamed or organ.code in parents:
            said = renamed.get(organ.code)
            change = OrganChange(
                valid_from=plan.effective,
                name=said.name if said is not None and said.name else was.name,
                name_en=said.name_en if said is not None and said.name else was.name_en,
                parent=(said.parent if said is not None else "") or parents.get(organ.code, was.parent),
            )
            earlier = tuple(one for one in organ.changes if one.valid_from < plan.effective)
            after = attrs.evolve(organ, changes=(*earlier, change))
        if after != organ:
            yield organ, after


def standing_faults(plan: Plan, tree: Organisation) -> Iterator[Fault]:
    """The circles and the names twice that the plan would make, each at its act."""
    after = {**tree.organs, **{one.code: one for _, one in organs_under(plan, tree)}}
    yield from _circles(plan, tree, after)
    yield from _names(plan, after)


def _circles(plan: Plan, tree: Organisation, after: Mapping[str, Organ]) -> Iterator[Fault]:
    """Where an organ would stand below itself: once for each circle, at the first act that closes it."""
    places = _places(plan, tree)
    days = {plan.effective} | {one.valid_from for organ in after.values() for one in organ.changes}
    told: set[str] = set()
    for day in sorted(day for day in days if day >= plan.effective):
        for code, where in places.items():
            circle = _circle(code, after, day)
            if circle and told.isdisjoint(circle):
                told |= set(circle)
                way = " → ".join((*circle, circle[0]))
                message = f"organ {code!r} would stand below itself ({way}); name a parent that does not lie below it"
                yield Fault(where, "below-itself", message)


def _circle(code: str, after: Mapping[str, Organ], day: date) -> tuple[str, ...]:
    """The organs from one up to itself again; nothing where it does not come back, or comes to another circle."""
    way = [code]
    above = after[code].as_on(day).parent if code in after else None
    while above is not None and above in after and above not in way:
        way.append(above)
        above = after[above].as_on(day).parent
    return tuple(way) if above == code else ()


def _names(plan: Plan, after: Mapping[str, Organ]) -> Iterator[Fault]:
    """An organ that is founded, renamed or put elsewhere beside one that bears its name: lists are read by names."""
    day = plan.effective
    acts = [(one.organ, f"found[{number}].name") for number, one in enumerate(plan.found, 1)]
    for number, one in enumerate(plan.rename, 1):
        acts.append((one.organ, f"rename[{number}].{'name' if one.name else 'parent'}"))
    standing: dict[tuple[str | None, str], list[str]] = {}
    for organ in after.values():
        if organ.exists_on(day):
            then = organ.as_on(day)
            standing.setdefault((then.parent, then.name), []).append(organ.code)
    for code, where in acts:
        named = after.get(code)
        if named is None or not named.exists_on(day):
            continue
        then = named.as_on(day)
        for other in standing[then.parent, then.name]:
            if other != code:
                message = (
                    f"{then.name!r} is the name of organ {other!r} below {then.parent!r} too: whoever writes the name "
                    "means either; give one of the two another name, or merge them"
                )
                yield Fault(where, "name-taken", message)


def _places(plan: Plan, tree: Organisation) -> dict[str, str]:
    """Each organ of which the plan says below whom it stands, and where it says so."""
    places = {one.organ: f"found[{number}].parent" for number, one in enumerate(plan.found, 1)}
    places |= {one.organ: f"rename[{number}].parent" for number, one in enumerate(plan.rename, 1) if one.parent}
    return {**{unit: where for unit, (_, where) in _passed(plan, tree).items()}, **places}


def _passed(plan: Plan, tree: Organisation) -> dict[str, tuple[Passing, str]]:
    """The units of organs that end, and those that pass by name: by which act, and where it says so."""
    ended = {one.source for one in plan.passing() if one.ends}
    passed: dict[str, tuple[Passing, str]] = {}
    rests = {one.source: one for one in plan.passing() if one.share.rest and one.share.to and one.source in ended}
    for source, act in rests.items():
        for organ in tree.below(source, plan.effective):
            passed[organ.code] = act, f"{act.where}.{act.field}"
    for act in plan.passing():
        if act.share.to:
            passed |= dict.fromkeys(act.share.units, (act, f"{act.where}.units"))
    return passed
