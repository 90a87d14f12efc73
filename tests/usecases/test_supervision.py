"""The sweep: late entries, clocks that disagree, cases that cannot be read."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import CHINA, ONE_SECOND
from egov_core.errors import ClockError, IntegrityError, StorageError
from egov_core.ports.storage import CardRow, Unit
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, MONDAY, staff

DUE = datetime(2024, 7, 1, 23, 59, 59, tzinfo=CHINA)
NEXT_DAY = datetime(2024, 7, 2, 10, tzinfo=CHINA)


def cards(office: Office, case_id: str, level: str) -> list[CardRow]:
    found = office.storage.cards(AREA, case_id)
    return [card for card in found if card.level == level and card.timer_kind == "case"]


def swept_overdue() -> tuple[Office, ManualClock, str]:
    clock = ManualClock(MONDAY)
    office = county.open_small_county(clock=clock)
    case_id = county.reviewed(office).case_id
    clock.move_to(NEXT_DAY)
    assert office.sweep().issued == {"yellow": 1, "red": 1}
    return office, clock, case_id


def test_a_finish_entered_late_revokes_the_red_card_with_the_reason_and_keeps_it() -> None:
    office, _, case_id = swept_overdue()
    outcome = county.approve(office, case_id, at=DUE)
    assert outcome.happened == ("approved", "card-revoked")
    (red,) = cards(office, case_id, "red")
    assert (red.at, red.revoked_at, red.revoke_reason) == (DUE + ONE_SECOND, NEXT_DAY, "recorded-late")
    (yellow,) = cards(office, case_id, "yellow")
    assert yellow.revoked_at is None
    assert office.verify().violations == ()


def test_a_finish_one_second_after_due_entered_late_revokes_nothing() -> None:
    office, _, case_id = swept_overdue()
    assert county.approve(office, case_id, at=DUE + ONE_SECOND).happened == ("approved",)
    assert all(card.revoked_at is None for card in office.storage.cards(AREA, case_id))


def test_a_pause_entered_late_revokes_the_cards_and_the_true_ones_come_in_their_time() -> None:
    office, clock, case_id = swept_overdue()
    hearing = c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(5))
    begun = datetime(2024, 6, 27, 9, tzinfo=CHINA)
    paused = office.do(hearing, actor=staff("reviewer"), at=begun)
    assert paused.happened == ("paused", "card-revoked", "card-revoked")
    office.do(c.Resume(case_id=case_id, result="听证结束"), actor=staff("reviewer"))
    assert office.verify().violations == ()
    clock.move_to(datetime(2024, 8, 1, tzinfo=CHINA))
    assert office.sweep().issued == {"yellow": 1, "red": 1}
    false, true = cards(office, case_id, "red")
    assert (false.revoke_reason, true.revoke_reason) == ("recorded-late", "")
    assert false.at == DUE + ONE_SECOND
    assert true.at == datetime(2024, 7, 5, tzinfo=CHINA)  # 27 June to 2 July are not counted: four working days
    assert office.verify().violations == ()
    assert office.verify().pending_timers == 0


def test_a_card_at_an_instant_that_a_late_entry_moves_is_replaced_by_one_at_the_true_instant() -> None:
    office, clock, case_id = swept_overdue()
    clock.move_to(datetime(2024, 7, 10, 9, tzinfo=CHINA))
    hearing = c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(5))
    # entered on 10 July with their true times: the hearing lasted two counted days, so that red came two days later
    office.do(hearing, actor=staff("reviewer"), at=datetime(2024, 6, 26, 9, tzinfo=CHINA))
    office.do(
        c.Resume(case_id=case_id, result="结束"), actor=staff("reviewer"), at=datetime(2024, 6, 28, 9, tzinfo=CHINA)
    )
    red = cards(office, case_id, "red")
    assert [(card.at.date().isoformat(), card.revoked_at is None) for card in red] == [
        ("2024-07-02", False),
        ("2024-07-04", True),
    ]
    assert office.verify().violations == ()


def test_cards_are_held_when_the_clock_stands_behind_what_was_recorded() -> None:
    office = county.open_small_county()
    case_id = county.accepted(office).case_id
    future = datetime(2024, 9, 2, 9, tzinfo=CHINA)
    office.storage.write(lambda unit: unit.advance(AREA, future))
    behind = ManualClock(future - timedelta(minutes=5, seconds=1))
    object.__setattr__(office.services, "clock", behind)
    with pytest.raises(ClockError) as held:
        office.sweep()
    assert held.value.data["last"] == future.isoformat()
    assert office.storage.cards(AREA, case_id) == ()
    behind.advance(ONE_SECOND)
    assert office.sweep().issued == {"yellow": 1, "red": 1}  # five minutes are borne


def test_a_sweep_that_began_before_somebody_acted_unmakes_no_card() -> None:
    """The clerk acts while the sweep is on its way; her card's instant lies after the sweep's beginning."""
    clock = ManualClock(MONDAY)
    office = county.open_small_county(clock=clock)
    case_id = county.accepted(office).case_id
    clock.move_to(datetime(2024, 7, 1, 9, tzinfo=CHINA))  # yellow is due, red is not
    real = office.storage.due_timers
    acted: list[str] = []

    def due_timers(area: str, until: datetime, limit: int) -> object:
        found = real(area, until, limit)
        if not acted:
            clock.move_to(NEXT_DAY)
            acted.extend(county.review(office, case_id).happened)
        return found

    office.storage.due_timers = due_timers  # type: ignore[method-assign,assignment]  # stands in for the method
    assert office.sweep().revoked == 0
    assert acted == ["reviewed", "card-issued", "card-issued"]
    assert [card.revoked_at for card in office.storage.cards(AREA, case_id)] == [None, None]
    assert office.verify().violations == ()


def test_a_clock_a_minute_behind_unmakes_no_card() -> None:
    office, _, case_id = swept_overdue()
    row = office.storage.case(AREA, case_id)
    assert row is not None
    timers = office.storage.timers(AREA, case_id)
    stale = [attrs.evolve(timer, next_fire_at=DUE) for timer in timers if timer.stopped_at is None]
    office.storage.write(lambda unit: unit.put_timers(stale))  # so that the sweep looks at the case
    object.__setattr__(office.services, "clock", ManualClock(NEXT_DAY - timedelta(minutes=1)))
    assert office.sweep().revoked == 0
    object.__setattr__(office.services, "clock", ManualClock(DUE))
    with pytest.raises(ClockError):
        office.sweep()
    assert office.storage.timers(AREA, case_id) == timers


def test_one_case_that_cannot_be_read_does_not_hold_the_cards_of_the_others(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/county.db"
    with county.open_small_county(url) as office:
        case_ids = [county.accepted(office).case_id for _ in range(5)]
    broken = min(case_ids)  # its timer stands first among those of one instant
    with sqlite3.connect(tmp_path / "county.db") as database:
        database.execute("UPDATE cases SET data = ? WHERE case_id = ?", (b'{"half', broken))
    database.close()
    clock = ManualClock(NEXT_DAY)
    with open_office(county.settings(url), clock=clock) as office:
        with pytest.raises(IntegrityError, match=broken) as told:
            office.sweep()
        assert told.value.data["cases"] == [broken]
        assert told.value.data["issued"] == {"yellow": 4, "red": 4}
        assert {one for one in case_ids if office.storage.cards(AREA, one)} == set(case_ids) - {broken}
        assert any(one.stream == broken for one in office.verify().violations)


def test_more_unreadable_cases_than_a_batch_still_do_not_hold_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("egov_core.usecases.cases.supervision.BATCH", 2)
    url = f"sqlite:///{tmp_path}/county.db"
    with county.open_small_county(url) as office:
        case_ids = sorted(county.accepted(office).case_id for _ in range(7))
    with sqlite3.connect(tmp_path / "county.db") as database:
        database.executemany("UPDATE cases SET data = x'00' WHERE case_id = ?", [(one,) for one in case_ids[:5]])
    database.close()
    with open_office(county.settings(url), clock=ManualClock(NEXT_DAY)) as office:
        with pytest.raises(IntegrityError) as told:
            office.sweep()
        assert told.value.data["cases"] == case_ids[:5]
        assert all(len(office.storage.cards(AREA, one)) == 2 for one in case_ids[5:])


def test_a_store_that_fails_ends_the_sweep() -> None:
    office, clock, _ = swept_overdue()
    county.accepted(office)
    clock.advance(timedelta(days=60))

    def write(_fn: object) -> None:
        raise StorageError("the disk is full", remedy="make room")

    office.storage.write = write  # type: ignore[method-assign,assignment]  # stands in for the method
    with pytest.raises(StorageError, match="the disk is full"):
        office.sweep()


def test_a_stale_timer_is_made_anew_and_not_asked_again() -> None:
    clock = ManualClock(MONDAY)
    office = county.open_small_county(clock=clock)
    case_id = county.accepted(office).case_id
    true = office.storage.timers(AREA, case_id)

    def plant(unit: Unit) -> None:
        unit.put_timers([attrs.evolve(row, next_fire_at=MONDAY) for row in true if row.stopped_at is None])

    office.storage.write(plant)
    assert office.sweep() == attrs.evolve(office.sweep(), looked_at=1)
    assert office.storage.timers(AREA, case_id) == true
