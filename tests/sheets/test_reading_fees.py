"""Fees as offices write them: everything is read, or said not to be; nothing is worked out."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.sheets.fees.reader import read_fee
from egov_core.sheets.fees.reasons import MESSAGES
from egov_core.sheets.fees.stated import FeeReading, StatedFee


@pytest.mark.shared
def test_the_strings_of_real_offices_get_their_meaning_and_none_a_wrong_one(shared_dir: Path) -> None:
    wrong, unread, rows = [], [], 0
    classes: Counter[str] = Counter()
    with (shared_dir / "data" / "fee_strings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows += 1
            found = read_fee(row["string"])
            if found.fee_class is None:
                unread.append((row["class"], row["string"], [part.text for part in found.unread]))
                classes[row["class"]] += 1
            elif (found.fee_class.value, found.amount, found.unit) != (row["class"], row["amount"], row["unit"]):
                wrong.append((row["string"], row["class"], found.fee_class, found.amount, found.unit))
    assert rows > 25
    assert wrong == []
    assert len(unread) <= rows * 0.05, (classes, unread)


READ = [
    ("此项不收费", "none", "0", ""),
    ("收费标准：不收费", "none", "0", ""),
    ("收费依据：无 收费标准：无", "none", "0", ""),
    ("不收费（收费依据“/”）", "none", "0", ""),
    ("工本费免收", "mixed", "0", ""),
    ("暂停征收(证照工本费;现场审评费)", "suspended", "0", ""),
    ("收费：是", "charged", "", ""),
    ("收费(川物价发〔2005〕197号)", "by-document", "", ""),
    ("60元/平方米(住宅)、80元/平方米(非住宅)", "branch", "60/80", "元/平方米"),
    ("按占用面积1.00元/平方米一次性计征", "rate", "1.00", "元/平方米"),
    ("详见附件", "by-document", "", ""),
    ("房屋建筑按造价1.5%,市政工程按造价2%", "branch", "1.5/2", "%"),
    ("0.30元每平方米每天", "rate", "0.30", "元/平方米/天"),
    ("每卷5元", "fixed", "5", "元/卷"),
    ("——", "unknown", "", ""),
    ("", "unknown", "", ""),
    ("湘价费【2011】167号附表四", "by-document", "", ""),
    ("按国家规定标准收取", "by-document", "", ""),
    ("省级不收取,市级收取", "level-dependent", "", ""),
    ("几十元", "vague", "", ""),
    ("８０元／件（发改价格规〔2016〕2559号）", "fixed", "80", "元/件"),
    ("每证10元", "fixed", "10", "元/证"),
    ("工本费10元", "fixed", "10", "元"),
    ("是否收费:是,收费标准:10元/本", "fixed", "10", "元/本"),
    ("每 件 80 元", "fixed", "80", "元/件"),
    ("壹佰元/件", "fixed", "100", "元/件"),
    ("1,000元/件", "fixed", "1000", "元/件"),
    ("100元/人·次", "fixed", "100", "元/人·次"),
    ("10元/本(低保户免收)", "fixed", "10", "元/本"),
    ("0.7元/吨", "rate", "0.7", "元/吨"),
    ("12元每平方米", "rate", "12", "元/平方米"),
    ("按建筑面积每平方米30元", "rate", "30", "元/平方米"),
    ("2万元/亩", "rate", "2", "万元/亩"),
    ("每户每月5元", "rate", "5", "元/户/月"),
    ("300-500元/件", "range", "300-500", "元/件"),
    ("住宅80元/件，非住宅550元/件", "branch", "80/550", "元/件"),
    ("证书工本费10元/证，登记费50元/件", "branch", "10 / 50", "元/证 , 元/件"),
    ("按合同价款的0.5%-1%收取", "percent", "0.5-1", "%"),
    ("工程造价的千分之三", "percent", "3", "‰"),
    ("契税3%", "percent", "3", "%"),
]


@pytest.mark.parametrize(("text", "fee_class", "amount", "unit"), READ)
def test_what_offices_write_is_read(text: str, fee_class: str, amount: str, unit: str) -> None:
    found = read_fee(text)

    assert [part.text for part in found.unread] == []
    assert found.fee_class is not None
    assert (found.fee_class.value, found.amount, found.unit) == (fee_class, amount, unit)


NOT_READ = [
    ("不超过500元", "words"),
    ("500元/件起", "words"),
    ("约500元", "words"),
    ("首本10元,加本20元", "words"),
    ("80/件", "words"),
    ("小微企业免征", "words"),
    ("每增加1平方米加收5元", "words"),
    ("罚款200元", "words"),
    ("不收费(但需缴纳赔补偿费)", "words"),
    ("一百二元/件", "number"),
    ("10元/本？", "question"),
    ("□是 □否", "ticked"),
    ("500-300元/件", "range"),
    ("每件80元/本", "unit"),
    ("住宅80元非住宅550元", "several"),
    ("住宅80元/件非住宅550元/件", "words"),
    ("80元/件(", "brackets"),
    ("元" * 601, "long"),
    ("审批不收费,水土保持补偿费1.00元/平方米", "conflict"),
    ("收费依据:不收费;收费标准:湘价费【2011】167号附表四", "conflict"),
    ("80元/件,550元/件", "not-joined"),
    ("工本费", "no-answer"),
]


@pytest.mark.parametrize(("text", "reason"), NOT_READ)
def test_what_is_open_is_said_not_to_be_read(text: str, reason: str) -> None:
    found = read_fee(text)

    assert (found.read, found.fee_class, found.amount, found.unit) == (False, None, None, None)
    assert found.unread[0].reason == reason
    assert found.unread[0].message.endswith(MESSAGES[reason])


def test_every_reason_has_a_text_here() -> None:
    assert {reason for _, reason in NOT_READ} == set(MESSAGES)


def test_a_share_has_no_yuan_and_ten_thousands_have() -> None:
    assert read_fee("按工程总造价1.5%").fees[0].yuan is None
    assert read_fee("2万元/亩").fees[0].yuan == Decimal(20_000)
    assert read_fee("5角/份").fees[0].yuan == Decimal("0.5")


def test_conditions_are_kept_in_the_words_of_the_cell() -> None:
    capped = read_fee("居民0.55元/立方米(以月用水量36立方米为上限计收,超过部分不计收)")
    tiered = read_fee("餐饮业2元/吨(月用水120吨以上的用户)、1元/吨(月用水不超120吨的用户)")

    assert capped.condition == "以月用水量36立方米为上限计收,超过部分不计收"
    assert [fee.condition for fee in tiered.fees] == ["月用水120吨以上的用户", "月用水不超120吨的用户"]
    assert [fee.subject for fee in tiered.fees] == ["餐饮业", ""]


AMOUNTS = st.decimals(Decimal("0.01"), Decimal(99_999), places=2, allow_nan=False)


@st.composite
def readings(draw: st.DrawFn) -> FeeReading:
    """One amount or several branches, each with what it is for."""
    subjects = draw(st.lists(st.sampled_from(["住宅", "非住宅", "小型车", "证书工本费"]), min_size=1, unique=True))
    per = draw(st.sampled_from(["件", "本", "平方米", "m2", "吨", "人·次", ""]))
    scale = draw(st.sampled_from(["元", "万元"]))
    fees = []
    for subject in subjects:
        low = draw(AMOUNTS)
        fees.append(
            StatedFee(
                amount=low,
                upto=draw(st.one_of(st.none(), st.just(low + 1))),
                scale=scale,
                per=per,
                subject=subject if len(subjects) > 1 or draw(st.booleans()) else "",
                condition=draw(st.sampled_from(["", "首次办理的", "月用水120立方米以上的用户"])),
            )
        )
    if draw(st.booleans()):
        fees = [StatedFee(amount=draw(AMOUNTS), scale=draw(st.sampled_from(["%", "‰"])), of="工程总造价")]
    return FeeReading(text="", fees=tuple(fees))


@given(readings())
def test_what_is_written_out_reads_back_as_itself(reading: FeeReading) -> None:
    again = read_fee(str(reading))

    assert again.unread == ()
    assert again.fees == reading.fees


SIGNS = "0123456789一百千万元角分每件本平方米m23/%‰按收费免不的标准,，;；()（）.、 -—至到〔〕号\n"


@given(st.one_of(st.text(), st.text(alphabet=SIGNS, max_size=30)))
def test_nothing_raises_and_what_is_unread_has_no_amount(text: str) -> None:
    found = read_fee(text)

    str(found)
    assert found.read is (found.fee_class is not None) is (found.amount is not None)
    if not found.read:
        assert (found.amount, found.unit) == (None, None)
