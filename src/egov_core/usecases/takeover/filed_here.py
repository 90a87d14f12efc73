"""Cases that were filed here and come back in a file, under their own number or another.

Rules of this room: reading only. A query code was drawn here for one case and nobody else's, so a case of the file with
the code, the receipt and the applicant of one of ours is that case, whatever its number says. Without the code, item,
applicant and day of receipt tell it: with our number, also behind a prefix, it is the case; under another number it may
be a second application of the same day, and whoever knows both is asked. Cases that were taken over are not looked at:
an earlier system may give one code to several cases, and tells them apart by their numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

import attrs

from egov_core.domain.cases.old_cases import OldCase
from egov_core.domain.cells import CellFault
from egov_core.ports.storage import CaseRow
from egov_core.usecases.cases.applications import SubjectFile, query_digest
from egov_core.usecases.foundation.every_case import every_case
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode, decode_case


class FiledHere:
    """The cases filed here by their day of receipt: every case is looked at once, and only where a file has any."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._received: dict[date, list[_Filed]] | None = None

    def fault(self, old: OldCase) -> CellFault | None:
        """That a case of a file is one of those here, for certain or perhaps; None where it is none of them."""
        perhaps: CellFault | None = None
        for one in self._on(old.received):
            by_code = _has_code(self._services, one, old)
            if by_code or one.item == old.item:
                stored = self._services.storage.case(self._services.area, one.case_id)
                found = None if stored is None else told_of(self._services, stored, old)
                if found is not None and found.is_error:
                    return found
                perhaps = perhaps or found
        return perhaps

    def _on(self, at: datetime) -> Sequence[_Filed]:
        if self._received is None:
            found: defaultdict[date, list[_Filed]] = defaultdict(list)
            for row in every_case(self._services):
                filed = _Filed(row.case_id, row.number, row.item, row.query_digest)
                found[row.received_at.astimezone(at.tzinfo).date()].append(filed)
            self._received = dict(found)
        return self._received.get(at.date(), ())


@attrs.frozen
class _Filed:
    case_id: str
    number: str
    item: str
    query_digest: str


def told_of(services: Services, row: CaseRow, old: OldCase) -> CellFault | None:
    """What is to be said of a case of a file beside a case here; None where they are two, or ours was taken over.

    Of an applicant who was forgotten nothing is left to compare with: code and receipt must do then.
    """
    case = decode_case(row.data)
    if case.takeover is not None:
        return None
    kept = services.storage.subject(services.area, case.subject)
    if kept is not None:
        ours = decode(kept.data, SubjectFile).applicant
        if ours.id_number != old.applicant.id_number:  # a name is written one way here and another way there
            return None
    if row.received_at == old.received and _has_code(services, row, old):
        return _already_here(old, row.number, "query code, applicant and receipt are the same")
    day = row.received_at.astimezone(old.received.tzinfo).date()
    if kept is None or old.item not in (row.item, row.item_name) or day != old.received.date():
        return None
    if old.number.endswith(row.number):  # by itself, or behind the prefix that tells old numbers from ours
        return _already_here(old, row.number, "number, item, applicant and day of receipt are the same")
    return old.cell("number").warning(
        "perhaps-here",
        f"case {row.number}, which was filed here, has the same item, applicant and day of receipt",
        "take it out of the file if it is that case; leave it where the applicant filed twice on that day",
    )


def _has_code(services: Services, one: CaseRow | _Filed, old: OldCase) -> bool:
    return bool(old.query_code) and one.query_digest == query_digest(services.area, one.number, old.query_code)


def _already_here(old: OldCase, number: str, why: str) -> CellFault:
    return old.cell("number").error(
        "already-here",
        f"this is case {number}, which was filed here: {why}",
        "take it out of the file; under another number it would be the same case twice",
    )
