"""Handling: one command of one actor, from reading to commit.

Rules of this room: reading, authority, hooks and deciding happen before the write; the write is one short commit with a
compare-and-set; when somebody else was first, everything is read and decided again, at most three times (a holiday
notice that was adopted meanwhile is not counted). A key used before gives the answer of that time and does nothing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import attrs

from egov_core.domain.audit import GENESIS
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.decide import Context, Filing, decide
from egov_core.domain.cases.incidents import incidents_of
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import instant
from egov_core.domain.people import SYSTEM, Actor, ActorKind
from egov_core.errors import (
    ClaimError,
    ConflictError,
    Fault,
    IdempotencyError,
    IntegrityError,
    NoAuthorityError,
    UnknownError,
)
from egov_core.ports.numbering import NumberRequest
from egov_core.ports.storage import IdempotencyRow, SubjectRow, Unit
from egov_core.usecases.applications import (
    Advice,
    SubjectFile,
    check_acceptance,
    check_submission,
    check_supplement,
    personal_digests,
    query_digest,
)
from egov_core.usecases.catching_up import caught_up
from egov_core.usecases.claims import check_request
from egov_core.usecases.lapsing import item_on, lapses
from egov_core.usecases.recording import Change, prepare
from egov_core.usecases.services import Services, check_clock
from egov_core.wire.codec import decode, decode_case, encode

TRIES = 3


@attrs.frozen(kw_only=True)
class Outcome:
    """What a command led to: the case, where it stands, and what happened.

    `query_code` is told on submission. `advice` is what checks say without refusing.
    """

    case_id: str
    number: str
    version: int
    state: str
    happened: tuple[str, ...]
    query_code: str = ""
    subject: str = ""
    advice: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Request:
    """A command with its circumstances: who, under which key, and when it happened (None: now)."""

    command: c.Command
    actor: Actor
    key: str
    at: datetime | None = None


def perform(services: Services, request: Request) -> Outcome:
    """Do what is asked, durably, or refuse and change nothing.

    Raises ClaimError for wrong types and sizes, the errors of `decide`, NoAuthorityError, HookRefusedError,
    PluginError, IdempotencyError, UnknownError, ClockError, and StorageError when the store could not acknowledge.
    """
    check_request(request.command, request.actor, request.key, request.at)
    digest = _digest(request)
    if request.key:
        known = services.storage.recall(services.area, request.actor.code, request.key)
        if known is not None:
            return _with_query_code(services, request, _answer_of(known, digest))
    if isinstance(request.command, c.Submit):
        return _submit(services, request, request.command, digest)
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


def _times(services: Services, request: Request) -> tuple[datetime, datetime]:
    """Event time and entry time, read after the case: whoever was first acted before now."""
    now = check_clock(services)
    return (now if request.at is None else instant(request.at)), now


def _act(services: Services, request: Request, digest: str) -> Outcome | None:
    """One try; None when somebody else was first."""
    command = request.command
    assert not isinstance(command, c.Submit)
    row = services.storage.case(services.area, command.case_id)
    if row is None:
        raise UnknownError(
            f"there is no case {command.case_id!r}", remedy="look the case up by its number", case=command.case_id
        )
    at, now = _times(services, request)
    stored = decode_case(row.data)
    current, _ = caught_up(services, stored, now)
    lapsed, case = lapses(services, current, min(at, now))
    item = _item_of(services, case, command, at)
    actor = _authorised(services, request, item, case.organ, (at, now), subject=case.subject)
    advice: Advice = ()
    if isinstance(command, c.Accept):
        advice = check_acceptance(services, case, item, at)
    elif isinstance(command, c.Supplement):
        advice = check_supplement(services, case, item, command.materials, at)
    if isinstance(command, c.HandOver):
        _check_unit(services, case, command)
    context = Context(at=at, now=now, item=item, yardstick=services.yardstick(case), place=services.place)
    decided = [(event, instant, SYSTEM) for event, instant in lapsed]
    decided += [(event, at, actor) for event in decide(case, command, context)]
    change = prepare(services, stream=case.case_id, before=stored, head=row.head, decided=decided, now=now)
    if isinstance(command, c.Accept):
        found = incidents_of(change.case, services.yardstick(change.case), now)
        advice = (*advice, *(f"{one.incident.code}: {one.incident.message}; {one.incident.remedy}" for one in found))
    outcome = attrs.evolve(_outcome(change), advice=advice)

    def commit(unit: Unit) -> Outcome | None:
        repeated = _repeated(unit, services, request, digest)
        if repeated is not None:
            return repeated
        if not change.write(unit):
            return None
        _remember(unit, services, request, digest, outcome, now)
        return outcome

    return services.storage.write(commit)


def _submit(services: Services, request: Request, command: c.Submit, digest: str) -> Outcome:
    at, now = _times(services, request)
    item = services.registry().catalogue.on(command.item, at.date())
    subject = services.ids.new_id()
    actor = _authorised(services, request, item, item.organ, (at, now), subject=subject)
    advice = check_submission(services, command, item, at)
    organ = services.registry().organisation.get(item.organ)
    numbering = services.hooks.case_number(NumberRequest(area=services.area, item=item, organ=organ, at=at))
    assert numbering is not None, "the library has a numbering of its own"
    case_id, query_code, secret = services.ids.new_id(), services.ids.query_code(), services.ids.secret()
    filed = SubjectFile(applicant=command.applicant, form=dict(command.form), query_code=query_code)
    personal = SubjectRow(area=services.area, subject=subject, secret=secret, data=encode(filed))
    digests = personal_digests(secret, command)

    def written(unit: Unit, filing: Filing) -> Change | None:
        """The first events, written; decided again where a notice was adopted in between. None: the id is taken."""
        while True:
            context = Context(
                at=at, now=now, item=item, yardstick=services.yardstick(), filing=filing, place=services.place
            )
            decided = [(event, at, actor) for event in decide(None, command, context)]
            change = prepare(services, stream=case_id, before=None, head=GENESIS, decided=decided, now=now)
            if change.write(unit):
                return change
            if change.is_current():
                return None

    def commit(unit: Unit) -> Outcome:
        repeated = _repeated(unit, services, request, digest)
        if repeated is not None:
            return repeated
        series = numbering.counted_by
        number = numbering.number(unit.next_number(services.area, series))
        filing = Filing(
            number=number,
            subject=subject,
            digests=digests,
            query_digest=query_digest(services.area, number, query_code),
        )
        unit.put_subject(personal)
        try:
            change = written(unit, filing)
        except ConflictError as error:
            raise IntegrityError(
                f"the number {number} was given before: the series {series} stands behind its cases",
                remedy="run egov verify, and restore a backup; nothing was filed",
                series=series,
            ) from error
        if change is None:
            raise ConflictError("the identifier of the new case is taken", remedy="try again")
        outcome = attrs.evolve(_outcome(change), subject=subject, advice=advice)
        _remember(unit, services, request, digest, outcome, now)
        return outcome

    outcome = services.storage.write(commit)
    if outcome.subject != subject:  # somebody was first under this key
        return _with_query_code(services, request, outcome)
    return attrs.evolve(outcome, query_code=query_code)


def _item_of(services: Services, case: Case, command: c.Command, at: datetime) -> ItemVersion:
    """The version a command is judged by: the one in force on acceptance, from then on the one frozen into the case."""
    if isinstance(command, c.Accept):
        return item_on(services, case, at)
    return services.registry().catalogue.version(case.item, case.item_version)


def _check_unit(services: Services, case: Case, command: c.HandOver) -> None:
    """A step is handed to the case's organ or to a unit below it. Raises ClaimError."""
    organisation = services.registry().organisation
    if command.unit not in organisation.organs or not organisation.is_within(command.unit, case.organ):
        raise ClaimError(
            f"{command.unit!r} is no unit of {case.organ}",
            faults=[Fault("$.unit", "unknown", "must be the case's organ or a unit below it")],
            remedy="name the unit by its organ code",
        )


def _authorised(
    services: Services,
    request: Request,
    item: ItemVersion,
    organ: str,
    days: tuple[datetime, datetime],
    *,
    subject: str,
) -> Actor:
    """The actor as it is recorded, once it may act: on the day of the event and on the day of its entry.

    What the caller says beyond kind and code is not believed: staff are recorded under the name and organ of the
    registry, an applicant under the subject of this very case, which has no personal value in it.
    """
    actor, kind = request.actor, type(request.command)
    if actor.kind is ActorKind.APPLICANT:
        if kind in c.BY_APPLICANT and (kind is c.Submit or actor.code == subject):
            return Actor(kind=ActorKind.APPLICANT, code=subject)
        raise NoAuthorityError(
            f"an applicant may not ask for {kind.__name__} on this case",
            remedy="an applicant may submit, supplement and withdraw its own case, and ask for a hearing",
        )
    if actor.kind is not ActorKind.STAFF:
        raise NoAuthorityError(
            f"{actor.kind.value} may not ask for {kind.__name__}", remedy="act as staff", person=actor.code
        )
    registry = services.registry()
    person = registry.people.get(actor.code)
    for day in sorted({moment.date() for moment in days}):
        if person is None or not person.serves_on(day):
            raise NoAuthorityError(
                f"{actor.code} is not in office on {day}",
                remedy="have the administration appoint this person",
                person=actor.code,
            )
        registry.authority.require(
            actor.code,
            c.needed_role(kind, item),
            item=item.code,
            organ=organ,
            day=day,
            organisation=registry.organisation,
        )
    assert person is not None, "the loop has looked at one day at least"
    return Actor(kind=ActorKind.STAFF, code=person.code, name=person.name, organ=person.organ)


def _digest(request: Request) -> str:
    try:
        request.key.encode()
        said = encode(request.command)
    except (TypeError, ValueError) as error:
        raise ClaimError(
            f"{type(request.command).__name__} holds something that cannot be written down",
            remedy="give texts without half characters (lone surrogates), and the types that the command names",
        ) from error
    at = "" if request.at is None else instant(request.at).isoformat()
    return hashlib.sha256(f"{type(request.command).__name__}\n{at}\n".encode() + said).hexdigest()


def _repeated(unit: Unit, services: Services, request: Request, digest: str) -> Outcome | None:
    if not request.key:
        return None
    known = unit.recall(services.area, request.actor.code, request.key)
    return None if known is None else _answer_of(known, digest)


def _answer_of(known: IdempotencyRow, digest: str) -> Outcome:
    if known.digest != digest:
        raise IdempotencyError(
            f"the key {known.key!r} was used before for another command",
            remedy="use a new key for a new command",
            key=known.key,
        )
    return decode(known.answer, Outcome)


def _with_query_code(services: Services, request: Request, outcome: Outcome) -> Outcome:
    """A submission's outcome with its query code, the first time and each time the key is repeated."""
    if not isinstance(request.command, c.Submit):
        return outcome
    stored = services.storage.subject(services.area, outcome.subject)
    return outcome if stored is None else attrs.evolve(outcome, query_code=decode(stored.data, SubjectFile).query_code)


def _remember(unit: Unit, services: Services, request: Request, digest: str, outcome: Outcome, now: datetime) -> None:
    if request.key:
        unit.remember(
            IdempotencyRow(
                area=services.area,
                actor=request.actor.code,
                key=request.key,
                digest=digest,
                answer=encode(outcome),
                at=now,
            )
        )


def _outcome(change: Change) -> Outcome:
    return Outcome(
        case_id=change.case.case_id,
        number=change.case.number,
        version=change.case.version,
        state=change.case.state.value,
        happened=tuple(event.type for event in change.events),
    )
