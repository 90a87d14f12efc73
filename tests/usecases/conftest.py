"""Offices in memory and on SQLite, whose story is verified when it has been told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import timed_county as timed


@pytest.fixture(params=["memory", "sqlite"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[timed.Opener]:
    """Opens offices. Each is verified at the end of the test, and again after the sweeps that come later."""
    offices: list[Office] = []

    def opener(start: str, **given: Any) -> Office:
        url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/county{len(offices)}.db"
        offices.append(timed.open_timed_county(url, start=timed.time(start), **given))
        return offices[-1]

    yield opener
    for office in offices:
        assert office.verify().violations == ()
        for later in (timedelta(0), timedelta(days=1), timedelta(days=300)):
            assert isinstance(office.clock, ManualClock)
            office.clock.advance(later)
            office.sweep()
            found = office.verify()
            assert (found.violations, found.pending_timers) == ((), 0)
        office.close()
