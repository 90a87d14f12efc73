"""From the text of a cell to what it says about time: the way in.

Rules of this room: the layout is undone first; what cannot be read as a whole (a question, half a bracket, an essay) is
not begun with. Nothing is dropped and nothing raises. The clauses are gone through in `cell`.
"""

from __future__ import annotations

import re

from egov_core.domain.legal import AS_GIVEN, LegalBasis
from egov_core.sheets.clauses import is_balanced, unwrapped
from egov_core.sheets.denials import is_asked
from egov_core.sheets.layout import set_solid, without_list_numbers
from egov_core.sheets.limits.cell import Cell
from egov_core.sheets.limits.joining import whole
from egov_core.sheets.limits.reasons import LONGEST, unread
from egov_core.sheets.limits.stated import LimitReading
from egov_core.sheets.signs import tidy

_NOTED = re.compile(r"^(?:备注|注|说明)[: ]+")
_DEEMED = re.compile(r"(?<=的),(?=(?:即)?(?:视为|视同))")
"""30日内未作出决定的,视为同意 is one clause, and the comma in it a breath."""
_BEHIND_WHOLE = re.compile(r"(?:(?<=[0-9]个工作日)|(?<=[0-9]工作日)|(?<=[0-9][日天])):(?=[^0-9 ]{1,8}[0-9])")
"""共20个工作日:受理2个工作日、… lists the parts of what stands before."""

_IN_FRONT = re.compile(r"\((?P<label>(?:法定|承诺)(?:办结|办理|审批)?(?:时限|期限|时间)?)\)[: ]*")
"""【法定】20个工作日【承诺】5个工作日: a cell that begins with a heading in brackets has each before its limit."""
_PRESSED = re.compile(
    r"(?:由|从|将|把)?(?P<law>法定(?:办结|办理|审批)?(?:时限|期限|时间)?)(?:的|为|由)?[: ]*"
    r"(?P<before>[^,;。:()压缩减提降]{2,12})"
    r"[, ]?(?:现|已)?(?:压缩|缩短|缩减|压减|减少|提速|缩)(?:到|至|为|成)(?P<after>[^,;。:()压缩减提降%]{2,12})"
)
"""由法定20个工作日压缩至6个工作日: what the statutory limit was pressed to is the promise, and both hold."""
_INCLUSIVE = re.compile(r"(?<=[日天月年时])\(含(?:本数)?\)(?=以?内|之内|$|[,;。])")
_NAMES_ITS_LAW = re.compile(r"(?<=工作日)(?=《)")


def _plainly_put(text: str) -> str:
    """The cell in the usual words, where it says the same in others."""
    if _IN_FRONT.match(text):
        text = _IN_FRONT.sub(lambda found: f"{',' if found.start() else ''}{found['label']}:", text)
    pressed = _PRESSED.fullmatch(text)
    if pressed is not None:
        text = f"{pressed['law']}:{pressed['before'].strip()},承诺:{pressed['after'].strip()}"
    return _NAMES_ITS_LAW.sub(",", _INCLUSIVE.sub("", text))


def read_limit(text: str, *, basis: LegalBasis = AS_GIVEN) -> LimitReading:
    """All that `text` says about time, with what was not understood; `basis` is where it comes from. Never raises."""
    cell, _ = unwrapped(set_solid(tidy(text[: 2 * LONGEST])))
    cell = _DEEMED.sub("、", without_list_numbers(_NOTED.sub("", cell)))
    if len(cell) > LONGEST or len(text) > 2 * LONGEST:
        return LimitReading(text=text, basis=basis, unread=(unread(text, "long"),))
    if not is_balanced(cell):
        return LimitReading(text=text, basis=basis, unread=(unread(text, "brackets"),))
    if is_asked(cell):
        return LimitReading(text=text, basis=basis, unread=(unread(text, "question"),))
    found = Cell(_BEHIND_WHOLE.sub(",", _plainly_put(cell)))
    found.go_through()
    return whole(text, basis, found.limits, found.places, found.remarks, found.unread)
