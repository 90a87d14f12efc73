"""补正超时办结: a place closes an application whose applicant never answers; by its own rules, and only then.

Told on Friday 14 June 2024 what is missing. Ten natural days end on Monday 24 June, three on Monday 17 June; five
working days end on 21 June.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.states import State
from egov_core.domain.people import SYSTEM
from egov_core.errors import ClaimError, IllegalTransitionError, TimerKindError
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.timed_county import cards, case, chain, do, dues, file, move, outlook, refused, time

TOLD = "2024-06-14 10:00"
RULES = """
[[rule]]
timer = "correction-notice"
effect = "deemed-acceptance"
power-classes = ["行政许可"]
basis = { instrument = "《中华人民共和国行政许可法》", article = "第三十二条", in-force = 2004-07-01 }

[[rule]]
timer = "correction"
effect = "closure"
basis = { instrument = "《某市政务服务条例》（演示）", article = "第三十六条" }
"""


@pytest.fixture
def rules(tmp_path: Path) -> str:
    """The place's own rules of silence, as a file."""
    file_ = tmp_path / "silence.toml"
    file_.write_text(RULES, encoding="utf-8")
    return str(file_)


def notice(case_id: str, within: str = "") -> c.RequestCorrection:
    limit = timed.period(within) if within else None
    return c.RequestCorrection(case_id=case_id, notice="补正1", missing=("plan",), within=limit)


def supplement(case_id: str) -> c.Supplement:
    return c.Supplement(case_id=case_id, materials=("plan",))


def told(
    opened: timed.Opener, rules: str, item: str = county.LICENCE, within: str = "", **place: Any
) -> tuple[Office, str]:
    office = opened(TOLD, silence=rules, **place)
    case_id = file(office, item)
    do(office, notice(case_id, within))
    return office, case_id


@pytest.mark.parametrize(
    ("within", "own", "place", "due", "closed"),
    [
        ("10d", "", "", "2024-06-24 23:59:59", "2024-06-25 00:00:00"),
        ("5wd", "", "", "2024-06-21 23:59:59", "2024-06-22 00:00:00"),
        ("48h", "", "", "2024-06-16 10:00:00", "2024-06-16 10:00:01"),
        ("", "3d", "", "2024-06-17 23:59:59", "2024-06-18 00:00:00"),
        ("", "", "10d", "2024-06-24 23:59:59", "2024-06-25 00:00:00"),
        ("", "3d", "10d", "2024-06-17 23:59:59", "2024-06-18 00:00:00"),  # the item's own prevails over the place's
        ("10d", "3d", "5d", "2024-06-24 23:59:59", "2024-06-25 00:00:00"),  # and what the notice says over both
    ],
)
@pytest.mark.parametrize("swept", [True, False])
def test_it_is_closed_at_the_first_second_after_what_the_notice_the_item_or_the_place_set(
    opened: timed.Opener, rules: str, within: str, own: str, place: str, due: str, closed: str, swept: bool
) -> None:
    limits = {"correction": timed.limit(own)} if own else {}
    item = attrs.evolve(county.item("asked"), limits=limits)
    standards = {"correction": place} if place else {}
    office, case_id = told(opened, rules, "asked", within, more=[item], service_limits=standards)
    assert dues(office, case_id, "correction") == [due]
    if swept:
        move(office, due)
        office.sweep()
        assert case(office, case_id).state is State.CORRECTION_REQUESTED
        move(office, closed)
    else:
        move(office, "2024-08-01 09:00")
    office.sweep()
    assert chain(office, case_id)[-1] == ("closed-unanswered", closed, SYSTEM.code)
    found = case(office, case_id)
    assert (found.state, found.last_act) == (State.LAPSED, "correction-requested")
    row = office.storage.case(office.area, case_id)
    assert row is not None and (row.whole, row.concluded_at) == ("closed", time(closed))
    assert all(timer.stopped_at for timer in office.storage.timers(office.area, case_id))
    assert cards(office, case_id) == [], "it was the applicant's time"
    [event] = [one for one in office.storage.events(office.area, case_id) if one.type == "closed-unanswered"]
    assert "《某市政务服务条例》（演示）第三十六条" in str(office.event_of(event).event)


def test_without_a_limit_the_applicant_is_waited_for_for_ever(opened: timed.Opener, rules: str) -> None:
    office, case_id = told(opened, rules)
    move(office, "2026-06-14 10:00")
    office.sweep()
    assert case(office, case_id).state is State.CORRECTION_REQUESTED
    assert dues(office, case_id, "correction") == []


def test_the_national_rules_close_nothing(opened: timed.Opener) -> None:
    office, case_id = told(opened, "national", within="10d")
    move(office, "2024-08-01 09:00")
    office.sweep()
    assert case(office, case_id).state is State.CORRECTION_REQUESTED
    assert do(office, supplement(case_id)).state == "submitted"


@pytest.mark.parametrize("swept", [True, False])
def test_a_supplement_in_time_and_entered_late_reopens_the_case(opened: timed.Opener, rules: str, swept: bool) -> None:
    office, case_id = told(opened, rules, within="10d")
    move(office, "2024-06-26 10:00")
    if swept:
        office.sweep()
    do(office, supplement(case_id), at="2024-06-24 23:59:59")
    found = case(office, case_id)
    assert (found.state, found.materials) == (State.SUBMITTED, county.MATERIALS)
    assert dues(office, case_id, "correction-notice")[-1] == "2024-07-01 23:59:59"
    row = office.storage.case(office.area, case_id)
    assert row is not None and row.concluded_at is None
    twin, other = told(opened, rules, within="10d")
    move(twin, "2024-06-26 10:00")
    do(twin, supplement(other), at="2024-06-24 23:59:59")
    assert outlook(twin, other) == outlook(office, case_id)
    do(office, c.Accept(case_id=case_id))
    assert case(office, case_id).state is State.ACCEPTED


@pytest.mark.parametrize("swept", [True, False])
@pytest.mark.parametrize(
    "command", [supplement("k"), c.Refuse(case_id="k", reason="x", notice="不受1"), c.Accept(case_id="k")]
)
def test_what_comes_afterwards_is_refused_and_told_that_the_case_was_closed(
    opened: timed.Opener, rules: str, command: Any, swept: bool
) -> None:
    office, case_id = told(opened, rules, within="10d")
    move(office, "2024-06-25 00:00")
    if swept:
        office.sweep()
    words = "was closed on 2024-06-25, because the applicant had not answered in time"
    with refused(office, IllegalTransitionError, words, "nothing; the case is closed", "2024-06-25T00:00:00") as late:
        do(office, attrs.evolve(command, case_id=case_id))
    assert (late.data["lapse"], late.data["allowed"]) == ("closed-unanswered", [])


@pytest.mark.parametrize("swept", [True, False])
@pytest.mark.parametrize(
    ("command", "state"),
    [
        (c.Refuse(case_id="k", reason="x", notice="不受1"), "not-accepted"),
        (c.Withdraw(case_id="k", reason="x"), "withdrawn"),
    ],
)
def test_an_end_in_time_and_entered_late_is_the_end(
    opened: timed.Opener, rules: str, command: Any, state: str, swept: bool
) -> None:
    office, case_id = told(opened, rules, within="10d")
    move(office, "2024-07-25 00:00")
    if swept:
        office.sweep()
    do(office, attrs.evolve(command, case_id=case_id), at="2024-06-20 09:00")
    row = office.storage.case(office.area, case_id)
    assert row is not None and (row.state, row.concluded_at) == (state, time("2024-06-20 09:00"))


def test_two_silences_in_a_row_each_have_their_instant_and_the_first_act_undoes_both(
    opened: timed.Opener, rules: str
) -> None:
    """Closed once, reopened by a supplement entered late, then nobody acts: accepted by law on the supplement's day."""
    office, case_id = told(opened, rules, within="10d")
    move(office, "2024-07-10 10:00")
    office.sweep()
    told_ = do(office, supplement(case_id), at="2024-06-20 09:00")
    assert told_.happened == (
        "lapse-set-aside",
        "supplemented",
        "accepted",
        "card-issued",
        "card-issued",
        "card-issued",
        "card-issued",
    )
    # 21 June 1, 24-27 June 5: accepted at the first second of 28 June, and ten days from 20 June ended on 4 July
    assert case(office, case_id).when("accepted") == time("2024-06-20 09:00")
    assert ("accepted", "2024-06-28 00:00:00", SYSTEM.code) in chain(office, case_id)
    assert cards(office, case_id, "case")[-1] == ("red", "2024-07-05 00:00:00", "bureau")
    do(office, notice(case_id), at="2024-06-27 09:00")
    assert case(office, case_id).state is State.CORRECTION_REQUESTED and cards(office, case_id, "case") == []


def test_a_supplement_entered_too_late_after_a_reopened_closure_is_closed_again(
    opened: timed.Opener, rules: str
) -> None:
    office, case_id = told(opened, rules, within="10d")
    move(office, "2024-07-10 10:00")
    office.sweep()
    do(office, supplement(case_id), at="2024-06-20 09:00")
    do(office, notice(case_id, "3d"), at="2024-06-24 09:00")
    assert case(office, case_id).state is State.LAPSED
    assert ("closed-unanswered", "2024-06-28 00:00:00", SYSTEM.code) in chain(office, case_id)
    do(office, supplement(case_id), at="2024-06-27 23:59:59")
    assert case(office, case_id).corrections == 2


def test_a_rules_file_with_faults_keeps_the_office_shut(tmp_path: Path) -> None:
    wrong = tmp_path / "silence.toml"
    wrong.write_text('[[rule]]\ntimer = "case"\neffect = "closure"\n', encoding="utf-8")
    with pytest.raises(TimerKindError) as shut:
        timed.open_timed_county(start=time(TOLD), silence=str(wrong))
    paths = [fault.path for fault in shut.value.faults]
    assert paths == [f"{wrong}: rule[0].{name}" for name in ("timer", "effect", "basis")]
    assert isinstance(shut.value, ClaimError) and shut.value.remedy
