"""A plugin's own table of settings, read into the attrs class that the plugin names.

Rules of this room: TOML's types are taken as they are, a number is not a text; every key that is unknown, missing or of
the wrong type is said at once, under its whole name as it stands in the file. Words are for whoever edits that file:
what may be written is listed, and nothing of Python's is shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import attrs
from cattrs import Converter, transform_error
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    IterableValidationError,
    IterableValidationNote,
)

from egov_core.errors import ClaimError, EgovError
from egov_core.wire.edge import edge_converter, fault_of, say

T = TypeVar("T")
Read = Callable[[Any, Any], Any]

_WRONG = (ExceptionGroup, ValueError, TypeError, KeyError, EgovError)
_LISTS: Mapping[Any, type] = {tuple: tuple, list: list, Sequence: tuple, set: set, frozenset: frozenset}
"""What is written as a list, and what is made of it."""


def plugin_settings(table: Mapping[str, Any], kind: type[T], where: str) -> T:
    """The settings of a plugin. Raises ClaimError naming every key at fault behind `where`, its table."""
    try:
        settings: T = _converter().structure(table, kind)
    except _WRONG as error:
        faults = [fault_of(line) for line in transform_error(error, format_exception=_said)]
        known = ", ".join(field.name for field in _fields(kind))
        remedy = f"correct every key named; this plugin knows {known or 'none'}"
        raise ClaimError("", faults=faults, remedy=remedy).under(where) from None
    return settings


@lru_cache(maxsize=1)
def _converter() -> Converter:
    converter = edge_converter().copy()
    converter.register_structure_hook(date, _day)
    converter.register_structure_hook(Path, lambda value, _: Path(_text(value)))
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook_func(_is_choice, _choice)
    converter.register_structure_hook_func(lambda kind: isinstance(kind, type) and issubclass(kind, Enum), _member)
    converter.register_structure_hook_factory(_is_list, lambda kind: _list_of(converter, kind))
    converter.register_structure_hook_factory(_is_table, lambda kind: _table_of(converter, kind))
    converter.register_structure_hook_factory(attrs.has, lambda kind: _class_of(converter, kind))
    return converter


# --- values -----------------------------------------------------------------------------------------------------------


def _day(value: Any, _kind: Any) -> date:
    if type(value) is not date:
        raise TypeError("must be a date, written 2026-03-02 without quotes")
    return value


def _number(value: Any, _kind: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError(f"must be a number, not {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"must be a number that can be reckoned with, not {value}")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"must be a text, not {type(value).__name__}")
    return value


def _is_choice(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is Literal


def _choice(value: Any, kind: Any) -> Any:
    return _one_of(value, {one: one for one in get_args(kind)})


def _member(value: Any, kind: Any) -> Any:
    return _one_of(value, {one.value: one for one in kind})


def _one_of(value: Any, known: Mapping[Any, Any]) -> Any:
    for one, meant in known.items():
        if type(one) is type(value) and one == value:
            return meant
    shown = [f'"{one}"' if isinstance(one, str) else str(one).lower() for one in known]
    raise ValueError(f"must be {' or '.join(shown)}")


# --- what holds values ------------------------------------------------------------------------------------------------


def _is_list(kind: Any) -> bool:
    """One kind of entry, any number of them; a tuple of fixed places is not written as such."""
    given = get_args(kind)
    if get_origin(kind) is tuple:
        return len(given) == 2 and given[1] is ...
    return len(given) == 1 and (get_origin(kind) in _LISTS or get_origin(kind) is AbstractSet)


def _is_table(kind: Any) -> bool:
    return len(get_args(kind)) == 2 and isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping)


def _list_of(converter: Converter, kind: Any) -> Read:
    of = get_args(kind)[0]
    make: Any = _LISTS.get(get_origin(kind), frozenset)

    def read(value: Any, _kind: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise TypeError("must be a list, in square brackets")
        return make(one for _, one in _each(converter, enumerate(value), of, kind))

    return read


def _table_of(converter: Converter, kind: Any) -> Read:
    of = get_args(kind)[1]

    def read(value: Any, _kind: Any) -> Any:
        if not isinstance(value, Mapping):
            raise TypeError("must be a table")
        return dict(_each(converter, value.items(), of, kind))

    return read


def _each(converter: Converter, entries: Any, of: Any, kind: Any) -> list[tuple[Any, Any]]:
    """The entries of a list or a table, read. Raises with everything that is wrong with any of them."""
    found, wrong = [], []
    for index, value in entries:
        try:
            found.append((index, converter.structure(value, of)))
        except _WRONG as error:
            wrong.append(_noted(error, IterableValidationNote("", index, of)))
    if wrong:
        raise IterableValidationError("", wrong, kind)
    return found


def _class_of(converter: Converter, kind: type) -> Read:
    fields = {field.name: field for field in _fields(kind)}

    def read(table: Any, _kind: Any) -> Any:
        if not isinstance(table, Mapping):
            raise TypeError("must be a table")
        given: dict[str, Any] = {}
        wrong: list[Exception] = []
        for name, value in table.items():
            try:
                if name not in fields:
                    raise ValueError(f"is no key; known are {', '.join(fields) or 'none'}")
                given[name] = converter.structure(value, _any(fields[name].type))
            except _WRONG as error:
                wrong.append(_noted(error, AttributeValidationNote("", name, kind)))
        for field in fields.values():
            if field.default is attrs.NOTHING and field.name not in table:
                wrong.append(_noted(KeyError(field.name), AttributeValidationNote("", field.name, kind)))
        if not wrong:
            try:
                return kind(**{str(fields[name].alias): value for name, value in given.items()})
            except _WRONG as error:
                wrong = list(_refused(kind, given)) or [error]
        raise ClassValidationError("", wrong, kind)

    return read


def _fields(kind: type) -> Sequence[attrs.Attribute[Any]]:
    return [field for field in attrs.fields(attrs.resolve_types(kind)) if field.init]


def _any(kind: type | None) -> Any:
    """A field without a type takes whatever is written."""
    return Any if kind is None else kind


def _refused(kind: type, given: Mapping[str, Any]) -> Iterator[Exception]:
    """What the validators of single keys refuse: attrs raises the first and does not say whose it is.

    What remains unnamed is about several keys at once, and then about the table.
    """
    fields = {field.name: field for field in _fields(kind)}
    for name, value in given.items():
        validator = fields[name].validator
        if validator is None:
            continue
        draft: Any = object.__new__(kind)
        for one, other in given.items():
            object.__setattr__(draft, one, other)
        try:
            validator(draft, fields[name], value)
        except AttributeError:
            continue  # it looks at a key that is not given; the class as a whole has refused
        except _WRONG as error:
            said = _said(error, None).removeprefix(f"'{name}' ")  # as the validators of attrs begin
            yield _noted(ValueError(said), AttributeValidationNote("", name, kind))


def _noted(error: Exception, note: Any) -> Exception:
    error.__notes__ = [*getattr(error, "__notes__", ()), note]
    return error


def _said(error: BaseException, kind: type | None) -> str:
    """What is wrong, in words; the validators of attrs give a sentence and, behind it, what is of use to programs."""
    first = error.args[0] if error.args else None
    if isinstance(error, ValueError | TypeError) and isinstance(first, str):
        return first
    return say(error, kind)
