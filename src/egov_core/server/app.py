"""The application: routes, limits, headers, errors.

Rules of this room: it puts the rooms together and decides nothing. The application reads and changes nothing, but for
one thing: in a demonstration, and only there, an invented application can be filed.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from egov_core.errors import OfficeError
from egov_core.server.api.campaigns import CampaignsApi
from egov_core.server.api.items import ItemsApi
from egov_core.server.api.reads import Api
from egov_core.server.desk import Desk, FilingDesk
from egov_core.server.headers import SecurityHeaders
from egov_core.server.limits import BodyLimit, RateLimit
from egov_core.server.pages import Pages
from egov_core.server.problems import Problems
from egov_core.server.supervision.board import BoardPage
from egov_core.server.supervision.campaigns import (
    CAMPAIGNS_PATH,
    ENROLMENT_PATH,
    CampaignsPage,
    CampaignUnitsPage,
    EnrolmentPage,
)
from egov_core.server.supervision.case_page import CasePageHandler
from egov_core.server.supervision.explanation_page import ExplanationPageHandler
from egov_core.server.supervision.filters import CARDS_PATH, CASES_PATH
from egov_core.server.supervision.lists import CardsPage, CasesPage
from egov_core.server.user.filing import Filing
from egov_core.server.user.guide import PATH as GUIDE_PATH
from egov_core.server.user.guide import GuidePage
from egov_core.server.user.progress import ProgressPage
from egov_core.server.user.search import ITEMS_PATH, SearchPage

SEARCHES = 300
"""Searches that one address may make in a minute: a service hall behind one address, and no crawler."""
FILINGS = 120
"""Applications that one address may file in a minute: enough for whoever tries out a rule."""


def create_app(
    office: Desk, *, demo: bool = False, rate: RateLimit | None = None, window: FilingDesk | None = None
) -> Starlette:
    """The application over an open office. Its `state.pages` is where another desk can take the office's place.

    `demo` puts the banner of invented data on every page, as does an office that says so itself. `rate` limits the
    public progress query (thirty a minute from one address). `window` is the office of a demonstration once more, to
    let applications be filed. Raises OfficeError for one that is none.
    """
    if window is not None and not window.demo:
        raise OfficeError(
            "applications are filed from these pages in a demonstration only",
            remedy="leave `window` out, or set [county] demo = true for an invented county",
        )
    pages = Pages(office, demo=demo or office.demo, theme=office.theme, window=window)
    rate = rate or RateLimit()
    api, asked, campaigns = Api(pages, rate), RateLimit(SEARCHES), CampaignsApi(pages)

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
        CAMPAIGNS_PATH: CampaignsPage(pages).__call__,
        f"{CAMPAIGNS_PATH}/{{code}}": CampaignUnitsPage(pages).__call__,
        ENROLMENT_PATH: EnrolmentPage(pages).__call__,
        "/cases/{case_id}": CasePageHandler(pages).__call__,
        "/cases/{case_id}/ledger": ExplanationPageHandler(pages).__call__,
        GUIDE_PATH: GuidePage(pages).__call__,
        "/static/{name}": static,
        "/health": api.health,
        "/api/board": api.board,
        "/api/cards": api.cards,
        "/api/cases": api.cases,
        "/api/cases/{case_id}": api.case,
        ITEMS_PATH: SearchPage(pages, asked).__call__,
        "/api/items": ItemsApi(pages, asked).__call__,
        "/api/campaigns": campaigns.campaigns,
        "/api/campaigns/{code}": campaigns.campaign,
        "/api/enrolment": campaigns.enrolment,
    }
    routes = [
        *(Route(path, handler, methods=["GET"]) for path, handler in handlers.items()),
        Route("/progress", ProgressPage(pages, rate).__call__, methods=["GET", "POST"]),
        Route("/api/progress", api.progress, methods=["POST"]),
    ]
    if window is not None:
        filing = Filing(pages, RateLimit(FILINGS))
        routes += [
            Route("/demo/apply", filing.page, methods=["GET", "POST"]),
            Route("/api/demo/applications", filing.api, methods=["POST"]),
        ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(SecurityHeaders), Middleware(BodyLimit)],
        exception_handlers=Problems(pages).handlers(),
    )
    app.state.pages = pages
    return app
