"""The memory storage keeps the storage contract; it claims to forget everything when it is closed."""

from __future__ import annotations

from pathlib import Path

from egov_core.ports.storage import Storage
from egov_core.storage.memory import MemoryStorage
from egov_core.testing.storage_contract import StorageContract


class TestMemoryStorage(StorageContract):
    durable = False

    def make_storage(self, folder: Path) -> Storage:  # noqa: ARG002 - it keeps nothing there
        return MemoryStorage()
