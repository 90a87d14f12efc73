"""Clauses without an amount of time: what is left out of the count, what 日 means here, what may be extended.

Rules of this room: a clause is one of these remarks or it is not read. None of them makes a limit; each is kept in its
own words, because whoever sets the clock has to see them.
"""

from __future__ import annotations

import re

from egov_core.sheets.denials import is_unsettled
from egov_core.sheets.documents import ACCORDING, DOCUMENT
from egov_core.sheets.limits.phrases import VERBS
from egov_core.sheets.limits.stated import Remark, RemarkCode

_NO = r"(?:不含|不包含|不包括|不计|不算|扣除|剔除|除去)"
_LEFT_OUT = (
    r"(?:均|都)?(?:不计入|不计算在|不计算|不算入|不算在|不计在|不包括在|不包含在|不含在|不纳入|不列入|不占用|不占)"
)
_PATTERNS: tuple[tuple[RemarkCode, str], ...] = (
    (RemarkCode.HOLIDAYS, rf".*{_NO}[^,]*(?:节假日|双休日|公休日|休息日|节日|周末).*"),
    (RemarkCode.HOLIDAYS, r".*(?:节假日|双休日|公休日|休息日|周末)(?:除外|另计|顺延|" + _LEFT_OUT + r").*"),
    (
        RemarkCode.OUTSIDE_CLOCK,
        (
            rf"(?:(?:此|本|该|上述)?(?:环节|步骤|阶段|程序|过程)|(?:此|本|该|上述))?"
            rf"(?:(?<=[节骤段序程])的?(?:所需|所用)?(?:时间|时限))?{_LEFT_OUT}"
            r"(?:本|总)?(?:法定|承诺|办理|办结|审批|许可|工作)*(?:时限|期限|时间|工作日)?(?:内|之内|以内)?"
        ),
    ),
    (RemarkCode.EXCLUDES, rf"{_NO}.{{1,80}}"),
    (RemarkCode.EXCLUDES, rf".{{1,120}}(?:{_LEFT_OUT}.{{0,24}}|除外|另计|另算|另行计算)"),
    (
        RemarkCode.WORKING_DAYS,
        (
            r"(?:[^0-9]{0,20}?[\"'《]?(?:日|天|期限|时限|时间|天数|(?<!个)以上|上述|表中)[\"'》]?)?(?:均|都|全部|皆)?"
            r"(?:指|为|是|系|以|按|按照)*[\"']?工作日[\"']?(?:计算|计|为准)?"
        ),
    ),
    (
        RemarkCode.NATURAL_DAYS,
        (
            r"(?:[^0-9]{0,20}?[\"'《]?(?:日|天|期限|时限|时间|天数|(?<!个)以上|上述|表中)[\"'》]?)?(?:均|都|全部|皆)?"
            r"(?:指|为|是|系|以|按|按照)*[\"']?(?:自然日|日历日|日历天|自然天)[\"']?(?:计算|计|为准)?"
        ),
    ),
    (
        RemarkCode.COMPARED,
        # said beside the limit that it has led to, and no limit by itself
        (
            r"(?:已)?(?:比|较|在)法定(?:办结|办理|审批)?(?:时限|期限|时间)?(?:基础上|的)?(?:已)?(?:压缩|缩短|提速|缩减|减少|压减)"
            r"(?:了)?(?:[0-9.]+%|[0-9]+个?(?:工作日|日|天))(?:以上)?"
        ),
    ),
    (RemarkCode.INCLUDES, r"(?:内含|包含|包括|含|其中).{1,60}"),
    (RemarkCode.DEEMED, r".{0,30}(?:逾期|期满|到期|期限届满).{0,30}(?:视为|即为|视同|默认).{1,12}"),
    (RemarkCode.MAY_EXTEND, r".{0,40}(?:可以|可)(?:适当|依法|申请|再)*(?:延长|延期|顺延)(?:期限|时限|时间|办理)?"),
    (RemarkCode.CASE_TYPE, r"(?:属|为|属于)?(?:即办|承诺|转报|上报|联办)件"),
    (RemarkCode.CONDITION, r"(?:材料|资料|手续|要件|申请材料|申报材料)?.{0,12}(?:齐全|齐备|完备|符合|合格).{0,20}"),
    (RemarkCode.CONDITION, r"经.{0,30}(?:批准|同意|许可|决定)"),
    (RemarkCode.CONDITION, r".{1,30}(?:情况下|情形下|前提下|情况|条件|的)"),
    (
        RemarkCode.BASIS,
        r"(?:根据|依据|按照|按|见)?(?:《[^》]{1,40}》|[\u4e00-\u9fff]{2,20}?(?:法|条例|办法|规定|细则))?(?:第[0-9一二三四五六七八九十百]+[条款项])+(?:规定)?",
    ),
    (RemarkCode.BASIS, r"(?:根据|依据|按照|按)?《[^》]{1,40}》(?:规定)?"),
    (RemarkCode.BASIS, rf"(?:见|详见)?{ACCORDING.pattern}"),
    (RemarkCode.OPEN_ENDED, r"(?:长期|常年|全年|终身|永久)(?:有效|受理|办理|申报|申请|开放|接件|接受(?:申请|申报))?"),
    (RemarkCode.CONDITION, r".{0,10}(?:规定|要求)"),
    (RemarkCode.ACT, rf"(?:并|后|由|再|同时|经|给|对|应|需|须)?[^,]{{0,10}}?{VERBS}.{{0,30}}"),
)
_RESERVED = re.compile(r"(?:但|但是)?[\u4e00-\u9fff、]{0,16}另有(?:规定|要求)(?:的?除外|的)?")
_COMPILED = tuple((code, re.compile(pattern, re.DOTALL)) for code, pattern in _PATTERNS)
_TURNS = re.compile(
    r"[0-9]|暂停|中止|停止|另行|协商|约定|视情况|视具体|为准|除外|超过|超出|缩短|压缩|加急|每|或者?|比|若干|有效"
)
_UNIT_CHANGED = re.compile(r"(?:统一)?(?:改|变更|调整)(?:成|为|按)?(?P<unit>工作日|自然日|日历日|日历天)(?:计算|计)?")


def remark(text: str) -> Remark | None:
    """The remark a run of clauses makes, or None."""
    if is_reservation(text):
        return Remark(RemarkCode.CONDITION, text)
    for code, pattern in _COMPILED:
        # a blank in 此 环节时间不计入 is nobody's, and without it the clause is a plainer one
        if pattern.fullmatch(text.replace(" ", "") if code is RemarkCode.OUTSIDE_CLOCK else text) is None:
            continue
        if code in (RemarkCode.CONDITION, RemarkCode.BASIS, RemarkCode.ACT) and _turns(text, code):
            continue
        if code in (RemarkCode.CONDITION, RemarkCode.ACT) and is_unsettled(text):
            continue
        if code is RemarkCode.MAY_EXTEND and re.search(r"不(?:可|得|予|再|能)(?:以|再)?(?:延|顺)", text):
            continue
        return Remark(code, text)
    return None


def is_reservation(text: str) -> bool:
    """Whether a clause says that the limit holds unless another rule says otherwise: 法律另有规定的除外."""
    return _RESERVED.fullmatch(text) is not None


def _turns(text: str, code: RemarkCode) -> bool:
    """Whether it holds a word that changes a limit; the number of an article is none."""
    said = re.sub(rf"{DOCUMENT.pattern}|第[0-9]+[条款项]", "", text) if code is RemarkCode.BASIS else text
    return _TURNS.search(said) is not None or bool(code is RemarkCode.ACT and re.search(r"延长|延期|顺延|不予?", said))


def is_about_amount(text: str, at: int) -> bool:
    """Whether a clause with an amount at `at` speaks of time that is left out or included: 不含公示10日."""
    if re.match(rf"{_NO}|内含|包含|包括|含|其中", text) is not None:
        return True
    return _OF_OTHERS.match(text[:at]) is not None and re.search(_LEFT_OUT, text[at:]) is not None


_OF_OTHERS = re.compile(r"公示|公告|听证|专家|评审|检验|检测|鉴定|现场|补正|整改|邮寄")


def left_out(text: str, at: int) -> str | None:
    """What a clause says, behind its amount at `at`, to be left out of the count."""
    found = re.compile(rf"{_NO}.+").search(text, at)
    return None if found is None else found.group()


def narrows(text: str) -> bool:
    """Whether a bracket behind a limit says for what or on which level it holds, as in 5个工作日(省级)."""
    found = re.fullmatch(r"[\u4e00-\u9fff]{1,8}(?:级|类|型|项目|事项|情形|环节|阶段)(?:权限)?", text)
    return found is not None and _TURNS.search(text) is None


def changed_unit(text: str) -> str | None:
    """The unit a clause says the days are now counted in: 改成日历日."""
    found = _UNIT_CHANGED.fullmatch(text)
    return None if found is None else found["unit"]
