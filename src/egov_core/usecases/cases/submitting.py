"""Submitting: an application becomes a case.

Rules of this room: checks and the numbering are asked before the write; number, applicant, first events and the answer
for the key are one short commit. Personal values go into the subject's own row, and only digests into the chain.
"""

from __future__ import annotations

from datetime import date, datetime

import attrs

from egov_core.domain.audit import GENESIS
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.decide import Context, Filing, decide
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.organisation import Organisation
from egov_core.domain.people import Actor
from egov_core.errors import ConflictError, IntegrityError, LawError
from egov_core.ports.numbering import NumberRequest
from egov_core.ports.storage import SubjectRow, Unit
from egov_core.usecases.cases.applications import Advice, SubjectFile, check_submission, personal_digests, query_digest
from egov_core.usecases.cases.claims import check_request
from egov_core.usecases.cases.recording import Change, prepare
from egov_core.usecases.cases.requests import (
    Outcome,
    Request,
    authorised,
    outcome_of,
    remember,
    repeated,
    times,
    with_query_code,
)
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import encode

REHEARSED = "rehearsed"
"""What stands for number and subject where an application is only looked at."""


def _require_organ(organisation: Organisation, item: ItemVersion, day: date) -> None:
    """Nobody receives a case for an organ that does not exist: who has taken its work over publishes the item first."""
    if organisation.get(item.organ).exists_on(day):
        return
    end = organisation.end_of(item.organ)
    heirs = end.heirs if end is not None and end.day <= day else ()
    raise LawError(
        f"item {item.full_name} ({item.code}) takes no applications on {day}: "
        f"its organ {item.organ} does not exist then" + (f" ({end.sentence})" if end is not None else ""),
        remedy=f"publish the next version of the item for {', '.join(heirs) or 'the organ that has the work now'}",
        item=item.code,
        organ=item.organ,
        day=day.isoformat(),
    )


@attrs.frozen(kw_only=True)
class Admitted:
    """An application that everybody who is asked before the write has let through: by whom, for what, when.

    `advice` is what checks say without refusing.
    """

    item: ItemVersion
    actor: Actor
    at: datetime
    now: datetime
    advice: Advice


def admitted(services: Services, request: Request, command: c.Submit, subject: str) -> Admitted:
    """Ask everything that an application is refused for before it has a number; nothing is written.

    Raises what `handling.perform` raises of them.
    """
    at, now = times(services, request)
    item = services.registry().catalogue.on(command.item, at.date())
    organisation = services.registry().organisation
    _require_organ(organisation, item, at.date())

    def organ_on(day: date) -> str:
        return organisation.responsible(item.organ, item.code, day, since=at.date())[0]

    actor = authorised(services, request, item, organ_on, (at, now), subject=subject)
    advice = check_submission(services, command, item, at)
    return Admitted(item=item, actor=actor, at=at, now=now, advice=advice)


def rehearse(services: Services, request: Request, command: c.Submit) -> Admitted:
    """What filing this application now would come to. Raises whatever it would be refused for; nothing is written."""
    check_request(command, request.actor, request.key, request.at)
    found = admitted(services, request, command, REHEARSED)
    filing = Filing(number=REHEARSED, subject=REHEARSED, digests={}, query_digest=REHEARSED)
    context = Context(
        at=found.at,
        now=found.now,
        item=found.item,
        yardstick=services.yardstick(),
        filing=filing,
        place=services.place,
    )
    decide(None, command, context)
    return found


def submit(services: Services, request: Request, command: c.Submit, digest: str) -> Outcome:
    """File an application; see `handling.perform`."""
    subject = services.ids.new_id()
    found = admitted(services, request, command, subject)
    item, actor, at, now, advice = found.item, found.actor, found.at, found.now, found.advice
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
        known = repeated(unit, services, request, digest)
        if known is not None:
            return known
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
                remedy="run egov verify --config FILE, and restore a backup; nothing was filed",
                series=series,
            ) from error
        if change is None:
            raise ConflictError("the identifier of the new case is taken", remedy="try again")
        outcome = attrs.evolve(outcome_of(change), subject=subject, advice=advice)
        remember(unit, services, request, digest, outcome, now)
        return outcome

    outcome = services.storage.write(commit)
    if outcome.subject != subject:  # somebody was first under this key
        return with_query_code(services, request, outcome)
    return attrs.evolve(outcome, query_code=query_code)
