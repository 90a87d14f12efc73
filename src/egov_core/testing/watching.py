"""Watching what a function does besides answering: clocks, dice, files and lines it reaches for, and what it keeps.

Rules of this room: nothing about any hook. The interpreter's own profiler tells which built-in functions are called, so
a clock is seen wherever it is read, under whatever name it was imported. Nothing is replaced while a plugin runs.
"""

from __future__ import annotations

import collections
import functools
import gc
import os
import sys
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any, TypeVar

T = TypeVar("T")

CLOCKS = frozenset({"now", "today", "utcnow", "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter"})
_CLOCKS_WITHOUT_ARGUMENT = frozenset({"localtime", "gmtime", "ctime", "strftime"})
DICE = frozenset({"random", "getrandbits", "urandom", "getrandom"})
OUTSIDE = frozenset(
    {"open", "connect", "connect_ex", "sendto", "fork_exec", "posix_spawn", "fork", "system", "getaddrinfo", "listdir"}
)
_MODULES = {
    "time": CLOCKS | _CLOCKS_WITHOUT_ARGUMENT | {"sleep"},
    "datetime": CLOCKS,
    "date": CLOCKS,
    "_random": DICE,
    "Random": DICE,
    "posix": OUTSIDE | DICE,
    "nt": OUTSIDE | DICE,
    "_io": OUTSIDE,
    "io": OUTSIDE,
    "_socket": OUTSIDE,
    "socket": OUTSIDE,
    "_sqlite3": OUTSIDE,
    "_posixsubprocess": OUTSIDE,
}
"""Where a built-in function stands (its module, or the class it is a method of), and which of its names are told."""


def watched(work: Callable[[], T]) -> tuple[T, list[str]]:
    """What `work` gives, and which clocks, dice, files, lines and settings of the environment it reached for."""
    reached: list[str] = []
    environment = type(os.environ).__getitem__.__code__

    def look(frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call":
            name = getattr(argument, "__name__", "")
            owner = getattr(argument, "__self__", None)
            kind = owner if isinstance(owner, type) else type(owner)
            places = {getattr(argument, "__module__", None), *(one.__name__ for one in kind.__mro__)}
            if isinstance(owner, ModuleType):
                places.add(owner.__name__)
            if any(name in _MODULES.get(str(place), ()) for place in places):
                reached.append(f"{getattr(argument, '__qualname__', name)}")
        elif event == "call" and frame.f_code is environment:
            reached.append("os.environ")

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        found = work()
    finally:
        sys.setprofile(before)
    return found, reached


_HOLDERS = (list, tuple, set, frozenset, collections.deque, functools._lru_cache_wrapper)  # noqa: SLF001 - its type has no other name
_MOST = 20_000


def texts_kept(subject: object) -> set[str]:
    """Every text that an object keeps in itself, its class or the globals of its module, what is nearest first."""
    kind = subject if isinstance(subject, type) else type(subject)
    module = subject if isinstance(subject, ModuleType) else sys.modules.get(kind.__module__)
    waiting: collections.deque[Any] = collections.deque([subject, *_own(kind), *_own(module)])
    texts: set[str] = set()
    seen: set[int] = set()
    while waiting and len(seen) < _MOST:
        here = waiting.popleft()
        if isinstance(here, str):
            texts.add(here)
        elif isinstance(here, bytes):
            texts.add(here.decode(errors="replace"))
        elif id(here) not in seen:
            seen.add(id(here))
            waiting.extend(_inside(here))
    return texts


def _own(place: object) -> list[Any]:
    """What a class or a module was given by its author; by its loader one would get to everything there is."""
    return [value for name, value in getattr(place, "__dict__", {}).items() if not name.startswith("__")]


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]  # the collector does not look at keys that are texts
    if isinstance(value, _HOLDERS):
        return list(gc.get_referents(value))
    if isinstance(value, (type, ModuleType)) or callable(value):
        return list(getattr(value, "__dict__", {}).values()) if callable(value) and not isinstance(value, type) else []
    slots = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
    kept = [getattr(value, name, None) for name in slots if isinstance(name, str)]
    return [*getattr(value, "__dict__", {}).values(), *kept]
