"""How several limits of one cell belong together: a pair, branches, stages, or nobody knows.

Rules of this room: only what the cell says joins limits. Steps that may run one after another or side by side, numbers
without headings, amounts in different units have no common amount; each limit is still there by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

import attrs

from egov_core.domain.legal import LegalBasis
from egov_core.sheets.limits.parts import STEP, Place, with_parts
from egov_core.sheets.limits.reasons import unread
from egov_core.sheets.limits.stated import LimitKind, LimitReading, LimitUnit, Remark, RemarkCode, StatedLimit, Unread

_ORIGIN = re.compile(r"受理|接件|收件|(?:收到|接到|提出|提交)(?:[^意]*)(?:申请|材料|资料|件)")
_DAYS = {RemarkCode.WORKING_DAYS: LimitUnit.WORKING_DAY, RemarkCode.NATURAL_DAYS: LimitUnit.DAY}
_RULES = frozenset(
    {
        RemarkCode.EXCLUDES,
        RemarkCode.HOLIDAYS,
        RemarkCode.OUTSIDE_CLOCK,
        RemarkCode.WORKING_DAYS,
        RemarkCode.NATURAL_DAYS,
        RemarkCode.OPEN_ENDED,
    }
)


def counted(limits: Sequence[StatedLimit]) -> tuple[StatedLimit, ...]:
    """The limits that stand for the cell: without those it replaces, the parts of another, and extensions of one."""
    standing = [limit for limit in limits if not limit.superseded and not limit.is_part]
    proper = [limit for limit in standing if not limit.kind.is_extension]
    return tuple(proper or standing)


def joined(limits: Sequence[StatedLimit]) -> tuple[str, str] | str:
    """Amounts and unit on one line, or the reason why there is no such line."""
    standing = counted(limits)
    if not standing:
        return "no-limit"
    units = {limit.unit.shown for limit in standing}
    if len(units) > 1 or len({limit.unit for limit in standing}) > 1:
        return "units-differ"
    amounts = _amounts(standing)
    return "not-joined" if amounts is None else (amounts, units.pop())


def _amounts(standing: Sequence[StatedLimit]) -> str | None:
    if len(standing) == 1:
        return standing[0].number
    if any(limit.kind.is_extension for limit in standing):
        return None
    branches = [list(held) for _, held in groupby(standing, key=lambda limit: limit.group)]
    if len(branches) == 1:
        return _in_one_branch(branches[0])
    names = [branch[0].group for branch in branches]
    if not all(names) or len(set(names)) < len(names) or len({len(branch) for branch in branches}) > 1:
        return None
    each = [_in_one_branch(branch) for branch in branches]
    known = [amounts for amounts in each if amounts is not None]
    if len(known) < len(each):
        return None
    return (" or " if len(branches[0]) > 1 else "/").join(known)


def _in_one_branch(limits: Sequence[StatedLimit]) -> str | None:
    if len(limits) == 1:
        return limits[0].number
    numbers = [limit.number for limit in limits]
    labels = [limit.label for limit in limits]
    if all(labels) and len(set(labels)) == len(labels) and not any(limit.condition for limit in limits):
        return "/".join(numbers)
    if _is_promise_beside_law(limits):
        return "/".join(numbers)
    if all(_follows(one, other) for one, other in pairwise(limits)):
        return "+".join(numbers)
    conditions = [limit.condition for limit in limits]
    is_open = [not limit.label and not limit.start for limit in limits[1:]]
    if len(set(conditions)) == len(conditions) and all(conditions[1:]) and all(is_open) and not labels[0]:
        return None if any(STEP.fullmatch(condition) for condition in conditions) else "/".join(numbers)
    acts = [limit.act for limit in limits]
    if not any(conditions) and not any(labels) and all(is_open) and all(acts) and len(set(acts)) == len(acts):
        return " then ".join(numbers)
    return None


def _is_promise_beside_law(limits: Sequence[StatedLimit]) -> bool:
    """5个工作日(法定20个工作日): the second has its name, and the first is what the column of the cell says."""
    if len(limits) != 2 or any(one.condition or one.group or one.start for one in limits):
        return False
    first, second = limits
    return not first.label and not first.act and second.kind in (LimitKind.STATUTORY, LimitKind.PROMISED)


def _follows(one: StatedLimit, other: StatedLimit) -> bool:
    """Whether the second limit begins with what the first is for: 现场检查 … 自检查之日起."""
    if not other.start or not one.act:
        return False
    event = re.sub(
        r"^(?:自|从|在|于)|(?:之日起|之时起|次日起|当日起|之日|日起|时起|以后|之后|后|起)的?$", "", other.start
    )
    if other.start == one.start or _ORIGIN.fullmatch(event):
        return False
    event = re.sub(r"^(?:收到|接到|作出|做出|完成|签署|出具|提出)", "", event)
    event = re.sub(r"(?:完成|结束|合格|通过|完毕)$", "", event)
    return len(event) >= 2 and event in one.act + "".join(remark.text for remark in one.remarks)


def of_rules(remarks: Sequence[Remark]) -> tuple[str, str] | None:
    """Amount and unit of a cell that states no limit but a rule of counting; `-` is what it does not name."""
    codes = {remark.code for remark in remarks}
    if not codes & _RULES:
        return None
    unit = "-"
    if RemarkCode.WORKING_DAYS in codes:
        unit = LimitUnit.WORKING_DAY.value
    elif RemarkCode.NATURAL_DAYS in codes:
        unit = LimitUnit.DAY.value
    return ("0" if codes == {RemarkCode.OUTSIDE_CLOCK} else "-"), unit


def whole(
    text: str,
    basis: LegalBasis,
    limits: Sequence[StatedLimit],
    places: Sequence[Place],
    remarks: Sequence[Remark],
    rest: Sequence[Unread],
) -> LimitReading:
    """The reading of a cell from its parts: what 日 means in it, and amounts and unit on one line."""
    codes = {said.code for limit in limits for said in limit.remarks} | {said.code for said in remarks}
    left = list(rest)
    named = [unit for code, unit in _DAYS.items() if code in codes]
    if len(named) > 1:
        left.append(unread(text, "days-conflict"))
    elif named:
        limits = [attrs.evolve(limit, unit=named[0]) if limit.unit is LimitUnit.OPEN_DAY else limit for limit in limits]
    said = [*remarks, *(remark for limit in limits for remark in limit.remarks)]
    if any(_against_unit(remark, limit.unit) for remark in said for limit in counted(limits)):
        left.append(unread(text, "days-conflict"))
    limits, places = _said_once(limits, places)
    limits, adds_up = with_parts(limits, places)
    line = joined(limits) if limits else of_rules(remarks) or "no-limit"
    if not adds_up and line != "units-differ":
        line = "not-joined"
    if isinstance(line, str) and not left:
        left.append(unread(text, line))
    amount, unit = (None, None) if left or isinstance(line, str) else line
    return LimitReading(
        text=text,
        basis=basis,
        limits=tuple(limits),
        remarks=tuple(remarks),
        unread=tuple(left),
        amount=amount,
        unit=unit,
    )


def _said_once(limits: Sequence[StatedLimit], places: Sequence[Place]) -> tuple[Sequence[StatedLimit], Sequence[Place]]:
    """The limits without one that a bracket only says again: 二十个工作日(20个工作日)."""
    if len(limits) != 2 or not places[1].inside or places[0].inside:
        return limits, places
    again = StatedLimit(unit=limits[0].unit, amount=limits[0].amount, upto=limits[0].upto)
    return (limits[:1], places[:1]) if limits[1] == again else (limits, places)


_REST_DAYS = re.compile(r"节假日|双休日|公休日|休息日|周末|节日")


def _against_unit(remark: Remark, unit: LimitUnit) -> bool:
    """Whether days are counted that the unit leaves out, or left out that it counts: 10个工作日(含节假日)."""
    if _REST_DAYS.search(remark.text) is None:
        return False
    if remark.code is RemarkCode.INCLUDES:
        return unit is LimitUnit.WORKING_DAY
    return remark.code is RemarkCode.HOLIDAYS and unit is LimitUnit.DAY and "顺延" not in remark.text


def all_remarks(reading: LimitReading) -> tuple[Remark, ...]:
    """Every remark of a cell, whichever limit it stands at."""
    return (*(remark for limit in reading.limits for remark in limit.remarks), *reading.remarks)
