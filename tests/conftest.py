"""What every test may ask for, and two rules about what was not run.

Where the reference data (`../shared`, or EGOV_SHARED) are absent, tests marked `shared` are taken out and the summary
says how many. Where the environment says CI, a skipped test fails the run: nobody reads a green that did not look.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("ci", max_examples=50, deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "nightly", max_examples=5_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

TAKEN_OUT = pytest.StashKey[int]()


def shared_folder() -> Path | None:
    """The reference data beside the project, where there are any."""
    folder = Path(os.environ.get("EGOV_SHARED") or ROOT.parent / "shared")
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The top folder of the check-out."""
    return ROOT


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The reference data; a test that asks for it is marked `shared`."""
    folder = shared_folder()
    assert folder is not None, "no reference data here: mark this test `shared`"
    return folder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out the tests that read what is not there."""
    if shared_folder() is not None:
        return
    gone = [item for item in items if item.get_closest_marker("shared")]
    if gone:
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item not in gone]
    config.stash[TAKEN_OUT] = len(gone)
    if hasattr(config, "workeroutput"):  # a worker of pytest-xdist tells the process that prints
        config.workeroutput["taken_out"] = len(gone)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # noqa: ARG001 -- the name is pytest-xdist's
    """Hear from a worker how many tests it has taken out (each worker collects them all)."""
    told = getattr(node, "workeroutput", {}).get("taken_out", 0)
    node.config.stash[TAKEN_OUT] = max(told, node.config.stash.get(TAKEN_OUT, 0))


def skipped(config: pytest.Config) -> int:
    """How many tests were skipped in this run."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", [])) if reporter else 0


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure."""
    if os.environ.get("CI") and skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was not run."""
    gone = config.stash.get(TAKEN_OUT, 0)
    if gone:
        terminalreporter.write_line(
            f"{gone} tests marked `shared` taken out: no ../shared and no EGOV_SHARED", yellow=True
        )
    if os.environ.get("CI") and skipped(config):
        terminalreporter.write_line(f"{skipped(config)} skipped: in CI that fails the run", red=True)
