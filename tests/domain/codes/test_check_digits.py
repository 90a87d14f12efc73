"""Check characters of GB 32100 and lengths of item codes, against codes that were issued."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.codes.check_digits import (
    ALPHABET,
    ITEM_CODE_RULES,
    credit_code_check,
    is_credit_code,
    is_resident_number,
    item_code_faults,
    resident_number_check,
)

GOOD = (
    "91350100M000100Y43",  # the example of the standard
    "11430000006122383B",
    "11430000006122244L",
    "11430421MB0L074471",
    "11431226MB168335XX",
    "12441500196720244T",
)
WRONG = ("91350100M0001TGQXM", "91350211M0000XUF46")
"""Records that stand in a public register with a wrong check character."""


@pytest.mark.parametrize("code", GOOD)
def test_issued_codes_are_right(code: str) -> None:
    assert is_credit_code(code)


@pytest.mark.parametrize("code", [*WRONG, "", "91350100M000100Y4", "91350100m000100y43", "9135010OM000100Y43"])
def test_others_are_not(code: str) -> None:
    assert not is_credit_code(code)


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_a_slip_of_one_character_is_always_seen(body: str, place: int, other: str) -> None:
    code = body + credit_code_check(body)
    assert is_credit_code(code)
    slipped = code[:place] + other + code[place + 1 :]
    assert is_credit_code(slipped) is (slipped == code)


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 15))
def test_two_neighbours_in_the_wrong_order_are_seen(body: str, place: int) -> None:
    code = body + credit_code_check(body)
    turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_credit_code(turned) is (turned == code)


def test_too_few_characters_have_no_check() -> None:
    with pytest.raises(ValueError, match="18"):
        credit_code_check("91350100")


def test_the_example_of_the_resident_numbers_is_right() -> None:
    assert is_resident_number("11010519491231002X")  # the example of GB 11643-1999
    for wrong in ("110105194912310021", "11010519491231002x", "11010519491231002", "", "1101051949123100２X"):
        assert not is_resident_number(wrong)
    with pytest.raises(ValueError, match="17"):
        resident_number_check("1101")


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.sampled_from("0123456789"))
def test_a_slip_of_one_digit_of_a_resident_number_is_always_seen(body: str, place: int, other: str) -> None:
    number = body + resident_number_check(body)
    slipped = number[:place] + other + number[place + 1 :]
    assert is_resident_number(number) and is_resident_number(slipped) is (slipped == number)


NATIONAL, STANDARD = ITEM_CODE_RULES["national"], ITEM_CODE_RULES["gbt-39046-2020"]


def test_the_two_rules_do_not_agree_and_each_is_told_by_itself() -> None:
    base, whole = "000122011000", "11430421MB0L0744714000122011000"
    assert item_code_faults(NATIONAL, base=base, implementation=whole) == ()
    assert [field for field, _ in item_code_faults(STANDARD, base=base, implementation=whole)] == [
        "base_code",
        "implementation_code",
    ]
    assert item_code_faults(NATIONAL, base="", implementation="") == ()
    wrong = item_code_faults(NATIONAL, base=base, implementation=whole.replace("4471", "4472"))
    assert [field for field, _ in wrong] == ["implementation_code"]
