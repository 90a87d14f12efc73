"""`egov deadline`: every option of the contract with the others, what is refused, and what must not go unsaid."""

from __future__ import annotations

import itertools
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.cli.times import PAUSE_KINDS

KEYS = {"due", "last_day", "provisional", "overdue_days", "ledger", "readings"}
CASE = ["--start", "2017-09-18", "--limit", "20wd"]  # ends on 2017-10-20
PAUSED = [*CASE, "--pause", "2017-09-28..2017-10-10"]  # (start, end] takes out four working days


def call(*args: str, locale: str = "C.UTF-8") -> Result:
    return CliRunner().invoke(main, ["deadline", *args], env={"LC_ALL": locale})


def answer(*args: str, status: int = 0) -> dict[str, Any]:
    result = call(*args, "--json")
    assert result.exit_code == status, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def last_day(*args: str) -> Any:
    return answer(*args)["last_day"]


def codes(*args: str, status: int = 0) -> list[str]:
    return [one["code"] for one in answer(*args, status=status).get("incidents", [])]


# -- pauses ------------------------------------------------------------------------------------------------------------


def test_several_pauses_are_joined_where_they_overlap() -> None:
    first, second = "2017-09-25..2017-09-27", "2017-09-26..2017-09-29"
    assert last_day(*CASE, "--pause", first) == "2017-10-24"  # 26, 27
    assert last_day(*CASE, "--pause", first, "--pause", second) == "2017-10-26"  # 26 … 29, and not 27 twice
    assert last_day(*CASE, "--pause", second, "--pause", first) == "2017-10-26"
    assert last_day(*CASE, "--pause", first, "--pause", first) == "2017-10-24"


def test_dates_and_times_are_taken_beside_each_other() -> None:
    by_times = "2017-09-25T09:00..2017-09-25T17:00"
    assert last_day(*CASE, "--pause", by_times) == "2017-10-23"
    assert last_day(*CASE, "--pause", by_times, "--pause", "2017-09-28..2017-10-10") == "2017-10-27"


def test_a_pause_is_taken_as_given_and_needs_no_notice() -> None:
    """Whether there was one is asked where a case is paused, not where somebody reckons."""
    assert "error" not in answer(*PAUSED)


def test_a_kind_of_pause_is_named_in_the_ledger() -> None:
    found = answer(*CASE, "--pause", "2017-09-28..2017-10-10/4wd@检测")
    sources = {line["source"] for line in found["ledger"] if line["reason"] == "pause"}
    assert sources == {"检测 《中华人民共和国行政许可法》第四十五条"}
    assert found["last_day"] == "2017-10-26"


@pytest.mark.parametrize("kind", PAUSE_KINDS)
def test_the_eight_kinds_and_publicity_are_known(kind: str) -> None:
    assert last_day(*CASE, "--pause", f"2017-09-28..2017-10-10@{kind}") == "2017-10-26"


def test_a_kind_that_no_law_knows_is_refused_beside_the_result() -> None:
    found = answer(*CASE, "--pause", "2017-09-28..2017-10-10@午休", status=1)
    assert (found["last_day"], found["error"]["code"]) == ("2017-10-20", "pause-refused")
    assert "公示" in found["error"]["remedy"] and found["error"]["data"]["pause"].endswith("@午休")


def test_publicity_counts_or_not_by_its_own_setting() -> None:
    """W45: the national list does not name 公示."""
    options = ["--start", "2020-09-16", "--limit", "20wd", "--pause", "2020-09-21..2020-09-30@公示"]
    assert last_day(*options) == "2020-10-30"
    assert last_day(*options, "--pause-kind", "counted") == "2020-10-20"
    expected = [
        {"setting": "pause-kind", "value": "counted", "last_day": "2020-10-20"},
        {"setting": "pause-kind", "value": "not-counted", "last_day": "2020-10-30"},
    ]
    for chosen in ("counted", "not-counted"):
        found = answer(*options, "--pause-kind", chosen, "--readings")
        assert [one for one in found["readings"] if one["setting"] == "pause-kind"] == expected
        told = next(one for one in found["choices"] if one["setting"] == "pause-kind")
        assert (told["value"], told["by"], told["name"]) == (chosen, "option", "--pause-kind")


def test_credit_is_capped_and_what_lies_beyond_is_said() -> None:
    """W43: ten days were declared, fourteen used."""
    options = ["--start", "2018-11-05", "--limit", "20wd", "--pause", "2018-11-12..2018-11-30/10wd"]
    found = answer(*options, "--cap")
    assert found["last_day"] == "2018-12-17"
    [told] = found["incidents"]
    assert told.keys() == {"code", "message", "remedy", "data"} and told["remedy"]
    assert told["code"] == "pause-past-cap"
    assert told["data"] == {
        "from": "2018-11-12T00:00:00+08:00",
        "to": "2018-11-30T00:00:00+08:00",
        "declared": "10wd",
        "declared_until": "2018-11-27T00:00:00+08:00",
    }
    beyond = [line["day"] for line in found["ledger"] if line["reason"] == "pause-over"]
    assert beyond == ["2018-11-27", "2018-11-28", "2018-11-29", "2018-11-30"]
    assert all(line["counts"] for line in found["ledger"] if line["reason"] == "pause-over")
    uncapped = answer(*options)
    assert (uncapped["last_day"], uncapped["incidents"][0]["code"]) == ("2018-12-21", "pause-past-declared")
    assert not [line for line in uncapped["ledger"] if line["reason"] == "pause-over"]


def test_a_pause_within_its_declared_days_has_nothing_to_say() -> None:
    options = ["--start", "2018-11-05", "--limit", "20wd"]
    for pause in ("2018-11-12..2018-11-26/10wd", "2018-11-12..2018-11-25/10wd", "2018-11-12..2018-11-30"):
        assert codes(*options, "--pause", pause, "--cap") == [], pause
    # declared until Friday, ended on Sunday: no working day beyond
    assert codes(*options, "--pause", "2018-11-12..2018-11-18/4wd", "--cap") == []
    assert codes(*options, "--pause", "2018-11-12..2018-11-19/4wd", "--cap") == ["pause-past-cap"]


def test_an_open_pause_past_its_declared_days_is_said_for_the_day_of_asking() -> None:
    options = ["--start", "2018-11-05", "--limit", "20wd", "--pause", "2018-11-12../10wd", "--cap"]
    assert codes(*options) == []
    assert codes(*options, "--as-of", "2018-11-26") == []
    assert codes(*options, "--as-of", "2018-11-27") == ["pause-past-cap"]


def test_an_open_pause_and_no_limit_are_said_and_never_silent() -> None:
    found = answer(*CASE, "--pause", "2017-09-28..")
    assert (found["due"], found["incidents"][0]["code"]) == (None, "paused")
    assert found["incidents"][0]["data"] == {"from": "2017-09-28T00:00:00+08:00"}
    assert codes(*CASE, "--pause", "2018-09-28..") == [], "it began when the limit was used up"
    found = answer("--start", "2017-09-18", "--limit", "none")
    assert (found["due"], found["last_day"], found["ledger"]) == (None, None, [])
    assert (found["incidents"][0]["code"], found["incidents"][0]["data"]) == ("no-limit", {"limit": "none"})
    assert "note [no-limit]" in call("--start", "2017-09-18", "--limit", "none").output


def test_both_pause_rules_agree_where_nothing_is_paused() -> None:
    assert last_day(*CASE, "--pause-rule", "closed") == last_day(*CASE)


# -- extensions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "limit", "more", "due", "extended"),
    [
        ("2022-09-01", "20wd", "10wd", "2022-09-30T23:59:59", "2022-10-19"),
        ("2022-09-01T09:00", "7wh", "7wh", "2022-09-01T17:00:00", "2022-09-02"),
        ("2022-09-01T09:00", "24h", "24h", "2022-09-02T09:00:00", "2022-09-03"),
        ("2022-09-01", "15d", "15d", "2022-09-16T23:59:59", "2022-10-01"),
        ("2022-01-31", "1m", "1m", "2022-02-28T23:59:59", "2022-03-31"),
        ("2022-01-31", "1y", "1y", "2023-01-31T23:59:59", "2024-01-31"),
    ],
)
def test_an_extension_is_approved_at_the_last_second_and_not_one_later(
    start: str, limit: str, more: str, due: str, extended: str
) -> None:
    options = ["--start", start, "--limit", limit]
    plain = answer(*options)
    assert plain["due"] == f"{due}+08:00"
    assert last_day(*options, "--extend", f"{more}@{due}") == extended
    day, hour, second = due[:11], due[11:17], int(due[17:])
    later = (
        f"{day}{hour}{second + 1:02d}" if second < 59 else f"{date.fromisoformat(due[:10]) + timedelta(days=1)}T00:00"
    )
    found = answer(*options, "--extend", f"{more}@{later}", status=1)
    assert (found["due"], found["error"]["code"]) == (plain["due"], "extension-refused")
    assert found["error"]["data"]["amount"] == more and found["error"]["remedy"]


def test_the_first_of_two_extensions_holds_and_the_other_is_named() -> None:
    options = [*CASE, "--extend", "10wd@2017-10-09", "--extend", "5wd@2017-10-10"]
    found = answer(*options, status=1)
    assert found["last_day"] == last_day(*CASE, "--extend", "10wd@2017-10-09")
    assert found["error"]["data"] == {"amount": "5wd", "approved_at": "2017-10-10T00:00:00+08:00"}
    assert "errors" not in found
    told = call(*options)
    assert told.exit_code == 1 and "[extension-refused]" in told.stderr


def test_an_extension_longer_than_any_procedure_allows_is_refused_beside_the_result() -> None:
    for amount in ("31wd", "3000wd"):
        found = answer(*CASE, "--extend", f"{amount}@2017-10-09", status=1)
        assert found["last_day"] == last_day(*CASE)
        assert found["error"]["code"] == "extension-refused"
        assert "30" in found["error"]["message"]
    assert answer(*CASE, "--extend", "30wd@2017-10-09")["last_day"] > last_day(*CASE)


def test_an_extension_in_another_unit_or_before_the_start_is_refused() -> None:
    for extension in ("10d@2017-10-09", "10wh@2017-10-09", "10wd@2017-09-17"):
        assert answer(*CASE, "--extend", extension, status=1)["error"]["code"] == "extension-refused"


def test_an_extension_during_a_pause_is_in_time_while_the_limit_has_not_passed() -> None:
    options = [*PAUSED, "--extend", "5wd@2017-10-26T23:59:59"]
    assert last_day(*options) == "2017-11-02"
    assert answer(*PAUSED, "--extend", "5wd@2017-10-27", status=1)["last_day"] == "2017-10-26"


def test_everything_that_was_refused_is_said() -> None:
    found = answer(*CASE, "--pause", "2017-09-28..2017-09-27", "--extend", "5wd@2018-01-01", status=1)
    assert [one["code"] for one in found["errors"]] == ["pause-refused", "extension-refused"]
    assert found["error"] == found["errors"][0]


# -- amounts that cannot be --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("-5wd", "not positive"),
        ("0wd", "not positive"),
        ("0.000001wh", "shorter than a second"),
        ("99999wd", "longer than any limit"),
        ("121m", "longer than any limit"),
        ("1.5d", "no whole number"),
        ("0.5m", "no whole number"),
    ],
)
def test_an_amount_that_cannot_be_is_refused_with_code_data_and_remedy(limit: str, words: str) -> None:
    found = answer("--start", "2017-09-18", "--limit", limit, status=1)
    assert found.keys() == {"error"}
    error = found["error"]
    assert (error["code"], words in error["message"], bool(error["remedy"])) == ("period", True, True)
    assert limit.startswith(error["data"]["amount"]) and error["data"]["unit"]
    told = call("--start", "2017-09-18", "--limit", limit)
    assert (told.exit_code, "error [period]" in told.stderr, "Traceback" in told.stderr) == (1, True, False)


@pytest.mark.parametrize("amount", ["-10wd", "0wd", "99999wd", "1.5d"])
def test_such_an_extension_or_pause_is_refused_beside_the_result(amount: str) -> None:
    found = answer(*CASE, "--extend", f"{amount}@2017-10-09", status=1)
    assert (found["last_day"], found["error"]["code"]) == ("2017-10-20", "extension-refused")
    assert found["error"]["data"] == {"extension": f"{amount}@2017-10-09"} and found["error"]["remedy"]
    found = answer(*CASE, "--pause", f"2017-09-28..2017-10-10/{amount}", status=1)
    assert (found["last_day"], found["error"]["code"]) == ("2017-10-20", "pause-refused")
    assert found["error"]["data"] == {"pause": f"2017-09-28..2017-10-10/{amount}"} and found["error"]["remedy"]


# -- the applicant's own periods ---------------------------------------------------------------------------------------


def test_an_applicants_period_is_read_in_the_applicants_favour() -> None:
    """W49: thirty days before expiry; and five days to ask for a hearing, told on 2024-09-12 before 中秋."""
    back = ["--start", "2024-10-01", "--backward"]
    for limit in ("30d", "30wd"):
        assert last_day(*back, "--limit", limit, "--applicant-unit", "favour") == "2024-09-01"
        assert last_day(*back, "--limit", limit, "--applicant-unit", "workday") == "2024-08-20"
        assert last_day(*back, "--limit", limit, "--applicant-unit", "day") == "2024-09-01"
    forward = ["--start", "2024-09-12"]
    for limit in ("5d", "5wd"):
        assert last_day(*forward, "--limit", limit, "--applicant-unit", "favour") == "2024-09-20"
        assert last_day(*forward, "--limit", limit, "--applicant-unit", "workday") == "2024-09-20"
        assert last_day(*forward, "--limit", limit, "--applicant-unit", "day") == "2024-09-17"
        assert last_day(*forward, "--limit", limit, "--applicant-unit", "day", "--roll") == "2024-09-18"


def test_its_readings_are_listed_only_where_the_period_is_said_to_be_the_applicants() -> None:
    back = ["--start", "2024-10-01", "--limit", "30d", "--backward", "--readings"]
    assert answer(*back)["readings"] == []
    expected = [
        {"setting": "applicant-unit", "value": "workday", "last_day": "2024-08-20"},
        {"setting": "applicant-unit", "value": "day", "last_day": "2024-09-01"},
    ]
    found = answer(*back, "--applicant-unit", "favour")
    assert found["readings"] == expected
    assert [(one["value"], one["by"], one["name"]) for one in found["choices"]] == [("day", "default", "")]
    found = answer(*back, "--applicant-unit", "workday")
    assert found["readings"] == expected
    assert [(one["value"], one["by"]) for one in found["choices"]] == [("workday", "option")]


@pytest.mark.parametrize("limit", ["1m", "7wh", "immediate", "none"])
def test_only_a_number_of_days_has_a_unit_to_read(limit: str) -> None:
    found = answer("--start", "2024-10-01", "--limit", limit, "--applicant-unit", "favour", status=1)
    assert found["error"]["code"] == "period" and found["error"]["remedy"]


# -- readings ----------------------------------------------------------------------------------------------------------


def test_each_choice_says_who_and_why() -> None:
    found = answer(*PAUSED, "--readings")
    [told] = found["choices"]
    assert told.keys() == {"setting", "value", "by", "name", "why"} and "Art. 45" in told["why"]
    assert (told["setting"], told["value"], told["by"], told["name"]) == ("pause-rule", "half-open", "default", "")
    [told] = answer(*PAUSED, "--readings", "--pause-rule", "closed")["choices"]
    assert (told["value"], told["by"], told["name"]) == ("closed", "option", "--pause-rule")
    assert "choices" not in answer(*PAUSED) and answer(*PAUSED)["readings"] == []


def test_one_setting_is_varied_while_the_others_stay_as_chosen() -> None:
    """Four settings at once: every listed reading is what the option alone would change."""
    base = ["--start", "2022-09-10T10:00", "--limit", "20d"]  # a Saturday in 中秋; twenty days end on 2022-09-30
    pause = ["--pause", "2022-09-14..2022-09-16", "--pause", "2022-09-19..2022-09-21@公示"]
    settings: dict[str, list[list[str]]] = {
        "pause-rule": [["--pause-rule", "half-open"], ["--pause-rule", "closed"]],
        "receipt": [["--receipt", "as-is"], ["--receipt", "next-working-day"]],
        "roll": [[], ["--roll"]],
        "pause-kind": [["--pause-kind", "counted"], ["--pause-kind", "not-counted"]],
    }
    values = {"roll": ["none", "after-rest"]}
    listed = set()
    for chosen in itertools.product(*settings.values()):
        by_name = dict(zip(settings, chosen, strict=True))
        found = answer(*base, *pause, *itertools.chain(*chosen), "--readings")["readings"]
        for name, options in settings.items():
            others = itertools.chain(*(given for other, given in by_name.items() if other != name))
            fixed = [*base, *pause, *others]
            expected = [
                {"setting": name, "value": value, "last_day": last_day(*fixed, *option)}
                for option, value in zip(options, values.get(name, [o[-1] for o in options if o]), strict=True)
            ]
            differ = len({one["last_day"] for one in expected}) > 1
            assert [one for one in found if one["setting"] == name] == (expected if differ else []), (chosen, name)
            listed |= {name} if differ else set()
    assert listed == set(settings), "the example shows every setting at least once"


def test_a_reading_outside_the_calendar_takes_nothing_from_the_answer() -> None:
    options = ["--start", "2040-12-20", "--limit", "6wd", "--pause", "2040-12-21..2040-12-24"]
    found = answer(*options, "--readings")
    assert found["last_day"] == "2040-12-31"
    assert [one["last_day"] for one in found["readings"]] == ["2040-12-31", None]


def test_people_see_the_readings_without_asking() -> None:
    said = call(*PAUSED).output
    assert "reading  pause-rule = half-open  2017-10-26  chosen\n" in said
    assert "nobody chose, so the library's default: Licensing Act Art. 45" in said
    assert "chosen by --pause-rule" in call(*PAUSED, "--pause-rule", "closed").output
    assert "no other reading" in call(*CASE, "--readings").output
    assert "reading" not in call(*CASE).output


def test_a_chinese_reader_gets_chinese_words() -> None:
    said = call(*PAUSED, "--extend", "5wd@2018-03-01", locale="zh_CN.UTF-8")
    assert "  2017-09-18 周一  不计  起算当日不计  《中华人民共和国民法典》第二百零一条  累计 0\n" in said.stdout
    assert "  2017-09-30 周六  不计  特别程序，不计入" in said.stdout
    assert "  2017-10-01 周日  不计  放假  国办发明电〔2016〕17号" in said.stdout
    assert "读法  特别程序两端的日子 = 起日计入，止日不计  2017-10-26  采用" in said.stdout
    for code in ("start-day", "weekday", "pause-rule", "half-open"):
        assert code not in said.stdout
    assert "错误 [extension-refused]" in said.stderr
    hours = call("--start", "2017-09-18T16:00", "--limit", "30h", locale="zh_CN.UTF-8").stdout
    assert "  2017-09-18 周一 16:00:00–24:00:00  计入  连续计时" in hours
    natural = call("--start", "2017-09-18", "--limit", "2d", locale="zh_CN.UTF-8").stdout
    assert "自然日  按查询时所给  累计 2" in natural
    capped = call(*CASE, "--pause", "2017-09-20..2017-09-28/1wd", "--cap", locale="zh_CN.UTF-8").stdout
    assert "注意 [pause-past-cap]: 特别程序自 2017-09-20 起，告知所需 1 个工作日" in capped
    back = call("--start", "2024-10-01", "--limit", "7wd", "--backward", locale="zh_CN.UTF-8").stdout
    assert "届满当日，由此倒数" in back


# -- times and places --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    ["2025-09-30T16:00", "2025-09-30T16:00:00", "2025-09-30 16:00", "2025-09-30T16:00+08:00", "2025-09-30T08:00Z",
     "2025-09-30T08:00:00+00:00", "2025-09-30T03:00-05:00", "2025-09-30T16:00:00.999999"],
)  # fmt: skip
def test_a_time_is_read_at_utc_plus_eight_unless_it_says_otherwise(start: str) -> None:
    found = answer("--start", start, "--limit", "7wh", "--office-hours", "hengyang")
    assert found["due"] == "2025-10-09T15:30:00+08:00"


def test_an_offset_decides_the_day() -> None:
    assert last_day("--start", "2016-04-24T20:00Z", "--limit", "1wd") == "2016-04-26"  # 04:00 on the 25th
    assert last_day("--start", "2016-04-24T20:00", "--limit", "1wd") == "2016-04-25"


def test_office_hours_come_from_a_file_too(tmp_path: Path) -> None:
    hours = tmp_path / "ours.toml"
    hours.write_text(
        'name = "ours"\nbasis = "invented"\n[[season]]\nfirst = "01-01"\nlast = "12-31"\nwindows = ["10:00-12:00"]\n',
        encoding="utf-8",
    )
    options = ["--start", "2016-04-22T11:00", "--limit", "2wh", "--office-hours", str(hours)]
    assert answer(*options)["due"] == "2016-04-25T11:00:00+08:00"
    hours.rename(tmp_path / "ours")
    assert answer(*options[:-1], str(tmp_path / "ours"))["due"] == "2016-04-25T11:00:00+08:00"
    hours = tmp_path / "ours"
    evening = ["--start", "2016-04-22T13:00", "--limit", "1wd", "--receipt", "next-working-day"]
    assert last_day(*evening) == "2016-04-25"
    assert last_day(*evening, "--office-hours", str(hours)) == "2016-04-26", "closed at noon"


def test_several_notices_and_a_day_of_knowledge_go_together(tmp_path: Path) -> None:
    def notice(year: int, published: str, rest: str) -> str:
        file = tmp_path / f"{published}.toml"
        file.write_text(
            f'title = "invented {published}"\nyear = {year}\npublished = {published}\nrest = ["{rest}"]\n', "utf-8"
        )
        return str(file)

    files = [
        "--calendar",
        notice(2027, "2026-11-05", "2027-01-04"),
        "--calendar",
        notice(2027, "2026-11-20", "2027-01-05"),
    ]
    options = ["--start", "2026-12-31", "--limit", "1wd"]
    assert last_day(*options) == "2027-01-04"
    assert last_day(*options, *files) == "2027-01-06"
    assert last_day(*options, *files, "--known-as-of", "2026-11-10") == "2027-01-05"
    assert last_day(*options, *files, "--known-as-of", "2026-11-01") == "2027-01-04"


def test_acceptance_goes_with_readings_receipt_and_as_of() -> None:
    options = ["--received", "2017-06-03T10:00", "--limit", "20wd"]  # a Saturday
    assert answer(*options)["deemed"] is True
    moved = answer(*options, "--receipt", "next-working-day", "--as-of", "2017-07-05")
    assert (moved["accepted"], moved["last_day"], moved["overdue_days"]) == ("2017-06-05", "2017-07-03", 2)
    found = answer(*options, "--readings")
    assert {one["setting"] for one in found["readings"]} == {"receipt"}
    assert found.keys() == KEYS | {"accepted", "deemed", "choices"}
    waiting = answer(*options, "--notified", "2017-06-05", "--readings")
    assert (waiting["due"], waiting["readings"]) == (None, [])


@pytest.mark.parametrize(
    "more", [["--pause", "2024-09-01..2024-09-02"], ["--extend", "1d@2024-09-01"], ["--roll"],
             ["--start-rule", "same-day"], ["--receipt", "next-working-day"]]
)  # fmt: skip
def test_a_period_counted_back_says_what_it_does_not_take(more: list[str]) -> None:
    found = answer("--start", "2024-10-01", "--limit", "30d", "--backward", *more, status=1)
    assert (found["error"]["code"], more[0] in found["error"]["message"]) == ("period", True)


@pytest.mark.parametrize("limit", ["7wh", "24h", "immediate", "none"])
def test_hours_are_not_counted_back(limit: str) -> None:
    found = answer("--start", "2024-10-01", "--limit", limit, "--backward", status=1)
    assert found["error"]["code"] == "period" and found["error"]["remedy"]


def test_a_month_counted_back_has_two_readings_where_a_day_is_missing() -> None:
    found = answer("--start", "2023-03-31", "--limit", "1m", "--backward", "--readings")
    assert found["last_day"] == "2023-02-28"
    assert [(one["value"], one["last_day"]) for one in found["readings"]] == [
        ("last-day", "2023-02-28"),
        ("next-month", "2023-03-01"),
    ]


def test_a_limit_on_the_spot_ends_with_its_day_and_is_never_moved_by_pauses() -> None:
    assert last_day("--start", "2016-04-22T10:00", "--limit", "immediate") == "2016-04-22"
    found = answer("--start", "2016-04-22", "--limit", "immediate", "--extend", "1wd@2016-04-22", status=1)
    assert found["error"]["code"] == "extension-refused"
