"""Nothing below `runtime` reads a clock or throws dice: time and identity are arguments.

The scan reads the source, so it sees a call even where no test runs it.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

BELOW_RUNTIME = ("domain", "ports", "wire", "hooks", "usecases", "storage", "sheets", "errors.py")

BANNED_MODULES = {"random", "secrets"}
BANNED_NAMES = {
    "now": {"datetime"},
    "today": {"datetime", "date"},
    "utcnow": {"datetime"},
    "time": {"time"},
    "time_ns": {"time"},
    "monotonic": {"time"},
    "monotonic_ns": {"time"},
    "perf_counter": {"time"},
    "perf_counter_ns": {"time"},
    "localtime": {"time"},
    "gmtime": {"time"},
    "process_time": {"time"},
    "uuid1": {"uuid"},
    "uuid4": {"uuid"},
    "urandom": {"os"},
    "getrandom": {"os"},
}

ALLOWED: dict[tuple[str, str], str] = {}
"""(file below src/egov_core, name) → why it may. Waiting for a lock is the only reason that has ever convinced."""


def readings(source: str) -> set[str]:
    """The clocks and dice that a module touches, by name."""
    found: set[str] = set()
    from_modules: dict[str, str] = {}
    aliases: dict[str, str] = {}
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                aliases[alias.asname or alias.name] = alias.name
                if alias.name in BANNED_MODULES:
                    found.add(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module in BANNED_MODULES:
                found.add(node.module)
            for alias in node.names:
                from_modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                if node.module in BANNED_NAMES.get(alias.name, ()):
                    # `from datetime import time` is a type, `from time import time` is a clock
                    found.add(alias.name)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in BANNED_NAMES:
            continue
        owner = ast.unparse(node.value)
        if node.attr in {"now", "today", "utcnow"}:
            if owner.rpartition(".")[2] in {"datetime", "date"} or from_modules.get(owner, "").startswith("datetime."):
                found.add(node.attr)
        elif aliases.get(owner, owner) in BANNED_NAMES[node.attr]:
            found.add(node.attr)
    return found


def modules(root: Path) -> dict[str, Path]:
    """Every module below `runtime`, by its path below the package."""
    package = root / "src" / "egov_core"
    files = [file for room in BELOW_RUNTIME for file in ([package / room, *package.glob(f"{room}/**/*.py")])]
    files = [file for file in files if file.is_file()]
    return {str(file.relative_to(package)): file for file in sorted(files)}


def test_nothing_below_runtime_reads_a_clock(project_root: Path) -> None:
    seen = {
        (name, reading)
        for name, file in modules(project_root).items()
        for reading in readings(file.read_text(encoding="utf-8"))
    }
    assert sorted(seen - set(ALLOWED)) == []


def test_every_exception_is_still_needed(project_root: Path) -> None:
    found = modules(project_root)
    stale = [
        (name, reading)
        for name, reading in ALLOWED
        if name not in found or reading not in readings(found[name].read_text(encoding="utf-8"))
    ]
    assert stale == []


def test_the_scan_looks_at_every_floor_below_runtime(project_root: Path) -> None:
    rooms = {name.split("/")[0] for name in modules(project_root)}
    assert rooms == set(BELOW_RUNTIME)


@pytest.mark.parametrize(
    ("planted", "name"),
    [
        ("from datetime import datetime\nat = datetime.now()", "now"),
        ("import datetime\nat = datetime.datetime.now(tz)", "now"),
        ("import datetime as dt\nat = dt.datetime.utcnow()", "utcnow"),
        ("from datetime import date as day\nat = day.today()", "today"),
        ("from datetime import datetime\nfactory = datetime.now", "now"),
        ("import time\ntime.sleep(1)\nat = time.time()", "time"),
        ("from time import monotonic", "monotonic"),
        ("import time as t\nat = t.perf_counter()", "perf_counter"),
        ("import time\nat = time.localtime()", "localtime"),
        ("import uuid\nkey = uuid.uuid4()", "uuid4"),
        ("from uuid import uuid1 as key", "uuid1"),
        ("import random", "random"),
        ("from random import Random", "random"),
        ("import secrets", "secrets"),
        ("import os\nsalt = os.urandom(8)", "urandom"),
        ("def late():\n    from time import time\n    return time()", "time"),
    ],
)
def test_the_scan_sees_a_planted_clock(planted: str, name: str) -> None:
    assert readings(planted) == {name}


@pytest.mark.parametrize(
    "innocent",
    [
        "from datetime import time\nopening = time(9)",
        "from datetime import datetime\nat = datetime(2016, 4, 22)\nhour = at.time()",
        "row.now()\nwindow.today",
        "import time",
        "import uuid\nkey = uuid.uuid5(space, name)",
    ],
)
def test_the_scan_leaves_values_alone(innocent: str) -> None:
    assert readings(innocent) == set()
