"""The files of Chinese sentences, as they were written: the English sentence, and the Chinese one.

Rules of this room: reading, and nothing of how a sentence is found or filled in. It imports nothing of ours, so that a
help in Chinese does not wait for what errors are said with.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources

HELP = "help.toml"


def written() -> Iterator[tuple[str, str]]:
    """The sentences of every file."""
    folder = resources.files("egov_core.server").joinpath("text", "sentences")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            yield from tomllib.loads(file.read_text(encoding="utf-8")).items()


@functools.lru_cache(maxsize=1)
def of_help() -> Mapping[str, str]:
    """The sentences of the help of commands, none of which has a value to be filled in."""
    file = resources.files("egov_core.server").joinpath("text", "sentences", HELP)
    return tomllib.loads(file.read_text(encoding="utf-8"))
