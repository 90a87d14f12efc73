"""What a cell of a sheet with one record a row may hold: how it is read, how it is written, what may be chosen.

Rules of this room: a text in, a value out, and back; a text that is none is a ValueError with a sentence. Which column
holds what is said where the sheet is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import attrs

from egov_core.domain.authority import ALL_ITEMS, Role
from egov_core.domain.catalogue import DEFAULT_STEPS
from egov_core.domain.codes.written import code_fault, half_width_code
from egov_core.domain.organisation import OrganKind
from egov_core.domain.people import Move

EVERYTHING = "全部"
"""What a cell of items or steps says for all of them."""
STEP_NAMES = {step.code: step.name for step in DEFAULT_STEPS}
ORGAN_KINDS = {
    "部门": OrganKind.DEPARTMENT,
    "内设机构": OrganKind.UNIT,
    "乡镇": OrganKind.TOWN,
    "村、社区": OrganKind.COMMUNITY,
    "县": OrganKind.COUNTY,
    "市": OrganKind.CITY,
    "省": OrganKind.PROVINCE,
}
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_MOVES = re.compile(r"[、，,;；\n]+")
_SEPARATOR = re.compile(r"[、，,;；\s]+")
_ROLES = {role.value: role for role in Role} | {role.name.lower().replace("_", "-"): role for role in Role}
_STEPS = {name: code for code, name in STEP_NAMES.items()}
_YES = {"是": True, "否": False}


@attrs.frozen
class CellKind:
    """What a cell holds. `name` is the end of the code of a fault: `not-date`."""

    name: str
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str
    choices: tuple[str, ...] = ()


def parted(text: str) -> list[str]:
    """The codes of a cell, with 、 or any other mark between them."""
    return [one for one in _SEPARATOR.split(text) if one]


def _code(text: str) -> str:
    """A code as it was meant: an input method in full width makes another one of it, which looks alike."""
    code = half_width_code(text)
    if why := code_fault(code):
        raise ValueError(why)
    return code


def _day(text: str) -> date:
    found = _DATE.fullmatch(text)
    if found is not None:
        try:
            return date(*(int(one) for one in found.groups()))
        except ValueError:
            pass
    raise ValueError(f"{text!r} is no day; write 2024-01-31")


def _role(text: str) -> Role:
    role = _ROLES.get(text) or _ROLES.get(text.lower())
    if role is None:
        raise ValueError(f"{text!r} is no role; there are {'、'.join(one.value for one in Role)}")
    return role


def _organ_kind(text: str) -> OrganKind:
    for name, kind in ORGAN_KINDS.items():
        if text in (name, kind.value):
            return kind
    raise ValueError(f"{text!r} is no kind of organ; there are {', '.join(ORGAN_KINDS)}")


def _yes(text: str) -> bool:
    if text not in _YES:
        raise ValueError(f"{text!r} is neither 是 nor 否")
    return _YES[text]


def _items(text: str) -> frozenset[str]:
    return frozenset(ALL_ITEMS if one in (EVERYTHING, ALL_ITEMS) else one for one in parted(text))


def _steps(text: str) -> frozenset[str]:
    return frozenset(_STEPS.get(one, one) for one in _items(text))


NO_MOVES = ("无", "没有", "none")
"""A move that was entered by mistake may be the only one: an empty cell could not say that it is to go."""


def _moves(text: str) -> tuple[Move, ...]:
    """Days with organs; a day and its organ stand apart by a blank or 起 or 调入. 无 says that there was no move."""
    if text in NO_MOVES:
        return ()
    moves = []
    for one in (part.strip() for part in _MOVES.split(text)):
        if not one:
            continue
        found = _DATE.match(one)
        organ = "" if found is None else re.sub(r"^\s*(起|调入|到)?\s*", "", one[found.end() :])
        if found is None or not organ or re.search(r"\s", organ):
            raise ValueError(f"{one!r} is no move; write a day and an organ: 2024-03-01 jg101")
        moves.append(Move(organ=organ, valid_from=_day(found.group())))
    return tuple(moves)


def _set(names: Callable[[str], str]) -> Callable[[frozenset[str]], str]:
    def write(value: frozenset[str]) -> str:
        return EVERYTHING if ALL_ITEMS in value else "、".join(names(one) for one in sorted(value))

    return write


TEXT = CellKind("text")
CODE = CellKind("code", _code)
"""A code by which something is named and found again."""
DAY = CellKind("date", _day, date.isoformat)
YES = CellKind("yes", _yes, lambda value: "是" if value else "", tuple(_YES))
CODES = CellKind("codes", parted, "、".join)
"""Codes in their order; an empty cell names none."""
ROLE = CellKind("role", _role, lambda role: role.value, tuple(role.value for role in Role))
ROLES = CellKind(
    "roles",
    lambda text: frozenset(_role(one) for one in parted(text)),
    lambda roles: "、".join(role.value for role in Role if role in roles),
)
ORGAN_KIND = CellKind(
    "organ-kind", _organ_kind, {kind: name for name, kind in ORGAN_KINDS.items()}.__getitem__, tuple(ORGAN_KINDS)
)
MOVES = CellKind("moves", _moves, lambda moves: "、".join(f"{one.valid_from.isoformat()} {one.organ}" for one in moves))
"""Where a person went later, and from which day on; an empty cell says nothing about it, 无 takes all of it back."""
ITEMS = CellKind("items", _items, _set(str))
STEPS = CellKind("steps", _steps, _set(lambda step: STEP_NAMES.get(step, step)))
