"""Cards: which exist, from which second, and that it never matters when somebody looks."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.cards.policy import CardPolicy, parse_policy
from egov_core.domain.cards.schedule import ScheduledCard, existing_cards, next_card_at, scheduled_cards
from egov_core.domain.legal import AS_GIVEN, CHINA, start_of
from egov_core.domain.periods import Limit, Period, StartRule, Unit, parse_limit
from egov_core.domain.timers.reckoning import DayEnd, Extension, Pause, Ruler, Settings
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import NaiveTimeError
from egov_core.runtime.policies import load_policy
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))
NOTICE, HUNAN = load_policy("notice"), load_policy("hunan-2018")
# a lead of several days can fall into a pause, where nobody knows yet how long it will last
LEAD = parse_policy(
    {
        "name": "lead",
        "version": 1,
        "title": "提前三日",
        "levels": ["yellow", "red"],
        "basis": {"instrument": "测试"},
        "settings": {"cap-pauses": True},
        "rule": [
            {"code": level, "level": level, "timers": ["*"], "base": ["promised", "statutory"], "when": when}
            for level, when in (("yellow", {"working-days-before": 3}), ("red", {"overdue": True}))
        ],
    },
    "lead",
)
POLICIES = st.sampled_from([NOTICE, HUNAN, LEAD])
SECOND = timedelta(seconds=1)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def run_of(policy: CardPolicy, start: str | datetime, **other: Any) -> TimerRun:
    limits: dict[str, Limit] = {
        base: policy.counted(parse_limit(other.pop(base))) for base in ("promised", "statutory") if base in other
    }
    begin = moment(start) if isinstance(start, str) else start
    kind = other.pop("kind", "case")
    return TimerRun(timer_id="t", kind=kind, start=begin, limits=limits, **other)


def levels(cards: tuple[ScheduledCard, ...]) -> dict[str, str]:
    return {card.key.level: card.at.isoformat().removesuffix("+08:00") for card in cards}


def cards_of(policy: CardPolicy, start: str, **other: Any) -> dict[str, str]:
    return levels(scheduled_cards(policy, run_of(policy, start, **other), RULER))


@pytest.mark.shared
def test_the_worked_cards_hold(shared_dir: Path) -> None:
    text = (shared_dir / "domain" / "deadlines.jsonl").read_text(encoding="utf-8")
    found = [line for line in map(json.loads, text.splitlines()) if line["fn"] == "cards"]
    worked = [line for line in found if line["policy"] in ("notice", "hunan-2018")]
    assert len(worked) >= 3
    for line in worked:
        policy = load_policy(line["policy"])
        pauses = []
        for begin, end, text in line.get("pauses", ()):
            declared = parse_limit(text)
            assert isinstance(declared, Period)
            pauses.append(Pause(start=moment(begin), end=moment(end), declared=declared, by_dates=False))
        limits = {base: line[base] for base in ("promised", "statutory") if base in line}
        assert cards_of(policy, line["start"], pauses=tuple(pauses), **limits) == line["expect"], line


@pytest.mark.parametrize(
    ("start", "promised", "yellow"),
    [
        ("2016-09-01T10:00", "1wd", "2016-09-02T00:00:00"),
        ("2016-09-01T10:00", "2wd", "2016-09-02T00:00:00"),
        ("2016-09-01T10:00", "3wd", "2016-09-05T00:00:00"),
        # a Saturday, and one natural day
        ("2016-09-03T10:00", "1d", "2016-09-04T00:00:00"),
    ],
)
def test_the_notices_yellow_is_never_before_the_first_counted_day(start: str, promised: str, yellow: str) -> None:
    assert cards_of(NOTICE, start, promised=promised)["yellow"] == yellow


def test_the_notices_yellow_is_never_before_the_start_where_the_start_day_counts() -> None:
    same = parse_limit("1wd", start_rule=StartRule.SAME_DAY)
    run = attrs.evolve(run_of(NOTICE, "2016-09-01T10:00"), limits={"promised": same})
    assert levels(scheduled_cards(NOTICE, run, RULER))["yellow"] == "2016-09-01T10:00:00"


def test_the_notices_yellow_waits_for_the_end_of_a_pause_over_the_first_days() -> None:
    pause = Pause(start=moment("2016-09-01"), end=moment("2016-09-06"))
    assert cards_of(NOTICE, "2016-09-01", promised="2wd", pauses=(pause,)) == {
        "yellow": "2016-09-07T00:00:00",
        "red": "2016-09-09T00:00:00",
    }


def test_hours_turn_yellow_when_a_quarter_remains() -> None:
    clock = RULER.clock
    start = clock.opening(date(2016, 9, 1))
    assert start is not None
    found = scheduled_cards(NOTICE, run_of(NOTICE, start, promised="8wh"), RULER)
    assert [card.at for card in found] == [
        clock.add_seconds(start, 6 * 3600),
        clock.add_seconds(start, 8 * 3600) + SECOND,
    ]


@pytest.mark.parametrize(("limit", "expected"), [("immediate", {"red": "2016-09-02T00:00:00"}), ("none", {})])
def test_what_is_done_at_once_has_no_yellow_and_what_has_no_limit_no_card(limit: str, expected: dict[str, str]) -> None:
    assert cards_of(NOTICE, "2016-09-01T10:00", promised=limit) == expected


def test_without_a_promise_the_statutory_limit_is_measured() -> None:
    expected = {"yellow": "2016-09-14T00:00:00", "red": "2016-09-19T00:00:00"}
    assert cards_of(NOTICE, "2016-09-01", statutory="10wd") == expected
    assert cards_of(NOTICE, "2016-09-01", promised="none", statutory="10wd") == expected


def test_the_place_decides_when_the_day_ends_under_every_policy() -> None:
    place = attrs.evolve(RULER, settings=Settings(day_end=DayEnd.CLOSE))
    run = run_of(NOTICE, "2016-09-01", promised="10wd")
    red = scheduled_cards(NOTICE, run, place)[-1]
    assert red.at == RULER.clock.closing(date(2016, 9, 18))
    assert red.at == (run.due(place).due or red.at) + SECOND


@given(POLICIES, st.datetimes(datetime(2016, 1, 1), datetime(2025, 6, 1)), st.integers(1, 30), st.sampled_from(Unit))
def test_finished_at_due_earns_no_red_card_and_one_second_later_does(
    policy: CardPolicy, start: datetime, amount: int, unit: Unit
) -> None:
    limit = policy.counted(Period(amount=Decimal(min(amount, 9)), unit=unit, basis=AS_GIVEN))
    run = TimerRun(
        timer_id="t",
        kind="case",
        start=start.replace(tzinfo=CHINA),
        limits={"promised": limit, "statutory": limit},
    )
    due = run.due(RULER).due
    assert due is not None
    at_due, late = (attrs.evolve(run, stopped_at=due + wait) for wait in (timedelta(), SECOND))
    assert "red" not in {card.key.level for card in scheduled_cards(policy, at_due, RULER)}
    assert [card.at for card in scheduled_cards(policy, late, RULER) if card.key.level == "red"] == [due + SECOND]


def test_an_extension_begins_a_new_epoch_in_which_the_rules_speak_again() -> None:
    ten = parse_limit("10wd")
    assert isinstance(ten, Period)
    extension = Extension(amount=ten, approved_at=moment("2016-09-27T09:00"))
    run = run_of(NOTICE, "2016-09-01", promised="5wd", statutory="20wd", extensions=(extension,))
    found = [
        (card.key.epoch, card.key.level, card.at.date().isoformat()) for card in scheduled_cards(NOTICE, run, RULER)
    ]
    assert found == [
        (0, "yellow", "2016-09-07"),
        (0, "red", "2016-09-09"),
        # fifteen working days from the start had passed when the extension came: late at once
        (1, "yellow", "2016-09-27"),
        (1, "red", "2016-09-27"),
    ]


def test_an_extension_in_another_unit_begins_no_epoch_for_the_limit_it_does_not_lengthen() -> None:
    ten = parse_limit("10wd")
    assert isinstance(ten, Period)
    extension = Extension(amount=ten, approved_at=moment("2016-09-27T09:00"))
    run = run_of(NOTICE, "2016-09-01T09:00", promised="8wh", statutory="20wd")
    plain = scheduled_cards(NOTICE, run, RULER)
    assert scheduled_cards(NOTICE, attrs.evolve(run, extensions=(extension,)), RULER) == plain


def test_a_late_acceptance_earns_no_card_before_it_could_be_known() -> None:
    known = moment("2016-09-20T15:00")
    run = run_of(NOTICE, "2016-09-01", promised="10wd", knowable_from=known)
    assert {card.at for card in scheduled_cards(NOTICE, run, RULER)} == {known}


def test_a_card_that_was_due_stays_when_a_pause_begins_later() -> None:
    before = cards_of(NOTICE, "2016-09-01", promised="10wd")
    later = Pause(start=moment("2016-09-14T09:00"), end=moment("2016-09-22T09:00"))
    after = cards_of(NOTICE, "2016-09-01", promised="10wd", pauses=(later,))
    assert after["yellow"] == before["yellow"] and after["red"] > before["red"]


def test_an_early_resumption_brings_the_card_forward_but_not_before_itself() -> None:
    ten = parse_limit("10wd")
    assert isinstance(ten, Period)
    pause = Pause(start=moment("2018-10-16T10:00"), end=moment("2018-10-17T10:00"), declared=ten, by_dates=False)
    start = "2018-10-15T10:00"
    assert cards_of(HUNAN, start, kind="promised-case", promised="3wd", pauses=(pause,)) == {
        "warning": "2018-10-15T10:00:01",
        "yellow": "2018-10-19T10:00:01",
    }


# -- nobody's looking changes anything -------------------------------------------------------------------------------

LIMITS = [
    "1wd", "3wd", "7wd", "10wd", "20wd", "5d", "1m", "8wh", "30wh", "48h", "immediate", "none",
]  # fmt: skip


@st.composite
def runs(draw: st.DrawFn, policy: CardPolicy) -> TimerRun:
    """A run with pauses one after another, as a case makes them, and extensions in between."""
    start = draw(st.datetimes(datetime(2016, 1, 1), datetime(2025, 1, 1))).replace(microsecond=0, tzinfo=CHINA)
    limits: dict[str, Limit] = {}
    for base in ("promised", "statutory"):
        if base == "statutory" or draw(st.booleans()):
            limits[base] = policy.counted(parse_limit(draw(st.sampled_from(LIMITS))))
    pauses, clock = [], start
    for _ in range(draw(st.integers(0, 3))):
        begin = clock + draw(st.timedeltas(timedelta(), timedelta(days=12)))
        if draw(st.booleans()):
            begin = start_of(begin.date() + timedelta(days=1))
        clock = begin + draw(st.timedeltas(timedelta(), timedelta(days=20)))
        declared = Period(amount=Decimal(draw(st.integers(1, 12))), unit=Unit.WORKING_DAY, basis=AS_GIVEN)
        last = draw(st.integers(0, 5)) == 0
        pauses.append(
            Pause(
                start=begin,
                end=None if last else clock,
                declared=draw(st.one_of(st.none(), st.just(declared))),
                by_dates=policy.pauses_by_dates,
            )
        )
        if last:
            break
    extensions = [
        Extension(
            amount=Period(amount=Decimal(draw(st.integers(1, 10))), unit=unit, basis=AS_GIVEN),
            approved_at=start + draw(st.timedeltas(timedelta(), timedelta(days=50))),
        )
        for unit in draw(st.lists(st.sampled_from([Unit.WORKING_DAY, Unit.DAY, Unit.WORKING_HOUR]), max_size=2))
    ]
    return TimerRun(
        timer_id="t",
        kind=draw(st.sampled_from(["case", "promised-case", "inquiry", "delivery"])),
        start=start,
        limits=limits,
        pauses=tuple(pauses),
        extensions=tuple(extensions),
        knowable_from=draw(st.one_of(st.none(), st.timedeltas(timedelta(), timedelta(days=9)).map(start.__add__))),
        stopped_at=draw(st.one_of(st.none(), st.timedeltas(timedelta(), timedelta(days=90)).map(start.__add__))),
    )


def moments(run: TimerRun, policy: CardPolicy, more: list[timedelta]) -> list[datetime]:
    """Where something could go wrong: every turning point and every card, a second to each side, and a few more."""
    points = [*run.turning_points(), *(card.at for card in scheduled_cards(policy, run, RULER))]
    points += [point + step for point in points for step in (-SECOND, SECOND)]
    return sorted({run.start, *points, *(run.start + step for step in more)})


LATER = st.lists(st.timedeltas(timedelta(), timedelta(days=120)), max_size=4)


def known_at(run: TimerRun, at: datetime) -> TimerRun:
    """What had been told by then, put together without the library's help."""
    pauses = []
    for pause in run.pauses:
        if pause.start <= at:
            told = pause.end is not None and pause.end <= at
            pauses.append(attrs.evolve(pause, end=pause.end if told else None))
    return attrs.evolve(
        run,
        pauses=tuple(pauses),
        extensions=tuple(one for one in run.extensions if one.approved_at <= at),
        stopped_at=run.stopped_at if run.stopped_at is not None and run.stopped_at <= at else None,
    )


@given(POLICIES, st.data(), LATER)
def test_the_cards_at_a_time_depend_only_on_what_was_known_then(
    policy: CardPolicy, data: st.DataObject, more: list[timedelta]
) -> None:
    run = data.draw(runs(policy))
    for at in moments(run, policy, more):
        assert existing_cards(policy, known_at(run, at), RULER, at) == existing_cards(policy, run, RULER, at), at


@given(POLICIES, st.data(), LATER)
def test_a_card_that_exists_never_ceases_to(policy: CardPolicy, data: st.DataObject, more: list[timedelta]) -> None:
    run = data.draw(runs(policy))
    before: tuple[ScheduledCard, ...] = ()
    for at in moments(run, policy, more):
        now = existing_cards(policy, known_at(run, at), RULER, at)
        assert set(before) <= set(now), at
        assert all(card.at <= at for card in now)
        before = now


@given(POLICIES, st.data(), st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_a_sweep_by_the_announced_instants_issues_what_a_rare_one_issues(
    policy: CardPolicy, data: st.DataObject, gaps: list[int]
) -> None:
    run = attrs.evolve(data.draw(runs(policy)), stopped_at=None)
    seen: set[ScheduledCard] = set()
    at: datetime | None = run.start - SECOND
    for _ in range(60):
        assert at is not None
        coming = next_card_at(policy, run, RULER, at)
        if coming is None:
            break
        seen |= set(existing_cards(policy, run, RULER, coming))
        at = coming
    rare: set[ScheduledCard] = set()
    late = run.start
    for gap in gaps:
        late += timedelta(days=gap)
        rare |= set(existing_cards(policy, run, RULER, late))
    assert rare == {card for card in seen if card.at <= late}


@given(POLICIES, st.data())
def test_each_rule_speaks_once_an_epoch_and_not_before_the_run_was_known(
    policy: CardPolicy, data: st.DataObject
) -> None:
    run = data.draw(runs(policy))
    found = scheduled_cards(policy, run, RULER)
    keys = [card.key for card in found]
    assert len(keys) == len(set(keys))
    first = max(run.start, run.knowable_from or run.start)
    assert all(card.at >= first and card.at.microsecond == 0 for card in found)
    assert run.stopped_at is None or all(card.at <= run.stopped_at for card in found)
    assert [card.at for card in found] == sorted(card.at for card in found)


def test_a_stopped_run_has_no_next_card() -> None:
    run = run_of(NOTICE, "2016-09-01", promised="10wd")
    assert next_card_at(NOTICE, run, RULER, moment("2016-09-14")) == moment("2016-09-19")
    assert next_card_at(NOTICE, run, RULER, moment("2016-09-19")) is None
    assert next_card_at(NOTICE, attrs.evolve(run, stopped_at=moment("2016-09-02")), RULER, run.start) is None


def test_a_naive_question_is_refused() -> None:
    run, naive = run_of(NOTICE, "2016-09-01", promised="10wd"), datetime(2016, 9, 14)
    with pytest.raises(NaiveTimeError):
        existing_cards(NOTICE, run, RULER, naive)
    with pytest.raises(NaiveTimeError):
        next_card_at(NOTICE, run, RULER, naive)
