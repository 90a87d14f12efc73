"""听证: told, asked for within five days, told seven days before, held within twenty (行政许可法 46-48).

Accepted on Monday 17 June 2024, told on Friday 21 June: five working days to ask are 24-28 June. Asked for on Monday
24 June: twenty working days end on 22 July (28 June 4, 5 July 9, 12 July 14, 19 July 19, 22 July 20). A hearing on
Thursday 4 July is told on 25 June at the latest: back over 3, 2, 1 July and 28, 27, 26, 25 June.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.case import Hearing
from egov_core.domain.cases.states import State
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.people import Actor, ActorKind
from egov_core.errors import ClaimError, HearingRefusedError, IllegalTransitionError, NoAuthorityError
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.timed_county import cards, case, do, dues, file, move, refused, time

MONDAY = "2024-06-17 09:00"
DAY = date(2024, 7, 4)


def offer(case_id: str) -> c.OfferHearing:
    return c.OfferHearing(case_id=case_id, notice="听告〔2024〕1号")


def request(case_id: str) -> c.RequestHearing:
    return c.RequestHearing(case_id=case_id, reason="重大利益关系")


def schedule(case_id: str, day: date = DAY) -> c.ScheduleHearing:
    return c.ScheduleHearing(case_id=case_id, day=day, place="三楼会议室", notice="听通〔2024〕1号")


def hold(case_id: str) -> c.HoldHearing:
    return c.HoldHearing(case_id=case_id, record="听证笔录1")


def told(opened: timed.Opener, **place: Any) -> tuple[Office, str]:
    """Accepted on 17 June, and told of the hearing on Friday 21 June."""
    office = opened(MONDAY, **place)
    case_id = file(office)
    do(office, c.Accept(case_id=case_id))
    move(office, "2024-06-21 10:00")
    do(office, offer(case_id))
    return office, case_id


def asked(opened: timed.Opener) -> tuple[Office, str]:
    """The same, and asked for on Monday 24 June."""
    office, case_id = told(opened)
    move(office, "2024-06-24 15:00")
    do(office, request(case_id))
    return office, case_id


def test_a_hearing_in_its_order_with_its_days(opened: timed.Opener) -> None:
    office, case_id = told(opened)
    assert dues(office, case_id, "hearing-request") == ["2024-06-28 23:59:59"]
    move(office, "2024-06-24 15:00")
    do(office, request(case_id))
    assert dues(office, case_id, "hearing") == ["2024-07-22 23:59:59"]
    move(office, "2024-06-25 23:59:59")
    do(office, schedule(case_id))
    move(office, "2024-07-04 00:00")
    do(office, hold(case_id))
    assert case(office, case_id).hearing == Hearing(
        offered_at=time("2024-06-21 10:00"),
        requested_at=time("2024-06-24 15:00"),
        day=DAY,
        held_at=time("2024-07-04 00:00"),
    )
    stopped = {row.kind: row.stopped_at for row in office.storage.timers(office.area, case_id)}
    assert stopped["hearing-request"] == time("2024-06-24 15:00")
    assert stopped["hearing"] == time("2024-07-04 00:00")
    assert case(office, case_id).state is State.ACCEPTED, "a hearing moves no case; the decision does"
    county.review(office, case_id)
    county.approve(office, case_id)
    assert cards(office, case_id, "hearing") == []


def test_a_hearing_not_held_within_twenty_days_earns_cards_until_it_is(opened: timed.Opener) -> None:
    office, case_id = asked(opened)
    move(office, "2024-08-01 09:00")
    office.sweep()
    assert cards(office, case_id, "hearing") == [
        ("yellow", "2024-07-19 00:00:00", "bureau"),
        ("red", "2024-07-23 00:00:00", "bureau"),
    ]


def test_the_twenty_days_run_over_the_holiday_and_its_make_up_days(opened: timed.Opener) -> None:
    # asked for on Friday 20 September 2024: 23-27 September 5, 29 (make-up Sunday) and 30 September 7,
    # 8-12 October 12 (Saturday made up), 14-18 October 17, 21-23 October 20
    office = opened("2024-09-19 09:00")
    case_id = file(office)
    do(office, c.Accept(case_id=case_id))
    do(office, offer(case_id))
    move(office, "2024-09-20 09:00")
    do(office, request(case_id))
    assert dues(office, case_id, "hearing") == ["2024-10-23 23:59:59"]


def test_a_decision_ends_what_is_left_of_a_hearing(opened: timed.Opener) -> None:
    office, case_id = asked(opened)
    county.review(office, case_id)
    county.approve(office, case_id)
    move(office, "2024-09-01 09:00")
    office.sweep()
    assert cards(office, case_id, "hearing") == []


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["notice", "hunan-2018"])
def test_the_fifth_day_is_in_time_and_the_second_after_it_too_late(opened: timed.Opener, policy: str) -> None:
    office, case_id = told(opened, policy=policy)
    move(office, "2024-06-29 00:00")
    words = ("was asked for on 2024-06-29, and could be until 2024-06-28", "第四十七条", "go on without a hearing")
    with refused(office, HearingRefusedError, *words) as late:
        do(office, request(case_id))
    assert (late.data["last_day"], late.data["asked"]) == ("2024-06-28", "2024-06-29T00:00:00+08:00")
    do(office, request(case_id), at="2024-06-28 23:59:59")


def test_nobody_asks_before_being_told_nor_twice(opened: timed.Opener) -> None:
    office = opened(MONDAY)
    case_id = file(office)
    do(office, c.Accept(case_id=case_id))
    for command in (request(case_id), schedule(case_id), hold(case_id)):
        with refused(office, HearingRefusedError, "nobody was told that a hearing may be asked for", "第四十七条"):
            do(office, command)
    do(office, offer(case_id))
    for command in (schedule(case_id), hold(case_id)):
        with refused(office, HearingRefusedError, "nobody has asked for a hearing"):
            do(office, command)
    do(office, request(case_id))
    with refused(office, HearingRefusedError, "a hearing was already asked for on 2024-06-17"):
        do(office, request(case_id))


def test_telling_others_before_anybody_asks_gives_them_their_five_days_and_afterwards_unmakes_nothing(
    opened: timed.Opener,
) -> None:
    office, case_id = told(opened)
    move(office, "2024-06-27 10:00")
    do(office, offer(case_id))
    move(office, "2024-07-04 10:00")  # the fifth day from 27 June
    do(office, request(case_id))
    with refused(office, HearingRefusedError, "a hearing was already asked for on 2024-07-04", "fix its day"):
        do(office, offer(case_id))


def test_an_applicant_asks_for_a_hearing_of_its_own_case_and_for_nothing_else(opened: timed.Opener) -> None:
    office, case_id = told(opened)
    subject = case(office, case_id).subject
    own = Actor(kind=ActorKind.APPLICANT, code=subject)
    for command, actor in ((request(case_id), Actor(kind=ActorKind.APPLICANT, code="somebody")), (offer(case_id), own)):
        with pytest.raises(NoAuthorityError, match=type(command).__name__) as strange:
            office.do(command, actor=actor)
        assert "ask for a hearing" in strange.value.remedy
    office.do(request(case_id), actor=own)
    assert case(office, case_id).last_actor == Actor(kind=ActorKind.APPLICANT, code=subject)


# --- fixing -----------------------------------------------------------------------------------------------------------


def test_a_hearing_told_less_than_seven_days_before_is_refused_with_the_first_possible_day(
    opened: timed.Opener,
) -> None:
    office, case_id = asked(opened)
    move(office, "2024-06-25 10:00")
    for day in (date(2024, 7, 3), date(2024, 6, 26), date(2024, 6, 25), date(2024, 6, 1)):
        with refused(
            office, HearingRefusedError, "less than seven days before", "fix it for 2024-07-04 or later"
        ) as short:
            do(office, schedule(case_id, day))
        assert (short.data["day"], short.data["earliest"]) == (day.isoformat(), "2024-07-04")
    do(office, schedule(case_id))


@pytest.mark.parametrize(
    ("now", "earliest"),
    [
        ("2024-06-28 10:00", "2024-07-09"),  # a Friday: 1-5 July 5, 8 and 9 July 7
        ("2024-06-29 10:00", "2024-07-10"),  # Saturday: the seven days before 9 July began on Friday
        ("2024-06-30 10:00", "2024-07-10"),
        ("2024-09-29 10:00", "2024-10-14"),  # a Sunday that is worked: 30 September 1, 8-12 October 6, 14 October 7
        ("2024-10-02 10:00", "2024-10-16"),  # in the holiday: 9-12 October 4, 14-16 October 7, counted from 8 October
    ],
)
def test_the_first_possible_day_that_is_named_is_possible_and_the_day_before_is_not(
    opened: timed.Opener, now: str, earliest: str
) -> None:
    office, case_id = asked(opened)
    move(office, now)
    with refused(office, HearingRefusedError) as short:
        do(office, schedule(case_id, date.fromisoformat(now[:10])))
    named = date.fromisoformat(short.data["earliest"])
    before = office.ruler.calendar.add(named, -1)
    with refused(office, HearingRefusedError, named.isoformat()):
        do(office, schedule(case_id, before))
    do(office, schedule(case_id, named))
    assert named.isoformat() == earliest


def test_day_and_place_are_fixed_anew_until_it_is_held(opened: timed.Opener) -> None:
    office, case_id = asked(opened)
    do(office, schedule(case_id, date(2024, 7, 8)))
    move(office, "2024-07-05 10:00")
    do(office, schedule(case_id, date(2024, 7, 17)))
    move(office, "2024-07-08 10:00")
    with refused(office, HearingRefusedError, "the hearing is fixed for 2024-07-17"):
        do(office, hold(case_id))
    move(office, "2024-07-18 10:00")
    do(office, hold(case_id))
    for command in (hold(case_id), schedule(case_id, date(2024, 8, 8))):
        with refused(office, HearingRefusedError, "the hearing was held on 2024-07-18", "decide the case"):
            do(office, command)


def test_what_was_not_fixed_is_not_held(opened: timed.Opener) -> None:
    office, case_id = asked(opened)
    with refused(office, HearingRefusedError, "the hearing was not fixed yet", "seven days before"):
        do(office, hold(case_id))


@pytest.mark.parametrize(
    ("command", "lacks"),
    [
        (c.OfferHearing(case_id="", notice=" "), "notice"),
        (c.RequestHearing(case_id="", reason=""), "reason"),
        (c.ScheduleHearing(case_id="", day=DAY, place="", notice=""), "place, notice"),
        (c.HoldHearing(case_id="", record=""), "record"),
    ],
)
def test_what_the_law_asks_for_in_writing_is_not_left_empty(opened: timed.Opener, command: Any, lacks: str) -> None:
    office, case_id = told(opened)
    if not isinstance(command, c.OfferHearing | c.RequestHearing):
        do(office, request(case_id))
    with refused(office, ClaimError, f"lacks {lacks}"):
        do(office, attrs.evolve(command, case_id=case_id))


def test_while_the_clock_stands_for_the_hearing_it_goes_on(opened: timed.Opener) -> None:
    office, case_id = told(opened)
    do(office, c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(10)))
    with refused(office, IllegalTransitionError, "OfferHearing is not possible"):
        do(office, offer(case_id))
    do(office, request(case_id))
    do(office, schedule(case_id))
    move(office, "2024-07-04 09:00")
    do(office, hold(case_id))
    do(office, c.Resume(case_id=case_id, result="听证结束"))
    # 24 June to 4 July are not counted: 18-21 June 4, 5 July 5, 8-12 July 10
    assert dues(office, case_id, "case") == ["2024-07-12 23:59:59"]


# --- whose time it is -------------------------------------------------------------------------------------------------

POLICY = """
name = "watchful"
version = 1
title = "也提醒申请人"
levels = ["note"]
basis = { instrument = "本县规则（演示）" }

[[rule]]
code = "own-time"
level = "note"
timers = ["hearing-request", "correction"]
base = ["statutory", "declared", "promised"]
when = { overdue = true }
"""


def test_the_applicants_own_time_earns_a_card_only_where_a_rule_names_the_kind(
    opened: timed.Opener, tmp_path: Path
) -> None:
    own = tmp_path / "watchful.toml"
    own.write_text(POLICY, encoding="utf-8")
    for policy, expected in (("notice", []), (str(own), [("note", "2024-06-29 00:00:00", "bureau")])):
        office, case_id = told(opened, policy=policy, service_limits={"correction": "3d"})
        other = file(office)
        do(office, c.RequestCorrection(case_id=other, notice="补1", missing=("plan",)))
        move(office, "2024-07-03 09:00")
        office.sweep()
        assert cards(office, case_id, "hearing-request") == expected
        # three natural days from Friday 21 June end on Monday 24 June
        assert cards(office, other, "correction") == [("note", "2024-06-25 00:00:00", "bureau") for _ in expected]
