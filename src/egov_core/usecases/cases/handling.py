"""Handling: one command of one actor, from reading to commit.

Rules of this room: reading, authority, hooks and deciding happen before the write; the write is one short commit with a
compare-and-set; when somebody else was first, everything is read and decided again, at most three times (a holiday
notice that was adopted meanwhile is not counted). A key used before gives the answer of that time and does nothing.
What every request needs stands in `requests`, what a submission needs besides in `submitting`.
"""

from __future__ import annotations

from datetime import date, datetime

import attrs

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.decide import Context, decide
from egov_core.domain.cases.holders import responsible_organ
from egov_core.domain.cases.incidents import incidents_of
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.people import SYSTEM
from egov_core.errors import ClaimError, ConflictError, Fault, UnknownError
from egov_core.ports.storage import Unit
from egov_core.usecases.cases.applications import Advice, check_acceptance, check_supplement
from egov_core.usecases.cases.catching_up import caught_up
from egov_core.usecases.cases.claims import check_request
from egov_core.usecases.cases.lapsing import item_on, lapses
from egov_core.usecases.cases.recording import prepare
from egov_core.usecases.cases.requests import (
    Outcome,
    Request,
    answer_of,
    authorised,
    digest_of,
    outcome_of,
    remember,
    repeated,
    times,
    with_query_code,
)
from egov_core.usecases.cases.submitting import submit
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode_case

__all__ = ["Outcome", "Request", "perform"]  # a request and its outcome belong to `perform`, wherever they are made

TRIES = 3


def perform(services: Services, request: Request) -> Outcome:
    """Do what is asked, durably, or refuse and change nothing.

    Raises ClaimError for wrong types and sizes, the errors of `decide`, NoAuthorityError, HookRefusedError,
    PluginError, IdempotencyError, UnknownError, ClockError, and StorageError when the store could not acknowledge.
    """
    check_request(request.command, request.actor, request.key, request.at)
    digest = digest_of(request)
    if request.key:
        known = services.storage.recall(services.area, request.actor.code, request.key)
        if known is not None:
            return with_query_code(services, request, answer_of(known, digest))
    if isinstance(request.command, c.Submit):
        return submit(services, request, request.command, digest)
    tries = 0
    while tries < TRIES:
        revision = services.calendars().newest.number
        outcome = _act(services, request, digest)
        if outcome is not None:
            return outcome
        tries += revision == services.calendars().newest.number  # a new notice is nobody's act on this case
    raise ConflictError(
        "the case was changed by others each time it was tried",
        remedy="reload the case and try again",
        case=request.command.case_id,
    )


def _act(services: Services, request: Request, digest: str) -> Outcome | None:
    """One try; None when somebody else was first."""
    command = request.command
    assert not isinstance(command, c.Submit)
    row = services.storage.case(services.area, command.case_id)
    if row is None:
        raise UnknownError(
            f"there is no case {command.case_id!r}", remedy="look the case up by its number", case=command.case_id
        )
    at, now = times(services, request)
    stored = decode_case(row.data)
    current, _ = caught_up(services, stored, now)
    lapsed, case = lapses(services, current, min(at, now))
    item = _item_of(services, case, command, at)
    organisation = services.registry().organisation

    def organ_on(day: date) -> str:
        return responsible_organ(case, organisation, day).organ

    actor = authorised(services, request, item, organ_on, (at, now), subject=case.subject, case=case)
    advice: Advice = ()
    if isinstance(command, c.Accept):
        advice = check_acceptance(services, case, item, at)
    elif isinstance(command, c.Supplement):
        advice = check_supplement(services, case, item, command.materials, at)
    if isinstance(command, c.HandOver):
        _check_unit(services, organ_on(at.date()), command, at.date())
    context = Context(at=at, now=now, item=item, yardstick=services.yardstick(case), place=services.place)
    decided = [(event, instant, SYSTEM) for event, instant in lapsed]
    decided += [(event, at, actor) for event in decide(case, command, context)]
    change = prepare(services, stream=case.case_id, before=stored, head=row.head, decided=decided, now=now)
    if isinstance(command, c.Accept):
        found = incidents_of(change.case, services.yardstick(change.case), now)
        advice = (*advice, *(f"{one.incident.code}: {one.incident.message}; {one.incident.remedy}" for one in found))
    outcome = attrs.evolve(outcome_of(change), advice=advice)

    def commit(unit: Unit) -> Outcome | None:
        known = repeated(unit, services, request, digest)
        if known is not None:
            return known
        if not change.write(unit):
            return None
        remember(unit, services, request, digest, outcome, now)
        return outcome

    return services.storage.write(commit)


def _item_of(services: Services, case: Case, command: c.Command, at: datetime) -> ItemVersion:
    """The version a command is judged by: the one in force on acceptance, from then on the one frozen into the case."""
    if isinstance(command, c.Accept):
        return item_on(services, case, at)
    return services.registry().catalogue.version(case.item, case.item_version)


def _check_unit(services: Services, organ: str, command: c.HandOver, day: date) -> None:
    """A step is handed to the organ that answers for the case, or to a unit below it that exists. Raises ClaimError."""
    organisation = services.registry().organisation
    unit = organisation.organs.get(command.unit)
    if unit is None or not unit.exists_on(day) or not organisation.is_within(command.unit, organ, day):
        raise ClaimError(
            f"{command.unit!r} is no unit of {organ}",
            faults=[Fault("$.unit", "unknown", "must be the organ that answers for the case, or a unit below it")],
            remedy="name the unit by its organ code",
        )
