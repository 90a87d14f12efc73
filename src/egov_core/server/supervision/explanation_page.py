"""The explanation as a page to print: from the server, or as one file that needs nothing else.

Rules of this room: no script, nothing from outside, Chinese. A file carries its style in itself; the served page names
the same style by its address, because the server's policy allows no style inside a page.
"""

from __future__ import annotations

import attrs
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from egov_core.server.desk import Desk
from egov_core.server.pages import Pages
from egov_core.server.supervision.case_page import find_case
from egov_core.server.supervision.explanation import explanation
from egov_core.server.supervision.reading import CaseReading, read_case
from egov_core.server.words import HTML_LANG, words_of

TEMPLATE = "explanation.html"
STYLE = "print.css"
ICON = "icon.svg"


def explanation_page(desk: Desk, reading: CaseReading) -> str:
    """One HTML file that can be kept, sent and printed by itself."""
    return _render(Pages(desk, demo=desk.demo), reading, served=False)


@attrs.frozen
class ExplanationPageHandler:
    """The handler of the page to print."""

    pages: Pages

    async def __call__(self, request: Request) -> Response:
        """Show the explanation of a case."""
        file = await find_case(self.pages, request.path_params["case_id"])
        reading = read_case(self.pages.desk, file, self.pages.desk.now())
        body = _render(self.pages, reading, served=True)
        return HTMLResponse(body, headers={"Content-Language": HTML_LANG["zh"]})


def _render(pages: Pages, reading: CaseReading, *, served: bool) -> str:
    style, icon = pages.files[STYLE], pages.files[ICON]
    return pages.render(
        TEMPLATE,
        w=words_of("zh"),
        lang=HTML_LANG["zh"],
        told=explanation(pages.desk, reading),
        style="" if served else style.body.decode("utf-8"),
        style_address=f"/static/{style.name}" if served else "",
        icon_address=f"/static/{icon.name}" if served else "",
    )
