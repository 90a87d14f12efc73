"""A draft of an item from JSON: what is written in it takes the place of what was published, the rest stays.

Rules of this room: keys are the fields of an item and of its guide; everything that is wrong is said at once with its
path. A limit is a text (`"20wd"`, or in words where the caller reads them) or `{"limit": "20wd", "basis":
{"instrument": …, "article": …}}`; a text alone says of no limit where it comes from, and is marked so. Number and code
are given by whoever drafts, never by the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, get_type_hints

import attrs
from cattrs import Converter, transform_error

from egov_core.domain.catalogue import Guide, ItemVersion
from egov_core.domain.cells import LONGEST_CELL, cell_length
from egov_core.domain.legal import LegalBasis
from egov_core.domain.periods import Limit, Period, parse_limit
from egov_core.errors import ClaimError, EgovError, Fault, PeriodError
from egov_core.wire.codec import is_limit_union
from egov_core.wire.edge import edge_converter, fault_of, parse_json, say

GIVEN = ("code", "version")
"""Fields that no file gives."""


ReadLimit = Callable[[str], Limit]
"""How the text of a limit is read; raises PeriodError where it is none."""


def draft_from_json(
    body: bytes,
    *,
    code: str,
    version: int,
    base: ItemVersion | None,
    today: date,
    read_limit: ReadLimit = parse_limit,
) -> ItemVersion:
    """The item that a JSON object makes of `base`, or a new one where there is none.

    `read_limit` says what may be written for a limit; whoever speaks to offices takes their words too.
    Raises ClaimError naming every fault with its path; a day past that it is said to hold from is one, since applicants
    were told the version of that time.
    """
    data = parse_json(body)
    if not isinstance(data, Mapping):
        raise ClaimError(
            "a draft is a JSON object", faults=[Fault("$", "type", "must be an object")], remedy="send an object"
        )
    faults = [
        Fault(path, "too-long", f"has {length} characters, and a cell of the forms holds {LONGEST_CELL}; shorten it")
        for path, length in _too_long(data, "$")
    ]
    own = {key: value for key, value in data.items() if key != "guide"}
    values = _read(own, ItemVersion, "$", faults, read_limit)
    guide = data.get("guide", {})
    if isinstance(guide, Mapping):
        kept = base.guide if base is not None else Guide()
        values["guide"] = attrs.evolve(kept, **_read(guide, Guide, "$.guide", faults, read_limit))
    else:
        faults.append(Fault("$.guide", "type", "must be an object"))
    begins = values.get("valid_from")
    if isinstance(begins, date) and begins < today:
        faults.append(
            Fault("$.valid_from", "past", f"{begins} is past: no draft is dated back; give {today} or a later day")
        )
    if base is None:
        faults += [
            Fault(f"$.{field.name}", "required", "is missing")
            for field in attrs.fields(ItemVersion)
            if field.default is attrs.NOTHING and field.name not in (*GIVEN, "promised") and field.name not in data
        ]
    if faults:
        raise ClaimError(
            f"the draft cannot be read: {len(faults)} fault(s): "
            + "; ".join(f"{fault.path} {fault.message}" for fault in faults[:5]),
            faults=faults,
            remedy="correct every place named; a limit is written 20wd or 20个工作日",
        )
    if base is None:
        return ItemVersion(code=code, version=version, **{"promised": None, **values})
    return attrs.evolve(base, code=code, version=version, **values)


def _too_long(value: Any, path: str) -> Iterator[tuple[str, int]]:
    """The texts that no form could hold, by path with their length: an export of the item would fail."""
    if isinstance(value, str):
        if (length := cell_length(value)) > LONGEST_CELL:
            yield path, length
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _too_long(one, f"{path}.{key}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _too_long(one, f"{path}[{number}]")


def _read(data: Mapping[str, Any], kind: type, path: str, faults: list[Fault], read_limit: ReadLimit) -> dict[str, Any]:
    known = {name: told for name, told in get_type_hints(kind).items() if name not in GIVEN and name != "guide"}
    found: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            why = "is given by the command" if key in GIVEN else f"is no field; known are {', '.join(known)}"
            faults.append(Fault(f"{path}.{key}", "unknown-key", why))
            continue
        try:
            found[key] = _converter(read_limit).structure(value, known[key])
        except (ExceptionGroup, ValueError, TypeError, KeyError, AttributeError, EgovError) as error:
            lines = transform_error(error, format_exception=say)
            told = [fault_of(line) for line in lines]
            faults += [attrs.evolve(one, path=f"{path}.{key}" + one.path.removeprefix("$")) for one in told]
    return found


@lru_cache(maxsize=4)
def _converter(read: ReadLimit) -> Converter:
    converter = edge_converter().copy()
    converter.register_structure_hook_func(
        is_limit_union, lambda value, _: None if value is None else _limit(value, read)
    )
    converter.register_structure_hook(Period, lambda value, _: _period(value, read))
    return converter


def _limit(value: Any, read: ReadLimit) -> Limit:
    if isinstance(value, Mapping):
        unknown = sorted(set(value) - {"limit", "basis"})
        if unknown or "limit" not in value:
            raise TypeError(f"has limit and basis, not {', '.join(unknown) or 'basis alone'}")
        text = edge_converter().structure(value["limit"], str)
        if "basis" in value:
            return attrs.evolve(read(text), basis=edge_converter().structure(value["basis"], LegalBasis))
        return read(text)
    return read(edge_converter().structure(value, str))


def _period(value: Any, read: ReadLimit) -> Period:
    found = _limit(value, read)
    if not isinstance(found, Period):
        raise PeriodError(f"{value!r} is no period", remedy="write a number and a unit, for example 10wd")
    return found
