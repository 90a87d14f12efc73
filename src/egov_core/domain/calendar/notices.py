"""Notices: what one State Council notice (or one local order) says about days.

Rules of this room:

- A notice states days and nothing else: `rest` (off), `work` (worked, whatever the weekday) and `ordinary` (put back to
  what the weekday says). It never repeats a notice that it amends.
- A notice carries its number and the day it was published, so that a calendar can be asked as it was known on a day.
- It may name days of the neighbouring years (2018-12-29 stands in the notice for 2019), never further away.
- A mapping that cannot be read is refused once, with everything that is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from egov_core.errors import CalendarDataError, Fault

FIRST_YEAR = 2010
LAST_YEAR = 2040

# No holiday in China lasts this long: a longer range is a slip of the pen in one of its two dates.
_LONGEST_RANGE = 31

_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_REMEDY = "Correct the notice file; dates are YYYY-MM-DD, ranges YYYY-MM-DD..YYYY-MM-DD."
_FIELDS = ("number", "title", "year", "published", "source", "amends", "rest", "work", "ordinary")


def _sorted_days(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))


@attrs.frozen(kw_only=True)
class Notice:
    """One published notice on days off and make-up working days (国务院办公厅…部分节假日安排的通知, or a local order).

    `number` is the official 文号, empty where it is not known. `year` is the year the notice speaks about, `published`
    the day from which it was public. `amends` names the notice it changes (by number, or by title where there is no
    number); a notice with `amends` never counts as a year's schedule. The three day lists are sorted and unique.

    Raises `CalendarDataError` when the same day is stated in two ways, or a day lies outside year - 1 .. year + 1.
    """

    title: str
    year: int
    published: date
    number: str = ""
    source: str = ""
    amends: str = ""
    rest: tuple[date, ...] = attrs.field(default=(), converter=_sorted_days)
    work: tuple[date, ...] = attrs.field(default=(), converter=_sorted_days)
    ordinary: tuple[date, ...] = attrs.field(default=(), converter=_sorted_days)

    def __attrs_post_init__(self) -> None:
        faults = _day_faults(self.year, self.rest, self.work, self.ordinary, "$")
        if faults:
            raise CalendarDataError(f"{self.name} contradicts itself", faults=faults, remedy=_REMEDY)

    @property
    def name(self) -> str:
        """How the notice is cited: its number, or its title where the number is not known."""
        return self.number or self.title

    def is_called(self, name: str) -> bool:
        """Whether this is its number or its title, by which another notice says that it amends it."""
        return name != "" and name in (self.number, self.title)

    def contradicted(self, other: Notice) -> tuple[date, ...]:
        """The days that both name and of which `other` says something else, in order."""
        ours, theirs = self._kinds(), other._kinds()
        return tuple(sorted(day for day in ours.keys() & theirs.keys() if ours[day] != theirs[day]))

    def differing(self, other: Notice) -> tuple[date, ...]:
        """The days of which the two do not say the same, those that only one of them names among them, in order."""
        ours, theirs = self._kinds(), other._kinds()
        return tuple(sorted(day for day in ours.keys() | theirs.keys() if ours.get(day) != theirs.get(day)))

    def _kinds(self) -> dict[date, str]:
        named = (("rest", self.rest), ("work", self.work), ("ordinary", self.ordinary))
        return {day: kind for kind, days in named for day in days}

    def says_the_same(self, other: Notice) -> bool:
        """Whether both state the same days on the same publication day; wording and source may differ."""
        return self._stated() == other._stated()

    def _stated(self) -> tuple[object, ...]:
        return self.year, self.published, self.amends, self.rest, self.work, self.ordinary


def parse_notice(data: Mapping[str, Any], where: str) -> Notice:
    """Read one notice from a mapping (as TOML or JSON gives it); `where` names the file in faults.

    Days are `YYYY-MM-DD` strings or dates; a range is `"A..B"`, both ends included.

    Raises `CalendarDataError` with one `Fault` for every thing that is wrong; paths read `<where>$.rest[2]`.
    """
    root = f"{where}$"
    faults = [
        Fault(path=f"{root}.{key}", code="unknown-field", message=f"a notice has no field {key!r}")
        for key in data
        if key not in _FIELDS
    ]

    texts: dict[str, str] = {}
    for key in ("number", "title", "source", "amends"):
        value = data.get(key, "")
        if not isinstance(value, str):
            faults.append(Fault(path=f"{root}.{key}", code="not-text", message=f"{value!r} is not text"))
        texts[key] = value if isinstance(value, str) else ""
        if key in ("number", "amends") and key in data and value == texts[key] and not value.strip():
            message = "is empty; leave the key out where there is nothing to say"
            faults.append(Fault(path=f"{root}.{key}", code="empty", message=message))
    if "title" not in data or (isinstance(data["title"], str) and not data["title"].strip()):
        faults.append(Fault(path=f"{root}.title", code="missing", message="a notice needs its title"))
    if texts["amends"] and texts["amends"] in (texts["number"], texts["title"]):
        faults.append(Fault(path=f"{root}.amends", code="amends-itself", message="a notice cannot amend itself"))

    year = data.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or not FIRST_YEAR <= year <= LAST_YEAR:
        shown = "is missing; it is" if year is None else f"{year!r} is not"
        message = f"{shown} a year from {FIRST_YEAR} to {LAST_YEAR}"
        faults.append(Fault(path=f"{root}.year", code="year", message=message))
        year = None
    published = _one_day(data.get("published"), f"{root}.published", faults)
    if year is not None and published is not None and not year - 2 <= published.year <= year:
        message = f"published on {published}, which is not in the two years before {year} nor in it"
        faults.append(Fault(path=f"{root}.published", code="published", message=message))

    lists = {key: _day_list(data.get(key, ()), f"{root}.{key}", faults) for key in ("rest", "work", "ordinary")}
    if not any(data.get(key) for key in lists):
        faults.append(Fault(path=root, code="empty", message="a notice must state at least one day"))
    faults.extend(_day_faults(year, lists["rest"], lists["work"], lists["ordinary"], root))

    if faults or year is None or published is None:
        raise CalendarDataError(f"{where} cannot be read as a notice", faults=faults, remedy=_REMEDY)
    return Notice(
        number=texts["number"],
        title=texts["title"],
        year=year,
        published=published,
        source=texts["source"],
        amends=texts["amends"],
        rest=lists["rest"],
        work=lists["work"],
        ordinary=lists["ordinary"],
    )


def _day_faults(
    year: int | None, rest: Iterable[date], work: Iterable[date], ordinary: Iterable[date], root: str
) -> list[Fault]:
    """Days stated in two ways, and days too far from the notice's year."""
    faults: list[Fault] = []
    said: dict[date, str] = {}
    for kind, days in (("rest", rest), ("work", work), ("ordinary", ordinary)):
        for day in sorted(set(days)):
            if day in said:
                message = f"{day} is stated both as {said[day]} and as {kind}"
                faults.append(Fault(path=f"{root}.{kind}", code="stated-twice", message=message))
            said.setdefault(day, kind)
            if year is not None and abs(day.year - year) > 1:
                message = f"{day} is more than a year away from {year}"
                faults.append(Fault(path=f"{root}.{kind}", code="far-day", message=message))
    return faults


def _one_day(value: Any, path: str, faults: list[Fault]) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        # fromisoformat also takes 20260101 and 2026-W01-1; a notice file keeps to one way of writing.
        if day is not None and day.isoformat() == value:
            return day
    if value is None:
        faults.append(Fault(path=path, code="missing", message="is missing; it is a date written YYYY-MM-DD"))
        return None
    shown = value.isoformat() if isinstance(value, datetime) else value
    message = f"{shown!r} is not a date written YYYY-MM-DD"
    if isinstance(value, str) and _WRITTEN.fullmatch(value):
        message = f"there is no day {value}"
    faults.append(Fault(path=path, code="not-a-date", message=message))
    return None


def _day_list(value: Any, path: str, faults: list[Fault]) -> list[date]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        faults.append(Fault(path=path, code="not-a-list", message=f"{value!r} is not a list of days"))
        return []
    days: list[date] = []
    for index, entry in enumerate(value):
        here = f"{path}[{index}]"
        for day in _entry_days(entry, here, faults):
            if day in days:
                faults.append(Fault(path=here, code="repeated", message=f"{day} is named twice in this list"))
            else:
                days.append(day)
    return days


def _entry_days(entry: Any, here: str, faults: list[Fault]) -> list[date]:
    if not (isinstance(entry, str) and ".." in entry):
        day = _one_day(entry, here, faults)
        return [] if day is None else [day]
    left, right = entry.split("..", 1)
    first, last = _one_day(left, here, faults), _one_day(right, here, faults)
    if first is None or last is None:
        return []
    if last < first:
        faults.append(Fault(path=here, code="range-reversed", message=f"{entry} ends before it begins"))
        return []
    length = (last - first).days + 1
    if length > _LONGEST_RANGE:
        message = f"{entry} covers {length} days; a range may cover {_LONGEST_RANGE}"
        faults.append(Fault(path=here, code="range-too-long", message=message))
        return []
    return [first + timedelta(days=step) for step in range(length)]
