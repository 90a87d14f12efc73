"""County government services and electronic supervision: items, cases, timers, cards, forwarding.

The short public list. Everything else is imported from the module that defines it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Office", "Settings", "__version__", "hookimpl", "open_office"]

if TYPE_CHECKING:
    from egov_core.hooks.spec import hookimpl
    from egov_core.runtime.bootstrap import open_office
    from egov_core.runtime.office import Office
    from egov_core.runtime.settings import Settings

_WHERE = {
    "Office": "egov_core.runtime.office",
    "open_office": "egov_core.runtime.bootstrap",
    "Settings": "egov_core.runtime.settings",
    "hookimpl": "egov_core.hooks.spec",
}


def __getattr__(name: str) -> Any:
    """Import on first use: `import egov_core` alone costs next to nothing."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_WHERE[name]), name)
