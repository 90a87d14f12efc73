"""Moving out and in again: what is given out reads as the same cases, and an empty county gives out the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.old_cases import CutOver
from egov_core.domain.cases.takeover_events import TakenOver
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import CHINA, start_of
from egov_core.domain.people import SYSTEM
from egov_core.domain.periods import Period
from egov_core.errors import ClaimError
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.sheets.open_cases.files import read_sheets
from egov_core.sheets.open_cases.reading import read_open_cases
from egov_core.sheets.open_cases.writing import write_cases
from egov_core.sheets.tables import read_tables
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing import timer_courses as courses
from egov_core.usecases.takeover.giving_out import GIVEN_OUT_STREAM, GivenOut, open_cases, record_given_out
from egov_core.usecases.takeover.taking_over import examine, take_over
from tests.scenarios.old_county import CUT_OVER, rows, table

MOVING_DAY = datetime(2024, 6, 17, 9, tzinfo=CHINA)
CHANGE = CutOver(at=start_of(CUT_OVER), source="原系统")
NOT_DONE = (e.CardIssued, e.CardRevoked, e.ReceiptRecorded, TakenOver)
"""What happens to a case and is nobody's act, and the receipt, which the progress of the upper organ replaces."""
FOLLOWS = {"hearing", "unit", "licence", "commitment", "deemed", "form", "fixed-day"}
"""What is unsaid where a date there may be another one, or an act has to be entered there again."""


def moved_in(office: Office, data: bytes, ending: str, change: CutOver) -> None:
    """Take a file over as `egov cases import` does."""
    sheets, unreadable = read_sheets(data, name=f"a{ending}")
    read = read_open_cases(sheets, source="a", unreadable=unreadable)
    assert [one for one in read.faults if one.is_error] == []
    found = examine(office.services, read.cases, change)
    assert found.ok, [one.message for one in found.faults]
    take_over(office.services, read.cases, change)


def given_out(office: Office, prefix: str = "") -> GivenOut:
    return open_cases(office.services, prefix=prefix)


@pytest.fixture(scope="module")
def moved() -> Iterator[Office]:
    with county.open_small_county(clock=ManualClock(MOVING_DAY)) as office:
        made = [row for row, _ in rows(count=250)]
        sheets = {"在办件": table(made)}
        take_over(office.services, read_open_cases(sheets).cases, CHANGE)
        yield office


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_an_empty_county_gives_out_the_file_that_it_took_in(moved: Office, ending: str) -> None:
    given = given_out(moved)
    assert len(given.cases) == 250
    assert {one.code for one in given.unsaid} <= {"deemed"}
    data = write_cases(given.cases, ending)
    with county.open_small_county(clock=ManualClock(MOVING_DAY)) as other:
        moved_in(other, data, ending, CHANGE)
        assert write_cases(given_out(other).cases, ending) == data
        theirs = {row.number: row for row in other.storage.cases(other.area, "", 1_000)}
        for row in moved.storage.cases(moved.area, "", 1_000):
            assert theirs[row.number].state == row.state
            assert dates_of(other, theirs[row.number].case_id) == dates_of(moved, row.case_id), row.number


def dates_of(office: Office, case_id: str) -> list[tuple[str, datetime | None]]:
    """The running timers of a case, by kind, with the last second in time."""
    case = timed.case(office, case_id)
    yardstick = office.yardstick(case)
    running = (run for run in runs_of(case, yardstick) if run.stopped_at is None)
    return sorted(((run.kind, run.due(yardstick.ruler).due) for run in running), key=lambda one: one[0])


OURS = {"number", "subject", "digests", "query_digest", "key", "source"}
"""Fields that each office has of its own."""


def done(office: Office, case_id: str) -> list[tuple[str, datetime, dict[str, object]]]:
    """What was done in a case, in order of time: each act with its time and everything it said.

    Of a period its length: that it was told by another office is what its basis says there.
    """
    found: list[tuple[str, datetime, dict[str, object]]] = []
    for one in courses.events_of(office, case_id):
        said = {key: value for key, value in attrs.asdict(one.event, recurse=False).items() if key not in OURS}
        if isinstance(one.event, NOT_DONE) or str(said.get("progress", "")).startswith("回执号"):
            continue
        plain = {key: str(value) if isinstance(value, Period) else value for key, value in said.items()}
        found.append((one.event.type, one.at, plain))
    return found


@pytest.mark.parametrize("course", courses.COURSES, ids=lambda one: one.name)
def test_a_case_filed_here_moves_at_every_step_of_its_course(course: courses.Course) -> None:
    more, start = courses.items({}), datetime(2024, 3, 4, 9, tzinfo=CHINA)
    with timed.open_timed_county(start=start, more=more) as office:
        for case_id in courses.walk(office, course):
            given = given_out(office, prefix="旧-")
            row = office.storage.case(office.area, case_id)
            assert row is not None
            if not given.cases:  # closed, or decided against, which is said
                assert row.state in ("delivered", "not-accepted", "withdrawn", "lapsed", "rejected"), row.state
                assert bool(given.unsaid) is (row.state == "rejected")
                continue
            (case,) = given.cases
            assert case.number == f"旧-{row.number}" and case.item == row.item
            data, now = write_cases(given.cases, ".xlsx"), office.now() + timedelta(seconds=1)
            with timed.open_timed_county(start=now, more=more, seed=7) as other:
                moved_in(other, data, ".xlsx", CutOver(at=now, source="演示县"))
                assert write_cases(given_out(other).cases, ".xlsx") == data
                (there,) = other.storage.cases(other.area, "", 2)
                assert there.state == row.state
                if not FOLLOWS & {one.code for one in given.unsaid}:
                    assert done(other, there.case_id) == done(office, case_id), course.name
                    ours = [one for one in dates_of(office, case_id) if one[0] in ("case", "correction", "forward")]
                    theirs = [
                        one for one in dates_of(other, there.case_id) if one[0] in ("case", "correction", "forward")
                    ]
                    assert theirs == ours, course.name


def test_what_begins_like_a_formula_is_harmless_in_the_file_and_the_same_after_it() -> None:
    words = {"申请人": "=HYPERLINK(1)", "审核意见": "+1", "原办件编号": "-7号", "准予文书号": "@x"}
    row = {
        "事项编码": "licence",
        "收件时间": "2024-06-03 09:30",
        "证件号码": county.ID_NUMBER,
        "受理时间": "2024-06-04",
        "审核时间": "2024-06-05",
        "准予时间": "2024-06-06",
        **words,
    }
    with county.open_small_county(clock=ManualClock(MOVING_DAY)) as office:
        take_over(office.services, read_open_cases({"在办件": table([row])}).cases, CHANGE)
        cases = given_out(office).cases
        text = write_cases(cases, ".csv").decode("utf-8-sig")
        assert not any(cell.startswith(("=", "+", "-", "@")) for line in text.splitlines() for cell in line.split(","))
        for ending in (".csv", ".xlsx"):
            (first, *_) = read_tables(write_cases(cases, ending), name=f"a{ending}")
            assert first.faults == (), "no formula"
            said = dict(zip(first.rows[0].texts, first.rows[1].texts, strict=False))
            assert {heading: said[heading] for heading in words} == words


def test_who_was_forgotten_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with county.open_small_county(clock=ManualClock(MOVING_DAY)) as office:
        for _ in range(2):
            county.submit(office)
        first = next(iter(office.storage.cases(office.area, "", 1)))
        gone, kept = timed.case(office, first.case_id).subject, office.storage.subject
        monkeypatch.setattr(
            type(office.storage), "subject", lambda _, area, subject: None if subject == gone else kept(area, subject)
        )
        given = given_out(office)
        assert len(given.cases) == 1, "the other one stays"
        assert [(one.number, one.code, one.left_out) for one in given.unsaid] == [(first.number, "forgotten", True)]


def test_the_chain_says_that_cases_were_given_out_and_verifies() -> None:
    with county.open_small_county(clock=ManualClock(MOVING_DAY)) as office:
        county.submit(office)
        for count in (1, 2):
            office.change(lambda services: record_given_out(services, actor=SYSTEM, organ="", cases=1, digest="a" * 64))
            assert len(office.storage.events(office.area, GIVEN_OUT_STREAM)) == count
        assert office.verify().ok


def test_a_csv_file_with_more_corrections_than_columns_is_refused_by_its_number() -> None:
    with county.open_small_county(clock=ManualClock(MOVING_DAY)) as office:
        case_id = county.submit(office).case_id
        county.accept(office, case_id)
        for day in range(10):
            timed.move(office, datetime(2024, 6, 18 + day, 10, tzinfo=CHINA))
            timed.do(
                office,
                c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice=f"特{day}", declared=county.working_days(1)),
            )
            timed.do(office, c.Resume(case_id=case_id, result="完成"))
        cases = given_out(office).cases
        assert write_cases(cases, ".xlsx")
        with pytest.raises(ClaimError, match=cases[0].number):
            write_cases(cases, ".csv")


def test_only_the_cases_that_an_organ_answers_for_are_given_out(moved: Office) -> None:
    assert len(open_cases(moved.services, organ=county.BUREAU).cases) == 250
    assert open_cases(moved.services, organ=county.OTHER).cases == ()
    assert date(2024, 6, 17) == CUT_OVER
