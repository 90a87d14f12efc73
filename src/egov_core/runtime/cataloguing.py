"""How a place keeps its catalogue, from its settings: code lists, area codes, the rule of item codes, grades.

Rules of this room: it reads the files that the settings name and decides nothing; what cannot be is refused before the
office opens, all at once. A rule of a plugin's is named `PLUGIN/CODE`, and whether there is one is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from egov_core.domain.catalogue import CHECKUP_RULES, RULES, Grade, Severity
from egov_core.domain.codes.check_digits import ITEM_CODE_RULES
from egov_core.errors import Fault, SettingsError
from egov_core.hooks.plugin import meant
from egov_core.runtime.code_lists import area_codes, code_lists, counted_instruments, ended_instruments
from egov_core.runtime.settings import Settings
from egov_core.usecases.foundation.services import PlaceCatalogue

OFF = "off"
"""In place of a severity: the rule is not asked for."""
_KEYS = ("severity", "from", "to")


def place_catalogue(settings: Settings) -> PlaceCatalogue:
    """The place's own of it. Raises SettingsError naming every setting that is wrong, CodeListError for a file."""
    faults: list[Fault] = []
    rule = settings.item_codes
    if rule and rule not in ITEM_CODE_RULES:
        faults.append(Fault("catalogue.item-codes", "unknown", f"{rule!r} is none of {', '.join(ITEM_CODE_RULES)}"))
    grades = {
        code: tuple(_grades(code, value, f"catalogue.lints.{code}", faults))
        for code, value in settings.item_lints.items()
    }
    if faults:
        raise SettingsError(
            "; ".join(f"{fault.path} {fault.message}" for fault in faults),
            remedy="correct every key named; docs/reference/item-rules.md lists the rules",
            faults=[attrs.asdict(fault) for fault in faults],
        )
    return PlaceCatalogue(
        lists=code_lists(settings.code_lists),
        areas=area_codes(settings.area_codes),
        item_codes=ITEM_CODE_RULES[rule] if rule else None,
        ended=ended_instruments(settings.ended_instruments),
        counted=counted_instruments(settings.ended_instruments),
        grades=grades,
    )


def _grades(code: str, value: Any, path: str, faults: list[Fault]) -> Iterator[Grade]:
    rules = [*RULES, *CHECKUP_RULES]
    if "/" not in code and code not in rules:
        faults.append(Fault(path, "unknown", f"is no rule of the library{meant(code, rules)}"))
    known = [OFF, *(one.value for one in Severity)]
    for row in value if isinstance(value, list) else [value]:
        given = row if isinstance(row, Mapping) else {"severity": row}
        faults += [
            Fault(f"{path}.{key}", "unknown", f"is no key; known are {', '.join(_KEYS)}")
            for key in given
            if key not in _KEYS
        ]
        if given.get("severity") not in known:
            faults.append(Fault(path, "severity", f"{given.get('severity')!r} is none of {', '.join(known)}"))
            continue
        days = {key: given[key] for key in ("from", "to") if key in given}
        wrong = [key for key, day in days.items() if type(day) is not date]
        if wrong:
            faults += [Fault(f"{path}.{key}", "type", "must be a date: 2027-01-01, without quotes") for key in wrong]
            continue
        severity = None if given["severity"] == OFF else Severity(given["severity"])
        yield Grade(code=code, severity=severity, valid_from=days.get("from", date.min), valid_to=days.get("to"))
