"""`egov cases file`: a look writes nothing, what is refused is told at once, and a repetition files nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.demo.founding import demo_settings, write_settings
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.settings import read_settings
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA

APPLICANT = {"name": county.NAME, "id_number": county.ID_NUMBER, "phone": county.PHONE}
WHOLE = {"item": county.LICENCE, "applicant": APPLICANT, "materials": list(county.MATERIALS)}


def run(*arguments: str, locale: str = "C.UTF-8", typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["cases", "file", *arguments], env={"LC_ALL": locale}, input=typed)


@pytest.fixture
def config(tmp_path: Path) -> str:
    settings = demo_settings(str(tmp_path / "county.db"))
    write_settings(attrs.evolve(settings, area=AREA), tmp_path / "egov.toml", "county.db")
    with open_office(read_settings(str(tmp_path / "egov.toml"))) as office:
        county.found(office)
    return str(tmp_path / "egov.toml")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "application.json"
    made.write_text(json.dumps(WHOLE), encoding="utf-8")
    return made


def told(config: str, file: Path | str, *more: str, by: str = "intake") -> Any:
    result = run(str(file), "--as", by, "--config", config, "--json", *more)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(config: str, file: Path | str, *more: str, by: str = "intake") -> Any:
    for applying in ((), ("--apply",)):
        result = run(str(file), "--as", by, "--config", config, "--json", *more, *applying)
        assert result.exit_code == 1, result.output
    assert cases_in(config) == 0
    return json.loads(result.stdout)["error"]


def cases_in(config: str) -> int:
    with open_office(read_settings(config), read_only=True) as office:
        return office.storage.counts(AREA)["cases"]


def test_a_look_writes_nothing_and_an_application_is_filed_once(config: str, file: Path) -> None:
    looked = told(config, file)
    assert (looked["applied"], looked["number"], looked["query_code"], cases_in(config)) == (False, None, None, 0)
    filed = told(config, file, "--apply")
    assert (filed["applied"], filed["again"], filed["state"]) == (True, False, "submitted")
    for more in (("--apply",), ()):
        again = told(config, file, *more)
        assert (again["applied"], again["again"]) == (False, True)
        assert (again["number"], again["query_code"]) == (filed["number"], filed["query_code"])
    assert cases_in(config) == 1
    with open_office(read_settings(config), read_only=True) as office:
        row = office.storage.case_by_number(AREA, filed["number"])
        assert row is not None and row.query_digest == office.query_digest(row.number, filed["query_code"])
        (submitted,) = office.storage.events(AREA, row.case_id)
        assert submitted.actor == "intake" and b'"channel":"window"' in submitted.payload
        assert office.verify().violations == ()


def test_another_key_or_another_time_of_receipt_is_another_case(config: str, file: Path) -> None:
    first = told(config, file, "--apply")
    second = told(config, file, "--apply", "--key", "second-window")
    third = told(config, file, "--apply", "--received", "2024-06-03T09:30")
    assert len({one["number"] for one in (first, second, third)}) == 3
    with open_office(read_settings(config), read_only=True) as office:
        row = office.storage.case_by_number(AREA, third["number"])
        assert row is not None and row.received_at.isoformat() == "2024-06-03T09:30:00+08:00"


def test_materials_may_be_given_by_their_names_and_the_application_by_standard_input(config: str) -> None:
    whole = json.dumps({**WHOLE, "materials": ["材料 form", "plan"]})
    result = run("-", "--as", "intake", "--config", config, "--apply", "--json", typed=whole)
    assert result.exit_code == 0, result.output
    with open_office(read_settings(config), read_only=True) as office:
        row = office.storage.case_by_number(AREA, json.loads(result.stdout)["number"])
        assert row is not None and office.case_of(row).materials == county.MATERIALS


def test_what_is_wrong_is_told_at_once_with_its_path(config: str, file: Path) -> None:
    file.write_text(json.dumps({"item": 5, "applicant": {"name": county.NAME}, "colour": "red"}), encoding="utf-8")
    paths = {one["path"] for one in refused(config, file)["faults"]}
    assert paths >= {"$.item", "$.applicant.id_number"}
    file.write_text(json.dumps({**WHOLE, "applicant": {**APPLICANT, "name": "", "id_number": ""}}), encoding="utf-8")
    empty = refused(config, file)
    assert {one["path"] for one in empty["faults"]} == {"$.applicant.name", "$.applicant.id_number"}
    assert county.ID_NUMBER not in json.dumps(empty)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id_number", "9.90199E+17", "number-rounded"),
        ("phone", "1.39E+10", "number-rounded"),
        ("id_number", "９９０１２１１９９００１０１１２３６", "full-width"),
        ("phone", " 13900000000", "full-width"),
    ],
)
def test_a_number_that_a_spreadsheet_or_an_input_method_has_changed_is_refused(
    config: str, file: Path, field: str, value: str, code: str
) -> None:
    file.write_text(json.dumps({**WHOLE, "applicant": {**APPLICANT, field: value}}), encoding="utf-8")
    found = refused(config, file)
    assert [(one["path"], one["code"]) for one in found["faults"]] == [(f"$.applicant.{field}", code)]
    assert value.strip() not in json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_example_of_the_reference_is_read_with_or_without_the_mark_of_an_editor(
    config: str, file: Path, mark: str
) -> None:
    pages = Path(__file__).parents[2] / "docs" / "reference" / "wire.md"
    shown = pages.read_text(encoding="utf-8").partition("### `Submit`")[2].partition("```json\n")[2].partition("```")[0]
    example = {**json.loads(shown), "item": county.LICENCE, "materials": list(county.MATERIALS), "form": {}}
    assert example["command"] == "Submit"
    file.write_text(mark + json.dumps(example), encoding="utf-8")
    looked = told(config, file)
    assert (looked["item"], looked["advice"]) == (county.LICENCE, [])
    file.write_text(json.dumps({**WHOLE, "command": "Accept"}), encoding="utf-8")
    assert [one["path"] for one in refused(config, file)["faults"]] == ["$.command"]


def test_a_material_that_stands_there_twice_is_refused_by_code_or_name(config: str, file: Path) -> None:
    file.write_text(json.dumps({**WHOLE, "materials": ["form", "plan", "材料 form", "form"]}), encoding="utf-8")
    found = refused(config, file)
    assert [(one["path"], one["code"]) for one in found["faults"]] == [
        ("$.materials[2]", "twice"),
        ("$.materials[3]", "twice"),
    ]


@pytest.mark.parametrize(
    ("changes", "field", "english", "chinese"),
    [
        ({"applicant": {**APPLICANT, "id_number": "990121199003070011"}}, "applicant.id_number", "last digit", "末位"),
        (
            {"applicant": {**APPLICANT, "id_number": "91440101MA5XXXXXX1", "is_organisation": True}},
            "applicant.id_number",
            "no 统一社会信用代码",
            "不是统一社会信用代码",
        ),
        ({"channel": "pigeon"}, "channel", "'pigeon' is none of window", "pigeon"),
    ],
)
def test_what_may_be_right_all_the_same_is_told_and_taken(
    config: str, file: Path, changes: dict[str, Any], field: str, english: str, chinese: str
) -> None:
    file.write_text(json.dumps({**WHOLE, **changes}), encoding="utf-8")
    [odd] = told(config, file)["advice"]
    assert odd.startswith(f"{field}: ")
    assert english in odd
    assert "990121199003070011" not in odd
    shown = run(str(file), "--as", "intake", "--config", config, locale="zh_CN.UTF-8")
    assert "提醒" in shown.stderr
    assert chinese in shown.stderr
    assert "none of" not in shown.stderr and "number" not in shown.stderr.replace("id_number", "")
    assert told(config, file, "--apply")["advice"] == [odd]


@pytest.mark.parametrize(("by", "code"), [("approver", "no-authority"), ("nobody", "no-authority")])
def test_who_does_not_take_in_files_nothing(config: str, file: Path, by: str, code: str) -> None:
    assert refused(config, file, by=by)["code"] == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"item": "no-such-item"}, "unknown"),
        ({"materials": [*county.MATERIALS, "a letter"]}, "claim"),
    ],
)
def test_a_look_refuses_what_the_filing_refuses(config: str, file: Path, change: dict[str, Any], code: str) -> None:
    file.write_text(json.dumps({**WHOLE, **change}), encoding="utf-8")
    assert refused(config, file)["code"] == code


def test_a_check_of_a_plugin_refuses_in_a_look_too(config: str, file: Path) -> None:
    folder = Path(config).parent / "plugins.d"
    folder.mkdir()
    (folder / "wells.py").write_text(
        "from egov_core import hookimpl\nfrom egov_core.ports.checks import Finding\n\n"
        "egov_api = '1.0'\n\n\n@hookimpl\n"
        "def egov_check_application(application):\n"
        "    return [Finding(field='form.depth', message='没有写井深')]\n",
        encoding="utf-8",
    )
    settings = (
        f'[county]\narea = "{AREA}"\n[storage]\nurl = "sqlite:///county.db"\n[plugins]\nplugins-dir = "{folder}"\n'
    )
    Path(config).write_text(settings, encoding="utf-8")
    error = refused(config, file)
    assert (error["code"], "没有写井深" in error["message"]) == ("hook-refused", True)


def test_a_time_to_come_is_refused(config: str, file: Path) -> None:
    assert refused(config, file, "--received", "2999-01-01")["remedy"]


def test_it_speaks_to_people_in_their_language_and_shows_no_personal_value(config: str, file: Path) -> None:
    arguments = (str(file), "--as", "intake", "--config", config)
    looked = run(*arguments, locale="zh_CN.UTF-8").output
    assert "可以收件：" in looked and "用 --apply 收件" in looked
    filed = run(*arguments, "--apply", locale="zh_CN.UTF-8").output
    assert "办件编号 " in filed and "查询码 " in filed
    english = run(*arguments).output
    assert "it was filed before" in english
    assert county.ID_NUMBER not in looked + filed + english and county.NAME not in looked + filed + english
