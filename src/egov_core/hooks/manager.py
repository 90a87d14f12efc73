"""The typed façade over pluggy: the only way in which hooks are called.

Rules of this room: each answer is asked for separately, so that an exception or a wrong answer gets its plugin's name;
misspelt hooks and arguments are refused on registration, all at once, with "did you mean". Departments are asked before
the built-ins (registered first, marked trylast).
"""

from __future__ import annotations

import difflib
import inspect
import logging
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pluggy

from egov_core.domain.organisation import Organ
from egov_core.domain.timers.kind_table import kind_faults
from egov_core.domain.timers.kinds import TimerKind
from egov_core.errors import EgovError, Fault, PluginError
from egov_core.hooks import spec
from egov_core.ports.checks import ApplicationView, Finding
from egov_core.ports.forwarding import ForwardingAdapter
from egov_core.ports.storage import Storage

PREFIX = "egov_"
ENTRY_POINTS = "egov_core"
STORAGE_METHODS = tuple(sorted(name for name, value in vars(Storage).items() if name[0] != "_" and callable(value)))
_log = logging.getLogger(__name__)


class Hooks:
    """All registered plugins of one office."""

    def __init__(self, builtins: Sequence[tuple[object, str]] = ()) -> None:
        self._manager = pluggy.PluginManager(spec.PROJECT)
        self._manager.add_hookspecs(spec)
        self._builtins = frozenset(name for _, name in builtins)
        for plugin, name in builtins:
            self.register(plugin, name)

    def register(self, plugin: object, name: str) -> None:
        """Register one plugin. Raises PluginError naming every hook it misspells and every argument it invents."""
        faults = list(self._faults(plugin))
        if faults:
            raise PluginError(
                f"plugin {name}: " + "; ".join(f"{fault.path} {fault.message}" for fault in faults),
                remedy="the hooks and their arguments are listed in docs/reference/hooks.md",
                plugin=name,
                faults=[fault.message for fault in faults],
            )
        if self._manager.has_plugin(name):
            raise PluginError(f"two plugins are named {name}", remedy="uninstall or rename one of them", plugin=name)
        self._manager.register(plugin, name)

    def discover(self) -> tuple[str, ...]:
        """Register what installed distributions offer under the entry point group `egov_core`; their names."""
        from importlib.metadata import entry_points

        found = sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name)
        for entry in found:
            try:
                plugin = entry.load()
            except (Exception, SystemExit) as error:
                raise PluginError(
                    f"plugin {entry.name} cannot be loaded: {error}",
                    remedy="uninstall it, or mend it; start with discover = false to go on without plugins",
                    plugin=entry.name,
                ) from error
            self.register(plugin, entry.name)
        return tuple(entry.name for entry in found)

    def names(self) -> tuple[str, ...]:
        """The names of all plugins, built-ins included."""
        return tuple(name for name, plugin in self._manager.list_name_plugin() if plugin is not None)

    def hooks_of(self, name: str) -> tuple[str, ...]:
        """The hooks a plugin answers."""
        callers = self._manager.get_hookcallers(self._manager.get_plugin(name)) or []
        return tuple(sorted(caller.name for caller in callers))

    # -- the questions -------------------------------------------------------------------------------------------

    def check_application(self, application: ApplicationView) -> tuple[Finding, ...]:
        """All findings of all checks. Raises PluginError for a check that raises or answers with something else."""
        findings: list[Finding] = []
        for name, answer in self._ask("egov_check_application", application=application):
            if not isinstance(answer, Sequence) or not all(isinstance(one, Finding) for one in answer):
                raise PluginError(
                    f"plugin {name} answered egov_check_application with {type(answer).__name__}, not findings",
                    remedy="return a list of Finding, or None",
                    plugin=name,
                )
            findings += answer
        return tuple(findings)

    def timer_kinds(self, marks: frozenset[str], taken: Collection[str]) -> tuple[TimerKind, ...]:
        """The kinds of all plugins; `taken` are codes that the place's files have given.

        Raises PluginError for a plugin whose kinds cannot be.
        """
        found: list[TimerKind] = []
        for name, answer in self._ask("egov_timer_kinds", marks=marks):
            if not isinstance(answer, Sequence) or not all(isinstance(one, TimerKind) for one in answer):
                raise PluginError(
                    f"plugin {name} answered egov_timer_kinds with {type(answer).__name__}, not timer kinds",
                    remedy="return a list of TimerKind, or None",
                    plugin=name,
                )
            faults = kind_faults(answer, marks, name)
            codes = [kind.code for kind in found]
            faults += [
                Fault(f"{name}: {kind.code}", "taken", "is the code of another kind")
                for kind in answer
                if kind.code in taken or kind.code in codes
            ]
            if faults:
                raise PluginError(
                    f"plugin {name} adds timer kinds that cannot be: "
                    + "; ".join(f"{fault.path} {fault.message}" for fault in faults),
                    remedy="mend the plugin, or remove it; docs/how-to/new-timer-kind.md describes a kind",
                    plugin=name,
                    faults=[fault.message for fault in faults],
                )
            found += answer
        return tuple(found)

    def forwarding_adapter(self, target: Organ) -> ForwardingAdapter | None:
        """The first adapter offered for an upper organ."""
        for name, answer in self._ask("egov_forwarding_adapter", target=target):
            if not callable(getattr(answer, "send", None)):
                raise PluginError(
                    f"plugin {name} offers an adapter without send()", remedy="mend or remove the plugin", plugin=name
                )
            adapter: ForwardingAdapter = answer
            return adapter
        return None

    def storage_backend(self, url: str) -> Storage | None:
        """The first backend offered for a URL."""
        for name, answer in self._ask("egov_storage_backend", url=url):
            missing = [one for one in STORAGE_METHODS if not callable(getattr(answer, one, None))]
            if missing:
                raise PluginError(
                    f"plugin {name} offers a storage without {', '.join(missing)}",
                    remedy="implement the whole contract of egov_core.ports.storage",
                    plugin=name,
                )
            storage: Storage = answer
            return storage
        return None

    def _ask(self, hook: str, **given: Any) -> Iterable[tuple[str, Any]]:
        """Each plugin's answer with its name, latest registered first, those that answer None left out."""
        caller = getattr(self._manager.hook, hook)
        for implementation in reversed(caller.get_hookimpls()):
            arguments = [given[name] for name in implementation.argnames]
            try:
                answer = implementation.function(*arguments)
            except EgovError as error:
                if implementation.plugin_name not in self._builtins:
                    error.data = {**error.data, "plugin": implementation.plugin_name}
                raise
            except (Exception, SystemExit) as error:  # a plugin that calls sys.exit() ends its answer, not the office
                _log.exception("plugin %s failed in %s", implementation.plugin_name, hook)
                raise PluginError(
                    f"plugin {implementation.plugin_name} failed in {hook}: {type(error).__name__}: {error}",
                    remedy="mend or remove the plugin; the command was refused and nothing has happened",
                    plugin=implementation.plugin_name,
                    hook=hook,
                ) from error
            if answer is not None:
                yield implementation.plugin_name, answer

    def _faults(self, plugin: object) -> Iterable[Fault]:
        known = {name: value for name, value in vars(spec).items() if name.startswith(PREFIX)}
        for name in dir(plugin):
            function = getattr(plugin, name)
            options: Any = getattr(function, f"{spec.PROJECT}_impl", None)
            marked = isinstance(options, dict)
            if not callable(function) or not (marked or name.startswith(PREFIX)):
                continue
            answers = (options.get("specname") if marked else None) or name
            if answers not in known:
                close = difflib.get_close_matches(answers, known, n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                yield Fault(answers, "unknown-hook", f"is not a hook{hint}")
                continue
            if marked and (options.get("wrapper") or options.get("hookwrapper")):
                yield Fault(answers, "wrapper", "cannot wrap other plugins: each is asked by itself")
                continue
            asked = set(inspect.signature(known[answers]).parameters)
            for argument in inspect.signature(function).parameters:
                if argument not in asked and argument != "self":
                    close = difflib.get_close_matches(argument, asked, n=1)
                    hint = f"; did you mean {close[0]}?" if close else ""
                    yield Fault(f"{name}({argument})", "unknown-argument", f"is not given{hint}")
            if not marked:
                yield Fault(name, "unmarked", "lacks @hookimpl")
