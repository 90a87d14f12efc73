"""Words for a limit that nobody has set: those of the offices, and those that an export writes.

Rules of this room: a cell says this and nothing else. What counts in place of the limit is not asked here.
"""

from __future__ import annotations

from egov_core.sheets.signs import half_width

DEFAULT_LIMIT = "未规定，按行政许可法第四十二条为20个工作日"
"""What an export writes for a statutory limit that is set by default: an empty cell would be asked about each time."""
NO_LIMIT_SET = "未规定"
"""What an export writes where no statutory limit is given and none is set: the law of licences is not for the item."""
_NOT_GIVEN = frozenset(
    {NO_LIMIT_SET, "无", "没有", "无规定", "没有规定", "未作规定", "未作出规定", "无明确规定", "未明确", "未明确规定"}
    | {f"法律法规{one}" for one in ("未规定", "无规定", "未作规定", "没有规定", "未明确规定", "无明确规定")}
)
"""Words of the offices for a limit that nobody has set."""


def says_default(text: str) -> bool:
    """Whether a cell says, in the words of an export, that no limit is given and the 20 days of 行政许可法 42 count."""
    return _squeezed(text) == half_width(DEFAULT_LIMIT)


def says_not_given(text: str) -> bool:
    """Whether a cell says, in the words of an export, that no limit is given, with the 20 days or without."""
    return says_default(text) or _squeezed(text) == NO_LIMIT_SET


def is_not_given(text: str) -> bool:
    """Whether a cell says that nobody has set a limit, in an office's words or in those of an export."""
    return says_default(text) or _squeezed(text) in _NOT_GIVEN


def _squeezed(text: str) -> str:
    return "".join(half_width(text).split()).replace("法律、法规", "法律法规").rstrip("。")
