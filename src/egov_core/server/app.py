"""The application: routes, limits, headers, errors.

Rules of this room: it puts the rooms together and decides nothing. The application reads; it changes nothing.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from egov_core.server.api.reads import Api
from egov_core.server.desk import Desk
from egov_core.server.headers import SecurityHeaders
from egov_core.server.limits import BodyLimit, RateLimit
from egov_core.server.pages import Pages
from egov_core.server.problems import Problems
from egov_core.server.supervision.board import BoardPage
from egov_core.server.supervision.case_page import CasePageHandler
from egov_core.server.supervision.explanation_page import ExplanationPageHandler
from egov_core.server.supervision.filters import CARDS_PATH, CASES_PATH
from egov_core.server.supervision.lists import CardsPage, CasesPage
from egov_core.server.user.progress import ProgressPage


def create_app(office: Desk, *, demo: bool = False, rate: RateLimit | None = None) -> Starlette:
    """The application over an open office.

    `demo` puts the banner of invented data on every page, as does an office that says so itself. `rate` limits the
    public progress query (thirty a minute from one address).
    """
    pages = Pages(office, demo=demo or office.demo, theme=office.theme)
    rate = rate or RateLimit()
    api = Api(pages, rate)

    async def static(request: Request) -> Response:
        found = await pages.static(request)
        if found is None:
            raise HTTPException(404)
        return found

    handlers = {
        "/": BoardPage(pages).__call__,
        "/supervision": BoardPage(pages).__call__,
        CARDS_PATH: CardsPage(pages).__call__,
        CASES_PATH: CasesPage(pages).__call__,
        "/cases/{case_id}": CasePageHandler(pages).__call__,
        "/cases/{case_id}/ledger": ExplanationPageHandler(pages).__call__,
        "/static/{name}": static,
        "/health": api.health,
        "/api/board": api.board,
        "/api/cards": api.cards,
        "/api/cases": api.cases,
        "/api/cases/{case_id}": api.case,
    }
    return Starlette(
        routes=[
            *(Route(path, handler, methods=["GET"]) for path, handler in handlers.items()),
            Route("/progress", ProgressPage(pages, rate).__call__, methods=["GET", "POST"]),
            Route("/api/progress", api.progress, methods=["POST"]),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(BodyLimit)],
        exception_handlers=Problems(pages).handlers(),
    )
