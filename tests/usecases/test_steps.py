"""环节: steps with limits and units, and who answers for a breach.

Filed on Monday 17 June 2024; no holiday in the weeks around. The window accepts within 3 working days (20 June), the
technical section reviews within 5, the bureau concludes within 3.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import CaseType, PauseKind, Step
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.errors import ClaimError, IllegalTransitionError
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.timed_county import FRONT, STEPPED, TECH, cards, case, do, dues, file, move, outlook, refused

MONDAY = "2024-06-17 09:00"


def hand_over(case_id: str, unit: str) -> c.HandOver:
    return c.HandOver(case_id=case_id, unit=unit, reason="分工调整")


def accepted(opened: timed.Opener, **place: Any) -> tuple[Office, str]:
    """Accepted on Tuesday 18 June: the review is due on 25 June."""
    office = opened(MONDAY, **place)
    case_id = file(office, STEPPED)
    move(office, "2024-06-18 10:00")
    do(office, c.Accept(case_id=case_id))
    return office, case_id


def timer(office: Office, case_id: str, name: str) -> Any:
    return next(row for row in office.storage.timers(office.area, case_id) if row.timer_id == f"{case_id}/step/{name}")


def test_each_step_runs_from_the_end_of_the_one_before_against_its_own_limit(opened: timed.Opener) -> None:
    office, case_id = accepted(opened)
    move(office, "2024-06-21 10:00")
    county.review(office, case_id)
    assert dues(office, case_id, "step") == ["2024-06-20 23:59:59", "2024-06-26 23:59:59", "2024-06-25 23:59:59"]
    held = {one: timer(office, case_id, one).organ for one in ("acceptance-1", "review-1", "conclusion-1")}
    assert held == {"acceptance-1": FRONT, "review-1": TECH, "conclusion-1": county.BUREAU}
    move(office, "2024-06-24 10:00")
    county.approve(office, case_id)
    assert cards(office, case_id, "step") == []


def test_a_breach_is_the_units_that_holds_the_step_and_the_limit_of_the_case_stays_the_organs(
    opened: timed.Opener,
) -> None:
    office, case_id = accepted(opened)
    move(office, "2024-07-10 10:00")  # the promise of 15 days ended on 9 July
    office.sweep()
    assert cards(office, case_id, "step") == [
        ("yellow", "2024-06-24 00:00:00", TECH),
        ("red", "2024-06-26 00:00:00", TECH),
    ]
    assert cards(office, case_id, "case") == [
        ("yellow", "2024-07-08 00:00:00", county.BUREAU),
        ("red", "2024-07-10 00:00:00", county.BUREAU),
    ]


def test_a_supplement_begins_the_first_step_anew(opened: timed.Opener) -> None:
    office = opened(MONDAY)
    case_id = file(office, STEPPED)
    move(office, "2024-06-18 10:00")
    do(office, c.RequestCorrection(case_id=case_id, notice="补1", missing=("plan",)))
    move(office, "2024-06-24 10:00")
    do(office, c.Supplement(case_id=case_id, materials=("plan",)))
    move(office, "2024-06-28 10:00")
    do(office, c.Accept(case_id=case_id))
    assert dues(office, case_id, "step")[:2] == ["2024-06-20 23:59:59", "2024-06-27 23:59:59"]
    assert cards(office, case_id, "step") == [
        ("yellow", "2024-06-26 00:00:00", FRONT),
        ("red", "2024-06-28 00:00:00", FRONT),
    ]


def test_who_takes_a_step_over_before_its_breach_gets_the_card_and_who_does_so_after_gets_none(
    opened: timed.Opener,
) -> None:
    before, early = accepted(opened)
    move(before, "2024-06-25 10:00")
    do(before, hand_over(early, FRONT))
    after, late = accepted(opened)
    move(after, "2024-06-26 08:00")
    do(after, hand_over(late, FRONT))
    for office, case_id, unit in ((before, early, FRONT), (after, late, TECH)):
        move(office, "2024-07-01 10:00")
        office.sweep()
        assert cards(office, case_id, "step") == [
            ("yellow", "2024-06-24 00:00:00", TECH),
            ("red", "2024-06-26 00:00:00", unit),
        ]
        assert timer(office, case_id, "review-1").organ == FRONT, "it holds the step now, either way"


@pytest.mark.parametrize("swept", [True, False])
def test_a_hand_over_entered_late_moves_the_cards_to_who_held_the_step_at_their_instant(
    opened: timed.Opener, swept: bool
) -> None:
    office, case_id = accepted(opened)
    move(office, "2024-07-01 10:00")
    if swept:
        office.sweep()
    told = do(office, hand_over(case_id, FRONT), at="2024-06-24 12:00")
    assert told.happened.count("card-revoked") == (1 if swept else 0)
    assert cards(office, case_id, "step") == [
        ("yellow", "2024-06-24 00:00:00", TECH),
        ("red", "2024-06-26 00:00:00", FRONT),
    ]
    assert cards(office, case_id, "step", revoked=True) == ([("red", "2024-06-26 00:00:00", TECH)] if swept else [])
    assert office.sweep().revoked == 0, "and there they stay"


def test_the_next_step_is_its_own_units_whoever_held_the_one_before(opened: timed.Opener) -> None:
    """Also where it was handed over in the very second in which the step ended."""
    office = opened(MONDAY)
    case_id = file(office, STEPPED)
    do(office, hand_over(case_id, TECH))
    do(office, hand_over(case_id, county.BUREAU))
    do(office, c.Accept(case_id=case_id))
    do(office, hand_over(case_id, FRONT))
    county.review(office, case_id)
    for _ in range(2):
        held = {one: timer(office, case_id, one).organ for one in ("acceptance-1", "review-1", "conclusion-1")}
        assert held == {"acceptance-1": county.BUREAU, "review-1": FRONT, "conclusion-1": county.BUREAU}
        if case(office, case_id).when("approved") is None:
            county.approve(office, case_id)


def test_a_step_is_handed_to_the_organ_or_to_a_unit_below_it_and_to_nobody_else(opened: timed.Opener) -> None:
    office, case_id = accepted(opened)
    for unit in (county.OTHER, county.COUNTY, "nobody"):
        with refused(office, ClaimError, f"{unit!r} is no unit of bureau", "organ code") as told:
            do(office, hand_over(case_id, unit))
        assert told.paths == ["$.unit"]
    with refused(office, ClaimError, "lacks reason"):
        do(office, c.HandOver(case_id=case_id, unit=TECH, reason=" "))
    for unit in (county.BUREAU, FRONT, TECH):
        do(office, hand_over(case_id, unit))
    assert [one.unit for one in case(office, case_id).holdings] == [county.BUREAU, FRONT, TECH]


def test_nothing_is_handed_over_that_nobody_holds(opened: timed.Opener) -> None:
    office, case_id = accepted(opened)
    do(office, c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(3)))
    with refused(office, IllegalTransitionError, "HandOver is not possible"):
        do(office, hand_over(case_id, FRONT))


def test_the_clock_of_a_step_stops_with_that_of_the_case_and_an_extension_leaves_it_alone(opened: timed.Opener) -> None:
    office, case_id = accepted(opened)
    do(office, c.Extend(case_id=case_id, amount=county.working_days(10), reason="复杂", notice="延1"))
    assert dues(office, case_id, "step")[1] == "2024-06-25 23:59:59"
    assert dues(office, case_id, "case") == ["2024-07-23 23:59:59"], "9 July and ten working days"
    move(office, "2024-06-20 10:00")
    do(office, c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(3)))
    assert dues(office, case_id, "step")[1] == "-", "nobody knows how long the hearing takes"
    move(office, "2024-06-27 10:00")
    do(office, c.Resume(case_id=case_id, result="听证结束"))
    # 21-27 June are not counted: 19, 20, 28 June, 1, 2 July
    assert dues(office, case_id, "step")[1] == "2024-07-02 23:59:59"
    move(office, "2024-07-08 10:00")
    office.sweep()
    assert cards(office, case_id, "step") == [
        ("yellow", "2024-07-01 00:00:00", TECH),
        ("red", "2024-07-03 00:00:00", TECH),
    ]


def test_steps_in_working_hours_run_on_the_office_clock(opened: timed.Opener) -> None:
    # hours of `standard` 09:00-12:00, 13:00-17:00: 4 hours from 16:00 are 1 today and 3 tomorrow
    hourly = attrs.evolve(county.item("hourly"), steps=timed.steps(acceptance="4wh", review="8wh"))
    office = opened("2024-06-17 16:00", more=[hourly])
    case_id = file(office, "hourly")
    first = dues(office, case_id, "step")
    move(office, "2024-06-20 09:00")
    office.sweep()
    assert first == ["2024-06-18 12:00:00"], "the last second in time: one hour today, three tomorrow"
    assert cards(office, case_id, "step") == [
        ("yellow", "2024-06-18 11:00:00", FRONT),
        ("red", "2024-06-18 12:00:01", FRONT),
    ]


def test_an_item_without_a_review_concludes_from_its_acceptance(opened: timed.Opener) -> None:
    short = attrs.evolve(county.item("short"), steps=tuple(one for one in timed.steps() if one.code != "review"))
    office = opened(MONDAY, more=[short])
    case_id = file(office, "short")
    move(office, "2024-06-18 10:00")
    do(office, c.Accept(case_id=case_id))
    assert dues(office, case_id, "step") == ["2024-06-20 23:59:59", "2024-06-21 23:59:59"]
    move(office, "2024-06-21 23:59:59")
    county.approve(office, case_id)
    assert cards(office, case_id, "step") == [("yellow", "2024-06-20 00:00:00", county.BUREAU)]


def test_a_forwarded_case_ends_its_last_step_with_the_referral(opened: timed.Opener) -> None:
    upward = attrs.evolve(county.item("up", case_type=CaseType.FORWARD, forward_to=county.CITY), steps=timed.steps())
    office = opened(MONDAY, more=[upward])
    case_id = file(office, "up")
    do(office, c.Accept(case_id=case_id))
    county.review(office, case_id)
    move(office, "2024-06-18 09:00")
    do(office, c.ReferUpward(case_id=case_id, opinion="同意转报"))
    move(office, "2024-07-18 09:00")
    office.sweep()
    assert all(row.stopped_at for row in office.storage.timers(office.area, case_id) if row.kind == "step")
    assert cards(office, case_id, "step") == []


@pytest.mark.parametrize("swept", [True, False])
def test_a_deemed_acceptance_set_aside_takes_the_steps_it_began_with_it(opened: timed.Opener, swept: bool) -> None:
    # nobody looked: accepted by law at the first second of 25 June; the review ran since the receipt, so red at once
    office = opened(MONDAY)
    case_id = file(office, STEPPED)
    move(office, "2024-07-01 10:00")
    if swept:
        office.sweep()
        assert cards(office, case_id, "step") == [
            ("yellow", "2024-06-19 00:00:00", FRONT),
            ("red", "2024-06-21 00:00:00", FRONT),
            ("red", "2024-06-25 00:00:00", TECH),
            ("yellow", "2024-06-25 00:00:00", TECH),
        ]
    do(office, c.Accept(case_id=case_id), at="2024-06-24 10:00")
    office.sweep()
    assert cards(office, case_id, "step") == [
        ("yellow", "2024-06-19 00:00:00", FRONT),
        ("red", "2024-06-21 00:00:00", FRONT),
        ("yellow", "2024-06-28 00:00:00", TECH),
    ]
    twin = opened(MONDAY)
    other = file(twin, STEPPED)
    move(twin, "2024-07-01 10:00")
    do(twin, c.Accept(case_id=other), at="2024-06-24 10:00")
    assert outlook(twin, other) == outlook(office, case_id)


def test_what_cannot_be_a_step_is_refused_with_the_item(opened: timed.Opener) -> None:
    office = opened(MONDAY)
    odd = (
        Step(code="tasting", name="品尝", limit=timed.limit("1wd")),
        Step(code="review", name="审核", limit=timed.limit("1wd"), unit=county.OTHER),
        Step(code="conclusion", name="办结", unit="nobody"),
    )
    item = attrs.evolve(county.item("odd"), steps=odd, limits={"no-such-kind": timed.limit("1wd")})
    with refused(office, ClaimError, "4 fault(s)") as told:
        office.establish(items=[item])
    assert isinstance(told.error, ClaimError)
    assert [fault.code for fault in told.error.faults] == [
        "unknown-step", "unknown-unit", "unknown-unit", "unknown-timer",
    ]  # fmt: skip
    ok = Organ(code="seat", name="x", kind=OrganKind.DEPARTMENT, parent=TECH, valid_from=date(2010, 1, 1))
    deep = attrs.evolve(odd[1], unit="seat")
    assert office.establish(organs=[ok], items=[attrs.evolve(item, steps=(deep,), limits={})]) == 2
