"""`egov catalogue`: a county's catalogue, before it is taken in and afterwards.

Rules of this room: a command stands in a module of its own, which is imported when the command is asked for. Of these
only `import --apply` writes to an office.
"""

from __future__ import annotations

import click

from egov_core.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    modules={
        "template": "catalogue_files",
        "check": "catalogue_files",
        "import": "catalogue_import:take_in",
        "export": "catalogue_files",
        "read": "reading_cells",
        "search": "searching",
    },
)
def catalogue() -> None:
    """Forms and lists of items: blank, checked, taken in, given out; what cells say; finding an item. 事项目录。"""
