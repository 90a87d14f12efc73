"""Legal bases and the time zone of the law: the floor of the domain.

Rules of this room: values only. A number of the law (a limit, a threshold, a score) cannot be built without saying
where it comes from, so everything above takes a `LegalBasis`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import attrs

from egov_core.errors import CalendarRangeError, Fault, NaiveTimeError

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The one time zone of the law. A constant offset, not a zone file: this floor reads none, and the calendar begins long
after the last summer time (1991)."""

ONE_SECOND = timedelta(seconds=1)
_FIRST_SECOND, _LAST_SECOND = time(0), time(23, 59, 59)


@attrs.frozen(kw_only=True)
class LegalBasis:
    """Where a rule comes from: the instrument, the article, and from when it holds.

    `assumed` marks a reading of ours where law and notice are silent; such a basis is shown as one.
    """

    instrument: str
    article: str = ""
    in_force: date | None = None
    assumed: bool = False

    def __str__(self) -> str:
        return f"{self.instrument}{self.article}"

    @property
    def is_cell(self) -> bool:
        """Whether it is no law but the cell of a list or form in which the figure was filled in: `a.csv F5`."""
        return self.assumed and self.article.startswith(" ")


def parse_basis(value: Any, path: str, faults: list[Fault]) -> LegalBasis:
    """A basis from a table `{ instrument, article, in-force }`; what is wrong with it is added to `faults`."""
    if not isinstance(value, Mapping):
        faults.append(Fault(path, "missing", "must be a table with instrument, article and in-force"))
        return LegalBasis(instrument="")
    faults += [
        Fault(f"{path}.{key}", "unknown-field", "is not a key; known are instrument, article, in-force")
        for key in value
        if key not in ("instrument", "article", "in-force")
    ]
    instrument, article, in_force = value.get("instrument"), value.get("article", ""), value.get("in-force")
    if not isinstance(instrument, str) or not instrument:
        faults.append(Fault(f"{path}.instrument", "missing", "must name the law or the rule"))
        instrument = ""
    if not isinstance(article, str):
        faults.append(Fault(f"{path}.article", "type", "must be a text"))
        article = ""
    if in_force is not None and (not isinstance(in_force, date) or isinstance(in_force, datetime)):
        faults.append(Fault(f"{path}.in-force", "type", "must be a date: 2018-10-01, without quotes"))
        in_force = None
    return LegalBasis(instrument=instrument, article=article, in_force=in_force)


AS_GIVEN = LegalBasis(instrument="as given by the caller", assumed=True)
"""For limits typed on a command line, where no instrument is known."""

LICENSING_ACT = "《中华人民共和国行政许可法》"
CIVIL_CODE = "《中华人民共和国民法典》"


def instant(value: datetime) -> datetime:
    """Return `value` in the zone of the law, whole seconds; fractions are dropped (they decide nothing in law).

    Raises NaiveTimeError when `value` has no offset, CalendarRangeError when it lies before or after all time there.
    """
    if not isinstance(value, datetime):
        raise NaiveTimeError(
            f"{value!r} is no date-time", remedy="give an aware datetime, for example start_of(date(2016, 4, 22))"
        )
    if value.tzinfo is None:
        raise NaiveTimeError(
            f"{value.isoformat()} has no offset, so it names no instant",
            remedy="give an aware datetime, for example datetime(2016, 4, 22, 9, tzinfo=CHINA)",
            value=value.isoformat(),
        )
    if value.tzinfo is not CHINA:
        try:
            value = value.astimezone(CHINA)
        except OverflowError:
            raise CalendarRangeError(
                f"{value.isoformat()} lies outside the working calendar",
                remedy="give a time in the years of the calendar, 2010 to 2040",
                value=value.isoformat(),
            ) from None
    return value.replace(microsecond=0) if value.microsecond else value


def start_of(day: date) -> datetime:
    """00:00:00 of `day`."""
    return datetime.combine(day, _FIRST_SECOND, CHINA)


def end_of(day: date) -> datetime:
    """23:59:59 of `day`, the last second that is in time (民法典 203)."""
    return datetime.combine(day, _LAST_SECOND, CHINA)


def is_in_force(day: date, valid_from: date, valid_to: date | None) -> bool:
    """Whether `day` lies in [`valid_from`, `valid_to`); an open end is for ever."""
    return valid_from <= day and (valid_to is None or day < valid_to)
