"""Running a kit without a test runner: for trying a subject out, and for trying a kit out on a broken one.

Rules of this room: each test is called on a fresh instance for every value it is parametrised with, with the fixtures
that kits use (`tmp_path`, and those a kit defines itself). Whatever way a test fails, it has failed.
"""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.testing.kit import Kit, named_tests, number_of, rows_of


@attrs.frozen(kw_only=True)
class KitRun:
    """What a run of a kit found: the tests that passed, and those that failed with the reason."""

    passed: tuple[str, ...]
    failed: dict[str, str]

    @property
    def ok(self) -> bool:
        """Whether there was something to pass and nothing failed."""
        return bool(self.passed) and not self.failed

    @property
    def broken_promises(self) -> tuple[str, ...]:
        """The numbers of the promises whose tests failed."""
        return tuple(sorted({number_of(name) for name in self.failed}))


def run_kit(subject: type[Kit], *, only: str = "", first: bool = False) -> KitRun:
    """Run the tests of a subject's class; `only` those of one promise, `first` until one fails."""
    passed: list[str] = []
    failed: dict[str, str] = {}
    for name, test in named_tests(subject):
        if only and number_of(name) != only.upper():
            continue
        for row in rows_of(test):
            try:
                _run(subject(), name, row)
            except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - whatever way it fails
                failed[name] = f"{type(error).__name__}: {error}"
                break
        else:
            passed.append(name)
        if first and failed:
            break
    return KitRun(passed=tuple(passed), failed=failed)


def _run(kit: Kit, name: str, row: dict[str, Any]) -> None:
    test = getattr(kit, name)
    with ExitStack() as held:
        folder: list[Path] = []

        def tmp_path() -> Path:
            if not folder:
                folder.append(Path(held.enter_context(tempfile.TemporaryDirectory())))
            return folder[0]

        def ask(function: Callable[..., Any]) -> dict[str, Any]:
            wanted = [one for one in inspect.signature(function).parameters if one not in row and one != "self"]
            return {one: tmp_path() if one == "tmp_path" else fixture(one) for one in wanted}

        def fixture(wanted: str) -> Any:
            made = getattr(type(kit), wanted).__wrapped__
            return held.enter_context(contextmanager(_generator(made))(kit, **ask(made)))

        test(**row, **ask(test))


def _generator(fixture: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
    """A fixture as a generator, whichever way it was written."""
    if inspect.isgeneratorfunction(fixture):
        return fixture

    def once(*given: Any, **named: Any) -> Iterator[Any]:
        yield fixture(*given, **named)

    return once
