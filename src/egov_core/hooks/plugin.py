"""What is known about a plugin, and whether it can be registered at all.

Rules of this room: a plugin is any object with functions named after hooks. Everything that is wrong with it is said at
once: misspelt hooks and arguments ("did you mean"), reserved hooks, wrappers, a version of the hooks that is not ours.

A plugin may say, as attributes of the module, class or object:

    egov_api       the version of the hooks it is written for, "1.0"; plugins that are discovered have to
    egov_items     names or codes of the items it is about: it is asked about no other
    egov_settings  an attrs class that its table in the settings is read into
"""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Any

import attrs

from egov_core.errors import Fault
from egov_core.hooks import spec

PREFIX = "egov_"
ATTRIBUTES = ("egov_api", "egov_items", "egov_settings")
_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})", re.ASCII)


class Origin(StrEnum):
    """How a plugin came in: the library's own, an installed distribution, a file of a folder, the settings, or code."""

    BUILT_IN = "built-in"
    INSTALLED = "installed"
    FOLDER = "folder"
    SETTINGS = "settings"
    CODE = "code"

    @property
    def is_discovered(self) -> bool:
        """Whether nobody handed the object over in the program, so that it has to say what it is written for."""
        return self in (Origin.INSTALLED, Origin.FOLDER, Origin.SETTINGS)


@attrs.frozen(kw_only=True)
class PluginInfo:
    """A registered plugin: its name, where it came from, and what it answers.

    `where` is the entry point, the file or the path of the object; `version` that of its distribution. `items` are the
    names and codes of the items it is about, empty for all. `deprecated` says what of its answers will not be asked for
    for ever. `load_seconds` is how long its import took.
    """

    name: str
    origin: Origin
    where: str = ""
    distribution: str = ""
    version: str = ""
    api: str = ""
    hooks: tuple[str, ...] = ()
    items: frozenset[str] = frozenset()
    deprecated: tuple[str, ...] = ()
    load_seconds: float = attrs.field(default=0.0, eq=False)


def is_about(items: Collection[str], item: Any) -> bool:
    """Whether a plugin with these `egov_items` is asked about an item (None: the question is about none)."""
    return not items or item is None or item.name in items or item.code in items


def api_of(plugin: object) -> str:
    """What version of the hooks a plugin says it is written for; empty where it says none."""
    said = getattr(plugin, "egov_api", "")
    return said if isinstance(said, str) else repr(said)


def version_of(plugin: object) -> tuple[int, int] | None:
    """The same as two numbers; None where it says none, or none that can be read."""
    said = getattr(plugin, "egov_api", "")
    found = _VERSION.fullmatch(said) if isinstance(said, str) else None
    return None if found is None else (int(found[1]), int(found[2]))


def api_range(api: str) -> str:
    """The versions of the hooks with which a plugin works that is written for `api`: that one, and later minor ones."""
    major, dot, _ = api.partition(".")
    return f">={api},<{int(major) + 1}.0" if dot and major.isdecimal() else ""


def items_of(plugin: object) -> frozenset[str]:
    """The items a plugin says it is about."""
    return frozenset(getattr(plugin, "egov_items", ()))


def known_hooks() -> dict[str, Any]:
    """Every hook of the specification by name."""
    return {name: value for name, value in vars(spec).items() if name.startswith(PREFIX)}


def faults_of(plugin: object, *, discovered: bool = False, api: tuple[int, int] | None = None) -> Iterator[Fault]:
    """Everything that keeps a plugin from being registered; `api` is the version of the hooks, by default ours."""
    yield from _attribute_faults(plugin)
    yield from _api_faults(plugin, discovered=discovered, api=api or spec.API)
    known, written_for = known_hooks(), version_of(plugin)
    for name in dir(plugin):
        if name in ATTRIBUTES:
            continue
        function = getattr(plugin, name)
        options: Any = getattr(function, f"{spec.PROJECT}_impl", None)
        marked = isinstance(options, dict)
        if not callable(function) or not (marked or name.startswith(PREFIX)):
            continue
        answers = (options.get("specname") if marked else None) or name
        if answers not in known:
            yield Fault(answers, "unknown-hook", f"is not a hook{meant(answers, known)}")
            continue
        if answers in spec.RESERVED:
            opens = spec.RESERVED[answers]
            yield Fault(answers, "reserved-hook", f"is reserved and nothing calls it yet; it comes with {opens}")
            continue
        if marked and (options.get("wrapper") or options.get("hookwrapper")):
            yield Fault(answers, "wrapper", "cannot wrap other plugins: each is asked by itself")
            continue
        since = spec.SINCE[answers]
        if written_for is not None and written_for[0] == since[0] and written_for < since:
            said = ".".join(map(str, since))
            yield Fault(answers, "later-hook", f'is there since {said} only: say egov_api = "{said}"')
        asked = set(inspect.signature(known[answers]).parameters)
        for argument in inspect.signature(function).parameters:
            if argument not in asked and argument != "self":
                yield Fault(f"{name}({argument})", "unknown-argument", f"is not given{meant(argument, asked)}")
        if not marked:
            yield Fault(name, "unmarked", "lacks @hookimpl")


def _attribute_faults(plugin: object) -> Iterator[Fault]:
    for name in dir(plugin):
        if name.startswith(PREFIX) and name not in ATTRIBUTES and not callable(getattr(plugin, name)):
            yield Fault(name, "unknown-attribute", f"is nothing a plugin says{meant(name, ATTRIBUTES)}")
    items = getattr(plugin, "egov_items", ())
    if isinstance(items, str) or not isinstance(items, Collection) or not all(isinstance(one, str) for one in items):
        yield Fault("egov_items", "type", "has to be a tuple of names or codes of items")
    settings = getattr(plugin, "egov_settings", None)
    if settings is not None and not (isinstance(settings, type) and attrs.has(settings)):
        yield Fault("egov_settings", "type", "has to be an attrs class")


def _api_faults(plugin: object, *, discovered: bool, api: tuple[int, int]) -> Iterator[Fault]:
    said, ours = getattr(plugin, "egov_api", None), ".".join(map(str, api))
    version = version_of(plugin)
    if said is None:
        if discovered:
            yield Fault("egov_api", "missing", f'is missing: say egov_api = "{ours}", the hooks it is written for')
        return
    if isinstance(said, float):
        # a second number of 10 would be read as 1: only a text says which one is meant
        yield Fault("egov_api", "type", f"is the number {said!r}: write '{said!r}' in quotes")
    elif version is None:
        yield Fault("egov_api", "type", f'is {said!r}: write it as "{ours}"')
    elif version[0] != api[0] or version[1] > api[1]:
        yield Fault(
            "egov_api",
            "range",
            f"is {said}, and this library has the hooks {ours}: it takes {api[0]}.0 to {ours}; "
            + ("install a newer library" if version > api else "install a newer version of the plugin"),
        )


def meant(name: str, known: Collection[str]) -> str:
    """The name that was probably meant, as the end of a sentence; nothing where none is near."""
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""
