"""A frozen value that an office reads once, and exchanges whole when what it was read from has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Snapshot(Generic[T]):
    """A value read when it is first asked for. Use it from any thread."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._value: T | None = None

    def __call__(self) -> T:
        """The value as it was read last."""
        value = self._value
        if value is None:
            with self._lock:
                value = self._read() if self._value is None else self._value
                self._value = value
        return value

    @property
    def held(self) -> T | None:
        """The value, where it has been read."""
        return self._value

    def forget(self) -> None:
        """Have it read again; under the lock, so that one being read now is not kept."""
        with self._lock:
            self._value = None
