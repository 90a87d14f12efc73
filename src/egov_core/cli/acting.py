"""`--by` where it may be left out: in whose name a command writes to the chains.

Rules of this room: a name is recorded only if that person is in office on the day; nobody is taken for somebody else,
and where nobody is named the chains say that the system did it.
"""

from __future__ import annotations

import click

from egov_core.domain.people import SYSTEM, Actor
from egov_core.runtime.office import Office
from egov_core.usecases.authority.campaigns import actor_of, person_in_office

BY = click.option(
    "--by", default="", metavar="PERSON", help="Who decides it, by code, as the chains are to say; else the system."
)
DECIDER = click.option(
    "--by",
    default="",
    metavar="PERSON",
    help="Who decides it, by code, as the chains are to say; needed as soon as somebody is in office who could.",
)
"""Where nobody decides without a name but an office that is being set up."""


def acting(office: Office, by: str) -> Actor:
    """Who acts. Raises UnknownError for a code that nobody has, NoAuthorityError for who is not in office."""
    if not by:
        return SYSTEM
    day = office.now().date()
    return actor_of(person_in_office(office.services.registry(), by, day), day)
