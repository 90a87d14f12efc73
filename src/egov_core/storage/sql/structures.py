"""Reading organs by a structure, as one SQL expression.

Rules of this room: which organ stands for which is asked of `Organisation.as_of`, case by case of its answer: an organ,
an item that a succession names (or any other), and a stretch of days between two effective days. What is not named
keeps its organ, so that nothing is lost and the figures add up by every structure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, case

from egov_core.domain.legal import start_of
from egov_core.ports.queries import Structure
from egov_core.storage.sql.columns import seconds

NO_ITEM = ""


def organ_by(structure: Structure | None, organ: Any, item: Any, at: Any) -> Any:
    """The organ of a row by a structure: `organ` is what it has, since the instant `at`, for work on `item`."""
    if structure is None:
        return organ
    rules = [
        (and_(organ == source, *_between(at, first, last), *_of_items(item, items)), target)
        for source, first, last, items, target in _rules(structure)
    ]
    return case(*rules, else_=organ) if rules else organ


def _rules(structure: Structure) -> Iterator[tuple[str, date | None, date | None, tuple[str, ...], str]]:
    """(organ, from, before, items, organ that stands for it); no items: any. Those with items come first."""
    tree, day = structure.organisation, structure.day
    named = {one.source for one in tree.successions} | {one.target for one in tree.successions}
    items = sorted({code for one in tree.successions for code in one.items})
    days = sorted({one.effective for one in tree.successions})
    for first, last in pairwise([None, *days, None]):
        since = date.min if first is None else first
        for organ in sorted(named):
            by_target: defaultdict[str, list[str]] = defaultdict(list)
            other = tree.as_of(organ, NO_ITEM, day, since=since)
            for code in items:
                target = tree.as_of(organ, code, day, since=since)
                if target != other:
                    by_target[target].append(code)
            for target, codes in sorted(by_target.items()):
                yield organ, first, last, tuple(codes), target
            if other != organ:
                yield organ, first, last, (), other


def _between(at: Any, first: date | None, last: date | None) -> Iterator[ColumnElement[bool]]:
    if first is not None:
        yield at >= seconds(start_of(first))
    if last is not None:
        yield at < seconds(start_of(last))


def _of_items(item: Any, items: tuple[str, ...]) -> Iterator[ColumnElement[bool]]:
    if items:
        yield item.in_(items)
