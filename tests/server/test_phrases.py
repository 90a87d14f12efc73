"""No phrase of the library or of a plugin that comes with it is left in English for who reads Chinese.

`test_sentences` follows what is said by errors, faults and findings. It did not see a remedy that a table holds, a
part that a property or another module makes, a value that is a word, nor the plugins: all are phrases in the source.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import egov_core
from egov_core.domain.catalogue import CHECKUP_RULES
from egov_core.domain.catalogue.rules import RULES
from egov_core.server.sentences import sentences
from tests.server.phrases_of_source import HOLE, parts, phrases, quoting
from tests.server.test_sentences import DEVELOPERS, ENGLISH, TYPED

SOURCE = Path(egov_core.__file__).parent
PLUGINS = Path(__file__).parents[2] / "plugins"
IN_BOTH = {"sheets/forms/templates.py", "sheets/workbook.py"}
"""A workbook says the same twice, since nobody knows who opens it."""
OF_A_REFERENCE = {"sheets/forms/elements.py"}
"""What the generated reference of the forms says, which is English."""
TYPED_AS_IT_IS = ("egov ", "pip install ", "SELECT ")
NOT_SAID = {
    "Positional arguments": "what click writes, to be looked for",
    "field larger": "what the module csv says, to be looked for",
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {} import main; main()": "a program",
    "timed out": "what PostgreSQL says, to be looked for",
    "translate host name": "what PostgreSQL says, to be looked for",
    "starting up": "what PostgreSQL says, to be looked for",
    "shutting down": "what PostgreSQL says, to be looked for",
    "connection slots": "what PostgreSQL says, to be looked for",
    "connection failed:": "what PostgreSQL says, to be looked for",
}


def modules() -> Iterator[tuple[str, Path]]:
    """Every module that speaks to users, by its name below the package or the folder of plugins."""
    for file in sorted(SOURCE.rglob("*.py")):
        if file.relative_to(SOURCE).parts[0] not in DEVELOPERS:
            yield file.relative_to(SOURCE).as_posix(), file
    for file in sorted(PLUGINS.glob("*/src/**/*.py")):
        if file.name != "testing.py":
            yield file.relative_to(PLUGINS).as_posix(), file


@functools.lru_cache(maxsize=1)
def catalogue() -> str:
    """All English of the catalogue, to look for a part in it."""
    return "\n".join([*sentences().whole, *(one.english for one in sentences().patterns)])


def unsaid(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The phrases of a module that come out in English and are no part of a sentence that does not."""
    for line, text in phrases(tree):
        if text.startswith(TYPED_AS_IT_IS) or text in NOT_SAID:
            continue
        told = TYPED.sub(" ", sentences()(text.replace(HOLE, "1")))
        if ENGLISH.search(told) and any(part not in catalogue() for part in parts(text)):
            yield line, text


def test_there_are_plugins_to_look_at() -> None:
    assert any(name.startswith("egov-storage-postgresql/") for name, _ in modules())


def test_no_phrase_of_the_source_is_left_in_english() -> None:
    left = [
        f"{name}:{line}: {text}"
        for name, file in modules()
        if name not in IN_BOTH | OF_A_REFERENCE
        for line, text in unsaid(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert not left, "give these their Chinese in server/text/sentences:\n" + "\n".join(left)


@pytest.mark.parametrize(
    "planted",
    [
        'REMEDIES = {"08": "look whether the wells are dry"}',
        'class End:\n @property\n def sentence(self): return f"{self.day}; the wells are dry from then on"',
        'def _why(error): return "the wells are dry"',
        'ways = ["make the folder first, or dig the wells deeper"] if nowhere else []',
        'faults = _blank("title", asked.title, "a deeper well")',
        'known = ", ".join(sorted(found)) or "no well yet"',
    ],
)
def test_a_phrase_is_found_wherever_it_stands(planted: str) -> None:
    assert len(list(unsaid(ast.parse(planted)))) == 1


@pytest.mark.parametrize(
    "planted",
    [
        '"""A docstring about wells that are dry."""',
        'raise ValueError("the wells are dry")',
        'log.warning("the wells are dry")',
        'say("井干了", "the wells are dry")',
        'ROW = ("dry", "井干了，请另挖一口", "the wells are dry")',
        'raise EgovError("restore a backup")',
        'assert wells, "the wells are dry"',
        'DRY = re.compile("the wells are dry")',
    ],
)
def test_what_nobody_at_a_counter_reads_is_passed_over(planted: str) -> None:
    assert list(unsaid(ast.parse(planted))) == []


def test_a_value_is_not_quoted_twice() -> None:
    said = {f"{name}: {sentences()(text)}" for name, file in modules() for text in quoting(ast.parse(file.read_text()))}
    assert [one for one in said if "““" in one or "””" in one or "“'" in one] == []
    assert any("“x1”" in one for one in said)


def test_a_rule_of_items_says_the_same_in_both_languages() -> None:
    for rule in (*RULES.values(), *CHECKUP_RULES.values()):
        names = {name for _, name, _, _ in Formatter().parse(rule.message_en) if name}
        said = sentences()(rule.message_en.format_map(dict.fromkeys(names, "x1")))
        assert ENGLISH.search(said) is None, rule.code
        assert "{" not in said, rule.code
        assert not said.endswith("。"), "another sentence may follow it"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("it does not state the legal basis; write it down", "没有写明设定依据；请写明"),
        ("an extension of 20wd is not allowed", "不能延长 20 个工作日"),
        ("an extension of '20wd' is not allowed", "不能延长“20wd”"),
        (
            "the promise 25wd is longer than the statutory limit 0.5y; shorten the promise",
            "承诺期限 25 个工作日长于法定期限 0.5 年；缩短承诺期限，不得长于法定期限",
        ),
        (
            (
                "法定期限: “20日” does not say which days; write 20个工作日 or 20个自然日; write for example "
                "20个工作日, or 即办 for what is decided on the spot"
            ),
            "法定期限：“20日”没有写明哪种日；请写“20个工作日”或“20个自然日”；请写作“20个工作日”，当场办结的写“即办”",
        ),
        (
            "the campaign is not opened: title: a title is needed, and it is empty, and 1 more",
            "填报未能开始：名称：须填名称，现在是空的，另有 1 处",
        ),
        (
            "what D1 hands in is not complete: forwarding: 转报件目录表 is not among what is handed in",
            "D1 报送的内容不全：转报件目录表：报送的内容中没有转报件目录表",
        ),
        (
            (
                "organ 'D1' ends on 2026-12-15 by plan reform; its work goes to ZRZY; this gives nothing from that "
                "day on: write it for ZRZY from then on"
            ),
            "机关“D1”按方案 reform 于 2026-12-15 撤销，工作转给 ZRZY；这项记录自该日起不起作用：该日以后请写 ZRZY",
        ),
        (
            (
                "Daed: organ 'Daed' ends on 2026-12-15 by plan reform: undo plan reform first, or put the day of this "
                "plan on 2026-12-15 or later"
            ),
            (
                "Daed：机关“Daed”按方案 reform 于 2026-12-15 撤销："
                "请先撤回方案 reform，或者把本方案的生效日定在 2026-12-15 或以后"
            ),
        ),
        (
            (
                "grant of P11: organ 'D1' ends on 2026-12-15; nobody takes its work over; this gives nothing from "
                "that day on: write it for another organ"
            ),
            "P11 的授权：机关“D1”于 2026-12-15 撤销，没有承接单位；这项记录自该日起不起作用：请写别的机关",
        ),
        ("silence brings deemed-acceptance at 2026-01-15", "逾期后果：2026-01-15 视为受理"),
        (
            "port 8000 of this machine cannot be taken: [Errno 98] Address already in use",
            "本机端口 8000 不能用：端口已被占用",
        ),
        (
            "county.db is being written by egov (process 7 on vm, since 2026-11-27)",
            "county.db 正由 egov 写入（vm 上的进程 7，自 2026-11-27 起）",
        ),
        (
            "the open cases of the whole place leave with the names of the applicants, and nobody is named",
            "全部在办件将连同申请人姓名导出，而没有写明由谁决定",
        ),
        ("the sheet 'items' is none of 人员, 岗位", "工作表“items”不在其中：人员、岗位"),
    ],
)
def test_what_was_put_together_is_said_as_one(english: str, chinese: str) -> None:
    assert sentences()(english) == chinese
