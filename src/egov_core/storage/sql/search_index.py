"""The index of the search: which terms stand in which item and in the name of which organ, as rows.

Rules of this room: a row of reference data in, its postings out. The terms are the domain's (`domain.search.terms`);
they are what is stored, so that a change of theirs is a change of the schema.

Reason for writing it in the commit of the item itself. An index that is built afterwards is wrong between the two, has
to know by itself that it is stale, and needs somebody to build it: a process killed in between leaves old words behind,
and of several processes either all build or one has to be chosen, while one that only reads may not at all. Postings
written with their item are there when it is, gone when its commit is undone, and the same for every process. That
costs the rare publishing about a hundred short rows an item, and the frequent search nothing.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TypeVar

from egov_core.domain.catalogue import ItemVersion, StandingChange
from egov_core.domain.organisation import Organ
from egov_core.domain.search.ranking import Field
from egov_core.domain.search.terms import indexed_terms, normalised, terms
from egov_core.errors import EgovError
from egov_core.ports.storage import ReferenceRow
from egov_core.wire.codec import decode

T = TypeVar("T")

ITEM, ORGAN = "item", "organ"
"""The kinds of reference data that are searched."""
STANDING = "item-standing"
"""How items stand: not searched, but asked of whatever is found."""
OF_ORGAN = "of"
"""The field under which an item stands by the code of its organ."""
ALWAYS, FOR_EVER = date.min.isoformat(), date.max.isoformat()

Columns = tuple[str, str, str, str, int, str, str]
"""Area, term, field, code, version, and from when to when (not included) the version holds."""
NameColumns = tuple[str, str, int, str, str, str]
"""Area, code, version, the terms of the name divided by spaces, and from when to when (not included) it holds."""


def postings(row: ReferenceRow) -> set[Columns]:
    """The postings of a row; none of one that cannot be read, which the registry refuses by its name."""
    if row.kind == ORGAN:
        organ = read_organ(row.data)
        found = set() if organ is None else {(term, Field.ORGAN.value) for term in terms(organ.name)}
        return {(row.area, term, field, row.code, row.version, ALWAYS, FOR_EVER) for term, field in found}
    item = read_item(row.data) if row.kind == ITEM else None
    if item is None:
        return set()
    found = {(item.organ, OF_ORGAN), (normalised(item.code), Field.CODE.value)}
    found |= {(term, Field.CODE.value) for term in terms(item.code)}
    found |= {(term, Field.NAME.value) for term in indexed_terms(item.full_name)}
    found |= {(term, Field.MATERIAL.value) for one in item.materials for term in terms(one.name)}
    found |= {(term, Field.BASIS.value) for one in item.basis for term in terms(one.instrument)}
    since, until = _validity(item)
    return {(row.area, term, field, row.code, row.version, since, until) for term, field in found}


def name_terms(row: ReferenceRow) -> set[NameColumns]:
    """The terms of an item's name as one row; none of what is no item or cannot be read.

    A question asks for its common words only among the few items that have a rare one: 150 rows of this table, in whose
    place the postings would be looked up 150 times for each word.
    """
    item = read_item(row.data) if row.kind == ITEM else None
    if item is None:
        return set()
    return {(row.area, row.code, row.version, " ".join(sorted(indexed_terms(item.full_name))), *_validity(item))}


def _validity(item: ItemVersion) -> tuple[str, str]:
    return item.valid_from.isoformat(), FOR_EVER if item.valid_to is None else item.valid_to.isoformat()


@lru_cache(maxsize=4096)
def read_item(data: bytes) -> ItemVersion | None:
    """The item that a row holds; None where it holds none."""
    return _read(data, ItemVersion)


@lru_cache(maxsize=1024)
def read_organ(data: bytes) -> Organ | None:
    """The organ that a row holds; None where it holds none."""
    return _read(data, Organ)


@lru_cache(maxsize=1024)
def read_standing(data: bytes) -> StandingChange | None:
    """The change of standing that a row holds; None where it holds none."""
    return _read(data, StandingChange)


def _read(data: bytes, kind: type[T]) -> T | None:
    try:
        return decode(data, kind)
    except (ValueError, KeyError, TypeError, AttributeError, EgovError):
        return None
