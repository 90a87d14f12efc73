"""The typed façade over pluggy: the only way in which hooks are called.

Rules of this room: each answer is asked for separately, so that an exception or a wrong answer gets its plugin's name;
a wrong answer is found here, where the type is known, and counts as a failure of the plugin. Departments are asked
before the built-ins (registered first, marked trylast), in the order of the settings. What a failure means is the
hook's kind: legal refuses, advisory goes on, effect is tried again. What is asked while an office is opened stands in
`hooks.opening`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs
import pluggy

from egov_core.domain.catalogue import ItemFinding, ItemVersion
from egov_core.domain.organisation import Organ
from egov_core.errors import EgovError, PluginError, QuarantineError
from egov_core.hooks import spec
from egov_core.hooks.answers import Check, findings, health_findings, item_findings, list_of, one_of
from egov_core.hooks.apart import Apart, is_stop
from egov_core.hooks.calls import HookCall, HookUse, Meter, Record
from egov_core.hooks.deprecation import tell_deprecated
from egov_core.hooks.discovery import PluginChoice, discovered
from egov_core.hooks.examination import Examination, Failures, told_of
from egov_core.hooks.opening import OpeningHooks
from egov_core.hooks.plugin import Origin, PluginInfo, faults_of, is_about, items_of
from egov_core.hooks.said import named, one_line, trace_of
from egov_core.hooks.spec import HookKind
from egov_core.ports.checks import ApplicationView, Finding, MaterialsView
from egov_core.ports.forms import FormField, form_faults
from egov_core.ports.forwarding import ForwardingAdapter
from egov_core.ports.health import HealthFinding, PlaceView
from egov_core.ports.notification import NotificationChannel
from egov_core.ports.numbering import Numbering, NumberRequest

BUDGET = 1.0
"""Seconds that an answer in the office's own process may take."""
LONGEST_SHOWN = 200
WAYS = {"egov_forwarding_adapter": ("target", "send"), "egov_notification_channel": ("name", "notify")}
"""The hooks that offer a way out of the office: what each is asked by, and the method of what it answers."""
WAITS = "mend or remove the plugin; what is to be sent waits in the outbox"
"""The remedy where an effect fails: nothing is refused by it."""
REMEDIES = {
    HookKind.LEGAL: "mend or remove the plugin; what was asked was refused and nothing has happened",
    HookKind.ADVISORY: "mend or remove the plugin; the office goes on without its answer",
    HookKind.EFFECT: WAITS,
}
_log = logging.getLogger(__name__)


class Hooks(OpeningHooks):
    """All registered plugins of one office. `meter` gives seconds; `trace` is told of every call."""

    def __init__(
        self,
        builtins: Sequence[tuple[object, str]] = (),
        *,
        meter: Meter = lambda: 0.0,
        budget: float = BUDGET,
        trace: Callable[[HookCall], None] | None = None,
    ) -> None:
        self._manager = pluggy.PluginManager(spec.PROJECT)
        self._manager.add_hookspecs(spec)
        self._infos: dict[str, PluginInfo] = {}
        self.record = Record(meter=meter, budget=budget, trace=trace)
        for plugin, name in builtins:
            self.register(plugin, name, Origin.BUILT_IN)

    def register(self, plugin: object, name: str, origin: Origin = Origin.CODE) -> None:
        """Register one plugin. Raises PluginError naming every hook it misspells and every argument it invents."""
        faults = list(faults_of(plugin))
        if faults:
            raise PluginError(
                f"plugin {name}: " + "; ".join(f"{fault.path} {fault.message}" for fault in faults),
                remedy="the hooks and their arguments are listed in docs/reference/hooks.md",
                plugin=name,
                faults=[fault.message for fault in faults],
            )
        self._add(plugin, PluginInfo(name=name, origin=origin, items=items_of(plugin)))

    def discover(self, choice: PluginChoice, structure: Callable[..., Any]) -> tuple[str, ...]:
        """Register the plugins that the settings choose; their names in the order in which they are asked.

        Raises PluginError naming every one that cannot be loaded; none is registered then.
        """
        own = [info.name for info in self.infos() if info.origin is Origin.BUILT_IN]
        found = discovered(choice, self.record.meter, structure, own)
        for one in reversed(found):  # pluggy asks the one registered last first
            self._add(one.plugin, one.info)
        return tuple(one.info.name for one in found)

    def _add(self, plugin: object, info: PluginInfo) -> None:
        if self._manager.has_plugin(info.name):
            raise PluginError(
                f"two plugins are named {info.name}", remedy="uninstall or rename one of them", plugin=info.name
            )
        self._manager.register(plugin, info.name)
        callers = self._manager.get_hookcallers(plugin) or []
        said = tell_deprecated(plugin, info.name)
        hooks = tuple(sorted(caller.name for caller in callers))
        self._infos[info.name] = attrs.evolve(info, hooks=hooks, deprecated=said)

    def names(self) -> tuple[str, ...]:
        """The names of all plugins, built-ins included."""
        return tuple(name for name, plugin in self._manager.list_name_plugin() if plugin is not None)

    def infos(self) -> tuple[PluginInfo, ...]:
        """What is known about each plugin, by name."""
        return tuple(self._infos[name] for name in sorted(self._infos))

    def hooks_of(self, name: str) -> tuple[str, ...]:
        """The hooks a plugin answers."""
        return self._infos[name].hooks

    def use(self, name: str, hook: str) -> HookUse:
        """What a plugin's answers to a hook have cost since the office was opened."""
        return self.record.use(name, hook)

    def figures(self) -> dict[str, dict[str, int]]:
        """What each plugin that was asked has answered so far, by name; the library's own answers are left out."""
        names = ("calls", "findings", "refusals", "failures")
        asked = [info.name for info in self.infos() if info.origin is not Origin.BUILT_IN]
        uses = {name: self.record.uses_of(name) for name in asked}
        shown = {name: {one: sum(getattr(use, one) for use in of) for one in names} for name, of in uses.items()}
        return {name: counted for name, counted in shown.items() if counted["calls"]}

    # -- an application ------------------------------------------------------------------------------------------

    def form_fields(self, item: ItemVersion) -> tuple[FormField, ...]:
        """The fields that all plugins ask for in the form of an item."""
        return tuple(field for _, fields in self._fields(item) for field in fields)

    def check_form(self, item: ItemVersion, form: Mapping[str, str]) -> tuple[Finding, ...]:
        """What is wrong with the fields that plugins ask for: nobody's finding but the library's own, for them."""
        found: list[Finding] = []
        for name, fields in self._fields(item):
            wrong = [
                Finding(field=f"form.{field.name}", message=sentence, basis=field.basis)
                for field, sentence in form_faults(fields, form)
            ]
            self.record.found(name, "egov_form_fields", [one.severity for one in wrong])
            found += wrong
        return tuple(found)

    def _fields(self, item: ItemVersion) -> list[tuple[str, Sequence[FormField]]]:
        found: list[tuple[str, Sequence[FormField]]] = []

        def check(answer: Any) -> str:
            wrong = list_of(FormField, "form fields")(answer)
            there = [field for _, fields in found for field in fields]
            names = [field.name for field in (*there, *([] if wrong else answer))]
            twice = sorted({name for name in names if names.count(name) > 1})
            return wrong or (f"with a field that is there already: {', '.join(twice)}" if twice else "")

        for name, answer in self._ask("egov_form_fields", check, item, item=item):
            found.append((name, answer))
        return found

    def check_materials(self, materials: MaterialsView) -> tuple[Finding, ...]:
        """All findings about materials. Raises PluginError for a check that fails."""
        return self._findings("egov_check_materials", materials.item, materials=materials)

    def check_application(self, application: ApplicationView) -> tuple[Finding, ...]:
        """All findings of all checks. Raises PluginError for a check that fails."""
        return self._findings("egov_check_application", application.item, application=application)

    def _findings(self, hook: str, item: ItemVersion, **given: Any) -> tuple[Finding, ...]:
        found: list[Finding] = []
        for name, answer in self._ask(hook, findings, item, **given):
            self.record.found(name, hook, [one.severity for one in answer])
            found += answer
        return tuple(found)

    def case_number(self, request: NumberRequest) -> Numbering | None:
        """How the first plugin that has an opinion numbers a case."""
        found: Numbering | None = self._first("egov_case_number", one_of(Numbering), request.item, request=request)
        return found

    # -- what leaves the office ----------------------------------------------------------------------------------

    def carriers(self, hook: str) -> tuple[PluginInfo, ...]:
        """The plugins that may offer a way out of the office, in the order in which they are asked."""
        caller = getattr(self._manager.hook, hook)
        return tuple(self._infos[one.plugin_name] for one in reversed(caller.get_hookimpls()))

    def way(self, plugin: str, hook: str, to: Organ | str) -> ForwardingAdapter | NotificationChannel | None:
        """What one plugin offers for an upper organ or a channel's name: an adapter, a channel, or None.

        Raises PluginError for one that fails. It is called in the lane of the plugin: nothing cuts it off here.
        """
        argument, method = WAYS[hook]

        def check(answer: Any) -> str:
            return "" if callable(getattr(answer, method, None)) else f"with something without {method}()"

        caller = getattr(self._manager.hook, hook)
        implementation = next(one for one in caller.get_hookimpls() if one.plugin_name == plugin)
        found: ForwardingAdapter | NotificationChannel | None = self._call(
            implementation, self._infos[plugin], hook, check, {argument: to}
        )
        return found

    # -- the catalogue -------------------------------------------------------------------------------------------

    def lint_item(self, item: ItemVersion, earlier: ItemVersion | None = None) -> tuple[ItemFinding, ...]:
        """What all plugins find in an item, the codes with the plugin's name before them."""
        return tuple(
            attrs.evolve(one, code=f"{name}/{one_line(one.code)}")
            for name, answer in self._ask("egov_lint_item", item_findings, item, item=item, earlier=earlier)
            for one in answer
        )

    # -- looking after the office --------------------------------------------------------------------------------

    def health(self, place: PlaceView) -> tuple[HealthFinding, ...]:
        """The findings of all plugins, and of each that failed or took too long one of its own; codes are NAME/CODE."""
        examined = Examination(self.record, [one.name for one in self.carriers("egov_health")])
        answers = self._ask("egov_health", health_findings, None, examined.failures, place=place)
        found = [told_of(name, one) for name, answer in answers for one in answer]
        return (*found, *examined.told())

    # -- asking --------------------------------------------------------------------------------------------------

    def _ask(
        self, hook: str, check: Check, about: ItemVersion | None = None, failed: Failures = None, /, **given: Any
    ) -> Iterable[tuple[str, Any]]:
        """Each plugin's answer with its name, those left out that answer None or are not about the item.

        `failed` takes the advisory ones that failed, for whoever tells of them; otherwise they are logged.
        """
        caller = getattr(self._manager.hook, hook)
        is_advisory = spec.KINDS[hook] is HookKind.ADVISORY
        for implementation in reversed(caller.get_hookimpls()):
            info = self._infos[implementation.plugin_name]
            if not is_about(info.items, about):
                continue
            why = self.record.quarantine_of(info.name)
            if why and is_advisory:
                continue
            if why:
                raise QuarantineError(
                    f"plugin {info.name} is in quarantine and {hook} needs its answer; it failed in {why}",
                    remedy=f"mend it, then egov plugins release {info.name} --config FILE; or do without it: "
                    f'[plugins] disabled = ["{info.name}"]',
                    plugin=info.name,
                    hook=hook,
                )
            try:
                answer = self._call(implementation, info, hook, check, given)
            except PluginError as error:
                if is_advisory and error.data.get("hook") == hook:
                    if failed is None:
                        _log.warning("%s; the office goes on", error)
                    else:
                        failed.append(error)
                    continue
                raise
            if answer is not None:
                yield info.name, answer

    def _call(self, implementation: Any, info: PluginInfo, hook: str, check: Check, given: Mapping[str, Any]) -> Any:
        arguments = [given[name] for name in implementation.argnames]
        trusted, meter = info.origin is Origin.BUILT_IN, self.record.meter
        begun, answer, error, shown = meter(), None, "", ""
        told = ""  # the sentence with the hook in it; `error` is kept beside the hook's name
        caused: BaseException | None = None
        try:
            with Apart():
                answer = implementation.function(*arguments)
                wrong = "" if answer is None else check(answer)
                shown = one_line(repr(answer), LONGEST_SHOWN)
            if wrong:
                error, told = f"answered {wrong}", f"answered {hook} {wrong}"
        except BaseException as raised:
            if is_stop(raised):
                raise
            # an error of ours is what a legal or an effect hook has to say; an advisory one has failed like any other
            if isinstance(raised, EgovError) and spec.KINDS[hook] is not HookKind.ADVISORY:
                if not trusted:
                    raised.data = {**raised.data, "plugin": info.name}
                self.record.done(HookCall(plugin=info.name, hook=hook, seconds=meter() - begun), trusted=True)
                raise
            # raised again below under its name; a plugin that calls sys.exit() ends its answer, not the office
            _log.error("plugin %s failed in %s: %s\n%s", info.name, hook, named(raised), trace_of(raised))
            caused, error, told = raised, named(raised), f"failed in {hook}: {named(raised)}"
        took = HookCall(plugin=info.name, hook=hook, seconds=meter() - begun, answer=shown, error=error)
        self.record.done(took, trusted=trusted)
        if error:
            raise PluginError(
                f"plugin {info.name} {told}",
                remedy=REMEDIES[spec.KINDS[hook]],
                plugin=info.name,
                hook=hook,
            ) from caused
        return answer
