"""A plugin's code apart from the command that runs it: what it prints, and what it raises to end more than itself.

Rules of this room: standard output is the command's answer, often one JSON object, so what a plugin prints goes to
standard error. Whatever a plugin raises is its failure; only a stop that came from outside goes through. What the
plugin starts by itself, a thread or another program, is not seen here. State stands at module level because the
standard output that it looks after does.
"""

from __future__ import annotations

import signal
import sys
import threading
from opcode import opmap
from typing import Any, TextIO

_RAISE = opmap["RAISE_VARARGS"]
_lock = threading.Lock()


class _Inside(threading.local):
    """How deep a thread is in the code of plugins."""

    depth = 0


_inside = _Inside()


class _Divided:
    """Standard output while a plugin is at work: standard error for the threads that are in it, as ever for others.

    Several plugins are asked at once in the threads of a server; whoever comes first puts this up, and whoever goes
    last takes it down.
    """

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.held = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stderr if _inside.depth else self.out, name)


class Apart:
    """With it, what this thread prints goes to standard error."""

    def __enter__(self) -> None:
        with _lock:
            # a program without a console may have neither; then there is nothing to keep apart
            if not isinstance(sys.stdout, _Divided) and None not in (sys.stdout, sys.stderr):
                sys.stdout = _Divided(sys.stdout)
            self._divided = sys.stdout if isinstance(sys.stdout, _Divided) else None
            if self._divided is not None:
                self._divided.held += 1
        _inside.depth += 1

    def __exit__(self, *_: object) -> None:
        _inside.depth -= 1
        with _lock:
            if self._divided is not None:
                self._divided.held -= 1
                if not self._divided.held and sys.stdout is self._divided:
                    sys.stdout = self._divided.out


def is_stop(raised: BaseException) -> bool:
    """Whether a person (Ctrl+C) or the system stops the program, and the plugin only was what it was at.

    Python raises both in whatever code the main thread is in, so the exception alone does not tell. What does is where
    it began: in the function that handles the signal, or, as Python's own handler has no frame, at an instruction that
    is no `raise`. Putting a handler of ours around every call would tell as well, and cost more than most checks.
    """
    if isinstance(raised, Exception) or threading.current_thread() is not threading.main_thread():
        return False
    handlers = [getattr(signal.getsignal(one), "__code__", None) for one in (signal.SIGINT, signal.SIGTERM)]
    began, step = None, raised.__traceback__
    while step is not None:
        if step.tb_frame.f_code in handlers:
            return True
        began, step = step, step.tb_next
    if began is None or not isinstance(raised, KeyboardInterrupt):
        return False
    return began.tb_frame.f_code.co_code[began.tb_lasti] != _RAISE
