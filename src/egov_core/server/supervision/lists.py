"""The lists that open figures: cards, and cases.

Rules of this room: a list says in words what it shows, how many there are in all, and on which page one is; the filter
is a form without a script.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

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
        desk, phrases = self.pages.desk, self.pages.phrases(request)
        chosen = card_filter(request.query_params)
        found: CardPage = await read(desk, chosen.query(desk))
        refuse_unknown(chosen, found.total, desk)
        board: Board = await read(desk, BoardQuery(area=desk.area, structure=structure_of(desk, chosen.structure)))
        title = _card_words(chosen, phrases)
        return self.pages.page(
            request,
            "cards.html",
            title=_paged(title, chosen.page, phrases),
            heading=title,
            chosen=chosen,
            found=found,
            pager=pager(chosen, found.total, found.size),
            path_of_list=CARDS_PATH,
            levels=levels_of(board, desk),
            scopes=SCOPES,
            organs=_organs(board.organs, desk),
            as_of=desk.now(),
        )


@attrs.frozen
class CasesPage:
    """The handler of the list of cases."""

    pages: Pages

    async def __call__(self, request: Request) -> Response:
        """Show a page of cases."""
        desk, phrases = self.pages.desk, self.pages.phrases(request)
        chosen = case_filter(request.query_params)
        found: CasePage = await read(desk, chosen.query(desk))
        refuse_unknown(chosen, found.total, desk)
        board: Board = await read(desk, BoardQuery(area=desk.area, structure=structure_of(desk, chosen.structure)))
        title = _case_words(chosen, phrases)
        return self.pages.page(
            request,
            "cases.html",
            title=_paged(title, chosen.page, phrases),
            heading=title,
            chosen=chosen,
            found=found,
            pager=pager(chosen, found.total, found.size),
            path_of_list=CASES_PATH,
            wholes=WHOLES,
            organs=_organs((row for row in board.organs if row.open + row.with_upper + row.closed), desk),
            as_of=desk.now(),
        )


def _organs(rows: Iterable[Figures], desk: Desk) -> list[str]:
    """The organs one can choose, in the order of the register."""
    place = places(desk.organisation)
    return sorted((row.organ for row in rows), key=lambda organ: (place.get(organ, LAST), organ))


def _card_words(chosen: CardFilter, phrases: Phrases) -> str:
    words = phrases.words
    level = phrases.level(chosen.level) if chosen.level else words("list.all_levels")
    parts = [words(f"scope.{chosen.scope}", level=level)]
    if chosen.organ:
        parts.append(phrases.organ(chosen.organ))
    if chosen.structure is not None:
        parts.append(words("structure.by_day", day=chosen.structure.isoformat()))
    return words("list.joint").join(parts)


def _case_words(chosen: CaseFilter, phrases: Phrases) -> str:
    words = phrases.words
    parts = [words(f"cases.{chosen.whole or 'all'}")]
    if chosen.organ:
        parts.append(phrases.organ(chosen.organ))
    if chosen.structure is not None:
        parts.append(words("structure.by_day", day=chosen.structure.isoformat()))
    return words("list.joint").join(parts)


def _paged(title: str, page: int, phrases: Phrases) -> str:
    return title if page == 1 else phrases.words("list.titled_page", title=title, page=page)
