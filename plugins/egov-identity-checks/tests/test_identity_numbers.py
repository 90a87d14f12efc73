"""Which numbers are taken, and what is said of the others; beside python-stdnum's own verdict where that differs."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from egov_identity_checks.numbers import credit_code_doubts, resident_number_doubts

TODAY = date(2024, 6, 17)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def person(body: str) -> str:
    """A number with its check digit, computed as GB 11643 writes it down and not as the library does."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def body(code: str) -> str:
    """A credit code with its check character, computed as GB 32100 writes it down."""
    total = sum(ALPHABET.index(one) * 3**place for place, one in enumerate(code))
    return code + ALPHABET[-total % 31]


def said(number: str, on: date = TODAY) -> list[str]:
    return [
        doubt.message if doubt.certain else f"advice: {doubt.message}" for doubt in resident_number_doubts(number, on)
    ]


# --- resident numbers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "11010519491231002x"])
def test_the_examples_of_the_standard_are_taken(number: str) -> None:
    assert said(number) == []


@pytest.mark.parametrize(
    ("area", "what"),
    [
        ("830000", "residence permit of a Taiwan resident"),
        ("810000", "residence permit of a Hong Kong resident, born before 1997"),
        ("659012", "a city younger than the birth date: registered late"),
        ("440524", "an abolished county"),
    ],
)
def test_numbers_that_were_issued_are_taken_though_the_library_refuses_them(area: str, what: str) -> None:
    number = person(f"{area}18850101001")
    assert said(number) == [], what
    assert not ric.is_valid(number), "the library has learned; look whether its verdict can be used"


def test_the_card_of_a_foreign_permanent_resident_is_taken() -> None:
    assert said(person("91184018850101001")) == []


def test_an_area_that_was_never_in_use_is_only_doubtful() -> None:
    [only] = said(person("12999919950228001"))
    assert only.startswith("advice: 前6位不是已知的行政区划代码")


@pytest.mark.parametrize(
    "number", ["", "1" * 15, "1" * 17, "1" * 19, "E12345678", "1101051949123１002X", " 11010519491231002X"]
)
def test_another_shape_is_told_and_nothing_else(number: str) -> None:
    [only] = said(number)
    assert only.startswith("应为18位")


def test_everything_wrong_is_said_at_once() -> None:
    both = said("990121199502290010")
    assert [text.split("，")[0] for text in both] == [
        "校验位不符",
        "第7至14位不是日历上有的出生日期（GB 11643-1999）。",
    ]


def test_nobody_is_born_after_the_day_of_the_application() -> None:
    number = person("99012120240617001")
    assert said(number) == []
    assert "晚于申请之日" in said(number, date(2024, 6, 16))[0]


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 17))
def test_one_wrong_digit_is_always_found(born: date, serial: int, place: int) -> None:
    number = person(f"990121{born:%Y%m%d}{serial:03d}")
    assert said(number) == []
    other = "1" if number[place] == "0" else "0"
    assert any(text.startswith("校验位不符") for text in said(number[:place] + other + number[place + 1 :]))


# --- credit codes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "11430421MB0L074471", "11431226MB168335XX", "12441500196720244T"]
)
def test_codes_of_the_standard_and_of_organs_are_taken(code: str) -> None:
    assert list(credit_code_doubts(code)) == []


def test_the_letter_of_a_registrar_is_taken_though_the_library_refuses_it() -> None:
    village = body("N2430423MF0000001")
    assert list(credit_code_doubts(village)) == []
    assert not uscc.is_valid(village), "the library has learned; look whether its verdict can be used"


@pytest.mark.parametrize("code", ["91350100M0001TGQXM", "91350211M0000XUF46"])
def test_codes_of_the_wild_with_a_wrong_check_character_are_found(code: str) -> None:
    [only] = credit_code_doubts(code)
    assert only.certain
    assert only.message.startswith("校验位不符")


@pytest.mark.parametrize(
    "code", ["", "91350100m000100y43", "91350100M00010OY43", "9135010AM000100Y43", "350100400001234"]
)
def test_a_code_of_another_shape_is_told(code: str) -> None:
    [only] = credit_code_doubts(code)
    assert only.message.startswith("应为18位")


@given(st.text("0123456789ABX①", max_size=20))
def test_no_sentence_repeats_a_number(text: str) -> None:
    sentences = [*said(text), *(doubt.message for doubt in credit_code_doubts(text))]
    assert all(text not in one for one in sentences if len(text) > 5)
    assert all(re.search("GB (11643-1999|32100-2015)", one) for one in sentences)
