"""The clauses of the notice that exist today, told as stories; docs/explanation/notice.md says where others stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from egov_core.domain.authority import Grant, Role
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.states import State, Whole, stage
from egov_core.domain.catalogue import DEFAULT_STEPS
from egov_core.domain.legal import CHINA
from egov_core.domain.people import Person
from egov_core.errors import HookRefusedError, LawError, NoAuthorityError
from egov_core.ports.queries import Board, BoardQuery, CardPage, CardsQuery, CaseFile, CaseFileQuery, ProgressQuery
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(county.MONDAY)


@pytest.fixture
def office(tmp_path: Path, clock: ManualClock) -> Iterator[Office]:
    with county.open_small_county(f"sqlite:///{tmp_path}/county.db", clock=clock) as opened:
        yield opened


def test_n2_somebody_who_left_with_the_reform_may_no_longer_accept_and_a_successor_may(office: Office) -> None:
    case_id = county.submit(office).case_id
    with pytest.raises(NoAuthorityError):
        office.do(c.Accept(case_id=case_id), actor=county.staff("retired"))
    office.establish(
        people=[Person(code="successor", name="姓successor", organ=county.BUREAU, valid_from=date(2024, 6, 1))],
        grants=[Grant(person="successor", role=Role.INTAKE, organ=county.BUREAU, valid_from=date(2024, 6, 1))],
    )
    assert office.do(c.Accept(case_id=case_id), actor=county.staff("successor")).state == "accepted"


def test_n2_a_case_keeps_the_item_of_its_time_when_the_item_is_renewed(office: Office, clock: ManualClock) -> None:
    old = county.accepted(office)
    newer = county.item(county.LICENCE, version=2, promised=county.working_days(3), valid_from=date(2024, 6, 18))
    office.establish(items=[newer])
    clock.advance(timedelta(days=1))
    new = county.accepted(office)
    limits = {one.case_id: _file(office, one.case_id).timers for one in (old, new)}
    due = {case_id: [row.last_day for row in rows if row.kind == "case"] for case_id, rows in limits.items()}
    assert due == {old.case_id: [date(2024, 7, 1)], new.case_id: [date(2024, 6, 21)]}


def test_n3_everything_that_is_missing_is_told_at_once(office: Office) -> None:
    case_id = county.submit(office, materials=()).case_id
    with pytest.raises(HookRefusedError) as refused:
        county.accept(office, case_id)
    named = [finding["field"] for finding in refused.value.data["findings"]]
    assert named == [f"materials.{code}" for code in county.MATERIALS]


def test_n5_acceptance_query_feedback_and_supervision_speak_of_one_case(office: Office, clock: ManualClock) -> None:
    filed = county.submit(office)
    county.accept(office, filed.case_id)
    clock.move_to(datetime(2024, 7, 2, tzinfo=CHINA))
    office.sweep()
    asked = office.answer(
        ProgressQuery(
            area=office.area, number=filed.number, query_digest=office.query_digest(filed.number, filed.query_code)
        )
    )
    red: CardPage = office.answer(CardsQuery(area=office.area, level="red"))
    assert asked.row.case_id == filed.case_id
    assert [line.number for line in red.lines] == [filed.number]


def test_n11_every_item_has_three_steps_unless_it_says_otherwise(office: Office) -> None:
    assert [step.name for step in DEFAULT_STEPS] == ["受理", "审核", "办结"]
    seen = [stage(State.SUBMITTED).value]
    case_id = county.submit(office).case_id
    for act in (county.accept, county.review, county.approve):
        seen.append(stage(State(act(office, case_id).state)).value)
    assert seen == ["受理", "审核", "审核", "办结"]


def test_n11_a_decision_without_a_review_is_refused(office: Office) -> None:
    case_id = county.accepted(office).case_id
    with pytest.raises(LawError, match="review step"):
        county.approve(office, case_id)


def test_n14_the_applicant_is_told_once_and_the_clock_starts_when_all_is_there(
    office: Office, clock: ManualClock
) -> None:
    case_id = county.submit(office, materials=("form",)).case_id
    office.do(
        c.RequestCorrection(case_id=case_id, notice="演补〔2024〕1号", missing=("材料 plan",)),
        actor=county.staff("intake"),
    )
    clock.advance(timedelta(days=2))
    subject = office.case_of(_file(office, case_id).row).subject
    applicant = attrs.evolve(county.CITIZEN, code=subject)
    office.do(c.Supplement(case_id=case_id, materials=("plan",)), actor=applicant)
    county.accept(office, case_id)
    [timer] = [row for row in _file(office, case_id).timers if row.kind == "case"]
    assert timer.started_at == county.MONDAY + timedelta(days=2)
    assert timer.last_day == date(2024, 7, 3)


def test_n16_progress_needs_number_and_code_together(office: Office) -> None:
    filed = county.submit(office)
    wrong = ProgressQuery(
        area=office.area, number=filed.number, query_digest=office.query_digest(filed.number, "AAAAAAAA")
    )
    assert office.answer(wrong) is None


def test_n23_yellow_when_the_deadline_is_near_red_when_it_has_passed(office: Office, clock: ManualClock) -> None:
    case_id = county.accepted(office).case_id
    levels = []
    for day in (date(2024, 6, 27), date(2024, 6, 28), date(2024, 7, 1), date(2024, 7, 2)):
        clock.move_to(datetime(day.year, day.month, day.day, tzinfo=CHINA))
        office.sweep()
        levels.append([card.level for card in _file(office, case_id).cards])
    assert levels == [[], ["yellow"], ["yellow"], ["yellow", "red"]]


def test_n24_cards_count_per_department_and_open_to_their_cases(office: Office, clock: ManualClock) -> None:
    for _ in range(3):
        county.accepted(office)
    clock.move_to(datetime(2024, 7, 2, tzinfo=CHINA))
    office.sweep()
    board: Board = office.answer(BoardQuery(area=office.area))
    [bureau] = board.organs
    opened: CardPage = office.answer(CardsQuery(area=office.area, level="red", organ=county.BUREAU, scope="ledger"))
    assert bureau.ledger == {"yellow": 3, "red": 3}
    assert opened.total == bureau.ledger["red"]


def test_n25_a_case_passed_upward_is_sent_and_its_progress_recorded(office: Office, clock: ManualClock) -> None:
    case_id = county.referred(office).case_id
    assert _file(office, case_id).row.whole == Whole.WITH_UPPER.value
    clock.advance(timedelta(minutes=1))
    office.dispatch()
    office.do(c.RecordUpperProgress(case_id=case_id, progress="市局已受理"), actor=county.staff("reviewer"))
    office.do(
        c.RecordUpperDecision(case_id=case_id, granted=True, document="市批〔2024〕1号"),
        actor=county.staff("reviewer"),
    )
    happened = [event.type for event in _file(office, case_id).events]
    assert happened[-4:] == ["referred", "receipt-recorded", "upper-progress-recorded", "approved"]
    assert _file(office, case_id).row.whole == Whole.CLOSED.value


def _file(office: Office, case_id: str) -> CaseFile:
    found: CaseFile | None = office.answer(CaseFileQuery(area=office.area, case_id=case_id))
    assert found is not None
    return found
