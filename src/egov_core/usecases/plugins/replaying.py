"""Asking a plugin about recorded cases: what it would have said, beside what was decided then.

Rules of this room: reading only, and the plugin alone is asked. Every application is put together as it was at the
time: item, materials, form, applicant. Personal values are given as always, behind their mask, and stand in no answer:
a rule that is being written may not yet keep that promise. What the law did by itself asked nobody, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.folding import evolve
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.people import Applicant, Purpose
from egov_core.errors import PluginError
from egov_core.hooks.manager import Hooks
from egov_core.ports.checks import ApplicationView, Finding, MaterialsView
from egov_core.ports.storage import CaseRow
from egov_core.usecases.cases.applications import SubjectFile
from egov_core.usecases.cases.lapsing import item_on
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode, decode_event

STAGES: Mapping[str, str] = {
    e.Submitted.type: "submit",
    e.Supplemented.type: "supplement",
    e.CorrectionRequested.type: "accept",
    e.NotAccepted.type: "accept",
    e.Accepted.type: "accept",
}
"""What was decided, and the stage at which checks are asked about it."""


@attrs.frozen(kw_only=True)
class Reconsidered:
    """A decision of a case and what the plugin says of it; `forgotten`: the applicant's values were destroyed."""

    case_id: str
    number: str
    item: str
    item_name: str
    stage: str
    decided: str
    at: datetime
    materials: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    error: str = ""
    forgotten: bool = False

    @property
    def would(self) -> str:
        """`fail`, `refuse`, `advise` or `pass`."""
        if self.error:
            return "fail"
        grave = {finding.severity for finding in self.findings}
        return "refuse" if "error" in grave else "advise" if grave else "pass"


def reconsidered(services: Services, hooks: Hooks, row: CaseRow) -> Iterator[Reconsidered]:
    """Ask the plugins of `hooks` about every decision of a case."""
    case: Case | None = None
    for stored in services.storage.events(services.area, row.case_id):
        recorded = decode_event(stored.stream, stored.position, stored.payload)
        event = recorded.event
        stage = STAGES.get(event.type)
        if stage is not None and not (isinstance(event, e.Accepted) and event.deemed):
            yield _asked(services, hooks, row, case, recorded)
        case = evolve(case, recorded)


def _asked(
    services: Services, hooks: Hooks, row: CaseRow, before: Case | None, recorded: e.RecordedEvent
) -> Reconsidered:
    event, stage, at = recorded.event, STAGES[recorded.event.type], recorded.at
    item = _item(services, before, event, at)
    materials = before.materials if before is not None else ()
    if isinstance(event, e.Submitted | e.Supplemented):
        materials = tuple(dict.fromkeys((*materials, *event.materials)))
    subject = event.subject if isinstance(event, e.Submitted) else before.subject if before is not None else ""
    kept = _subject(services, subject)
    applicant = None if kept is None else kept.applicant
    found: list[Finding] = []
    error = ""
    try:
        found += _findings(hooks, services.area, stage, item, materials, kept, at)
    except PluginError as raised:
        error = str(raised)
    finally:
        for name in hooks.names():  # the next case is asked about, whatever became of this one
            hooks.record.release(name)
    return Reconsidered(
        case_id=row.case_id,
        number=row.number,
        item=item.code,
        item_name=item.name,
        stage=stage,
        decided=event.type,
        at=at,
        materials=materials,
        findings=tuple(attrs.evolve(one, message=_masked(one.message, applicant)) for one in found),
        error=_masked(error, applicant),
        forgotten=kept is None,
    )


def _findings(
    hooks: Hooks,
    area: str,
    stage: str,
    item: ItemVersion,
    materials: tuple[str, ...],
    kept: SubjectFile | None,
    at: datetime,
) -> Iterator[Finding]:
    form = {} if kept is None else dict(kept.form)
    if stage == "submit":
        yield from hooks.check_form(item, form)
    if stage != "supplement":
        applicant = kept.applicant if kept is not None and stage == "submit" else None
        yield from hooks.check_application(
            ApplicationView(
                area=area, stage=stage, item=item, materials=materials, form=form, applicant=applicant, at=at
            )
        )
    yield from hooks.check_materials(MaterialsView(area=area, stage=stage, item=item, materials=materials, at=at))


def _item(services: Services, before: Case | None, event: e.CaseEvent, at: datetime) -> ItemVersion:
    """The version that was in force: as frozen into the case where it was, else that of the day."""
    if before is None:
        assert isinstance(event, e.Submitted), "a case begins with its submission"
        return services.registry().catalogue.version(event.item, event.item_version)
    if isinstance(event, e.Accepted):
        return services.registry().catalogue.version(before.item, event.item_version)
    return item_on(services, before, at)


def _subject(services: Services, subject: str) -> SubjectFile | None:
    stored = services.storage.subject(services.area, subject)
    return None if stored is None else decode(stored.data, SubjectFile)


def _masked(text: str, applicant: Applicant | None) -> str:
    """The text without the applicant's values: what a plugin has written out is seen by whoever tries it."""
    values = [] if applicant is None else [applicant.name, applicant.id_number, applicant.phone]
    for value in values:
        clear = "" if value is None else value.reveal(Purpose.SUPERVISION)
        if len(clear) > 1 and value is not None:
            text = text.replace(clear, value.masked())
    return text
