"""`egov deadline`: every worked deadline again, the shape of the answer, and what it says to what it cannot take."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.domain.catalogue import PauseKind

KEYS = {"due", "last_day", "provisional", "overdue_days", "ledger", "readings"}
W39 = ["--start", "2017-09-18", "--limit", "20wd", "--pause", "2017-09-28..2017-10-10"]


def call(*args: str) -> Result:
    return CliRunner().invoke(main, ["deadline", *args], env={"LC_ALL": "C.UTF-8"})


def answer(*args: str, status: int = 0) -> dict[str, Any]:
    result = call(*args, "--json")
    assert result.exit_code == status, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def last_day(*args: str) -> str | None:
    found: str | None = answer(*args)["last_day"]
    return found


def lines(shared_dir: Path, fn: str) -> list[dict[str, Any]]:
    text = (shared_dir / "domain" / "deadlines.jsonl").read_text(encoding="utf-8")
    found = [line for line in map(json.loads, text.splitlines()) if line["fn"] == fn]
    assert found, f"there is no line with {fn}"
    return found


def options_of(line: dict[str, Any]) -> list[str]:
    """The options that ask what a worked line asks."""
    match line["fn"]:
        case "working_days_before":
            return ["--start", line["end"], "--limit", f"{line['n']}wd", "--backward"]
        case "renewal":
            return ["--start", line["expiry"], "--limit", f"{line['days']}d", "--backward"]
        case "calendar_period":
            options = ["--start", line["start"], "--limit", f"{line['days']}d"]
            return [*options, "--roll"] if line["roll"] else options
        case "add_open_hours":
            return ["--start", line["start"], "--limit", f"{line['hours']}wh", "--office-hours", line["timetable"]]
    options = ["--start", line["start"], "--limit", f"{line['n']}wd"]
    if "start_rule" in line:
        options += ["--start-rule", line["start_rule"].replace("_", "-")]
    if "known_as_of" in line:
        options += ["--known-as-of", line["known_as_of"]]
    for begin, end in line.get("pauses", ()):
        options += ["--pause", f"{begin}..{end}" + (f"/{line['cap']}wd" if "cap" in line else "")]
    if "cap" in line:
        options.append("--cap")
    if "convention" in line:
        options += ["--pause-rule", {"P1": "half-open", "P2": "closed"}[line["convention"]]]
    return options


@pytest.mark.shared
@pytest.mark.parametrize(
    "fn", ["nth_working_day", "deadline_with_pauses", "calendar_period", "working_days_before", "add_open_hours"]
)
def test_every_worked_deadline_holds_at_the_command_line(shared_dir: Path, fn: str) -> None:
    for line in lines(shared_dir, fn):
        found = answer(*options_of(line))
        if fn == "add_open_hours":
            assert found["due"] == f"{line['expect']}:00+08:00", line
        else:
            assert found["last_day"] == line["expect"], line
            assert found["due"] == f"{line['expect']}T23:59:59+08:00", line
        assert found["provisional"] is line.get("provisional", False), line
        # W43: a pause beyond its declared days is said beside the result
        assert found.keys() == (KEYS | {"incidents"} if "cap" in line else KEYS)


@pytest.mark.shared
def test_the_latest_day_for_a_renewal_is_counted_back(shared_dir: Path) -> None:
    for line in lines(shared_dir, "renewal"):
        assert last_day(*options_of(line)) == line["expect_latest"]


@pytest.mark.shared
def test_an_extension_after_expiry_is_refused_beside_the_result_without_it(shared_dir: Path) -> None:
    for line in lines(shared_dir, "extend"):
        extension = ["--extend", f"{line['extra']}wd@{line['approved']}", "--as-of", line["overdue_on"]]
        found = answer(*options_of(line), *extension, status=1)
        assert found.keys() == KEYS | {"error"}
        assert found["last_day"] == line["expect"]
        assert found["overdue_days"] == line["overdue_days"]
        assert found["error"].keys() == {"code", "message", "remedy", "data"}
        assert found["error"]["code"] == "extension-refused" and found["error"]["remedy"]
        assert found["error"]["data"] == {"amount": "10wd", "approved_at": "2022-10-08T00:00:00+08:00"}


def test_the_program_itself_answers_with_one_json_object() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from egov_core.cli import main; main()", "deadline", *W39, "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["last_day"] == "2017-10-26"


def test_the_answer_has_its_keys_and_a_ledger_that_reaches_the_limit() -> None:
    found = answer(*W39)
    assert found.keys() == KEYS
    assert found["due"] == "2017-10-26T23:59:59+08:00"
    assert (found["provisional"], found["overdue_days"]) == (False, None)
    assert isinstance(found["readings"], list)
    ledger = found["ledger"]
    for line in ledger:
        assert {"counts", "reason", "total"} <= line.keys()
        assert ("day" in line) is not ("from" in line)
        assert isinstance(line["counts"], bool) and line["reason"]
        assert Decimal(line["total"]) >= 0
    assert ledger[0]["day"] == "2017-09-18" and ledger[-1]["day"] == "2017-10-26"
    assert ledger[-1]["total"] == "20" and ledger[-1]["counts"] is True
    assert [
        line["day"] for line in ledger if line["reason"] == "pause" and date.fromisoformat(line["day"]).day in (29, 30)
    ]


def test_a_ledger_in_hours_has_windows() -> None:
    found = answer("--start", "2025-09-30T16:00", "--limit", "7wh", "--office-hours", "hengyang")
    spans = [line for line in found["ledger"] if "from" in line]
    assert spans[0]["from"] == "2025-09-30T16:00:00+08:00" and spans[-1]["to"] == "2025-10-09T15:30:00+08:00"
    assert spans[-1]["total"] == "7"


def test_an_open_pause_has_no_due_time_unless_it_is_capped_at_its_declared_days() -> None:
    options = ["--start", "2018-11-05", "--limit", "20wd"]
    for pause in ("2018-11-12..", "2018-11-12../10wd"):
        found = answer(*options, "--pause", pause)
        assert (found["due"], found["last_day"], found["overdue_days"]) == (None, None, None)
        assert found["ledger"], "what was counted before the pause is shown"
    assert answer(*options, "--pause", "2018-11-12..", "--cap")["due"] is None
    assert last_day(*options, "--pause", "2018-11-12../10wd", "--cap") == "2018-12-17"


def test_overdue_days_are_told_only_for_a_given_time() -> None:
    options = ["--start", "2022-09-01", "--limit", "20wd"]
    assert answer(*options)["overdue_days"] is None
    for as_of, days in (("2022-09-30T23:59:59", 0), ("2022-10-08", 1), ("2022-10-10", 3), ("2022-09-01", 0)):
        assert answer(*options, "--as-of", as_of)["overdue_days"] == days, as_of
    natural = ["--start", "2022-09-12", "--limit", "20d"]
    assert answer(*natural, "--as-of", "2022-10-05")["overdue_days"] == 3
    assert answer("--start", "2022-09-12", "--limit", "none", "--as-of", "2022-10-05")["overdue_days"] is None
    assert "working days overdue: 3" in call(*options, "--as-of", "2022-10-10").output
    assert "natural days overdue: 3" in call(*natural, "--as-of", "2022-10-05").output


def test_an_extension_in_time_lengthens_the_limit_and_a_second_one_is_refused() -> None:
    options = ["--start", "2024-04-08", "--limit", "20wd", "--extend", "20wd@2024-05-08"]
    assert last_day(*options) == "2024-06-04"
    found = answer(*options, "--extend", "5wd@2024-05-09", status=1)
    assert found["last_day"] == "2024-06-04"
    assert found["error"]["code"] == "extension-refused" and "once" in found["error"]["message"]
    reversed_order = answer(*options[:4], "--extend", "5wd@2024-05-09", *options[4:], status=1)
    assert reversed_order["last_day"] == "2024-06-04"


@pytest.mark.parametrize("limit", ["immediate", "none", "15d", "24h"])
def test_an_extension_that_cannot_lengthen_the_limit_is_not_dropped_in_silence(limit: str) -> None:
    found = answer("--start", "2024-04-08T10:00", "--limit", limit, "--extend", "10wd@2024-04-08T11:00", status=1)
    assert found["error"]["code"] == "extension-refused"


@pytest.mark.parametrize("pause", ["2017-10-10..2017-09-28", "2017-09-28T09:00..2017-10-10", "2017-09-28../15d"])
def test_a_refused_pause_stands_beside_the_result_without_it(pause: str) -> None:
    found = answer(*W39[:4], "--pause", pause, status=1)
    assert found["last_day"] == "2017-10-20"
    assert found["error"]["code"] == "pause-refused" and found["error"]["remedy"]


def test_a_receipt_is_moved_only_where_asked() -> None:
    saturday = ["--start", "2017-09-23T10:00", "--limit", "1wd"]
    assert last_day(*saturday) == "2017-09-25"
    assert last_day(*saturday, "--receipt", "next-working-day") == "2017-09-26"
    evening = ["--start", "2017-09-22T20:00", "--limit", "1wd", "--receipt", "next-working-day"]
    assert last_day(*evening) == "2017-09-25"
    assert last_day(*evening, "--office-hours", "standard") == "2017-09-26"
    day_only = [
        "--start",
        "2017-09-22",
        "--limit",
        "1wd",
        "--receipt",
        "next-working-day",
        "--office-hours",
        "standard",
    ]
    assert last_day(*day_only) == "2017-09-25"
    exact = ["--start", "2017-09-23T10:00", "--limit", "1wd", "--start-rule", "instant"]
    assert answer(*exact)["due"] == answer(*exact, "--receipt", "next-working-day")["due"]


def test_a_receipt_before_opening_on_a_working_day_stays_where_it_is() -> None:
    early = ["--start", "2017-09-22T05:00", "--limit", "1wd", "--office-hours", "standard"]
    assert last_day(*early, "--receipt", "next-working-day") == "2017-09-25"


def test_the_start_rules_are_taken() -> None:
    options = ["--start", "2023-04-20T10:30", "--limit", "10wd"]
    assert last_day(*options) == "2023-05-06"
    assert last_day(*options, "--start-rule", "same-day") == "2023-05-05"
    assert answer(*options, "--start-rule", "instant")["due"] == "2023-05-06T10:30:00+08:00"


def test_a_period_counted_back_is_not_rolled_and_says_what_it_does_not_take() -> None:
    back = ["--start", "2024-10-01", "--limit", "30d", "--backward"]
    assert last_day(*back) == "2024-09-01"
    assert answer(*back, "--as-of", "2024-09-13")["overdue_days"] == 12
    for extra in (["--pause", "2024-09-01..2024-09-02"], ["--extend", "5d@2024-09-01"], ["--roll"]):
        found = json.loads(call(*back, *extra, "--json").stdout)
        assert extra[0] in found["error"]["message"]
    found = json.loads(call("--received", "2024-10-01", *back[2:], "--json").stdout)
    assert "--received" in found["error"]["message"]
    assert answer(*back, "--readings")["readings"] == []
    for limit in ("immediate", "7wh"):
        result = call("--start", "2024-10-01", "--limit", limit, "--backward", "--json")
        assert result.exit_code == 1 and json.loads(result.stdout)["error"]["remedy"]


def test_a_further_notice_is_read_from_a_file(tmp_path: Path) -> None:
    options = ["--start", "2026-12-21", "--limit", "20wd"]
    before = answer(*options)
    assert (before["last_day"], before["provisional"]) == ("2027-01-19", True)
    notice = tmp_path / "2027.toml"
    notice.write_text(
        'number = "invented"\ntitle = "invented"\nyear = 2027\npublished = 2026-11-05\nsource = "invented"\n'
        'rest = ["2027-01-01..2027-01-03", "2027-02-05..2027-02-11", "2027-04-03..2027-04-05",'
        ' "2027-05-01..2027-05-05",'
        ' "2027-06-09", "2027-09-15", "2027-10-01..2027-10-07"]\n'
        'work = ["2027-01-16"]\n',
        encoding="utf-8",
    )
    after = answer(*options, "--calendar", str(notice))
    assert (after["last_day"], after["provisional"]) == ("2027-01-18", False)


@pytest.mark.shared
def test_the_worked_readings_are_listed_and_only_where_asked(shared_dir: Path) -> None:
    for line in lines(shared_dir, "readings"):
        assert answer(*options_of(line), "--readings")["readings"] == line["expect"], line
        assert answer(*options_of(line))["readings"] == []


@pytest.mark.parametrize(
    "options",
    [
        W39,
        [*W39, "--cap", "--pause-rule", "closed"],
        ["--start", "2023-04-20", "--limit", "10wd", "--start-rule", "same-day"],
        ["--start", "2017-09-22T20:00", "--limit", "10wd", "--office-hours", "standard"],
        ["--start", "2017-09-23", "--limit", "10wd", "--pause", "2017-09-28..2017-10-10"],
        ["--received", "2017-06-03", "--notified", "2017-06-12", "--supplemented", "2017-06-20", "--limit", "20wd"],
    ],
)
def test_each_reading_is_what_its_option_gives(options: list[str]) -> None:
    found = answer(*options, "--readings")["readings"]
    assert found
    for one in found:
        assert one["last_day"] == last_day(*options, f"--{one['setting']}", one["value"]), one
    assert answer(*options)["last_day"] in [one["last_day"] for one in found]


def test_a_roll_is_listed_by_the_name_of_the_reading() -> None:
    options = ["--start", "2022-09-13", "--limit", "19d"]
    expected = [
        {"setting": "roll", "value": "none", "last_day": last_day(*options)},
        {"setting": "roll", "value": "after-rest", "last_day": last_day(*options, "--roll")},
    ]
    assert answer(*options, "--readings")["readings"] == expected
    assert answer(*options, "--roll", "--readings")["readings"] == expected


def test_readings_are_read_by_people_with_the_chosen_one_marked() -> None:
    said = call(*W39, "--readings").output
    assert "reading  pause-rule = half-open  2017-10-26  chosen" in said
    assert "reading  pause-rule = closed  2017-10-27\n" in said
    open_end = call("--start", "2017-09-18", "--limit", "3wd", "--pause", "2017-09-21..", "--readings").output
    assert "reading  pause-rule = closed  –" in open_end


ACCEPTANCE = KEYS | {"accepted", "deemed"}
W27 = ["--received", "2016-05-03", "--limit", "20wd", "--notified", "2016-05-06"]


@pytest.mark.shared
def test_the_worked_deemed_acceptance_holds(shared_dir: Path) -> None:
    for line in lines(shared_dir, "deemed_acceptance"):
        options = ["--received", line["received"], "--notified", line["notice"], "--limit", f"{line['n']}wd"]
        found = answer(*options, "--supplemented", line["supplemented"])
        assert found.keys() == ACCEPTANCE
        assert (found["accepted"], found["deemed"]) == (line["expect_accept"], True)
        assert found["last_day"] == line["expect"]
        assert answer(*options)["last_day"] == line["expect"], "a late notice needs no supplement"


def test_a_notice_in_time_lets_the_limit_wait_for_the_supplements() -> None:
    waiting = answer(*W27)
    assert waiting.keys() == ACCEPTANCE
    assert (waiting["due"], waiting["last_day"], waiting["ledger"]) == (None, None, [])
    assert (waiting["accepted"], waiting["deemed"]) == (None, False)
    found = answer(*W27, "--supplemented", "2016-05-16")
    assert (found["accepted"], found["deemed"], found["last_day"]) == ("2016-05-16", False, "2016-06-14")
    assert found["ledger"][0]["day"] == "2016-05-16"
    extended = answer(*W27, "--extend", "5wd@2016-05-09", status=1)
    assert extended["error"]["code"] == "extension-refused" and "not accepted" in extended["error"]["message"]
    assert "not yet accepted" in call(*W27).output
    assert "accepted: 2016-05-16" in call(*W27, "--supplemented", "2016-05-16").output


def test_without_a_notice_the_application_is_deemed_accepted_on_receipt() -> None:
    found = answer("--received", "2021-04-22T15:00", "--limit", "20wd")
    assert (found["accepted"], found["deemed"], found["last_day"]) == ("2021-04-22", True, "2021-05-21")
    assert "deemed accepted" in call("--received", "2021-04-22", "--limit", "20wd").output


def test_a_notice_on_the_day_of_the_receipt_is_not_before_it() -> None:
    options = ["--received", "2016-05-03T15:00", "--limit", "20wd", "--notified", "2016-05-03"]
    assert answer(*options, "--supplemented", "2016-05-03")["accepted"] == "2016-05-03"
    found = answer(*options[:-1], "2016-05-03T14:59", status=1)
    assert found["error"]["code"] == "acceptance" and found["error"]["remedy"]
    found = answer(*W27, "--supplemented", "2016-05-05", status=1)
    assert found["error"]["code"] == "acceptance"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--received"),
        (["--start", "2016-05-03", "--received", "2016-05-03"], "not with both"),
        (["--start", "2016-05-03", "--notified", "2016-05-03"], "belong to --received"),
        (["--start", "2016-05-03", "--supplemented", "2016-05-03"], "belong to --received"),
    ],
)
def test_a_limit_begins_in_one_way(options: list[str], words: str) -> None:
    result = call(*options, "--limit", "20wd", "--json")
    assert result.exit_code == 2 and words in result.stderr


def test_what_was_known_on_a_day_decides() -> None:
    options = ["--start", "2019-03-18", "--limit", "32wd"]
    assert last_day(*options, "--known-as-of", "2019-03-18") == "2019-05-03"
    assert last_day(*options) == "2019-05-05"


def test_people_read_words_and_chinese_ones_where_the_locale_is_chinese() -> None:
    assert "last day: 2017-10-26" in call(*W39).output
    chinese = CliRunner().invoke(main, ["deadline", *W39], env={"LC_ALL": "zh_CN.UTF-8"})
    assert "最后一日: 2017-10-26" in chinese.output
    refused = call(*W39, "--extend", "5wd@2018-03-01")
    assert refused.exit_code == 1 and "what to do" in refused.stderr


@pytest.mark.parametrize(
    ("options", "form"),
    [
        (["--start", "22.4.2016"], "2016-04-22"),
        (["--start", "20160422"], "2016-04-22"),
        (["--start", "2016-W16-5"], "2016-04-22"),
        (["--start", "2016-13-01"], "2016-04-22"),
        (["--start", "0001-01-01T00:00:00+14:00"], "2016-04-22"),
        (["--start", "2024-02-30"], "there is no day 2024-02-30"),
        (["--start", "2024-13-01"], "there is no day 2024-13-01"),
        (["--start", "2024-02-30T09:00"], "there is no day 2024-02-30"),
        (["--start", "2024-02-28T25:00"], "there is no time 25:00"),
        (["--pause", "2017-09-28..2017-09-31"], "there is no day 2017-09-31"),
        (["--known-as-of", "2017-02-29"], "there is no day 2017-02-29"),
        (["--limit", "twenty"], "20wd"),
        (["--limit", "0.3333333333333333333333333wd"], "too many digits"),
        (["--limit", "二十日"], "20个工作日"),
        (["--limit", "20个工作日（可延长10个工作日）"], "20wd"),
        (["--limit", "20 working days"], "20wd"),
        (["--pause", "2017-09-28"], "A..B"),
        (["--pause", "2017-09-28..x"], "A..B"),
        (["--pause", "2017-09-28..2017-10-10/"], "20wd"),
        (["--pause", "2017-09-28..2017-10-10/none"], "10wd"),
        (["--extend", "10wd"], "10wd@2016-09-20"),
        (["--start-rule", "whenever"], "next-day"),
        (["--pause-rule", "both"], "half-open"),
        (["--receipt", "later"], "next-working-day"),
        (["--known-as-of", "2017"], "2016-04-22"),
        (["--as-of", "now"], "2016-04-22"),
    ],
)
def test_a_wrong_form_is_refused_with_the_one_that_is_taken(options: list[str], form: str) -> None:
    given = {"--start": "2017-09-18", "--limit": "20wd"}
    given.update({options[0]: options[1]})
    result = call(*[part for pair in given.items() for part in pair], "--json")
    assert result.exit_code == 2, result.output
    assert form in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--start", "1999-01-01", "--limit", "20wd"], "calendar-range"),
        (["--start", "2040-12-30", "--limit", "20wd"], "calendar-range"),
        (["--start", "9999-12-31", "--limit", "15d"], "calendar-range"),
        (["--start", "0005-01-01", "--limit", "10y", "--backward"], "calendar-range"),
        (["--start", "2017-09-18", "--limit", "20wd", "--pause", "9999-12-31.."], "calendar-range"),
        (["--start", "2017-09-18", "--limit", "20wd", "--office-hours", "nowhere"], "unknown"),
        (["--start", "2017-09-18", "--limit", "20wd", "--office-hours", "nowhere.toml"], "calendar-data"),
        (["--start", "2017-09-18", "--limit", "20wd", "--calendar", "nowhere.toml"], "calendar-data"),
        (["--start", "2017-09-18", "--limit", "7wh", "--start-rule", "same-day"], "period"),
    ],
)
def test_what_cannot_be_computed_is_one_error_with_a_remedy(options: list[str], code: str) -> None:
    result = call(*options, "--json")
    assert result.exit_code == 1, result.output
    error = json.loads(result.stdout)["error"]
    assert error["code"] == code and error["message"] and error["remedy"]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("20个工作日", "20wd"),
        ("二十个工作日", "20wd"),
        ("２０wd", "20wd"),
        ("２０个工作日", "20wd"),
        ("15个自然日", "15d"),
        ("即办", "immediate"),
    ],
)
def test_a_limit_is_read_as_offices_write_it(written: str, plain: str) -> None:
    asked = ("--start", "2017-09-18", "--json", "--limit")
    assert call(*asked, written).stdout == call(*asked, plain).stdout


def test_the_first_day_that_can_be_known_is_said() -> None:
    asked = ("--start", "2017-09-18", "--limit", "20wd", "--json", "--known-as-of")
    error = json.loads(call(*asked, "2001-01-01").stdout)["error"]
    [first] = re.findall(r"\d{4}-\d{2}-\d{2}", error["remedy"])
    assert call(*asked, first).exit_code == 0
    assert call(*asked, str(date.fromisoformat(first) - timedelta(days=1))).exit_code == 1


def test_a_kind_that_no_pause_has_is_refused_with_those_there_are() -> None:
    asked = ("--start", "2017-09-18", "--limit", "20wd", "--pause", "2017-09-28..2017-10-10@hearing", "--json")
    error = json.loads(call(*asked).stdout)["error"]
    assert error["message"] == "the pause 2017-09-28..2017-10-10@hearing is of no known kind: hearing"
    assert all(error["remedy"].count(kind.value) == 1 for kind in PauseKind)
    assert "local-pauses" in error["remedy"]


def test_a_period_counted_back_is_explained_day_by_day() -> None:
    result = CliRunner().invoke(main, ["deadline", "--start", "2024-10-01", "--limit", "30wd", "--backward", "--json"])
    answer = json.loads(result.output)
    counted = [line for line in answer["ledger"] if line["counts"]]
    assert answer["last_day"] == counted[-1]["day"] == "2024-08-20"
    assert [line["total"] for line in counted] == [str(number) for number in range(1, 31)]
