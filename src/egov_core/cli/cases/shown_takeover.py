"""How a takeover is shown: what is wrong, what is overdue, which cards come and which do not; as JSON or as lines.

Rules of this room: numbers, dates and codes only, never a personal value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import click

from egov_core.cli.handed_in import UNCHANGED, counted, show_faults
from egov_core.cli.handed_in import as_json as faults_as_json
from egov_core.cli.in_words import word, word_of_timer
from egov_core.cli.language import say
from egov_core.cli.show import show_json
from egov_core.domain.cases.old_cases import CutOver
from egov_core.domain.cells import CellFault
from egov_core.domain.periods import Unit
from egov_core.domain.timers.kinds import KINDS, TimerKind
from egov_core.sheets.open_cases.reading import OpenCases
from egov_core.usecases.takeover.taking_over import Examination, TakenCase, TakenTimer

SHOWN = 20
"""How many overdue cases and cards are shown on a terminal; `--json` has them all."""


class Shown:
    """What is shown of a takeover, from the reading of the file to its end."""

    def __init__(self, found: OpenCases, cut_over: CutOver, *, applying: bool, every_cell: bool, as_json: bool) -> None:
        self._found, self._cut_over, self._applying, self._as_json = found, cut_over, applying, as_json
        self._every_cell = every_cell
        self._taken: list[TakenCase] = []
        self.examination = Examination(fresh=0, there=0, faults=())
        self.written: int | None = None
        self.kinds: Mapping[str, TimerKind] = KINDS
        """The kinds of timers of the office, by whose names they are shown."""

    def tell(self, case: TakenCase) -> None:
        """One more case that would be taken over."""
        self._taken.append(case)

    @property
    def ok(self) -> bool:
        """Whether the file as a whole can be taken over."""
        return not any(one.is_error for one in self.faults)

    @property
    def wrong(self) -> int:
        """How many rows are neither new nor there already: those with an error."""
        return self._found.rows - self.examination.fresh - self.examination.there

    @property
    def faults(self) -> tuple[CellFault, ...]:
        """What is wrong with the file, by itself and in this office."""
        return (*self._found.faults, *self.examination.faults)

    def finish(self) -> None:
        """Everything, at the end."""
        if self._as_json:
            show_json(self.as_dict())
        else:
            self._show()

    def as_dict(self) -> dict[str, Any]:
        """The JSON."""
        return {
            "cut_over": self._cut_over.at.isoformat(),
            "source": self._cut_over.source,
            "cards_confirmed": self._cut_over.cards_confirmed,
            "rows": self._found.rows,
            "fresh": self.examination.fresh,
            "there": self.examination.there,
            "wrong": self.wrong,
            "faults": faults_as_json(self.faults),
            "applied": bool(self.written),
            "refused": self._applying and not self.ok,
            "cases": [_case(one) for one in self._taken],
            "overdue": [
                {"number": case.number, "organ": case.organ, **_timer(one)}
                for case in self._taken
                for one in case.overdue
            ],
            "withheld": [card for case in self._taken for card in _withheld(case)],
            "issued": [card for case in self._taken for card in _issued(case)],
            "written": self.written,
        }

    def _show(self) -> None:
        show_faults(self.faults, every_cell=self._every_cell)
        overdue = [(case, timer) for case in self._taken for timer in case.overdue]
        if overdue:
            click.echo(say("已超期：", "overdue:"))
        for case, timer in _first(overdue):
            click.echo(f"  {case.number}  {self._kind(timer.kind)}  {timer.last_day}  " + _how_late(timer))
        _more(len(overdue))
        withheld = [card for case in self._taken for card in _withheld(case)]
        issued = [card for case in self._taken for card in _issued(case)]
        self._show_cards(say("切换前的牌，不发", "cards before the cut-over, not issued"), withheld)
        self._show_cards(say("随迁入发牌", "cards issued with the takeover"), issued)
        self._show_totals(len(overdue), len(withheld))

    def _kind(self, code: str) -> str:
        return word_of_timer(self.kinds, code)

    def _show_cards(self, label: str, cards: list[dict[str, Any]]) -> None:
        if not cards:
            return
        levels = Counter(card["level"] for card in cards)
        told = say("，", ", ").join(f"{word('level', level)} {count}" for level, count in sorted(levels.items()))
        click.echo(f"{label}{say('：', ': ')}{told}")
        for card in _first(cards):
            click.echo(f"  {card['number']}  {word('level', card['level'])}  {card['at']}")
        _more(len(cards))

    def _show_totals(self, overdue: int, withheld: int) -> None:
        fresh, there = self.examination.fresh, self.examination.there
        errors = counted(self.faults)["error"]
        click.echo(
            say(
                f"{self._found.rows} 行：可迁入 {fresh}，已迁入 {there}，有错误 {self.wrong}；"
                f"错误 {errors} 处，超期计时 {overdue}，不发的牌 {withheld}",
                f"{self._found.rows} rows: {fresh} to take over, {there} there already, {self.wrong} with errors; "
                f"{errors} errors, {overdue} timers overdue, {withheld} cards withheld",
            )
        )
        if self.written is not None:
            told = say(f"已迁入 {self.written} 件", f"taken over: {self.written}")
            click.echo(told if self.written else say(*UNCHANGED))
        elif errors:
            click.echo(say("有错误，未写入任何内容", "with errors nothing is written"))
        else:
            click.echo(say("只核对，未写入任何内容；写入请加 --apply", "a look: nothing was written; --apply writes"))


def _first(things: Any) -> Any:
    return list(things)[:SHOWN]


def _more(count: int) -> None:
    if count > SHOWN:
        more = count - SHOWN
        words = say(f"  …另有 {more} 项（--json 列出全部）", f"  … and {more} more (--json lists them all)")
        click.echo(words)


def _case(case: TakenCase) -> dict[str, Any]:
    return {
        "number": case.number,
        "item": case.item,
        "item_name": case.item_name,
        "organ": case.organ,
        "state": case.state,
        "timers": [_timer(one) for one in case.timers],
        "silence": [{"event": kind, "at": at.isoformat()} for kind, at in case.brought],
    }


def _how_late(timer: TakenTimer) -> str:
    """By how many days of which kind: 216 working days are most of a year."""
    days = timer.overdue_days
    by_work = timer.overdue_unit is Unit.WORKING_DAY
    return say(
        f"超期 {days} 个{'工作日' if by_work else '自然日'}",
        f"{days} {'working' if by_work else 'natural'} day(s) late",
    )


def _timer(timer: TakenTimer) -> dict[str, Any]:
    return {
        "timer": timer.timer_id,
        "kind": timer.kind,
        "due": None if timer.due is None else timer.due.isoformat(),
        "last_day": None if timer.last_day is None else timer.last_day.isoformat(),
        "provisional": timer.provisional,
        "overdue_days": timer.overdue_days,
        "overdue_unit": timer.overdue_unit.value,
    }


def _withheld(case: TakenCase) -> list[dict[str, Any]]:
    return [
        {
            "number": case.number,
            "kind": timer.kind,
            "level": card.key.level,
            "rule": card.key.rule,
            "at": card.at.isoformat(),
        }
        for timer in case.timers
        for card in timer.withheld
    ]


def _issued(case: TakenCase) -> list[dict[str, Any]]:
    return [
        {
            "number": case.number,
            "kind": card.timer_kind,
            "level": card.level,
            "rule": card.rule,
            "at": card.at.isoformat(),
        }
        for card in case.issued
    ]
