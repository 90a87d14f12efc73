"""The front door: parses, starts whatever lies below, shows.

Rules of this room: click lives here only; one command, one module; every error of ours becomes one clear sentence
with its remedy and exit status 1 (2 for a wrong option), never a traceback. JSON keys and codes are English,
sentences follow the locale.
"""

from __future__ import annotations

import click

from egov_core import __version__
from egov_core.cli.cards import cards
from egov_core.cli.checks import doctor, verify
from egov_core.cli.deadline import deadline
from egov_core.cli.demonstration import demo
from egov_core.cli.explain import explain


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="egov")
def main() -> None:
    """County government services and electronic supervision. 县级网上政务服务与电子监察。"""


for _command in (demo, deadline, cards, verify, doctor, explain):
    main.add_command(_command)
