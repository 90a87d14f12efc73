"""The keys of a settings file: what each one sets, and what kind of value it takes.

Rules of this room: one table, which the manual and the list of what is public are made of as well; a value is looked at
by its kind alone. What values mean, and what has to fit together, is said in `settings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from egov_core.runtime.schedule import Schedule

LONGEST_BUDGET = 60
"""Seconds: whoever waits for an answer longer has gone."""
UNNAMED = "has an entry with an empty name"


class Limits:
    """That a setting is a table of limits by kind of timer."""


class Tables:
    """That a setting is a table of tables."""


class Grading:
    """That a setting is a table of grades by rule: a severity, or a list of tables with severity and days."""


KEYS: Mapping[str, Mapping[str, tuple[str, type]]] = {
    "county": {
        "area": ("area", str),
        "title": ("title", str),
        "title-en": ("title_en", str),
        "demo": ("demo", bool),
    },
    "storage": {"url": ("storage", str)},
    "time": {
        "policy": ("policy", str),
        "earlier-policies": ("earlier_policies", list),
        "office-hours": ("office_hours", str),
        "calendar-files": ("calendar_files", list),
        "region-files": ("region_files", dict),
        "organ-files": ("organ_files", dict),
        "silence": ("silence", str),
        "timer-kinds": ("timer_kinds", list),
        "local-pauses": ("local_pauses", list),
        "service-limits": ("service_limits", Limits),
    },
    "staff": {"separations": ("separations", str)},
    "schedule": {"sweep": ("sweep", Schedule), "dispatch": ("dispatch", Schedule)},
    "plugins": {
        "discover": ("plugins", bool),
        "plugins-dir": ("plugins_dir", str),
        "load": ("plugins_load", list),
        "disabled": ("plugins_disabled", list),
        "order": ("plugins_order", list),
        "settings": ("plugins_settings", Tables),
        "budget-seconds": ("plugins_budget", float),
        "effect-seconds": ("effect_timeout", float),
        "loopback": ("loopback", bool),
    },
    "catalogue": {
        "code-lists": ("code_lists", list),
        "area-codes": ("area_codes", str),
        "item-codes": ("item_codes", str),
        "ended-instruments": ("ended_instruments", list),
        "lints": ("item_lints", Grading),
    },
    "notifications": {
        "channels": ("notification_channels", list),
        "types": ("notification_types", list),
        "levels": ("notification_levels", list),
    },
    "search": {"synonyms": ("synonyms", list)},
}


def value_of(value: Any, kind: type) -> Any:
    """The value under a key as a setting of this kind. Raises TypeError, or SettingsError for a cron expression."""
    if kind is Schedule:
        if not isinstance(value, str):
            raise TypeError("must be a cron expression")
        return Schedule(value)
    if kind is list:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise TypeError("must be a list of texts")
        return tuple(value)
    if kind is dict:
        if not isinstance(value, dict):
            raise TypeError("must be a table with a list of paths for each name")
        if any(not name.strip() for name in value):
            raise TypeError(f"{UNNAMED}; the nation's files are calendar-files")
        return {name: value_of(paths, list) for name, paths in value.items()}
    if kind is Limits:
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise TypeError('must be a table of limits, for example { licence = "3wd" }')
        return dict(value)
    if kind is Tables:
        if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
            raise TypeError("must be a table for each plugin: [plugins.settings.NAME]")
        return value
    if kind is Grading:
        if not isinstance(value, dict):
            raise TypeError('must be a table of grades, for example { no-promise = "info" }')
        return dict(value)
    if kind is float:
        if type(value) not in (int, float) or not 0 < value <= LONGEST_BUDGET:
            raise TypeError(f"must be a number of seconds, more than 0 and at most {LONGEST_BUDGET}")
        return float(value)
    if type(value) is not kind or value == "":
        raise TypeError(f"must be {'a text that is not empty' if kind is str else 'true or false'}")
    return value
