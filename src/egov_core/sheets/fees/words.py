"""Clauses about fees without an amount: free, suspended, charged, by which document, on which level.

Rules of this room: a clause is one of these answers or it is not read. What a named document sets is not looked up.
"""

from __future__ import annotations

import re

import attrs

from egov_core.sheets.documents import DOCUMENT, ISSUER, led_by
from egov_core.sheets.fees.stated import FeeClass

_HEADING = (
    r"(?:(?:是否收费|收费(?=:)|收费(?:项目|依据|标准|情况|方式|说明)|缴费标准)"
    r"(?:(?:、|及|和|与)?(?:收费)?(?:依据|标准|项目))*[: ]*(?:(?:为|是)(?=.{2}))?[: ]*)"
)
_FREE = (
    r"(?:不收费|免费|全免|免收(?:费用?|取)?|免征|免缴|零收费|无收费|不收|不收取|不收取?(?:任何|相关|其他)?费用|无偿|无费用|不涉及收费"
    r"|不涉及|(?:无|不|毋)(?:需|须|用|必)(?:要)?(?:缴|收|付|交|缴纳|交纳|支付)(?:任何)?费用?|不缴费|没有收费|不交费"
    r"|无任何(?:收费|费用)|免费(?:办理|发放|服务|提供)|(?:免收|免征|不收取?)(?:任何|一切)?(?:行政事业性收费|费用)|无偿服务|否|无|无收费项目|收费:否"
    r"|¥?0+(?:\.0+)?)"
)
_THIS = (
    r"(?:(?:此|本|该)(?:项|事项|项目|许可|业务|服务|证|审批事项|许可事项|行政许可|办理事项)?"
    r"|办理(?:本|此|该)(?:事项|项目|业务))"
)
_STEP = r"(?:行政审批|行政许可|审批|许可|登记|办理|办证|备案|核准|审核|审查|年检|年审|受理|申请)(?:本身|环节|事项)?"
_LEVEL = r"(?:国家|中央|省|自治区|市|州|县|区|乡|镇|乡镇|本)(?:本)?级"
_PAYING = r"(?:收费|收取|征收|计收|计费|缴费|缴纳|执行|计征|核定|收)"
_DAY = r"(?:[0-9]{4}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?)"
_SINCE = rf"(?:(?:自|从)?{_DAY}(?:起|开始)[,、 ]?)"
_PATTERNS: tuple[tuple[FeeClass, str], ...] = (
    (FeeClass.NONE, rf"(?:{_THIS})?(?:均|一律|全部|目前|依法|按规定)?{_FREE}"),
    (FeeClass.NONE, r"零|不予收费|不得收费|(?:禁止|严禁)收费|已?取消收费|该?收费(?:项目)?(?:已|已经)取消"),
    (FeeClass.MIXED, rf"{_STEP}(?:均|一律)?(?:不收费|免费|不收取(?:任何)?费用|不收)"),
    (FeeClass.LEVEL, rf"{_LEVEL}(?:部门|机关|财政)?(?:暂)?(?:不收取|不收费|免收|不收|免费|收取|收费)"),
    (
        FeeClass.SUSPENDED,
        (
            rf"(?:{_THIS})?(?:现|目前|已)?(?:暂停|停止|暂缓|已停止|已暂停)(?:征收|收取|收费|执行)|(?:已)?停征|停收|暂不收费|暂不收取|"
            r"暂免(?:征收|收取|收费)?"
        ),
    ),
    (
        FeeClass.CHARGED,
        r"(?:是|需|需要|要|应|须|有)?(?:收费|缴费|有偿)|是|收取费用|按(?:件|次|项|户|人|证|宗|本|年|月|面积|数量)收费|有偿服务",
    ),
    (
        FeeClass.VAGUE,
        rf"(?:{_PAYING}|交纳|支付|交)?(?:有关|相关|一定|适当|合理|少量|部分)的?(?:费用|手续费|工本费|成本费|规费)",
    ),
    (FeeClass.VAGUE, r"(?:缴纳|交纳|支付)费用"),
    (FeeClass.VAGUE, r"[^0-9]{0,12}(?:几|数)(?:十|百|千|万)[^0-9]{0,16}|面议|协商(?:确定|收费)?|(?:实行)?市场调节价"),
    (
        FeeClass.VAGUE,
        # no document is named that anybody could look up
        (
            rf"(?:依法|(?:根据|依据|按照|按|依照|参照|执行)(?:有关|相关|现行|统一)?(?:规定|标准|规定的?标准))的?"
            rf"(?:进行)?{_PAYING}(?:费用)?"
        ),
    ),
    (FeeClass.UNKNOWN, r"[/\\-]+|空|空白|待定|不详|未知|暂无"),
    (
        FeeClass.DOCUMENT,
        (
            rf"(?:(?:根据|依据|按照|按|依照|参照|执行)[\u4e00-\u9fff、]{{0,24}}?(?:规定|标准|文件|办法|价格)(?:标准)?)的?"
            rf"(?:进行)?{_PAYING}?(?:标准)?"
        ),
    ),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_BY_DOCUMENT = re.compile(
    rf"(?:(?:根据|依据|按照|按|依照|参照|执行|详见|见|具体见)[^元%0-9]{{0,40}})?"
    rf"{ISSUER}{{0,4}}(?:{DOCUMENT.pattern}[,、;和及 ]*)+"
    rf"[^元%‰0-9,;]{{0,20}}(?:附(?:表|件)[0-9一二三四五六七八九十]*)?(?:的)?(?:规定|标准|文件)?{_PAYING}?"
)
_CHANGED = re.compile(r"免(?!疫)|停|不收|不再|取消|减|废止|失效|下调|上调|优惠")
"""What a document may say of a fee besides how much it is."""
_NOTE = re.compile(
    r"(?:详见|具体见|见|参见)[\u4e00-\u9fff]{1,16}|收费(?:依据|标准)[\"'/ :-]*|含税|不含税|含?工本费|含工本|人民币"
)
_IN_FORCE = re.compile(rf"{_SINCE}(?:执行|施行|实施|生效|开始执行)?")
_FREED = re.compile(
    r"(?:免收|免征|不收取|不收|停征)[\u4e00-\u9fff、]{1,24}费(?:用)?|[\u4e00-\u9fff、]{1,24}费(?:免收|免征|不收取)"
)


@attrs.frozen
class Answer:
    """What a clause without an amount answers: its class, and the words that are kept of it."""

    fee_class: FeeClass
    basis: str = ""
    condition: str = ""


def without_heading(text: str) -> str:
    """The clause without the heading of its column."""
    found = re.match(_HEADING, text)
    rest = text if found is None else text[found.end() :]
    return rest.strip()


def answer(text: str) -> Answer | None:
    """The answer of a clause, or None."""
    said = without_heading(text)
    since = re.match(_SINCE, said)
    if since is not None:
        later = answer(said[since.end() :])
        is_freed = later is not None and later.fee_class in (FeeClass.NONE, FeeClass.SUSPENDED)
        return attrs.evolve(later, condition=said) if later is not None and is_freed else None
    for kind, pattern in _COMPILED:
        if pattern.fullmatch(said) is not None:
            return Answer(kind, basis=said if kind is FeeClass.DOCUMENT else "", condition=_level(kind, said))
    basis, rest = led_by(said)
    if basis and rest:
        # 根据财税(2017)20号停征: what the document has freed, with the document as its basis
        freed = answer(rest)
        if freed is not None and freed.fee_class in (FeeClass.NONE, FeeClass.SUSPENDED):
            return attrs.evolve(freed, basis=basis)
    if _BY_DOCUMENT.fullmatch(said) is not None and _CHANGED.search(re.sub(r"《[^》]*》", "", said)) is None:
        return Answer(FeeClass.DOCUMENT, basis=said)
    if _FREED.fullmatch(said) is not None:
        return Answer(FeeClass.SUSPENDED if said.startswith("停") else FeeClass.MIXED, condition=said)
    return None


def _level(kind: FeeClass, said: str) -> str:
    """What is kept of a clause beside its class; a word that nothing is settled, so that it weighs on the rest."""
    is_open = kind is FeeClass.UNKNOWN and re.fullmatch(r"待定|不详|未知", said) is not None
    return said if is_open or kind in (FeeClass.LEVEL, FeeClass.MIXED) else ""


def is_heading(text: str) -> bool:
    """Whether a clause is nothing but the heading of its column."""
    return bool(text.strip()) and not without_heading(text)


def is_note(text: str) -> bool:
    """Whether a clause changes nothing about the fee."""
    return _NOTE.fullmatch(text) is not None


def is_since(text: str) -> bool:
    """Whether a clause says nothing but the day from which a fee holds."""
    return _IN_FORCE.fullmatch(text) is not None


def document(text: str) -> str | None:
    """The document, where a clause names nothing else."""
    return text if _BY_DOCUMENT.fullmatch(without_heading(text)) is not None else None
