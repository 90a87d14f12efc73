"""Whether a line can be the name of an item by itself, for cells in which a line break stands between two names.

Rules of this room: lines in, yes or no out. A name that goes over two lines ends as an item does in the second only;
审批 or （变更） alone is the rest of the line above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_WHOLE = re.compile(
    r".{2,}(?:审批|许可|许可证|登记|核发|核准|备案|审核|审查|认定|确认|注册|换发|补发|年检|验收|鉴定|裁决|给付|奖励|发放"
    r"|检定|认证|申领|变更|注销|延续|补办|换领|补领|办理)(?:[(（][^()（）]*[)）])?[、,，。]?"
)
_GOES_ON = re.compile(r"(?:以?及|和|与|或|并|的|、|[(（)）])")
_ENDS_OTHERWISE = re.compile(
    r".{2,}(?:证|证书|执照|证明|手续|服务|补贴|补助|救助|检查|处罚|征收|强制|仲裁|调解|公证|年审)"
)
"""How a name ends as well; less surely, since 养犬证 may go on with 核发."""
_LEAST = 3
"""Characters of a name: 审批 on a line of its own is the end of the one above."""


def is_whole_name(line: str) -> bool:
    """Whether a line without its spaces can be the whole name of an item."""
    return _WHOLE.fullmatch(line) is not None and _GOES_ON.match(line) is None


def is_one_name(lines: Sequence[str]) -> bool:
    """Whether no line without its spaces may be a name that is whole before the next one begins."""
    return not any(_may_end(before) and _may_begin(after) for before, after in pairwise(lines))


def _may_end(line: str) -> bool:
    return is_whole_name(line) or (_ENDS_OTHERWISE.fullmatch(line) is not None)


def _may_begin(line: str) -> bool:
    return len(line) >= _LEAST and _GOES_ON.match(line) is None
