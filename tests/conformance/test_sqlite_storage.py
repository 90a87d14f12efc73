"""SQLite keeps the storage contract, durably, and the query contract in full."""

from __future__ import annotations

from pathlib import Path

from egov_core.ports.queries import Queries
from egov_core.ports.storage import Storage
from egov_core.storage.sql.queries import SqlQueries
from egov_core.storage.sql.sqlite import open_sqlite
from egov_core.storage.sql.storage import SqlStorage
from egov_core.testing.query_contract import QueryContract
from egov_core.testing.storage_contract import StorageContract


class TestSqliteStorage(StorageContract):
    def make_storage(self, folder: Path) -> Storage:
        return open_sqlite(folder / "county.db")


class TestSqliteQueries(QueryContract):
    def make_storage(self, folder: Path) -> Storage:
        return open_sqlite(folder / "county.db")

    def make_queries(self, storage: Storage) -> Queries:
        assert isinstance(storage, SqlStorage)
        return SqlQueries(storage, levels=self.levels)
