"""What becomes of delegations: they end with the organ that gave them, and with the one they were given to.

Rules of this room: nobody inherits a delegation. An organ entrusts another by its own published decision (行政许可法
24); when either of them ends, so does it, and what a successor wants to entrust, it entrusts anew, by
the plan's `delegate` or later. Of an item that passes, the delegation of the organ that had it is void by itself: the
item is its own no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import attrs

from egov_core.domain.authority import ALL_STEPS, Delegation
from egov_core.domain.organisation import Organisation
from egov_core.domain.reorganisation.changes import LostAuthority
from egov_core.domain.reorganisation.plan import Plan

ONE_DAY = timedelta(days=1)


@attrs.frozen
class Entrusted:
    """The delegations that end, as they were and will be; those that the plan makes; and what is lost."""

    ended: Mapping[Delegation, Delegation]
    made: tuple[Delegation, ...]
    lost: tuple[LostAuthority, ...]


def made_by(plan: Plan) -> tuple[Delegation, ...]:
    """The delegations that a plan makes."""
    return tuple(
        Delegation(
            code=one.code,
            organ=one.organ,
            delegate=one.delegate,
            items=frozenset(one.items),
            roles=frozenset(one.roles),
            steps=frozenset(one.steps) or frozenset({ALL_STEPS}),
            unit=one.unit,
            basis=one.basis,
            announcement=one.announcement,
            published_on=one.published_on,
            valid_from=plan.effective,
        )
        for one in plan.delegate
    )


def follow_delegations(
    plan: Plan,
    delegations: Iterable[Delegation],
    *,
    organisation: Organisation,
    ended: frozenset[str],
    passed: Mapping[str, frozenset[str]],
) -> Entrusted:
    """What becomes of delegations; `organisation` is as it will be, `passed` are the items that leave an organ."""
    day, made = plan.effective, made_by(plan)
    over: dict[Delegation, Delegation] = {}
    lost: list[LostAuthority] = []
    for one in delegations:
        if one.valid_to is not None and one.valid_to <= day:
            continue
        why = _ends_by(one, organisation, ended, day)
        items = one.items if why else one.items & passed.get(one.organ, frozenset())
        if why:
            over[one] = attrs.evolve(one, valid_to=max(one.valid_from, day))
        lost += _lost(one, items, why or "items-passed", _renewing(one, made, organisation, day))
    return Entrusted(over, made, tuple(lost))


def _ends_by(one: Delegation, organisation: Organisation, ended: frozenset[str], day: date) -> str:
    """Why a delegation ends; empty where it goes on."""
    if one.organ in ended:
        return "principal-ended"
    if one.delegate in ended:
        return "delegate-ended"
    if one.unit and organisation.is_within(one.unit, one.delegate, day - ONE_DAY):
        stays = one.unit not in ended and organisation.is_within(one.unit, one.delegate, day)
        return "" if stays else "unit-moved"
    return ""


def _renewing(
    one: Delegation, made: Iterable[Delegation], organisation: Organisation, day: date
) -> tuple[Delegation, ...]:
    """What the plan makes for the same delegate, or for who succeeds it."""
    heir, _ = organisation.responsible(one.delegate, "", day, since=day - ONE_DAY)
    return tuple(new for new in made if new.delegate == heir and (ALL_STEPS in new.steps or one.steps <= new.steps))


def _lost(one: Delegation, items: frozenset[str], why: str, made: Iterable[Delegation]) -> Iterator[LostAuthority]:
    renewed = tuple(made)
    for role in sorted(one.roles, key=lambda role: role.name):
        left = items.difference(*(new.items for new in renewed if role in new.roles))
        if left:
            yield LostAuthority(
                delegation=one.code, role=role.name.lower(), organ=one.organ, items=tuple(sorted(left)), why=why
            )
