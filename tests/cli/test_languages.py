"""Every command speaks one language: Chinese without English words, English without Chinese ones.

What is data stays as it is: names of organs, people and items, titles of documents, what somebody wrote. What is an
identifier stays too: options, codes, file names, units of limits. Everything else is a word of the language asked for.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from egov_core.cli import main
from egov_core.cli.contents import COMMANDS
from egov_core.cli.language import speaks_chinese
from egov_core.demo.founding import demo_population
from egov_core.domain.authority import Role
from egov_core.runtime.code_lists import code_lists
from egov_core.runtime.policies import load_policy, shipped_policies
from egov_core.sheets.forms.shipped import shipped_forms

CHINESE, ENGLISH = "zh_CN.UTF-8", "C.UTF-8"
HAN = re.compile(r"[\u4e00-\u9fff]+")

IDENTIFIERS = re.compile(
    r"\[[a-z][a-z-]*\]"  # the code of an error or a fault
    r"|“?egov(?: (?:[a-z-]+\b|--[a-z-]+))*”?"  # a command as it is typed
    r"|pip install \S+"
    r"|soffice --\S+.*"
    r"|(?<![\w-])--?[a-z][a-z-]*"  # an option
    r"|[\w.~-]*[/\\_:@#*=][\w./\\:@#*=|+-]*"  # a path, a compound code, an instant
    r"|\b[\w-]+\.[a-z]\w*\b"  # a file, a key of the settings, a place in an item
    r"|\b[\w-]*\d[\w-]*\b"  # a code with a digit, a limit
    r"|“[\w. -]*”"  # what somebody typed
    r"|\b[A-Z][A-Z.|…]*\b",  # FILE, ID, JSON
)
"""What may stand in Chinese as it is, by its shape."""
NAMES = frozenset(
    (
        *("Python", "SQLite", "PostgreSQL", "Ctrl", "Word", "Settings", "attrs", "cron", "sha", "ms"),
        *("notice", "hunan", "hengyang", "yulin", "zhanjiang", "shouguang"),  # policies and timetables
        *("wd", "immediate", "none", "all", "area", "true", "false"),
        # codes of choices, as they are typed
        *(
            "half-open",
            "closed",
            "counted",
            "not-counted",
            "next-day",
            "same-day",
            "instant",
            "as-is",
            "workday",
            "day",
        ),
        *("next-working-day", "days", "limit", "fee", "split", "merge", "rename", "transfer", "information"),
        *("summary", "forwarding", "head", "reviewer", "intake", "approver", "supervisor", "government-head"),
        *("clerk-of-catalogue", "acceptance", "review", "conclusion", "validation", "storage", "notification", "timer"),
        *("theme", "x", "shipped", "amends", "plugins", "plugins-dir", "notifications", "pause-rule", "start-rule"),
        *("receipt", "roll", "month-end", "pause-kind", "applicant-unit", "invited", "staff-named", "not-invited"),
        *("items-published", "first-case", "xlsx", "xls", "ods", "csv", "toml", "docx", "audience", "case-type"),
        *("correction-notice", "case", "special-procedure", "delivery", "step", "pre-acceptance", "correction"),
        *("forward", "licence", "hearing", "hearing-request", "renewal", "commitment-check", "promised-case"),
        *("extension", "inquiry", "complaint", "report", "order", "national", "favour"),
        *("standard", "builtin-completeness", "builtin-numbering", "builtin-storage", "builtin-loopback"),
        *("department", "unit", "town", "community", "in-charge"),  # what a file may call a kind of unit, a duty
        *code_lists(()).lists,
        *(rule.code for policy in shipped_policies() for rule in load_policy(policy).rules),
    )
)
"""Names and codes that have no such shape: products, policies, what an option takes."""

WHAT_CHINESE_IS = re.compile(
    r"《[^》]*》[^\s)]*|行政许可法[第一二三四五六七八九十条]*|民法典[第一二三四五六七八九十条]*|[^\s]*节假日安排[^\s]*"
    r"|(?:国办发明电|国发明电|国务院)\S*|本级政府负责人|原系统|@公示|公示|事项汇总表|事项信息表|转报件目录表|人员\.csv|人员|汇总表"
    r"|单位编码, 单位名称, 单位类型, 上级单位编码, 人员编码, 姓名, 职责"
    r"|演示\S*|\d*个?(?:工作日|自然日)|统一社会信用代码|公民身份号码|改：|即办件?|承诺件|转报件|承诺期限长于法定期限"
    r"|\[[^\]]*[\u4e00-\u9fff][^\]]*\]|“[^”]*”|'[^']*'"
)
"""Chinese that is a name in English too: instruments, official forms, a basis, an example of a cell, what was typed."""


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command that does something."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in COMMANDS if command is main else command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from leaves(found, (*path, name))
    else:
        yield path


def groups(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every group of commands."""
    if isinstance(command, click.Group):
        yield path
        context = click.Context(command)
        for name in COMMANDS if command is main else command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from groups(found, (*path, name))


LEAVES = sorted(leaves(main))
ROLES = frozenset(role.value for role in Role)
"""The official names of roles, by which an option takes them too."""
COMMAND_NAMES = frozenset(name for path in LEAVES for name in path)


def unwrapped(text: str) -> str:
    """A text without the breaks of a narrow terminal, which may stand inside a name."""
    return re.sub(r"\n {2,}(?! )", " ", re.sub(r"-\n\s+", "-", text))


def english_in(text: str, data: frozenset[str] = frozenset()) -> list[str]:
    """The Latin words of a Chinese text that are neither identifiers nor data."""
    left = IDENTIFIERS.sub(" ", re.sub(r"\x1b\[[0-9;]*m", "", unwrapped(text)))
    words = re.findall(r"[A-Za-z][A-Za-z-]*[A-Za-z]", left)
    return [word for word in words if word not in NAMES and word not in data]


def chinese_in(text: str, data: frozenset[str] = frozenset()) -> list[str]:
    """The Chinese of an English text that is neither a name nor data."""
    left = unwrapped(text)
    for one in sorted(data, key=len, reverse=True):
        left = left.replace(one, " ")
    return HAN.findall(WHAT_CHINESE_IS.sub(" ", left))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demonstration with its campaign, without plugins."""
    folder = tmp_path_factory.mktemp("languages") / "county"
    asked = ["demo", "--check", "--no-plugins", "--cases", "60", "--keep", str(folder), "--today", "2026-11-27"]
    made = CliRunner().invoke(main, asked, env={"LC_ALL": ENGLISH})
    assert made.exit_code == 0, made.output
    return folder


@pytest.fixture(scope="module")
def names(county: Path) -> frozenset[str]:
    """What is data in the county: names of people, organs, items, materials, posts and documents."""
    population = demo_population()
    del county
    found = {one.name for one in population.organs} | {one.name for one in population.items}
    found |= {one.name for one in population.people}
    found |= {one.name for item in population.items for one in item.materials}
    found |= {"云岫县", "2026年政务服务事项填报", "试", "服务标准", "量子纠缠望远镜", "不知道"}
    found |= {"检测", "证件号码", "承诺期限", "姓名", "方案", "所在机关", "人员编号"}  # columns and sheets of the forms
    found |= {"5日内，特殊情况15日", "特殊情况", "15日", "5日", "10元/本", "元/本"}  # cells
    found |= {form.title for form in shipped_forms()} | {"不收费", "10元/本"}
    found |= {"政务服务事项汇总表", "政务服务事项信息表"}
    found |= {"部门", "内设机构", "乡镇", "街道", "社区", "村", "责任领导", "专人负责"}  # what a file may call them
    return frozenset(found)


def outputs(folder: Path) -> dict[tuple[str, ...], list[list[str]]]:
    """For each command what it is asked, so that something representative is answered or refused."""
    config = ["--config", str(folder / "egov.toml")]
    made = folder.parent
    by, item = ["--by", "ry0001", *config], "sx2966"
    unit = ["2026-items", "--unit", "jg212", "--as", "ry0001", *config]
    wrong = made / "人员.csv"
    wrong.write_text("人员编号,姓名,所在机关,任职起\nx1,,jg999,2026-13-01\n", encoding="utf-8")
    cases = made / "cases.csv"
    cases.write_text(
        "原办件编号,事项编码,收件时间,申请人,证件号码,受理时间,当前状态\n"
        "A-1,sx2966,2026-10-08 09:00,张三,,2026-10-09 09:00,已受理\nA-2,nothing,2026-13-01,李四,,,\n",
        encoding="utf-8",
    )
    units = made / "units.csv"
    units.write_text(
        "单位编码,单位名称,单位类型,上级单位编码,人员编码,姓名,职责\njg999,测试局,局,jg1,p1,张三,头\n", encoding="utf-8"
    )
    items = made / "items.csv"
    items.write_text("事项名称,实施主体,法定期限,承诺期限\n挖井,水利局,,20日\n,,,\n", encoding="utf-8")
    utf16, cut, random = made / "u16.csv", made / "cut.csv", made / "r.xlsx"
    utf16.write_bytes("事项名称,实施主体".encode("utf-16")[:-1])
    cut.write_bytes("事项名称,实施主体".encode()[:-1] + b"\xff")
    random.write_bytes(bytes(range(1, 200)))
    plan = made / "plan.toml"
    plan.write_text('code = "p1"\n', encoding="utf-8")
    people = ["--head", "P1=A", "--clerk", "P2=B"]
    return {
        ("init",): [
            [str(made / "new"), "--area", "990199", "--name", "云岫县", *people, "--clerk", "P3=C"],
            [str(made / "new"), "--area", "12", "--name", " ", "--clerk", "nobody", *people, "--storage", "memory:"],
            [str(made / "other"), "--area", "990199", "--name", "云岫县", *people],
        ],
        ("demo",): [["--check", "--keep", str(folder)], ["--reload", "--check"]],
        ("deadline",): [
            ["--start", "2024-03-01", "--limit", "5wd", "--readings", "--as-of", "2024-04-01"],
            ["--start", "2024-03-01", "--limit", "none"],
            ["--start", "2024-03-01", "--limit", "20wd", "--extend", "20wd@2024-03-05", "--pause", "2024-03-04.."],
            ["--start", "2024-13-01", "--limit", "5wd"],
            ["--start", "2024-03-01", "--limit", "5xx"],
            ["--limit", "5wd"],
            ["--start", "2026-12-01", "--limit", "20wd", "--pause", "2026-12-05..2026-12-01"],
            ["--start", "2026-12-01", "--limit", "20wd", "--pause", "abc"],
            ["--received", "2024-03-01", "--limit", "5wd", "--start", "2024-03-01"],
        ],
        ("cards",): [
            ["--timer", "case", "--start", "2024-03-01", "--promised", "5wd"],
            ["--timer", "nothing"],
            ["--timer", "case", "--start", "2024-03-01"],
        ],
        ("verify",): [config, ["--config", str(made / "nothing.toml")]],
        ("doctor",): [config, [*config, "--safe-mode"]],
        ("explain", "card"): [["990121-2026-jg101-00001", *config], ["nothing", *config]],
        ("explain", "deadline"): [["990121-2026-jg101-00001", *config], ["nothing", *config]],
        ("explain", "incidents"): [config],
        ("explain", "readings"): [config],
        ("cases", "import"): [[str(cases), "--cut-over", "2026-11-01", *config]],
        ("cases", "export"): [[str(made / "out.xlsx"), *config], [str(made / "out.txt"), *config]],
        ("cases", "file"): [[str(cases), "--as", "ry0033", *config], ["nothing.json", "--as", "ry0033", *config]],
        ("cases", "template"): [[str(made / "c.csv"), "--force"], [str(made / "c.txt")]],
        ("calendar", "add"): [["shipped:2016.toml", "--preview", *config], ["shipped:nothing", "--preview", *config]],
        ("calendar", "diff"): [["shipped:2016.toml"], [str(plan)]],
        ("calendar", "list"): [config],
        ("catalogue", "template"): [[str(made / "t.xlsx"), "--force"], [str(made / "t.csv")]],
        ("catalogue", "check"): [[str(utf16)], [str(cut)], [str(random)], [str(items)], [str(made / "nothing.csv")]],
        ("catalogue", "import"): [
            [str(items), *config, "--valid-from", "2026-13-01"],
            [str(items), *config],
            [str(items), "--apply", *config],
        ],
        ("catalogue", "export"): [[str(made / "e.xlsx"), "--force", *config], [str(made / "e.csv"), *config]],
        ("catalogue", "read"): [["limit", "20个工作日", "5日内，特殊情况15日"], ["fee", "10元/本", "不知道"]],
        ("catalogue", "search"): [["居民户口簿", *config], ["量子纠缠望远镜", *config]],
        ("catalogue", "draft"): [[item, *by]],
        ("catalogue", "submit"): [[item, *by]],
        ("catalogue", "return"): [[item, "--reason", "试", *by]],
        ("catalogue", "publish"): [[item, *by]],
        ("catalogue", "suspend"): [[item, "--reason", "试", "--prepared-by", "ry0001", *by]],
        ("catalogue", "resume"): [[item, "--reason", "试", "--prepared-by", "ry0001", *by]],
        ("catalogue", "withdraw"): [[item, "--reason", "试", "--prepared-by", "ry0001", *by]],
        ("catalogue", "review"): [[item, *by]],
        ("catalogue", "history"): [[item, *config], ["nothing", *config]],
        ("catalogue", "checkup"): [["--organ", "jg101", *config]],
        ("catalogue", "codes"): [["nothing"], ["audience"]],
        ("staff", "who"): [[item, *config], [item, "--step", "nothing", *config]],
        ("staff", "what"): [["ry0001", *config], ["nothing", *config]],
        ("staff", "why"): [["ry0001", "approver", item, *config], ["ry0089", "intake", item, *config]],
        ("staff", "work"): [config],
        ("staff", "hand-over"): [["ry0033", "ry0086", "--reason", "试", *config]],
        ("staff", "import"): [[str(wrong), *config]],
        ("staff", "template"): [[str(made / "s.xlsx"), "--force"], [str(made / "staffdir")]],
        ("reorganise", "apply"): [[str(plan), *by]],
        ("reorganise", "list"): [config],
        ("reorganise", "preview"): [[str(plan), *config]],
        ("reorganise", "template"): [[str(made / "r.xlsx"), "--force"]],
        ("reorganise", "undo"): [["nothing", *by]],
        ("plugins", "doctor"): [config],
        ("plugins", "list"): [config],
        ("plugins", "release"): [["nothing", *config]],
        ("plugins", "replay"): [["nothing", "--all", *config], ["nothing", *config]],
        ("new", "plugin"): [
            ["egov-x", "--kind", "nothing", "--into", str(made)],
            ["农业局", "--kind", "validation", "--into", str(made)],
            ["../../evil", "--kind", "validation", "--into", str(made)],
        ],
        ("campaign", "open"): [
            ["x", "--title", "试", "--organ", "jg101", "--reviewer", "ry0001", "--as", "ry0001", *config],
            ["x", "--title", "试", "--organ", "jg101", "--reviewer", "ry0001", "--all", "--within", "5wd", *unit[3:]],
        ],
        ("campaign", "status"): [config, ["nothing", *config]],
        ("campaign", "remind"): [["2026-items", "--as", "ry0001", *config]],
        ("campaign", "laggards"): [["--csv", str(made / "late.csv"), *config]],
        ("campaign", "reopen"): [[*unit, "--reason", "试"]],
        ("campaign", "succeed"): [unit],
        ("campaign", "close"): [["2026-items", "--as", "ry0001", *config]],
        ("campaign", "submit"): [[*unit, "--no-forwarding"]],
        ("campaign", "paper"): [unit],
        ("campaign", "return"): [[*unit, "--reason", "试", "--fault", "汇总表"]],
        ("campaign", "take-back"): [[*unit, "--reason", "试"]],
        ("campaign", "accept"): [unit],
        ("enrol", "invite"): [["jg107", "--document", "试", "--as", "ry0001", *config]],
        ("enrol", "status"): [["--csv", str(made / "joined.csv"), *config]],
        ("enrol", "template"): [[str(made / "joining.xlsx")], [str(made / "joining.docx")]],
        ("enrol", "import"): [[str(units), "--document", "试", "--as", "ry0001", *config]],
    }


def said(arguments: list[str], locale: str) -> str:
    """What a command writes, on both streams."""
    result = CliRunner().invoke(
        main, arguments, prog_name="egov", env={"LC_ALL": locale, "LANGUAGE": None, "COLUMNS": "200"}
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.output


@pytest.mark.parametrize("path", [*groups(main), *LEAVES], ids=" ".join)
def test_help_is_in_one_language(path: tuple[str, ...]) -> None:
    chinese, english = said([*path, "--help"], CHINESE), said([*path, "--help"], ENGLISH)
    assert chinese.startswith("用法：")
    assert english.startswith("Usage:")
    assert english_in(chinese, COMMAND_NAMES) == [], chinese
    assert chinese_in(english, ROLES) == [], english


PLUGINS = frozenset(one.name for one in entry_points(group="egov_core"))
"""What is installed beside the library is told by its names."""


def test_every_command_is_asked_something(tmp_path: Path) -> None:
    assert sorted(outputs(tmp_path)) == LEAVES


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_what_a_command_writes_is_in_one_language(path: tuple[str, ...], county: Path, names: frozenset[str]) -> None:
    for arguments in outputs(county)[path]:
        chinese, english = said([*path, *arguments], CHINESE), said([*path, *arguments], ENGLISH)
        assert english_in(chinese, frozenset({"nothing", "evil", *PLUGINS})) == [], chinese
        assert chinese_in(english, names) == [], english


@pytest.mark.parametrize(
    ("asked", "chinese"),
    [
        ({"LANGUAGE": "zh"}, True),
        ({"LANGUAGE": "zh", "LANG": "en_US.UTF-8"}, True),
        ({"LANGUAGE": "fr:zh_CN:en", "LC_ALL": "en_US.UTF-8"}, True),
        ({"LANGUAGE": "en:zh", "LC_ALL": "zh_CN.UTF-8"}, False),
        ({"LANGUAGE": "fr", "LC_ALL": "zh_CN.UTF-8"}, True),
        ({"LANGUAGE": "zh", "LC_ALL": "C.UTF-8"}, False),
        ({"LANGUAGE": "zh", "LANG": "POSIX"}, False),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "C"}, True),
        ({}, False),
    ],
    ids=str,
)
def test_the_language_is_asked_for_in_the_order_of_gettext(
    asked: dict[str, str], chinese: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in asked.items():
        monkeypatch.setenv(name, value)
    assert speaks_chinese() is chinese


@pytest.mark.parametrize(("locale", "told"), [(CHINESE, "已中止"), (ENGLISH, "Aborted!")])
def test_a_command_that_is_stopped_says_so(locale: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("egov_core.cli.checks.read_settings", stop)
    result = CliRunner().invoke(main, ["doctor", "--config", "egov.toml"], env={"LC_ALL": locale})
    assert (result.exit_code, result.output.strip()) == (1, told)


def test_the_headings_of_help_have_the_same_colon() -> None:
    for path in ((), ("catalogue",), ("deadline",)):
        help_ = said([*path, "--help"], CHINESE)
        assert [line for line in help_.splitlines() if line.endswith(":")] == [], help_
        assert "选项：" in help_


@pytest.mark.parametrize("command", [("campaign", "laggards"), ("enrol", "status")], ids=" ".join)
def test_a_list_for_the_bulletin_is_in_one_language(
    command: tuple[str, ...], county: Path, names: frozenset[str], tmp_path: Path
) -> None:
    told = {}
    for locale in (CHINESE, ENGLISH):
        file = tmp_path / f"{locale}.csv"
        said([*command, "--csv", str(file), "--config", str(county / "egov.toml")], locale)
        told[locale] = file.read_text(encoding="utf-8-sig")
    assert english_in(told[CHINESE]) == []
    assert chinese_in(told[ENGLISH], names) == []
    assert len(list(csv.reader(told[CHINESE].splitlines()))) > 1


@pytest.mark.parametrize(
    ("chinese", "found"),
    [
        ("990121-2026-jg109-00020  待申请人补正  → 受理", []),
        ("990121-2026-jg109-00020  correction-requested  → 受理", ["correction-requested"]),
        ("ok SQLite 3.40.1", ["ok"]),
        ("[正常] cases 300", ["cases"]),
        ("错误 [unknown]: there is no wine", ["there", "is", "no", "wine"]),
    ],
)
def test_an_english_word_in_chinese_is_found(chinese: str, found: list[str]) -> None:
    assert english_in(chinese) == found


def test_a_chinese_word_in_english_is_found() -> None:
    assert chinese_in("sx1  挖井  (申报材料: 图)", frozenset({"挖井"})) == ["申报材料", "图"]
