"""视为受理: who is not told within five days what is missing was accepted on receipt (行政许可法 32).

Receipt on Thursday 22 April 2021 (W29): 23 April 1, Sunday 25 April (make-up day) to 28 April 5. The five days end with
28 April, so the first second after them is 29 April 00:00:00. Ten days from the receipt end on Saturday 8 May (make-up
day): 23 April 1, 25-30 April 7, 6-8 May 10. Twenty end on 21 May: 10-14 May 15, 17-21 May 20.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.states import State
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.people import SYSTEM
from egov_core.errors import ClaimError, EgovError, IdempotencyError, IllegalTransitionError
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.timed_county import cards, case, chain, do, dues, file, move, outlook, refused, time

RECEIPT, LAPSE = "2021-04-22 09:00:00", "2021-04-29 00:00:00"
LATE = "2021-05-10 10:00:00"


def notice(case_id: str, **said: Any) -> c.RequestCorrection:
    return c.RequestCorrection(case_id=case_id, notice="补正〔2021〕1号", missing=("plan",), **said)


def supplement(case_id: str) -> c.Supplement:
    return c.Supplement(case_id=case_id, materials=("plan",))


def refusal(case_id: str) -> c.Refuse:
    return c.Refuse(case_id=case_id, reason="不属于本机关职权范围", notice="不受〔2021〕1号")


def acts(office: Office, case_id: str) -> list[tuple[str, str]]:
    """What happened, without cards: type and event time."""
    return [(kind, at) for kind, at, _ in chain(office, case_id) if not kind.startswith("card-")]


def run_of(office: Office, case_id: str, timer: str) -> Any:
    found = case(office, case_id)
    return next(run for run in runs_of(found, office.yardstick(found)) if run.timer_id == f"{case_id}/{timer}")


# --- the worked deadlines as running cases ----------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["notice", "hunan-2018"])
def test_w29_nobody_said_in_time_what_is_missing_so_the_case_was_accepted_on_receipt(
    opened: timed.Opener, policy: str
) -> None:
    office = opened(RECEIPT, policy=policy)
    case_id = file(office)
    move(office, "2021-04-28 23:59:59")
    office.sweep()
    assert case(office, case_id).state is State.SUBMITTED
    move(office, LAPSE)
    office.sweep()
    assert acts(office, case_id) == [("submitted", RECEIPT), ("accepted", LAPSE)]
    assert chain(office, case_id)[-1 if policy == "hunan-2018" else 2][2] == SYSTEM.code
    found = case(office, case_id)
    assert (found.state, found.when("accepted"), found.last_act) == (State.ACCEPTED, time(RECEIPT), "submitted")
    row = office.storage.case(office.area, case_id)
    assert row is not None
    assert (row.state, row.accepted_at) == ("accepted", time(RECEIPT))
    run = run_of(office, case_id, "case/1")
    assert (run.start, run.knowable_from) == (time(RECEIPT), time(LAPSE))
    statutory = run.due(office.yardstick(found).ruler, ("statutory",))
    assert statutory.last_day == date(2021, 5, 21), "20 days from the receipt, W29"
    hour = "23:59:59" if policy == "notice" else "09:00:00"  # hunan-2018 counts from the instant
    assert dues(office, case_id, "case") == [f"2021-05-08 {hour}"]
    assert dues(office, case_id, "correction-notice") == ["2021-04-28 23:59:59"], "the five days of the law are days"


def test_w27_a_notice_in_time_and_the_days_run_from_the_last_supplement(opened: timed.Opener) -> None:
    office = opened("2016-05-03 09:00")
    case_id = file(office)
    move(office, "2016-05-06 11:00")
    do(office, notice(case_id))
    assert dues(office, case_id, "correction-notice") == ["2016-05-10 23:59:59"]
    move(office, "2016-05-12 09:00")
    office.sweep()
    assert case(office, case_id).state is State.CORRECTION_REQUESTED, "who was told in time is waited for"
    move(office, "2016-05-16 15:00")
    do(office, supplement(case_id))
    do(office, c.Accept(case_id=case_id))
    run = run_of(office, case_id, "case/1")
    due = run.due(office.ruler, ("statutory",))
    assert due.due == time("2016-06-14 23:59:59")


def test_w27_left_lying_after_the_supplement_it_is_accepted_by_law_on_the_day_of_the_supplement(
    opened: timed.Opener,
) -> None:
    # 17-20 May 4, 23 May 5
    office = opened("2016-05-03 09:00")
    case_id = file(office)
    move(office, "2016-05-06 11:00")
    do(office, notice(case_id))
    move(office, "2016-05-16 15:00")
    do(office, supplement(case_id))
    move(office, "2016-06-20 09:00")
    office.sweep()
    assert acts(office, case_id)[-1] == ("accepted", "2016-05-24 00:00:00")
    found = case(office, case_id)
    assert found.when("accepted") == time("2016-05-16 15:00")
    assert run_of(office, case_id, "case/1").due(office.ruler, ("statutory",)).due == time("2016-06-14 23:59:59")
    assert dues(office, case_id, "case") == ["2016-05-30 23:59:59"]


def test_a_second_notice_in_time_after_the_supplement_keeps_the_case_open(opened: timed.Opener) -> None:
    office = opened("2016-05-03 09:00")
    case_id = file(office)
    for told, answered in (("2016-05-06 11:00", "2016-05-16 15:00"), ("2016-05-23 17:00", "2016-05-25 10:00")):
        move(office, told)
        do(office, notice(case_id))
        move(office, answered)
        do(office, supplement(case_id))
    move(office, "2016-06-02 10:00")  # 26, 27, 30, 31 May and 1 June
    office.sweep()
    assert acts(office, case_id)[-1] == ("accepted", "2016-06-02 00:00:00")
    assert case(office, case_id).when("accepted") == time("2016-05-25 10:00")


def test_a_supplement_within_the_first_five_days_begins_five_new_ones(opened: timed.Opener) -> None:
    # received on 3 May, the first five days end on 10 May; from 5 May they are 6, 9, 10, 11, 12 May
    office = opened("2016-05-03 09:00")
    case_id = file(office)
    move(office, "2016-05-04 09:00")
    do(office, notice(case_id))
    move(office, "2016-05-05 09:00")
    do(office, supplement(case_id))
    move(office, "2016-05-12 23:59:59")
    office.sweep()
    assert case(office, case_id).state is State.SUBMITTED
    move(office, "2016-05-13 00:00")
    office.sweep()
    assert acts(office, case_id)[-1] == ("accepted", "2016-05-13 00:00:00")
    assert case(office, case_id).when("accepted") == time("2016-05-05 09:00")


# --- cards ------------------------------------------------------------------------------------------------------------


def test_the_cards_of_the_notice_and_of_the_retroactive_limit_have_their_instants(opened: timed.Opener) -> None:
    office = opened(RECEIPT)
    case_id = file(office)
    move(office, "2021-06-01 09:00")
    assert office.sweep().issued == {"yellow": 2, "red": 2}
    assert cards(office, case_id, "correction-notice") == [
        ("yellow", "2021-04-27 00:00:00", "bureau"),
        ("red", LAPSE, "bureau"),
    ]
    assert cards(office, case_id, "case") == [
        ("yellow", "2021-05-07 00:00:00", "bureau"),
        ("red", "2021-05-09 00:00:00", "bureau"),
    ]


def test_under_hunan_2018_the_retroactive_limit_counts_from_the_instant_of_the_receipt(opened: timed.Opener) -> None:
    # promise 10, law 20: the warning after 7 working days
    office = opened(RECEIPT, policy="hunan-2018")
    case_id = file(office)
    move(office, "2021-06-01 09:00")
    office.sweep()
    assert cards(office, case_id) == [
        ("warning", "2021-04-30 09:00:01", "bureau"),
        ("yellow", "2021-05-08 09:00:01", "bureau"),
        ("red", "2021-05-21 09:00:01", "bureau"),
    ]


@pytest.mark.parametrize(
    ("policy", "levels"), [("notice", ["yellow", "red"]), ("hunan-2018", ["warning", "yellow", "red"])]
)
@pytest.mark.parametrize("looks", [["2021-04-28 12:00", LAPSE, LATE], [LATE]])
def test_no_card_of_the_case_is_dated_before_anybody_could_know_of_its_acceptance(
    opened: timed.Opener, policy: str, levels: list[str], looks: list[str]
) -> None:
    # the promise of three days ended on 26 April, the law's four on 27 April: both within the five days
    brief = county.item("brief", statutory=county.working_days(4), promised=county.working_days(3))
    office = opened(RECEIPT, policy=policy, more=[brief])
    case_id = file(office, "brief")
    for look in looks:
        move(office, look)
        office.sweep()
    assert sorted(cards(office, case_id, "case")) == sorted((level, LAPSE, "bureau") for level in levels)


# --- who is accepted by law, and who is not ---------------------------------------------------------------------------


def test_only_licences_are_accepted_by_law_others_earn_their_cards_and_wait(opened: timed.Opener) -> None:
    office = opened(RECEIPT)
    case_id = file(office, timed.CONFIRMATION)
    assert case(office, case_id).lapses == ()
    move(office, LATE)
    office.sweep()
    assert acts(office, case_id) == [("submitted", RECEIPT)]
    assert cards(office, case_id) == [("yellow", "2021-04-27 00:00:00", "bureau"), ("red", LAPSE, "bureau")]
    do(office, notice(case_id))
    assert case(office, case_id).state is State.CORRECTION_REQUESTED


def test_a_place_that_leaves_silence_to_another_system_only_earns_cards(opened: timed.Opener) -> None:
    office = opened(RECEIPT, silence="none")
    case_id = file(office)
    move(office, LATE)
    office.sweep()
    assert case(office, case_id).state is State.SUBMITTED
    assert [level for level, _, _ in cards(office, case_id)] == ["yellow", "red"]
    do(office, c.Accept(case_id=case_id))
    assert case(office, case_id).when("accepted") == time(LATE)


def test_what_silence_brings_is_frozen_when_the_application_comes_in(tmp_path: Path) -> None:
    """Also the policy: whoever opens the office later with other rules finds the case under those of its day."""
    url = f"sqlite:///{tmp_path}/county.db"
    with timed.open_timed_county(url, start=time(RECEIPT), silence="none") as office:
        quiet = file(office)
    with timed.open_timed_county(url, start=time(RECEIPT), fresh=False, seed=2, policy="hunan-2018") as office:
        counted = file(office)
    with timed.open_timed_county(url, start=time(LATE), fresh=False, policy="notice", silence="none") as office:
        office.sweep()
        assert case(office, quiet).state is State.SUBMITTED
        assert [card.policy for card in office.storage.cards(office.area, quiet)] == ["notice@1"] * 2
        assert case(office, counted).state is State.ACCEPTED
        assert cards(office, counted) == [
            ("warning", "2021-04-30 09:00:01", "bureau"),
            ("yellow", "2021-05-08 09:00:01", "bureau"),
        ]
        assert office.verify().violations == ()


def test_the_version_in_force_on_receipt_is_frozen_by_a_deemed_acceptance(opened: timed.Opener) -> None:
    office = opened(RECEIPT)
    newer = county.item(county.LICENCE, version=2, promised=county.working_days(3), valid_from=date(2021, 4, 26))
    office.establish(items=[newer])
    early = file(office)
    move(office, "2021-04-26 09:00")
    later = file(office)
    move(office, "2021-05-20 09:00")
    office.sweep()
    found = {one: case(office, one) for one in (early, later)}
    assert [found[one].item_version for one in (early, later)] == [1, 2]
    assert [str(found[one].promised) for one in (early, later)] == ["10wd", "3wd"]
    # from 26 April: 27-30 April 4, 6 May 5
    assert [str(found[one].history[-1].at.date()) for one in (early, later)] == ["2021-04-29", "2021-05-07"]


def test_an_item_that_has_ceased_meanwhile_is_accepted_under_the_version_it_was_filed_under(
    opened: timed.Opener,
) -> None:
    ending = attrs.evolve(county.item("ending"), valid_to=date(2021, 4, 25))
    office = opened(RECEIPT, more=[ending])
    case_id = file(office, "ending")
    move(office, "2021-04-24 09:00")
    do(office, notice(case_id))
    move(office, "2021-04-26 09:00")
    do(office, supplement(case_id))
    move(office, "2021-05-20 09:00")
    office.sweep()
    assert (case(office, case_id).state, case(office, case_id).item_version) == (State.ACCEPTED, 1)


# --- acted in time, entered late --------------------------------------------------------------------------------------


def forgotten(office: Office, *, swept: bool) -> str:
    """A case nobody has looked at until 10 May, with or without the sweeps of that time."""
    case_id = file(office)
    for look in ("2021-04-27 08:00", LAPSE, "2021-05-07 08:00", LATE):
        move(office, look)
        if swept:
            office.sweep()
    return case_id


@pytest.mark.parametrize("swept", [True, False])
def test_a_notice_given_in_time_and_entered_late_sets_the_acceptance_aside(opened: timed.Opener, swept: bool) -> None:
    office = opened(RECEIPT)
    case_id = forgotten(office, swept=swept)
    told = do(office, notice(case_id), at="2021-04-26 16:00")
    assert told.state == "correction-requested"
    assert cards(office, case_id) == []
    if swept:
        assert told.happened == ("lapse-set-aside", "correction-requested", *["card-revoked"] * 4)
        assert len(cards(office, case_id, revoked=True)) == 4
        assert chain(office, case_id)[6:8] == [
            ("lapse-set-aside", "2021-04-26 16:00:00", "intake"),
            ("correction-requested", "2021-04-26 16:00:00", "intake"),
        ]
    else:
        assert told.happened == ("correction-requested",)
    row = office.storage.case(office.area, case_id)
    assert row is not None and row.accepted_at is None
    for look in ("2021-05-10 11:00", "2021-05-10 12:00"):
        move(office, look)
        assert office.sweep().issued == {}, "an applicant who has been told is waited for"
    move(office, "2021-05-11 10:00")
    do(office, supplement(case_id))
    move(office, "2021-05-12 09:00")
    do(office, c.Accept(case_id=case_id))
    # 13, 14 May 2, 17-21 May 7, 24-26 May 10; 28 May 12, 4 June 17, 9 June 20
    assert [due for due in dues(office, case_id, "case") if due != "-"] == ["2021-05-26 23:59:59"]
    run = run_of(office, case_id, "case/2" if swept else "case/1")
    assert run.due(office.ruler, ("statutory",)).due == time("2021-06-09 23:59:59")
    county.review(office, case_id)
    move(office, "2021-05-27 00:00")
    assert office.sweep().issued == {"yellow": 1, "red": 1}
    county.approve(office, case_id)
    assert cards(office, case_id) == [
        ("yellow", "2021-05-25 00:00:00", "bureau"),
        ("red", "2021-05-27 00:00:00", "bureau"),
    ]


@pytest.mark.parametrize("swept", [True, False])
def test_an_acceptance_in_time_and_entered_late_runs_from_its_own_day(opened: timed.Opener, swept: bool) -> None:
    office = opened(RECEIPT)
    case_id = forgotten(office, swept=swept)
    do(office, c.Accept(case_id=case_id), at="2021-04-27 16:00")
    found = case(office, case_id)
    assert (found.state, found.when("accepted")) == (State.ACCEPTED, time("2021-04-27 16:00"))
    # 28-30 April 3, 6-8 May 6, 10-13 May 10
    assert [due for due in dues(office, case_id, "case") if due != "-"] == ["2021-05-13 23:59:59"]
    assert cards(office, case_id) == [("yellow", "2021-04-27 00:00:00", "bureau")], "it existed before the acceptance"
    move(office, "2021-05-20 09:00")
    office.sweep()
    assert cards(office, case_id, "case") == [
        ("yellow", "2021-05-12 00:00:00", "bureau"),
        ("red", "2021-05-14 00:00:00", "bureau"),
    ]


@pytest.mark.parametrize("swept", [True, False])
@pytest.mark.parametrize(
    ("command", "state"),
    [
        (refusal("k"), State.NOT_ACCEPTED),
        (c.Withdraw(case_id="k", reason="不办了"), State.WITHDRAWN),
    ],
)
def test_a_refusal_or_a_withdrawal_in_time_and_entered_late_ends_the_case_on_its_own_day(
    opened: timed.Opener, swept: bool, command: Any, state: State
) -> None:
    office = opened(RECEIPT)
    case_id = forgotten(office, swept=swept)
    do(office, attrs.evolve(command, case_id=case_id), at="2021-04-28 23:59:59")
    row = office.storage.case(office.area, case_id)
    assert row is not None
    assert (row.state, row.accepted_at, row.concluded_at) == (state.value, None, time("2021-04-28 23:59:59"))
    assert cards(office, case_id) == [("yellow", "2021-04-27 00:00:00", "bureau")]
    assert all(timer.stopped_at is not None for timer in office.storage.timers(office.area, case_id))


def test_what_is_entered_late_leaves_the_case_as_it_would_be_had_nobody_swept(opened: timed.Opener) -> None:
    offices = [opened(RECEIPT), opened(RECEIPT)]
    ids = [forgotten(office, swept=swept) for office, swept in zip(offices, (True, False), strict=True)]
    for command, at in ((notice("k"), "2021-04-26 16:00"), (supplement("k"), "2021-05-06 10:00"), (None, "")):
        if command is not None:
            for office, case_id in zip(offices, ids, strict=True):
                do(office, attrs.evolve(command, case_id=case_id), at=at)
        assert outlook(offices[0], ids[0]) == outlook(offices[1], ids[1])
        for office in offices[:1]:
            office.sweep()


def test_an_act_that_leaves_the_silence_as_it_was_lets_it_have_its_effect_again(opened: timed.Opener) -> None:
    """Handing the step over on the second day, entered late, told the applicant nothing."""
    office = opened(RECEIPT)
    case_id = forgotten(office, swept=True)
    told = do(office, c.HandOver(case_id=case_id, unit=timed.FRONT, reason="分工"), at="2021-04-23 10:00")
    assert told.happened[:3] == ("lapse-set-aside", "step-handed-over", "accepted")
    assert case(office, case_id).when("accepted") == time(RECEIPT)
    assert acts(office, case_id)[-1] == ("accepted", LAPSE)
    assert cards(office, case_id, "case") == [
        ("yellow", "2021-05-07 00:00:00", "bureau"),
        ("red", "2021-05-09 00:00:00", "bureau"),
    ]


# --- too late ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("swept", [True, False])
@pytest.mark.parametrize("at", ["", LAPSE, "2021-04-29 16:00"])
@pytest.mark.parametrize("command", [notice("k"), refusal("k"), c.Accept(case_id="k")])
def test_what_comes_too_late_is_refused_and_says_what_has_happened_and_what_can_be_done(
    opened: timed.Opener, swept: bool, at: str, command: Any
) -> None:
    office = opened(RECEIPT)
    case_id = forgotten(office, swept=swept)
    with refused(
        office,
        IllegalTransitionError,
        "was accepted by the law on 2021-04-29, because nobody had said in time what is missing",
        "from here: Review, Pause, Extend",
        "If it was done before 2021-04-29T00:00:00+08:00, enter it with its true time",
    ) as told:
        do(office, attrs.evolve(command, case_id=case_id), at=at)
    assert (told.data["lapse"], told.data["lapsed_at"]) == ("accepted", "2021-04-29T00:00:00+08:00")
    assert told.data["state"] == "accepted"


def test_the_last_second_of_the_five_days_is_in_time(opened: timed.Opener) -> None:
    office = opened(RECEIPT)
    case_id = forgotten(office, swept=True)
    assert do(office, notice(case_id), at="2021-04-28 23:59:59").state == "correction-requested"


def test_once_somebody_has_gone_on_from_the_acceptance_nothing_is_dated_before_that(opened: timed.Opener) -> None:
    office = opened(RECEIPT)
    case_id = forgotten(office, swept=True)
    county.review(office, case_id)
    with refused(office, IllegalTransitionError, "is reviewed"):
        do(office, notice(case_id), at="2021-04-26 16:00")
    with refused(office, ClaimError, "lies before the case's last event (reviewed"):
        do(office, c.Withdraw(case_id=case_id, reason="不办了"), at="2021-04-26 16:00")


def test_a_command_before_any_sweep_finds_the_case_accepted(opened: timed.Opener) -> None:
    office = opened(RECEIPT)
    case_id = forgotten(office, swept=False)
    told = county.review(office, case_id)
    assert told.happened[:2] == ("accepted", "reviewed")
    assert acts(office, case_id) == [("submitted", RECEIPT), ("accepted", LAPSE), ("reviewed", LATE)]
    assert case(office, case_id).last_actor.code == "reviewer"


def test_a_second_supplement_after_the_law_has_accepted_is_told_so_and_not_that_somebody_was_faster(
    opened: timed.Opener,
) -> None:
    office = opened(RECEIPT)
    case_id = file(office)
    do(office, notice(case_id))
    do(office, supplement(case_id))
    move(office, LATE)
    with refused(office, IllegalTransitionError, "was accepted by the law on 2021-04-29"):
        do(office, supplement(case_id))


def test_an_application_entered_long_after_its_receipt_is_accepted_on_entry(opened: timed.Opener) -> None:
    office = opened(LATE)
    case_id = file(office, at=RECEIPT[:16])
    assert acts(office, case_id) == [("submitted", RECEIPT), ("accepted", LAPSE)]
    do(office, notice(case_id), at="2021-04-27 09:00")
    assert case(office, case_id).state is State.CORRECTION_REQUESTED


# --- keys and races ---------------------------------------------------------------------------------------------------


def test_a_key_is_used_up_by_what_was_done_and_not_by_a_refusal(opened: timed.Opener) -> None:
    office = opened(RECEIPT)
    case_id = forgotten(office, swept=True)
    with refused(office, IllegalTransitionError):
        do(office, notice(case_id), key="n1")
    done = do(office, notice(case_id), at="2021-04-26 16:00", key="n1")
    before = timed.everything(office)
    assert do(office, notice(case_id), at="2021-04-26 16:00", key="n1") == done
    assert timed.everything(office) == before
    move(office, "2021-06-10 09:00")
    office.sweep()
    assert do(office, notice(case_id), at="2021-04-26 16:00", key="n1") == done
    with refused(office, IdempotencyError, "was used before for another command"):
        do(office, notice(case_id), at="2021-04-27 16:00", key="n1")


@pytest.mark.parametrize("round_", range(3))
def test_of_sweeps_and_clerks_at_once_the_case_is_accepted_once_and_the_notice_in_time_holds(
    opened: timed.Opener, round_: int
) -> None:
    """Eight at once: four sweeps, and four clerks who enter the same notice with its true time."""
    office = opened(RECEIPT)
    ids = [file(office) for _ in range(5)]
    move(office, LATE)
    barrier = threading.Barrier(8)

    def work(number: int) -> list[str]:
        barrier.wait(30)
        said = []
        for case_id in ids:
            if number % 2:
                office.sweep()
                continue
            try:
                said.append(do(office, notice(case_id), at="2021-04-26 16:00").state)
            except EgovError as error:
                said.append(error.code)
        return said

    with ThreadPoolExecutor(8) as pool:
        told = [one for said in pool.map(work, range(8)) for one in said]
    assert told.count("correction-requested") == len(ids), f"round {round_}: {told}"
    assert set(told) <= {"correction-requested", "conflict"}
    for case_id in ids:
        found = case(office, case_id)
        assert found.state is State.CORRECTION_REQUESTED and found.when("accepted") is None
        assert sum(1 for kind, _ in acts(office, case_id) if kind == "correction-requested") == 1


def test_what_a_deemed_acceptance_had_frozen_goes_with_it_when_it_is_set_aside(opened: timed.Opener) -> None:
    """A version that came into force between receipt and supplement, with other limits and with steps of its own."""
    offices = [opened(RECEIPT, service_limits={"pre-acceptance": "9wd"}) for _ in range(2)]
    ids = []
    for office in offices:
        newer = county.item(county.LICENCE, version=2, promised=county.working_days(5), valid_from=date(2021, 5, 1))
        limits = {"licence": timed.limit("3wd"), "pre-acceptance": timed.limit("1wd")}
        plain = county.item(county.LICENCE, version=3, promised=county.working_days(6), valid_from=date(2021, 5, 20))
        office.establish(items=[attrs.evolve(newer, limits=limits, steps=timed.steps()), plain])
        ids.append(file(office, channel="web"))
        move(office, "2021-04-26 09:00")
        do(office, notice(ids[-1]))
        move(office, "2021-05-10 09:00")
        do(office, supplement(ids[-1]))
        move(office, "2021-05-20 09:00")
    offices[0].sweep()
    assert case(offices[0], ids[0]).item_version == 2
    # from the supplement: 11-14 May 4, 17 May 5
    assert dues(offices[0], ids[0], "step") == ["2021-05-17 23:59:59"]
    assert dues(offices[0], ids[0], "pre-acceptance") == ["2021-05-07 23:59:59"], "what has ended is not measured anew"
    for office, case_id in zip(offices, ids, strict=True):
        do(office, notice(case_id), at="2021-05-12 09:00")
        found = case(office, case_id)
        assert (found.item_version, found.accepted_limits, found.steps) == (1, {}, ())
    assert outlook(offices[0], ids[0]) == outlook(offices[1], ids[1])
    for office, case_id in zip(offices, ids, strict=True):
        do(office, supplement(case_id))
        move(office, "2021-05-21 09:00")
        do(office, c.Accept(case_id=case_id))
        assert case(office, case_id).item_version == 3
    assert outlook(offices[0], ids[0]) == outlook(offices[1], ids[1])
