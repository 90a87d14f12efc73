"""PostgreSQL as a storage backend of egov_core: `postgresql://user@host/database` in the settings.

Rules of this distribution: it uses the library through its hook and its SQL room (`egov_core.storage.sql`), where the
tables, statements and queries stand; here is only what is PostgreSQL's own. `opening.py` makes connections and the
schema, `transactions.py` commits, `failures.py` reads errors, `testing.py` runs a private server for tests. Importing
this module imports neither psycopg nor SQLAlchemy: an office on another database pays nothing for it.
"""

from __future__ import annotations

from egov_core import hookimpl
from egov_core.errors import StorageError
from egov_core.ports.storage import Storage

egov_api = "1.0"

SCHEME = "postgresql://"
NEARLY = ("postgres:", "postgresql:", "postgresql+")


@hookimpl
def egov_storage_backend(url: str) -> Storage | None:
    """The backend for `postgresql://…`. Raises StorageError where the database cannot be used."""
    if url.startswith(SCHEME):
        from egov_storage_postgresql.opening import open_postgresql

        return open_postgresql(url)
    if url.startswith(NEARLY):
        raise StorageError(
            f"a PostgreSQL database is named by {SCHEME}…, not by {url.partition(':')[0]}:…",
            remedy=f"write {SCHEME}user@host:5432/database",
        )
    return None
