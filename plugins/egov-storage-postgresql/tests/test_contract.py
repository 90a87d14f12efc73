"""PostgreSQL keeps the storage contract, durably, and the query contract in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from egov_core.ports.queries import Queries
from egov_core.ports.storage import Storage
from egov_core.storage.sql.storage import SqlStorage
from egov_core.testing.query_contract import QueryContract
from egov_core.testing.storage_contract import StorageContract
from egov_storage_postgresql.opening import open_postgresql


class OnPostgresql:
    """Opens the database of the test, whatever the folder."""

    @pytest.fixture(autouse=True)
    def _database(self, postgresql_url: str) -> None:
        self.url = postgresql_url

    def make_storage(self, folder: Path) -> SqlStorage:  # noqa: ARG002 - the server keeps it
        return open_postgresql(self.url)


class TestPostgresqlStorage(OnPostgresql, StorageContract):
    pass


class TestPostgresqlQueries(OnPostgresql, QueryContract):
    def make_queries(self, storage: Storage) -> Queries:
        queries = storage.queries(self.levels)
        assert queries is not None
        return queries
