"""Signing by Standard Webhooks 1.0.0: HMAC-SHA256 over id, timestamp and body, with one secret or several.

Rules of this room: no network and no clock. What a secret is made of appears in no text: a fault says which of them is
wrong and how, never what it reads. While secrets are exchanged every one signs, and the receiver takes any.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from egov_core.errors import Fault

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, by the standard."""
LARGEST_FILE = 16_384
_LOOK = f"has to be {PREFIX} and {SHORTEST} to {LONGEST} bytes in base64"


def signature(keys: Iterable[bytes], key: str, timestamp: int, body: bytes) -> str:
    """The value of the header `webhook-signature`: one signature for each secret, with blanks between them."""
    signed = f"{key}.{timestamp}.".encode() + body
    made = (base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode() for secret in keys)
    return " ".join(f"v1,{one}" for one in made)


class Secrets:
    """The secrets of a channel, from its settings or from a file.

    The file is read anew for each delivery: a secret is exchanged without opening the office again.
    """

    def __init__(self, text: str, file: Path | None) -> None:
        self._text, self._file = text, file

    def keys(self) -> list[bytes]:
        """Every secret as bytes. Raises OSError or ValueError, which say nothing of the secret."""
        found = [_decoded(one) for one in self._read().split()]
        if not found or None in found:
            raise ValueError(_LOOK)
        return [one for one in found if one is not None]

    def faults(self) -> Iterator[Fault]:
        """Everything that keeps them from being used."""
        if self._text and self._file is not None:
            yield Fault("secret", "twice", "is given beside secret_file: give one of them")
            return
        if not self._text and self._file is None:
            yield Fault("secret", "required", "is missing: give it, or secret_file")
            return
        if self._file is not None and not self._file.is_absolute():
            yield Fault("secret_file", "path", "has to be an absolute path: it is read by workers, wherever they start")
            return
        path = "secret" if self._file is None else "secret_file"
        try:
            texts = self._read().split()
        except (OSError, ValueError) as error:
            told = error.strerror if isinstance(error, OSError) else "it is no text of a few lines"
            yield Fault(path, "unreadable", f"cannot be read: {told}")
            return
        if not texts:
            yield Fault(path, "empty", "holds no secret")
        for number, one in enumerate(texts, start=1):
            if _decoded(one) is None:
                which = f"no. {number} of {len(texts)} " if len(texts) > 1 else ""
                yield Fault(path, "secret", f"{which}{_LOOK}")

    @property
    def is_open_to_others(self) -> bool:
        """Whether they lie in a file that every user of the machine may read."""
        if self._file is None or os.name != "posix":
            return False
        try:
            return bool(self._file.stat().st_mode & stat.S_IROTH)
        except OSError:
            return False

    def _read(self) -> str:
        if self._file is None:
            return self._text
        with self._file.open("rb") as opened:
            found = opened.read(LARGEST_FILE + 1)
        if len(found) > LARGEST_FILE:
            raise ValueError("too large")
        try:
            return found.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValueError("no text") from None


def _decoded(text: str) -> bytes | None:
    """A secret as bytes; None for what is none. Padding may be left out, as some generators do."""
    written = text.removeprefix(PREFIX)
    if written == text:
        return None
    try:
        found = base64.b64decode(written + "=" * (-len(written) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if SHORTEST <= len(found) <= LONGEST else None
