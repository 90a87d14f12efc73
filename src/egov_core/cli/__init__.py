"""The front door: parses, starts whatever lies below, shows.

Rules of this room: click lives here only; one command, one module; every error of ours becomes one clear sentence
with its remedy and exit status 1 (2 for a wrong option), never a traceback. JSON keys and codes are English,
sentences follow the locale. A command's module is imported when the command is asked for: whoever wants a deadline
does not wait for the server. Plugins are loaded for the help and for a command that the library has not, and for no
other: none of them can make `egov` unusable. Whoever stops reading what is printed ends the command without a word.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from egov_core import __version__
from egov_core.cli.contents import COMMANDS
from egov_core.cli.lazy import LazyGroup


class _FrontDoor(LazyGroup):
    """The commands by name, each imported when it is needed; those of plugins after the library's."""

    def __init__(self, **options: Any) -> None:
        super().__init__(listed=COMMANDS, **options)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.briefly(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) if cmd_name in COMMANDS else _of_plugins(ctx).get(cmd_name)

    def briefly(self, ctx: click.Context) -> Mapping[str, click.Command]:
        return {**self.commands, **dict(sorted(_of_plugins(ctx).items()))}

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the options; the help is printed here."""
        from egov_core.cli.show import until_nobody_reads

        with until_nobody_reads():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error of ours that a plugin's command lets through gets the one error shape."""
        from egov_core.cli.show import guarded, stopped, until_nobody_reads

        with until_nobody_reads(), stopped():
            return guarded(super().invoke)(ctx)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """The whole run, with what is still to be written at its end."""
        from egov_core.cli.show import until_nobody_reads

        with until_nobody_reads():
            try:
                return super().main(*args, **kwargs)
            finally:
                sys.stdout.flush()


def _of_plugins(ctx: click.Context) -> dict[str, click.Command]:
    """The commands of installed plugins, asked for once in a run."""
    from egov_core.cli.plugins.commands import plugin_commands

    held: dict[str, click.Command] | None = ctx.meta.get(__name__)
    if held is None:
        held = ctx.meta[__name__] = plugin_commands(COMMANDS)
    return held


@click.group(cls=_FrontDoor, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="egov")
def main() -> None:
    """County government services and electronic supervision."""
