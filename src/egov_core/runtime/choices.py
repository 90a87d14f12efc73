"""What an office measures with of all that is offered under a name, card policy and office hours, and who chose it.

Rules of this room: the settings file first, then the first plugin that chooses for the place, then the library. A name
that nobody offers stops the opening; only where an office is looked at in safe mode does the library's own stand in for
what a plugin would have to offer, and then whoever looks is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeVar

import attrs

from egov_core.domain.calendar.hours import OfficeHours
from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.timers.kinds import TimerKind
from egov_core.errors import Fault, PluginError, SettingsError, UnknownError
from egov_core.hooks.manager import Hooks
from egov_core.runtime.policies import load_policy, shipped_policies
from egov_core.runtime.settings import Settings
from egov_core.runtime.shipped import office_hours, read_office_hours

DEFAULT_POLICY = "notice"
DEFAULT_HOURS = "standard"

T = TypeVar("T", CardPolicy, OfficeHours)


class Whose(StrEnum):
    """Whose choice it was; `STAND_IN` is the library's, in safe mode, for something that is a plugin's."""

    SETTINGS = "settings"
    PLUGIN = "plugin"
    LIBRARY = "library"
    STAND_IN = "safe-mode"


@attrs.frozen(kw_only=True)
class Choice(Generic[T]):
    """What was chosen, under which name, and by whom (`plugin`: which one)."""

    name: str
    by: Whose
    value: T
    plugin: str = ""

    @property
    def chooser(self) -> str:
        """Who chose, in words that follow on *chosen*."""
        return {
            Whose.SETTINGS: "by the settings",
            Whose.PLUGIN: f"by plugin {self.plugin}",
            Whose.LIBRARY: "by the library, because nobody else did",
            Whose.STAND_IN: "to stand in for what a plugin offers, in safe mode",
        }[self.by]


@attrs.frozen(kw_only=True)
class PlaceChoices:
    """The card policy and the office hours of an office; `offered` are the policies of plugins by name."""

    policy: Choice[CardPolicy]
    office_hours: Choice[OfficeHours]
    offered: Mapping[str, CardPolicy]

    def as_dict(self) -> dict[str, dict[str, str]]:
        """What is shown of it, without the things themselves."""
        pairs: tuple[tuple[str, Choice[CardPolicy] | Choice[OfficeHours]], ...] = (
            ("policy", self.policy),
            ("office_hours", self.office_hours),
        )
        return {key: {"name": one.name, "by": one.by.value, "plugin": one.plugin} for key, one in pairs}


def place_choices(
    settings: Settings, hooks: Hooks, kinds: Mapping[str, TimerKind], *, looking: bool = False
) -> PlaceChoices:
    """What the office is measured with. `looking`: it is only read, so that in safe mode something may stand in.

    Raises UnknownError or PolicyError for what the settings name, PluginError naming the plugin and everything that it
    chose and nobody offers.
    """
    offered = hooks.card_policies(kinds, shipped_policies())
    plugin, defaults = hooks.place_defaults(settings.area) or ("", None)
    faults: list[Fault] = []
    stand_in = settings.safe_mode and looking

    def chosen(key: str, given: str, wanted: str, default: str, find: Callable[[str], T]) -> Choice[T]:
        if given or not wanted:
            by = Whose.SETTINGS if given else Whose.LIBRARY
            try:
                return Choice(name=given or default, by=by, value=find(given or default))
            except UnknownError:
                if not stand_in:
                    raise
                return Choice(name=default, by=Whose.STAND_IN, value=find(default))
        try:
            return Choice(name=wanted, by=Whose.PLUGIN, plugin=plugin, value=find(wanted))
        except UnknownError as error:
            faults.append(Fault(key, "unknown", f"{error.message}; {error.remedy}"))
            return Choice(name=default, by=Whose.LIBRARY, value=find(default))

    policy = chosen(
        "policy",
        settings.policy,
        "" if defaults is None else defaults.policy,
        DEFAULT_POLICY,
        lambda name: load_policy(name, kinds, offered),
    )
    hours = chosen(
        "office_hours",
        settings.office_hours,
        "" if defaults is None else defaults.office_hours,
        DEFAULT_HOURS,
        lambda name: _hours(name, hooks),
    )
    if faults:
        raise PluginError(
            f"plugin {plugin} chooses for the place what is not there: "
            + "; ".join(f"{fault.path}: {fault.message}" for fault in faults),
            remedy="mend or remove the plugin, or name in [time] of the settings what is to hold: settings come first",
            plugin=plugin,
            faults=[attrs.asdict(fault) for fault in faults],
        )
    return PlaceChoices(policy=policy, office_hours=hours, offered=offered)


def known_policies(
    choices: PlaceChoices, earlier: Iterable[str], kinds: Mapping[str, TimerKind]
) -> dict[str, CardPolicy]:
    """Every policy that cases may be judged by, by `name@version`: shipped, offered, earlier, the office's own.

    Raises SettingsError where two of them are one version of one name and say different things.
    """
    found = {policy.ref: policy for policy in (*map(load_policy, shipped_policies()), *choices.offered.values())}
    for known in (*(load_policy(one, kinds) for one in earlier), choices.policy.value):
        if found.setdefault(known.ref, known) != known:
            raise SettingsError(
                f"two card policies are both {known.ref} and say different things",
                remedy="raise the version of a policy when its rules change, and keep the earlier file as it was",
            )
    return found


def _hours(name: str, hooks: Hooks) -> OfficeHours:
    if name.endswith(".toml"):
        return read_office_hours(Path(name))
    try:
        return office_hours(name)
    except UnknownError:
        found = hooks.office_hours(name)
        if found is None:
            raise
        return found
