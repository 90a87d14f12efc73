"""`egov demo`: the invented county, from nothing to a board in a browser.

Rules of this room: what is refused is refused before anything is written; progress goes to standard error, the one JSON
object of `--check` to standard output. What is said of a county that has been built stands in `shown_demo`.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import click

from egov_core.cli.demo.shown import introduce, not_filed, reloaded, shown_county
from egov_core.cli.language import say
from egov_core.cli.show import guarded, progress_bar, show_error, show_json
from egov_core.cli.spoken import Command
from egov_core.cli.times import DAY
from egov_core.demo.census import demo_county
from egov_core.demo.collecting import diary_of
from egov_core.demo.founding import (
    COUNTY_FILES,
    SINCE,
    Population,
    county_code,
    demo_population,
    demo_settings,
    found_office,
    population_with,
    write_settings,
)
from egov_core.demo.receiver import told
from egov_core.demo.replay import Replayed, invented_applicant, replay
from egov_core.domain.legal import start_of
from egov_core.errors import CatalogueError, Fault, OfficeError, PluginError
from egov_core.ports.queries import BoardQuery
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock, SystemClock
from egov_core.runtime.identifiers import SeededIds
from egov_core.runtime.office import Office
from egov_core.runtime.plugins import hooks_of
from egov_core.runtime.settings import Settings, shown_url
from egov_core.runtime.shipped import national_calendar
from egov_core.sheets.catalogue_csv import CatalogueSheet, read_catalogue
from egov_core.sim.histories import Simulator

CASES = 5_040
WORKING_DAYS = 120
"""How far back the history goes, before the day of the demonstration."""
DATABASE = "county.db"
CONFIG = "egov.toml"


def _installed(settings: Settings) -> frozenset[str]:
    """The plugins by name. Raises PluginError with the way to do without: a demonstration has no settings file yet."""
    try:
        return frozenset(info.name for info in hooks_of(settings).infos())
    except PluginError as error:
        remedy = "mend or take away what is named, or show the county without any plugin: egov demo --no-plugins"
        raise PluginError(error.message, remedy=remedy, **error.data) from error


@click.command(cls=Command)
@click.option("--check", is_flag=True, help="Do it without serving, verify, print one JSON object.")
@click.option("--seed", default=20160422, show_default=True, help="The same seed gives the same cases.")
@click.option("--catalogue", type=click.Path(), help="A catalogue (CSV, UTF-8) in place of the invented items.")
@click.option("--keep", type=click.Path(), help="Keep database and settings in this folder.")
@click.option("--storage", metavar="URL", help="Keep the data in this database instead; it must be empty.")
@click.option("--port", default=8016, show_default=True, help="The port on this machine only.")
@click.option("--today", type=DAY, help="The day of the demonstration (default: today).")
@click.option("--cases", type=click.IntRange(1, 100_000), default=CASES, show_default=True, help="How many cases.")
@click.option(
    "--plugins-dir", type=click.Path(), help="A folder of single files that are plugins, besides the installed."
)
@click.option("--reload", is_flag=True, help="Load plugins anew when their files are edited, without building anew.")
@click.option("--no-plugins", is_flag=True, help="Without any plugin, whatever is installed.")
@guarded
def demo(
    check: bool,
    seed: int,
    catalogue: str | None,
    keep: str | None,
    storage: str | None,
    port: int,
    today: date | None,
    cases: int,
    plugins_dir: str | None,
    reload: bool,
    no_plugins: bool,
) -> None:
    """Run an invented county on embedded SQLite and show its supervision board."""
    begun = time.monotonic()
    if no_plugins and plugins_dir is not None:
        raise click.UsageError("--no-plugins and --plugins-dir contradict each other")
    if reload and (check or no_plugins):
        raise click.UsageError(f"--reload and {'--check' if check else '--no-plugins'} contradict each other")
    # a stop by the system cleans up as Ctrl+C does
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(128 + signal.SIGTERM))
    day = today or SystemClock().now().date()
    sheet = None if catalogue is None else _sheet(catalogue)
    serve = None if check else _server(port)
    population = demo_population() if sheet is None else population_with(sheet.organs, sheet.items)
    with _folder(keep) as folder:
        settings = demo_settings(
            str(folder / DATABASE),
            plugins=not no_plugins,
            plugins_dir="" if plugins_dir is None else str(Path(plugins_dir).resolve()),
        )
        if storage is not None:
            settings = attrs.evolve(settings, storage=storage)
        with _whole_or_nothing(folder):
            write_settings(settings, folder / CONFIG, DATABASE if storage is None else "")
            installed = _installed(settings)
            with told(settings, installed) as (settings, receiver):
                replayed, shown = _replayed(settings, population, seed=seed, cases=cases, day=day, begun=begun)
                if receiver is not None:
                    shown["told"] = receiver.taken
        if sheet is not None:
            shown["faults"] = [fault.as_dict() for fault in sheet.faults]
            shown["rows"] = sheet.rows
        if serve is None:
            show_json(shown)
            failure = not_filed(replayed)
            if failure is not None:
                show_error(failure)
            if shown["verify"] != "ok" or failure is not None:
                raise SystemExit(1)
            return
        clock = SystemClock() if today is None else ManualClock(start_of(day) + timedelta(hours=9))
        with told(settings, installed) as (settings, _), open_office(settings, clock=clock) as office:
            introduce(office, replayed, shown, port=port, folder=folder if keep else None)
            serve(office, port=port, reloaded=reloaded if reload else None)


def _sheet(path: str) -> CatalogueSheet:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read: {error.strerror}", remedy="give the path of a CSV file") from None
    county = demo_county()
    sheet = read_catalogue(data, source=path, area=county.area, parent=county_code(), valid_from=SINCE)
    if not sheet.items:
        raise CatalogueError(
            f"{path}: none of the {sheet.rows} rows can be taken",
            remedy="correct the rows named",
            faults=[
                Fault(f"row {one.row} / {one.column}" if one.column else path, one.code, one.message, one.severity)
                for one in sheet.faults
            ],
        )
    return sheet


@contextmanager
def _folder(keep: str | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="egov-demo-") as name:
            yield Path(name)
        return
    folder = Path(keep)
    for there in (folder / name for name in (DATABASE, CONFIG, *COUNTY_FILES)):
        if there.exists():
            raise OfficeError(
                f"{there} exists already",
                remedy="give another folder, or delete that one: a demonstration never writes into an existing office",
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OfficeError(
            f"{folder} cannot be made: {error.strerror}", remedy="give a folder that this user may write"
        ) from None
    yield folder


@contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[None]:
    """Leave no half of a demonstration behind: the next one would refuse the folder. What lay there before stays."""
    before = set(folder.glob(f"{DATABASE}*"))
    try:
        yield
    except BaseException:
        for left in set(folder.glob(f"{DATABASE}*")) - before:
            left.unlink(missing_ok=True)
        for name in (CONFIG, *COUNTY_FILES):
            (folder / name).unlink(missing_ok=True)
        raise


def _replayed(
    settings: Settings, population: Population, *, seed: int, cases: int, day: date, begun: float
) -> tuple[Replayed, dict[str, Any]]:
    first = national_calendar().add(day, -WORKING_DAYS)
    clock = ManualClock(start_of(first - timedelta(days=1)))
    with open_office(settings, clock=clock, ids=SeededIds(seed)) as office:
        _check_empty(office)
        found_office(office, population)
        label = say("正在重演办件", "replaying cases")
        simulator = Simulator(
            seed=seed,
            items=population.items,
            ruler=office.ruler,
            applicant=invented_applicant,
            place=office.services.place,
            renewable=population.renewable,
            commitments=population.commitments,
            units=population.units,
        )
        plans = list(simulator.plans(cases, first, office.ruler.calendar.add(day, -1)))
        with progress_bar(cases, label) as advance:
            diary = diary_of(office, population, day)
            replayed = replay(office, clock, population, plans, today=day, diary=diary, progress=advance)
        with progress_bar(cases, say("正在核对", "verifying")) as advance:
            found = office.verify(progress=advance)
        shown = shown_county(office, population, replayed, found)
    run = {"today": day.isoformat(), "seed": seed, "seconds": round(time.monotonic() - begun, 1)}
    return replayed, shown | run


def _check_empty(office: Office) -> None:
    """Refuse a database that holds anything, or that no board can be asked of, before the long work.

    Of whichever area: what is invented must never lie beside what is real, and nobody could take it out again.
    """
    held = office.storage.areas()
    if held:
        raise OfficeError(
            f"{shown_url(office.settings.storage)} already holds rows of area {', '.join(held)}",
            remedy="give an empty database: a demonstration never writes into an existing office, and what it has "
            "written stays there",
        )
    office.answer(BoardQuery(area=office.area))


def _server(port: int) -> Callable[..., None]:
    """What will serve the pages, asked for before the long work. Raises OfficeError where it cannot serve."""
    try:
        from egov_core.server.serving import check_port, serve
    except ImportError as error:
        raise OfficeError(
            f"the pages need packages that are not installed ({error.name})",
            remedy="pip install 'egov-core[server]', or run egov demo --check",
        ) from None
    check_port(port)
    return serve
