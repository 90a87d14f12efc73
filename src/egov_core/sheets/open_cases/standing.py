"""Where the earlier system says a case stands: open, over, or in a word that says neither.

Rules of this room: a case that is over is never taken in as an open one, whatever else its row says: its limits would
run here and bring cards to an office that did its work. A word nobody knows is an error for the same reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from egov_core.domain.cells import CellFault
from egov_core.sheets.open_cases.columns import OVER, STATES
from egov_core.sheets.open_cases.table import CaseCells
from egov_core.sheets.signs import half_width, shown

OPEN = ("在办", "在办件", "办理中", "正在办理")
"""Words for a case that is open without saying how far it has come: they are compared with nothing."""

_OVER = frozenset(
    (
        *("办结", "正常办结", "提前办结", "按期办结", "按时办结", "超期办结", "逾期办结", "异常办结", "准予办结"),
        *("办理完成", "办毕", "办完", "办理完毕", "完成", "完结", "结束", "结案", "关闭", "归档", "存档", "送达办结"),
        *("不予许可", "不予行政许可", "不予受理", "不予批准", "不予办理", "不予核准", "不予登记", "不予通过"),
        *("不予办结", "不予许可办结", "不予受理办结", "不受理", "不许可", "不批准", "不通过", "未通过", "审核不通过"),
        *("审批不通过", "否决", "驳回", "拒绝", "退件", "退办", "退件办结", "退回办结", "退回申请", "转报办结"),
        *("撤回", "撤件", "撤销", "撤销申请", "撤回申请", "申请人撤回", "撤回办结", "视为撤回", "视为放弃", "放弃"),
        *("取消", "作废", "作废办结", "无效", "失效", "删除", "注销", "终止", "终止办理", "终止审查", "终止办结"),
    )
)
"""Words for a case that is over, without the 已 that many systems put before them."""
_OVER_WHEN_DONE = frozenset(
    f"已{act}" for act in ("送达", "出证", "发证", "领证", "领取", "取件", "领件", "取证", "取走")
)
"""Without the 已 these are steps in which a case may still be."""
_APART = re.compile(r"[\s·、,;:/|()\[\]【】〔〕《》“”\"'—_-]+")
"""What stands between the words of a state that is put together, as 办结（不予许可）."""

_STAYS = "delete the row: cases that are over stay in the archive of the earlier system"


def is_over(state: str) -> bool:
    """Whether a word of an earlier system says that the case is over."""
    words = [one for one in _APART.split(half_width(state)) if one]
    return any(one in _OVER_WHEN_DONE or one.removeprefix("已") in _OVER for one in (*words, "".join(words)))


def standing_faults(row: CaseCells) -> Iterator[CellFault]:
    """What says that a case is over, or says where it stands in a word that is not known."""
    state = row.said.get("state", "")
    if state in STATES or state in OPEN:
        pass
    elif is_over(state):
        message = f"“{shown(state)}”: the case is over, and only open cases are taken in"
        yield row.at("state").error("case-over", message, _STAYS)
    elif state:
        known = "、".join((*STATES, *OPEN))
        message = f"“{shown(state)}” is none of the known states, so nobody can say whether the case is still open"
        yield row.at("state").error("state-unknown", message, f"write one of {known}; where the case is over, {_STAYS}")
    for key, text in row.said.items():
        group, _, heading = key.partition(".")
        if group == OVER and text not in ("无", "/", "-", "—"):
            message = f"{heading} is filled in: the case is over, and only open cases are taken in"
            yield row.at(key).error("case-over", message, f"{_STAYS}; where it is open, clear the cell")
