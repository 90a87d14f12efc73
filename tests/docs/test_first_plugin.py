"""The tutorial of a first plugin is followed from nothing to a refusal in the running demo, in both languages.

What is typed is the same on both pages, which is tested; the English one is followed at night only, as it takes long.

Nothing is fetched: the reader's environment is made of wheels of what is installed here, and of the source folder.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.docs.run_tutorial import (
    PORT,
    ROOT,
    Shell,
    TutorialError,
    blocks_of,
    follow,
    is_shown,
    make_wheel,
    make_wheels,
)

TUTORIAL = ROOT / "docs" / "tutorial"
PAGES = {"C.UTF-8": TUTORIAL / "your-first-plugin.md", "zh_CN.UTF-8": TUTORIAL / "your-first-plugin.zh.md"}


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wheels of what a reader's environment gets."""
    folder = tmp_path_factory.mktemp("wheels") / "here"
    make_wheels(folder)
    return folder


@pytest.mark.parametrize("language", [pytest.param("C.UTF-8", marks=pytest.mark.nightly), "zh_CN.UTF-8"])
def test_the_page_leads_to_a_plugin_that_refuses_in_the_running_demo(
    language: str, wheels: Path, tmp_path: Path
) -> None:
    page = PAGES[language]
    text = page.read_text(encoding="utf-8")
    assert follow(text, page.name, tmp_path, wheels, language=language) == len(blocks_of(text)) > 25
    folder = tmp_path / "first-plugin"
    assert (folder / "venv" / "bin" / "egov").exists(), "the environment was fresh, and the library installed there"
    assert "已隔离" not in (folder / "demo.log").read_text(encoding="utf-8")


def test_the_page_shows_a_refusal_in_chinese_with_field_and_basis() -> None:
    for page in PAGES.values():
        shown = [block.body for block in blocks_of(page.read_text(encoding="utf-8")) if block.info == "text"]
        assert any(re.search(r"^form\.shop_area .*不足30平方米。 《.+》第七条", text, re.MULTILINE) for text in shown)


def test_both_pages_say_the_same() -> None:
    english, chinese = (page.read_text(encoding="utf-8") for page in PAGES.values())

    def typed(text: str) -> list[tuple[str, str, str]]:
        return [(block.info, block.file, block.body) for block in blocks_of(text) if block.info != "text"]

    assert typed(english) == typed(chinese)
    assert [block.info for block in blocks_of(english)] == [block.info for block in blocks_of(chinese)]
    assert re.findall(r"^(#+ (?:\d+\.)?)", english, re.MULTILINE) == re.findall(
        r"^(#+ (?:\d+\.)?)", chinese, re.MULTILINE
    )
    links = [
        sorted(link.replace(".zh.md", ".md") for link in re.findall(r"\]\(((?!your-first)[^)]+)\)", text))
        for text in (english, chinese)
    ]
    assert links[0] == links[1]


def test_every_block_of_the_pages_is_one_that_is_followed() -> None:
    for page in PAGES.values():
        text = page.read_text(encoding="utf-8")
        assert text.count("\n```") == 2 * len(blocks_of(text)), page.name


# --- what the script would not overlook -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("```bash\necho one\n```\n```text\ntwo\n```\n", r"planted:5: .*\n.*two"),
        ("```bash\necho one\n```\n\n```bash\nfalse\necho two\n```\n", "planted:6: the shell ended"),
        ("```bash\nexit 0\n```\n", "the shell ended"),
        ("```python\nprint(1)\n```\n", "nobody is told"),
    ],
)
def test_a_page_that_is_not_true_is_found_out(page: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(TutorialError, match=said):
        follow(page, "planted", tmp_path, None)


def test_files_are_put_where_the_shell_is_and_all_ports_are_the_same(tmp_path: Path) -> None:
    page = (
        "```bash\ncd ~\nmkdir a\ncd a\n```\n<!-- file: b.txt -->\n```toml\nport = 8016\n```\n"
        "```bash\ncat b.txt\necho port = 8016\n```\n"
    )
    assert follow(page, "planted", tmp_path, None) == 3
    [port] = re.findall(r"\d+", (tmp_path / "a" / "b.txt").read_text(encoding="utf-8"))
    assert port != PORT


def test_what_a_page_leaves_running_is_ended_with_it(tmp_path: Path) -> None:
    follow("```bash\nwhile :; do echo . >> ~/beats; sleep 0.05; done &\nsleep 0.5\n```\n", "planted", tmp_path, None)
    beats = (tmp_path / "beats").stat().st_size
    assert beats > 0
    time.sleep(0.5)
    assert (tmp_path / "beats").stat().st_size == beats


def test_the_readers_shell_knows_nothing_of_ours(tmp_path: Path) -> None:
    shell = Shell(tmp_path, None, "C.UTF-8")
    try:
        printed, place = shell.type("echo ${PYTHONPATH-none} ${VIRTUAL_ENV-none} $HOME")
    finally:
        shell.close()
    assert (printed, place) == (f"none none {tmp_path}\n", ROOT)


@pytest.mark.parametrize(
    ("expected", "printed", "shown"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("…\nb\n", "x\ny\nb\n", True),
        ("…\nb\n", "b\n", True),
        ("a…d\n", "abcd\n", True),
        ("a…d\n", "ab\ncd\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_dots_stand_for_what_changes(expected: str, printed: str, *, shown: bool) -> None:
    assert is_shown(expected, printed) is shown


def test_a_wheel_made_again_is_installed_like_any_other(tmp_path: Path) -> None:
    wheel = make_wheel(distribution("attrs"), tmp_path)
    assert wheel.name == f"attrs-{distribution('attrs').version}-py3-none-any.whl"
    place = tmp_path / "site"
    told = subprocess.run(
        [sys.executable, "-m", "zipfile", "-e", str(wheel), str(place)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert (place / "attr" / "__init__.py").read_bytes()
    [record] = place.glob("*.dist-info/RECORD")
    assert '"attr/__init__.py",sha256=' in record.read_text(encoding="utf-8")
