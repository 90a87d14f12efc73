"""A file of open cases is read cell by cell, and everything that is wrong with it is named at once."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, datetime

import pytest

from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.cells import CellFault
from egov_core.domain.codes.check_digits import resident_number_check
from egov_core.domain.legal import CHINA
from egov_core.domain.people import Personal
from egov_core.sheets.grid_watch import address
from egov_core.sheets.open_cases.cell_values import read_days, read_former_limit, read_list, read_when
from egov_core.sheets.open_cases.columns import COLUMNS, GROUPS, MAIN, STATES, key_of
from egov_core.sheets.open_cases.files import read_sheets
from egov_core.sheets.open_cases.reading import OpenCases, read_open_cases
from egov_core.sheets.open_cases.standing import OPEN, is_over
from egov_core.sheets.open_cases.template import template

HEADINGS = ["原办件编号", "事项编码", "收件时间", "申请人", "证件号码"]
GOOD = ["A1", "licence", "2024-06-03 15:00", "周小满", "990121199001011236"]


def read(*rows: list[str], headings: list[str] = HEADINGS, **sheets: list[list[str]]) -> OpenCases:
    return read_open_cases({MAIN: [headings, *rows], **sheets})


def told(found: OpenCases) -> list[tuple[str, str, str]]:
    return [(one.sheet, one.cell, one.code) for one in found.faults]


# --- cells ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-06-03", "2024-06-03T00:00:00"),
        ("2024-6-3", "2024-06-03T00:00:00"),
        ("2024/06/03 9:30", "2024-06-03T09:30:00"),
        ("2024.6.3", "2024-06-03T00:00:00"),
        ("２０２４年６月３日", "2024-06-03T00:00:00"),
        ("2024年6月3日 15:30:45", "2024-06-03T15:30:45"),
        ("2024-06-03T15:30:45.123", "2024-06-03T15:30:45"),
        ("2024-06-03 00:00:00", "2024-06-03T00:00:00"),
    ],
)
def test_times_are_read_as_they_are_written(text: str, at: str) -> None:
    found = read_when(text)
    assert not isinstance(found, str)
    assert found.at == datetime.fromisoformat(at).replace(tzinfo=CHINA)
    assert found.is_day is at.endswith("00:00:00")


@pytest.mark.parametrize("text", ["2024-02-30", "2024-06-03 25:00", "3.6.2024", "六月三日", "45446", "2024-06/03"])
def test_what_is_no_time_is_refused_in_words(text: str) -> None:
    assert isinstance(read_when(text), str)


@pytest.mark.parametrize(
    ("text", "said"), [("10", "10wd"), ("10.0", "10wd"), ("10wd", "10wd"), ("10个工作日", "10wd"), ("15自然日", "15d")]
)
def test_a_bare_number_of_days_is_working_days(text: str, said: str) -> None:
    assert str(read_days(text)) == said


@pytest.mark.parametrize("text", ["0", "十几天", "10天", "即办", "-3", "1.5"])
def test_days_that_are_none_are_refused(text: str) -> None:
    assert isinstance(read_days(text), str)


def test_limits_of_the_earlier_system_are_read_with_none_for_no_promise() -> None:
    said = [str(read_former_limit(text)) for text in ("20个工作日", "20wd", "无", "即办", "24小时")]
    assert said == ["20wd", "20wd", "none", "immediate", "24h"]
    assert "limit" not in str(read_former_limit("20天")) and isinstance(read_former_limit("20天"), str)


def test_lists_are_parted_by_semicolons() -> None:
    assert read_list("申请表；平面图; 章程、\n照片") == ("申请表", "平面图", "章程", "照片")


def test_cells_are_named_as_spreadsheets_name_them() -> None:
    assert [address(1, n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A1", "Z1", "AA1", "AZ1", "BA1", "ZZ1", "AAA1"]


# --- headings ---------------------------------------------------------------------------------------------------------


def test_every_heading_has_its_key_and_no_two_share_one() -> None:
    assert {key_of(one.heading) for one in COLUMNS} == {one.key for one in COLUMNS}
    assert len({one.heading for one in COLUMNS}) == len(COLUMNS)
    assert key_of(" * 原办件\n编号 ") == "number"
    assert (key_of("特别程序2开始时间"), key_of("补正告知时间")) == ("特别程序.2.start", "补正.1.notified")
    assert key_of("特别程序2没有") == key_of("备注") == ""


def test_a_total_is_no_case_and_is_said() -> None:
    found = read(GOOD, ["", "合计", "", "1"], ["小计：1"], 补正=[["原办件编号", "文书号"], ["合计", "0"]])
    assert told(found) == [(MAIN, "B3", "total-row"), (MAIN, "A4", "total-row"), ("补正", "A2", "total-row")]
    assert found.rows == len(found.cases) == 1 and not any(one.is_error for one in found.faults)


def test_a_cell_that_cannot_be_read_has_one_fault_and_its_case_is_not_given() -> None:
    broken = CellFault(sheet=MAIN, cell="D2", severity="error", code="formula", message="m")
    found = read_open_cases({MAIN: [HEADINGS, [*GOOD[:3], "", GOOD[4]], ["A2", *GOOD[1:]]]}, unreadable=[broken])
    assert found.faults == (broken,) and [one.number for one in found.cases] == ["A2"]


def test_a_file_without_the_headings_says_so_once() -> None:
    found = read_open_cases({"表1": [["编号", "名称"], ["1", "x"]]})
    assert told(found) == [("表1", "A1", "headings-missing")] and found.cases == ()
    found = read(["A1"], headings=["原办件编号"])
    assert [code for *_, code in told(found)] == ["column-missing"]
    assert "收件时间" in found.faults[0].message


def test_titles_above_the_headings_empty_rows_and_other_sheets_do_no_harm() -> None:
    sheets = {"说明": [["随便写"]], "迁入": [["在办件迁入表"], [], HEADINGS, [], GOOD, ["", ""], []]}
    found = read_open_cases(sheets)
    assert found.faults == () and found.rows == 1
    assert found.cases[0].cell("received").ref == "C5"


def test_unknown_and_repeated_columns_are_told() -> None:
    found = read([*GOOD, "x", "窗口", "窗口"], headings=[*HEADINGS, "备注", "申请渠道", "申请渠道"])
    assert told(found) == [(MAIN, "F1", "column-unknown"), (MAIN, "H1", "column-twice")]
    found = read([*GOOD, "x"])
    assert told(found) == [(MAIN, "F2", "no-heading")]


# --- rows -------------------------------------------------------------------------------------------------------------


def test_everything_that_is_wrong_is_told_at_once_with_its_cell() -> None:
    headings = [*HEADINGS, "受理时间", "承诺期限", "申请渠道", "补正1告知时间", "补正1文书号"]
    found = read(
        GOOD,
        ["A2", "", "前天", "", "E12345678", "2024-6-31", "20天", "电话", "2024-06-05", ""],
        ["A1", "licence", "2024-06-03", "甲", "E12345678"],
        headings=headings,
    )
    assert sorted(told(found)) == sorted([
        (MAIN, "B3", "empty"),
        (MAIN, "C3", "time"),
        (MAIN, "D3", "empty"),
        (MAIN, "F3", "time"),
        (MAIN, "G3", "limit"),
        (MAIN, "H3", "unknown"),
        (MAIN, "J3", "empty"),
        (MAIN, "A3", "empty"),  # 缺少材料 has no column, so it is told at the number
        (MAIN, "A4", "number-twice"),
    ])  # fmt: skip
    assert [case.number for case in found.cases] == ["A1"] and found.rows == 3


@pytest.mark.parametrize(
    ("number", "kind", "is_doubtful"),
    [
        ("990121199001011236", "", False),
        ("99012119900101123６", "个人", False),  # a full-width digit is a digit
        ("990121199001011235", "", True),
        ("99012119900101123", "", True),
        ("990121 199001011236", "", True),
        ("E12345678", "", False),  # a passport
        ("12345678", "", False),  # a permit for residents of Taiwan
        ("11430499MB0L074471", "单位", False),
        ("11430499MB0L074471", "", False),
        ("11430499MB0L074472", "单位", True),
        ("430499000001234", "单位", True),  # 注册号 of earlier days
        ("11430499MB0L074472", "", True),
    ],
)
def test_an_identity_number_with_a_slip_is_a_warning(number: str, kind: str, is_doubtful: bool) -> None:
    found = read([*GOOD[:4], number, kind], headings=[*HEADINGS, "申请人类型"])
    assert told(found) == ([(MAIN, "E2", "id-doubtful")] if is_doubtful else [])
    assert len(found.cases) == 1 and all(not one.is_error and number not in one.message for one in found.faults)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("9.90199E+17", ""),
        ("9.9019919900101E+17", ""),
        ("9.901991990010101e+17", ""),  # as programs write it
        ("9.90199199E17", "单位"),
        ("９．９０１９９Ｅ＋１７", ""),
        ("990121199001011000", ""),  # fifteen digits, and noughts
        ("990121199001011000", "单位"),
    ],
)
def test_an_identity_number_that_a_spreadsheet_has_rounded_is_an_error(number: str, kind: str) -> None:
    found = read([*GOOD[:4], number, kind], headings=[*HEADINGS, "申请人类型"])
    assert told(found) == [(MAIN, "E2", "number-rounded")] and not found.cases
    assert found.faults[0].is_error and number not in found.faults[0].message


def test_a_rounded_number_is_refused_in_a_file_and_in_the_column_of_phones_too() -> None:
    lines = [[*HEADINGS, "联系电话"], [*GOOD[:4], "9.90199E+17", "1.39E+10"]]
    text = "\n".join(",".join(line) for line in lines)
    sheets, unreadable = read_sheets(text.encode(), name="a.csv")
    found = read_open_cases(sheets, source="a.csv", unreadable=unreadable)
    assert [(one.cell, one.code) for one in found.faults] == [("E2", "number-rounded"), ("F2", "number-rounded")]
    assert not found.cases
    by_hand = read([*GOOD, "1.39E+10"], headings=[*HEADINGS, "联系电话"])
    assert told(by_hand) == [(MAIN, "F2", "number-rounded")] and not by_hand.cases


def test_a_number_with_the_right_check_digit_may_end_in_noughts() -> None:
    days = (f"9901211990{month:02}01" for month in range(1, 13))
    number = next(f"{day}1000" for day in days if resident_number_check(f"{day}100") == "0")
    assert told(read([*GOOD[:4], number])) == []


def test_a_word_in_place_of_a_number_is_a_warning() -> None:
    found = read([*GOOD[:4], "无"])
    assert told(found) == [(MAIN, "E2", "id-doubtful")] and len(found.cases) == 1


def test_full_width_numbers_are_kept_with_the_signs_that_were_meant() -> None:
    row = [*GOOD[:4], "９９０１２１１９９００１０１１２３６", "１３９００００００００", "ａｂ２３４５６"]
    (case,) = read(row, headings=[*HEADINGS, "联系电话", "查询码"]).cases
    applicant = case.applicant
    assert (applicant.id_number, applicant.phone) == (Personal(GOOD[4]), Personal("13900000000"))
    assert case.query_code == "AB23456"


@pytest.mark.parametrize(
    ("at", "is_error"), [(0, True), (1, True), (3, False), (4, True)], ids=["number", "item", "name", "identity number"]
)
def test_a_sign_that_nobody_sees_is_an_error_in_a_code_and_a_warning_in_a_name(at: int, is_error: bool) -> None:
    row = [f"{text}\u200b" if column == at else text for column, text in enumerate(GOOD)]
    text = "\n".join(",".join(line) for line in (HEADINGS, row))
    sheets, unreadable = read_sheets(text.encode(), name="a.csv")
    found = read_open_cases(sheets, source="a.csv", unreadable=unreadable)
    assert [(one.cell, one.code, one.is_error) for one in found.faults] == [
        (address(2, at), "unseen-character", is_error)
    ]
    assert len(found.cases) == (not is_error)


@pytest.mark.parametrize("name", ["=A1", "+周小满", "－周小满", "@x"])
def test_a_name_that_was_a_formula_is_a_warning(name: str) -> None:
    found = read([*GOOD[:3], name, GOOD[4]])
    assert told(found) == [(MAIN, "D2", "name-doubtful")] and len(found.cases) == 1
    assert not found.faults[0].is_error and name not in found.faults[0].message


def test_no_message_repeats_a_personal_value() -> None:
    headings = [*HEADINGS, "联系电话", "查询码", "申请人类型"]
    row = ["A1", "licence", "坏", "欧阳秘密", "990121199001019999", "19987654321", "SECRET99", "别的"]
    found = read(row, ["A2", "licence", "坏", "欧阳秘密", "990121199001019999"], headings=headings)
    words = " ".join(f"{one.message} {one.remedy}" for one in found.faults)
    assert len(found.faults) == 5
    assert not any(secret in words for secret in ("欧阳秘密", "990121199001019999", "19987654321", "SECRET99"))
    assert "欧阳秘密" not in repr(read([*GOOD[:3], "欧阳秘密", "990121199001019999"]).cases)


def test_acts_stand_in_the_order_in_which_they_were_done() -> None:
    headings = [*HEADINGS, "受理时间", "审核时间", *(f"特别程序{n}{x}" for n in (1, 2) for x in PROCEDURE)]
    first = ["听证", "特1", "5", "2024-06-05", "2024-06-07"]
    second = ["检测", "特2", "10", "2024-06-07", ""]
    found = read([*GOOD, "2024-06-03", "2024-06-12 10:00", *first, *second], headings=headings)
    (case,) = found.cases
    assert [(type(one.command).__name__, one.at.isoformat()[5:16]) for one in case.acts] == [
        ("Accept", "06-03T15:00"),  # on the day of the receipt at 15:00, not at midnight before it
        ("Pause", "06-05T00:00"),
        ("Resume", "06-07T00:00"),
        ("Pause", "06-07T00:00"),
        ("Review", "06-12T10:00"),
    ]
    pause = case.acts[3].command
    assert isinstance(pause, c.Pause) and (pause.kind, str(pause.declared)) == (PauseKind.TESTING, "10wd")
    assert case.acts[3].cell.ref == "P2"


PROCEDURE = ("种类", "文书号", "告知天数", "开始时间", "结束时间")


def test_procedures_and_corrections_may_have_sheets_of_their_own() -> None:
    heads = ["原办件编号", *PROCEDURE]
    rows = [
        heads,
        ["A1", "听证", "特1", "5", "2024-06-05", "2024-06-07"],
        ["A1", "听证", "特2", "5", "2024-06-11", ""],
        ["Z9", "听证", "特3", "5", "2024-06-11", ""],
        ["A1", "不知道", "", "x", "2024-06-12", "2024-06-11"],
    ]
    asked = [["原办件编号", "告知时间", "文书号", "缺少材料", "期限"], ["A1", "2024-06-04", "补1", "平面图", "15"]]
    found = read(GOOD, 特别程序=rows[:3], 补正=asked)
    assert found.faults == ()
    assert Counter(type(one.command).__name__ for one in found.cases[0].acts) == {
        "Pause": 2,
        "Resume": 1,
        "RequestCorrection": 1,
    }
    found = read(GOOD, 特别程序=rows, 补正=asked)
    assert told(found) == [("特别程序", "A4", "case-unknown"), ("特别程序", "C5", "empty")]
    found = read(GOOD, 特别程序=[heads, ["A1", "不知道", "特", "x", "2024-06-12", "2024-06-11"]])
    assert told(found) == [
        ("特别程序", "B2", "kind-unknown"),
        ("特别程序", "D2", "days"),
        ("特别程序", "F2", "order"),
    ]


def test_half_of_what_belongs_together_is_a_fault() -> None:
    headings = [*HEADINGS, "审核意见", "延期天数", "上级办理情况", "准予时间"]
    found = read([*GOOD, "同意", "5", "已收件", "2024-06-12"], headings=headings)
    assert all(one.code == "empty" for one in found.faults) and len(found.faults) == 4
    assert all(isinstance(one, CellFault) and one.severity == "error" for one in found.faults)


def test_a_renewal_and_a_state_are_read() -> None:
    headings = [*HEADINGS, "原许可有效期至", "当前状态", "申请渠道", "申请人类型"]
    (case,) = read([*GOOD, "2024-08-01", "待受理", "网上", "单位"], headings=headings).cases
    assert (case.renews, case.state, case.channel) == (date(2024, 8, 1), "submitted", "online")
    assert case.applicant.is_organisation


def test_a_word_that_nobody_knows_is_an_error_that_says_which_words_are_known() -> None:
    found = read([*GOOD, "不明"], ["A2", *GOOD[1:], "办理中"], headings=[*HEADINGS, "当前状态"])
    (fault,) = found.faults
    assert (fault.cell, fault.code, fault.severity) == ("F2", "state-unknown", "error")
    assert all(word in fault.remedy for word in (*STATES, "办理中", "delete the row"))
    assert [(one.number, one.state) for one in found.cases] == [("A2", "")]


@pytest.mark.parametrize(
    "state",
    [
        "已办结",
        "办结",
        "不予许可",
        "退件",
        "已退件",
        "撤回",
        "作废",
        "终止",
        "已送达",
        "办结（不予许可）",
        " 已 办结 ",
        "不予受理-办结",
    ],
)
def test_a_case_that_is_over_is_an_error_at_its_cell_and_never_taken_in(state: str) -> None:
    found = read([*GOOD, state], ["A2", *GOOD[1:], "待受理"], headings=[*HEADINGS, "当前状态"])
    (fault,) = found.faults
    assert (fault.cell, fault.code, fault.severity) == ("F2", "case-over", "error")
    assert "delete the row" in fault.remedy
    assert [one.number for one in found.cases] == ["A2"]


def test_a_time_of_an_end_says_that_the_case_is_over_and_an_empty_one_does_not() -> None:
    headings = [*HEADINGS, "当前状态", "办结时间", "*送达日期"]
    found = read(
        [*GOOD, "已受理", "2024-06-12", ""],
        ["A2", *GOOD[1:], "待受理", "", "2024-06-12"],
        ["A3", *GOOD[1:], "待受理", "", "-"],
        headings=headings,
    )
    assert told(found) == [(MAIN, "G2", "case-over"), (MAIN, "H3", "case-over")]
    assert [one.number for one in found.cases] == ["A3"]


@pytest.mark.parametrize("state", [*STATES, *OPEN])
def test_no_word_of_an_open_case_says_that_it_is_over(state: str) -> None:
    assert not is_over(state)


# --- the template -----------------------------------------------------------------------------------------------------


def test_the_template_has_every_column_and_is_read_without_a_fault() -> None:
    (headings,) = csv.reader(io.StringIO(template(".csv").decode("utf-8-sig")))
    assert all(key_of(heading) for heading in headings)
    assert len(headings) == len(COLUMNS) + sum(map(len, GROUPS.values()))
    filled = dict(zip(HEADINGS, GOOD, strict=True))
    found = read_open_cases({"": [headings, [filled.get(name, "") for name in headings]]})
    assert found.faults == () and len(found.cases) == 1
