"""Open cases as a file 在办件迁入表, which reads back as the same cases: the inverse of `reading`.

Rules of this room: every column comes from `columns`, each text as `reading` reads it; what the earlier system left
unsaid stays empty, since that is how it is read. Applicants are named here, so whoever calls it has recorded why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.old_cases import OldAct, OldCase
from egov_core.domain.legal import CHINA
from egov_core.domain.people import Personal, Purpose
from egov_core.domain.periods import Limit, NoLimit
from egov_core.errors import ClaimError
from egov_core.sheets.grid_watch import MOST_CELLS, MOST_ROWS
from egov_core.sheets.limits.plain import as_text
from egov_core.sheets.open_cases.cell_values import read_list
from egov_core.sheets.open_cases.columns import (
    COLUMNS,
    CORRECTIONS,
    GROUPS,
    MAIN,
    NUMBER,
    PROCEDURES,
    STATES,
)
from egov_core.sheets.open_cases.reading import CHANNELS, UNSAID
from egov_core.sheets.open_cases.template import column_to_fill
from egov_core.sheets.workbook import SheetToWrite, with_notes, write_csv, write_workbook

MOST_GROUPS = 9
"""How many corrections, or special procedures, a row of a CSV file has columns for."""
_STATE_NAMES = {state.value: name for name, state in reversed(STATES.items())}
_CHANNEL_NAMES = {value: name for name, value in CHANNELS.items() if name}

Texts = dict[str, str]


def write_cases(cases: Sequence[OldCase], ending: str) -> bytes:
    """The cases as a workbook or a CSV file. Raises ClaimError for more than such a file may hold."""
    rows = [_texts(case) for case in cases]
    if ending == ".csv":
        sheets = [_one_sheet(rows)]
    else:
        columns = [column_to_fill(one.heading, one) for one in COLUMNS]
        main = [[said.get(one.key, "") for one in COLUMNS] for said, _ in rows]
        sheets = [SheetToWrite(name=MAIN, columns=tuple(columns), rows=main)]
        for group, inner in GROUPS.items():
            keys = (NUMBER, *inner)
            lines = [
                [{**one, NUMBER.key: said[NUMBER.key]}.get(key.key, "") for key in keys]
                for said, groups in rows
                for one in groups[group]
            ]
            filled = tuple(column_to_fill(one.heading, one) for one in keys)
            sheets.append(SheetToWrite(name=group, columns=filled, rows=lines))
    _refuse_too_many(sheets)
    return write_csv(sheets[0]) if ending == ".csv" else write_workbook(with_notes(sheets))


def _one_sheet(rows: Sequence[tuple[Texts, Mapping[str, list[Texts]]]]) -> SheetToWrite:
    """Everything in one row a case, the groups in numbered columns."""
    most = {group: max((len(groups[group]) for _, groups in rows), default=1) or 1 for group in GROUPS}
    over = [said[NUMBER.key] for said, groups in rows if any(len(one) > MOST_GROUPS for one in groups.values())]
    if over:
        raise ClaimError(
            f"a CSV file has columns for {MOST_GROUPS} corrections or procedures: {', '.join(over[:5])} has more",
            remedy="write a workbook: name the file .xlsx",
        )
    numbered = [
        (group, at, one) for group, inner in GROUPS.items() for at in range(1, most[group] + 1) for one in inner
    ]
    columns = [column_to_fill(one.heading, one) for one in COLUMNS]
    columns += [column_to_fill(f"{group}{at}{one.heading}", one) for group, at, one in numbered]
    lines = []
    for said, groups in rows:
        line = [said.get(one.key, "") for one in COLUMNS]
        for group, at, one in numbered:
            held = groups[group]
            line.append(held[at - 1].get(one.key, "") if at <= len(held) else "")
        lines.append(line)
    return SheetToWrite(name=MAIN, columns=tuple(columns), rows=lines)


def _refuse_too_many(sheets: Iterable[SheetToWrite]) -> None:
    for sheet in sheets:
        most = min(MOST_ROWS, MOST_CELLS // len(sheet.columns)) - 1
        if len(sheet.rows) > most:
            raise ClaimError(
                f"{len(sheet.rows)} rows are more than can be taken in again: the sheet {sheet.name} holds {most}",
                remedy="give the cases out organ by organ, each into a file of its own, with --organ",
            )


def _texts(case: OldCase) -> tuple[Texts, Mapping[str, list[Texts]]]:
    """What the columns of a case say, and its corrections and special procedures."""
    said: Texts = {
        "number": case.number,
        "item": case.item,
        "received": _when(case.received),
        "applicant_name": _clear(case.applicant.name),
        "applicant_id": _clear(case.applicant.id_number),
        "applicant_phone": "" if case.applicant.phone is None else _clear(case.applicant.phone),
        "applicant_kind": "单位" if case.applicant.is_organisation else "个人",
        "channel": _CHANNEL_NAMES.get(case.channel, case.channel),
        "materials": _list(case.materials),
        "query_code": case.query_code,
        "renews": "" if case.renews is None else case.renews.isoformat(),
        "statutory": _limit(case.statutory),
        "promised": _limit(case.promised),
        "upper": case.upper,
        "state": _STATE_NAMES.get(case.state, ""),
    }
    groups: dict[str, list[Texts]] = {group: [] for group in GROUPS}
    for act in case.acts:
        _say(act, said, groups)
    return {key: text.strip() for key, text in said.items()}, groups


def _say(act: OldAct, said: Texts, groups: Mapping[str, list[Texts]]) -> None:
    """Put an act into its columns."""
    at = _when(act.at)
    match act.command:
        case c.Accept():
            said["accepted"] = at
        case c.RequestCorrection(notice=notice, missing=missing, within=within):
            groups[CORRECTIONS].append(
                {"notified": at, "notice": notice.strip(), "missing": _list(missing), "within": _limit(within)}
            )
        case c.Supplement(materials=materials):
            if groups[CORRECTIONS]:
                groups[CORRECTIONS][-1] |= {"supplemented": at, "supplement": _list(materials)}
        case c.Pause(kind=kind, notice=notice, declared=declared):
            groups[PROCEDURES].append(
                {"kind": kind.value, "notice": notice.strip(), "declared": _limit(declared), "start": at}
            )
        case c.Resume(result=result):
            groups[PROCEDURES][-1] |= {"end": at, "result": _told(result)}
        case c.Extend(amount=amount, reason=reason, notice=notice):
            said |= {"extended": at, "extension": _limit(amount), "extension_notice": notice}
            said["extension_reason"] = _told(reason)
        case c.Review(opinion=opinion):
            said |= {"reviewed": at, "opinion": _told(opinion)}
        case c.ReferUpward(opinion=opinion):
            said |= {"referred": at, "referral_opinion": _told(opinion)}
        case c.RecordUpperProgress(progress=progress):
            said |= {"upper_progress": progress, "upper_progress_at": at}
        case c.Approve(document=document) | c.RecordUpperDecision(document=document):
            said |= {"approved": at, "document": document}


def _when(at: datetime) -> str:
    """As `read_when` reads it: midnight is a day alone."""
    here = at.astimezone(CHINA)
    if here.time() == time():
        return here.date().isoformat()
    return f"{here:%Y-%m-%d %H:%M}" if here.second == 0 else f"{here:%Y-%m-%d %H:%M:%S}"


def _limit(limit: Limit | None) -> str:
    if limit is None:
        return ""
    return "无" if isinstance(limit, NoLimit) else as_text(limit)


def _list(values: Iterable[str]) -> str:
    """As `read_list` reads it: what has a separator inside comes back as several, so it is written as several."""
    return "；".join(part for one in values for part in read_list(one))


def _told(text: str) -> str:
    return "" if text.strip() == UNSAID else text.strip()


def _clear(value: Personal) -> str:
    return value.reveal(Purpose.LEGAL_DUTY)
