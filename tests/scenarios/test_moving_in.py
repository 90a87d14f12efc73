"""Moving in with two thousand open cases: the dates are those counted by hand, and no card is from before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from egov_core.domain.calendar.notices import Notice
from egov_core.domain.cases.old_cases import CutOver
from egov_core.domain.legal import CHINA, start_of
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.sheets.open_cases.reading import read_open_cases
from egov_core.testing import small_county as county
from egov_core.usecases.calendar.adopting import Proposal
from egov_core.usecases.takeover.taking_over import Examination, TakenCase, examine, take_over
from tests.scenarios.old_county import CUT_OVER, ONE_DAY, rows, table, walked, works

MOVING_DAY = datetime(2024, 6, 17, 9, tzinfo=CHINA)
CHANGE = CutOver(at=start_of(CUT_OVER), source="原系统")

Spans = tuple[tuple[str, str, int], ...]
BY_HAND: tuple[tuple[str, dict[str, str], Spans], ...] = (
    # accepted, ten working days: (first counted day, last counted day, how many working days lie between them)
    ("03-04", {}, (("03-05", "03-08", 4), ("03-11", "03-15", 5), ("03-18", "03-18", 1))),
    ("03-08", {}, (("03-11", "03-15", 5), ("03-18", "03-22", 5))),
    # 清明: 4 to 6 April rest, Sunday the 7th is worked
    ("03-22", {}, (("03-25", "03-29", 5), ("04-01", "04-03", 3), ("04-07", "04-07", 1), ("04-08", "04-08", 1))),
    ("03-29", {}, (("04-01", "04-03", 3), ("04-07", "04-07", 1), ("04-08", "04-12", 5), ("04-15", "04-15", 1))),
    ("04-03", {}, (("04-07", "04-07", 1), ("04-08", "04-12", 5), ("04-15", "04-18", 4))),
    ("04-07", {}, (("04-08", "04-12", 5), ("04-15", "04-19", 5))),
    # 劳动节: 1 to 5 May rest, Sunday 28 April and Saturday 11 May are worked
    ("04-19", {}, (("04-22", "04-26", 5), ("04-28", "04-28", 1), ("04-29", "04-30", 2), ("05-06", "05-07", 2))),
    ("04-26", {}, (("04-28", "04-28", 1), ("04-29", "04-30", 2), ("05-06", "05-11", 6), ("05-13", "05-13", 1))),
    ("04-30", {}, (("05-06", "05-11", 6), ("05-13", "05-16", 4))),
    ("05-11", {}, (("05-13", "05-17", 5), ("05-20", "05-24", 5))),
    # 端午: Monday 10 June rests
    ("05-31", {}, (("06-03", "06-07", 5), ("06-11", "06-14", 4), ("06-17", "06-17", 1))),
    ("06-03", {}, (("06-04", "06-07", 4), ("06-11", "06-14", 4), ("06-17", "06-18", 2))),
    ("06-07", {}, (("06-11", "06-14", 4), ("06-17", "06-21", 5), ("06-24", "06-24", 1))),
    ("06-12", {}, (("06-13", "06-14", 2), ("06-17", "06-21", 5), ("06-24", "06-26", 3))),
    # pauses: the days after the first up to the last are left out
    ("03-04", {"特别程序": "03-06 03-12"}, (("03-05", "03-06", 2), ("03-13", "03-15", 3), ("03-18", "03-22", 5))),
    ("03-29", {"特别程序": "04-02 04-08"}, (("04-01", "04-02", 2), ("04-09", "04-12", 4), ("04-15", "04-18", 4))),
    ("04-22", {"特别程序": "04-26 05-06"}, (("04-23", "04-26", 4), ("05-07", "05-11", 5), ("05-13", "05-13", 1))),
    (
        "05-20",
        {"特别程序": "05-22 05-24 05-28 05-30"},
        (("05-21", "05-22", 2), ("05-27", "05-28", 2), ("05-31", "05-31", 1), ("06-03", "06-07", 5)),
    ),
    ("06-05", {"特别程序": "06-07 06-12"}, (("06-06", "06-07", 2), ("06-13", "06-14", 2), ("06-17", "06-24", 6))),
    # extensions
    (
        "05-13",
        {"延期批准时间": "2024-05-20", "延期天数": "5", "延期文书号": "延1"},
        (("05-14", "05-17", 4), ("05-20", "05-24", 5), ("05-27", "05-31", 5), ("06-03", "06-03", 1)),
    ),
    (
        "05-27",
        {"延期批准时间": "2024-06-05", "延期天数": "10个工作日", "延期文书号": "延2"},
        (("05-28", "05-31", 4), ("06-03", "06-07", 5), ("06-11", "06-14", 4), ("06-17", "06-25", 7)),
    ),
    # limits of the earlier system: a shorter promise, a longer one, none (the law's twenty then count)
    ("06-11", {"承诺期限": "3个工作日"}, (("06-12", "06-14", 3),)),
    (
        "05-29",
        {"承诺期限": "15wd", "法定期限": "30个工作日"},
        (("05-30", "05-31", 2), ("06-03", "06-07", 5), ("06-11", "06-14", 4), ("06-17", "06-20", 4)),
    ),
    (
        "05-28",
        {"承诺期限": "无"},
        (("05-29", "05-31", 3), ("06-03", "06-07", 5), ("06-11", "06-14", 4), ("06-17", "06-26", 8)),
    ),
)


def day(text: str) -> date:
    return date.fromisoformat(f"2024-{text}")


def row_of(number: int, accepted: str, more: dict[str, str]) -> dict[str, str]:
    row = {
        "原办件编号": f"手算{number:02d}",
        "事项编码": "licence",
        "收件时间": f"{day(accepted)} 08:30",
        "申请人": "周小满",
        "证件号码": county.ID_NUMBER,
        "受理时间": str(day(accepted)),
        **{heading: text for heading, text in more.items() if heading != "特别程序"},
    }
    days = more.get("特别程序", "").split()
    for at in range(0, len(days), 2):
        prefix = f"特别程序{at // 2 + 1}"
        row |= {f"{prefix}种类": "听证", f"{prefix}文书号": f"特{at}", f"{prefix}告知天数": "5"}
        row |= {f"{prefix}开始时间": str(day(days[at])), f"{prefix}结束时间": str(day(days[at + 1]))}
    return row


def looked_at(office: Office, found: list[dict[str, str]]) -> tuple[Examination, dict[str, TakenCase]]:
    """What an examination says of these rows, and each case by its number."""
    read = read_open_cases({"在办件": table(found)})
    assert read.faults == ()
    told: dict[str, TakenCase] = {}
    examination = examine(office.services, read.cases, CHANGE, tell=lambda case: told.__setitem__(case.number, case))
    return examination, told


@pytest.fixture
def office() -> Iterator[Office]:
    with county.open_small_county(clock=ManualClock(MOVING_DAY)) as opened:
        yield opened


def test_the_dates_are_those_counted_by_hand(office: Office) -> None:
    assert len(BY_HAND) >= 20
    found = [row_of(number, accepted, more) for number, (accepted, more, _) in enumerate(BY_HAND)]
    examination, told = looked_at(office, found)
    assert examination.ok and examination.fresh == len(BY_HAND)
    for number, (accepted, _, spans) in enumerate(BY_HAND):
        for first, last, count in spans:  # the hand that counted is itself counted after
            between = [day(first) + timedelta(days=n) for n in range((day(last) - day(first)).days + 1)]
            assert sum(map(works, between)) == count and works(between[0]) and works(between[-1]), (accepted, first)
        (timer,) = [one for one in told[f"手算{number:02d}"].timers if one.kind == "case"]
        assert timer.last_day == day(spans[-1][1]), (accepted, spans)


def test_two_thousand_cases_move_in(office: Office) -> None:
    made = list(rows())
    assert len(made) == 2_000
    examination, told = looked_at(office, [row for row, _ in made])
    assert (examination.fresh, examination.there, examination.ok) == (2_000, 0, True)
    overdue = 0
    for row, expected in made:
        case = told[row["原办件编号"]]
        assert case.state == expected.state, row
        timers = {one.kind: one for one in case.timers}
        if expected.kind:
            timer = timers[expected.kind]
            assert timer.last_day == expected.last_day, row
            late = expected.last_day is not None and expected.last_day < CUT_OVER
            assert bool(timer.overdue_days) is late
            if late and expected.last_day is not None:
                overdue += 1
                assert walked(expected.last_day, timer.overdue_days) == CUT_OVER, "days late, counted the other way"
    assert 300 < overdue < 1_900, "both kinds are there"
    assert office.storage.counts(county.AREA)["cases"] == 0, "looking writes nothing"

    read = read_open_cases({"在办件": table([row for row, _ in made])})
    assert take_over(office.services, read.cases, CHANGE) == 2_000
    assert earliest_card(office) >= CHANGE.at
    before = sum(len(timer.withheld) for case in told.values() for timer in case.timers)
    assert before > overdue

    assert isinstance(office.clock, ManualClock)
    office.clock.move_to(start_of(date(2024, 9, 2)))
    office.sweep()
    assert office.verify().violations == ()
    reds = {
        row.number: [card.at for card in office.storage.cards(county.AREA, row.case_id) if card.level == "red"]
        for row in (office.storage.case_by_number(county.AREA, made_row["原办件编号"]) for made_row, _ in made)
        if row is not None
    }
    for row, expected in made:
        if expected.kind == "case" and expected.last_day is not None:
            at = start_of(expected.last_day + ONE_DAY)
            assert reds[row["原办件编号"]] == ([at] if at >= CHANGE.at else []), row
    assert earliest_card(office) >= CHANGE.at, "no sweep, however late, dates a card before the cut-over"


def earliest_card(office: Office) -> datetime:
    streams = [one for one in office.storage.streams(county.AREA) if ":" not in one]
    return min(card.at for stream in streams for card in office.storage.cards(county.AREA, stream))


@pytest.mark.parametrize("every", [timedelta(hours=12), timedelta(days=5), timedelta(days=400)])
def test_how_late_a_sweep_runs_changes_no_card(every: timedelta) -> None:
    def cards_after(step: timedelta) -> set[tuple[str, str, str, datetime]]:
        clock = ManualClock(MOVING_DAY)
        with county.open_small_county("memory:", clock=clock) as office:
            read = read_open_cases({"": table([row for row, _ in rows(60, seed=3)])})
            take_over(office.services, read.cases, CHANGE)
            end = start_of(date(2024, 9, 2))
            while clock.now() < end:
                clock.move_to(min(clock.now() + step, end))
                office.sweep()
            assert office.verify().violations == ()
            return {
                (row.number, card.rule, card.timer_kind, card.at)
                for case in read.cases
                if (row := office.storage.case_by_number(county.AREA, case.number)) is not None
                for card in office.storage.cards(county.AREA, row.case_id)
            }

    found = cards_after(every)
    assert found == cards_after(timedelta(days=1)) and len(found) > 20


@pytest.mark.parametrize("policy", ["notice", "hunan-2018"])
def test_a_notice_and_acts_entered_late_bring_no_card_from_before(policy: str) -> None:
    """After the takeover days are moved on both sides of the cut-over, and acts of the last week come in late."""
    clock = ManualClock(MOVING_DAY)
    with county.open_small_county(clock=clock, policy=policy) as office:
        read = read_open_cases({"": table([row for row, _ in rows(120, seed=5)])})
        assert take_over(office.services, read.cases, CHANGE) == 120
        notice = Notice(
            title="临时安排",
            number="县〔2024〕1号",
            year=2024,
            published=CUT_OVER,
            rest=[date(2024, 6, 13), date(2024, 6, 19)],
            work=[date(2024, 6, 15), date(2024, 6, 22)],
        )
        office.adopt(office.propose([Proposal(what=notice)]))
        assert office.recount().moved > 5
        entered = 0
        for old in read.cases:
            found = office.storage.case_by_number(county.AREA, old.number)
            assert found is not None
            case = office.case_of(found)
            if case.state.value == "accepted" and case.last_at < start_of(date(2024, 6, 10)):
                county.review(office, found.case_id, at=datetime(2024, 6, 14, 10, tzinfo=CHINA))
                entered += 1
                if entered % 2:
                    county.approve(office, found.case_id, at=datetime(2024, 6, 14, 11, tzinfo=CHINA))
        assert entered > 20
        clock.move_to(start_of(date(2024, 9, 2)))
        office.sweep()
        assert office.verify().violations == ()
        assert earliest_card(office) >= CHANGE.at
