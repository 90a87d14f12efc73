"""What of the hooks will go: told to whoever still answers it, long before.

Rules of this room: a deprecated hook, or argument of one, works as before for at least two minor releases of the
library; it goes together with a new first number of the hooks, never silently. Whoever registers a plugin that uses it
is warned (`EgovDeprecationWarning`, an error in tests that say so), and `egov plugins doctor` shows the same sentence.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from egov_core.errors import EgovDeprecationWarning
from egov_core.hooks import spec

MINORS = 2
"""So many minor releases it goes on working, the one that deprecates it included."""


@attrs.frozen(kw_only=True)
class Deprecation:
    """A hook (or one `argument` of it) that will go: since which release of the library, and what takes its place."""

    hook: str
    since: str
    instead: str
    argument: str = ""

    @property
    def works_in(self) -> tuple[str, ...]:
        """The minor releases in which it works at least."""
        major, minor = (int(part) for part in self.since.split(".")[:2])
        return tuple(f"{major}.{minor + later}" for later in range(MINORS))

    def __str__(self) -> str:
        what = f"{self.hook}({self.argument})" if self.argument else self.hook
        return (
            f"{what} is deprecated since {self.since}; it works in {' and '.join(self.works_in)} at least, "
            f"and then goes: {self.instead}"
        )


DEPRECATIONS: tuple[Deprecation, ...] = ()
"""What is deprecated now. Whoever adds one also says it in the docstring of the hook and in the changelog."""


def tell_deprecated(plugin: object, name: str) -> tuple[str, ...]:
    """Warn of each deprecated hook or argument that a plugin uses; the sentences."""
    said = tuple(str(one) for one in DEPRECATIONS if _uses(plugin, one))
    for sentence in said:
        warnings.warn(f"plugin {name}: {sentence}", EgovDeprecationWarning, stacklevel=4)
    return said


def _uses(plugin: object, one: Deprecation) -> bool:
    return any(
        not one.argument or one.argument in inspect.signature(function).parameters
        for function in _answers(plugin, one.hook)
    )


def _answers(plugin: object, hook: str) -> Iterator[Callable[..., Any]]:
    """The functions by which a plugin answers a hook, under its name or another."""
    for name in dir(plugin):
        function = getattr(plugin, name, None)
        options = getattr(function, f"{spec.PROJECT}_impl", None)
        if callable(function) and isinstance(options, dict) and (options.get("specname") or name) == hook:
            yield function
