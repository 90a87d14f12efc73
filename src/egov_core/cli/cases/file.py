"""`egov cases file`: an application that was handed in at the window becomes a case.

Rules of this room: the application comes in a file, never as options: what is typed stands in the history of a shell,
and these are personal values. It is the command `Submit` of the library, asked of the same use case as everywhere, so
that nothing is filed here that the library would refuse. The query code is shown, once more than it is kept in the
clear: the applicant has to be told it.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import click

from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.handed_in import APPLY
from egov_core.cli.in_words import word
from egov_core.cli.language import said, say
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.cli.times import MOMENT, Moment
from egov_core.domain.cases import commands as c
from egov_core.domain.people import Actor, ActorKind, Purpose
from egov_core.errors import ClaimError, Fault
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.office import Office
from egov_core.runtime.settings import read_settings
from egov_core.usecases.cases.requests import Outcome, Request
from egov_core.usecases.cases.submitting import Admitted, rehearse
from egov_core.wire.applicants import applicant_faults
from egov_core.wire.edge import parse, parse_json

CHANNELS = ("window", "web", "online", "mobile")
"""The channels that the pages have words for. A place may have others: one of them is told of, and taken."""


@click.command("file", cls=Command)
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--as", "by", required=True, metavar="PERSON", help="Who takes it in: the code of a member of staff.")
@click.option("--received", type=MOMENT, metavar="TIME", help="When it was handed in; now where it is left out.")
@click.option(
    "--key", default="", metavar="TEXT", help="What makes a repetition harmless; made of the file where left out."
)
@APPLY
@CONFIG
@JSON
@guarded
def file_case(
    file: str, by: str, received: Moment | None, key: str, applying: bool, config: str, as_json: bool
) -> None:
    """File the application in FILE, JSON as the command `Submit` has it; `-` reads it from standard input.

    Without --apply it is only asked whether it would be taken: everything that it would be refused for is told at once.
    The same file for the same day a second time files nothing, and shows the number again.
    """
    body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    asked = _application(body)
    at = None if received is None else received.at
    actor = Actor(kind=ActorKind.STAFF, code=by)
    with examined(config) as office:
        day = (office.now() if at is None else at).date()
        key = key or hashlib.sha256(f"{at or day}\n".encode() + body).hexdigest()
        command = _with_codes(office, asked, day)
        again = office.storage.recall(office.area, by, key) is not None
        found: Admitted | None = None
        done: Outcome | None = None
        if again:
            done = office.do(command, actor=actor, key=key, at=at)
        else:
            found = rehearse(office.services, Request(command=command, actor=actor, key=key, at=at), command)
    if applying and not again:
        with open_office(read_settings(config)) as writing:
            done = writing.do(command, actor=actor, key=key, at=at)
    doubts = _doubts(command)
    if as_json:
        show_json(_in_json(command, found, done, doubts, again=again))
    else:
        _show(found, done, doubts, again=again)


def _application(body: bytes) -> c.Submit:
    """The application as it is written. Raises ClaimError naming every fault with its path."""
    data = parse_json(body)
    if isinstance(data, Mapping) and "command" in data:  # as the interface has it, and the reference shows it
        if data["command"] != c.Submit.__name__:
            raise _unreadable(
                [Fault("$.command", "not-submit", "must be Submit, or left out: an application is filed")]
            )
        data = {key: value for key, value in data.items() if key != "command"}
    command = parse(data, c.Submit)
    wrong = list(applicant_faults(command.applicant))
    if wrong:
        raise _unreadable(wrong)
    return command


def _unreadable(wrong: Sequence[Fault]) -> ClaimError:
    return ClaimError(
        "the application cannot be read: " + "; ".join(f"{fault.path} {fault.message}" for fault in wrong),
        faults=wrong,
        remedy="correct every place named and send it again",
    )


def _with_codes(office: Office, command: c.Submit, day: date) -> c.Submit:
    """The same with the codes of the materials that are given by their names, as lists have them.

    Raises ClaimError where two are the same material: the one that was meant may be missing.
    """
    codes = {one.name: one.code for one in office.catalogue.on(command.item, day).materials}
    materials = tuple(codes.get(one, one) for one in command.materials)
    twice = [
        Fault(f"$.materials[{place}]", "twice", "is a material that stands before it already")
        for place, one in enumerate(materials)
        if one in materials[:place]
    ]
    if twice:
        raise _unreadable(twice)
    return attrs.evolve(command, materials=materials)


def _doubts(command: c.Submit) -> list[str]:
    """What may be right all the same, as `cases import` has it: wrong numbers were issued, and places name channels."""
    from egov_core.sheets.open_cases.doubts import doubtful_name, doubtful_number  # not for every command

    applicant = command.applicant
    number = applicant.id_number.reveal(Purpose.HANDLING)
    found = {
        "applicant.name": doubtful_name(applicant.name.reveal(Purpose.HANDLING)),
        "applicant.id_number": doubtful_number(number, is_organisation=applicant.is_organisation),
        "channel": "" if command.channel in CHANNELS else f"{command.channel!r} is none of {', '.join(CHANNELS)}",
    }
    return [f"{field}: {odd}" for field, odd in found.items() if odd]


def _in_json(
    command: c.Submit, found: Admitted | None, done: Outcome | None, doubts: Sequence[str], *, again: bool
) -> dict[str, Any]:
    """The keys of the interface's answer, null where nothing is filed; `again`: it had been filed before."""
    told = done or found
    return {
        "item": command.item,
        "applied": done is not None and not again,
        "again": again,
        "case_id": done and done.case_id,
        "number": done and done.number,
        "query_code": done and done.query_code,
        "state": done and done.state,
        "advice": [*doubts, *(() if told is None else told.advice)],
    }


def _show(found: Admitted | None, done: Outcome | None, doubts: Sequence[str], *, again: bool) -> None:
    told = done or found
    for one in (*doubts, *(() if told is None else told.advice)):
        click.echo(f"{say('提醒', 'advice')} {said(one)}", err=True)
    if done is None:
        assert found is not None, "whatever was not filed before has been looked at"
        item = found.item
        click.echo(
            say(f"可以收件：{item.full_name}（{item.code}）", f"it would be taken: {item.full_name} ({item.code})")
        )
        click.echo(say("这是试办，什么也没有写入；用 --apply 收件", "a dry run: nothing was written; --apply files it"))
        return
    if again:
        click.echo(say("此前已经收件，什么也没有写入", "it was filed before: nothing was written"))
    number, code, state = done.number, done.query_code or "—", word("state", done.state)
    click.echo(
        say(
            f"办件编号 {number}　查询码 {code}　{state}；请把编号和查询码告知申请人",
            f"number {number}  query code {code}  {state}; tell the applicant both",
        )
    )
