"""Whoever wants one command waits for what that command needs, and for nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from egov_core.runtime.clock import ManualClock
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, LICENCE, MONDAY

NEEDLESS = (
    "sqlalchemy.dialects.postgresql",
    "croniter",
    "starlette",
    "egov_core.sheets.tables",
    "egov_core.sheets.forms",
    "egov_core.demo",
)
"""What no command needs that looks one thing up on SQLite."""
PROGRAM = """
import sys
from egov_core.cli import main
for command in {commands}:
    main(command, standalone_mode=False)
print("LOADED", *sorted(sys.modules))
"""


def loaded_by(commands: list[list[str]]) -> list[str]:
    """Every module that is there after these commands."""
    program = PROGRAM.format(commands=commands)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    return ran.stdout.rpartition("LOADED")[2].split()


def test_a_look_at_one_thing_loads_neither_spreadsheets_nor_other_databases(tmp_path: Path) -> None:
    config = tmp_path / "egov.toml"
    text = f'[county]\narea = "{AREA}"\n[storage]\nurl = "sqlite:///county.db"\n[plugins]\ndiscover = false\n'
    config.write_text(text, encoding="utf-8")
    county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=ManualClock(MONDAY)).close()
    commands = [
        ["staff", "who", LICENCE, "--day", "2024-06-17", "--config", str(config)],
        ["campaign", "status", "--config", str(config)],
        ["enrol", "status", "--config", str(config)],
        ["catalogue", "search", "许可", "--config", str(config)],
        ["catalogue", "history", LICENCE, "--config", str(config)],
    ]
    loaded = loaded_by(commands)
    assert "egov_core.cli.staff" in loaded
    assert [name for name in loaded if name in NEEDLESS] == []


def test_what_needs_no_office_loads_none_and_nothing_that_reads_cells() -> None:
    loaded = loaded_by([["deadline", "--start", "2024-06-17", "--limit", "20wd"], ["catalogue", "codes"]])
    assert "egov_core.cli.deadline" in loaded
    needless = ("egov_core.runtime.bootstrap", "egov_core.sheets.limits", "egov_core.sheets.fees", *NEEDLESS)
    assert [name for name in loaded if name in needless] == []
