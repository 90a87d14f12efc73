"""The contract of timer kinds can fail: each plugin here is broken in one way, and the kit must say so.

What a plugin cannot break by itself (counting, ledger, cards, storing) is broken in the library, to see it noticed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import attrs
import pytest

from egov_core.domain.timers.kinds import Party, TimerKind
from egov_core.domain.timers.ledger import ledger
from egov_core.domain.timers.reckoning import Due, Ruler
from egov_core.runtime.office import Office
from egov_core.testing.kit_run import run_kit
from egov_core.testing.timer_kind_contract import TimerKindContract
from egov_core.usecases.cases.supervision import SweepReport
from tests.testing.bites import assert_caught, assert_whole
from tests.testing.broken_kinds import BROKEN, WholeKinds

ONE_DAY = timedelta(days=1)


class Whole(TimerKindContract):
    codes: ClassVar[tuple[str, ...]] = ("site-visit", "print", "answer")
    standards: ClassVar[dict[str, str]] = {"print": "3wd"}
    offered: type[WholeKinds] = WholeKinds

    def make_plugin(self) -> WholeKinds:
        return self.offered()


@pytest.mark.parametrize(("broken", "promise"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_the_kit_catches(broken: type[WholeKinds], promise: str) -> None:
    assert_caught(type("Subject", (Whole,), {"offered": broken}), promise)


def test_the_kit_finds_no_fault_in_what_is_whole() -> None:
    assert_whole(Whole)


def test_due_dates_that_are_reckoned_wrongly_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    reckoned = Ruler.due

    def due(ruler: Ruler, *given: Any, **named: Any) -> Due:
        found = reckoned(ruler, *given, **named)
        if found.due is None or found.last_day is None:
            return found
        return attrs.evolve(found, due=found.due - ONE_DAY, last_day=found.last_day - ONE_DAY)

    monkeypatch.setattr(Ruler, "due", due)
    assert run_kit(Whole, only="K4").broken_promises == ("K4",)


def test_a_ledger_that_does_not_add_up_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("egov_core.testing.timer_kind_contract.ledger", lambda *given: ledger(*given)[:-1])
    assert run_kit(Whole, only="K5").broken_promises == ("K5",)


def test_cards_that_depend_on_who_looks_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """After twenty sweeps the office is tired of looking."""
    looked = Office.sweep

    def sweep(office: Office) -> SweepReport:
        office.__dict__["looks"] = office.__dict__.get("looks", 0) + 1
        return looked(office) if office.__dict__["looks"] <= 20 else SweepReport(looked_at=0, issued={}, revoked=0)

    monkeypatch.setattr(Office, "sweep", sweep)
    assert run_kit(Whole, only="K6").broken_promises == ("K6",)


def test_a_card_against_the_applicant_is_caught() -> None:
    """The kit is told that it is the applicant's time, and sees the cards of an organ."""

    class Subject(Whole):
        def kinds(self) -> list[TimerKind]:
            return [attrs.evolve(kind, party=Party.APPLICANT) for kind in super().kinds()]

    assert run_kit(Subject, only="K6").broken_promises == ("K6",)


def test_a_plugin_that_changes_other_timers_is_caught() -> None:
    class Subject(Whole):
        codes: ClassVar[tuple[str, ...]] = ("print", "answer")

    assert "K7" in run_kit(Subject, only="K7").broken_promises


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) == len({name for name, _, _ in BROKEN}) >= 15
