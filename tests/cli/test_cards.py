"""`egov cards`: the worked cards, the printed examples of the Hunan rules, and what it says to what it cannot take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.domain.timers.kinds import KINDS, Party

SHIPPED = ("notice", "hunan-2018")
MONDAY = "2018-10-15T10:00:00"


def call(*args: str) -> Result:
    return CliRunner().invoke(main, ["cards", *args], env={"LC_ALL": "C.UTF-8"})


def cards(*args: str) -> dict[str, str]:
    result = call(*args, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["cards"]
    assert all(card.keys() == {"level", "at", "rule"} for card in found)
    return {card["level"]: card["at"] for card in found}


def error(*args: str) -> dict[str, Any]:
    result = call(*args, "--json")
    assert result.exit_code == 1, result.output
    found: dict[str, Any] = json.loads(result.stdout)["error"]
    return found


@pytest.mark.shared
def test_the_worked_cards_exist_from_their_first_second(shared_dir: Path) -> None:
    text = (shared_dir / "domain" / "deadlines.jsonl").read_text(encoding="utf-8")
    worked = [
        line for line in map(json.loads, text.splitlines()) if line["fn"] == "cards" and line["policy"] in SHIPPED
    ]
    assert len(worked) >= 3
    for line in worked:
        options = ["--policy", line["policy"], "--timer", line["timer"], "--start", line["start"]]
        for name in ("promised", "statutory", "declared", "due", "order"):
            if name in line:
                options += [f"--{name}", line[name]]
        for begin, end, declared in line.get("pauses", ()):
            options += ["--pause", f"{begin}..{end}/{declared}"]
        assert cards(*options) == {level: f"{at}+08:00" for level, at in line["expect"].items()}, line


@pytest.mark.parametrize(
    ("timer", "limits", "printed"),
    [
        ("case", ["--promised", "7wd", "--statutory", "10wd"], {"warning": "19", "yellow": "24", "red": "29"}),
        ("special-procedure", ["--declared", "7wd"], {"warning": "19", "yellow": "24", "red": "25"}),
        ("pre-acceptance", ["--promised", "2wd"], {"warning": "17", "yellow": "22", "red": "24"}),
        ("licence", ["--promised", "3wd"], {"yellow": "18"}),
        ("inquiry", ["--promised", "5wd"], {"warning": "17", "yellow": "22", "red": "23"}),
        ("complaint", ["--promised", "5wd"], {"warning": "17", "yellow": "22", "red": "23"}),
    ],
)
def test_the_sixteen_printed_examples_of_the_hunan_rules_come_out(
    timer: str, limits: list[str], printed: dict[str, str]
) -> None:
    found = cards("--policy", "hunan-2018", "--timer", timer, "--start", MONDAY, *limits)
    assert found == {level: f"2018-10-{day}T10:00:01+08:00" for level, day in printed.items()}


def test_a_start_on_a_rest_day_counts_from_the_next_opening() -> None:
    # Saturday: counting starts on Monday at the opening of the named hours
    found = cards(
        "--policy", "hunan-2018", "--timer", "licence", "--start", "2018-10-13T22:00", "--promised", "3wd",
        "--office-hours", "hengyang",
    )  # fmt: skip
    assert found == {"yellow": "2018-10-18T08:00:01+08:00"}


def test_a_warning_is_never_dated_before_the_start() -> None:
    found = cards("--policy", "hunan-2018", "--timer", "inquiry", "--start", MONDAY, "--promised", "1wd")
    assert found["warning"] == f"{MONDAY}+08:00"


def test_natural_days_are_not_counted_as_working_days_by_the_hunan_rules() -> None:
    found = cards(
        "--policy", "hunan-2018", "--timer", "case", "--start", MONDAY, "--promised", "7d", "--statutory", "9d"
    )
    assert found == {
        "warning": "2018-10-18T00:00:00+08:00",  # three working days before 2018-10-22 ends
        "yellow": "2018-10-23T00:00:00+08:00",
        "red": "2018-10-25T00:00:00+08:00",
    }


def test_finishing_at_the_last_second_earns_no_card_and_one_second_later_the_red_one() -> None:
    notice = ["--timer", "case", "--start", "2016-09-01", "--promised", "10wd"]
    assert cards(*notice, "--finished", "2016-09-13T23:59:59") == {}
    yellow = {"yellow": "2016-09-14T00:00:00+08:00"}
    assert cards(*notice, "--finished", "2016-09-18T23:59:59") == yellow
    assert cards(*notice, "--finished", "2016-09-19T00:00:00") == {**yellow, "red": "2016-09-19T00:00:00+08:00"}
    hunan = ["--policy", "hunan-2018", "--timer", "licence", "--start", MONDAY, "--promised", "3wd"]
    assert cards(*hunan, "--finished", "2018-10-18T10:00:00") == {}
    assert cards(*hunan, "--finished", "2018-10-18T10:00:01") == {"yellow": "2018-10-18T10:00:01+08:00"}


def test_only_the_cards_that_exist_at_a_time_are_shown_where_asked() -> None:
    notice = ["--timer", "case", "--start", "2016-09-01", "--promised", "10wd"]
    assert cards(*notice, "--as-of", "2016-09-13T23:59:59") == {}
    assert list(cards(*notice, "--as-of", "2016-09-14")) == ["yellow"]


def test_a_due_day_or_a_kinds_own_limit_will_do() -> None:
    report = cards("--timer", "report", "--due", "2016-09-18")
    assert report == {"yellow": "2016-09-14T00:00:00+08:00", "red": "2016-09-19T00:00:00+08:00"}
    own = cards("--timer", "correction-notice", "--start", "2016-05-03")
    assert own["red"] == "2016-05-11T00:00:00+08:00"
    order = cards("--timer", "order", "--order", "3wd", "--start", "2016-09-19")
    assert order["red"] == "2016-09-23T00:00:00+08:00"


@pytest.mark.parametrize("limit", ["immediate", "24h", "7wh"])
def test_the_notice_warns_of_hours_when_a_quarter_is_left_and_never_of_what_is_done_at_once(limit: str) -> None:
    found = cards("--timer", "case", "--start", "2016-09-01T09:00", "--promised", limit)
    expected = {
        "immediate": {"red": "2016-09-02T00:00:00+08:00"},
        "24h": {"yellow": "2016-09-02T03:00:00+08:00", "red": "2016-09-02T09:00:01+08:00"},
    }
    assert expected.get(limit, found) == found
    assert ("yellow" in found) is (limit != "immediate") and "red" in found


def test_no_limit_earns_no_card_and_no_promise_falls_to_the_statutory_limit() -> None:
    assert cards("--timer", "case", "--start", "2016-09-01", "--promised", "none") == {}
    statutory = cards("--timer", "case", "--start", "2016-09-01", "--statutory", "10wd")
    assert cards("--timer", "case", "--start", "2016-09-01", "--promised", "none", "--statutory", "10wd") == statutory
    assert statutory["red"] == "2016-09-19T00:00:00+08:00"


def test_an_open_pause_holds_the_cards_back() -> None:
    paused = ["--timer", "case", "--start", "2016-09-01", "--promised", "10wd", "--pause"]
    assert cards(*paused, "2016-09-05..") == {}
    assert list(cards(*paused, "2016-09-15..")) == ["yellow"]
    hunan = ["--policy", "hunan-2018", "--timer", "case", "--start", MONDAY, "--promised", "7wd", "--pause"]
    assert cards(*hunan, "2018-10-16T10:00..") == {}
    assert cards(*hunan, "2018-10-16T10:00../3wd")["yellow"] == "2018-10-29T10:00:01+08:00"


def test_an_unknown_policy_is_told_the_names_there_are() -> None:
    said = error("--policy", "atlantis", "--timer", "case", "--start", MONDAY, "--promised", "7wd")
    assert said["code"] == "unknown"
    assert all(name in said["remedy"] for name in SHIPPED)


def test_a_policy_file_is_taken_and_every_fault_of_a_wrong_one_is_named(tmp_path: Path) -> None:
    good = tmp_path / "place.toml"
    good.write_text(
        'name = "place"\nversion = 1\ntitle = "地方"\nlevels = ["red"]\n[basis]\ninstrument = "x"\n'
        '[[rule]]\ncode = "r"\nlevel = "red"\ntimers = ["*"]\nbase = ["promised"]\nwhen = { overdue = true }\n',
        encoding="utf-8",
    )
    asked = ["--timer", "case", "--start", "2016-09-01", "--promised", "10wd"]
    assert cards("--policy", str(good), *asked) == {"red": "2016-09-19T00:00:00+08:00"}
    bad = tmp_path / "bad.toml"
    bad.write_text(good.read_text(encoding="utf-8").replace('"red"\nt', '"blue"\nt').replace("= 1", "= 0"), "utf-8")
    said = error("--policy", str(bad), *asked)
    assert said["code"] == "policy" and len(said["faults"]) == 2
    bad.write_text("this is not TOML", encoding="utf-8")
    assert error("--policy", str(bad), *asked)["code"] == "policy"
    assert error("--policy", str(tmp_path / "absent.toml"), *asked)["code"] == "policy"


@pytest.mark.parametrize(
    "options",
    [
        ["--timer", "case", "--start", MONDAY],
        ["--timer", "case", "--promised", "7wd"],
        ["--timer", "report", "--due", "2016-09-18", "--promised", "7wd"],
        ["--timer", "case", "--start", MONDAY, "--promised", "7wd", "--pause", "2018-10-20..2018-10-16"],
        ["--timer", "case", "--start", "1999-01-01", "--promised", "7wd"],
        ["--timer", "case", "--start", MONDAY, "--promised", "-7wd"],
        ["--timer", "case", "--start", MONDAY, "--promised", "99999wd"],
    ],
)
def test_what_cannot_be_answered_is_one_error_with_a_remedy(options: list[str]) -> None:
    assert error(*options)["remedy"]


@pytest.mark.parametrize(
    ("options", "form"),
    [
        (["--timer", "coffee"], "special-procedure"),
        (["--timer", "case", "--promised", "soon"], "20wd"),
        (["--timer", "case", "--declared", "immediate"], "10wd"),
        (["--timer", "case", "--finished", "yesterday"], "2016-04-22"),
    ],
)
def test_a_wrong_form_is_refused_with_the_one_that_is_taken(options: list[str], form: str) -> None:
    result = call("--start", MONDAY, *options)
    assert result.exit_code == 2 and form in result.stderr


def test_people_read_lines() -> None:
    assert (
        "2016-09-19T00:00:00+08:00  red"
        in call("--timer", "case", "--start", "2016-09-01", "--promised", "10wd").output
    )
    assert "no card" in call("--timer", "case", "--start", "2016-09-01", "--promised", "none").output


def test_the_applicants_own_time_earns_no_card_unless_a_rule_names_it(tmp_path: Path) -> None:
    start = ["--start", MONDAY]
    assert cards("--timer", "hearing", *start).keys() == {"yellow", "red"}
    for kind in ("hearing-request", "correction"):
        limit = [] if kind == "hearing-request" else ["--declared", "5wd"]
        assert cards("--timer", kind, *start, *limit) == {}
        assert "the applicant's own time" in call("--timer", kind, *start, *limit).stdout
    named = """name = "own"
version = 1
title = "自订"
levels = ["red"]
[basis]
instrument = "《演示办法》"
[[rule]]
code = "own-red"
level = "red"
timers = ["hearing-request"]
base = ["statutory"]
when = { overdue = true }
text = "逾期"
"""
    (tmp_path / "own.toml").write_text(named, encoding="utf-8")
    found = cards("--policy", str(tmp_path / "own.toml"), "--timer", "hearing-request", *start)
    assert found == {"red": "2018-10-23T00:00:00+08:00"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_timer_is_a_choice(kind: str) -> None:
    own = KINDS[kind].limit
    found = cards("--timer", kind, "--start", MONDAY, *(() if own is not None else ("--promised", "5wd")))
    assert bool(found) is (KINDS[kind].party is Party.ORGAN)
