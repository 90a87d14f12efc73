"""Calling plugins: how long each took, what each did wrong, and who is not called any more.

Rules of this room: what a plugin does is measured and judged, never cut off here: only a process can be killed, and
effects run in one (`runtime.effects`). A strike is an exception, an answer that is none, or a budget overrun; three in
a row put a plugin in quarantine 隔离, with the reason, until a person releases it. The library's own answers take no
strikes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import attrs

STRIKES = 3
"""So many in a row, and a plugin is not called any more."""

Meter = Callable[[], float]
"""Seconds that only go forward; given by whoever opens the office."""


@attrs.frozen(kw_only=True)
class PluginState:
    """What the office keeps of a plugin that failed: in which hook, how often in a row, how it failed last.

    Stored as reference data, so that every process of the office knows it.
    """

    name: str
    hook: str
    strikes: int
    error: str
    at: datetime
    quarantined: bool = False

    @property
    def code(self) -> str:
        """What it is stored under."""
        return self.name


@attrs.frozen(kw_only=True)
class HookCall:
    """One call of one plugin: how long it took, what it answered (shortened, personal values masked), or its error."""

    plugin: str
    hook: str
    seconds: float
    answer: str = ""
    error: str = ""


@attrs.define
class HookUse:
    """What a plugin's answers to one hook have cost since the office was opened, and what they have found.

    `findings` are those of a check, `refusals` the calls of which at least one finding refused.
    """

    calls: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    overruns: int = 0
    failures: int = 0
    in_a_row: int = 0
    last_error: str = ""
    findings: int = 0
    refusals: int = 0


class Record:
    """The record of all calls of an office. Use it from any thread."""

    def __init__(self, *, meter: Meter, budget: float, trace: Callable[[HookCall], None] | None) -> None:
        self.meter = meter
        self.budget = budget
        self.trace = trace
        self._lock = threading.Lock()
        self._uses: dict[tuple[str, str], HookUse] = {}
        self._states: Callable[[], Mapping[str, PluginState]] = dict
        self._keep: Callable[[str, str, int, str, bool], None] | None = None
        self._here: dict[str, str] = {}

    def keep_with(
        self,
        states: Callable[[], Mapping[str, PluginState]],
        keep: Callable[[str, str, int, str, bool], None] | None,
    ) -> None:
        """Where failures are kept: `states` reads them, `keep(name, hook, strikes, error, quarantined)` writes one."""
        self._states, self._keep = states, keep

    def quarantine_of(self, name: str) -> str:
        """Why a plugin is in quarantine; empty where it is not."""
        if self._keep is None:
            return self._here.get(name, "")
        state = self._states().get(name)
        return f"{state.hook}: {state.error}" if state is not None and state.quarantined else ""

    def use(self, plugin: str, hook: str) -> HookUse:
        """A copy of what a plugin's answers to a hook have cost."""
        with self._lock:
            return attrs.evolve(self._uses.get((plugin, hook), HookUse()))

    def uses_of(self, plugin: str) -> list[HookUse]:
        """Copies of what all answers of a plugin have cost, what it carried included."""
        with self._lock:
            return [attrs.evolve(use) for (name, _), use in self._uses.items() if name == plugin]

    def done(self, call: HookCall, *, trusted: bool, budget: float | None = None) -> None:
        """Enter a call that has ended; the third failure in a row puts its plugin in quarantine."""
        if self.trace is not None:
            self.trace(call)
        allowed = self.budget if budget is None else budget
        overrun = call.seconds > allowed
        error = call.error or (f"took {call.seconds:.2f} s of {allowed:g} s" if overrun else "")
        is_free = not error or not self.quarantine_of(call.plugin)
        with self._lock:
            use = self._uses.setdefault((call.plugin, call.hook), HookUse())
            use.calls += 1
            use.seconds += call.seconds
            use.slowest = max(use.slowest, call.seconds)
            use.overruns += overrun
            use.failures += bool(call.error)
            if use.in_a_row >= STRIKES and is_free:
                use.in_a_row = 0  # another process of the office has released it
            use.in_a_row = use.in_a_row + 1 if error else 0
            use.last_error = error or use.last_error
            strikes = use.in_a_row
        if not error or trusted:
            return
        quarantined = strikes >= STRIKES
        if quarantined:
            self._here[call.plugin] = f"{call.hook}: {error}"
        if self._keep is not None and strikes <= STRIKES:
            self._keep(call.plugin, call.hook, strikes, error, quarantined)

    def found(self, plugin: str, hook: str, severities: Collection[str]) -> None:
        """Count what a plugin has found in one application, by how grave it is."""
        with self._lock:
            use = self._uses.setdefault((plugin, hook), HookUse())
            use.findings += len(severities)
            use.refusals += "error" in severities

    def release(self, name: str) -> None:
        """Forget the strikes of a plugin."""
        with self._lock:
            self._here.pop(name, None)
            for (plugin, _), use in self._uses.items():
                if plugin == name:
                    use.in_a_row = 0
