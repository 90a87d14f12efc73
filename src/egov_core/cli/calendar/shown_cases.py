"""How a recounted case is shown: as a line, as JSON, as lines of a report."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from egov_core.cli.in_words import word, word_of_timer
from egov_core.cli.language import say
from egov_core.domain.cases.calendar_events import TimerShift
from egov_core.domain.legal import end_of
from egov_core.domain.timers.kinds import TimerKind
from egov_core.ports.storage import CardRow
from egov_core.sheets.armour import armoured
from egov_core.usecases.calendar.recounting import CaseDiff

COLUMNS = ("number", "case", "organ", "timer", "kind", "old", "new", "told", "was_provisional", "provisional")
CARDS = ("revoked", "issued")


def moved(timer: dict[str, Any]) -> str:
    """What became of a date."""
    words = f"{timer['old']} → {timer['new']}"
    if timer["told"]:
        words = f"{timer['new']}  {say('已告知，不提前', 'was told, and stands')}"
    elif timer["old"] == timer["new"]:
        words = timer["new"]
    if timer["was_provisional"] and not timer["provisional"]:
        words += f"  {say('不再暂定', 'no longer provisional')}"
    if timer["provisional"] and not timer["was_provisional"]:
        words += f"  {say('变为暂定', 'now provisional')}"
    return words


def case_of(diff: CaseDiff) -> dict[str, Any]:
    """A case as JSON."""
    return {
        "number": diff.number,
        "case": diff.case_id,
        "organ": diff.organ,
        "timers": [_timer(one) for one in diff.shifts],
        "revoked": [_card(one) for one in diff.revoked],
        "issued": [_card(one) for one in diff.issued],
    }


def _timer(shift: TimerShift) -> dict[str, Any]:
    def day(value: Any) -> str | None:
        """A date alone where the whole day is in time."""
        if value is None:
            return None
        return str(value.date() if value == end_of(value.date()) else value.isoformat())

    return {
        "timer": shift.timer_id,
        "kind": shift.kind,
        "old": day(shift.old),
        "new": day(shift.new),
        "told": shift.told,
        "was_provisional": shift.was_provisional,
        "provisional": shift.provisional,
    }


def _card(card: CardRow) -> dict[str, Any]:
    return {"timer": card.timer_id, "rule": card.rule, "level": card.level, "at": card.at.isoformat()}


@contextmanager
def reported(
    path: str | None, tell: Callable[[CaseDiff], None], kinds: Mapping[str, TimerKind]
) -> Iterator[Callable[[CaseDiff], None]]:
    """`tell`, and besides a line of the report for every timer; the file is made before anything else happens."""
    if path is None:
        yield tell
        return
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(word("csv", name) for name in (*COLUMNS, *CARDS))

        def write(diff: CaseDiff) -> None:
            tell(diff)
            case = case_of(diff)
            cards = ["; ".join(f"{word('level', card['level'])} {card['at']}" for card in case[name]) for name in CARDS]
            for timer in case["timers"] or [{}]:
                row = {**case, **timer}
                row["kind"] = word_of_timer(kinds, row.get("kind") or "")
                texts = (_text(row.get(name)) for name in COLUMNS)
                lines.writerow([armoured(text) for text in (*texts, *cards)])
                cards = ["", ""]

        yield write


def _text(value: Any) -> str:
    """A cell: yes and no in the reader's language, nothing where there is nothing."""
    if isinstance(value, bool):
        return say("是", "True") if value else say("否", "False")
    return "" if value is None else str(value)
