"""Cards across a change of the calendar: what had come into being stays, what comes follows the later one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.cards.schedule import scheduled_cards
from egov_core.domain.legal import CHINA, ONE_SECOND, end_of, start_of
from egov_core.domain.periods import parse_limit
from egov_core.domain.timers.reckoning import Pause, Ruler
from egov_core.domain.timers.runs import Recount, TimerRun
from egov_core.runtime.policies import load_policy
from egov_core.runtime.shipped import national_calendar, office_hours

HOURS = office_hours("standard")
NOTICE, HUNAN = load_policy("notice"), load_policy("hunan-2018")
START = datetime(2024, 6, 17, 9, tzinfo=CHINA)  # a Monday: ten working days end on Monday 1 July, yellow on the 28th
DAYS = st.dates(date(2024, 6, 18), date(2024, 7, 20))


def ruler(rest: tuple[date, ...] = (), work: tuple[date, ...] = ()) -> Ruler:
    order = Notice(title="order", year=2024, published=date(2024, 6, 10), rest=rest, work=work)
    calendar = national_calendar(extra=[order] if rest or work else [])
    return Ruler(calendar=calendar, clock=OfficeClock(calendar, HOURS))


PLAIN = ruler()


def run_of(policy: CardPolicy = NOTICE, limit: str = "10wd", **changes: Any) -> TimerRun:
    limits = {"promised": policy.counted(parse_limit(limit))}
    return TimerRun(timer_id="t", kind="case", start=START, limits=limits, **changes)


def recounted(run: TimerRun, at: datetime, *, published: datetime | None = None, told: bool = True) -> TimerRun:
    recount = Recount(
        at=at, published_at=published or at, before=PLAIN, known=attrs.evolve(run, stopped_at=None) if told else None
    )
    return attrs.evolve(run, recounts=(recount,))


def cards(run: TimerRun, newer: Ruler, policy: CardPolicy = NOTICE) -> list[tuple[str, datetime]]:
    return [(card.key.level, card.at) for card in scheduled_cards(policy, run, newer)]


def test_a_card_that_had_come_into_being_stays_and_the_next_follows_the_later_calendar() -> None:
    run = recounted(run_of(), start_of(date(2024, 6, 28)) + ONE_SECOND)
    newer = ruler(rest=(date(2024, 7, 1),))
    assert cards(run, newer) == [("yellow", start_of(date(2024, 6, 28))), ("red", start_of(date(2024, 7, 3)))]


def test_at_its_own_instant_the_later_calendar_decides() -> None:
    """The yellow card of that very midnight follows it already; a second later it would have come into being."""
    newer, midnight = ruler(rest=(date(2024, 6, 27),)), start_of(date(2024, 6, 28))
    assert cards(recounted(run_of(), midnight), newer)[0] == ("yellow", start_of(date(2024, 7, 1)))
    assert cards(recounted(run_of(), midnight + ONE_SECOND), newer)[0] == ("yellow", midnight)


def test_a_shorter_calendar_never_brings_a_card_before_it_decides() -> None:
    """Dates told as provisional may shorten: the card that is overdue by then exists from the notice on."""
    at = start_of(date(2024, 6, 29))
    newer = ruler(work=(date(2024, 6, 22), date(2024, 6, 23)))
    run = recounted(run_of(), at, told=False)
    assert run.due(newer).due == end_of(date(2024, 6, 27))
    assert cards(run, newer) == [("yellow", start_of(date(2024, 6, 28))), ("red", at)]


def test_a_kept_date_keeps_its_cards() -> None:
    newer = ruler(work=(date(2024, 6, 22),))
    run = recounted(run_of(), start_of(date(2024, 6, 19)))
    assert cards(run, newer) == cards(run_of(), PLAIN)


def test_a_notice_about_past_days_takes_cards_away_from_the_first_of_them_and_brings_none_before_it_is_public() -> None:
    first, public = start_of(date(2024, 6, 26)), start_of(date(2024, 7, 4))
    longer = ruler(rest=(date(2024, 6, 26),))
    assert cards(recounted(run_of(), first, published=public), longer) == [
        ("yellow", start_of(date(2024, 7, 1))),
        ("red", start_of(date(2024, 7, 3))),
    ]
    shorter = ruler(work=(date(2024, 6, 29),))
    provisional = recounted(run_of(), first, published=public, told=False)
    assert provisional.due(shorter).due == end_of(date(2024, 6, 29))
    assert cards(provisional, shorter) == [
        ("yellow", start_of(date(2024, 6, 28))),
        ("red", start_of(date(2024, 7, 2))),  # by the calendar of those days, since nobody knew the other
    ]


def test_a_run_that_stopped_before_keeps_its_cards() -> None:
    stopped = run_of(stopped_at=start_of(date(2024, 7, 3)))
    newer = ruler(rest=(date(2024, 7, 1),))
    assert cards(recounted(stopped, start_of(date(2024, 7, 4))), newer) == cards(stopped, PLAIN)
    assert ("red", start_of(date(2024, 7, 2))) not in cards(recounted(stopped, start_of(date(2024, 6, 20))), newer)


def test_a_pause_over_the_notice_holds_the_card_as_any_pause_does() -> None:
    pause = Pause(start=start_of(date(2024, 6, 25)), end=start_of(date(2024, 6, 27)))
    run = recounted(run_of(pauses=(pause,)), start_of(date(2024, 6, 26)))
    newer = ruler(rest=(date(2024, 7, 2),))
    assert cards(run, newer) == cards(attrs.evolve(run, recounts=()), newer)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Ruler, datetime]:
    """Another calendar, and from when it decides: its publication, or the first day it changes."""
    rest = tuple(draw(st.lists(DAYS, max_size=4, unique=True)))
    work = tuple(day for day in draw(st.lists(DAYS, max_size=4, unique=True)) if day not in rest)
    newer = ruler(rest, work)
    first = min(PLAIN.calendar.changed_days(newer.calendar), default=date(2024, 7, 20))
    published = draw(DAYS)
    return newer, start_of(min(first, published))


@pytest.mark.parametrize("policy", [NOTICE, HUNAN], ids=lambda policy: policy.name)
@given(changes(), st.integers(1, 20), st.booleans())
def test_before_it_decides_nothing_is_another_and_afterwards_nothing_is_of_the_earlier_one_alone(
    policy: CardPolicy, change: tuple[Ruler, datetime], days: int, told: bool
) -> None:
    newer, at = change
    run = run_of(policy, f"{days}wd")
    kept = recounted(run, at, told=told)
    before = [card for card in scheduled_cards(policy, run, PLAIN) if card.at < at]
    found = scheduled_cards(policy, kept, newer)
    assert [card for card in found if card.at < at] == before
    spoken = {card.key for card in before}
    afterwards = {card.key: card.at for card in found if card.at >= at}
    measured = policy.ruler(newer)
    for rule in policy.rules_for("case"):
        expected = rule.when.instant(kept, measured, rule.base)
        for key, instant in afterwards.items():
            if key.rule == rule.code:
                assert expected is not None
                assert instant == max(at, expected)
    assert not spoken & afterwards.keys()


@given(changes(), st.integers(1, 20), st.dates(date(2024, 6, 18), date(2024, 8, 20)))
def test_a_sweep_before_and_a_sweep_after_see_the_same_cards(
    change: tuple[Ruler, datetime], days: int, asked: date
) -> None:
    """What exists at an instant before the recount decides is what existed when nobody knew of it."""
    newer, at = change
    run = run_of(NOTICE, f"{days}wd")
    when = min(start_of(asked), at - ONE_SECOND)
    seen = [card for card in scheduled_cards(NOTICE, run, PLAIN) if card.at <= when]
    assert [card for card in scheduled_cards(NOTICE, recounted(run, at), newer) if card.at <= when] == seen
