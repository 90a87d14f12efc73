"""Adopting a notice and recounting: exactly the timers whose days moved, once, and nothing of a case that is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest

from egov_core.domain.calendar.notices import Notice
from egov_core.domain.cases import commands as c
from egov_core.domain.cases.calendar_events import CalendarApplied
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import CHINA, end_of, start_of
from egov_core.domain.people import SYSTEM
from egov_core.errors import (
    CalendarDataError,
    ClaimError,
    ConflictError,
    IntegrityError,
    StorageError,
    UnknownError,
)
from egov_core.ports.storage import TimerRow
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.runtime.shipped import regulation
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA, BUREAU, MONDAY, OTHER, staff
from egov_core.usecases.calendar.adopting import Proposal
from egov_core.usecases.calendar.recounting import CaseDiff, RecountReport, left_to_recount, recounted_to
from egov_core.usecases.foundation.calendars import REVISIONS_STREAM

# Monday 17 June 2024: a licence is due on Monday 1 July by its promise, on Monday 15 July by law
START, TUESDAY, WEDNESDAY = MONDAY.date(), date(2024, 6, 18), date(2024, 6, 26)
SATURDAY = date(2024, 6, 22)


def order(number: str = "县〔2024〕1号", published: date = START, **days: Any) -> Notice:
    return Notice(title="临时安排", number=number, year=2024, published=published, **days)


LONGER = order(rest=[WEDNESDAY])
SHORTER = order("县〔2024〕2号", work=[SATURDAY])


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY)


@pytest.fixture
def office(clock: ManualClock) -> Iterator[Office]:
    with county.open_small_county(clock=clock) as opened:
        yield opened


def adopted(office: Office, *notices: Notice, **where: str) -> int:
    return office.adopt(office.propose(Proposal(what=one, **where) for one in notices))


def amended(office: Office, *notices: Notice, **where: str) -> RecountReport:
    adopted(office, *notices, **where)
    return office.recount()


def timer(office: Office, case_id: str, kind: str = "case") -> TimerRow:
    return next(row for row in office.storage.timers(AREA, case_id) if row.kind == kind)


def types(office: Office, case_id: str) -> list[str]:
    return [one.type for one in office.storage.events(AREA, case_id)]


def applied(office: Office, case_id: str) -> list[CalendarApplied]:
    events = [office.event_of(one).event for one in office.storage.events(AREA, case_id)]
    return [one for one in events if isinstance(one, CalendarApplied)]


def calendar_of(office: Office, case_id: str) -> int:
    row = office.storage.case(AREA, case_id)
    assert row is not None
    return office.case_of(row).calendar


def cards(office: Office, case_id: str) -> list[tuple[str, datetime, str]]:
    return [(one.level, one.at, one.revoke_reason) for one in office.storage.cards(AREA, case_id)]


# --- revisions --------------------------------------------------------------------------------------------------------


def test_the_first_establishing_writes_revision_1_and_no_other_does(office: Office) -> None:
    assert [one.type for one in office.storage.events(AREA, REVISIONS_STREAM)] == ["calendar-adopted"]
    office.establish(items=[county.item("another")])
    assert [row.version for row in office.storage.references(AREA, "calendar")] == [1]


def test_revisions_are_chained_contiguous_and_verified(office: Office) -> None:
    assert adopted(office, LONGER, SHORTER) == 2
    events = office.storage.events(AREA, REVISIONS_STREAM)
    assert [(one.position, one.type) for one in events] == [(n, "calendar-adopted") for n in (1, 2, 3)]
    assert [row.version for row in office.storage.references(AREA, "calendar")] == [1, 2, 3]
    added = [one.added for one in office.services.calendars().revisions[1:]]
    assert [one.name for one in added if one is not None] == ["县〔2024〕1号", "县〔2024〕2号"]
    assert office.verify().violations == ()


def test_a_notice_in_force_is_nothing_to_do(office: Office) -> None:
    amended(office, LONGER)
    again = office.propose([Proposal(what=attrs.evolve(LONGER, source="elsewhere"))])
    assert again is office.services.calendars()
    assert office.adopt(again) == 0
    assert office.recount() == RecountReport(revision=2)


@pytest.mark.parametrize(
    "proposals",
    [
        [Proposal(what=order(rest=[WEDNESDAY, SATURDAY]))],
        [Proposal(what=order("县〔2024〕3号", work=[WEDNESDAY]))],
        [
            Proposal(what=order("县〔2024〕4号", rest=[SATURDAY])),
            Proposal(what=order("县〔2024〕5号", work=[SATURDAY])),
        ],
    ],
)
def test_contradictions_are_one_error_and_nothing_is_written(office: Office, proposals: list[Proposal]) -> None:
    adopted(office, LONGER)
    before = office.storage.reference_version(AREA)
    with pytest.raises(CalendarDataError):
        office.propose(proposals)
    assert office.storage.reference_version(AREA) == before


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ({"organ": "nobody"}, UnknownError),
        ({"organ": BUREAU, "layer": "自治区"}, ClaimError),
        ({"layer": " "}, ClaimError),
    ],
)
def test_a_layer_of_nobody_is_refused(office: Office, where: dict[str, str], error: type[ClaimError]) -> None:
    with pytest.raises(error):
        office.propose([Proposal(what=LONGER, **where)])
    with pytest.raises(ClaimError):
        office.propose([Proposal(what=regulation(), organ=BUREAU)])


def test_what_was_proposed_before_somebody_else_adopted_is_refused(office: Office) -> None:
    proposed = office.propose([Proposal(what=LONGER)])
    adopted(office, SHORTER)
    with pytest.raises(ConflictError):
        office.adopt(proposed)
    assert [one.number for one in office.services.calendars().revisions] == [1, 2]


def test_an_office_that_was_never_founded_has_no_calendar_to_change() -> None:
    with open_office(county.settings(), clock=ManualClock(MONDAY)) as unfounded, pytest.raises(ClaimError):
        adopted(unfounded, LONGER)


def test_another_process_sees_a_further_revision_when_it_refreshes(tmp_path: Any, clock: ManualClock) -> None:
    url = f"sqlite:///{tmp_path}/county.db"
    with (
        county.open_small_county(url, clock=clock) as writer,
        open_office(county.settings(url), read_only=True) as reader,
    ):
        assert reader.organisation.get(BUREAU).code == BUREAU
        assert reader.ruler.calendar.is_workday(WEDNESDAY)
        adopted(writer, LONGER)
        assert reader.ruler.calendar.is_workday(WEDNESDAY)
        reader.refresh()
        assert not reader.ruler.calendar.is_workday(WEDNESDAY)


# --- recounting -------------------------------------------------------------------------------------------------------


def test_the_dates_of_open_cases_follow_and_closed_cases_never_change(office: Office, clock: ManualClock) -> None:
    running, closed, delivering = (county.accepted(office).case_id for _ in range(3))
    for case_id in (closed, delivering):
        county.review(office, case_id)
        county.approve(office, case_id)
    office.do(c.Deliver(case_id=closed, method="窗口领取"), actor=staff("intake"))
    clock.advance(timedelta(days=1))
    kept = [office.storage.case(AREA, closed), office.storage.timers(AREA, closed), office.storage.events(AREA, closed)]
    before = office.storage.timers(AREA, delivering)
    told: list[CaseDiff] = []
    adopted(office, attrs.evolve(LONGER, published=TUESDAY))
    report = office.recount(tell=told.append)
    assert timer(office, running).due_at == end_of(date(2024, 7, 2))
    assert timer(office, delivering, "delivery").due_at == end_of(date(2024, 7, 2))
    stopped = [row for row in office.storage.timers(AREA, delivering) if row.stopped_at]
    assert stopped == [row for row in before if row.stopped_at]
    assert kept == [
        office.storage.case(AREA, closed),
        office.storage.timers(AREA, closed),
        office.storage.events(AREA, closed),
    ]
    assert report == RecountReport(revision=2, looked_at=2, cases=2, moved=2)
    assert sorted(one.case_id for one in told) == sorted([running, delivering])
    assert office.verify().violations == ()
    office.do(c.Withdraw(case_id=running, reason="不再办理"), actor=staff("intake"))
    amended(office, order("县〔2024〕9号", rest=[date(2024, 6, 27)]))
    assert calendar_of(office, running) == 2
    assert office.verify().violations == ()


def test_the_event_says_which_revision_by_whom_from_when_and_what_moved(office: Office, clock: ManualClock) -> None:
    case_id = county.accepted(office).case_id
    before = office.storage.case(AREA, case_id)
    clock.advance(timedelta(days=3))
    amended(office, attrs.evolve(LONGER, published=TUESDAY))
    stored = office.storage.events(AREA, case_id)[-1]
    recorded = office.event_of(stored)
    assert (recorded.at, recorded.entered_at, recorded.actor) == (start_of(TUESDAY), clock.now(), SYSTEM)
    assert isinstance(recorded.event, CalendarApplied)
    assert (recorded.event.revision, recorded.event.notice, recorded.event.published) == (2, "县〔2024〕1号", TUESDAY)
    [shift] = recorded.event.changes
    assert (shift.kind, shift.old, shift.new) == ("case", end_of(date(2024, 7, 1)), end_of(date(2024, 7, 2)))
    after = office.storage.case(AREA, case_id)
    assert before is not None and after is not None
    was, now = office.case_of(before), office.case_of(after)
    assert (now.last_at, now.last_act, now.last_actor, now.history) == (
        was.last_at,
        was.last_act,
        was.last_actor,
        was.history,
    )


def test_a_notice_about_past_days_decides_from_the_first_of_them(office: Office, clock: ManualClock) -> None:
    case_id = county.accepted(office).case_id
    clock.advance(timedelta(days=14))
    amended(office, order(published=date(2024, 6, 28), rest=[WEDNESDAY]))
    assert office.storage.events(AREA, case_id)[2].at == start_of(WEDNESDAY)


def test_what_no_day_touches_is_not_read_nor_written(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = county.accepted(office).case_id  # until 1 July, and 15 July by law
    office.do(c.Withdraw(case_id=early, reason="不再办理"), actor=staff("intake"))
    clock.advance(timedelta(days=21))
    late = county.submit(office).case_id  # five days from 8 July
    office.sweep()
    kept = [office.storage.events(AREA, case_id) for case_id in (early, late)]

    def never(_area: str, case_id: str) -> None:
        raise AssertionError(f"{case_id} was read")

    with monkeypatch.context() as patch:
        patch.setattr(office.storage, "case", never)
        report = amended(office, order(published=date(2024, 7, 1), rest=[date(2024, 7, 5)]))
    assert (report.looked_at, report.cases) == (0, 0)
    assert [office.storage.events(AREA, case_id) for case_id in (early, late)] == kept
    assert [calendar_of(office, case_id) for case_id in (early, late)] == [1, 1]
    assert recounted_to(office.services) == 2
    assert office.verify().violations == ()


def test_a_timer_between_the_days_that_change_is_looked_at_and_left_alone(office: Office, clock: ManualClock) -> None:
    clock.advance(timedelta(days=7))
    between = county.submit(office).case_id  # 24 June to 1 July
    report = amended(office, order(published=date(2024, 6, 24), rest=[date(2024, 6, 21), date(2024, 7, 3)]))
    assert (report.looked_at, report.cases) == (1, 0)
    assert types(office, between) == ["submitted"]


def test_days_that_change_places_are_a_change_although_the_date_stays(office: Office, clock: ManualClock) -> None:
    case_id = county.accepted(office).case_id
    clock.advance(timedelta(days=1))
    report = amended(office, order(rest=[WEDNESDAY], work=[SATURDAY]))
    assert (report.cases, report.moved) == (1, 0)
    assert applied(office, case_id)[0].changes == ()
    assert office.verify().violations == ()
    clock.advance(timedelta(days=60))
    office.sweep()
    assert office.verify().violations == ()


def test_revisions_that_were_skipped_are_applied_one_by_one(office: Office) -> None:
    case_id = county.accepted(office).case_id
    amended(office, order("县〔2024〕7号", rest=[date(2024, 9, 2)]))  # touches nothing
    assert types(office, case_id) == ["submitted", "accepted"]
    told: list[CaseDiff] = []
    adopted(office, LONGER, order("县〔2024〕8号", rest=[date(2024, 6, 27)]))
    report = office.recount(tell=told.append)
    assert [one.revision for one in applied(office, case_id)] == [2, 3, 4]
    assert [len(one.changes) for one in applied(office, case_id)] == [0, 1, 1]
    [diff] = told
    assert [(one.old, one.new) for one in diff.shifts] == [(end_of(date(2024, 7, 1)), end_of(date(2024, 7, 3)))]
    assert (report.cases, report.moved) == (1, 1)
    assert office.verify().violations == ()


def test_a_case_filed_after_the_adoption_needs_no_recount(office: Office) -> None:
    amended(office, LONGER)
    case_id = county.accepted(office).case_id
    assert (calendar_of(office, case_id), types(office, case_id)) == (2, ["submitted", "accepted"])
    assert timer(office, case_id).due_at == end_of(date(2024, 7, 2))
    assert office.verify().violations == ()


def test_what_touches_a_case_that_stands_behind_brings_it_up_first(office: Office, clock: ManualClock) -> None:
    case_id = county.accepted(office).case_id
    kept = office.storage.timers(AREA, case_id)
    clock.advance(timedelta(days=1))
    adopted(office, LONGER)
    assert office.storage.timers(AREA, case_id) == kept
    assert office.verify().violations == ()
    county.review(office, case_id)
    assert types(office, case_id) == ["submitted", "accepted", "calendar-applied", "reviewed"]
    assert timer(office, case_id).due_at == end_of(date(2024, 7, 2))
    assert office.recount().cases == 0
    assert office.verify().violations == ()


def test_the_sweep_issues_by_the_calendar_in_force(office: Office, clock: ManualClock) -> None:
    case_id = county.accepted(office).case_id
    adopted(office, LONGER)
    clock.advance(timedelta(days=11))  # 28 June: yellow by the first calendar
    report = office.sweep()
    assert (report.issued, types(office, case_id)[-1]) == ({}, "calendar-applied")
    clock.advance(timedelta(days=3))
    office.sweep()
    assert cards(office, case_id) == [("yellow", start_of(date(2024, 7, 1)), "")]
    assert office.verify().violations == ()


def test_a_decision_is_judged_by_the_calendar_in_force(office: Office, clock: ManualClock) -> None:
    """On 16 July twenty days have passed by the first calendar, and have not by the second."""
    case_id = county.accepted(office).case_id
    adopted(office, LONGER)
    clock.move_to(datetime(2024, 7, 16, 9, tzinfo=CHINA))
    extend = c.Extend(case_id=case_id, amount=county.working_days(5), reason="案情复杂", notice="延1")
    assert office.do(extend, actor=staff("head")).happened[0] == "calendar-applied"
    assert office.verify().violations == ()


# --- told dates, cards ------------------------------------------------------------------------------------------------


def test_a_told_date_stands_and_an_extension_may_still_be_approved_within_it(
    office: Office, clock: ManualClock
) -> None:
    case_id = county.accepted(office).case_id
    clock.advance(timedelta(days=1))
    report = amended(office, SHORTER)
    assert (report.moved, report.told) == (0, 1)
    [shift] = applied(office, case_id)[0].changes
    assert (shift.old, shift.new, shift.told) == (end_of(date(2024, 7, 1)), end_of(date(2024, 7, 1)), True)
    assert timer(office, case_id).due_at == end_of(date(2024, 7, 1))
    clock.move_to(datetime(2024, 7, 15, 9, tzinfo=CHINA))  # by law the twenty days ended on Friday 12 July
    extend = c.Extend(case_id=case_id, amount=county.working_days(5), reason="案情复杂", notice="延1")
    office.do(extend, actor=staff("head"))
    assert office.verify().violations == ()


def test_cards_issued_by_days_that_moved_are_revoked_and_issued_anew(office: Office, clock: ManualClock) -> None:
    case_id = county.accepted(office).case_id
    clock.move_to(datetime(2024, 7, 4, 9, tzinfo=CHINA))
    office.sweep()
    assert cards(office, case_id) == [
        ("yellow", start_of(date(2024, 6, 28)), ""),
        ("red", start_of(date(2024, 7, 2)), ""),
    ]
    report = amended(office, order(rest=[date(2024, 7, 1), date(2024, 7, 2), date(2024, 7, 3)]))
    assert (report.revoked, report.issued) == (1, 0)  # the yellow card's day is the same
    assert cards(office, case_id) == [
        ("yellow", start_of(date(2024, 6, 28)), ""),
        ("red", start_of(date(2024, 7, 2)), "calendar-changed"),
    ]
    clock.move_to(datetime(2024, 7, 5, 9, tzinfo=CHINA))
    office.sweep()
    rows = office.storage.cards(AREA, case_id)
    assert [(one.level, one.at.date(), one.epoch) for one in rows if one.revoked_at is None] == [
        ("yellow", date(2024, 6, 28), 0),
        ("red", date(2024, 7, 5), 1),
    ]
    assert office.verify().violations == ()


def test_a_finish_entered_late_over_a_changed_calendar_names_each_reason(office: Office, clock: ManualClock) -> None:
    case_id = county.reviewed(office).case_id
    clock.move_to(datetime(2024, 7, 4, 9, tzinfo=CHINA))
    office.sweep()
    adopted(office, order(rest=[WEDNESDAY]))
    county.approve(office, case_id, at=datetime(2024, 7, 1, 8, tzinfo=CHINA))
    # by the first calendar: yellow on the 28th, red on the 2nd; by the second: yellow on the 1st, no red in time
    assert cards(office, case_id) == [
        ("yellow", start_of(date(2024, 6, 28)), "calendar-changed"),
        ("yellow", start_of(date(2024, 7, 1)), ""),
        ("red", start_of(date(2024, 7, 2)), "calendar-changed"),
    ]
    assert office.verify().violations == ()


def test_a_provisional_date_becomes_firm(clock: ManualClock) -> None:
    clock.move_to(datetime(2026, 12, 21, 9, tzinfo=CHINA))
    office = county.open_small_county(clock=clock)
    case_id = county.accepted(office).case_id
    assert timer(office, case_id).provisional
    holidays = regulation().days(2027)
    days = sorted({*holidays.holidays, *holidays.substitutes})
    schedule = Notice(title="2027", number="国办〔2026〕1号", year=2027, published=date(2026, 11, 20), rest=days)
    told: list[CaseDiff] = []
    adopted(office, schedule)
    report = office.recount(tell=told.append)
    assert (report.cases, report.moved, report.firm) == (1, 0, 1)  # the five days of the submission were firm
    assert not timer(office, case_id).provisional
    assert office.verify().violations == ()


# --- layers -----------------------------------------------------------------------------------------------------------


def test_a_regions_days_measure_every_case_and_an_organs_only_its_own(office: Office) -> None:
    office.establish(items=[attrs.evolve(county.item("other"), organ=OTHER)])
    ours = county.submit(office).case_id
    theirs = county.submit(office, "other").case_id
    report = amended(office, order(rest=[date(2024, 6, 24)]), organ=OTHER)
    assert (report.looked_at, report.cases) == (2, 1)
    assert timer(office, ours, "correction-notice").due_at == end_of(date(2024, 6, 24))
    assert timer(office, theirs, "correction-notice").due_at == end_of(date(2024, 6, 25))
    amended(office, order("区〔2024〕1号", rest=[date(2024, 6, 21)]), layer="自治区")
    assert timer(office, ours, "correction-notice").due_at == end_of(date(2024, 6, 25))
    assert timer(office, theirs, "correction-notice").due_at == end_of(date(2024, 6, 26))
    county.accept(office, ours)
    assert office.verify().violations == ()


# --- cut off, damaged, in a race --------------------------------------------------------------------------------------


def test_a_recount_that_was_cut_off_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [county.accepted(office).case_id for _ in range(7)]
    adopted(office, LONGER)
    monkeypatch.setattr("egov_core.usecases.calendar.recounting.BATCH", 2)
    seen: list[CaseDiff] = []

    def stop(diff: CaseDiff) -> None:
        seen.append(diff)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.recount(tell=stop)
    assert (recounted_to(office.services), left_to_recount(office.services)) == (1, 3)
    assert office.verify().violations == ()
    report = office.recount()
    assert (report.cases, report.looked_at, recounted_to(office.services)) == (3, 7, 2)
    assert {timer(office, case_id).due_at for case_id in cases} == {end_of(date(2024, 7, 2))}
    assert {tuple(types(office, case_id)) for case_id in cases} == {("submitted", "accepted", "calendar-applied")}
    assert left_to_recount(office.services) == 0


def test_a_case_moved_by_somebody_else_meanwhile_does_not_lose_the_batch(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [county.accepted(office).case_id for _ in range(4)]
    adopted(office, LONGER)
    write = office.storage.write
    moved: list[str] = []

    def meanwhile(fn: Any) -> Any:
        if not moved:
            moved.append(cases[2])
            county.review(office, cases[2])
        return write(fn)

    monkeypatch.setattr(office.storage, "write", meanwhile)
    report = office.recount()
    monkeypatch.undo()
    assert report.cases == 3
    assert types(office, cases[2]) == ["submitted", "accepted", "calendar-applied", "reviewed"]
    assert {calendar_of(office, case_id) for case_id in cases} == {2}
    assert office.verify().violations == ()


def test_a_command_decided_before_an_adoption_and_written_after_it_is_decided_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = county.accepted(office).case_id
    write = office.storage.write
    done: list[bool] = []

    def meanwhile(fn: Any) -> Any:
        if not done:
            done.append(True)
            amended(office, order("县〔2024〕7号", rest=[date(2024, 7, 29)]))  # touches the case's later timers only
        return write(fn)

    monkeypatch.setattr(office.storage, "write", meanwhile)
    county.review(office, case_id)
    monkeypatch.undo()
    assert types(office, case_id) == ["submitted", "accepted", "calendar-applied", "reviewed"]


def test_one_bad_case_does_not_hold_the_others_and_keeps_the_recount_open(office: Office) -> None:
    cases = sorted(county.accepted(office).case_id for _ in range(3))
    bad = office.storage.case(AREA, cases[1])
    assert bad is not None
    damaged = attrs.evolve(bad, data=b"{}", version=bad.version + 1)
    office.storage.write(lambda unit: unit.save_case(damaged, expected=bad.version))
    adopted(office, LONGER)
    for _ in range(2):
        with pytest.raises(IntegrityError) as refused:
            office.recount()
        assert refused.value.data["cases"] == [cases[1]]
    assert [calendar_of(office, case_id) for case_id in (cases[0], cases[2])] == [2, 2]
    assert recounted_to(office.services) == 1


def test_a_store_that_fails_ends_the_recount_with_its_own_error(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    county.accepted(office)
    adopted(office, LONGER)

    def broken(_fn: Any) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(office.storage, "write", broken)
    with pytest.raises(StorageError, match="full"):
        office.recount()


# --- previews ---------------------------------------------------------------------------------------------------------


def test_a_preview_writes_nothing_and_tells_what_the_recount_will(office: Office, clock: ManualClock) -> None:
    first = county.accepted(office).case_id
    clock.advance(timedelta(days=2))
    county.accepted(office)
    clock.move_to(datetime(2024, 7, 4, 9, tzinfo=CHINA))
    office.sweep()
    kept = (office.storage.counts(AREA), office.storage.reference_version(AREA))
    calendars = office.propose([Proposal(what=order(rest=[WEDNESDAY, date(2024, 7, 4)], work=[SATURDAY]))])
    foreseen: list[CaseDiff] = []
    expected = office.preview(calendars, tell=foreseen.append, progress=lambda _: None)
    assert (office.storage.counts(AREA), office.storage.reference_version(AREA)) == kept
    assert calendar_of(office, first) == 1
    office.adopt(calendars)
    told: list[CaseDiff] = []
    looked: list[int] = []
    assert office.recount(tell=told.append, progress=looked.append) == expected

    def plain(diffs: list[CaseDiff]) -> list[CaseDiff]:
        return sorted(diffs, key=lambda one: one.case_id)

    assert plain(told) == plain(foreseen)
    assert sum(looked) == expected.looked_at == 2


def test_progress_is_told_timer_by_timer_page_by_page(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        county.accepted(office)
    monkeypatch.setattr("egov_core.usecases.calendar.recounting.PAGE", 2)
    looked: list[int] = []
    adopted(office, LONGER)
    office.recount(progress=looked.append)
    assert looked == [2, 2, 1]


# --- verify -----------------------------------------------------------------------------------------------------------


def test_verify_stays_green_for_closed_cases_after_any_later_notice(office: Office) -> None:
    closed = county.reviewed(office).case_id
    office.do(c.Reject(case_id=closed, document="不许1", reason="不符合条件"), actor=staff("approver"))
    amended(office, LONGER)
    amended(office, SHORTER)
    amended(office, order("县〔2024〕5号", rest=[date(2024, 6, 20), date(2024, 6, 21)]))
    assert calendar_of(office, closed) == 1
    assert office.verify().violations == ()


def test_a_paused_case_is_recounted_by_the_days_before_its_pause(office: Office, clock: ManualClock) -> None:
    case_id = county.accepted(office).case_id
    clock.move_to(datetime(2024, 6, 28, 9, tzinfo=CHINA))
    office.sweep()
    hearing = c.Pause(case_id=case_id, kind=PauseKind.HEARING, notice="特1", declared=county.working_days(5))
    office.do(hearing, actor=staff("reviewer"))
    report = amended(office, order(rest=[WEDNESDAY]))
    assert (report.cases, report.revoked) == (1, 1)  # the yellow card of the 28th came from a day off
    assert cards(office, case_id) == [("yellow", start_of(date(2024, 6, 28)), "calendar-changed")]
    clock.move_to(datetime(2024, 7, 3, 9, tzinfo=CHINA))
    office.do(c.Resume(case_id=case_id, result="结束"), actor=staff("reviewer"))
    assert office.verify().violations == ()
