"""Notices are adopted and recounted while eight clerks work: nothing is lost, and no timer is left behind."""

from __future__ import annotations

import os
import threading
import time
from datetime import date, timedelta
from pathlib import Path

from egov_core.domain.calendar.notices import Notice
from egov_core.domain.cases.timing import is_settled
from egov_core.errors import ConflictError
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, MONDAY
from egov_core.usecases.calendar.adopting import Proposal
from egov_core.usecases.calendar.recounting import _is_touched

CASES = 2 * int(os.environ.get("EGOV_FAULT_ROUNDS", "5"))
MOST = 40


def notice(number: int) -> Notice:
    day = date(2024, 6, 24) + timedelta(days=number)
    return Notice(title="临时", number=f"县〔2024〕{number}号", year=2024, published=MONDAY.date(), rest=[day])


def work(office: Office, refused: list[ConflictError]) -> None:
    for _ in range(CASES):
        case_id = county.submit(office).case_id
        for act in (county.accept, county.review, county.approve):
            try:
                act(office, case_id)
            except ConflictError as error:
                refused.append(error)


def test_no_timer_is_left_behind_by_a_recount_that_races_with_clerks(tmp_path: Path) -> None:
    refused: list[ConflictError] = []
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=ManualClock(MONDAY)) as office:
        clerks = [threading.Thread(target=work, args=(office, refused)) for _ in range(8)]
        for clerk in clerks:
            clerk.start()
        number = 0
        while any(clerk.is_alive() for clerk in clerks) and number < MOST:
            number += 1
            office.adopt(office.propose([Proposal(what=notice(number))]))
            office.recount()
            time.sleep(0.1)  # a command that meets three notices in a row is refused, as by any three changes
        for clerk in clerks:
            clerk.join(120)
            assert not clerk.is_alive()
        # whoever was in the middle of a commit when the last notice was adopted has been looked at again
        calendar = office.services.calendars().calendar()
        behind = []
        for case_id in (one for one in office.storage.streams(AREA) if ":" not in one):
            row = office.storage.case(AREA, case_id)
            assert row is not None
            case = office.case_of(row)
            if not is_settled(case, office.yardstick(case)):
                running = [one for one in office.storage.timers(AREA, case_id) if one.stopped_at is None]
                behind += [one.timer_id for one in running if _is_touched(one, calendar)]
        assert behind == []
        assert refused == []
        assert office.storage.counts(AREA)["cases"] == 8 * CASES
        assert office.verify().violations == ()
