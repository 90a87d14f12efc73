"""The commands that installed plugins add to `egov`.

Rules of this room: it is imported only where somebody asks for a command that the library has not, or for the help of
`egov`; a command of the library's never waits for a plugin and never fails with one. What fails is told in one sentence
on standard error, and everything else works.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import attrs
import click

from egov_core.cli.language import said, say
from egov_core.errors import PluginError
from egov_core.hooks.manager import Hooks
from egov_core.runtime.plugins import hooks_of
from egov_core.runtime.settings import ANYWHERE, Settings

HOOK = "egov_commands"
ANSWERED = "answered "
"""What a call's error begins with that did not fail, but answered what cannot be; the hook is named beside it."""
NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)


def plugin_commands(taken: Collection[str]) -> dict[str, click.Command]:
    """The commands of all installed plugins by name; `taken` are the library's."""
    found: dict[str, click.Command] = {}

    def check(answer: Any) -> str:
        if not isinstance(answer, Mapping):
            return f"with {type(answer).__name__}, not names with their commands"
        faults = [fault for name, command in answer.items() for fault in _faults(name, command, taken, found)]
        return f"with commands that cannot be: {'; '.join(faults)}" if faults else ""

    with _unlogged():
        hooks = _loaded()
        if hooks is None:
            return {}
        for _, commands in hooks.commands(check):
            found |= commands
    for name in hooks.names():
        use = hooks.use(name, HOOK)
        if use.failures:
            wrong = use.last_error.removeprefix(ANSWERED)
            is_answer = wrong != use.last_error
            _tell(name, f"{ANSWERED}{HOOK} {wrong}" if is_answer else f"failed in {HOOK}: {wrong}")
    return found


def _faults(name: object, command: object, taken: Collection[str], found: Collection[str]) -> Iterator[str]:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        yield f"{name!r} is no name of a command: small letters, digits and single hyphens"
    elif name in taken:
        yield f"{name} is a command of the library's"
    elif name in found:
        yield f"{name} is a command of another plugin's"
    if not isinstance(command, click.Command):
        yield f"{name} is {type(command).__name__}, not a click.Command"


def _loaded() -> Hooks | None:
    """The hooks of what is installed, without the plugins that cannot be loaded, each of which is told."""
    settings = Settings(area=ANYWHERE)
    try:
        return hooks_of(settings)
    except PluginError as error:
        faults = error.data.get("faults", [])
        for fault in faults:
            _tell(fault["path"], fault["message"])
        broken = tuple(fault["path"] for fault in faults)
    try:
        return hooks_of(attrs.evolve(settings, plugins_disabled=broken))
    except PluginError as error:  # two of one name, which leaving both out does not mend
        if not broken:
            _tell(str(error.data.get("plugin", "")), f"cannot be registered: {error.message}")
        return None


def _tell(plugin: str, why: str) -> None:
    click.echo(
        say(f"插件{plugin}的命令不可用：{said(why)}", f"the commands of plugin {plugin} are left out: it {why}"),
        err=True,
    )


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep the log out of what is printed: a traceback before the help would be all that anybody sees."""
    log = logging.getLogger("egov_core.hooks.manager")
    was, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = was
