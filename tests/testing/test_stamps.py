"""A run of the kits writes a stamp; a stamp that is worth less than it says is recognised."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from egov_core import __version__
from egov_core.hooks.spec import API
from egov_core.runtime.stamps import CONTRACTS, STAMP_FILE, StampState, read_stamp, source_digest
from egov_core.testing.calendar_contract import CalendarContract
from egov_core.testing.check_contract import CheckContract
from egov_core.testing.forwarding_contract import ForwardingContract
from egov_core.testing.kit import Kit, kit_of, named_tests, number_of, rows_of, size_of
from egov_core.testing.notification_contract import NotificationContract
from egov_core.testing.query_contract import QueryContract
from egov_core.testing.stamps import about, pytest_configure
from egov_core.testing.storage_contract import StorageContract
from egov_core.testing.timer_kind_contract import TimerKindContract

KITS: list[type[Kit]] = [
    StorageContract,
    QueryContract,
    ForwardingContract,
    CheckContract,
    NotificationContract,
    CalendarContract,
    TimerKindContract,
]

PLUGIN = """\
from egov_core.ports.forwarding import Receipt


class Home:
    name = "home"

    def send(self, envelope):
        return Receipt(key=envelope.key, receipt="H-" + envelope.key, accepted=True)
"""
TESTS = """\
from county_home.adapter import Home

from egov_core.testing.forwarding_contract import ForwardingContract


class TestHome(ForwardingContract):
    leaves = False

    def make_adapter(self, url, timeout):
        return Home()


def test_something_else():
    assert True
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plugin of a department, with its test beside it, where Python finds it."""
    folder = tmp_path / "county_home"
    folder.mkdir()
    (folder / "__init__.py").write_text("", encoding="utf-8")
    (folder / "adapter.py").write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "test_home.py").write_text(TESTS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def run(package: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of the plugin as its author does."""
    paths = [str(package.parent), str(Path(__file__).resolve().parents[2] / "src"), os.environ.get("PYTHONPATH", "")]
    stamp = package / STAMP_FILE
    options = ["-p", "egov_core.testing.stamps", "--egov-stamp", str(stamp), "--egov-stamp-package", package.name]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, *more, "test_home.py"],
        cwd=package.parent,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def alter(package: Path, **changes: Any) -> None:
    """Write the stamp anew with other values."""
    file = package / STAMP_FILE
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


def test_a_run_writes_what_passed_and_a_changed_source_makes_it_stale(package: Path) -> None:
    assert str(read_stamp("county_home")) == "none"
    ran = run(package)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    total = size_of(ForwardingContract)
    assert f"stamp: forwarding (TestHome): passed {total} of {total}" in ran.stdout
    stamp = read_stamp("county_home")
    assert (stamp.state, str(stamp), stamp.reason) == (StampState.PASSED, f"passed {total} of {total}", "")
    assert (stamp.egov_core, stamp.api) == (__version__, API)
    [kit] = stamp.kits
    assert (kit.contract, kit.subject, dict(kit.claims)) == ("forwarding", "TestHome", {"leaves": False})
    assert (kit.run, kit.passed, kit.failed, kit.replaced) == (total, total, 0, ())

    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "x.pyc").write_bytes(b"1")
    assert read_stamp("county_home").state is StampState.PASSED, "what Python keeps beside the sources is none"
    (package / "adapter.py").write_text(PLUGIN + "\n", encoding="utf-8")
    stale = read_stamp("county_home")
    assert (str(stale), stale.state) == ("stale", StampState.STALE)
    assert "sources" in stale.reason


def test_a_run_that_fails_says_so_whichever_process_ran_and_shows_what_was_compared(package: Path) -> None:
    (package / "adapter.py").write_text(PLUGIN.replace('"H-" + envelope.key', '"H-1"'), encoding="utf-8")
    ran = run(package, "-k", "f2 or f7", "-n", "1", "--tb=line")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "assert 1 == 5" in ran.stdout, "the asserts of a kit show their values"
    stamp = read_stamp("county_home")
    [kit] = stamp.kits
    assert stamp.state is StampState.FAILED
    assert kit.passed + kit.failed == kit.run < kit.total == size_of(ForwardingContract)
    assert 0 < kit.failed < kit.run


@pytest.mark.parametrize(
    ("changes", "state", "word"),
    [
        ({"api": [API[0] + 1, 0]}, StampState.STALE, "hooks"),
        ({"digest": "0" * 64}, StampState.STALE, "sources"),
        ({"format": 2}, StampState.NONE, "format"),
        ({"kits": [{}]}, StampState.NONE, "read"),
        ({"kits": []}, StampState.INCOMPLETE, "none"),
        ({"api": "1.0"}, StampState.NONE, "read"),
        ({"kits": 7}, StampState.NONE, "read"),
    ],
)
def test_a_stamp_that_does_not_hold_is_recognised(
    package: Path, changes: dict[str, Any], state: StampState, word: str
) -> None:
    written = {"format": 1, "digest": source_digest("county_home"), "egov_core": "0", "api": list(API), "kits": []}
    (package / STAMP_FILE).write_text(json.dumps(written), encoding="utf-8")
    alter(package, **changes)
    stamp = read_stamp("county_home")
    assert stamp.state is state
    assert word in stamp.reason


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, StampState.PASSED),
        ({"edition": 9}, StampState.STALE),
        ({"replaced": ["test_f1_x"]}, StampState.INCOMPLETE),
        ({"passed": 49, "run": 49}, StampState.INCOMPLETE),
        ({"passed": 49, "failed": 1}, StampState.FAILED),
        ({"passed": "50"}, StampState.NONE),
        ({"passed": True}, StampState.NONE),
        ({"total": -1}, StampState.NONE),
    ],
)
def test_a_kit_in_a_stamp_counts_as_it_ran(package: Path, changes: dict[str, Any], state: StampState) -> None:
    kit = {
        "contract": "forwarding",
        "edition": 1,
        "subject": "TestHome",
        "claims": {},
        "total": 50,
        "run": 50,
        "passed": 50,
        "failed": 0,
        "replaced": [],
        **changes,
    }
    written = {"format": 1, "digest": source_digest("county_home"), "egov_core": "0", "api": list(API), "kits": [kit]}
    (package / STAMP_FILE).write_text(json.dumps(written), encoding="utf-8")
    assert read_stamp("county_home").state is state


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, "null", '{"format": 1}'])
def test_a_file_that_is_no_stamp_is_none(package: Path, text: str) -> None:
    (package / STAMP_FILE).write_text(text, encoding="utf-8")
    assert read_stamp("county_home").state is StampState.NONE


@pytest.mark.parametrize("name", ["no_such_package", "json.decoder", "no.such.package", "", "."])
def test_what_is_no_package_has_no_stamp(name: str) -> None:
    assert read_stamp(name).state is StampState.NONE
    assert source_digest(name) == ""


@pytest.mark.parametrize(("package_name", "word"), [(None, "wants"), ("no_such_package", "no package no_such_package")])
def test_a_stamp_for_no_package_is_refused(package_name: str | None, word: str) -> None:
    options = {"--egov-stamp": "conformance.json", "--egov-stamp-package": package_name}

    class Config:
        getoption = staticmethod(options.get)

    with pytest.raises(pytest.UsageError, match=word):
        pytest_configure(Config())  # type: ignore[arg-type]  # what a stamp asks of it


def test_the_runtime_knows_the_kits_there_are() -> None:
    assert {kit.contract: kit.edition for kit in KITS} == CONTRACTS


@pytest.mark.parametrize("kit", KITS)
def test_every_test_of_a_kit_is_named_after_a_promise_and_runs_as_counted(kit: type[Kit]) -> None:
    assert [name for name, _ in named_tests(kit) if not number_of(name)] == []
    assert size_of(kit) == sum(len(rows_of(test)) for _, test in named_tests(kit)) >= 15
    assert kit_of(type("Subject", (kit,), {})) is kit


def test_tests_that_a_subject_replaces_are_told() -> None:
    class Subject(ForwardingContract):
        def test_f7_the_name_is_a_stable_text(self) -> None:
            """Nothing is looked at."""

    assert about(Subject)["replaced"] == ["test_f7_the_name_is_a_stable_text"]
