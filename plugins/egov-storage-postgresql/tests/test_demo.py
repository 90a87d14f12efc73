"""The demonstration on PostgreSQL is the demonstration on SQLite: the same counts, and the same heads of all chains."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner

from egov_core.cli import main

OPTIONS = ("--check", "--seed", "3", "--today", "2024-11-20", "--cases", "60")


def demo(*options: str) -> dict[str, Any]:
    """What the demonstration prints."""
    told = CliRunner().invoke(main, ["demo", *OPTIONS, *options], env={"LC_ALL": "C.UTF-8"})
    assert told.exit_code == 0, told.output
    shown: dict[str, Any] = json.loads(told.stdout)
    assert shown.pop("seconds") >= 0
    return shown


def test_the_demonstration_is_the_same_on_both_databases(postgresql_url: str) -> None:
    on_sqlite, on_postgresql = demo(), demo("--storage", postgresql_url)
    assert on_postgresql == on_sqlite
    assert (on_postgresql["cases"], on_postgresql["verify"]) == (60, "ok")
    assert sum(on_postgresql["cards"].values()) > 0
    again = CliRunner().invoke(main, ["demo", *OPTIONS, "--storage", postgresql_url], env={"LC_ALL": "C.UTF-8"})
    assert again.exit_code == 1
    assert "already holds rows" in again.stderr
