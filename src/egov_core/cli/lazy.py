"""Groups whose commands are imported when they are asked for.

Rules of this room: whoever wants one command does not wait for what the others need.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from egov_core.cli.spoken import Group


class LazyGroup(Group):
    """A group of commands, each by its name in a module of this package; `MODULE:NAME` where the name differs.

    Commands that need no more than the group itself are added to it as to any other, and stand before these.
    """

    def __init__(self, *arguments: Any, modules: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's
        """The names, in the order they were given."""
        return [*self.commands, *self.modules]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        module = self.modules.get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = module.partition(":")
        found = getattr(import_module(f"egov_core.cli.{module}"), name or cmd_name)
        assert isinstance(found, click.Command)
        return found
