"""Claims from Python: the types and sizes of a request, checked as strictly as the wire checks JSON.

Rules of this room: everything that is wrong is said at once with its path; nothing is converted. A value of a wrong
type would otherwise be stored, chained and kept for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

import attrs

from egov_core.domain.cases import commands as c
from egov_core.domain.people import Actor
from egov_core.errors import ClaimError, Fault

LONGEST_TEXT = 10_000
"""Characters of one text of a command; longer opinions travel as documents."""
LONGEST_KEY = 200
"""Characters of an idempotency key."""
COMMANDS = get_args(c.Command)


def check_request(command: object, actor: object, key: object, at: object) -> None:
    """Raise ClaimError naming every part of a request that has a wrong type or size."""
    faults = list(_request_faults(command, actor, key, at))
    if faults:
        raise ClaimError(
            "the request is refused: " + "; ".join(f"{fault.path} {fault.message}" for fault in faults[:5]),
            faults=faults,
            remedy="correct every place named; nothing has happened",
        )


def _request_faults(command: object, actor: object, key: object, at: object) -> Iterator[Fault]:
    if isinstance(command, COMMANDS):
        yield from _fields("$", command)
    else:
        yield _wrong("$.command", "a command of egov_core.domain.cases.commands", command)
    if not isinstance(actor, Actor):
        yield _wrong("$.actor", "an Actor", actor)
    if not isinstance(key, str):
        yield _wrong("$.key", "a text", key)
    elif len(key) > LONGEST_KEY:
        yield Fault("$.key", "too-long", f"has {len(key)} characters; at most {LONGEST_KEY} are taken")
    if at is not None and not isinstance(at, datetime):
        yield _wrong("$.at", "an aware datetime, or None", at)


def _fields(path: str, value: Any) -> Iterator[Fault]:
    for name, kind in _hints(cast("Any", type(value))).items():
        yield from _value(f"{path}.{name}", kind, getattr(value, name))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in attrs.fields(kind)}


def _value(path: str, kind: Any, value: Any) -> Iterator[Fault]:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        allowed = get_args(kind)
        if value is None and NoneType in allowed:
            return
        [kind] = [one for one in allowed if one is not NoneType]
        yield from _value(path, kind, value)
    elif origin is tuple:
        if not isinstance(value, tuple):
            yield _wrong(path, "a tuple", value)
            return
        for index, one in enumerate(value):
            yield from _value(f"{path}[{index}]", get_args(kind)[0], one)
    elif origin is Mapping:
        if not isinstance(value, Mapping):
            yield _wrong(path, "a mapping", value)
            return
        for name, one in value.items():
            yield from _value(f"{path} (key)", str, name)
            yield from _value(f"{path}.{name}", str, one)
    elif not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)) or _is_time(kind, value):
        yield _wrong(path, f"a {kind.__name__}", value)
    elif isinstance(value, str) and len(value) > LONGEST_TEXT:
        yield Fault(path, "too-long", f"has {len(value)} characters; at most {LONGEST_TEXT} are taken")
    elif attrs.has(kind) and kind.__module__ == "egov_core.domain.people":
        yield from _fields(path, value)


def _is_time(kind: Any, value: Any) -> bool:
    """Whether a time of day was given for a day: Python calls each date-time a date."""
    return kind is date and isinstance(value, datetime)


def _wrong(path: str, wanted: str, value: object) -> Fault:
    return Fault(path, "type", f"must be {wanted}, not {type(value).__name__}")
