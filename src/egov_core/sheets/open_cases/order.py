"""The order in which the acts of an old case were done, where of some of them only the day is known.

Rules of this room: times decide, and nothing is asked of the law. An act of which only the day is known stands, among
the acts of that day, where it stands in the course of a case, and counts as done at the time of the act before it:
受理 on the day of a receipt at 15:00 is not at midnight, before it.
"""

from __future__ import annotations

from datetime import datetime, time
from functools import cmp_to_key

import attrs

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.old_cases import OldAct
from egov_core.domain.cells import Cell
from egov_core.sheets.open_cases.cell_values import When


@attrs.frozen
class DatedAct:
    """An act with the time as it was written; `rank` is its place in the course of a case."""

    command: c.Command
    when: When
    rank: int
    cell: Cell


def in_order(received: When, acts: tuple[DatedAct, ...]) -> tuple[OldAct, ...]:
    """The acts in the order in which they were done, each with its instant."""
    found: list[OldAct] = []
    last = received.at
    for one in sorted(acts, key=cmp_to_key(_compared)):
        at = one.when.at
        if one.when.is_day and at.date() == last.date():
            at = max(at, last)
        found.append(OldAct(command=one.command, at=at, cell=one.cell))
        last = max(last, at)
    return tuple(found)


def _compared(one: DatedAct, other: DatedAct) -> int:
    first, second = (_moment(each) for each in (one, other))
    if one.when.is_day or other.when.is_day:  # of one of them only the day is known
        first, second = (datetime.combine(each.when.at.date(), time.min) for each in (one, other))
    if first == second:
        return one.rank - other.rank
    return -1 if first < second else 1


def _moment(act: DatedAct) -> datetime:
    return act.when.at.replace(tzinfo=None)
