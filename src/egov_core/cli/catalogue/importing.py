"""`egov catalogue import`: look first, then take in, all or nothing.

Rules of this room: without --apply nothing is written and what would change is shown field by field. The same function
reads the files both times, and the same function of the use case refuses: what a dry run calls fine, --apply takes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import attrs
import click

from egov_core.cli.catalogue.foreseen import checkup_ahead, warn_of_checkup
from egov_core.cli.checks import JSON, refuse_empty
from egov_core.cli.handed_in import (
    APPLY,
    EVERY_CELL,
    FILES,
    MAPPING,
    SHOWN,
    UNCHANGED,
    counted,
    forms_of,
    gather,
    is_whole,
    show_faults,
    uncollected,
)
from egov_core.cli.handed_in import as_json as faults_as_json
from egov_core.cli.language import said, say, speaks_chinese
from egov_core.cli.naming import organ_code, person_code
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.cells import CellFault
from egov_core.domain.organisation import OrganKind
from egov_core.errors import ClaimError
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.sheets.forms.comparing import Difference
from egov_core.sheets.forms.ground import Ground
from egov_core.sheets.forms.intake import Intake, take_up
from egov_core.sheets.forms.shipped import shipped_forms
from egov_core.usecases.catalogue.cataloguing import TakenIn, intended
from egov_core.usecases.catalogue.cataloguing import take_in as publish
from egov_core.usecases.catalogue.checkup import CheckupFinding
from egov_core.usecases.catalogue.foreseeing import foreseen

KINDS = ("new", "changed", "unchanged", "unread", "missing")


@click.command("import", cls=Command)
@FILES
@click.option("--config", required=True, type=click.Path(), help="The settings file of the office.")
@MAPPING
@APPLY
@click.option("--prepared-by", metavar="CODE", help="Who prepared the items: a member of staff.")
@click.option("--published-by", metavar="CODE", help="Who publishes them: another one.")
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="From when the items hold; today if not given.")
@click.option("--found-organs", is_flag=True, help="Found the organs that the office does not have.")
@click.option("--parent", metavar="CODE", help="The organ below which they are founded; the county if there is one.")
@EVERY_CELL
@JSON
@guarded
def take_in(
    paths: tuple[str, ...],
    config: str,
    mapping: str | None,
    applying: bool,
    prepared_by: str | None,
    published_by: str | None,
    valid_from: datetime | None,
    found_organs: bool,
    parent: str | None,
    every_cell: bool,
    as_json: bool,
) -> None:
    """Take in filled-in forms or a list: first what would change, with --apply in one commit.

    Nothing is written while a cell has an error. Two persons who keep the catalogue are needed, one who prepared the
    items and one who publishes them; named in a dry run, they are checked there too. The second time the same files
    change nothing. What is compared is the version of the day; where a later one is published already, the change holds
    until then and is carried into it.
    """
    if applying and not (prepared_by and published_by):
        raise click.UsageError("--apply needs --prepared-by and --published-by: two persons take items in")
    forms = forms_of(mapping)
    files, other = gather(paths)
    day = None if valid_from is None else valid_from.date()
    with open_office(read_settings(config), read_only=not applying) as office:
        ground = _ground(office, day, founding=found_organs, parent=parent)
        with uncollected():
            found = take_up(files, forms, ground, whole=is_whole(other))
        faults = [*other, *found.faults]
        taken: TakenIn | None = None
        dated_back: tuple[str, ...] = ()
        ahead: tuple[CheckupFinding, ...] = ()
        if not applying and not found.errors:
            known = [person_code(office, person) for person in (prepared_by, published_by) if person]
            looked = intended(office.services, found.items, organs=found.organs, valid_from=day, persons=known)
            dated_back = looked.taken.dated_back
            ahead = foreseen(office.services, looked.given, looked.tree)
        elif not found.errors:
            prepared, published = (person_code(office, one or "") for one in (prepared_by, published_by))
            taken = office.change(
                lambda services: publish(
                    services,
                    found.items,
                    prepared_by=prepared,
                    published_by=published,
                    organs=found.organs,
                    valid_from=day,
                )
            )
            dated_back = taken.dated_back
            written = {*taken.new, *taken.changed}
            ahead = foreseen(office.services, [one for one in found.items if one.code in written])
    if as_json:
        show_json(
            {
                **_in_json(found, faults, taken, applying=applying),
                "dated_back": list(dated_back),
                **checkup_ahead(ahead),
            }
        )
    else:
        show_faults(faults, every_cell=every_cell)
        if dated_back:
            _warn_of(dated_back, found, day)
        _show(found, faults, taken, applying=applying)
        warn_of_checkup(ahead)
    if found.errors:
        raise SystemExit(1)


def _ground(office: Office, day: date | None, *, founding: bool, parent: str | None) -> Ground:
    refuse_empty(office)
    registry = office.services.registry()
    if parent is not None:
        parent = organ_code(office, parent)
    elif founding:
        counties = [one.code for one in registry.organisation.organs.values() if one.kind is OrganKind.COUNTY]
        if len(counties) != 1:
            raise ClaimError(
                f"there are {len(counties)} counties in the tree of organs, so nobody knows where to found departments",
                remedy="name the organ above them with --parent; "
                "egov init DIR --area CODE --name NAME --head CODE=NAME --clerk CODE=NAME "
                "sets a new office up with its county",
            )
        parent = counties[0]
    return Ground(
        area=office.area,
        valid_from=day or office.now().date(),
        organisation=registry.organisation,
        catalogue=registry.catalogue,
        founding=founding,
        parent=parent,
    )


def _in_json(found: Intake, faults: Sequence[CellFault], taken: TakenIn | None, *, applying: bool) -> dict[str, Any]:
    kinds = Counter(one.kind for one in found.differences)
    return {
        "items": len(found.items),
        "rows": found.rows,
        "faults": faults_as_json(faults),
        "applied": taken is not None and not taken.is_empty,
        "refused": applying and taken is None,
        "organs": [{"code": organ.code, "name": organ.name} for organ in found.organs],
        "counts": {kind: kinds[kind] for kind in KINDS},
        "differences": [attrs.asdict(one) for one in found.differences if one.kind != "unchanged"],
    }


def _show(found: Intake, faults: Sequence[CellFault], taken: TakenIn | None, *, applying: bool) -> None:
    told = [one for one in found.differences if one.kind != "unchanged"]
    for one in told[:SHOWN]:
        _show_difference(one, found)
    if len(told) > SHOWN:
        more = len(told) - SHOWN
        click.echo(say(f"……另有 {more} 项，见 --json", f"... and {more} more; --json has them all"))
    for organ in found.organs:
        click.echo(say(f"新设机关 {organ.name}（{organ.code}）", f"organ to be founded: {organ.name} ({organ.code})"))
    kinds = Counter(one.kind for one in found.differences)
    count = counted(faults)
    # without an error, what was not compared may stand in a folder that was left out
    left_out = not (found.errors or is_whole(faults))
    why, why_in_english = ("未读取", "as they were not read") if left_out else ("有错误", "because of errors")
    click.echo(
        say(
            f"新增 {kinds['new']}，变更 {kinds['changed']}，不变 {kinds['unchanged']}，"
            f"{why}未比较 {kinds['unread']}，表中没有 {kinds['missing']}；"
            f"错误 {count['error']}，提醒 {count['warning']}",
            f"{kinds['new']} new, {kinds['changed']} changed, {kinds['unchanged']} unchanged, {kinds['unread']} not "
            f"compared {why_in_english}, {kinds['missing']} published but not in the files; "
            f"{count['error']} error(s), {count['warning']} warning(s)",
        )
    )
    if taken is not None:
        click.echo(say(*UNCHANGED) if taken.is_empty else say("已导入", "taken in"))
    elif applying:
        click.echo(say("有错误，什么也没有写入", "nothing was written: correct the errors first"))
    elif found.errors:
        click.echo(
            say("这是试导，什么也没有写入；请先更正错误", "a dry run: nothing was written; correct the errors first")
        )
    elif not found.organs and not kinds["new"] + kinds["changed"]:
        click.echo(say(*UNCHANGED))
    else:
        click.echo(
            say("这是试导，什么也没有写入；用 --apply 导入", "a dry run: nothing was written; --apply takes it in")
        )


def _warn_of(dated_back: Sequence[str], found: Intake, day: date | None) -> None:
    """Name the new items that are to have held before the import: right for what an office moves in with, and rare."""
    names = {item.code: item.full_name for item in found.items}
    shown = [f"{names[code]} ({code})" for code in dated_back[:SHOWN]]
    more = len(dated_back) - len(shown)
    click.echo(
        say(
            f"提醒 首次公布的 {len(dated_back)} 项追溯自 {day} 起生效：{'、'.join(shown)}"
            + (f"，另有 {more} 项" if more else ""),
            f"warning {len(dated_back)} item(s) published for the first time hold from {day}, a day past: "
            f"{', '.join(shown)}" + (f" and {more} more" if more else ""),
        ),
        err=True,
    )


def _heading(field: str) -> str:
    """What the forms call a field, for who reads Chinese; English has the element that JSON has."""
    if not speaks_chinese():
        return field
    known = (form.field_of(field) for form in shipped_forms())
    return next((one.heading for one in known if one is not None), said(field))


def _show_difference(one: Difference, found: Intake) -> None:
    words = {
        "new": say("新增", "new"),
        "changed": say("变更", "changed"),
        "unread": say("有错误，未比较", "not compared: has errors")
        if found.errors
        else say("有表未读取，未比较", "not compared: tables were not read"),
        "missing": say("表中没有", "not in the files"),
    }
    click.echo(f"{words[one.kind]}  {one.organ}  {one.full_name}  {one.code}")
    for change in one.fields:
        before, after = (" ".join(text.split())[:60] or "—" for text in (change.before, change.after))
        click.echo(f"      {_heading(change.field)}{say('：', ': ')}{before} → {said(after)}")
    for day in one.carried:
        click.echo(say(f"      也改入 {day} 起的版本", f"      also in the version that holds from {day} on"))
