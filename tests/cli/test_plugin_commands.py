"""Commands of plugins join `egov`; whatever a plugin does, the library's commands work and do not wait for it."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from egov_core import hookimpl
from egov_core.cli import main
from egov_core.cli.contents import COMMANDS
from egov_core.errors import OfficeError

DEADLINE = ("deadline", "--start", "2016-04-22", "--limit", "1wd")


class Entry:
    """An installed entry point, as importlib.metadata gives it."""

    dist = None

    def __init__(self, name: str, plugin: Any) -> None:
        self.name, self.value, self.plugin, self.loaded = name, f"{name}_package:plugin", plugin, 0

    def load(self) -> Any:
        self.loaded += 1
        if isinstance(self.plugin, BaseException):
            raise self.plugin
        return self.plugin


def installed(monkeypatch: pytest.MonkeyPatch, *entries: Entry) -> None:
    def entry_points(*, group: str) -> list[Entry]:
        return list(entries) if group == "egov_core" else []

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)


@click.command()
@click.option("--depth", type=int, default=1)
def report(depth: int) -> None:
    """Report wells. 水井报表。"""
    click.echo(f"wells deeper than {depth}")


@click.command()
def refuse() -> None:
    raise OfficeError("the register cannot be reached", remedy="look at the line")


def offering(answer: Any, name: str = "water") -> Entry:
    def egov_commands() -> Any:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return Entry(name, SimpleNamespace(egov_api="1.0", egov_commands=hookimpl(egov_commands)))


def egov(*args: str, locale: str = "C.UTF-8") -> Result:
    return CliRunner().invoke(main, [*args], env={"LC_ALL": locale})


def test_a_command_of_a_plugin_is_run_and_listed_after_the_librarys(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, offering({"water-report": report, "a-report": report}))
    assert egov("water-report", "--depth", "3").stdout == "wells deeper than 3\n"
    listed = main.list_commands(click.Context(main))
    assert listed == [*COMMANDS, "a-report", "water-report"]
    told = egov("--help")
    assert told.exit_code == 0
    assert "Report wells." in told.stdout
    assert told.stderr == ""


def test_plugins_are_loaded_for_the_help_and_for_what_is_not_known_and_for_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = offering({"water-report": report})
    installed(monkeypatch, entry)
    for args in (("--version",), DEADLINE, ("deadline", "--help"), ("cards", "--help")):
        assert egov(*args).exit_code == 0
    assert entry.loaded == 0
    egov("--help")
    assert entry.loaded == 1
    egov("water-report")
    assert entry.loaded == 2


def test_the_version_imports_nothing_of_plugins() -> None:
    code = (
        "import sys\nfrom egov_core.cli import main\n"
        "try:\n    main(['--version'])\nfinally:\n"
        "    print(sorted(m for m in sys.modules if m.startswith(('egov_core.hooks', 'egov_core.runtime', 'pluggy'))))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"


@click.group()
def wells() -> None:
    """Wells."""


wells.add_command(report)


def test_a_group_of_commands_is_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, offering({"wells": wells}))
    assert egov("wells", "report").stdout == "wells deeper than 1\n"


def test_an_error_of_ours_that_a_command_lets_through_has_the_one_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, offering({"refuse": refuse}))
    told = egov("refuse")
    assert told.exit_code == 1
    assert "the register cannot be reached" in told.stderr
    assert "what to do: look at the line" in told.stderr
    assert "Traceback" not in told.output


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (RuntimeError("boom"), "failed in egov_commands: RuntimeError: boom"),
        (SystemExit(3), "failed in egov_commands: SystemExit: 3"),
        (OfficeError("no register"), "failed in egov_commands: OfficeError: no register"),
        ([report], "answered egov_commands with list, not names with their commands"),
        ({"deadline": report}, "deadline is a command of the library's"),
        ({"water": lambda: None}, "water is function, not a click.Command"),
        ({"Water report": report}, "'Water report' is no name of a command"),
        ({"-x": report}, "'-x' is no name of a command"),
        ({3: report}, "3 is no name of a command"),
        (ImportError("no module"), "failed in egov_commands: ImportError: no module"),
    ],
)
def test_a_plugin_that_fails_is_told_and_everything_else_works(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, answer: Any, said: str
) -> None:
    installed(monkeypatch, offering(answer, "broken"), offering({"water-report": report}))
    for args in (("--help",), ("water-report",)):
        told = egov(*args)
        assert told.exit_code == 0, told.output
        assert told.stderr.startswith("the commands of plugin broken are left out: it ")
        assert said in told.stderr
        assert "Traceback" not in told.output
    assert "插件broken的命令不可用" in egov("--help", locale="zh_CN.UTF-8").stderr
    told = egov(*DEADLINE)
    assert (told.exit_code, told.stderr) == (0, "")
    assert caplog.records == []  # where nothing else takes the log, its traceback would stand before the help


def test_everything_wrong_with_the_commands_of_one_plugin_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, offering({"deadline": 1, "B": report}))
    said = egov("--help").stderr
    for fault in ("deadline is a command of the library's", "deadline is int", "'B' is no name"):
        assert fault in said


@pytest.mark.parametrize("error", [ImportError("no module"), SystemExit(2), RuntimeError("boom")])
def test_a_plugin_that_cannot_be_loaded_is_told_and_the_others_are_asked(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    installed(monkeypatch, Entry("rotten", error), offering({"water-report": report}))
    told = egov("water-report")
    assert told.stdout == "wells deeper than 1\n"
    assert "the commands of plugin rotten are left out: it cannot be loaded from rotten_package:plugin" in told.stderr


def test_two_plugins_of_one_name_take_the_commands_of_plugins_away_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, offering({"water-report": report}), offering({"water-report": report}))
    told = egov("water-report")
    assert told.exit_code == 2
    assert "is there twice" in told.stderr
    assert "No such command" in told.stderr
    assert egov("--help").exit_code == 0


def test_a_command_of_another_plugin_cannot_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, offering({"report": report}, "alpha"), offering({"report": refuse}, "beta"))
    told = egov("report")
    assert told.stdout == "wells deeper than 1\n"
    assert "plugin beta are left out: it answered" in told.stderr
    assert "report is a command of another plugin's" in told.stderr


def test_a_command_that_nobody_has_is_refused_as_before() -> None:
    told = egov("nothing")
    assert told.exit_code == 2
    assert "No such command 'nothing'" in told.stderr
