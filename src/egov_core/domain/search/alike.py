"""Characters that are written for one another: of the same sound, or of nearly the same look.

Rules of this room: characters only; which ones are alike is data (`data/search/alike.toml`), a group of them a text.

Reason. Who types by sound gets a character of the same sound wrong: 低宝 for 低保. Of a word of two characters one
remains, and every second word of the catalogue has it (`near`); that the other sounds the same is what tells the word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from egov_core.domain.search.terms import is_han, normalised
from egov_core.errors import Fault

SHORTEST, LONGEST = 2, 3
"""Characters of a word that is recognised by a character that is alike; a longer one is by any other (`near`)."""


def others(groups: Iterable[str]) -> dict[str, str]:
    """For each character those that are written for it, in the order of the groups."""
    found: dict[str, str] = {}
    for group in groups:
        for char in group:
            held = found.get(char, "")
            found[char] = held + "".join(other for other in group if other != char and other not in held)
    return found


def exchanged(word: str, alike: Mapping[str, str]) -> Iterator[str]:
    """The words that differ from this one in a character that is alike, from the left."""
    for at, char in enumerate(word):
        for other in alike.get(char, ""):
            yield word[:at] + other + word[at + 1 :]


def is_alike(word: str, typed: str, alike: Mapping[str, str]) -> bool:
    """Whether a word was typed with one character that is alike."""
    wrong = [(char, other) for char, other in zip(word, typed, strict=False) if char != other]
    return len(word) == len(typed) and len(wrong) == 1 and wrong[0][1] in alike.get(wrong[0][0], "")


def parse_alike(value: Any, faults: list[Fault]) -> tuple[str, ...]:
    """The groups of a file. Adds a fault for each that is none."""
    if not isinstance(value, list):
        faults.append(Fault("alike", "type", 'must be a list of characters that are alike, for example ["证正政"]'))
        return ()
    groups: list[str] = []
    for number, group in enumerate(value, start=1):
        path = f"alike {number}"
        plain = normalised(group) if isinstance(group, str) else ""
        if len(plain) < 2 or not all(map(is_han, plain)):
            faults.append(Fault(path, "type", f"{group!r} must be two Chinese characters or more, and nothing else"))
        elif len(set(plain)) < len(plain):
            faults.append(Fault(path, "twice", f"{group!r} has a character twice; write it once"))
        else:
            groups.append(plain)
    return tuple(groups)
