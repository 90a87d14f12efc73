"""Shipped data: the notices, the regulation and the office hours that come with the library.

Rules of this room: it reads package data and files that the caller names, turns them into domain values, and decides
nothing. Nothing is read before it is asked for; what is shipped is read once.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from egov_core.domain.calendar.hours import OfficeHours, parse_office_hours
from egov_core.domain.calendar.notices import Notice, parse_notice
from egov_core.domain.calendar.regulation import Regulation, parse_regulation
from egov_core.domain.calendar.revisions import holds
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.errors import CalendarDataError, UnknownError
from egov_core.runtime.toml_files import read_toml

REGULATION = "regulation.toml"
SHIPPED = "shipped:"
"""What a file of the library is called by, where paths are meant otherwise."""


@functools.lru_cache(maxsize=1)
def notice_files() -> tuple[tuple[str, Notice], ...]:
    """The State Council notices from 2015 on, each with the name of its file, oldest publication first."""
    files = [f for f in _folder("calendar", "cn").iterdir() if f.name.endswith(".toml") and f.name != REGULATION]
    read = ((f.name, parse_notice(_toml(f), f.name)) for f in files)
    return tuple(sorted(read, key=lambda one: (one[1].published, one[1].name)))


@functools.lru_cache(maxsize=1)
def national_notices() -> tuple[Notice, ...]:
    """The State Council notices from 2015 on, amendments included, oldest publication first."""
    return tuple(notice for _, notice in notice_files())


@functools.lru_cache(maxsize=1)
def regulation() -> Regulation:
    """全国年节及纪念日放假办法: its texts from 2007 on, and the festivals' solar dates from 2010 to 2040."""
    return parse_regulation(_toml(_folder("calendar", "cn") / REGULATION), REGULATION)


def national_calendar(known_as_of: date | None = None, extra: Iterable[Notice] = ()) -> WorkCalendar:
    """The national working calendar as known on a day (None: as known to this release), with `extra` notices.

    Raises `CalendarDataError` where an extra notice contradicts another of the same publication day, or has the number
    of a known one and other days.
    """
    more: list[Notice] = []
    for notice in extra:
        if not (notice.number and holds((*national_notices(), *more), notice)):
            more.append(notice)
    return _calendar(known_as_of) if not more else _build(known_as_of, tuple(more))


@functools.lru_cache(maxsize=16)  # a calendar is about 1.5 MB
def _calendar(known_as_of: date | None) -> WorkCalendar:
    return _build(known_as_of, ())


def _build(known_as_of: date | None, extra: tuple[Notice, ...]) -> WorkCalendar:
    return WorkCalendar.build((*national_notices(), *extra), regulation=regulation(), known_as_of=known_as_of)


@functools.lru_cache(maxsize=16)
def office_hours(name: str) -> OfficeHours:
    """A shipped timetable by name. Raises `UnknownError`, which lists the names there are."""
    files = {f.name.removesuffix(".toml"): f for f in _folder("office_hours").iterdir() if f.name.endswith(".toml")}
    if name not in files:
        names = sorted(files)
        raise UnknownError(
            f"there are no office hours named {name!r}",
            remedy=f"Use one of {', '.join(names)}, or give a file.",
            name=name,
            names=names,
        )
    return parse_office_hours(_toml(files[name]), files[name].name)


def read_notice_file(path: str | Path) -> Notice:
    """One notice from a TOML file of the caller's. Raises `CalendarDataError` where it cannot be read."""
    return parse_notice(_toml(Path(path)), str(path))


def read_office_hours(path: str | Path) -> OfficeHours:
    """A timetable from a TOML file of the caller's. Raises `CalendarDataError` where it cannot be read."""
    return parse_office_hours(_toml(Path(path)), str(path))


def _folder(*names: str) -> Traversable:
    return resources.files("egov_core").joinpath("data", *names)


def _toml(file: Traversable | Path) -> dict[str, Any]:
    return read_toml(file, lambda message, remedy: CalendarDataError(message, remedy=remedy), "a TOML file")
