"""`kill -9` in the middle of a recount: what an uninterrupted one gives, and nothing but the timers that are touched.

Some hundred cases of a small county are copied until twenty thousand timers run; a notice moves days under one in
fifty of them. One copy of the file is recounted at once, another by processes that are killed after some batches. The
clock stands still in both, so that even the times of entry have to be the same.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from egov_core.domain.calendar.notices import Notice
from egov_core.domain.legal import CHINA
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.multiplied import multiply, originals
from egov_core.testing.small_county import AREA
from egov_core.usecases.audit import auditing
from egov_core.usecases.calendar.adopting import Proposal
from egov_core.usecases.calendar.recounting import left_to_recount, recounted_to
from tests.faults.killing import killed

TIMERS = 20_000
DAY = date(2024, 7, 19)
"""Days on which few timers rest: the last of the longest limits."""
SATURDAY = date(2024, 5, 18)
"""Before all cases, so that the span of days that change holds every timer."""
NOTICE = Notice(
    title="临时安排", number="县〔2024〕1号", year=2024, published=date(2024, 6, 17), rest=[DAY], work=[SATURDAY]
)
TABLES = {
    "cases": "case_id",
    "events": "stream, position",
    "timers": "timer_id",
    "cards": "timer_id, rule, level, epoch",
}

CHILD = """
import sys
from datetime import datetime
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.testing import small_county as county
from egov_core.usecases.calendar import recounting

recounting.BATCH = 25
url, now = sys.argv[1:3]
with open_office(county.settings(url), clock=ManualClock(datetime.fromisoformat(now))) as office:
    office.recount(tell=lambda diff: print(diff.case_id, flush=True))
    print("finished", flush=True)
"""


def url(file: Path) -> str:
    return f"sqlite:///{file}"


def rows(file: Path, table: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(f"SELECT * FROM {table} ORDER BY {TABLES[table]}").fetchall()  # noqa: S608 -- names of our own


def grown(file: Path) -> datetime:
    """A county with twenty thousand running timers; the time at which its clock stands."""
    clock = ManualClock(datetime(2024, 5, 24, 18, tzinfo=CHINA))
    with county.open_small_county(url(file), clock=clock) as office:
        cases = originals(office, clock, days=20, a_day=10)
        running = sum(1 for one in cases for row in office.storage.timers(AREA, one) if row.stopped_at is None)
        multiply(office, cases, copies=TIMERS // running)
        return clock.now()


def killed_after(file: Path, now: datetime, cases: int) -> list[str]:
    """Recount in a process that is killed when it has told of so many cases; those it told of."""
    with killed(CHILD, url(file), now.isoformat()) as told:
        return [told() for _ in range(cases)]


def opened(file: Path, now: datetime) -> Office:
    return open_office(county.settings(url(file)), clock=ManualClock(now))


def test_a_recount_that_is_killed_and_resumed_is_an_uninterrupted_one(tmp_path: Path) -> None:
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    now = grown(one)
    before = {row[1]: row for row in rows(one, "timers")}
    running = [row for row in before.values() if row[6] is None]
    assert len(running) >= TIMERS * 0.95
    with opened(one, now) as office:
        office.adopt(office.propose([Proposal(what=NOTICE)]))
    shutil.copy(one, other)

    with opened(one, now) as office:
        looked: list[int] = []
        report = office.recount(progress=looked.append)
    assert report.looked_at == sum(looked) == len(running)
    after = {row[1]: row for row in rows(one, "timers")}
    rested = {row[1] for row in running if row[5] < DAY_END and row[12] >= DAY.isoformat()}
    assert {name for name, row in after.items() if row != before[name]} == rested
    assert 0.005 < len(rested) / len(running) < 0.05
    assert report.cases == len({before[name][2] for name in rested})

    told: list[str] = []
    for cases in (1, 40):
        told += killed_after(other, now, cases)
        with open_office(county.settings(url(other)), read_only=True) as reading:
            assert recounted_to(reading.services) == 1
            assert 0 < left_to_recount(reading.services) < report.cases
    assert len(set(told)) == len(told), "what had been committed was not done again"
    with opened(other, now) as office:
        rest = office.recount()
        assert rest.cases <= report.cases - len(told)
        assert (recounted_to(office.services), left_to_recount(office.services)) == (2, 0)
        for case_id in sorted({before[name][2] for name in rested})[::20]:
            assert auditing._inspect(office.services, case_id)[1] == []
    for table in TABLES:
        assert rows(other, table) == rows(one, table), table


DAY_END = int(datetime(2024, 7, 20, tzinfo=CHINA).timestamp())
