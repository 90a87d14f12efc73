"""Names in place of codes on the command line: an organ, an item or a person by the name that only one of them has.

Rules of this room: a code is taken as it is. A name that several have is refused with their codes; what nobody has goes
on as it was written where the command refuses it itself, with everything else that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from egov_core.domain.people import Person
from egov_core.errors import ClaimError, Fault, UnknownError
from egov_core.runtime.office import Office
from egov_core.usecases.authority.campaigns import unknown_person
from egov_core.usecases.foundation.naming import items_meant, organs_meant, people_meant, with_organs


def organ_codes(office: Office, texts: Iterable[str]) -> tuple[str, ...]:
    """The codes of organs given by code or name; what nobody is called stays. Raises ClaimError for all ambiguous."""
    tree, day = office.organisation, office.now().date()
    found, faults = [], []
    for text in texts:
        codes = organs_meant(tree, text, day)
        if len(codes) > 1:
            message = f"several organs are called {text}: {', '.join(codes)}"
            faults.append(Fault(f"unit {text}", "organ-ambiguous", message))
        found.append(codes[0] if codes else text)
    if faults:
        raise ClaimError(
            f"{len(faults)} name(s) are those of several organs", faults=faults, remedy="give the code of the organ"
        )
    return tuple(found)


def organ_code(office: Office, text: str) -> str:
    """The code of one organ. Raises UnknownError where nobody, or more than one, is called so."""
    codes = organs_meant(office.organisation, text, office.now().date())
    if len(codes) == 1:
        return codes[0]
    if codes:
        message, remedy = f"several organs are called {text}: {', '.join(codes)}", "give the code of the organ"
    else:
        message = f"there is no organ {text!r}"
        remedy = "give its code, or its name; egov enrol status --config FILE lists departments and towns with both"
    raise UnknownError(message, remedy=remedy, organ=text)


def item_code(office: Office, text: str, *, new: bool = False, day: date | None = None) -> str:
    """The code of one item. Raises UnknownError where no item, or more than one, is called so.

    `new`: what no item is called is the code of one to come.
    """
    codes = items_meant(office.catalogue, text, day or office.now().date())
    if len(codes) == 1:
        return codes[0]
    if codes:
        held = with_organs(office.catalogue, office.organisation, codes)
        message, remedy = f"several items are called {text}: {held}", "give the code of the item"
    elif new:
        return text
    else:
        message = f"there is no item {text!r}"
        remedy = "give its code, or its whole name; egov catalogue search TEXT --config FILE finds it"
    raise UnknownError(message, remedy=remedy, item=text)


def person_code(office: Office, text: str) -> str:
    """The code of one person. Raises UnknownError where nobody in office, or more than one, is called so."""
    registry = office.services.registry()
    codes = people_meant(registry.people, text, office.now().date())
    if len(codes) == 1:
        return codes[0]
    if not codes:
        raise unknown_person(registry, text)
    raise UnknownError(
        f"several people are called {text}: {', '.join(sorted(codes))}",
        remedy="give the code of the person",
        person=text,
    )


def person_of(office: Office, asked: str) -> Person:
    """The person of a code, or of a name that only one person has. Raises UnknownError."""
    people = office.authority.people
    if asked in people:
        return people[asked]
    named = [person for person in people.values() if person.name == asked]
    if len(named) == 1:
        return named[0]
    codes = ", ".join(sorted(person.code for person in named))
    raise UnknownError(
        f"several people are called {asked}: {codes}" if named else f"there is no person {asked!r}",
        remedy="give the code of the person",
        person=asked,
    )
