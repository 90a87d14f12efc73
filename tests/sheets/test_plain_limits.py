"""Limits in cells: what is plain is read, what is not is refused with its own code."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.catalogue.comparison import is_surely_beyond, is_surely_within, longest_span, shortest_span
from egov_core.domain.legal import AS_GIVEN
from egov_core.domain.periods import LONGEST, Period, parse_limit
from egov_core.runtime.shipped import national_calendar
from egov_core.sheets.limits.plain import NotPlain, read_plain_limit

PLAIN = [
    ("20个工作天", "20wd"),
    ("当日办结", "immediate"),
    ("廿五个工作日", "25wd"),
    ("20个\n工作日", "20wd"),
    ("20个工作日(湘政办发〔2016〕18号)", "20wd"),
    ("5个工作日(受理1个工作日、审查3个工作日、决定1个工作日)", "5wd"),
    ("20个工作日（其中县局15个工作日，乡镇5个工作日）", "20wd"),
    ("20个工作日（县局15个工作日，乡镇5个工作日）", "20wd"),
    ("受理1个工作日、审核4个工作日，共5个工作日", "5wd"),
    ("不高于20个工作日", "20wd"),
    ("二○个工作日", "20wd"),
    ("20个工作日", "20wd"),
    ("20工作日", "20wd"),
    (" 20 个工作日 ", "20wd"),
    ("２０个工作日", "20wd"),
    ("(7 工作日)", "7wd"),
    ("（３个工作日）", "3wd"),
    ("30工作日以内", "30wd"),
    ("5个工作日之内", "5wd"),
    ("0.5个工作日内", "0.5wd"),
    ("二十个工作日", "20wd"),
    ("十个工作日", "10wd"),
    ("十五个工作日内", "15wd"),
    ("两个工作日", "2wd"),
    ("九十九个工作日", "99wd"),
    ("一百二十个工作日", "120wd"),
    ("一百零五个工作日", "105wd"),
    ("自受理之日起20个工作日内", "20wd"),
    ("受理之日起在20个工作日内", "20wd"),
    ("自受理申请之日起15个工作日内办结", "15wd"),
    ("自受理之日起，20个工作日内作出决定。", "20wd"),
    ("受理后5个工作日", "5wd"),
    ("应在7个工作日内办结", "7wd"),
    ("15个工作日内给予明确答复", "15wd"),
    ("10个工作日办结", "10wd"),
    ("60个自然日", "60d"),
    ("15自然日内", "15d"),
    ("30日历日", "30d"),
    ("自受理之日起三十个自然日内", "30d"),
    ("2小时", "2h"),
    ("24个小时内", "24h"),
    ("4个工作小时", "4wh"),
    ("1.5工作小时", "1.5wh"),
    ("1个月", "1m"),
    ("在一个月内", "1m"),
    ("半年", "6m"),
    ("1年", "1y"),
    ("20日（工作日）", "20wd"),
    ("2 (工作日)", "2wd"),
    ("工作日：20", "20wd"),
    ("办理时限：5个工作日", "5wd"),
    ("20个工作日(承诺件)", "20wd"),
    ("无时限", "none"),
    ("即办", "immediate"),
    ("即时办结", "immediate"),
    ("当场办结", "immediate"),
    ("当场办理", "immediate"),
    ("当即办理", "immediate"),
    (" （即办） ", "immediate"),
]

REFUSED = [
    ("1.20个工作日", "limit-not-plain"),
    ("1．20个工作日", "limit-not-plain"),
    ("20个工作日？", "limit-not-plain"),
    ("不是20个工作日", "limit-not-plain"),
    ("前5个工作日", "limit-not-plain"),
    ("20个工作日（其中公示7个工作日）", "limit-not-plain"),
    ("20个工作日（其中县局15个工作日，乡镇10个工作日）", "limit-not-plain"),
    ("30分钟", "limit-unit"),
    ("一周", "limit-unit"),
    ("长期有效", "limit-not-plain"),
    ("20日内不能作出决定的,经批准,可以延长10日", "limit-not-plain"),
    ("5个工作日(受理1个工作日、审查3个工作日、决定2个工作日)", "limit-not-plain"),
    ("3年内不得申请", "limit-not-plain"),
    ("60日", "limit-bare-day"),
    ("20天", "limit-bare-day"),
    ("十五日内", "limit-bare-day"),
    ("自受理之日起二十日内办结", "limit-bare-day"),
    ("20", "limit-no-unit"),
    ("二十", "limit-no-unit"),
    ("20个", "limit-no-unit"),
    ("半个月", "limit-number"),
    ("0.5年", "limit-amount"),
    ("2周", "limit-unit"),
    ("20个工作", "limit-unit"),
    ("20自然", "limit-unit"),
    ("0个工作日", "limit-zero"),
    ("〇个工作日", "limit-zero"),
    ("0.0小时", "limit-zero"),
    ("9999个工作日", "limit-amount"),
    ("999999个自然日", "limit-amount"),
    ("1.5个自然日", "limit-amount"),
    ("一百二个工作日", "limit-number"),
    ("一百零十个工作日", "limit-number"),
    ("一五个工作日", "limit-number"),
    ("百个工作日", "limit-number"),
    ("十十个工作日", "limit-number"),
    ("", "limit-not-plain"),
    ("无", "limit-not-plain"),
    ("/", "limit-not-plain"),
    ("工作日", "limit-not-plain"),
    ("-5个工作日", "limit-not-plain"),
    ("1 0个工作日", "limit-not-plain"),
    ("5-20个工作日", "limit-not-plain"),
    ("5—7个工作日", "limit-not-plain"),
    ("20个工作日左右", "limit-not-plain"),
    ("20个工作日(可延长10个工作日)", "limit-not-plain"),
    ("6个工作日(不含现场勘查时间)", "limit-not-plain"),
    ("(5个工作日)(不含公示)", "limit-not-plain"),
    ("7个工作日;加急3个工作日", "limit-not-plain"),
    ("报告书10个工作日,报告表5个工作日", "limit-not-plain"),
    ("法定期限20个工作日,承诺期限2个工作日", "limit-not-plain"),
    ("20个工作日\n5个工作日", "limit-not-plain"),
    ("自收到申请之日起1个工作日内办结", "limit-not-plain"),
    ("30个工作日内报省", "limit-not-plain"),
    ("可当场办结", "limit-not-plain"),
    ("即办(特殊情况除外)", "limit-not-plain"),
    ("1²个工作日", "limit-not-plain"),
    ("⒈5个工作日", "limit-not-plain"),
    ("①个工作日", "limit-not-plain"),
    ("20wd", "limit-not-plain"),
]


@pytest.mark.parametrize(("text", "limit"), PLAIN)
def test_a_plain_limit_is_read(text: str, limit: str) -> None:
    assert read_plain_limit(text, basis=AS_GIVEN) == parse_limit(limit, basis=AS_GIVEN)


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_anything_else_is_refused_with_its_code(text: str, code: str) -> None:
    found = read_plain_limit(text, basis=AS_GIVEN)

    assert isinstance(found, NotPlain)
    assert found.code == code
    assert "\n" not in found.message


@given(st.text(alphabet="0123456789一二三十百零两个工作日自然天小时内受理之起在()（）.,，；-至半 \n²⒈", max_size=16))
def test_what_is_read_holds_no_second_number(text: str) -> None:
    """Every digit of a cell that is read belongs to the amount that is read."""
    found = read_plain_limit(text, basis=AS_GIVEN)

    if isinstance(found, Period):
        digits = "".join(character for character in text if character in "0123456789")
        assert not digits or float(digits) in (float(found.amount), float(str(found.amount).replace(".", "")))


@pytest.mark.parametrize(
    ("promised", "statutory", "within", "beyond"),
    [
        ("5wd", "20wd", True, False),
        ("20wd", "20wd", True, False),
        ("21wd", "20wd", False, True),
        ("20d", "20wd", True, False),
        ("25d", "20wd", True, False),
        ("28d", "20wd", False, False),  # twenty working days end between day 25 and some later day: who knows
        ("1wd", "15d", True, False),
        ("5wd", "20d", True, False),
        ("10wd", "30d", True, False),
        ("15wd", "30d", True, False),
        ("20wd", "30d", False, False),
        ("60wd", "60d", False, True),
        ("90d", "20wd", False, True),
        ("20wd", "15d", False, True),
        ("10wd", "60d", True, False),
        ("10wd", "12d", False, False),
        ("immediate", "3wd", True, False),
        ("3wd", "immediate", False, True),
        ("24h", "1wd", True, False),
        ("24h", "1d", True, False),
        ("72h", "1d", False, True),
        ("6wh", "1wd", True, False),
        ("8wh", "1wd", False, False),
        ("1d", "24h", False, False),
        ("1d", "36h", False, False),
        ("1d", "48h", True, False),
        ("30wd", "none", True, False),
    ],
)
def test_a_promise_is_kept_only_where_it_surely_ends_in_time(
    promised: str, statutory: str, within: bool, beyond: bool
) -> None:
    one, other = parse_limit(promised), parse_limit(statutory)

    assert (is_surely_within(one, other), is_surely_beyond(one, other)) == (within, beyond)


@pytest.mark.parametrize("days", [*range(1, 61), 75, 90, 120, 180, 250, 500, 1000])
def test_working_days_reach_no_further_and_no_less_far_in_any_year_of_the_shipped_notices(days: int) -> None:
    """Counted here from every day that there was; a notice that makes a longer closure fails this."""
    calendar = national_calendar()
    assert calendar.horizon is not None
    since = date(2015, 1, 1)
    every = [since + timedelta(n) for n in range((calendar.horizon - since).days + 1)]
    worked = [day for day in every if calendar.is_workday(day)]
    spans = [(worked[at] - day).days for day in every if (at := bisect_right(worked, day) + days - 1) < len(worked)]
    assert min(spans) >= shortest_span(Decimal(days))
    assert max(spans) <= longest_span(Decimal(days))


LIMITS = st.one_of(
    st.just("immediate"),
    st.tuples(st.integers(1, 90), st.sampled_from(["wd", "d", "m", "y", "wh", "h"])).map(lambda p: f"{p[0]}{p[1]}"),
).filter(lambda text: text[-1:] != "y" or int(text[:-1]) <= LONGEST["year"])


@given(LIMITS, LIMITS)
def test_no_promise_is_both_within_and_beyond(promised: str, statutory: str) -> None:
    one, other = parse_limit(promised), parse_limit(statutory)

    assert not (is_surely_within(one, other) and is_surely_beyond(one, other))
