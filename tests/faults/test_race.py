"""Many at once on one case, and two processes on one file (must-show 6).

EGOV_FAULT_ROUNDS sets the size: twenty cases a round, so that fifty rounds are the thousand cases of the nightly run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from egov_core.domain.authority import Grant, Role
from egov_core.domain.cases import commands as c
from egov_core.domain.people import Person
from egov_core.errors import ConflictError, StorageBusyError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import SystemClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county

CASES = 20 * int(os.environ.get("EGOV_FAULT_ROUNDS", "5"))
CLERKS = tuple(f"clerk{number}" for number in range(8))


def hire(office: Office) -> None:
    office.establish(
        people=[Person(code=one, name=f"姓{one}", organ=county.BUREAU, valid_from=county.SINCE) for one in CLERKS],
        grants=[Grant(person=one, role=Role.INTAKE, organ=county.BUREAU, valid_from=county.SINCE) for one in CLERKS],
    )


def all_accept(office: Office, case_ids: list[str]) -> dict[str, list[tuple[str, ConflictError | None]]]:
    """Eight clerks accept every case in the same order, each round begun together: clerk and what it was told."""
    barrier = threading.Barrier(len(CLERKS))

    def work(clerk: str) -> list[tuple[str, str, ConflictError | None]]:
        told: list[tuple[str, str, ConflictError | None]] = []
        for case_id in case_ids:
            barrier.wait(60)
            try:
                office.do(c.Accept(case_id=case_id), actor=county.staff(clerk))
            except ConflictError as error:
                told.append((case_id, clerk, error))
            else:
                told.append((case_id, clerk, None))
        return told

    answers: dict[str, list[tuple[str, ConflictError | None]]] = {case_id: [] for case_id in case_ids}
    with ThreadPoolExecutor(len(CLERKS)) as pool:
        for told in pool.map(work, CLERKS):  # any other error than ConflictError ends the test here
            for case_id, clerk, error in told:
                answers[case_id].append((clerk, error))
    return answers


def test_of_eight_clerks_accepting_a_case_one_wins_and_the_others_are_told_who(tmp_path: Path) -> None:
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=SystemClock()) as office:
        hire(office)
        case_ids = [county.submit(office).case_id for _ in range(CASES)]
        answers = all_accept(office, case_ids)
        winners: Counter[str] = Counter()
        for case_id, told in answers.items():
            won = [clerk for clerk, error in told if error is None]
            assert len(told) == len(CLERKS)
            assert len(won) == 1, f"{case_id}: {won}"
            winners[won[0]] += 1
            row = office.storage.case(county.AREA, case_id)
            assert row is not None
            assert row.accepted_at is not None
            for _, error in told:
                if error is not None:
                    assert type(error) is ConflictError
                    assert error.data["winner"] == won[0]
                    assert error.data["winner_name"] == f"姓{won[0]}"
                    assert error.data["act"] == "accepted"
                    assert error.data["at"] == row.accepted_at.isoformat()
                    assert f"姓{won[0]}" in error.message
        assert winners.total() == CASES
        found = office.verify()
        assert found.violations == ()
        assert found.checked["cases"] == CASES


HOLD = """
import sys
from egov_core.runtime.bootstrap import open_office
from egov_core.testing.small_county import settings
with open_office(settings(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_second_writing_process_is_refused_after_five_seconds_naming_the_holder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/county.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        began = time.monotonic()
        with pytest.raises(StorageBusyError) as refused:
            open_office(county.settings(url))
        waited = time.monotonic() - began
        assert 4.9 <= waited <= 7
        assert refused.value.data["holder"]["pid"] == holder.pid
        assert f"process {holder.pid}" in refused.value.message
        assert refused.value.remedy
        with open_office(county.settings(url), read_only=True) as reader:
            assert reader.storage.counts(county.AREA)["cases"] == 0
        holder.stdin.close()
        assert holder.wait(10) == 0
    with open_office(county.settings(url)) as office:  # the lock went with the process
        county.found(office)


def test_eight_repetitions_of_one_submission_at_once_make_one_case(tmp_path: Path) -> None:
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=SystemClock()) as office:
        for number in range(max(CASES // 10, 5)):
            barrier = threading.Barrier(8)

            def work(_: int, key: str = f"key-{number}", barrier: threading.Barrier = barrier) -> object:
                barrier.wait(60)
                return county.submit(office, key=key)

            with ThreadPoolExecutor(8) as pool:
                outcomes = set(pool.map(work, range(8)))
            assert len(outcomes) == 1
        assert office.storage.counts(county.AREA)["cases"] == max(CASES // 10, 5)
        assert office.verify().ok
