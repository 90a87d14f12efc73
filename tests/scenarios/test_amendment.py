"""A notice in the middle of the year: it does not matter when it is entered, nor what happens first on the same day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, cast

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egov_core.domain.calendar.notices import Notice
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.timing import is_settled
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import CHINA, start_of
from egov_core.errors import EgovError
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, MONDAY, staff
from egov_core.usecases.calendar.adopting import Proposal
from egov_core.usecases.cases.recording import prepare_cards

ONE_DAY = timedelta(days=1)
HEARING = c.Pause(case_id="", kind=PauseKind.HEARING, notice="特〔2024〕1号", declared=county.working_days(3))
LONGER = c.Extend(case_id="", amount=county.working_days(5), reason="案情复杂", notice="延〔2024〕1号")
ACTS: dict[str, tuple[str, c.Command]] = {
    "review": ("reviewer", c.Review(case_id="", opinion="同意")),
    "pause": ("reviewer", HEARING),
    "resume": ("reviewer", c.Resume(case_id="", result="结束")),
    "extend": ("head", LONGER),
    "approve": ("approver", c.Approve(case_id="", document="许〔2024〕1号")),
    "reject": ("approver", c.Reject(case_id="", document="不许1", reason="不符合条件")),
    "withdraw": ("intake", c.Withdraw(case_id="", reason="不再办理")),
    "deliver": ("intake", c.Deliver(case_id="", method="窗口领取")),
}
PLANS: dict[str, tuple[tuple[int, str], ...]] = {
    "forgotten": (),
    "early": ((2, "review"), (8, "approve"), (10, "deliver")),
    "late": ((5, "review"), (33, "approve"), (60, "deliver")),
    "paused": ((4, "pause"), (11, "resume"), (14, "review"), (22, "approve")),
    "extended": ((6, "review"), (12, "extend"), (40, "reject")),
    "undelivered": (
        (1, "review"),
        (2, "approve"),
    ),
    "withdrawn": ((9, "withdraw"),),
}


def order(published: date, rest: tuple[date, ...] = (), work: tuple[date, ...] = ()) -> Notice:
    return Notice(title="临时安排", number="县〔2024〕1号", year=2024, published=published, rest=rest, work=work)


def adopt(office: Office, notice: Notice) -> None:
    office.adopt(office.propose([Proposal(what=notice)]))


def act(office: Office, case_id: str, name: str, at: datetime | None = None) -> bool:
    role, command = ACTS[name]
    try:
        asked: Any = attrs.evolve(cast("Any", command), case_id=case_id)
        office.do(asked, actor=staff(role), at=at)
    except EgovError:
        return False
    return True


def touch(office: Office, case_id: str) -> None:
    """What the next act on a case does before its own: a timer that has stopped is recounted with its case only."""
    row = office.storage.case(AREA, case_id)
    assert row is not None
    change = prepare_cards(office.services, office.case_of(row), row.head, office.now())
    if change is not None:
        assert office.storage.write(change.write)


def standing(office: Office, case_id: str) -> list[tuple[str, str, datetime]]:
    cards = office.storage.cards(AREA, case_id)
    return sorted((one.timer_id, one.level, one.at) for one in cards if one.revoked_at is None)


def lived(policy: str, notice: Notice, entered: int, recount: bool) -> tuple[Office, dict[str, str], set[str]]:
    """Seventy days of seven cases with a sweep each morning; the notice is entered on day `entered`.

    The office, its cases, and those to which nothing could happen any more when the notice was entered.
    """
    clock = ManualClock(MONDAY)
    office = county.open_small_county(clock=clock, policy=policy)
    cases = {name: county.accepted(office).case_id for name in PLANS}
    settled: set[str] = set()
    for day in range(1, 71):
        clock.move_to(MONDAY + day * ONE_DAY)
        if day == entered:
            rows = {name: office.storage.case(AREA, case_id) for name, case_id in cases.items()}
            settled = {
                name
                for name, row in rows.items()
                if row is not None and is_settled(office.case_of(row), office.yardstick(office.case_of(row)))
            }
            adopt(office, notice)
            if recount:
                office.recount()
        office.sweep()
        for name, plan in PLANS.items():
            for when, what in plan:
                if when == day:
                    assert act(office, cases[name], what), (name, what)
    for case_id in cases.values():
        touch(office, case_id)
    assert office.verify().violations == ()
    return office, cases, settled


@pytest.mark.parametrize("policy", ["notice", "hunan-2018"])
@pytest.mark.parametrize("entered", [16, 45])
@pytest.mark.parametrize(
    "notice",
    [
        order(date(2024, 6, 20), rest=(date(2024, 6, 26),)),
        order(date(2024, 6, 27), rest=(date(2024, 6, 28), date(2024, 7, 1), date(2024, 7, 2))),
        order(date(2024, 6, 30), rest=(date(2024, 6, 27),)),  # about a day that had passed
        order(date(2024, 6, 20), rest=(date(2024, 6, 25),), work=(date(2024, 6, 22), date(2024, 6, 29))),
    ],
    ids=["one-day", "three-days", "past-day", "moved-days"],
)
def test_a_notice_entered_late_leaves_the_cards_of_one_entered_in_time(
    policy: str, entered: int, notice: Notice
) -> None:
    in_time, cases, _ = lived(policy, notice, (max(notice.published, date(2024, 6, 18)) - MONDAY.date()).days, True)
    late, _, settled = lived(policy, notice, entered, True)
    assert settled < set(cases)
    for name, case_id in cases.items():
        if name in settled:
            continue
        if notice.work and name in ("paused", "extended"):
            continue  # what had been told is another date: it was told with the pause or the extension, or without
        assert standing(late, case_id) == standing(in_time, case_id), name
        assert late.storage.timers(AREA, case_id) == in_time.storage.timers(AREA, case_id), name


@pytest.mark.parametrize("policy", ["notice", "hunan-2018"])
def test_a_recount_and_whatever_touches_the_cases_next_lead_to_the_same(policy: str) -> None:
    """Without a recount each case passes over when it is next touched."""
    notice = order(date(2024, 6, 20), rest=(date(2024, 6, 26), date(2024, 7, 2)))
    first, cases, _ = lived(policy, notice, 20, recount=True)
    other, _, _ = lived(policy, notice, 20, recount=False)
    other.recount()
    for name, case_id in cases.items():
        assert standing(other, case_id) == standing(first, case_id), name
        assert other.storage.timers(AREA, case_id) == first.storage.timers(AREA, case_id), name


DAYS = st.dates(date(2024, 6, 18), date(2024, 7, 31))


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[str], int, int, Notice]:
    """What has happened to a case by some day, and a notice of that day or before that lengthens or moves days."""
    done = draw(st.sampled_from([[], ["review"], ["pause"], ["extend"], ["review", "extend"], ["pause", "resume"]]))
    today = draw(st.integers(3, 40))
    rest = tuple(draw(st.lists(DAYS, min_size=1, max_size=4, unique=True)))
    published = MONDAY.date() + timedelta(days=draw(st.integers(1, today)))
    return done, draw(st.integers(1, today)), today, order(published, rest=rest)


def brought_to(situation: tuple[list[str], int, int, Notice]) -> tuple[Office, str, ManualClock]:
    done, when, today, _ = situation
    clock = ManualClock(MONDAY)
    office = county.open_small_county(clock=clock)
    case_id = county.accepted(office).case_id
    clock.move_to(MONDAY + when * ONE_DAY)
    office.sweep()
    for name in done:
        act(office, case_id, name)
    clock.move_to(MONDAY + today * ONE_DAY)
    office.sweep()
    return office, case_id, clock


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations(), st.sampled_from(sorted(ACTS)), st.integers(0, 5))
def test_recount_then_a_command_is_the_command_then_recount(
    situation: tuple[list[str], int, int, Notice], name: str, back: int
) -> None:
    notice = situation[3]

    def recounted(office: Office) -> None:
        adopt(office, notice)
        office.recount()

    one, case_id, clock = brought_to(situation)
    other, _, _ = brought_to(situation)
    at = clock.now() - back * ONE_DAY
    recounted(one)
    legal = act(one, case_id, name, at)
    assert act(other, case_id, name, at) == legal or name == "extend"  # within a limit that the notice lengthens
    recounted(other)
    row = other.storage.case(AREA, case_id)
    assert row is not None
    if legal and not is_settled(other.case_of(row), other.yardstick(other.case_of(row))):
        for office in (one, other):
            office.sweep()
            touch(office, case_id)
        if other.case_of(row).state == one.case_of(one.storage.case(AREA, case_id)).state:  # type: ignore[arg-type]  # the case is there
            assert other.storage.timers(AREA, case_id) == one.storage.timers(AREA, case_id)
            assert standing(other, case_id) == standing(one, case_id)
    for office in (one, other):
        assert office.verify().violations == ()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(DAYS, st.booleans()), min_size=1, max_size=6, unique_by=lambda one: one[0]),
    st.integers(2, 20),
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from(sorted(ACTS))), max_size=6),
)
def test_no_open_case_is_ever_due_before_what_it_was_due_when_a_notice_was_entered(
    days: list[tuple[date, bool]], entered: int, acts: list[tuple[int, str]]
) -> None:
    """Whatever the notice says and whatever happens afterwards: the dates told on that day stand."""
    clock = ManualClock(MONDAY)
    office = county.open_small_county(clock=clock)
    case_id = county.accepted(office).case_id
    clock.move_to(MONDAY + entered * ONE_DAY)
    office.sweep()
    told = {row.timer_id: row.due_at for row in office.storage.timers(AREA, case_id) if row.stopped_at is None}
    rest = tuple(day for day, off in days if off)
    work = tuple(day for day, off in days if not off)
    adopt(office, order(MONDAY.date() + ONE_DAY, rest, work))
    office.recount()
    for wait, name in acts:
        clock.advance(wait * ONE_DAY)
        act(office, case_id, name)
        office.sweep()
        for row in office.storage.timers(AREA, case_id):
            before = told.get(row.timer_id)
            if before is not None and row.due_at is not None:
                assert row.due_at >= before
    assert office.verify().violations == ()


def test_a_card_never_exists_before_it_could_be_known() -> None:
    """A swap of days that makes more days count, published after some of them: nothing is dated before that day."""
    clock = ManualClock(MONDAY)
    office = county.open_small_county(clock=clock)
    case_id = county.accepted(office).case_id
    clock.move_to(datetime(2024, 7, 1, 9, tzinfo=CHINA))
    adopt(office, order(date(2024, 7, 1), work=(date(2024, 6, 22), date(2024, 6, 23), date(2024, 6, 29))))
    office.recount()
    clock.move_to(datetime(2024, 8, 1, 9, tzinfo=CHINA))
    office.sweep()
    assert [(level, at) for _, level, at in standing(office, case_id)] == [
        ("red", start_of(date(2024, 7, 2))),  # of the date that was told
        ("yellow", start_of(date(2024, 6, 29))),  # the working day before it, by now; one existed by then anyway
    ]
    assert office.verify().violations == ()
