"""The timers of a case follow from its events, and its ledger of cards from the law."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.cases import events as e
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.folding import evolve
from egov_core.domain.cases.marks import MARKS
from egov_core.domain.cases.timing import card_changes, runs_of, scheduled_runs
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.legal import AS_GIVEN, CHINA
from egov_core.domain.people import SYSTEM
from egov_core.domain.periods import Period, StartRule, Unit, parse_limit
from egov_core.domain.timers.kinds import KINDS, Per
from egov_core.domain.timers.reckoning import Ruler
from egov_core.errors import NaiveTimeError
from egov_core.runtime.policies import load_policy
from egov_core.runtime.shipped import national_calendar, office_hours

CALENDAR = national_calendar()
RULER = Ruler(calendar=CALENDAR, clock=OfficeClock(CALENDAR, office_hours("standard")))
NOTICE, HUNAN = load_policy("notice"), load_policy("hunan-2018")
YARD = Yardstick.of(NOTICE, RULER)
FIVE = Period(amount=Decimal(5), unit=Unit.WORKING_DAY, basis=AS_GIVEN)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def submitted(policy: CardPolicy = NOTICE) -> e.Submitted:
    return e.Submitted(
        number="N-1", item="I1", item_version=1, item_name="许可", organ="dept", subject="s", digests={},
        materials=(), channel="window", query_digest="q", policy=policy.ref,
    )  # fmt: skip


def accepted(policy: CardPolicy = NOTICE) -> e.Accepted:
    promised, statutory = policy.counted(parse_limit("10wd")), policy.counted(parse_limit("20wd"))
    return e.Accepted(item_version=1, promised=promised, statutory=statutory)


def told(case: Case | None, at: str | datetime, event: Any) -> Case:
    when = moment(at) if isinstance(at, str) else at
    position = 1 if case is None else case.version + 1
    return evolve(
        case, e.RecordedEvent(stream="k", position=position, event=event, at=when, entered_at=when, actor=SYSTEM)
    )


def story(*events: tuple[str, Any]) -> Case:
    case = None
    for at, event in events:
        case = told(case, at, event)
    assert case is not None
    return case


def swept(case: Case, now: str, policy: CardPolicy = NOTICE) -> Case:
    """The case after a sweep at `now`, which must leave nothing for a second one."""
    for change in card_changes(case, Yardstick.of(policy, RULER), moment(now)):
        case = told(case, change.at, change.event)
    assert card_changes(case, Yardstick.of(policy, RULER), moment(now)) == ()
    return case


def standing(case: Case, kind: str = "case") -> list[tuple[str, str]]:
    return [
        (card.level, card.at.date().isoformat()) for card in case.cards if card.timer_kind == kind and not card.revoked
    ]


OPEN = (("2016-09-01T09:00", submitted()), ("2016-09-01T10:00", accepted()))
PAUSED = e.Paused(kind="听证", notice="特1", declared=FIVE)
RESUMED = e.Resumed(result="完")
APPROVED = e.Approved(document="准1")


def test_the_registry_names_only_events_that_exist() -> None:
    for kind in KINDS.values():
        assert kind.starts_on | kind.stops_on <= MARKS, kind.code
        assert bool(kind.starts_on) == bool(kind.stops_on)
        assert kind.per is Per.STEP or not (kind.starts_on & kind.stops_on)


def test_each_event_starts_and_stops_its_timers() -> None:
    case = story(
        ("2016-09-01T09:00", submitted()),
        ("2016-09-02T09:00", e.CorrectionRequested(notice="补", missing=("m",))),
        ("2016-09-05T09:00", e.Supplemented(materials=("m",))),
        ("2016-09-06T09:00", accepted()),
        ("2016-09-07T09:00", PAUSED),
        ("2016-09-08T09:00", RESUMED),
        ("2016-09-09T09:00", PAUSED),
        ("2016-09-12T09:00", RESUMED),
        ("2016-09-13T09:00", APPROVED),
        ("2016-09-14T09:00", e.Delivered(method="window")),
    )
    found = {
        run.timer_id: (run.start.day, run.stopped_at.day if run.stopped_at else None) for run in runs_of(case, YARD)
    }
    assert found == {
        "k/correction-notice/1": (1, 2),
        "k/correction-notice/2": (5, 6),
        "k/case/1": (6, 13),
        "k/special-procedure/1": (7, 8),
        "k/special-procedure/2": (9, 12),
        "k/delivery/1": (13, 14),
    }
    by_id = {run.timer_id: run for run in runs_of(case, YARD)}
    assert len(by_id["k/case/1"].pauses) == 2 and by_id["k/delivery/1"].pauses == ()
    assert set(by_id["k/case/1"].limits) == {"promised", "statutory"}
    assert by_id["k/special-procedure/2"].limits["declared"] == FIVE


def test_a_withdrawal_stops_every_timer_that_runs() -> None:
    case = story(*OPEN, ("2016-09-02T09:00", PAUSED), ("2016-09-05T09:00", e.Withdrawn(reason="x")))
    assert all(run.stopped_at is not None for run in runs_of(case, YARD))
    assert runs_of(case, YARD)[1].pauses[0].end == moment("2016-09-05T09:00")


def test_a_referral_stops_our_timer_and_a_later_grant_starts_delivery() -> None:
    case = story(*OPEN, ("2016-09-05T09:00", e.Referred(to="city", opinion="x", key="k")))
    [correction, ours] = runs_of(case, YARD)
    assert (correction.kind, ours.kind, ours.stopped_at) == ("correction-notice", "case", moment("2016-09-05T09:00"))
    granted = told(case, "2016-12-01T09:00", e.Approved(document="上1", by_upper=True))
    assert runs_of(granted, YARD)[-1].kind == "delivery"
    assert runs_of(granted, YARD)[1].stopped_at == moment("2016-09-05T09:00")


def test_pauses_are_exact_and_declared_days_count_from_the_instant_under_the_hunan_rules() -> None:
    case = story(
        ("2018-10-15T09:00", submitted(HUNAN)), ("2018-10-15T10:00", accepted(HUNAN)), ("2018-10-16T10:00", PAUSED)
    )
    runs = {run.kind: run for run in runs_of(case, Yardstick.of(HUNAN, RULER))}
    assert runs["case"].pauses[0].by_dates is False
    declared = runs["special-procedure"].limits["declared"]
    assert isinstance(declared, Period) and declared.start_rule is StartRule.INSTANT
    assert runs["special-procedure"].due(HUNAN.ruler(RULER)).due == moment("2018-10-23T10:00")


def test_a_sweep_issues_what_is_missing_once_oldest_first() -> None:
    case = story(*OPEN)
    changes = card_changes(case, YARD, moment("2016-09-25"))
    assert [(change.event.level, change.at.isoformat()) for change in changes] == [
        ("yellow", "2016-09-14T00:00:00+08:00"),
        ("red", "2016-09-19T00:00:00+08:00"),
    ]
    red = changes[1].event
    assert isinstance(red, e.CardIssued)
    assert (red.due, red.policy, red.organ) == (moment("2016-09-18T23:59:59"), "notice@1", "dept")
    assert standing(swept(case, "2016-09-25")) == [("yellow", "2016-09-14"), ("red", "2016-09-19")]


def test_a_sweep_three_days_late_issues_what_an_hourly_one_issues() -> None:
    hourly = story(*OPEN)
    at = moment("2016-09-13T00:00")
    while at <= moment("2016-09-22"):
        hourly = swept(hourly, at.replace(tzinfo=None).isoformat())
        at += timedelta(hours=1)
    late = swept(story(*OPEN), "2016-09-22")
    assert late.cards == hourly.cards and len(late.cards) == 2


@pytest.mark.parametrize(("finish", "expected"), [("2016-09-18T23:59:59", 1), ("2016-09-19T00:00:00", 2)])
def test_finished_at_due_earns_no_red_card_and_one_second_later_does(finish: str, expected: int) -> None:
    case = story(*OPEN, (finish, APPROVED))
    assert len(standing(swept(case, "2016-09-25"))) == expected


def test_a_finish_recorded_late_with_its_true_time_revokes_the_cards_it_was_in_time_for() -> None:
    issued = swept(story(*OPEN), "2016-09-20")
    finished = told(issued, "2016-09-13T16:00", APPROVED)
    [first, second] = card_changes(finished, YARD, moment("2016-09-21"))
    assert isinstance(first.event, e.CardRevoked) and isinstance(second.event, e.CardRevoked)
    assert first.event.reason and first.at == moment("2016-09-21")
    after = swept(finished, "2016-09-21")
    assert standing(after) == []
    assert [card.revoked for card in after.cards] == [True, True], "they stay in the ledger"


def test_a_card_taken_back_by_a_pause_recorded_late_comes_again_at_its_new_instant() -> None:
    issued = swept(story(*OPEN), "2016-09-20")
    paused = swept(told(issued, "2016-09-12T09:00", PAUSED), "2016-09-20")
    assert standing(paused) == []
    resumed = told(paused, "2016-09-21T09:00", RESUMED)
    # after the 12th three days were left: 22, 23 and 26 September
    late = swept(resumed, "2016-10-08")
    assert standing(late) == [("yellow", "2016-09-23"), ("red", "2016-09-27")]
    keys = [(card.timer_id, card.rule, card.level, card.epoch) for card in late.cards]
    assert len(keys) == len(set(keys)), "the ledger is unique by timer, rule, level and epoch"
    assert sorted(card.revoked for card in late.cards if card.timer_kind == "case") == [False, False, True, True]


def test_a_card_that_stands_at_a_wrong_instant_is_replaced_by_the_right_one() -> None:
    issued = swept(story(*OPEN), "2016-09-25")
    moved = told(told(issued, "2016-09-12T09:00", PAUSED), "2016-09-13T09:00", RESUMED)
    after = swept(moved, "2016-09-26")
    assert standing(after) == [("yellow", "2016-09-18"), ("red", "2016-09-20")]


def test_an_open_special_procedure_earns_cards_of_its_own() -> None:
    case = story(*OPEN, ("2016-09-05T09:00", PAUSED))
    assert standing(swept(case, "2016-09-25"), "special-procedure") == [("yellow", "2016-09-09"), ("red", "2016-09-13")]


def test_an_extension_opens_an_epoch_in_the_ledger() -> None:
    extended = e.Extended(amount=FIVE, reason="x", notice="y")
    case = swept(told(swept(story(*OPEN), "2016-09-20"), "2016-09-20T09:00", extended), "2016-10-09")
    found = [(card.epoch, card.level, card.at.date()) for card in case.cards]
    assert found == [
        (0, "yellow", date(2016, 9, 14)),
        (0, "red", date(2016, 9, 19)),
        (1, "yellow", date(2016, 9, 22)),
        (1, "red", date(2016, 9, 24)),
    ]


def test_the_next_look_is_at_the_next_card_and_never_after_the_finish() -> None:
    case = story(*OPEN)
    [_, ours] = scheduled_runs(case, YARD)
    assert ours.next_look_after(moment("2016-09-01T10:00")) == moment("2016-09-14")
    assert ours.next_look_after(moment("2016-09-19")) is None
    [_, stopped, _] = scheduled_runs(told(case, "2016-09-02T09:00", APPROVED), YARD)
    assert stopped.next_look_after(moment("2016-09-02T09:00")) is None


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(NaiveTimeError):
        card_changes(story(*OPEN), YARD, datetime(2016, 9, 20))


def test_cards_without_a_policys_rule_are_none() -> None:
    quiet = attrs.evolve(NOTICE, rules=())
    assert card_changes(story(*OPEN), Yardstick.of(quiet, RULER), moment("2016-12-01")) == ()
