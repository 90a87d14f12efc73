"""The storage contract as tests: subclass `StorageContract`, override `make_storage`, run pytest.

Rules of this room: what `ports/storage.py` promises and nothing of any backend; a test is named after the promise it
holds (S1-S15). There are no skips: what a backend does not claim is checked to be as it says. What there is
once is in `storage_uniqueness.py`, what is read in `storage_reading.py`, what takes threads in `storage_races.py`.

    class TestMine(StorageContract):
        durable = True

        def make_storage(self, folder):
            return MyStorage(folder / "mine.db")
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from egov_core.domain.audit import GENESIS
from egov_core.errors import ConflictError, StorageError
from egov_core.ports.storage import Storage, Unit
from egov_core.testing import storage_rows as new
from egov_core.testing.kit import Kit
from egov_core.testing.storage_races import StorageRaces
from egov_core.testing.storage_reading import StorageReading
from egov_core.testing.storage_rows import AREA, ELSEWHERE, START, later
from egov_core.testing.storage_uniqueness import StorageUniqueness


class Stop(Exception):  # noqa: N818 - not an error of ours: what a function may raise
    """Raised by functions of this kit."""


class StorageContract(StorageUniqueness, StorageReading, StorageRaces, Kit):
    """S1-S15. Claims: `durable` = what was acknowledged is there when `make_storage` opens the same folder again."""

    contract = "storage"
    edition = 3
    promises = "egov_core.ports.storage"
    capabilities = ("durable",)
    durable = True

    def make_storage(self, folder: Path) -> Storage:
        """Open the storage in `folder`, an empty folder at first. Override this."""
        raise NotImplementedError

    @pytest.fixture
    def storage(self, tmp_path: Path) -> Iterator[Storage]:
        """An empty storage, closed afterwards."""
        made = self.make_storage(tmp_path)
        yield made
        made.close()

    # --- S1 committing ------------------------------------------------------------------------------------------------

    def test_s1_all_that_a_unit_did_is_there(self, storage: Storage) -> None:
        def fn(unit: Unit) -> str:
            assert unit.save_case(new.case_row(), expected=0)
            unit.append([new.stored_event(1), new.stored_event(2)])
            unit.put_timers([new.timer_row()])
            unit.issue_cards([new.card_row()])
            unit.enqueue([new.outbox_row()])
            unit.remember(new.idempotency_row())
            unit.put_subject(new.subject_row())
            unit.put_references([new.reference_row()])
            unit.advance(AREA, START)
            return "done"

        assert storage.write(fn) == "done"
        assert storage.case(AREA, "case-1") == storage.case_by_number(AREA, "N-case-1") == new.case_row()
        assert storage.events(AREA, "case-1") == (new.stored_event(1), new.stored_event(2))
        assert storage.timers(AREA, "case-1") == (new.timer_row(),)
        assert storage.cards(AREA, "case-1") == (new.card_row(),)
        assert storage.outbox(AREA, "out-1") == new.outbox_row()
        assert storage.recall(AREA, "clerk-1", "key-1") == new.idempotency_row()
        assert tuple(storage.remembered(AREA)) == (new.idempotency_row(),)
        assert storage.subject(AREA, "subject-1") == new.subject_row()
        assert storage.references(AREA, "organ") == (new.reference_row(),)
        assert storage.last_instant(AREA) == START
        assert storage.counts(AREA) == {"cases": 1, "events": 2, "timers": 1, "cards": 1, "outbox": 1}

    def test_s1_what_was_acknowledged_is_as_claimed_after_reopening(self, tmp_path: Path) -> None:
        first = self.make_storage(tmp_path)
        first.write(lambda unit: unit.save_case(new.case_row(), expected=0))
        first.close()
        second = self.make_storage(tmp_path)
        found = second.case(AREA, "case-1")
        second.close()
        assert found == (new.case_row() if self.durable else None)

    def test_s1_a_unit_sees_what_it_did(self, storage: Storage) -> None:
        def fn(unit: Unit) -> None:
            assert unit.head(AREA, "case-1") == (0, GENESIS)
            unit.save_case(new.case_row(), expected=0)
            assert unit.case(AREA, "case-1") == new.case_row()
            unit.remember(new.idempotency_row())
            assert unit.recall(AREA, "clerk-1", "key-1") == new.idempotency_row()
            unit.append([new.stored_event(1)])
            assert unit.head(AREA, "case-1") == (1, new.stored_event(1).head)

        storage.write(fn)

    def test_s1_a_unit_kept_after_its_write_can_do_nothing(self, storage: Storage) -> None:
        kept: list[Unit] = []
        storage.write(kept.append)
        with pytest.raises(StorageError):
            kept[0].advance(AREA, START)
        assert storage.last_instant(AREA) is None

    def test_s1_areas_do_not_see_each_other(self, storage: Storage) -> None:
        def fn(unit: Unit) -> None:
            for area in (AREA, ELSEWHERE):
                assert unit.save_case(new.case_row(area=area), expected=0)
                assert unit.next_number(area, "2016") == 1
                unit.append([new.stored_event(1, area=area)])
                unit.remember(new.idempotency_row(area=area))
                unit.issue_cards([new.card_row(area=area)])
                unit.enqueue([new.outbox_row(area=area)])
            unit.save_case(new.case_row("here-only"), expected=0)
            unit.put_references([new.reference_row()])
            unit.advance(AREA, START)

        storage.write(fn)
        assert storage.counts(AREA) == {"cases": 2, "events": 1, "timers": 0, "cards": 1, "outbox": 1}
        assert (storage.case(ELSEWHERE, "here-only"), storage.last_instant(ELSEWHERE)) == (None, None)
        assert (storage.references(ELSEWHERE, "organ"), storage.reference_version(ELSEWHERE)) == ((), 0)
        assert storage.counts(ELSEWHERE) == {"cases": 1, "events": 1, "timers": 0, "cards": 1, "outbox": 1}
        found = storage.case(ELSEWHERE, "case-1")
        assert found is not None
        assert found.area == ELSEWHERE

    def test_s17_every_area_that_was_written_is_told_and_no_other(self, storage: Storage) -> None:
        assert storage.areas() == ()
        storage.write(lambda unit: unit.advance(ELSEWHERE, START))
        storage.write(lambda unit: unit.put_references([new.reference_row(), new.reference_row(code="b")]))

        def lost(unit: Unit) -> None:
            unit.advance("000000", START)
            assert storage.areas() == (AREA, ELSEWHERE), "only what is committed is told"
            raise Stop

        with pytest.raises(Stop):
            storage.write(lost)
        storage.write(lambda unit: unit.advance(AREA, START))
        assert storage.areas() == (AREA, ELSEWHERE)

    # --- S2, S3 exceptions --------------------------------------------------------------------------------------------

    def test_s2_an_exception_undoes_its_unit_and_nothing_else(self, storage: Storage) -> None:
        storage.write(lambda unit: unit.save_case(new.case_row("kept"), expected=0))

        def fn(unit: Unit) -> None:
            unit.save_case(new.case_row("lost"), expected=0)
            unit.save_case(new.case_row("kept", version=2, state="accepted"), expected=1)
            unit.append([new.stored_event(1)])
            unit.put_timers([new.timer_row()])
            unit.issue_cards([new.card_row()])
            unit.enqueue([new.outbox_row()])
            unit.remember(new.idempotency_row())
            unit.put_subject(new.subject_row())
            unit.put_references([new.reference_row()])
            unit.advance(AREA, START)
            raise Stop

        with pytest.raises(Stop):
            storage.write(fn)
        assert storage.case(AREA, "lost") is None
        assert storage.case_by_number(AREA, "N-lost") is None
        assert storage.case(AREA, "kept") == new.case_row("kept")
        assert storage.events(AREA, "case-1") == ()
        assert storage.outbox(AREA, "out-1") is None
        assert storage.recall(AREA, "clerk-1", "key-1") is None
        assert storage.subject(AREA, "subject-1") is None
        assert storage.references(AREA, "organ") == ()
        assert storage.reference_version(AREA) == 0
        assert storage.last_instant(AREA) is None
        assert storage.due_timers(AREA, later(10_000), 9) == ()
        assert storage.counts(AREA) == {"cases": 1, "events": 0, "timers": 0, "cards": 0, "outbox": 0}

    @pytest.mark.parametrize("kind", [Stop, KeyboardInterrupt, SystemExit])
    def test_s3_an_exception_reaches_its_caller_unchanged_and_writing_goes_on(
        self, storage: Storage, kind: type[BaseException]
    ) -> None:
        raised = kind("why")

        def fn(unit: Unit) -> None:
            unit.save_case(new.case_row(), expected=0)
            raise raised

        with pytest.raises(kind) as caught:
            storage.write(fn)
        assert caught.value is raised
        assert storage.write(lambda unit: unit.case(AREA, "case-1")) is None

    def test_s3_a_unit_cannot_start_another(self, storage: Storage) -> None:
        with pytest.raises(StorageError):
            storage.write(lambda _: storage.write(lambda unit: unit.head(AREA, "x")))
        assert storage.write(lambda unit: unit.head(AREA, "x")) == (0, GENESIS)

    # --- S4 compare-and-set -------------------------------------------------------------------------------------------

    def test_s4_a_case_is_saved_only_over_the_version_expected(self, storage: Storage) -> None:
        def save(version: int, expected: int) -> bool:
            row = new.case_row(version=version, state=f"state-{version}")
            return storage.write(lambda unit: unit.save_case(row, expected=expected))

        assert not save(1, expected=1), "there is no case yet"
        assert save(1, expected=0)
        assert not save(9, expected=0), "there is one now"
        assert not save(9, expected=2)
        assert storage.case(AREA, "case-1") == new.case_row(state="state-1")
        assert save(2, expected=1)
        assert not save(9, expected=1)
        assert storage.case(AREA, "case-1") == new.case_row(version=2, state="state-2")

    def test_s4_a_number_belongs_to_one_case(self, storage: Storage) -> None:
        storage.write(lambda unit: unit.save_case(new.case_row("a", number="1"), expected=0))
        with pytest.raises(ConflictError):
            storage.write(lambda unit: unit.save_case(new.case_row("b", number="1"), expected=0))
        storage.write(lambda unit: unit.save_case(new.case_row("b", number="2"), expected=0))
        with pytest.raises(ConflictError):
            storage.write(lambda unit: unit.save_case(new.case_row("b", number="1", version=2), expected=1))
        assert not storage.write(lambda unit: unit.save_case(new.case_row("b", number="1"), expected=7))
        assert storage.case(AREA, "b") == new.case_row("b", number="2")

    # --- S11 closing --------------------------------------------------------------------------------------------------

    def test_s11_after_closing_every_call_is_refused(self, tmp_path: Path) -> None:
        storage = self.make_storage(tmp_path)
        storage.write(lambda unit: unit.save_case(new.case_row(), expected=0))
        storage.close()
        storage.close()
        calls: list[Callable[[], Any]] = [
            lambda: storage.write(lambda unit: unit.head(AREA, "x")),
            lambda: storage.case(AREA, "case-1"),
            lambda: storage.case_by_number(AREA, "N-case-1"),
            lambda: storage.cases(AREA, "", 1),
            lambda: storage.events(AREA, "case-1"),
            lambda: storage.streams(AREA),
            lambda: storage.timers(AREA, "case-1"),
            lambda: storage.due_timers(AREA, START, 1),
            lambda: storage.running_timers(AREA, START.date(), START.date(), "", 1),
            lambda: storage.cards(AREA, "case-1"),
            lambda: storage.outbox(AREA, "x"),
            lambda: storage.due_outbox(AREA, START, 1),
            lambda: storage.outbox_of(AREA, "case-1"),
            lambda: storage.recall(AREA, "a", "k"),
            lambda: storage.subject(AREA, "s"),
            lambda: storage.references(AREA, "organ"),
            lambda: storage.reference_version(AREA),
            lambda: storage.last_instant(AREA),
            storage.areas,
            lambda: storage.counts(AREA),
        ]
        for call in calls:
            with pytest.raises(StorageError):
                call()
