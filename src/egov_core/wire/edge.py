"""Untrusted input to commands: everything that is wrong is said at once, with its path.

Rules of this room: strict types (a number is not a text), unknown keys are faults, nothing is coerced or repaired. What
comes out is a domain value or a ClaimError; the domain never sees an unparsed value.
"""

from __future__ import annotations

import json
import math
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeVar, get_args

import attrs
from cattrs import Converter, transform_error
from cattrs.errors import ForbiddenExtraKeysError

from egov_core.domain.cases import commands
from egov_core.domain.legal import instant
from egov_core.domain.people import Personal
from egov_core.domain.periods import Limit, Period, parse_limit
from egov_core.errors import ClaimError, EgovError, Fault, PeriodError
from egov_core.wire.codec import is_limit_union

T = TypeVar("T")

LARGEST_BODY = 256 * 1024
"""Bytes of JSON taken from outside; materials travel as files, not in commands."""
DEEPEST = 32

COMMANDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(commands.Command)}


def parse_json(body: bytes, *, largest: int = LARGEST_BODY) -> Any:
    """Plain data from JSON bytes, with or without the mark that editors on Windows put in front of UTF-8.

    Raises ClaimError for oversized, malformed, ambiguous or too deeply nested input.
    """
    if len(body) > largest:
        raise ClaimError(
            f"the body has {len(body)} bytes; at most {largest} are taken",
            remedy="send materials as files, not inside the command",
            faults=[Fault("$", "oversized", f"more than {largest} bytes")],
        )
    if is_utf16(body):
        raise ClaimError(
            "the body is UTF-16 and not UTF-8",
            remedy="send UTF-8 JSON, each key once, numbers finite",
            faults=[Fault("$", "malformed", "is UTF-16 and not UTF-8")],
        )
    try:
        data = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constants,
            parse_float=_finite,
        )
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise ClaimError(
            f"the body is not UTF-8: line {line} has other characters, as an editor writes them in GB18030",
            remedy="send UTF-8 JSON, each key once, numbers finite",
            faults=[Fault("$", "malformed", f"line {line} is not UTF-8")],
        ) from None
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        raise ClaimError(
            f"the body is not JSON: {error}",
            remedy="send UTF-8 JSON, each key once, numbers finite",
            faults=[Fault("$", "malformed", str(error))],
        ) from None
    if _depth(data) > DEEPEST:
        raise ClaimError(
            f"the body is nested deeper than {DEEPEST} levels",
            remedy="send a flat command",
            faults=[Fault("$", "too-deep", f"more than {DEEPEST} levels")],
        )
    return data


def is_utf16(body: bytes) -> bool:
    """Whether bytes are the UTF-16 that editors on Windows call Unicode, with its mark or without one.

    In UTF-8 a text has no NUL; in UTF-16 the first sign of JSON has one beside it.
    """
    return body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in body[:2]


def parse_command(body: bytes | Mapping[str, Any]) -> commands.Command:
    """A command from JSON `{"command": "Accept", "case_id": "..."}`.

    Raises ClaimError naming every fault with its path (`$.applicant.phone`).
    """
    data = parse_json(body) if isinstance(body, bytes) else body
    if not isinstance(data, Mapping):
        raise ClaimError(
            "a command is a JSON object", faults=[Fault("$", "type", "must be an object")], remedy="send an object"
        )
    name = data.get("command")
    kind = COMMANDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ClaimError(
            f"{name!r} is not a command",
            faults=[Fault("$.command", "unknown", f"must be one of {', '.join(COMMANDS)}")],
            remedy=f"use one of {', '.join(COMMANDS)}",
        )
    rest = {key: value for key, value in data.items() if key != "command"}
    command: commands.Command = parse(rest, kind)
    return command


def parse(data: Any, kind: type[T]) -> T:
    """A value of `kind` from plain data. Raises ClaimError naming every fault with its path."""
    if attrs.has(kind) and not isinstance(data, Mapping):
        raise ClaimError(
            f"{kind.__name__} is a JSON object",
            faults=[Fault("$", "type", "must be an object")],
            remedy="send an object with the fields that are documented",
        )
    try:
        return edge_converter().structure(data, kind)
    except Exception as error:
        if not isinstance(error, ExceptionGroup | ValueError | TypeError | KeyError | EgovError):
            raise
        faults = [fault_of(line) for line in transform_error(error, format_exception=say)]
        raise ClaimError(
            f"{kind.__name__} cannot be read: {len(faults)} fault(s): "
            + "; ".join(f"{fault.path} {fault.message}" for fault in faults[:5]),
            faults=faults,
            remedy="correct every place named and send it again",
        ) from None


@lru_cache(maxsize=1)
def edge_converter() -> Converter:
    """The strict converter. Built on first use."""
    converter = Converter(detailed_validation=True, forbid_extra_keys=True)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(bool, _typed(bool, "true or false"))
    converter.register_structure_hook(int, _typed(int, "a whole number"))
    converter.register_structure_hook(Decimal, _decimal)
    converter.register_structure_hook(datetime, _instant)
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(_text(value, str)))
    converter.register_structure_hook(Personal, lambda value, _: Personal(_text(value, str)))
    converter.register_structure_hook(Period, _period)
    converter.register_structure_hook_func(is_limit_union, lambda value, _: _limit(value))
    converter.register_structure_hook_func(_is_tuple_of_texts, _texts)
    return converter


def _is_tuple_of_texts(kind: Any) -> bool:
    return bool(kind == tuple[str, ...])


def _texts(value: Any, _kind: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError("must be a list of texts")
    return tuple(_text(one, str) for one in value)


def _text(value: Any, _kind: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"must be a text, not {type(value).__name__}")
    if any(0xD800 <= ord(char) <= 0xDFFF for char in value):
        raise ValueError("contains half a character (a lone surrogate)")
    if "\x00" in value:
        raise ValueError("contains a NUL character")
    return value


def _typed(kind: type, say: str) -> Any:
    def read(value: Any, _kind: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"must be {say}, not {type(value).__name__}")
        return value

    return read


def _decimal(value: Any, _kind: Any) -> Decimal:
    try:
        return Decimal(_text(value, str))
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a decimal number") from None


def _instant(value: Any, _kind: Any) -> datetime:
    return instant(datetime.fromisoformat(_text(value, str)))


def _limit(value: Any) -> Limit | None:
    return None if value is None else parse_limit(_text(value, str))


def _period(value: Any, _kind: Any) -> Period:
    limit = parse_limit(_text(value, str))
    if not isinstance(limit, Period):
        raise PeriodError(f"{value!r} is not a period", remedy="write a number and a unit, for example 10wd")
    return limit


def say(error: BaseException, _kind: type | None) -> str:
    """What is wrong, in words."""
    if isinstance(error, KeyError):
        return "is missing"
    if isinstance(error, ForbiddenExtraKeysError):
        return f"has unknown keys: {', '.join(sorted(map(str, error.extra_fields)))}"
    if isinstance(error, EgovError):
        return f"{error.message}; {error.remedy}"
    if isinstance(error, AttributeError):
        return "must be an object"
    return str(error) or type(error).__name__


def fault_of(line: str) -> Fault:
    """A fault from a line of `transform_error`."""
    message, _, path = line.partition(" @ $")
    path = f"${path}"
    code = "required" if message == "is missing" else "unknown-key" if "unknown keys" in message else "invalid"
    return Fault(path, code, message)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} appears twice")
        found[key] = value
    return found


def _no_constants(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large for a number")
    return value


def _depth(data: Any) -> int:
    deepest, waiting = 0, [(data, 1)]
    while waiting:
        value, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(value, dict):
            waiting += [(one, depth + 1) for one in value.values()]
        elif isinstance(value, list):
            waiting += [(one, depth + 1) for one in value]
    return deepest
