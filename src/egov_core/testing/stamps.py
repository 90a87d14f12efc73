"""A pytest plugin that writes down what a run of the kits has found, as a stamp for the plugin that was tested.

Rules of this room: it only listens; a run is the same with and without it. It is loaded by name and never by itself:

    pytest -p egov_core.testing.stamps --egov-stamp src/my_plugin/conformance.json --egov-stamp-package my_plugin

The stamp is made of the run and nothing else: no date, no machine, so that the same sources give the same stamp. What
it is worth is judged by `egov_core.runtime.stamps`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from egov_core import __version__
from egov_core.hooks.spec import API
from egov_core.runtime.stamps import FORMAT, source_digest
from egov_core.testing.kit import Kit, kit_of, replaced_in, size_of

PROPERTY = "egov_kit"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two options."""
    group = parser.getgroup("egov_core")
    group.addoption("--egov-stamp", metavar="FILE", help="write what the conformance kits found to this file")
    group.addoption("--egov-stamp-package", metavar="NAME", help="the package of the plugin that is tested")


def pytest_configure(config: pytest.Config) -> None:
    """Listen, where a stamp is wanted."""
    file, package = config.getoption("--egov-stamp"), config.getoption("--egov-stamp-package")
    if not file:
        return
    if not package:
        raise pytest.UsageError("--egov-stamp wants --egov-stamp-package: a stamp is for the sources of a package")
    if not source_digest(package):
        raise pytest.UsageError(f"--egov-stamp-package: there is no package {package} to be found")
    config.pluginmanager.register(
        Stamper(Path(file), package, writes=not hasattr(config, "workerinput")), "egov-stamper"
    )


class Stamper:
    """Counts the tests of kits. With pytest-xdist the workers say which kit a test is of, and one process writes."""

    def __init__(self, file: Path, package: str, *, writes: bool) -> None:
        self._file, self._package, self._writes = file, package, writes
        self._kits: dict[str, dict[str, Any]] = {}
        self._tests: dict[str, dict[str, bool]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Have each test of a kit say in its report which kit it is of."""
        for item in items:
            subject = getattr(item, "cls", None)
            if isinstance(subject, type) and issubclass(subject, Kit):
                item.user_properties.append((PROPERTY, {"at": item.nodeid.rpartition("::")[0], **about(subject)}))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a phase of a test: one that failed or was skipped takes the test with it."""
        for name, kit in report.user_properties:
            if name == PROPERTY and isinstance(kit, dict):
                self._kits[kit["at"]] = kit
                tests = self._tests.setdefault(kit["at"], {})
                tests[report.nodeid] = tests.get(report.nodeid, True) and report.passed

    def pytest_sessionfinish(self) -> None:
        """Write the stamp."""
        if self._writes:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self.stamp(), ensure_ascii=False, indent=2, sort_keys=True)
            self._file.write_text(f"{text}\n", encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what was written."""
        for kit in self.stamp()["kits"] if self._writes else ():
            told = f"{kit['contract']} ({kit['subject']}): passed {kit['passed']} of {kit['total']}"
            terminalreporter.write_line(f"stamp: {told} -> {self._file}")

    def stamp(self) -> dict[str, Any]:
        """The stamp as it is written."""
        return {
            "format": FORMAT,
            "package": self._package,
            "digest": source_digest(self._package),
            "egov_core": __version__,
            "api": list(API),
            "kits": [self._counted(place) for place in sorted(self._kits)],
        }

    def _counted(self, place: str) -> dict[str, Any]:
        kit, outcomes = self._kits[place], list(self._tests[place].values())
        told = {name: value for name, value in kit.items() if name != "at"}
        passed = outcomes.count(True)
        return {**told, "run": len(outcomes), "passed": passed, "failed": len(outcomes) - passed}


def about(subject: type[Kit]) -> dict[str, Any]:
    """What a stamp says about a subject, whatever its tests find."""
    kit = kit_of(subject)
    claims: dict[str, Any] = json.loads(json.dumps(subject.claimed(), default=str, ensure_ascii=False))
    return {
        "contract": kit.contract,
        "edition": kit.edition,
        "subject": subject.__name__,
        "claims": claims,
        "total": size_of(subject),
        "replaced": list(replaced_in(subject)),
    }
