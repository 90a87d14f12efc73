"""`egov catalogue`: a county's catalogue, before it is taken in and afterwards; its items from draft to withdrawal.

Rules of this room: a command stands in a module of its own, which is imported when the command is asked for.
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
        "draft": "item_life",
        "submit": "item_life",
        "return": "item_life:return_draft",
        "publish": "item_life",
        "suspend": "item_life",
        "resume": "item_life",
        "withdraw": "item_life",
        "review": "item_life",
        "history": "item_life",
        "checkup": "checkup",
        "codes": "code_tables",
    },
)
def catalogue() -> None:
    """Forms and lists of items, what cells say, finding an item, its life, and the check-up."""
