"""`egov plugins`: which plugins there are, what is wrong with them, and letting one be asked again.

Rules of this room: without a settings file it speaks of what is installed; with one, of what that office would load and
of what the office has kept about failures.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import click

from egov_core.cli.checks import CONFIG, JSON
from egov_core.cli.in_words import word
from egov_core.cli.language import say
from egov_core.cli.plugins.shown import (
    ended_faults,
    refused_faults,
    shown_plugin,
    shown_refused,
    spared,
    tell_plugin,
)
from egov_core.cli.show import guarded, show_error, show_json
from egov_core.cli.spoken import Command
from egov_core.errors import EgovError, PluginError
from egov_core.hooks.calls import PluginState
from egov_core.hooks.discovery import refusal
from egov_core.hooks.manager import Hooks
from egov_core.hooks.spec import API
from egov_core.runtime.choices import Choice, PlaceChoices, Whose, place_choices
from egov_core.runtime.place import timer_kinds
from egov_core.runtime.plugins import choice_of, hooks_of, unknown_items
from egov_core.runtime.settings import ANYWHERE, Settings, read_settings, without_plugins
from egov_core.runtime.trial import ended_in_trial

MAYBE = click.option("--config", type=click.Path(), help="The settings of an office (default: what is installed).")


@click.command("list", cls=Command)
@MAYBE
@JSON
@guarded
def list_plugins(config: str | None, as_json: bool) -> None:
    """List the plugins, in the order in which they are asked."""
    settings = _settings(config)
    hooks, states, unknown = _known(settings, config)
    shown = [shown_plugin(hooks, name, states, unknown) for name in reversed(hooks.names())]
    if as_json:
        show_json({"api": ".".join(map(str, API)), "safe_mode": settings.safe_mode, "plugins": shown})
        return
    for one in shown:
        state = say("已隔离", "in quarantine") if one["quarantined"] else ""
        version = f" {one['version']}" if one["version"] else ""
        click.echo(
            f"{one['name']}{version}  {word('origin', one['origin'])}  {', '.join(one['hooks'])}  {state}".rstrip()
        )


@click.command("doctor", cls=Command)
@MAYBE
@JSON
@guarded
def doctor(config: str | None, as_json: bool) -> None:
    """Say what each plugin is, whether its conformance stamp holds, and how it failed last.

    Also who chose card policy and office hours. Exit status 1 when a plugin cannot be loaded, chooses or offers what
    cannot be, or is in quarantine. Plugins are loaded in a process of their own first, so that the one is found that
    ends the process.
    """
    given = _settings(config)
    settings = given
    try:
        faults = [] if given.safe_mode else ended_faults(ended_in_trial(choice_of(given)))
        settings = spared(given, faults)
        try:
            hooks, states, unknown = _known(settings, config)
        except PluginError as error:
            refusals = refused_faults(error)
            if not refusals:
                raise
            faults += refusals
            settings = spared(given, faults)
            hooks, states, unknown = _known(settings, config)
    except PluginError as error:
        if not as_json:
            raise
        show_json({"api": ".".join(map(str, API)), "plugins": [], "error": error.as_dict()})
        raise SystemExit(1) from None
    refused = refusal(faults) if faults else None
    shown = [shown_plugin(hooks, name, states, unknown) for name in reversed(hooks.names())]
    shown += shown_refused(faults, given, states)
    choices, unusable = _choices(settings, hooks)
    wrong = refused or unusable
    if as_json:
        told: dict[str, Any] = {"api": ".".join(map(str, API)), "safe_mode": settings.safe_mode, "plugins": shown}
        told["choices"] = {} if choices is None else choices.as_dict()
        show_json(told if wrong is None else {**told, "error": wrong.as_dict()})
    else:
        for one in shown:
            tell_plugin(one)
        if choices is not None:
            click.echo(_chosen(say("发牌办法", "card policy"), choices.policy))
            click.echo(_chosen(say("办公时间", "office hours"), choices.office_hours))
        if wrong is not None:
            show_error(wrong)
    if wrong is not None or any(one["quarantined"] for one in shown):
        raise SystemExit(1)


@click.command("release", cls=Command)
@click.argument("name")
@CONFIG
@JSON
@guarded
def release(name: str, config: str, as_json: bool) -> None:
    """Let a plugin that is in quarantine be asked again."""
    from egov_core.runtime.bootstrap import open_office  # here and below: without an office nobody waits for it

    with open_office(without_plugins(read_settings(config))) as office:
        released = office.release(name)
    if as_json:
        show_json({"released": name, "at": released.at.isoformat()})
    else:
        click.echo(say(f"插件{name}已解除隔离", f"plugin {name} is asked again"))


def _choices(settings: Settings, hooks: Hooks) -> tuple[PlaceChoices | None, EgovError | None]:
    """What the office would be measured with, or why it would not open: the plugins are listed all the same."""
    try:
        return place_choices(settings, hooks, timer_kinds(settings, hooks)), None
    except EgovError as error:
        return None, error


def _chosen(what: str, one: Choice[Any]) -> str:
    by = {
        Whose.SETTINGS: say("设置选定", "chosen by the settings"),
        Whose.PLUGIN: say(f"插件{one.plugin}选定", f"chosen by plugin {one.plugin}"),
        Whose.LIBRARY: say("无人选定，用本库默认", "chosen by nobody: the library's own"),
        Whose.STAND_IN: say("安全模式代用", "stands in, in safe mode"),
    }[one.by]
    return f"{what}: {one.name}  {by}"


def _settings(config: str | None) -> Settings:
    return Settings(area=ANYWHERE) if config is None else read_settings(config)


def _known(
    settings: Settings, config: str | None
) -> tuple[Hooks, Mapping[str, PluginState], Mapping[str, Collection[str]]]:
    """The plugins, what the office has kept of failures, and the items named that its catalogue does not have."""
    hooks = hooks_of(settings)
    if config is None:
        return hooks, {}, {}
    from egov_core.runtime.bootstrap import open_office

    with open_office(without_plugins(settings), read_only=True) as office:
        return hooks, dict(office.services.registry().plugins), unknown_items(hooks, office.catalogue)
