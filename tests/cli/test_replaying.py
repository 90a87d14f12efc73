"""`egov plugins replay`: what a plugin would have said of recorded cases as they were; nothing is written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.demo.founding import demo_settings, write_settings
from egov_core.domain.cases import commands as c
from egov_core.errors import UnknownError
from egov_core.runtime.clock import ManualClock
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, ID_NUMBER, LICENCE, MONDAY, NAME, UPWARD

PLUGIN = """
from egov_core import hookimpl
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Purpose
from egov_core.ports.checks import Finding
from egov_core.ports.forms import FieldKind, FormField

egov_api = "1.0"
BASIS = LegalBasis(instrument="《演示条例》", article="第九条")


@hookimpl
def egov_form_fields(item):
    return [FormField(name="depth", label="井深", kind=FieldKind.NUMBER, required=False, basis=BASIS)]


@hookimpl
def egov_check_application(application):
    {answer}


@hookimpl
def egov_check_materials(materials):
    if materials.stage == "submit" or "plan" in materials.materials:
        return []
    return [Finding(field="materials.plan", message=f"缺少方案（{{materials.stage}}）。", basis=BASIS)]
"""
DEEP = """
    if int(application.form.get("depth", "0")) > 300:
        return [Finding(field="form.depth", message="井深超过限度。", basis=BASIS)]
    return [Finding(field="form.depth", message="请复核。", severity="advice")] if application.form else []
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"LC_ALL": "C.UTF-8"})


def written(folder: Path, answer: str) -> str:
    (folder / "deep_wells.py").write_text(PLUGIN.format(answer=answer.strip()), encoding="utf-8")
    return str(folder / "deep_wells.py")


@pytest.fixture
def config(tmp_path: Path) -> Iterator[str]:
    """Four cases: accepted at once, corrected and supplemented, refused, and one of another item."""
    settings = demo_settings(str(tmp_path / "county.db"))
    write_settings(attrs.evolve(settings, area=AREA), tmp_path / "egov.toml", "county.db")
    clock = ManualClock(MONDAY)
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=clock) as office:
        first = county.submit(office, form={"depth": "900"})
        county.accept(office, first.case_id)
        second = county.submit(office, materials=("form",), form={"depth": "40"})
        clock.advance(timedelta(hours=1))
        office.do(
            c.RequestCorrection(case_id=second.case_id, notice="补1号", missing=("plan",)), actor=county.staff("intake")
        )
        applicant = attrs.evolve(county.CITIZEN, code=second.subject)
        office.do(c.Supplement(case_id=second.case_id, materials=("plan",)), actor=applicant)
        clock.advance(timedelta(hours=1))
        county.accept(office, second.case_id)
        county.submit(office)
        county.submit(office, UPWARD, form={"depth": "500"})
    before = (tmp_path / "county.db").read_bytes()
    yield str(tmp_path / "egov.toml")
    assert (tmp_path / "county.db").read_bytes() == before, "nothing is written"


def replayed(*arguments: str) -> Any:
    result = run("plugins", "replay", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


NUMBER = f"{AREA}-bureau-2024-0000"


def test_each_decision_of_a_case_is_asked_about_as_it_stood_then(config: str, tmp_path: Path) -> None:
    told = replayed(written(tmp_path, DEEP), "--case", f"{NUMBER}2", "--config", config)
    assert (told["plugin"], told["cases"], told["asked"]) == ("deep-wells", 1, 4)
    assert (told["pass"], told["advise"], told["refuse"], told["fail"]) == (1, 2, 1, 0)
    seen = [(one["decided"], one["stage"], one["materials"], one["would"]) for one in told["decisions"]]
    assert seen == [
        ("submitted", "submit", ["form"], "advise"),
        ("correction-requested", "accept", ["form"], "refuse"),
        ("supplemented", "supplement", ["form", "plan"], "pass"),
        ("accepted", "accept", ["form", "plan"], "advise"),
    ]
    assert told["decisions"][1]["findings"] == [
        {"field": "form.depth", "message": "请复核。", "basis": "", "severity": "advice"},
        {
            "field": "materials.plan",
            "message": "缺少方案（accept）。",
            "basis": "《演示条例》第九条",
            "severity": "error",
        },
    ]
    assert told["decisions"][0]["at"] == MONDAY.isoformat()
    by_id = replayed(written(tmp_path, DEEP), "--case", told["decisions"][0]["case"], "--config", config)
    assert by_id == told


def test_all_cases_are_asked_about_and_those_without_a_finding_left_out(config: str, tmp_path: Path) -> None:
    file = written(tmp_path, DEEP)
    every = replayed(file, "--all", "--config", config)
    assert (every["cases"], every["asked"]) == (4, 8)
    assert {one["item"] for one in every["decisions"]} == {LICENCE, UPWARD}
    assert "pass" not in {one["would"] for one in every["decisions"]}
    of_item = replayed(file, "--all", "--item", UPWARD, "--config", config)
    assert (of_item["cases"], of_item["refuse"]) == (1, 1)
    in_words = run("plugins", "replay", file, "--all", "--config", config)
    assert f"{NUMBER}1  事项 {LICENCE}  2024-06-17 09:00" in in_words.stdout
    assert "then: submitted (submit)  the plugin: refuses" in in_words.stdout
    assert "form.depth: 井深超过限度。 (《演示条例》第九条)" in in_words.stdout
    assert "deep-wells: 4 cases, 8 decisions" in in_words.stdout


def test_a_value_that_the_form_field_refuses_is_a_finding(config: str, tmp_path: Path) -> None:
    file = written(tmp_path, "return []")
    text = Path(file).read_text(encoding="utf-8").replace("required=False", 'required=True, label_en="Depth"')
    Path(file).write_text(text, encoding="utf-8")
    told = replayed(file, "--case", f"{NUMBER}3", "--config", config)
    assert [one["findings"][0]["message"] for one in told["decisions"]] == ["请填写“井深”。"]


def test_a_plugin_that_fails_is_told_for_each_case_and_the_others_are_asked(config: str, tmp_path: Path) -> None:
    result = run("plugins", "replay", written(tmp_path, "raise KeyError(1)"), "--all", "--config", config, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["fail"], told["pass"]) == (7, 1)  # at the supplement only the materials are looked at
    assert all("KeyError" in one["error"] for one in told["decisions"] if one["would"] == "fail")
    assert "quarantine" not in result.stdout


def test_personal_values_are_given_behind_their_mask_and_never_shown(config: str, tmp_path: Path) -> None:
    leaking = """
    if application.applicant is None:
        return []
    clear = [getattr(application.applicant, name).reveal(Purpose.HANDLING) for name in ("name", "id_number")]
    return [Finding(field="applicant.name", message=f"{application.applicant.name} {clear[0]} {clear[1]}", basis=BASIS)]
"""
    result = run("plugins", "replay", written(tmp_path, leaking), "--all", "--config", config, "--json")
    assert NAME not in result.stdout
    assert ID_NUMBER not in result.stdout
    assert "周**" in result.stdout
    raising = "raise ValueError(application.applicant.name.reveal(Purpose.HANDLING))"
    assert NAME not in run("plugins", "replay", written(tmp_path, raising), "--all", "--config", config).stdout


def test_a_forgotten_applicant_is_said_to_be_forgotten(config: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes((tmp_path / "county.db").read_bytes())
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("DELETE FROM subjects")
    other = tmp_path / "copy.toml"
    other.write_text(Path(config).read_text(encoding="utf-8").replace("county.db", "copy.db"), encoding="utf-8")
    told = replayed(written(tmp_path, DEEP), "--case", f"{NUMBER}1", "--config", str(other))
    assert [(one["forgotten"], one["would"]) for one in told["decisions"]] == [(True, "pass"), (True, "pass")]


def test_a_plugin_of_the_folder_is_found_by_its_name_even_where_it_is_switched_off(config: str, tmp_path: Path) -> None:
    folder = tmp_path / "plugins.d"
    folder.mkdir()
    written(folder, DEEP)
    (folder / "broken.py").write_text("raise SystemExit", encoding="utf-8")
    text = Path(config).read_text(encoding="utf-8")
    more = 'plugins-dir = "plugins.d"\ndisabled = ["deep-wells"]\nloopback'
    Path(config).write_text(text.replace("loopback", more), encoding="utf-8")
    assert replayed("deep-wells", "--case", f"{NUMBER}1", "--config", config)["refuse"] == 2
    unknown = run("plugins", "replay", "deep-welts", "--all", "--config", config)
    assert unknown.exit_code == 1
    assert "plugin deep-welts is not there; there are broken, deep-wells" in unknown.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--all", "--case", "1"), 2, "either --case ID or --all"),
        ((), 2, "either --case ID or --all"),
        (("--case", "1", "--item", "x"), 2, "--item goes with --all"),
        (("--case", "1"), 1, "there is no case '1'"),
        (("--all", "--item", "x"), 1, "there is no item 'x'"),
    ],
)
def test_what_is_not_there_is_one_error(
    config: str, tmp_path: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    result = run("plugins", "replay", written(tmp_path, DEEP), *arguments, "--config", config)
    assert result.exit_code == status
    assert said in result.stderr
    assert result.exception is None or not isinstance(result.exception, UnknownError)
    nowhere = run("plugins", "replay", str(tmp_path / "none.py"), "--all", "--config", config)
    assert (nowhere.exit_code, "there is no file" in nowhere.stderr) == (1, True)
