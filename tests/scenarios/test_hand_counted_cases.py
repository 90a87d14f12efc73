"""Cases across the worst holidays, each date counted by hand: deemed, told, heard, paused, delivered, closed.

The item promises ten working days and the law gives twenty. The counts stand beside the dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.ambiguity import readings_of
from egov_core.domain.cases.states import State
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.catalogue import PauseKind
from egov_core.errors import ExtensionRefusedError, HearingRefusedError
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.timed_county import cards, case, chain, do, dues, file, move, period, refused, time

CLOSES_THE_UNANSWERED = """
[[rule]]
timer = "correction"
effect = "closure"
basis = { instrument = "《某县政务服务办法》（演示）", article = "第二十四条" }
"""


@pytest.fixture
def opened() -> Iterator[timed.Opener]:
    offices: list[Office] = []

    def opener(start: str, **given: Any) -> Office:
        offices.append(timed.open_timed_county("memory:", start=time(start), **given))
        return offices[-1]

    yield opener
    for office in offices:
        assert office.verify().violations == ()
        office.close()


@pytest.fixture
def closing(tmp_path: Path) -> str:
    file_ = tmp_path / "silence.toml"
    file_.write_text(CLOSES_THE_UNANSWERED, encoding="utf-8")
    return str(file_)


def accepted(opened: timed.Opener, at: str, **place: Any) -> tuple[Office, str]:
    office = opened(at, **place)
    case_id = file(office)
    do(office, c.Accept(case_id=case_id))
    return office, case_id


def told(case_id: str, within: str = "") -> c.RequestCorrection:
    limit = period(within) if within else None
    return c.RequestCorrection(case_id=case_id, notice="补正1", missing=("plan",), within=limit)


def supplement(case_id: str) -> c.Supplement:
    return c.Supplement(case_id=case_id, materials=("plan",))


def pause(case_id: str, days: str = "10wd") -> c.Pause:
    return c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特告1", declared=period(days))


def test_nobody_said_anything_before_mid_autumn_2024(opened: timed.Opener) -> None:
    # 09-09…09-13→5: accepted by law with the first second after. Ten from the receipt: 09-14→6; 09-18…09-20→9; 09-23→10
    office = opened("2024-09-06 10:00")
    case_id = file(office)
    assert dues(office, case_id, "correction-notice") == ["2024-09-13 23:59:59"]
    move(office, "2024-09-13 23:59:59")
    office.sweep()
    assert case(office, case_id).state is State.SUBMITTED
    move(office, "2024-09-18 09:00")
    office.sweep()
    assert ("accepted", "2024-09-14 00:00:00", "system") in chain(office, case_id)
    assert dues(office, case_id, "case") == ["2024-09-23 23:59:59"]


def test_told_in_the_last_second_of_the_fifth_day_and_asked_anew_from_the_supplement(opened: timed.Opener) -> None:
    # from the supplement: 09-20→1; 09-23…09-26→5 to say so again; accepted on 09-20, ten: 09-23…09-27→5;
    # 09-29…09-30→7; 10-08…10-10→10
    office = opened("2024-09-06 10:00")
    case_id = file(office)
    move(office, "2024-09-13 23:59:59")
    do(office, told(case_id))
    move(office, "2024-09-19 16:00")
    do(office, supplement(case_id))
    assert dues(office, case_id, "correction-notice") == ["2024-09-13 23:59:59", "2024-09-26 23:59:59"]
    move(office, "2024-09-20 09:00")
    do(office, c.Accept(case_id=case_id))
    assert dues(office, case_id, "case") == ["2024-10-10 23:59:59"]


def test_a_hearing_over_spring_festival_2018(opened: timed.Opener) -> None:
    # five to ask: 02-11…02-14→4; 02-22→5. Twenty to hold: 02-23…02-24→2; 02-26…03-02→7; 03-05…03-09→12;
    # 03-12…03-16→17; 03-19…03-21→20. Seven before 03-05: back over 03-02, 03-01, 02-28, 02-27, 02-26, 02-24, 02-23
    office, case_id = accepted(opened, "2018-02-07 09:00")
    move(office, "2018-02-09 17:00")
    do(office, c.OfferHearing(case_id=case_id, notice="听告1"))
    assert dues(office, case_id, "hearing-request") == ["2018-02-22 23:59:59"]
    move(office, "2018-02-22 23:59:59")
    do(office, c.RequestHearing(case_id=case_id, reason="重大利益关系"))
    assert dues(office, case_id, "hearing") == ["2018-03-21 23:59:59"]
    move(office, "2018-02-23 09:00")
    do(office, c.ScheduleHearing(case_id=case_id, day=date(2018, 3, 5), place="三楼会议室", notice="听通1"))


def test_a_hearing_is_refused_with_the_first_day_that_can_be(opened: timed.Opener) -> None:
    # told on Saturday 2018-02-24, a worked one: 02-26…03-02→5; 03-05…03-06→7
    office, case_id = accepted(opened, "2018-02-07 09:00")
    move(office, "2018-02-09 17:00")
    do(office, c.OfferHearing(case_id=case_id, notice="听告1"))
    move(office, "2018-02-22 09:00")
    do(office, c.RequestHearing(case_id=case_id, reason="重大利益关系"))
    move(office, "2018-02-24 09:00")
    with refused(office, HearingRefusedError, "2018-03-06"):
        do(office, c.ScheduleHearing(case_id=case_id, day=date(2018, 3, 5), place="三楼会议室", notice="听通1"))
    do(office, c.ScheduleHearing(case_id=case_id, day=date(2018, 3, 6), place="三楼会议室", notice="听通1"))


def test_a_hearing_asked_for_a_second_too_late(opened: timed.Opener) -> None:
    office, case_id = accepted(opened, "2018-02-07 09:00")
    move(office, "2018-02-09 17:00")
    do(office, c.OfferHearing(case_id=case_id, notice="听告1"))
    move(office, "2018-02-23 00:00:00")
    with refused(office, HearingRefusedError, "2018-02-22"):
        do(office, c.RequestHearing(case_id=case_id, reason="重大利益关系"))


def test_delivery_over_spring_festival_2025(opened: timed.Opener) -> None:
    # 01-17→1; 01-20…01-24→6; 01-26…01-27→8; 02-05…02-06→10
    office, case_id = accepted(opened, "2025-01-15 09:00")
    county.review(office, case_id)
    move(office, "2025-01-16 09:00")
    county.approve(office, case_id)
    assert dues(office, case_id, "delivery") == ["2025-02-06 23:59:59"]
    move(office, "2025-02-10 09:00")
    office.sweep()
    assert [(level, at) for level, at, _ in cards(office, case_id, "delivery")] == [
        ("yellow", "2025-02-05 00:00:00"),
        ("red", "2025-02-07 00:00:00"),
    ]


def test_a_pause_over_national_day_2018_and_its_early_end(opened: timed.Opener) -> None:
    # accepted 09-25: 09-26…09-30→5; 10-08…10-12→10. Paused 09-28 to 10-08: 09-26…09-28→3; 10-09…10-12→7;
    # 10-15…10-17→10
    office, case_id = accepted(opened, "2018-09-25 09:00")
    assert dues(office, case_id, "case") == ["2018-10-12 23:59:59"]
    move(office, "2018-09-28 09:00")
    do(office, pause(case_id))
    assert dues(office, case_id, "case") == ["-"]
    move(office, "2018-10-08 16:00")
    do(office, c.Resume(case_id=case_id, result="程序结束"))
    assert dues(office, case_id, "case") == ["2018-10-17 23:59:59"]


def test_an_extension_is_in_time_while_a_pause_has_moved_the_limit(opened: timed.Opener) -> None:
    # accepted 2022-09-01, twenty end on 09-30. Without a pause ten more are void on 10-08
    office, case_id = accepted(opened, "2022-09-01 09:00")
    move(office, "2022-10-08 09:00")
    more = c.Extend(case_id=case_id, amount=period("10wd"), reason="案情复杂", notice="延1")
    with refused(office, ExtensionRefusedError, "2022-09-30"):
        do(office, more)
    # paused 09-28 to 09-30 the twenty end on 10-09: 09-26…09-28→18; 10-08…10-09→20, and ten more on 10-21
    office, case_id = accepted(opened, "2022-09-01 09:00")
    move(office, "2022-09-28 09:00")
    do(office, pause(case_id))
    move(office, "2022-09-30 16:00")
    do(office, c.Resume(case_id=case_id, result="程序结束"))
    move(office, "2022-10-09 23:59:59")
    do(office, c.Extend(case_id=case_id, amount=period("10wd"), reason="案情复杂", notice="延1"))
    [run] = [
        one for one in runs_of(case(office, case_id), office.yardstick(case(office, case_id))) if one.kind == "case"
    ]
    assert run.due(office.yardstick(case(office, case_id)).ruler, ("statutory",)).last_day == date(2022, 10, 21)


@pytest.mark.parametrize(
    ("within", "last"),
    [
        ("15d", "2025-02-05"),  # 01-20 and fifteen days is 02-04, the last day of the holiday (民法典 203)
        ("16d", "2025-02-05"),
        ("5wd", "2025-01-26"),  # 01-21…01-24→4; 01-26→5, a worked Sunday
        ("1m", "2025-02-20"),
    ],
)
def test_what_an_applicant_is_set_does_not_end_on_a_holiday_and_is_not_closed_on_it(
    opened: timed.Opener, closing: str, within: str, last: str
) -> None:
    office = opened("2025-01-20 10:00", silence=closing)
    case_id = file(office)
    do(office, told(case_id, within))
    assert dues(office, case_id, "correction") == [f"{last} 23:59:59"]
    move(office, f"{last} 23:59:59")
    office.sweep()
    assert case(office, case_id).state is State.CORRECTION_REQUESTED
    do(office, supplement(case_id))
    assert case(office, case_id).state is not State.LAPSED


def test_the_same_holds_for_a_standard_of_the_place_and_is_told_as_a_reading(opened: timed.Opener) -> None:
    office = opened("2025-01-20 10:00", service_limits={"correction": "15d"})
    case_id = file(office)
    do(office, told(case_id))
    assert dues(office, case_id, "correction") == ["2025-02-05 23:59:59"]
    stored = case(office, case_id)
    yardstick = office.yardstick(stored)
    [run] = [one for one in runs_of(stored, yardstick) if one.kind == "correction"]
    rolls = [one for one in readings_of(run, yardstick) if one.setting == "roll"]
    assert [(one.value, str(one.last_day), one.chosen, one.by.chooser.value) for one in rolls] == [
        ("none", "2025-02-04", False, "default"),
        ("after-rest", "2025-02-05", True, "default"),
    ]
