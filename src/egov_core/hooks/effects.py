"""Carrying a parcel by a plugin: what is asked of it, and what its answer has to be.

Rules of this room: the same code in the office's process and in a lane's own. "Not now" (DeliveryError) is the
plugin's to say; whatever else goes wrong is a broken promise under the plugin's name. Nothing of a receipt is repaired:
it goes into the chain as it is.
"""

from __future__ import annotations

import logging
from typing import Any

from egov_core.errors import DeliveryError, EgovError, PluginError
from egov_core.hooks.apart import Apart, is_stop
from egov_core.hooks.manager import WAITS, WAYS, Hooks
from egov_core.hooks.said import named, one_line, trace_of
from egov_core.ports.effects import Parcel
from egov_core.ports.forwarding import Receipt

LONGEST = 1000
"""Characters of what went wrong, which names the exception and what was sent."""
_log = logging.getLogger(__name__)


def offers(hooks: Hooks, plugin: str, parcel: Parcel) -> bool:
    """Whether the plugin has a way for this parcel. Raises PluginError."""
    return hooks.way(plugin, parcel.hook, parcel.to) is not None


def carry(hooks: Hooks, plugin: str, parcel: Parcel) -> Receipt:
    """Have the plugin carry it. Raises DeliveryError ("not now") and PluginError."""
    way = hooks.way(plugin, parcel.hook, parcel.to)
    if way is None:
        raise DeliveryError(
            f"plugin {plugin} has no way to {parcel.address} any more", remedy="it is tried again by itself"
        )
    try:
        with Apart():
            answer = getattr(way, WAYS[parcel.hook][1])(parcel.sent)
            wrong = receipt_fault(answer, parcel)
    except EgovError:
        raise
    except BaseException as error:  # whatever ends the attempt does not end the lane
        if is_stop(error):
            raise
        _log.error("plugin %s failed: %s\n%s", plugin, named(error), trace_of(error))
        raise broken(plugin, f"failed: {named(error)}", way) from error
    if wrong:
        raise broken(plugin, wrong, way)
    receipt: Receipt = answer
    return receipt


def receipt_fault(answer: Any, parcel: Parcel) -> str:
    """What is wrong with an answer; empty where nothing is."""
    if not isinstance(answer, Receipt) or answer.key != parcel.sent.key:
        return f"answered for something else than {parcel.sent.key}"
    texts = (answer.receipt, answer.detail)
    if type(answer.accepted) is not bool or not all(isinstance(text, str) and text == clean(text) for text in texts):
        return "answered with a receipt that is none"
    return ""


def broken(plugin: str, what: str, way: Any = None) -> PluginError:
    """A broken promise, under the name of the plugin and of the adapter or channel that it offers."""
    called = "" if way is None else f" ({_called(way)})"
    return PluginError(f"plugin {plugin}{called} {one_line(what, LONGEST)}", remedy=WAITS, plugin=plugin)


def _called(way: Any) -> str:
    """The name of an adapter or a channel; one that cannot even say it is called by its kind."""
    try:
        return one_line(str(getattr(way, "name", type(way).__name__)))
    except Exception:  # noqa: BLE001 -- it is named because it failed already
        return type(way).__name__


def clean(text: str) -> str:
    """The text without half characters, which have no encoding."""
    return text.encode("utf-8", "replace").decode()
