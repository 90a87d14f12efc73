"""A takeover moves nobody's case, and lets no rule of the place close one by a date before the cut-over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.folding import evolve
from egov_core.domain.cases.lapses import pending_lapse
from egov_core.domain.cases.takeover_events import TakenOver
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.legal import AS_GIVEN, CHINA, start_of
from egov_core.domain.people import SYSTEM
from egov_core.domain.periods import Period, parse_limit
from egov_core.domain.timers.kinds import Expiry
from egov_core.domain.timers.reckoning import Ruler
from egov_core.domain.timers.silence import Lapse
from egov_core.runtime.policies import load_policy
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
NOTICE = load_policy("notice")
YARD = Yardstick.of(NOTICE, Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard"))))
FIVE = parse_limit("5wd")
assert isinstance(FIVE, Period)
LAPSES = (
    Lapse(timer="correction", effect=Expiry.CLOSURE, basis=AS_GIVEN),
    Lapse(timer="correction-notice", effect=Expiry.DEEMED_ACCEPTANCE, basis=AS_GIVEN),
)
CUT_OVER = date(2024, 6, 17)


def story(*events: tuple[str, Any]) -> Case:
    case: Case | None = None
    for position, (at, event) in enumerate(events, 1):
        when = datetime.fromisoformat(at).replace(tzinfo=CHINA)
        recorded = e.RecordedEvent(
            stream="k", position=position, event=event, at=when, entered_at=start_of(CUT_OVER), actor=SYSTEM
        )
        case = evolve(case, recorded)
    assert case is not None
    return case


SUBMITTED = e.Submitted(
    number="旧1", item="I1", item_version=1, item_name="许可", organ="dept", subject="s", digests={},
    materials=(), channel="window", query_digest="q", policy=NOTICE.ref, lapses=LAPSES,
)  # fmt: skip
ASKED = e.CorrectionRequested(notice="补1", missing=("平面图",), within=FIVE)


def taken(acts: int) -> TakenOver:
    return TakenOver(source="老系统", number="旧1", cut_over=start_of(CUT_OVER), acts=acts)


def test_the_takeover_leaves_state_history_and_who_moved_it_last() -> None:
    before = story(("2024-06-03T09:00", SUBMITTED))
    after = story(("2024-06-03T09:00", SUBMITTED), ("2024-06-17T00:00", taken(1)))
    assert (after.state, after.history, after.last_at, after.last_act) == (
        before.state,
        before.history,
        before.last_at,
        before.last_act,
    )
    assert after.version == 2 and after.takeover is not None and after.takeover.cards_from == start_of(CUT_OVER)
    assert [after.is_taken_over(position) for position in (1, 2, 3)] == [True, True, False]
    assert not before.is_taken_over(1)


@pytest.mark.parametrize(
    ("asked", "closes"),
    [
        ("2024-06-03T10:00", None),  # five working days: 4-7 and 11 June
        ("2024-06-06T10:00", None),  # 7, 11-14 June: closed on Saturday the 15th, were it not taken over
        ("2024-06-07T10:00", date(2024, 6, 18)),  # 11-14 and 17 June
    ],
)
def test_a_rule_of_the_place_closes_no_case_by_a_date_before_the_cut_over(asked: str, closes: date | None) -> None:
    old = story(("2024-06-03T09:00", SUBMITTED), ("2024-06-17T00:00", taken(2)), (asked, ASKED))
    pending = pending_lapse(old, YARD)
    assert (None if pending is None else pending.at) == (None if closes is None else start_of(closes))
    own = pending_lapse(story(("2024-06-03T09:00", SUBMITTED), (asked, ASKED)), YARD)
    assert own is not None and own.lapse.effect is Expiry.CLOSURE


def test_what_the_law_makes_of_silence_it_makes_before_the_cut_over_too() -> None:
    pending = pending_lapse(story(("2024-06-03T09:00", SUBMITTED), ("2024-06-17T00:00", taken(1))), YARD)
    assert pending is not None and pending.at == start_of(date(2024, 6, 12))
