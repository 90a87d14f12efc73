"""A request of one actor: what is asked, who may ask it, and what is answered, also when it is repeated under its key.

Rules of this room: what every command needs, and nothing that only some do. Nothing is written here but the answer
that is remembered for a key, in the unit of whoever writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime

import attrs

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.case import Case
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import instant
from egov_core.domain.people import Actor, ActorKind
from egov_core.errors import ClaimError, IdempotencyError, NoAuthorityError
from egov_core.ports.storage import IdempotencyRow, Unit
from egov_core.usecases.authority.commands import staff_actor
from egov_core.usecases.cases.applications import SubjectFile
from egov_core.usecases.cases.recording import Change
from egov_core.usecases.foundation.services import Services, check_clock
from egov_core.wire.codec import decode, encode


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


def times(services: Services, request: Request) -> tuple[datetime, datetime]:
    """Event time and entry time, read after the case: whoever was first acted before now."""
    now = check_clock(services)
    return (now if request.at is None else instant(request.at)), now


def authorised(
    services: Services,
    request: Request,
    item: ItemVersion,
    organ_on: Callable[[date], str],
    days: tuple[datetime, datetime],
    *,
    subject: str,
    case: Case | None = None,
) -> Actor:
    """The actor as it is recorded, once it may act: on the day of the event and on the day of its entry.

    `organ_on` gives the organ that answers for the case on a day: after a reorganisation the successor of that of its
    time, whose staff may act at once.

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
    on = sorted({moment.date() for moment in days})
    return staff_actor(services, actor.code, kind, item, organ_on, on, case)


def digest_of(request: Request) -> str:
    """What tells one command from another under the same key."""
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


def repeated(unit: Unit, services: Services, request: Request, digest: str) -> Outcome | None:
    """The answer of the first time, where the key has been used meanwhile."""
    if not request.key:
        return None
    known = unit.recall(services.area, request.actor.code, request.key)
    return None if known is None else answer_of(known, digest)


def answer_of(known: IdempotencyRow, digest: str) -> Outcome:
    """The answer of the first time. Raises IdempotencyError where the key was used for something else."""
    if known.digest != digest:
        raise IdempotencyError(
            f"the key {known.key!r} was used before for another command",
            remedy="use a new key for a new command",
            key=known.key,
        )
    return decode(known.answer, Outcome)


def with_query_code(services: Services, request: Request, outcome: Outcome) -> Outcome:
    """A submission's outcome with its query code, the first time and each time the key is repeated."""
    if not isinstance(request.command, c.Submit):
        return outcome
    stored = services.storage.subject(services.area, outcome.subject)
    return outcome if stored is None else attrs.evolve(outcome, query_code=decode(stored.data, SubjectFile).query_code)


def remember(unit: Unit, services: Services, request: Request, digest: str, outcome: Outcome, now: datetime) -> None:
    """Keep the answer under the key, in the commit of what it tells."""
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


def outcome_of(change: Change) -> Outcome:
    """What a change led to."""
    return Outcome(
        case_id=change.case.case_id,
        number=change.case.number,
        version=change.case.version,
        state=change.case.state.value,
        happened=tuple(event.type for event in change.events),
    )
