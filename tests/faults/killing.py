"""A child process that is killed in the middle of its work, as by a power cut."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Line = Callable[[], str]


@contextmanager
def killed(program: str, *arguments: str) -> Iterator[Line]:
    """Run a program; what is given reads the next line it tells. At the end of the block it is killed at work."""
    child = subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = child.stdout
    try:
        yield lambda: told.readline().strip()
        assert child.poll() is None, "the child ended by itself: it was not killed at work"
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait(10)
        told.close()
    assert child.returncode == -signal.SIGKILL
