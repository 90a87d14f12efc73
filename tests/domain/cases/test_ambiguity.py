"""A stored case is asked the same question as a deadline on the command line, and says who chose its readings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs
import pytest

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.cards.policy import parse_policy
from egov_core.domain.cases.ambiguity import question_of, readings_of
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.legal import CHINA, LegalBasis
from egov_core.domain.periods import EndRoll, Limit, NoLimit, StartRule, parse_limit
from egov_core.domain.timers.months import MonthEnd
from egov_core.domain.timers.readings import Chooser, ChosenBy
from egov_core.domain.timers.reckoning import Extension, Pause, Ruler, Settings
from egov_core.domain.timers.runs import TimerRun
from egov_core.runtime.policies import load_policy
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))
NOTICE = load_policy("notice")
YARD = Yardstick.of(NOTICE, RULER)
BASIS = LegalBasis(instrument="《演示条例》", article="第一条")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def run(kind: str = "case", start: str = "2017-09-18T10:00", limit: str = "20wd", **other: Any) -> TimerRun:
    limits: dict[str, Limit] = {"statutory": parse_limit(limit, basis=BASIS)}
    return TimerRun(timer_id=f"k/{kind}/1", kind=kind, start=moment(start), limits=limits, **other)


def policy(**settings: str) -> Yardstick:
    """The yardstick of a policy that names these settings."""
    data = {
        "name": "ours",
        "version": 2,
        "title": "本地",
        "levels": ["red"],
        "basis": {"instrument": "x"},
        "settings": {name.replace("_", "-"): value for name, value in settings.items()},
        "rule": [{"code": "r", "level": "red", "timers": ["*"], "base": ["statutory"], "when": {"overdue": True}}],
    }
    return Yardstick.of(parse_policy(data, "ours"), RULER)


PAUSED = run(pauses=(Pause(start=moment("2017-09-28T09:00"), end=moment("2017-10-10T17:00"), kind="检测"),))


def told(found: Any) -> list[tuple[str, str, str, bool]]:
    return [(one.setting, one.value, str(one.last_day), one.chosen) for one in found]


def test_the_run_and_its_question_have_one_answer() -> None:
    extension = Extension(amount=parse_limit("10wd"), approved_at=moment("2017-10-12T09:00"))  # type: ignore[arg-type]  # 10wd is a period
    extended = attrs.evolve(PAUSED, extensions=(extension,))
    for one in (run(), PAUSED, extended, run(limit="1m"), run(limit="7wh"), run(start="2017-09-23T10:00")):
        question = question_of(one, YARD)
        assert question is not None and question.due() == one.due(YARD.ruler)
        assert {reading.last_day for reading in readings_of(one, YARD) if reading.chosen} <= {one.due(RULER).last_day}


def test_nobody_chose_unless_the_policy_says_so() -> None:
    expected = [("pause-rule", "half-open", "2017-10-26", True), ("pause-rule", "closed", "2017-10-27", False)]
    found = readings_of(PAUSED, YARD)
    assert told(found) == expected
    assert found[0].by == ChosenBy(Chooser.DEFAULT)
    stated = readings_of(PAUSED, policy(pause_rule="half-open"))
    assert (told(stated), stated[0].by) == (expected, ChosenBy(Chooser.POLICY, "ours@2"))
    closed = readings_of(PAUSED, policy(pause_rule="closed"))
    assert [one.by for one in closed if one.chosen] == [ChosenBy(Chooser.POLICY, "ours@2")]
    assert [one.value for one in closed if one.chosen] == ["closed"]


def test_the_first_day_is_chosen_by_the_policy_or_by_the_item() -> None:
    same = attrs.evolve(run(), limits={"statutory": parse_limit("20wd", basis=BASIS, start_rule=StartRule.SAME_DAY)})
    for yard, by in ((YARD, ChosenBy(Chooser.ITEM, str(BASIS))), (policy(start_rule="same-day"), None)):
        found = readings_of(same, yard)
        assert [one.value for one in found] == ["next-day", "same-day"]
        assert found[1].by == (by or ChosenBy(Chooser.POLICY, "ours@2"))


def test_an_end_that_rolls_is_chosen_by_the_item() -> None:
    rolled = attrs.evolve(run(), limits={"statutory": parse_limit("14d", basis=BASIS, end_roll=EndRoll.AFTER_REST)})
    found = readings_of(rolled, YARD)
    assert told(found) == [("roll", "none", "2017-10-02", False), ("roll", "after-rest", "2017-10-09", True)]
    assert found[1].by == ChosenBy(Chooser.ITEM, str(BASIS))
    plain = readings_of(run(limit="14d"), YARD)
    assert [(one.value, one.by) for one in plain if one.chosen] == [("none", ChosenBy(Chooser.DEFAULT))]


def test_the_end_of_months_is_chosen_by_the_place() -> None:
    place = attrs.evolve(RULER, settings=Settings(month_end=MonthEnd.NEXT_MONTH))
    found = readings_of(run(start="2023-01-31T10:00", limit="1m"), Yardstick.of(NOTICE, place))
    assert [(one.value, one.by.chooser) for one in found if one.chosen] == [("next-month", Chooser.PLACE)]


@pytest.mark.parametrize(
    ("kind", "start", "settings"),
    [
        ("correction-notice", "2017-09-23T10:00", {"receipt"}),  # a Saturday
        ("correction-notice", "2017-09-22T20:00", {"receipt"}),  # a Friday after closing
        ("correction-notice", "2017-09-22T10:00", set()),
        ("case", "2017-09-23T10:00", set()),  # the organ accepted on a Saturday, and it was so
    ],
)
def test_a_receipt_is_read_where_something_was_received(kind: str, start: str, settings: set[str]) -> None:
    assert {one.setting for one in readings_of(run(kind, start, "5wd"), YARD)} == settings


def test_an_acceptance_by_law_alone_goes_back_to_the_receipt() -> None:
    deemed = run("case", "2017-09-23T10:00", knowable_from=moment("2017-09-30T00:00"))
    assert {one.setting for one in readings_of(deemed, YARD)} == {"receipt"}


def test_publicity_on_record_is_read_in_two_ways() -> None:
    notice = Pause(start=moment("2020-09-21T09:00"), end=moment("2020-09-30T09:00"), kind="公示")
    found = readings_of(run(start="2020-09-16T10:00", pauses=(notice,)), YARD)
    listed = [one for one in found if one.setting == "pause-kind"]
    assert [(one.value, str(one.last_day)) for one in listed] == [
        ("counted", "2020-10-20"),
        ("not-counted", "2020-10-30"),
    ]
    assert [one.by.chooser for one in listed if one.chosen] == [Chooser.RECORD]


def test_the_applicants_time_is_read_in_two_units() -> None:
    for limit, chosen in (("5wd", "workday"), ("5d", "day")):
        found = readings_of(run("correction", "2024-09-12T10:00", limit), YARD)
        units = [one for one in found if one.setting == "applicant-unit"]
        assert [(one.value, str(one.last_day)) for one in units] == [("workday", "2024-09-20"), ("day", "2024-09-17")]
        assert [(one.value, one.by.chooser) for one in units if one.chosen] == [(chosen, Chooser.RECORD)]
    assert "applicant-unit" not in {one.setting for one in readings_of(run("case", "2024-09-12T10:00", "5wd"), YARD)}
    assert "applicant-unit" not in {one.setting for one in readings_of(run("correction", limit="1m"), YARD)}


def test_an_extension_of_a_promise_long_over_stands_under_every_reading() -> None:
    extension = Extension(amount=parse_limit("10wd"), approved_at=moment("2017-10-12T09:00"))  # type: ignore[arg-type]  # 10wd is a period
    promised = attrs.evolve(PAUSED, limits={"promised": parse_limit("5wd")}, extensions=(extension,))
    assert {str(one.last_day) for one in readings_of(promised, YARD) if one.chosen} == {
        str(promised.due(RULER).last_day)
    }


def test_what_has_no_limit_has_no_readings() -> None:
    for limits in ({}, {"statutory": NoLimit(basis=BASIS)}):
        assert readings_of(attrs.evolve(PAUSED, limits=limits), YARD) == ()
