"""`egov … | head`: a command whose output nobody reads on ends in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from egov_core.cli.show import UNREAD

PROGRAM = "from egov_core.cli import main; main()"
DEADLINE = ("deadline", "--start", "2024-06-03", "--limit", "20wd")
DEMO = ("demo", "--check", "--cases", "2", "--no-plugins", "--today", "2024-11-20")


def unread(*command: str, both: bool = False, program: str = PROGRAM) -> tuple[int, str]:
    """How a command ends whose reader has gone before the first line, and what it says on standard error."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = subprocess.run(
            [sys.executable, "-c", program, *command],
            stdout=writer,
            stderr=writer if both else subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": ""},
        )
    finally:
        os.close(writer)
    return ended.returncode, ended.stderr or ""


@pytest.mark.parametrize(
    "command",
    [
        DEADLINE,
        (*DEADLINE, "--json"),
        ("--help",),
        ("--version",),
        ("deadline", "--help"),
        ("plugins", "list"),
        ("calendar", "list"),
    ],
)
def test_a_command_that_nobody_reads_ends_without_a_word(command: tuple[str, ...]) -> None:
    assert unread(*command) == (UNREAD, "")


def test_the_demonstration_leaves_nothing_behind_when_nobody_reads(tmp_path: Path) -> None:
    code, error = unread(*DEMO, "--keep", str(tmp_path / "kept"))
    assert code == UNREAD
    assert "rror" not in error
    assert unread(*DEMO, both=True)[0] == UNREAD


def test_an_error_that_nobody_reads_ends_as_quietly() -> None:
    assert unread("verify", "--config", "/nowhere.toml", both=True)[0] == UNREAD
    assert unread(both=True)[0] == UNREAD


def test_what_a_plugin_prints_without_flushing_is_no_complaint_at_the_end() -> None:
    program = "import sys; from egov_core.cli import main; sys.stdout.write('x'); main()"
    assert unread("--version", program=program) == (UNREAD, "")


def test_another_pipe_that_breaks_is_still_an_error() -> None:
    program = (
        "import os; from egov_core.cli import main; import egov_core.cli.deadline as d\n"
        "def broken(*_a, **_k): raise BrokenPipeError(32, 'Broken pipe', 'elsewhere')\n"
        "d.deadline.callback = __import__('egov_core.cli.show').cli.show.guarded(broken); main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *DEADLINE], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert "elsewhere: Broken pipe" in ended.stderr
