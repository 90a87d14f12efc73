"""The search on SQL: a fixed number of statements on the index, then the domain's ranking of the few it brings.

Rules of this room: reading only; which terms to read, which items to look at and in what order they come is the
domain's (`domain.search`). That a version is in force, and how its item stands, is asked of the catalogue, not told by
columns: these only keep away what cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Result, and_, bindparam, literal_column, or_, select, union_all

from egov_core.domain.catalogue import Catalogue, ItemState, ItemVersion
from egov_core.domain.search.candidates import Group, Plan, Posting, beginnings
from egov_core.domain.search.question import SearchQuestion, question
from egov_core.domain.search.ranking import Field, Ranking
from egov_core.errors import ClaimError, Fault
from egov_core.ports.queries import ItemsFound, SearchItems
from egov_core.storage.sql import tables as t
from egov_core.storage.sql.one_of import as_list, one_of
from egov_core.storage.sql.search_index import FOR_EVER, ITEM, OF_ORGAN, STANDING, read_item, read_standing
from egov_core.storage.sql.term_counts import AreaCounts, TermCounts

LARGEST = 100
"""Hits that can be asked for at once."""
OF_AN_ORGAN = 60
"""Items of an organ that are looked at where the question names the organ."""

T = t.search_terms.c
N = t.search_names.c
R = t.reference_data.c
IN_AREA = T.area == bindparam("area")


def _possible(since: ColumnElement[str], until: ColumnElement[str]) -> ColumnElement[bool]:
    """What the index lets through on a day: all that may be in force then."""
    day: ColumnElement[str] = bindparam("day")
    return and_(since <= day, or_(until > day, until == literal_column(f"'{FOR_EVER}'")))


POSSIBLE = _possible(T.valid_from, T.valid_to)

POSTED = select(T.term, T.field, T.code)
POSTINGS = union_all(
    *(
        POSTED.where(IN_AREA, T.field == field.value, one_of(T.term, f"terms_{field.value}"), POSSIBLE)
        for field in Field
    )
)
NAMED = select(N.code, N.terms).where(
    N.area == bindparam("area"), one_of(N.code, "codes"), _possible(N.valid_from, N.valid_to)
)
OF_ORGANS = (
    select(T.code)
    .where(IN_AREA, one_of(T.term, "organs"), T.field == OF_ORGAN, POSSIBLE)
    .distinct()
    .order_by(T.code)
    .limit(OF_AN_ORGAN)
)
REFERENCES = (
    select(R.kind, R.data)
    .where(R.area == bindparam("area"), R.kind.in_([ITEM, STANDING]), one_of(R.code, "codes"))
    .order_by(R.kind, R.code, R.version)
)


class Search:
    """Answers searches; remembers of each area what was counted at a version of its data, and nothing of questions."""

    def __init__(self) -> None:
        self._counts = TermCounts()

    def __call__(self, connection: Connection, query: SearchItems) -> ItemsFound:
        """The answer to a search."""
        if not 1 <= query.limit <= LARGEST:
            raise ClaimError(
                f"a search finds 1 to {LARGEST} items",
                faults=[Fault(path="$.limit", code="range", message=f"limit is {query.limit}")],
                remedy=f"ask for 1 to {LARGEST}",
            )
        asked = question(query.text, query.synonyms)
        if not asked.wordings:
            return ItemsFound()
        counted = self._counts.of(connection, query.area)
        plan = _plan(connection, query, asked, counted)
        postings = _postings(connection, query, plan.worth_reading())
        postings += _probed(connection, query, *plan.to_probe(postings))
        codes = {*plan.nominated(postings), *_of_organs(connection, query, plan.organs(postings))}
        catalogue = _catalogue(connection, query, sorted(codes))
        items = list(_found(catalogue, query, sorted(codes)))
        ranking = Ranking(asked.wordings, plan.rarity, asked.text)
        ranked = (ranking.rank(item, counted.organs.get(item.organ, "")) for item in items)
        suspended = {item.code for item in items if catalogue.state_on(item.code, query.day) is ItemState.SUSPENDED}
        return ItemsFound.of((one for one in ranked if one is not None), counted.organs, query.limit, suspended)


def _plan(connection: Connection, query: SearchItems, asked: SearchQuestion, counted: AreaCounts) -> Plan:
    """What is known of the terms: how many postings they have, and what begins like those that have none."""
    counts = counted.of_terms(connection, query.area, asked.terms)
    begun = beginnings(asked, counts)
    vocabulary = counted.of_beginnings(connection, query.area, begun.values())
    return Plan.of(asked, counted.items, counts, begun, vocabulary)


def _postings(connection: Connection, query: SearchItems, groups: Iterable[Group]) -> list[Posting]:
    chosen = set(groups)
    terms = {
        f"terms_{field.value}": as_list(sorted(term for term, of in chosen if of == field.value)) for field in Field
    }
    return _read(connection.execute(POSTINGS, {**_when(query), **terms}))


def _probed(connection: Connection, query: SearchItems, terms: Sequence[str], codes: Sequence[str]) -> list[Posting]:
    """Which of the items have which of the terms that are too common to be read."""
    if not terms or not codes:
        return []
    asked, name = frozenset(terms), Field.NAME.value
    named = connection.execute(NAMED, {**_when(query), "codes": as_list(codes)})
    return [(term, name, code) for code, held in named for term in asked.intersection(held.split(" "))]


def _of_organs(connection: Connection, query: SearchItems, organs: Sequence[str]) -> list[str]:
    """Items of the organs that the question names."""
    found = connection.execute(OF_ORGANS, {**_when(query), "organs": as_list(organs)}) if organs else ()
    return [code for (code,) in found]


def _catalogue(connection: Connection, query: SearchItems, codes: Sequence[str]) -> Catalogue:
    """The items of these codes with all their versions, and how they stand."""
    rows = connection.execute(REFERENCES, {"area": query.area, "codes": as_list(codes)}).all() if codes else []
    return Catalogue.of(
        (item for kind, data in rows if kind == ITEM and (item := read_item(data)) is not None),
        (change for kind, data in rows if kind == STANDING and (change := read_standing(data)) is not None),
    )


def _found(catalogue: Catalogue, query: SearchItems, codes: Sequence[str]) -> Iterable[ItemVersion]:
    """The items in the version that holds on the day. A withdrawn one is none any more; a suspended one is told so."""
    for code in codes:
        item = catalogue.in_force(code, query.day)
        if item is not None and catalogue.state_on(code, query.day) is not ItemState.WITHDRAWN:
            yield item


def _when(query: SearchItems) -> dict[str, Any]:
    return {"area": query.area, "day": query.day.isoformat()}


def _read(found: Result[Any]) -> list[Posting]:
    rows: Sequence[Any] = found.all()
    return [(term, field, code) for term, field, code in rows]
