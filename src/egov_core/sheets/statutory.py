"""The statutory limit of an item: what is set where its list gives none, and what is said of a promise beside it.

Rules of this room: 行政许可法 42 speaks of licences. What no law sets is not made up: a limit that is not set is never
due, and what counts then is the promise. That it is not set is said wherever this is asked.
"""

from __future__ import annotations

from egov_core.domain.catalogue import ART_42_DEFAULT, PowerClass
from egov_core.domain.catalogue.comparison import is_surely_beyond
from egov_core.domain.legal import LegalBasis
from egov_core.domain.periods import Limit, NoLimit

NOT_SET = NoLimit(basis=LegalBasis(instrument="未规定", assumed=True))
"""Stands for the statutory limit that nobody has given, of an item that is not known to be a licence."""


def default_of(power: PowerClass | None) -> Limit:
    """What is set where no statutory limit is given. Of what class nobody has said, no law is known either."""
    return ART_42_DEFAULT if power is PowerClass.LICENCE else NOT_SET


def said_of_default(limit: Limit, *, is_promised: bool, is_classed: bool = True) -> tuple[str, str, str]:
    """Code, sentence and remedy of the warning that a limit was set by default, or could not be."""
    if limit != NOT_SET:
        message = "no statutory limit is given; the 20 working days of 行政许可法 42 are set and marked as a default"
        return "limit-default", message, "give the limit of the law that applies"
    return ("limit-not-set", *_NOT_SET[is_classed, is_promised])


_NOT_SET = {
    (True, True): (
        (
            "no statutory limit is given, and 行政许可法 42 is for licences only: none is set, "
            "and the promise alone counts"
        ),
        "give the limit of the law that applies",
    ),
    (True, False): (
        "no statutory limit is given, and 行政许可法 42 is for licences only: none is set, and nothing is ever due",
        "give the promised limit, or that of the law",
    ),
    (False, True): (
        "neither a statutory limit nor a class of power is given: none is set, and the promise alone counts",
        "give the class of power: 行政许可法 42 is for licences only",
    ),
    (False, False): (
        "neither a statutory limit nor a class of power is given: none is set, and nothing is ever due",
        "give the class of power, and the promised limit",
    ),
}
"""By whether a class of power and a promise are given: what is said where no limit can be set."""


def said_of_promise(promised: Limit, statutory: Limit, *, is_default: bool) -> tuple[str, str, str, str]:
    """What is said of a promise that is not surely within the statutory limit: severity, code, sentence and remedy.

    One that ends within it from most days on, and beyond it from a few, is lawful as it stands: a warning.
    """
    if not is_surely_beyond(promised, statutory):
        message = f"{promised} may end later than {statutory}: from some days on it does, from others it does not"
        remedy = "look whether both units are right; a shorter promise would hold from every day on"
        return "warning", "promise-not-comparable", message, remedy
    if is_default:
        # A longer limit may well be lawful under another law, but then that law has to be named.
        message = f"{promised} is promised, more than the 20wd of 行政许可法 42, and no statutory limit is given"
        return "error", "promise-above-default", message, "give the statutory limit and its basis"
    message = f"{promised} is promised, but the law allows {statutory}"
    return "error", "promise-above-statutory", message, "promise no more than the law allows"
