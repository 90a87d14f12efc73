"""Loading plugins anew beside an open office, for whoever edits one before a running demonstration.

Rules of this room: the store stays open and nothing in it is made again; a second office is opened around it, with the
plugins as they are written now, and takes the place of the first. What cannot be opened leaves the first one as it was,
its modules included. Files are looked at in turns: every file system can say when a file was written.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from types import ModuleType

import attrs

from egov_core.errors import EgovError, PluginError
from egov_core.hooks.discovery import FILE_MODULE, plugin_files
from egov_core.hooks.plugin import Origin, PluginInfo
from egov_core.hooks.said import named
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office

POLL = 0.25
"""Seconds between two looks at the files."""
SETTLED = 0.1
"""Seconds in which a file has to stay the same: an editor may write it in two goes."""

_log = logging.getLogger(__name__)

Seen = Mapping[Path, tuple[int, int]]
"""When each file was written, and how long it is."""


@attrs.frozen(kw_only=True)
class Reload:
    """What came of edited files: the plugins they belong to, those let out of quarantine, or why nothing was loaded."""

    plugins: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    error: EgovError | None = None


def reopened(office: Office, changed: Collection[Path]) -> Office:
    """The office again, around the same store, with the plugins of the changed files as they are written now.

    Raises what `open_office` raises; the given office goes on then as before.
    """
    packages = {_package(info) for info in office.hooks.infos() if not set(sources_of(info)).isdisjoint(changed)}
    kept = {name: module for name, module in sys.modules.items() if _is_of(name, packages)}
    for name in kept:
        del sys.modules[name]
    for file in changed:
        if file.suffix == ".py":  # kept bytes are told from others by second and size only
            Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)
    importlib.invalidate_caches()
    try:
        return open_office(office.settings, clock=office.clock, ids=office.services.ids, storage=office.storage)
    except BaseException:
        for name in [name for name in sys.modules if _is_of(name, packages)]:
            del sys.modules[name]
        sys.modules.update(kept)
        raise


def sources_of(info: PluginInfo) -> Iterator[Path]:
    """The files that a plugin is made of; none for what is handed over in code, and for the library's own."""
    if info.origin is Origin.FOLDER:
        yield Path(info.where)
    elif info.origin.is_discovered:
        module = sys.modules.get(_package(info))
        for folder in getattr(module, "__path__", ()):
            yield from (file for file in Path(folder).rglob("*") if file.is_file() and "__pycache__" not in file.parts)
        if isinstance(module, ModuleType) and module.__file__ and not hasattr(module, "__path__"):
            yield Path(module.__file__)


def _package(info: PluginInfo) -> str:
    return info.where.partition(":")[0].partition(".")[0] if info.origin.is_discovered else ""


def _is_of(name: str, packages: Collection[str]) -> bool:
    return name.startswith(FILE_MODULE) or name.partition(".")[0] in packages


class Reloader:
    """Looks after the plugins of an office: `swap` is given the office that takes its place, `tell` what came of it."""

    def __init__(self, office: Office, *, swap: Callable[[Office], object], tell: Callable[[Reload], object]) -> None:
        self._office = office
        self._swap = swap
        self._tell = tell
        self._seen = self._look()
        self._changed: set[Path] = set()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="egov-reloader", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def once(self) -> Reload | None:
        """Look once: what came of the files that have changed; None where none has."""
        seen = self._look()
        if seen == self._seen:
            return None
        while not self._stop.wait(SETTLED) and (now := self._look()) != seen:
            seen = now
        self._changed |= {file for file in {*seen, *self._seen} if seen.get(file) != self._seen.get(file)}
        self._seen = seen
        came = self._reload()
        if came.error is None:
            self._changed.clear()
            # what is loaded for the first time is looked at from now on; what was written since is not taken as seen
            self._seen = {file: seen.get(file, stamp) for file, stamp in self._look().items()}
        self._tell(came)
        return came

    def _reload(self) -> Reload:
        before = self._plugins()
        try:
            office = reopened(self._office, self._changed)
        except EgovError as error:
            return Reload(error=error)
        except Exception as error:  # noqa: BLE001 -- what an edited file may do; the old plugin goes on
            _log.exception("the plugins could not be loaded anew")
            return Reload(error=PluginError(named(error), remedy="mend the file and save it"))
        self._office = office
        self._swap(office)
        plugins = tuple(sorted({*before, *self._plugins()}))
        released = tuple(name for name in plugins if office.hooks.record.quarantine_of(name))
        for name in released:  # whoever saves a plugin has mended it, or finds out
            office.release(name)
        return Reload(plugins=plugins, released=released)

    def _plugins(self) -> set[str]:
        """The plugins that the changed files belong to."""
        infos = self._office.hooks.infos()
        return {info.name for info in infos if not self._changed.isdisjoint(sources_of(info))}

    def _look(self) -> Seen:
        folder = self._office.settings.plugins_dir
        files = {file for info in self._office.hooks.infos() for file in sources_of(info)}
        files |= set(plugin_files(Path(folder)) if folder else ())
        return {file: stamp for file in files if (stamp := _stamp(file)) is not None}

    def _run(self) -> None:
        while not self._stop.wait(POLL):
            try:
                self.once()
            except Exception:  # noqa: BLE001  (logged whole)
                _log.exception("looking at the plugins failed; it is tried again")


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
