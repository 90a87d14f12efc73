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
from contextlib import suppress
from signal import Signals

from egov_core.hooks.discovery import PluginChoice, discovered, looked_for
from egov_core.runtime.clock import meter
from egov_core.runtime.effects.process import STARTING, program
from egov_core.wire.plugin_settings import plugin_settings


def ended_in_trial(choice: PluginChoice, limit: float = STARTING) -> dict[str, str]:
    """How each plugin ended that ended the process while it was imported, by name.

    `limit` are the seconds after which a plugin that is still being imported counts as one of them.
    """
    left = list(dict.fromkeys(one.name for one in looked_for(choice) if one.name not in choice.disabled))
    found: dict[str, str] = {}
    while left:
        begun, how = _tried(choice, left, limit)
        if not how:
            break
        name = begun[-1]
        at = left.index(name)
        if how == _SLOW and at > 0:
            left = left[at:]  # the others may have used the time up: once more, from this one on
            continue
        found[name] = how if how != _SLOW else f"was still being imported after {limit:g} s"
        left = left[at + 1 :]
    return found


_SLOW = "slow"


def _tried(choice: PluginChoice, names: list[str], limit: float) -> tuple[list[str], str]:
    """The names whose loading was begun, and how the process ended before it was through; empty where it was."""
    try:
        ran = subprocess.run(  # noqa: S603 -- this very program
            program(__name__),
            input=pickle.dumps((choice, names)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what they print comes again when they are loaded for good
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        begun = _numbers(late.stdout)
        return [names[number] for number in begun], _SLOW if begun else ""
    begun = _numbers(ran.stdout)
    if not begun or begun[-1] == len(names):
        return [], ""
    return [names[number] for number in begun], f"ended the process while it was imported ({_exit(ran.returncode)})"


def _numbers(out: bytes | None) -> list[int]:
    return [int(line) for line in (out or b"").split()]


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
