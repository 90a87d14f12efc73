"""A notice says what it says once, and a file that cannot be read is refused with everything that is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from egov_core.domain.calendar.notices import Notice, parse_notice
from egov_core.errors import CalendarDataError


def data(**changes: Any) -> dict[str, Any]:
    good: dict[str, Any] = {
        "number": "试〔2026〕1号",
        "title": "a notice",
        "year": 2027,
        "published": date(2026, 11, 3),
        "source": "a page",
        "rest": ["2026-12-31..2027-01-02"],
        "work": ["2027-01-03"],
    }
    return {key: value for key, value in (good | changes).items() if value is not None}


def faults(**changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(CalendarDataError) as caught:
        parse_notice(data(**changes), "n.toml")
    assert caught.value.remedy
    return [(fault.code, fault.path) for fault in caught.value.faults]


def test_ranges_include_both_ends_and_may_cross_the_year() -> None:
    """A range A..B names A, B and every day between them, also over New Year."""
    notice = parse_notice(data(), "n.toml")
    assert notice.rest == (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2))
    assert notice.work == (date(2027, 1, 3),)
    assert notice.name == "试〔2026〕1号"


def test_a_notice_without_a_number_is_cited_by_its_title() -> None:
    """The number may be unknown; the citation then falls back to the title."""
    assert parse_notice(data(number=None), "n.toml").name == "a notice"


def test_all_faults_are_reported_at_once() -> None:
    """Eight independent mistakes in one file give eight faults, each with its place."""
    found = faults(
        title=None,
        colour="red",
        amends="试〔2026〕1号",
        rest=["2027-02-30", "2027-05-05..2027-05-01", "2027-01-03", "2027-10-01", "2027-10-01"],
        ordinary=["2030-01-01"],
        published="soon",
    )
    assert sorted(found) == sorted(
        [
            ("unknown-field", "n.toml$.colour"),
            ("missing", "n.toml$.title"),
            ("amends-itself", "n.toml$.amends"),
            ("not-a-date", "n.toml$.published"),
            ("not-a-date", "n.toml$.rest[0]"),
            ("range-reversed", "n.toml$.rest[1]"),
            ("repeated", "n.toml$.rest[4]"),
            ("stated-twice", "n.toml$.work"),
            ("far-day", "n.toml$.ordinary"),
        ]
    )


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"rest": ["2027-01-03"]}, "stated-twice", "n.toml$.work"),
        ({"ordinary": ["2027-01-01"]}, "stated-twice", "n.toml$.ordinary"),
        ({"rest": ["20270101"]}, "not-a-date", "n.toml$.rest[0]"),
        ({"rest": ["2027-W01-1"]}, "not-a-date", "n.toml$.rest[0]"),
        ({"rest": [20270101]}, "not-a-date", "n.toml$.rest[0]"),
        ({"rest": "2027-01-01"}, "not-a-list", "n.toml$.rest"),
        ({"rest": ["2027-01-04..2027-10-04"]}, "range-too-long", "n.toml$.rest[0]"),
        ({"rest": None, "work": None}, "empty", "n.toml$"),
        ({"year": "2027"}, "year", "n.toml$.year"),
        ({"year": True}, "year", "n.toml$.year"),
        ({"published": None}, "missing", "n.toml$.published"),
        ({"published": date(2028, 1, 1)}, "published", "n.toml$.published"),
        ({"number": 7}, "not-text", "n.toml$.number"),
    ],
)
def test_each_fault_names_its_place(changes: dict[str, Any], code: str, path: str) -> None:
    """One mistake gives exactly one fault, with a stable code and a path in the file's own terms."""
    assert faults(**changes) == [(code, path)]


def test_a_notice_made_in_code_is_held_to_the_same_rule() -> None:
    """A contradiction is refused also where no file was parsed."""
    day = date(2027, 1, 1)
    with pytest.raises(CalendarDataError) as caught:
        Notice(title="t", year=2027, published=date(2026, 11, 1), rest=(day,), work=(day,))
    assert [fault.code for fault in caught.value.faults] == ["stated-twice"]
