"""Tables of timer kinds and of silence: each parses, or names every place that is wrong; and nothing else happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.cases.marks import MARKS
from egov_core.domain.catalogue import PowerClass
from egov_core.domain.legal import LegalBasis
from egov_core.domain.periods import Immediate, Period
from egov_core.domain.timers.kind_table import parse_kinds
from egov_core.domain.timers.kinds import KINDS, Expiry, LimitSource, Party, Per, TimerKind
from egov_core.domain.timers.silence import SilenceRules, parse_silence
from egov_core.errors import Fault, TimerKindError

T = TypeVar("T")
WHERE = "kinds.toml"
BASIS = {"instrument": "《本县规则》（演示）", "article": "第六条", "in-force": date(2020, 1, 1)}


def row(**changes: Any) -> dict[str, Any]:
    """A row that parses, with changes; `None` takes a key away."""
    sound = {
        "code": "site-visit",
        "name": "现场踏勘",
        "name-en": "site visit",
        "starts-on": ["accepted"],
        "stops-on": ["reviewed", "withdrawn"],
        "limit": "5wd",
        "basis": BASIS,
        "pausable": True,
        "party": "organ",
    }
    return {
        key: value
        for key, value in {**sound, **{k.replace("_", "-"): v for k, v in changes.items()}}.items()
        if value is not None
    }


def named(data: Mapping[str, Any]) -> dict[str, str]:
    """The faults of a table: path without the file, and code."""
    with pytest.raises(TimerKindError) as caught:
        parse_kinds(data, WHERE, MARKS)
    assert caught.value.remedy and f"({len(caught.value.faults)} faults)" in caught.value.message
    assert all(fault.path.startswith(f"{WHERE}: ") and fault.message for fault in caught.value.faults)
    found = [(fault.path.removeprefix(f"{WHERE}: "), fault.code) for fault in caught.value.faults]
    assert len(found) == len(set(found)), "nothing is said twice"
    return dict(found)


def test_a_row_says_all_there_is_to_a_kind() -> None:
    [kind] = parse_kinds({"kind": [row()]}, WHERE, MARKS)
    assert kind == TimerKind(
        code="site-visit",
        name="现场踏勘",
        name_en="site visit",
        starts_on={"accepted"},
        stops_on={"reviewed", "withdrawn"},
        limit_source=LimitSource.LAW,
        limit=kind.limit,
        pausable=True,
    )
    assert isinstance(kind.limit, Period) and str(kind.limit) == "5wd"
    assert kind.limit.basis == LegalBasis(
        instrument="《本县规则》（演示）", article="第六条", in_force=date(2020, 1, 1)
    )
    assert (kind.per, kind.expiry, kind.party) == (Per.CASE, Expiry.NONE, Party.ORGAN)


def test_what_may_be_left_out_has_its_default() -> None:
    short = row(limit=None, basis=None, pausable=None, party=None, name_en=None)
    [kind] = parse_kinds({"kind": [short]}, WHERE, MARKS)
    assert (kind.limit, kind.limit_source, kind.pausable, kind.party) == (None, LimitSource.SERVICE, False, Party.ORGAN)
    [spot] = parse_kinds({"kind": [row(limit="immediate", party="applicant")]}, WHERE, MARKS)
    assert isinstance(spot.limit, Immediate) and spot.party is Party.APPLICANT


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": None}, {"kind[0].code": "missing"}),
        ({"code": 5}, {"kind[0].code": "type"}),
        ({"code": "Site"}, {"kind[0].code": "code"}),
        ({"code": "site visit"}, {"kind[0].code": "code"}),
        ({"code": "a/b"}, {"kind[0].code": "code"}),
        ({"code": "case"}, {"kind[0].code": "taken"}),
        ({"name": " "}, {"kind[0].name": "type"}),
        ({"name_en": 1}, {"kind[0].name-en": "type"}),
        ({"starts_on": None}, {"kind[0].starts-on": "missing"}),
        ({"starts_on": []}, {"kind[0].starts-on": "type"}),
        ({"starts_on": "accepted"}, {"kind[0].starts-on": "type"}),
        ({"starts_on": ["accepted", ["x"]]}, {"kind[0].starts-on": "type"}),
        ({"starts_on": ["acepted"]}, {"kind[0].starts-on": "unknown-mark"}),
        ({"stops_on": ["reviewed:web"]}, {"kind[0].stops-on": "unknown-mark"}),
        ({"stops_on": ["accepted"]}, {"kind[0]": "contradiction"}),
        ({"limit": "5 days"}, {"kind[0].limit": "period"}),
        ({"limit": 5}, {"kind[0].limit": "period"}),
        ({"limit": "-5wd"}, {"kind[0].limit": "period"}),
        ({"limit": "99999wd"}, {"kind[0].limit": "period"}),
        ({"limit": "none"}, {"kind[0].limit": "limit"}),
        ({"limit": None}, {"kind[0].basis": "basis"}),
        ({"basis": None}, {"kind[0].basis": "missing"}),
        ({"basis": "law"}, {"kind[0].basis": "missing"}),
        ({"basis": {}}, {"kind[0].basis.instrument": "missing"}),
        (
            {"basis": {**BASIS, "article": 6, "x": 1}},
            {"kind[0].basis.article": "type", "kind[0].basis.x": "unknown-field"},
        ),
        ({"basis": {**BASIS, "in-force": "2020"}}, {"kind[0].basis.in-force": "type"}),
        ({"basis": {**BASIS, "in-force": datetime(2020, 1, 1)}}, {"kind[0].basis.in-force": "type"}),
        ({"pausable": "yes"}, {"kind[0].pausable": "type"}),
        ({"party": "nobody"}, {"kind[0].party": "party"}),
        ({"party": ["organ"]}, {"kind[0].party": "party"}),
        ({"party": {}}, {"kind[0].party": "party"}),
        ({"expiry": "closure"}, {"kind[0].expiry": "unknown-field"}),
        ({"per": "step"}, {"kind[0].per": "unknown-field"}),
    ],
)
def test_each_fault_is_named_with_its_path(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert named({"kind": [row(**changes)]}) == expected


def test_every_fault_of_every_row_is_named_at_once() -> None:
    data = {
        "kinds": [],
        "kind": [
            row(code="Bad", starts_on=["acepted"]),
            row(party=["x"], stops_on=["reviewed", "gone"]),
            "no table",
            row(code="case", limit="x", pausable=1),
            row(),
            row(),
        ],
    }
    assert named(data) == {
        "kinds": "unknown-field",
        "kind[0].code": "code",
        "kind[0].starts-on": "unknown-mark",
        "kind[1].party": "party",
        "kind[1].stops-on": "unknown-mark",
        "kind[2]": "type",
        "kind[3].code": "taken",
        "kind[3].limit": "period",
        "kind[3].pausable": "type",
        "kind[4].code": "taken",
        "kind[5].code": "taken",
    }


@pytest.mark.parametrize("data", [{}, {"kind": []}, {"kind": "x"}, {"kind": {"code": "x"}}])
def test_a_table_without_a_kind_is_none(data: dict[str, Any]) -> None:
    assert named(data) == {"kind": "missing"}


# --- any table at all -------------------------------------------------------------------------------------------------

scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=4) | st.dates()
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def tables(key: str, plausible: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Tables that are nearly right: each value plausible, or anything at all."""
    fields = {name: values | anything for name, values in plausible.items()}
    one = st.fixed_dictionaries({}, optional=fields) | anything
    return st.fixed_dictionaries({}, optional={key: st.lists(one, max_size=3) | anything, "x": anything})


bases = st.fixed_dictionaries(
    {}, optional={"instrument": st.text(max_size=3) | anything, "article": anything, "in-force": st.dates() | anything}
)
mark_lists = st.lists(st.sampled_from([*sorted(MARKS), "gone"]), max_size=3)
kind_tables = tables(
    "kind",
    {
        "code": st.sampled_from(["a", "b-c", "case", "A", ""]),
        "name": st.just("x"),
        "name-en": st.just("x"),
        "starts-on": mark_lists,
        "stops-on": mark_lists,
        "limit": st.sampled_from(["5wd", "2d", "none", "immediate", "1e9wd", "0wd"]),
        "basis": bases,
        "pausable": st.booleans(),
        "party": st.sampled_from([one.value for one in Party]),
    },
)
silence_tables = tables(
    "rule",
    {
        "timer": st.sampled_from(list(KINDS)),
        "effect": st.sampled_from([one.value for one in Expiry]),
        "power-classes": st.lists(st.sampled_from([one.value for one in PowerClass]) | anything, max_size=2),
        "basis": bases,
    },
)


def answered(parse: Callable[[], T]) -> tuple[T | None, tuple[Fault, ...]]:
    """What was parsed, or the faults; anything else that is raised is a fault of ours."""
    try:
        return parse(), ()
    except TimerKindError as error:
        return None, error.faults


@given(kind_tables)
def test_any_table_of_kinds_parses_or_names_its_places(data: dict[str, Any]) -> None:
    kinds, faults = answered(lambda: parse_kinds(data, WHERE, MARKS))
    if kinds is None:
        assert faults and all(fault.path.startswith(WHERE) and fault.message for fault in faults)
        return
    assert kinds and all(kind.starts_on <= MARKS and kind.stops_on <= MARKS for kind in kinds)
    assert len({kind.code for kind in kinds} | set(KINDS)) == len(kinds) + len(KINDS)


@given(silence_tables)
def test_any_table_of_silence_parses_or_names_its_places(data: dict[str, Any]) -> None:
    rules, faults = answered(lambda: parse_silence(data, "silence.toml"))
    if rules is None:
        assert faults and all(fault.path.startswith("silence.toml") for fault in faults)
        return
    for rule in rules.rules:
        assert rule.lapse.effect in (Expiry.NONE, KINDS[rule.lapse.timer].expiry)
        assert rule.lapse.basis.instrument


# --- silence ----------------------------------------------------------------------------------------------------------

FIRST = {"timer": "correction-notice", "effect": "deemed-acceptance", "basis": BASIS}


def silent(*rules: Any) -> SilenceRules:
    return parse_silence({"rule": list(rules)}, "silence.toml")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"timer": "case"}, {"rule[0].timer", "rule[0].effect"}),
        ({"timer": ["renewal"]}, {"rule[0].timer", "rule[0].effect"}),
        ({"timer": None}, {"rule[0].timer", "rule[0].effect"}),
        ({"effect": "deemed-renewal"}, {"rule[0].effect"}),
        ({"effect": ["deemed-acceptance"]}, {"rule[0].effect"}),
        ({"effect": {}}, {"rule[0].effect"}),
        ({"basis": None}, {"rule[0].basis"}),
        ({"basis": {"instrument": ""}}, {"rule[0].basis.instrument"}),
        ({"power-classes": "行政许可"}, {"rule[0].power-classes"}),
        ({"power-classes": ["行政许可", "许可", 5, ["行政许可"]]}, {"rule[0].power-classes"}),
        ({"days": 5}, {"rule[0].days"}),
    ],
)
def test_each_fault_of_a_rule_of_silence_is_named(changes: dict[str, Any], expected: set[str]) -> None:
    wrong = {key: value for key, value in {**FIRST, **changes}.items() if value is not None}
    with pytest.raises(TimerKindError) as caught:
        silent(wrong)
    assert {fault.path.removeprefix("silence.toml: ") for fault in caught.value.faults} == expected
    with pytest.raises(TimerKindError) as twice:
        parse_silence({"rules": 1, "rule": [wrong, FIRST, wrong, 7]}, "silence.toml")
    again = {fault.path.removeprefix("silence.toml: ").partition(".")[0] for fault in twice.value.faults}
    assert again == {"rules", "rule[0]", "rule[2]", "rule[3]"}


def test_of_several_rules_for_one_timer_the_first_that_covers_the_class_holds() -> None:
    none = {**FIRST, "effect": "none", "power-classes": ["行政确认"]}
    rules = silent(none, FIRST)
    assert [lapse.effect for lapse in rules.lapses_of(PowerClass.LICENCE)] == [Expiry.DEEMED_ACCEPTANCE]
    assert rules.lapses_of(PowerClass.CONFIRMATION) == (), "an exception stands before the rule"
    assert silent(FIRST, none).lapses_of(PowerClass.CONFIRMATION) != ()
    assert silent().lapses_of(PowerClass.LICENCE) == ()
