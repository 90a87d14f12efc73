"""A trial: plugins are loaded in a process of its own first, to find the one that would end the process.

Rules of this room: whoever looks at plugins asks for it (`egov plugins doctor`); an office does not, it would open
twice as slowly. Only what ends the process, or never comes back, is told here: all other faults are told better by
loading the plugins afterwards.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from contextlib import suppress
from queue import Empty, Queue
from signal import Signals
from typing import IO

from egov_core.hooks.discovery import PluginChoice, discovered, looked_for
from egov_core.runtime.clock import meter
from egov_core.runtime.effects.process import STARTING, program
from egov_core.wire.plugin_settings import plugin_settings


def ended_in_trial(choice: PluginChoice, limit: float = STARTING) -> dict[str, str]:
    """How each plugin ended that ended the process while it was imported, by name.

    `limit` are the seconds after which a plugin that is still being imported counts as one of them; each has its own.
    """
    left = list(dict.fromkeys(one.name for one in looked_for(choice) if one.name not in choice.disabled))
    found: dict[str, str] = {}
    while left:
        begun, how = _tried(choice, left, limit)
        if not how:
            break
        found[left[begun]] = how
        left = left[begun + 1 :]
    return found


def _tried(choice: PluginChoice, names: list[str], limit: float) -> tuple[int, str]:
    """Which name was the last whose loading began, and how the process ended before it was through; empty: it was."""
    with subprocess.Popen(  # noqa: S603 -- this very program
        program(__name__),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what they print comes again when they are loaded for good
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        said: Queue[bytes] = Queue()
        reader = threading.Thread(target=_listen, args=(child.stdout, said), daemon=True)
        reader.start()
        with suppress(BrokenPipeError), child.stdin as given:
            given.write(pickle.dumps((choice, names)))
        begun, line = -1, said.get()  # until the first: Python itself starts, and takes the time it takes
        while line:
            begun = int(line)
            if begun == len(names):
                break
            try:
                line = said.get(timeout=limit)
            except Empty:
                child.kill()
                return begun, f"was still being imported after {limit:g} s"
        status = child.wait()
    if begun in (-1, len(names)):
        return begun, ""
    return begun, f"ended the process while it was imported ({_exit(status)})"


def _listen(out: IO[bytes], said: Queue[bytes]) -> None:
    """Pass each line on; an empty one at the end."""
    for line in out:
        said.put(line)
    said.put(b"")


def _exit(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    with suppress(ValueError):
        return f"signal {Signals(-status).name}"
    return f"signal {-status}"


def main() -> None:
    """Load the plugins one by one, each told by its number before it is; at the end, how many there were."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    choice, names = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from the program that started this one
    for number, name in enumerate(names):
        out.write(b"%d\n" % number)
        with suppress(BaseException):  # told by whoever loads it for good
            discovered(choice.of(name), meter, plugin_settings)
    out.write(b"%d\n" % len(names))
    os._exit(0)  # threads that a plugin has left running end with it
