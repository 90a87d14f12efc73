"""Groups whose commands are imported when they are asked for.

Rules of this room: whoever wants one command does not wait for what the others need, and whoever only reads a list of
commands, in a help or completed by a shell, waits for none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from egov_core.cli.contents import Listed, ListedGroup
from egov_core.cli.spoken import Command, Group

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class LazyGroup(Group):
    """A group of commands as the table of contents lists them, in its order.

    What click holds as its `commands` says no more than the table: enough for a list of them, and for finding the name
    that somebody may have meant. The command itself is given by `get_command`.
    """

    def __init__(self, name: str | None = None, *, listed: Mapping[str, Listed | ListedGroup], **options: Any) -> None:
        super().__init__(name, {called: Command(called, help=one.help) for called, one in listed.items()}, **options)
        self.listed = listed

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's
        """The names, in the order they were given."""
        return [*self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's
        """The command of this name, imported now."""
        one = self.listed.get(cmd_name)
        return None if one is None else _made(cmd_name, one)

    def briefly(self, ctx: click.Context) -> Mapping[str, click.Command]:  # noqa: ARG002 -- for those who have more
        """What is shown of every command in a list, for which nothing is imported."""
        return self.commands

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands."""
        _Brief(commands=dict(self.briefly(ctx))).format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What a name or an option may go on to be."""
        from click.shell_completion import CompletionItem

        begun = [(name, one) for name, one in self.briefly(ctx).items() if name.startswith(incomplete)]
        names = [CompletionItem(name, help=one.get_short_help_str()) for name, one in begun if not one.hidden]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]


class _Brief(click.Group):
    """What is shown of some commands, in their order."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's
        return [*self.commands]


def _made(name: str, one: Listed | ListedGroup) -> click.Command:
    """A command of the table: imported, or made where it is a group."""
    if isinstance(one, ListedGroup):
        return LazyGroup(name, help=one.help, listed=one.commands)
    module, _, attribute = one.place.partition(":")
    found = getattr(import_module(f"egov_core.cli.{module}"), attribute or name)
    assert isinstance(found, click.Command)
    return found
