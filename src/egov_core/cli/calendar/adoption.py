"""`egov calendar add`: adopting holiday notices in an office, and recounting what they move.

Rules of this room: look first, then ask, then write; whatever is wrong is said before anything has changed. A recount
that was cut off is finished by the same command.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import click

from egov_core.cli.calendar.shown_cases import case_of, moved, reported
from egov_core.cli.calendar.shown_days import day_changes, horizon_of, show_days, stated, warn_overruled
from egov_core.cli.checks import JSON, examined
from egov_core.cli.given_out import FORCE, refuse_places
from egov_core.cli.in_words import word, word_of_timer
from egov_core.cli.language import say
from egov_core.cli.show import guarded, progress_bar, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.calendar.layering import NATIONAL
from egov_core.domain.calendar.notices import Notice
from egov_core.errors import ClaimError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.offered import read_proposal
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.usecases.calendar.adopting import Proposal, overruled
from egov_core.usecases.calendar.recounting import CaseDiff, RecountReport, recounted_to
from egov_core.usecases.foundation.calendars import Calendars

SHOWN, IN_JSON = 20, 1_000
"""How many cases are shown on a terminal, and at most in JSON; `--report` has them all."""


def _named(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """An empty name, as a script's unset variable gives it, names nobody, least of all the nation."""
    if value is not None and not value.strip():
        raise click.BadParameter("the name is empty; leave the option out for the nation", ctx, param)
    return value


def whose(layer: str | None, organ: str | None) -> tuple[str, str]:
    """The layer and the organ that the two options name: the nation's calendar where neither is given."""
    if layer is not None and organ is not None:
        raise click.UsageError("a notice is a region's or an organ's: give --layer or --organ, not both")
    return NATIONAL if layer is None else layer, organ or ""


CONFIG = click.option("--config", required=True, type=click.Path(), help="The settings file of the office.")
LAYER = click.option(
    "--layer", callback=_named, help="The notice is a region's: its name. It measures every case of the area."
)
ORGAN = click.option(
    "--organ", callback=_named, help="The notice is an organ's: its code. It measures the cases of that organ only."
)


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@CONFIG
@LAYER
@ORGAN
@click.option("--preview", is_flag=True, help="Show what would change and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--report", type=click.Path(), help="Write every case to this CSV file.")
@FORCE
@JSON
@guarded
def add(
    files: tuple[str, ...],
    config: str,
    layer: str | None,
    organ: str | None,
    preview: bool,
    yes: bool,
    report: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Adopt the notices in the files and recount the timers whose days they move.

    FILE is a notice in TOML, or shipped:NAME for one that came with the library. If it is in force already, an
    unfinished recount is finished.
    """
    scope, code = whose(layer, organ)
    if report is not None:
        refuse_places([Path(report)], force=force)
    proposals = [read_proposal(file, layer=scope, organ=code) for file in files]
    with examined(config) as office:  # whatever is wrong is found without writing
        calendars = office.propose(proposals)
        fresh = calendars is not office.services.calendars()
        asks = fresh and not yes and not preview
        if asks and not _somebody_is_there():
            raise ClaimError(
                "nobody is there to be asked, so nothing was adopted",
                remedy="look at it with --preview, then say --yes",
            )
        foreseen = _Shown(office, proposals, calendars, as_json=as_json)
        foreseen.show_calendar(files, preview=preview)
        if preview or asks:  # nothing new may still leave an unfinished recount to go on with
            with (
                reported(report if preview else None, foreseen.tell, office.kinds) as tell,
                _bar(office, preview=True) as advance,
            ):
                foreseen.totals = office.preview(calendars, tell=tell, progress=advance)
            foreseen.show_cases(done=False)
    if preview:
        foreseen.finish(done=False)
        return
    if asks and not click.confirm(say("采用并重算？", "adopt and recount?"), err=True):
        raise click.Abort
    with open_office(read_settings(config)) as office:
        _adopt(office, proposals, files, report, as_json=as_json, quiet=bool(asks))


def _somebody_is_there() -> bool:
    """Whether a question would reach a person."""
    return sys.stdin.isatty()


def _adopt(
    office: Office, proposals: list[Proposal], files: tuple[str, ...], report: str | None, *, as_json: bool, quiet: bool
) -> None:
    """Adopt and recount; a report that cannot be written is refused before anything has changed."""
    calendars = office.propose(proposals)
    shown = _Shown(office, proposals, calendars, as_json=as_json)
    shown.note_calendar(files)
    with reported(report, shown.tell, office.kinds) as tell:
        office.adopt(calendars)
        try:
            with _bar(office, preview=False) as advance:
                shown.totals = office.recount(tell=tell, progress=advance)
        except BaseException:
            # the report holds the cases recounted so far, and the rest of them belongs beside it
            other, too = ("", "") if report is None else ("，--report 另取文件名", ", with another file for --report")
            click.echo(
                say(
                    f"通知已采用，重算未完成：再次运行同一命令即可继续{other}",
                    f"the notice is adopted, the recount is not finished: the same command goes on with it{too}",
                ),
                err=True,
            )
            raise
    if not quiet:
        shown.show_cases(done=True)
    shown.finish(done=True)


class _Shown:
    """What is shown of an adoption: days, cases, totals."""

    def __init__(self, office: Office, proposals: list[Proposal], calendars: Calendars, *, as_json: bool) -> None:
        organ = proposals[0].organ
        before = office.services.calendars()
        self.totals = RecountReport(revision=calendars.newest.number)
        self._revisions = {"old": before.newest.number, "new": calendars.newest.number}
        self._calendars = before.calendar(organ=organ), calendars.calendar(organ=organ)
        self._unfinished = recounted_to(office.services) < before.newest.number
        self._what = [one.what for one in proposals]
        notices = [one.what for one in proposals if isinstance(one.what, Notice)]
        self._overruled = [(notice, overruled(before, calendars, notice)) for notice in notices]
        self._as_json, self._kinds = as_json, office.kinds
        self._cases: list[dict[str, Any]] = []
        self._notices: list[dict[str, Any]] = []

    def show_calendar(self, files: tuple[str, ...], *, preview: bool) -> None:
        """The days that change, or that nothing does."""
        self.note_calendar(files)
        for notice, days in self._overruled:
            warn_overruled(notice, days)
        if self._as_json:
            return
        if self._revisions["old"] == self._revisions["new"]:
            click.echo(say("已经采用，无需改变", "in force already: nothing to adopt"))
            if self._unfinished:
                words = say("将继续", "would go on") if preview else say("继续", "going on")
                click.echo(words + say("未完成的重算", " with an unfinished recount"))
            return
        show_days(*self._calendars)

    def note_calendar(self, files: tuple[str, ...]) -> None:
        """Keep what is said about the notices themselves."""
        pairs = zip(files, self._what, strict=True)
        self._notices = [stated(file, one) for file, one in pairs if isinstance(one, Notice)]

    def tell(self, diff: CaseDiff) -> None:
        """One more case."""
        if len(self._cases) < (IN_JSON if self._as_json else SHOWN):
            self._cases.append(case_of(diff))

    def show_cases(self, *, done: bool) -> None:
        """The first cases, line by line."""
        if self._as_json:
            return
        for case in self._cases:
            for one in case["timers"]:
                click.echo(f"{case['number']}  {word_of_timer(self._kinds, one['kind'])}  {moved(one)}")
            for card in case["revoked"]:
                fate = say("已撤销", "revoked") if done else say("将撤销", "to be revoked")
                click.echo(f"{case['number']}  {word('level', card['level'])} {card['at']}  {fate}")
            for card in case["issued"]:
                fate = say("已发", "issued") if done else say("将发", "to be issued")
                click.echo(f"{case['number']}  {word('level', card['level'])} {card['at']}  {fate}")
        if self.totals.cases > len(self._cases):
            more = self.totals.cases - len(self._cases)
            click.echo(
                say(f"…另有 {more} 件（--report 列出全部）", f"… and {more} more cases (--report lists them all)")
            )

    def finish(self, *, done: bool) -> None:
        """The totals."""
        totals = attrs.asdict(self.totals)
        if self._as_json:
            old, new = self._calendars
            show_json(
                {
                    "notices": self._notices,
                    "days": day_changes(old, new),
                    "horizon": {"old": horizon_of(old), "new": horizon_of(new)},
                    "revision": self._revisions,
                    "cases": self._cases,
                    "left_out": self.totals.cases - len(self._cases),
                    "totals": {name: count for name, count in totals.items() if name != "revision"},
                    "done": done,
                }
            )
            return
        words = {
            "looked_at": say("查看计时", "timers looked at"),
            "cases": say("重算办件", "cases recounted"),
            "moved": say("改期", "dates moved"),
            "told": say("已告知不提前", "told dates kept"),
            "firm": say("不再暂定", "no longer provisional"),
            "provisional": say("变为暂定", "now provisional"),
            "revoked": say("撤牌", "cards revoked"),
            "issued": say("发牌", "cards issued"),
        }
        click.echo("  ".join(f"{words[name]} {totals[name]}" for name in words))
        revision = self._revisions["new"]
        if done:
            click.echo(say(f"日历第 {revision} 版生效", f"revision {revision} of the calendar is in force"))
        else:
            click.echo(say("预览：未写入任何内容", "a preview: nothing was written"))


@contextmanager
def _bar(office: Office, *, preview: bool) -> Iterator[Callable[[int], None]]:
    """Progress by timers looked at; those that rest on other days fill it up at the end."""
    timers, done = office.storage.counts(office.area)["timers"], 0
    label = say("正在预览", "looking") if preview else say("正在重算", "recounting")
    with progress_bar(timers, label) as advance:

        def look(count: int) -> None:
            nonlocal done
            done += count
            advance(count)

        yield look
        advance(max(timers - done, 0))
