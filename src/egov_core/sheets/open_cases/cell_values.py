"""What stands in one cell of a file of open cases: a time, a limit, a list.

Rules of this room: the whole cell is read, or it is refused with a sentence that says what to write; nothing is
guessed. A day without a time is kept as such: where in the day it lies follows from what it stands beside.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

import attrs

from egov_core.domain.legal import CHINA, LegalBasis
from egov_core.domain.periods import Limit, NoLimit, Period, parse_limit
from egov_core.errors import PeriodError
from egov_core.sheets.limits.plain import NotPlain, read_plain_limit
from egov_core.sheets.signs import half_width, shown

FORMER_BASIS = LegalBasis(instrument="原系统登记", assumed=True)
"""Where a limit comes from that the earlier system had and the catalogue has not."""

_WHEN = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)"
    r"(?:[ T]*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?",
    re.ASCII,
)
_PLAIN = re.compile(r"\d{1,4}(?:\.0+)?", re.ASCII)
_WRITTEN = re.compile(r"[\d.]+(?:wd|wh|d|m|y|h)|immediate|none", re.ASCII)
NOTHING = frozenset({"无", "没有", "none"})


@attrs.frozen
class When:
    """A time as it stands in a cell: its first instant, and whether only the day is known."""

    at: datetime
    is_day: bool


def read_when(text: str) -> When | str:
    """A day, or a day with a time; else why it is none. Midnight is how spreadsheets write a day without a time."""
    found = _WHEN.fullmatch(half_width(text).strip())
    if found is None:
        return f"“{shown(text)}” is no day or time; write 2026-03-02 or 2026-03-02 09:30"
    year, *days = found.groups()[:9]
    month, day = (one for one in days if one is not None)
    hour, minute, second = (int(one or 0) for one in found.groups()[9:])
    try:
        at = datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=CHINA)
    except ValueError:
        return f"“{shown(text)}”: there is no such day or time"
    return When(at, is_day=(hour, minute, second) == (0, 0, 0))


def read_days(text: str) -> Period | str:
    """An amount of time: a bare number is working days, since the heading says so; else why it is none."""
    plain = half_width(text).strip()
    if _PLAIN.fullmatch(plain):
        plain = f"{int(Decimal(plain))}wd"
    limit = _limit(plain)
    if isinstance(limit, str):
        return limit
    return limit if isinstance(limit, Period) else f"“{shown(text)}” is no number of days; write 10 or 10个工作日"


def read_former_limit(text: str) -> Limit | str:
    """A limit of the earlier system, 无 where there was none; else why it is none."""
    plain = half_width(text).strip()
    if plain in NOTHING:
        return NoLimit(basis=FORMER_BASIS)
    return _limit(plain)


def read_list(text: str) -> tuple[str, ...]:
    """What a cell names, with semicolons, 、 or line breaks between."""
    return tuple(part for one in re.split(r"[;；、\n]", text) if (part := one.strip()))


def _limit(plain: str) -> Limit | str:
    if _WRITTEN.fullmatch(plain):
        try:
            return parse_limit(plain, basis=FORMER_BASIS)
        except PeriodError as error:
            return f"{error.message}; {error.remedy}"
    try:
        found = read_plain_limit(plain, basis=FORMER_BASIS)
    except PeriodError as error:
        return f"{error.message}; {error.remedy}"
    return found.message if isinstance(found, NotPlain) else found
