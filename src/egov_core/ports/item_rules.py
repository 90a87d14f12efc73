"""The frame of a department's plugin: which items it is about, what it asks in their forms, and the rules it checks.

Rules of this room: help for whoever answers `egov_form_fields` and `egov_check_application` for several items; a plugin
may do without. Nothing is decided here but what no plugin should decide otherwise: a rule speaks from the day on which
its basis is in force, and an application is checked when it is submitted and again before it is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import attrs

from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import LegalBasis
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forms import FormField

CHECKED_AT = ("submit", "accept")
"""The stages at which somebody has filled in the form, or goes through it once more."""


@attrs.frozen(kw_only=True)
class ItemRules:
    """What a department asks and checks for one kind of application 事项规则.

    `items`: codes or names of the county's items. `fields`: what their forms ask besides. `findings`: what is wrong
    with an application; each finding cites its basis.
    """

    items: tuple[str, ...]
    fields: Sequence[FormField] = ()
    findings: Callable[[ApplicationView], Iterable[Finding]] = lambda _application: ()

    def is_about(self, item: ItemVersion) -> bool:
        """Whether the item is one of these, by its code or its name."""
        return item.code in self.items or item.name in self.items


def items_under(rules: Sequence[ItemRules]) -> tuple[str, ...]:
    """All items that the rules are about: the plugin's `egov_items`."""
    return tuple(dict.fromkeys(item for one in rules for item in one.items))


def fields_under(rules: Sequence[ItemRules], item: ItemVersion) -> list[FormField] | None:
    """The answer to `egov_form_fields`: the fields of the first rules that are about the item, None where none are."""
    found = _about(rules, item)
    return None if found is None else list(found.fields)


def findings_under(rules: Sequence[ItemRules], application: ApplicationView) -> list[Finding] | None:
    """The answer to `egov_check_application`: what those rules find whose basis is in force on the day it is about."""
    found = _about(rules, application.item)
    if found is None or application.stage not in CHECKED_AT:
        return None
    day = application.at.date()
    return [one for one in found.findings(application) if _is_in_force(one.basis, day)]


def articles(instrument: str, in_force: date, *named: str) -> tuple[LegalBasis, ...]:
    """Articles of one instrument, each to be cited as the basis of a field or a finding."""
    return tuple(LegalBasis(instrument=instrument, article=one, in_force=in_force) for one in named)


def _about(rules: Sequence[ItemRules], item: ItemVersion) -> ItemRules | None:
    return next((one for one in rules if one.is_about(item)), None)


def _is_in_force(basis: LegalBasis | None, day: date) -> bool:
    return basis is None or basis.in_force is None or basis.in_force <= day
