"""The regulation: the holidays that need no notice (全国年节及纪念日放假办法).

Rules of this room:

- Each text of the regulation governs whole years, from the first 1 January on or after its coming into force; a text is
  known from the day it was published.
- Only the full-public holidays of Art. 2 count. Half-day holidays (Art. 3) are not days off for all; the festivals of
  Art. 4 are a matter of regional layers.
- Art. 6: a full-public holiday that falls on a Saturday or Sunday is made up on a working day. Here that is the next
  weekday which is not itself a holiday or already a substitute. Two holidays on one day (中秋 on 1 October) give one
  substitute as well: so the State Council arranged 2020, and so every year loses exactly as many weekdays as the
  regulation has holidays.
- No bridges and no make-up working days: those exist only once a notice says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import attrs

from egov_core.errors import CalendarDataError, CalendarRangeError, Fault

FESTIVALS = ("spring", "qingming", "dragon-boat", "mid-autumn")


@attrs.frozen(kw_only=True)
class RegulationText:
    """One text of the regulation, as published.

    `fixed` holds (month, day) of the solar holidays; `spring` holds days relative to 正月初一 (-1 is 除夕); `festivals`
    names the one-day festivals looked up in the lunar table.
    """

    number: str
    published: date
    in_force: date
    fixed: tuple[tuple[int, int], ...]
    spring: tuple[int, ...]
    festivals: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many days the text gives: 11 from 2008, 13 from 2025."""
        return len(self.fixed) + len(self.spring) + len(self.festivals)


@attrs.frozen(kw_only=True)
class StatutoryDays:
    """What the regulation alone makes of one year: the holidays themselves and the Art. 6 substitutes."""

    number: str
    holidays: tuple[date, ...]
    substitutes: tuple[date, ...]


@attrs.frozen(kw_only=True)
class Regulation:
    """All known texts of the regulation and the solar dates of the festivals by year.

    `lunar[year]` maps each of `FESTIVALS` to its solar date at UTC+8.
    """

    title: str
    texts: tuple[RegulationText, ...]
    lunar: Mapping[int, Mapping[str, date]] = attrs.field(hash=False)  # a mapping has no hash; equality asks for it

    def text(self, year: int, *, known_as_of: date | None = None) -> RegulationText:
        """The text that governs `year`, as known on a day. Raises `CalendarRangeError` where there was none yet."""
        known = [t for t in self.texts if known_as_of is None or t.published <= known_as_of]
        governing = [t for t in known if t.in_force <= date(year, 1, 1)]
        if not governing:
            raise CalendarRangeError(
                f"no text of {self.title} governs {year} as known on {known_as_of or 'any day'}",
                remedy=f"the library knows the regulation from {min(t.published for t in self.texts)} on: "
                "ask with that day or a later one",
            )
        return max(governing, key=lambda t: t.in_force)

    def days(self, year: int, *, known_as_of: date | None = None) -> StatutoryDays:
        """Holidays and substitutes of `year` by the regulation alone, each sorted.

        Raises `CalendarRangeError` for a year outside the lunar table.
        """
        text = self.text(year, known_as_of=known_as_of)
        festivals = self.lunar.get(year)
        if festivals is None:
            raise CalendarRangeError(
                f"the lunar table has no year {year}", remedy=f"It covers {min(self.lunar)} to {max(self.lunar)}."
            )
        named = [date(year, month, day) for month, day in text.fixed]
        named += [festivals["spring"] + timedelta(days=step) for step in text.spring]
        named += [festivals[name] for name in text.festivals]
        holidays = set(named)
        owed: list[date] = []  # one entry for every holiday that costs no weekday by itself
        seen: set[date] = set()
        for day in sorted(named):
            if day.weekday() >= 5 or day in seen:
                owed.append(day)
            seen.add(day)
        substitutes: set[date] = set()
        for day in owed:
            made_up = day
            while made_up.weekday() >= 5 or made_up in holidays or made_up in substitutes:
                made_up += timedelta(days=1)
            substitutes.add(made_up)
        return StatutoryDays(
            number=text.number, holidays=tuple(sorted(holidays)), substitutes=tuple(sorted(substitutes))
        )


def parse_regulation(data: Mapping[str, Any], where: str) -> Regulation:
    """Read the regulation table (`[[text]]` and `[lunar]`); `where` names the file in faults.

    Raises `CalendarDataError` with every fault found.
    """
    faults: list[Fault] = []
    texts: list[RegulationText] = []
    for index, entry in enumerate(data.get("text", ())):
        path = f"{where}$.text[{index}]"
        try:
            text = RegulationText(
                number=str(entry["number"]),
                published=entry["published"],
                in_force=entry["in_force"],
                fixed=tuple(_month_day(value) for value in entry["fixed"]),
                spring=tuple(int(step) for step in entry["spring"]),
                festivals=tuple(entry["festivals"]),
            )
        except (KeyError, ValueError, TypeError) as error:
            faults.append(Fault(path=path, code="unreadable", message=f"{type(error).__name__}: {error}"))
            continue
        for name in text.festivals:
            if name not in FESTIVALS:
                faults.append(Fault(path=path, code="unknown-festival", message=f"{name!r} is not one of {FESTIVALS}"))
        texts.append(text)
    lunar: dict[int, dict[str, date]] = {}
    for key, row in data.get("lunar", {}).items():
        try:
            lunar[int(key)] = {name: date(int(key), *_month_day(row[name])) for name in FESTIVALS}
        except (KeyError, ValueError, TypeError) as error:
            message = f"{type(error).__name__}: {error}"
            faults.append(Fault(path=f"{where}$.lunar.{key}", code="unreadable", message=message))
    if not data.get("text"):
        faults.append(Fault(path=f"{where}$.text", code="missing", message="there is no text of the regulation"))
    if not data.get("lunar"):
        faults.append(Fault(path=f"{where}$.lunar", code="missing", message="there is no lunar table"))
    if faults:
        raise CalendarDataError(
            f"{where} cannot be read as the regulation", faults=faults, remedy="Correct the table; days are MM-DD."
        )
    return Regulation(title=str(data.get("title", where)), texts=tuple(texts), lunar=lunar)


def _month_day(value: str) -> tuple[int, int]:
    month, day = value.split("-")
    date(2000, int(month), int(day))  # raises where there is no such day in any year
    return int(month), int(day)
