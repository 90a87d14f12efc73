"""The floors hold, and the machine that keeps them would notice if they did not."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the tree below `folder`, never on the installed package."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(project_root: Path, tmp_path: Path) -> Path:
    """A copy of the source, to plant faults in."""
    shutil.copytree(project_root / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(project_root / "pyproject.toml", tmp_path)
    return tmp_path


def plant(copy: Path, module: str, line: str) -> None:
    """Append a line to a module of the copy, writing the module where there is none."""
    file = copy / "src" / module
    before = file.read_text(encoding="utf-8") if file.exists() else '"""Planted."""\n'
    file.write_text(f"{before}\n{line}\n", encoding="utf-8")


def test_the_floors_hold(project_root: Path) -> None:
    checked = lint_imports(project_root)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "0 broken" in checked.stdout


def test_an_upward_import_is_refused_by_name(copy: Path) -> None:
    plant(copy, "egov_core/domain/legal.py", "from egov_core import runtime")
    checked = lint_imports(copy)
    assert checked.returncode != 0
    assert "egov_core.domain is not allowed to import egov_core.runtime" in checked.stdout
    assert "egov_core.domain.legal -> egov_core.runtime" in checked.stdout


def test_an_unplaced_module_is_refused_by_name(copy: Path) -> None:
    plant(copy, "egov_core/attic.py", "")
    checked = lint_imports(copy)
    assert checked.returncode != 0
    assert "The following modules are not listed as layers" in checked.stdout
    assert "- egov_core.attic" in checked.stdout


def test_an_unplaced_module_of_the_domain_is_refused_by_name(copy: Path) -> None:
    plant(copy, "egov_core/domain/attic.py", "")
    checked = lint_imports(copy)
    assert checked.returncode != 0
    assert "- egov_core.domain.attic" in checked.stdout


@pytest.mark.parametrize(
    ("module", "line", "told"),
    [
        ("egov_core/storage/__init__.py", "from egov_core import usecases", "egov_core.storage -> egov_core.usecases"),
        ("egov_core/server/__init__.py", "from egov_core import demo", "egov_core.server -> egov_core.demo"),
        ("egov_core/cli/__init__.py", "from egov_core import testing", "egov_core.cli -> egov_core.testing"),
        ("egov_core/domain/legal.py", "from egov_core.domain import people", "egov_core.domain.legal -> egov_core"),
        ("egov_core/domain/legal.py", "import sqlalchemy.orm", "egov_core.domain.legal -> sqlalchemy"),
        ("egov_core/usecases/__init__.py", "import cattrs", "egov_core.usecases -> cattrs"),
        ("egov_core/runtime/__init__.py", "import pluggy", "egov_core.runtime -> pluggy"),
        ("egov_core/usecases/__init__.py", "from sqlalchemy import select", "egov_core.usecases -> sqlalchemy"),
        ("egov_core/demo/__init__.py", "from starlette.routing import Route", "egov_core.demo -> starlette"),
        ("egov_core/storage/__init__.py", "import uvicorn", "egov_core.storage -> uvicorn"),
        ("egov_core/demo/__init__.py", "import click", "egov_core.demo -> click"),
        ("egov_core/sim/__init__.py", "import croniter", "egov_core.sim -> croniter"),
        ("egov_core/cli/__init__.py", "import xlsxwriter", "egov_core.cli -> xlsxwriter"),
    ],
)
def test_every_contract_can_be_broken(copy: Path, module: str, line: str, told: str) -> None:
    plant(copy, module, line)
    checked = lint_imports(copy)
    assert checked.returncode != 0
    assert told in checked.stdout


def test_no_contract_has_exceptions(project_root: Path) -> None:
    """`ignore_imports` would be a door that nobody lists."""
    assert "ignore_imports" not in (project_root / "pyproject.toml").read_text(encoding="utf-8")


# --- one dependency, one room -----------------------------------------------------------------------------------------

ROOMS = {
    "attrs": ("egov_core",),
    "attr": ("egov_core",),
    "cattrs": ("egov_core.wire",),
    "orjson": ("egov_core.wire",),
    "pluggy": ("egov_core.hooks",),
    "sqlalchemy": ("egov_core.storage.sql",),
    "croniter": ("egov_core.runtime.schedule",),
    "starlette": ("egov_core.server", "egov_core.testing"),
    "jinja2": ("egov_core.server",),
    "uvicorn": ("egov_core.server", "egov_core.demo", "egov_core.cli"),
    "click": ("egov_core.cli",),
    "docx": ("egov_core.sheets",),
    "python_calamine": ("egov_core.sheets",),
    "xlsxwriter": ("egov_core.sheets",),
    "pytest": ("egov_core.testing",),
    "hypothesis": ("egov_core.testing",),
}
"""Every third-party package the source may import, and where. What is not here may not be imported at all."""


PLUGIN_ROOMS = {
    "egov-dept-market": {"attrs": ("egov_dept_market",)},
    "egov-dept-water": {"attrs": ("egov_dept_water",)},
    "egov-hunan": {"attrs": ("egov_hunan",)},
    "egov-identity-checks": {"attrs": ("egov_identity_checks",), "stdnum": ("egov_identity_checks",)},
    "egov-notify-webhook": {"attrs": ("egov_notify_webhook",)},
    "egov-storage-postgresql": {
        "attrs": ("egov_storage_postgresql",),
        "psycopg": ("egov_storage_postgresql",),
        "sqlalchemy": ("egov_storage_postgresql",),
        "pytest": ("egov_storage_postgresql.testing",),
    },
}
"""The same for each first-party plugin: what the library itself may not import lives in the plugin that needs it."""

DISTRIBUTIONS = {"docx": "python-docx", "stdnum": "python-stdnum"}
"""Distributions that are named otherwise than what is imported from them."""


def strangers(source: Path, own: str = "egov_core", rooms_of: Mapping[str, tuple[str, ...]] = ROOMS) -> list[str]:
    """Third-party imports outside their rooms, as `module imports package`."""
    found = []
    for file in sorted(source.rglob("*.py")):
        parts = file.relative_to(source).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for package in {name.partition(".")[0] for name in names}:
                if package in {"egov_core", own} or package in sys.stdlib_module_names:
                    continue
                rooms = rooms_of.get(package, ())
                if not any(module == room or module.startswith(f"{room}.") for room in rooms):
                    found.append(f"{module} imports {package}")
    return found


def test_every_dependency_stays_in_its_room(project_root: Path) -> None:
    assert strangers(project_root / "src") == []


@pytest.mark.parametrize("name", PLUGIN_ROOMS)
def test_every_dependency_of_a_plugin_stays_in_its_room_and_is_declared(project_root: Path, name: str) -> None:
    folder, own = project_root / "plugins" / name, name.replace("-", "_")
    assert strangers(folder / "src", own, PLUGIN_ROOMS[name]) == []
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = [line for lines in project.get("optional-dependencies", {}).values() for line in lines]
    assert required([*project["dependencies"], *optional]) == {"egov-core"} | {
        DISTRIBUTIONS.get(one, one) for one in PLUGIN_ROOMS[name]
    }
    assert list(project["entry-points"]) == ["egov_core"]


def test_every_plugin_of_ours_is_known_and_small(project_root: Path) -> None:
    folders = {file.parent for file in (project_root / "plugins").glob("*/pyproject.toml")}
    assert {folder.name for folder in folders} == set(PLUGIN_ROOMS)
    assert all(len(list((folder / "src").rglob("*.py"))) <= 5 for folder in folders)


@pytest.mark.parametrize(
    ("module", "line", "told"),
    [
        ("egov_core/storage/sql/sqlite.py", "import psycopg", "egov_core.storage.sql.sqlite imports psycopg"),
        ("egov_core/domain/legal.py", "import requests", "egov_core.domain.legal imports requests"),
        ("egov_core/storage/__init__.py", "import sqlalchemy", "egov_core.storage imports sqlalchemy"),
        ("egov_core/runtime/__init__.py", "from croniter import croniter", "egov_core.runtime imports croniter"),
    ],
)
def test_a_dependency_outside_its_room_is_named(copy: Path, module: str, line: str, told: str) -> None:
    plant(copy, module, line)
    assert told in strangers(copy / "src")


def required(lines: Iterable[str]) -> set[str]:
    """The names in requirements."""
    return {line.split(";")[0].split("[")[0].split(">")[0].split("=")[0].split("<")[0].strip() for line in lines}


def test_every_declared_dependency_has_a_room(project_root: Path) -> None:
    """A requirement without a room is a package nobody decided on."""
    project = tomllib.loads((project_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert required([*project["dependencies"], *project["optional-dependencies"]["server"]]) <= set(ROOMS)
