"""Names where codes are wanted, in a county founded by the command line: taken where only one organ, item or person has
them, refused with their codes where several have; and what such a county is told of its first items and cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from egov_core import open_office
from egov_core.cli import main
from egov_core.runtime.settings import read_settings

HEADINGS = "事项名称,实施主体,法定办结时限,承诺办结时限,事项类型,办件类型\n"
ITEMS = (
    HEADINGS
    + "取水许可,水利局,20个工作日,9个工作日,行政许可,承诺件\n"
    + "河道采砂许可,水利局,20个工作日,9个工作日,行政许可,承诺件\n"
)
COUNTY = ("--config", "county/egov.toml")


def run(*arguments: str, lang: str = "C.UTF-8") -> Result:
    return CliRunner().invoke(main, list(arguments), env={"LC_ALL": lang})


def told(*arguments: str, code: int = 0) -> Any:
    result = run(*arguments, *COUNTY, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def take_in(text: str) -> Any:
    both = ("--prepared-by", "P2", "--published-by", "P3", "--valid-from", "2020-01-01", "--apply")
    return told("catalogue", "import", write("items.csv", text), "--found-organs", *both)


@pytest.fixture(autouse=True)
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A county with one department and two items; the code of the department."""
    monkeypatch.chdir(tmp_path)
    begun = ("--area", "990199", "--name", "演示县", "--since", "2020-01-01", "--head", "P1=甲某")
    made = run("init", "county", *begun, "--clerk", "P2=乙某", "--clerk", "P3=丙某")
    assert made.exit_code == 0, made.output
    [organ] = take_in(ITEMS)["organs"]
    return str(organ["code"])


def code_of(name: str) -> str:
    return str(next(one["code"] for one in told("catalogue", "search", name)["hits"] if one["name"] == name))


def staff(organ: str, item: str = "") -> Any:
    today = "2030-01-01"
    people = write("人员.csv", f"人员编号,姓名,所在机关,任职起\nP11,丁某,{organ},{today}\n")
    grants = write("授权.csv", f"人员编号,角色,机关,事项,起始日\nP11,受理,{organ},{item},{today}\n")
    return run("staff", "import", people, grants, "--by", "甲某", "--apply", *COUNTY, "--json")


def test_staff_are_taken_in_by_the_names_of_organs_and_items(bureau: str) -> None:
    done = staff("水利局", "取水许可")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["applied"]
    item = code_of("取水许可")
    with open_office(read_settings("county/egov.toml"), read_only=True) as office:
        person = office.authority.people["P11"]
        [grant] = [one for one in office.staffing.grants if one.person == "P11"]
        assert (person.organ, grant.organ, grant.items) == (bureau, bureau, frozenset({item}))
        event = office.storage.events(office.area, f"organ:{bureau}")[-1]
        assert (event.type, event.actor) == ("authority-granted", "P1"), "the chain has the code of who decided"


def test_what_nobody_is_called_says_what_to_write() -> None:
    refused = staff("水务局", "取水证")
    assert refused.exit_code == 1
    faults = {one["code"]: one for one in json.loads(refused.stdout)["faults"]}
    assert "egov enrol status" in faults["unknown-organ"]["remedy"]
    assert "egov catalogue search" in faults["unknown-item"]["remedy"]


def test_a_name_of_two_is_refused_with_their_codes(bureau: str) -> None:
    founded = take_in(HEADINGS + "取水许可,县水利局,20个工作日,9个工作日,行政许可,承诺件\n")
    [near] = [one for one in founded["faults"] if one["code"] == "organ-near"]
    assert (near["severity"], near["cell"]) == ("warning", "B2")
    assert "水利局" in near["remedy"]
    other = founded["organs"][0]["code"]
    refused = json.loads(staff("水利局", "取水许可").stdout)
    [fault] = [one for one in refused["faults"] if one["code"] == "item-ambiguous"]
    assert "(水利局)" in fault["message"] and "(县水利局)" in fault["message"]
    who = told("staff", "who", "取水许可", code=1)["error"]
    assert "several items are called 取水许可" in who["message"]
    assert "(水利局)" in who["message"] and "(县水利局)" in who["message"]
    old = write(
        "cases.csv", "原办件编号,事项编码,收件时间,申请人,证件号码\n旧-1,取水许可,2024-06-17,某甲,990199199001011236\n"
    )
    taken = told("cases", "import", old, "--cut-over", "2024-06-18", code=1)
    [item] = [one for one in taken["faults"] if one["code"] == "item-ambiguous"]
    assert "(水利局)" in item["remedy"] and "(县水利局)" in item["remedy"]
    assert {bureau, other} <= set(json.dumps(told("enrol", "status")).replace('"', " ").split())


def test_an_upper_organ_of_the_same_work_is_no_near_name() -> None:
    rows = HEADINGS + "养老服务备案,民政局,20个工作日,9个工作日,其他行政权力,承诺件\n"
    assert [one for one in take_in(rows)["faults"] if one["code"] == "organ-near"] == []


def test_commands_take_the_name_of_an_organ_an_item_or_a_person(bureau: str) -> None:
    item = code_of("取水许可")
    assert told("staff", "who", "取水许可", "--organ", "水利局")["item"] == item
    assert told("enrol", "invite", "水利局", "--document", "x", "--as", "乙某")["invited"] == [bureau]
    assert [one["unit"] for one in told("enrol", "status", "--unit", "水利局")["units"]] == [bureau]
    assert told("catalogue", "history", "取水许可")["item"] == item
    opened = (
        "campaign",
        "open",
        "c1",
        "--title",
        "填报",
        "--organ",
        "演示县",
        "--unit",
        "水利局",
        "--until",
        "2040-06-01",
    )
    assert told(*opened, "--reviewer", "P3", "--as", "乙某")["unit_list" if False else "units"] == 1
    write(
        "plan.toml",
        'code = "r"\ntitle = "改名"\nbasis = "文"\neffective = 2040-06-01\n'
        f'[[rename]]\norgan = "{bureau}"\nname = "水务局"\n',
    )
    done = told("reorganise", "apply", "plan.toml", "--by", "甲某", "--yes")
    assert done["done"]
    wrong = told("reorganise", "undo", "r", "--by", "戊某", code=1)["error"]
    assert "there is no person" in wrong["message"]
    assert told("reorganise", "undo", "r", "--by", "甲某")["undone"]


def test_the_history_of_an_item_says_who_prepared_it() -> None:
    [version] = told("catalogue", "history", "取水许可")["versions"]
    assert version["prepared_by"] == ["P2"]
    for lang, word in (("C.UTF-8", "prepared by P2"), ("zh_CN.UTF-8", "编制 P2")):
        assert word in run("catalogue", "history", "取水许可", *COUNTY, lang=lang).stdout


def test_open_cases_that_nobody_has_taken_are_told(bureau: str) -> None:
    assert told("staff", "work")["untaken"] == {"cases": 0, "organs": []}
    rows = "".join(
        f"旧-{n},{item},2024-06-17,某甲,990199199001011236\n" for n, item in enumerate(("取水许可", "河道采砂许可"), 1)
    )
    old = write("cases.csv", "原办件编号,事项编码,收件时间,申请人,证件号码\n" + rows)
    told("cases", "import", old, "--cut-over", "2024-06-18", "--source", "旧系统", "--apply")
    shown = told("staff", "work")
    assert (shown["work"], shown["untaken"]) == (
        [],
        {"cases": 2, "organs": [{"organ": bureau, "name": "水利局", "cases": 2}]},
    )
    listed = told("staff", "work", "--untaken")["work"]
    assert {(one["number"], one["by"]) for one in listed} == {("旧-1", ""), ("旧-2", "")}
    assert told("staff", "work", "P2")["untaken"]["cases"] == 0, "who may not go on with a case is not told of it"
    chinese = run("staff", "work", *COUNTY, lang="zh_CN.UTF-8").stdout
    assert "无人经手 2 件：水利局 2 件；加 --untaken 列出" in chinese
