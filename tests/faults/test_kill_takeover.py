"""`kill -9` in the middle of a takeover: whole cases are left, and the same file goes on, without doubles."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from egov_core.domain.cases.old_cases import CutOver
from egov_core.domain.legal import CHINA, start_of
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.sheets.open_cases.reading import read_open_cases
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA
from egov_core.usecases.takeover.taking_over import examine, take_over
from tests.faults.killing import killed

NOW = datetime(2024, 6, 17, 9, tzinfo=CHINA)
CUT = CutOver(at=start_of(date(2024, 6, 17)), source="原系统")
CASES, BATCH = 120, 10
ROWS = [
    ["原办件编号", "事项编码", "收件时间", "申请人", "证件号码", "受理时间"],
    *([f"旧{n:03d}", "licence", "2024-05-27", "周小满", county.ID_NUMBER, "2024-05-28"] for n in range(CASES)),
]

CHILD = """
import sys
from datetime import date, datetime
from egov_core.domain.cases.old_cases import CutOver
from egov_core.domain.legal import start_of
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.sheets.open_cases.reading import read_open_cases
from egov_core.testing import small_county as county
from egov_core.usecases.takeover import taking_over

url, now, batch, rows = sys.argv[1:5]
taking_over.BATCH = int(batch)
cases = read_open_cases({"": [line.split(",") for line in rows.split(";")]}).cases
change = taking_over.CutOver(at=start_of(date(2024, 6, 17)), source="原系统")
with open_office(county.settings(url), clock=ManualClock(datetime.fromisoformat(now))) as office:
    taking_over.take_over(office.services, cases, change, progress=lambda done: print(done, flush=True))
    print("finished", flush=True)
"""


def killed_after(url: str, batches: int) -> None:
    """Take the file over in a process that is killed when it has told of so many batches."""
    rows = ";".join(",".join(row) for row in ROWS)
    with killed(CHILD, url, NOW.isoformat(), str(BATCH), rows) as told:
        assert [told() for _ in range(batches)] == [str(BATCH)] * batches


@pytest.mark.parametrize("batches", [1, 4])
def test_a_takeover_that_is_killed_is_finished_by_the_same_file(tmp_path: Path, batches: int) -> None:
    url = f"sqlite:///{tmp_path}/county.db"
    county.open_small_county(url, clock=ManualClock(NOW)).close()
    killed_after(url, batches)
    with open_office(county.settings(url), clock=ManualClock(NOW)) as office:
        there = office.storage.counts(AREA)["cases"]
        assert batches * BATCH <= there < CASES and there % BATCH == 0, "what was told of is there, in whole batches"
        assert office.verify().violations == ()
        cases = read_open_cases({"": ROWS}).cases
        found = examine(office.services, cases, CUT)
        assert (found.there, found.fresh, found.faults) == (there, CASES - there, ())
        assert take_over(office.services, cases, CUT) == CASES - there
        assert office.storage.counts(AREA)["cases"] == CASES
        assert office.verify().violations == ()
        for case in cases:
            assert office.storage.case_by_number(AREA, case.number) is not None
