"""What the office and the process of a lane say to each other.

Rules of this room: questions go down as pickles, from the office to its own child, which is the same program; answers
come up as lines of JSON, of which nothing is believed. A line is never longer than `LONGEST`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from egov_core.errors import DeliveryError, EgovError, PluginError
from egov_core.hooks import effects
from egov_core.hooks.discovery import PluginChoice
from egov_core.hooks.effects import clean
from egov_core.hooks.said import one_line
from egov_core.ports.effects import Parcel
from egov_core.ports.forwarding import Receipt

LONGEST = 1_000_000
"""Bytes of an answer."""
BEAT = 1.0
"""Seconds between two signs of life."""


@attrs.frozen(kw_only=True)
class Start:
    """The first thing said: which plugin to load, and how."""

    name: str
    choice: PluginChoice


@attrs.frozen(kw_only=True)
class Question:
    """Whether the plugin has a way for a parcel (`offers`), or that it has to carry it."""

    number: int
    carries: bool
    parcel: Parcel


def of_receipt(receipt: Receipt) -> dict[str, Any]:
    """A receipt as JSON."""
    return {"receipt": attrs.asdict(receipt)}


def of_error(error: EgovError) -> dict[str, Any]:
    """An error as JSON."""
    not_now = isinstance(error, DeliveryError)
    said = {"not_now": not_now, "code": error.code, "message": error.message, "remedy": error.remedy}
    return {"error": {key: clean(value) if isinstance(value, str) else value for key, value in said.items()}}


def error_of(said: Mapping[str, Any], plugin: str) -> EgovError:
    """The error that was said: "not now", or a broken promise."""
    message, remedy = (one_line(str(said.get(key, "")), effects.LONGEST) for key in ("message", "remedy"))
    if said.get("not_now") is True:
        return DeliveryError(message, remedy=remedy, plugin=plugin)
    return PluginError(message, remedy=remedy, plugin=plugin)


def receipt_of(said: Mapping[str, Any]) -> Any:
    """What was said as a receipt, for `receipt_fault` to judge; None where it has not even the fields."""
    try:
        return Receipt(**said)
    except TypeError:
        return None
