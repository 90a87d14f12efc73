"""Card policies from the package, from files, and from what plugins offer."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from egov_core.domain.cards.policy import CardPolicy, parse_policy
from egov_core.domain.timers.kinds import KINDS
from egov_core.errors import PolicyError, UnknownError
from egov_core.runtime.toml_files import read_toml


def shipped_policies() -> tuple[str, ...]:
    """The names of the policies that come with the library."""
    folder = files("egov_core") / "data" / "policies"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


NONE_OFFERED: Mapping[str, CardPolicy] = MappingProxyType({})


def load_policy(
    name: str, kinds: Collection[str] = KINDS.keys(), offered: Mapping[str, CardPolicy] = NONE_OFFERED
) -> CardPolicy:
    """A shipped policy or one of `offered` by its name, or a policy file by its path (ends in `.toml`).

    `kinds` are the kinds of timers that the rules of a file may name; `offered` are the policies of plugins.

    Raises UnknownError listing the names there are, or PolicyError naming every fault of the file.
    """
    if name.endswith(".toml"):
        return _from_file(Path(name), kinds)
    if name in offered:
        return offered[name]
    if name not in shipped_policies():
        raise UnknownError(
            f"there is no card policy {name!r}",
            remedy=f"use one of {', '.join((*shipped_policies(), *sorted(offered)))}, or the path of a TOML file",
            policy=name,
        )
    return _shipped(name)


@lru_cache(maxsize=16)
def _shipped(name: str) -> CardPolicy:
    text = (files("egov_core") / "data" / "policies" / f"{name}.toml").read_text(encoding="utf-8")
    return parse_policy(tomllib.loads(text), f"{name}.toml")


def _from_file(path: Path, kinds: Collection[str]) -> CardPolicy:
    data = read_toml(path, lambda message, remedy: PolicyError(message, remedy=remedy), "a policy file")
    return parse_policy(data, str(path), kinds)
