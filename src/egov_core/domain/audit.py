"""Hash chains: one per stream, position = version.

Rules of this room: hashing of bytes only; how an event becomes bytes is the wire's. A link covers stream, position, the
previous head and the bytes, so a link cannot be moved, dropped from the middle or replayed elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

import attrs

from egov_core.errors import IntegrityError

GENESIS = "0" * 64


def link(previous: str, stream: str, position: int, payload: bytes) -> str:
    """The head after `payload` at `position` of `stream`: SHA-256, 64 hex digits."""
    head = f"{previous}\n{stream}\n{position}\n".encode()
    return hashlib.sha256(head + payload).hexdigest()


def personal_digest(key: bytes, value: str) -> str:
    """What a chain holds in place of a personal value: HMAC-SHA-256 under the subject's key (64 hex digits)."""
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


@attrs.frozen
class StoredLink:
    """A link as a store gives it back."""

    position: int
    payload: bytes
    head: str


def verify_chain(stream: str, links: Iterable[StoredLink]) -> str:
    """The head of the chain. Raises IntegrityError naming the first position that does not hold."""
    previous, expected = GENESIS, 1
    for stored in links:
        if stored.position != expected:
            raise IntegrityError(
                f"{stream}: position {expected} is missing", stream=stream, position=expected, remedy="restore a backup"
            )
        # a payload that is no longer bytes was written by something else than this library
        sound = isinstance(stored.payload, bytes)
        previous = link(previous, stream, stored.position, stored.payload) if sound else ""
        if previous != stored.head or not sound:
            raise IntegrityError(
                f"{stream}: position {expected} was altered",
                stream=stream,
                position=expected,
                remedy="restore a backup",
            )
        expected += 1
    return previous
