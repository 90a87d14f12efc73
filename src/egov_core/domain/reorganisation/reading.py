"""Reading a plan from tables, as a TOML file or a workbook gives them.

Rules of this room: shapes only; whether an organ or an item exists is asked in `compiling`. Every fault is named with
its place, all at once, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from egov_core.domain.authority import Role
from egov_core.domain.codes.written import code_fault
from egov_core.domain.legal import LegalBasis
from egov_core.domain.organisation import OrganKind
from egov_core.domain.reorganisation.plan import (
    Abolish,
    Authorise,
    Delegate,
    Found,
    Merge,
    Plan,
    Rename,
    Share,
    Split,
    Transfer,
)
from egov_core.errors import Fault, ReorganisationError

T = TypeVar("T")
_PLAN_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ACTS = ("found", "rename", "merge", "split", "transfer", "abolish", "authorise", "delegate")
_HEAD = ("code", "title", "basis", "effective")


def parse_plan(table: Mapping[str, Any], where: str, places: Mapping[str, str] | None = None) -> Plan:
    """The plan that a file's tables say. `where` names the file, `places` where a path stands (a cell of a workbook).

    Raises ReorganisationError with every fault.
    """
    plan, faults = read_as_far(table, where, places)
    if faults:
        raise unreadable(where, faults)
    return plan


def unreadable(where: str, faults: Sequence[Fault], remedy: str = "correct every place named") -> ReorganisationError:
    """The error that says everything that keeps a file from being a plan."""
    return ReorganisationError(
        f"{where} is no plan that can be read: {len(faults)} fault(s), the first at {faults[0].path}: "
        f"{faults[0].message}",
        faults=faults,
        remedy=remedy,
    )


def read_as_far(
    table: Mapping[str, Any], where: str, places: Mapping[str, str] | None = None
) -> tuple[Plan, tuple[Fault, ...]]:
    """As much of the plan as can be read, and what is wrong with the rest; with faults it is for looking at only."""
    reader = _Reader(where, places or {})
    reader.keys(table, "", (*_HEAD, *_ACTS))
    plan = Plan(
        code=reader.code(table),
        title=reader.text(table, "title", ""),
        basis=reader.text(table, "basis", ""),
        effective=reader.day(table, "effective"),
        found=reader.each(table, "found", reader.found),
        rename=reader.each(table, "rename", reader.rename),
        merge=reader.each(table, "merge", reader.merge),
        split=reader.each(table, "split", reader.split),
        transfer=reader.each(table, "transfer", reader.transfer),
        abolish=reader.each(table, "abolish", reader.abolish),
        authorise=reader.each(table, "authorise", reader.authorise),
        delegate=reader.each(table, "delegate", reader.delegate),
    )
    if not any(getattr(plan, act) for act in _ACTS) and not reader.faults:
        reader.fault("", "empty", f"a plan has at least one act: {', '.join(_ACTS)}")
    return plan, tuple(reader.faults)


class _Reader:
    """Takes values out of tables and gathers what is wrong with them."""

    def __init__(self, where: str, places: Mapping[str, str]) -> None:
        self.where = where
        self.places = places
        self.faults: list[Fault] = []

    def fault(self, path: str, code: str, message: str) -> None:
        named = f"{self.where}: {path}" if path else self.where
        self.faults.append(Fault(self.places.get(path, named), code, message))

    def keys(self, table: Mapping[str, Any], path: str, known: Iterable[str]) -> None:
        known = tuple(known)
        for key in table:
            if key not in known:
                self.fault(_joined(path, key), "unknown-field", f"is no key; known are {', '.join(known)}")

    def code(self, table: Mapping[str, Any]) -> str:
        code = self.text(table, "code", "")
        if code and not _PLAN_CODE.fullmatch(code):
            self.fault("code", "code", f"{code!r}: lower-case letters and digits, joined by hyphens, at most 40")
        return code

    def organ_code(self, table: Mapping[str, Any], path: str) -> str:
        """The code of an organ that is to be: it stands in addresses, files and commands from then on."""
        code = self.text(table, "organ", path)
        if why := code_fault(code):
            self.fault(_joined(path, "organ"), "code-form", why)
        return code

    def text(self, table: Mapping[str, Any], key: str, path: str, *, optional: bool = False) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.fault(_joined(path, key), "type", "must be a text in quotes")
            return ""
        if not value.strip() and not optional:
            self.fault(_joined(path, key), "missing", "is missing")
        return value.strip()

    def day(self, table: Mapping[str, Any], key: str, path: str = "") -> date:
        value = table.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fault(
                _joined(path, key), "missing" if value is None else "type", "must be a date: 2019-03-20, without quotes"
            )
            return date.min
        return value

    def texts(self, table: Mapping[str, Any], key: str, path: str, *, optional: bool = True) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self.fault(_joined(path, key), "type", 'must be a list of codes: ["a", "b"]')
            return ()
        if not value and not optional:
            self.fault(_joined(path, key), "missing", "must name at least one")
        if len(set(value)) != len(value):
            self.fault(_joined(path, key), "twice", "names a code twice")
        return tuple(value)

    def each(self, table: Mapping[str, Any], key: str, read: Callable[[Any, str], T], path: str = "") -> tuple[T, ...]:
        value = table.get(key, [])
        if not isinstance(value, list):
            self.fault(_joined(path, key), "type", f"is written [[{_joined(path, key)}]]")
            return ()
        found = []
        for number, one in enumerate(value, 1):
            here = f"{_joined(path, key)}[{number}]"
            if isinstance(one, Mapping):
                found.append(read(one, here))
            else:
                self.fault(here, "type", "must be a table")
        return tuple(found)

    # -- the acts --------------------------------------------------------------------------------------------------

    def found(self, table: Mapping[str, Any], path: str) -> Found:
        self.keys(table, path, ("organ", "name", "name-en", "kind", "parent"))
        kind = table.get("kind", OrganKind.DEPARTMENT.value)
        kinds = {one.value: one for one in OrganKind}
        if kind not in kinds:
            self.fault(_joined(path, "kind"), "unknown", f"must be one of {', '.join(kinds)}")
        return Found(
            organ=self.organ_code(table, path),
            name=self.text(table, "name", path),
            name_en=self.text(table, "name-en", path, optional=True),
            kind=kinds.get(kind, OrganKind.DEPARTMENT),
            parent=self.text(table, "parent", path),
        )

    def rename(self, table: Mapping[str, Any], path: str) -> Rename:
        self.keys(table, path, ("organ", "name", "name-en", "parent"))
        found = Rename(
            organ=self.text(table, "organ", path),
            name=self.text(table, "name", path, optional=True),
            name_en=self.text(table, "name-en", path, optional=True),
            parent=self.text(table, "parent", path, optional=True),
        )
        if not (found.name or found.parent):
            self.fault(path, "empty", "gives neither a name nor a parent")
        return found

    def merge(self, table: Mapping[str, Any], path: str) -> Merge:
        self.keys(table, path, ("from", "into", "basis", "keep"))
        kept = self.texts(table, "keep", path)
        found = Merge(
            sources=self.texts(table, "from", path, optional=False),
            into=self.text(table, "into", path),
            basis=self.text(table, "basis", path, optional=True),
            keep=tuple(self._role(role, _joined(path, "keep")) for role in kept),
        )
        if found.sources == (found.into,):
            self.fault(path, "empty", "merges an organ with itself: name those that end, or take the act out")
        return found

    def share(self, table: Mapping[str, Any], path: str) -> Share:
        self.keys(table, path, ("to", "items", "units", "people", "rest"))
        rest = table.get("rest", False)
        if not isinstance(rest, bool):
            self.fault(_joined(path, "rest"), "type", "must be true or false")
        return Share(to=self.text(table, "to", path), rest=rest is True, **self._moved(table, path))

    def split(self, table: Mapping[str, Any], path: str) -> Split:
        self.keys(table, path, ("organ", "share", "basis"))
        found = Split(
            organ=self.text(table, "organ", path),
            shares=self.each(table, "share", self.share, path),
            basis=self.text(table, "basis", path, optional=True),
        )
        if len({share.to for share in found.shares}) < 2:
            self.fault(path, "empty", "a split has at least two shares, of different organs; for one, merge or abolish")
        return found

    def transfer(self, table: Mapping[str, Any], path: str) -> Transfer:
        self.keys(table, path, ("from", "to", "items", "units", "people", "duty", "basis"))
        found = Transfer(
            source=self.text(table, "from", path),
            to=self.text(table, "to", path),
            duty=self.text(table, "duty", path, optional=True),
            basis=self.text(table, "basis", path, optional=True),
            **self._moved(table, path),
        )
        if not (found.items or found.units or found.people or found.duty):
            self.fault(path, "empty", "transfers nothing: name items, units, people, or the duty in words")
        return found

    def abolish(self, table: Mapping[str, Any], path: str) -> Abolish:
        self.keys(table, path, ("organ", "to", "basis"))
        return Abolish(
            organ=self.text(table, "organ", path),
            to=self.text(table, "to", path, optional=True),
            basis=self.text(table, "basis", path, optional=True),
        )

    def authorise(self, table: Mapping[str, Any], path: str) -> Authorise:
        self.keys(table, path, ("person", "role", "organ", "items"))
        role = self.text(table, "role", path)
        return Authorise(
            person=self.text(table, "person", path),
            role=self._role(role, _joined(path, "role")),
            organ=self.text(table, "organ", path),
            items=self.texts(table, "items", path),
        )

    def delegate(self, table: Mapping[str, Any], path: str) -> Delegate:
        must = ("code", "organ", "delegate", "items", "basis", "article", "announcement", "published")
        self.keys(table, path, (*must, "unit", "roles", "steps"))
        roles = self.texts(table, "roles", path) or (Role.INTAKE.value,)
        return Delegate(
            code=self.text(table, "code", path),
            organ=self.text(table, "organ", path),
            delegate=self.text(table, "delegate", path),
            items=self.texts(table, "items", path, optional=False),
            roles=tuple(self._role(role, _joined(path, "roles")) for role in roles),
            unit=self.text(table, "unit", path, optional=True),
            steps=self.texts(table, "steps", path),
            basis=LegalBasis(instrument=self.text(table, "basis", path), article=self.text(table, "article", path)),
            announcement=self.text(table, "announcement", path),
            published_on=self.day(table, "published", path),
        )

    def _role(self, name: str, path: str) -> Role:
        codes = {role.name.lower().replace("_", "-"): role for role in Role}
        roles = {role.value: role for role in Role} | codes
        if name and name not in roles:
            # the names that are shown to readers depend on their language, and not all of them can be written here
            self.fault(path, "unknown", f"is no role; write its name in Chinese, or one of {', '.join(codes)}")
        return roles.get(name, Role.INTAKE)

    def _moved(self, table: Mapping[str, Any], path: str) -> dict[str, tuple[str, ...]]:
        return {key: self.texts(table, key, path) for key in ("items", "units", "people")}


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
