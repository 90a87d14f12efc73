"""Cases that were taken over before: what a file says otherwise of them now.

Rules of this room: reading only. A case is compared with the digests of what the file said then, cell by cell; of who
was forgotten, nothing is left to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator

from egov_core.domain.cases.old_cases import CutOver, OldCase
from egov_core.domain.cases.takeover_events import TakenOver
from egov_core.domain.cells import CellFault
from egov_core.errors import IntegrityError
from egov_core.ports.storage import CaseRow
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.takeover.filed_here import told_of
from egov_core.usecases.takeover.refolding import cell_digests
from egov_core.wire.codec import decode_event


def differences(services: Services, row: CaseRow, old: OldCase, cut_over: CutOver) -> Iterator[CellFault]:
    """What the file says otherwise of a case that is there; nothing where it says the same."""
    taken, subject = takeover_of(services, row)
    if taken is None:
        yield told_of(services, row, old) or old.cell("number").error(
            "number-taken",
            "a case that was filed here has this number",
            "put a prefix before the old numbers, so that both can be told apart",
        )
        return
    if (taken.cut_over, taken.source) != (cut_over.at, cut_over.source):
        yield old.cell("number").error(
            "cut-over-differs",
            f"the case was taken over from {taken.source} with the cut-over of {taken.cut_over.isoformat()}",
            "give the same source and cut-over again, or take the case out of the file",
        )
    elif taken.cards_confirmed != cut_over.cards_confirmed:
        yield old.cell("number").warning(
            "cards-as-before",
            "the case is there already, and whether its earlier cards are confirmed stays as it was said then",
        )
    kept = services.storage.subject(services.area, subject)
    if kept is None:
        return  # who was forgotten is compared with nothing
    now = cell_digests(kept.secret, old.said)
    for column in sorted(now.keys() | taken.cells.keys()):
        if now.get(column) != taken.cells.get(column):
            yield old.cell(column).error(
                "changed",
                f"the case was taken over already, and the file said something else here ({column})",
                "put back what it said; what has to be corrected is entered in the case itself",
            )


def takeover_of(services: Services, row: CaseRow) -> tuple[TakenOver | None, str]:
    """The takeover of a case, None where it was filed here, and its subject."""
    stored = services.storage.events(services.area, row.case_id)
    if not stored:
        raise IntegrityError(
            f"case {row.number} has no events", remedy="run egov verify --config FILE", case=row.case_id
        )
    recorded = [decode_event(one.stream, one.position, one.payload) for one in stored[:2]]
    subject = getattr(recorded[0].event, "subject", "")
    taken = next((one.event for one in recorded if isinstance(one.event, TakenOver)), None)
    return taken, subject
