"""`egov init`: from nothing to an office in which the other commands have somebody to ask.

Rules of this room: everything wrong is said at once, and then nothing is changed; nothing is overwritten. It ends with
the commands that lead on, as they are to be typed. What is founded is decided in `usecases.setting_up`.
"""

from __future__ import annotations

import json
import shlex
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import attrs
import click

from egov_core.cli.checks import JSON
from egov_core.cli.language import say
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.codes.written import code_fault
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.domain.people import Person
from egov_core.errors import EgovError, Fault
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import SystemClock
from egov_core.runtime.settings import ANYWHERE, MEMORY, Settings, area_fault, settings_from
from egov_core.usecases.staff.setting_up import beginning_faults, refusal, refuse_data, set_up

FILE = "egov.toml"
SQLITE = "sqlite:///"
DATABASE = f"{SQLITE}county.db"


@click.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--area", required=True, metavar="CODE", help="The area code of the county: six digits.")
@click.option("--name", required=True, help="The name of the county.")
@click.option("--head", required=True, metavar="CODE=NAME", help="The head of its government 本级政府负责人.")
@click.option(
    "--clerk",
    "clerks",
    required=True,
    multiple=True,
    metavar="CODE=NAME",
    help="Who keeps the catalogue: two or more.",
)
@click.option("--organ", metavar="CODE", help="The code of the county as an organ; its area code if not given.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="From when county and people are in office; today if not given."
)
@click.option(
    "--storage", default=DATABASE, show_default=True, metavar="URL", help="Where the data are kept, from FOLDER on."
)
@click.option("--policy", default="", help="The card policy: a name, or a TOML file, from FOLDER on.")
@JSON
@guarded
def init(
    folder: Path,
    area: str,
    name: str,
    head: str,
    clerks: tuple[str, ...],
    organ: str | None,
    since: datetime | None,
    storage: str,
    policy: str,
    as_json: bool,
) -> None:
    """Set up the office of a county in FOLDER: its settings, its storage, the county and its first people.

    Founded are the county, the head of its government and two or more persons who keep the catalogue, in one commit.
    """
    today = SystemClock().now().date()
    first = today if since is None else since.date()
    # with a code or a name that is none, the rest is looked at all the same
    known_area = ANYWHERE if area_fault(area) else area
    county = Organ(code=organ or known_area, name=name.strip(), kind=OrganKind.COUNTY, parent=None, valid_from=first)
    faults: list[Fault] = []
    leader, *keepers = [
        _person(option, text, county, faults)
        for option, text in (("--head", head), *(("--clerk", one) for one in clerks))
    ]
    known = [one for one in keepers if one is not None]
    file = folder / FILE
    text = settings_text(area=known_area, name=county.name or area, storage=storage, policy=policy)
    settings = settings_from(tomllib.loads(text), where=str(file), base=folder.resolve())
    of_store = [*_store_faults(settings)]
    left_over = not of_store and _is_left_over(file, text)
    faults += [*_place_faults(folder, file, left_over=left_over), *_area_faults(area)]
    faults += beginning_faults(county, leader, known, today) if len(known) == len(keepers) else ()
    faults += of_store
    if faults or leader is None:
        raise refusal(faults)
    if left_over:
        file.unlink()
    _found(file, text, settings, county, leader, known)
    steps = _steps(str(file), leader, known, first if first < today else None)
    if as_json:
        people = [{"code": one.code, "name": one.name} for one in (leader, *known)]
        shown = {"config": str(file), "area": area, "organ": county.code, "since": first.isoformat(), "people": people}
        show_json({**shown, "next": [command for command, _ in steps]})
        return
    _show(file, county, leader, known, steps)


def settings_text(*, area: str, name: str, storage: str, policy: str = "") -> str:
    """The settings file of a new office, with comments in the reader's language."""
    chosen = f"policy = {_toml(policy)}" if policy else '# policy = "notice"'
    head = say(
        "# 本县系统的设置。全部设置项见 docs/reference/settings.md。",
        "# The settings of the county's office. docs/reference/settings.md lists every key.",
    )
    place = say(
        "# 数据存在哪里；相对路径从本文件所在的文件夹算起。",
        "# Where the data are kept; a path begins beside this file.",
    )
    cards = say("# 发牌办法：名称，或者 TOML 文件。", "# The card policy: a name, or a TOML file.")
    return (
        f"{head}\n[county]\narea = {_toml(area)}\ntitle = {_toml(name)}\n\n"
        f"{place}\n[storage]\nurl = {_toml(storage)}\n\n[time]\n{cards}\n{chosen}\n"
    )


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


# --- what can be wrong ------------------------------------------------------------------------------------------------


def _person(option: str, text: str, county: Organ, faults: list[Fault]) -> Person | None:
    code, mark, name = (part.strip() for part in text.partition("="))
    if not (mark and code and name):
        faults.append(Fault(option, "person", f"{text!r} is no code and name of a person: write CODE=NAME"))
        return None
    if why := code_fault(code):
        faults.append(Fault(option, "code-form", why))
        return None
    if not name.isprintable():
        faults.append(Fault(option, "unseen-character", f"the name {name!r} has a character that nobody sees"))
        return None
    return Person(code=code, name=name, organ=county.code, valid_from=county.valid_from)


def _place_faults(folder: Path, file: Path, *, left_over: bool) -> Iterator[Fault]:
    """What is in the way; not what the very same command has `left_over` when it was cut off."""
    if folder.exists() and not folder.is_dir():
        yield Fault("FOLDER", "no-folder", f"{folder} is a file, not a folder")
    elif not folder.exists() and not folder.parent.is_dir():
        yield Fault("FOLDER", "missing", f"there is no folder {folder.parent}; make it first")
    elif (file.exists() or file.is_symlink()) and not left_over:
        told = f"{file} is there already, and nothing is overwritten; name another folder, or move the file away"
        yield Fault("FOLDER", "exists", told)


def _is_left_over(file: Path, text: str) -> bool:
    """Whether a file is as much of these settings as was written before the power failed, and nobody has touched it.

    Where the store holds something, the office was founded, and nothing is left over: that is asked beside this.
    """
    if file.is_symlink() or not file.is_file():
        return False
    try:
        return text.encode().startswith(file.read_bytes())
    except OSError:
        return False


def _area_faults(area: str) -> Iterator[Fault]:
    wrong = area_fault(area)
    if wrong:
        yield Fault("--area", "area", wrong)
    elif len(area) != len(ANYWHERE) or area == ANYWHERE:
        yield Fault("--area", "area", f"{area!r} is no area code of a county, which has six digits")


def _store_faults(settings: Settings) -> Iterator[Fault]:
    """What the store and the policy say of it; a store that is not there yet holds nothing."""
    if settings.storage == MEMORY:
        yield Fault("--storage", "memory", "what is kept in memory is lost when the command ends")
    try:
        open_office(attrs.evolve(settings, storage=MEMORY), read_only=True).close()
    except EgovError as error:
        yield Fault("--policy", error.code, error.message)
    database = settings.storage.removeprefix(SQLITE)
    if database != settings.storage and Path(database).exists():
        # whatever the policy is: what is stored is asked under the library's
        asked = attrs.evolve(settings, policy="")
        try:
            with open_office(asked, read_only=True) as office:
                yield from refuse_data(office.services)
        except EgovError as error:
            yield Fault("--storage", error.code, error.message)


# --- doing it ---------------------------------------------------------------------------------------------------------


def _found(file: Path, text: str, settings: Settings, county: Organ, head: Person, clerks: Sequence[Person]) -> None:
    """Write the file and found the office; where that fails, what was made here is taken away again."""
    made = not file.parent.exists()
    if made:
        file.parent.mkdir()
    try:
        # the URL of a database may hold a password: nobody else may read it
        file.touch(mode=0o644 if settings.storage.startswith(SQLITE) else 0o600, exist_ok=False)
        file.write_text(text, encoding="utf-8")
        with open_office(settings) as office:
            office.change(lambda services: set_up(services, county=county, head=head, clerks=clerks))
    except BaseException:
        file.unlink(missing_ok=True)
        if made:
            shutil.rmtree(file.parent, ignore_errors=True)
        raise


def _steps(config: str, head: Person, clerks: Sequence[Person], since: date | None) -> list[tuple[str, str]]:
    """What to type next, and what for. The items hold `since` the day that was given, as the county does."""
    begins = "" if since is None else f"--valid-from {since} "
    first, second = (shlex.quote(one.code) for one in clerks[:2])
    persons = f"--prepared-by {first} --published-by {second}"
    at, by, paper = f"--config {shlex.quote(config)}", shlex.quote(head.code), say("文号", "DOCUMENT")
    return [
        ("egov catalogue template forms/", say("事项空白表，填好后：", "blank forms of items; filled in:")),
        (
            f"egov catalogue import forms/ --found-organs {begins}{persons} --apply {at}",
            say("导入事项，并设立其部门", "take the items in, and found their departments"),
        ),
        (f"egov staff template staff.xlsx {at}", say("人员空白表，填好后：", "the staff; filled in:")),
        (f"egov staff import staff.xlsx --by {by} --apply {at}", say("导入人员和授权", "take staff in")),
        (
            "egov enrol template units.xlsx",
            say("乡镇和其他单位的空白表，填好后：", "a blank for towns; filled in:"),
        ),
        (
            f"egov enrol import units.xlsx --document {paper} --as {first} --by {by} --apply {at}",
            say("乡镇和其他单位加入", "let towns and other units join"),
        ),
    ]


def _show(file: Path, county: Organ, head: Person, clerks: Sequence[Person], steps: Sequence[tuple[str, str]]) -> None:
    keepers = say("、", ", ").join(f"{one.name} ({one.code})" for one in clerks)
    click.echo(say(f"已建立 {county.name}（{county.code}）：{file}", f"set up: {county.name} ({county.code}), {file}"))
    click.echo(say(f"本级政府负责人：{head.name} ({head.code})", f"head of the government: {head.name} ({head.code})"))
    click.echo(say(f"事项管理：{keepers}", f"keepers of the catalogue: {keepers}"))
    click.echo(say("下一步：", "next:"))
    for command, why in steps:
        click.echo(f"  # {why}\n  {command}")
