"""Names where codes are wanted: which organs, items or people a text may mean.

Rules of this room: a code is itself, whatever else bears it as a name; a name means everything that bears it on the day
asked for. Nothing is guessed: whether one answer is enough, and what is said where there are several, is the asker's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from egov_core.domain.catalogue import Catalogue
from egov_core.domain.organisation import Organisation
from egov_core.domain.people import Person


def organs_meant(tree: Organisation, text: str, day: date) -> tuple[str, ...]:
    """The organ of this code, or those that exist on `day` and are called so then."""
    if text in tree.organs:
        return (text,)
    return tuple(one.code for one in tree.on(day) if one.as_on(day).name == text)


def items_meant(catalogue: Catalogue, text: str, day: date) -> tuple[str, ...]:
    """The item of this code, or those whose version of `day`, or else whose last one, is called so."""
    if text in catalogue.items:
        return (text,)
    return tuple(
        code
        for code, versions in catalogue.items.items()
        if (catalogue.in_force(code, day) or versions[-1]).name == text
    )


def people_meant(people: Mapping[str, Person], text: str, day: date) -> tuple[str, ...]:
    """The person of this code, or those who are in office on `day` and are called so."""
    if text in people:
        return (text,)
    return tuple(code for code, one in people.items() if one.name == text and one.serves_on(day))


def with_organs(catalogue: Catalogue, tree: Organisation, codes: Iterable[str]) -> str:
    """Items by code, each with the name of its organ, by which somebody knows which of them is meant."""
    organs = ((code, catalogue.items[code][-1].organ) for code in codes)
    return ", ".join(f"{code} ({tree.organs[organ].name if organ in tree.organs else organ})" for code, organ in organs)
