"""Ledgers, readings, incidents and refusals as people read them, in the language of the locale.

Rules of this room: it prints and decides nothing. In a Chinese locale reasons and settings are words of the catalogue
that the pages use; elsewhere they are the codes that JSON has, and the sentences are English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from egov_core.cli.language import say, speaks_chinese
from egov_core.cli.show import show_error
from egov_core.errors import EgovError
from egov_core.server.grounds import source_in
from egov_core.server.words import Words, words_of

if TYPE_CHECKING:  # most who say something in words have none of these
    from egov_core.domain.periods import Limit
    from egov_core.domain.timers.incidents import Incident
    from egov_core.domain.timers.kinds import TimerKind
    from egov_core.domain.timers.readings import Reading


def words() -> Words:
    """The catalogue of the reader's language."""
    return words_of("zh" if speaks_chinese() else "en")


def word(group: str, code: str) -> str:
    """The word for a code, such as a state's, for who reads Chinese; English has the code that JSON has."""
    return words().either(f"{group}.{code}", code) if speaks_chinese() else code


def word_of_timer(kinds: Mapping[str, TimerKind], code: str) -> str:
    """A kind of timer by the name it gives itself, for who reads Chinese; else by its code."""
    return kinds[code].name if speaks_chinese() and code in kinds else code


def show_ledger(lines: Iterable[Mapping[str, Any]], indent: str = "  ", limits: Iterable[Limit] = ()) -> None:
    """The lines of a ledger; `limits` are those of its timer, whose bases are said in words."""
    for line in lines:
        where = line.get("day") or f"{line['from']} – {line['to']}"
        reason, source = line["reason"], line["source"]
        if speaks_chinese():
            zh = words()
            where = _in_chinese(line)
            reason = zh.either(f"reason.{reason}", reason)
            source = source_in(zh, source, limits)
            click.echo(
                f"{indent}{where}  {zh('ledger.yes' if line['counts'] else 'ledger.no')}  {reason}"
                f"  {source}  {zh('ledger.total')} {line['total']}"
            )
        else:
            source = source_in(words(), source, limits) if limits else source
            click.echo(
                f"{indent}{where}  {'counts' if line['counts'] else 'not counted'}  {reason}  {source}  {line['total']}"
            )


def _in_chinese(line: Mapping[str, Any]) -> str:
    """The day with its weekday; of a part of a day its times, the end of a day being 24:00."""
    begin = line.get("day") or line["from"]
    day = date.fromisoformat(begin[:10])
    where = f"{day} {words()(f'weekday.{day.weekday()}')}"
    if "day" in line:
        return where
    until = line["to"][11:19] if line["to"][:10] == begin[:10] else "24:00:00"
    return f"{where} {begin[11:19]}–{until}"


def show_readings(found: Iterable[Reading], indent: str = "  ") -> None:
    """Every reading with its date, and who chose the chosen one, and why."""
    said = words()
    for one in found:
        setting, value = one.setting, one.value
        if speaks_chinese():
            setting, value = said(f"setting.{setting}"), said(f"value.{one.setting}.{value}")
        chosen = say("  采用", "  chosen") if one.chosen else ""
        click.echo(f"{indent}{say('读法', 'reading')}  {setting} = {value}  {one.last_day or '–'}{chosen}")
        if one.chosen:
            by = said(f"chooser.{one.by.chooser.value}", name=one.by.name)
            why = said(f"why.{one.setting}.{one.value}")
            click.echo(f"{indent}  {say(f'{by}：{why}', f'{by}: {why}')}")


def show_incidents(found: Iterable[Incident], indent: str = "") -> None:
    """What has to be said beside the answer, each with its code and what to do."""
    for one in found:
        sentence = _in_words(one) if speaks_chinese() else one.message
        click.echo(f"{indent}{say('注意', 'note')} [{one.code}]: {sentence}")
        remedy = words()(f"incident_remedy.{one.code}", **one.data) if speaks_chinese() else one.remedy
        click.echo(f"{indent}{say('怎么办', 'what to do')}: {remedy}")


def _in_words(incident: Incident) -> str:
    from egov_core.server.phrases import incident_in  # the pages' phrases know cases: not for every deadline

    return incident_in(words(), incident)


def show_refusals(refused: Iterable[EgovError]) -> None:
    """What was refused beside the answer, on standard error."""
    for one in refused:
        show_error(one)
