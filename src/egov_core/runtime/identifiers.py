"""New identifiers: random in an office, seeded in a demonstration or a test."""

from __future__ import annotations

import random
import secrets
import uuid

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Characters of query codes: nothing that is read for something else (0/O, 1/I)."""


class RandomIds:
    """Identifiers from the operating system's randomness."""

    def new_id(self) -> str:
        """32 hex digits."""
        return uuid.uuid4().hex

    def query_code(self) -> str:
        """Eight characters, forty bits."""
        return "".join(secrets.choice(ALPHABET) for _ in range(8))

    def secret(self) -> bytes:
        """32 bytes."""
        return secrets.token_bytes(32)


class SeededIds:
    """Identifiers that are the same for the same seed. Never for an office: they can be guessed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (repeatable on purpose)

    def new_id(self) -> str:
        """32 hex digits."""
        return f"{self._random.getrandbits(128):032x}"

    def query_code(self) -> str:
        """Eight characters."""
        return "".join(self._random.choice(ALPHABET) for _ in range(8))

    def secret(self) -> bytes:
        """32 bytes."""
        return self._random.randbytes(32)
