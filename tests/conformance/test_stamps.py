"""Each first-party plugin ships the stamp of its kits, made of the sources that it ships; `nox -s stamps` writes it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from egov_core.runtime.stamps import StampState, read_stamp
from egov_core.testing.kit import Kit
from egov_core.testing.stamps import about

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
PACKAGES = {
    next(one.name for one in (file.parent / "src").iterdir() if one.is_dir()): file.parent
    for file in sorted(PLUGINS.glob("*/pyproject.toml"))
}
WITHOUT = {"egov_hunan"}
"""There is no kit for what a place chooses; plugins/README.md says so."""
AGAIN = "the stamp is not of these sources: nox -s stamps, and commit what it has written"


def subjects(folder: Path) -> Iterator[type[Kit]]:
    """The classes by which the tests of a plugin run kits."""
    for file in sorted((folder / "tests").glob("test_*.py")):
        if "Contract)" in file.read_text(encoding="utf-8"):
            found = vars(_imported(file)).values()
            yield from (one for one in found if isinstance(one, type) and issubclass(one, Kit) and _is_a_test(one))


def _imported(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"stamped_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _is_a_test(subject: type) -> bool:
    return subject.__name__.startswith("Test")


def _claimed(about_it: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(about_it[name] for name in ("contract", "edition", "subject", "claims", "total"))


@pytest.mark.parametrize("package", sorted(PACKAGES.keys() - WITHOUT))
def test_the_installed_plugin_bears_the_stamp_of_its_sources(package: str) -> None:
    stamp = read_stamp(package)
    assert (stamp.state, stamp.reason) == (StampState.PASSED, ""), AGAIN
    now = sorted((_claimed(about(one)) for one in subjects(PACKAGES[package])), key=repr)
    then = sorted(((kit.contract, kit.edition, kit.subject, kit.claims, kit.total) for kit in stamp.kits), key=repr)
    assert now == then != [], AGAIN


@pytest.mark.parametrize("package", sorted(WITHOUT))
def test_a_plugin_without_a_kit_claims_none(package: str) -> None:
    assert list(subjects(PACKAGES[package])) == []
    assert read_stamp(package).state is StampState.NONE
    assert f"{package.replace('_', '-')}` bears none" in (PLUGINS / "README.md").read_text(encoding="utf-8")
