"""The part of the storage contract that takes threads: races, shared commits and what readers see meanwhile.

Rules of this room: threads meet at a barrier, never at a sleep; every thread's exception fails the test. Part of
`StorageContract`, which authors subclass.
"""

# ruff: noqa: D102 - a test's name is its sentence

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from egov_core.ports.storage import Storage, Unit
from egov_core.testing import storage_rows as new
from egov_core.testing.storage_rows import AREA

THREADS = 8
ROUNDS = 20
PATIENCE = 60.0


def together(work: Callable[[int], Any], threads: int = THREADS) -> list[Any]:
    """What `work(0)`, `work(1)` … give when they start at once. The first exception, if any, is raised here."""
    barrier = threading.Barrier(threads)
    answers: list[Any] = [None] * threads
    failures: list[BaseException] = []

    def run(index: int) -> None:
        try:
            barrier.wait(PATIENCE)
            answers[index] = work(index)
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)

    running = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in running), "a writer waits for ever"
    if failures:
        raise failures[0]
    return answers


class Fail(Exception):  # noqa: N818 - not an error of ours: what a function may raise
    """Raised by functions of this kit."""


class StorageRaces:
    """S2, S4, S7 and S8 with eight threads."""

    def test_s4_of_eight_who_save_one_case_exactly_one_wins(self, storage: Storage) -> None:
        storage.write(lambda unit: unit.save_case(new.case_row(version=1), expected=0))
        for version in range(1, ROUNDS + 1):

            def race(index: int, version: int = version) -> bool:
                def fn(unit: Unit) -> bool:
                    seen = unit.case(AREA, "case-1")
                    assert seen is not None
                    return unit.save_case(new.case_row(version=version + 1, state=f"clerk-{index}"), expected=version)

                return storage.write(fn)

            won = together(race)
            assert won.count(True) == 1
            stored = storage.case(AREA, "case-1")
            assert stored is not None
            assert (stored.version, stored.state) == (version + 1, f"clerk-{won.index(True)}")

    def test_s4_increments_of_eight_threads_are_all_kept(self, storage: Storage) -> None:
        storage.write(lambda unit: unit.save_case(new.case_row(version=1), expected=0))

        def count_up(_: int) -> None:
            for _ in range(ROUNDS):

                def fn(unit: Unit) -> bool:
                    seen = unit.case(AREA, "case-1")
                    assert seen is not None
                    return unit.save_case(new.case_row(version=seen.version + 1), expected=seen.version)

                while not storage.write(fn):
                    pass

        together(count_up)
        stored = storage.case(AREA, "case-1")
        assert stored is not None
        assert stored.version == 1 + THREADS * ROUNDS

    def test_s7_numbers_are_given_once_and_without_gap_while_others_fail(self, storage: Storage) -> None:
        def take(index: int) -> list[int]:
            taken: list[int] = []

            def fn(unit: Unit) -> int:
                number = unit.next_number(AREA, "2016")
                if (number + index) % 3 == 0:
                    raise Fail
                return number

            while len(taken) < ROUNDS:
                try:
                    taken.append(storage.write(fn))
                except Fail:
                    taken.append(storage.write(lambda unit: unit.next_number(AREA, "2016")))
            return taken

        numbers = sorted(number for taken in together(take) for number in taken)
        assert numbers == list(range(1, THREADS * ROUNDS + 1))

    def test_s2_neighbours_in_a_commit_fail_alone(self, storage: Storage) -> None:
        def work(index: int) -> int:
            failed = 0
            for turn in range(ROUNDS):

                def fn(unit: Unit, turn: int = turn) -> None:
                    unit.append([new.stored_event(1, f"{index}-{turn}")])
                    unit.save_case(new.case_row(f"{index}-{turn}"), expected=0)
                    if (index + turn) % 2:
                        raise Fail(index, turn)

                try:
                    storage.write(fn)
                except Fail as error:
                    if error.args != (index, turn):
                        raise AssertionError("another caller's exception") from error
                    failed += 1
            return failed

        failed = together(work)
        assert sum(failed) == THREADS * ROUNDS // 2
        kept = {f"{index}-{turn}" for index in range(THREADS) for turn in range(ROUNDS) if (index + turn) % 2 == 0}
        assert set(storage.streams(AREA)) == kept
        assert storage.counts(AREA)["cases"] == len(kept)

    def test_s8_a_reader_sees_nothing_of_a_running_unit(self, storage: Storage) -> None:
        inside, looked = threading.Event(), threading.Event()

        def fn(unit: Unit) -> None:
            unit.save_case(new.case_row(), expected=0)
            unit.append([new.stored_event(1)])
            inside.set()
            assert looked.wait(PATIENCE)

        def work(index: int) -> None:
            if index == 0:
                storage.write(fn)
                return
            assert inside.wait(PATIENCE)
            try:
                assert storage.case(AREA, "case-1") is None
                assert storage.events(AREA, "case-1") == ()
                assert storage.counts(AREA)["cases"] == 0
            finally:
                looked.set()

        together(work, 2)
        assert storage.case(AREA, "case-1") == new.case_row()
        assert storage.events(AREA, "case-1") == (new.stored_event(1),)
        assert storage.counts(AREA)["cases"] == 1

    def test_s8_what_was_acknowledged_is_seen_at_once_by_everybody(self, storage: Storage) -> None:
        acknowledged = [0] * THREADS

        def append(index: int, position: int) -> None:
            storage.write(lambda unit: unit.append([new.stored_event(position, f"s{index}")]))

        def work(index: int) -> None:
            for position in range(1, ROUNDS + 1):
                append(index, position)
                acknowledged[index] = position
                other = (index + 1) % THREADS
                before = acknowledged[other]
                assert len(storage.events(AREA, f"s{other}")) >= before

        together(work)
        assert storage.counts(AREA)["events"] == THREADS * ROUNDS
