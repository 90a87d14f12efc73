"""One digest over what every chain of an area ends in.

Rules of this room: reading only, through the storage contract. Two runs of a demonstration that give the same digest
have written the same events in the same order, whatever the database.
"""

from __future__ import annotations

import hashlib

from egov_core.ports.storage import Storage


def digest_of_heads(storage: Storage, area: str) -> str:
    """SHA-256 over `stream`, line feed, `head`, line feed of every stream, in order of name."""
    seen = hashlib.sha256()
    for stream in storage.streams(area):
        head = storage.events(area, stream)[-1].head
        seen.update(f"{stream}\n{head}\n".encode())
    return seen.hexdigest()
