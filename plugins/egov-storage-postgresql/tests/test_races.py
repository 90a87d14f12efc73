"""Several processes, connections and units at once: what comes second waits, is told, or is run again."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from egov_core.errors import ConflictError, StorageBusyError, StorageError
from egov_core.ports.storage import IdempotencyRow, Unit
from egov_core.storage.sql.storage import SqlStorage
from egov_core.testing import storage_rows as new
from egov_core.testing.storage_races import together
from egov_core.testing.storage_rows import AREA, START
from egov_storage_postgresql import opening
from egov_storage_postgresql.opening import open_postgresql

Behind = Callable[[str], list[tuple[Any, ...]]]

START_TOGETHER = """
import sys
from egov_core.errors import ConflictError
from egov_core.testing import storage_rows as new
from egov_core.testing.storage_rows import AREA
from egov_storage_postgresql.opening import open_postgresql
print("ready", flush=True)
sys.stdin.readline()
storage = open_postgresql(sys.argv[1])
"""

OPENING = START_TOGETHER + "print(storage.counts(AREA)['cases'], flush=True)\nstorage.close()\n"

WRITING = (
    START_TOGETHER
    + """
def fn(unit):
    number = unit.next_number(AREA, "2016")
    position, _ = unit.head(AREA, "shared")
    unit.append([new.stored_event(position + 1, "shared")])
    unit.save_case(new.case_row(f"case-{number}"), expected=0)
    seen = unit.case(AREA, "counter")
    assert unit.save_case(new.case_row("counter", version=seen.version + 1), expected=seen.version)
    return number
for _ in range(25):
    while True:
        try:
            print(storage.write(fn), flush=True)
            break
        except (AssertionError, ConflictError):
            pass
storage.close()
"""
)


def processes(script: str, url: str, count: int) -> list[list[str]]:
    """What each of `count` processes prints that run a script and were let go together."""
    command = [sys.executable, "-c", script, url]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = []
    for process in running:
        printed, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
        told.append(printed.split())
    return told


def test_processes_that_open_an_empty_database_at_once_all_find_the_schema(postgresql_url: str, behind: Behind) -> None:
    assert processes(OPENING, postgresql_url, 2) == [["0"]] * 2
    assert behind("SELECT count(*) FROM meta") == [(1,)]


def test_numbers_positions_and_versions_of_several_processes_have_no_gap(
    storage: SqlStorage, postgresql_url: str
) -> None:
    storage.write(lambda unit: unit.save_case(new.case_row("counter", version=1), expected=0))
    numbers = [int(number) for told in processes(WRITING, postgresql_url, 3) for number in told]
    assert sorted(numbers) == list(range(1, 76))
    assert [event.position for event in storage.events(AREA, "shared")] == list(range(1, 76))
    counter = storage.case(AREA, "counter")
    assert counter is not None
    assert counter.version == 76


def test_of_two_connections_that_save_one_case_exactly_one_wins(storage: SqlStorage, postgresql_url: str) -> None:
    storage.write(lambda unit: unit.save_case(new.case_row(), expected=0))
    other = open_postgresql(postgresql_url)

    def race(index: int) -> bool:
        def fn(unit: Unit) -> bool:
            assert unit.case(AREA, "case-1") is not None
            saved = unit.save_case(new.case_row(version=2, state=f"clerk-{index}"), expected=1)
            time.sleep(0.1)  # the other one waits on the row meanwhile
            return saved

        return (storage, other)[index].write(fn)

    won = together(race, 2)
    other.close()
    assert sorted(won) == [False, True]
    stored = storage.case(AREA, "case-1")
    assert stored is not None
    assert stored.state == f"clerk-{won.index(True)}"


def test_a_deadlock_is_run_again(storage: SqlStorage) -> None:
    """The rerun waits for the other, holding nothing: at once, it might take its first row before the other wakes."""
    inside = threading.Barrier(2)
    done = [threading.Event(), threading.Event()]
    runs = [0, 0]

    def work(index: int) -> list[int]:
        def fn(unit: Unit) -> list[int]:
            runs[index] += 1
            if runs[index] == 2:
                assert done[1 - index].wait(30)
            first, second = ("2016", "2017") if index else ("2017", "2016")
            number = unit.next_number(AREA, first)
            if runs[index] == 1:
                inside.wait(30)
            return [number, unit.next_number(AREA, second)]

        numbers = storage.write(fn)
        done[index].set()
        return numbers

    assert sorted(together(work, 2)) == [[1, 1], [2, 2]]
    assert sorted(runs) == [1, 2]


def test_an_append_that_lost_to_another_is_a_conflict(storage: SqlStorage) -> None:
    runs = 0

    def fn(unit: Unit) -> None:
        nonlocal runs
        runs += 1
        position, _ = unit.head(AREA, "case-1")
        if runs == 1:
            together(lambda _: storage.write(lambda other: other.append([new.stored_event(1, actor="other")])), 1)
        unit.advance(AREA, START)
        with pytest.raises(StorageError if runs == 1 else ConflictError) as caught:
            unit.append([new.stored_event(1), new.stored_event(2)])
        assert position == runs - 1 or runs == 3
        raise caught.value

    with pytest.raises(ConflictError):
        storage.write(fn)
    assert runs == 3, "the lost one, the conflict seen, the conflict that stays"
    assert [event.actor for event in storage.events(AREA, "case-1")] == ["other"]
    assert storage.last_instant(AREA) is None


def test_a_number_that_went_to_another_case_meanwhile_is_a_conflict(storage: SqlStorage) -> None:
    storage.write(lambda unit: unit.save_case(new.case_row("a", number="1"), expected=0))
    storage.write(lambda unit: unit.save_case(new.case_row("b", number="2"), expected=0))
    taken, go = threading.Event(), threading.Event()

    def first(unit: Unit) -> None:
        assert unit.save_case(new.case_row("a", number="3", version=2), expected=1)
        taken.set()
        assert go.wait(30)

    def work(index: int) -> None:
        if index == 0:
            storage.write(first)
            return
        assert taken.wait(30)
        threading.Timer(0.3, go.set).start()
        with pytest.raises(ConflictError, match="number 3"):
            storage.write(lambda unit: unit.save_case(new.case_row("b", number="3", version=2), expected=1))

    together(work, 2)
    assert storage.case(AREA, "b") == new.case_row("b", number="2")


def test_of_two_with_one_key_the_second_gets_the_answer_of_the_first(storage: SqlStorage) -> None:
    """As it is on SQLite, where one is after the other; the conflict is not for the applicant to see."""
    barrier = threading.Barrier(2)
    runs = [0, 0]

    def work(index: int) -> IdempotencyRow:
        def fn(unit: Unit) -> IdempotencyRow:
            runs[index] += 1
            known = unit.recall(AREA, "clerk-1", "key-1")
            if known is not None:
                return known
            if runs[index] == 1:
                barrier.wait(30)
            row = attrs.evolve(new.idempotency_row(), answer=str(index).encode())
            unit.remember(row)
            return row

        return storage.write(fn)

    first, second = together(work, 2)
    assert first == second == storage.recall(AREA, "clerk-1", "key-1")
    assert sorted(runs) == [1, 2]


def test_a_snapshot_sees_nothing_of_what_is_written_meanwhile(storage: SqlStorage) -> None:
    storage.write(lambda unit: unit.save_case(new.case_row("a"), expected=0))
    with storage.snapshot() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM cases").scalar()
        storage.write(lambda unit: unit.save_case(new.case_row("b"), expected=0))
        assert connection.exec_driver_sql("SELECT count(*) FROM cases").scalar() == before == 1
    assert storage.counts(AREA)["cases"] == 2


def test_reading_on_the_side_does_not_wait_for_the_writers(storage: SqlStorage) -> None:
    """Every writer of the pool reads through the storage within its unit, at the same time."""
    inside = threading.Barrier(opening.WRITERS)

    def work(index: int) -> int:
        def fn(unit: Unit) -> int:
            unit.save_case(new.case_row(f"case-{index}"), expected=0)
            inside.wait(30)
            seen = storage.counts(AREA)["cases"]
            inside.wait(30)
            return seen

        return storage.write(fn)

    assert together(work, opening.WRITERS) == [0] * opening.WRITERS


def test_whoever_waits_too_long_is_told_that_it_is_busy(
    postgresql_url: str, behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 1)
    storage = open_postgresql(postgresql_url)
    inside, go = threading.Barrier(opening.WRITERS + 1), threading.Event()

    def fn(unit: Unit) -> None:
        unit.head(AREA, "x")
        inside.wait(30)
        assert go.wait(30)

    holders = [threading.Thread(target=storage.write, args=(fn,)) for _ in range(opening.WRITERS)]
    for thread in holders:
        thread.start()
    inside.wait(30)
    with pytest.raises(StorageBusyError, match="in use"):
        storage.write(lambda unit: unit.head(AREA, "x"))
    go.set()
    for thread in holders:
        thread.join(30)

    storage.write(lambda unit: unit.next_number(AREA, "2016"))
    locked = threading.Thread(
        target=behind, args=("BEGIN; SELECT last FROM series FOR UPDATE; SELECT pg_sleep(3); COMMIT",)
    )
    locked.start()
    time.sleep(0.5)
    with pytest.raises(StorageBusyError, match="lock timeout") as caught:
        storage.write(lambda unit: unit.next_number(AREA, "2016"))
    assert "pg_stat_activity" in caught.value.remedy
    locked.join(30)
    assert storage.write(lambda unit: unit.next_number(AREA, "2016")) == 2
    storage.close()


def test_closing_waits_for_a_unit_that_runs(storage: SqlStorage) -> None:
    inside, go = threading.Event(), threading.Event()

    def fn(unit: Unit) -> str:
        with pytest.raises(StorageError, match="close its own"):
            storage._writer().close()
        inside.set()
        assert go.wait(30)
        unit.advance(AREA, START)
        return "kept"

    def work(index: int) -> Any:
        if index == 0:
            return storage.write(fn)
        assert inside.wait(30)
        threading.Timer(0.2, go.set).start()
        return storage.close()

    assert together(work, 2) == ["kept", None]
