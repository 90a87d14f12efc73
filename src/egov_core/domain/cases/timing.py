"""The timers and the cards of a case, derived from its events.

Rules of this room: pure; starts and stops come from the registry of kinds, not from code about single commands. The
difference between the cards that exist by law and those in the case's ledger becomes events, and nothing else does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime

import attrs

from egov_core.domain.cards.schedule import CardKey, ScheduledCard, scheduled_cards
from egov_core.domain.cases.case import Case, CaseCard
from egov_core.domain.cases.events import CardIssued, CardRevoked
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.legal import instant
from egov_core.domain.periods import Limit
from egov_core.domain.timers.kinds import TimerKind
from egov_core.domain.timers.reckoning import Extension, Pause
from egov_core.domain.timers.runs import TimerRun


def runs_of(case: Case, yardstick: Yardstick) -> tuple[TimerRun, ...]:
    """Every run of every timer the case has had, by kind and in order."""
    return tuple(run for kind in yardstick.kinds.values() if kind.starts_on for run in _runs(case, kind, yardstick))


def _runs(case: Case, kind: TimerKind, yardstick: Yardstick) -> Iterator[TimerRun]:
    started: datetime | None = None
    number = 0
    for mark in case.history:
        if mark.type in kind.starts_on and started is None:
            started, number = mark.at, number + 1
        elif mark.type in kind.stops_on and started is not None:
            yield _run(case, kind, yardstick, number, started, mark.at)
            started = None
    if started is not None:
        yield _run(case, kind, yardstick, number, started, None)


def _run(
    case: Case, kind: TimerKind, yardstick: Yardstick, number: int, start: datetime, stop: datetime | None
) -> TimerRun:
    limits: dict[str, Limit] = {}
    if kind.per_pause:
        limits["declared"] = yardstick.policy.counted(case.pauses[number - 1].declared)
    elif kind.limit is not None:
        limits["statutory"] = kind.limit
    else:
        if case.promised is not None:
            limits["promised"] = case.promised
        if case.statutory is not None:
            limits["statutory"] = case.statutory
    return TimerRun(
        timer_id=f"{case.case_id}/{kind.code}/{number}",
        kind=kind.code,
        start=start,
        stopped_at=stop,
        limits=limits,
        pauses=_pauses(case, yardstick) if kind.pausable else (),
        extensions=(
            tuple(Extension(amount=one.amount, approved_at=one.approved_at) for one in case.extensions)
            if kind.pausable
            else ()
        ),
    )


def _pauses(case: Case, yardstick: Yardstick) -> tuple[Pause, ...]:
    return tuple(
        Pause(
            start=pause.start,
            end=pause.end,
            declared=pause.declared,
            by_dates=yardstick.policy.pauses_by_dates,
            kind=pause.kind,
            notice=pause.notice,
        )
        for pause in case.pauses
    )


@attrs.frozen
class CardChange:
    """A card event and the legal instant it bears."""

    event: CardIssued | CardRevoked
    at: datetime


@attrs.frozen
class ScheduledRun:
    """A run with all cards it has earned or will, computed once for everything that needs them."""

    run: TimerRun
    cards: tuple[ScheduledCard, ...]

    def next_card_after(self, at: datetime) -> datetime | None:
        """When the sweep has to look at this run again; None when it never does."""
        if self.run.stopped_at is not None:
            return None
        return min((card.at for card in self.cards if card.at > at), default=None)


def scheduled_runs(case: Case, yardstick: Yardstick) -> tuple[ScheduledRun, ...]:
    """Every run of the case with its cards."""
    return tuple(
        ScheduledRun(run, scheduled_cards(yardstick.policy, run, yardstick.ruler)) for run in runs_of(case, yardstick)
    )


def card_changes(
    case: Case, yardstick: Yardstick, now: datetime, runs: tuple[ScheduledRun, ...] | None = None
) -> tuple[CardChange, ...]:
    """What has to be recorded so that the case's ledger holds exactly the cards that exist at `now`.

    A standing card that the law no longer supports at its instant (a finish or a pause entered late, with its true
    time) is revoked with that reason; a missing one is issued at its legal instant, oldest first. The ledger is unique
    by epoch and keeps what was revoked: a card issued again takes the next free epoch.
    """
    now = instant(now)
    standing: dict[tuple[str, str, str, datetime], list[CaseCard]] = {}
    for issued in case.cards:
        if not issued.revoked:
            standing.setdefault((*_rule_of(issued), issued.at), []).append(issued)
    missing = []
    for scheduled in scheduled_runs(case, yardstick) if runs is None else runs:
        for card in scheduled.cards:
            if card.at > now:
                continue
            same = standing.get((*_rule_of(card.key), card.at))
            if same:
                same.pop(0)
            else:
                missing.append((scheduled.run, card))
    changes = [CardChange(_revocation(card), now) for left in standing.values() for card in left]
    taken = {(*_rule_of(card), card.epoch) for card in case.cards}
    for run, card in sorted(missing, key=lambda pair: pair[1].at):
        epoch = next(n for n in itertools.count(card.key.epoch) if (*_rule_of(card.key), n) not in taken)
        taken.add((*_rule_of(card.key), epoch))
        changes.append(CardChange(_issue(case, yardstick, run, card, epoch), card.at))
    return tuple(changes)


def _rule_of(card: CaseCard | CardKey) -> tuple[str, str, str]:
    return card.timer_id, card.rule, card.level


def _revocation(card: CaseCard) -> CardRevoked:
    return CardRevoked(
        timer_id=card.timer_id,
        rule=card.rule,
        level=card.level,
        epoch=card.epoch,
        reason="recorded-late",
    )


def _issue(case: Case, yardstick: Yardstick, run: TimerRun, card: ScheduledCard, epoch: int) -> CardIssued:
    rule = yardstick.policy.rule(card.key.rule)
    due = run.as_known_at(card.at).due(yardstick.ruler, rule.base)
    return CardIssued(
        timer_id=run.timer_id,
        timer_kind=run.kind,
        rule=rule.code,
        level=rule.level,
        epoch=epoch,
        policy=yardstick.policy.ref,
        organ=case.organ,
        due=due.due,
        provisional=due.provisional,
    )
