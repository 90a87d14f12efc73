"""What is found in an item: a code, how grave it is, the element, and what to do; and how a place grades it.

Rules of this room: a finding says everything about itself in both languages and names where its rule comes from. Grades
are data: a place makes a rule stricter, milder or none, from a day on; it never edits the rule.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from egov_core.domain.legal import LegalBasis, is_in_force


class Severity(enum.Enum):
    """How grave a finding in an item is: an error keeps a draft that brings it in from being published (`worsened`)."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


@attrs.frozen(kw_only=True)
class ItemFinding:
    """One finding in an item 事项问题: the rule by its code, the element, a sentence and what to do, with its source.

    `element` is the field of the item, `guide.place` or `materials.m2`. Sentence and remedy are Chinese; those that end
    in `_en` say the same in English, and are left empty by a place that has no use for them.
    """

    code: str
    severity: Severity
    element: str
    message: str
    remedy: str
    message_en: str = ""
    remedy_en: str = ""
    basis: LegalBasis | None = None

    def sentence(self, lang: str) -> str:
        """The sentence in a language, in Chinese where there is no other."""
        return (self.message_en if lang == "en" else "") or self.message

    def advice(self, lang: str) -> str:
        """What to do, likewise."""
        return (self.remedy_en if lang == "en" else "") or self.remedy


@attrs.frozen(kw_only=True)
class Grade:
    """How grave a place takes a rule, on [`valid_from`, `valid_to`). `severity` None: it does not ask for it."""

    code: str
    severity: Severity | None
    valid_from: date = date.min
    valid_to: date | None = None


Grades = Mapping[str, tuple[Grade, ...]]
"""The grades of a place by the code of the rule."""


def graded(findings: Iterable[ItemFinding], grades: Grades, day: date) -> Iterator[ItemFinding]:
    """The findings as the place takes them on a day; the last grade of those that hold then counts."""
    for one in findings:
        held = [grade for grade in grades.get(one.code, ()) if is_in_force(day, grade.valid_from, grade.valid_to)]
        if not held:
            yield one
        elif held[-1].severity is not None:
            yield attrs.evolve(one, severity=held[-1].severity)


def worsened(found: Iterable[ItemFinding], before: Iterable[ItemFinding]) -> tuple[ItemFinding, ...]:
    """The errors that a next version has and the published one had not: what keeps it from taking that one's place.

    Counted by rule, since the places of a list shift. What was wrong before stays told and hinders nothing: otherwise
    nobody could put one thing right without putting all right at once, and nothing would be put right.
    """
    errors = [one for one in found if one.severity is Severity.ERROR]
    earlier = [one for one in before if one.severity is Severity.ERROR]
    places = {(one.code, one.element) for one in earlier}
    more = Counter(one.code for one in errors)
    more.subtract(Counter(one.code for one in earlier))
    told = []
    for one in sorted(errors, key=lambda each: (each.code, each.element) in places):  # at a place of its own first
        if more[one.code] > 0:
            more[one.code] -= 1
            told.append(one)
    return by_gravity(told)


def by_gravity(findings: Iterable[ItemFinding]) -> tuple[ItemFinding, ...]:
    """The gravest first, in the order of elements and codes."""
    return tuple(sorted(findings, key=lambda one: (one.severity.rank, one.element, one.code)))
