"""Cases that were filed here and come back in a file, under their own number or another.

Rules of this room: reading only. A query code was drawn here for one case and nobody else's, so a case of the file with
the code, the receipt and the applicant of one of ours is that case, whatever its number says. Cases that were taken
over are not looked at: an earlier system may give one code to several cases, and tells them apart by their numbers.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import attrs

from egov_core.domain.cases.old_cases import OldCase
from egov_core.domain.cells import CellFault
from egov_core.ports.storage import CaseRow
from egov_core.usecases.cases.applications import SubjectFile, query_digest
from egov_core.usecases.foundation.every_case import every_case
from egov_core.usecases.foundation.services import Services
from egov_core.wire.codec import decode, decode_case


class FiledHere:
    """The cases filed here by their receipt: every case is looked at once, and only where a file gives a query code."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._received: dict[datetime, list[_Filed]] | None = None

    def same_as(self, old: OldCase) -> str | None:
        """The number of the case here that a case of a file is; None where it is none of them."""
        if not old.query_code:
            return None
        if self._received is None:
            found: defaultdict[datetime, list[_Filed]] = defaultdict(list)
            for row in every_case(self._services):
                found[row.received_at].append(_Filed(row.case_id, row.number, row.query_digest))
            self._received = dict(found)
        for one in self._received.get(old.received, ()):
            if one.digest == query_digest(self._services.area, one.number, old.query_code):
                stored = self._services.storage.case(self._services.area, one.case_id)
                if stored is not None and is_same(self._services, stored, old):
                    return one.number
        return None


@attrs.frozen
class _Filed:
    case_id: str
    number: str
    digest: str


def is_same(services: Services, row: CaseRow, old: OldCase) -> bool:
    """Whether a case of a file is this one, which was filed here; of who was forgotten, code and receipt must do."""
    if not old.query_code or row.query_digest != query_digest(services.area, row.number, old.query_code):
        return False
    case = decode_case(row.data)
    if case.takeover is not None or row.received_at != old.received:
        return False
    kept = services.storage.subject(services.area, case.subject)
    return kept is None or decode(kept.data, SubjectFile).applicant.id_number == old.applicant.id_number


def already_here(old: OldCase, number: str) -> CellFault:
    """The fault of a case of a file that is a case filed here, under this number."""
    return old.cell("number").error(
        "already-here",
        f"this is case {number}, which was filed here: query code, applicant and receipt are the same",
        "take it out of the file; under another number it would be the same case twice",
    )
