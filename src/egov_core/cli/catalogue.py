"""`egov catalogue`: a county's catalogue, before it is taken in and afterwards.

Rules of this room: a command stands in a module of its own, which is imported when the command is asked for.
"""

from __future__ import annotations

import click

from egov_core.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    modules={
        "read": "reading_cells",
        "search": "searching",
    },
)
def catalogue() -> None:
    """Look at catalogues, at what stands in their cells, and at the items of an office. 事项目录。"""
