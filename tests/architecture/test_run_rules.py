"""The two rules of the root conftest about what was not run, seen at work on a planted test file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLANTED = """
import pytest

def test_plain(): pass

@pytest.mark.shared
def test_reads_reference_data(shared_dir): assert shared_dir.is_dir()
"""

SKIPPING = PLANTED + "\n@pytest.mark.skip(reason='planted')\ndef test_left_out(): pass\n"


def run(project_root: Path, folder: Path, text: str, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run pytest on a planted file under the root conftest; exit code and output."""
    tests = folder / "check-out" / "tests"
    tests.mkdir(parents=True)
    shutil.copy(project_root / "tests" / "conftest.py", tests)
    (tests / "test_planted.py").write_text(text, encoding="utf-8")
    inherited = {k: v for k, v in os.environ.items() if k not in {"CI", "EGOV_SHARED"} and not k.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-o", "markers=shared: planted", "-p", "no:cacheprovider", *arguments, tests],
        cwd=tests.parent,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [(), ("-n", "1")], ids=["one process", "workers"])
def test_tests_on_reference_data_are_taken_out_and_counted(
    project_root: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    code, told = run(project_root, tmp_path, PLANTED, *arguments)
    assert code == 0
    assert "1 passed" in told
    assert "1 tests marked `shared` taken out" in told


def test_tests_on_reference_data_run_where_there_are_any(project_root: Path, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    code, told = run(project_root, tmp_path, PLANTED)
    assert code == 0
    assert "2 passed" in told
    assert "taken out" not in told


@pytest.mark.parametrize("arguments", [(), ("-n", "1")], ids=["one process", "workers"])
def test_a_skip_fails_the_run_in_ci_only(project_root: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    outside, _ = run(project_root, tmp_path / "outside", SKIPPING, *arguments)
    inside, told = run(project_root, tmp_path / "inside", SKIPPING, *arguments, CI="1")
    assert (outside, inside) == (0, 1)
    assert "1 skipped: in CI that fails the run" in told


def test_ci_refuses_to_start_without_reference_data(project_root: Path, tmp_path: Path) -> None:
    (tmp_path / "check-out" / ".ci").mkdir(parents=True)
    script = shutil.copy(project_root / ".ci" / "run", tmp_path / "check-out" / ".ci" / "run")
    environment = {k: v for k, v in os.environ.items() if k != "EGOV_SHARED"}
    done = subprocess.run([script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "the reference data are missing" in done.stderr
