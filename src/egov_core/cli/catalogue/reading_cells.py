"""`egov catalogue read`: what the library makes of limits and fees as offices write them.

Rules of this room: it shows what the readers of `sheets` found and judges nothing. A text that was not read is an
answer, not an error: it says which part, and why.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import click

from egov_core.cli.checks import JSON
from egov_core.cli.language import say, speaks_chinese
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.sheets.fees.reader import read_fee
from egov_core.sheets.fees.stated import FeeReading, StatedFee, UnreadFee
from egov_core.sheets.limits.plain import NotPlain, plain_limit
from egov_core.sheets.limits.reader import read_limit
from egov_core.sheets.limits.stated import LimitReading, StatedLimit, Unread

_UNITS = {
    "workday": "工作日",
    "day": "日",
    "week": "周",
    "month": "个月",
    "year": "年",
    "working-hour": "工作小时",
    "hour": "小时",
    "minute": "分钟",
    "immediate": "（即办）",
    "none": "（无时限）",
    "-": "",
}
_CLASSES = {
    "none": "不收费",
    "suspended": "暂停征收",
    "charged": "收费，金额未写",
    "mixed": "本身不收费",
    "level-dependent": "因层级而异",
    "by-document": "按文件",
    "fixed": "定额",
    "rate": "费率",
    "range": "幅度",
    "percent": "比例",
    "percent-and-rate": "比例加费率",
    "branch": "分类",
    "tiered": "分档",
    "capped": "封顶",
    "vague": "含糊",
    "unknown": "未填",
}
_CODES = {
    "branch": "分支",
    "for": "适用",
    "starts": "起算",
    "until": "办到",
    "label": "名目",
    "statutory": "法定",
    "promised": "承诺",
    "extension-by": "可延长",
    "extension-to": "可延长至",
    "advance": "提前",
    "notice": "公示",
    "open-day": "未写明是工作日还是自然日",
    "range": "区间",
    "replaced": "已被替换",
    "part": "其中",
    "excludes": "不计入",
    "includes": "含",
    "outside-the-clock": "不计时",
    "excludes-holidays": "节假日",
    "days-are-workdays": "日指工作日",
    "days-are-natural": "日指自然日",
    "may-be-extended": "可延长",
    "deemed-decision": "逾期视为",
    "case-type": "办件类型",
    "condition": "条件",
    "basis": "依据",
    "act": "另须",
    "about": "约数",
    "may": "可以",
    "or-on-the-spot": "或当场",
    "same-day": "当日",
    "open-ended": "未写时限",
    "unit-changed": "改变单位",
    "compared-with-law": "与法定时限相比",
    "of": "基数",
    "note": "注",
}
_REASONS = {
    "words": "看不懂；时限请单独写，如“20个工作日”；收费请写“不收费”或“10元/本”",
    "number": "数字无法确定；请用阿拉伯数字",
    "decimals": "可能是小数，也可能是序号连着数；请只写数，如“20个工作日”",
    "question": "是疑问句；请写实际的规定",
    "ticked": "没有勾选，或勾选不止一处；请只勾一处",
    "range": "不是区间；请先小后大、单位一致",
    "unit": "单位不收，或写了两次",
    "no-unit": "没有单位；如“20个工作日”",
    "several": "一句里有几个数；请用逗号分开并各写名目",
    "brackets": "括号不成对，可能被截断",
    "long": "太长；请另起一格",
    "no-limit": "没有写明时限；如“20个工作日”“即办”“无时限”",
    "units-differ": "几个时限单位不同，没有共同的数；已分别列出",
    "not-joined": "几个数之间是什么关系没有写明；请各写名目",
    "days-conflict": "既说是工作日，又说是自然日",
    "conflict": "既说收费，又说不收费",
    "no-answer": "没有写明是否收费",
}


@click.command(cls=Command, context_settings={"ignore_unknown_options": True})
@click.argument("kind", type=click.Choice(["limit", "fee"]))
@click.argument("texts", metavar="TEXT...", nargs=-1, required=True)
@JSON
@guarded
def read(kind: str, texts: tuple[str, ...], as_json: bool) -> None:
    """Say what a limit or a fee means as written in a cell, and what of it was not read.

    TEXT is one cell; - reads them from standard input, one a line. What is not read is said, never guessed.
    """
    cells = list(_cells(texts))
    if kind == "limit":
        _answer(cells, lambda text: _limit(read_limit(text)), as_json=as_json)
    else:
        _answer(cells, lambda text: _fee(read_fee(text)), as_json=as_json)


def _cells(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        if text != "-":
            yield text
            continue
        for line in sys.stdin.buffer:  # UTF-8 whatever the locale says: a lone C locale must not garble the cells
            yield line.decode("utf-8", errors="replace").rstrip("\r\n").removeprefix("\ufeff")


def _answer(cells: Sequence[str], shown: Callable[[str], Mapping[str, Any]], *, as_json: bool) -> None:
    found = [shown(text) for text in cells]
    if as_json:
        show_json(found)
        return
    for one in found:
        _tell(one)


def _limit(reading: LimitReading) -> dict[str, Any]:
    plain = plain_limit(reading)
    return {
        "text": reading.text,
        "read": reading.read,
        "amount": reading.amount,
        "unit": reading.unit,
        "qualifiers": list(reading.qualifiers),
        "plain": None if isinstance(plain, NotPlain) else str(plain),
        "limits": [_stated_limit(limit) for limit in reading.limits],
        "unread": [_unread(part) for part in reading.unread],
    }


def _stated_limit(limit: StatedLimit) -> dict[str, Any]:
    return {
        "amount": limit.number,
        "unit": limit.unit.value,
        "kind": limit.kind.value or None,
        "label": limit.label,
        "branch": limit.group,
        "for": limit.condition,
        "starts": limit.start,
        "until": limit.act,
        "replaced": limit.superseded,
        "part": limit.is_part,
        "remarks": [{"code": remark.code.value, "text": remark.text} for remark in limit.remarks],
    }


def _fee(reading: FeeReading) -> dict[str, Any]:
    return {
        "text": reading.text,
        "read": reading.read,
        "class": None if reading.fee_class is None else reading.fee_class.value,
        "amount": reading.amount,
        "unit": reading.unit,
        "condition": reading.condition,
        "qualifiers": list(reading.qualifiers),
        "fees": [_stated_fee(fee) for fee in reading.fees],
        "unread": [_unread(part) for part in reading.unread],
    }


def _stated_fee(fee: StatedFee) -> dict[str, Any]:
    return {
        "amount": fee.number,
        "unit": fee.unit,
        "yuan": None if fee.yuan is None else f"{fee.yuan:f}",
        "for": fee.subject,
        "of": fee.of,
        "condition": fee.condition,
    }


def _unread(part: Unread | UnreadFee) -> dict[str, str]:
    return {"text": part.text, "reason": part.reason, "message": part.message}


def _tell(one: Mapping[str, Any]) -> None:
    """One cell as people read it: the text, what it means, and what was left."""
    said = say("未读懂", "not read")
    if one["read"]:
        unit = one["unit"]
        if "class" in one:
            kind = one["class"]
            said = f"{say(_CLASSES[kind], kind)}  {one['amount']} {unit}".rstrip()
        else:
            said = f"{one['amount']} {say(_UNITS.get(unit, unit), unit)}".rstrip()
    click.echo(f"{one['text']}  →  {said}")
    for words in one["qualifiers"]:
        code, _, rest = words.partition(": ")
        click.echo(f"  {say(_CODES[code], code)}: {_with_unit(rest)}")
    for part in one["unread"]:
        why = _REASONS[part["reason"]] if speaks_chinese() else part["message"]
        click.echo(f"  {say('未读', 'not read')} [{part['reason']}] “{part['text']}”: {why}")


def _with_unit(qualifier: str) -> str:
    """What a qualifier is about; the unit of an amount before it in the reader's language."""
    amount, colon, rest = qualifier.partition(": ")
    number, _, unit = amount.partition(" ")
    return f"{number} {say(_UNITS[unit], unit)}{colon}{rest}" if unit in _UNITS else qualifier
