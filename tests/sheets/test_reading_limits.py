"""Limits as offices write them: everything is read, or said not to be; nothing is guessed."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.legal import AS_GIVEN
from egov_core.domain.periods import Period, parse_limit
from egov_core.sheets.limits.plain import NotPlain, as_text, plain_limit, read_plain_limit
from egov_core.sheets.limits.reader import read_limit
from egov_core.sheets.limits.reasons import MESSAGES
from egov_core.sheets.limits.stated import LimitKind, LimitReading, LimitUnit, Remark, RemarkCode, StatedLimit
from egov_core.sheets.numerals import chinese_of, value_of

# --- the strings of real offices --------------------------------------------------------------------------------------


@pytest.mark.shared
def test_the_strings_of_real_offices_get_their_meaning_and_none_a_wrong_one(shared_dir: Path) -> None:
    wrong, unread, rows = [], [], 0
    classes: Counter[str] = Counter()
    with (shared_dir / "data" / "limit_strings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows += 1
            found = read_limit(row["string"])
            if not found.read:
                unread.append((row["parse_class"], row["string"], [part.text for part in found.unread]))
                classes[row["parse_class"]] += 1
            elif (found.amount, found.unit) != (row["amount"], row["unit"]):
                wrong.append((row["parse_class"], row["string"], row["amount"], row["unit"], found.amount, found.unit))
    assert rows > 60
    assert wrong == []
    assert len(unread) <= rows * 0.05, (classes, unread)


# --- one line each, by what it shows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["材料齐全当场办结,否则5个工作日", "材料齐全的当场办结,需要勘查的,10个工作日", "现场办结或材料不全时,3个工作日"],
)
def test_a_limit_on_the_spot_is_never_lost_in_the_condition_of_another(text: str) -> None:
    found = read_limit(text)
    assert not found.read or "0" in (found.amount or ""), (found.amount, found.unit)
    assert isinstance(read_plain_limit(text, basis=AS_GIVEN), NotPlain)


READ = [
    ("贰拾个工作日", "20", "workday"),
    ("２０个工作日", "20", "workday"),
    ("十五（15）个工作日", "15", "workday"),
    ("20 个 工作日", "20", "workday"),
    ("2 (工作日)", "2", "workday"),
    ("承诺期限（工作日）：5", "5", "workday"),
    ("工作日20", "20", "workday"),
    ("20日（工作日）", "20", "workday"),
    ("20日(以工作日计算,不含法定节假日)", "20", "workday"),
    ("半个工作日", "0.5", "workday"),
    ("30个日历日", "30", "day"),
    ("二十一日", "21", "day"),
    ("半年", "6", "month"),
    ("三个月内办结", "3", "month"),
    ("1小时", "1", "hour"),
    ("2周", "2", "week"),
    ("30分钟", "30", "minute"),
    ("当日办结", "0", "immediate"),
    ("二〇个工作日", "20", "workday"),
    ("廿五日", "25", "day"),
    ("2０\n个工作日", "20", "workday"),
    ("当 场 办 结", "0", "immediate"),
    ("长期有效", "-", "-"),
    ("20个工作日(湘政办发〔2016〕18号)", "20", "workday"),
    ("20日内不能作出决定的,经本机关负责人批准,可以延长10日", "10", "day"),
    ("5个工作日(受理1个工作日、审查3个工作日、决定1个工作日)", "5", "workday"),
    ("4个工作小时", "4", "working-hour"),
    ("3至5个工作日", "3..5", "workday"),
    ("三到五个工作日", "3..5", "workday"),
    ("5个工作日—20个工作日", "5..20", "workday"),
    ("约20个工作日", "20", "workday"),
    ("不超过20个工作日", "20", "workday"),
    ("注：以上均为工作日", "-", "workday"),
    ("(法定工作日20 承诺工作日10)", "20/10", "workday"),
    ("1、报告书10个工作日;2、报告表5个工作日", "10/5", "workday"),
    ("①报告书10个工作日②报告表5个工作日", "10/5", "workday"),
    ("6个工作日不含现场勘查时间", "6", "workday"),
    ("公示10日不计入承诺时限", "-", "-"),
    ("有效期届满前三十日提出", "30", "day"),
    ("当场或者在五日内一次告知申请人需要补正的全部内容", "5", "day"),
    ("自受理之日起…20日内办结", "20", "day"),
    ("首次申请20个工作日，变更、延续10个工作日", "20/10", "workday"),
    ("接到申请后当场办理", "0", "immediate"),
    ("即办件", "0", "immediate"),
    ("马上就办", "0", "immediate"),
    ("材料齐全的当场办结", "0", "immediate"),
    ("即办件(1个工作日)", "1", "workday"),
    ("法定无时限", "-", "none"),
    ("法定:20个工作日;承诺:5个工作日", "20/5", "workday"),
    ("承诺期限5个工作日,法定期限20个工作日", "5/20", "workday"),
    ("法定办结时限20个工作日承诺办结时限5个工作日", "20/5", "workday"),
    ("20个工作日(法定),5个工作日(承诺)", "20/5", "workday"),
    (
        "告知承诺制：承诺时限1个工作日，法定时限20个工作日；一般程序：承诺时限9个工作日，法定时限20个工作日",
        "1/20 or 9/20",
        "workday",
    ),
    ("新办:10个工作日 变更:5个工作日 注销:3个工作日", "10/5/3", "workday"),
    ("设立20个工作日、变更10个工作日", "20/10", "workday"),
    ("10个工作日(县级),20个工作日(市级)", "10/20", "workday"),
    ("自受理之日起20个工作日内审查完毕,自审查完毕之日起5个工作日内报省厅", "20+5", "workday"),
    ("5个工作日内审查,10个工作日内决定", "5 then 10", "workday"),
    ("20个工作日(可延长10个工作日)", "20", "workday"),
    ("20日,情况复杂的,经批准可延长10日", "20", "day"),
    ("经本行政机关负责人批准，可以延长十日", "10", "day"),
    ("特殊情况可延长至60日", "60", "day"),
    ("延长期限不得超过15个工作日", "15", "workday"),
    ("有效期届满30日前提出申请", "30", "day"),
    ("公示期为10日", "10", "day"),
    ("自受理之日起，20日内作出行政许可决定", "20", "day"),
    ("自受理之日起20个工作日(不含公示)内办结", "20", "workday"),
    ("自收到申请之日起5个工作日内作出受理或者不予受理的决定", "5", "workday"),
    ("30日内未答复的视为同意", "30", "day"),
    ("本环节不计入办理时限", "0", "-"),
    ("专家评审时间不计入承诺时限", "-", "-"),
    ("依法需要听证、招标的，所需时间不计算在规定的期限内", "-", "-"),
    ("以工作日计算,不含法定节假日", "-", "workday"),
]


@pytest.mark.parametrize(("text", "amount", "unit"), READ)
def test_what_offices_write_is_read(text: str, amount: str, unit: str) -> None:
    found = read_limit(text)

    assert [part.text for part in found.unread] == []
    assert (found.amount, found.unit) == (amount, unit)


NOT_READ = [
    ("", "no-limit"),
    ("无", "words"),
    ("/", "words"),
    ("20", "no-unit"),
    ("半个月", "number"),
    ("一百二个工作日", "number"),
    ("1.20个工作日", "decimals"),
    ("20个工作日？", "question"),
    ("20-5个工作日", "range"),
    ("十五(16)个工作日", "number"),
    ("-5个工作日", "words"),
    ("1 0个工作日", "words"),
    ("二十 四小时内", "words"),
    ("第3个工作日", "words"),
    ("2018年12月3日", "words"),
    ("每年1月15日前", "words"),
    ("有效期3年", "words"),
    ("超过20个工作日", "words"),
    ("至少20个工作日", "words"),
    ("20个工作日以上", "words"),
    ("20个工作日后取证", "words"),
    ("比法定时限缩短5个工作日", "words"),
    ("由20个工作日压缩至5个工作日", "several"),
    ("5个工作日或10个工作日", "several"),
    ("5个工作日内或下次会议", "words"),
    ("20个工作日(另行通知)", "words"),
    ("20个工作日(符合要求每阶段5个工作日)", "words"),
    ("法定时限:无 承诺时限:5个工作日", "units-differ"),
    ("材料不齐全的当场办结", "words"),
    ("不可延长10日", "words"),
    ("20个工作日(不可延长)", "words"),
    ("2年一次", "words"),
    ("二〇一五年", "number"),
    ("60周岁", "words"),
    ("每周三", "words"),
    ("任期3年", "words"),
    ("最快1个工作日", "words"),
    ("3个以上工作日", "words"),
    ("20日内不能作出决定的,30日内作出决定", "words"),
    ("5个工作日(受理1个工作日、审查3个工作日、决定2个工作日)", "not-joined"),
    ("工作日9:00-17:00", "words"),
    ("原20个工作日,现5个工作日", "words"),
    ("24小时服务", "words"),
    ("20个工作日/年", "words"),
    ("7个工作日（自然日）", "unit"),
    ("5-20个工作日/20个工作日", "not-joined"),
    ("公示时间不少于7日", "words"),
    ("20个工作日(", "brackets"),
    ("20个工作日;5个工作日", "not-joined"),
    ("受理1个工作日,审核5个工作日,决定2个工作日", "not-joined"),
    ("30天（公示期7天）", "not-joined"),
    ("十五日内;加急五个工作日内", "units-differ"),
    ("逾期未答复视为同意", "no-limit"),
    ("20日(日指工作日)。期限以自然日计算", "days-conflict"),
    ("办" * 601, "long"),
]


@pytest.mark.parametrize(("text", "reason"), NOT_READ)
def test_what_is_open_is_said_not_to_be_read(text: str, reason: str) -> None:
    found = read_limit(text)

    assert (found.read, found.amount, found.unit) == (False, None, None)
    assert found.unread[0].reason == reason
    assert found.unread[0].message.endswith(MESSAGES[reason])


def test_every_reason_has_a_text_here() -> None:
    assert {reason for _, reason in NOT_READ} == set(MESSAGES)


def test_the_rest_is_kept_word_for_word_beside_what_was_read() -> None:
    found = read_limit("自受理之日起２０个工作日，另行通知")

    assert [part.text for part in found.unread] == ["另行通知"]
    assert [(limit.number, limit.unit, limit.start) for limit in found.limits] == [
        ("20", LimitUnit.WORKING_DAY, "自受理之日起")
    ]


def test_a_limit_says_all_that_stands_around_it() -> None:
    (limit,) = read_limit("承诺时限：报告书自受理申请之日起应在10个工作日内作出决定（不含专家评审时间）").limits

    assert (limit.kind, limit.label) == (LimitKind.PROMISED, "承诺时限")
    assert (limit.condition, limit.start, limit.act) == ("报告书", "自受理申请之日起", "作出决定")
    assert limit.remarks == (Remark(RemarkCode.EXCLUDES, "不含专家评审时间"),)


def test_an_open_day_is_a_day_with_a_word_about_it() -> None:
    found = read_limit("20天")

    assert found.limits[0].unit is LimitUnit.OPEN_DAY
    assert (found.unit, found.qualifiers) == ("day", ("open-day: 20日",))
    plain = plain_limit(found)
    assert isinstance(plain, NotPlain)
    assert plain.code == "limit-bare-day"


@pytest.mark.parametrize(
    ("text", "kind", "limit"),
    [
        ("法定期限20个工作日,承诺期限2个工作日", LimitKind.STATUTORY, "20wd"),
        ("法定期限20个工作日,承诺期限2个工作日", LimitKind.PROMISED, "2wd"),
        ("法定期限1个月,承诺期限2个工作日", LimitKind.STATUTORY, "1m"),
        ("承诺时限：3个工作日", LimitKind.PROMISED, "3wd"),
        ("3个工作日", LimitKind.STATUTORY, "3wd"),
        ("承诺时限：3个工作日", LimitKind.STATUTORY, None),
        ("法定期限20个工作日,承诺期限2个工作日", LimitKind.UNSAID, None),
        ("法定期限20个工作日,承诺期限2个工作日(不含公示)", LimitKind.STATUTORY, None),
        ("受理时限：3个工作日", LimitKind.PROMISED, None),
    ],
)
def test_a_column_takes_its_own_limit_and_no_other(text: str, kind: LimitKind, limit: str | None) -> None:
    found = read_plain_limit(text, basis=AS_GIVEN, kind=kind)

    assert (None if isinstance(found, NotPlain) else str(found)) == limit


# --- laws -------------------------------------------------------------------------------------------------------------

UNITS = [unit for unit in LimitUnit if unit not in (LimitUnit.IMMEDIATE, LimitUnit.NONE)]
AMOUNTS = st.one_of(
    st.integers(1, 999).map(Decimal), st.decimals(Decimal("0.1"), Decimal("99.9"), places=1, allow_nan=False)
)
STARTS = st.sampled_from(["", "自受理之日起", "自收到申请之日起", "受理申请后", "自受理产地检疫申请之日起"])
CONDITIONS = st.sampled_from(["", "报告书", "报告表", "登记表", "县级", "新办", "变更"])
ACTS = st.sampled_from(["", "办结", "作出决定", "书面作出答复", "提出审核意见", "报省"])
REMARKS = st.lists(
    st.sampled_from(
        [
            Remark(RemarkCode.EXCLUDES, "不含公示时间"),
            Remark(RemarkCode.EXCLUDES, "现场核查时间除外"),
            Remark(RemarkCode.INCLUDES, "含会办科室时间"),
            Remark(RemarkCode.MAY_EXTEND, "特殊情况可延长"),
            Remark(RemarkCode.CASE_TYPE, "承诺件"),
        ]
    ),
    max_size=2,
).map(tuple)
WORDS = {"statutory": "法定期限", "promised": "承诺时限", "": ""}


@st.composite
def single_limits(draw: st.DrawFn) -> StatedLimit:
    """A limit with any of the parts a cell may give it."""
    kind = draw(st.sampled_from([LimitKind.UNSAID, LimitKind.STATUTORY, LimitKind.PROMISED]))
    low = draw(AMOUNTS)
    return StatedLimit(
        unit=draw(st.sampled_from(UNITS)),
        amount=low,
        upto=draw(st.one_of(st.none(), st.just(low + 3))),
        kind=kind,
        label=WORDS[kind.value],
        condition=draw(CONDITIONS),
        start=draw(STARTS),
        act=draw(ACTS),
        remarks=draw(REMARKS),
    )


@st.composite
def readings(draw: st.DrawFn) -> LimitReading:
    """One limit; a pair; branches; with an extension or without."""
    first = draw(single_limits())
    shape = draw(st.sampled_from(["one", "pair", "branches", "extended", "immediate"]))
    limits = [first]
    if shape == "pair":
        limits = [
            StatedLimit(
                unit=first.unit, amount=draw(AMOUNTS), kind=kind, label=WORDS[kind.value], remarks=draw(REMARKS)
            )
            for kind in draw(st.permutations([LimitKind.STATUTORY, LimitKind.PROMISED]))
        ]
    elif shape == "branches":
        names = draw(st.lists(st.sampled_from(["报告书", "报告表", "登记表", "新办", "变更"]), min_size=2, unique=True))
        limits = [
            StatedLimit(unit=first.unit, amount=draw(AMOUNTS), condition=name, act=draw(ACTS), remarks=draw(REMARKS))
            for name in names
        ]
    elif shape == "extended":
        kind = draw(st.sampled_from([LimitKind.EXTENSION_BY, LimitKind.EXTENSION_TO]))
        condition = draw(st.sampled_from(["", "经批准", "特殊情况"]))
        limits.append(StatedLimit(unit=first.unit, amount=draw(AMOUNTS), kind=kind, condition=condition))
    elif shape == "immediate":
        limits = [StatedLimit(unit=draw(st.sampled_from([LimitUnit.IMMEDIATE, LimitUnit.NONE])))]
    return LimitReading(text="", limits=tuple(limits))


@given(readings())
def test_what_is_written_out_reads_back_as_itself(reading: LimitReading) -> None:
    again = read_limit(str(reading))

    assert again.unread == ()
    assert again.limits == reading.limits


def wide(text: str) -> str:
    """The text in full-width signs."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@given(readings())
def test_width_changes_no_meaning(reading: LimitReading) -> None:
    text = str(reading)

    assert [str(limit) for limit in read_limit(wide(text)).limits] == [str(limit) for limit in read_limit(text).limits]


@given(st.integers(1, 999), st.sampled_from(["个工作日", "日", "天", "个月", "小时", "个自然日"]), STARTS, ACTS)
def test_a_numeral_says_what_the_digits_say(number: int, unit: str, start: str, act: str) -> None:
    digits = read_limit(f"{start}{number}{unit}内{act}")
    numeral = read_limit(f"{start}{chinese_of(number)}{unit}内{act}")

    assert value_of(chinese_of(number)) == number
    assert digits.read
    assert (digits.limits, digits.amount) == (numeral.limits, numeral.amount)


SIGNS = (
    "0123456789一二三十百零两半个工作日自然天小时月年内受理之起在()（）.,，;；-至到、/ \n²⒈法定承诺期限:："
    "不含可延长每经批准"
)


@given(st.one_of(st.text(), st.text(alphabet=SIGNS, max_size=30)))
def test_nothing_raises_and_an_unread_rest_is_never_plain(text: str) -> None:
    found = read_limit(text)
    plain = plain_limit(found)

    str(found)
    assert found.read is (found.amount is not None) is (found.unit is not None) if text.strip() else not found.read
    for part in found.unread:
        assert part.message
    if not isinstance(plain, NotPlain):
        assert found.read


@given(st.text(alphabet=SIGNS, max_size=12), st.sampled_from(["20个工作日", "自受理之日起20个工作日内办结"]))
def test_a_foreign_word_behind_a_limit_is_never_swallowed(noise: str, limit: str) -> None:
    """Every sign of the cell is somewhere in the reading, or the limit is not plain."""
    found = read_plain_limit(f"{limit},{noise}", basis=AS_GIVEN)

    if isinstance(found, Period):
        assert not any(sign in noise for sign in "0123456789一二三十百零两半不可延每经批准")


@given(
    st.sampled_from(["wd", "d", "m", "y", "wh", "h"]).flatmap(
        lambda unit: st.integers(1, 10 if unit == "y" else 90).map(lambda number: f"{number}{unit}")
    )
)
def test_a_limit_of_the_domain_is_written_as_an_office_would(text: str) -> None:
    limit = parse_limit(text)

    assert str(read_plain_limit(as_text(limit), basis=AS_GIVEN)) == text
