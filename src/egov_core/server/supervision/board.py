"""The supervision board 监察看板: broken plugins, a few figures, the red list, the yellow list, a row per department.

Rules of this room: every figure is a link to the list that it counts. Only standing cards of running timers are called
urgent; what is in the ledger is history. No personal value, no ranking.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs
from starlette.requests import Request
from starlette.responses import Response

from egov_core.domain.cards.thresholds import is_after_due
from egov_core.domain.organisation import Organisation, OrganKind
from egov_core.errors import UnknownError
from egov_core.hooks import spec
from egov_core.hooks.spec import HookKind
from egov_core.ports.queries import Board, BoardQuery, CardPage, Figures
from egov_core.ports.storage import CardRow
from egov_core.server.desk import Desk, read
from egov_core.server.pages import Pages
from egov_core.server.supervision.filters import CardFilter, CaseFilter, structure_day, structure_of

SHOWN = 10
URGENT = ("red", "yellow")


@attrs.frozen(kw_only=True)
class Figure:
    """A number and the list that opens it. `kind`: what it counts, for words and looks."""

    kind: str
    level: str
    value: int
    address: str


@attrs.frozen(kw_only=True)
class BoardRow:
    """The figures of one organ."""

    organ: str
    figures: tuple[Figure, ...]
    is_unit: bool = False


@attrs.frozen(kw_only=True)
class UrgentList:
    """The first standing cards of one level; `when`: on which side of the limit they were issued (`side_of_limit`)."""

    level: str
    page: CardPage
    address: str
    when: str


LAST = (1_000_000,)
"""The place of an organ that is not in the tree."""


def places(organisation: Organisation) -> dict[str, tuple[int, ...]]:
    """The place of each organ in the register; an internal unit comes right after the organ it belongs to."""
    order = {code: number for number, code in enumerate(organisation.organs)}

    def place(code: str) -> tuple[int, ...]:
        organ = organisation.organs[code]
        if organ.kind is not OrganKind.UNIT or organ.parent is None:
            return (order[code],)
        return (*place(organ.parent), order[code])

    return {code: place(code) for code in order}


def reforms_of(organisation: Organisation) -> tuple[date, ...]:
    """The days on which the structure changed, the latest first: what a reader may want to read by."""
    return tuple(sorted({one.effective for one in organisation.successions}, reverse=True))


def levels_of(board: Board, desk: Desk) -> tuple[str, ...]:
    """The levels in use, gravest first: those of the office's policy, and any other that a card bears."""
    ordered = desk.policy("").levels
    seen = {*board.total.running, *board.total.ledger}
    return (*reversed(ordered), *sorted(seen - set(ordered)))


def case_figures(figures: Figures, structure: date | None = None) -> tuple[Figure, ...]:
    """Cases by where the whole stands."""
    values = {"open": figures.open, "with-upper": figures.with_upper, "closed": figures.closed}
    return tuple(
        Figure(
            kind=whole,
            level="",
            value=value,
            address=CaseFilter(whole=whole, organ=figures.organ, structure=structure).address(),
        )
        for whole, value in values.items()
    )


def card_figures(
    figures: Figures, levels: tuple[str, ...], scope: str, structure: date | None = None
) -> tuple[Figure, ...]:
    """Cards of a scope by level."""
    values = figures.running if scope == "running" else figures.ledger
    return tuple(
        Figure(
            kind=scope,
            level=level,
            value=values.get(level, 0),
            address=CardFilter(level=level, organ=figures.organ, scope=scope, structure=structure).address(),
        )
        for level in levels
    )


def ledger_figure(figures: Figures, structure: date | None = None) -> Figure:
    """All cards of the ledger."""
    return Figure(
        kind="ledger",
        level="",
        value=sum(figures.ledger.values()),
        address=CardFilter(organ=figures.organ, scope="ledger", structure=structure).address(),
    )


def side_of_limit(desk: Desk, cards: Iterable[CardRow]) -> str:
    """Whether cards were issued `before` the end of their limit or `after` it, by their own rules; else `either`.

    A level says nothing of this: a yellow card is a warning in one place, and a day too many in another.
    """
    sides = set()
    for card in cards:
        try:
            rules = desk.policy(card.policy).rules
        except UnknownError:
            rules = ()  # a policy that the office knows no more: its cards stand, and nothing is said of them
        found = {is_after_due(rule.when) for rule in rules if rule.code == card.rule}
        sides |= {"after" if after else "before" for after in found} or {"either"}
    return sides.pop() if len(sides) == 1 else "either"


def _kind_of(hook: str) -> HookKind:
    """What kind a hook is; the method of what a plugin offered may stand behind it, after a point."""
    return spec.KINDS.get(hook.partition(".")[0], HookKind.LEGAL)


@attrs.frozen
class BoardPage:
    """The handler of the board."""

    pages: Pages

    async def __call__(self, request: Request) -> Response:
        """Show the board."""
        desk = self.pages.desk
        words = self.pages.words(request)
        day = structure_day(request.query_params)
        board: Board = await read(desk, BoardQuery(area=desk.area, structure=structure_of(desk, day)))
        levels = levels_of(board, desk)
        urgent = []
        for level in (level for level in levels if level in URGENT):
            chosen = CardFilter(level=level, structure=day)
            page: CardPage = await read(desk, chosen.query(desk, SHOWN))
            when = side_of_limit(desk, (line.card for line in page.lines))
            urgent.append(UrgentList(level=level, page=page, address=chosen.address(), when=when))
        place = places(desk.organisation)
        rows = sorted(board.organs, key=lambda row: (place.get(row.organ, LAST), row.organ))
        return self.pages.page(
            request,
            "board.html",
            title=words("board.title"),
            tiles=(
                *card_figures(board.total, levels, "running", day),
                *case_figures(board.total, day),
                ledger_figure(board.total, day),
            ),
            urgent=urgent,
            levels=levels,
            rows=[attrs.evolve(self._row(row, levels, day), is_unit=len(place.get(row.organ, ())) > 1) for row in rows],
            total=self._row(board.total, levels, day),
            structure=day,
            reforms=reforms_of(desk.organisation),
            quarantined=[(state, _kind_of(state.hook)) for state in desk.quarantined()],
            as_of=desk.now(),
            written_at=board.written_at,
        )

    @staticmethod
    def _row(figures: Figures, levels: tuple[str, ...], day: date | None) -> BoardRow:
        return BoardRow(
            organ=figures.organ,
            figures=(
                *case_figures(figures, day),
                *card_figures(figures, levels, "running", day),
                *card_figures(figures, levels, "ledger", day),
            ),
        )
