"""Trying out the kits on subjects that are broken in one way each.

Not a test: each `test_*_bites.py` lists its mutants with the promise that has to catch them, and asserts here.
"""

from __future__ import annotations

from egov_core.testing.kit import Kit
from egov_core.testing.kit_run import run_kit


def assert_caught(subject: type[Kit], promise: str) -> None:
    """Fail unless a test of this promise fails."""
    run = run_kit(subject, only=promise, first=True)
    assert run.passed or run.failed, f"there is no test of {promise}"
    assert run.failed, f"{subject.__name__} passes every test of {promise}"


def assert_whole(subject: type[Kit]) -> None:
    """Fail unless every test passes."""
    run = run_kit(subject)
    assert run.failed == {}
    assert run.ok
