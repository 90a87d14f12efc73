"""Which of the boxes of a cell is ticked: ☑承诺件 □即办件.

Rules of this room: a box stands before its word, and words before the first box are the question. Nothing is taken as
ticked because the other box is empty.
"""

from __future__ import annotations

import re

_TICKED, _BOX = "☑■√✓✔☒", "□☐"


def has_boxes(text: str) -> bool:
    """Whether there are boxes in a text, or a tick."""
    return any(sign in text for sign in _TICKED + _BOX)


def chosen(text: str) -> tuple[str, ...]:
    """The words whose box is ticked."""
    parts = re.split(rf"(?=[{_TICKED}{_BOX}])", text)
    words = (part[1:].strip(" 　:：;；、,，()（）") for part in parts if part[:1] in _TICKED and part)
    return tuple(word for word in words if word)


def ticked(text: str) -> str:
    """What is ticked in `☑承诺件 □即办件`; any other text as it is."""
    return "、".join(chosen(text)) if has_boxes(text) else text
