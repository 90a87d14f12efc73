"""What a command writes where its user says: what is there is kept, and a folder that was mistyped is not made."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from egov_core.cli import main
from egov_core.cli.given_out import refuse_places
from egov_core.errors import ClaimError

NAMES_A_FILE = re.compile(r"Write .*(CSV file|CSV|HTML file)|given out|to one workbook")
ADDS_TO_WHAT_IS_THERE = {("cases import", "codes")}
"""A list of query codes is added to; what is no such list is left alone."""


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, click.Command]]:
    context = click.Context(group)
    found: list[tuple[str, click.Command]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        here = (*path, name)
        found += _commands(command, here) if isinstance(command, click.Group) else [(" ".join(here), command)]
    return found


def test_every_command_that_writes_a_named_file_has_force() -> None:
    lacking, looked_at = [], set()
    for name, command in _commands(main):
        writing = [
            one.name
            for one in command.params
            if isinstance(one, click.Option)
            and NAMES_A_FILE.search(one.help or "")
            and (name, one.name) not in ADDS_TO_WHAT_IS_THERE
        ]
        looked_at |= {name} if writing else set()
        if (writing or name.endswith((" template", " export"))) and "force" not in {one.name for one in command.params}:
            lacking.append(name)
    assert lacking == []
    asked = {"campaign laggards", "enrol status", "reorganise preview", "calendar add", "explain deadline"}
    assert asked <= looked_at, "the help of a command no longer says that it writes a file"


ASKED: dict[str, Callable[[str], list[str]]] = {
    "laggards": lambda file: ["campaign", "laggards", "--csv", file, "--config", "none.toml"],
    "status": lambda file: ["enrol", "status", "--csv", file, "--config", "none.toml"],
    "preview": lambda file: ["reorganise", "preview", __file__, "--report", file, "--config", "none.toml"],
    "add": lambda file: ["calendar", "add", "shipped:x", "--report", file, "--config", "none.toml"],
    "explain": lambda file: ["explain", "deadline", "1", "--print", file, "--config", "none.toml"],
}


@pytest.mark.parametrize("command", ASKED)
def test_a_file_that_is_there_is_refused_before_anything_else(command: str, tmp_path: Path) -> None:
    there = tmp_path / "there.html"
    there.write_text("signed", encoding="utf-8")
    result = CliRunner().invoke(main, ASKED[command](str(there)))
    assert (result.exit_code, there.read_text(encoding="utf-8")) == (1, "signed")
    assert f"{there} is there already" in result.stderr and "--force" in result.stderr
    allowed = CliRunner().invoke(main, [*ASKED[command](str(there)), "--force"])
    assert "is there already" not in allowed.stderr  # it fails further on: there is no office


@pytest.mark.parametrize("command", ASKED)
def test_a_folder_that_is_not_there_is_named(command: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ASKED[command](str(tmp_path / "nope" / "x.html")))
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert f"there is no folder {tmp_path / 'nope'}" in result.stderr


@pytest.mark.parametrize("group", ["catalogue", "cases", "staff", "reorganise"])
def test_a_template_makes_no_folder_that_was_mistyped(group: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [group, "template", str(tmp_path / "nope" / "deep" / "x.xlsx")])
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "there is no folder" in result.stderr


def test_the_folder_that_is_named_itself_is_made_and_no_other(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["catalogue", "template", str(tmp_path / "forms")])
    assert (done.exit_code, len(list((tmp_path / "forms").iterdir()))) == (0, 3)
    refused = CliRunner().invoke(main, ["catalogue", "template", str(tmp_path / "nope" / "forms")])
    assert refused.exit_code == 1 and not (tmp_path / "nope").exists()


def test_an_empty_file_holds_nothing_to_keep_and_everything_refused_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    refuse_places([tmp_path / "empty.csv"], force=False)
    (tmp_path / "full.csv").write_text("x", encoding="utf-8")
    with pytest.raises(ClaimError) as refused:
        refuse_places([tmp_path / "full.csv", tmp_path / "no" / "x.csv", tmp_path / "no" / "y.csv"], force=False)
    assert [fault.code for fault in refused.value.faults] == ["there-already", "no-such-folder", "no-such-folder"]
    assert refused.value.message.count("there is no folder") == 1
