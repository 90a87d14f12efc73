"""What stands before and behind an amount of time in its clause: heading, for what, from when, and what is due.

Rules of this room: every word of a clause finds a place, or the clause is not read. Words that turn a limit into
something else (每, 超过, 缩短, 以上, 后, 有效期 …) have no place.
"""

from __future__ import annotations

import re

import attrs

from egov_core.sheets.denials import AT_MOST, is_cut, is_denied, is_hedged
from egov_core.sheets.limits.stated import LimitKind, Remark, RemarkCode

_NOUN = (
    r"(?:行政许可|行政审批|审批|办理|办结|受理|审查|审核|许可|核准|办事|办件|完成|工作|公示|公告|批复|登记|备案|确认|答复"
    r"|初审|复审|评审|核发|发证|制证|送达|告知|现场核查|现场勘查|总|所需|需要)"
)
_LABEL = re.compile(
    rf"(?:本|该|实际)?(?:事项)?(?P<label>(?P<mode>法定|承诺)?(?:的)?(?P<what>{_NOUN}{{0,2}})"
    r"(?P<noun>期限|时限|时间|时效|天数|工作日|期)?)(?:最长|一般)?(?:为|是)?[: ]*"
)
_START = re.compile(
    r"(?:自|从|在|于)?(?:[^:自从]{1,24}?)(?:之日起|之时起|次日起|当日起|之日|日起|时起|以后|之后|后|起)(?:开始)?(?:计算|算)?的?"
)
_FROM_ACCEPTANCE = re.compile(
    r"(?:自|从|在)?(?:正式|依法)?受理(?:申请)?(?:之日起|之后|以后|后|起)(?:开始)?(?:计算|算)?的?"
)
_EVENT = re.compile(r"(?:自|从|在|于)?(?:正式|依法|窗口|决定)?(?:受理|收到|接到|收齐|接件|收件)[^:自从]{2,20}")
_OPENED = re.compile(r"(?:自|从|在(?=接|收|受))")
VERBS = (
    r"(?:(?:当场|现场|书面|一次性|一次|及时|依法|予以|给予|进行|组织|负责|并|再|由|向|即|给|报请|审查|审核)*"
    r"(?:办结|办理|办完|完成|完毕|审批|审核|审查|审定|审结|核准|核发|核实|核查|作出|做出|答复|给|报|上报|转报|呈报|报送|报批|"
    r"移送|送达|告知|通知|签发|签署|颁发|发放|发证|制证|发给|出具|提出|公示|公告|公布|备案|登记|受理|决定|批准|批复|回复|反馈|"
    r"检查|验收|检验|评审|勘查|勘验|勘察|踏勘|查验|转送|转交|转发|缴纳|补正|补齐|提交|提供|申请|申报|领取|取证|办证|确认|认定|鉴定|"
    r"换发|补发|注销|许可|给予|予以|下达|下发|印发|录入|归档|调查|处理|结案|查处))"
)
_TAIL = re.compile(rf"(?:(?P<within>以内|之内|内)|(?={VERBS})|$)(?:的)?(?:[,:、 ]*)(?P<act>.*)", re.DOTALL)
_MODAL = re.compile(
    r"(?:应当|应该|应|必须|须|需要|需|要|可以|可|将|只需|仅需|只要|最迟|最长|最多|至多|在|于|为|是|即|≤|≦|共计|总计|合计|总共|一共|共)+$"
)
_WORDS_OF_DUTY = re.compile(r"^(?:应当|应该|应|须|必须|需)$")
_ABOUT = re.compile(r"(?:约为|大约|大概|约)$")
_EXTENDED = re.compile(
    r"(?P<why>.*?)(?:可以|可|能|应当)?(?:再|适当|申请|依法|最长|最多)*(?:延长|延期|顺延|延)"
    r"(?:审批|办理|审查|许可)?(?:期限|时限|时间)?(?:不得超过|不超过|最长|最多|为)*(?P<to>至|到|为至)?",
    re.DOTALL,
)
_ADVANCE = re.compile(
    r"(?P<what>.*?)(?:应当|应|须|需|必须)?(?:至少|最少|最迟|不少于)?(?:提前|提早)(?:至少|不少于)?", re.DOTALL
)
_BEFORE = re.compile(r"(?:满|期|举办|举行|开展|活动|施工|到期|开始|开工|开业)(?:之)?前(?:的)?$")
_AMISS = re.compile(
    r"超过|超出|逾|以上|以下|缩短|减少|压缩|减至|减为|提速|增加|比|每|第[一二三四五六七八九十](?!条|款|项|章)|有效|间隔|暂停|中止"
    r"|停止|最快|最短|最早|滞后|推迟|拖延|平均|累计|连续|停产|停业|暂扣|吊扣|拘留|查封|冻结|扣押|放假|请假|休假|限期|延误|整改期|另|除|不含|不包|不计|不算|扣除|左右|倍|满|不少于|不低于|至少|以外|改为|改成|调整|取消|现为|由原|原为|原来|(?:原|现)(?:为|承诺|法定|规定|需|在|$)"
    r"|工作|自然|日历|小时|分钟|星期|个月"
)
_AT_LEAST = re.compile(r"(?:不得?少于|不得?低于|不小于|至少|最少)$")
_NOT_SO_LONG = re.compile(
    r"(?:不足|不满|(?<!不)(?:少|多|大|小|低|高|早|晚)于|近|加|增|减|缩|降|缩到|降到|全天|最后|剩余?|还有|^前|^头)$"
)
"""Right before an amount: it is compared with, added to or taken from something, and is not the limit."""
_ENDS = re.compile(r"有效期限?(?:届满|期满)|届满|期满")
_OTHER_PERIOD = re.compile(
    r"(?<![示告理批查核办诺定可决诉请议复案审证验测送达作事])(?:期|期限|期间|年限|工龄|学制)(?:为|是)?$"
)
"""任期3年, 保质期12个月: a period by its own name, which is none of the office's work."""
_OTHER_LIMIT = re.compile(
    r"法定(?!代表|节|检|职|继|监)|(?<!部门)(?<!单位)(?<!窗口)(?<!机关)(?<![局厅])承诺(?!制|件|书|函|备)"
)
"""In what a limit is for: 超法定20个工作日 and 承诺法定5个工作日 are about two limits at once."""
_PLAIN_TEXT = re.compile(r"[\u4e00-\u9fff、《》\"'·: A-Za-z]*")
_WORD = re.compile(r"[\u4e00-\u9fff]")
_ARTICLE = re.compile(r"第[0-9一二三四五六七八九十百]+[条款项](?:之[一二三])?")
_LONGEST = 60


@attrs.frozen(kw_only=True)
class Around:
    """What a clause says around its amount; `amiss` is the text that has no place in it."""

    kind: LimitKind = LimitKind.UNSAID
    label: str = ""
    group: str = ""
    condition: str = ""
    start: str = ""
    act: str = ""
    remarks: tuple[Remark, ...] = ()
    amiss: str = ""


def is_ordinary(text: str) -> bool:
    """Whether a piece of text can stand beside a limit without changing it."""
    said = _ARTICLE.sub("", text)
    if text and _WORD.search(text) is None:
        return False
    return len(text) <= _LONGEST and _PLAIN_TEXT.fullmatch(said) is not None and _AMISS.search(said) is None


def around(head: str, tail: str) -> Around:
    """Read what stands before and behind an amount."""
    remarks: list[Remark] = []
    behind = _behind(tail.strip(), remarks)
    if behind is not None and behind[1] and head.strip() and is_ordinary(_ENDS.sub("", head)):
        return Around(
            kind=LimitKind.ADVANCE, condition=_MODAL.sub("", head).strip(), act=behind[0], remarks=tuple(remarks)
        )
    front, kind = (None, LimitKind.UNSAID) if is_cut(head) else _front(head.strip(), remarks)
    if front is None or behind is None:
        return Around(amiss=(head if front is None else tail).strip())
    act, is_before = behind
    if is_before:
        return Around(amiss=tail.strip())
    found = attrs.evolve(front, act=act, remarks=tuple(remarks))
    return found if kind is LimitKind.UNSAID else attrs.evolve(found, kind=kind)


def _front(head: str, remarks: list[Remark]) -> tuple[Around | None, LimitKind]:
    for pattern in (_EXTENDED, _ADVANCE):
        found = pattern.fullmatch(head)
        if found is None:
            continue
        if pattern is _EXTENDED:
            why = _MODAL.sub("", found["why"])
            if re.search(r"(?:不|不得|不予|不再|未|无|无需)$", why):
                return None, LimitKind.UNSAID  # 不可延长10日
            kind = LimitKind.EXTENSION_TO if found["to"] else LimitKind.EXTENSION_BY
        else:
            why, kind = found["what"], LimitKind.ADVANCE
        return (Around(condition=why.strip()) if is_ordinary(_ENDS.sub("", why)) else None), kind
    if _BEFORE.search(head) is not None and is_ordinary(_ENDS.sub("", head)):
        return Around(condition=head), LimitKind.ADVANCE
    either = re.search(r"(?:可)?(?:当场|即时|现场)或者?(?:者)?(?:在)?$", head)
    if either is not None:
        remarks.append(Remark(RemarkCode.OR_ON_THE_SPOT, either.group().rstrip("在")))
        head = head[: either.start()].strip()
    head = AT_MOST.sub("", head).rstrip()
    if _AT_LEAST.search(head) or head.endswith("或") or _NOT_SO_LONG.search(head) or is_denied(head):
        return None, LimitKind.UNSAID
    about = _ABOUT.search(head)
    if about is not None:
        remarks.append(Remark(RemarkCode.ABOUT, about.group()))
        head = head[: about.start()].rstrip()
        if head.endswith("月"):
            return None, LimitKind.UNSAID  # 6月约5日: a date
    return (None if is_hedged(head) else _headed(head)), LimitKind.UNSAID


def _headed(head: str) -> Around | None:
    """Heading, branch, condition and start, in this order, all of them optional."""
    parts = [part.strip() for part in head.split(":")]
    label, kind, group = "", LimitKind.UNSAID, ""
    rest = parts.pop() if parts[-1] else (parts.pop() or "")
    for part in parts:
        found = _label(part, entire=True)
        if found is not None and not label:
            label, kind = found[0], found[1]
        elif part and not group and " " not in part and is_ordinary(part):
            group = part
        elif part:
            return None
    if rest and not label:
        found = _label(rest, entire=False)
        if found is not None:
            label, kind, rest = found
    condition, start = _started(_MODAL.sub("", rest).strip())
    if not is_ordinary(condition) or not is_ordinary(_ENDS.sub("", start)) or _OTHER_PERIOD.search(condition):
        return None
    if _OTHER_LIMIT.search(condition):
        return None
    return Around(kind=kind, label=label, group=group, condition=condition, start=start)


def _label(text: str, *, entire: bool) -> tuple[str, LimitKind, str] | None:
    """A heading at the beginning of a text, which limit it names, and the rest of the text."""
    found = _LABEL.match(text)
    if found is None or not (found["mode"] or found["noun"]):
        return None
    rest = text[found.end() :]
    if entire and rest:
        return None
    if not found["noun"] and rest and not _MODAL.fullmatch(rest) and not _OPENED.match(rest):
        return None  # 法定代表人, 承诺制: a longer word
    if found["mode"] == "法定":
        kind = LimitKind.STATUTORY
    elif found["mode"] == "承诺":
        kind = LimitKind.PROMISED
    else:
        kind = LimitKind.NOTICE if found["what"] in ("公示", "公告") else LimitKind.UNSAID
    return found["label"], kind, rest


def _started(text: str) -> tuple[str, str]:
    """For what or by whom, and from when: 乡镇 | 自收到评议意见之日起."""
    opened = [found.start() for found in _OPENED.finditer(text)]
    for at in [*opened, 0]:
        if _START.fullmatch(text, at):
            if at == 0 and not opened and (event := re.search(r"受理|收到|接到|收齐|接件|收件", text)) is not None:
                return text[: event.start()], text[event.start() :]
            return _WORDS_OF_DUTY.sub("", text[:at]).strip(), text[at:]
    event = re.search(r"受理|收到|接到|收齐|接件|收件", text)
    if event is not None and _EVENT.fullmatch(text, event.start()) and not re.search(r"不予?受理", text):
        at = event.start() - (text[: event.start()][-1:] in ("自", "从"))
        return _WORDS_OF_DUTY.sub("", text[:at]).strip(), text[at:]
    return text, ""


def _behind(tail: str, remarks: list[Remark]) -> tuple[str, bool] | None:
    """What is due, and whether the amount is counted back from it; None where the text does not say it plainly."""
    about = re.match(r"(?:左右|上下)", tail)
    if about is not None:
        remarks.append(Remark(RemarkCode.ABOUT, "约"))
        tail = tail[about.end() :].strip()
    tail = re.sub(r"^不等", "", tail).strip()
    before = re.match(r"(?:之前|以前|前)", tail)
    if before is not None:
        act = tail[before.end() :]
        return (act, True) if is_ordinary(act) else None
    found = _TAIL.fullmatch(tail)
    if found is None or not is_ordinary(found["act"]):
        return None
    act = found["act"].strip()
    if re.search(r"视为|视同|默认", act):
        remarks.append(Remark(RemarkCode.DEEMED, act))
        return "", False
    return (
        None if act.startswith(("或", "不", "禁止", "拒绝", "暂")) or re.search(r"不能|无法|未", act) else (act, False)
    )


def is_start(text: str) -> bool:
    """Whether a clause is nothing but a start, as in 20个工作日(自受理之日起)."""
    return _START.fullmatch(text) is not None and is_ordinary(_ENDS.sub("", text))


def heading(text: str) -> tuple[str, LimitKind] | None:
    """The heading and which limit it names, where a clause is nothing but one, as in 20个工作日(法定)."""
    found = _label(text, entire=True)
    return None if found is None else found[:2]


def is_from_acceptance(start: str) -> bool:
    """Whether the limit counts from acceptance, as the law has it."""
    return _FROM_ACCEPTANCE.fullmatch(start) is not None
