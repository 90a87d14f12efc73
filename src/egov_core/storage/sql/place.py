"""Where a database file may lie: on a local disk, in a folder that can be written.

Rules of this room: look and refuse with a remedy; nothing is made or opened here. SQLite's log is shared memory
between processes of one machine, and a network file system keeps neither it nor the writer's lock.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from egov_core.errors import StorageError

MOUNTS = Path("/proc/self/mounts")
NETWORK = {
    "9p",
    "afs",
    "ceph",
    "cifs",
    "fuse.glusterfs",
    "fuse.sshfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
}


def database_file(path: str | os.PathLike[str], *, must_exist: bool, mounts: Path = MOUNTS) -> Path:
    """The real path of the file, links resolved (the lock must stand beside the one file). Raises StorageError."""
    given = os.fspath(path)
    if not given or given == ":memory:" or "\x00" in given or re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+:", given):
        raise StorageError(f"{given!r} is not a file", remedy="give the path of a file on a local disk", path=given)
    if given.startswith(("\\\\", "//")):
        raise _not_local(given, "a network share")
    file = Path(os.path.realpath(given))
    if file.is_dir():
        raise StorageError(f"{file} is a folder", remedy="name the file in it", path=str(file))
    if not file.parent.is_dir():
        raise StorageError(f"there is no folder {file.parent}", remedy="make the folder first", path=str(file))
    if must_exist and not file.exists():
        raise StorageError(
            f"there is no file {file}",
            remedy="start the program that writes it first; a new office is set up by "
            "egov init DIR --area CODE --name NAME --head CODE=NAME --clerk CODE=NAME",
            path=str(file),
        )
    kind = file_system(file, mounts)
    if kind in NETWORK:
        raise _not_local(str(file), kind)
    if not must_exist:
        refused = [place for place in (file.parent, file) if place.exists() and not os.access(place, os.W_OK)]
        if refused:
            raise StorageError(
                f"{refused[0]} cannot be written, and this command records what it does",
                remedy="let this user write the file and its folder; from a read-only medium, copy the file to a "
                "folder that can be written, and name that one",
                path=str(file),
            )
    return file


def file_system(file: Path, mounts: Path = MOUNTS) -> str:
    """The kind of file system that holds `file`; empty where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        fields = line.split()
        if len(fields) < 3:
            continue
        at = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1])
        if len(at) >= best and file.is_relative_to(at):
            best, kind = len(at), fields[2]
    return kind


def _not_local(given: str, kind: str) -> StorageError:
    return StorageError(
        f"{given} lies on {kind}",
        remedy="keep the database on a local disk; PostgreSQL serves several machines",
        path=given,
    )
