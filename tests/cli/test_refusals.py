"""What commands refuse in a county of one's own, in one language: sentences that are put together from many parts.

`test_languages` asks each command something; most of it is answered by a demonstration in which nothing is amiss. Here
a county is founded, and everything goes wrong that a newcomer has met: each refusal is read in both languages.
"""

from __future__ import annotations

import re
import socket
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.test_languages import CHINESE, ENGLISH, ROLES, chinese_in, english_in, said

WATER, FORESTRY, MARKET = "Daed6f88a623028bc", "De2e5a20b12416ac5", "D94aa0ee7093ea737"
ITEM, LASTING = "I36bb66166488ba2f", "I19ce9d19474bb879"
LATER = date.today() + timedelta(days=30)
GARBLED = re.compile(r"““|””|“'|'”|，，|。；|；。|：：|[\u4e00-\u9fff],|[\u4e00-\u9fff];|[\u4e00-\u9fff] 的")
"""Quotation marks that are there twice, half-width punctuation, a blank before 的."""
PLUGINS = frozenset({"webhook", "postgresql", "identity-checks", "hunan", "dept-water", "dept-market"})
"""Those that may be installed: a county that says nothing of them asks all of them."""
WRITTEN = PLUGINS | {"forms", "nodir", "items", "reform", "second", "forwarding", "basis", "lints"}
"""What somebody typed, and what fields, settings and plugins are called."""
NAMES = ROLES | {
    *("取水许可", "林木采伐许可", "食品经营许可", "演示县"),
    *("水利局", "林业局", "市场监督管理局", "市场监管局", "自然资源局"),
    *("周小满", "丁某", "戊某", "己某", "延", "演示县机构改革", "人员2", "（5"),
    *("政务服务事项汇总表", "政务服务事项信息表"),  # files of forms
    *("法定期限", "承诺期限", "证件号码", "延期文书号", "设定依据"),  # columns of forms
    *("岗位", "任岗", "授权", "委托", "代岗", "说明"),  # sheets of the staff workbook
}
"""Names and data that stay as they are in English."""

ITEMS = (
    "事项名称,实施主体,法定办结时限,承诺办结时限,事项类型,办件类型\n"
    "取水许可,水利局,20个工作日,9个工作日,行政许可,承诺件\n"
    "林木采伐许可,林业局,20个工作日,5个工作日,行政许可,承诺件\n"
    "食品经营许可,市场监督管理局,20个工作日,5个工作日,行政许可,承诺件\n"
)
STAFF = (
    "人员编号,姓名,所在机关,任职起\n"
    f"P11,丁某,{WATER},2025-12-01\nP12,戊某,{WATER},2025-12-01\nP13,己某,{FORESTRY},2025-12-01\n"
)
GRANTS = f"人员编号,角色,机关,起始日\nP11,机关负责人,{WATER},2025-12-01\nP12,受理,{WATER},2025-12-01\n"
PLAN = """code = "{code}"
title = "演示县机构改革"
basis = "《方案》（演示）"
effective = {day}

[[found]]
organ = "{new}"
name = "自然资源局"
parent = "990199"

[[merge]]
from = ["{water}", "{forestry}"]
into = "{new}"

[[rename]]
organ = "{market}"
name = "市场监管局"
"""
SUMMARY = "序号,事项名称,办理主体,法定期限,承诺期限\n1,取水许可,水利局,{limit},9个工作日\n"


def plan(code: str, new: str, day: date) -> str:
    return PLAN.format(code=code, new=new, day=day, water=WATER, forestry=FORESTRY, market=MARKET)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with three departments, its first staff and a campaign, before a reform that is applied already."""
    folder = tmp_path_factory.mktemp("refusals")
    files = {
        "items.csv": ITEMS,
        "人员.csv": STAFF,
        "授权.csv": GRANTS,
        "twice.csv": "人员编号,姓名,所在机关,任职起\nP15,甲,990199,2025-12-01\nP15,乙,990199,2025-12-01\n",
        "reform.toml": plan("reform", "ZRZY", LATER),
        "second.toml": plan("second", "ZRZY2", LATER - timedelta(days=10)),
        "summary.csv": SUMMARY.format(limit="20个工作日"),
        "days.csv": SUMMARY.format(limit="20日"),
        "limits.csv": ITEMS.replace("20个工作日", "20日").replace("9个工作日", "（5"),
        "cases.csv": (
            "原办件编号,事项编码,收件时间,申请人,证件号码,受理时间,延期批准时间,延期天数,延期理由,延期文书号\n"
            "A-1,取水许可,2026-01-05,周小满,990199199001011236,,,,,\n"
            "A-2,取水许可,2026-01-05,周小满,990199199001011236,2026-01-06,2026-01-07,20,延,1号\n"
        ),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "人员2").mkdir()
    (folder / "人员2" / "人员.csv").write_text(files["twice.csv"], encoding="utf-8")
    config = ["--config", str(folder / "county" / "egov.toml")]
    people = ["--head", "P01=甲某", "--clerk", "P02=乙某", "--clerk", "P03=丙某"]
    two = ["--prepared-by", "P02", "--published-by", "P03", "--apply", *config]
    for done in (
        ["init", str(folder / "county"), "--area", "990199", "--name", "演示县", "--since", "2025-12-01", *people],
        ["init", str(folder / "empty"), "--area", "990199", "--name", "演示县", *people],
        ["catalogue", "import", str(folder / "items.csv"), "--found-organs", "--valid-from", "2025-12-01", *two],
        ["staff", "import", str(folder / "人员.csv"), str(folder / "授权.csv"), "--by", "P01", "--apply", *config],
        [*opening("c1", WATER), *config],
        ["reorganise", "apply", str(folder / "reform.toml"), "--by", "P01", "--yes", *config],
        ["catalogue", "draft", LASTING, "--by", "P02", *config],
        ["staff", "import", str(folder / "授权.csv"), "--by", "P01", "--apply", *config],  # undoes the ends
    ):
        said(done, ENGLISH)
    return folder


def opening(code: str, unit: str) -> list[str]:
    until = ["--until", str(LATER + timedelta(days=30)), "--reviewer", "P03", "--as", "P02"]
    return ["campaign", "open", code, "--title", "填报", "--organ", "990199", "--unit", unit, *until]


REFUSALS: dict[str, str] = {
    "a draft that lacks much": f"catalogue submit {LASTING} --by P02 CONFIG",
    "what is not in review": f"catalogue publish {ITEM} --by P03 CONFIG",
    "no folder for forms": "catalogue template FOLDER/forms/x/y",
    "no folder for cases": "cases export FOLDER/nodir/a.csv --by P01 CONFIG",
    "nobody decides": "cases export FOLDER/a.csv CONFIG",
    "the wrong one decides": f"cases export FOLDER/a.csv --organ {WATER} --by P02 CONFIG",
    "silence and an extension": "cases import FOLDER/cases.csv --cut-over TODAY CONFIG",
    "limits that say little": "catalogue check FOLDER/limits.csv",
    "limits in a list": "catalogue import FOLDER/limits.csv CONFIG",
    "a campaign with two faults": "campaign open c/1 --title= --organ 990199 --unit 990199 --until LATER "
    "--reviewer P03 --as P02 CONFIG",
    "a campaign of nobody": "campaign open c2 --title x --organ 990199 --all --until LATER --reviewer P03 "
    "--as P02 EMPTY",
    "no campaign": f"campaign return q --unit {WATER} --reason 误 --fault 表:错 --as P03 EMPTY",
    "no such campaign": f"campaign return q --unit {WATER} --reason 误 --fault 表:错 --as P03 CONFIG",
    "forms that are missing": f"campaign submit c1 --unit {WATER} --summary FOLDER/summary.csv --as P12 CONFIG",
    "a form with 20日": f"campaign submit c1 --unit {WATER} --summary FOLDER/days.csv --information FOLDER/days.csv "
    "--no-forwarding --as P12 CONFIG",
    "a sheet of another form": "staff import FOLDER/items.csv --by P01 CONFIG",
    "a person twice": "staff import FOLDER/人员2/人员.csv --by P01 CONFIG",
    "grants of an organ that ends": "staff import FOLDER/授权.csv --by P01 CONFIG",
    "a plan before another one": "reorganise preview FOLDER/second.toml CONFIG",
    "a plan a second time": "reorganise apply FOLDER/reform.toml --by P01 --yes CONFIG",
    "grants that go on after a reform": "doctor CONFIG",
    "a wrong database": "init FOLDER/pg --area 990199 --name 演示县 --head P01=甲 --clerk P02=乙 --clerk P03=丙 "
    "--storage oracle://x",
    "a port in use": "demo --port PORT --no-plugins --cases 60",
}


def asked(words: str, folder: Path, port: int) -> list[str]:
    """A command with its places filled in."""
    for name, value in (
        ("CONFIG", f"--config {folder / 'county' / 'egov.toml'}"),
        ("EMPTY", f"--config {folder / 'empty' / 'egov.toml'}"),
        ("FOLDER", str(folder)),
        ("TODAY", str(date.today())),
        ("LATER", str(LATER)),
        ("PORT", str(port)),
    ):
        words = words.replace(name, value)
    return words.split()


@pytest.mark.parametrize("what", REFUSALS)
def test_a_refusal_is_in_one_language(what: str, county: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = asked(REFUSALS[what], county, taken.getsockname()[1])
        chinese, english = said(command, CHINESE), said(command, ENGLISH)
    assert english_in(chinese, WRITTEN) == [], chinese
    assert GARBLED.search(chinese) is None, chinese
    assert chinese_in(english, NAMES) == [], english


def test_a_garbled_sentence_is_found() -> None:
    assert [bool(GARBLED.search(one)) for one in ("工作表““x””", "全部 的在办件", "办件, 牌", "工作表“x”，见下")] == [
        *(True, True, True),
        False,
    ]
