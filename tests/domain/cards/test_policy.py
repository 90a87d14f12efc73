"""A policy is read whole or not at all: every fault at once, each at its place."""

from __future__ import annotations

import copy
import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from egov_core.domain.cards.policy import parse_policy
from egov_core.domain.cards.thresholds import (
    Earliest,
    Latest,
    Out,
    Overdue,
    ShareRemaining,
    Threshold,
    WorkingDaysBefore,
    is_after_due,
)
from egov_core.domain.periods import StartRule
from egov_core.domain.timers.reckoning import PauseRule
from egov_core.errors import PolicyError, UnknownError
from egov_core.runtime.policies import load_policy, shipped_policies

GOOD: dict[str, Any] = {
    "name": "place",
    "version": 3,
    "title": "地方",
    "levels": ["yellow", "red"],
    "basis": {"instrument": "某县办法", "in-force": date(2020, 1, 1)},
    "settings": {"cap-pauses": True, "pause-rule": "closed", "pauses": "times", "start-rule": "same-day"},
    "rule": [{"code": "r", "level": "red", "timers": ["case"], "base": ["promised"], "when": {"overdue": True}}],
}


def paths(data: dict[str, Any]) -> list[str]:
    with pytest.raises(PolicyError) as refused:
        parse_policy(data, "p.toml")
    assert refused.value.remedy
    return [fault.path.removeprefix("p.toml: ") for fault in refused.value.faults]


def changed(path: str, value: Any) -> dict[str, Any]:
    data = copy.deepcopy(GOOD)
    *above, last = path.split(".")
    place: Any = data
    for name in above:
        place = place[0] if name == "0" else place[name]
    place[last] = value
    return data


def test_a_policy_is_read_with_its_readings() -> None:
    policy = parse_policy(GOOD, "p.toml")
    assert policy.ref == "place@3"
    assert policy.settings.pause_rule is PauseRule.CLOSED and policy.settings.cap_pauses
    assert policy.start_rule is StartRule.SAME_DAY and not policy.pauses_by_dates
    assert policy.basis.in_force == date(2020, 1, 1)
    assert [rule.code for rule in policy.rules_for("case")] == ["r"] and policy.rules_for("delivery") == ()
    assert policy.rule("r").level == "red"


@pytest.mark.parametrize(
    ("when", "threshold"),
    [
        ({"overdue": True}, Overdue()),
        ({"working-days-before": 0}, WorkingDaysBefore(0)),
        ({"share-remaining": "0.25"}, ShareRemaining(Decimal("0.25"))),
        ({"out-at-least": -2}, Out(-2)),
        ({"out-at-least": "0.5"}, Out(1)),
        ({"out-above": 0}, Out(1)),
        ({"out-above": "1.5"}, Out(2)),
        ({"out-above": 1}, Out(2)),
        ({"earliest": [{"overdue": True}, {"out-above": 0}]}, Earliest((Overdue(), Out(1)))),
        ({"latest": [{"overdue": True}]}, Latest((Overdue(),))),
    ],
)
def test_thresholds_become_typed_expressions(when: dict[str, Any], threshold: object) -> None:
    assert parse_policy(changed("rule.0.when", when), "p").rules[0].when == threshold


@pytest.mark.parametrize(
    ("when", "after"),
    [
        (Overdue(), True),
        (Out(1), True),
        (Out(0), False),
        (Out(-2), False),
        (WorkingDaysBefore(1), False),
        (ShareRemaining(Decimal("0.25")), False),
        (Earliest((Overdue(), Out(2))), True),
        (Earliest((Overdue(), WorkingDaysBefore(1))), False),
        (Latest((Overdue(), WorkingDaysBefore(1))), True),
        (Latest((Out(0), WorkingDaysBefore(1))), False),
    ],
)
def test_a_threshold_says_whether_it_waits_for_the_end_of_the_limit(when: Threshold, *, after: bool) -> None:
    assert is_after_due(when) is after


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("name", "", "name"),
        ("name", 7, "name"),
        ("version", 0, "version"),
        ("version", True, "version"),
        ("version", "1", "version"),
        ("title", None, "title"),
        ("title-en", 3, "title-en"),
        ("levels", [], "levels"),
        ("levels", "red", "levels"),
        ("levels", ["red", "red"], "levels"),
        ("colour", "red", "colour"),
        ("basis", "law", "basis"),
        ("basis.instrument", "", "basis.instrument"),
        ("basis.in-force", "2020-01-01", "basis.in-force"),
        ("basis.assumed", "no", "basis.assumed"),
        ("basis.page", 3, "basis.page"),
        ("settings", [], "settings"),
        ("settings.cap-pauses", "false", "settings.cap-pauses"),
        ("settings.pause-rule", "open", "settings.pause-rule"),
        ("settings.pauses", ["times"], "settings.pauses"),
        ("settings.start-rule", 1, "settings.start-rule"),
        ("settings.mood", "good", "settings.mood"),
        ("rule", [], "rule"),
        ("rule", {"code": "r"}, "rule"),
        ("rule.0.code", "", "rule[0].code"),
        ("rule.0.level", "blue", "rule[0].level"),
        ("rule.0.timers", ["coffee"], "rule[0].timers"),
        ("rule.0.timers", [], "rule[0].timers"),
        ("rule.0.base", ["wish"], "rule[0].base"),
        ("rule.0.text", 5, "rule[0].text"),
        ("rule.0.extra", 5, "rule[0].extra"),
        ("rule.0.when", {}, "rule[0].when"),
        ("rule.0.when", {"overdue": True, "out-above": 0}, "rule[0].when"),
        ("rule.0.when", {"overdue": False}, "rule[0].when.overdue"),
        ("rule.0.when", {"exec": "rm"}, "rule[0].when.exec"),
        ("rule.0.when", {"working-days-before": -1}, "rule[0].when.working-days-before"),
        ("rule.0.when", {"working-days-before": True}, "rule[0].when.working-days-before"),
        ("rule.0.when", {"working-days-before": 10**9}, "rule[0].when.working-days-before"),
        ("rule.0.when", {"share-remaining": 0.25}, "rule[0].when.share-remaining"),
        ("rule.0.when", {"share-remaining": "1"}, "rule[0].when.share-remaining"),
        ("rule.0.when", {"out-above": "NaN"}, "rule[0].when.out-above"),
        ("rule.0.when", {"out-above": "1e999999"}, "rule[0].when.out-above"),
        ("rule.0.when", {"out-at-least": True}, "rule[0].when.out-at-least"),
        ("rule.0.when", {"latest": []}, "rule[0].when.latest"),
        ("rule.0.when", {"latest": [{"overdue": 1}]}, "rule[0].when.latest[0].overdue"),
    ],
)
def test_a_fault_is_named_at_its_place(path: str, value: Any, fault: str) -> None:
    assert fault in paths(changed(path, value))


def test_all_faults_are_named_at_once() -> None:
    data = changed("version", -1)
    data["levels"] = ["red"]
    data["rule"] = [
        {"code": "a", "level": "yellow", "timers": ["tea"], "base": [], "when": 3},
        {"code": "a", "level": "red", "timers": ["*"], "base": ["promised"], "when": {"never": True}},
        "no table",
    ]
    del data["basis"]
    named = paths(data)
    expected = {
        "version", "basis.instrument", "rule", "rule[0].level", "rule[0].timers", "rule[0].base", "rule[0].when",
        "rule[1].when.never", "rule[2]",
    }  # fmt: skip
    assert expected <= set(named)


@pytest.mark.parametrize("name", ["notice", "hunan-2018"])
def test_a_shipped_policy_reads_and_every_rule_says_something(name: str) -> None:
    assert name in shipped_policies()
    policy = load_policy(name)
    assert policy.name == name and policy.basis.instrument
    assert all(rule.text for rule in policy.rules)
    assert {rule.level for rule in policy.rules} == set(policy.levels)
    text = (files("egov_core") / "data" / "policies" / f"{name}.toml").read_text(encoding="utf-8")
    assert len(tomllib.loads(text)["rule"]) == len(policy.rules)


def test_an_unknown_policy_is_told_the_shipped_ones() -> None:
    with pytest.raises(UnknownError) as refused:
        load_policy("atlantis")
    assert all(name in refused.value.remedy for name in shipped_policies())
