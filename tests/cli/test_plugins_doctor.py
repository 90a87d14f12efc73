"""`egov plugins doctor`: what each plugin is and how it is, those included that cannot be loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from egov_core import open_office
from egov_core.cli import main
from egov_core.errors import PluginError
from egov_core.hooks.discovery import PluginChoice
from egov_core.hooks.spec import API
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.doctor import diagnose
from egov_core.runtime.plugins import hooks_of
from egov_core.runtime.settings import read_settings
from egov_core.runtime.trial import ended_in_trial
from egov_core.testing import small_county as county
from egov_core.testing.builders import AREA
from egov_core.testing.kit_run import run_kit
from egov_core.testing.stamps import about
from tests.conformance.test_loopback_adapter import TestLoopbackAdapter as Loopback

GOOD = """from egov_core import hookimpl
egov_api = "1.0"

@hookimpl
def egov_check_application(application):
    return []
"""
KEYS = {
    "name",
    "loaded",
    "origin",
    "where",
    "distribution",
    "version",
    "api",
    "api_range",
    "hooks",
    "items",
    "unknown_items",
    "deprecated",
    "load_ms",
    "stamp",
    "stamp_reason",
    "stamp_kits",
    "strikes",
    "last_error",
    "failed_at",
    "quarantined",
}


def doctor(config: Path, *options: str, locale: str = "C.UTF-8") -> Result:
    told = CliRunner(env={"LC_ALL": locale}).invoke(main, ["plugins", "doctor", "--config", str(config), *options])
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    return told


def shown(config: Path) -> tuple[int, dict[str, Any], dict[str, Any]]:
    """Exit status, everything, and the plugins by name."""
    told = doctor(config, "--json")
    found = json.loads(told.stdout)
    assert all(set(one) == KEYS for one in found["plugins"])
    return told.exit_code, found, {one["name"]: one for one in found["plugins"]}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The settings of an office whose plugins are the files beside it."""
    file = tmp_path / "egov.toml"
    file.write_text(f'[county]\narea = "{AREA}"\n[plugins]\ndiscover = false\nplugins-dir = "."\n', encoding="utf-8")
    (tmp_path / "water.py").write_text(GOOD, encoding="utf-8")
    return file


def test_a_plugin_is_shown_with_version_hooks_range_stamp_and_the_time_its_import_took(config: Path) -> None:
    status, everything, plugins = shown(config)
    assert status == 0
    assert set(everything) >= {"api", "safe_mode", "plugins"}
    assert everything["api"] == ".".join(map(str, API))
    water = plugins["water"]
    assert (water["loaded"], water["origin"], water["hooks"]) == (True, "folder", ["egov_check_application"])
    assert (water["api"], water["api_range"]) == ("1.0", ">=1.0,<2.0")
    assert water["load_ms"] > 0
    assert (water["stamp"], water["last_error"], water["quarantined"]) == ("none", "", False)
    lines = doctor(config).stdout
    assert "API: >=1.0,<2.0  stamp: none  loaded in: " in lines


def test_those_that_cannot_be_loaded_are_shown_beside_the_others_with_the_reason(config: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def (:", encoding="utf-8")
    (tmp_path / "slip.py").write_text(GOOD.replace("check_app", "chek_app"), encoding="utf-8")
    (tmp_path / "later.py").write_text(GOOD.replace("1.0", "9.0"), encoding="utf-8")
    with config.open("a", encoding="utf-8") as settings:
        settings.write('order = ["nobody", "broken", "water"]\n[plugins.settings.slip]\ndepth = 3\n')
    status, everything, plugins = shown(config)
    assert status == 1
    assert {name for name, one in plugins.items() if not one["loaded"]} == {"broken", "slip", "later"}
    assert plugins["water"]["loaded"]
    assert "SyntaxError" in plugins["broken"]["last_error"]
    assert plugins["broken"]["where"].endswith("broken.py")
    assert "plugins.settings.slip" in plugins["slip"]["last_error"]
    assert "install a newer library" in plugins["later"]["last_error"]
    assert everything["error"]["code"] == "plugin"
    assert "no plugin is called that" in everything["error"]["message"]
    told = doctor(config, locale="zh_CN.UTF-8")
    assert told.exit_code == 1
    assert "未加载: " in told.stdout
    assert "broken.py" in told.stderr


def test_what_is_no_plugins_fault_is_told_as_ever(config: Path) -> None:
    config.write_text(config.read_text(encoding="utf-8").replace('plugins-dir = "."', 'plugins-dir = "gone"'), "utf-8")
    told = doctor(config, "--json")
    assert told.exit_code == 1
    found = json.loads(told.stdout)
    assert "there is no folder" in found["error"]["message"]
    assert found["plugins"] == []
    assert "there is no folder" in doctor(config).stderr


def test_of_two_of_one_name_both_places_are_shown_and_switching_the_name_off_is_a_remedy(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "county_water.py").write_text(f"class water:\n{GOOD}".replace("\n", "\n    "), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    text = config.read_text(encoding="utf-8") + 'load = ["county_water:water"]\n'
    config.write_text(text + 'disabled = ["county-water"]\n', encoding="utf-8")
    status, _, _ = shown(config)
    assert status == 1
    places = [one["where"] for one in json.loads(doctor(config, "--json").stdout)["plugins"] if not one["loaded"]]
    assert sorted(Path(place).name for place in places) == ["county_water:water", "water.py"]
    with pytest.raises(PluginError, match="is there twice") as told:
        hooks_of(read_settings(config))
    assert 'disabled = ["water"]' in told.value.remedy
    config.write_text(text + 'disabled = ["county-water", "water"]\n', encoding="utf-8")
    assert shown(config)[0] == 0


def test_a_stamp_is_judged_for_what_the_settings_load_as_well(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "county_city"
    package.mkdir()
    (package / "__init__.py").write_text(GOOD, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    from egov_core.runtime.stamps import FORMAT, source_digest

    passed = len(run_kit(Loopback, only="F7").passed)
    assert passed == 1
    kit = {**about(Loopback), "run": passed, "passed": passed, "failed": 0}
    stamp = {
        "format": FORMAT,
        "digest": source_digest("county_city"),
        "egov_core": "x",
        "api": list(API),
        "kits": [kit],
    }
    (package / "conformance.json").write_text(json.dumps(stamp), encoding="utf-8")
    config.write_text(
        f'[county]\narea = "{AREA}"\n[plugins]\ndiscover = false\nload = ["county_city"]\n', encoding="utf-8"
    )
    city = shown(config)[2]["county_city"]
    assert city["stamp"] == f"passed 1 of {kit['total']}"
    assert city["stamp_kits"] == ["forwarding"]
    assert "not all tests were run" in city["stamp_reason"]
    (package / "__init__.py").write_text(GOOD + "\n", encoding="utf-8")
    assert "stamp: stale (the sources have changed since)" in doctor(config).stdout


ENDING = """import os, signal, sys
print("about to go")
sys.stdout.flush()
{end}
"""


def test_a_plugin_that_ends_the_process_while_it_is_imported_is_found_and_named(config: Path, tmp_path: Path) -> None:
    (tmp_path / "aborts.py").write_text(ENDING.format(end="os.kill(os.getpid(), signal.SIGKILL)"), encoding="utf-8")
    (tmp_path / "broken.py").write_text("def (:", encoding="utf-8")
    (tmp_path / "leaves.py").write_text(ENDING.format(end="os._exit(7)"), encoding="utf-8")
    (tmp_path / "polite.py").write_text("raise SystemExit(3)", encoding="utf-8")
    status, everything, plugins = shown(config)
    assert status == 1
    assert {name for name, one in plugins.items() if one["loaded"]} >= {"water"}
    assert plugins["leaves"]["last_error"] == "ended the process while it was imported (exit status 7)"
    assert plugins["aborts"]["last_error"] == "ended the process while it was imported (signal SIGKILL)"
    assert "SyntaxError" in plugins["broken"]["last_error"]
    assert "SystemExit: 3" in plugins["polite"]["last_error"]
    assert 'disabled = ["aborts", "broken", "leaves", "polite"]' in everything["error"]["remedy"]
    told = doctor(config, locale="zh_CN.UTF-8")
    assert told.exit_code == 1
    assert "未加载: 装入时中止了进程（退出状态 7）" in told.stdout
    with config.open("a", encoding="utf-8") as settings:
        settings.write('disabled = ["aborts", "broken", "leaves", "polite"]\n')
    assert shown(config)[0] == 0


def test_a_plugin_whose_import_never_ends_is_named_and_no_other_is_taken_for_it(tmp_path: Path) -> None:
    for name, text in {"a-good": GOOD, "b-hangs": "import time; time.sleep(3600)", "c-good": GOOD}.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    choice = PluginChoice(discover=False, folder=str(tmp_path))
    assert ended_in_trial(choice, limit=5) == {"b-hangs": "was still being imported after 5 s"}


def test_an_item_that_the_catalogue_does_not_have_is_a_warning_of_both_doctors(tmp_path: Path) -> None:
    config = tmp_path / "egov.toml"
    name = county.open_small_county().catalogue.items[county.LICENCE][0].name
    (tmp_path / "water.py").write_text(GOOD + f'\negov_items = ("{name}", "{county.LICENCE}")\n', encoding="utf-8")
    (tmp_path / "slip.py").write_text(GOOD + f'\negov_items = ("{name}", "no-such-item")\n', encoding="utf-8")
    text = f'[county]\narea = "{AREA}"\n[plugins]\ndiscover = false\nplugins-dir = "."\n'
    config.write_text(text, encoding="utf-8")
    status, _, plugins = shown(config)
    assert (status, plugins["slip"]["unknown_items"]) == (0, []), "a catalogue without items tells nothing"
    config.write_text(f'{text}[storage]\nurl = "sqlite:///county.db"\n', encoding="utf-8")
    with county.found(open_office(read_settings(config), clock=ManualClock(county.MONDAY))) as office:
        found = [one for one in diagnose(office) if one.code == "plugin-items-unknown"]
    assert [one.severity for one in found] == ["warning"]
    assert "plugin slip is about no-such-item, and no item of the catalogue" in found[0].message
    status, _, plugins = shown(config)
    assert status == 0
    assert plugins["slip"]["unknown_items"] == ["no-such-item"]
    assert plugins["water"]["unknown_items"] == []
    assert "not in the catalogue: no-such-item" in doctor(config).stdout
    assert "事项目录中没有: no-such-item" in doctor(config, locale="zh_CN.UTF-8").stdout


@pytest.mark.parametrize("command", [["plugins", "list"], ["plugins", "doctor"]])
def test_what_a_plugin_prints_does_not_break_the_one_json_object(
    config: Path, tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "loud.py").write_text('print("{")\n' + GOOD, encoding="utf-8")
    told = CliRunner().invoke(main, [*command, "--config", str(config), "--json"])
    assert {one["name"] for one in json.loads(told.stdout)["plugins"]} >= {"loud", "water"}
    assert told.stderr == "{\n"


def test_a_plugin_that_raises_a_keyboard_interrupt_is_named_and_the_command_goes_on(
    config: Path, tmp_path: Path
) -> None:
    (tmp_path / "breaks.py").write_text("raise KeyboardInterrupt", encoding="utf-8")
    status, _, plugins = shown(config)
    assert status == 1
    assert plugins["breaks"]["last_error"].endswith("breaks.py: KeyboardInterrupt: ")
    assert plugins["water"]["loaded"]


def test_imports_that_are_slow_only_together_are_nobodys_fault(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.py").write_text(f"import time\ntime.sleep(1.5)\n{GOOD}", encoding="utf-8")
    assert ended_in_trial(PluginChoice(discover=False, folder=str(tmp_path)), limit=5) == {}
