"""How many postings terms have, remembered for as long as the reference data of an area stay as they are.

Rules of this room: counting, and nothing of ranking. What is remembered belongs to a version of the area's reference
data, which is read in the snapshot of each question: whoever wrote since, in whichever process, is counted anew.

Reason. 许可 stands in thousands of items, and to count them takes longer than all else of a question; but a catalogue
is asked a thousand times for each time that it is written, mostly in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
from sqlalchemy import Connection, Result, and_, bindparam, func, select, union_all

from egov_core.domain.search.candidates import Group
from egov_core.domain.search.ranking import Field
from egov_core.storage.sql import tables as t
from egov_core.storage.sql.one_of import as_list, one_of
from egov_core.storage.sql.search_index import ITEM, ORGAN, read_organ

LAST = chr(0x10FFFF)
MOST_REMEMBERED = 20_000
"""Terms, and beginnings of terms, that are remembered of an area; then all is counted anew."""

T = t.search_terms.c
R = t.reference_data.c
COUNTED = select(T.term, T.field, func.count()).group_by(T.term, T.field)
COUNTS = COUNTED.where(T.area == bindparam("area"), one_of(T.term, "terms"))
VERSION = select(t.areas.c.reference_version).where(t.areas.c.area == bindparam("area"))
ITEMS = select(func.count()).where(R.area == bindparam("area"), R.kind == ITEM)
ORGANS = select(R.data).where(R.area == bindparam("area"), R.kind == ORGAN).order_by(R.code, R.version)


@attrs.define
class AreaCounts:
    """What is remembered of an area at a version of its reference data."""

    version: int
    items: int
    organs: dict[str, str]
    terms: dict[str, dict[Group, int]] = attrs.field(factory=dict)
    beginnings: dict[str, dict[Group, int]] = attrs.field(factory=dict)

    def of_terms(self, connection: Connection, area: str, terms: Iterable[str]) -> dict[Group, int]:
        """How many postings terms have in each field."""
        asked = list(terms)
        unknown = [term for term in asked if term not in self.terms]
        if unknown:
            found = _numbers(connection.execute(COUNTS, {"area": area, "terms": as_list(unknown)}))
            for term in unknown:
                self.terms[term] = {}
            for (term, field), count in found.items():
                self.terms[term][term, field] = count
        return {group: count for term in asked for group, count in self.terms[term].items()}

    def of_beginnings(self, connection: Connection, area: str, beginnings: Iterable[str]) -> dict[Group, int]:
        """The terms of names and codes that begin so, with how many postings they have."""
        asked = sorted(set(beginnings))
        unknown = [first for first in asked if first not in self.beginnings]
        if unknown:
            fields = T.field.in_([Field.NAME.value, Field.CODE.value])
            here = and_(T.area == bindparam("area"), fields)
            parts = [COUNTED.where(here, T.term >= first, T.term < first + LAST) for first in unknown]
            found = _numbers(connection.execute(union_all(*parts), {"area": area}))
            for first in unknown:
                self.beginnings[first] = {group: n for group, n in found.items() if group[0].startswith(first)}
        return {group: count for first in asked for group, count in self.beginnings[first].items()}


class TermCounts:
    """Remembers of each area what was counted."""

    def __init__(self) -> None:
        self._areas: dict[str, AreaCounts] = {}

    def of(self, connection: Connection, area: str) -> AreaCounts:
        """What is remembered of an area, at the version that the connection's snapshot sees."""
        version = connection.execute(VERSION, {"area": area}).scalar() or 0
        held = self._areas.get(area)
        full = held is not None and len(held.terms) + len(held.beginnings) > MOST_REMEMBERED
        if held is None or held.version != version or full:
            items = connection.execute(ITEMS, {"area": area}).scalar_one()
            read = (read_organ(data) for (data,) in connection.execute(ORGANS, {"area": area}))
            organs = {organ.code: organ.name for organ in read if organ is not None}
            held = self._areas[area] = AreaCounts(version, items, organs)
        return held


def _numbers(found: Result[Any]) -> dict[Group, int]:
    rows: Sequence[Any] = found.all()
    return {(term, field): count for term, field, count in rows}
