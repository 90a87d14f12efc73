"""The lists that open figures: cards, and cases.

Rules of this room: a list says in words what it shows, how many there are in all, and on which page one is; the filter
is a form without a script.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import attrs
from starlette.requests import Request
from starlette.responses import Response

from egov_core.ports.queries import Board, BoardQuery, CardPage, CasePage, Figures
from egov_core.server.desk import Desk, read
from egov_core.server.pages import Pages
from egov_core.server.phrases import Phrases
from egov_core.server.supervision.board import LAST, levels_of, places
from egov_core.server.supervision.filters import (
    CARDS_PATH,
    CASES_PATH,
    SCOPES,
    WHOLES,
    CardFilter,
    CaseFilter,
    card_filter,
    case_filter,
    refuse_unknown,
    structure_of,
)


@attrs.frozen(kw_only=True)
class Pager:
    """Where one is among the pages, and the ways on."""

    page: int
    pages: int
    before: str | None
    after: str | None
    first: str


def pager(chosen: CardFilter | CaseFilter, total: int, size: int) -> Pager:
    """The pager of a list."""
    pages = max(1, math.ceil(total / size))
    return Pager(
        page=chosen.page,
        pages=pages,
        before=chosen.turned_to(min(chosen.page - 1, pages)).address() if chosen.page > 1 else None,
        after=chosen.turned_to(chosen.page + 1).address() if chosen.page < pages else None,
        first=chosen.turned_to(1).address(),
    )


@attrs.frozen
class CardsPage:
    """The handler of the list of cards."""

    pages: Pages

    async def __call__(self, request: Request) -> Response:
        """Show a page of cards."""
        desk, chosen = self.pages.desk, card_filter(request.query_params)

        def choices(board: Board) -> dict[str, Any]:
            return {"levels": levels_of(board, desk), "scopes": SCOPES, "organs": _organs(board.organs, desk)}

        return await _list(self.pages, request, "cards.html", CARDS_PATH, chosen, choices)


@attrs.frozen
class CasesPage:
    """The handler of the list of cases."""

    pages: Pages

    async def __call__(self, request: Request) -> Response:
        """Show a page of cases."""
        desk, chosen = self.pages.desk, case_filter(request.query_params)

        def choices(board: Board) -> dict[str, Any]:
            busy = (row for row in board.organs if row.open + row.with_upper + row.closed)
            return {"wholes": WHOLES, "organs": _organs(busy, desk)}

        return await _list(self.pages, request, "cases.html", CASES_PATH, chosen, choices)


async def _list(
    pages: Pages,
    request: Request,
    template: str,
    path: str,
    chosen: CardFilter | CaseFilter,
    choices: Callable[[Board], dict[str, Any]],
) -> Response:
    """A page of a list, with what its filter offers: that is told by the board."""
    desk, phrases = pages.desk, pages.phrases(request)
    found: CardPage | CasePage = await read(desk, chosen.query(desk))
    refuse_unknown(chosen, found.total, desk)
    board: Board = await read(desk, BoardQuery(area=desk.area, structure=structure_of(desk, chosen.structure)))
    heading = _heading(chosen, phrases)
    return pages.page(
        request,
        template,
        title=heading if chosen.page == 1 else phrases.words("list.titled_page", title=heading, page=chosen.page),
        heading=heading,
        chosen=chosen,
        found=found,
        pager=pager(chosen, found.total, found.size),
        path_of_list=path,
        as_of=desk.now(),
        **choices(board),
    )


def _organs(rows: Iterable[Figures], desk: Desk) -> list[str]:
    """The organs one can choose, in the order of the register."""
    place = places(desk.organisation)
    return sorted((row.organ for row in rows), key=lambda organ: (place.get(organ, LAST), organ))


def _heading(chosen: CardFilter | CaseFilter, phrases: Phrases) -> str:
    """What a list shows, in words."""
    words = phrases.words
    if isinstance(chosen, CardFilter):
        level = phrases.level(chosen.level) if chosen.level else words("list.all_levels")
        parts = [words(f"scope.{chosen.scope}", level=level)]
    else:
        parts = [words(f"cases.{chosen.whole or 'all'}")]
    if chosen.organ:
        parts.append(phrases.organ(chosen.organ))
    if chosen.structure is not None:
        parts.append(words("structure.by_day", day=chosen.structure.isoformat()))
    return words("list.joint").join(parts)
