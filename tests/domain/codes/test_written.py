"""Codes as people write them: what was meant is read, what cannot be meant is named, a rounded number is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.codes.check_digits import ALPHABET
from egov_core.domain.codes.written import code_fault, ends_rounded, half_width_code, is_scientific


@pytest.mark.parametrize("text", ["P01", "jg-101", "sx/2019(1)", "水利局", "A·1", "11430499MB0L074471"])
def test_any_signs_that_are_seen_and_alone_make_a_code(text: str) -> None:
    assert code_fault(text) == "" and half_width_code(text) == text


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("Ｐ０１", 1, "a full-width one; write 'P01'"),
        ("P０1", 2, "a full-width one; write 'P01'"),
        ("P（1）", 2, "a full-width one; write 'P(1)'"),
        ("A B", 2, "a blank"),
        ("A\u3000B", 2, "a blank"),
        ("A\tB", 2, "a blank"),
        ("A\u00a0B", 2, "a blank"),
        ("A\u200bB", 2, "one that nobody sees"),
        ("\ufeffA", 1, "one that nobody sees"),
    ],
)
def test_what_cannot_be_a_code_is_named_with_its_place(text: str, place: int, what: str) -> None:
    assert code_fault(text).endswith(f" is no code: character {place} is {what}")


@given(st.text(alphabet=[chr(sign) for sign in range(0x21, 0x7F)], min_size=1))
def test_full_width_signs_are_the_half_width_ones_that_were_meant(text: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in text)
    assert half_width_code(f"\u3000{wide} ") == text and code_fault(text) == ""
    assert code_fault(wide)


@given(st.integers(10**15, 10**20))
def test_a_long_number_that_was_shortened_is_known(number: int) -> None:
    for places in (0, 5, 14):
        for shown in (f"{number:.{places}e}", f"{number:.{places}E}"):
            assert is_scientific(shown), shown
    assert is_scientific(repr(float(number))) or repr(float(number)).endswith(".0")
    assert not is_scientific(str(number))


@given(st.text(alphabet=ALPHABET, min_size=18, max_size=18))
def test_no_code_of_an_organisation_is_taken_for_a_shortened_number(code: str) -> None:
    assert not is_scientific(code)


@pytest.mark.parametrize(
    "text", ["", "12E34", "E+17", "E12345678", "1.2", "1-2", "2E3", "12345E+17", "1.5E-7", "A1E+17"]
)
def test_codes_with_an_e_are_codes(text: str) -> None:
    assert not is_scientific(text)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("990121199001011000", True),
        ("990121199001010000", True),
        ("990121199001011236", False),
        ("99012119900101000", False),
        ("99012119900101100X", False),
        ("１１１１１１１１１１１１１１１０００", True),
    ],
)
def test_noughts_from_the_sixteenth_digit_on_are_what_a_spreadsheet_leaves(text: str, lost: bool) -> None:
    assert ends_rounded(text) is lost
