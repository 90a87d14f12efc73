"""What pages, reports and the API ask: the read contract, separate from writing.

Rules of this room: a query is a value, its answer is a value; answers hold no personal values; every number of an
answer can be opened by another query here, and then counts the same. A backend declares which queries it answers.

Q1  The figures of a `BoardQuery` equal the totals of the `CardsQuery` and `CasesQuery` that open them; the rows of the
    organs add up to the total.
Q2  Lists are complete and stable: every row appears on exactly one page while nothing is written.
    So it is by every structure: `structure` maps the organ of each case and card, and nothing is lost or counted twice.
Q3  `ProgressQuery` answers only when number and query code belong together; otherwise None, whichever was wrong.
Q4  `SearchItems` finds what was committed before, in the version in force on the day, of the area, and nothing else;
    at most `limit`, each item once, the best answer first, and the same ones in the same order each time. A text
    without a word finds nothing. On the days on which an item is suspended its hit says so; once it is withdrawn, it is
    neither found nor near.
Q5  Whatever is found says why: where in the item, by which words that stand there, and by which synonyms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

import attrs

from egov_core.domain.catalogue.guide import with_subitem
from egov_core.domain.organisation import Organisation
from egov_core.domain.search.question import Widening
from egov_core.domain.search.ranking import Found, Ranked, in_order
from egov_core.domain.search.synonyms import NO_SYNONYMS, Synonyms
from egov_core.ports.storage import CardRow, CaseRow, OutboxRow, StoredEvent, TimerRow


@attrs.frozen(kw_only=True)
class Structure:
    """By which structure organs are read: as of `day`, by the successions known, and not as of each case's own time.

    A case has the organ of the day it was received, a card that of its own day; `Organisation.as_of` says which organ
    of `day` stands for it.
    """

    day: date
    organisation: Organisation


@attrs.frozen(kw_only=True)
class BoardQuery:
    """The supervision board of an area, by the organs of each case's time or by a structure."""

    area: str
    structure: Structure | None = None


@attrs.frozen(kw_only=True)
class CardsQuery:
    """Cards by level and organ.

    `scope`: `running` = standing cards of timers that still run, where no graver card
    stands on the same timer; `ledger` = every card not revoked; `revoked` = the revoked ones.
    """

    area: str
    level: str | None = None
    organ: str | None = None
    scope: str = "running"
    page: int = 1
    size: int = 50
    structure: Structure | None = None


@attrs.frozen(kw_only=True)
class CasesQuery:
    """Cases by where the whole stands (`open`, `with-upper`, `closed`, None: all) and organ, latest received first."""

    area: str
    whole: str | None = None
    organ: str | None = None
    page: int = 1
    size: int = 50
    structure: Structure | None = None


@attrs.frozen(kw_only=True)
class CaseFileQuery:
    """Everything recorded about one case."""

    area: str
    case_id: str


@attrs.frozen(kw_only=True)
class ProgressQuery:
    """Public progress of one case; `query_digest` is the digest of number and query code."""

    area: str
    number: str
    query_digest: str


@attrs.frozen(kw_only=True)
class SearchItems:
    """The items in force on a day that answer what somebody typed, the best first.

    `synonyms`: what people say for what the catalogue says, as the place has it.
    """

    area: str
    text: str
    day: date
    limit: int = 20
    synonyms: Synonyms = attrs.field(default=NO_SYNONYMS, repr=False)


Query = BoardQuery | CardsQuery | CasesQuery | CaseFileQuery | ProgressQuery | SearchItems


@attrs.frozen(kw_only=True)
class Figures:
    """The figures of one organ (or, with an empty `organ`, of the area), each opened by a query of the same name.

    `open`, `with_upper`, `closed` count cases; `running` and `ledger` count cards of that scope, by level.
    """

    organ: str
    open: int
    with_upper: int
    closed: int
    running: dict[str, int]
    ledger: dict[str, int]


@attrs.frozen(kw_only=True)
class Board:
    """The answer to `BoardQuery`: totals, and one row per organ that has cases or cards, by organ code.

    An internal unit that earned a card for a step it held has a row of its own.
    """

    total: Figures
    organs: tuple[Figures, ...]
    written_at: datetime | None


@attrs.frozen(kw_only=True)
class CardLine:
    """A card in a list, with what is needed to name its case.

    `due_now` is when the card's timer is due now: later than at the card's time after a pause or an extension, None
    while the timer is paused; `provisional_now` whether that date is only provisional. `case_organ` is the organ of the
    case, `item` its item and `received` its day: where the card stands against another organ, these say why.
    """

    card: CardRow
    number: str
    item_name: str
    state: str
    due_now: datetime | None = None
    provisional_now: bool = False
    case_organ: str = ""
    item: str = ""
    received: date = date.min


@attrs.frozen(kw_only=True)
class CardPage:
    """A page of cards: gravest delay first (oldest `at`), `total` over all pages."""

    lines: tuple[CardLine, ...]
    total: int
    page: int
    size: int


@attrs.frozen(kw_only=True)
class CasePage:
    """A page of cases with their running `case` timers (by case id)."""

    rows: tuple[CaseRow, ...]
    timers: dict[str, TimerRow]
    total: int
    page: int
    size: int


@attrs.frozen(kw_only=True)
class CaseFile:
    """The answer to `CaseFileQuery`."""

    row: CaseRow
    events: tuple[StoredEvent, ...]
    timers: tuple[TimerRow, ...]
    cards: tuple[CardRow, ...]
    outbox: tuple[OutboxRow, ...]


@attrs.frozen(kw_only=True)
class ItemHit:
    """An item that was found, and why.

    `found`: the texts of the item with the words of the question in them; `by`: the synonyms it was found by, empty
    where by the words typed; `corrected`: a word of the item differs from the one typed in a character; `suspended`:
    the item takes no applications on the day.
    """

    code: str
    version: int
    name: str
    organ: str
    organ_name: str
    found: tuple[Found, ...]
    by: tuple[Widening, ...] = ()
    corrected: bool = False
    suspended: bool = False
    subitem: str = ""

    @property
    def full_name(self) -> str:
        """The name with its sub-item, by which it is shown."""
        return with_subitem(self.name, self.subitem)

    @classmethod
    def of(cls, ranked: Ranked, organs: Mapping[str, str], suspended: Collection[str] = ()) -> ItemHit:
        """A ranked item; `organs` are the names of organs by their codes, `suspended` the codes of suspended items."""
        item = ranked.item
        return cls(
            code=item.code,
            version=item.version,
            name=item.name,
            subitem=item.guide.subitem,
            organ=item.organ,
            organ_name=organs.get(item.organ, item.organ),
            found=ranked.found,
            by=ranked.by,
            corrected=ranked.corrected,
            suspended=item.code in suspended,
        )

    def as_dict(self) -> dict[str, Any]:
        """What programs are told."""
        return {
            "code": self.code,
            "version": self.version,
            "name": self.name,
            "subitem": self.subitem,
            "organ": self.organ,
            "organ_name": self.organ_name,
            "found": [{"field": one.field.value, "text": one.text, "words": list(one.words)} for one in self.found],
            "synonyms": [attrs.asdict(one) for one in self.by],
            "corrected": self.corrected,
            "suspended": self.suspended,
        }


NEAREST = 5
"""Items told where none was found."""


@attrs.frozen(kw_only=True)
class ItemsFound:
    """The answer to `SearchItems`. Where there are no `hits`, `nearest` are items that answer a part of the text."""

    hits: tuple[ItemHit, ...] = ()
    nearest: tuple[ItemHit, ...] = ()

    @classmethod
    def of(
        cls, ranked: Iterable[Ranked], organs: Mapping[str, str], limit: int, suspended: Collection[str] = ()
    ) -> ItemsFound:
        """The best of the ranked items; where none of them is a hit, the nearest."""
        ordered = in_order(ranked)
        hits = [ItemHit.of(one, organs, suspended) for one in ordered if one.is_hit]
        nearest = [] if hits else [ItemHit.of(one, organs, suspended) for one in ordered[:NEAREST]]
        return cls(hits=tuple(hits[:limit]), nearest=tuple(nearest[:limit]))

    def as_dict(self) -> dict[str, Any]:
        """What programs are told."""
        return {name: [hit.as_dict() for hit in getattr(self, name)] for name in ("hits", "nearest")}


class Queries(Protocol):
    """The read side of a backend."""

    def answers(self) -> frozenset[type]:
        """The query types this backend answers."""

    def answer(self, query: Query) -> Any:
        """The answer: Board, CardPage, CasePage, CaseFile | None (also for ProgressQuery), ItemsFound."""
