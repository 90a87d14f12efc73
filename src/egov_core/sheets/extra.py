"""The packages of the extra `sheets`, met only when a file needs them.

Rules of this room: CSV works without; whoever gives another kind of file is told the command that installs the rest,
also from a clone, and what does without it where anything does.
"""

from __future__ import annotations

import importlib
from types import ModuleType

from egov_core.errors import SettingsError

INSTALL = "pip install 'egov-core[sheets]', or in a clone of the project: pip install '.[sheets]'"


def needed(module: str, source: str, *, as_csv: bool = True) -> ModuleType:
    """The module, or the command that installs it, and CSV where that would do. Raises SettingsError."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SettingsError(
            f"{source} needs what the extra “sheets” brings, and that is not installed",
            remedy=f"{INSTALL}; or give the table as CSV UTF-8" if as_csv else INSTALL,
            module=module,
        ) from error
