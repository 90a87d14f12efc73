"""The classes of powers as lists write them: 许可, 行政许可事项, 服务, 其他权力.

Rules of this room: a word that means one class is that class. Any other word is none: 审批 may be a licence or not, and
which it is decides what the law says of its limit.
"""

from __future__ import annotations

import re

from egov_core.domain.catalogue import PowerClass
from egov_core.sheets.signs import half_width

_BY_NAME = {one.value: one for one in PowerClass}
_SHORT = {one.value.removeprefix("行政"): one for one in PowerClass if one.value.startswith("行政")}
_OTHERS = {
    "服务": PowerClass.PUBLIC_SERVICE,
    "便民服务": PowerClass.PUBLIC_SERVICE,
    "办事服务": PowerClass.PUBLIC_SERVICE,
    "其他办事服务": PowerClass.PUBLIC_SERVICE,
    "其他权力": PowerClass.OTHER_POWER,
    "其他职权": PowerClass.OTHER_POWER,
    "其他行政职权": PowerClass.OTHER_POWER,
    "行政许可审批": PowerClass.LICENCE,
    "非行政许可的行政审批": PowerClass.OTHER_POWER,
    "非行政许可": PowerClass.OTHER_POWER,
    "非行政许可审批": PowerClass.OTHER_POWER,
}
_KNOWN = {**_SHORT, **_OTHERS, **_BY_NAME}


def power_class_of(text: str) -> PowerClass | None:
    """The class that a text names, or None."""
    word = "".join(half_width(text).split()).strip("()").replace("其它", "其他")
    return _KNOWN.get(word) or _KNOWN.get(re.sub(r"(?:事项|类)$", "", word))
