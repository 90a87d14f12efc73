"""The query contract can fail: the queries here are broken in one way each, and the kit must say so.

A mutant is the SQL read side over SQLite with one answer falsified.
"""

from __future__ import annotations

import atexit
import functools
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

from egov_core.domain.search.synonyms import NO_SYNONYMS
from egov_core.errors import EgovError
from egov_core.ports.queries import (
    BoardQuery,
    CardsQuery,
    CaseFileQuery,
    CasesQuery,
    ProgressQuery,
    Queries,
    Query,
    SearchItems,
)
from egov_core.ports.storage import Storage
from egov_core.storage.sql.queries import SqlQueries
from egov_core.storage.sql.sqlite import open_sqlite
from egov_core.storage.sql.storage import SqlStorage
from egov_core.testing.query_contract import QueryContract
from egov_core.testing.query_county import settle
from egov_core.testing.search_rows import DAY, WITHDRAWN
from egov_core.testing.storage_rows import AREA, ELSEWHERE
from tests.testing.bites import assert_caught, assert_whole


@functools.cache
def settled_county() -> Storage:
    """The county that the kit asks about; it is closed when the tests end."""
    folder = tempfile.TemporaryDirectory()
    storage = open_sqlite(Path(folder.name) / "county.db")
    atexit.register(folder.cleanup)
    atexit.register(storage.close)
    storage.write(settle)
    return storage


class WholeQueries:
    """Passes every question on."""

    def __init__(self, queries: Queries) -> None:
        self.queries = queries

    def answers(self) -> frozenset[type]:
        return self.queries.answers()

    def answer(self, query: Any) -> Any:
        return self.queries.answer(query)


class Whole(QueryContract):
    queries: type[WholeQueries] = WholeQueries

    def make_storage(self, folder: Path) -> Storage:
        return open_sqlite(folder / "county.db")

    @pytest.fixture
    def county(self) -> Storage:
        """One for all: it is only read, and to make it takes longest."""
        return settled_county()

    def make_queries(self, storage: Storage) -> Queries:
        assert isinstance(storage, SqlStorage)
        return self.queries(SqlQueries(storage, levels=self.levels))


def altered(query: type, change: Any) -> type[WholeQueries]:
    """Queries whose answers to one type are changed by a function of the answer and the question."""

    class Altered(WholeQueries):
        def answer(self, query_: Query) -> Any:
            answer = super().answer(query_)
            return change(answer, query_) if isinstance(query_, query) and answer is not None else answer

    return Altered


def asked(query: type, change: Any) -> type[WholeQueries]:
    """Queries that hear another question of one type than was asked."""

    class Asked(WholeQueries):
        def answer(self, query_: Query) -> Any:
            return super().answer(change(query_) if isinstance(query_, query) else query_)

    return Asked


def one_more(figures: Any, name: str) -> Any:
    return attrs.evolve(figures, **{name: getattr(figures, name) + 1})


def total_off(board: Any, _: Any) -> Any:
    return attrs.evolve(board, total=one_more(board.total, "open"))


def organ_off(board: Any, _: Any) -> Any:
    return attrs.evolve(board, organs=tuple(one_more(one, "closed") for one in board.organs))


def ledger_is_running(board: Any, _: Any) -> Any:
    return attrs.evolve(board, total=attrs.evolve(board.total, ledger=board.total.running))


def levels_with_cards(board: Any, _: Any) -> Any:
    held = {level: count for level, count in board.total.running.items() if count}
    return attrs.evolve(board, total=attrs.evolve(board.total, running=held))


def without_units(board: Any, _: Any) -> Any:
    return attrs.evolve(board, organs=tuple(one for one in board.organs if "-" not in one.organ))


def backwards(page: Any, _: Any) -> Any:
    name = "lines" if hasattr(page, "lines") else "rows"
    return attrs.evolve(page, **{name: tuple(reversed(getattr(page, name)))})


def last_row_lost(page: Any, _: Any) -> Any:
    name = "lines" if hasattr(page, "lines") else "rows"
    rows = getattr(page, name)
    return attrs.evolve(page, **{name: rows[:-1] if len(rows) > 1 else rows})


def total_of_the_page(page: Any, _: Any) -> Any:
    return attrs.evolve(page, total=len(page.lines if hasattr(page, "lines") else page.rows))


def names_lost(page: Any, _: Any) -> Any:
    return attrs.evolve(page, lines=tuple(attrs.evolve(line, number=line.card.case_id) for line in page.lines))


def timers_lost(page: Any, _: Any) -> Any:
    return attrs.evolve(page, timers={})


def of_its_time(query: Any) -> Any:
    return attrs.evolve(query, structure=None)


def any_page(query: Any) -> Any:
    return attrs.evolve(query, page=max(query.page, 1), size=max(query.size, 1))


def any_scope(query: Any) -> Any:
    known = query.scope if query.scope in ("running", "ledger", "revoked") else "running"
    return attrs.evolve(query, scope=known)


class RefusesNothing(WholeQueries):
    """Claims less than it answers."""

    def answers(self) -> frozenset[type]:
        return super().answers() - {CaseFileQuery}


class ClaimsTooMuch(WholeQueries):
    def answer(self, query: Query) -> Any:
        if isinstance(query, BoardQuery):
            raise EgovError("not answered here")
        return super().answer(query)


class TellsByNumberAlone(WholeQueries):
    def answer(self, query: Any) -> Any:
        if isinstance(query, ProgressQuery):
            digest = f"digest of {query.number.removeprefix('N-')}"
            query = attrs.evolve(query, query_digest=digest)
        return super().answer(query)


class SaysWhichWasWrong(WholeQueries):
    def answer(self, query: Any) -> Any:
        found = super().answer(query)
        if found is None and isinstance(query, ProgressQuery):
            raise EgovError("the query code is wrong")
        return found


class ProgressOfEverywhere(WholeQueries):
    def answer(self, query: Any) -> Any:
        if isinstance(query, ProgressQuery) and query.area == ELSEWHERE:
            query = attrs.evolve(query, area=AREA)
        return super().answer(query)


class AreasMixed(WholeQueries):
    def answer(self, query: Any) -> Any:
        return super().answer(attrs.evolve(query, area=AREA) if isinstance(query, BoardQuery) else query)


class SeesNoRevocation(WholeQueries):
    """Counts a revoked card as one that stands."""

    def answer(self, query: Any) -> Any:
        if isinstance(query, CardsQuery) and query.scope == "revoked":
            return super().answer(attrs.evolve(query, scope="ledger"))
        return super().answer(query)


def hits(change: Any) -> Any:
    """A change of the hits only."""
    return lambda found, query: attrs.evolve(found, hits=tuple(change(found.hits, query)))


def without_words(found: Any, _: Any) -> Any:
    return attrs.evolve(found, hits=tuple(attrs.evolve(hit, found=()) for hit in found.hits))


def words_as_typed(found: Any, query: Any) -> Any:
    """Says that what was typed stands in the name."""
    typed = (query.text,)
    return attrs.evolve(
        found,
        hits=tuple(
            attrs.evolve(hit, found=tuple(attrs.evolve(one, words=typed) for one in hit.found)) for hit in found.hits
        ),
    )


def without_synonyms(found: Any, _: Any) -> Any:
    return attrs.evolve(found, hits=tuple(attrs.evolve(hit, by=()) for hit in found.hits))


def sure_of_everything(found: Any, _: Any) -> Any:
    return attrs.evolve(found, hits=tuple(attrs.evolve(hit, corrected=False) for hit in found.hits))


def first_version(found: Any, _: Any) -> Any:
    return attrs.evolve(found, hits=tuple(attrs.evolve(hit, version=1) for hit in found.hits))


def everything_is_a_hit(found: Any, _: Any) -> Any:
    return attrs.evolve(found, hits=found.hits or found.nearest)


def without_spaces_a_word(query: Any) -> Any:
    """Finds only what is in the text as one word of three characters or more, as an index of trigrams does."""
    return attrs.evolve(query, text=query.text if len(query.text) > 2 else "")


def in_use_always(found: Any, _: Any) -> Any:
    return attrs.evolve(found, hits=tuple(attrs.evolve(hit, suspended=False) for hit in found.hits))


def hides_suspended(hits: Any, _: Any) -> Any:
    return [hit for hit in hits if not hit.suspended]


class ForgetsWithdrawals(WholeQueries):
    """Finds a withdrawn item as it stood the day before, as an index does that is made of versions alone."""

    def answer(self, query: Any) -> Any:
        if isinstance(query, SearchItems) and query.day == WITHDRAWN:
            return super().answer(attrs.evolve(query, day=query.day - timedelta(days=1)))
        return super().answer(query)


class SearchesByDay(WholeQueries):
    """Answers for the day on which the index was made."""

    def answer(self, query: Any) -> Any:
        return super().answer(attrs.evolve(query, day=DAY) if isinstance(query, SearchItems) else query)


class RemembersAnswers(WholeQueries):
    """Answers a search as it did the first time, whatever was committed since."""

    told: ClassVar[dict[Any, Any]] = {}

    def answer(self, query: Any) -> Any:
        if not isinstance(query, SearchItems):
            return super().answer(query)
        storage: Any = self.queries
        key = (id(storage._storage), query.area, query.text, query.day, query.limit)
        if key not in self.told:
            self.told[key] = (super().answer(query), storage)
        return self.told[key][0]


BROKEN: list[tuple[str, type[WholeQueries], str]] = [
    ("total of the board off by one", altered(BoardQuery, total_off), "Q1"),
    ("rows of the organs off by one", altered(BoardQuery, organ_off), "Q1"),
    ("the ledger is what runs", altered(BoardQuery, ledger_is_running), "Q1"),
    ("levels without cards are left out", altered(BoardQuery, levels_with_cards), "Q1"),
    ("units have no row", altered(BoardQuery, without_units), "Q1"),
    ("never written", altered(BoardQuery, lambda board, _: attrs.evolve(board, written_at=None)), "Q1"),
    ("cards of every level", asked(CardsQuery, lambda query: attrs.evolve(query, level=None)), "Q1"),
    ("cards of every organ", asked(CardsQuery, lambda query: attrs.evolve(query, organ=None)), "Q1"),
    ("cases of every organ", asked(CasesQuery, lambda query: attrs.evolve(query, organ=None)), "Q1"),
    ("cases wherever the whole stands", asked(CasesQuery, lambda query: attrs.evolve(query, whole=None)), "Q1"),
    ("areas mixed", AreasMixed, "Q1"),
    ("revoked cards stand", SeesNoRevocation, "Q1"),
    ("newest card first", altered(CardsQuery, backwards), "Q2"),
    ("earliest case first", altered(CasesQuery, backwards), "Q2"),
    ("the last card of a page lost", altered(CardsQuery, last_row_lost), "Q2"),
    ("the last case of a page lost", altered(CasesQuery, last_row_lost), "Q2"),
    ("the total is of the page", altered(CardsQuery, total_of_the_page), "Q2"),
    ("the total of cases is of the page", altered(CasesQuery, total_of_the_page), "Q2"),
    ("cards without number", altered(CardsQuery, names_lost), "Q2"),
    ("cases without timers", altered(CasesQuery, timers_lost), "Q2"),
    ("page nought is the first", asked(CardsQuery, any_page), "Q2"),
    ("any scope is one", asked(CardsQuery, any_scope), "Q2"),
    ("a page of cases before the first", asked(CasesQuery, any_page), "Q2"),
    ("a file without outbox", altered(CaseFileQuery, lambda file, _: attrs.evolve(file, outbox=())), "Q2"),
    ("a file without cards", altered(CaseFileQuery, lambda file, _: attrs.evolve(file, cards=())), "Q2"),
    ("events of a file backwards", altered(CaseFileQuery, lambda f, _: attrs.evolve(f, events=f.events[::-1])), "Q2"),
    ("lists of its time, figures of a structure", asked(CardsQuery, of_its_time), "Q1"),
    ("cases of its time, figures of a structure", asked(CasesQuery, of_its_time), "Q1"),
    ("a board that knows no structure", asked(BoardQuery, of_its_time), "Q1"),
    ("answers what it does not claim", RefusesNothing, "Q2"),
    ("claims what it does not answer", ClaimsTooMuch, "Q1"),
    ("progress by the number alone", TellsByNumberAlone, "Q3"),
    ("progress says which was wrong", SaysWhichWasWrong, "Q3"),
    ("progress of another area", ProgressOfEverywhere, "Q3"),
    ("no word of two characters", asked(SearchItems, without_spaces_a_word), "Q4"),
    ("no synonyms", asked(SearchItems, lambda query: attrs.evolve(query, synonyms=NO_SYNONYMS)), "Q4"),
    ("the search of another area", asked(SearchItems, lambda query: attrs.evolve(query, area=AREA)), "Q4"),
    ("found on any day", SearchesByDay, "Q4"),
    ("a suspended item as if in use", altered(SearchItems, in_use_always), "Q4"),
    ("no suspended item", altered(SearchItems, hits(hides_suspended)), "Q4"),
    ("withdrawn items", ForgetsWithdrawals, "Q4"),
    ("the first version", altered(SearchItems, first_version), "Q4"),
    ("the worst answer first", altered(SearchItems, hits(lambda found, _: found[::-1])), "Q4"),
    ("by code, not by rank", altered(SearchItems, hits(lambda f, _: sorted(f, key=lambda hit: hit.code))), "Q4"),
    ("more than were asked for", asked(SearchItems, lambda q: attrs.evolve(q, limit=max(q.limit, 20))), "Q4"),
    ("any limit", asked(SearchItems, lambda q: attrs.evolve(q, limit=min(max(q.limit, 1), 100))), "Q4"),
    ("each hit twice", altered(SearchItems, hits(lambda found, query: (found * 2)[: query.limit])), "Q4"),
    ("an answer of yesterday", RemembersAnswers, "Q4"),
    ("a hit whatever is asked", altered(SearchItems, everything_is_a_hit), "Q5"),
    ("hits without reasons", altered(SearchItems, without_words), "Q5"),
    ("reasons that stand nowhere", altered(SearchItems, words_as_typed), "Q5"),
    ("hits without their synonyms", altered(SearchItems, without_synonyms), "Q5"),
    ("corrected in silence", altered(SearchItems, sure_of_everything), "Q5"),
    ("none is nearest", altered(SearchItems, lambda found, _: attrs.evolve(found, nearest=())), "Q5"),
]
"""How they are broken, and the promise whose tests have to catch it."""


@pytest.mark.parametrize(("queries", "promise"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_the_kit_catches(queries: type[WholeQueries], promise: str) -> None:
    assert_caught(type("Subject", (Whole,), {"queries": queries}), promise)


def test_the_kit_finds_no_fault_in_what_is_whole() -> None:
    assert_whole(Whole)


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) == len({name for name, _, _ in BROKEN}) >= 15
