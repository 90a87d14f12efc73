"""A cut-over withholds the cards dated before it, and none but those, whatever happens afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.cards.schedule import existing_cards, next_card_at, scheduled_cards, withheld_cards
from egov_core.domain.legal import AS_GIVEN, CHINA, start_of
from egov_core.domain.periods import Period, Unit, parse_limit
from egov_core.domain.timers.reckoning import Extension, Pause, Ruler
from egov_core.domain.timers.runs import TimerRun
from egov_core.runtime.policies import load_policy
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))
NOTICE, HUNAN = load_policy("notice"), load_policy("hunan-2018")
FIVE = Period(amount=Decimal(5), unit=Unit.WORKING_DAY, basis=AS_GIVEN)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def run_of(policy: CardPolicy, start: datetime, **other: object) -> TimerRun:
    limits = {"promised": policy.counted(parse_limit("10wd")), "statutory": policy.counted(parse_limit("20wd"))}
    return TimerRun(timer_id="t", kind="case", start=start, limits=limits, **other)  # type: ignore[arg-type]  # given by name


@st.composite
def runs(draw: st.DrawFn, policy: CardPolicy) -> TimerRun:
    """A run of 2024 with a few pauses, perhaps an extension, perhaps a finish."""
    start = start_of(date(2024, 3, 1) + timedelta(days=draw(st.integers(0, 60)))) + timedelta(hours=9)
    at, pauses = start, []
    for _ in range(draw(st.integers(0, 2))):
        begin = at + timedelta(days=draw(st.integers(0, 12)))
        at = begin + timedelta(days=draw(st.integers(0, 9)))
        pauses.append(Pause(start=begin, end=at, declared=FIVE, by_dates=policy.pauses_by_dates))
    extensions: tuple[Extension, ...] = ()
    if draw(st.booleans()):
        extensions = (Extension(amount=FIVE, approved_at=start + timedelta(days=draw(st.integers(0, 25)))),)
    stopped = draw(st.none() | st.integers(0, 60).map(lambda days: at + timedelta(days=days)))
    return run_of(policy, start, pauses=tuple(pauses), extensions=extensions, stopped_at=stopped)


CUT_OVERS = st.integers(-5, 90).map(lambda days: start_of(date(2024, 3, 1) + timedelta(days=days)))


@pytest.mark.parametrize("policy", [NOTICE, HUNAN], ids=lambda policy: policy.ref)
def test_a_cut_over_parts_the_cards_in_two_and_moves_none(policy: CardPolicy) -> None:
    @given(runs(policy), CUT_OVERS)
    def check(run: TimerRun, cut_over: datetime) -> None:
        everything = scheduled_cards(policy, run, RULER)
        taken = attrs.evolve(run, cards_from=cut_over)
        assert scheduled_cards(policy, taken, RULER) == tuple(card for card in everything if card.at >= cut_over)
        assert withheld_cards(policy, taken, RULER) == tuple(card for card in everything if card.at < cut_over)
        assert taken.due(RULER) == run.due(RULER), "it is as overdue as it was"

    check()


@pytest.mark.parametrize("policy", [NOTICE, HUNAN], ids=lambda policy: policy.ref)
def test_whoever_looks_however_late_finds_no_card_from_before(policy: CardPolicy) -> None:
    @given(runs(policy), CUT_OVERS, st.integers(0, 120))
    def check(run: TimerRun, cut_over: datetime, late: int) -> None:
        taken = attrs.evolve(run, cards_from=cut_over)
        now = cut_over + timedelta(days=late)
        found = existing_cards(policy, taken, RULER, now)
        assert all(cut_over <= card.at <= now for card in found)
        following = next_card_at(policy, taken, RULER, now)
        assert following is None or following > now

    check()


def test_a_withheld_card_does_not_come_back_with_a_pause_after_the_cut_over() -> None:
    run = run_of(NOTICE, moment("2024-05-06T09:00"), cards_from=moment("2024-06-17T00:00"))
    assert [card.key.level for card in withheld_cards(NOTICE, run, RULER)] == ["yellow", "red"]
    pause = Pause(start=moment("2024-06-19T10:00"), end=moment("2024-06-26T10:00"), declared=FIVE, by_dates=True)
    assert scheduled_cards(NOTICE, attrs.evolve(run, pauses=(pause,)), RULER) == ()


def test_a_graver_level_after_the_cut_over_comes_though_the_milder_one_was_withheld() -> None:
    # accepted on 3 June, ten working days: 10 June is the Dragon Boat rest day, the last day is 18 June
    start = moment("2024-06-03T09:00")
    on_time = {card.key.level: card.at for card in scheduled_cards(NOTICE, run_of(NOTICE, start), RULER)}
    assert on_time == {"yellow": moment("2024-06-17T00:00"), "red": moment("2024-06-19T00:00")}
    for cut_over, left in (
        ("2024-06-17T00:00", ["yellow", "red"]),  # at the very instant: it is not before the cut-over
        ("2024-06-17T00:01", ["red"]),
        ("2024-06-19T00:00", ["red"]),
        ("2024-06-19T00:01", []),
    ):
        run = run_of(NOTICE, start, cards_from=moment(cut_over))
        assert [card.key.level for card in scheduled_cards(NOTICE, run, RULER)] == left, cut_over


def test_an_extension_after_the_cut_over_opens_an_epoch_in_which_the_rules_speak_again() -> None:
    run = run_of(NOTICE, moment("2024-06-03T09:00"), cards_from=moment("2024-06-17T12:00"))
    longer = attrs.evolve(run, extensions=(Extension(amount=FIVE, approved_at=moment("2024-06-17T15:00")),))
    cards = scheduled_cards(NOTICE, longer, RULER)
    assert [(card.key.level, card.key.epoch, card.at.date()) for card in cards] == [
        ("yellow", 1, date(2024, 6, 24)),
        ("red", 1, date(2024, 6, 26)),
    ]
    assert [card.key.epoch for card in withheld_cards(NOTICE, longer, RULER)] == [0]
