"""The table of contents of the command line says what is there, and a list of commands imports none of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from egov_core.cli import main
from egov_core.cli.contents import COMMANDS, Listed, ListedGroup

GROUPS = [name for name, one in COMMANDS.items() if isinstance(one, ListedGroup)]
PROGRAM = """
import sys
from egov_core.cli import main
for arguments in {typed}:
    try:
        main(arguments, "egov")
    except SystemExit as end:
        assert end.code == 0
print("LOADED", *sorted(name for name in sys.modules if name.startswith("egov_core.")))
"""
NEEDED_FOR_A_LIST = {
    "egov_core.cli",
    "egov_core.cli.advice",
    "egov_core.cli.contents",
    "egov_core.cli.language",
    "egov_core.cli.lazy",
    "egov_core.cli.show",
    "egov_core.cli.spoken",
    "egov_core.errors",
    "egov_core.language",
    "egov_core.server",
    "egov_core.server.sentence_files",
}
"""All of ours that a list of the commands of a group may import; the last two to say it in Chinese."""


def listed(commands: Mapping[str, Listed | ListedGroup]) -> Iterator[tuple[tuple[str, ...], Listed]]:
    """Every command that does something, by what one types."""
    for name, one in commands.items():
        if isinstance(one, ListedGroup):
            yield from (((name, *path), below) for path, below in listed(one.commands))
        else:
            yield (name,), one


def found(path: tuple[str, ...]) -> click.Command:
    """The command of this name."""
    command: click.Command | None = main
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name)
    assert command is not None
    return command


def first_paragraph(command: click.Command) -> str:
    assert command.help is not None
    return " ".join(command.help.split("\n\n")[0].split())


@pytest.mark.parametrize(("path", "one"), [pytest.param(*pair, id=" ".join(pair[0])) for pair in listed(COMMANDS)])
def test_the_table_says_of_a_command_what_the_command_says_of_itself(path: tuple[str, ...], one: Listed) -> None:
    command = found(path)
    assert command.name == path[-1]
    assert command.hidden is False
    assert first_paragraph(command) == one.help


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_has_the_commands_of_the_table_and_no_others(name: str) -> None:
    group, one = found((name,)), COMMANDS[name]
    assert isinstance(group, click.Group) and isinstance(one, ListedGroup)
    assert group.help == one.help
    assert group.list_commands(click.Context(group)) == [*one.commands]
    assert group.get_command(click.Context(group), "nothing") is None


def loaded(*typed: list[str], locale: str = "C.UTF-8") -> set[str]:
    """What of ours is imported where this is typed."""
    program = PROGRAM.format(typed=typed)
    environment = {**os.environ, "LC_ALL": locale}
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    return set(ran.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize("locale", ["C.UTF-8", "zh_CN.UTF-8"])
def test_the_help_of_a_group_imports_none_of_its_commands(locale: str) -> None:
    modules = loaded(*([name, "--help"] for name in GROUPS), locale=locale)
    assert modules - NEEDED_FOR_A_LIST == set()


def test_the_help_of_everything_imports_no_command_and_nothing_that_only_commands_need() -> None:
    modules = loaded(["--help"])
    commands = {f"egov_core.cli.{one.place.partition(':')[0]}" for _, one in listed(COMMANDS)}
    assert modules & commands == set()
    assert {name for name in modules if name.startswith(("egov_core.sheets", "egov_core.usecases"))} == set()


def completed(*typed: str, begun: str = "") -> dict[str, str | None]:
    """What a shell is told that may come next, with the help beside it."""
    answers = ShellComplete(main, {}, "egov", "_EGOV_COMPLETE").get_completions([*typed], begun)
    return {one.value: one.help for one in answers}


def test_a_shell_completes_commands_without_importing_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr("egov_core.cli.lazy.import_module", lambda name: pytest.fail(f"{name} was imported"))
    told = completed(begun="ca")
    assert [*told] == [name for name in COMMANDS if name.startswith("ca")]
    assert told["calendar"] == "List holiday notices, compare one with the..."
    assert [*completed("catalogue", begun="re")] == ["read", "return", "resume", "review"]
    assert [*completed("catalogue", begun="--h")] == ["--help"]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert completed("enrol", begun="inv") == {"invite": "登记邀请了哪些单位接入。"}


def test_options_of_a_command_are_completed_by_the_command() -> None:
    assert "--limit" in completed("deadline", begun="--l")


@pytest.mark.parametrize(("typed", "meant"), [(["deadlin"], "deadline"), (["calendar", "lists"], "list")])
def test_who_mistypes_a_command_is_told_which_one_there_is(typed: list[str], meant: str) -> None:
    told = CliRunner().invoke(main, typed, env={"LC_ALL": "C.UTF-8"})
    assert told.exit_code == 2
    assert f"Did you mean '{meant}'?" in told.stderr
    told = CliRunner().invoke(main, typed, env={"LC_ALL": "zh_CN.UTF-8"})
    assert f"是不是“{meant}”？" in told.stderr
