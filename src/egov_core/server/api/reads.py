"""The board, the lists, a case and the progress query as JSON.

Rules of this room: the same queries as the pages, the same filters, the same refusals; keys and codes are English,
times ISO 8601 with offset. Nothing personal, and nothing that the page does not show.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from egov_core.domain.cases.accompanying import CardSuccession
from egov_core.ports.queries import Board, BoardQuery, CardPage, CaseFileQuery, CasePage, Figures
from egov_core.ports.storage import CardRow, CaseRow, TimerRow
from egov_core.server.api.asked import asked, nothing_asked
from egov_core.server.desk import read
from egov_core.server.limits import RateLimit
from egov_core.server.pages import Pages
from egov_core.server.problems import json_response
from egov_core.server.supervision.case_page import find_case
from egov_core.server.supervision.filters import (
    CARD_NAMES,
    CASE_NAMES,
    card_filter,
    case_filter,
    refuse_unknown,
    structure_day,
    structure_of,
)
from egov_core.server.supervision.reading import CaseReading, Coming, TimerReading, read_case
from egov_core.server.user.progress import TOLD, Progress, find_progress
from egov_core.wire.progress import progress_from_json


def frame(pages: Pages) -> dict[str, Any]:
    """What every answer begins with: of which office it is, as of when, and what it reckons by."""
    desk = pages.desk
    return {
        "area": desk.area,
        "as_of": desk.now().isoformat(),
        "policy": desk.policy("").ref,
        "demo": pages.demo,
    }


@attrs.frozen
class Api:
    """The handlers for programs."""

    pages: Pages
    rate: RateLimit

    async def health(self, request: Request) -> Response:
        """That the office answers, and what it reckons by."""
        del request
        desk = self.pages.desk
        await read(desk, CaseFileQuery(area=desk.area, case_id="-"))  # the store answers
        return json_response({"status": "ok", **self._frame()})

    async def board(self, request: Request) -> Response:
        """The figures."""
        desk, day = self.pages.desk, asked(request, ("structure",), structure_day)
        board: Board = await read(desk, BoardQuery(area=desk.area, structure=structure_of(desk, day)))
        return json_response(
            {
                **self._frame(),
                "structure": None if day is None else day.isoformat(),
                "written_at": _iso(board.written_at),
                "total": _figures(board.total),
                "organs": [
                    {"organ": row.organ, "name": self._organ(row.organ), **_figures(row)} for row in board.organs
                ],
            }
        )

    async def cards(self, request: Request) -> Response:
        """A page of cards."""
        desk, chosen = self.pages.desk, asked(request, CARD_NAMES, card_filter)
        page: CardPage = await read(desk, chosen.query(desk))
        refuse_unknown(chosen, page.total, desk)
        lines = [
            {
                **_card(line.card),
                "number": line.number,
                "item_name": line.item_name,
                "state": line.state,
                "due_now": _iso(line.due_now),
                "provisional_now": line.provisional_now,
            }
            for line in page.lines
        ]
        return json_response(
            {**self._frame(), "total": page.total, "page": page.page, "size": page.size, "cards": lines}
        )

    async def cases(self, request: Request) -> Response:
        """A page of cases."""
        desk, chosen = self.pages.desk, asked(request, CASE_NAMES, case_filter)
        page: CasePage = await read(desk, chosen.query(desk))
        refuse_unknown(chosen, page.total, desk)
        rows = [{**_case(row), **_running(page.timers.get(row.case_id))} for row in page.rows]
        return json_response(
            {**self._frame(), "total": page.total, "page": page.page, "size": page.size, "cases": rows}
        )

    async def case(self, request: Request) -> Response:
        """A case with its events, timers, ledgers and cards."""
        nothing_asked(request)
        file = await find_case(self.pages, request.path_params["case_id"])
        reading = read_case(self.pages.desk, file, self.pages.desk.now())
        return json_response({**self._frame(), **_case(file.row), **self._reading(reading)})

    async def progress(self, request: Request) -> Response:
        """The public progress of a case."""
        self.rate.check(request)
        nothing_asked(request)
        found = await find_progress(self.pages.desk, progress_from_json(await request.body()))
        if found is None:
            raise HTTPException(404)
        return json_response({**self._frame(), **self._progress(found)})

    def _frame(self) -> dict[str, Any]:
        return frame(self.pages)

    def _organ(self, code: str) -> str:
        desk = self.pages.desk
        organ = desk.organisation.organs.get(code)
        return code if organ is None else organ.as_on(desk.now().date()).name

    def _reading(self, reading: CaseReading) -> dict[str, Any]:
        return {
            "item_version": reading.case.item_version,
            "promised": None if reading.case.promised is None else str(reading.case.promised),
            "statutory": None if reading.case.statutory is None else str(reading.case.statutory),
            "steps": [{"step": step, "is": how} for step, how in reading.steps],
            "events": [
                {
                    "position": one.position,
                    "type": one.event.type,
                    "at": one.at.isoformat(),
                    "entered_at": one.entered_at.isoformat(),
                }
                for one in reading.events
            ],
            "timers": [_timer(timer) for timer in reading.timers],
            "coming": _coming(reading.coming),
            "cards": [
                {
                    **_card(one.card),
                    "text": one.rule.text if one.rule else "",
                    "succession": [_succession(step) for step in one.succession],
                }
                for one in reading.cards
            ],
            "answering": {
                "organ": reading.answering.organ,
                "succession": [_succession(step) for step in reading.answering.reason],
            },
            "outbox": [
                {"key": row.key, "target": row.target, "state": row.state, "attempts": row.attempts}
                for row in reading.sent_up
            ],
            "notifications": [
                {"key": row.key, "channel": row.target, "state": row.state, "attempts": row.attempts}
                for row in reading.told
            ],
        }

    def _progress(self, found: Progress) -> dict[str, Any]:
        case = found.reading.case
        due = found.timer.due.due if found.timer is not None else None
        return {
            "number": case.number,
            "item_name": case.item_name,
            "state": case.state.value,
            "whole": found.reading.file.row.whole,
            "holder": self._organ(found.holder) if found.holder not in ("", "applicant") else found.holder or None,
            "until": _iso(due),
            "provisional": found.timer is not None and found.timer.due.provisional,
            "late": found.late,
            "deemed_since": _iso(found.deemed_since),
            "coming": _coming(found.reading.coming),
            "missing": list(found.missing),
            "steps": [{"step": step, "is": how} for step, how in found.reading.steps],
            "events": [
                {"type": one.event.type, "at": one.at.isoformat()}
                for one in found.reading.events
                if one.event.type in TOLD
            ],
        }


def _running(timer: TimerRow | None) -> dict[str, Any]:
    """When the running timer of a listed case is due, and whether that is only provisional."""
    return {
        "due": None if timer is None else _iso(timer.due_at),
        "provisional": timer is not None and timer.provisional,
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "open": figures.open,
        "with_upper": figures.with_upper,
        "closed": figures.closed,
        "running": dict(figures.running),
        "ledger": dict(figures.ledger),
    }


def _case(row: CaseRow) -> dict[str, Any]:
    return {
        "case_id": row.case_id,
        "number": row.number,
        "version": row.version,
        "item": row.item,
        "item_name": row.item_name,
        "organ": row.organ,
        "state": row.state,
        "whole": row.whole,
        "received_at": row.received_at.isoformat(),
        "accepted_at": _iso(row.accepted_at),
        "concluded_at": _iso(row.concluded_at),
        "head": row.head,
    }


def _card(card: CardRow) -> dict[str, Any]:
    return {
        "case_id": card.case_id,
        "timer": card.timer_kind,
        "level": card.level,
        "rule": card.rule,
        "epoch": card.epoch,
        "organ": card.organ,
        "at": card.at.isoformat(),
        "issued_at": card.issued_at.isoformat(),
        "due": _iso(card.due_at),
        "policy": card.policy,
        "provisional": card.provisional,
        "revoked_at": _iso(card.revoked_at),
    }


def _succession(step: CardSuccession) -> dict[str, Any]:
    """That work passed from one organ to another, as a card states it."""
    return {
        "from": step.source,
        "to": step.target,
        "effective": step.effective.isoformat(),
        "plan": step.plan,
        "basis": step.basis,
    }


def _timer(timer: TimerReading) -> dict[str, Any]:
    return {
        "kind": timer.run.kind,
        "step": timer.step or None,
        "held": [{"organ": organ, "since": since.isoformat()} for since, organ in timer.holders],
        "party": timer.run.party.value,
        "limit": None if timer.limit is None else str(timer.limit),
        "start": timer.run.start.isoformat(),
        "stopped_at": _iso(timer.run.stopped_at),
        "due": _iso(timer.due.due),
        "last_day": None if timer.due.last_day is None else timer.due.last_day.isoformat(),
        "provisional": timer.due.provisional,
        "told": timer.due.told,
        "state": timer.state,
        "ledger": [line.as_dict() for line in timer.lines],
        "readings": [{**one.as_dict(), "chosen": one.chosen} for one in timer.readings],
        "incidents": [one.as_dict() for one in timer.incidents],
    }


def _coming(coming: Coming | None) -> dict[str, Any] | None:
    if coming is None:
        return None
    return {
        "effect": coming.effect,
        "until": coming.until.isoformat(),
        "basis": str(coming.basis),
        "provisional": coming.provisional,
    }


def _iso(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
