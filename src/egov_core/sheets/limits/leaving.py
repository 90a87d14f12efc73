"""What stands around a limit: whether it says nothing else, and whether what it says leaves the limit as it is.

Rules of this room: a word that is not known here changes the limit. Whether a limit may be taken with words beside it
is asked of its words alone; who takes it has to keep them and to show them.
"""

from __future__ import annotations

import re

from egov_core.sheets.limits.joining import all_remarks
from egov_core.sheets.limits.phrases import is_from_acceptance
from egov_core.sheets.limits.remarks import is_reservation
from egov_core.sheets.limits.stated import LimitKind, LimitReading, LimitUnit, Remark, RemarkCode, StatedLimit

_DONE = re.compile(
    r"|(?:审核|审查|审批)?(?:办结|办理完毕|办理完结|办结完毕|办理|完成|完毕|完成审批|完成办理)|审批完毕|审批"
    r"|(?:书面)?(?:作出|做出)(?:行政许可|许可|审批|行政审批)?决定|(?:书面)?(?:给予|作出|做出|给)(?:明确)?答复"
    r"|(?:作出|做出)(?:是否)?(?:准予|予以|给予|同意)?(?:行政)?(?:许可|批准|核准|登记|备案|认定|审批)?"
    r"(?:(?:或者?|、)(?:不予|不准予|不)(?:行政)?(?:许可|批准|核准|登记|备案|认定|同意)?)?的?决定"
)
_DONE_SO = re.compile(
    r"(?:予以|准予|给予|办理)(?:登记|备案|注册|注销|认定|确认|核准|许可)|(?:作出|做出)(?:认定|确认|核准|登记)(?:的?决定)?"
    r"|(?:办结|办理完毕)(?:并|后)?(?:颁发|核发|发放|制发|发给|发)(?:证书|证照|证件|许可证|执照|批文|证)"
    r"|核发[\u4e00-\u9fff]{0,8}(?:证书|证照|证件|许可证|执照|批文|证)"
)
"""What ends the work of an office in the words of its own items, and may be a step of another's."""
_OF_THE_WHOLE = re.compile(
    r"(?:法定|承诺)?(?:的)?(?:行政许可|行政审批|审批|办理|办结|许可|办事|办件|总)*(?:期限|时限|时间|天数|工作日)?"
)
_HARMLESS = frozenset(
    {
        RemarkCode.CASE_TYPE,
        RemarkCode.PART,
        RemarkCode.BASIS,
        RemarkCode.WORKING_DAYS,
        RemarkCode.NATURAL_DAYS,
        RemarkCode.SAME_DAY,
        RemarkCode.COMPARED,
    }
)
_TIME_OF_ITS_OWN = re.compile(
    r"时间|时限|期间|环节|程序|阶段|公示|公告|听证|评审|评估|评议|论证|检验|检测|检疫|检查|鉴定|勘|踏|核查|核实|核验|招标|拍卖"
    r"|补正|补齐|整改|邮寄|送达|制证|测绘|测量|审图|征求意见|调查|会审|验收|审计|考试|考核|体检|面试|公证|放款|拨付|转报|上报"
    r"|上级|现场|实地|培训|翻译"
)
"""What takes time beside the work of the office; 不含变更 would leave out cases, and not time."""
_OF_CASES = re.compile(r"的(?:项目|事项|情形|情况|案件|企业|单位|个人|申请)?(?:除外|另计|另算|另行计算)?$")
_SAYS_TIME = re.compile(r"时间|时限|期限|期间|天数")
"""需现场勘查的除外 leaves out cases; what it says of time would have to say so."""
_COMPLETE = re.compile(
    r"(?:对于?|凡)?(?:申请|申报|提交的?|所需)?(?:材料|资料|手续|要件|申请材料|申报材料)(?:齐全|齐备|完备|完整)"
    r"(?:[、,]?(?:且|并|、)?(?:符合|合乎)(?:法定)?(?:形式|要求|条件|规定|标准|法定形式|规定形式|受理条件))?的?(?:情况下|前提下|后)?,?"
    r"|(?:对于?|凡)?(?:符合|合乎)(?:法定|规定|办理|许可|受理)?(?:形式|要求|条件|标准)的?(?:情况下|前提下)?,?"
)
"""What is so of every application that is accepted, and is no case of its own."""
_ONE_TYPE = re.compile(r"承诺件|承诺")


def says_nothing_else(reading: LimitReading, stated: StatedLimit) -> bool:
    """Whether nothing in the cell changes the limit or makes it another one, and nothing has to be known beside it."""
    if stated.condition or _DONE.fullmatch(stated.act) is None:
        return False
    return _is_one_limit(stated) and all(remark.code in _HARMLESS for remark in all_remarks(reading))


def leaves_as_is(reading: LimitReading, stated: StatedLimit) -> bool:
    """Whether all that stands beside the limit leaves it as it is, though somebody has to know it."""
    condition, act = stated.condition, stated.act
    is_known = _COMPLETE.fullmatch(condition) or _ONE_TYPE.fullmatch(condition) or is_from_acceptance(condition)
    if condition and not is_known:
        return False
    if _DONE.fullmatch(act) is None and _DONE_SO.fullmatch(act) is None:
        return False
    if stated.unit is LimitUnit.IMMEDIATE and any(limit.kind.is_extension for limit in reading.limits):
        return False  # 即办(可延长5个工作日) is not on the spot
    return _is_one_limit(stated) and all(_leaves(remark, stated.unit) for remark in all_remarks(reading))


def words_beside(reading: LimitReading) -> tuple[str, ...]:
    """What the cell says beside its limits, in its own words."""
    extensions = tuple(str(limit) for limit in reading.limits if limit.kind.is_extension)
    said = tuple(remark.text for remark in all_remarks(reading) if remark.code not in _HARMLESS)
    conditions = tuple(
        limit.condition.strip(",") for limit in reading.limits if limit.condition and not limit.kind.is_extension
    )
    acts = tuple(limit.act for limit in reading.limits if _DONE.fullmatch(limit.act) is None)
    return tuple(dict.fromkeys((*conditions, *acts, *said, *extensions)))


def _is_one_limit(stated: StatedLimit) -> bool:
    if stated.kind in (LimitKind.ADVANCE, LimitKind.NOTICE) or stated.kind.is_extension:
        return False
    if stated.group or stated.superseded or stated.upto is not None:
        return False
    if stated.start and not is_from_acceptance(stated.start):
        return False
    return _OF_THE_WHOLE.fullmatch(stated.label) is not None


def _leaves(remark: Remark, unit: LimitUnit) -> bool:
    if remark.code in _HARMLESS or remark.code is RemarkCode.MAY_EXTEND:
        return True
    if remark.code is RemarkCode.HOLIDAYS:
        # of natural days it would change the last one
        return unit in (LimitUnit.WORKING_DAY, LimitUnit.WORKING_HOUR)
    if remark.code in (RemarkCode.EXCLUDES, RemarkCode.INCLUDES):
        is_of_cases = _OF_CASES.search(remark.text) is not None and _SAYS_TIME.search(remark.text) is None
        return _TIME_OF_ITS_OWN.search(remark.text) is not None and "费" not in remark.text and not is_of_cases
    if remark.code is RemarkCode.CONDITION:
        return is_reservation(remark.text) or _COMPLETE.fullmatch(remark.text) is not None
    return False
