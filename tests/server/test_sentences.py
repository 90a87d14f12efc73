"""Every sentence of the library has its Chinese, every Chinese one has its sentence, and both say the same values."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import egov_core
from egov_core.errors import ClaimError, EgovError, Fault
from egov_core.server.sentences import HOLE, Sentences, error_in, said_in, sentences
from egov_core.server.words import words_of
from tests.server.spoken_source import followed, tellers_of

SOURCE = Path(egov_core.__file__).parent
FILES = sorted((SOURCE / "server" / "text" / "sentences").glob("*.toml"))
TOLD = ("Fault", "CellFault", "Finding", "HealthFinding", "Violation", "Incident")
"""What says a sentence, besides the errors."""
OF_PYTHON = ("TypeError", "ValueError", "KeyError", "RuntimeError", "AttributeError", "AssertionError")
"""For whoever writes a program against the library; nobody at a counter reads them."""
ELSEWHERE = {"help.toml", "click.toml", "plugins.toml", "system.toml"}
"""Files whose English stands at options, in click, in plugins that come with the library, and in the system."""
PUT_TOGETHER = {
    "is missing; it is a year from {} to {}",
    "{} is not a year from {} to {}",
    "{} is not of the form A..B[/declared][@kind] or A..[/declared][@kind], as 2018-11-12..2018-11-30/10wd@检测",
    "give the path of a settings file; 'egov demo --keep DIR' writes one",
    "{}: undo plan {} first, or put the day of this plan on {} or later",
    "{}: put the day of this plan on {} or later",
    "work passes from {} to {} on {}, {} with it by plan {}",
    "a campaign needs units",
    "a campaign needs forms",
    "a campaign needs reviewers",
    "with {}, not findings in an item",
    "with {}, not health findings",
    "with {}, not form fields",
    "with {}, not timer kinds",
    "the open cases of the whole place leave with the names of the applicants, and nobody is named",
    "the open cases of the whole place leave with the names of the applicants, and {} may not decide it",
    (
        "give the path of a settings file; 'egov init DIR --area CODE --name NAME --head CODE=NAME --clerk CODE=NAME' "
        "writes one for a county, 'egov demo --keep DIR' one for the invented county"
    ),
}
"""Sentences whose parts meet in a value, so that the source does not show them whole."""
LITERAL = re.compile(r"[A-Za-z]{2,}")
DEVELOPERS = ("testing", "demo", "sim")
"""Rooms that speak to developers: the annex for tests, the demonstration, the simulation."""
ENGLISH = re.compile(r"[a-z]{2,}[ ,:;：；，]+[a-z]{2,}")
TYPED = re.compile(r"egov( [a-z-]+)+|pip install \S+|soffice .*|--[a-z-]+|“[^”]*”")
"""What stands in Chinese as it is typed."""


def templates(node: ast.expr) -> Iterator[str]:
    """The sentences that an expression may be, `{}` for each value."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr():
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else HOLE for one in node.values)
        case ast.BinOp(op=ast.Add()):
            yield from (left + right for left in templates(node.left) for right in templates(node.right))
        case ast.IfExp():
            yield from templates(node.body)
            yield from templates(node.orelse)
        case _:
            yield HOLE


def said_by(source: str) -> Iterator[str]:
    """The sentences of errors, faults and findings in a module."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        told = [one.value for one in node.keywords if one.arg in ("message", "remedy")]
        if name.endswith("Error") and name not in OF_PYTHON:
            told += node.args[:1]
        elif name in TOLD or name.endswith("_fault") or name in ("fault", "error", "warning"):
            told += node.args[1:]
        for one in told:
            yield from (text for text in templates(one) if is_sentence(text))


def is_sentence(text: str) -> bool:
    """Whether it says something, and is no code, path or frame around other sentences."""
    words = LITERAL.findall(text)
    return len(words) > 1 and " " in text.strip() and "%s" not in text and "%d" not in text


def everything_said() -> dict[str, str]:
    """Each sentence and the module that says it; the annex for tests and the demonstration speak to developers."""
    found: dict[str, str] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        if file.relative_to(SOURCE).parts[0] not in DEVELOPERS:
            found |= {text: file.relative_to(SOURCE).as_posix() for text in said_by(file.read_text(encoding="utf-8"))}
    return found


@pytest.fixture(scope="module")
def english() -> list[str]:
    """The English sentences that have a Chinese one."""
    catalogue = sentences()
    return [*catalogue.whole, *(one.english for one in catalogue.patterns)]


def test_every_sentence_of_an_error_a_fault_or_a_finding_has_its_chinese(english: list[str]) -> None:
    known = set(english)
    lacking = {text: where for text, where in everything_said().items() if text not in known}
    told = "\n".join(f"{where}: {text}" for text, where in sorted(lacking.items(), key=lambda one: one[1]))
    assert not lacking, f"give these {len(lacking)} their Chinese in server/text/sentences:\n{told}"


def test_a_sentence_without_chinese_is_found() -> None:
    planted = 'raise UnknownError(f"there is no {thing} of that kind", remedy="look" + " again")'
    assert list(said_by(planted)) == ["look again", "there is no {} of that kind"]


@functools.lru_cache(maxsize=1)
def followed_everywhere() -> tuple[tuple[str, str], ...]:
    """Each module with each sentence that is followed through names and functions to where it is written."""
    return tuple(_followed_everywhere())


def _followed_everywhere() -> Iterator[tuple[str, str]]:
    files = [one for one in sorted(SOURCE.rglob("*.py")) if one.relative_to(SOURCE).parts[0] not in DEVELOPERS]
    trees = [ast.parse(one.read_text(encoding="utf-8")) for one in files]
    shared = tellers_of(trees)
    for file, tree in zip(files, trees, strict=True):
        for text in followed(tree, shared):
            if is_sentence(text):
                yield file.relative_to(SOURCE).as_posix(), text


def left_in_english(text: str) -> str:
    """What a sentence is in Chinese, where two English words stand side by side in it; empty where none do."""
    told = sentences()(text.replace(HOLE, "1"))
    return told if ENGLISH.search(TYPED.sub(" ", told)) else ""


def test_a_sentence_put_together_from_parts_comes_out_in_chinese() -> None:
    lacking = [f"{where}: {text}" for where, text in followed_everywhere() if left_in_english(text)]
    assert not lacking, "give these their Chinese in server/text/sentences:\n" + "\n".join(lacking)


@pytest.mark.parametrize(
    "planted",
    [
        'def _refuse(what, faults): raise ClaimError(f"{what}: {faults[0]}")\n_refuse("the wells are dry", [])',
        'def _unsaid(code, message): Unsaid(number=1, code=code, message=message)\n_unsaid("dry", "the wells are dry")',
        'D = {1: ("dry", "the wells are dry")}\ndef _unsaid(code, message): Unsaid(message=message)\n_unsaid(*D[1])',
        'def read(depth):\n why = "the wells are dry"\n return Fault("$", "dry", f"{depth} {why}")',
        'DRY = "the wells are dry"\nraise EgovError("it is so", remedy=DRY)',
    ],
)
def test_a_sentence_is_followed_to_where_it_is_written(planted: str) -> None:
    tree = ast.parse(planted)
    assert any("the wells are dry" in text and left_in_english(text) for text in followed(tree, tellers_of([tree])))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("u 16.csv is neither UTF-8 nor GB18030", "u 16.csv 既不是 UTF-8 也不是 GB18030"),
        ("plugin bad cannot be loaded from pd: SyntaxError", "插件 bad 不能从 pd 装入：SyntaxError"),
        ("the pause a..b is void: the pause ends before it begins", "特别程序 a..b 无效：特别程序的结束早于开始"),
        (
            "the campaign is not opened: code: campaign items is there already",
            "填报未能开始：编码：已经有填报活动 items",
        ),
    ],
)
def test_what_a_sentence_is_about_stands_before_it(english: str, chinese: str) -> None:
    assert sentences()(english) == chinese


def test_no_chinese_stands_for_what_nobody_says_any_more() -> None:
    texts = []
    for file in sorted(SOURCE.rglob("*.py")):
        nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        texts += [one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    source, whole, stale = "\n".join(texts), everything_said().keys() | PUT_TOGETHER, []
    whole |= {text for _, text in followed_everywhere()}  # also what stands behind what it is about
    for file in FILES:
        if file.name in ELSEWHERE:
            continue
        for line in (one for one in _keys(file) if one not in whole and f"{HOLE} {one}" not in whole):
            parts = [part for part in re.split(r"\{\}|\{[a-z_]+\}|[;:,]", line) if len(part.strip()) > 12]
            stale += [line for part in parts if part.strip() not in source]
    assert not stale, "\n".join(stale)


def _keys(file: Path) -> list[str]:

    return list(tomllib.loads(file.read_text(encoding="utf-8")))


def test_a_sentence_stands_in_one_file() -> None:
    keys = [key for file in FILES for key in _keys(file)]
    assert sorted(keys) == sorted(set(keys))


def test_the_chinese_fills_in_the_values_that_the_english_has() -> None:
    catalogue, words = sentences(), words_of("zh")
    groups = {key.rpartition(".")[0] for key in words.texts}
    for one in catalogue.patterns:
        fields = [(name, group) for _, name, group, _ in Formatter().parse(one.chinese) if name is not None]
        names = [name for name, _ in fields]
        holes = one.english.count(HOLE)
        assert all(names) or not any(names), f"some values are numbered and some are not: {one.chinese}"
        assert len(names) <= holes if not all(names) else all(int(name) < holes for name in names), one.english
        assert {group for _, group in fields} - {""} <= groups, one.chinese
    for english, chinese in catalogue.whole.items():
        assert HOLE not in chinese, english


def test_the_chinese_has_no_latin_word_that_the_english_has_not() -> None:
    catalogue = sentences()
    pairs = [*catalogue.whole.items(), *((one.english, one.chinese) for one in catalogue.patterns)]
    given = {"json", "toml", "csv", "id", "sqlite", "python", "gb", "egov", "config", "yes", "true", "false"}
    odd = {}
    for english, chinese in pairs:
        text = re.sub(r"\{\d*(:\w+)?\}", "", chinese)
        new = {word.lower() for word in LITERAL.findall(text)} - {word.lower() for word in LITERAL.findall(english)}
        if new - given:
            odd[chinese] = new - given
    assert odd == {}


def test_a_value_is_quoted_and_a_code_has_its_word() -> None:
    said = sentences()
    assert said("there is no case '431226-1'") == "没有办件“431226-1”"
    assert said("Accept is not possible: case 1 is approved") == "不能受理：办件 1 的状态是“已准予，待送达”"
    assert said("from here: accept, request-correction") == "现在可以：受理、一次性告知补正"
    assert said("$.day must be a day: 2019-03-20") == "$.day 须为日期：2019-03-20"


def test_joined_sentences_are_said_one_by_one() -> None:
    said = sentences()
    assert said("there is no case 'x'; there is no item 'y'") == "没有办件“x”；没有事项“y”"
    assert said("cases 3, cards 4") == "办件 3，牌 4"


@pytest.mark.parametrize("unknown", ["", "12", "食品", "the wells are dry", "dept-water: the wells are dry"])
def test_what_stands_nowhere_stays_as_it_was_written(unknown: str) -> None:
    assert sentences()(unknown) == unknown


def test_english_is_what_was_written() -> None:
    assert said_in("en", "there is no case 'x'") == "there is no case 'x'"


def test_an_error_is_told_in_one_language_with_its_faults() -> None:
    error = ClaimError(
        "it was asked", faults=[Fault("$.a", "missing", "is missing")], remedy="correct the places named"
    )
    assert error_in("zh", error)["faults"] == [
        {"path": "$.a", "code": "missing", "message": "缺少", "severity": "error"}
    ]
    assert error_in("zh", error)["remedy"] == "请更正所列之处"
    assert error_in("en", error)["remedy"] == "correct the places named"
    assert "faults" not in error_in("zh", EgovError("it was asked"))


@pytest.mark.parametrize(
    "sent",
    [
        "unknown item " + "a: b; " * 600,
        "a: " * 1_300,
        "plugin x is not called since " + "; is not called since " * 180,
        "unknown item " + "x or y, " * 450,
    ],
    ids=["semicolons", "colons", "words of ours", "commas"],
)
def test_what_somebody_sent_costs_no_more_the_longer_it_is(sent: str) -> None:
    """Counted by the calls made, not by a clock: each costs one walk over the catalogue."""
    counted = 0

    class Counting(Sentences):
        def _known(self, sentence: str, depth: int, *, joined: bool = False) -> str | None:
            nonlocal counted
            counted += 1
            return super()._known(sentence, depth, joined=joined)

    known = sentences()
    said = Counting(known.whole, known.patterns, known.words)(sent)
    assert said.count("x") == sent.count("x")
    assert counted < 5_000
