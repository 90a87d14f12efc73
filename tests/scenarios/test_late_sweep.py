"""How often or how late a sweep runs never changes which cards exist, nor their instants (must-show 9)."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import CHINA, ONE_SECOND
from egov_core.ports.storage import CardRow
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.testing.small_county import MONDAY
from egov_core.testing.timed_county import FRONT, STEPPED, TECH

HOUR, THREE_DAYS = timedelta(hours=1), timedelta(days=3)
Act = tuple[datetime, str]


def on(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=CHINA)


def history() -> list[tuple[datetime, int, c.Command | str]]:
    """Acts on seven cases over two months: (when, case, command with an empty case id)."""
    hearing = c.Pause(case_id="", kind=PauseKind.HEARING, notice="特〔2024〕1号", declared=county.working_days(3))
    longer = c.Extend(case_id="", amount=county.working_days(5), reason="案情复杂", notice="延〔2024〕1号")
    document = c.Approve(case_id="", document="许〔2024〕1号")
    review, accept = c.Review(case_id="", opinion="同意"), c.Accept(case_id="")
    plans: dict[int, list[tuple[datetime, c.Command | str]]] = {
        0: [(on(6, 17), "submit"), (on(6, 17, 10), accept)],  # forgotten
        1: [(on(6, 17), "submit"), (on(6, 18), accept), (on(6, 19), review), (on(6, 27), document)],  # early
        2: [(on(6, 17, 11), "submit"), (on(6, 18), accept), (on(7, 3), review), (on(7, 20), document)],  # late
        3: [
            (on(6, 18), "submit"),
            (on(6, 18, 15), accept),
            (on(6, 24), hearing),
            (on(7, 3), c.Resume(case_id="", result="听证结束")),
            (on(7, 5), review),
            (on(7, 19), document),
        ],
        4: [(on(6, 19), "submit"), (on(6, 20), accept), (on(7, 1), review), (on(7, 2), longer), (on(8, 1), document)],
        5: [(on(6, 20), "submit")],  # nobody ever looks at it: the five days of 行政许可法 32
        6: [
            (on(6, 21), "submit"),
            (on(6, 21, 16), accept),
            (on(6, 24), review),
            (on(6, 28), document),
            (on(8, 9), c.Deliver(case_id="", method="窗口领取")),  # delivered long after its ten days
        ],
    }
    return sorted(
        ((at, number, act) for number, acts in plans.items() for at, act in acts), key=lambda one: (one[0], one[1])
    )


ROLE = {"Accept": "intake", "Deliver": "intake", "Approve": "approver", "Extend": "head"}


def replayed(policy: str, every: timedelta, **place: Any) -> tuple[Office, dict[int, tuple[CardRow, ...]]]:
    """The history under sweeps `every` so often; the cards of each case, without the time of issuing."""
    clock = ManualClock(MONDAY)
    given = attrs.evolve(county.settings(), policy=policy, **place)
    office = county.found(open_office(given, clock=clock, ids=SeededIds(1)))
    ids: dict[int, str] = {}
    next_sweep = MONDAY + every

    def sweep_until(at: datetime) -> None:
        nonlocal next_sweep
        while next_sweep <= at:
            clock.move_to(next_sweep)
            office.sweep()
            next_sweep += every

    for at, number, act in history():
        sweep_until(at)
        clock.move_to(at)
        if isinstance(act, str):
            ids[number] = county.submit(office).case_id
        else:
            assert not isinstance(act, c.Submit)
            command = attrs.evolve(act, case_id=ids[number])
            office.do(command, actor=county.staff(ROLE.get(type(act).__name__, "reviewer")))
    sweep_until(on(9, 30))
    clock.move_to(on(10, 1))
    office.sweep()
    cards = {number: office.storage.cards(county.AREA, case_id) for number, case_id in ids.items()}
    return office, {
        number: tuple(attrs.evolve(card, issued_at=card.at) for card in found) for number, found in cards.items()
    }


@pytest.mark.parametrize("policy", ["notice", "hunan-2018"])
def test_a_sweep_three_days_late_issues_exactly_the_cards_of_an_hourly_one(policy: str) -> None:
    hourly, often = replayed(policy, HOUR)
    lazy, rarely = replayed(policy, THREE_DAYS)
    never, at_the_end = replayed(policy, timedelta(days=3650))
    assert often == rarely == at_the_end
    assert {card.level for cards in often.values() for card in cards} >= {"yellow", "red"}
    for office in (hourly, lazy, never):
        assert office.verify().violations == ()
        assert office.verify().pending_timers == 0
    levels = {number: [card.level for card in cards if card.timer_kind == "case"] for number, cards in often.items()}
    assert "red" in levels[0]
    assert levels[1] == []  # under hunan-2018 it ends at the very second after which the warning exists


def notified(office: Office) -> set[tuple[str, str, str]]:
    """The cards that were told: timer, level and instant."""
    found = [
        json.loads(row.body)
        for stream in office.storage.streams(county.AREA)
        for row in office.storage.outbox_of(county.AREA, stream)
    ]
    cards = [one for one in found if one["type"] == "card-issued"]
    return {(one["data"]["timer"], one["data"]["level"], one["timestamp"]) for one in cards}


def test_what_is_told_changes_no_card_and_a_late_sweep_leaves_out_only_what_is_obsolete() -> None:
    _, without = replayed("notice", HOUR)
    hourly, often = replayed("notice", HOUR, notification_channels=("webhook",))
    lazy, rarely = replayed("notice", timedelta(days=3650), notification_channels=("webhook",))
    assert without == often == rarely
    everything = {
        (card.timer_id, card.level, card.at.isoformat())
        for cards in often.values()
        for card in cards
        if card.revoked_at is None
    }
    assert notified(hourly) == everything, "who looks every hour is told of every card"
    left_out = everything - notified(lazy)
    assert notified(lazy) < everything
    assert {level for _, level, _ in left_out} == {"yellow"}, "no delay goes untold"
    reds = {timer for timer, level, _ in notified(lazy) if level == "red"}
    assert {timer for timer, _, _ in left_out} & reds, "yellow gave way to red"
    for office in (hourly, lazy):
        assert office.verify().violations == ()


def due_of(office: Office, case_id: str) -> datetime:
    (due,) = (row.due_at for row in office.storage.timers(county.AREA, case_id) if row.kind == "case")
    assert due is not None
    return due


@pytest.mark.parametrize("sweeps_before", [True, False])
def test_a_case_finished_at_due_earns_no_red_and_one_second_later_earns_red(*, sweeps_before: bool) -> None:
    for late, expected in ((timedelta(0), []), (ONE_SECOND, ["red"])):
        clock = ManualClock(MONDAY)
        office = county.open_small_county(clock=clock)
        case_id = county.reviewed(office).case_id
        due = due_of(office, case_id)
        assert due == datetime(2024, 7, 1, 23, 59, 59, tzinfo=CHINA)
        clock.move_to(due + late)
        if sweeps_before:
            office.sweep()
        county.approve(office, case_id)
        clock.advance(THREE_DAYS)
        office.sweep()
        cards = [card for card in office.storage.cards(county.AREA, case_id) if card.timer_kind == "case"]
        red = [card for card in cards if card.level == "red"]
        assert [card.level for card in red] == expected
        assert all(card.at == due + ONE_SECOND for card in red)
        assert [card.at for card in cards if card.level == "yellow"] == [datetime(2024, 6, 28, tzinfo=CHINA)]
        assert office.verify().ok


@pytest.mark.parametrize(("base", "level", "working_days_out"), [("promised", "yellow", 10), ("statutory", "red", 20)])
def test_under_hunan_2018_a_case_finished_at_the_very_second_is_in_time_and_the_next_one_late(
    base: str, level: str, working_days_out: int
) -> None:
    # n working days after an instant is the same wall time on the n-th following working day
    last_second = {10: datetime(2024, 7, 1, 9, tzinfo=CHINA), 20: datetime(2024, 7, 15, 9, tzinfo=CHINA)}
    for late, expected in ((timedelta(0), 0), (ONE_SECOND, 1)):
        clock = ManualClock(MONDAY)
        office = county.open_small_county(clock=clock, policy="hunan-2018")
        case_id = county.reviewed(office).case_id
        clock.move_to(last_second[working_days_out] + late)
        county.approve(office, case_id)
        clock.advance(THREE_DAYS)
        office.sweep()
        found = [card for card in office.storage.cards(county.AREA, case_id) if card.level == level]
        assert [card.at for card in found] == [last_second[working_days_out] + ONE_SECOND] * expected, base


def test_a_sweep_of_nothing_issues_nothing_and_a_second_sweep_issues_nothing_more() -> None:
    clock = ManualClock(MONDAY)
    office = county.open_small_county(clock=clock)
    assert office.sweep().issued == {}
    county.accepted(office)
    clock.advance(timedelta(days=60))
    assert office.sweep().issued == {"yellow": 1, "red": 1}
    assert office.sweep().looked_at == 0


# --- with all that silence brings, steps and units, hearings, acts entered late ---------------------------------------

FIVE_DAYS = timed.period("5d")
RULES = "".join(
    f'[[rule]]\ntimer = "{timer}"\neffect = "{effect}"\nbasis = {{ instrument = "本县规则（演示）" }}\n'
    for timer, effect in (
        ("correction-notice", "deemed-acceptance"),
        ("renewal", "deemed-renewal"),
        ("correction", "closure"),
    )
)
ACTS: dict[int, tuple[str, list[tuple[str, str, Any]]]] = {
    # item, then (entered, happened, act); an empty `happened` is the time of entry
    0: (STEPPED, []),  # nobody looks: accepted by law, its steps and its limit overdue
    1: (
        STEPPED,  # the notice was given in time and entered in the third week
        [
            ("2024-07-08 09:00", "2024-06-20 09:00", c.RequestCorrection(case_id="", notice="补1", missing=("plan",))),
            ("2024-07-09 09:00", "", c.Supplement(case_id="", materials=("plan",))),
            ("2024-07-10 09:00", "", c.Accept(case_id="")),
            ("2024-07-11 09:00", "", c.HandOver(case_id="", unit=FRONT, reason="x")),
            ("2024-07-30 09:00", "2024-07-15 09:00", c.HandOver(case_id="", unit=TECH, reason="x")),
            ("2024-07-31 09:00", "", c.Review(case_id="", opinion="x")),
        ],
    ),
    2: (
        county.LICENCE,  # asked for its supplement within five natural days, closed, and reopened by a late entry
        [
            (
                "2024-06-19 09:00",
                "",
                c.RequestCorrection(case_id="", notice="补1", missing=("plan",), within=FIVE_DAYS),
            ),
            ("2024-07-01 09:00", "2024-06-24 23:59:59", c.Supplement(case_id="", materials=("plan",))),
        ],
    ),
    3: (
        county.LICENCE,  # the same, never answered
        [("2024-06-19 09:00", "", c.RequestCorrection(case_id="", notice="补1", missing=("plan",), within=FIVE_DAYS))],
    ),
    4: (
        "renewal",  # not decided when the licence expires; the decision of the last day is entered a week later
        [
            ("2024-06-18 09:00", "", c.Accept(case_id="")),
            ("2024-06-20 09:00", "", c.Review(case_id="", opinion="x")),
            ("2024-07-24 09:00", "2024-07-17 23:59:59", c.Approve(case_id="", document="准", on_commitment=True)),
            ("2024-08-20 09:00", "", c.IssueLicence(case_id="", document="证")),
        ],
    ),
    5: ("renewal", [("2024-06-18 09:00", "", c.Accept(case_id=""))]),  # and this one is renewed by the law
    6: (
        county.LICENCE,  # a hearing that is held too late
        [
            ("2024-06-18 09:00", "", c.Accept(case_id="")),
            ("2024-06-18 10:00", "", c.OfferHearing(case_id="", notice="听告1")),
            ("2024-06-19 09:00", "", c.RequestHearing(case_id="", reason="x")),
            ("2024-06-20 09:00", "", c.ScheduleHearing(case_id="", day=date(2024, 7, 22), place="x", notice="听通1")),
            ("2024-07-22 09:00", "", c.HoldHearing(case_id="", record="x")),
        ],
    ),
}
PLACE: dict[str, Any] = {"service_limits": {"pre-acceptance": "1wd", "licence": "3wd", "commitment-check": "20d"}}


def told(policy: str, silence: str, every: timedelta) -> tuple[Office, list[Any]]:
    """All that happened under sweeps `every` so often, and what came of it."""
    office = timed.open_timed_county(start=MONDAY, policy=policy, silence=silence, **PLACE)
    ids = {
        number: timed.file(
            office,
            county.LICENCE if item == "renewal" else item,
            channel="web",
            renews=date(2024, 7, 17) if item == "renewal" else None,
        )
        for number, (item, _) in ACTS.items()
    }
    entries = sorted(
        (entered, number, place) for number, (_, acts) in ACTS.items() for place, (entered, _, _) in enumerate(acts)
    )
    next_sweep = MONDAY + every
    for entered, number, place in [*entries, ("2024-09-30 09:00", -1, 0)]:
        while next_sweep <= timed.time(entered):
            timed.move(office, next_sweep)
            office.sweep()
            next_sweep += every
        timed.move(office, entered)
        if number >= 0:
            _, happened, act = ACTS[number][1][place]
            timed.do(office, attrs.evolve(act, case_id=ids[number]), at=happened)
    return office, [timed.outlook(office, case_id) for case_id in ids.values()]


@pytest.mark.parametrize("policy", ["notice", "hunan-2018"])
def test_what_silence_brings_is_the_same_however_often_and_however_late_anybody_looks(
    policy: str, tmp_path: Path
) -> None:
    silence = tmp_path / "silence.toml"
    silence.write_text(RULES, encoding="utf-8")
    offices, outlooks = zip(
        *(told(policy, str(silence), every) for every in (timedelta(hours=7), THREE_DAYS, timedelta(days=3650))),
        strict=True,
    )
    assert outlooks[0] == outlooks[1] == outlooks[2]
    states = [found.case.state.value for found in outlooks[0]]
    assert states == ["accepted", "reviewed", "accepted", "lapsed", "approved", "approved", "accepted"]
    for office in offices:
        for _ in range(2):
            assert office.verify().violations == ()
            office.sweep()
    if policy == "notice":
        cards = {number: found.cards for number, found in enumerate(outlooks[0])}
        assert {kind for found in cards.values() for kind, *_ in found} == {
            "correction-notice", "case", "step", "pre-acceptance", "renewal", "hearing", "licence", "delivery",
        } | {"commitment-check"}  # fmt: skip
        assert [kind for kind, *_ in cards[3]] == ["pre-acceptance"] * 2, "the applicant's own time earns none"
