"""The catalogue of words: one TOML file per language, one key per sentence.

Rules of this room: no sentence of a page stands anywhere else. A key that does not exist is an error, never a blank;
the languages have the same keys, and every key is used (a test looks).
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import attrs

LANGUAGES = ("zh", "en")
"""The first is what a visitor gets who has chosen nothing."""
HTML_LANG = {"zh": "zh-CN", "en": "en"}


@attrs.frozen
class Words:
    """The words of one language: `words("board.title")`, `words("list.total", total=12)`."""

    lang: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence with its values filled in. Raises KeyError for a key that does not exist."""
        text = self.texts[key]
        return text.format_map(values) if values else text

    def either(self, key: str, otherwise: str) -> str:
        """The sentence, or `otherwise` where a place has words of its own that no catalogue can know."""
        return self.texts.get(key, otherwise)


@functools.lru_cache(maxsize=len(LANGUAGES))
def words_of(lang: str) -> Words:
    """The words of a language; those of the first language for one that is not there."""
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    file = resources.files("egov_core.server").joinpath("text", f"{lang}.toml")
    return Words(lang, dict(_flat(tomllib.loads(file.read_text(encoding="utf-8")))))


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
