"""What we ask of the surroundings: the time, and new identifiers. Below `runtime` nobody else may know either."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one door to the time."""

    def now(self) -> datetime:
        """The present instant, aware, in the zone of the law, whole seconds."""


class IdSource(Protocol):
    """The one door to randomness."""

    def new_id(self) -> str:
        """An identifier never given before: 32 hex digits."""

    def query_code(self) -> str:
        """A code for the public progress query: eight characters without look-alikes."""

    def secret(self) -> bytes:
        """A key of 32 bytes for the digests of a subject."""
