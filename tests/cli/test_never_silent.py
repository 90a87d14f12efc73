"""Nothing is silently unlimited, silently dropped or silently uncertain: the command line says it, with a remedy."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.cli.in_words import show_incidents
from egov_core.domain.cases import incidents as of_cases
from egov_core.domain.timers import incidents as of_timers
from egov_core.domain.timers.incidents import Incident
from egov_core.server.phrases import incident_in
from egov_core.server.words import words_of


def call(*args: str, locale: str = "C.UTF-8") -> Result:
    return CliRunner().invoke(main, list(args), env={"LC_ALL": locale})


def answer(*args: str, status: int = 0) -> dict[str, Any]:
    result = call(*args, "--json")
    assert result.exit_code == status, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("limit", ["immediate", "none"])
def test_a_pause_of_what_nothing_can_pause_is_not_dropped_in_silence(limit: str) -> None:
    asked = ("deadline", "--start", "2024-09-02", "--limit", limit, "--pause", "2024-09-02..2024-09-05")
    found = answer(*asked, status=1)
    assert found["error"]["code"] == "pause-refused" and found["error"]["remedy"]
    assert limit in found["error"]["message"]
    assert found["last_day"] == answer(*asked[:-2])["last_day"], "the answer without it stands beside"


def codes(found: dict[str, Any]) -> list[str]:
    return [one["code"] for one in found.get("incidents", ())]


def test_no_card_is_no_all_clear() -> None:
    asked = ("cards", "--timer", "case", "--start", "2024-09-02")
    endless = answer(*asked, "--promised", "none")
    assert (endless["cards"], codes(endless)) == ([], ["no-limit"])
    paused = answer(*asked, "--promised", "10wd", "--pause", "2024-09-05..")
    assert (paused["cards"], codes(paused)) == ([], ["paused"])
    assert codes(answer(*asked, "--promised", "10wd")) == []
    assert codes(answer("cards", "--timer", "order", "--start", "2024-09-02", "--order", "3wd")) == []
    assert "what to do" in call(*asked, "--promised", "none").output
    assert "怎么办" in call(*asked, "--promised", "none", locale="zh_CN.UTF-8").output


def test_the_last_days_of_december_may_still_move_until_the_next_notice_is_there() -> None:
    # 2018-11-01: eleven working days end on 12-31. On 12-06 the notice for 2019 took that day off and 12-29 was worked.
    asked = ("deadline", "--start", "2018-12-14", "--limit", "11wd", "--known-as-of")
    before = answer(*asked, "2018-11-01")
    assert (before["last_day"], before["provisional"], codes(before)) == ("2018-12-31", False, ["year-end"])
    after = answer(*asked, "2018-12-06")
    assert (after["last_day"], after["provisional"], codes(after)) == ("2018-12-29", False, [])
    assert before["incidents"][0]["remedy"] and before["incidents"][0]["data"] == {
        "last_day": "2018-12-31",
        "year": "2019",
    }
    assert "year-end" in call(*asked, "2018-11-01").output


@pytest.mark.parametrize(
    ("start", "limit"),
    [("2018-12-14", "10wd"), ("2018-12-14", "12wd"), ("2018-12-14", "17d"), ("2018-12-31", "immediate")],
)
def test_a_date_that_no_notice_of_the_next_year_moves_is_not_said_to_move(start: str, limit: str) -> None:
    # earlier than 12-29; beyond the horizon, and so provisional; in natural days; on the spot
    assert codes(answer("deadline", "--start", start, "--limit", limit, "--known-as-of", "2018-11-01")) == []


def test_natural_days_that_roll_may_move_with_the_notice() -> None:
    asked = ("deadline", "--start", "2018-12-14", "--limit", "17d", "--roll", "--known-as-of", "2018-11-01")
    assert codes(answer(*asked)) == ["year-end"]


@pytest.mark.parametrize(
    ("option", "value", "instead"),
    [
        ("--start", "2024-04-01T24:00", "2024-04-02T00:00"),
        ("--as-of", "2024-12-31T24:00:00", "2025-01-01T00:00"),
        ("--extend", "5wd@2024-02-28T24:00", "2024-02-29T00:00"),
        ("--start", "9999-12-31T24:00", "00:00 of the day after"),
    ],
)
def test_the_end_of_a_day_is_refused_with_the_way_to_write_it(option: str, value: str, instead: str) -> None:
    given = {"--start": "2024-04-01", "--limit": "10wd"} | {option: value}
    result = call("deadline", *[part for pair in given.items() for part in pair])
    assert result.exit_code == 2 and instead in result.stderr
    assert "a extension" not in result.stderr


@pytest.mark.parametrize(
    ("limit", "as_of", "late"),
    [
        ("24h", "2024-09-03T10:00:00", False),
        ("24h", "2024-09-03T10:00:01", True),
        ("10wd", "2024-09-14T23:59:59", False),
        ("10wd", "2024-09-15T00:00:00", True),  # a rest day: no working day late, and late
    ],
)
def test_late_by_less_than_a_day_is_said(limit: str, as_of: str, late: bool) -> None:
    asked = ("deadline", "--start", "2024-09-02T10:00", "--limit", limit, "--as-of", as_of)
    assert answer(*asked)["overdue_days"] == 0
    assert ("late, by less than a day" in call(*asked).output) is late
    assert ("未满一日" in call(*asked, locale="zh_CN.UTF-8").output) is late
    assert "less than a day" not in call(*asked[:-1], "2024-09-20").output


def test_every_incident_has_its_words_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = [
        code
        for module in (of_timers, of_cases)
        for code in re.findall(r"^    ([a-z-]+)   *\S", str(module.__doc__), re.MULTILINE)
    ]
    assert {"no-limit", "year-end", "promise-beyond-law", "renewal-late"} <= set(known)
    instant = "2024-09-14T23:59:59+08:00"
    data = dict.fromkeys(("from", "to", "declared_until", "promised", "statutory"), instant) | {
        "declared": "10wd",
        "latest": "2024-09-01",
        "expires": "2024-10-01",
        "last_day": "2018-12-31",
        "year": "2019",
    }
    for code in known:
        incident = Incident(code=code, message="-", remedy="-", data=data)
        for language in ("zh", "en"):
            words = words_of(language)
            assert "T23" not in incident_in(words, incident), code
            assert words(f"incident_remedy.{code}")
        monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
        show_incidents([incident])
        assert "怎么办" in capsys.readouterr().out
