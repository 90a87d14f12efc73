"""The search for items as JSON: `GET /api/items?q=…&limit=…`.

Rules of this room: the same query as the page, the same refusals; a hit says by which words and synonyms it was found.
"""

from __future__ import annotations

from typing import Any

import attrs
from starlette.requests import Request
from starlette.responses import Response

from egov_core.ports.queries import ItemsFound
from egov_core.server.api.asked import asked
from egov_core.server.api.reads import frame
from egov_core.server.desk import read
from egov_core.server.limits import RateLimit
from egov_core.server.pages import Pages
from egov_core.server.problems import json_response
from egov_core.server.user.search import SHOWN, search_query


@attrs.frozen
class ItemsApi:
    """The handler for programs."""

    pages: Pages
    rate: RateLimit

    async def __call__(self, request: Request) -> Response:
        """The items that answer `q`, the best first; where there are none, the nearest."""
        self.rate.check(request)
        query = asked(request, ("q", "limit"), lambda params: search_query(self.pages.desk, params, SHOWN))
        found: ItemsFound = await read(self.pages.desk, query)
        shown: dict[str, Any] = {**frame(self.pages), "q": query.text, **found.as_dict()}
        return json_response(shown)
