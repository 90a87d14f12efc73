"""Timers beside the case: pre-review (T1), forwarding (T9), delivery (T10), licence (T11), check of a commitment (T15).

The standards are a place's or an item's, with dates of the worked deadlines W31, W37 and W47 where they apply.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.states import State
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.catalogue import PauseKind
from egov_core.errors import IllegalTransitionError
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.timed_county import cards, case, do, dues, file, move, refused

MONDAY = "2024-06-17 09:00"


def licence(case_id: str) -> c.IssueLicence:
    return c.IssueLicence(case_id=case_id, document="证〔2024〕1号")


def check(case_id: str, *, kept: bool = True) -> c.CheckCommitment:
    return c.CheckCommitment(case_id=case_id, kept=kept, finding="现场核查属实")


def grant(case_id: str, **said: Any) -> c.Approve:
    return c.Approve(case_id=case_id, document="准〔2024〕1号", **said)


# --- T1 pre-review ----------------------------------------------------------------------------------------------------


def test_w31_an_online_application_of_the_holiday_is_to_be_looked_at_on_the_make_up_saturday(
    opened: timed.Opener,
) -> None:
    office = opened("2023-09-29 20:00", service_limits={"pre-acceptance": "1wd"})
    case_id = file(office, channel="web")
    assert dues(office, case_id, "pre-acceptance") == ["2023-10-07 23:59:59"]
    move(office, "2023-10-09 09:00")
    office.sweep()
    assert cards(office, case_id, "pre-acceptance") == [
        ("yellow", "2023-10-07 00:00:00", "bureau"),  # not before the first counted day
        ("red", "2023-10-08 00:00:00", "bureau"),
    ]


@pytest.mark.parametrize(
    ("channel", "kept"), [("web", 1), ("mobile", 1), ("online", 1), ("window", 0), ("post", 0), ("Web", 0)]
)
def test_only_what_came_in_online_is_pre_reviewed_and_only_where_there_is_a_standard(
    opened: timed.Opener, channel: str, kept: int
) -> None:
    office = opened(MONDAY, service_limits={"pre-acceptance": "2wd"})
    assert len(dues(office, file(office, channel=channel), "pre-acceptance")) == kept
    assert dues(opened(MONDAY), file(opened(MONDAY), channel=channel), "pre-acceptance") == []


@pytest.mark.parametrize(
    "answer",
    [
        c.Accept(case_id="k"),
        c.RequestCorrection(case_id="k", notice="补1", missing=("plan",)),
        c.Refuse(case_id="k", reason="x", notice="不受1"),
        c.Withdraw(case_id="k", reason="x"),
    ],
)
def test_every_first_answer_ends_the_pre_review_and_a_supplement_begins_none(opened: timed.Opener, answer: Any) -> None:
    office = opened(MONDAY, service_limits={"pre-acceptance": "2wd"})
    case_id = file(office, channel="web")
    move(office, "2024-06-19 23:59:59")
    do(office, attrs.evolve(answer, case_id=case_id))
    if isinstance(answer, c.RequestCorrection):
        do(office, c.Supplement(case_id=case_id, materials=("plan",)))
    move(office, "2024-06-24 09:00")
    office.sweep()
    assert cards(office, case_id, "pre-acceptance") == [("yellow", "2024-06-18 00:00:00", "bureau")]
    assert len(dues(office, case_id, "pre-acceptance")) == 1


def test_the_printed_example_of_hunan_for_the_pre_review_of_a_running_case(opened: timed.Opener) -> None:
    # two days from Monday 15 October 2018 10:00: after 17, 22 and 24 October, each 10:00
    office = opened("2018-10-15 10:00", policy="hunan-2018", silence="none", service_limits={"pre-acceptance": "2wd"})
    case_id = file(office, channel="web")
    assert dues(office, case_id, "pre-acceptance") == ["2018-10-17 10:00:00"]
    move(office, "2018-11-01 09:00")
    office.sweep()
    assert cards(office, case_id) == [
        ("warning", "2018-10-17 10:00:01", "bureau"),
        ("yellow", "2018-10-22 10:00:01", "bureau"),
        ("red", "2018-10-24 10:00:01", "bureau"),
    ]
    assert {card.due_at for card in office.storage.cards(office.area, case_id)} == {timed.time("2018-10-17 10:00")}


# --- T9 forwarding ----------------------------------------------------------------------------------------------------


def forwarded(opened: timed.Opener, start: str, **place: Any) -> tuple[Office, str]:
    office = opened(start, **place)
    case_id = file(office, county.UPWARD)
    do(office, c.Accept(case_id=case_id))
    return office, case_id


def test_w37_what_goes_up_is_reported_within_three_days_of_acceptance(opened: timed.Opener) -> None:
    office, case_id = forwarded(opened, "2026-04-28 10:00", service_limits={"forward": "3wd"})
    assert dues(office, case_id, "forward") == ["2026-05-06 23:59:59"]
    county.review(office, case_id)
    move(office, "2026-05-07 09:00")
    office.sweep()
    do(office, c.ReferUpward(case_id=case_id, opinion="同意转报"))
    assert cards(office, case_id, "forward") == [
        ("yellow", "2026-04-30 00:00:00", "bureau"),
        ("red", "2026-05-07 00:00:00", "bureau"),
    ]


def test_without_a_standard_forwarding_is_measured_by_the_limit_of_the_case_alone(opened: timed.Opener) -> None:
    office, case_id = forwarded(opened, MONDAY)
    assert dues(office, case_id, "forward") == [] and dues(office, case_id, "case") == ["2024-07-01 23:59:59"]


def test_the_service_standard_stands_before_the_twenty_days_of_the_law_and_pauses_stop_both(
    opened: timed.Opener,
) -> None:
    office, case_id = forwarded(opened, MONDAY, service_limits={"forward": "3wd"})
    found = case(office, case_id)
    [run] = [run for run in runs_of(found, office.yardstick(found)) if run.kind == "forward"]
    assert {base: str(limit) for base, limit in run.limits.items()} == {"promised": "3wd", "statutory": "20wd"}
    do(office, c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(2)))
    assert dues(office, case_id, "forward") == ["-"]
    move(office, "2024-06-19 09:00")
    do(office, c.Resume(case_id=case_id, result="完"))
    assert dues(office, case_id, "forward") == ["2024-06-24 23:59:59"], "20, 21, 24 June"


def test_a_deemed_acceptance_forwards_from_the_receipt_too(opened: timed.Opener) -> None:
    office = opened(MONDAY, service_limits={"forward": "3wd"})
    case_id = file(office, county.UPWARD)
    move(office, "2024-07-01 09:00")
    office.sweep()
    assert dues(office, case_id, "forward") == ["2024-06-20 23:59:59"]
    assert sorted(cards(office, case_id, "forward")) == [
        ("red", "2024-06-25 00:00:00", "bureau"),
        ("yellow", "2024-06-25 00:00:00", "bureau"),
    ]


# --- T10 delivery, T11 licence, T15 commitment ------------------------------------------------------------------------


def granted(opened: timed.Opener, start: str, item: str = county.LICENCE, **place: Any) -> tuple[Office, str]:
    said = place.pop("said", {})
    office = opened(start, **place)
    case_id = file(office, item)
    do(office, c.Accept(case_id=case_id))
    county.review(office, case_id)
    do(office, grant(case_id, **said))
    return office, case_id


def test_w47_a_licence_is_delivered_within_ten_days_over_the_spring_festival(opened: timed.Opener) -> None:
    office, case_id = granted(opened, "2022-01-19 10:00")
    assert dues(office, case_id, "delivery") == ["2022-02-07 23:59:59"]
    move(office, "2022-02-08 09:00")
    do(office, c.Deliver(case_id=case_id, method="邮寄"))
    assert cards(office, case_id) == [
        ("yellow", "2022-01-30 00:00:00", "bureau"),  # the make-up Sunday before 7 February
        ("red", "2022-02-08 00:00:00", "bureau"),
    ]


def test_a_rejection_delivers_nothing(opened: timed.Opener) -> None:
    office = opened(MONDAY, service_limits={"licence": "3wd"})
    case_id = county.reviewed(office).case_id
    do(office, c.Reject(case_id=case_id, document="不许1", reason="不符合条件"))
    assert dues(office, case_id, "delivery") == dues(office, case_id, "licence") == []
    with refused(office, IllegalTransitionError, "IssueLicence is not possible"):
        do(office, licence(case_id))


def test_hunans_three_days_for_the_licence_run_from_the_instant_of_the_decision(opened: timed.Opener) -> None:
    # the printed example: 3 days from Monday 15 October 2018 10:00, yellow after Thursday 18 October 10:00
    place: dict[str, Any] = {"policy": "hunan-2018", "service_limits": {"licence": "3wd"}}
    for issued, expected in (("2018-10-18 10:00:00", []), ("2018-10-18 10:00:01", ["2018-10-18 10:00:01"])):
        office, case_id = granted(opened, "2018-10-15 10:00", **place)
        assert dues(office, case_id, "licence") == ["2018-10-18 10:00:00"]
        move(office, issued)
        do(office, licence(case_id))
        assert [at for _, at, _ in cards(office, case_id, "licence")] == expected


def test_an_items_own_standard_prevails_and_the_licence_comes_before_or_after_the_delivery(
    opened: timed.Opener,
) -> None:
    quick = attrs.evolve(county.item("quick"), limits={"licence": timed.limit("1wd")})
    office, case_id = granted(opened, MONDAY, "quick", more=[quick], service_limits={"licence": "3wd"})
    assert dues(office, case_id, "licence") == ["2024-06-18 23:59:59"]
    do(office, c.Deliver(case_id=case_id, method="窗口领取"))
    assert case(office, case_id).state is State.DELIVERED
    move(office, "2024-06-19 08:00")
    do(office, licence(case_id))
    assert case(office, case_id).state is State.DELIVERED
    assert [level for level, _, _ in cards(office, case_id, "licence")] == ["yellow", "red"]


def test_what_was_granted_on_a_commitment_is_checked_in_its_time_and_once(opened: timed.Opener) -> None:
    office, case_id = granted(opened, MONDAY, said={"on_commitment": True}, service_limits={"commitment-check": "30d"})
    assert dues(office, case_id, "commitment-check") == ["2024-07-17 23:59:59"]
    do(office, c.Deliver(case_id=case_id, method="窗口领取"))
    move(office, "2024-07-18 09:00")
    do(office, check(case_id, kept=False))
    assert cards(office, case_id, "commitment-check") == [
        ("yellow", "2024-07-16 00:00:00", "bureau"),
        ("red", "2024-07-18 00:00:00", "bureau"),
    ]
    with refused(office, IllegalTransitionError, "was checked before"):
        do(office, check(case_id))
    assert case(office, case_id).state is State.DELIVERED, "what follows from the finding is somebody's decision"


def test_what_was_granted_without_a_commitment_is_not_checked(opened: timed.Opener) -> None:
    office, case_id = granted(opened, MONDAY, service_limits={"commitment-check": "30d"})
    assert dues(office, case_id, "commitment-check") == []
    with refused(office, IllegalTransitionError, "was not decided on a commitment"):
        do(office, check(case_id))


def test_a_renewal_by_silence_is_no_commitment(opened: timed.Opener) -> None:
    office = opened("2024-08-20 09:00", service_limits={"commitment-check": "30d", "licence": "3wd"})
    case_id = file(office, renews=date(2024, 10, 1))
    do(office, c.Accept(case_id=case_id))
    move(office, "2024-10-09 09:00")
    office.sweep()
    assert dues(office, case_id, "licence") == ["2024-10-10 23:59:59"], "8, 9, 10 October"
    assert dues(office, case_id, "commitment-check") == []
    do(office, licence(case_id))
