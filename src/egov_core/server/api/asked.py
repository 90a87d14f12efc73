"""What a program asks for in an address: only what is known, and everything that is wrong at once.

Rules of this room: a name that no filter has is refused, not passed over, since who misspells a filter would be given
everything; so is a name given twice, of which only one could count. What a filter means is read where pages read it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from starlette.datastructures import QueryParams
from starlette.requests import Request

from egov_core.errors import ClaimError, Fault

T = TypeVar("T")

LANGUAGE = "lang"
"""Taken by every address: the language of the titles of problems."""


def asked(request: Request, known: Sequence[str], read: Callable[[QueryParams], T]) -> T:
    """What `read` makes of the address. Raises ClaimError naming every part that is unknown or cannot be read."""
    params = request.query_params
    faults = list(_names(params, known))
    try:
        found = read(params)
    except ClaimError as error:
        faults = [*error.faults, *faults]
    else:
        if not faults:
            return found
    raise ClaimError(
        f"the address cannot be read: {'; '.join(f'{fault.path} {fault.message}' for fault in faults)}",
        faults=faults,
        remedy=f"correct the parts named; this address takes {', '.join((*known, LANGUAGE))}",
    )


def nothing_asked(request: Request) -> None:
    """Refuse what an address without filters is asked for. Raises ClaimError."""
    asked(request, (), lambda _params: None)


def _names(params: QueryParams, known: Sequence[str]) -> Iterator[Fault]:
    for name in dict.fromkeys(params):
        if name not in (*known, LANGUAGE):
            close = difflib.get_close_matches(name, known, n=1)
            meant = f"; did you mean {close[0]}?" if close else ""
            yield Fault(f"?{name[:64]}", "unknown-parameter", f"is no parameter of this address{meant}")
        elif len(params.getlist(name)) > 1:
            yield Fault(f"?{name}", "twice", "is given more than once")
