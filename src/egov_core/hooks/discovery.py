"""Where plugins come from: installed distributions, a folder of single files, objects that the settings name.

Rules of this room: everything is looked for first and loaded afterwards, so that all that cannot be loaded is said at
once; what the settings switch off is not even imported. Plugins are asked in the order of the settings, the others
after them by name.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

from egov_core.errors import ClaimError, EgovError, Fault, PluginError
from egov_core.hooks.apart import Apart, is_stop
from egov_core.hooks.calls import Meter
from egov_core.hooks.plugin import Origin, PluginInfo, api_of, faults_of, items_of, meant
from egov_core.hooks.said import named, one_line

ENTRY_POINTS = "egov_core"
FILE_MODULE = "egov_plugin_file_"
"""How the module of a single file is called, before the file's own name."""
LONGEST = 1000
"""Characters of what a plugin's own settings are refused with: every key is named."""
UNKNOWN = frozenset({"unknown-name", "unknown-plugin"})
"""The faults of a name that no plugin has: in the settings, and where one plugin is asked for."""
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
"""A key that TOML lets stand without quotes."""


@attrs.frozen(kw_only=True)
class PluginChoice:
    """What the settings say about plugins.

    `discover`: whether installed distributions are looked at. `folder`: a folder of single files; `files`: single files
    of other folders. `load`: objects by their path, `package.module:name`. `disabled`: names that are not loaded.
    `order`: who is asked first. `tables`: each plugin's own settings. `only`: the name of the one to load, empty for
    all.
    """

    discover: bool = True
    folder: str = ""
    files: tuple[str, ...] = ()
    load: tuple[str, ...] = ()
    disabled: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    tables: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)
    only: str = ""

    def of(self, name: str) -> PluginChoice:
        """The same for one plugin alone: what a process of its own loads."""
        tables = {name: self.tables[name]} if name in self.tables else {}
        return attrs.evolve(self, only=name, disabled=frozenset(), order=(), tables=tables)


@attrs.frozen
class Found:
    """A plugin that was loaded, not yet registered."""

    plugin: object
    info: PluginInfo


@attrs.frozen
class _Candidate:
    name: str
    origin: Origin
    where: str
    load: Callable[[], object]
    distribution: str = ""
    version: str = ""


def discovered(
    choice: PluginChoice, meter: Meter, structure: Callable[..., Any], own: Collection[str] = ()
) -> list[Found]:
    """Every plugin that the choice asks for, loaded, in the order in which they are asked.

    `structure(table, class, where)` reads a plugin's settings; `own` are the names of the library's plugins. Raises
    PluginError naming every plugin that cannot be loaded and every name in the settings that no plugin has.
    """
    known = list(_candidates(choice))
    candidates = [one for one in known if choice.only in ("", one.name)]
    faults = [*_name_faults(choice, [one.name for one in known], own), *_twice(choice, candidates)]
    found: list[Found] = []
    for one in sorted(candidates, key=lambda one: _rank(choice, one.name)):
        if one.name in choice.disabled:
            continue
        begun = meter()
        try:
            with Apart():
                plugin = _made(one, choice, structure)
                took = meter() - begun
                wrong = [f"{fault.path} {fault.message}" for fault in faults_of(plugin, discovered=True)]
                items = frozenset[str]() if wrong else items_of(plugin)
        except BaseException as error:  # whatever an import may raise; it is said below
            if is_stop(error):
                raise
            said = one_line(str(error), LONGEST) if isinstance(error, EgovError) else named(error)
            faults.append(Fault(one.name, "unloadable", f"cannot be loaded from {one.where}: {said}"))
            continue
        info = PluginInfo(
            name=one.name,
            origin=one.origin,
            where=one.where,
            distribution=one.distribution,
            version=one.version,
            load_seconds=took,
            api=api_of(plugin),
            items=items,
        )
        if wrong:
            faults.append(Fault(one.name, "refused", "; ".join(wrong)))
            continue
        found.append(Found(plugin, info))
    if faults:
        raise refusal(faults)
    return found


def refusal(faults: Collection[Fault]) -> PluginError:
    """The one error about all that cannot be loaded; each fault's path is a plugin's name, or a key of the settings."""
    keys = sorted({fault.path for fault in faults if fault.code == "unknown-name"})
    plugins = list(dict.fromkeys(fault.path for fault in faults if fault.code not in UNKNOWN))
    remedies = []
    if keys:
        remedies.append(f"correct the names in {' and '.join(keys)}, or take them out")
    if any(fault.code == "unknown-plugin" for fault in faults):
        remedies.append("give the name of a plugin that is there; egov plugins list --config FILE shows them")
    if plugins:
        switched_off = ", ".join(f'"{name}"' for name in sorted(plugins))
        remedies.append(
            f"mend or uninstall what is named, or switch it off in the settings file: "
            f"[plugins] disabled = [{switched_off}]"
        )
    remedies.append("egov doctor --config FILE --safe-mode looks at the office without any plugin")
    return PluginError(
        "; ".join(
            f"{'' if fault.code == 'unknown-name' else 'plugin '}{fault.path} {fault.message}" for fault in faults
        ),
        remedy="; ".join(remedies),
        plugin=plugins[0] if plugins else "",
        faults=[attrs.asdict(fault) for fault in faults],
    )


def looked_for(choice: PluginChoice) -> tuple[PluginInfo, ...]:
    """What the choice finds, without loading it: names, places, distributions; also what is switched off."""
    return tuple(
        PluginInfo(
            name=one.name, origin=one.origin, where=one.where, distribution=one.distribution, version=one.version
        )
        for one in _candidates(choice)
    )


def _rank(choice: PluginChoice, name: str) -> tuple[int, str]:
    return (choice.order.index(name) if name in choice.order else len(choice.order)), name


def _candidates(choice: PluginChoice) -> Iterator[_Candidate]:
    if choice.discover:
        for entry in sorted(importlib.metadata.entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
            dist = getattr(entry, "dist", None)
            yield _Candidate(
                entry.name,
                Origin.INSTALLED,
                getattr(entry, "value", entry.name),
                entry.load,
                "" if dist is None else dist.name,
                "" if dist is None else dist.version,
            )
    if choice.folder:
        yield from _files(Path(choice.folder))
    yield from (_file(Path(path)) for path in choice.files)
    for path in choice.load:
        yield _Candidate(path.partition(":")[2] or path, Origin.SETTINGS, path, lambda path=path: _named(path))  # type: ignore[misc]  # mypy does not infer a default argument


def _files(folder: Path) -> Iterator[_Candidate]:
    if not folder.is_dir():
        raise PluginError(
            f"there is no folder {folder} for plugins", remedy="make it, or leave [plugins] plugins-dir out", plugin=""
        )
    yield from map(_file, plugin_files(folder))


def plugin_files(folder: Path) -> list[Path]:
    """The files of a folder that are plugins: every Python file that is not hidden or private by its name."""
    return [file for file in sorted(folder.glob("*.py")) if not file.name.startswith(("_", "."))]


def _file(file: Path) -> _Candidate:
    return _Candidate(file_plugin_name(file), Origin.FOLDER, str(file), lambda: _from_file(file))


def file_plugin_name(file: Path) -> str:
    """What the plugin in a single file is called: `water_rights.py` is `water-rights`."""
    return file.stem.replace("_", "-")


class _AsWritten(SourceFileLoader):
    """Loads a file as it is written now.

    Python would take compiled bytes it kept for a file of the same size and second; whoever edits a rule may be that
    quick, and `400` is as long as `300`.
    """

    def path_stats(self, path: Any) -> Mapping[str, Any]:
        """Nothing to compare kept bytes with: they are neither read nor written."""
        raise OSError(f"{path}: compiled bytes are not kept")


def _from_file(file: Path) -> object:
    """A file as a module of its own, read anew each time; its `plugin`, or the module itself."""
    name = f"{FILE_MODULE}{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file, loader=_AsWritten(name, str(file)))
    assert spec is not None and spec.loader is not None, "a .py file has a loader"  # noqa: PT018 -- one thought
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # attrs and dataclasses look their module up
    spec.loader.exec_module(module)
    return getattr(module, "plugin", module)


def _named(path: str) -> object:
    module, _, name = path.partition(":")
    found: object = importlib.import_module(module)
    for part in name.split(".") if name else ():
        found = getattr(found, part)
    return found


def _made(one: _Candidate, choice: PluginChoice, structure: Callable[..., Any]) -> object:
    """The plugin object, with its settings: a class is called with them, or with nothing."""
    loaded = one.load()
    table = choice.tables.get(one.name, {})
    kind = getattr(loaded, "egov_settings", None)
    where = (
        f"[plugins.settings.{one.name if BARE_KEY.fullmatch(one.name) else json.dumps(one.name, ensure_ascii=False)}]"
    )
    if kind is None:
        if table:
            raise ClaimError(f"it has no settings, and {where} gives some", remedy="take the table out")
        return loaded() if isinstance(loaded, type) else loaded
    settings = structure(table, kind, where)
    configure = loaded if isinstance(loaded, type) else getattr(loaded, "configure", None)
    if isinstance(loaded, ModuleType) or not callable(configure):
        raise ClaimError("what has egov_settings is a class that takes them, or an object with configure(settings)")
    try:
        made = configure(settings)
    except ClaimError as error:
        raise error.under(where) from error  # what it finds itself is about keys of its own table
    return made if isinstance(loaded, type) else loaded


def _twice(choice: PluginChoice, candidates: Collection[_Candidate]) -> Iterator[Fault]:
    names = [one.name for one in candidates]
    for name in sorted({name for name in names if names.count(name) > 1} - choice.disabled):
        places = ", ".join(one.where for one in candidates if one.name == name)
        yield Fault(name, "twice", f"is there twice: {places}")


def _name_faults(choice: PluginChoice, known: Collection[str], own: Collection[str]) -> Iterator[Fault]:
    """Every name that the settings give and no plugin has: a slip there would change nothing, and nobody would know."""
    there = set(known)
    if not choice.discover and not choice.disabled <= there:
        # what is installed may stay switched off by name while nothing that is installed is looked at
        there |= {one.name for one in _candidates(attrs.evolve(choice, discover=True))}
    for key, names, why in (
        ("order", choice.order, "is always asked last"),
        ("settings", choice.tables, "has no settings"),
        ("disabled", sorted(choice.disabled), "cannot be switched off"),
    ):
        fits = there if key == "disabled" else set(known)
        for name in names:
            if name in own:
                yield Fault(f"plugins.{key}", "unknown-name", f"names {name!r}, which is the library's own and {why}")
            elif name not in fits:
                told = f"names {name!r}, and no plugin is called that; {_there(fits)}{meant(name, fits)}"
                yield Fault(f"plugins.{key}", "unknown-name", told)
    if choice.only and choice.only not in known:
        yield Fault(choice.only, "unknown-plugin", f"is not there; {_there(known)}{meant(choice.only, known)}")


def _there(names: Collection[str]) -> str:
    return f"there are {', '.join(sorted(set(names))) or 'none'}"
