"""What is asked while an office, its pages or its command line are set up.

Rules of this room: one method a hook, with what makes an answer to it wrong; how plugins are asked, measured and named
is the manager's (`Hooks` is a child of this class). What one plugin offers under a name no other can take.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from egov_core.domain.calendar.hours import OfficeHours
from egov_core.domain.calendar.notices import Notice
from egov_core.domain.cards.policy import CardPolicy, parse_policy
from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.timers.kind_table import kind_faults
from egov_core.domain.timers.kinds import TimerKind
from egov_core.errors import Fault, PluginError, PolicyError
from egov_core.hooks.answers import Check, list_of, one_of
from egov_core.ports.place import PlaceDefaults
from egov_core.ports.storage import Storage
from egov_core.ports.theme import Theme

STORAGE_METHODS = tuple(sorted(name for name, value in vars(Storage).items() if name[0] != "_" and callable(value)))


class OpeningHooks:
    """The hooks of opening; `_ask` is the manager's."""

    def _ask(
        self, hook: str, check: Check, about: ItemVersion | None = None, /, **given: Any
    ) -> Iterable[tuple[str, Any]]:
        """Each plugin's answer with its name."""
        raise NotImplementedError

    def _first(self, hook: str, check: Check, about: ItemVersion | None = None, /, **given: Any) -> Any:
        return next((answer for _, answer in self._ask(hook, check, about, **given)), None)

    # -- the office ----------------------------------------------------------------------------------------------

    def storage_backend(self, url: str) -> Storage | None:
        """The first backend offered for a URL."""

        def check(answer: Any) -> str:
            missing = [one for one in STORAGE_METHODS if not callable(getattr(answer, one, None))]
            return f"with a storage without {', '.join(missing)}" if missing else ""

        found: Storage | None = self._first("egov_storage_backend", check, url=url)
        return found

    def place_defaults(self, area: str) -> tuple[str, PlaceDefaults] | None:
        """What the first plugin that chooses for the place has chosen, and the plugin's name."""
        return next(iter(self._ask("egov_place_defaults", one_of(PlaceDefaults), area=area)), None)

    def card_policies(self, kinds: Collection[str], shipped: Collection[str]) -> dict[str, CardPolicy]:
        """The card policies of all plugins by the name that chooses them.

        `kinds` are the kinds of timers that rules may name, `shipped` the names that are taken. Raises PluginError
        naming the plugin and every fault of all its texts.
        """
        found: dict[str, CardPolicy] = {}
        owners: dict[str, str] = dict.fromkeys(shipped, "the library's")
        read: dict[str, CardPolicy] = {}
        faults: list[Fault] = []

        def check(answer: Any) -> str:
            texts = isinstance(answer, Mapping) and all(isinstance(one, str) for pair in answer.items() for one in pair)
            if not texts:
                return f"with {type(answer).__name__}, not names with the texts of policies"
            read.clear()
            faults[:] = _policy_faults(answer, kinds, owners, read)
            said = "; ".join(f"{fault.path} {fault.message}" for fault in faults)
            return f"with card policies that cannot be: {said}" if said else ""

        try:
            for plugin, _ in self._ask("egov_card_policies", check):
                found |= read
                for name, policy in read.items():
                    owners |= dict.fromkeys((name, policy.name), f"plugin {plugin}'s")
        except PluginError as error:
            error.data = {**error.data, "faults": [f"{fault.path} {fault.message}" for fault in faults]}
            raise
        return found

    def timer_kinds(self, marks: frozenset[str], taken: Collection[str]) -> tuple[TimerKind, ...]:
        """The kinds of all plugins; `taken` are codes that the place's files have given."""
        found: list[TimerKind] = []
        faults: list[Fault] = []

        def check(answer: Any) -> str:
            wrong = list_of(TimerKind, "timer kinds")(answer)
            if wrong:
                return wrong
            codes = {*taken, *(kind.code for kind in found)}
            faults[:] = kind_faults(answer, marks, "it")
            faults.extend(
                Fault(kind.code, "taken", "is the code of another kind") for kind in answer if kind.code in codes
            )
            said = "; ".join(f"{fault.path} {fault.message}" for fault in faults)
            return f"with timer kinds that cannot be: {said}" if said else ""

        try:
            for _, answer in self._ask("egov_timer_kinds", check, marks=marks):
                found += answer
        except PluginError as error:
            error.data = {**error.data, "faults": [fault.message for fault in faults]}
            raise
        return tuple(found)

    def office_hours(self, name: str) -> OfficeHours | None:
        """The first timetable offered under a name."""
        found: OfficeHours | None = self._first("egov_office_hours", one_of(OfficeHours), name=name)
        return found

    def calendar_notices(self) -> tuple[tuple[str, str, Notice], ...]:
        """Every notice offered: the plugin, the name of the layer, and the notice."""

        def check(answer: Any) -> str:
            whole = isinstance(answer, Mapping) and all(
                isinstance(layer, str) and layer.strip() and not list_of(Notice, "")(notices)
                for layer, notices in answer.items()
            )
            return "" if whole else f"with {type(answer).__name__}, not layers with their notices"

        return tuple(
            (plugin, layer, notice)
            for plugin, answer in self._ask("egov_calendar_notices", check)
            for layer, notices in answer.items()
            for notice in notices
        )

    # -- pages and command line ----------------------------------------------------------------------------------

    def theme(self) -> Theme | None:
        """The first theme offered."""
        found: Theme | None = self._first("egov_theme", one_of(Theme))
        return found

    def commands(self, check: Check) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The commands of each plugin, one plugin after the other; what a command is, `check` knows."""
        yield from self._ask("egov_commands", check)


def _policy_faults(
    answer: Mapping[str, str], kinds: Collection[str], owners: Mapping[str, str], read: dict[str, CardPolicy]
) -> list[Fault]:
    """Everything wrong with the policies of one plugin; those that can be read are put into `read`."""
    faults: list[Fault] = []
    for name, text in answer.items():
        if not name or name != name.strip() or not name.isprintable() or name.endswith(".toml"):
            faults.append(Fault(repr(name), "name", "is no name: printable, without spaces at its ends, and no path"))
        elif name in owners:
            faults.append(Fault(name, "taken", f"is taken: it is {owners[name]}"))
        try:
            policy = parse_policy(tomllib.loads(text.removeprefix("\ufeff")), name, kinds)
        except tomllib.TOMLDecodeError as error:
            faults.append(Fault(f"{name}:", "toml", f"is not TOML: {error}"))
            continue
        except PolicyError as error:
            faults += error.faults
            continue
        if policy.name in owners and policy.name != name:
            faults.append(Fault(f"{name}: name", "taken", f"{policy.name!r} is taken: it is {owners[policy.name]}"))
        if any(policy.ref == other.ref for other in read.values()):
            faults.append(Fault(f"{name}: version", "twice", f"makes it {policy.ref}, which another one of these is"))
        read[name] = policy
    return faults
