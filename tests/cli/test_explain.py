"""`egov explain`: readings and incidents of stored cases, the list of ambiguous ones, and the explanation to print."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.demo.founding import demo_settings, write_settings
from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import PauseKind, Step
from egov_core.domain.legal import LegalBasis
from egov_core.domain.periods import Immediate
from egov_core.runtime.clock import ManualClock
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, MONDAY, staff

PAUSED, PLAIN = f"{AREA}-bureau-2024-00001", f"{AREA}-bureau-2024-00002"


def run(*arguments: str, locale: str = "C.UTF-8") -> Result:
    return CliRunner().invoke(main, ["explain", *arguments], env={"LC_ALL": locale})


def told(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A case whose hearing outlasted its declared days, and one on which nothing depends."""
    file = tmp_path / "egov.toml"
    write_settings(demo_settings(str(tmp_path / "county.db")), file, "county.db")
    file.write_text(file.read_text(encoding="utf-8").replace(demo_settings("").area, AREA), encoding="utf-8")
    clock = ManualClock(MONDAY)
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=clock) as office:
        case_id = county.accepted(office).case_id
        county.accepted(office)
        hearing = c.Pause(
            case_id=case_id, kind=PauseKind.HEARING, notice="演特〔2024〕1号", declared=county.working_days(1)
        )
        clock.advance(timedelta(days=1))
        office.do(hearing, actor=staff("reviewer"))
        clock.advance(timedelta(days=3))
        office.do(c.Resume(case_id=case_id, result="完成"), actor=staff("reviewer"))
    return str(tmp_path / "egov.toml")


def timer_of(found: Any, kind: str = "case") -> Any:
    return next(one for one in found["timers"] if one["kind"] == kind)


def test_a_deadline_names_its_readings_who_chose_and_what_must_be_said(config: str) -> None:
    timer = timer_of(told("deadline", PAUSED, "--config", config))
    assert timer["readings"] == [
        {"setting": "pause-rule", "value": "half-open", "last_day": "2024-07-04"},
        {"setting": "pause-rule", "value": "closed", "last_day": "2024-07-05"},
    ]
    [choice] = timer["choices"]
    assert (choice["setting"], choice["value"], choice["by"]) == ("pause-rule", "half-open", "default")
    [incident] = timer["incidents"]
    assert (incident["code"], incident["data"]["declared"]) == ("pause-past-declared", "1wd")
    plain = timer_of(told("deadline", PLAIN, "--config", config))
    assert (plain["readings"], plain["choices"], plain["incidents"]) == ([], [], [])
    said = run("deadline", PAUSED, "--config", config).stdout
    assert "reading  pause-rule = half-open  2024-07-04  chosen" in said and "note [pause-past-declared]" in said
    chinese = run("deadline", PAUSED, "--config", config, locale="zh_CN.UTF-8").stdout
    assert "读法  特别程序两端的日子 = 起日计入，止日不计  2024-07-04  采用" in chinese
    assert "- 办理  2024-06-17" in chinese and "起算当日不计" in chinese and "start-day" not in chinese


def test_a_cell_is_no_legal_basis_steps_have_names_and_a_deemed_acceptance_is_said(tmp_path: Path) -> None:
    """Nobody answered for a week: the limits run from the receipt, which no date alone would tell."""
    file = tmp_path / "egov.toml"
    write_settings(demo_settings(str(tmp_path / "county.db")), file, "county.db")
    file.write_text(file.read_text(encoding="utf-8").replace(demo_settings("").area, AREA), encoding="utf-8")
    filled_in = LegalBasis(instrument="a2.csv", article=" F5", assumed=True)
    steps = (
        Step(code="review", name="审核", limit=county.working_days(3)),
        Step(code="conclusion", name="办结", limit=county.working_days(2)),
    )
    at_once = attrs.evolve(county.item("listed", promised=Immediate(basis=filled_in)), steps=steps)
    clock = ManualClock(MONDAY)
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=clock) as office:
        office.establish(items=[at_once])
        number = county.submit(office, "listed").number
        clock.advance(timedelta(days=14))
        office.sweep()
    english = run("deadline", number, "--config", str(file)).stdout
    chinese = run("deadline", number, "--config", str(file), locale="zh_CN.UTF-8").stdout
    printed = run("deadline", number, "--config", str(file), "--print", "-").stdout
    assert "immediate (as filled in at a2.csv F5)" in english
    assert "same-day  as filled in at a2.csv F5" in english
    assert "Counts as accepted since the receipt, 2024-06-17" in english
    assert "- step · review" in english
    for said in (chinese, printed):
        assert "（按填报内容，见 a2.csv F5）" in said
        assert "（a2.csv F5）" not in said and "  a2.csv F5" not in said
        assert "起视为受理" in said
    assert "- 环节 · 审核" in chinese
    assert "【环节 · 审核】" in printed
    steps_told = {one["step"] for one in told("deadline", number, "--config", str(file))["timers"]}
    assert steps_told == {"", "review"}


def test_a_timer_that_is_not_there_is_one_error(config: str) -> None:
    timer = timer_of(told("deadline", PLAIN, "--config", config))["id"]
    result = run("deadline", f"{timer[:-1]}9", "--config", config, "--json")
    assert (result.exit_code, json.loads(result.stdout)["error"]["code"]) == (1, "unknown")


def test_the_cases_that_depend_on_a_reading_are_listed(config: str) -> None:
    found = told("readings", "--config", config)
    assert (found["looked_at"], found["setting"]) == (2, None)
    [case] = found["cases"]
    assert (case["case"], case["organ"], case["item"]) == (PAUSED, "bureau", "事项 licence")
    [timer] = case["timers"]
    assert timer["kind"] == "case" and [one["value"] for one in timer["readings"]] == ["half-open", "closed"]
    assert [one["by"] for one in timer["choices"]] == ["default"]
    assert told("readings", "--config", config, "--setting", "pause-rule")["cases"] == [case]
    assert told("readings", "--config", config, "--setting", "roll")["cases"] == []
    assert run("readings", "--config", config, "--setting", "weather").exit_code == 2


def test_people_see_the_list_and_a_bar_beside_it(config: str) -> None:
    result = run("readings", "--config", config)
    assert PAUSED in result.stdout and PLAIN not in result.stdout
    assert "pause-rule = closed  2024-07-05" in result.stdout
    assert "open cases that depend on a reading: 1" in result.stdout
    assert "looking" in result.stderr and "looking" not in result.stdout
    chinese = run("readings", "--config", config, locale="zh_CN.UTF-8").stdout
    assert "- 办理" in chinese and "在办件中有 1 件取决于读法" in chinese


# -- to print ----------------------------------------------------------------------------------------------------------


class Printed(HTMLParser):
    """The tags, the links and the rows of a page; fails where tags are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.given: list[tuple[str, str]] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.given += [(name, value or "") for name, value in attrs]
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in ("meta", "link"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("td", "th", "strong") and self.rows:
            self.rows[-1][-1] += data


HEARING = "听证 演特〔2024〕1号 《中华人民共和国行政许可法》第四十五条"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def printed(config: str, tmp_path: Path) -> str:
    file = tmp_path / "说明.html"
    result = run("deadline", PAUSED, "--config", config, "--print", str(file))
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    assert "written" in result.stderr
    return file.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_named(config: str, tmp_path: Path) -> None:
    nowhere = tmp_path / "no" / "such.html"
    result = run("deadline", PAUSED, "--config", config, "--print", str(nowhere))
    assert (result.exit_code, str(nowhere) in result.stderr) == (1, True), result.output


def test_the_file_needs_nothing_else_and_runs_nothing(printed: str) -> None:
    page = Printed(printed)
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & set(page.tags)
    assert not [name for name, _ in page.given if name in ("src", "href", "style") or name.startswith("on")]
    assert "http" not in printed and "@import" not in printed and "url(" not in printed
    assert page.tags.count("style") == 1 and "size: A4" in printed and "break-inside: avoid" in printed
    assert '<html lang="zh-CN">' in printed
    style = printed.partition("<style>")[2].partition("</style>")[0]
    assert not re.search(r"&(amp|lt|gt|quot|#)", style), "the style holds nothing that escaping changes"


def test_it_says_all_that_a_file_needs(printed: str) -> None:
    for text in (
        PAUSED,
        "事项 licence",
        "bureau",
        "10 个工作日（《演示条例》第一条）",
        "20 个工作日（《演示条例》第一条）",
        "听证，告知所需时间 1 个工作日，文书：演特〔2024〕1号",
        "2024年7月4日24时前",
        "国办发明电〔2023〕7号",
        "《中华人民共和国民法典》第二百零一条",
        "《中华人民共和国行政许可法》第四十五条",
        "不同读法",
        "没有人选定，用本系统的默认",
        "情况（pause-past-declared）",
        "黄红牌（通知）第 1 版",
        "工作日历",
        "打印时间",
        "演示数据",
        "辅助计算，以法定机关认定为准。",
    ):
        assert text in printed, text
    rows = Printed(printed).rows
    assert ["2024-06-17 周一", "不计", "起算当日不计", "《中华人民共和国民法典》第二百零一条", "0"] in rows
    assert ["2024-06-19 周三", "不计", "特别程序，不计入", HEARING, "1"] in rows
    assert ["2024-06-24 周一", "计入", "工作日", "国办发明电〔2023〕7号", "2"] in rows
    assert ["2024-07-04 周四", "计入", "工作日", "国办发明电〔2023〕7号", "10"] in rows
    assert [row[:3] for row in rows if row[0] == "特别程序两端的日子"] == [
        ["特别程序两端的日子", "起日计入，止日不计", "2024-07-04"],
        ["特别程序两端的日子", "起日、止日都不计", "2024-07-05"],
    ]
    assert not [row for row in rows if len(row) == 5 and not CHINESE.search(row[2])], "every reason is in words"


def test_it_names_nobody(printed: str) -> None:
    for secret in (county.NAME, county.ID_NUMBER, county.PHONE, "姓"):
        assert secret not in printed


@pytest.mark.parametrize("locale", ["C.UTF-8", "zh_CN.UTF-8"])
def test_the_text_says_the_same_in_chinese_whatever_the_locale(config: str, printed: str, locale: str) -> None:
    text = run("deadline", PAUSED, "--config", config, "--print", "-", locale=locale).stdout
    assert f"  2024-06-19 周三  不计  特别程序，不计入（{HEARING}）  累计 1\n" in text
    assert "特别程序两端的日子：起日计入，止日不计，最后一日 2024-07-04  采用（没有人选定" in text
    assert text.endswith("辅助计算，以法定机关认定为准。\n")
    for row in Printed(printed).rows:
        assert row[0] in text or row[0] in ("日期", "哪一点"), row


def test_one_timer_is_printed_alone(config: str) -> None:
    timer = timer_of(told("deadline", PAUSED, "--config", config), "correction-notice")["id"]
    text = run("deadline", timer, "--config", config, "--print", "-").stdout
    assert "【一次性告知】" in text and "【办理】" not in text


def test_a_file_that_is_no_page_or_cannot_be_written_is_refused(config: str, tmp_path: Path) -> None:
    for options in (["--print", str(tmp_path / "egov.toml")], ["--print", "-", "--json"]):
        assert run("deadline", PAUSED, "--config", config, *options).exit_code == 2
    result = run("deadline", PAUSED, "--config", config, "--print", str(tmp_path / "none" / "x.html"))
    assert (result.exit_code, "error [claim]" in result.stderr) == (1, True)
    unknown = run("deadline", "nothing", "--config", config, "--print", "-")
    assert (unknown.exit_code, "error [unknown]" in unknown.stderr) == (1, True)
