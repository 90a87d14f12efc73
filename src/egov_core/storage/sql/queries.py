"""The read contract on SQL: each question is a fixed number of statements on one snapshot.

Rules of this room: reading only, in SQLAlchemy Core, on readers' connections. What a card figure counts and what the
list behind it shows are one condition (`_standing`, `_scope`), so that they cannot differ (Q1).
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, select

from egov_core.errors import ClaimError, Fault, UnknownError
from egov_core.ports.queries import (
    Board,
    BoardQuery,
    CardLine,
    CardPage,
    CardsQuery,
    CaseFile,
    CaseFileQuery,
    CasePage,
    CasesQuery,
    Figures,
    ProgressQuery,
    Query,
    SearchItems,
    Structure,
)
from egov_core.ports.storage import CaseRow
from egov_core.storage.sql import rows as r
from egov_core.storage.sql import tables as t
from egov_core.storage.sql.columns import moment
from egov_core.storage.sql.search import Search
from egov_core.storage.sql.structures import organ_by

LEVELS = ("warning", "yellow", "red")
"""Levels from mild to grave, where the place defines none."""

NOBODY = "0" * 64
"""Compared with when there is no case, so that a wrong number takes as long as a wrong code."""

AREA_TIMER = and_(t.timers.c.area == t.cards.c.area, t.timers.c.timer_id == t.cards.c.timer_id)
AREA_CASE = and_(t.cases.c.area == t.cards.c.area, t.cases.c.case_id == t.cards.c.case_id)
DUE_NOW = select(t.timers.c.due_at).where(AREA_TIMER).correlate(t.cards).scalar_subquery()
PROVISIONAL_NOW = select(t.timers.c.provisional).where(AREA_TIMER).correlate(t.cards).scalar_subquery()
ITEM = select(t.cases.c.item).where(AREA_CASE).correlate(t.cards).scalar_subquery()
OF_CASE = (
    t.cases.c.number,
    t.cases.c.item_name,
    t.cases.c.state,
    t.cases.c.organ,
    t.cases.c.item,
    t.cases.c.received_at,
)
CARD_ORDER = (t.cards.c.at, t.cards.c.timer_id, t.cards.c.rule, t.cards.c.level, t.cards.c.epoch)


class Readers(Protocol):
    """What is asked of a SQL storage to read it."""

    def snapshot(self) -> AbstractContextManager[Connection]:
        """A reader's connection on which several statements see the same committed data."""


class SqlQueries:
    """The read side of a SQL storage. `levels` are the names of the card levels, mild to grave."""

    def __init__(self, storage: Readers, levels: Sequence[str] = LEVELS) -> None:
        self._storage = storage
        self._levels = tuple(levels)
        self._standing = self._running_condition()
        self._answers: dict[type, Callable[[Connection, Any], Any]] = {
            BoardQuery: self._board,
            CardsQuery: self._cards,
            CasesQuery: self._cases,
            CaseFileQuery: self._case_file,
            ProgressQuery: self._progress,
            SearchItems: Search(),
        }

    def answers(self) -> frozenset[type]:
        """The query types this backend answers."""
        return frozenset(self._answers)

    def answer(self, query: Query) -> Any:
        """The answer, all of it from one snapshot."""
        answer = self._answers.get(type(query))
        if answer is None:
            raise UnknownError(f"this backend does not answer {type(query).__name__}", remedy="ask `answers()` first")
        if isinstance(query, CardsQuery | CasesQuery) and (query.page < 1 or query.size < 1):
            raise ClaimError(
                "pages are counted from 1 and hold at least one row",
                faults=[
                    Fault(path=f"$.{name}", code="range", message=f"{name} is {value}")
                    for name, value in (("page", query.page), ("size", query.size))
                    if value < 1
                ],
                remedy="give a page and a size of at least 1",
            )
        with self._storage.snapshot() as connection:
            return answer(connection, query)

    def _board(self, connection: Connection, query: BoardQuery) -> Board:
        cases: defaultdict[str, dict[str, int]] = defaultdict(dict)
        by = _case_organ(query.structure).label("by_organ")
        counted = select(by, t.cases.c.whole, func.count()).where(t.cases.c.area == query.area)
        for organ, whole, count in connection.execute(counted.group_by("by_organ", t.cases.c.whole)):
            cases[organ][whole] = count
        running = self._levels_by_organ(connection, query, "running")
        ledger = self._levels_by_organ(connection, query, "ledger")
        total = self._figures("", _sum(cases), _sum(running), _sum(ledger))
        organs = tuple(
            self._figures(organ, cases.get(organ, {}), running.get(organ, {}), ledger.get(organ, {}))
            for organ in sorted(cases.keys() | running.keys() | ledger.keys())
        )
        written = connection.execute(select(t.areas.c.last_instant).where(t.areas.c.area == query.area)).scalar()
        return Board(total=total, organs=organs, written_at=None if written is None else moment(written))

    def _levels_by_organ(
        self, connection: Connection, query: BoardQuery, scope: str
    ) -> defaultdict[str, dict[str, int]]:
        by = _card_organ(query.structure).label("by_organ")
        counted = select(by, t.cards.c.level, func.count()).group_by("by_organ", t.cards.c.level)
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for organ, level, count in connection.execute(self._scope(counted.where(t.cards.c.area == query.area), scope)):
            found[organ][level] = count
        return found

    def _figures(self, organ: str, cases: dict[str, int], running: dict[str, int], ledger: dict[str, int]) -> Figures:
        none = dict.fromkeys(self._levels, 0)
        return Figures(
            organ=organ,
            open=cases.get("open", 0),
            with_upper=cases.get("with-upper", 0),
            closed=cases.get("closed", 0),
            running={**none, **running},
            ledger={**none, **ledger},
        )

    def _cards(self, connection: Connection, query: CardsQuery) -> CardPage:
        conditions = [t.cards.c.area == query.area]
        if query.level is not None:
            conditions.append(t.cards.c.level == query.level)
        if query.organ is not None:
            conditions.append(_card_organ(query.structure) == query.organ)
        counted = self._scope(select(func.count()).select_from(t.cards).where(*conditions), query.scope)
        total = connection.execute(counted).scalar_one()
        listed = (
            select(t.cards, *OF_CASE, DUE_NOW, PROVISIONAL_NOW)
            .select_from(t.cards)
            .outerjoin(t.cases, AREA_CASE)
            .where(*conditions)
            .order_by(*CARD_ORDER)
            .limit(query.size)
            .offset((query.page - 1) * query.size)
        )
        lines = tuple(
            CardLine(
                card=r.card(tuple(found[:-8])),
                number=found[-8] or "",
                item_name=found[-7] or "",
                state=found[-6] or "",
                case_organ=found[-5] or "",
                item=found[-4] or "",
                received=date.min if found[-3] is None else moment(found[-3]).date(),
                due_now=None if found[-2] is None else moment(found[-2]),
                provisional_now=bool(found[-1]),
            )
            for found in connection.execute(self._scope(listed, query.scope))
        )
        return CardPage(lines=lines, total=total, page=query.page, size=query.size)

    def _cases(self, connection: Connection, query: CasesQuery) -> CasePage:
        conditions = [t.cases.c.area == query.area]
        if query.whole is not None:
            conditions.append(t.cases.c.whole == query.whole)
        if query.organ is not None:
            conditions.append(_case_organ(query.structure) == query.organ)
        total = connection.execute(select(func.count()).select_from(t.cases).where(*conditions)).scalar_one()
        listed = (
            select(t.cases)
            .where(*conditions)
            .order_by(t.cases.c.received_at.desc(), t.cases.c.case_id)
            .limit(query.size)
            .offset((query.page - 1) * query.size)
        )
        rows = tuple(r.case(tuple(found)) for found in connection.execute(listed))
        running = select(t.timers).where(
            t.timers.c.area == query.area,
            t.timers.c.case_id.in_([row.case_id for row in rows]),
            t.timers.c.kind == "case",
            t.timers.c.stopped_at.is_(None),
        )
        timers = [r.timer(tuple(found)) for found in connection.execute(running)] if rows else []
        by_case = {timer.case_id: timer for timer in sorted(timers, key=lambda timer: timer.timer_id)}
        return CasePage(rows=rows, timers=by_case, total=total, page=query.page, size=query.size)

    def _case_file(self, connection: Connection, query: CaseFileQuery) -> CaseFile | None:
        wanted = select(t.cases).where(t.cases.c.area == query.area, t.cases.c.case_id == query.case_id)
        found = connection.execute(wanted).first()
        return None if found is None else self._file(connection, r.case(tuple(found)))

    def _progress(self, connection: Connection, query: ProgressQuery) -> CaseFile | None:
        wanted = select(t.cases).where(t.cases.c.area == query.area, t.cases.c.number == query.number)
        found = connection.execute(wanted).first()
        row = None if found is None else r.case(tuple(found))
        belongs = hmac.compare_digest((row.query_digest if row else NOBODY).encode(), query.query_digest.encode())
        return self._file(connection, row) if row is not None and belongs else None

    def _file(self, connection: Connection, row: CaseRow) -> CaseFile:
        """Everything about a case; the events of a case are the stream of its id."""

        def of(table: Any, key: str, *order: ColumnElement[Any]) -> list[tuple[Any, ...]]:
            wanted = select(table).where(table.c.area == row.area, table.c[key] == row.case_id).order_by(*order)
            return [tuple(found) for found in connection.execute(wanted)]

        return CaseFile(
            row=row,
            events=tuple(r.event(found) for found in of(t.events, "stream", t.events.c.position)),
            timers=tuple(r.timer(found) for found in of(t.timers, "case_id", t.timers.c.timer_id)),
            cards=tuple(
                r.card(found)
                for found in of(
                    t.cards,
                    "case_id",
                    t.cards.c.at,
                    t.cards.c.timer_id,
                    t.cards.c.rule,
                    t.cards.c.epoch,
                    t.cards.c.level,
                )
            ),
            outbox=tuple(r.outbox(found) for found in of(t.outbox, "case_id", t.outbox.c.created_at, t.outbox.c.key)),
        )

    def _scope(self, statement: Select[Any], scope: str) -> Select[Any]:
        """The statement over cards of a scope."""
        if scope == "revoked":
            return statement.where(t.cards.c.revoked_at.is_not(None))
        if scope == "ledger":
            return statement.where(t.cards.c.revoked_at.is_(None))
        if scope == "running":
            return statement.where(self._standing)
        raise ClaimError(
            f"there is no scope {scope!r}",
            faults=[Fault(path="$.scope", code="choice", message=f"{scope!r} is none of running, ledger, revoked")],
            remedy="ask for running, ledger or revoked",
        )

    def _running_condition(self) -> ColumnElement[bool]:
        """Standing, of a timer that still runs, and no graver card standing on the same timer."""
        graver = t.cards.alias("graver")
        return and_(
            t.cards.c.revoked_at.is_(None),
            exists(select(t.timers.c.timer_id).where(AREA_TIMER, t.timers.c.stopped_at.is_(None))),
            ~exists(
                select(graver.c.timer_id).where(
                    graver.c.area == t.cards.c.area,
                    graver.c.timer_id == t.cards.c.timer_id,
                    graver.c.revoked_at.is_(None),
                    self._gravity(graver.c.level) > self._gravity(t.cards.c.level),
                )
            ),
        )

    def _gravity(self, level: Any) -> ColumnElement[int]:
        """The place of a level in the order; one that the place does not define is milder than all."""
        return case(*((level == name, place) for place, name in enumerate(self._levels)), else_=-1)


def _case_organ(structure: Structure | None) -> Any:
    """The organ that a case is counted under."""
    return organ_by(structure, t.cases.c.organ, t.cases.c.item, t.cases.c.received_at)


def _card_organ(structure: Structure | None) -> Any:
    """The organ that a card is counted under."""
    return organ_by(structure, t.cards.c.organ, ITEM, t.cards.c.at)


def _sum(by_organ: dict[str, dict[str, int]]) -> dict[str, int]:
    total: defaultdict[str, int] = defaultdict(int)
    for counts in by_organ.values():
        for name, count in counts.items():
            total[name] += count
    return dict(total)
