"""`egov campaign` and `egov enrol`: shapes of JSON, lists for a bulletin, and refusals that write nothing."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.cli.campaign.shown import write_list
from egov_core.demo.founding import demo_settings, write_settings
from egov_core.domain.authority import Grant, Role
from egov_core.domain.people import Person
from egov_core.runtime.clock import ManualClock
from egov_core.sheets.workbook import Column, SheetToWrite, write_workbook
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, BUREAU, COUNTY, MONDAY, SINCE

HEADER = "事项名称,办理主体,法定期限,承诺期限\n"
SOUND = HEADER + "事项一,bureau,20个工作日,10个工作日\n"
INFORMATION = "填表单位,事项名称,办理条件\nbureau,事项一,符合规划\n"


class Desk:
    """A small county on a file, with the clock in hand."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.folder, self.clock = folder, clock

    def run(self, *arguments: str, lang: str = "C.UTF-8") -> Result:
        given = [*arguments, "--config", str(self.folder / "egov.toml")]
        return CliRunner().invoke(main, given, env={"LC_ALL": lang})

    def told(self, *arguments: str, code: int = 0) -> Any:
        result = self.run(*arguments, "--json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    write_settings(attrs.evolve(demo_settings(""), area=AREA), tmp_path / "egov.toml", "county.db")
    clock = ManualClock(MONDAY)
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=clock) as office:
        office.establish(
            people=[Person(code=one, name=f"姓{one}", organ=COUNTY, valid_from=SINCE) for one in ("inspector", "rev")],
            grants=[Grant(person="inspector", role=Role.SUPERVISOR, organ=COUNTY, valid_from=SINCE)],
        )
    monkeypatch.setattr("egov_core.runtime.clock.SystemClock.now", lambda _: clock.now())
    return Desk(tmp_path, clock)


def opened(desk: Desk, *more: str) -> Any:
    asked = ["campaign", "open", "c1", "--title", "填报", "--organ", COUNTY, "--within", "5wd", "--reviewer", "rev"]
    return desk.told(*asked, "--as", "inspector", *(more or ("--all",)))


def submitted(desk: Desk, text: str = SOUND, *, code: int = 0) -> Any:
    files = ["--summary", desk.file("s.csv", text), "--information", desk.file("i.csv", INFORMATION)]
    return desk.told(
        "campaign", "submit", "c1", "--unit", BUREAU, *files, "--no-forwarding", "--as", "intake", code=code
    )


def test_a_campaign_from_its_opening_to_its_laggards(desk: Desk) -> None:
    shown = opened(desk)
    assert (shown["changed"], shown["last_day"], shown["units"]) == (True, "2024-06-24", 2)
    first = submitted(desk)
    assert first["unit"]["state"] == "submitted"
    (kept,) = first["unit"]["submissions"]
    assert [(one["form"], one["items"], one["checked"], one["declared_none"]) for one in kept["files"]] == [
        ("summary", 1, True, False),
        ("information", 1, True, False),
        ("forwarding", 0, True, True),
    ]
    assert submitted(desk)["changed"] is False
    back = desk.told(
        *("campaign", "return", "c1", "--unit", BUREAU, "--reason", "有误", "--fault", "B2：过长", "--as", "rev")
    )
    assert back["unit"]["returned"]["faults"] == [{"place": "B2", "message": "过长"}]
    undone = desk.told("campaign", "take-back", "c1", "--unit", BUREAU, "--reason", "误退", "--as", "rev")
    assert (undone["unit"]["state"], undone["unit"]["returned"]) == ("submitted", None)
    desk.told("campaign", "take-back", "c1", "--unit", BUREAU, "--reason", "误退", "--as", "intake", code=1)
    desk.told("campaign", "return", "c1", "--unit", BUREAU, "--reason", "有误", "--fault", "B2：过长", "--as", "rev")
    again = submitted(desk)
    assert (again["changed"], again["unit"]["state"]) == (True, "resubmitted")
    shown = desk.run("campaign", "status", "c1", "--unit", BUREAU).output
    assert "the same set as was returned" in shown
    desk.told("campaign", "return", "c1", "--unit", BUREAU, "--reason", "有误", "--fault", "B2：过长", "--as", "rev")
    desk.clock.advance(timedelta(days=9))
    reminded = desk.told("campaign", "remind", "c1", "--as", "inspector")
    assert [one["what"] for one in reminded["facts"]] == ["unit-reminded"] * 2
    lines = desk.told("campaign", "laggards", "--csv", str(desk.folder / "l.csv"))["laggards"]
    assert [(one["unit"], one["state"], one["days_late"], one["days_are"]) for one in lines] == [
        (BUREAU, "returned", 2, "workday"),
        ("other-bureau", "not-started", 2, "workday"),
    ]
    with (desk.folder / "l.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["days_late"] for row in rows] == ["2", "2"]
    assert rows[0]["missing"] == "summary; information; forwarding; paper"
    desk.told("campaign", "close", "c1", "--as", "inspector")
    desk.clock.advance(timedelta(days=30))
    assert desk.told("campaign", "laggards")["laggards"] == lines
    (status,) = desk.told("campaign", "status")["campaigns"]
    assert sum(status["counts"].values()) == len(status["unit_list"]) == 2
    assert desk.run("verify").exit_code == 0


def test_where_there_is_no_campaign_it_is_said(desk: Desk) -> None:
    assert desk.run("campaign", "status").output == "there is no campaign\n"
    assert desk.run("campaign", "status", lang="zh_CN.UTF-8").output == "没有填报活动\n"
    assert desk.told("campaign", "status") == {"campaigns": []}


def refusal(desk: Desk, text: str) -> dict[str, str]:
    error = submitted(desk, text, code=1)["error"]
    assert error["code"] == "catalogue"
    assert error["remedy"]
    return {fault["code"]: fault["path"] for fault in error["faults"]}


def test_a_form_is_refused_with_every_fault_by_its_cell(desk: Desk) -> None:
    opened(desk)
    rows = (
        ",bureau,20个工作日,10个工作日",
        "事项一,bureau,20个工作日,10个工作日",
        "事项二,bureau,20个工作日,三十来天",
        "事项三,别的局,20个工作日,5个工作日",
        "事项四,bureau,20个工作日,30个工作日",
    )
    found = refusal(desk, HEADER + "\n".join(rows))
    assert {code: found[code] for code in ("empty", "limit-not-plain", "other-unit", "promise-above-statutory")} == {
        "empty": "s.csv / A2",
        "limit-not-plain": "s.csv / D4",
        "other-unit": "s.csv / B5",
        "promise-above-statutory": "s.csv / D6",
    }
    assert refusal(desk, "")["file-empty"] == "s.csv"
    assert "form-unknown" in refusal(desk, "a,b\n1,2\n")
    assert refusal(desk, HEADER)["form-blank"] == "s.csv"
    assert refusal(desk, INFORMATION.replace("事项一", "事项二"))["form-other"] == "s.csv"
    (status,) = desk.told("campaign", "status", "c1")["campaigns"]
    assert status["counts"]["not-started"] == 2


def test_two_forms_that_disagree_are_refused(desk: Desk) -> None:
    opened(desk)
    summary = desk.file(
        "s.csv", SOUND.replace("承诺期限", "承诺期限,办件类型").replace("10个工作日", "10个工作日,承诺件")
    )
    information = desk.file("i.csv", "填表单位,事项名称,办件类型\nbureau,事项一,即办件\n")
    asked = ("campaign", "submit", "c1", "--unit", BUREAU, "--summary", summary, "--information", information)
    faults = desk.told(*asked, "--no-forwarding", "--as", "intake", code=1)["error"]["faults"]
    assert [(fault["code"], fault["path"]) for fault in faults] == [("cells-disagree", "i.csv / C2")]


def test_one_workbook_may_hold_every_form_and_a_scan_is_left_to_the_reviewer(desk: Desk) -> None:
    opened(desk)

    def sheet(name: str, headings: str, row: str) -> SheetToWrite:
        return SheetToWrite(
            name=name, columns=tuple(Column(heading=one) for one in headings.split(",")), rows=[row.split(",")]
        )

    book = desk.folder / "三张表.xlsx"
    forward = sheet("3", "事项名称,本级单位,转报单位", "事项一,bureau,市水利局")
    book.write_bytes(
        write_workbook([sheet("1", *SOUND.split()), sheet("2", "填表单位,事项名称", "bureau,事项一"), forward])
    )
    scan = desk.file("scan.pdf", "%PDF")
    given = ("campaign", "submit", "c1", "--unit", BUREAU, "--summary", str(book), "--information", str(book))
    shown = desk.told(*given, "--forwarding", scan, "--as", "intake")
    (kept,) = shown["unit"]["submissions"]
    assert [(one["form"], one["name"], one["items"], one["checked"]) for one in kept["files"]] == [
        ("summary", "三张表.xlsx", 1, True),
        ("information", "三张表.xlsx", 1, True),
        ("forwarding", "scan.pdf", 0, False),
    ]
    assert desk.told(*given, "--forwarding", str(book), "--as", "intake")["changed"]
    refused = desk.told(*given, "--forwarding", desk.file("empty.pdf", " "), "--as", "intake", code=1)
    assert refused["error"]["faults"][0]["code"] == "file-empty"


def test_a_form_of_the_countys_own_is_read_by_its_mapping(desk: Desk) -> None:
    opened(desk, "--unit", BUREAU, "--form", "summary")
    mapping = """
    [[field]]
    heading = "item"
    element = "name"
    required = true
    [[field]]
    heading = "office"
    element = "organ"
    required = true
    """
    own = desk.file("own.csv", "item,office,remark\n事项一,bureau,x\n")
    asked = ("campaign", "submit", "c1", "--unit", BUREAU, "--summary", own, "--as", "intake", "--mapping")
    nameless = desk.told(*asked, desk.file("m.toml", mapping), code=1)["error"]
    assert 'name = "summary"' in nameless["remedy"]
    named = desk.file("m.toml", f'name = "summary"\n{mapping}')
    shown = desk.told(*asked, named)
    assert shown["unit"]["submissions"][0]["files"][0]["items"] == 1
    assert {one["code"] for one in shown["warnings"]} == {"heading-unknown", "limit-not-set", "class-by-default"}
    assert "[heading-unknown]" in desk.run(*asked, named).stderr


def test_two_files_of_one_name_are_told_apart_by_their_forms(desk: Desk) -> None:
    opened(desk)
    for folder in ("a", "b"):
        (desk.folder / folder).mkdir()
    first, second = desk.file("a/form.csv", SOUND), desk.file("b/form.csv", "x,y\n1,2\n")
    asked = ("campaign", "submit", "c1", "--unit", BUREAU, "--summary", first, "--information", second)
    told = desk.told(*asked, "--no-forwarding", "--as", "intake", code=1)["error"]["faults"]
    paths = {fault["code"]: fault["path"] for fault in told}
    assert paths["form-unknown"] == "事项信息表 form.csv / A1"
    assert set(paths) == {"form-unknown", "class-by-default"}  # the sound form gives no class


def test_what_options_say_twice_or_not_at_all_is_refused(desk: Desk) -> None:
    begin = ("campaign", "open", "c1", "--title", "x", "--organ", COUNTY, "--reviewer", "rev", "--as", "inspector")
    for wrong in (
        (*begin, "--all"),
        (*begin, "--all", "--within", "5wd", "--until", "2024-07-01"),
        (*begin, "--within", "5wd"),
        (*begin, "--within", "5wd", "--all", "--unit", BUREAU),
        ("campaign", "submit", "c1", "--unit", BUREAU, "--forwarding", "x", "--no-forwarding", "--as", "intake"),
        ("campaign", "reopen", "c1", "--reason", "x", "--within", "5wd", "--as", "inspector"),
    ):
        assert desk.run(*wrong).exit_code == 2, wrong
    both = desk.run(*begin, "--all", "--within", "5wd", "--until", "2024-07-01")
    assert "give one of them, not both" in both.stderr
    opened(desk, "--unit", BUREAU)
    fault = ("campaign", "return", "c1", "--unit", BUREAU, "--reason", "x", "--fault", "no place", "--as", "rev")
    assert "B7" in desk.told(*fault, code=1)["error"]["remedy"]
    assert desk.told("campaign", "status", "c2", code=1)["error"]["code"] == "unknown"
    assert desk.told("campaign", "status", "c1", "--unit", "x", code=1)["error"]["code"] == "unknown"
    missing = ("campaign", "submit", "c1", "--unit", BUREAU, "--summary", "nowhere.csv", "--as", "intake")
    result = desk.run(*missing)
    assert (result.exit_code, "nowhere.csv" in result.stderr) == (1, True)


def test_the_rest_of_a_campaigns_life(desk: Desk) -> None:
    opened(desk, "--unit", BUREAU, "--no-paper", "--form", "summary", "--basis", "演政办〔2024〕1号")
    summary = ("--summary", desk.file("s.csv", SOUND))
    desk.told("campaign", "submit", "c1", "--unit", BUREAU, *summary, "--as", "intake")
    assert desk.told("campaign", "accept", "c1", "--unit", BUREAU, "--as", "rev")["unit"]["state"] == "accepted"
    again = (
        "campaign",
        "reopen",
        "c1",
        "--unit",
        BUREAU,
        "--reason",
        "法律修改",
        "--within",
        "9wd",
        "--as",
        "inspector",
    )
    assert desk.told(*again)["unit"]["last_day"] == "2024-06-28"
    paper = ("campaign", "paper", "c1", "--unit", BUREAU, "--as", "inspector")
    assert desk.told(*paper, code=1)["error"]["faults"][0]["code"] == "paper-unasked"
    gone = (
        "campaign",
        "succeed",
        "c1",
        "--unit",
        BUREAU,
        "--to",
        "other-bureau",
        "--document",
        "x",
        "--as",
        "inspector",
    )
    assert desk.told(*gone, code=1)["error"]["faults"][0]["code"] == "exists"
    desk.told("campaign", "close", "c1", "--reason", "完成", "--as", "inspector")
    again = desk.told("campaign", "close", "c1", "--as", "inspector", code=1)["error"]
    assert (again["code"], again["remedy"]) == ("law", "nothing more is to be done")
    later = desk.run("campaign", "remind", "c1", "--as", "inspector")
    told = f"egov campaign reopen c1 --reason REASON --as inspector --config {desk.folder / 'egov.toml'}"
    assert told in later.stderr, later.output
    assert told in desk.told("campaign", "remind", "c1", "--as", "inspector", code=1)["error"]["remedy"]
    assert desk.told("campaign", "reopen", "c1", "--reason", "补报", "--as", "inspector")["closed_at"] is None


def test_in_a_chinese_locale_what_is_shown_is_chinese(desk: Desk) -> None:
    opened(desk)
    chinese = desk.run("campaign", "status", lang="zh_CN.UTF-8").stdout
    assert "未报送 2" in chinese
    assert "缺事项汇总表" in chinese
    desk.clock.advance(timedelta(days=9))
    late = desk.run("campaign", "laggards", lang="zh_CN.UTF-8").stdout
    assert "逾期 2 天" in late
    assert "2 day(s) late" in desk.run("campaign", "laggards").stdout
    assert "未邀请 2" in desk.run("enrol", "status", lang="zh_CN.UTF-8").stdout


def test_units_in_gb18030_are_read_and_said(desk: Desk) -> None:
    file = desk.folder / "gb.csv"
    file.write_bytes("单位编码,人员编码,姓名\nbureau,neu,赵新来\n".encode("gb18030"))
    asked = ("enrol", "import", str(file), "--document", "通知", "--as", "inspector")
    shown = desk.told(*asked)
    assert [(one["severity"], one["code"]) for one in shown["faults"]] == [("warning", "file-encoding")]
    assert shown["changes"][0]["name"] == "赵新来"
    assert "GB18030" in desk.run(*asked).stderr


def test_enrolment_by_hand_and_by_file(desk: Desk) -> None:
    assert desk.told("enrol", "invite", BUREAU, "--document", "通知", "--as", "inspector") == {
        "invited": [BUREAU],
        "unchanged": 0,
    }
    text = "organ,name,kind,parent,person,person_name,role\nt1,石桥镇,town,county,p1,王一,head\n"
    asked = ("enrol", "import", desk.file("u.csv", text), "--document", "通知", "--as", "inspector")
    dry = desk.told(*asked)
    assert ([one["what"] for one in dry["changes"]], dry["written"]) == (
        ["organ", "person", "role", "invitation"],
        False,
    )
    assert desk.told(*asked, "--apply") == {**dry, "written": True}
    again = desk.told(*asked, "--apply")
    assert (again["changes"], again["written"]) == ([], False)
    shown = desk.told("enrol", "status", "--csv", str(desk.folder / "e.csv"))
    assert sum(shown["counts"].values()) == shown["total"] == len(shown["units"]) == 3
    assert desk.told("enrol", "status", "--stage", "invited")["units"][0]["unit"] == BUREAU
    assert desk.told("enrol", "status", "--unit", "nowhere", code=1)["error"]["code"] == "unknown"
    assert desk.told(*asked[:3], "--document", "x", "--as", "head", code=1)["error"]["code"] == "no-authority"
    assert desk.run("verify").exit_code == 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "'=1"])
def test_a_cell_that_looks_like_a_formula_is_written_as_text(tmp_path: Path, text: str) -> None:
    write_list(str(tmp_path / "x.csv"), ("name",), [{"name": text}, {"name": "水利局"}])
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        _, (first,), (second,) = csv.reader(file)
    assert (first, second) == (f"'{text}", "水利局")
