"""Applications: what is kept of an applicant, what the chain holds in its place, and what the checks say.

Rules of this room: personal values leave it only as digests; checks are asked before the write, and never inside one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from egov_core.domain.audit import personal_digest
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.case import Case
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.people import Applicant, Purpose
from egov_core.errors import HookRefusedError
from egov_core.ports.checks import ApplicationView, Finding, MaterialsView
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import canonical, decode

Advice = tuple[str, ...]
"""What checks say without refusing."""


@attrs.frozen(kw_only=True)
class SubjectFile:
    """What is kept about an applicant apart from the chain, and can be destroyed: the applicant, the form, the code.

    The query code is kept here and not in the answer remembered for a key, so that it is forgotten with the person.
    """

    applicant: Applicant
    form: Mapping[str, str] = attrs.field(repr=False)
    query_code: str = attrs.field(default="", repr=False)


def query_digest(area: str, number: str, code: str) -> str:
    """What is stored of a query code: SHA-256 over area, number and code."""
    return hashlib.sha256(f"{area}\n{number}\n{code.strip().upper()}".encode()).hexdigest()


def check_submission(services: Services, command: c.Submit, item: ItemVersion, at: datetime) -> Advice:
    """Ask all checks about an application; their advice. Raises HookRefusedError with everything they refuse."""
    view = ApplicationView(
        area=services.area,
        stage="submit",
        item=item,
        materials=command.materials,
        form=dict(command.form),
        applicant=command.applicant,
        at=at,
        channel=command.channel,
    )
    return _answered(services, view, services.hooks.check_form(item, command.form))


def check_supplement(services: Services, case: Case, item: ItemVersion, more: Sequence[str], at: datetime) -> Advice:
    """Ask about the materials as they are with what is handed in now; what is still missing refuses nothing here."""
    materials = tuple(dict.fromkeys((*case.materials, *more)))
    view = MaterialsView(area=services.area, stage="supplement", item=item, materials=materials, at=at)
    return _told(services.hooks.check_materials(view), view.stage)


def check_acceptance(services: Services, case: Case, item: ItemVersion, at: datetime) -> Advice:
    """The same before an acceptance, with the materials handed in since and the stored form."""
    stored = services.storage.subject(services.area, case.subject)
    view = ApplicationView(
        area=services.area,
        stage="accept",
        item=item,
        materials=case.materials,
        form=dict(decode(stored.data, SubjectFile).form) if stored is not None else {},
        applicant=None,
        at=at,
    )
    return _answered(services, view)


def _answered(services: Services, view: ApplicationView, found: Sequence[Finding] = ()) -> Advice:
    materials = MaterialsView(area=view.area, stage=view.stage, item=view.item, materials=view.materials, at=view.at)
    findings = [*found, *services.hooks.check_application(view), *services.hooks.check_materials(materials)]
    return _told(findings, view.stage)


def _told(findings: Sequence[Finding], stage: str) -> Advice:
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise HookRefusedError(
            "; ".join(finding.message for finding in errors),
            remedy="tell the applicant everything that is missing at once (RequestCorrection)"
            if stage == "accept"
            else "correct the application and submit it again",
            findings=[
                {"field": finding.field, "message": finding.message, "basis": str(finding.basis or "")}
                for finding in errors
            ],
        )
    return tuple(f"{finding.field}: {finding.message}" for finding in findings if finding.severity == "advice")


def personal_digests(secret: bytes, command: c.Submit) -> dict[str, str]:
    """What the chain holds of an application in place of its personal values."""
    applicant = command.applicant
    values = {"name": applicant.name, "id_number": applicant.id_number, "phone": applicant.phone}
    digests = {
        field: personal_digest(secret, value.reveal(Purpose.HANDLING)) for field, value in values.items() if value
    }
    if command.form:
        digests["form"] = personal_digest(secret, canonical(dict(command.form)).decode())
    return digests
