"""`egov catalogue`: a county's catalogue before it is taken in.

Rules of this room: it looks and tells; nothing here writes to an office.
"""

from __future__ import annotations

import click

from egov_core.cli.reading_cells import read


@click.group()
def catalogue() -> None:
    """Look at catalogues and at what stands in their cells. 事项目录。"""


catalogue.add_command(read)
