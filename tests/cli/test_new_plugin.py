"""`egov new plugin`: what it writes works unedited, is found, and is stamped; what it refuses leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

import egov_core
from egov_core import open_office
from egov_core.cli import main
from egov_core.cli.plugins import scaffold
from egov_core.cli.plugins.scaffold import KINDS
from egov_core.hooks import spec
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.plugins import hooks_of
from egov_core.runtime.settings import read_settings
from egov_core.testing import builders
from egov_core.testing import small_county as county
from egov_core.testing.http_partner import HttpPartner

HOOK = {
    "validation": "egov_check_application",
    "forwarding": "egov_forwarding_adapter",
    "storage": "egov_storage_backend",
    "notification": "egov_notification_channel",
    "timer": "egov_timer_kinds",
    "theme": "egov_theme",
}
WITHOUT_KIT = {"theme"}
EGOV = "from egov_core.cli import main; main()"
NEAT = {"PYTHONDONTWRITEBYTECODE": "" if os.environ.get("PYTHONPYCACHEPREFIX") else "1"}
"""Nothing compiled is left in the folder of the plugin: it goes where the workshop keeps it, or nowhere."""
LIBRARY = Path(egov_core.__file__).resolve().parent.parent


def egov(*arguments: str, locale: str = "C.UTF-8") -> Result:
    found = CliRunner(env={"LC_ALL": locale}).invoke(main, ["new", "plugin", *arguments])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found


def program(*command: str | Path, cwd: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment with this library, as its author would."""
    kept = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTEST_")}
    places = [str(one) for one in (path, LIBRARY) if one is not None]
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**kept, "PYTHONPATH": os.pathsep.join(places), **NEAT, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


@attrs.frozen
class New:
    """A new plugin of a kind, as it was written."""

    kind: str
    folder: Path

    @property
    def package(self) -> str:
        return f"egov_trial_{self.kind}"


@pytest.fixture(params=KINDS)
def new(request: pytest.FixtureRequest, tmp_path: Path) -> New:
    kind = request.param
    assert egov(f"egov-trial-{kind}", "--kind", kind, "--into", str(tmp_path)).exit_code == 0
    return New(kind, tmp_path / f"egov-trial-{kind}")


def told_by_its_tests(new: New) -> str:
    """What its tests say, run by the words of its README; they write the stamp where there is a kit."""
    readme = (new.folder / "README.md").read_text(encoding="utf-8")
    command = re.search(r"pytest (-p egov_core\.testing\.stamps .*)$", readme, re.MULTILINE)
    assert (command is None) is (new.kind in WITHOUT_KIT)
    ran = program(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", *(command[1].split() if command else ()), cwd=new.folder
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def installed(new: New, place: Path) -> Path:
    """Its wheel, built without a network and unpacked where Python finds it."""
    built = program("-m", "hatchling", "build", "-t", "wheel", "-d", "dist", cwd=new.folder)
    assert built.returncode == 0, built.stdout + built.stderr
    [wheel] = (new.folder / "dist").glob("*.whl")
    zipfile.ZipFile(wheel).extractall(place)
    return place


# --- what is written works --------------------------------------------------------------------------------------------


def test_its_tests_pass_unedited_and_installed_it_is_found_with_its_stamp(new: New, tmp_path: Path) -> None:
    """In one test, so that one of several workers runs its tests, and runs them once."""
    passed = re.search(r"^(\d+) passed in", told_by_its_tests(new), re.MULTILINE)
    assert passed is not None
    assert int(passed[1]) > (3 if new.kind in WITHOUT_KIT else 12)
    site = installed(new, tmp_path / "site")
    name = new.package.removeprefix("egov_").replace("_", "-")
    listed = program("-c", EGOV, "plugins", "doctor", "--json", cwd=site, path=site)
    shown = json.loads(listed.stdout)
    if HOOK[new.kind] in spec.RESERVED:
        assert f"{HOOK[new.kind]} is reserved" in listed.stdout
        return
    found = next(one for one in shown["plugins"] if one["name"] == name)
    assert (found["origin"], found["distribution"], found["version"]) == ("installed", f"egov-{name}", "0.1.0")
    assert HOOK[new.kind] in found["hooks"]
    assert found["api"] == ".".join(map(str, spec.API))
    stamped = re.fullmatch(r"passed (\d+) of \1", found["stamp"])
    assert (stamped is None) is (new.kind in WITHOUT_KIT), found["stamp"]


def test_it_is_clean_by_the_default_rules_of_the_linter(new: New) -> None:
    checked = program("-m", "ruff", "check", "--no-cache", "--isolated", ".", cwd=new.folder)
    assert checked.returncode == 0, checked.stdout
    formatted = program("-m", "ruff", "format", "--no-cache", "--check", ".", cwd=new.folder)
    assert formatted.returncode == 0, formatted.stdout


def test_its_comments_teach_in_chinese_and_its_readme_speaks_both_languages(new: New) -> None:
    source = (new.folder / "src" / new.package / "__init__.py").read_text(encoding="utf-8")
    assert len(re.findall("改：", source)) >= 2
    readme = (new.folder / "README.md").read_text(encoding="utf-8")
    chinese, _, english = readme.partition("## In English")
    assert "改哪里" in chinese
    assert "pip install -e . pytest" in english
    assert "$" not in english, "something was not filled in"
    assert f'egov_api = "{".".join(map(str, spec.API))}"' in source
    assert {file.name for file in new.folder.iterdir()} >= {"pyproject.toml", "README.md", "LICENSE-CHOICE.md"}


def test_all_kinds_are_typed(tmp_path: Path) -> None:
    for kind in KINDS:
        scaffold.make_plugin(f"egov-typed-{kind}", kind, tmp_path)
    files = [*tmp_path.glob("*/src/*"), *tmp_path.glob("*/tests")]
    options = ["--strict", "--python-version", "3.11", "--config-file", os.devnull, "--cache-dir", "cache"]
    path = os.pathsep.join(str(one) for one in tmp_path.glob("*/src"))
    checked = program("-m", "mypy", *options, *map(str, files), cwd=tmp_path, path=Path(path))
    assert checked.returncode == 0, checked.stdout


# --- a single file ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_file_works_in_the_folder_of_plugins(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "plugins.d"
    folder.mkdir()
    assert egov("egov-trial-one", "--kind", kind, "--into", str(folder), "--single-file").exit_code == 0
    assert [file.name for file in folder.iterdir()] == ["trial_one.py"]
    config = tmp_path / "egov.toml"
    config.write_text(
        f'[county]\narea = "{builders.AREA}"\n[plugins]\ndiscover = false\nplugins-dir = "plugins.d"\n', "utf-8"
    )
    told = CliRunner(env={"LC_ALL": "C.UTF-8"}).invoke(main, ["plugins", "list", "--config", str(config), "--json"])
    if HOOK[kind] in spec.RESERVED:
        assert f"{HOOK[kind]} is reserved" in told.stdout
        return
    found = next(one for one in json.loads(told.stdout)["plugins"] if one["name"] == "trial-one")
    assert found["origin"] == "folder"
    assert HOOK[kind] in found["hooks"]


def test_a_single_file_of_a_check_finds_what_is_wrong(tmp_path: Path) -> None:
    scaffold.make_plugin("roads", "validation", tmp_path, single_file=True)
    (tmp_path / "egov.toml").write_text(
        f'[county]\narea = "{builders.AREA}"\n[plugins]\ndiscover = false\nplugins-dir = "."\n', "utf-8"
    )
    hooks = hooks_of(read_settings(tmp_path / "egov.toml"))
    item = builders.item_version(name="示例事项")
    assert [field.name for field in hooks.form_fields(item)] == ["area", "first_day", "last_day"]
    form = {"area": "501", "first_day": "2026-03-02", "last_day": "2026-03-01"}
    found = hooks.check_application(builders.application_view(item, form=form))
    assert [(one.field, one.basis is not None) for one in found] == [("form.area", True), ("form.last_day", True)]
    assert hooks.check_application(builders.application_view(form=form)) == ()


def test_a_single_file_of_an_adapter_carries_a_case_to_the_city(tmp_path: Path) -> None:
    scaffold.make_plugin("city-line", "forwarding", tmp_path, single_file=True)
    partner = HttpPartner()
    given = attrs.evolve(
        county.settings(), plugins_dir=str(tmp_path), plugins_settings={"city-line": {"url": partner.url}}
    )
    with county.found(open_office(given, clock=ManualClock(county.MONDAY))) as office:
        case_id = county.referred(office).case_id
        assert office.dispatch().delivered == 1
        assert [event.type for event in office.storage.events(office.area, case_id)][-1] == "receipt-recorded"
    assert len(partner.book.effects) == 1
    partner.close()


def test_a_single_file_of_a_storage_holds_an_office(tmp_path: Path) -> None:
    scaffold.make_plugin("county-disk", "storage", tmp_path, single_file=True)
    given = attrs.evolve(county.settings(f"county-disk://{tmp_path}/county.db"), plugins_dir=str(tmp_path))
    with county.found(open_office(given, clock=ManualClock(county.MONDAY))) as office:
        case_id = county.accepted(office).case_id
        assert office.verify().ok
    with open_office(given, clock=ManualClock(county.MONDAY)) as office:
        found = office.storage.case(office.area, case_id)
        assert found is not None
        assert (office.storage.name, found.state) == ("county-disk", "accepted")


def test_a_single_file_of_a_timer_runs_on_an_accepted_case(tmp_path: Path) -> None:
    scaffold.make_plugin("roads", "timer", tmp_path, single_file=True)
    given = attrs.evolve(county.settings(), plugins_dir=str(tmp_path))
    with county.found(open_office(given, clock=ManualClock(county.MONDAY))) as office:
        case_id = county.accepted(office).case_id
        assert "roads-visit" in {timer.kind for timer in office.storage.timers(office.area, case_id)}


# --- what is refused --------------------------------------------------------------------------------------------------


def faults(*arguments: str) -> list[tuple[str, str, str]]:
    told = egov("--json", *arguments)
    assert told.exit_code == 1, told.output
    error = json.loads(told.stdout)["error"]
    assert error["remedy"]
    return [(one["path"], one["code"], one["message"]) for one in error["faults"]]


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("取水许可", "name", "write it as egov-NAME, in Latin letters"),
        ("Water Rights", "name", "egov-water-rights would do"),
        ("water-", "name", "egov-water would do"),
        ("", "name", "is no name"),
        ("../water", "name", "egov-water would do"),
        ("egov-3d", "name", "has to begin with a letter"),
        ("egov-core", "reserved", "the library's own"),
        ("egov-builtin-storage", "reserved", "the library's own"),
        ("calendar", "hides", "egov-calendar would do"),
        ("class", "hides", "egov-class would do"),
        ("pluggy", "installed", "a package pluggy is installed here"),
        ("w" * 61, "length", "longer than 60"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_one_that_can(name: str, code: str, said: str, tmp_path: Path) -> None:
    [(path, found, message)] = faults("--kind", "timer", "--into", str(tmp_path), "--", name)
    assert (path, found) == ("NAME", code)
    assert said in message
    assert list(tmp_path.iterdir()) == []


def test_every_suggested_name_would_do(tmp_path: Path) -> None:
    for name in ("Water Rights", "-x-", "egov-3d", "calendar", "a." * 50 + "!"):
        [(_, _, message)] = faults("--kind", "theme", "--into", str(tmp_path), "--", name)
        [suggested] = re.findall(r"; (\S+) would do", message)
        assert scaffold.make_plugin(suggested, "theme", tmp_path, single_file=True).place.is_file()
        (tmp_path / f"{scaffold.names_of(suggested).module}.py").unlink()


@pytest.mark.parametrize("name", ["取水许可", "9", "é" * 80])
def test_where_no_name_can_be_made_only_the_way_to_write_one_is_told(name: str, tmp_path: Path) -> None:
    [(_, _, message)] = faults("--kind", "theme", "--into", str(tmp_path), "--", name)
    assert message.endswith("; write it as egov-NAME, in Latin letters")
    assert "would do" not in message


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    found = faults("9 wells", "--kind", "validashun", "--into", str(tmp_path / "none"))
    assert [(path, code) for path, code, _ in found] == [
        ("--kind", "unknown-kind"),
        ("NAME", "name"),
        ("--into", "missing"),
    ]
    assert "did you mean validation?" in found[0][2]
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("single", [(), ("--single-file",)], ids=["distribution", "single file"])
def test_nothing_is_overwritten(single: tuple[str, ...], tmp_path: Path) -> None:
    there = tmp_path / ("wells.py" if single else "egov-wells")
    there.write_text("mine", encoding="utf-8")
    [(path, code, message)] = faults("egov-wells", "--kind", "timer", "--into", str(tmp_path), *single)
    assert (path, code) == ("NAME", "exists")
    assert str(there) in message
    assert there.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [there]


@pytest.mark.parametrize("single", [False, True], ids=["distribution", "single file"])
def test_an_interruption_leaves_nothing_half_written(
    single: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device", str(tmp_path))

    monkeypatch.setattr(Path, "rename", full)
    arguments = ("egov-wells", "--kind", "timer", "--into", str(tmp_path), *(("--single-file",) if single else ()))
    told = egov(*arguments)
    assert told.exit_code == 1
    assert "No space left" in told.stderr
    assert list(tmp_path.iterdir()) == []


# --- what is said -----------------------------------------------------------------------------------------------------


def test_the_next_steps_are_told_and_a_name_without_the_prefix_is_taken_with_a_hint(tmp_path: Path) -> None:
    told = egov("Wells_of.County", "--kind", "storage", "--into", str(tmp_path))
    assert told.exit_code == 0, told.output
    place = tmp_path / "wells-of-county"
    assert (place / "src" / "wells_of_county" / "__init__.py").is_file()
    for said in (
        f"cd {place}",
        "pip install -e . pytest",
        "egov plugins list",
        "--single-file",
        "egov-wells-of-county",
    ):
        assert said in told.stdout
    chinese = egov("egov-wells", "--kind", "storage", "--into", str(tmp_path), locale="zh_CN.UTF-8")
    assert "下一步" in chinese.stdout
    assert "提示" not in chinese.stdout


def test_as_json_it_says_what_was_written_and_what_to_type_next(tmp_path: Path) -> None:
    shown = json.loads(egov("egov-wells", "--kind", "theme", "--into", str(tmp_path), "--json").stdout)
    assert set(shown) == {"plugin", "kind", "place", "files", "next"}
    assert (shown["plugin"], shown["place"]) == ("wells", str(tmp_path / "egov-wells"))
    assert sorted(shown["files"]) == sorted(
        file.relative_to(shown["place"]).as_posix() for file in Path(shown["place"]).rglob("*") if file.is_file()
    )
    alone = json.loads(egov("egov-x", "--kind", "theme", "--into", str(tmp_path), "--single-file", "--json").stdout)
    assert alone["files"] == ["x.py"]
    assert "plugins-dir" in alone["next"][0]


def test_a_plugin_wants_this_library_and_none_that_may_break_it(monkeypatch: pytest.MonkeyPatch) -> None:
    names = scaffold.names_of("egov-wells")
    for version, wanted in (("0.4.2", "egov-core>=0.4,<0.5"), ("1.3.0", "egov-core>=1.3,<2"), ("2.0.0rc1", ">=2.0,<3")):
        monkeypatch.setattr(scaffold, "__version__", version)
        assert wanted in scaffold.texts(names, "timer")["pyproject.toml"]
