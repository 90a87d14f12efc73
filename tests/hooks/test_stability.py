"""A plugin written for one version of the hooks works with the next or is refused, never half; what goes is told first.

The plugin is a file in a folder, as a department drops it in; the version of the hooks is what a library would have.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from egov_core import Office, hookimpl, open_office
from egov_core.cli import main
from egov_core.domain.cases import commands as c
from egov_core.errors import EgovDeprecationWarning, HookRefusedError, PluginError
from egov_core.hooks import deprecation, spec
from egov_core.hooks.deprecation import DEPRECATIONS, Deprecation
from egov_core.hooks.manager import Hooks
from egov_core.hooks.plugin import api_range, known_hooks
from egov_core.runtime.settings import Settings
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA

WATER = """
from egov_core import hookimpl
from egov_core.ports.checks import Finding

egov_api = "{api}"


@hookimpl
def {hook}(application):
    return [Finding(field="form.depth", message="请填写井深。")]
"""


@pytest.fixture
def with_hooks(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make this library one that has the hooks of another version."""
    return lambda *version: monkeypatch.setattr(spec, "API", version)


def opened(folder: Path, api: str, hook: str = "egov_check_application") -> Office:
    """An office with a plugin that is written for these hooks; the plugins of this environment are left out."""
    (folder / "water.py").write_text(WATER.format(api=api, hook=hook), encoding="utf-8")
    return county.found(open_office(Settings(area=AREA, plugins=False, plugins_dir=str(folder))))


# --- refused, or works ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "written_for"),
    [((1, 0), "1.0"), ((1, 1), "1.0"), ((1, 1), "1.1"), ((1, 12), "1.2"), ((2, 0), "2.0"), ((2, 3), "2.1")],
)
def test_a_plugin_for_these_hooks_or_for_an_earlier_minor_version_works(
    ours: tuple[int, int], written_for: str, tmp_path: Path, with_hooks: Any
) -> None:
    with_hooks(*ours)
    with opened(tmp_path, written_for) as office, pytest.raises(HookRefusedError, match="请填写井深"):
        county.submit(office)


@pytest.mark.parametrize(
    ("ours", "written_for", "taken", "remedy"),
    [
        ((2, 0), "1.0", "it takes 2.0 to 2.0", "install a newer version of the plugin"),
        ((2, 1), "1.7", "it takes 2.0 to 2.1", "install a newer version of the plugin"),
        ((1, 0), "1.1", "it takes 1.0 to 1.0", "install a newer library"),
        ((1, 1), "1.2", "it takes 1.0 to 1.1", "install a newer library"),
        ((1, 1), "2.0", "it takes 1.0 to 1.1", "install a newer library"),
    ],
)
def test_any_other_is_refused_before_anything_opens_with_the_range_and_the_remedy(
    ours: tuple[int, int], written_for: str, taken: str, remedy: str, tmp_path: Path, with_hooks: Any
) -> None:
    with_hooks(*ours)
    with pytest.raises(PluginError) as told:
        opened(tmp_path, written_for)
    assert f"plugin water egov_api is {written_for}" in told.value.message
    assert taken in told.value.message
    assert remedy in told.value.message
    assert 'disabled = ["water"]' in told.value.remedy


def test_in_code_as_well_a_range_is_kept(with_hooks: Any) -> None:
    with_hooks(2, 0)
    with pytest.raises(PluginError, match=r"egov_api is 1\.0"):
        Hooks().register(SimpleNamespace(egov_api="1.0"), "water")


def test_a_hook_that_this_version_has_not_is_refused_with_what_was_meant(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="egov_check_aplication is not a hook; did you mean egov_check_application"):
        opened(tmp_path, "1.0", "egov_check_aplication")


def test_a_plugin_of_a_later_version_is_told_both_the_version_and_the_hook_it_would_miss(tmp_path: Path) -> None:
    with pytest.raises(PluginError) as told:
        opened(tmp_path, "1.1", "egov_check_person")
    assert "egov_api is 1.1, and this library has the hooks 1.0" in told.value.message
    assert "egov_check_person is not a hook" in told.value.message


def test_a_plugin_that_says_too_early_a_version_is_refused_before_an_older_library_meets_it(
    tmp_path: Path, with_hooks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_hooks(1, 1)
    monkeypatch.setitem(spec.SINCE, "egov_check_application", (1, 1))
    with pytest.raises(PluginError, match=r'is there since 1\.1 only: say egov_api = "1\.1"'):
        opened(tmp_path, "1.0")
    opened(tmp_path, "1.1").close()
    Hooks().register(SimpleNamespace(), "in code, for the library it comes with")


def test_of_a_refused_plugin_nothing_is_asked_and_what_is_stored_is_as_before(tmp_path: Path, with_hooks: Any) -> None:
    database = f"sqlite:///{tmp_path}/county.db"
    with county.found(open_office(Settings(area=AREA, plugins=False, storage=database))) as office:
        case_id = county.submit(office).case_id
        before = office.storage.events(AREA, case_id)
    with_hooks(2, 0)
    (tmp_path / "water.py").write_text(WATER.format(api="1.0", hook="egov_check_application"), encoding="utf-8")
    with pytest.raises(PluginError):
        open_office(Settings(area=AREA, plugins=False, plugins_dir=str(tmp_path), storage=database))
    disabled = Settings(
        area=AREA, plugins=False, plugins_dir=str(tmp_path), plugins_disabled=("water",), storage=database
    )
    with open_office(disabled) as office:
        assert office.storage.events(AREA, case_id) == before
        assert office.do(c.Accept(case_id=case_id), actor=county.staff("intake")).state == "accepted"


def test_the_range_of_a_plugin_is_shown_as_a_requirement() -> None:
    assert (api_range("1.0"), api_range("2.13"), api_range("")) == (">=1.0,<2.0", ">=2.13,<3.0", "")


# --- what will go -----------------------------------------------------------------------------------------------------

OLD = Deprecation(hook="egov_check_application", since="0.3", instead="answer egov_check_case")
OLD_ARGUMENT = Deprecation(
    hook="egov_forwarding_adapter", argument="target", since="1.4", instead="take organ, which also names its system"
)


class Old:
    @hookimpl(specname="egov_check_application")
    def check(self) -> list[Any]:
        return []


class OldArgument:
    @hookimpl
    def egov_forwarding_adapter(self, target: Any) -> None:
        del target


class Spared:
    """Answers the hook, and does without the argument."""

    @hookimpl
    def egov_forwarding_adapter(self) -> None:
        return None


@pytest.mark.parametrize(
    ("plugin", "said"),
    [
        (
            Old(),
            r"plugin old: egov_check_application is deprecated since 0.3; it works in 0.3 and 0.4 at least, and then",
        ),
        (
            OldArgument(),
            r"plugin old: egov_forwarding_adapter\(target\) is deprecated since 1.4; it works in 1.4 and 1.5 .*: take",
        ),
    ],
)
def test_who_uses_what_will_go_is_warned_and_works_as_before(
    plugin: object, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deprecation, "DEPRECATIONS", (OLD, OLD_ARGUMENT))
    hooks = Hooks()
    with pytest.warns(EgovDeprecationWarning, match=said) as caught:
        hooks.register(plugin, "old")
    assert len(caught) == 1
    assert [len(info.deprecated) for info in hooks.infos()] == [1]


def test_nobody_else_is_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deprecation, "DEPRECATIONS", (OLD, OLD_ARGUMENT))
    hooks = Hooks()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        hooks.register(Spared(), "spared")
    assert hooks.infos()[0].deprecated == ()


def test_the_doctor_shows_what_will_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deprecation, "DEPRECATIONS", (OLD,))
    (tmp_path / "water.py").write_text(WATER.format(api="1.0", hook="egov_check_application"), encoding="utf-8")
    (tmp_path / "egov.toml").write_text(
        f'[county]\narea = "{AREA}"\n[plugins]\ndiscover = false\nplugins-dir = "."\n', encoding="utf-8"
    )
    with pytest.warns(EgovDeprecationWarning):
        told = CliRunner().invoke(main, ["plugins", "doctor", "--config", str(tmp_path / "egov.toml"), "--json"])
    water = next(one for one in json.loads(told.stdout)["plugins"] if one["name"] == "water")
    assert water["deprecated"] == [str(OLD)]
    assert (water["api"], water["api_range"]) == ("1.0", ">=1.0,<2.0")


def faults(one: Deprecation) -> list[str]:
    """What is wrong with an entry of the list of what will go."""
    hook = known_hooks().get(one.hook)
    if hook is None:
        return [f"{one.hook} is gone already: take the entry out"]
    said = hook.__doc__ or ""
    arguments = hook.__code__.co_varnames[: hook.__code__.co_argcount]
    wrong = [] if not one.argument or one.argument in arguments else [f"{one.hook} has no argument {one.argument}"]
    if f"Deprecated since {one.since}" not in said:
        wrong.append(f"the docstring of {one.hook} does not say: Deprecated since {one.since}")
    return wrong


def test_what_is_deprecated_is_there_and_says_so() -> None:
    assert [fault for one in DEPRECATIONS for fault in faults(one)] == []


def test_an_entry_that_is_wrong_would_be_seen() -> None:
    assert faults(OLD) == ["the docstring of egov_check_application does not say: Deprecated since 0.3"]
    gone = Deprecation(hook="egov_gone", since="0.1", instead="nothing")
    assert faults(gone) == ["egov_gone is gone already: take the entry out"]
    assert "has no argument depth" in faults(Deprecation(hook=OLD.hook, argument="depth", since="0.3", instead="x"))[0]
