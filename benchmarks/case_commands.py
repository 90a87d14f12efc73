"""One case's four commands on SQLite: this library against the bare driver doing the same statements.

Method. Four commands make a case: submit, accept, review, approve, each under an idempotency key. Our side does them
through `Office.do` on a file, one after the other, each acknowledged after its own commit. What it sends to SQLite was
recorded before, from the library at work: every statement with its parameters, reads and BEGIN ... COMMIT included. The
bare side runs the recorded statements again on a second file with the same schema and pragmas, through `sqlite3` alone
and on one connection: identifiers, number and keys are exchanged for fresh ones before the clock starts, statements are
prepared by the driver's own cache. So both sides write the same rows and wait for the disk as often; the difference is
authority, checking, deciding, reckoning, hashing, encoding and mapping.

Both files lie in one folder. Rounds are interleaved, in an order that changes from round to round, so that a slow
minute of the machine hits both alike; the figure is the median over rounds, per case, and the ratio is the median of
the ratios of the same round. A second table has both sides with synchronous=OFF: it leaves out most of the disk and
shows what the processor does. After the rounds both files are counted (cases, events, timers, keys) and the library's
own `verify` is run on ours; where they differ the figures are void and the program ends with 1.

What it does not show: many writers (they share commits), reading pages, PostgreSQL, a disk other than this one.

Run: python benchmarks/case_commands.py [--rounds N] [--cases N]
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from egov_core.domain.cases import commands as c
from egov_core.runtime.office import Office
from egov_core.storage.sql import sqlite as ours
from egov_core.testing import small_county as county

Statement = tuple[str, tuple[Any, ...]]
TABLES = ("cases", "events", "timers", "keys")


def four_commands(office: Office, name: str) -> tuple[str, str, str]:
    """One case from submission to approval: its id, subject and number."""
    submitted = county.submit(office, key=f"{name}-1")
    case_id = submitted.case_id
    county.accept(office, case_id, key=f"{name}-2")
    reviewer, approver = county.staff("reviewer"), county.staff("approver")
    office.do(c.Review(case_id=case_id, opinion="符合法定条件"), actor=reviewer, key=f"{name}-3")
    office.do(c.Approve(case_id=case_id, document="演许〔2024〕1号"), actor=approver, key=f"{name}-4")
    return case_id, submitted.subject, submitted.number


def recording(said: list[Statement]) -> type[sqlite3.Connection]:
    """A connection whose cursors write down what they are asked to run."""

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            said.append((sql, tuple(parameters)))
            return super().execute(sql, parameters)

        def executemany(self, sql: str, rows: Any, /) -> sqlite3.Cursor:
            rows = [tuple(row) for row in rows]
            said.extend((sql, row) for row in rows)
            return super().executemany(sql, rows)

    class Connection(sqlite3.Connection):
        def cursor(self, _factory: Any = Cursor) -> Any:
            return super().cursor(Cursor)

    return Connection


def recorded(folder: Path) -> tuple[list[Statement], tuple[str, ...]]:
    """The statements of one case as the library issues them, and the names in them that belong to this case."""
    said: list[Statement] = []
    real, kind = sqlite3.connect, recording(said)
    sqlite3.connect = lambda *given, **named: real(*given, factory=kind, **named)  # type: ignore[assignment,misc]  # every connection is listened to
    try:
        with county.open_small_county(f"sqlite:///{folder / 'recorded.db'}") as office:
            four_commands(office, "first")  # the registry is read, statements are compiled
            said.clear()
            names = four_commands(office, "recorded")
            return list(said), (*names, "recorded-")
    finally:
        sqlite3.connect = real


def about(statements: list[Statement], names: tuple[str, ...], number: int) -> list[Statement]:
    """The same statements about another case."""
    fresh = dict(zip(names, (f"{number:032x}", f"{number:031x}f", f"bare-{number:05d}", f"bare{number}-"), strict=True))
    pattern = re.compile("|".join(map(re.escape, names)))

    def exchanged(value: Any) -> Any:
        if isinstance(value, bytes):
            return pattern.sub(lambda found: fresh[found[0]], value.decode("latin-1")).encode("latin-1")
        return pattern.sub(lambda found: fresh[found[0]], value) if isinstance(value, str) else value

    return [(sql, tuple(exchanged(value) for value in parameters)) for sql, parameters in statements]


def run_bare(connection: sqlite3.Connection, statements: list[Statement]) -> None:
    execute = connection.cursor().execute
    for sql, parameters in statements:
        execute(sql, parameters).fetchall()


def timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measured(folder: Path, rounds: int, cases: int) -> tuple[list[float], list[float], bool]:
    """Seconds per case, ours and bare by round, and whether both sides did the same."""
    said, names = recorded(folder)
    ours.open_sqlite(folder / "bare.db").close()
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None, cached_statements=256)
    for pragma in (*ours.BOTH, *ours.WRITER):
        connection.execute(pragma)
    per_case: dict[str, list[float]] = {"ours": [], "bare": []}
    order, chance, done = ["ours", "bare"], random.Random(1), 0
    with county.open_small_county(f"sqlite:///{folder / 'ours.db'}") as office:
        for round_ in range(rounds + 1):
            scripts = [about(said, names, done + one) for one in range(cases)]

            def do_ours(first: int = done, office: Office = office) -> None:
                for one in range(cases):
                    four_commands(office, f"case{first + one}")

            def do_bare(scripts: list[list[Statement]] = scripts) -> None:
                for script in scripts:
                    run_bare(connection, script)

            chance.shuffle(order)
            for side in order:
                seconds = timed(do_ours if side == "ours" else do_bare)
                if round_:  # the first round warms up
                    per_case[side].append(seconds / cases)
            done += cases
        same = office.verify().ok
    connection.close()
    counts = []
    for name in ("ours.db", "bare.db"):
        with sqlite3.connect(folder / name) as database:
            counts.append([database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES])  # noqa: S608 -- names of our own
        database.close()
    reference = done * len([sql for sql, _ in said if sql.startswith("INSERT INTO events")])
    same = (
        same and counts[0][0] == counts[1][0] == done and counts[0][2:] == counts[1][2:] and counts[1][1] == reference
    )
    return per_case["ours"], per_case["bare"], same


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--cases", type=int, default=40, help="cases a round")
    given = parser.parse_args()
    print(
        f"SQLite {sqlite3.sqlite_version}, Python {sys.version.split()[0]}, "
        f"{given.rounds} rounds of {given.cases} cases"
    )
    print(f"{'per case (four commands)':<28}{'ours':>12}{'bare driver':>14}{'ratio':>8}")
    durable, sound = ours.WRITER, True
    for title, pragmas in (
        ("synchronous=FULL", durable),
        ("synchronous=OFF", tuple(one.replace("FULL", "OFF") for one in durable)),
    ):
        ours.WRITER = pragmas
        with tempfile.TemporaryDirectory(prefix="egov-bench-") as name:
            mine, bare, same = measured(Path(name), given.rounds, given.cases)
        sound = sound and same
        ratio = statistics.median(left / right for left, right in zip(mine, bare, strict=True))
        left, right = statistics.median(mine) * 1e3, statistics.median(bare) * 1e3
        print(f"{title:<28}{left:>9.2f} ms{right:>11.2f} ms{ratio:>8.2f}" + ("" if same else "   VOID: sides differ"))
    return 0 if sound else 1


if __name__ == "__main__":
    raise SystemExit(main())
