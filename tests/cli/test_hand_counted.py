"""`egov deadline` and `egov cards` against the cases counted by hand, wherever there is an option for them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from egov_core.cli import main
from tests.domain.timers.hand_counted import CASES, of

CONVENTIONS = {"P1": "half-open", "P2": "closed"}
UNITS = {"days": "d", "months": "m", "years": "y", "n": "wd"}


def answer(command: str, *args: str, status: int = 0) -> dict[str, Any]:
    result = CliRunner().invoke(main, [command, *args, "--json"], env={"LC_ALL": "C.UTF-8"})
    assert result.exit_code == status, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def limit(case: dict[str, Any]) -> str:
    if "hours" in case:
        return f"{case['hours']}{'h' if case['fn'] == 'natural_hours' else 'wh'}"
    [(amount, unit)] = [(case[key], unit) for key, unit in UNITS.items() if key in case]
    return f"{amount}{unit}"


def options_of(case: dict[str, Any]) -> list[str]:
    """The options that ask what the case asks."""
    begin = {"renewal": "expiry", "working_days_before": "end", "deemed_acceptance": "received"}.get(
        case["fn"], "start"
    )
    options = ["--received" if begin == "received" else "--start", case[begin], "--limit", limit(case)]
    if begin in ("expiry", "end"):
        options.append("--backward")
    for key, option in (
        ("notice", "--notified"),
        ("supplemented", "--supplemented"),
        ("receipt", "--receipt"),
        ("known_as_of", "--known-as-of"),
        ("timetable", "--office-hours"),
        ("overdue_on", "--as-of"),
    ):
        if key in case:
            options += [option, case[key]]
    if "start_rule" in case:
        options += ["--start-rule", case["start_rule"].replace("_", "-")]
    if case.get("roll"):
        options.append("--roll")
    for first, last in case.get("pauses", ()):
        options += ["--pause", f"{first}..{last or ''}" + (f"/{case['cap']}wd" if "cap" in case else "")]
    if "cap" in case:
        options.append("--cap")
    if "convention" in case:
        options += ["--pause-rule", CONVENTIONS[case["convention"]]]
    if "extra" in case:
        options += ["--extend", f"{case['extra']}{limit(case).lstrip('0123456789.')}@{case['approved']}"]
    if case["fn"] == "readings":
        options.append("--readings")
    return options


PLAIN = [case for case in CASES if case["fn"] not in ("cards", "readings")]


@pytest.mark.parametrize("case", PLAIN, ids=lambda case: case["id"])
def test_a_deadline_is_the_one_counted_by_hand(case: dict[str, Any]) -> None:
    refused = case.get("expect_error", False)
    found = answer("deadline", *options_of(case), status=1 if refused else 0)
    assert ("error" in found) is refused
    expected = case.get("expect_latest", case.get("expect"))
    if expected is not None and "T" in expected:
        assert found["due"] == f"{expected}{'' if expected.count(':') == 2 else ':00'}+08:00"
        expected = expected[:10]
    assert found["last_day"] == expected
    assert found["provisional"] is case.get("provisional", False)
    if "expect_accept" in case:
        assert (found["accepted"], found["deemed"]) == (case["expect_accept"], case["deemed"])
    if "overdue_days" in case:
        assert found["overdue_days"] == case["overdue_days"]


@pytest.mark.parametrize("case", of("readings"), ids=lambda case: case["id"])
def test_the_readings_are_those_counted_by_hand(case: dict[str, Any]) -> None:
    assert answer("deadline", *options_of(case))["readings"] == case["expect"]


@pytest.mark.parametrize("case", of("cards"), ids=lambda case: case["id"])
def test_the_cards_are_those_counted_by_hand(case: dict[str, Any]) -> None:
    options = ["--policy", case["policy"], "--timer", case["timer"]]
    for name in ("start", "promised", "statutory", "declared", "due", "order", "finished"):
        if name in case:
            options += [f"--{name}", case[name]]
    if "timetable" in case:
        options += ["--office-hours", case["timetable"]]
    for begin, end, declared in case.get("pauses", ()):
        options += ["--pause", f"{begin}..{end}" + (f"/{declared}" if declared else "")]
    found = {card["level"]: card["at"] for card in answer("cards", *options)["cards"]}
    assert found == {level: f"{at}+08:00" for level, at in case["expect"].items()}
