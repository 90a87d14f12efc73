"""`egov catalogue`: a county's catalogue, before it is taken in and afterwards; its items from draft to withdrawal.

Rules of this room: a command stands in a module of its own, which is imported when the command is asked for.
"""

from __future__ import annotations

import click

from egov_core.cli.lazy import LazyGroup


@click.group(
    cls=LazyGroup,
    modules={
        "template": "catalogue.files",
        "check": "catalogue.files",
        "import": "catalogue.importing:take_in",
        "export": "catalogue.files",
        "read": "catalogue.reading_cells",
        "search": "catalogue.searching",
        "draft": "catalogue.item_life",
        "submit": "catalogue.item_life",
        "return": "catalogue.item_life:return_draft",
        "publish": "catalogue.item_life",
        "suspend": "catalogue.item_life",
        "resume": "catalogue.item_life",
        "withdraw": "catalogue.item_life",
        "review": "catalogue.item_life",
        "history": "catalogue.item_life",
        "checkup": "catalogue.checkup",
        "codes": "catalogue.code_tables",
    },
)
def catalogue() -> None:
    """Forms and lists of items, what cells say, finding an item, its life, and the check-up."""
