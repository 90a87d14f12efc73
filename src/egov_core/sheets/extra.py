"""The packages of the extra `sheets`, met only when a file needs them.

Rules of this room: CSV works without; whoever gives another kind of file is told the command that installs the rest.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from egov_core.errors import SettingsError


def needed(module: str, source: str) -> ModuleType:
    """The module, or the command that installs it. Raises SettingsError."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SettingsError(
            f"{source} needs what the extra “sheets” brings, and that is not installed",
            remedy="pip install 'egov-core[sheets]', or give the table as CSV UTF-8",
            module=module,
        ) from error
