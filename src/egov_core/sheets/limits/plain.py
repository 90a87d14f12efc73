"""From a reading to a limit that a timer may run on: only where the cell says exactly that.

Rules of this room: a refusal costs somebody a minute; a wrong timer costs a red card. A remark, a branch, a second
limit, another start than acceptance, an open day or an unread rest: each is refused, with a code and the way out.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import attrs

from egov_core.domain.legal import LegalBasis
from egov_core.domain.periods import Immediate, Limit, NoLimit, Period, Unit
from egov_core.errors import PeriodError
from egov_core.sheets.limits.joining import all_remarks
from egov_core.sheets.limits.leaving import leaves_as_is, says_nothing_else, words_beside
from egov_core.sheets.limits.quantities import LOOSE
from egov_core.sheets.limits.reader import read_limit
from egov_core.sheets.limits.stated import LimitKind, LimitReading, LimitUnit, RemarkCode, StatedLimit
from egov_core.sheets.numerals import plainly
from egov_core.sheets.signs import shown


@attrs.frozen
class NotPlain:
    """Why a cell is not a plain limit: a stable code and a sentence with the way out."""

    code: str
    message: str


_UNITS = {
    LimitUnit.WORKING_DAY: Unit.WORKING_DAY,
    LimitUnit.DAY: Unit.DAY,
    LimitUnit.MONTH: Unit.MONTH,
    LimitUnit.YEAR: Unit.YEAR,
    LimitUnit.WORKING_HOUR: Unit.WORKING_HOUR,
    LimitUnit.HOUR: Unit.HOUR,
}


@attrs.frozen
class WithWords:
    """A limit, and the words of its cell that do not change when it is due but that somebody has to know."""

    limit: Limit
    words: tuple[str, ...]


_OTHER_KIND = {LimitKind.STATUTORY: LimitKind.PROMISED, LimitKind.PROMISED: LimitKind.STATUTORY}


def plain_limit(reading: LimitReading, *, kind: LimitKind = LimitKind.UNSAID) -> Limit | NotPlain:
    """The one limit that a reading plainly states, or why it does not state one.

    `kind` is the column the cell stands in: `20个工作日` alone is of that kind, and of a cell that names both limits
    the one of that kind is taken. Without a kind a cell that names one is refused.
    """
    stated = _chosen(reading, kind)
    if isinstance(stated, NotPlain):
        return stated
    other = _beside(reading, stated)
    if other is not None and isinstance(refused := _made(reading, other), NotPlain):
        return refused  # half of what the cell says would be lost
    return _made(reading, stated)


def read_limit_with_words(text: str, *, basis: LegalBasis, kind: LimitKind) -> WithWords | NotPlain:
    """The limit of a cell that says more than a plain one, where all it says besides leaves the limit as it is.

    不含公示时间 is time for which a clock is paused anyway, 可延长10个工作日 is what somebody has to decide first, and
    材料齐全 is so of every application that is accepted. Whatever else stands beside a limit is refused as before.
    """
    reading = _reading(text, basis)
    stated = _chosen(reading, kind, extensions=True)
    if isinstance(stated, NotPlain):
        return stated
    other = _beside(reading, stated)
    for one in (stated, *(() if other is None else (other,))):
        if isinstance(made := _made(reading, one, says_no_more=leaves_as_is), NotPlain):
            return made
    made = _made(reading, stated, says_no_more=leaves_as_is)
    return made if isinstance(made, NotPlain) else WithWords(made, words_beside(reading))


def limit_beside(text: str, *, basis: LegalBasis, kind: LimitKind, with_words: bool = False) -> Limit | None:
    """What the cell of a column says of the other kind of limit; `with_words` as in `read_limit_with_words`.

    法定45个工作日,承诺15个工作日 says both in either column, and 法定45个工作日 in that of the promise only the other.
    """
    if not any(word in "".join(text.split()) for word in ("法定", "承诺")):
        return None  # most cells name neither, and need no second reading
    reading, says_no_more = _reading(text, basis), leaves_as_is if with_words else says_nothing_else
    stated = _chosen(reading, kind, extensions=with_words)
    if isinstance(stated, NotPlain):
        other = _chosen(reading, _OTHER_KIND[kind], extensions=with_words)
        is_named = not isinstance(other, NotPlain) and other.kind is _OTHER_KIND[kind]
        # 即办件;法定20个工作日 says of the promise too, and not in words that a timer could run on
        is_all = all(remark.code is not RemarkCode.CASE_TYPE for remark in all_remarks(reading))
        made = None
        if is_named and is_all and not isinstance(other, NotPlain):
            made = _made(reading, other, says_no_more=says_no_more)
    else:
        # 法定45日,承诺20个工作日: where the column's own limit is open, the cell is a fault and not a cell of the other
        is_open = isinstance(_made(reading, stated, says_no_more=says_no_more), NotPlain)
        beside = None if is_open else _beside(reading, stated)
        made = None if beside is None else _made(reading, beside, says_no_more=says_no_more)
    return None if isinstance(made, NotPlain) else made


def _beside(reading: LimitReading, stated: StatedLimit) -> StatedLimit | None:
    """The other limit of a cell that names both; `stated` is the one that was chosen."""
    standing = (limit for limit in reading.limits if not limit.is_part and not limit.kind.is_extension)
    return next((limit for limit in standing if limit is not stated), None)


def _made(
    reading: LimitReading,
    stated: StatedLimit,
    *,
    says_no_more: Callable[[LimitReading, StatedLimit], bool] | None = None,
) -> Limit | NotPlain:
    text, basis = reading.text, reading.basis
    if not (says_no_more or says_nothing_else)(reading, stated):
        return _not_plain(text)
    if stated.unit is LimitUnit.IMMEDIATE:
        return Immediate(basis=basis)
    if stated.unit is LimitUnit.NONE or stated.amount is None:
        return NoLimit(basis=basis)
    if stated.unit is LimitUnit.OPEN_DAY:
        said = f"{stated.amount.normalize():f}"
        return NotPlain(
            "limit-bare-day",
            f"“{shown(text)}” does not say which days; write {said}个工作日 or {said}个自然日",
        )
    if stated.unit not in _UNITS:
        return NotPlain("limit-unit", _other_unit(text))
    if stated.amount == 0:
        return NotPlain("limit-zero", f"“{shown(text)}” is no time at all; for on-the-spot items write 即办")
    try:
        return Period(amount=stated.amount, unit=_UNITS[stated.unit], basis=basis)
    except PeriodError as error:
        return NotPlain("limit-amount", f"“{shown(text)}”: {error.message}; {error.remedy}")


@functools.lru_cache(maxsize=4096)
def _reading(text: str, basis: LegalBasis) -> LimitReading:
    """The reading of a cell, which is asked twice: for its own limit, and for what it says of the other."""
    return read_limit(text, basis=basis)


def read_plain_limit(text: str, *, basis: LegalBasis, kind: LimitKind = LimitKind.UNSAID) -> Limit | NotPlain:
    """The limit that `text` plainly states, or why it does not state one."""
    return plain_limit(_reading(text, basis), kind=kind)


def _not_plain(text: str) -> NotPlain:
    return NotPlain("limit-not-plain", f"“{shown(text)}” is not one plain limit; write for example 20个工作日")


def _chosen(reading: LimitReading, kind: LimitKind, *, extensions: bool = False) -> StatedLimit | NotPlain:
    """The limit of the cell that is asked for; `extensions`: how much longer it may become does not count as one."""
    if any(part.reason != "units-differ" for part in reading.unread) or not reading.limits:
        return _unread(reading) if reading.unread else _not_plain(reading.text)
    standing = [limit for limit in reading.limits if not limit.is_part]
    standing = [limit for limit in standing if not (extensions and limit.kind.is_extension)]
    if len(standing) == 1 and standing[0].kind in (LimitKind.UNSAID, kind):
        return standing[0]
    of_kind = [limit for limit in standing if limit.kind is kind]
    kinds = {limit.kind for limit in standing}
    is_pair = len(standing) == 2 and kinds == {LimitKind.STATUTORY, LimitKind.PROMISED}
    if len(standing) == 2 and kinds == {LimitKind.UNSAID, _OTHER_KIND.get(kind)}:
        # 5个工作日(法定20个工作日) in the column of the promise: what is not called statutory is what the column says
        return next(limit for limit in standing if limit.kind is LimitKind.UNSAID)
    return of_kind[0] if is_pair and len(of_kind) == 1 else _not_plain(reading.text)


def _unread(reading: LimitReading) -> NotPlain:
    """The refusal for what was not read: about number or unit where that is all that is wrong."""
    whole = reading.unread[0]
    text = reading.text
    if len(reading.unread) == 1 and not reading.limits and whole.reason in ("number", "unit", "no-unit"):
        if whole.reason == "number":
            return NotPlain("limit-number", f"the number in “{shown(text)}” cannot be read; write it in digits")
        if whole.reason == "no-unit":
            return NotPlain("limit-no-unit", f"“{shown(text)}” has no unit; write for example 20个工作日")
        if LOOSE.fullmatch(whole.text) is not None:
            return NotPlain("limit-unit", _other_unit(text))
    return _not_plain(text)


def _other_unit(text: str) -> str:
    return f"the unit in “{shown(text)}” is not taken; write 工作日, 自然日, 月, 年, 小时 or 工作小时"


def as_text(limit: Limit) -> str:
    """A limit of the domain as an office writes it; it reads back as itself."""
    if isinstance(limit, Immediate):
        return "即办"
    if isinstance(limit, NoLimit):
        return "无时限"
    if isinstance(limit, Period):
        words = {Unit.WORKING_DAY: "个工作日", Unit.DAY: "个自然日", Unit.MONTH: "个月", Unit.YEAR: "年"}
        words |= {Unit.WORKING_HOUR: "个工作小时", Unit.HOUR: "小时"}
        return f"{plainly(limit.amount)}{words[limit.unit]}"
    return str(limit)
