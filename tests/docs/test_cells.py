"""The page on limits and fees in cells: every example is what the readers say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from egov_core.sheets.fees.reader import read_fee
from egov_core.sheets.limits.reader import read_limit
from egov_core.sheets.limits.reasons import MESSAGES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "cells.md").read_text(encoding="utf-8")


def rows(columns: int) -> Iterator[tuple[str, ...]]:
    """The rows of the tables with so many columns that begin with a text."""
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("| `") else []
        if len(cells) == columns:
            yield tuple(cell.strip("` |") for cell in cells)


@pytest.mark.parametrize(("text", "amount", "unit"), list(rows(3)))
def test_a_limit_on_the_page_is_read_so(text: str, amount: str, unit: str) -> None:
    found = read_limit(text)

    assert (found.amount, found.unit) == (amount, unit)


@pytest.mark.parametrize(("text", "fee_class", "amount", "unit"), list(rows(4)))
def test_a_fee_on_the_page_is_read_so(text: str, fee_class: str, amount: str, unit: str) -> None:
    found = read_fee(text)

    assert found.fee_class is not None
    assert (found.fee_class.value, found.amount, found.unit) == (fee_class, amount, unit)


def test_every_reason_is_on_the_page_and_true_of_its_examples() -> None:
    listed = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", PAGE, re.MULTILINE))
    examples = [(reason, text) for reason in MESSAGES for text in re.findall(r"`([^`]+)`", listed[reason])]

    assert len(examples) > 12
    assert [(read_limit(text).unread[0].reason, text) for _, text in examples] == examples


def test_the_tables_of_the_page_are_found() -> None:
    assert len(list(rows(3))) > 20
    assert len(list(rows(4))) > 15
