"""Words by which a list itself says that an item is no longer in force: in its remark, or in brackets in its name.

Rules of this room: a text in, yes or no out. Only what is said of the item as a whole counts: 年检已取消, 收费已取消
and a law that is 已废止 are something else. Whether the item is taken is not asked here: whoever takes it says so,
since nobody but the office knows whether the remark or the row is the newer one.
"""

from __future__ import annotations

import re

from egov_core.sheets.signs import half_width

_STOPPED = "取消|废止|下放|停止(?:实施|办理|执行|审批)|不再(?:实施|办理|审批|保留)"
_GONE = (
    rf"(?:(?:已经?|予以)(?:被|依法|明令|全部|整体)?(?:{_STOPPED}|撤销|作废|失效)"
    rf"|(?:被|依法|明令|全部|整体)?(?:{_STOPPED}))"
)
"""撤销, 作废 and 失效 alone are what somebody applies for."""
_ITEM = "(?:该|此|本)?(?:行政)?(?:审批|许可|服务|职权)?(?:事项|项目|项|许可|审批)"
_BY = (
    r"(?:(?:根据|按照?|依据?|由|经).{1,40}?|\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:起)?"
    r"|.{0,24}[〕\]】]第?\d+号文?件?|国务院(?:决定)?|[省市](?:政府|里)?)"
)
_SAID = re.compile(
    rf"(?:{_ITEM})?(?:{_BY}[,:]?)?(?:{_ITEM})?(?:现|均|全部|正式)?{_GONE}"
    rf"(?:了|(?:至|到|给|由).{{1,20}}|(?:的)?{_ITEM}|\(.{{1,40}}\)|[,;。:].*)?[。!]?"
)
_IN_NAME = re.compile(
    rf"[(\[【<](?:{_BY}[,:]?)?(?:现|均|拟)?{_GONE}(?:了|(?:至|到|给).{{1,12}})?[)\]】>]"
    rf"|[-—:]?已经?(?:被)?(?:{_STOPPED}|撤销|作废|失效)$"
)
LONGEST = 80
"""Characters of a remark that is looked at; a longer one speaks of more than this."""


def is_said_abolished(remark: str) -> bool:
    """Whether a remark says of its item, and of nothing else, that it is abolished or handed down."""
    return len(remark) <= LONGEST and _SAID.fullmatch("".join(half_width(remark).split())) is not None


def is_named_abolished(name: str) -> bool:
    """Whether a name says beside itself that the item is abolished, as in 某某许可（已废止）."""
    return _IN_NAME.search("".join(half_width(name).split())) is not None


def said_abolished(text: str) -> tuple[str, str, str]:
    """Code, sentence and remedy of the warning that a list takes back an item which it lists; `text` as it is shown."""
    message = f"{text} says that the item is no longer in force here, and it is taken"
    return "said-abolished", message, "take the row out and withdraw the item, or correct the cell if it still holds"
