"""A notice in November: one million running timers on SQLite, one in a hundred of which rests on a day that changes.

Method. Some hundred cases are acted out by the real use cases in a small county, over five weeks with a sweep each
morning: submitted, accepted, reviewed, paused, extended, closed. They are copied under new identifiers until a million
timers run, each copy with its chain hashed anew, all through the storage contract. Then a notice is adopted that takes
a day off near the end of the longest limits, and makes a Saturday before all cases a working day: the span of days that
change holds every running timer, so that the recount has to look at each, and may touch only those that rest on the
first day.

Measured are the preview, the adoption and the recount, on one copy of the file. Every row of `timers` is read before
and after: those that differ have to be exactly those whose days hold the day off. Another copy is recounted by a
process that is killed with SIGKILL several times in the middle and started again; afterwards every row of cases,
events, timers and cards of both files has to be the same. The clock stands still in all processes, so that times of
entry can be compared too. At the end `verify` looks at a sample of cases, those that were recounted among them.

What it does not show: other writers at work meanwhile (they share commits with the recount), PostgreSQL, another disk.

Run: python benchmarks/amend_calendar.py [--timers N] [--kills N] [--folder DIR]
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

from egov_core.domain.calendar.notices import Notice
from egov_core.domain.legal import CHINA, start_of
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.multiplied import multiply, originals
from egov_core.testing.small_county import AREA
from egov_core.usecases.audit import auditing
from egov_core.usecases.calendar.adopting import Proposal
from egov_core.usecases.calendar.recounting import BATCH, RecountReport, left_to_recount, recounted_to

FIRST = datetime(2024, 5, 24, 18, tzinfo=CHINA)
SATURDAY = date(2024, 5, 18)
DAYS, A_DAY, SAMPLE = 25, 20, 400
TABLES = {
    "cases": "case_id",
    "events": "stream, position",
    "timers": "timer_id",
    "cards": "timer_id, rule, level, epoch",
}
STARTED, STOPPED, COVERS = 5, 6, 12
"""Columns of `timers`."""

CHILD = """
import sys
from datetime import datetime
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.testing import small_county as county
from egov_core.usecases.calendar import recounting

url, now, batch = sys.argv[1:4]
recounting.BATCH = int(batch)
with open_office(county.settings(url), clock=ManualClock(datetime.fromisoformat(now))) as office:
    print("open", flush=True)
    office.recount(tell=lambda diff: print(diff.case_id, flush=True))
"""


def url(file: Path) -> str:
    return f"sqlite:///{file}"


def opened(file: Path, now: datetime) -> Office:
    return open_office(county.settings(url(file)), clock=ManualClock(now))


def told(label: str, begun: float) -> float:
    """Print how long something took; the time from which the next thing is measured."""
    print(f"{label}: {time.monotonic() - begun:.1f} s", flush=True)
    return time.monotonic()


def counter(label: str, of: int) -> Callable[[int], None]:
    """Progress on standard error, one line rewritten."""
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        print(f"\r{label} {done:,} of {of:,}", end="" if done < of else "\n", file=sys.stderr, flush=True)

    return advance


def grown(file: Path, timers: int) -> datetime:
    """A county with so many running timers; the time at which its clock stands."""
    clock = ManualClock(FIRST)
    with county.open_small_county(url(file), clock=clock) as office:
        cases = originals(office, clock, days=DAYS, a_day=A_DAY)
        running = sum(1 for one in cases for row in office.storage.timers(AREA, one) if row.stopped_at is None)
        copies = max(1, timers // running - 1)
        multiply(office, cases, copies, counter("cases copied", len(cases) * copies))
        return clock.now()


def digests(file: Path) -> tuple[dict[str, bytes], list[tuple[str, int, str]]]:
    """A digest of every row of timers, and id, start and last day of those that run."""
    found, running = {}, []
    with closing(sqlite3.connect(file)) as database:
        for row in database.execute("SELECT * FROM timers ORDER BY timer_id"):
            found[row[1]] = hashlib.md5(repr(row).encode(), usedforsecurity=False).digest()
            if row[STOPPED] is None:
                running.append((row[1], row[STARTED], row[COVERS]))
    return found, running


def day_that_few_rest_on(running: list[tuple[str, int, str]], share: float) -> date:
    """The working day on which the share of the running timers that rest on it is nearest to `share`."""

    def apart(day: date) -> float:
        return abs(len(resting(running, day)) / len(running) - share)

    days = [date(2024, 6, 20) + timedelta(days=step) for step in range(80)]
    return min((day for day in days if day.weekday() < 5), key=apart)


def resting(running: list[tuple[str, int, str]], day: date) -> set[str]:
    """The running timers whose days hold this day."""
    end = int(start_of(day + timedelta(days=1)).timestamp())
    return {name for name, started, covers in running if started < end and covers >= day.isoformat()}


def same(one: Path, other: Path, table: str) -> bool:
    """Whether every row of a table is the same in both files."""
    asked = f"SELECT * FROM {table} ORDER BY {TABLES[table]}"  # noqa: S608 -- names of our own
    with closing(sqlite3.connect(one)) as left, closing(sqlite3.connect(other)) as right:
        theirs = right.execute(asked)
        return all(row == theirs.fetchone() for row in left.execute(asked)) and theirs.fetchone() is None


def killed(file: Path, now: datetime, kills: int, of: int) -> list[int]:
    """Recount in processes that are killed in the middle, and finish; how many cases each had told of."""
    chance = random.Random(20241126)
    done: list[int] = []
    batch = str(max(1, min(BATCH, of // 20)))
    for _ in range(kills):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, url(file), now.isoformat(), batch], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        wanted = chance.randint(1, max(1, (of - sum(done)) // 2))
        lines = [child.stdout.readline() for _ in range(wanted + 1)]
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert lines[0] == "open\n"
        assert child.returncode == -signal.SIGKILL
        done.append(wanted)
        with open_office(county.settings(url(file)), read_only=True) as reading:
            assert recounted_to(reading.services) == 1, "it was killed in the middle"
            print(f"killed after {wanted} cases; {left_to_recount(reading.services)} left", flush=True)
    with opened(file, now) as office:
        office.recount()
    return done


def measured(file: Path, now: datetime, notice: Notice) -> RecountReport:
    """Preview, adopt and recount, each with its time; a copy of the file is made between."""
    with opened(file, now) as office:
        timers = office.storage.counts(AREA)["timers"]
        begun = time.monotonic()
        calendars = office.propose([Proposal(what=notice)])
        foreseen = office.preview(calendars, tell=lambda _: None, progress=counter("looked at", timers))
        begun = told(f"\npreview of {foreseen.cases} cases, {foreseen.looked_at:,} timers looked at", begun)
        office.adopt(calendars)
        told("adoption", begun)
    shutil.copy(file, file.with_suffix(".killed"))
    with opened(file, now) as office:
        begun = time.monotonic()
        report = office.recount(progress=counter("looked at", timers))
        told("\nrecount", begun)
        assert report == foreseen, "the recount does what the preview said"
    return report


def main() -> int:
    """Grow, measure, kill, compare."""
    parser = argparse.ArgumentParser(description="An amendment under a million running timers.")
    parser.add_argument("--timers", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--folder", help="where the files are made; they are taken away at the end")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        file = Path(folder) / "county.db"
        begun = time.monotonic()
        now = grown(file, options.timers)
        begun = told("growing", begun)
        before, running = digests(file)
        day = day_that_few_rest_on(running, 0.01)
        wanted = resting(running, day)
        print(f"{len(running):,} running timers of {len(before):,}, {file.stat().st_size / 2**30:.1f} GB; ", end="")
        print(f"{len(wanted):,} ({len(wanted) / len(running):.2%}) rest on {day}", flush=True)
        notice = Notice(
            title="临时安排", number="县〔2024〕1号", year=2024, published=now.date(), rest=[day], work=[SATURDAY]
        )
        report = measured(file, now, notice)
        print(report)
        after, _ = digests(file)
        changed = {name for name, digest in after.items() if before.get(name) != digest}
        exact = changed == wanted and after.keys() == before.keys()
        print(f"rows of timers rewritten: {len(changed):,}, exactly those: {'yes' if exact else 'NO'}", flush=True)
        other = file.with_suffix(".killed")
        begun = time.monotonic()
        killed(other, now, options.kills, report.cases)
        begun = told(f"{options.kills} kills and the rest", begun)
        alike = {table: same(file, other, table) for table in TABLES}
        print(f"killed and resumed is the same as uninterrupted: {alike}", flush=True)
        with opened(file, now) as office:
            chance = random.Random(1)
            touched = sorted({name.partition("/")[0] for name in wanted})
            every = sorted({name.partition("/")[0] for name in before})
            sample = {
                *chance.sample(touched, min(SAMPLE, len(touched))),
                *chance.sample(every, min(SAMPLE, len(every))),
            }
            faults = [one for case_id in sample for one in auditing._inspect(office.services, case_id)[1]]  # noqa: SLF001 -- what verify does for one case
            print(f"verify on {len(sample)} cases: {'ok' if not faults else faults[:3]}")
        return 0 if exact and all(alike.values()) and not faults else 1


if __name__ == "__main__":
    raise SystemExit(main())
