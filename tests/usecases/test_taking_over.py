"""Taking over: what is written, what is refused and where, and that a second time changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import attrs
import pytest

from egov_core.domain.audit import GENESIS
from egov_core.domain.cases import commands as c
from egov_core.domain.cases import events as e
from egov_core.domain.cases.old_cases import FORMER, CutOver, OldCase
from egov_core.domain.cases.takeover_events import TakenOver
from egov_core.domain.cells import CellFault
from egov_core.domain.legal import CHINA, start_of
from egov_core.errors import ClaimError, ConflictError
from egov_core.ports.storage import CaseRow, Unit
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.sheets.open_cases.reading import read_open_cases
from egov_core.testing import small_county as county
from egov_core.testing.small_county import AREA
from egov_core.usecases.cases.applications import SubjectFile
from egov_core.usecases.cases.recording import prepare
from egov_core.usecases.takeover import taking_over
from egov_core.usecases.takeover.taking_over import TakenCase, examine, query_codes, take_over
from egov_core.wire.codec import decode

CUT = CutOver(at=start_of(date(2024, 6, 17)), source="老系统")
NOW = datetime(2024, 6, 17, 9, tzinfo=CHINA)
LATER = datetime(2024, 7, 31, 9, tzinfo=CHINA)


def office_at(now: datetime = NOW) -> Office:
    return county.open_small_county(clock=ManualClock(now))


def row(number: str = "旧1", **more: str) -> dict[str, str]:
    return {
        "原办件编号": number,
        "事项编码": "licence",
        "收件时间": "2024-06-03 09:30",
        "申请人": "周小满",
        "证件号码": county.ID_NUMBER,
        "联系电话": county.PHONE,
        **more,
    }


def read(*rows: dict[str, str]) -> tuple[OldCase, ...]:
    headings = list(dict.fromkeys(heading for one in rows for heading in one))
    found = read_open_cases({"在办件": [headings, *([one.get(name, "") for name in headings] for one in rows)]})
    assert found.faults == ()
    return found.cases


def moved_in(office: Office, *rows: dict[str, str], cut: CutOver = CUT) -> CaseRow:
    """The case of the last of these rows, taken over without an error."""
    cases = read(*rows)
    examination = examine(office.services, cases, cut)
    assert examination.ok, examination.faults
    assert take_over(office.services, cases, cut) == len(rows)
    found = office.storage.case_by_number(AREA, rows[-1]["原办件编号"])
    assert found is not None and office.verify().violations == ()
    return found


def faults(office: Office, *rows: dict[str, str], cut: CutOver = CUT) -> dict[str, CellFault]:
    """The faults of these rows by code."""
    return {one.code: one for one in examine(office.services, read(*rows), cut).faults}


def events(office: Office, found: CaseRow) -> list[e.RecordedEvent]:
    return [office.event_of(one) for one in office.storage.events(AREA, found.case_id)]


# --- what is written --------------------------------------------------------------------------------------------------


def test_a_case_comes_in_with_its_number_its_times_and_its_acts() -> None:
    office = office_at()
    found = moved_in(office, row(受理时间="2024-06-04", 审核时间="2024-06-06 16:00", 已交材料="材料 form；plan"))
    told = events(office, found)
    assert [one.event.type for one in told] == ["submitted", "taken-over", "accepted", "reviewed"]
    assert [one.at.isoformat()[:16] for one in told] == [
        "2024-06-03T09:30", "2024-06-17T00:00", "2024-06-04T00:00", "2024-06-06T16:00",
    ]  # fmt: skip
    assert {one.entered_at for one in told} == {NOW}
    assert {(one.actor.code, one.actor.name) for one in told} == {(FORMER, "老系统")}
    assert (found.number, found.received_at.day, found.state) == ("旧1", 3, "reviewed")
    case = office.case_of(found)
    assert case.materials == ("form", "plan") and case.last_at == told[-1].at
    approved = county.approve(office, found.case_id, at=NOW)
    assert approved.state == "approved" and office.verify().violations == ()


def test_personal_values_lie_in_the_subject_file_and_nowhere_in_the_chain() -> None:
    office = office_at()
    found = moved_in(office, row(查询码="abc234"))
    chained = b"".join(one.payload for one in office.storage.events(AREA, found.case_id)) + found.data
    for clear in ("周小满", county.ID_NUMBER, county.PHONE, "ABC234", "abc234"):
        assert clear.encode() not in chained
    kept = office.storage.subject(AREA, office.case_of(found).subject)
    assert kept is not None
    file = decode(kept.data, SubjectFile)
    assert file.applicant == county.APPLICANT and file.query_code == "ABC234"
    assert found.query_digest == office.query_digest("旧1", "abc234")


def test_a_missing_query_code_is_made_and_can_be_told() -> None:
    office = office_at()
    found = moved_in(office, row())
    ((number, code),) = query_codes(office.services, read(row(), row("无此件")))
    assert number == "旧1" and len(code) >= 8
    assert found.query_digest == office.query_digest(number, code)


def test_the_own_series_goes_on_from_its_first_number() -> None:
    office = office_at()
    moved_in(office, row(), row("HS-2023-00007"))  # the gaps of another system's series are not ours to explain
    assert county.submit(office).number.endswith("-00001")
    assert office.verify().violations == ()


def test_a_paused_case_waits_with_its_declared_days() -> None:
    office = office_at()
    pause = {
        "特别程序1种类": "听证",
        "特别程序1文书号": "特1",
        "特别程序1告知天数": "15",
        "特别程序1开始时间": "2024-06-11",
    }
    found = moved_in(office, row(受理时间="2024-06-04", **pause))
    timers = {one.kind: one for one in office.storage.timers(AREA, found.case_id)}
    assert found.state == "paused" and timers["case"].due_at is None
    assert timers["special-procedure"].last_day == date(2024, 7, 2)  # 12-14, 17-21, 24-28 June, 1-2 July
    outcome = office.do(c.Resume(case_id=found.case_id, result="听证结束"), actor=county.staff("reviewer"))
    assert outcome.state == "accepted"


def test_a_case_in_correction_is_supplemented_here() -> None:
    office = office_at()
    told = {"补正1告知时间": "2024-06-05", "补正1文书号": "补1", "补正1缺少材料": "平面图；申请表", "补正1期限": "15"}
    found = moved_in(office, row(当前状态="补正中", **told))
    asked = events(office, found)[2].event
    assert isinstance(asked, e.CorrectionRequested) and asked.missing == ("平面图", "申请表")
    outcome = office.do(c.Supplement(case_id=found.case_id, materials=("plan",)), actor=county.staff("intake"))
    assert outcome.state == "submitted"


def test_a_case_with_the_upper_organ_is_not_sent_again() -> None:
    office = office_at()
    done = {"受理时间": "2024-06-04", "审核时间": "2024-06-05", "转报时间": "2024-06-06"}
    upward = row(**done, 事项编码="upward", 上级机关="city", 上级办理情况="市局已受理")
    found = moved_in(office, upward)
    assert (found.state, found.whole, office.case_of(found).referred_to) == ("referred", "with-upper", "city")
    assert office.storage.outbox_of(AREA, found.case_id) == ()
    assert office.dispatch().delivered == 0
    decided = c.RecordUpperDecision(case_id=found.case_id, granted=True, document="市许1")
    assert office.do(decided, actor=county.staff("reviewer")).state == "approved"
    assert office.verify().violations == ()


def test_what_was_granted_there_is_delivered_here() -> None:
    office = office_at()
    done = {"受理时间": "2024-06-04", "审核时间": "2024-06-05", "准予时间": "2024-06-14"}
    granted = row(**done, 准予文书号="许1", 当前状态="待送达")
    found = moved_in(office, granted)
    (timer,) = [one for one in office.storage.timers(AREA, found.case_id) if one.kind == "delivery"]
    assert timer.last_day == date(2024, 6, 28)
    assert (
        office.do(c.Deliver(case_id=found.case_id, method="window"), actor=county.staff("intake")).state == "delivered"
    )


def test_limits_of_the_earlier_system_are_frozen_and_the_catalogues_keep_their_basis() -> None:
    office = office_at()
    other = office.case_of(moved_in(office, row(受理时间="2024-06-04", 承诺期限="7个工作日", 法定期限="20个工作日")))
    assert (str(other.promised), str(other.statutory)) == ("7wd", "20wd")
    assert other.promised is not None and other.promised.basis.instrument == "原系统登记"
    assert other.statutory is not None and other.statutory.basis == county.BASIS


def test_an_item_younger_than_the_case_gives_its_first_version_with_a_warning() -> None:
    office = office_at()
    office.establish(items=[county.item("young", promised=county.working_days(5), valid_from=date(2024, 6, 10))])
    found = faults(office, row(事项编码="事项 young", 受理时间="2024-06-04"))
    assert set(found) == {"item-not-in-force"} and found["item-not-in-force"].severity == "warning"
    case = office.case_of(moved_in(office, row(事项编码="事项 young", 受理时间="2024-06-04")))
    assert (case.item, case.item_version, str(case.promised)) == ("young", 1, "5wd")


# --- cards ------------------------------------------------------------------------------------------------------------


def test_an_overdue_case_has_no_card_from_before_and_is_overdue_all_the_same() -> None:
    office, told = office_at(), list[TakenCase]()
    late = row(收件时间="2024-05-06", 受理时间="2024-05-06")
    examine(office.services, read(late), CUT, tell=told.append)
    (timer,) = told[0].overdue
    assert timer.last_day == date(2024, 5, 17)  # 7-11 May (the 11th is worked), 13-17
    assert timer.overdue_days == 20  # 20-24, 27-31 May, 3-7, 11-14, 17 June
    assert [card.key.level for card in timer.withheld] == ["yellow", "red"] and told[0].issued == ()
    found = moved_in(office, late)
    assert isinstance(office.clock, ManualClock)
    office.clock.move_to(LATER)
    office.sweep()
    assert office.storage.cards(AREA, found.case_id) == ()
    assert [one.due_at for one in office.storage.timers(AREA, found.case_id) if one.kind == "case"] == [timer.due]


def test_confirmed_cards_are_issued_at_their_legal_instants() -> None:
    office = office_at()
    confirmed = attrs.evolve(CUT, cards_confirmed=True)
    found = moved_in(office, row(收件时间="2024-05-06", 受理时间="2024-05-06"), cut=confirmed)
    cards = office.storage.cards(AREA, found.case_id)
    assert [(card.level, card.at) for card in cards] == [
        ("yellow", start_of(date(2024, 5, 16))),
        ("red", start_of(date(2024, 5, 18))),
    ]
    assert {card.issued_at for card in cards} == {NOW}


def test_a_card_of_the_moving_day_comes_with_the_takeover_and_a_red_one_follows() -> None:
    office = office_at()
    found = moved_in(office, row(受理时间="2024-06-03"))  # the last day is 18 June
    assert [card.level for card in office.storage.cards(AREA, found.case_id)] == ["yellow"]
    assert isinstance(office.clock, ManualClock)
    office.clock.move_to(LATER)
    office.sweep()
    reds = [card.at for card in office.storage.cards(AREA, found.case_id) if card.timer_kind == "case"]
    assert reds == [start_of(date(2024, 6, 17)), start_of(date(2024, 6, 19))]


# --- silence ----------------------------------------------------------------------------------------------------------


def test_what_the_law_made_of_silence_it_made_there_too() -> None:
    office = office_at()
    late = row(收件时间="2024-05-06")
    assert "silence" in faults(office, late)
    found = moved_in(office, late)
    assert found.state == "accepted" and office.case_of(found).when("accepted") == start_of(date(2024, 5, 6))
    assert office.storage.cards(AREA, found.case_id) == ()


def test_an_acceptance_after_the_five_days_stands_as_it_was_recorded_with_a_warning() -> None:
    office = office_at()
    late = row(收件时间="2024-06-03", 受理时间="2024-06-13")
    warned = faults(office, late)["after-silence"]
    assert warned.severity == "warning" and warned.cell == "G2" and "第三十二条" in warned.message
    found = moved_in(office, late)
    assert found.accepted_at == start_of(date(2024, 6, 13))


# --- what is refused, and where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "code", "heading"),
    [
        ({"事项编码": "nothing"}, "item-unknown", "事项编码"),
        ({"收件时间": "2024-06-17 08:00"}, "after-cut-over", "收件时间"),
        ({"受理时间": "2024-06-18"}, "after-cut-over", "受理时间"),
        ({"受理时间": "2024-06-01"}, "claim", "受理时间"),  # before the receipt
        ({"受理时间": "2024-06-04", "转报时间": "2024-06-05"}, "illegal-transition", "转报时间"),
        ({"受理时间": "2024-06-04", "当前状态": "已审核"}, "state-differs", "当前状态"),
        ({"受理时间": "2024-06-04", "承诺期限": "25个工作日"}, "promise-above-statutory", "承诺期限"),
        ({"查询码": "12"}, "query-code", "查询码"),
        ({"已交材料": "没有这种"}, "claim", "已交材料"),
        ({"原许可有效期至": "2024-05-31"}, "claim", "原许可有效期至"),
        ({"上级机关": "nowhere", "转报时间": "2024-06-05"}, "organ-unknown", "上级机关"),
        (
            {"受理时间": "2024-06-04", "延期批准时间": "2024-06-05", "延期天数": "30", "延期文书号": "延"},
            "extension-refused",
            "延期批准时间",
        ),
        (
            {
                "受理时间": "2024-06-04",
                "特别程序1种类": "检测",
                "特别程序1文书号": "特",
                "特别程序1告知天数": "5",
                "特别程序1开始时间": "2024-06-05",
            },
            "pause-refused",
            "特别程序1开始时间",
        ),
    ],
)
def test_a_fault_names_its_cell_and_nothing_is_written(more: dict[str, str], code: str, heading: str) -> None:
    office, bad = office_at(), row("旧2", **more)
    found = examine(office.services, read(row(), bad), CUT)
    (fault,) = [one for one in found.faults if one.severity == "error"]
    headings = list(dict.fromkeys([*row(), *bad]))
    column = headings.index(heading)
    assert (fault.sheet, fault.cell, fault.code) == ("在办件", f"{chr(ord('A') + column)}3", code)
    assert fault.message and (fault.remedy or code == "claim") and not found.ok and found.fresh == 1
    with pytest.raises(ClaimError):
        take_over(office.services, read(bad), CUT)
    assert office.storage.counts(AREA)["cases"] == 0


def test_a_number_that_this_office_would_give_itself_is_refused() -> None:
    office = office_at()
    series, accepted = f"{AREA}-bureau", {"受理时间": "2024-06-04"}
    assert "number-of-own-series" in faults(office, row(f"{series}-2024-00007", **accepted))
    assert faults(office, row(f"{series}-2019-00007", **accepted)) == {}, "of a year whose series is closed"
    assert faults(office, row(f"{series}-2024-7", **accepted)) == {}, "it is written otherwise, so it never collides"


def test_a_cut_over_to_come_can_be_rehearsed_and_not_applied() -> None:
    office = office_at(datetime(2024, 6, 14, 18, tzinfo=CHINA))
    told: list[TakenCase] = []
    assert examine(office.services, read(row(受理时间="2024-06-03")), CUT, tell=told.append).ok
    assert [card.level for card in told[0].issued] == ["yellow"], "as it will be on the morning of the cut-over"
    with pytest.raises(ClaimError, match="still to come"):
        take_over(office.services, read(row()), CUT)


# --- a second time ----------------------------------------------------------------------------------------------------


def test_the_same_file_a_second_time_changes_nothing() -> None:
    office = office_at()
    rows = row(受理时间="2024-06-04"), row("旧2")
    moved_in(office, *rows)
    counts = office.storage.counts(AREA)
    assert isinstance(office.clock, ManualClock)
    county.review(office, str(getattr(office.storage.case_by_number(AREA, "旧1"), "case_id", "")))
    found = examine(office.services, read(*rows), CUT)
    assert (found.fresh, found.there, found.faults) == (0, 2, ())
    assert take_over(office.services, read(*rows), CUT) == 0
    assert office.storage.counts(AREA) == {**counts, "events": counts["events"] + 1}


@pytest.mark.parametrize(
    ("before", "after", "heading"),
    [
        ({"受理时间": "2024-06-04"}, {"受理时间": "2024-06-05"}, "受理时间"),
        ({}, {"联系电话": "19911112222"}, "联系电话"),
        ({}, {"受理时间": "2024-06-05"}, "受理时间"),
        ({"受理时间": "2024-06-04"}, {"受理时间": ""}, "受理时间"),
    ],
)
def test_a_row_that_was_changed_is_a_fault_at_the_cell(
    before: dict[str, str], after: dict[str, str], heading: str
) -> None:
    office = office_at()
    found = moved_in(office, row(**before))
    changed = row(**{**before, **after})
    examination = examine(office.services, read(changed), CUT)
    assert (examination.fresh, examination.there) == (0, 0), "a row that clashes is not there already"
    (fault,) = examination.faults
    column = list(changed).index(heading)
    assert (fault.code, fault.cell, fault.severity) == ("changed", f"{chr(ord('A') + column)}2", "error")
    assert office.storage.case_by_number(AREA, "旧1") == found


def test_a_number_that_a_case_of_ours_has_is_refused_as_another_source_is() -> None:
    office = office_at()
    own = county.submit(office).number
    assert set(faults(office, row(own))) == {"number-taken"}
    moved_in(office, row())
    assert set(faults(office, row(), cut=attrs.evolve(CUT, source="别的系统"))) == {"cut-over-differs"}
    again = faults(office, row(), cut=attrs.evolve(CUT, cards_confirmed=True))
    assert {code: one.severity for code, one in again.items()} == {"cards-as-before": "warning"}


def test_a_case_of_ours_is_known_by_its_query_code_its_applicant_and_its_receipt() -> None:
    """Whoever has other words for one of them is another case, and one code for many cases is an earlier system's."""
    office = office_at()
    own = county.submit(office, at=datetime(2024, 6, 3, 9, 30, tzinfo=CHINA))
    (code,) = (code for _, code in query_codes(office.services, read(row(own.number))))
    ours = {"收件时间": "2024-06-03 09:30", "证件号码": county.ID_NUMBER, "查询码": code}
    assert set(faults(office, row(own.number, **ours))) == {"already-here"}
    assert set(faults(office, row("旧-1", **ours))) == {"already-here"}
    for other in ({"收件时间": "2024-06-03 09:31"}, {"证件号码": "护照E12345678"}, {"查询码": "QWERTY99"}):
        assert "already-here" not in faults(office, row("旧-1", **{**ours, **other}))
    moved_in(office, row("旧2", 查询码="SHARED11"))
    assert "already-here" not in faults(office, row("旧3", 查询码="SHARED11"))


def test_a_case_of_ours_is_known_without_its_query_code_and_no_other_is() -> None:
    """By item, applicant and day of receipt: with our number it is ours, under another it may be; a row of a list."""
    office = office_at()
    own = county.submit(office, at=datetime(2024, 6, 3, 9, 30, tzinfo=CHINA))
    ours = {"收件时间": "2024-06-03", "受理时间": "2024-06-05", "查询码": "FORMER-CODE"}
    for number in (own.number, f"旧-{own.number}"):
        found = faults(office, row(number, **ours))
        assert {code: one.severity for code, one in found.items()} == {"already-here": "error"}
        assert own.number in found["already-here"].message
    (perhaps,) = faults(office, row("旧-1", **ours)).values()
    assert (perhaps.code, perhaps.severity, perhaps.cell) == ("perhaps-here", "warning", "A2")
    assert own.number in perhaps.message
    for other in ({"收件时间": "2024-06-04"}, {"证件号码": "护照E12345678"}, {"事项编码": county.STAMP}):
        assert faults(office, row("旧-1", **{**ours, **other})) == {}, other
        assert set(faults(office, row(own.number, **{**ours, **other}))) == {"number-taken"}, other
    moved_in(office, row("旧-1", **ours))
    assert faults(office, row("旧-1", **ours)) == {}, "what was taken over is there, and nothing more is said of it"


def test_cases_of_an_earlier_system_are_told_apart_by_their_numbers_alone() -> None:
    """Whoever filed twice on one day there has two cases, and the second file is not doubted for the first."""
    office = office_at()
    accepted = {"受理时间": "2024-06-04"}
    moved_in(office, row("旧1", **accepted))
    assert faults(office, row("旧2", **accepted), row("新-旧1", **accepted)) == {}


def test_what_was_cut_off_between_two_commits_is_finished_by_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    office = office_at()
    monkeypatch.setattr(taking_over, "BATCH", 2)
    cases = read(*(row(f"旧{n}") for n in range(5)))

    def stop_after_four() -> Callable[[int], None]:
        done = 0

        def progress(count: int) -> None:
            nonlocal done
            done += count
            if done == 4:
                raise KeyboardInterrupt

        return progress

    with pytest.raises(KeyboardInterrupt):
        take_over(office.services, cases, CUT, progress=stop_after_four())
    assert office.storage.counts(AREA)["cases"] == 4
    assert take_over(office.services, cases, CUT) == 1
    assert office.storage.counts(AREA)["cases"] == 5 and office.verify().violations == ()


def test_two_who_take_the_same_file_over_at_once_leave_each_case_once() -> None:
    office = office_at()
    cases = read(row(), row("旧2"))
    write, taken = office.storage.write, list[int]()

    def other_first(fn: object) -> object:
        if not taken:
            taken.append(1)
            take_over(office.services, cases, CUT)
        return write(fn)  # type: ignore[arg-type]  # passed on as it came

    office.storage.write = other_first  # type: ignore[method-assign,assignment]  # stands in for the method
    with pytest.raises(ConflictError):
        take_over(office.services, cases, CUT)
    assert office.storage.counts(AREA)["cases"] == 2 and take_over(office.services, cases, CUT) == 0


# --- verify -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"acts": 3}, "not done there before the cut-over"),
        ({"cut_over": start_of(date(2024, 6, 16))}, "not dated by its cut-over"),
        ({"number": "别的"}, "not of this number"),
        ({"cards_confirmed": True}, "I9"),
    ],
)
def test_verify_tells_a_takeover_that_cannot_be(change: dict[str, Any], told: str) -> None:
    office = office_at()
    cases = read(row(收件时间="2024-05-06", 受理时间="2024-05-06"))
    take_over(office.services, cases, CUT)
    found = office.storage.case_by_number(AREA, "旧1")
    assert found is not None
    county.review(office, found.case_id)
    decided = [
        (
            attrs.evolve(one.event, **change) if isinstance(one.event, TakenOver) else one.event,
            one.at,
            one.actor,
        )
        for one in events(office, found)
    ]
    with office_at() as other:
        kept = office.storage.subject(AREA, office.case_of(found).subject)
        assert kept is not None
        planted = prepare(other.services, stream=found.case_id, before=None, head=GENESIS, decided=decided, now=NOW)
        if "cards_confirmed" in change:  # as if the cards had been left out
            planted = attrs.evolve(planted, issued=())

        def write(unit: Unit) -> None:
            unit.put_subject(kept)
            assert planted.write(unit)

        other.storage.write(write)
        violations = other.verify().violations
        assert any(told in f"{one.invariant} {one.message}" for one in violations), violations
