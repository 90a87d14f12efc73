"""A plugin's own table of settings, read into the attrs class that the plugin names.

Rules of this room: TOML's types are taken as they are, a number is not a text; every key that is unknown, missing or of
the wrong type is said at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import attrs
from cattrs import Converter, transform_error

from egov_core.errors import ClaimError
from egov_core.wire.edge import edge_converter, fault_of, say

T = TypeVar("T")


def plugin_settings(table: Mapping[str, Any], kind: type[T], where: str) -> T:
    """The settings of a plugin. Raises ClaimError naming every key at fault as `where.key`."""
    try:
        return _converter().structure(dict(table), kind)
    except (ExceptionGroup, ValueError, TypeError, KeyError) as error:
        faults = [fault_of(line) for line in transform_error(error, format_exception=say)]
        faults = [attrs.evolve(fault, path=where + fault.path.removeprefix("$")) for fault in faults]
        known = ", ".join(field.name for field in attrs.fields(kind))  # type: ignore[arg-type]
        raise ClaimError(
            "; ".join(f"{fault.path} {fault.message}" for fault in faults),
            faults=faults,
            remedy=f"correct every key named; this plugin knows {known or 'none'}",
        ) from None


@lru_cache(maxsize=1)
def _converter() -> Converter:
    converter = edge_converter().copy()
    converter.register_structure_hook(date, _day)
    converter.register_structure_hook(Path, lambda value, _: Path(_text(value)))
    converter.register_structure_hook(float, _number)
    return converter


def _day(value: Any, _kind: Any) -> date:
    if type(value) is not date:
        raise TypeError("must be a date, written 2026-03-02 without quotes")
    return value


def _number(value: Any, _kind: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError(f"must be a number, not {type(value).__name__}")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"must be a text, not {type(value).__name__}")
    return value
