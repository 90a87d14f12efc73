"""Files that a command writes where its user says: forms, lists, reports, pages to print.

Rules of this room: one shape for every command that gives files out. What is there is kept, since somebody may have
filled it in, corrected or signed it, unless `--force` says so; an empty file holds nothing to keep. A folder that was
mistyped is not made. What cannot be written is refused before the work that fills it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from egov_core.cli.language import say
from egov_core.cli.show import show_json
from egov_core.errors import ClaimError, Fault

FORCE = click.option("--force", is_flag=True, help="Write over a file that is there.")


def write_new(
    files: Iterable[tuple[Path, bytes]], *, force: bool, as_json: bool, folder: Path | None = None, **more: Any
) -> None:
    """Write blank files and say so. Raises ClaimError as `write_files` does."""
    written = list(files)
    write_files(written, force=force, folder=folder)
    if as_json:
        show_json({**more, "faults": [], "files": [str(file) for file, _ in written]})
        return
    for file, _ in written:
        click.echo(say(f"已写入 {file}", f"written: {file}"), err=True)


def write_files(written: Sequence[tuple[Path, bytes]], *, force: bool, folder: Path | None = None) -> None:
    """Write files; `folder` is the one that was named to hold them, and is made where itself alone is lacking.

    Raises ClaimError before anything is written, with every place that is refused.
    """
    if folder is not None and not folder.exists() and folder.parent.is_dir():
        folder.mkdir()
    refuse_places([file for file, _ in written], force=force)
    for file, data in written:
        file.write_bytes(data)


def refuse_places(files: Iterable[Path], *, force: bool) -> None:
    """Raises ClaimError naming every file that is there already and every file whose folder is not."""
    faults = [fault for file in files for fault in _faults(file, force=force)]
    if not faults:
        return
    there = [fault.path for fault in faults if fault.code == "there-already"]
    nowhere = list(dict.fromkeys(str(Path(one.path).parent) for one in faults if one.code == "no-such-folder"))
    said = [f"there is no folder {one}" for one in nowhere]
    ways = ["make the folder first, or correct the path"] if nowhere else []
    if there:
        said.insert(0, f"{', '.join(there)} is there already")
        ways.insert(0, "name another file, or say --force")
    raise ClaimError("; ".join(said), faults=faults, remedy="; ".join(ways))


def ending_of(file: str, endings: Sequence[str]) -> str:
    """The ending of a file to be written. Raises ClaimError for one that is none of these."""
    ending = Path(file).suffix.lower()
    if ending not in endings:
        wanted = " or ".join(endings)
        raise ClaimError(f"the name of {file} does not end in {wanted}", remedy=f"name it {wanted}")
    return ending


def _faults(file: Path, *, force: bool) -> Iterator[Fault]:
    if not file.parent.is_dir():
        yield Fault(str(file), "no-such-folder", f"stands in no folder that is there: {file.parent}")
    elif not force and file.is_file() and file.stat().st_size:
        yield Fault(str(file), "there-already", "would be written over")
