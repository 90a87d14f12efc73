"""What an office on paper keeps in place of a store, and the answers that are read from it.

Rules of this room: dictionaries, looked through whole at each question, so that nothing here can be wrong in the way
an index or a counter can be. What is kept was made by `recording`; nothing is decided here.
"""

from __future__ import annotations

from typing import Any

import attrs

from egov_core.ports import queries as q
from egov_core.ports.storage import CardRow, CaseRow, OutboxRow, StoredEvent, TimerRow
from egov_core.usecases.cases.recording import Change


@attrs.define
class PaperStore:
    """The rows of cases by their ids, and what belongs to each; `levels` are those of cards from mild to grave."""

    levels: tuple[str, ...]
    rows: dict[str, CaseRow] = attrs.field(factory=dict)
    events: dict[str, list[StoredEvent]] = attrs.field(factory=dict)
    timers: dict[str, dict[str, TimerRow]] = attrs.field(factory=dict)
    cards: dict[tuple[str, str, str, int], CardRow] = attrs.field(factory=dict)
    outbox: dict[str, list[OutboxRow]] = attrs.field(factory=dict)

    def keep(self, case_id: str, change: Change) -> None:
        """Keep what a commit writes."""
        self.rows[case_id] = change.row
        self.events.setdefault(case_id, []).extend(change.events)
        self.timers.setdefault(case_id, {}).update({timer.timer_id: timer for timer in change.timers})
        for card in (*change.issued, *change.revoked):
            self.cards[card.timer_id, card.rule, card.level, card.epoch] = card
        self.outbox.setdefault(case_id, []).extend(change.outbox)

    def deliver(self, case_id: str, key: str) -> None:
        """Settle what was sent for a case, as if it had arrived at the first attempt."""
        self.outbox[case_id] = [
            attrs.evolve(one, state="delivered", attempts=1, next_attempt_at=None) if one.key == key else one
            for one in self.outbox[case_id]
        ]

    # -- answers ---------------------------------------------------------------------------------------------------

    def cards_in(self, scope: str) -> list[CardRow]:
        """The cards of a scope, oldest first."""
        cards = sorted(self.cards.values(), key=lambda card: (card.at, card.timer_id, card.rule))
        if scope == "revoked":
            return [card for card in cards if card.revoked_at is not None]
        standing = [card for card in cards if card.revoked_at is None]
        if scope == "ledger":
            return standing
        rank = {level: place for place, level in enumerate(self.levels)}
        gravest: dict[str, int] = {}
        for card in standing:
            gravest[card.timer_id] = max(gravest.get(card.timer_id, -1), rank[card.level])
        return [
            card
            for card in standing
            if self.timers[card.case_id][card.timer_id].stopped_at is None
            and rank[card.level] == gravest[card.timer_id]
        ]

    def board(self) -> q.Board:
        """Every figure, of the whole and of each organ."""
        organs = sorted({row.organ for row in self.rows.values()} | {card.organ for card in self.cards.values()})
        written = [event.entered_at for events in self.events.values() for event in events]
        return q.Board(
            total=self._figures(""),
            organs=tuple(self._figures(organ) for organ in organs),
            written_at=max(written, default=None),
        )

    def _figures(self, organ: str) -> q.Figures:
        rows = [row for row in self.rows.values() if organ in ("", row.organ)]

        def cards(scope: str) -> dict[str, int]:
            counted: dict[str, int] = {}
            for card in self.cards_in(scope):
                if organ in ("", card.organ):
                    counted[card.level] = counted.get(card.level, 0) + 1
            return counted

        return q.Figures(
            organ=organ,
            open=sum(row.whole == "open" for row in rows),
            with_upper=sum(row.whole == "with-upper" for row in rows),
            closed=sum(row.whole == "closed" for row in rows),
            running=cards("running"),
            ledger=cards("ledger"),
        )

    def card_page(self, query: q.CardsQuery) -> q.CardPage:
        """A page of the list of cards."""
        cards = [
            card
            for card in self.cards_in(query.scope)
            if query.level in (None, card.level) and query.organ in (None, card.organ)
        ]
        lines = []
        for card in _page(cards, query.page, query.size):
            row = self.rows[card.case_id]
            timer = self.timers[card.case_id][card.timer_id]
            line = q.CardLine(
                card=card,
                number=row.number,
                item_name=row.item_name,
                state=row.state,
                due_now=timer.due_at,
                provisional_now=timer.provisional,
            )
            lines.append(line)
        return q.CardPage(lines=tuple(lines), total=len(cards), page=query.page, size=query.size)

    def case_page(self, query: q.CasesQuery) -> q.CasePage:
        """A page of the list of cases."""
        rows = [
            row
            for row in sorted(self.rows.values(), key=lambda row: (row.received_at, row.number), reverse=True)
            if query.whole in (None, row.whole) and query.organ in (None, row.organ)
        ]
        shown = _page(rows, query.page, query.size)
        timers = {
            row.case_id: timer
            for row in shown
            for timer in self.timers[row.case_id].values()
            if timer.kind == "case" and timer.stopped_at is None
        }
        return q.CasePage(rows=tuple(shown), timers=timers, total=len(rows), page=query.page, size=query.size)

    def progress(self, query: q.ProgressQuery) -> q.CaseFile | None:
        """The case whose number and query code belong together."""
        found = (
            row for row in self.rows.values() if row.number == query.number and row.query_digest == query.query_digest
        )
        return next((self.file(row.case_id) for row in found), None)

    def file(self, case_id: str) -> q.CaseFile | None:
        """Everything recorded about a case; None where there is none."""
        row = self.rows.get(case_id)
        if row is None:
            return None
        return q.CaseFile(
            row=row,
            events=tuple(self.events[case_id]),
            timers=tuple(self.timers[case_id].values()),
            cards=tuple(card for card in self.cards_in("ledger") + self.cards_in("revoked") if card.case_id == case_id),
            outbox=tuple(self.outbox[case_id]),
        )


def _page(rows: list[Any], page: int, size: int) -> list[Any]:
    return rows[(page - 1) * size : page * size]
