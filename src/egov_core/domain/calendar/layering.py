"""Layering: which notice decides which day.

Rules of this room:

- Within a layer the later-published notice wins, day by day; two notices of one day that disagree, neither amending
  the other, are an error and not a matter of file order.
- A layer (region, then organ) overrides the nation day by day, whatever was published when; later layers override
  earlier ones.
- A year counts as scheduled when one national notice, itself no amendment, names every holiday that the regulation
  gives for that year. A partial notice for a year still decides the days it names; the rest of that year stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from egov_core.domain.calendar.notices import FIRST_YEAR, LAST_YEAR, Notice
from egov_core.domain.calendar.regulation import Regulation
from egov_core.errors import CalendarDataError, Fault

NATIONAL = "national"


def _tuple_of_notices(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple(notices)


@attrs.frozen(kw_only=True)
class Layer:
    """What a region or an organ says about its own days (regulation Art. 4, emergencies), on top of the nation.

    `organ`: the code of the organ whose cases alone it measures; empty for a region's, which measures all.
    """

    name: str
    notices: tuple[Notice, ...] = attrs.field(converter=_tuple_of_notices)
    organ: str = ""


@attrs.frozen
class Stated:
    """What decided one day: `kind` is rest, work or ordinary."""

    kind: str
    notice: Notice
    layer: str


def known_notices(notices: Iterable[Notice], known_as_of: date | None) -> list[Notice]:
    """The notices published on or before `known_as_of` (all of them for None), oldest first."""
    known = [n for n in notices if known_as_of is None or n.published <= known_as_of]
    return sorted(known, key=lambda n: n.published)


def overlay(national: list[Notice], layers: Iterable[Layer], known_as_of: date | None) -> dict[date, Stated]:
    """The deciding statement for every day that any known notice names.

    `national` is as `known_notices` gives it. Raises `CalendarDataError` where notices of one day disagree.
    """
    decided: dict[date, Stated] = {}
    faults: list[Fault] = []
    _lay(NATIONAL, national, decided, faults)
    for layer in layers:
        own: dict[date, Stated] = {}
        _lay(layer.name, known_notices(layer.notices, known_as_of), own, faults)
        decided.update(own)
    if faults:
        raise CalendarDataError(
            "two notices published on the same day disagree",
            faults=faults,
            remedy="Say in one of them, by `amends`, that it changes the other, or correct the publication day.",
        )
    return decided


def _lay(name: str, notices: Iterable[Notice], decided: dict[date, Stated], faults: list[Fault]) -> None:
    for notice in notices:
        for kind, days in (("rest", notice.rest), ("work", notice.work), ("ordinary", notice.ordinary)):
            for day in days:
                before = decided.get(day)
                if before is not None and _disagree(before, kind, notice):
                    message = f"{before.notice.name} says {before.kind}, {notice.name} says {kind}"
                    faults.append(Fault(path=f"{name}/{day}", code="notices-disagree", message=message))
                # The amended notice never takes a day back from its amendment of the same publication day.
                if before is None or before.notice.published < notice.published or not _amends(before.notice, notice):
                    decided[day] = Stated(kind, notice, name)


def _disagree(before: Stated, kind: str, notice: Notice) -> bool:
    same_day = before.notice.published == notice.published and before.kind != kind
    return same_day and not _amends(notice, before.notice) and not _amends(before.notice, notice)


def _amends(one: Notice, other: Notice) -> bool:
    return other.is_called(one.amends)


def scheduled_years(
    national: Iterable[Notice], regulation: Regulation, known_as_of: date | None
) -> Mapping[int, Notice]:
    """Year → the notice that is its schedule, among notices oldest first (the latest one, if there are several)."""
    years: dict[int, Notice] = {}
    for notice in national:
        if notice.amends or not FIRST_YEAR <= notice.year <= LAST_YEAR:
            continue
        if set(regulation.days(notice.year, known_as_of=known_as_of).holidays).issubset(notice.rest):
            years[notice.year] = notice
    return years


def horizon_year(years: Iterable[int]) -> int | None:
    """The last year of the longest unbroken run of scheduled years (of the later run, if two are equal)."""
    best: tuple[int, int] | None = None
    run = 0
    previous: int | None = None
    for year in sorted(years):
        run = run + 1 if previous is not None and year == previous + 1 else 1
        previous = year
        if best is None or run >= best[0]:
            best = (run, year)
    return None if best is None else best[1]
