"""Cells in the ways catalogues are filled: never a wrong meaning, and no sign of layout or of a document changes one.

The meanings were written down before the readers were looked at (`data/README.md`).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.legal import AS_GIVEN
from egov_core.domain.periods import NoLimit
from egov_core.sheets.fees.reader import read_fee
from egov_core.sheets.forms.words import NotRead, limit_in, statutory_in
from egov_core.sheets.limits.plain import limit_beside
from egov_core.sheets.limits.reader import read_limit
from egov_core.sheets.limits.stated import LimitKind

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


HOSTILE_LIMITS, HOSTILE_FEES = rows("limits_hostile.csv"), rows("fees_hostile.csv")
LIMITS = rows("limits_as_written.csv") + HOSTILE_LIMITS
FEES = rows("fees_as_written.csv") + HOSTILE_FEES


def one_width(text: str) -> str:
    """㎡ and m2 are one unit: half width is what a clerk would enter."""
    return unicodedata.normalize("NFKC", text)


def limit_line(text: str) -> tuple[str | None, str | None]:
    found = read_limit(text)
    return found.amount, found.unit


def fee_line(text: str) -> tuple[str | None, str | None, str | None]:
    found = read_fee(text)
    return found.fee_class.value if found.fee_class else None, found.amount, found.unit


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row["string"])
def test_a_limit_gets_its_meaning_or_none(row: dict[str, str]) -> None:
    found = read_limit(row["string"])
    if row["reading"] == "apart":
        assert [part.reason for part in found.unread] == ["units-differ"]
        stated = [
            "/".join(limit.number for limit in found.limits),
            "/".join(limit.unit.shown for limit in found.limits),
        ]
        assert stated == [row["amount"], row["unit"]]
    elif row["reading"] == "unread" or (row["reading"] == "open" and not found.read):
        assert (found.read, found.amount, found.unit) == (False, None, None)
    else:
        assert [part.text for part in found.unread] == []
        assert (found.amount, found.unit) == (row["amount"], row["unit"])


@pytest.mark.parametrize("row", FEES, ids=lambda row: row["string"])
def test_a_fee_gets_its_meaning_or_none(row: dict[str, str]) -> None:
    found = read_fee(row["string"])
    if row["reading"] == "unread" or (row["reading"] == "open" and not found.read):
        assert (found.fee_class, found.amount, found.unit) == (None, None, None)
    else:
        assert [part.text for part in found.unread] == []
        assert found.fee_class is not None and found.unit is not None
        assert (found.fee_class.value, found.amount, one_width(found.unit)) == (
            row["class"],
            row["amount"],
            row["unit"],
        )


def test_the_collection_is_large_enough_to_say_something() -> None:
    limits, fees = [row["reading"] for row in LIMITS], [row["reading"] for row in FEES]

    assert len(limits) >= 250 and limits.count("unread") >= 90
    assert len(fees) >= 120 and fees.count("unread") >= 50
    assert len(HOSTILE_LIMITS) >= 120 and len(HOSTILE_FEES) >= 120
    for found, read in ((limits, limit_line), (fees, fee_line)):
        names = [row["string"] for row in (LIMITS if found is limits else FEES)]
        open_ones = [text for text, reading in zip(names, found, strict=True) if reading == "open"]
        left = [text for text in open_ones if read(text)[0] is None]
        assert len(left) <= 0.05 * len(found), left


# --- layout changes nothing -------------------------------------------------------------------------------------------

SINGLE = [row["string"] for row in LIMITS if row["reading"] == "read" and "\n" not in row["string"]]
PRICED = [row["string"] for row in FEES if row["reading"] == "read" and "\n" not in row["string"]]


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def spaced_out(text: str) -> str:
    """Every Chinese sign apart, digits together: how a title cell is filled out to its width."""
    letters = "".join(f"{sign} " if "\u4e00" <= sign <= "\u9fff" else sign for sign in text)
    return letters.rstrip()


LAYOUTS: dict[str, Callable[[str], str]] = {
    "wide": wide,
    "bracketed": lambda text: f"（{text}）",
    "quoted": lambda text: f"“{text}”" if '"' not in one_width(text) and "“" not in text else text,
    "blanks around": lambda text: f" \u3000{text}\u3000\t",
    "a break behind": lambda text: f"{text}\r\n",
    "a stop behind": lambda text: f"{text}。",
    "an invisible sign": lambda text: f"\ufeff{text}\u200b",
}


@given(st.sampled_from(SINGLE), st.sampled_from(sorted(LAYOUTS)))
def test_layout_changes_no_limit(text: str, layout: str) -> None:
    assert limit_line(LAYOUTS[layout](text)) == limit_line(text)


@given(st.sampled_from(PRICED), st.sampled_from(sorted(LAYOUTS)))
def test_layout_changes_no_fee(text: str, layout: str) -> None:
    assert fee_line(LAYOUTS[layout](text)) == fee_line(text)


@given(st.sampled_from(SINGLE), st.data())
def test_a_blank_or_a_break_somewhere_is_never_another_limit(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    cut = text[:at] + data.draw(st.sampled_from([" ", "\u3000", "\n", "  "])) + text[at:]
    is_in_a_number = text[at - 1 : at].isdigit() and text[at : at + 1].isdigit()

    found = limit_line(cut)
    assert found in (limit_line(text), (None, None)) or (is_in_a_number and found[0] is None)


@given(st.sampled_from(PRICED), st.data())
def test_a_blank_or_a_break_somewhere_is_never_another_amount(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    cut = text[:at] + data.draw(st.sampled_from([" ", "\u3000", "\n", "  "])) + text[at:]

    found = fee_line(cut)
    assert found[1] in (fee_line(text)[1], None)


@given(st.sampled_from(["20个工作日", "当场办结", "即办", "法定时限:20个工作日", "半年", "不超过20个工作日"]))
def test_letters_may_be_spaced_out(text: str) -> None:
    assert limit_line(spaced_out(text)) == limit_line(text)


@given(st.sampled_from(["不收费", "免费", "暂停征收", "10元/本", "工本费10元/本", "需收费"]))
def test_letters_of_a_fee_may_be_spaced_out(text: str) -> None:
    assert fee_line(spaced_out(text)) == fee_line(text)


@given(
    st.lists(st.sampled_from(["公示", "听证", "专家评审", "检验", "检测", "现场勘查", "补正"]), min_size=2, max_size=5),
    st.sampled_from(["、", "，", ",", "和", "及", "､", "﹑"]),
    st.sampled_from(["（不含{}时间）", "（不包括{}所需时间）", "（{}时间除外）", "，不含{}时间"]),
)
def test_what_parts_a_list_of_things_left_out_changes_nothing(things: list[str], parting: str, form: str) -> None:
    assert limit_line("20个工作日" + form.format(parting.join(things))) == ("20", "workday")


# --- the digits of a document are never an amount ---------------------------------------------------------------------

ISSUERS = ["湘价费", "湘发改价费", "财税", "湘政办发", "国发", "发改价格规", "湘财综", "衡政发", "湘审改办", "计价格"]
BRACKETS = ["〔{}〕", "[{}]", "（{}）", "({})", "【{}】", "［{}］", "﹝{}﹞"]


@st.composite
def document_numbers(draw: st.DrawFn) -> str:
    year = BRACKETS[draw(st.integers(0, len(BRACKETS) - 1))].format(draw(st.integers(1990, 2026)))
    number = f"{draw(st.sampled_from(ISSUERS))}{year}{draw(st.sampled_from(['', '第']))}{draw(st.integers(1, 3000))}号"
    return wide(number) if draw(st.booleans()) else number


AROUND = [
    "{amount}（{number}）",
    "{amount}，{number}",
    "{number}，{amount}",
    "{number}：{amount}",
    "依据{number}，{amount}",
]


@given(
    document_numbers(),
    st.sampled_from(["20个工作日", "即办", "三十日", "法定20个工作日，承诺5个工作日"]),
    st.sampled_from(AROUND),
)
def test_the_number_of_a_document_beside_a_limit_changes_nothing(number: str, limit: str, around: str) -> None:
    assert limit_line(around.format(amount=limit, number=number)) == limit_line(limit)


@given(
    document_numbers(),
    st.sampled_from(["10元/本", "1.5元/平方米", "工程造价的1.5%", "每证5元"]),
    st.sampled_from(AROUND),
)
def test_the_number_of_a_document_beside_a_fee_changes_nothing(number: str, fee: str, around: str) -> None:
    assert fee_line(around.format(amount=fee, number=number)) == fee_line(fee)


@given(document_numbers(), st.sampled_from(["{}", "根据{}", "《{}》", "见{}文件", "{}第3条", "{}附表2"]))
def test_the_number_of_a_document_alone_is_no_amount(number: str, form: str) -> None:
    assert limit_line(form.format(number)) == (None, None)
    assert fee_line(form.format(number)) in (("by-document", "", ""), (None, None, None))


# --- cells in their columns -------------------------------------------------------------------------------------------

IN_COLUMNS = rows("limits_in_columns.csv")
_UNITS = {"wd": "wd", "nd": "d", "h": "h", "wh": "wh", "mo": "m", "y": "y"}


def as_limit(said: str) -> str | None:
    """A limit of the data as the domain writes it; None where nothing is said, and where the days are open (20d)."""
    if said in ("", "none"):
        return None
    if said == "0":
        return "immediate"
    found = re.fullmatch(r"([\d.]+)([a-z]+)", said)
    assert found is not None
    return found[1] + _UNITS[found[2]] if found[2] in _UNITS else None


def in_column(text: str, kind: LimitKind) -> str | None:
    try:
        limit = statutory_in(text) if kind is LimitKind.STATUTORY else limit_in(text, kind=kind)
    except NotRead as why:
        limit = why.value if why.warning else None
    return None if limit is None or isinstance(limit, NoLimit) else str(limit)


@pytest.mark.parametrize("row", IN_COLUMNS, ids=lambda row: f"{row['column']} {row['string']}")
def test_what_a_column_takes_is_what_the_cell_says_or_nothing(row: dict[str, str]) -> None:
    kind = LimitKind(row["column"])
    other = LimitKind.PROMISED if kind is LimitKind.STATUTORY else LimitKind.STATUTORY
    beside = limit_beside(row["string"], basis=AS_GIVEN, kind=kind, with_words=True)

    assert in_column(row["string"], kind) in (None, as_limit(row[kind.value]))
    said_beside = None if beside is None or isinstance(beside, NoLimit) else str(beside)
    assert said_beside in (None, as_limit(row[other.value]))


def test_nearly_all_that_a_column_can_take_is_taken() -> None:
    clear = [row for row in IN_COLUMNS if as_limit(row["statutory"]) or as_limit(row["promised"])]
    left = [row["string"] for row in clear if in_column(row["string"], LimitKind(row["column"])) is None]
    assert len(clear) > 130
    assert len(left) <= 0.2 * len(clear), left
