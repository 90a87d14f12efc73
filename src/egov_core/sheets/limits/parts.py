"""The parts of a limit: steps and levels whose days are in the days of the whole, and the sum at the end of a list.

Rules of this room: parts are named by the words of steps and levels, stand behind their whole or before their sum, and
add up to it. Where they do not, the cell contradicts itself, and nobody here decides which of its numbers is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from egov_core.sheets.limits.stated import LimitKind, StatedLimit

_PLACE = (
    r"(?:乡镇|乡|镇|街道|村|社区|县|市|区|州|省|国家|本)(?:级|局|厅|里|内|直)?"
    r"|所|站|窗口|科室|领导|分管|主要|局|现场|经办人|负责人"
)
STEP = re.compile(
    rf"(?:{_PLACE})*"
    r"(?:受理|接件|收件|审核|初审|复审|审查|复核|决定|办结|审批|签批|核准|勘查|踏勘|核查|制证|发证|送达|承办|批准|告知|评审|公示|会审|会签|会办|不予受理|补正)+"
    r"|.*(?:转报|上报|报省|报市|报送|呈报).*"
)
LEVEL = re.compile(rf"(?:{_PLACE})+(?:政府|部门|主管部门)?")
TOTAL = re.compile(r"(?:共计|总计|合计|总共|一共|共)(?:需要?|为|计)?$")
"""Before an amount: the sum of what was listed."""


@attrs.frozen
class Place:
    """Where a limit of a cell stands: its sentence, its bracket (0 where none), and whether it is called a sum."""

    sentence: int
    inside: int
    is_total: bool = False


def with_parts(limits: Sequence[StatedLimit], places: Sequence[Place]) -> tuple[list[StatedLimit], bool]:
    """The limits with their parts marked, and whether what is written as parts adds up to the whole."""
    if len(limits) < 3:
        return list(limits), not any(place.is_total for place in places[1:])
    total, *rest = limits
    if any(place.is_total for place in places[1:]):
        *steps, last = limits
        fits = places[-1].is_total and _are_parts(steps, last, named=False)
        return ([*_marked(steps), last], True) if fits else (list(limits), False)
    is_plain = total.amount is not None and total.upto is None and not total.condition
    if not is_plain:
        return list(limits), True
    brackets = {place.inside for place in places[1:]}
    in_bracket = len(brackets) == 1 and 0 not in brackets and not places[0].inside
    named = [bool(STEP.fullmatch(one.condition)) for one in rest]
    if all(named) or (in_bracket and all(one.condition for one in rest)):
        if _are_parts(rest, total, named=True):
            return [total, *_marked(rest)], True
        # 20个工作日(县局15个工作日,乡镇10个工作日): whatever it means, it is not three limits side by side
        return list(limits), not in_bracket or not any(_is_named(one) for one in rest)
    # 20个工作日,县局15个工作日,乡镇5个工作日: parts, or others beside it
    return list(limits), not any(LEVEL.fullmatch(one.condition) for one in rest)


def _marked(steps: Sequence[StatedLimit]) -> list[StatedLimit]:
    return [attrs.evolve(step, is_part=True) for step in steps]


def _is_named(step: StatedLimit) -> bool:
    return bool(STEP.fullmatch(step.condition) or LEVEL.fullmatch(step.condition))


def _are_parts(steps: Sequence[StatedLimit], total: StatedLimit, *, named: bool) -> bool:
    for step in steps:
        is_single = step.amount is not None and step.upto is None and step.kind is LimitKind.UNSAID
        if not is_single or step.start or step.unit is not total.unit or (named and not _is_named(step)):
            return False
        if not named and not _is_named(step) and not step.act:
            return False
    return sum(step.amount or 0 for step in steps) == total.amount
