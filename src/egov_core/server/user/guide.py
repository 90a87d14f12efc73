"""The guide of an item 办事指南: what a visitor reads before applying, in one fixed order.

Rules of this room: it shows the version in force and says plainly when the item takes no applications, since when, why,
and what took its place. A section that the guide leaves empty says so; none is left out, so that every guide is read in
the same way.
"""

from __future__ import annotations

import re
from datetime import date

import attrs
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from egov_core.domain.catalogue import Catalogue, ItemState, ItemVersion, StandingChange
from egov_core.domain.catalogue.standing import standing_on
from egov_core.server.pages import Pages

PATH = "/items/{code}"
CODE = re.compile(r"[\w.:-]{1,64}")
SECTIONS = (
    "basics",
    "conditions",
    "materials",
    "flow",
    "limits",
    "fees",
    "basis",
    "place",
    "result",
    "contact",
    "questions",
)
"""The sections of every guide, in the order in which inspectors and applicants look for them."""


@attrs.frozen(kw_only=True)
class ItemPage:
    """What the page shows: the version, how the item stands, and what took its place."""

    item: ItemVersion
    change: StandingChange | None
    successors: tuple[ItemVersion, ...]

    @property
    def closed(self) -> StandingChange | None:
        """Why no applications are taken; None where they are."""
        change = self.change
        return None if change is None or change.state is ItemState.IN_USE else change


def item_page(catalogue: Catalogue, code: str, day: date) -> ItemPage | None:
    """What is shown of an item on a day: the version in force, else the last one; None where there is no such item."""
    versions = catalogue.items.get(code)
    if not versions:
        return None
    item = catalogue.in_force(code, day) or versions[-1]
    new = [catalogue.items[one][-1] for one in catalogue.successors(code, day) if one in catalogue.items]
    return ItemPage(item=item, change=standing_on(catalogue.standings.get(code, ()), day), successors=tuple(new))


@attrs.frozen
class GuidePage:
    """The handler of the page of an item."""

    pages: Pages

    async def __call__(self, request: Request) -> Response:
        """Show the guide of an item."""
        desk, code = self.pages.desk, request.path_params["code"]
        today = desk.now().date()
        found = item_page(desk.catalogue, code, today) if CODE.fullmatch(code) else None
        if found is None:
            raise HTTPException(404)
        return self.pages.page(
            request,
            "guide.html",
            title=found.item.full_name,
            page=found,
            item=found.item,
            guide=found.item.guide,
            sections=SECTIONS,
            takes=found.closed is None and found.item.in_force_on(today),
        )
