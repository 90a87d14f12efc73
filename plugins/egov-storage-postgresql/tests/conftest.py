"""The private server, shared by all tests of this folder, and a look behind the storage's back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from egov_core.storage.sql.storage import SqlStorage
from egov_storage_postgresql.opening import open_postgresql
from egov_storage_postgresql.testing import PostgresqlServer, postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]


@pytest.fixture
def storage(postgresql_url: str) -> Iterator[SqlStorage]:
    """An open storage on an empty database."""
    made = open_postgresql(postgresql_url)
    yield made
    made.close()


@pytest.fixture
def behind(postgresql_server: PostgresqlServer, postgresql_url: str) -> Callable[[str], list[tuple[Any, ...]]]:
    """Execute a statement in the database of the test."""
    name = postgresql_url.partition("@/")[2].partition("?")[0]
    return lambda statement: postgresql_server.execute(statement, name)
