"""A law is searched as deeply as it is said to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import depth


def test_at_night_a_law_is_tried_on_all_its_examples_in_several_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth, "AT_NIGHT", True)
    monkeypatch.setattr(depth, "EXAMPLES", 60)
    monkeypatch.setattr(depth, "SEARCHES", 3)
    seen = []

    @depth.law
    @given(st.integers())
    def property_of_numbers(number: int) -> None:
        seen.append(number)

    property_of_numbers()
    assert len(seen) == 60


def test_a_law_that_does_not_hold_fails_at_night_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth, "AT_NIGHT", True)

    @depth.law
    @given(st.integers())
    def small(number: int) -> None:
        assert number < 10

    with pytest.raises(AssertionError):
        small()


def test_by_day_it_is_a_property_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth, "AT_NIGHT", False)

    @given(st.integers())
    def left_alone(number: int) -> None:
        assert number == number  # noqa: PLR0124 -- the instruction that is looked for

    assert depth.law(left_alone) is left_alone
