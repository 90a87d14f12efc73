"""Whatever names a command of ours names all of it: what it cannot run without stands there, or a word for it does."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import egov_core
from egov_core.cli import main
from tests.server.test_sentences import templates

SOURCE = Path(egov_core.__file__).parent
PLUGINS = SOURCE.parents[1] / "plugins"
SAID_IN = [*SOURCE.rglob("*.py"), *PLUGINS.glob("*/src/**/*.py")]
CHINESE = sorted((SOURCE / "server" / "text" / "sentences").glob("*.toml"))
ABOUT_COMMANDS = {"help.toml"}
"""The help of the commands, which explains them and tells nobody to run one now."""
WITH_SETTINGS_LAST = {"init.py"}
"""What a new county is told to run next ends in a value that has the settings; `test_init.py` runs it."""
NAMED = re.compile(r"(?<![\w-])egov ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)")
ENDS = re.compile(r"[;；。）)'`\"”\n]|, | \(")
GIVEN = re.compile(r"[A-Z][A-Z=]*|.*\{.*|.*[\u4e00-\u9fff].*|--?[a-z-]+|.*[/.:].*")
"""What stands in a command that is told: a word in capitals or in Chinese, a value that is filled in, an option."""


def docstrings(tree: ast.AST) -> set[int]:
    """The constants of a module that are its docstrings, and those that stand below a name."""
    return {
        id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
    }


def said_in(source: str) -> Iterator[str]:
    """Every text in a module that somebody may be shown, `{}` for each value."""
    tree = ast.parse(source)
    within = docstrings(tree)
    parts = {
        id(part)
        for one in ast.walk(tree)
        if isinstance(one, ast.JoinedStr | ast.BinOp)
        for part in ast.walk(one)
        if part is not one
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) and id(node) not in within | parts:
            yield from templates(node)


def commands_in(text: str) -> Iterator[tuple[click.Command, list[str]]]:
    """The commands of ours that a text names, each with what is given to it."""
    context = click.Context(main)
    for found in NAMED.finditer(text):
        first, _, second = found[1].partition(" ")
        command, rest = main.get_command(context, first), text[found.start(1) + len(first) :]
        if isinstance(command, click.Group):
            command, rest = command.get_command(context, second), text[found.end() :]
        if command is not None:
            words = ENDS.split(rest, maxsplit=1)[0].split()
            end = next((n for n, one in enumerate(words) if not GIVEN.fullmatch(one)), len(words))
            yield command, words[:end]


def lacking(command: click.Command, given: list[str]) -> list[str]:
    """What a command cannot run without and was not given."""
    options = {name: one for one in command.params for name in one.opts if isinstance(one, click.Option)}
    values = iter(given)
    arguments, named = [], set()
    for word in values:
        if word in options:
            named.add(options[word].name)
            if not options[word].is_flag and next(values, None) is None:
                return [f"the value of {word}"]
        elif word != "--":
            arguments.append(word)
    wanted = [one for one in command.params if isinstance(one, click.Argument) and one.required]
    missing = [str(one.name) for one in wanted[len(arguments) :]]
    return missing + [
        one.opts[0]
        for one in command.params
        if isinstance(one, click.Option) and one.name not in named and one.required
    ]


def incomplete(text: str) -> list[str]:
    return [
        f"{command.name} lacks {', '.join(gaps)}"
        for command, given in commands_in(text)
        if (gaps := lacking(command, given))
    ]


def test_all_that_names_a_command_in_the_source_names_the_whole_command() -> None:
    told = [
        f"{file.name}: {text}: {gap}"
        for file in SAID_IN
        if file.name not in WITH_SETTINGS_LAST
        for text in said_in(file.read_text(encoding="utf-8"))
        for gap in incomplete(text)
    ]
    assert not told, "\n".join(told)


def test_the_chinese_names_the_whole_command_too() -> None:
    told = [
        f"{file.name}: {text}: {gap}"
        for file in CHINESE
        if file.name not in ABOUT_COMMANDS
        for pair in tomllib.loads(file.read_text(encoding="utf-8")).items()
        for text in pair
        for gap in incomplete(text)
    ]
    assert not told, "\n".join(told)


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("run egov verify, and restore a backup", ["verify lacks --config"]),
        ("run egov verify --config FILE, and restore a backup", []),
        ("请运行 egov verify，并从备份恢复", ["verify lacks --config"]),
        ("reopen it: egov campaign reopen", ["reopen lacks code, --reason, --as, --config"]),
        ("reopen it: egov campaign reopen {} --reason REASON --as {} --config FILE", []),
        ("egov plugins release {} --config", ["release lacks the value of --config"]),
        ("look at egov nothing, or at no command", []),
    ],
)
def test_a_command_that_is_not_whole_is_found(text: str, gaps: list[str]) -> None:
    assert incomplete(text) == gaps
