"""The search on SQL: a fixed number of statements on the index, then the domain's ranking of the few it brings.

Rules of this room: reading only; which terms to read, which items to look at and in what order they come is the
domain's (`domain.search`). That a version is in force is asked of the catalogue, not told by columns: these only keep
away what cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, union_all

from egov_core.domain.catalogue import Catalogue, ItemVersion
from egov_core.domain.search.candidates import Group, Plan, Posting, beginnings
from egov_core.domain.search.question import Question, question
from egov_core.domain.search.ranking import Field, Ranking
from egov_core.errors import ClaimError, Fault, LawError, UnknownError
from egov_core.ports.queries import ItemsFound, SearchItems
from egov_core.storage.sql import tables as t
from egov_core.storage.sql.search_index import ITEM, OF_ORGAN, ORGAN, read_item, read_organ

LARGEST = 100
"""Hits that can be asked for at once."""
OF_AN_ORGAN = 60
"""Items of an organ that are looked at where the question names the organ."""
LAST = chr(0x10FFFF)

TERM, CODE = t.search_terms.c.term, t.search_terms.c.code
COUNTED = select(TERM, t.search_terms.c.field, func.count())
POSTED = select(TERM, t.search_terms.c.field, CODE)


def search(connection: Connection, query: SearchItems) -> ItemsFound:
    """The answer to a search."""
    if not 1 <= query.limit <= LARGEST:
        raise ClaimError(
            f"a search finds 1 to {LARGEST} items",
            faults=[Fault(path="$.limit", code="range", message=f"limit is {query.limit}")],
            remedy=f"ask for 1 to {LARGEST}",
        )
    asked = question(query.text, query.synonyms)
    if not asked.readings:
        return ItemsFound()
    plan = _plan(connection, query, asked)
    postings = _postings(connection, query, plan.worth_reading())
    postings += _probed(connection, query, *plan.to_probe(postings))
    codes = {*plan.nominated(postings), *_of_organs(connection, query, plan.organs(postings))}
    items = list(_in_force(connection, query, sorted(codes)))
    organs = _organ_names(connection, query.area, {item.organ for item in items})
    ranking = Ranking(asked.readings, plan.rarity)
    ranked = (ranking.rank(item, organs.get(item.organ, "")) for item in items)
    return ItemsFound.of((one for one in ranked if one is not None), organs, query.limit)


def _plan(connection: Connection, query: SearchItems, asked: Question) -> Plan:
    """What is known of the terms: how many postings they have, and what begins like those that have none."""
    counted = COUNTED.where(_area(query.area), TERM.in_(asked.terms)).group_by(TERM, t.search_terms.c.field)
    counts = _numbers(connection, counted)
    begun = beginnings(asked, counts)
    wanted = [and_(TERM >= first, TERM < first + LAST) for first in sorted(set(begun.values()))]
    vocabulary: dict[Group, int] = {}
    if wanted:
        fields = t.search_terms.c.field.in_([Field.NAME.value, Field.CODE.value])
        parts = [COUNTED.where(_area(query.area), one, fields).group_by(TERM, t.search_terms.c.field) for one in wanted]
        vocabulary = _numbers(connection, union_all(*parts))
    items = select(func.count()).where(t.reference_data.c.area == query.area, t.reference_data.c.kind == ITEM)
    return Plan.of(asked, connection.execute(items).scalar_one(), counts, begun, vocabulary)


def _postings(connection: Connection, query: SearchItems, groups: Iterable[Group]) -> list[Posting]:
    chosen = set(groups)
    by_field = {field.value: sorted(term for term, of in chosen if of == field.value) for field in Field}
    parts = [
        POSTED.where(_area(query.area), t.search_terms.c.field == field, TERM.in_(terms), *_possible(query.day))
        for field, terms in by_field.items()
    ]
    return [Posting(*found) for found in connection.execute(union_all(*parts))]


def _probed(connection: Connection, query: SearchItems, terms: Sequence[str], codes: Sequence[str]) -> list[Posting]:
    """Which of the items have which of the terms that are too common to be read."""
    wanted = POSTED.where(
        _area(query.area),
        TERM.in_(terms),
        t.search_terms.c.field == Field.NAME.value,
        CODE.in_(codes),
        *_possible(query.day),
    )
    return [Posting(*found) for found in connection.execute(wanted)] if terms and codes else []


def _of_organs(connection: Connection, query: SearchItems, organs: Sequence[str]) -> list[str]:
    """Items of the organs that the question names."""
    wanted = select(CODE).where(
        _area(query.area), TERM.in_(organs), t.search_terms.c.field == OF_ORGAN, *_possible(query.day)
    )
    found = connection.execute(wanted.distinct().order_by(CODE).limit(OF_AN_ORGAN)) if organs else ()
    return [code for (code,) in found]


def _in_force(connection: Connection, query: SearchItems, codes: Sequence[str]) -> Iterable[ItemVersion]:
    """The items of these codes in the version that holds on the day."""
    rows = _references(connection, query.area, ITEM, codes)
    versions = [item for data in rows if (item := read_item(data)) is not None]
    catalogue = Catalogue.of(versions)
    for code in codes:
        try:
            yield catalogue.on(code, query.day)
        except (LawError, UnknownError):
            continue


def _organ_names(connection: Connection, area: str, codes: Iterable[str]) -> dict[str, str]:
    rows = _references(connection, area, ORGAN, sorted(codes))
    return {organ.code: organ.name for data in rows if (organ := read_organ(data)) is not None}


def _references(connection: Connection, area: str, kind: str, codes: Sequence[str]) -> list[bytes]:
    columns = t.reference_data.c
    wanted = select(columns.data).where(columns.area == area, columns.kind == kind, columns.code.in_(codes))
    if not codes:
        return []
    return [data for (data,) in connection.execute(wanted.order_by(columns.code, columns.version))]


def _area(area: str) -> Any:
    return t.search_terms.c.area == area


def _possible(day: date) -> tuple[Any, ...]:
    """What a version in force on the day satisfies."""
    after = t.search_terms.c.valid_to
    return t.search_terms.c.valid_from <= day.isoformat(), or_(after > day.isoformat(), after == date.max.isoformat())


def _numbers(connection: Connection, statement: Any) -> dict[Group, int]:
    return {(term, field): count for term, field, count in connection.execute(statement)}
