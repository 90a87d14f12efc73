"""Code lists: a code means nothing without its list and version; what is lost is said, what is missing refused."""

from __future__ import annotations

import tomllib
from itertools import permutations
from typing import Any

import pytest

from egov_core.domain.catalogue import CaseType, ItemState, PauseKind, PowerClass
from egov_core.domain.catalogue.lints import CODED
from egov_core.domain.codes.lists import CodeLists, parse_code_list
from egov_core.errors import CodeListError, UnknownError
from egov_core.runtime.code_lists import code_lists

LISTS = code_lists()
GB = "gbt-39046-2020"


def test_the_same_code_is_another_thing_in_another_list() -> None:
    assert LISTS.get("case-type", GB).name_of("1") == "即办件"
    assert LISTS.get("case-type", "hunan-old").name_of("1") == "承诺件"
    assert LISTS.get("audience", GB).name_of("5") == "行政机关"
    assert LISTS.get("audience", "c0109").name_of("5") == "非法人企业"


@pytest.mark.parametrize("versions", LISTS.lists.values(), ids=LISTS.lists.keys())
def test_names_and_codes_of_every_list_go_both_ways(versions: Any) -> None:
    for one in versions.values():
        for entry in one.entries:
            assert one.code_of(entry.name) == entry.code
            assert one.name_of(entry.code) == entry.name


def test_a_name_goes_over_only_where_it_has_a_counterpart() -> None:
    """Every name into every other version: the same name, a mapping, or a refusal; nothing else ever comes out."""
    refused = 0
    for versions in LISTS.lists.values():
        for one, other in permutations(versions.values(), 2):
            mapping = next((found for found in one.mappings if found.to == other.version), None)
            for name in one.names:
                stated = {} if mapping is None else mapping.names
                if stated.get(name, name) in other.names:
                    assert one.mapped(name, other).name == stated.get(name, name)
                else:
                    refused += 1
                    with pytest.raises(UnknownError, match="no counterpart"):
                        one.mapped(name, other)
    assert refused > 0


def test_what_is_lost_is_said_exactly_where_two_names_become_one_or_a_meaning_goes() -> None:
    old, standard = LISTS.get("case-type", "hunan-old"), LISTS.get("case-type", GB)
    assert old.mapped("上报件", standard).lost
    assert old.mapped("承诺件", standard).lost == ""
    for versions in LISTS.lists.values():
        for one, other in permutations(versions.values(), 2):
            into: dict[str, list[str]] = {}
            for name in one.names:
                try:
                    into.setdefault(one.mapped(name, other).name, []).append(name)
                except UnknownError:
                    continue
            for names in into.values():
                if len(names) > 1:
                    assert any(one.mapped(name, other).lost for name in names), (one.code, names)


def test_our_own_names_stand_in_the_lists() -> None:
    assert {one.value for one in CaseType} == set(LISTS.get("case-type", "notice").names)
    assert {one.value for one in PowerClass} == set(LISTS.get("item-type", "power-list").names)
    assert {one.chinese for one in ItemState} == set(LISTS.get("item-state", "c0109").names)
    assert set(LISTS.get("special-procedure", "notice").names) <= {one.value for one in PauseKind}
    assert set(CODED.values()) <= set(LISTS.lists)


def test_what_there_is_not_is_named_with_what_there_is() -> None:
    for code, version in (("nothing", GB), ("case-type", "nothing")):
        with pytest.raises(UnknownError) as refused:
            LISTS.get(code, version)
        assert refused.value.remedy.startswith("use one of")
    with pytest.raises(UnknownError, match="different lists"):
        LISTS.get("scope", "c0109").mapped("全国", LISTS.get("result-kind", "c0109"))


GOOD = """
list = "x"
version = "1"
name = "表"
source = { instrument = "演示" }
[[entry]]
code = "1"
name = "甲"
"""


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["missing"] * 5),
        (GOOD.replace('code = "1"', "code = 1"), ["missing", "missing"]),
        (GOOD + '[[entry]]\ncode = "1"\nname = "甲"\n', ["twice", "twice"]),
        (GOOD + 'colour = "red"\n', ["unknown-field"]),
        (GOOD + '[[mapping]]\nto = "2"\n[mapping.names]\n"甲" = 1\n', ["type"]),
    ],
)
def test_everything_wrong_with_a_file_is_said_at_once(text: str, codes: list[str]) -> None:
    with pytest.raises(CodeListError) as refused:
        parse_code_list(tomllib.loads(text), "x.toml")
    assert [fault.code for fault in refused.value.faults][: len(codes)] == codes


def test_lists_that_contradict_each_other_are_refused() -> None:
    one = parse_code_list(tomllib.loads(GOOD), "x.toml")
    mapped = GOOD.replace('version = "1"', 'version = "2"') + '[[mapping]]\nto = "1"\n[mapping.names]\n"乙" = "丙"\n'
    lost = GOOD.replace('version = "1"', 'version = "3"') + '[[mapping]]\nto = "9"\n'
    others = [parse_code_list(tomllib.loads(text), "y.toml") for text in (mapped, lost)]
    with pytest.raises(CodeListError) as refused:
        CodeLists.of([one, one, *others])
    assert sorted(fault.code for fault in refused.value.faults) == [
        "twice",
        "unknown-name",
        "unknown-name",
        "unknown-version",
    ]
