"""`egov cases`: moving in with the open cases of an earlier system.

Rules of this room: everything is looked at before anything is written, and nothing is written unless `--apply` says so.
Personal values are never shown.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from egov_core.cli.cases.shown_takeover import Shown
from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.given_out import FORCE, ending_of, write_new
from egov_core.cli.handed_in import APPLY, EVERY_CELL
from egov_core.cli.in_words import words
from egov_core.cli.language import say
from egov_core.cli.show import guarded, progress_bar
from egov_core.cli.spoken import Command
from egov_core.cli.times import MOMENT, Moment
from egov_core.domain.cases.old_cases import CutOver, OldCase
from egov_core.errors import ClaimError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import SystemClock
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.server.words import LANGUAGES, Words, words_of
from egov_core.sheets.armour import armoured
from egov_core.sheets.open_cases.files import read_sheets
from egov_core.sheets.open_cases.reading import OpenCases, read_open_cases
from egov_core.sheets.open_cases.template import ENDINGS, template
from egov_core.usecases.takeover.taking_over import examine, query_codes, refuse_to_come, take_over

CODE_COLUMNS = ("number", "query_code")
"""The columns of the list of query codes; a list that was begun in the other language goes on in the reader's."""
FORMER = "原系统"
"""What an earlier system is called where nobody says its name."""


@click.command("import", cls=Command)
@click.argument("file", type=click.Path())
@CONFIG
@click.option(
    "--cut-over",
    required=True,
    type=MOMENT,
    metavar="DAY",
    help="From when this office counts: a day (its first second) or a time. Everything in the file lies before it.",
)
@APPLY
@click.option("--confirm-cards", is_flag=True, help="Also issue the cards whose instant lies before the cut-over.")
@click.option("--source", default=FORMER, show_default=True, help="The name of the earlier system.")
@click.option("--codes", type=click.Path(), help="With --apply: write number and query code of each case to this CSV.")
@EVERY_CELL
@JSON
@guarded
def import_cases(
    file: str,
    config: str,
    cut_over: Moment,
    applying: bool,
    confirm_cards: bool,
    source: str,
    codes: str | None,
    every_cell: bool,
    as_json: bool,
) -> None:
    """Take over the open cases in FILE (xlsx, xls, ods or csv).

    Every fault is named by its cell, and with an error nothing is written. What is there already is passed over, so
    that the same file goes on where it was stopped. Exit status 1 for a file with an error.
    """
    if codes is not None and not applying:
        raise click.UsageError("--codes goes with --apply")
    if not source.strip():
        raise click.UsageError("--source is empty: name the earlier system, or leave the option out")
    change = CutOver(at=cut_over.at, source=source.strip(), cards_confirmed=confirm_cards)
    if applying:
        refuse_to_come(change, SystemClock().now())
    sheets, unreadable = read_sheets(Path(file).read_bytes(), name=file)
    found = read_open_cases(sheets, source=Path(file).name, unreadable=unreadable)
    shown = Shown(found, change, applying=applying, every_cell=every_cell, as_json=as_json)
    with examined(config) as office, progress_bar(len(found.cases), say("正在核对", "looking")) as advance:
        shown.kinds = office.kinds
        shown.examination = examine(office.services, found.cases, change, tell=shown.tell, progress=advance)
    if applying and shown.ok:
        with open_office(read_settings(config)) as office:
            _write(office, found, change, codes, shown)
    shown.finish()
    if not shown.ok:
        raise SystemExit(1)


def _write(office: Office, found: OpenCases, change: CutOver, codes: str | None, shown: Shown) -> None:
    """Write what was looked at; a file of codes that cannot be written is refused before anything has changed."""
    with _codes_file(codes) as told:
        with progress_bar(len(found.cases), say("正在迁入", "taking over")) as advance:
            try:
                shown.written = take_over(office.services, found.cases, change, progress=advance)
            except BaseException:
                words = say(
                    "未全部迁入：再次运行同一命令即可继续", "not finished: the same command goes on where it stopped"
                )
                click.echo(words, err=True)
                raise
        told(office, found.cases)


@contextmanager
def _codes_file(path: str | None) -> Iterator[Callable[[Office, tuple[OldCase, ...]], None]]:
    if path is None:
        yield lambda _office, _cases: None
        return
    target = Path(path)
    kept = _codes_kept(target)
    beside = target.with_name(f"{target.name}.new")
    with beside.open("w", encoding="utf-8-sig", newline="") as file:

        def tell(office: Office, taken: tuple[OldCase, ...]) -> None:
            fresh = {
                row[0]: row for row in ([armoured(one) for one in row] for row in query_codes(office.services, taken))
            }
            lines = csv.writer(file)
            lines.writerow(_columns(words()))
            lines.writerows({**{row[0]: row for row in kept}, **fresh}.values())

        try:
            yield tell
        except BaseException:
            file.close()
            beside.unlink(missing_ok=True)
            raise
    beside.replace(target)


def _columns(said: Words) -> tuple[str, ...]:
    return tuple(said(f"csv.{name}") for name in CODE_COLUMNS)


def _codes_kept(path: Path) -> list[list[str]]:
    """The codes that the file has already: those of an earlier part of the move stay in it."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            header, *rows = list(csv.reader(file)) or [[]]
        except (UnicodeDecodeError, csv.Error):
            header, rows = [], []
    if tuple(header) not in [_columns(words_of(lang)) for lang in LANGUAGES] or any(
        len(row) != len(CODE_COLUMNS) for row in rows
    ):
        raise ClaimError(
            f"{path} is there already, and is no list of query codes",
            remedy="name another file; a list of query codes is added to, and anything else is left alone",
        )
    return rows


@click.command("template", cls=Command)
@click.argument("file", type=click.Path())
@FORCE
@JSON
@guarded
def write_template(file: str, force: bool, as_json: bool) -> None:
    """Write an empty file (.xlsx or .csv) of open cases, with every column."""
    data = template(ending_of(file, ENDINGS))
    write_new([(Path(file), data)], force=force, as_json=as_json)
