"""Documents as cells name them: 湘价费〔2015〕53号, 《行政许可法》第四十二条. Their digits are never an amount.

Rules of this room: where a document is named, and where its name ends. What it sets is not looked up.
"""

from __future__ import annotations

import re

ISSUER = r"(?:[\u4e00-\u9fff]{1,14}(?:局|委|委员会|部|厅|办|办公室|政府|院|会|行|署)[、和及, ]?)"
"""Who has issued a document, before its number."""
DOCUMENT = re.compile(
    r"(?:[\u4e00-\u9fff]{2,12}(?:\((?:19|20)[0-9]{2}\)|(?:19|20)[0-9]{2}年?)第?[0-9]{1,5}号(?:令)?"
    r"|《[^《》]{2,60}》(?:\([^()]{2,24}\))?"
    r"|(?:[\u4e00-\u9fff]{2,12})?(?:令)?第[0-9]{1,5}号(?:令)?)"
)
"""The number or the title of a document, in a tidied text; its brackets part no clauses."""
_ARTICLE = (
    r"(?:第[0-9一二三四五六七八九十百零〇]{1,7}[条款项章节](?:之[一二三四五])?(?:第?\([一二三四五六七八九十]\)项?)?)"
)
ACCORDING = re.compile(
    rf"(?:根据|依据|按照|依照|按|遵照)?{ISSUER}{{0,4}}"
    rf"(?:{DOCUMENT.pattern}{_ARTICLE}*[,、;和及 ]*)+"
    rf"(?:{_ARTICLE})*的?(?:附(?:表|件)[0-9一二三四五六七八九十]*)?的?(?:文件|文)?(?:的?(?:规定|标准|要求|精神))?[:, ]*"
)
"""A document with the words that lead to it, up to where what it says begins."""


def documents(text: str) -> list[tuple[int, int]]:
    """Where documents are named in a tidied text: begin and end of each."""
    return [(found.start(), found.end()) for found in DOCUMENT.finditer(text)]


def led_by(text: str) -> tuple[str, str]:
    """The document a clause opens with, or nothing, and the rest of the clause: 依据湘价费(2015)53号, | 10元/本."""
    found = ACCORDING.match(text)
    return ("", text) if found is None else (found.group().strip(":, "), text[found.end() :])
