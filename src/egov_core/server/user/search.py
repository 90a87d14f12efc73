"""Finding an item 找事项: what somebody types, and the items that answer it with the words found marked.

Rules of this room: an address is all there is, so that a result can be kept and sent on; it changes nothing. What was
found and why is the query's; here it becomes pieces of text, marked or not. A text without a word, or none, is no
fault: the page asks again.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from egov_core.domain.organisation import OrganKind
from egov_core.domain.search.question import Widening
from egov_core.domain.search.ranking import Field
from egov_core.domain.search.terms import LONGEST_TEXT, spans
from egov_core.errors import ClaimError, Fault
from egov_core.ports.queries import ItemHit, ItemsFound, SearchItems
from egov_core.server.desk import Desk, read
from egov_core.server.limits import RateLimit
from egov_core.server.pages import Pages, address

ITEMS_PATH = "/items"
SHOWN, MOST = 20, 100
"""Hits on a page, and those that a program may ask for."""


@attrs.frozen
class Piece:
    """A part of a text, marked where it is what was looked for."""

    text: str
    marked: bool = False


@attrs.frozen
class Shown:
    """A hit as the page shows it: its name in pieces, and the other texts it was found by, each by its field."""

    hit: ItemHit
    name: tuple[Piece, ...]
    others: tuple[tuple[str, tuple[Piece, ...]], ...]


@attrs.frozen
class SearchPage:
    """The handler of the page."""

    pages: Pages
    rate: RateLimit

    async def __call__(self, request: Request) -> Response:
        """The box, and below it what was found."""
        desk, words = self.pages.desk, self.pages.words(request)
        typed = request.query_params.get("q", "").strip()
        found = ItemsFound()
        if typed:
            self.rate.check(request)
            found = await read(desk, search_query(desk, request.query_params, SHOWN))
        heading = words("search.title")
        return self.pages.page(
            request,
            "items.html",
            title=words("search.title_of", typed=typed, title=heading) if typed else heading,
            heading=heading,
            typed=typed,
            longest=LONGEST_TEXT,
            hits=[shown(hit) for hit in found.hits],
            nearest=[shown(hit) for hit in found.nearest],
            full=len(found.hits) == SHOWN,
            by=synonyms_used(found.hits or found.nearest),
            departments=[] if found.hits else _departments(desk),
        )


def search_query(desk: Desk, params: QueryParams, usual: int) -> SearchItems:
    """The search of an address. Raises ClaimError naming every part that cannot be read."""
    faults: list[Fault] = []
    text, limit = params.get("q", "").strip(), params.get("limit", "") or str(usual)
    if not text:
        faults.append(Fault("?q", "required", "is missing: what is to be looked for"))
    elif len(text) > LONGEST_TEXT:
        faults.append(Fault("?q", "too-long", f"has more than {LONGEST_TEXT} characters"))
    if not (limit.isascii() and limit.isdigit() and len(limit) <= 3 and 1 <= int(limit) <= MOST):
        faults.append(Fault("?limit", "invalid", f"must be a whole number from 1 to {MOST}"))
    if faults:
        raise ClaimError(
            f"the address cannot be read: {'; '.join(f'{fault.path} {fault.message}' for fault in faults)}",
            faults=faults,
            remedy="correct the parts named",
        )
    return SearchItems(area=desk.area, text=text, day=desk.now().date(), limit=int(limit), synonyms=desk.synonyms)


def pieces(text: str, words: Iterable[str]) -> tuple[Piece, ...]:
    """A text in pieces, those with the words marked."""
    found: list[Piece] = []
    at = 0
    for start, end in spans(text, words):
        found += [Piece(text[at:start]), Piece(text[start:end], marked=True)]
        at = end
    return tuple(piece for piece in (*found, Piece(text[at:])) if piece.text)


def shown(hit: ItemHit) -> Shown:
    """A hit in pieces; the organ is named with every hit, and so no reason of its own."""
    of_name = [word for one in hit.found if one.field is Field.NAME for word in one.words]
    others = [one for one in hit.found if one.field not in (Field.NAME, Field.ORGAN)]
    return Shown(
        hit=hit,
        name=pieces(hit.full_name, of_name),
        others=tuple((one.field.value, pieces(one.text, one.words)) for one in others),
    )


def synonyms_used(hits: Iterable[ItemHit]) -> list[Widening]:
    """By which synonyms they were found, each once, that of the best hit first."""
    return list(dict.fromkeys(one for hit in hits for one in hit.by))


def _departments(desk: Desk) -> list[tuple[str, str]]:
    """The departments that have items today, by code, each with the address of a search for it."""
    today = desk.now().date()
    having = {one.organ for versions in desk.catalogue.items.values() for one in versions if one.in_force_on(today)}
    organs = [organ for code, organ in sorted(desk.organisation.organs.items()) if code in having]
    kinds = (OrganKind.DEPARTMENT, OrganKind.UNIT, OrganKind.TOWN)
    return [(organ.code, address(ITEMS_PATH, q=organ.name)) for organ in organs if organ.kind in kinds]
