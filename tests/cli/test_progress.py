"""Progress: a bar on a terminal, in a log a line every few seconds."""

from __future__ import annotations

import io
import sys

import pytest

from egov_core.cli.show import EVERY, progress_bar


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, seconds: float) -> str:
    """What is said of ten pieces of work, each of so many seconds."""
    passed = iter(number * seconds for number in range(100))
    monkeypatch.setattr("egov_core.cli.show.time.monotonic", lambda: next(passed))
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar(10, "verifying") as advance:
        for _ in range(10):
            advance(1)
    return stream.getvalue()


def test_a_log_gets_a_line_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = told(monkeypatch, io.StringIO(), seconds=EVERY / 2).splitlines()
    assert lines[0] == "verifying"
    assert 2 <= len(lines) < 10, "not a line for each piece"
    assert all(line.startswith("verifying  ") and line.endswith("/10") for line in lines[1:])
    done = [int(line.removeprefix("verifying  ").removesuffix("/10")) for line in lines[1:]]
    assert done == sorted(set(done))


def test_work_that_is_soon_done_says_what_it_is_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, io.StringIO(), seconds=EVERY / 1_000) == "verifying\n"


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "100%" in told(monkeypatch, _Terminal(), seconds=0)
