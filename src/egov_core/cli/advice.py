"""What to do, as the command line says it: a command that a remedy names can be run as it is told.

Rules of this room: a remedy is written where it is known what has happened, and nobody there knows which settings file
somebody gave. It is added here, to whatever names a command of ours that takes one.
"""

from __future__ import annotations

import re
import shlex

import click

from egov_core.cli.language import said, say

_NAMED = re.compile(r"\begov ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
OPTION = "--config"


def advised(remedy: str) -> str:
    """A remedy in the reader's language, with the settings of the running command where one it names needs them."""
    context = click.get_current_context(silent=True)
    config = None if context is None else context.params.get("config")
    if context is None or not config or OPTION in remedy or not _takes_settings(context.find_root(), remedy):
        return said(remedy)
    given = f"{OPTION} {shlex.quote(str(config))}"
    return said(remedy) + say(f"（加上同样的 {given}）", f" (with the same {given})")


def _takes_settings(root: click.Context, remedy: str) -> bool:
    """Whether one of the commands that a remedy names has the option; what is no command of ours has none."""
    for first, second in _NAMED.findall(remedy):
        command = root.command.get_command(root, first) if isinstance(root.command, click.Group) else None
        if isinstance(command, click.Group):
            command = command.get_command(root, second)
        if command is not None and any(OPTION in one.opts for one in command.params):
            return True
    return False
