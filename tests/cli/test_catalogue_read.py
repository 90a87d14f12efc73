"""`egov catalogue read`: cells in, meaning out, and what was not read beside it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from egov_core.cli import main
from egov_core.cli.catalogue.reading_cells import _CLASSES, _CODES, _REASONS, _UNITS
from egov_core.sheets.fees import reasons as fees
from egov_core.sheets.fees.stated import FeeClass
from egov_core.sheets.limits import reasons as limits
from egov_core.sheets.limits.stated import LimitUnit, RemarkCode


def run(*arguments: str, stdin: str | bytes | None = None, locale: str = "C.UTF-8") -> Result:
    return CliRunner(env={"LC_ALL": locale}).invoke(main, ["catalogue", "read", *arguments], input=stdin)


def answers(*arguments: str, stdin: str | bytes | None = None) -> list[dict[str, Any]]:
    told = run(*arguments, "--json", stdin=stdin)
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert isinstance(found, list)
    return found


def test_a_limit_says_amount_unit_and_qualifiers() -> None:
    one, other = answers("limit", "６个工作日（不含现场勘查时间）", "择日办结")

    assert {key: one[key] for key in ("text", "read", "amount", "unit", "qualifiers", "plain")} == {
        "text": "６个工作日（不含现场勘查时间）",
        "read": True,
        "amount": "6",
        "unit": "workday",
        "qualifiers": ["excludes: 不含现场勘查时间"],
        "plain": None,
    }
    assert (other["read"], other["amount"], other["unit"]) == (False, None, None)
    assert [part["reason"] for part in other["unread"]] == ["words"]


def test_a_fee_says_class_amount_unit_and_condition() -> None:
    (one,) = answers("fee", "按工程总造价1.50%")

    assert (one["read"], one["class"], one["amount"], one["unit"], one["condition"]) == (
        True,
        "percent",
        "1.50",
        "%",
        "按工程总造价",
    )
    assert one["fees"][0]["yuan"] is None


def test_standard_input_is_read_line_by_line_and_a_mark_at_its_head_is_none_of_it() -> None:
    found = answers("limit", "即办", "-", stdin=b"\xef\xbb\xbf" + "20个工作日\r\n\n2小时".encode())

    assert [(one["text"], one["read"], one["unit"]) for one in found] == [
        ("即办", True, "immediate"),
        ("20个工作日", True, "workday"),
        ("", False, None),
        ("2小时", True, "hour"),
    ]


def test_bytes_that_are_no_text_are_not_read_and_do_not_stop_the_others() -> None:
    found = answers("limit", "-", stdin=b"\xff\xfe20\n" + "3个工作日".encode())

    assert [one["read"] for one in found] == [False, True]


def test_a_text_that_begins_with_a_dash_is_no_option() -> None:
    assert [one["read"] for one in answers("limit", "-5个工作日")] == [False]


@pytest.mark.parametrize("arguments", [("limit",), ("colour", "20个工作日")])
def test_what_cannot_be_asked_is_refused_as_an_option(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_people_read_chinese_in_a_chinese_locale_and_english_elsewhere() -> None:
    texts = ("limit", "20个工作日（不含公示时间）", "7个工作日（自然日）")
    chinese, english = run(*texts, locale="zh_CN.UTF-8").output, run(*texts).output

    assert chinese.splitlines()[:2] == ["20个工作日（不含公示时间）  →  20 工作日", "  不计入: 不含公示时间"]
    assert "未读懂" in chinese
    assert "not read" not in chinese
    assert english.splitlines()[:2] == ["20个工作日（不含公示时间）  →  20 workday", "  excludes: 不含公示时间"]
    assert "is counted in a unit that is not taken" in english


def test_every_code_has_a_chinese_word() -> None:
    assert set(_REASONS) == set(limits.MESSAGES) | set(fees.MESSAGES)
    assert set(_CLASSES) == {one.value for one in FeeClass}
    assert set(_UNITS) == {unit.shown for unit in LimitUnit} | {"-"}
    assert {code.value for code in RemarkCode} <= set(_CODES)


@pytest.mark.shared
@pytest.mark.parametrize(("kind", "columns"), [("limit", ("amount", "unit")), ("fee", ("class", "amount", "unit"))])
def test_the_command_answers_in_the_forms_of_the_tables(shared_dir: Path, kind: str, columns: tuple[str, ...]) -> None:
    with (shared_dir / "data" / f"{kind}_strings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    found = answers(kind, *(row["string"] for row in rows))

    assert [(row["string"], *(row[name] for name in columns)) for row in rows] == [
        (one["text"], *(one[name] for name in columns)) for one in found
    ]
