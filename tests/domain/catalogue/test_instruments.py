"""Ended instruments: an end is a fact where its words have been read, and is told as what to look up where not."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest

from egov_core.domain.catalogue.instruments import (
    EndedInstrument,
    article_numbers,
    by_name,
    parse_counted,
    parse_ended,
    plain_name,
    successors,
)
from egov_core.domain.legal import LegalBasis
from egov_core.errors import ClaimError
from egov_core.runtime.code_lists import counted_instruments, ended_instruments

DAY = date(2026, 11, 27)
SOUND = """
[[instrument]]
name = "《某县某某管理办法》"
ended = 2024-05-01
replaced-by = "《某县某某管理规定》"
basis = { instrument = "《某县某某管理规定》", article = "第三十条", in-force = 2024-05-01 }

[[counted]]
name = "《某县某某管理规定》"
articles = 30
since = 2024-05-01
"""


def faults_of(text: str) -> list[tuple[str, str]]:
    data = tomllib.loads(text)
    found: list[tuple[str, str]] = []
    for parse in (parse_ended, parse_counted):
        try:
            parse(data, "own.toml")
        except ClaimError as error:
            found += [(one.path, one.message) for one in error.faults]
    return found


def test_a_place_gives_what_has_ended_and_how_long_others_are() -> None:
    assert faults_of(SOUND) == []
    [one] = parse_ended(tomllib.loads(SOUND), "own.toml")
    assert (one.ended, str(one.basis), one.unverified) == (date(2024, 5, 1), "《某县某某管理规定》第三十条", False)


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        (', article = "第三十条"', "", "instrument[0].basis.article", "write unverified = true"),
        ('"第三十条"', '" "', "instrument[0].basis.article", "write unverified = true"),
        ("ended = 2024-05-01", "ended = 2024-05-01\nunverified = 1", "instrument[0].unverified", "true or false"),
        ("ended = 2024-05-01", "ended = 2024-05-01\nverified = true", "instrument[0].verified", "not a key"),
        ("ended = 2024-05-01", 'ended = "2024-05-01"', "instrument[0].ended", "without quotes"),
        ("articles = 30", "articles = 0", "counted[0].articles", "whole number"),
        ("[[counted]]", "[[counts]]", "counts", "not a key"),
        ("[[counted]]", "[counted]", "counted", "[[counted]]"),
        ("[[instrument]]", "[instrument]", "instrument", "[[instrument]]"),
    ],
)
def test_what_a_file_gets_wrong_is_named(old: str, new: str, path: str, message: str) -> None:
    assert SOUND.count(old) >= 1
    found = faults_of(SOUND.replace(old, new, 1))
    assert [one for one, _ in found] == [f"own.toml: {path}"]
    assert message in found[0][1]


def test_everything_wrong_is_told_at_once() -> None:
    text = SOUND.replace("ended = 2024-05-01", "ended = 1").replace(', article = "第三十条"', "")
    assert [path for path, _ in faults_of(text)] == [
        "own.toml: instrument[0].ended",
        "own.toml: instrument[0].basis.article",
    ]


def test_an_end_that_nobody_has_looked_up_says_so_and_needs_no_article() -> None:
    text = SOUND.replace(', article = "第三十条"', "").replace("[[counted]]", "unverified = true\n\n[[counted]]")
    assert faults_of(text) == []
    [one] = parse_ended(tomllib.loads(text), "own.toml")
    assert one.unverified


def test_every_end_of_the_library_has_its_source_or_says_that_it_was_not_looked_up() -> None:
    shipped = ended_instruments()
    assert len(shipped) >= 90
    facts = [one for one in shipped.values() if not one.unverified]
    assert len(facts) >= 70
    assert all(one.basis.article for one in facts)
    assert all(one.basis.in_force == one.ended for one in shipped.values())
    # Where a law ends another itself, that law takes its place. One levy gave way to a tax, and one tax to another.
    elsewhere = {"排污费征收使用管理条例", "营业税暂行条例"}
    for one in facts:
        if one.replaced_by and plain_name(one.name) not in elsewhere:
            assert one.replaced_by == one.basis.instrument or "关于" in one.basis.instrument, one.name


def test_the_library_ends_and_counts_nothing_twice_and_counts_nothing_that_has_ended() -> None:
    from importlib.resources import files

    data = tomllib.loads((files("egov_core") / "data" / "instruments" / "ended.toml").read_text(encoding="utf-8"))
    for table in ("instrument", "counted"):
        names = [plain_name(row["name"]) for row in data[table]]
        assert len(names) == len(set(names))
    assert not counted_instruments().keys() & ended_instruments().keys()


def test_no_article_that_ends_something_lies_beyond_the_end_of_its_law() -> None:
    """Two lists of the same file, written apart: the last article of the civil code is the 1260th."""
    counted, checked = counted_instruments(), 0
    for one in ended_instruments().values():
        law = counted.get(plain_name(one.basis.instrument))
        if law is not None and law.since <= one.ended:
            assert article_numbers(one.basis.article) == (law.articles,), one.name
            checked += 1
    assert checked >= 25


def test_the_environmental_code_ended_ten_laws_on_one_day() -> None:
    code = "《中华人民共和国生态环境法典》"
    ended = {plain_name(one.name) for one in ended_instruments().values() if one.replaced_by == code}
    assert ended == {
        *("环境保护法", "环境影响评价法", "海洋环境保护法", "大气污染防治法", "水污染防治法", "土壤污染防治法"),
        *("固体废物污染环境防治法", "噪声污染防治法", "放射性污染防治法", "清洁生产促进法"),
    }


def ended(name: str, by: str, on: date = date(2020, 1, 1), **more: Any) -> EndedInstrument:
    return EndedInstrument(
        name=name, ended=on, replaced_by=by, basis=LegalBasis(instrument=by, article="第一条"), **more
    )


@pytest.mark.parametrize(
    ("instruments", "expected"),
    [
        ([ended("《甲》", "《乙》")], ("《乙》",)),
        ([ended("《甲》", "《乙》"), ended("《乙》", "《丙》")], ("《乙》", "《丙》")),
        ([ended("《甲》", "《乙》"), ended("《乙》", "《丙》", date(2027, 1, 1))], ("《乙》",)),
        ([ended("《甲》", "《乙》"), ended("《乙》", "《丙》", unverified=True)], ("《乙》",)),
        ([ended("《甲》", "《乙》"), ended("《乙》", "《甲》")], ("《乙》", "《甲》")),
        ([ended("《甲》", "")], ()),
    ],
)
def test_successors_go_on_to_what_is_in_force(instruments: list[EndedInstrument], expected: tuple[str, ...]) -> None:
    known = by_name(instruments)
    assert successors(known["甲"], known, DAY) == expected


def test_whoever_cites_an_old_regulation_is_led_to_the_one_in_force() -> None:
    known = ended_instruments()
    assert successors(known["城乡个体工商户管理暂行条例"], known, DAY) == (
        "《个体工商户条例》",
        "《促进个体工商户发展条例》",
    )
    assert successors(known["环境噪声污染防治法"], known, date(2026, 8, 14)) == ("《中华人民共和国噪声污染防治法》",)
    assert successors(known["环境噪声污染防治法"], known, DAY)[-1] == "《中华人民共和国生态环境法典》"
