"""The search on SQL: a fixed number of statements on the index, then the domain's ranking of the few it brings.

Rules of this room: reading only; which terms to read, which items to look at and in what order they come is the
domain's (`domain.search`). That a version is in force, and how its item stands, is asked of the catalogue, not told by
columns: these only keep away what cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Result, and_, bindparam, func, literal_column, or_, select, union_all

from egov_core.domain.catalogue import Catalogue, ItemState, ItemVersion
from egov_core.domain.search.candidates import Group, Plan, Posting, beginnings
from egov_core.domain.search.question import SearchQuestion, question
from egov_core.domain.search.ranking import Field, Ranking
from egov_core.errors import ClaimError, Fault
from egov_core.ports.queries import ItemsFound, SearchItems
from egov_core.storage.sql import tables as t
from egov_core.storage.sql.search_index import (
    FOR_EVER,
    ITEM,
    OF_ORGAN,
    ORGAN,
    STANDING,
    read_item,
    read_organ,
    read_standing,
)

LARGEST = 100
"""Hits that can be asked for at once."""
OF_AN_ORGAN = 60
"""Items of an organ that are looked at where the question names the organ."""
LAST = chr(0x10FFFF)

T = t.search_terms.c
R = t.reference_data.c
IN_AREA = T.area == bindparam("area")
POSSIBLE = and_(
    T.valid_from <= bindparam("day"), or_(T.valid_to > bindparam("day"), T.valid_to == literal_column(f"'{FOR_EVER}'"))
)
"""What the index lets through on a day: all that may be in force then."""

COUNTED = select(T.term, T.field, func.count()).group_by(T.term, T.field)
COUNTS = COUNTED.where(IN_AREA, T.term.in_(bindparam("terms", expanding=True)))
VERSION = select(t.areas.c.reference_version).where(t.areas.c.area == bindparam("area"))
ITEMS = select(func.count()).where(R.area == bindparam("area"), R.kind == ITEM)
POSTED = select(T.term, T.field, T.code)
POSTINGS = union_all(
    *(
        POSTED.where(
            IN_AREA, T.field == field.value, T.term.in_(bindparam(f"terms_{field.value}", expanding=True)), POSSIBLE
        )
        for field in Field
    )
)
PROBED = POSTED.where(
    IN_AREA,
    T.term.in_(bindparam("terms", expanding=True)),
    T.field == Field.NAME.value,
    T.code.in_(bindparam("codes", expanding=True)),
    POSSIBLE,
)
OF_ORGANS = (
    select(T.code)
    .where(IN_AREA, T.term.in_(bindparam("organs", expanding=True)), T.field == OF_ORGAN, POSSIBLE)
    .distinct()
    .order_by(T.code)
    .limit(OF_AN_ORGAN)
)
REFERENCES = (
    select(R.data)
    .where(R.area == bindparam("area"), R.kind == bindparam("kind"), R.code.in_(bindparam("codes", expanding=True)))
    .order_by(R.code, R.version)
)


class Search:
    """Answers searches; remembers of each area only how many items it has, and at which version of its data."""

    def __init__(self) -> None:
        self._items: dict[str, tuple[int, int]] = {}

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
        plan = _plan(connection, query, asked, self._count(connection, query.area))
        postings = _postings(connection, query, plan.worth_reading())
        postings += _probed(connection, query, *plan.to_probe(postings))
        codes = {*plan.nominated(postings), *_of_organs(connection, query, plan.organs(postings))}
        catalogue = _catalogue(connection, query, sorted(codes))
        items = list(_found(catalogue, query, sorted(codes)))
        organs = _organ_names(connection, query.area, {item.organ for item in items})
        ranking = Ranking(asked.wordings, plan.rarity, asked.text)
        ranked = (ranking.rank(item, organs.get(item.organ, "")) for item in items)
        suspended = {item.code for item in items if catalogue.state_on(item.code, query.day) is ItemState.SUSPENDED}
        return ItemsFound.of((one for one in ranked if one is not None), organs, query.limit, suspended)

    def _count(self, connection: Connection, area: str) -> int:
        """How many items there are, counted again when reference data were written, by whichever process."""
        version = connection.execute(VERSION, {"area": area}).scalar() or 0
        held = self._items.get(area)
        if held is None or held[0] != version:
            held = self._items[area] = version, connection.execute(ITEMS, {"area": area}).scalar_one()
        return held[1]


def _plan(connection: Connection, query: SearchItems, asked: SearchQuestion, items: int) -> Plan:
    """What is known of the terms: how many postings they have, and what begins like those that have none."""
    counts = _numbers(connection.execute(COUNTS, {"area": query.area, "terms": list(asked.terms)}))
    begun = beginnings(asked, counts)
    wanted = sorted(set(begun.values()))
    vocabulary: dict[Group, int] = {}
    if wanted:
        fields = T.field.in_([Field.NAME.value, Field.CODE.value])
        parts = [COUNTED.where(IN_AREA, T.term >= first, T.term < first + LAST, fields) for first in wanted]
        vocabulary = _numbers(connection.execute(union_all(*parts), {"area": query.area}))
    return Plan.of(asked, items, counts, begun, vocabulary)


def _postings(connection: Connection, query: SearchItems, groups: Iterable[Group]) -> list[Posting]:
    chosen = set(groups)
    terms = {f"terms_{field.value}": sorted(term for term, of in chosen if of == field.value) for field in Field}
    return _read(connection.execute(POSTINGS, {**_when(query), **terms}))


def _probed(connection: Connection, query: SearchItems, terms: Sequence[str], codes: Sequence[str]) -> list[Posting]:
    """Which of the items have which of the terms that are too common to be read."""
    if not terms or not codes:
        return []
    return _read(connection.execute(PROBED, {**_when(query), "terms": terms, "codes": codes}))


def _of_organs(connection: Connection, query: SearchItems, organs: Sequence[str]) -> list[str]:
    """Items of the organs that the question names."""
    found = connection.execute(OF_ORGANS, {**_when(query), "organs": organs}) if organs else ()
    return [code for (code,) in found]


def _catalogue(connection: Connection, query: SearchItems, codes: Sequence[str]) -> Catalogue:
    """The items of these codes with all their versions, and how they stand."""
    items = _references(connection, query.area, ITEM, codes)
    standings = _references(connection, query.area, STANDING, codes)
    return Catalogue.of(
        (item for data in items if (item := read_item(data)) is not None),
        (change for data in standings if (change := read_standing(data)) is not None),
    )


def _found(catalogue: Catalogue, query: SearchItems, codes: Sequence[str]) -> Iterable[ItemVersion]:
    """The items in the version that holds on the day. A withdrawn one is none any more; a suspended one is told so."""
    for code in codes:
        item = catalogue.in_force(code, query.day)
        if item is not None and catalogue.state_on(code, query.day) is not ItemState.WITHDRAWN:
            yield item


def _organ_names(connection: Connection, area: str, codes: Iterable[str]) -> dict[str, str]:
    rows = _references(connection, area, ORGAN, sorted(codes))
    return {organ.code: organ.name for data in rows if (organ := read_organ(data)) is not None}


def _references(connection: Connection, area: str, kind: str, codes: Sequence[str]) -> list[bytes]:
    found = connection.execute(REFERENCES, {"area": area, "kind": kind, "codes": codes}) if codes else ()
    return [data for (data,) in found]


def _when(query: SearchItems) -> dict[str, Any]:
    return {"area": query.area, "day": query.day.isoformat()}


def _read(found: Result[Any]) -> list[Posting]:
    rows: Sequence[Any] = found.all()
    return [(term, field, code) for term, field, code in rows]


def _numbers(found: Result[Any]) -> dict[Group, int]:
    rows: Sequence[Any] = found.all()
    return {(term, field): count for term, field, count in rows}
