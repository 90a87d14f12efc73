"""What has been built on a reorganisation since it was applied, and would lose its ground if it were undone.

Rules of this room: reading only; everything is listed, not the first of it. What merely happened since (a case of an
organ that the plan does not touch, a card from before its day) has not been built on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from egov_core.domain.legal import start_of
from egov_core.domain.organisation import Organisation
from egov_core.domain.people import ActorKind
from egov_core.domain.reorganisation.record import Reorganisation
from egov_core.errors import Fault
from egov_core.ports.storage import CaseRow, ReferenceRow
from egov_core.usecases.foundation.every_case import every_case
from egov_core.usecases.foundation.registry import DRAFT, ITEM, ORGAN, REORGANISATION
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode_event, decode_outline, loads

LATER_PLAN = "later-plan"
Stored = Mapping[tuple[str, str, int], ReferenceRow]


def built_upon(
    services: Services,
    carried: Reorganisation,
    stored: Stored,
    now: datetime,
    progress: Callable[[int], object] = lambda _done: None,
) -> tuple[Fault, ...]:
    """Everything that stands on the plan: later plans, reference data, cases, acts and cards.

    `progress` is told of each case looked at.
    """
    later = tuple(one for one in services.registry().reorganisations if one.number > carried.number)
    besides = (*_reference_data(carried, stored, later), *_cases(services, carried, now, progress))
    return (*_later_plans(later, alone=not besides), *besides)


def what_to_do(faults: Sequence[Fault]) -> str:
    """The one way out: later plans are taken back, the newest first; what was built otherwise stays."""
    if all(one.code == LATER_PLAN for one in faults):
        codes = [one.path.removeprefix("plan ") for one in faults]
        return f"undo what was applied after it, in this order, and then this one: {', '.join(codes)}"
    return "carry a further plan through that says what is to become of them"


def _later_plans(later: Sequence[Reorganisation], *, alone: bool) -> Iterator[Fault]:
    """The newest first. Where something else stands on the plan too, undoing them would not help, and is not said."""
    for one in sorted(later, key=lambda one: one.number, reverse=True):
        message = f"{one.plan.title} was applied after it"
        if alone:
            message = f"{one.plan.title} was applied after it; undo that one first"
        yield Fault(f"plan {one.code}", LATER_PLAN, message)


def _reference_data(carried: Reorganisation, stored: Stored, later: Sequence[Reorganisation]) -> Iterator[Fault]:
    """What was changed since otherwise than by a later plan, which is named itself and takes its rows back."""
    by_plans = {(row.kind, row.code, row.version, row.after) for one in later for row in one.rows}
    written = {(row.kind, row.code, row.version): row for row in carried.rows}
    for key, row in written.items():
        found = stored.get(key)
        digest = "" if found is None else hashlib.sha256(found.data).hexdigest()
        if digest != row.after and (*key, digest) not in by_plans:
            yield Fault(f"{row.kind} {row.code}", "changed-since", f"{row.kind} {row.code} was changed after the plan")
    founded = {row.code for row in carried.rows if row.kind == ORGAN and not row.before}
    newest = {row.code: row.version for row in carried.rows if row.kind == ITEM}
    for key, found in stored.items():
        kind, code, version = key
        if key in written or kind == REORGANISATION:
            continue
        if (*key, hashlib.sha256(found.data).hexdigest()) in by_plans:
            continue
        named = founded & set(_texts(loads(found.data)))
        if named:
            message = f"{kind} {code} names {', '.join(sorted(named))}, which the plan founded"
            yield Fault(f"{kind} {code}", "names-founded-organ", message)
        elif kind in (ITEM, DRAFT) and version > newest.get(code, version):
            yield Fault(f"{kind} {code}", "later-version", f"version {version} of {code} follows that of the plan")


def _cases(
    services: Services, carried: Reorganisation, now: datetime, progress: Callable[[int], object]
) -> Iterator[Fault]:
    registry = services.registry()
    founded = {row.code for row in carried.rows if row.kind == ORGAN and not row.before}
    versions = {(row.code, row.version) for row in carried.rows if row.kind == ITEM}
    others = tuple(one for one in registry.organisation.successions if one.plan != carried.code)
    without = Organisation(registry.organisation.organs, others)
    published = {code for code, _ in versions}
    in_force, last = now >= start_of(carried.plan.effective), now.date()

    def answers(tree: Organisation, row: CaseRow) -> str:
        return tree.responsible(row.organ, row.item, last, since=row.received_at.date())[0]

    for row in every_case(services):
        progress(1)
        version = decode_outline(row.data).item_version if row.organ in founded or row.item in published else 0
        if row.organ in founded or (row.item, version) in versions:
            message = f"case {row.number} was filed with {row.organ} or accepted under version {version}"
            yield Fault(f"case {row.number}", "filed-under-plan", f"{message} of {row.item}, both of the plan")
        elif in_force and answers(registry.organisation, row) != answers(without, row):
            yield from _acts(services, carried, row)


def _acts(services: Services, carried: Reorganisation, row: CaseRow) -> Iterator[Fault]:
    """What a successor did in a case of its predecessor, and cards that stand against it."""
    since = start_of(carried.plan.effective)
    for stored in services.storage.events(services.area, row.case_id):
        if stored.entered_at < since:
            continue
        one = decode_event(row.case_id, stored.position, stored.payload)
        if one.actor.kind is ActorKind.STAFF:
            who = f"{one.actor.name} of {one.actor.organ}"
            message = f"{who} recorded {one.event.type} in case {row.number} of {row.organ} at {one.at.isoformat()}"
            yield Fault(f"case {row.number}", "act-of-successor", message)
    for card in services.storage.cards(services.area, row.case_id):
        if card.at >= since:
            message = f"a {card.level} card of {card.at.isoformat()} in case {row.number} stands against {card.organ}"
            yield Fault(f"case {row.number}", "card-to-successor", message)


def _texts(value: Any) -> Iterator[str]:
    """Every text in plain data, wherever it stands: organs are named in many fields, also of kinds not known here."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
