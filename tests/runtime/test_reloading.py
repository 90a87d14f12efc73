"""A plugin edited before an open office: the new rule answers soon, a broken one leaves the old one answering."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import attrs
import pytest

from egov_core import Office, open_office
from egov_core.errors import EgovError, HookRefusedError, PluginError, QuarantineError
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.reloading import Reload, Reloader, reopened
from egov_core.testing import small_county as county

PLUGIN = """
from egov_core import hookimpl
from egov_core.ports.checks import Finding
{more}
egov_api = "1.0"


@hookimpl
def egov_check_application(application):
    {answer}
"""


def says(sentence: str) -> str:
    return PLUGIN.format(more="", answer=f'return [Finding(field="form.depth", message="{sentence}")]')


class Watched:
    """An office with a folder of plugins, the office that is in its place now, and what was told."""

    def __init__(self, folder: Path, *, plugins: bool = False) -> None:
        settings = attrs.evolve(county.settings(), plugins=plugins, plugins_dir=str(folder))
        self.office: Office = county.found(
            open_office(settings, clock=ManualClock(county.MONDAY), ids=SeededIds(1)),
        )
        self.told: list[Reload] = []
        self.reloader = Reloader(self.office, swap=self.swap, tell=self.told.append)

    def swap(self, office: Office) -> None:
        self.office = office

    def refusal(self) -> EgovError | None:
        try:
            county.submit(self.office)
        except EgovError as error:
            return error
        return None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one plugin."""
    folder = tmp_path / "plugins.d"
    folder.mkdir()
    (folder / "water.py").write_text(says("井深不得超过300米。"), encoding="utf-8")
    return folder


def test_an_edited_file_answers_anew_within_two_seconds_around_the_same_store(folder: Path) -> None:
    watched = Watched(folder)
    assert str(watched.refusal()) == "井深不得超过300米。"
    cases = watched.office.storage.counts(county.AREA)
    watched.reloader.start()
    try:
        time.sleep(0.4)
        saved = time.monotonic()
        # as long as before, and within the same second: no file system's second and no kept bytes tell it apart
        (folder / "water.py").write_text(says("井深不得超过400米。"), encoding="utf-8")
        while str(watched.refusal()) != "井深不得超过400米。":
            assert time.monotonic() < saved + 2, "the new rule does not answer"
            time.sleep(0.02)
    finally:
        watched.reloader.stop()
    assert watched.told == [Reload(plugins=("water",))]
    assert watched.office.storage.counts(county.AREA) == cases
    assert not (folder / "__pycache__").exists()


def test_nothing_happens_while_nothing_is_edited(folder: Path) -> None:
    watched = Watched(folder)
    before = watched.office
    assert watched.reloader.once() is None
    assert watched.office is before


@pytest.mark.parametrize(
    ("text", "says_what"),
    [
        ("def broken(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        (says("新").replace("egov_check_application", "egov_chek_application"), "did you mean egov_check_application?"),
        (says("新").replace('egov_api = "1.0"', ""), "egov_api"),
    ],
)
def test_a_plugin_that_does_not_load_leaves_the_old_one_answering_and_is_told(
    folder: Path, text: str, says_what: str
) -> None:
    watched = Watched(folder)
    module = sys.modules["egov_plugin_file_water"]
    (folder / "water.py").write_text(text, encoding="utf-8")
    came = watched.reloader.once()
    assert came is not None and isinstance(came.error, PluginError)
    assert says_what in str(came.error)
    assert str(watched.refusal()) == "井深不得超过300米。"
    assert sys.modules["egov_plugin_file_water"] is module
    assert watched.reloader.once() is None, "it is told once"
    (folder / "water.py").write_text(says("井深须注明。"), encoding="utf-8")
    mended = watched.reloader.once()
    assert mended == Reload(plugins=("water",))
    assert str(watched.refusal()) == "井深须注明。"


def test_a_file_that_is_added_is_asked_and_one_that_is_removed_is_not(folder: Path) -> None:
    watched = Watched(folder)
    (folder / "forest.py").write_text(says("林地须注明。"), encoding="utf-8")
    (folder / "_draft.py").write_text("raise ValueError", encoding="utf-8")
    assert watched.reloader.once() == Reload(plugins=("forest",))
    assert "林地须注明。" in str(watched.refusal())
    for file in ("forest.py", "water.py"):
        (folder / file).unlink()
    assert watched.reloader.once() == Reload(plugins=("forest", "water"))
    assert watched.refusal() is None


def test_saving_a_plugin_lets_it_out_of_quarantine(folder: Path) -> None:
    (folder / "water.py").write_text(PLUGIN.format(more="", answer="raise ValueError('no table')"), encoding="utf-8")
    watched = Watched(folder)
    for _ in range(3):
        assert isinstance(watched.refusal(), PluginError)
    assert isinstance(watched.refusal(), QuarantineError)
    (folder / "water.py").write_text(says("井深不得超过300米。"), encoding="utf-8")
    assert watched.reloader.once() == Reload(plugins=("water",), released=("water",))
    assert isinstance(watched.refusal(), HookRefusedError)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of two modules that is installed as a plugin, the rule in the second."""
    package = tmp_path / "src" / "dept_rivers"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        PLUGIN.format(more="from dept_rivers.rules import sentence\n", answer="return sentence()"), encoding="utf-8"
    )
    (package / "rules.py").write_text(rule("三"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    entry = EntryPoint("rivers", "dept_rivers", "egov_core")
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [entry] if group == "egov_core" else [])
    yield package
    for name in [name for name in sys.modules if name.partition(".")[0] == "dept_rivers"]:
        del sys.modules[name]


def rule(word: str) -> str:
    return (
        "from egov_core.ports.checks import Finding\n\n\n"
        f'def sentence():\n    return [Finding(field="form.depth", message="不得超过{word}百米。")]\n'
    )


def test_an_installed_plugin_is_loaded_anew_with_all_its_modules(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "none.d"
    folder.mkdir()
    watched = Watched(folder, plugins=True)
    assert str(watched.refusal()) == "不得超过三百米。"
    for word in ("四", "五"):  # as long, and in the same second
        (installed / "rules.py").write_text(rule(word), encoding="utf-8")
        assert watched.reloader.once() == Reload(plugins=("rivers",))
        assert str(watched.refusal()) == f"不得超过{word}百米。"
    rules = sys.modules["dept_rivers.rules"]
    (installed / "rules.py").write_text("import no_such_module", encoding="utf-8")
    came = watched.reloader.once()
    assert came is not None and "no_such_module" in str(came.error)
    assert str(watched.refusal()) == "不得超过五百米。"
    assert sys.modules["dept_rivers.rules"] is rules


def test_only_what_was_edited_is_imported_again(installed: Path, folder: Path) -> None:
    watched = Watched(folder, plugins=True)
    package = sys.modules["dept_rivers"]
    again = reopened(watched.office, {folder / "water.py"})
    assert sys.modules["dept_rivers"] is package
    assert again.storage is watched.office.storage
    reopened(watched.office, {installed / "rules.py"})
    assert sys.modules["dept_rivers"] is not package
