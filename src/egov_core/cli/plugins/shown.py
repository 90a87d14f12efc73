"""A plugin as `egov plugins list` and `doctor` show it, also one that is refused and was not loaded.

Rules of this room: one shape for every plugin, whatever became of it; nothing is loaded here, and a stamp is read
without importing what it is for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import attrs
import click

from egov_core.cli.advice import with_settings
from egov_core.cli.in_words import word
from egov_core.cli.language import said, say
from egov_core.errors import Fault, PluginError
from egov_core.hooks.calls import PluginState
from egov_core.hooks.discovery import UNKNOWN, looked_for
from egov_core.hooks.manager import Hooks
from egov_core.hooks.plugin import Origin, PluginInfo, api_range
from egov_core.hooks.said import one_line
from egov_core.runtime.plugins import choice_of
from egov_core.runtime.settings import Settings
from egov_core.runtime.stamps import Stamp, read_stamp


def shown_plugin(
    hooks: Hooks, name: str, states: Mapping[str, PluginState], unknown: Mapping[str, Collection[str]]
) -> dict[str, Any]:
    """A plugin that is loaded; `unknown` are the items that plugins name and the catalogue does not have."""
    shown = _shown(next(one for one in hooks.infos() if one.name == name), states)
    return {**shown, "unknown_items": list(unknown.get(name, ()))}


def refused_faults(error: PluginError) -> list[Fault]:
    """What an error at the opening says of plugins by name; nothing where it is about something else."""
    return [Fault(**fault) for fault in error.data.get("faults", ()) if isinstance(fault, Mapping)]


def ended_faults(ended: Mapping[str, str]) -> list[Fault]:
    """The same of plugins that ended the trial."""
    return [Fault(name, "ended", how) for name, how in ended.items()]


def spared(settings: Settings, faults: Collection[Fault]) -> Settings:
    """The settings, without the names that no plugin has and with the plugins of the others switched off."""
    without = {fault.path for fault in faults if fault.code not in UNKNOWN}
    lists = [settings.plugins_disabled, settings.plugins_order, tuple(settings.plugins_settings)]
    if any(fault.code in UNKNOWN for fault in faults):
        there = {one.name for one in looked_for(choice_of(settings))}
        lists = [tuple(name for name in names if name in there) for names in lists]
    disabled, order, tables = lists
    return attrs.evolve(
        settings,
        plugins_disabled=(*disabled, *without),
        plugins_order=tuple(name for name in order if name not in without),
        plugins_settings={name: settings.plugins_settings[name] for name in tables if name not in without},
    )


def shown_refused(
    faults: Collection[Fault], settings: Settings, states: Mapping[str, PluginState]
) -> list[dict[str, Any]]:
    """The plugins that faults name, in the same shape: where each is, and why it is not loaded."""
    why: dict[str, list[str]] = {}
    for fault in faults:
        if fault.code not in UNKNOWN:
            why.setdefault(fault.path, []).append(fault.message)
    found = [one for one in looked_for(choice_of(settings)) if one.name in why]
    return [{**_shown(one, states), "loaded": False, "last_error": "; ".join(why[one.name])} for one in found]


def _shown(info: PluginInfo, states: Mapping[str, PluginState]) -> dict[str, Any]:
    state, stamp = states.get(info.name), _stamp(info)
    return {
        "name": info.name,
        "loaded": True,
        "origin": info.origin.value,
        "where": info.where,
        "distribution": info.distribution,
        "version": info.version,
        "api": info.api,
        "api_range": api_range(info.api),
        "hooks": list(info.hooks),
        "items": sorted(info.items),
        "unknown_items": [],
        "deprecated": list(info.deprecated),
        "load_ms": round(info.load_seconds * 1000, 1),
        "stamp": "none" if stamp is None else str(stamp),
        "stamp_reason": "" if stamp is None else stamp.reason,
        "stamp_kits": [] if stamp is None else [kit.contract for kit in stamp.kits],
        "strikes": 0 if state is None else state.strikes,
        "last_error": "" if state is None or not state.error else one_line(f"{state.hook}: {state.error}"),
        "failed_at": None if state is None else state.at.isoformat(),
        "quarantined": state is not None and state.quarantined,
    }


def _stamp(info: PluginInfo) -> Stamp | None:
    """What a plugin's package says to have passed; a single file and the library's own have no package."""
    if info.origin not in (Origin.INSTALLED, Origin.SETTINGS):
        return None
    return read_stamp(info.where.partition(":")[0].partition(".")[0])


def tell_plugin(one: Mapping[str, Any]) -> None:
    """The same in lines, for people."""
    click.echo(f"{one['name']}  {one['version'] or '—'}  {one['where'] or word('origin', one['origin'])}")
    if not one["loaded"]:
        click.echo(f"  {say('未加载', 'not loaded')}: {said(one['last_error'])}")
        return
    click.echo(f"  {say('扩展点', 'hooks')}: {', '.join(one['hooks']) or '—'}")
    stamp = said(one["stamp"]) + (f" ({said(one['stamp_reason'])})" if one["stamp_reason"] else "")
    click.echo(
        f"  {say('扩展点版本', 'API')}: {one['api_range'] or '—'}  {say('印证', 'stamp')}: {stamp}  "
        f"{say('加载', 'loaded in')}: {one['load_ms']:g} ms"
    )
    for sentence in one["deprecated"]:
        click.echo(f"  {say('将要取消', 'will go')}: {said(sentence)}")
    if one["unknown_items"]:
        items = one_line(", ".join(one["unknown_items"]))
        click.echo(f"  {say('事项目录中没有', 'not in the catalogue')}: {items}")
    if one["last_error"]:
        click.echo(f"  {say('最近故障', 'last error')}: {said(one['last_error'])}")
    if one["quarantined"]:
        release = with_settings(f"egov plugins release {one['name']} --config FILE")
        click.echo(f"  {say('已隔离，修复后运行', 'in quarantine; once mended')}: {release}")
