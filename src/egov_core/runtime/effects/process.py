"""A carrier that has a plugin work in a process of its own, and ends that process when it overruns or falls silent.

Rules of this room: the process is started when it is first needed and again after it has ended; it gets its settings
through the pipe, never on its command line. Whatever it says is checked as a stranger's word would be.
"""

from __future__ import annotations

import contextlib
import json
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from egov_core.errors import EgovError, PluginError
from egov_core.hooks.calls import HookCall, Record
from egov_core.hooks.discovery import PluginChoice
from egov_core.hooks.effects import broken, receipt_fault
from egov_core.ports.effects import Parcel
from egov_core.ports.forwarding import Receipt
from egov_core.runtime.effects.frames import LONGEST, Question, Start, error_of, receipt_of

STARTING = 20.0
"""Seconds in which a process has loaded its plugin."""
SILENT = 15.0
"""Seconds without a sign of life after which a process is ended: it is stopped, or holds the interpreter."""
TICK = 1.0
_DEAD: dict[str, Any] = {"dead": True}


def program(module: str) -> list[str]:
    """The command line that runs `main()` of a module of ours in a process of its own, with our own import path."""
    boot = f"import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {module} import main; main()"
    return [sys.executable, "-I", "-c", boot, json.dumps(sys.path)]  # -I: nothing from where it starts


class Child:
    """One process, and the questions it has not answered yet."""

    def __init__(self, start: Start, meter: Callable[[], float]) -> None:
        self._meter = meter
        self.process = subprocess.Popen(  # noqa: S603 -- this very program
            program("egov_core.runtime.effects.child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl+C at the terminal is for the office, which ends its lanes in order
        )
        self.last_beat = meter()
        self.ready: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        self._waiting: dict[int, queue.SimpleQueue[Mapping[str, Any]]] = {}
        self._lock = threading.Lock()
        self._numbers = 0
        self.is_dead = False
        self._to_say: queue.SimpleQueue[object] = queue.SimpleQueue()
        for work in (self._listen, self._talk):
            threading.Thread(target=work, name="egov-lane-pipe", daemon=True).start()
        self._to_say.put(start)

    def ask(self, parcel: Parcel, *, carries: bool) -> tuple[int, queue.SimpleQueue[Mapping[str, Any]]]:
        """Put a question; its answer comes into the queue."""
        box: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        with self._lock:
            self._numbers += 1
            number = self._numbers
            if self.is_dead:
                box.put(_DEAD)
            self._waiting[number] = box
        self._to_say.put(Question(number=number, carries=carries, parcel=parcel))
        return number, box

    def forget(self, number: int) -> None:
        """Nobody waits for the answer any more."""
        with self._lock:
            self._waiting.pop(number, None)

    def end(self) -> int:
        """End it; how it ended."""
        with self._lock:
            self.is_dead = True  # at once: the next parcel is for the next process
        if self.process.poll() is None:
            self.process.kill()
        self._to_say.put(None)
        return self.process.wait()

    def _talk(self) -> None:
        """In a thread: a process that does not read must not hold up whoever asks."""
        pipe = self.process.stdin
        assert pipe is not None, "it was made with a pipe"
        with contextlib.suppress(OSError):  # it has ended; whoever waits is told by the listener
            while (what := self._to_say.get()) is not None:
                pickle.dump(what, pipe)
                pipe.flush()
        with contextlib.suppress(OSError):
            pipe.close()

    def _listen(self) -> None:
        pipe = self.process.stdout
        assert pipe is not None, "it was made with a pipe"
        with pipe:
            while line := pipe.readline(LONGEST):
                said = _read(line)
                self.last_beat = self._meter()
                if "ready" in said:
                    self.ready.put(said)
                elif isinstance(said.get("number"), int):
                    with self._lock:
                        box = self._waiting.get(said["number"])
                    if box is not None:
                        box.put(said)
        with self._lock:
            self.is_dead = True
            for box in (self.ready, *self._waiting.values()):
                box.put(_DEAD)


class ProcessCarrier:
    """Has one discovered plugin work in a process of its own.

    `budget` are the seconds it may take to say whether it has a way, `time_limit` those for carrying something.
    """

    def __init__(self, name: str, choice: PluginChoice, record: Record, *, budget: float, time_limit: float) -> None:
        self._start = Start(name=name, choice=choice)
        self._record, self._budget, self._time_limit = record, budget, time_limit
        self._child: Child | None = None
        self._lock = threading.Lock()
        self._ended = False

    def offers(self, parcel: Parcel) -> bool:
        """Whether the plugin has a way for it. A failure is a strike, as that of any hook."""
        begun, said = self._record.meter(), ""
        try:
            child = self._running()
            begun = self._record.meter()
            return self._asked(child, parcel, self._budget, carries=False).get("offers") is True
        except PluginError as error:
            said = str(error)
            raise
        finally:
            call = HookCall(plugin=self._start.name, hook=parcel.hook, seconds=self._record.meter() - begun, error=said)
            self._record.done(call, trusted=False)

    def carry(self, parcel: Parcel, beat: Callable[[], None]) -> Receipt:
        """Have it carried. Raises DeliveryError and PluginError."""
        said = self._asked(self._running(), parcel, self._time_limit, carries=True, beat=beat)
        receipt = receipt_of(said.get("receipt") or {})
        wrong = receipt_fault(receipt, parcel)
        if wrong:
            raise broken(self._start.name, wrong)
        answered: Receipt = receipt
        return answered

    def end(self) -> None:
        """End the process, and start none again."""
        with self._lock:
            self._ended = True
            child, self._child = self._child, None
        if child is not None:
            child.end()

    def _running(self) -> Child:
        with self._lock:
            if self._ended:
                raise broken(self._start.name, "is not started again: the office is closing")
            if self._child is not None and not self._child.is_dead:
                return self._child
            if self._child is not None:
                self._child.end()
            self._child = child = Child(self._start, self._record.meter)
            try:
                said = child.ready.get(timeout=STARTING)
            except queue.Empty:
                said = {"error": {"message": self._named(f"was not loaded within {STARTING:g} s")}}
            if said.get("ready") is True:
                return child
            how = child.end()
            self._child = None
            if said is _DEAD:
                raise broken(self._start.name, f"ended its process while it was loaded (exit {how})")
            raise error_of(said.get("error") or {}, self._start.name)

    def _asked(
        self, child: Child, parcel: Parcel, limit: float, *, carries: bool, beat: Callable[[], None] = lambda: None
    ) -> Mapping[str, Any]:
        meter = self._record.meter
        ends = meter() + limit
        number, box = child.ask(parcel, carries=carries)
        try:
            while True:
                try:
                    said = box.get(timeout=max(0.0, min(TICK, ends - meter())))
                except queue.Empty:
                    if meter() >= ends:
                        child.end()
                        raise broken(
                            self._start.name, f"did not answer within {limit:g} s, and its process was ended"
                        ) from None
                    if meter() - child.last_beat > SILENT:
                        child.end()
                        raise broken(
                            self._start.name, f"gave no sign of life for {SILENT:g} s, and its process was ended"
                        ) from None
                    beat()
                    continue
                if said is _DEAD:
                    raise broken(self._start.name, f"ended its process (exit {child.end()})")
                if "error" in said:
                    raise _error(said, self._start.name)
                return said
        finally:
            child.forget(number)

    def _named(self, what: str) -> str:
        return broken(self._start.name, what).message


def _error(said: Mapping[str, Any], plugin: str) -> EgovError:
    error = said["error"]
    return error_of(error if isinstance(error, dict) else {}, plugin)


def _read(line: bytes) -> Mapping[str, Any]:
    """A line as what it says; nothing where it is not a table."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
