"""Working days: which days count, and arithmetic over them.

Rules of this room:

- A calendar is immutable and speaks about 2010-01-01 .. 2040-12-31; outside it refuses.
- A year with a schedule (see `layering`) follows its notice. Any other year is Monday to Friday without the
  regulation's holidays and their Art. 6 substitutes, and such days are provisional unless a notice names them.
- 行政许可法 Art. 82: periods are counted in working days without statutory holidays. 民法典 Art. 201: the day on which
  a period begins is not counted, so `add(day, 1)` is the next working day.
- No day is ever walked: one table gives the number of working days up to a day, another the n-th working day.
- Days are `datetime.date`. A date-time is refused: which day an instant belongs to is the caller's question.
"""

from __future__ import annotations

import functools
import hashlib
import operator
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import accumulate, compress
from typing import NoReturn

import attrs

from egov_core.domain.calendar.layering import (
    NATIONAL,
    Layer,
    Stated,
    horizon_year,
    known_notices,
    overlay,
    scheduled_years,
)
from egov_core.domain.calendar.notices import FIRST_YEAR, LAST_YEAR, Notice
from egov_core.domain.calendar.regulation import Regulation
from egov_core.errors import CalendarRangeError, ClaimError

FIRST_DAY = date(FIRST_YEAR, 1, 1)
LAST_DAY = date(LAST_YEAR, 12, 31)

_BASE = FIRST_DAY.toordinal()
_LENGTH = LAST_DAY.toordinal() - _BASE + 1
_CODES = {"rest": "holiday", "work": "make-up", "ordinary": "ordinary"}
_DIGEST = 16  # hex digits: 64 bits, ample for telling versions of one span apart


@attrs.frozen(kw_only=True)
class DayReason:
    """Why a day counts or does not.

    `code`: `weekday`, `weekend` (no notice names the day), `holiday`, `make-up`, `ordinary` (a notice names it off,
    worked, or put back to its weekday), `statutory-holiday`, `holiday-substitute` (the regulation, where there is no
    schedule). `source`: the number or title of the notice, or the number of the regulation's text.
    """

    counts: bool
    code: str
    source: str
    layer: str
    provisional: bool


@attrs.frozen(kw_only=True, eq=False)
class WorkCalendar:
    """The working days of one place, as known on one day. Made by `build`; compare two by `version`.

    `horizon` is 31 December of the last year of the unbroken run of scheduled years; None where no schedule is known.
    `version` is a short digest of all day kinds and of which of them are provisional.
    """

    known_as_of: date | None
    horizon: date | None
    version: str
    # Working days up to and including a day. Keyed by the date itself: one dict lookup answers, checks the range, and
    # turns away date-times (which never equal a date), in less time than toordinal() and a type check would take.
    _upto: Mapping[date, int] = attrs.field(repr=False)
    _work: list[date] = attrs.field(repr=False)
    _kinds: bytes = attrs.field(repr=False)
    _stated: Mapping[date, Stated] = attrs.field(repr=False)
    _statutory: Mapping[date, tuple[str, str]] = attrs.field(repr=False)
    _sources: Mapping[int, str] = attrs.field(repr=False)
    _provisional_upto: list[int] = attrs.field(repr=False)

    @classmethod
    def build(
        cls,
        notices: Iterable[Notice],
        *,
        regulation: Regulation,
        known_as_of: date | None = None,
        layers: Iterable[Layer] = (),
    ) -> WorkCalendar:
        """Lay the notices published on or before `known_as_of` (all for None) and the layers over the weekdays.

        Raises `CalendarDataError` where two notices of one publication day disagree, `CalendarRangeError` where no text
        of the regulation was known yet.
        """
        national = known_notices(notices, known_as_of)
        stated = overlay(national, layers, known_as_of)
        schedules = scheduled_years(national, regulation, known_as_of)
        sources = {year: notice.name for year, notice in schedules.items()}

        pattern = bytes(1 if (FIRST_DAY.weekday() + step) % 7 < 5 else 0 for step in range(7))
        kinds = bytearray((pattern * (_LENGTH // 7 + 1))[:_LENGTH])
        open_days = bytearray(_LENGTH)
        statutory: dict[date, tuple[str, str]] = {}
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            if year in schedules:
                continue
            days = regulation.days(year, known_as_of=known_as_of)
            sources[year] = days.number
            first, after = date(year, 1, 1).toordinal() - _BASE, date(year + 1, 1, 1).toordinal() - _BASE
            open_days[first:after] = b"\x01" * (after - first)
            statutory.update(dict.fromkeys(days.substitutes, ("holiday-substitute", days.number)))
            statutory.update(dict.fromkeys(days.holidays, ("statutory-holiday", days.number)))
        for day in statutory:
            kinds[day.toordinal() - _BASE] = 0
        for day, statement in stated.items():
            index = day.toordinal() - _BASE
            if 0 <= index < _LENGTH:
                ordinary = statement.kind == "ordinary" and day.weekday() < 5
                kinds[index] = 1 if ordinary or statement.kind == "work" else 0
                open_days[index] = 0

        all_days = _all_days()
        last = horizon_year(schedules)
        return cls(
            known_as_of=known_as_of,
            horizon=None if last is None else date(last, 12, 31),
            version=hashlib.sha256(bytes(kinds) + bytes(open_days)).hexdigest()[:_DIGEST],
            upto=dict(zip(all_days, accumulate(kinds), strict=True)),
            work=list(compress(all_days, kinds)),
            kinds=bytes(kinds),
            stated=stated,
            statutory=statutory,
            sources=sources,
            provisional_upto=list(accumulate(open_days, initial=0)),
        )

    def add(self, day: date, n: int) -> date:
        """The n-th working day strictly after `day`; for negative n the |n|-th strictly before; for 0 `day` itself.

        Raises `CalendarRangeError` where `day` or the result lies outside the calendar, `ClaimError` for a date-time.
        """
        try:
            if n > 0:
                return self._work[self._upto[day] + n - 1]
            if n == 0:
                self._upto[day]  # refuses what is not a day of the calendar
                return day
            index = self._upto[day] - self._kinds[day.toordinal() - _BASE] + n
            if index >= 0:
                return self._work[index]
        except KeyError:
            _refuse(day)
        except IndexError:
            pass
        raise _outside(f"{n} working days from {day}")

    def elapsed(self, start: date, end: date) -> int:
        """Working days in (start, end]; where `end` is earlier, minus the working days in [end, start).

        Backwards the start is again the day left out, so that `add(s, elapsed(s, e)) == e` for every working day `e`.
        Raises as `add` does.
        """
        upto = self._upto
        try:
            if end >= start:
                return upto[end] - upto[start]
            kinds = self._kinds
            before_end = upto[end] - kinds[end.toordinal() - _BASE]
            before_start = upto[start] - kinds[start.toordinal() - _BASE]
            return before_end - before_start
        except (KeyError, TypeError):
            self._index(start)
            self._index(end)
            raise

    def is_workday(self, day: date) -> bool:
        """Whether the day counts. Raises as `add` does."""
        return self._kinds[self._index(day)] == 1

    def on_or_after(self, day: date) -> date:
        """The first working day that is not before `day`. Raises as `add` does."""
        return day if self.is_workday(day) else self.add(day, 1)

    def on_or_before(self, day: date) -> date:
        """The last working day that is not after `day`. Raises as `add` does."""
        return day if self.is_workday(day) else self.add(day, -1)

    def first_day_after_rest(self, day: date) -> date:
        """`day`, or where it is a day off the first working day after it (民法典 Art. 203).

        The law says 法定休假日; plain weekends are treated alike, and a make-up working weekend does not move.
        """
        return self.on_or_after(day)

    def is_provisional(self, day: date) -> bool:
        """Whether the day's kind is computed, not published: no schedule for its year and no notice that names it."""
        index = self._index(day)
        return self._provisional_upto[index + 1] > self._provisional_upto[index]

    def span_provisional(self, start: date, end: date) -> bool:
        """Whether any day from `start` to `end`, both included and in either order, is provisional."""
        first, last = self._index(start), self._index(end)
        if last < first:
            first, last = last, first
        return self._provisional_upto[last + 1] > self._provisional_upto[first]

    def reason(self, day: date) -> DayReason:
        """Why the day counts or not, and who said so. Raises as `add` does."""
        counts = self.is_workday(day)
        provisional = self.is_provisional(day)
        statement = self._stated.get(day)
        if statement is not None:
            code, source, layer = _CODES[statement.kind], statement.notice.name, statement.layer
        else:
            plain = ("weekday" if day.weekday() < 5 else "weekend", self._sources[day.year])
            (code, source), layer = self._statutory.get(day, plain), NATIONAL
        return DayReason(counts=counts, code=code, source=source, layer=layer, provisional=provisional)

    def digest(self, start: date, end: date) -> str:
        """A short digest of which days from `start` to `end` (both included, either order) are worked.

        Nothing outside the span changes it, nor does a provisional day that is published as computed.
        """
        first, last = sorted((self._index(start), self._index(end)))
        span = first.to_bytes(2, "big") + self._kinds[first : last + 1]
        return hashlib.sha256(span).hexdigest()[:_DIGEST]

    def changed_days(self, after: WorkCalendar) -> tuple[date, ...]:
        """The days that are worked here and off in `after`, or the other way round, in order."""
        return tuple(compress(_all_days(), map(operator.ne, self._kinds, after._kinds)))

    def span_to(self, after: WorkCalendar) -> tuple[date, date] | None:
        """From the first to the last day whose kind, or whose being provisional, is another in `after`."""
        ours, theirs = self._marks(), after._marks()
        if ours == theirs:
            return None
        differ = tuple(compress(_all_days(), map(operator.ne, ours, theirs)))
        return differ[0], differ[-1]

    def _marks(self) -> list[tuple[int, int]]:
        """Of each day whether it is worked, and whether it is provisional."""
        open_days = map(operator.sub, self._provisional_upto[1:], self._provisional_upto)
        return list(zip(self._kinds, open_days, strict=True))

    def _index(self, day: date) -> int:
        if not isinstance(day, date) or isinstance(day, datetime):
            _refuse(day)
        index = day.toordinal() - _BASE
        if not 0 <= index < _LENGTH:
            _refuse(day)
        return index


@functools.lru_cache(maxsize=1)
def _all_days() -> tuple[date, ...]:
    """Every day of the calendar; made once, since every calendar shares them."""
    return tuple(map(date.fromordinal, range(_BASE, _BASE + _LENGTH)))


def _refuse(day: object) -> NoReturn:
    if isinstance(day, date) and not isinstance(day, datetime):
        raise _outside(day.isoformat())
    raise ClaimError(
        f"{day!r} is not a calendar day",
        remedy="Give a datetime.date; of an aware date-time take the date at Asia/Shanghai.",
    )


def _outside(what: str) -> CalendarRangeError:
    return CalendarRangeError(
        f"{what} lies outside the working calendar",
        remedy=f"The calendar covers {FIRST_DAY} to {LAST_DAY}.",
        first=FIRST_DAY.isoformat(),
        last=LAST_DAY.isoformat(),
    )
