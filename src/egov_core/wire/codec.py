"""Domain values to bytes and back: the shape of everything stored, chained and sent.

Rules of this room: one value has one encoding (sorted keys, UTF-8, no spaces), because chains hash it; what is read
back is trusted, so validation is off here and on in `edge`. Instants are ISO 8601 with offset, decimals are texts,
enums their values, sets sorted lists; a limit says its `kind`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import orjson
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from egov_core.domain.authority import Grant, Post
from egov_core.domain.calendar.regulation import Regulation
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.events import EVENT_TYPES, RecordedEvent
from egov_core.domain.cases.outline import CaseOutline
from egov_core.domain.catalogue import Guide, ItemVersion, Material
from egov_core.domain.legal import instant
from egov_core.domain.organisation import Organ
from egov_core.domain.people import Actor, Person, Personal, Purpose
from egov_core.domain.periods import FixedDay, Immediate, NoLimit, Period
from egov_core.errors import ClaimError, IntegrityError

T = TypeVar("T")

LIMIT_KINDS: dict[str, type] = {"period": Period, "immediate": Immediate, "none": NoLimit, "fixed-day": FixedDay}
_LIMITS = frozenset(LIMIT_KINDS.values())
ADDED: Mapping[type, tuple[str, ...]] = {
    e.Submitted: ("limits", "lapses", "steps", "renewal", "kinds", "calendar"),
    e.CorrectionRequested: ("within",),
    e.Accepted: ("limits", "steps", "forward", "short", "deemed", "since"),
    e.Approved: ("by_law", "on_commitment"),
    e.CardIssued: ("succession",),
    Organ: ("changes",),
    Person: ("moves",),
    Post: ("moves",),
    Material: ("issuer", "issue_terms", "originals", "copies", "note", "place", "use", "fields"),
    Actor: ("under",),
    Grant: ("post", "steps", "number"),
    ItemVersion: ("forward_item", "windows", "guide", "fees", "reviewed_on", "form_values"),
}
"""Fields that events and items were given after the first chains were written: left out where they have their default,
so that the bytes of what could have been written before are what they were. Parts stand before what holds them."""
EVENT_VERSION = 1
"""Version of the shape of stored events; a newer one is refused on reading."""


def is_limit_union(kind: Any) -> bool:
    """Whether `kind` is `Limit` or `Limit | None`."""
    if get_origin(kind) not in (Union, UnionType):
        return False
    parts = set(get_args(kind)) - {type(None)}
    return len(parts) > 1 and parts <= _LIMITS


def teach_limits(converter: Converter) -> None:
    """Teach a converter the union of limits, told apart by `kind`."""
    for name, kind in LIMIT_KINDS.items():
        plain: Callable[[Any], dict[str, Any]] = make_dict_unstructure_fn(kind, converter)
        converter.register_unstructure_hook(kind, _tagged(plain, name))

    def read(data: Any, _kind: Any) -> Any:
        if data is None:
            return None
        return converter.structure(
            {key: value for key, value in data.items() if key != "kind"}, LIMIT_KINDS[data["kind"]]
        )

    converter.register_structure_hook_func(is_limit_union, read)


def _is_frozenset(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is frozenset


def _tagged(plain: Callable[[Any], dict[str, Any]], name: str) -> Callable[[Any], dict[str, Any]]:
    def write(value: Any) -> dict[str, Any]:
        return {"kind": name, **plain(value)}

    return write


def _with_text_keys(plain: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """The years of the lunar table as texts: keys of JSON are nothing else."""

    def write(value: Any) -> dict[str, Any]:
        shown = plain(value)
        return {**shown, "lunar": {str(year): days for year, days in shown["lunar"].items()}}

    return write


def _write_later(converter: Converter, one: type, **overrides: Any) -> None:
    """How values of this type are written, made when the first one is: whoever only reads does not wait for it."""
    converter.register_unstructure_hook_factory(
        lambda kind: kind is one, lambda kind: make_dict_unstructure_fn(kind, converter, **overrides)
    )


@lru_cache(maxsize=1)
def store_converter() -> Converter:
    """The converter of the storage path. Built on first use: importing this module does no work."""
    converter = Converter(detailed_validation=False, prefer_attrib_converters=False)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, lambda text, _: instant(datetime.fromisoformat(text)))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    converter.register_unstructure_hook(Personal, lambda value: value.reveal(Purpose.HANDLING))
    converter.register_structure_hook(Personal, lambda text, _: Personal(text))
    converter.register_unstructure_hook_func(
        _is_frozenset,
        lambda values: sorted(value.value if isinstance(value, Enum) else value for value in values),
    )
    teach_limits(converter)
    for kind, names in ADDED.items():
        _write_later(converter, kind, **{name: override(omit_if_default=True) for name in names})
    for kind in (Guide, Case):  # what is at its default is not written; the parts of a case are written whole
        _write_later(converter, kind, _cattrs_omit_if_default=True)
    converter.register_unstructure_hook_factory(
        lambda kind: kind is Regulation, lambda kind: _with_text_keys(make_dict_unstructure_fn(kind, converter))
    )
    # the tag of a limit stays in the data where a plain Period is expected
    converter.register_structure_hook(Period, make_dict_structure_fn(Period, converter))
    return converter


def canonical(value: Any) -> bytes:
    """The one encoding of plain data."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def loads(data: bytes) -> Any:
    """Plain data from bytes written by `canonical`."""
    return orjson.loads(data)


def encode(value: Any) -> bytes:
    """The one encoding of a domain value."""
    return canonical(store_converter().unstructure(value))


def decode(data: bytes, kind: type[T]) -> T:
    """A domain value from its encoding; trusted input only."""
    return store_converter().structure(orjson.loads(data), kind)


def encode_event(recorded: RecordedEvent) -> bytes:
    """The payload of an event as it is stored and chained."""
    converter = store_converter()
    return canonical(
        {
            "v": EVENT_VERSION,
            "type": recorded.event.type,
            "at": recorded.at.isoformat(),
            "entered_at": recorded.entered_at.isoformat(),
            "actor": converter.unstructure(recorded.actor),
            "data": converter.unstructure(recorded.event),
        }
    )


def decode_event(stream: str, position: int, payload: bytes) -> RecordedEvent:
    """The event a payload describes. Raises IntegrityError for an unknown type, a newer version, or damaged bytes."""
    with _legible(f"event {stream}/{position}"):
        data = orjson.loads(payload)
        kind = EVENT_TYPES.get(data["type"])
        if kind is None or data["v"] > EVENT_VERSION:
            raise IntegrityError(
                f"{stream}/{position}: event {data['type']} v{data['v']} is newer than this program",
                remedy="use the program that wrote it",
            )
        converter = store_converter()
        return RecordedEvent(
            stream=stream,
            position=position,
            event=converter.structure(data["data"], kind),
            at=instant(datetime.fromisoformat(data["at"])),
            entered_at=instant(datetime.fromisoformat(data["entered_at"])),
            actor=converter.structure(data["actor"], Actor),
        )


def encode_case(case: Case) -> bytes:
    """A case as stored beside its events."""
    return encode(case)


def decode_case(data: bytes) -> Case:
    """A case from its stored form. Raises IntegrityError for damaged bytes."""
    with _legible("a stored case"):
        return decode(data, Case)


def decode_outline(data: bytes) -> CaseOutline:
    """The outline of a case from its stored form. Raises IntegrityError for damaged bytes."""
    with _legible("a stored case"):
        return decode(data, CaseOutline)


@contextmanager
def _legible(what: str) -> Iterator[None]:
    """What was stored and can no longer be read is damage of the store, whatever the reader stumbled over."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, ClaimError) as error:
        raise IntegrityError(
            f"{what} cannot be read: {type(error).__name__}", remedy="run egov verify --config FILE; restore a backup"
        ) from error
