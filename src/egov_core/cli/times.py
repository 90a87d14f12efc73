"""What people type for times, limits, pauses and extensions.

Rules of this room: a time without an offset is read in the zone of the law (the Python API refuses it); the wrong
form is refused by click with the accepted form in the message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from egov_core.domain.calendar.hours import OfficeClock, OfficeHours
from egov_core.domain.calendar.workdays import WorkCalendar
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import AS_GIVEN, CHINA, instant, start_of
from egov_core.domain.periods import Limit, Period, parse_limit
from egov_core.domain.timers.reckoning import Extension, Pause
from egov_core.errors import CalendarRangeError, ClaimError, ExtensionRefusedError, PauseRefusedError, PeriodError
from egov_core.runtime.shipped import national_calendar, office_hours, read_notice_file, read_office_hours
from egov_core.sheets.signs import half_width


@attrs.frozen
class Moment:
    """A time as typed: the instant, and whether only a day was given."""

    at: datetime
    is_day: bool


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


class _NoSuchTimeError(ValueError):
    """It is written as it should be, and there is no such day or time; its text is the sentence to show."""


def read_day(text: str) -> date:
    """A date as 2016-04-22; the other spellings of ISO 8601 are easily misread. Raises ValueError."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _NoSuchTimeError(f"there is no day {text}") from None


def read_moment(text: str) -> Moment:
    """A date, or a time with or without offset. Raises ValueError."""
    if _DAY.fullmatch(text):
        return Moment(start_of(read_day(text)), is_day=True)
    if not _TIME.fullmatch(text):
        raise ValueError(text)
    day = read_day(text[:10])
    if text[11:16] == "24:00":  # 民法典 203 speaks of it; some releases of Python read it and some do not
        following = "00:00 of the day after" if day == date.max else f"{day + timedelta(days=1)}T00:00"
        raise _NoSuchTimeError(f"there is no time {text[11:]}: write {following}, or {day} for a whole day")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _NoSuchTimeError(f"there is no time {text[11:]}") from None
    try:
        return Moment(instant(at if at.tzinfo else at.replace(tzinfo=CHINA)), is_day=False)
    except CalendarRangeError as error:  # a first or last day of all time, at another offset
        raise _NoSuchTimeError(error.message) from error


PAUSE_KINDS = tuple(kind.value for kind in PauseKind)
"""What a pause may be called: the eight procedures of 行政许可法 45, and the local ones that a place may switch on."""
_OF_THE_LAW = "、".join(kind.value for kind in PauseKind if not kind.is_local)
_LOCAL = "、".join(kind.value for kind in PauseKind if kind.is_local)


@attrs.frozen
class TypedPause:
    """A pause as typed. Whether it is one is asked later: a refused pause is shown beside the result without it."""

    text: str
    first: Moment
    last: Moment | None
    declared: str
    kind: str

    def pause(self) -> Pause:
        """The pause. Raises PauseRefusedError."""
        if self.last is not None and self.last.is_day is not self.first.is_day:
            raise self._refused(
                "begins with a day and ends with a time, or the other way round", "give both as dates or both as times"
            )
        if self.kind and self.kind not in PAUSE_KINDS:
            raise self._refused(
                f"is of no known kind: {self.kind}",
                f"name a procedure of 行政许可法 45 ({_OF_THE_LAW}) or a local one ({_LOCAL}), which in an office "
                "stops the clock only where [time] local-pauses names it; or leave @ and the kind out",
            )
        try:
            return Pause(
                start=self.first.at,
                end=None if self.last is None else self.last.at,
                declared=_read_period(self.declared) if self.declared else None,
                by_dates=self.first.is_day,
                kind=self.kind,
            )
        except PeriodError as error:
            raise self._refused(f"is void: {error.message}", error.remedy) from error

    def _refused(self, why: str, remedy: str) -> PauseRefusedError:
        return PauseRefusedError(f"the pause {self.text} {why}", remedy=remedy, pause=self.text)


@attrs.frozen
class TypedExtension:
    """An extension as typed; like a pause it may be refused beside the result without it."""

    text: str
    amount: str
    approved: Moment

    def extension(self) -> Extension:
        """The extension. Raises ExtensionRefusedError."""
        try:
            return Extension(amount=_read_period(self.amount), approved_at=self.approved.at)
        except PeriodError as error:
            raise ExtensionRefusedError(
                f"the extension {self.text} is void: {error.message}", remedy=error.remedy, extension=self.text
            ) from error


if TYPE_CHECKING:
    _ParamType = click.ParamType[Any]
else:  # generic for the type checker only: older releases of click cannot be subscripted
    _ParamType = click.ParamType


_ARTICLE = {"extension": "an"}


class _Typed(_ParamType):
    """A click type from a reading function.

    What cannot be read at all is a wrong option, which click refuses with the form that is taken. What can be read and
    cannot be, such as minus five days, is an error of ours, with code, data and remedy.
    """

    def __init__(self, name: str, read: Callable[[str], Any], form: str) -> None:
        self.name = name
        self._read = read
        self._form = form

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._read(value)
        except ClaimError as error:
            if "amount" in error.data:
                raise
            self.fail(f"{error.message}; {error.remedy}", param, ctx)
        except _NoSuchTimeError as error:
            self.fail(
                f"{value!r}: {error}; {_ARTICLE.get(self.name, 'a')} {self.name} has the form {self._form}", param, ctx
            )
        except ValueError:
            self.fail(f"{value!r} is not of the form {self._form}", param, ctx)


def _read_pause(text: str) -> TypedPause:
    spans, at, kind = text.partition("@")
    span, slash, declared = spans.partition("/")
    begin, dots, end = span.partition("..")
    if not dots or (at and not kind):
        raise ValueError(text)
    if slash:
        _is_written_as_a_period(declared)
    return TypedPause(
        text=text,
        first=read_moment(begin),
        last=read_moment(end) if end else None,
        declared=declared,
        kind=kind,
    )


def _read_extension(text: str) -> TypedExtension:
    amount, at, approved = text.partition("@")
    if not at:
        raise ValueError(text)
    _is_written_as_a_period(amount)
    return TypedExtension(text=text, amount=amount, approved=read_moment(approved))


def _is_written_as_a_period(text: str) -> None:
    """Raise PeriodError for what is no amount and unit; whether such an amount can be is asked later."""
    try:
        _read_period(text)
    except PeriodError as error:
        if "amount" not in error.data:
            raise


def _read_period(text: str) -> Period:
    limit = parse_limit(text)
    if not isinstance(limit, Period):
        raise PeriodError(f"{text!r} is not a period", remedy="write a number and a unit, for example 10wd")
    return limit


def read_any_limit(text: str) -> Limit:
    """A limit as the library writes it, or as an office does in a cell of its catalogue: 20个工作日, 即办."""
    plain = half_width(text)
    try:
        return parse_limit(plain)
    except PeriodError as error:
        if "amount" in error.data or plain.isascii():
            raise
        from egov_core.sheets.limits.plain import NotPlain, read_plain_limit  # few type it, and it takes a while

        found = read_plain_limit(text, basis=AS_GIVEN)
        if isinstance(found, NotPlain):
            raise PeriodError(error.message, remedy=f"{error.remedy}; {found.message}") from error
        return found


MOMENT = _Typed("time", read_moment, "2016-04-22 or 2016-04-22T09:30:00[+08:00]")
DAY = _Typed("date", read_day, "2016-04-22")
LIMIT = _Typed("limit", read_any_limit, "20wd, 15d, 1m, 1y, 7wh, 24h, immediate, none")
PERIOD = _Typed("period", _read_period, "10wd")
PAUSE = _Typed(
    "pause",
    _read_pause,
    "A..B[/declared][@kind] or A..[/declared][@kind], as 2018-11-12..2018-11-30/10wd@检测",
)
EXTENSION = _Typed("extension", _read_extension, "10wd@2016-09-20")


def calendar_of(known_as_of: date | None, files: Iterable[str]) -> WorkCalendar:
    """The national calendar as known on a day, with further notices from files."""
    return national_calendar(known_as_of=known_as_of, extra=tuple(read_notice_file(path) for path in files))


def hours_of(name: str) -> OfficeHours:
    """A shipped timetable by name, or a file: what ends in `.toml`, or has a folder in front."""
    return read_office_hours(name) if name.endswith(".toml") or Path(name).name != name else office_hours(name)


def clock_of(calendar: WorkCalendar, name: str | None) -> OfficeClock:
    """The office clock on this calendar; the library's standard hours where none are named."""
    return OfficeClock.of(calendar, hours_of(name or "standard"))
