"""The texts that a field of a value allows, refused in plain words.

Rules of this room: attrs has a validator for this, whose refusal shows its own attributes; a plugin's author is to
read which texts there are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def allowed(*texts: str) -> Callable[[Any, Any, Any], None]:
    """A validator for an attrs field: one of these texts. Raises ValueError naming them."""
    known = f"{', '.join(map(repr, texts[:-1]))} and {texts[-1]!r}"

    def check(_value: Any, field: Any, given: Any) -> None:
        if not isinstance(given, str) or given not in texts:
            raise ValueError(f"{field.name} is {given!r}; allowed are {known}")

    return check
