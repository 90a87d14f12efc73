"""Every Python block of the manual and of both READMEs is executed; the two READMEs say the same.

Blocks of one page are executed in order and share their names, as a reader would type them, in a folder of their own.
A block whose line above is `<!-- not executed: reason -->` is left out, and the reasons are counted. A block below
`<!-- file: NAME -->` is first written to that file.

A console block with lines `$ egov ...` shows what `egov` prints: it is run, in English, in Chinese on a page `*.zh.md`,
or, below `<!-- locale: NAME -->`, in that locale, and what follows has to be what it printed; a line `…` stands for any
number of lines. The clock stands at one morning in December 2026 for all of them, so that a page about next year's
notice stays true. In every other console block what begins with `egov` has at least to be a command with options that
exist. A page that begins with `<!-- run by: FILE -->` is followed by that file instead.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import attrs
import click
import pytest
from click.testing import CliRunner

from egov_core.cli import main as command_line
from egov_core.domain.legal import CHINA

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in PAGES if "_build" not in page.parts]
OF_OTHERS = "<!-- run by: "
EXECUTED = [page for page in PAGES if not page.read_text(encoding="utf-8").startswith(OF_OTHERS)]

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<info>\S*)[^\n]*\n(?P<body>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
LEFT_OUT = re.compile(r"<!-- not executed: (?P<reason>\S.*?) -->\s*$")
FILE = re.compile(r"<!-- file: (?P<name>[\w.-]+) -->\s*$")
LOCALE = re.compile(r"<!-- locale: (?P<name>[\w.-]+) -->\s*$")
PROMPT = "$ egov "
ANY_LINES = "…"

ENGLISH, CHINESE = "C.UTF-8", "zh_CN.UTF-8"
TODAY = datetime(2026, 12, 22, 10, tzinfo=CHINA)

EARLY = datetime(2026, 1, 6, 10, tzinfo=CHINA)
"""A reader's day before every other: what a page has stored must not lie ahead of it."""

NOT_EXECUTED = 0
"""How many Python blocks are left out, in all pages. Change it together with the page, and look at the reason."""


@attrs.frozen
class Block:
    """A fenced block: its language, text and line, why it is not executed (empty when it is), the file, the locale."""

    info: str
    body: str
    line: int
    reason: str
    file: str = ""
    locale: str = ""


def blocks(text: str) -> list[Block]:
    """Every fenced block of a page."""
    found = []
    for fence in FENCE.finditer(text):
        left_out = LEFT_OUT.search(text[: fence.start()])
        file = FILE.search(text[: fence.start()])
        locale = LOCALE.search(text[: fence.start()])
        lines = fence["body"].splitlines()
        body = "\n".join(line.removeprefix(fence["indent"]) for line in lines) + "\n"
        line = text.count("\n", 0, fence.start()) + 2
        found.append(
            Block(
                fence["info"],
                body,
                line,
                left_out["reason"] if left_out else "",
                file["name"] if file else "",
                locale["name"] if locale else "",
            )
        )
    return found


def run_page(text: str, name: str) -> int:
    """Execute the blocks of a page in order, the Python ones in one namespace; the number of Python blocks executed.

    Files are written to the present folder.
    """
    names: dict[str, object] = {"__name__": "__page__"}
    count = 0
    for block in blocks(text):
        if block.file:
            Path(block.file).write_text(block.body, encoding="utf-8")
        if block.info == "console":
            run_console(
                block.body, f"{name}:{block.line}", block.locale or (CHINESE if name.endswith(".zh.md") else ENGLISH)
            )
        if block.info == "python" and not block.reason:
            code = compile("\n" * (block.line - 1) + block.body, name, "exec")
            exec(code, names)  # noqa: S102 -- executing our own pages is the point
            count += 1
    return count


def egov(line: str, locale: str) -> str:
    """What a command prints: without its progress bar, with the error where it is refused."""
    told = CliRunner(env={"LC_ALL": locale}).invoke(command_line, shlex.split(line)[1:], catch_exceptions=False)
    return told.output if told.exit_code else told.stdout


def run_console(body: str, name: str, locale: str = ENGLISH) -> None:
    """Run the `egov` commands of a console block and compare what they print with what the page says."""
    _, *shown = re.split(r"^\$ (?=egov )", body, flags=re.MULTILINE)
    for part in shown:
        line, _, expected = part.partition("\n")
        printed = egov(line, locale)
        lines = expected.rstrip("\n").split("\n") if expected.strip() else []
        pattern = "".join(r"(?:.*\n)*?" if one == ANY_LINES else re.escape(one) + r"\n" for one in lines)
        assert re.fullmatch(pattern, printed), f"{name}: $ {line}\n{printed}"


def parse_only(line: str) -> None:
    """Let click read the words of a command line without running it; raises click's error for what it does not know."""
    command: click.Command = command_line
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group) and words:
        name, *words = words
        found = command.get_command(click.Context(command), name)
        assert found is not None, f"egov has no command {name}"
        command = found
    command.make_context("egov", words)


def commands_shown(text: str) -> Iterator[str]:
    """Every line of a page's console blocks that calls `egov`, without its prompt."""
    for block in blocks(text):
        if block.info == "console":
            for line in block.body.splitlines():
                for part in line.removeprefix("$ ").split(" && "):
                    if part.startswith("egov "):
                        yield part


@pytest.mark.parametrize("page", EXECUTED, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_blocks_of_the_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("egov_core.runtime.clock.SystemClock.now", lambda _: TODAY)
    run_page(page.read_text(encoding="utf-8"), str(page))


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name == "how-to"], ids=lambda page: page.name)
def test_a_how_to_runs_whatever_the_readers_day(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("egov_core.runtime.clock.SystemClock.now", lambda _: EARLY)
    run_page(page.read_text(encoding="utf-8"), str(page))


def test_pages_that_others_run_name_who_does() -> None:
    named = [re.match(r"<!-- run by: (\S+) -->\n", page.read_text("utf-8")) for page in PAGES if page not in EXECUTED]
    assert len(named) == 2
    assert all(found is not None and (ROOT / found[1]).is_file() for found in named)


def test_no_page_needs_what_a_reader_has_not_installed() -> None:
    needing = [str(page.relative_to(ROOT)) for page in PAGES if "import pytest" in page.read_text(encoding="utf-8")]
    assert needing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_the_page_exist(page: Path) -> None:
    for line in commands_shown(page.read_text(encoding="utf-8")):
        parse_only(line)


def test_output_that_differs_from_the_page_is_seen() -> None:
    with pytest.raises(AssertionError, match="2016-04-25"):
        run_console("$ egov deadline --start 2016-04-22 --limit 1wd\nlast day: 2016-04-26\n", "planted.md")
    last = "last day: 2016-04-22   due: 2016-04-22T23:59:59+08:00"
    run_console(f"$ egov deadline --start 2016-04-22 --limit immediate\n…\n{last}\n", "planted.md")


def test_a_block_is_run_in_the_locale_above_it() -> None:
    chinese = (
        "```console\n$ egov deadline --start 2016-04-22 --limit immediate\n…\n最后一日: 2016-04-22   截止: …\n```\n"
    )
    shown = chinese.replace("截止: …", "截止: 2016-04-22T23:59:59+08:00")
    assert run_page(f"<!-- locale: zh_CN.UTF-8 -->\n{shown}", "planted.md") == 0
    with pytest.raises(AssertionError, match="last day"):
        run_page(shown, "planted.md")


def test_a_command_or_an_option_that_does_not_exist_is_seen() -> None:
    with pytest.raises(AssertionError, match="serve"):
        parse_only("egov serve --config x")
    with pytest.raises(click.NoSuchOption):
        parse_only("egov deadline --start 2016-04-22 --limit 1wd --reading")


def test_blocks_that_are_not_executed_are_counted() -> None:
    left_out = [
        (str(page.relative_to(ROOT)), block.line, block.reason)
        for page in PAGES
        for block in blocks(page.read_text(encoding="utf-8"))
        if block.reason
    ]
    assert len(left_out) == NOT_EXECUTED, left_out


def test_a_block_that_fails_fails_the_page() -> None:
    with pytest.raises(ZeroDivisionError):
        run_page("Text\n\n```python\nhalf = 1\n```\n\n```python\nhalf / 0\n```\n", "planted.md")


def test_only_unmarked_python_blocks_are_executed() -> None:
    page = (
        "<!-- not executed: needs a county -->\n```python\n1 / 0\n```\n\n"
        "```console\n$ 1 / 0\n```\n\n```python\n1 / 1\n```\n"
    )
    assert run_page(page, "planted.md") == 1
    assert [block.reason for block in blocks(page)] == ["needs a county", "", ""]


# --- the two READMEs --------------------------------------------------------------------------------------------------


def outside_blocks(text: str) -> str:
    """A page without its fenced blocks."""
    return FENCE.sub("", text)


def shape(text: str) -> list[int]:
    """The levels of a page's headings, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", outside_blocks(text), re.MULTILINE)]


@pytest.fixture
def readmes() -> tuple[str, str]:
    return (ROOT / "README.md").read_text(encoding="utf-8"), (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")


def test_the_readmes_have_the_same_headings(readmes: tuple[str, str]) -> None:
    english, chinese = readmes
    assert shape(english) == shape(chinese)
    assert len(shape(english)) >= 3


def test_the_readmes_have_the_same_code(readmes: tuple[str, str]) -> None:
    english, chinese = readmes
    assert [(b.info, b.body) for b in blocks(english)] == [(b.info, b.body) for b in blocks(chinese)]
    assert blocks(english)


def in_chinese(target: str) -> str:
    """The Chinese page beside an English one, or the page itself where there is none."""
    page = target.removesuffix(".md") + ".zh.md"
    return page if target.endswith(".md") and (ROOT / page).exists() else target


def test_the_chinese_how_tos_are_listed_together() -> None:
    text = (ROOT / "docs" / "how-to" / "index.md").read_text(encoding="utf-8")
    listed = next(block.body for block in blocks(text.partition("中文")[2]))
    pages = sorted(page.name.removesuffix(".md") for page in (ROOT / "docs" / "how-to").glob("*.zh.md"))
    assert sorted(listed.split()) == pages


def test_the_readmes_have_the_same_lists_and_links(readmes: tuple[str, str]) -> None:
    def items(text: str) -> int:
        return len(re.findall(r"^(?:- |\d+\. |\| )", outside_blocks(text), re.MULTILINE))

    def targets(text: str) -> list[str]:
        return sorted(t for t in re.findall(r"\]\(([^)]+)\)", outside_blocks(text)) if not t.startswith("README"))

    english, chinese = readmes
    assert items(english) == items(chinese)
    # each shows and links the pages in its language, where there are any
    theirs = [in_chinese(target) for target in targets(english.replace("-en.png", "-zh.png"))]
    assert sorted(theirs) == targets(chinese)


def test_every_local_link_of_the_pages_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*PAGES, *(ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"))]
        for target in re.findall(r"\]\(([^)#]+)", outside_blocks(page.read_text(encoding="utf-8")))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_first_example_is_short_and_shown_in_the_readmes(readmes: tuple[str, str]) -> None:
    example = (ROOT / "examples" / "first_timer.py").read_text(encoding="utf-8")
    assert len(example.splitlines()) <= 25
    for readme in readmes:
        assert example in [block.body for block in blocks(readme)]
