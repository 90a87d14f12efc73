"""The built-in storage backends, offered through the same hook as a plugin's."""

from __future__ import annotations

import attrs

from egov_core.hooks.spec import hookimpl
from egov_core.ports.storage import Storage

SQLITE = "sqlite:///"


@attrs.frozen(kw_only=True)
class BuiltinStorage:
    """Offers `memory:` and `sqlite:///PATH`; SQLAlchemy is imported only when it is needed."""

    read_only: bool = False

    @hookimpl(trylast=True)
    def egov_storage_backend(self, url: str) -> Storage | None:
        """The backend for one of our two schemes."""
        if url == "memory:":
            from egov_core.storage.memory import MemoryStorage

            return MemoryStorage()
        if url.startswith(SQLITE):
            from egov_core.storage.sql.sqlite import open_sqlite

            return open_sqlite(url.removeprefix(SQLITE), read_only=self.read_only)
        return None
