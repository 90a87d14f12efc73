"""What every conformance kit is: a class with numbered promises, and what its subject claims.

Rules of this room: nothing about any port; a kit states its promises at the head of its module (or of its port's), each
on a line of its own with its number, and its tests are named after them. What a subject does not claim is checked to be
absent or refused: nothing is skipped. The words here are what stamps and pages repeat.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, ClassVar

PROMISE = re.compile(r"^([A-Z]\d+) {1,2}(\S.*(?:\n {4}\S.*)*)$", re.MULTILINE)
_TEST = re.compile(r"test_([a-z]\d+)_\w+")


class Kit:
    """A conformance kit. `contract` is its name, `edition` rises when a subject that passed may have to change.

    `capabilities` are the class attributes by which a subject says what it does; they are shown in its stamp.
    """

    contract: ClassVar[str] = ""
    edition: ClassVar[int] = 1
    promises: ClassVar[str] = ""
    capabilities: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def claimed(cls) -> dict[str, Any]:
        """What the subject claims: each capability with its value."""
        return {name: getattr(cls, name) for name in cls.capabilities}


def kit_of(subject: type[Kit]) -> type[Kit]:
    """The kit that a subject's class was made from: the first above it that states the contract itself."""
    return next(one for one in subject.__mro__ if issubclass(one, Kit) and "contract" in vars(one))


def promises_of(module: ModuleType) -> Mapping[str, str]:
    """The promises at the head of a module, each in one line, by number."""
    return {number: " ".join(text.split()) for number, text in PROMISE.findall(inspect.getdoc(module) or "")}


def named_tests(kit: type) -> Iterator[tuple[str, Any]]:
    """The tests of a kit by name, in the order in which they are written."""
    names = dict.fromkeys(name for above in reversed(kit.__mro__) for name in vars(above) if name.startswith("test_"))
    for name in names:
        test = getattr(kit, name)
        if inspect.isfunction(test):
            yield name, test


def number_of(test: str) -> str:
    """The promise that a test is named after, `F2` for `test_f2_one_effect`; empty where it is named after none."""
    found = _TEST.fullmatch(test)
    return found.group(1).upper() if found else ""


def rows_of(test: Any) -> list[dict[str, Any]]:
    """The values a test is parametrised with, a dictionary for each run of it."""
    rows: list[dict[str, Any]] = [{}]
    for mark in getattr(test, "pytestmark", []):
        if mark.name != "parametrize":
            continue
        names = [name.strip() for name in mark.args[0].split(",")] if isinstance(mark.args[0], str) else mark.args[0]
        given = [(value,) if len(names) == 1 else tuple(value) for value in mark.args[1]]
        rows = [{**row, **dict(zip(names, values, strict=True))} for row in rows for values in given]
    return rows


def size_of(kit: type) -> int:
    """How many tests a kit has, each value counted that one is parametrised with."""
    return sum(len(rows_of(test)) for _, test in named_tests(kit))


def replaced_in(subject: type[Kit]) -> tuple[str, ...]:
    """The tests of the kit that a subject's class has put others in the place of, which a stamp does not hide."""
    kit = kit_of(subject)
    return tuple(name for name, test in named_tests(kit) if getattr(subject, name) is not test)
