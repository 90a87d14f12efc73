"""`kill -9` while commands run: what was acknowledged is there, whole, and can be asked for again (must-show 7).

EGOV_FAULT_ROUNDS sets the number of kills. One county lives through all rounds: each child opens what the one before
left behind.
"""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path
from typing import Any

from egov_core.domain.cases import commands as c
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import SystemClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from tests.faults.killing import killed

ROUNDS = int(os.environ.get("EGOV_FAULT_ROUNDS", "5"))

CHILD = """
import json, os, sys, threading
from egov_core.runtime.bootstrap import open_office
from egov_core.testing import small_county as county

url, log, round_ = sys.argv[1:4]
told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
begun_at = os.fstat(told).st_size
lock = threading.Lock()

def acknowledge(kind, key, outcome):
    line = json.dumps({"kind": kind, "key": key, "case": outcome.case_id, "number": outcome.number,
                       "version": outcome.version, "code": outcome.query_code}) + "\\n"
    with lock:
        first = os.fstat(told).st_size == begun_at
        os.write(told, line.encode())
        os.fsync(told)
        if first:
            print("working", flush=True)

def work(office, thread):
    step = 0
    while True:
        step += 1
        name = f"r{round_}t{thread}s{step}"
        code = county.UPWARD if step % 3 == 0 else county.LICENCE
        submitted = county.submit(office, code, key=name)
        acknowledge("submit", name, submitted)
        acknowledge("accept", name + "a", county.accept(office, submitted.case_id, key=name + "a"))
        acknowledge("review", "", county.review(office, submitted.case_id))
        if code == county.LICENCE:
            acknowledge("approve", "", county.approve(office, submitted.case_id))

with open_office(county.settings(url)) as office:
    print("open", flush=True)
    for thread in range(4):
        threading.Thread(target=work, args=(office, thread), daemon=True).start()
    while True:
        office.dispatch()
        office.sweep()
"""


def killed_in_the_middle(url: str, log: Path, number: int, rest: float, *, at_work: bool) -> None:
    """Start a child, wait until it is open (`at_work`: until it has told of something) and `rest` seconds, kill it."""
    with killed(CHILD, url, str(log), str(number)) as told:
        assert told() == "open"
        if at_work:
            assert told() == "working"
        time.sleep(rest)


def acknowledged(log: Path) -> list[dict[str, Any]]:
    if not log.exists():
        return []
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def assert_kept(office: Office, told: list[dict[str, Any]]) -> None:
    for one in told:
        row = office.storage.case(county.AREA, one["case"])
        assert row is not None, f"acknowledged {one} is lost"
        assert row.number == one["number"]
        assert row.version >= one["version"]


def assert_repeatable(office: Office, told: list[dict[str, Any]]) -> None:
    cases = office.storage.counts(county.AREA)["cases"]
    for one in told:
        if one["kind"] == "submit":
            code = county.UPWARD if int(one["key"].rpartition("s")[2]) % 3 == 0 else county.LICENCE
            again = county.submit(office, code, key=one["key"])
            assert again.query_code == one["code"]
        elif one["kind"] == "accept":
            again = office.do(c.Accept(case_id=one["case"]), actor=county.staff("intake"), key=one["key"])
        else:
            continue
        assert (again.case_id, again.number, again.version) == (one["case"], one["number"], one["version"])
    assert office.storage.counts(county.AREA)["cases"] == cases


def test_whatever_was_acknowledged_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    url, log = f"sqlite:///{tmp_path}/county.db", tmp_path / "acknowledged.jsonl"
    seed = int(os.environ.get("EGOV_FAULT_SEED", "20160422"))
    moments = random.Random(seed)
    county.open_small_county(url, clock=SystemClock()).close()
    for number in range(ROUNDS):
        before = len(acknowledged(log))
        # every fifth is killed whenever it happens to be after opening, the others surely at work
        at_work = number % 5 != 4
        killed_in_the_middle(url, log, number, moments.uniform(0.0, 0.25), at_work=at_work)
        told = acknowledged(log)
        assert len(told) > before or not at_work, "a child told of something that is not in its log"
        with open_office(county.settings(url)) as office:
            assert office.verify().violations == (), f"round {number}, seed {seed}"
            assert_kept(office, told)
            assert_repeatable(office, told[before:])
            assert office.verify().ok
