"""Office hours: arithmetic over the seconds in which an office is open.

Rules of this room:

- A timetable is data: seasons that cover every day of the year exactly once, each with windows in order. A season may
  run across the new year. Windows are half-open, [open, close).
- An office is open on working days only; make-up working days have ordinary hours. 民法典 Art. 203: where there are
  business hours the last day ends when business ends.
- Instants are aware date-times, read at UTC+8, which is Asia/Shanghai for every year of the calendar (no summer time);
  a naive one is refused. Fractions of a second are dropped.
- `add_seconds` answers with the instant at which the last second has been used: a limit that is used up at closing time
  ends at closing, not at the next opening.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Any

import attrs

from egov_core.domain.calendar.workdays import FIRST_DAY, LAST_DAY, WorkCalendar
from egov_core.domain.legal import CHINA, instant
from egov_core.errors import CalendarDataError, CalendarRangeError, Fault

_BASE = FIRST_DAY.toordinal()
_LENGTH = LAST_DAY.toordinal() - _BASE + 1
_REMEDY = "Seasons are MM-DD to MM-DD and cover the year once; windows are HH:MM-HH:MM, in order, not overlapping."

Window = tuple[time, time]


def _tuple_of_seasons(seasons: Iterable[Season]) -> tuple[Season, ...]:
    return tuple(seasons)


def _tuple_of_windows(windows: Iterable[Sequence[time]]) -> tuple[Window, ...]:
    return tuple((opening, closing) for opening, closing in windows)


@attrs.frozen(kw_only=True)
class Season:
    """A part of the year, from `first` to `last` (month, day), both included, and its opening windows."""

    first: tuple[int, int]
    last: tuple[int, int]
    windows: tuple[Window, ...] = attrs.field(converter=_tuple_of_windows)

    def covers(self, month_day: tuple[int, int]) -> bool:
        """Whether the season has that day; a season whose `last` is before its `first` runs across the new year."""
        if self.first <= self.last:
            return self.first <= month_day <= self.last
        return month_day >= self.first or month_day <= self.last


@attrs.frozen(kw_only=True)
class OfficeHours:
    """A timetable: its name, its seasons, and on whose word it rests (`basis`).

    Raises `CalendarDataError` with every fault: windows out of order or overlapping, a season without windows, a day of
    the year without a season or in two of them.
    """

    name: str
    seasons: tuple[Season, ...] = attrs.field(converter=_tuple_of_seasons)
    basis: str

    def __attrs_post_init__(self) -> None:
        faults = _season_faults(self.seasons, "$")
        if faults:
            raise CalendarDataError(
                f"the office hours {self.name!r} contradict themselves", faults=faults, remedy=_REMEDY
            )

    def windows(self, day: date) -> tuple[Window, ...]:
        """The windows of that day of the year, whether or not it is a working day."""
        return next(season.windows for season in self.seasons if season.covers((day.month, day.day)))


def _season_faults(seasons: Sequence[Season], root: str) -> list[Fault]:
    faults: list[Fault] = []
    for index, season in enumerate(seasons):
        path = f"{root}.season[{index}]"
        if not season.windows:
            faults.append(Fault(path=f"{path}.windows", code="missing", message="a season needs at least one window"))
        previous: time | None = None
        for number, (opening, closing) in enumerate(season.windows):
            here = f"{path}.windows[{number}]"
            if closing <= opening:
                message = f"closes at {closing:%H:%M}, not after it opens at {opening:%H:%M}"
                faults.append(Fault(path=here, code="closes-early", message=message))
            if previous is not None and opening < previous:
                message = f"opens at {opening:%H:%M}, before the window above it closes at {previous:%H:%M}"
                faults.append(Fault(path=here, code="overlap", message=message))
            if opening.tzinfo or closing.tzinfo or opening.microsecond or closing.microsecond:
                faults.append(Fault(path=here, code="not-plain", message="windows are local times in whole seconds"))
            previous = closing
    uncovered: list[str] = []
    doubled: list[str] = []
    for step in range(366):
        day = date(2000, 1, 1) + timedelta(days=step)  # a leap year: 29 February needs its hours too
        matches = sum(season.covers((day.month, day.day)) for season in seasons)
        if matches != 1:
            (uncovered if matches == 0 else doubled).append(f"{day:%m-%d}")
    for days, code, what in ((uncovered, "uncovered", "in no season"), (doubled, "doubled", "in two seasons")):
        if days:
            message = f"{len(days)} days are {what}, the first is {days[0]}"
            faults.append(Fault(path=f"{root}.season", code=code, message=message))
    return faults


def parse_office_hours(data: Mapping[str, Any], where: str) -> OfficeHours:
    """Read a timetable from a mapping (`name`, `basis`, `[[season]]` with `first`, `last`, `windows`).

    Raises `CalendarDataError` with every fault; paths read `<where>$.season[0].windows[1]`.
    """
    root = f"{where}$"
    faults = [
        Fault(path=f"{root}.{key}", code="unknown-field", message=f"office hours have no field {key!r}")
        for key in data
        if key not in ("name", "basis", "season")
    ]
    for key in ("name", "basis"):
        if not isinstance(data.get(key), str) or not data[key]:
            faults.append(Fault(path=f"{root}.{key}", code="missing", message=f"office hours need their {key}"))
    entries = data.get("season", ())
    if not isinstance(entries, (list, tuple)):
        faults.append(Fault(path=f"{root}.season", code="not-a-list", message="seasons are a list of tables"))
        entries = ()
    seasons: list[Season] = []
    for index, entry in enumerate(entries):
        season = _season(entry, f"{root}.season[{index}]", faults)
        if season is not None:
            seasons.append(season)
    # A season that could not be read leaves a hole in the year that is not the author's mistake.
    if len(seasons) == len(entries):
        faults.extend(_season_faults(seasons, root))
    if faults:
        raise CalendarDataError(f"{where} cannot be read as office hours", faults=faults, remedy=_REMEDY)
    return OfficeHours(name=data["name"], seasons=tuple(seasons), basis=data["basis"])


def _season(entry: Any, path: str, faults: list[Fault]) -> Season | None:
    before = len(faults)
    if not isinstance(entry, Mapping):
        faults.append(Fault(path=path, code="not-a-table", message=f"{entry!r} is not a table"))
        return None
    ends: list[tuple[int, int]] = []
    for key in ("first", "last"):
        try:
            day = date.fromisoformat(f"2000-{entry.get(key)}")
        except ValueError:
            message = f"{entry.get(key)!r} is not a day written MM-DD"
            faults.append(Fault(path=f"{path}.{key}", code="not-a-day", message=message))
        else:
            ends.append((day.month, day.day))
    windows: list[Window] = []
    written = entry.get("windows", ())
    if not isinstance(written, (list, tuple)):
        faults.append(Fault(path=f"{path}.windows", code="not-a-list", message=f"{written!r} is not a list"))
        written = ()
    for number, text in enumerate(written):
        try:
            opening, closing = str(text).split("-")
            windows.append((time.fromisoformat(opening), time.fromisoformat(closing)))
        except ValueError:
            message = f"{text!r} is not a window written HH:MM-HH:MM"
            faults.append(Fault(path=f"{path}.windows[{number}]", code="not-a-window", message=message))
    return None if len(faults) > before else Season(first=ends[0], last=ends[1], windows=tuple(windows))


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


@attrs.frozen(eq=False)
class OfficeClock:
    """Open seconds of one timetable over one calendar. Every answer is at UTC+8.

    Raises `NaiveTimeError` for a naive instant and `CalendarRangeError` outside the calendar.
    """

    calendar: WorkCalendar
    hours: OfficeHours
    # Open seconds before each day of the calendar; one more entry than there are days.
    _before: list[int] = attrs.field(init=False, repr=False)
    # Per (month, day): the windows as pairs of seconds of the day.
    _windows: dict[tuple[int, int], tuple[tuple[int, int], ...]] = attrs.field(init=False, repr=False)

    @_windows.default
    def _windows_by_day(self) -> dict[tuple[int, int], tuple[tuple[int, int], ...]]:
        days = [date(2000, 1, 1) + timedelta(days=step) for step in range(366)]
        return {(d.month, d.day): tuple((_seconds(a), _seconds(b)) for a, b in self.hours.windows(d)) for d in days}

    def __attrs_post_init__(self) -> None:
        lengths = {key: sum(b - a for a, b in windows) for key, windows in self._windows.items()}
        opened = [0] * _LENGTH
        day = self.calendar.on_or_after(FIRST_DAY)
        for step in range(self.calendar.elapsed(day, self.calendar.on_or_before(LAST_DAY)) + 1):
            worked = self.calendar.add(day, step)
            opened[worked.toordinal() - _BASE] = lengths[worked.month, worked.day]
        object.__setattr__(self, "_before", list(accumulate(opened, initial=0)))

    @classmethod
    @functools.lru_cache(maxsize=16)
    def of(cls, calendar: WorkCalendar, hours: OfficeHours) -> OfficeClock:
        """The clock of a timetable over a calendar; the same one for whoever asks again."""
        return cls(calendar, hours)

    def add_seconds(self, instant: datetime, seconds: int) -> datetime:
        """The instant at which `seconds` of open time after `instant` have been used; for 0 `instant` itself.

        Negative seconds go back to the latest instant from which that much open time remains until `instant`.
        """
        local = _local(instant)
        if seconds == 0:
            self._position(local)
            return local
        target = self._position(local) + seconds
        if not 0 <= target <= self._before[-1] or (seconds < 0 and target == self._before[-1]):
            raise _outside(f"{seconds} open seconds from {local.isoformat()}")
        if seconds > 0:
            index = bisect_left(self._before, target) - 1
        else:
            index = bisect_right(self._before, target) - 1
        left = target - self._before[index]
        for opening, closing in self._windows_of(index):
            length = closing - opening
            if left < length or (left == length and seconds > 0):
                return _at(index, opening + left)
            left -= length
        raise AssertionError("the open seconds of a day are the sum of its windows")  # pragma: no cover

    def elapsed_seconds(self, start: datetime, end: datetime) -> int:
        """Open seconds from `start` to `end`, negative where `end` is earlier.

        `add_seconds(s, elapsed_seconds(s, e)) == e` for every `e` inside open time: after the opening of a window up to
        and including its closing when `e` is later, from the opening to before the closing when it is earlier.
        """
        return self._position(_local(end)) - self._position(_local(start))

    def is_open(self, instant: datetime) -> bool:
        """Whether the office is open at that second; at closing time it is not."""
        local = _local(instant)
        index, second = _split(local)
        return self._day_open(index) and any(a <= second < b for a, b in self._windows_of(index))

    def opening(self, day: date) -> datetime | None:
        """When the office first opens on that day; None on a day off."""
        return self._edge(day, first=True)

    def closing(self, day: date) -> datetime | None:
        """When the office finally closes on that day; None on a day off."""
        return self._edge(day, first=False)

    def next_open(self, instant: datetime) -> datetime:
        """`instant` where the office is open at it, else the next moment at which it opens."""
        local = _local(instant)
        index, second = _split(local)
        if self._day_open(index):
            for opening, closing in self._windows_of(index):
                if second < closing:
                    return _at(index, max(opening, second))
        following = self.calendar.add(local.date(), 1)
        index = following.toordinal() - _BASE
        return _at(index, self._windows_of(index)[0][0])

    def _edge(self, day: date, *, first: bool) -> datetime | None:
        if not self.calendar.is_workday(day):
            return None
        index = day.toordinal() - _BASE
        windows = self._windows_of(index)
        return _at(index, windows[0][0] if first else windows[-1][1])

    def _position(self, local: datetime) -> int:
        """Open seconds from the first day of the calendar up to that second."""
        index, second = _split(local)
        total = self._before[index]
        if self._day_open(index):
            for opening, closing in self._windows_of(index):
                if second > opening:
                    total += min(second, closing) - opening
        return total

    def _day_open(self, index: int) -> bool:
        return self._before[index + 1] > self._before[index]

    def _windows_of(self, index: int) -> tuple[tuple[int, int], ...]:
        day = date.fromordinal(_BASE + index)
        return self._windows[day.month, day.day]


def _local(at: datetime) -> datetime:
    if type(at) is datetime and at.tzinfo is CHINA and not at.microsecond:
        return at
    return instant(at)


def _split(local: datetime) -> tuple[int, int]:
    index = local.toordinal() - _BASE
    if not 0 <= index < _LENGTH:
        raise _outside(local.isoformat())
    return index, local.hour * 3600 + local.minute * 60 + local.second


def _at(index: int, second: int) -> datetime:
    day = date.fromordinal(_BASE + index)
    return datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(seconds=second)


def _outside(what: str) -> CalendarRangeError:
    return CalendarRangeError(
        f"{what} lies outside the working calendar", remedy=f"The calendar covers {FIRST_DAY} to {LAST_DAY}."
    )
