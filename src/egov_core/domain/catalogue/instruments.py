"""Legal instruments that have ended 失效的法律法规, and how many articles others have, so that a basis is looked up.

Rules of this room: values and their form; which instruments have ended, and how long others are, is data. An end is a
fact where the article or the decree that ends the instrument has been read; where it has not, the entry says so itself.
Names are compared without brackets and without the name of the state, because catalogues write both.

The form (TOML); `unverified = true` takes the place of the article that nobody has read:

    [[instrument]]
    name = "《中华人民共和国合同法》"
    ended = 2021-01-01
    replaced-by = "《中华人民共和国民法典》"
    basis = { instrument = "《中华人民共和国民法典》", article = "第一千二百六十条" }

    [[counted]]
    name = "《中华人民共和国行政许可法》"
    articles = 83
    since = 2004-07-01
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

import attrs

from egov_core.domain.catalogue.items import ItemVersion
from egov_core.domain.legal import LegalBasis, parse_basis
from egov_core.errors import ClaimError, Fault

N = TypeVar("N", "EndedInstrument", "CountedInstrument")

_AROUND = re.compile(r"[《》〈〉\s]|中华人民共和国|（[^）]*）|\([^)]*\)")


@attrs.frozen(kw_only=True)
class EndedInstrument:
    """An instrument that has ended on a day, what took its place, and where that is said.

    `unverified`: nobody has read the words that are said to end it, so that it is told as something to look up only.
    """

    name: str
    ended: date
    replaced_by: str = ""
    basis: LegalBasis
    unverified: bool = False


@attrs.frozen(kw_only=True)
class CountedInstrument:
    """An instrument that has so many articles 条, in the text that holds since a day."""

    name: str
    articles: int
    since: date


_ARTICLE = re.compile("第([0-9〇零一二两三四五六七八九十百千]+)条")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NAMES = re.compile(r"《|[0-9〇零一二三四五六七八九十]+号|[0-9]{4}|令第")
_WHOSE = (
    r"(?:上级|国家|中央|国务院|省|市|县|区|各级|部门|主管|本级|政府|党委|单位|内部|地方|行业|现行|其他|其它|相应|有关|相关"
    r"|[的和及与])"
)
_WHAT = r"(?:法律|法规|规章|规范性|政策|文件|规定|要求|通知|精神|惯例|制度|办法|标准|程序|指示|安排|部署|意见)"
_VAGUE = re.compile(
    rf"(?:按照?|依据|根据|参照|依照|依|见)?(?:{_WHOSE}*{_WHAT})+[的等]?(?:执行|办理)?"
    "|无|暂无|没有|不详|待定|待补|待补充|其他|其它|详见附件|见附件|同上|如上"
)
_TABLES = ("instrument", "counted")
_NO_SOURCE = "must give the article or the decree that ends it; where nobody has read it, write unverified = true"
_LONGEST_VAGUE = 30
"""Longer texts say more than that somebody wrote something somewhere."""


def names_nothing(basis: LegalBasis) -> bool:
    """Whether a basis is words that name no instrument, as 按上级文件: nobody can look it up."""
    text = unicodedata.normalize("NFKC", str(basis))
    if _NAMES.search(text):
        return False
    plain = re.sub(r"[\s、,，;；。.:：/()（）“”\"-]", "", text)
    return len(plain) <= _LONGEST_VAGUE and _VAGUE.fullmatch(plain) is not None


def article_numbers(article: str) -> tuple[int, ...]:
    """The numbers of the articles that a basis names, as far as the text is still about its own instrument."""
    own = unicodedata.normalize("NFKC", article).partition("《")[0]
    return tuple(_number(found) for found in _ARTICLE.findall(own))


def _number(text: str) -> int:
    if text.isdecimal() and text.isascii():
        return int(text[:9])
    if not _UNITS.keys() & set(text):  # 一二六〇, digit for digit
        return int("".join(str(_DIGITS.get(sign, 0)) for sign in text[:9]))
    whole, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            whole += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS.get(sign, 0)
    return whole + digit


def plain_name(instrument: str) -> str:
    """The name of an instrument as it is compared."""
    return _AROUND.sub("", instrument)


def bases_of(item: ItemVersion) -> Iterator[tuple[str, LegalBasis]]:
    """Every basis that an item names, with the element that names it."""
    yield from (("basis", one) for one in item.basis)
    if not item.statutory_is_default and item.statutory.basis not in item.basis:
        yield "statutory", item.statutory.basis
    yield from ((f"materials.{one.code}", one.basis) for one in item.materials if one.basis is not None)
    if item.fees is not None and item.fees.basis is not None:
        yield "fees.basis", item.fees.basis


def _rows(data: Mapping[str, Any], table: str, where: str, faults: list[Fault]) -> list[Mapping[str, Any]]:
    rows = data.get(table, [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        faults.append(Fault(f"{where}: {table}", "type", f"must be tables: [[{table}]]"))
        return []
    return rows


def parse_ended(data: Mapping[str, Any], where: str) -> tuple[EndedInstrument, ...]:
    """Ended instruments from a table. Raises ClaimError with every fault and its path in `where`."""
    faults = [Fault(f"{where}: {key}", "unknown-field", "is not a key") for key in data if key not in _TABLES]
    found = []
    for index, row in enumerate(_rows(data, "instrument", where, faults)):
        path = f"{where}: instrument[{index}]"
        known = ("name", "ended", "replaced-by", "basis", "unverified")
        faults += [Fault(f"{path}.{key}", "unknown-field", "is not a key") for key in row if key not in known]
        if not isinstance(row.get("name"), str) or not row["name"].strip():
            faults.append(Fault(f"{path}.name", "missing", "must be a text"))
        if type(row.get("ended")) is not date:
            faults.append(Fault(f"{path}.ended", "type", "must be a date: 2021-01-01, without quotes"))
        if not isinstance(row.get("replaced-by", ""), str):
            faults.append(Fault(f"{path}.replaced-by", "type", "must be a text"))
        basis = parse_basis(row.get("basis"), f"{path}.basis", faults)
        unverified = row.get("unverified", False)
        if not isinstance(unverified, bool):
            faults.append(Fault(f"{path}.unverified", "type", "must be true or false"))
        elif not unverified and basis.instrument and not basis.article.strip():
            faults.append(Fault(f"{path}.basis.article", "missing", _NO_SOURCE))
        if not faults:
            found.append(
                EndedInstrument(
                    name=row["name"],
                    ended=row["ended"],
                    replaced_by=row.get("replaced-by", ""),
                    basis=basis,
                    unverified=unverified,
                )
            )
    if faults:
        raise ClaimError(
            f"{where}: the ended instruments cannot be read ({len(faults)} faults)",
            faults=faults,
            remedy="correct the places named",
        )
    return tuple(found)


def parse_counted(data: Mapping[str, Any], where: str) -> tuple[CountedInstrument, ...]:
    """How many articles instruments have, from a table. Raises ClaimError with every fault and its path in `where`."""
    faults: list[Fault] = []
    found = []
    for index, row in enumerate(_rows(data, "counted", where, faults)):
        path = f"{where}: counted[{index}]"
        known = ("name", "articles", "since")
        faults += [Fault(f"{path}.{key}", "unknown-field", "is not a key") for key in row if key not in known]
        if not isinstance(row.get("name"), str) or not row["name"].strip():
            faults.append(Fault(f"{path}.name", "missing", "must be a text"))
        if type(row.get("articles")) is not int or row["articles"] < 1:
            faults.append(Fault(f"{path}.articles", "type", "must be a whole number: 83, without quotes"))
        if type(row.get("since")) is not date:
            faults.append(Fault(f"{path}.since", "type", "must be a date: 2021-01-01, without quotes"))
        if not faults:
            found.append(CountedInstrument(name=row["name"], articles=row["articles"], since=row["since"]))
    if faults:
        raise ClaimError(
            f"{where}: the numbers of articles cannot be read ({len(faults)} faults)",
            faults=faults,
            remedy="correct the places named",
        )
    return tuple(found)


def by_name(instruments: Iterable[N]) -> dict[str, N]:
    """Instruments by the name as it is compared; a later one of the same name takes the place of an earlier one."""
    return {plain_name(one.name): one for one in instruments}


def successors(one: EndedInstrument, ended: Mapping[str, EndedInstrument], day: date) -> tuple[str, ...]:
    """What took the place of an ended instrument, and of that in its turn, up to what had not ended on a day.

    `ended` is keyed as `by_name` does it. An end that is unverified ends the chain: it is no fact.
    """
    names: dict[str, str] = {}
    last: EndedInstrument | None = one
    while last is not None and last.replaced_by and last.ended <= day and not last.unverified:
        key = plain_name(last.replaced_by)
        if key in names:
            break
        names[key] = last.replaced_by
        last = ended.get(key)
    return tuple(names.values())
