"""One writer per file: the operating system's lock beside it.

Rules of this room: the lock, and who holds it. No clock is read: waiting is counted in naps, and `since` is the time
that the operating system gave the lock file.

The file stays when the lock goes: removing it would let two processes hold locks on two files of the same name. The
operating system frees the lock of a process that died; what the file then still says is history.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import attrs

from egov_core.errors import StorageBusyError, StorageError
from egov_core.storage.sql.columns import moment

NAP = 0.05
FAR = 1 << 30
"""Windows locks bytes, and nobody can read a locked one: we lock one far behind what the file says."""


@attrs.frozen(kw_only=True)
class Holder:
    """Who writes: process, program, machine and since when."""

    pid: int
    program: str
    host: str
    since: str

    def __str__(self) -> str:
        return f"{self.program} (process {self.pid} on {self.host}, since {self.since})"


class WriterLock:
    """The right to write a file, until `release` or the end of the process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let others write. Doing it twice does no harm."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.ftruncate(descriptor, 0)
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def acquire(database: Path, *, wait: float) -> WriterLock:
    """Take the writer's lock of `database`, waiting up to `wait` seconds.

    Raises StorageBusyError naming the holder, StorageError where there can be no lock.
    """
    path = database.with_name(database.name + ".lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
    except OSError as error:
        raise _no_lock(path, error) from error
    try:
        for naps in range(int(wait / NAP) + 1):
            if naps:
                time.sleep(NAP)
            if _try(descriptor):
                _sign(descriptor)
                return WriterLock(path, descriptor)
    except OSError as error:
        os.close(descriptor)
        raise _no_lock(path, error) from error
    except BaseException:
        os.close(descriptor)
        raise
    holder = _read(descriptor)
    os.close(descriptor)
    raise StorageBusyError(
        f"{database} is being written by {holder or 'another process'}",
        remedy="stop that program, or let it do the writing; reading needs no lock",
        holder=None if holder is None else attrs.asdict(holder),
        path=str(database),
    )


def holder(database: Path) -> Holder | None:
    """Who says to be writing `database`; history, if that process is gone."""
    path = database.with_name(database.name + ".lock")
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        return _read(descriptor)
    finally:
        os.close(descriptor)


def _sign(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.write(descriptor, b"{}")
    since = moment(int(os.fstat(descriptor).st_mtime)).isoformat()
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    signed = Holder(pid=os.getpid(), program=program, host=socket.gethostname(), since=since)
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, json.dumps(attrs.asdict(signed), ensure_ascii=False).encode())


def _read(descriptor: int) -> Holder | None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        said = json.loads(os.read(descriptor, 4096))
        return Holder(
            pid=int(said["pid"]), program=str(said["program"]), host=str(said["host"]), since=str(said["since"])
        )
    except (ValueError, KeyError, TypeError):
        return None  # taken a moment ago and not signed yet


def _no_lock(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{path} cannot be locked: {error.strerror or error}",
        remedy="keep the database on a local disk, in a folder that this user may write",
        path=str(path),
    )


if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> bool:
        os.lseek(descriptor, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EDEADLK):
                return False
            raise
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN):
                return False
            raise
        return True
