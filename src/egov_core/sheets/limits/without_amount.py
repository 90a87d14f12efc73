"""Limits without a number: on the spot (即办), the same day (当日办结), and the word that there is none (无时限).

Rules of this room: each is a limit like any other, with its heading and its condition. A condition with a word of
denial in it (材料不齐全的) is none: what is denied cannot be told apart from what is allowed. 现场 is also the place
that is visited, so it means on the spot only before a word for the end.
"""

from __future__ import annotations

import re

from egov_core.sheets.limits.phrases import heading
from egov_core.sheets.limits.stated import LimitKind, LimitUnit, Remark, RemarkCode, StatedLimit

_DONE = r"(?:办理完毕|办理|办结|办完|办|完成|答复|作出决定|决定|领取|取证|发证|出证|制证)"
_OTHER_ACT = (
    r"(?:告知|审批|审核|受理|审查|登记|备案|注册|注销|核发|换发|补发|发放|出具|打印|给付|批准|批复|确认"
    r"|作出(?:是否)?(?:准予|予以)?(?:行政)?许可的?决定)"
)
_FIRST_ACT = r"(?:受理|审核|审批|审查|并|、|予以|给予|当场|即时|当日|当天)*"
_AT_ONCE = (
    r"(?:即办(?:件|办结)?|马上就办|立等可取|立等即取|随到随办|随来随办|随报随[批办审]|即受理即办结|即(?:来|收|到|报|审|申|送|接)即(?:办结?|结)|即办即结"
    rf"|(?:即时|当场|当即|立即|马上|立刻){_FIRST_ACT}(?:{_DONE}|{_OTHER_ACT})?(?:完毕)?件?"
    r"|窗口(?:即办|当场办结|即时办结)"
    rf"|现场(?:即时|当场|受理并)?{_DONE})"
)
_DAY = r"(?:(?:受理|收件|接件|申请|收到申请|收到材料)?(?:的)?当[日天](?:内)?|即日)"
_SAME_DAY = rf"(?P<day>{_DAY})(?:即可|予以|给予)?(?:{_DONE}|{_OTHER_ACT})?(?:完毕)?"
_BEFORE_IT = r"(?:(?:即时|当场|现场|当[日天])(?:受理|办理|申请|提交|申报|审核|审查)[,、 ]?)*"
_SPOT = rf"{_BEFORE_IT}(?:{_AT_ONCE}|{_SAME_DAY})"
_COMPLETE = r"(?:[\u4e00-\u9fff、]{0,8}(?:材料|资料|手续|要件|证件)齐(?:全|备),?)"
_BRANCH = (
    r"(?:新办|新申请|首次申请|初次申请|变更|注销|延续|延期|补办|补领|补证|换证|换领|换发|年检|年审|查询|普通件|简易件)"
)
"""What a cell sets beside another limit: 新办10个工作日,注销即办."""
_IMMEDIATE = re.compile(
    r"(?:(?P<heading>(?:(?:法定|承诺)(?:办理|办结|审批)?(?:期限|时限|时间)?|(?:办理|办结|审批)(?:期限|时限|时间))"
    r"[: 为]*))?"
    rf"(?P<condition>[\u4e00-\u9fff、]{{1,20}}?(?:的|后),?|{_COMPLETE}|{_BRANCH})?"
    rf"(?P<may>可以|可|能|应当|应|一律|均|为|属)?(?P<spot>{_SPOT})"
)
_ANYWHERE = re.compile(rf"{_AT_ONCE}|{_DAY}")
_NO_LIMIT = re.compile(
    r"(?:(?P<heading>(?:法定|承诺)?(?:办理|办结|审批)?(?:期限|时限|时间)?[: 为]*))?"
    r"(?:(?:无|没有|尚无)(?:法定|承诺|办理|办结|审批|明确|具体|规定|的)*(?:期限|时限|时间)(?:的?(?:规定|要求|限制))?"
    r"|(?:法律、?法规|法律|法规)?(?:均)?未(?:作|作出|明确|具体|规定|设定|限定|办理|办结|的)*(?:规定|明确|设定|限定)"
    r"(?:法定|办理|办结|审批|具体|的)*(?:期限|时限|时间)"
    r"|无时间限制|不设(?:定)?(?:办理|办结)?(?:期限|时限)|(?:期限|时限)不限|不限(?:时间|时限|期限|时))"
    r"|(?P<law>法定(?:办理|办结|审批)?(?:期限|时限|时间)?)[: 为]*(?:无|没有|无规定|未规定|未作规定|无要求)"
)
"""无 alone may be the cell of whoever did not know; behind 法定 it says that the law sets no limit."""


def limit_without_amount(text: str) -> StatedLimit | None:
    """The limit of a clause that names no number: on the spot, the same day, or none at all."""
    found = _on_the_spot(text)
    if found is not None:
        may = found["may"] if found["may"] in ("可", "可以", "能") else ""
        words = ((RemarkCode.MAY, may), (RemarkCode.SAME_DAY, found["day"]))
        label = (found["heading"] or "").strip(": 为")
        return StatedLimit(
            unit=LimitUnit.IMMEDIATE,
            label=label,
            kind=_kind(label),
            condition=found["condition"] or "",
            remarks=tuple(Remark(code, word) for code, word in words if word),
        )
    none = _NO_LIMIT.fullmatch(text)
    if none is None:
        return None
    label = (none["heading"] or none["law"] or "").strip(": 为")
    label = label or ("法定" if "法定" in text else "承诺" if "承诺" in text else "")
    return StatedLimit(unit=LimitUnit.NONE, label=label, kind=_kind(label))


def _on_the_spot(text: str) -> re.Match[str] | None:
    found = _IMMEDIATE.fullmatch(text)
    is_denied = found is not None and re.search(r"不|未|无|非|除", found["condition"] or "") is not None
    return None if is_denied else found


def _kind(label: str) -> LimitKind:
    named = heading(label) if label else None
    return LimitKind.UNSAID if named is None else named[1]


def is_on_the_spot(text: str) -> bool:
    """Whether a clause says nothing but that it is done on the spot or the same day."""
    return _on_the_spot(text) is not None


def mentions_spot(text: str) -> bool:
    """Whether a longer clause says somewhere in it that something is done on the spot: a limit that is lost in it."""
    return _ANYWHERE.search(text) is not None
