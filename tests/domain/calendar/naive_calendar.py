"""The calendar on foot: worked days from the raw data files, by a program that shares nothing with the library's.

It reads the notices and the regulation as TOML tables and walks through each year once. A year is scheduled when it has
a notice of its own (`<year>.toml`); any other year is Monday to Friday without the regulation's holidays, and each
holiday that costs no weekday by itself is owed to the next weekday that is still worked (Art. 6).
"""

from __future__ import annotations

import functools
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any

DAY = timedelta(days=1)
FIRST, LAST = date(2010, 1, 1), date(2040, 12, 31)

Table = dict[str, Any]
Window = tuple[time, time]


def tables(*folder: str) -> dict[str, Table]:
    """The data files of a folder by name."""
    files = resources.files("egov_core").joinpath("data", *folder).iterdir()
    return {file.name: tomllib.loads(file.read_text(encoding="utf-8")) for file in files if file.name.endswith(".toml")}


def days_from(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    while first <= last:
        yield first
        first += DAY


def named(entries: list[str]) -> set[date]:
    """The days of a list of days and ranges."""
    found: set[date] = set()
    for entry in entries:
        low, _, high = str(entry).partition("..")
        found.update(days_from(date.fromisoformat(low), date.fromisoformat(high or low)))
    return found


def holidays(regulation: Table, year: int) -> Counter[date]:
    """How many of the regulation's holidays fall on each day of a year."""
    text = max((text for text in regulation["text"] if text["in_force"].year <= year), key=lambda one: one["in_force"])
    feasts = {name: date.fromisoformat(f"{year}-{day}") for name, day in regulation["lunar"][str(year)].items()}
    found = Counter(date.fromisoformat(f"{year}-{day}") for day in text["fixed"])
    found.update(feasts["spring"] + timedelta(days=step) for step in text["spring"])
    found.update(feasts[name] for name in text["festivals"])
    return found


def worked_by_regulation(regulation: Table, year: int) -> Iterator[date]:
    """The worked days of a year without a notice: holidays owed are paid on the next day that is still worked."""
    feasts, owed = holidays(regulation, year), 0
    for day in days_from(date(year, 1, 1), date(year, 12, 31)):
        if day.weekday() >= 5:
            owed += feasts[day]
        elif feasts[day]:
            owed += feasts[day] - 1
        elif owed:
            owed -= 1
        else:
            yield day


@functools.cache
def naive_calendar() -> tuple[frozenset[date], frozenset[date]]:
    """The worked days of 2010 to 2040, and the days that are guessed: no schedule, and no notice that names them."""
    files = tables("calendar", "cn")
    regulation = files.pop("regulation.toml")
    scheduled = {int(name[:4]) for name in files if name[:-5].isdigit()}
    worked: set[date] = set()
    guessed: set[date] = set()
    for year in range(FIRST.year, LAST.year + 1):
        whole = list(days_from(date(year, 1, 1), date(year, 12, 31)))
        if year in scheduled:
            worked.update(day for day in whole if day.weekday() < 5)
        else:
            worked.update(worked_by_regulation(regulation, year))
            guessed.update(whole)
    for notice in sorted(files.values(), key=lambda one: one["published"]):
        worked -= named(notice.get("rest", []))
        worked |= named(notice.get("work", []))
        for day in named(notice.get("ordinary", [])):
            (worked.add if day.weekday() < 5 else worked.discard)(day)
        for kind in ("rest", "work", "ordinary"):
            guessed -= named(notice.get(kind, []))
    return frozenset(worked), frozenset(guessed)


@functools.cache
def naive_hours(name: str) -> dict[tuple[int, int], tuple[Window, ...]]:
    """Opening windows by month and day, from the raw timetable; a season is walked from its first day to its last."""
    found: dict[tuple[int, int], tuple[Window, ...]] = {}
    for season in tables("office_hours")[f"{name}.toml"]["season"]:
        windows = tuple(_window(text) for text in season["windows"])
        day = date.fromisoformat(f"2000-{season['first']}")
        while (day.month, day.day) not in found:
            found[day.month, day.day] = windows
            if f"{day:%m-%d}" == season["last"]:
                break
            day = day.replace(year=2000) + DAY
    return found


def _window(text: str) -> Window:
    opening, closing = (datetime.strptime(part, "%H:%M").time() for part in text.split("-"))
    return opening, closing
