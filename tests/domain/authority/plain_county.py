"""A county as plain tables, what follows from them by counting out every act of every day, and the same as records.

The oracle is written the other way round from the library: it starts from nothing and adds, day by day, each act that a
row allows, as a tuple in a set; what is not in the set is denied. It knows no powers, links, gaps or conditions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import attrs

from egov_core.domain.authority import (
    Act,
    Appointment,
    Authority,
    Delegation,
    Grant,
    Post,
    Role,
    Staffing,
    StandIn,
)
from egov_core.domain.legal import LegalBasis
from egov_core.domain.organisation import Organ, Organisation, OrganKind
from egov_core.domain.people import Person

DAY_0 = date(2024, 3, 1)
ROLES = tuple(Role)
ITEMS = ("I1", "I2")
STEPS = ("acceptance", "review", "conclusion", "")
ORGANS: dict[str, tuple[str, str | None, int, int]] = {
    "county": ("county", None, 0, 99),
    "dept": ("department", "county", 0, 99),
    "section": ("unit", "dept", 0, 99),
    "east": ("town", "county", 0, 99),
    "desk": ("unit", "east", 0, 99),
    "west": ("town", "county", 0, 5),
    "village": ("community", "east", 0, 99),
}
OWNER = {"I1": "dept", "I2": "dept"}
"""Whose items they are: an act is about an item of its organ."""

Days = tuple[int, int]


@attrs.frozen(kw_only=True)
class Tables:
    """The rows. `None` for items, steps or roles is all of them; days are [from, to)."""

    people: dict[str, tuple[str, Days]]
    posts: dict[str, Days] = attrs.field(factory=dict)
    appointments: tuple[tuple[str, str, Days], ...] = ()
    grants: tuple[tuple[str, str, Role, str, tuple[str, ...] | None, tuple[str, ...] | None, Days], ...] = ()
    delegations: tuple[
        tuple[str, str, str, tuple[str, ...], tuple[Role, ...], tuple[str, ...] | None, int, Days], ...
    ] = ()
    stand_ins: tuple[tuple[str, str, tuple[Role, ...] | None, tuple[str, ...] | None, Days], ...] = ()


def on(day: int) -> date:
    """A day of the tables as a date."""
    return DAY_0 + timedelta(days=day)


def organisation() -> Organisation:
    """The organs of the tables."""
    return Organisation.of(
        Organ(code=code, name=code, kind=OrganKind(kind), parent=parent, valid_from=on(start), valid_to=on(end))
        for code, (kind, parent, start, end) in ORGANS.items()
    )


# --- the oracle -------------------------------------------------------------------------------------------------------


def below(root: str) -> set[str]:
    """An organ and everything under it, found downwards."""
    return {root}.union(*(below(code) for code, row in ORGANS.items() if row[1] == root))


def home(code: str) -> str:
    """The organ of a unit."""
    kind, parent, _, _ = ORGANS[code]
    return home(parent) if kind == "unit" and parent else code


def own_acts(tables: Tables, day: int) -> set[tuple[str, Role, str, str, str]]:
    """(person, role, place, item, step) of everything held on a day without anybody else."""
    acts = set()
    for kind, holder, role, organ, items, steps, days in tables.grants:
        if day not in range(*days) or day not in range(*ORGANS[organ][2:]):
            continue  # nothing is held in an organ that does not exist
        if kind == "person":
            holders = {holder}
        else:
            filled = day in range(*tables.posts.get(holder, (0, 0)))
            holders = {
                who for who, post, time in tables.appointments if filled and post == holder and day in range(*time)
            }
        for who in holders:
            if who not in tables.people or day not in range(*tables.people[who][1]):
                continue
            for place, item, step in product(below(organ), items or ITEMS, steps or STEPS):
                acts.add((who, role, place, item, step))
    return acts


def delegated_acts(tables: Tables, day: int) -> set[tuple[str, Role, str, str, str]]:
    """(person, role, delegating organ, item, step) of everything done for another organ on a day."""
    acts = set()
    own = own_acts(tables, day)
    for organ, delegate, unit, items, roles, steps, published, days in tables.delegations:
        kind, _, start, end = ORGANS[delegate]
        lives = all(day in range(*ORGANS[code][2:]) for code in (organ, delegate)) and start < end
        proper = kind in ("town", "department", "county", "city", "province") and delegate != organ
        fits = not unit or unit in below(delegate)
        if not (lives and proper and fits and day >= published and day in range(*days)):
            continue
        for who, role, place, item, step in own:
            employed = tables.people[who][0] in below(delegate)
            said = role in roles and item in items and (steps is None or step in steps)
            lawful = role in (Role.INTAKE, Role.REVIEWER, Role.APPROVER)
            if employed and said and lawful and place == (unit or delegate):
                acts.add((who, role, organ, item, step))
    return acts


def allowed(tables: Tables) -> set[tuple[str, Role, str, str, str, str, int]]:
    """(person, role, item, step, organ, unit, day) of everything that may be done; nothing else may."""
    found = set()
    for day in range(10):
        own, borrowed = own_acts(tables, day), delegated_acts(tables, day)
        reach = set()
        for organ, unit in PLACES:
            reach |= {
                (who, role, item, step, organ, unit) for who, role, at, item, step in own if at == (unit or organ)
            }
            reach |= {(who, role, item, step, organ, unit) for who, role, at, item, step in borrowed if at == organ}
        lent = set()
        for absent, deputy, roles, items, days in tables.stand_ins:
            known = deputy in tables.people and absent in tables.people and deputy != absent
            if not known or day not in range(*days) or day not in range(*tables.people[deputy][1]):
                continue
            if home(tables.people[deputy][0]) != home(tables.people[absent][0]):
                continue
            for who, role, item, step, organ, unit in reach:
                if who == absent and (roles is None or role in roles) and (items is None or item in items):
                    lent.add((deputy, role, item, step, organ, unit))
        found |= {(*act, day) for act in reach | lent}
    return found


PLACES = (("dept", ""), ("dept", "section"), ("east", ""), ("west", ""))
"""The organs asked about, and the unit that holds the step."""


# --- the same as records ----------------------------------------------------------------------------------------------

BASIS = LegalBasis(instrument="《演示条例》", article="第九条")


def staffing(tables: Tables) -> Staffing:
    """The records of the tables."""

    def span(days: Days) -> dict[str, Any]:
        return {"valid_from": on(days[0]), "valid_to": on(days[1])}

    return Staffing(
        people=tuple(
            Person(code=code, name=code, organ=organ, **span(days)) for code, (organ, days) in tables.people.items()
        ),
        posts=tuple(Post(code=code, name=code, organ="dept", **span(days)) for code, days in tables.posts.items()),
        appointments=tuple(Appointment(person=who, post=post, **span(days)) for who, post, days in tables.appointments),
        grants=tuple(
            Grant(
                person=holder if kind == "person" else "",
                post=holder if kind == "post" else "",
                role=role,
                organ=organ,
                items=frozenset(items or "*"),
                steps=frozenset(steps or "*"),
                number=str(number),
                **span(days),
            )
            for number, (kind, holder, role, organ, items, steps, days) in enumerate(tables.grants)
        ),
        delegations=tuple(
            Delegation(
                code=f"d{number}",
                organ=organ,
                delegate=delegate,
                unit=unit,
                items=frozenset(items),
                roles=frozenset(roles),
                steps=frozenset(steps or "*"),
                basis=BASIS,
                announcement="演示公告",
                published_on=on(published),
                **span(days),
            )
            for number, (organ, delegate, unit, items, roles, steps, published, days) in enumerate(tables.delegations)
        ),
        stand_ins=tuple(
            StandIn(
                absent=absent,
                deputy=deputy,
                roles=frozenset(roles or ()),
                items=frozenset(items or "*"),
                valid_from=on(days[0]),
                valid_to=on(days[1]),
            )
            for absent, deputy, roles, items, days in tables.stand_ins
        ),
    )


def register(tables: Tables) -> Authority:
    """The library's register of the tables."""
    return Authority.of_staffing(staffing(tables))


def every_act() -> Iterator[tuple[Role, str, str, str, str, int]]:
    """(role, item, step, organ, unit, day) of everything that can be asked."""
    for role, item, step, (organ, unit), day in product(ROLES, ITEMS, STEPS, PLACES, range(10)):
        yield role, item, step, organ, unit, day


def act(role: Role, item: str, step: str, organ: str, unit: str, day: int) -> Act:
    """The act as the library asks it."""
    return Act(role=role, item=item, step=step, organ=organ, unit=unit, day=on(day))
