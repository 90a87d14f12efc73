"""`--by` where it may be left out: in whose name a command writes to the chains.

Rules of this room: a name is recorded only if that person is in office on the day; nobody is taken for somebody else,
and where nobody is named the chains say that the system did it.
"""

from __future__ import annotations

import click

from egov_core.cli.naming import person_code
from egov_core.domain.people import SYSTEM, Actor
from egov_core.errors import NoAuthorityError
from egov_core.runtime.office import Office
from egov_core.usecases.authority.campaigns import actor_of, person_in_office
from egov_core.usecases.authority.staff import deciders

DECIDER = click.option(
    "--by",
    default="",
    metavar="PERSON",
    help="Who decides it, by code, as the chains are to say; needed as soon as somebody is in office who could.",
)
"""Where nobody decides without a name but an office that is being set up."""


def acting(office: Office, by: str) -> Actor:
    """Who acts, by code or by a name that one person has.

    Raises UnknownError where nobody is meant, or more than one, and NoAuthorityError for who is not in office.
    """
    if not by:
        return SYSTEM
    day = office.now().date()
    return actor_of(person_in_office(office.services.registry(), person_code(office, by), day), day)


def refuse_without_a_name(office: Office) -> None:
    """Only an office that is being set up, in which nobody could decide yet, takes staff in without a name."""
    known = deciders(office.services.registry(), office.now().date())
    if known:
        raise NoAuthorityError(
            "it is not said who decides on the staff, so nothing was written",
            remedy=f"say --by PERSON: the head of the organ, or of the government ({', '.join(known)})",
        )
