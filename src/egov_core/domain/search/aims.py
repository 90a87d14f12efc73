"""What is to be done: 注销, 补办, 离婚. Which aims a question asks for, and whether an item is the contrary of it.

Rules of this room: words only; which aims there are is data (`data/search/*.toml`). An item is told by its name. Only
what was typed asks for an aim so surely that an item can be the contrary of it; an aim that nobody asked for counts a
little against an item, and makes it no other one.

Reason. 离婚登记 differs from 结婚登记 in one character, and 注销公司 shares with 公司设立登记 all that tells anything:
no count of characters knows that they are contraries. Somebody who is sent to the contrary is worse off than one to
whom nothing was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import attrs


@attrs.frozen
class Aim:
    """An aim: words for it in the names of items, what people say for it, and words of names that are the contrary.

    `usual`: what somebody means who names no aim, such as 设立. `thing`: it is a matter of its own, such as 离婚, and
    no aim upon another.
    """

    named: tuple[str, ...]
    typed: tuple[str, ...] = ()
    contrary: tuple[str, ...] = ()
    usual: bool = False
    thing: bool = False

    def is_in(self, name: str) -> bool:
        """Whether the name of an item has this aim."""
        return any(word in name for word in self.named)


@attrs.frozen
class AskedAims:
    """The aims of which a question is told: those that were typed, and those that nobody spoke of."""

    typed: tuple[Aim, ...] = ()
    unasked: tuple[Aim, ...] = ()

    def is_contrary(self, name: str) -> bool:
        """Whether an item of this name (normalised) does the contrary of what was typed, and nothing of it."""
        if not any(word in name for aim in self.typed for word in aim.contrary):
            return False
        return not any(aim.is_in(name) for aim in self.typed)

    def is_unasked(self, name: str) -> bool:
        """Whether an item of this name (normalised) is for something of which nobody spoke."""
        return any(aim.is_in(name) for aim in self.unasked)


NO_AIMS = AskedAims()


def only_aims(official: Iterable[str], aims: Iterable[Aim]) -> bool:
    """Whether official words (normalised) say what is to be done and nothing of the thing: 遗失补办, 变更登记."""
    named = sorted({word for aim in aims if not aim.thing for word in aim.named}, key=lambda word: (-len(word), word))
    pure = re.compile(f"(?:{'|'.join(map(re.escape, named))})+") if named else None
    return pure is not None and all(pure.fullmatch(word) for word in official)


def asked_aims(text: str, read_as: Iterable[str], aims: Iterable[Aim]) -> AskedAims:
    """The aims of a question: `text` as typed, `read_as` the official words it may be read as, all normalised."""
    typed: list[Aim] = []
    unasked: list[Aim] = []
    official = tuple(read_as)
    for aim in aims:
        if any(word in text for word in (*aim.named, *aim.typed)):
            typed.append(aim)
        elif not aim.usual and not any(aim.is_in(word) for word in official):
            unasked.append(aim)
    return AskedAims(tuple(typed), tuple(unasked))
