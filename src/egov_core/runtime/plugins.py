"""The hooks of an office, from its settings: built-ins, what is discovered, what the program hands over.

Rules of this room: one function assembles them for whoever needs hooks with or without an open office. In safe mode no
plugin is loaded: the office is looked at, and repaired, without what may have broken it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import attrs

from egov_core.domain.catalogue import Catalogue
from egov_core.errors import PluginError
from egov_core.hooks.builtin import ByOrganAndYear, Completeness, Loopback
from egov_core.hooks.calls import HookCall
from egov_core.hooks.discovery import PluginChoice, file_plugin_name
from egov_core.hooks.manager import Hooks
from egov_core.hooks.plugin import PluginInfo
from egov_core.runtime.clock import meter
from egov_core.runtime.effects.lanes import Carrier, Lanes
from egov_core.runtime.effects.process import ProcessCarrier
from egov_core.runtime.effects.threads import ThreadCarrier
from egov_core.runtime.settings import Settings
from egov_core.storage.backends import BuiltinStorage
from egov_core.wire.plugin_settings import plugin_settings

TRACE = "EGOV_TRACE_HOOKS"
"""The variable of the environment that has each call of a plugin printed; it changes nothing else."""


def hooks_of(settings: Settings, plugins: Iterable[tuple[object, str]] = (), *, read_only: bool = False) -> Hooks:
    """All plugins of an office. Raises PluginError naming every one that cannot be."""
    hooks = Hooks(
        [
            (Completeness(), "builtin-completeness"),
            (ByOrganAndYear(), "builtin-numbering"),
            (BuiltinStorage(read_only=read_only), "builtin-storage"),
            *([(Loopback(), "builtin-loopback")] if settings.loopback else []),
        ],
        meter=meter,
        budget=settings.plugins_budget,
        trace=_trace(),
    )
    if settings.safe_mode:
        return hooks
    hooks.discover(choice_of(settings), plugin_settings)
    for plugin, name in plugins:
        hooks.register(plugin, name)
    return hooks


def effects_of(settings: Settings, hooks: Hooks) -> Lanes:
    """The lanes of an office's plugins."""

    def make(info: PluginInfo) -> Carrier:
        if not info.origin.is_discovered:
            return ThreadCarrier(hooks, info.name, settings.effect_timeout)
        return ProcessCarrier(
            info.name,
            choice_of(settings).of(info.name),
            hooks.record,
            budget=settings.plugins_budget,
            time_limit=settings.effect_timeout,
        )

    return Lanes(hooks, make, settings.effect_timeout)


def hooks_with(settings: Settings, which: str) -> Hooks:
    """One plugin alone, whether or not an office asks it: by its name, or the single file at a path (`….py`).

    Raises PluginError where there is none, or where it cannot be loaded.
    """
    file = Path(which)
    if file.suffix == ".py":
        if not file.is_file():
            raise PluginError(f"there is no file {which}", remedy="give the path of a plugin's single file", plugin="")
        name = file_plugin_name(file)
        tables = {one: table for one, table in settings.plugins_settings.items() if one == name}
        choice = PluginChoice(discover=False, files=(str(file.resolve()),), tables=tables)
    else:
        choice = attrs.evolve(choice_of(settings).of(which), discover=True)
    hooks = Hooks(meter=meter, budget=settings.plugins_budget, trace=_trace())
    hooks.discover(choice, plugin_settings)
    return hooks


def _trace() -> Callable[[HookCall], None] | None:
    return _printed if os.environ.get(TRACE) == "1" else None


def choice_of(settings: Settings) -> PluginChoice:
    """What the settings say about plugins."""
    return PluginChoice(
        discover=settings.plugins,
        folder=settings.plugins_dir,
        load=settings.plugins_load,
        disabled=frozenset(settings.plugins_disabled),
        order=settings.plugins_order,
        tables=settings.plugins_settings,
    )


def unknown_items(hooks: Hooks, catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """What plugins say to be about and the catalogue does not have, by plugin: it is never asked about that.

    An empty catalogue tells nothing: the office is about to be filled.
    """
    versions = [one for versions in catalogue.items.values() for one in versions]
    known = {*catalogue.items, *(one.name for one in versions)}
    missing = {info.name: tuple(sorted(info.items - known)) for info in hooks.infos()} if known else {}
    return {name: items for name, items in missing.items() if items}


def _printed(call: HookCall) -> None:
    said = f"error: {call.error}" if call.error else call.answer
    sys.stderr.write(f"hook {call.hook} {call.plugin} {call.seconds * 1000:.2f} ms {said}\n")
