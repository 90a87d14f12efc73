"""Files and folders that were handed in, and how what is wrong with them is shown.

Rules of this room: one shape for every command that takes files in: the same options, the same keys of JSON, the same
lines. A folder is taken as a whole, without the folders in it: those most often hold what is no longer meant, such as
作废 or 旧版, and a list that is void must not change what is published. What is not read is said. Nothing is decided
here.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from egov_core.cli.advice import advised
from egov_core.cli.language import said, say
from egov_core.domain.cells import CellFault
from egov_core.errors import ClaimError, Fault
from egov_core.sheets.grid_watch import address, column_letters, row_and_column
from egov_core.sheets.tables import ENDINGS, is_table

if TYPE_CHECKING:
    from egov_core.sheets.forms.description import Form

FILES = click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="FILE|DIR...")
MAPPING = click.option(
    "--mapping",
    type=click.Path(),
    help="A TOML file that says which heading means what, for a list of another shape.",
)
APPLY = click.option("--apply", "applying", is_flag=True, help="Take it in; without it nothing is written.")
EVERY_CELL = click.option(
    "--every-cell", is_flag=True, help="List every cell of a finding that many cells have; --json always does."
)
UNCHANGED = ("没有变化，什么也没有写入", "nothing changes: nothing was written")
"""What is said of files that were to be taken in and say what is there already; in JSON, `applied` is false then."""
FOLDER = "folder-not-read"
SHOWN = 200
"""How many findings are shown on a terminal; `--json` has every fault."""
RUNS = 8
"""How many runs of cells are shown of one finding."""


def gather(paths: Sequence[str]) -> tuple[list[tuple[str, bytes]], list[CellFault]]:
    """The files by the names they are shown under, and a warning for what is not read. Raises ClaimError for none.

    A file is shown by its name, and where two have the same one, by the path at which it was found.
    """
    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        raise ClaimError(
            f"there is no {', '.join(missing)}",
            faults=[Fault(path, "no-such-file", "is neither a file nor a folder") for path in missing],
            remedy="look at the names; a name with spaces stands in quotes",
        )
    taken: dict[Path, Path] = {}
    faults: list[CellFault] = []
    for given in map(Path, paths):
        if given.is_file():
            taken.setdefault(given.resolve(), given)
            continue
        for file in sorted(given.iterdir()):
            if _is_hidden(file):
                continue
            if file.is_dir():
                faults += _folder_within(file)
            elif _is_table(file):
                taken.setdefault(file.resolve(), file)
            elif file.is_file():
                message, remedy = (
                    f"{file.name} is no table and is not read",
                    f"tables are read from {', '.join(ENDINGS)}",
                )
                faults.append(_not_read(file.name, "file-kind", message, remedy))
    if not taken:
        within = [Fault(one.file, one.code, one.message) for one in faults if one.code == FOLDER]
        raise ClaimError(
            "there is no table in what was given",
            faults=[*(Fault(path, "nothing-to-read", "has no file that is read") for path in paths), *within],
            remedy=f"give files that end in {', '.join(ENDINGS)}, or the folders in which they lie",
        )
    named = Counter(file.name for file in taken.values())
    names = ((file.name if named[file.name] == 1 else file.as_posix(), file) for file in taken.values())
    return [(name, file.read_bytes()) for name, file in names], faults


def is_whole(faults: Iterable[CellFault]) -> bool:
    """Whether no folder of tables was left out, so that what stands nowhere is missing."""
    return all(one.code != FOLDER for one in faults)


def _is_hidden(file: Path) -> bool:
    """Whether it is what programs leave beside the files of people."""
    return file.name.startswith((".", "~$"))


def _is_table(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return is_table(file.name, opened.read(2))


def _folder_within(folder: Path) -> Iterator[CellFault]:
    """What is said of a folder within the one that was given; one without a table says nothing."""
    held = sum(1 for file in folder.rglob("*") if not _is_hidden(file) and _is_table(file))
    if held:
        message = f"{folder.name} lies within the folder that was given, and its {held} table(s) are not read"
        remedy = "give this folder too if it is meant; if it is void or old, all is well"
        yield _not_read(folder.as_posix(), FOLDER, message, remedy)


def _not_read(file: str, code: str, message: str, remedy: str) -> CellFault:
    return CellFault(file=file, sheet="", cell="", severity="warning", code=code, message=message, remedy=remedy)


@contextmanager
def uncollected() -> Iterator[None]:
    """Have the collector of cycles rest while a catalogue is read.

    Hundreds of thousands of values stay, and it would go through them again and again: that is half of the time. A
    command alone in its process may say so; a server may not.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def forms_of(mapping: str | None) -> tuple[Form, ...]:
    """The form that a mapping file describes, else the shipped ones. Raises CatalogueError."""
    # who takes in something else than forms does not wait for what reads them
    from egov_core.sheets.forms.description import parse_form
    from egov_core.sheets.forms.shipped import shipped_forms

    if mapping is None:
        return shipped_forms()
    return (parse_form(Path(mapping).read_bytes(), source=Path(mapping).name),)


def counted(faults: Iterable[CellFault]) -> dict[str, int]:
    """How many faults there are of each severity."""
    found = {"error": 0, "warning": 0}
    for fault in faults:
        found[fault.severity] += 1
    return found


def as_json(faults: Iterable[CellFault]) -> list[dict[str, Any]]:
    """The faults as JSON shows them."""
    return [fault.as_dict() for fault in faults]


def show_faults(faults: Sequence[CellFault], *, every_cell: bool = False) -> None:
    """A line for each finding, errors first, with its cells and what to do about it.

    What is wrong in the same way with many cells of a column is one finding: it is told once, with how many they are.
    """
    findings = _findings(sorted(faults, key=lambda fault: not fault.is_error))
    for found in findings[:SHOWN]:
        fault = found[0]
        kind = say("错误", "error") if fault.is_error else say("提醒", "warning")
        click.echo(f"{kind} {_place(found, every_cell=every_cell)}  {said(fault.message)}  [{fault.code}]", err=True)
        if fault.remedy:
            click.echo(f"      {say('怎么办', 'what to do')}: {advised(fault.remedy)}", err=True)
    if len(findings) > SHOWN:
        more = len(findings) - SHOWN
        click.echo(say(f"……另有 {more} 条，见 --json", f"... and {more} more; --json has them all"), err=True)


def _findings(faults: Iterable[CellFault]) -> list[list[CellFault]]:
    """The faults in their order, those together that differ in nothing but the row."""
    together: dict[CellFault, list[CellFault]] = {}
    for fault in faults:
        place = row_and_column(fault.cell)
        alike = fault if place is None else attrs.evolve(fault, cell=column_letters(place[1]))
        together.setdefault(alike, []).append(fault)
    return list(together.values())


def _place(found: Sequence[CellFault], *, every_cell: bool) -> str:
    """Where a finding is: its cell, or its first one with how many there are and, row by row, which."""
    if len(found) == 1:
        return found[0].place
    runs = _runs(fault.cell for fault in found)
    left = 0 if every_cell else len(runs) - RUNS
    said = ", ".join(runs if left <= 0 else runs[:RUNS])
    said += say("……（--every-cell 列出全部）", ", … (--every-cell lists all)") if left > 0 else ""
    return found[0].place + say(f" 等 {len(found)} 格：{said}", f" and others, {len(found)} cells: {said}")


def _runs(cells: Iterable[str]) -> list[str]:
    """Cells of one column, those that follow each other as `Y4:Y9`."""
    rows = sorted({place for cell in cells if (place := row_and_column(cell)) is not None})
    runs: list[list[tuple[int, int]]] = []
    for row, column in rows:
        if runs and runs[-1][-1][0] == row - 1:
            runs[-1][1:] = [(row, column)]
        else:
            runs.append([(row, column)])
    return [":".join(address(*one) for one in run) for run in runs]
