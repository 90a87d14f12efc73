"""The demonstration on PostgreSQL is the demonstration on SQLite: the same counts, and the same heads of all chains."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from egov_core.cli import main
from egov_storage_postgresql.opening import open_postgresql

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


def test_nothing_invented_is_written_beside_a_real_county(postgresql_url: str, tmp_path: Path) -> None:
    begun = ("--area", "990199", "--name", "演示县", "--head", "P01=甲某", "--clerk", "P02=乙某", "--clerk", "P03=丙某")
    made = ["init", str(tmp_path / "county"), *begun, "--storage", postgresql_url]
    founded = CliRunner().invoke(main, made, env={"LC_ALL": "C.UTF-8"})
    assert founded.exit_code == 0, founded.output
    refused = CliRunner().invoke(main, ["demo", *OPTIONS, "--storage", postgresql_url], env={"LC_ALL": "C.UTF-8"})
    assert refused.exit_code == 1
    assert "already holds rows of area 990199" in refused.stderr
    storage = open_postgresql(postgresql_url)
    try:
        assert storage.areas() == ("990199",)
    finally:
        storage.close()
