"""The page of a case: steps, facts, timers with their ledgers, cards and why each, the timeline, what was sent up."""

from __future__ import annotations

import re

import attrs
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from egov_core.domain.cases.events import Submitted
from egov_core.ports.queries import CaseFile, CaseFileQuery
from egov_core.server.desk import read
from egov_core.server.pages import Pages
from egov_core.server.supervision.reading import read_case

CASE_ID = re.compile(r"[\w.:-]{1,64}")


async def find_case(pages: Pages, case_id: str) -> CaseFile:
    """The file of a case. Raises HTTPException 404."""
    found: CaseFile | None = None
    if CASE_ID.fullmatch(case_id):
        found = await read(pages.desk, CaseFileQuery(area=pages.desk.area, case_id=case_id))
    if found is None:
        raise HTTPException(404)
    return found


@attrs.frozen
class CasePageHandler:
    """The handler of the page of a case."""

    pages: Pages

    async def __call__(self, request: Request) -> Response:
        """Show a case."""
        words = self.pages.words(request)
        file = await find_case(self.pages, request.path_params["case_id"])
        reading = read_case(self.pages.desk, file, self.pages.desk.now())
        submitted = reading.events[0].event
        return self.pages.page(
            request,
            "case.html",
            title=words("case.title", number=file.row.number),
            r=reading,
            row=file.row,
            case=reading.case,
            materials=submitted.materials if isinstance(submitted, Submitted) else (),
            channel=submitted.channel if isinstance(submitted, Submitted) else "",
            as_of=reading.now,
        )
