"""Every how-to and tutorial stands in English and in Chinese, and the two are one page: the same headings and blocks.

A Chinese page `x.zh.md` lies beside `x.md`. What a block does has to be the same in both; what is said in it may be in
the language of the page: comments and docstrings, and what a command prints.
"""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.test_code_blocks import Block, blocks, outside_blocks, shape

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = [
    page
    for folder in ("how-to", "tutorial")
    for page in sorted((ROOT / "docs" / folder).glob("*.md"))
    if not page.name.endswith(".zh.md") and page != ROOT / "docs" / "how-to" / "index.md"
]
"""Every page with a twin. The index of the how-tos is one page in two languages: it lists both."""


def twin_of(page: Path) -> Path:
    """The Chinese page beside an English one."""
    return page.with_name(f"{page.stem}.zh.md")


def does(block: Block) -> tuple[str, str, object]:
    """Its language, its file, and what it does, without what is said in it to a reader."""
    if block.info in ("python", "py"):
        tree = ast.parse(block.body)
        for node in ast.walk(tree):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
                node.body = node.body[1:]
        return block.info, block.file, ast.dump(tree)
    if block.info == "toml":
        return block.info, block.file, tomllib.loads(block.body)
    if block.info == "text":
        return block.info, block.file, None
    lines = block.body.splitlines()
    prompted = [line for line in lines if line.startswith("$ ")]
    return block.info, block.file, prompted or lines


def differences(english: str, chinese: str) -> list[str]:
    """Where the blocks of two pages differ, each with its lines; directives of Sphinx are no blocks a reader sees."""
    ours, theirs = ([block for block in blocks(text) if not block.info.startswith("{")] for text in (english, chinese))
    if len(ours) != len(theirs):
        return [f"{len(ours)} blocks in English, {len(theirs)} in Chinese"]
    return [
        f"line {one.line} in English, {other.line} in Chinese: {one.info} {one.file}".rstrip()
        for one, other in zip(ours, theirs, strict=True)
        if does(one) != does(other)
    ]


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.name)
def test_the_page_has_a_chinese_twin_with_the_same_headings_and_blocks(page: Path) -> None:
    assert twin_of(page).is_file(), f"write {twin_of(page).relative_to(ROOT)}"
    english, chinese = page.read_text("utf-8"), twin_of(page).read_text("utf-8")
    assert shape(english) == shape(chinese)
    assert differences(english, chinese) == []


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.name)
def test_twins_lead_to_each_other(page: Path) -> None:
    assert f"[中文]({twin_of(page).name})" in page.read_text("utf-8")
    assert f"[English]({page.name})" in twin_of(page).read_text("utf-8")


def test_no_chinese_page_is_alone() -> None:
    assert sorted(ROOT.glob("docs/*/*.zh.md")) == sorted(twin_of(page) for page in ENGLISH)


def astray(page: Path) -> list[str]:
    """Links of a Chinese page to an English one that has a twin, its own aside."""
    links = re.findall(r"\]\(([^)#]+\.md)", outside_blocks(page.read_text("utf-8")))
    targets = {link: (page.parent / link).resolve() for link in links if not link.endswith(".zh.md")}
    return [link for link, to in targets.items() if to in ENGLISH and twin_of(to) != page]


@pytest.mark.parametrize("page", [twin_of(page) for page in ENGLISH], ids=lambda page: page.name)
def test_a_chinese_page_leads_to_chinese_pages(page: Path) -> None:
    assert astray(page) == []


def test_a_twin_that_says_less_or_does_otherwise_is_seen() -> None:
    page = "```python\nlimit = 20  # days\n```\n\n```console\n$ egov demo\nready\n```\n\n```toml\na = 1\n```\n"
    assert differences(page, page.replace("# days", "# 日").replace("ready", "好了")) == []
    assert differences(page, page.replace("20", "30")) == ["line 2 in English, 2 in Chinese: python"]
    assert differences(page, page.replace("egov demo", "egov demo --check")) == [
        "line 6 in English, 6 in Chinese: console"
    ]
    assert differences(page, page.replace("a = 1", "a = 2")) == ["line 11 in English, 11 in Chinese: toml"]
    assert differences(page, page.partition("```console")[0]) == ["3 blocks in English, 1 in Chinese"]


def test_docstrings_may_be_in_the_language_of_the_page() -> None:
    page = '```python\nclass Visits:\n    """{}"""\n\n    days = 5\n```\n'
    assert differences(page.format("Site visits."), page.format("现场踏勘。")) == []


def test_a_chinese_page_that_leads_to_an_english_one_is_seen(tmp_path: Path) -> None:
    how_to = ROOT / "docs" / "how-to"
    planted = tmp_path / "planted.zh.md"
    planted.write_text(f"见[教程]({how_to}/theme.md)和[另一页]({how_to}/theme.zh.md)。\n", encoding="utf-8")
    assert astray(planted) == [f"{how_to}/theme.md"]
