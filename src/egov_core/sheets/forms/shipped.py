"""The forms that come with the library, and a mapping file of the caller's.

Rules of this room: it reads package data and the bytes it is given; a shipped form is parsed once.
"""

from __future__ import annotations

import functools
from importlib import resources

from egov_core.errors import UnknownError
from egov_core.sheets.forms.description import Form, parse_form

FORMS = ("summary", "information", "forwarding", "national")
"""The shipped forms in the order of the annexes; the first three are the set that a unit hands in."""
SET = FORMS[:3]


@functools.lru_cache(maxsize=len(FORMS))
def shipped_form(name: str) -> Form:
    """A shipped form by its name. Raises UnknownError, which lists the names there are."""
    if name not in FORMS:
        raise UnknownError(f"there is no form {name!r}", remedy=f"use one of {', '.join(FORMS)}", form=name)
    data = resources.files("egov_core").joinpath("data", "forms", f"{name}.toml").read_bytes()
    return parse_form(data, source=f"{name}.toml")


def shipped_forms() -> tuple[Form, ...]:
    """Every shipped form."""
    return tuple(shipped_form(name) for name in FORMS)
