"""Submitting: an application becomes a case.

Rules of this room: checks and the numbering are asked before the write; number, applicant, first events and the answer
for the key are one short commit. Personal values go into the subject's own row, and only digests into the chain.
"""

from __future__ import annotations

from datetime import date

import attrs

from egov_core.domain.audit import GENESIS
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.decide import Context, Filing, decide
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.organisation import Organisation
from egov_core.errors import ConflictError, IntegrityError, LawError
from egov_core.ports.numbering import NumberRequest
from egov_core.ports.storage import SubjectRow, Unit
from egov_core.usecases.cases.applications import SubjectFile, check_submission, personal_digests, query_digest
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


def _require_organ(organisation: Organisation, item: ItemVersion, day: date) -> None:
    """Nobody receives a case for an organ that does not exist: who has taken its work over publishes the item first."""
    if organisation.get(item.organ).exists_on(day):
        return
    end = organisation.end_of(item.organ)
    heirs = end.heirs if end is not None and end.day <= day else ()
    raise LawError(
        f"item {item.name} ({item.code}) takes no applications on {day}: its organ {item.organ} does not exist then"
        + (f" ({end.sentence})" if end is not None else ""),
        remedy=f"publish the next version of the item for {', '.join(heirs) or 'the organ that has the work now'}",
        item=item.code,
        organ=item.organ,
        day=day.isoformat(),
    )


def submit(services: Services, request: Request, command: c.Submit, digest: str) -> Outcome:
    """File an application; see `handling.perform`."""
    at, now = times(services, request)
    item = services.registry().catalogue.on(command.item, at.date())
    subject = services.ids.new_id()
    organisation = services.registry().organisation
    _require_organ(organisation, item, at.date())

    def organ_on(day: date) -> str:
        return organisation.responsible(item.organ, item.code, day, since=at.date())[0]

    actor = authorised(services, request, item, organ_on, (at, now), subject=subject)
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
