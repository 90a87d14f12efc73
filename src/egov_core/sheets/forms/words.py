"""What is written in a cell, as a value, and a value as it is written: one pair of functions for each kind.

Rules of this room: `read(show(value)) == value` as far as the cell can say it, and `show(read(text))` is the text as we
would write it; where they differ, the text itself is kept beside the value. A cell that cannot be read raises NotRead
with the way out; nothing is guessed. Limits and fees come through `limit` and `fee` and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import attrs

from egov_core.domain.catalogue import CaseType, Material, PauseKind, PowerClass
from egov_core.domain.legal import LegalBasis
from egov_core.domain.periods import Limit
from egov_core.sheets.fees.reader import read_fee
from egov_core.sheets.fees.stated import FeeClass
from egov_core.sheets.forms.abolished import is_named_abolished, said_abolished
from egov_core.sheets.forms.item_names import is_one_name, is_whole_name
from egov_core.sheets.forms.not_given import is_not_given
from egov_core.sheets.grid import squeezed
from egov_core.sheets.limits.plain import NotPlain, as_text, limit_beside, read_limit_with_words, read_plain_limit
from egov_core.sheets.limits.stated import LimitKind
from egov_core.sheets.power_classes import power_class_of
from egov_core.sheets.signs import half_width
from egov_core.sheets.ticks import ticked

YES = frozenset({"是", "有", "需要", "收费", "收", "支持", "可", "y", "yes", "1", "true", "√", "需收费"})
NO = frozenset(
    {"否", "无", "不需要", "不收费", "不收", "不支持", "不可", "n", "no", "0", "false", "×", "没有", "此项不收费"}
)
_LIST = re.compile(r"[、，,；;\n|]+")
_LINES = re.compile(r"[\n；;]+|(?<=》)(?=《)")
_BASIS = re.compile(r"(《[^》]+》)\s*(第.+)?")
_COUNTED = re.compile(
    r"^\s*(?:\d{1,2}\s*[.．、)）]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）]|[①-⑳])\s*(?=[\u4e00-\u9fff《“])"
)
"""The number of a name in its list. 一、 is none of them: 一、二级注册建筑师 is a name."""
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}\s*[.．、)）]|[（(]\d{1,2}[)）]|[一二三四五六七八九十]{1,3}、|[①-⑳])\s*(?!\d)")


class NotRead(Exception):  # noqa: N818 -- not an error of ours: it becomes a fault of its cell
    """Why a cell was not read: code, sentence, remedy; `value` is what is set in its place, with a warning."""

    def __init__(self, code: str, message: str, remedy: str = "", *, value: Any = None, warning: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.remedy, self.value, self.warning = code, message, remedy, value, warning


def shown(text: str) -> str:
    """A cell as it is named in a message: on one line, and short."""
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= 40 else f"“{line[:40]}…”"


def text_in(text: str) -> str:
    """A text as it stands."""
    return text


def name_in(text: str) -> str:
    """A name: on one line, without its number in the list. Raises NotRead where there are several.

    A name that says of itself that it is abolished is taken as it stands, with a warning.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    is_list = sum(1 for line in lines if _NUMBERED.match(line)) > 1 or re.search(r"[;；]", text.rstrip(";； "))
    # One name may go over two lines; two that both end as names of items do are two.
    if is_list or sum(1 for line in lines if is_whole_name(squeezed(line))) > 1:
        raise NotRead(
            "several-items", f"{shown(text)} names several items in one cell", "give each item a row of its own"
        )
    name = _COUNTED.sub("", "".join(line.strip() for line in lines))
    if is_named_abolished(name):
        raise NotRead(*said_abolished(shown(name)), value=name, warning=True)
    if not is_one_name([squeezed(line) for line in lines]):
        message = "the name goes over several lines, and is taken as one"
        raise NotRead(
            "name-over-lines", message, "give each item a row of its own if it is two", value=name, warning=True
        )
    return name


def organ_in(text: str) -> str:
    """The name of one organ. Raises NotRead where there are several."""
    name = "".join(line.strip() for line in text.split("\n"))
    if re.search(r"[、;；,，]", name):
        raise NotRead(
            "several-organs",
            f"{shown(text)} names several organs",
            "name the one that decides, and the others as organs that approve jointly",
        )
    return name


def list_in(text: str) -> tuple[str, ...]:
    """The words of a list, each once."""
    return tuple(dict.fromkeys(word.strip() for word in _LIST.split(text) if word.strip()))


def list_out(words: Iterable[str]) -> str:
    """A list on one line."""
    return "、".join(words)


def lines_in(text: str) -> tuple[str, ...]:
    """The lines of a text."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def lines_out(lines: Iterable[str]) -> str:
    """Lines as a text."""
    return "\n".join(lines)


def yes_in(text: str) -> bool:
    """是 or 否. Raises NotRead for anything else."""
    word = half_width(ticked(text)).strip().lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise NotRead("yes-or-no", f"{shown(text)} is neither 是 nor 否", "write 是 or 否")


def yes_out(value: bool | None) -> str:  # noqa: FBT001 -- it is the value
    """是, 否, or nothing."""
    return "" if value is None else "是" if value else "否"


def count_in(text: str) -> int:
    """A whole number, with or without its measure word. Raises NotRead."""
    found = re.fullmatch(r"(\d{1,6})\s*[份次个件项]?", half_width(text).strip())
    if found is None:
        raise NotRead("number", f"{shown(text)} is no whole number", "write digits, for example 2")
    return int(found[1])


def count_out(value: int | None) -> str:
    """A number, or nothing."""
    return "" if value is None else str(value)


def power_class_in(text: str) -> PowerClass:
    """A class of powers. Raises NotRead for a word that is none of them."""
    found = power_class_of(ticked(text))
    if found is not None:
        return found
    raise NotRead(
        "item-type",
        f"{shown(text)} is none of the power classes",
        f"write one of {', '.join(one.value for one in PowerClass)}, or give the word in the mapping's `values`",
    )


def case_type_in(text: str) -> CaseType | None:
    """A case type; another word is taken from the limit, with a warning."""
    word = half_width(ticked(text)).strip("() ")
    for one in CaseType:
        if one.value == word:
            return one
    raise NotRead(
        "case-type",
        f"{shown(text)} is not 即办件, 承诺件 or 转报件; the type is taken from the limit",
        "write one of the three, or give the word in the mapping's `values`",
        warning=True,
    )


def enum_out(value: Any) -> str:
    """The Chinese term of a value of ours, or nothing."""
    return "" if value is None else str(value.value)


def pauses_in(text: str) -> frozenset[PauseKind]:
    """Special procedures. Raises NotRead naming the words that are none."""
    known = {one.value: one for one in PauseKind} | {"其他": PauseKind.OTHER}
    words = list_in(ticked(text))
    unknown = [word for word in words if word not in known]
    if unknown:
        raise NotRead(
            "special-procedure",
            f"{', '.join(shown(word) for word in unknown)} is no special procedure",
            f"write {', '.join(one.value for one in PauseKind)}",
        )
    return frozenset(known[word] for word in words)


def pauses_out(kinds: frozenset[PauseKind]) -> str:
    """Special procedures in the order of the law."""
    return "、".join(one.value for one in PauseKind if one in kinds)


def bases_in(text: str) -> tuple[LegalBasis, ...]:
    """Legal bases: one a line, or one after another in 《》."""
    return tuple(basis_in(line.strip()) for line in _LINES.split(text) if line.strip())


def basis_in(text: str) -> LegalBasis:
    """One legal basis, the instrument apart from the article where 《》 say where it ends."""
    line = " ".join(text.split())
    found = _BASIS.fullmatch(line)
    return LegalBasis(instrument=found[1], article=found[2] or "") if found else LegalBasis(instrument=line)


def bases_out(bases: Iterable[LegalBasis]) -> str:
    """Legal bases, one a line."""
    return "\n".join(str(one) for one in bases)


def basis_out(basis: LegalBasis | None) -> str:
    """One legal basis, or nothing."""
    return "" if basis is None else str(basis)


def materials_in(text: str) -> tuple[Material, ...]:
    """Materials, one a line; numbers before them are taken off."""
    names = [re.sub(r"[;；。]+$", "", _NUMBERED.sub("", line)).strip() for line in lines_in(text)]
    found = dict.fromkeys(name for name in names if name)
    return tuple(Material(code=f"m{number}", name=name) for number, name in enumerate(found, 1))


def materials_out(materials: Iterable[Material]) -> str:
    """The names of materials, one a line, numbered."""
    return "\n".join(f"{number}.{one.name}" for number, one in enumerate(materials, 1))


def limit_in(text: str, *, kind: LimitKind) -> Limit | None:
    """A limit that is plain enough for a timer to run on; `kind` is that of the column. Raises NotRead.

    None where the cell speaks of the other column only, as 法定20个工作日 does in that of the promise.
    """
    if kind is LimitKind.PROMISED and is_not_given(text):
        return None
    found = read_plain_limit(text, basis=NO_BASIS, kind=kind)
    if isinstance(found, NotPlain) and kind is not LimitKind.UNSAID:
        taken = read_limit_with_words(text, basis=NO_BASIS, kind=kind)
        if not isinstance(taken, NotPlain):
            message = (
                f"{shown(text)} is taken as {as_text(taken.limit)}; beside it stands {shown('，'.join(taken.words))}"
            )
            remedy = "look whether the limit is right; time that is not counted is recorded as a pause of the case"
            raise NotRead("limit-words", message, remedy, value=taken.limit, warning=True)
    if isinstance(found, NotPlain):
        if kind is not LimitKind.UNSAID and limit_beside(text, basis=NO_BASIS, kind=kind, with_words=True) is not None:
            return None
        raise NotRead(
            found.code, found.message, "write for example 20个工作日, or 即办 for what is decided on the spot"
        )
    return found


def statutory_in(text: str) -> Limit | None:
    """A statutory limit; None where the cell says, in the words of an export, that none is given. Raises NotRead."""
    return None if is_not_given(text) else limit_in(text, kind=LimitKind.STATUTORY)


def fee_in(text: str) -> str:
    """A text about fees, kept as it stands. Raises NotRead, as a warning, for what in it is not understood."""
    found = read_fee(text)
    if not found.read:
        remedy = "it is kept as it stands; write for example 不收费, or 60元/证"
        raise NotRead("fee-not-read", found.unread[0].message, remedy, value=text, warning=True)
    return text


def limit_and_fee_in(text: str) -> str:
    """A cell that should say a limit and a fee and could not be parted. Raises NotRead."""
    message = f"{shown(text)} is not one limit beside one fee"
    raise NotRead("limit-and-fee", message, "write for example 5个工作日；不收费, or give each a column of its own")


def fee_class_in(text: str) -> FeeClass:
    """What kind of answer a text about fees gives; that there is one, where it is not understood. 0 alone is none."""
    word = half_width(ticked(text)).strip().lower()
    if word in NO or re.fullmatch(r"[¥￥]?0+(?:\.0+)?", word):
        return FeeClass.NONE
    return read_fee(text).fee_class or FeeClass.CHARGED


NO_BASIS = LegalBasis(instrument="—", assumed=True)
"""Stands in a limit until the item's own bases are known."""


def with_basis(limit: Limit, basis: LegalBasis) -> Limit:
    """The limit with the basis it rests on, where it has none of its own."""
    return attrs.evolve(limit, basis=basis) if limit.basis == NO_BASIS else limit


def limit_out(limit: Limit | None) -> str:
    """A limit as offices write it."""
    return "" if limit is None else as_text(limit)
