"""Which cards a run has earned, or will: the only place that decides it.

Rules of this room: pure; the answer never depends on how often or how late somebody asks.

How it works. What is known about a run changes only at its turning points (a pause starts or ends, an extension is
approved, another revision of the calendar begins to decide). Between two of them each rule has one instant at which it
becomes true. The first such instant that is reached before the next turning point is the card's legal instant. It
stays: a later pause does not unmake a warning that was due before it. An extension begins a new epoch, in which the
rules may speak again, once each. A card exists if and only if its instant is not after the finish.

A notice may speak of days before its publication. Between the first of them and the publication nobody could know, so
the later of the two instants holds there: the notice takes cards away, and brings none.

A run that began in an earlier system bears `cards_from`, the cut-over. Nobody here supervised it before, so a card
whose instant lies before it is withheld: it does not exist, now or later, while the run is as overdue as it is. A
withheld card has had its turn. It uses up its rule and epoch as an issued one does, or else a pause after the cut-over
would bring it back with a date on which nothing happened; a rule whose instant is not before it speaks as always.
"""

from __future__ import annotations

from datetime import datetime

import attrs

from egov_core.domain.cards.policy import CardPolicy, CardRule
from egov_core.domain.legal import ONE_SECOND, instant
from egov_core.domain.timers.reckoning import Ruler
from egov_core.domain.timers.runs import TimerRun


@attrs.frozen(kw_only=True)
class CardKey:
    """What makes a card unique: one per timer, rule, level and epoch."""

    timer_id: str
    rule: str
    level: str
    epoch: int


@attrs.frozen(kw_only=True)
class ScheduledCard:
    """A card 牌 that exists from `at` (its first second) unless the run stops before."""

    key: CardKey
    at: datetime


def scheduled_cards(policy: CardPolicy, run: TimerRun, ruler: Ruler) -> tuple[ScheduledCard, ...]:
    """All cards of the run if nothing more happens to it, in the order of their instants."""
    ruler = policy.ruler(ruler)
    rules = policy.rules_for(run.kind, run.party)
    if not rules:
        return ()
    points = run.turning_points()
    recounted = {recount.at for recount in run.recounts}
    found: dict[CardKey, ScheduledCard] = {}
    for index, since in enumerate(points):
        until = points[index + 1] if index + 1 < len(points) else None
        if until is not None:
            known = run.as_known_at(since)
        else:
            known = run if run.stopped_at is None else attrs.evolve(run, stopped_at=None)
        for rule in rules:
            # an extension opens a new epoch for the limits it lengthens, and for no others
            limit = known.limit(rule.base)
            epoch = 0 if limit is None else len(known.extensions_of(limit))
            key = CardKey(timer_id=run.timer_id, rule=rule.code, level=rule.level, epoch=epoch)
            if key in found:
                continue
            at = _instant(rule, known, ruler, since)
            if at is None:
                continue
            at = max(at, since)
            if until is None or at < until or (at == until and until not in recounted):
                found[key] = ScheduledCard(key=key, at=at)
    standing = (card for card in found.values() if run.stopped_at is None or card.at <= run.stopped_at)
    standing = (card for card in standing if run.cards_from is None or card.at >= run.cards_from)
    order = {level: rank for rank, level in enumerate(policy.levels)}
    return tuple(sorted(standing, key=lambda card: (card.at, order[card.key.level], card.key.rule)))


def _instant(rule: CardRule, known: TimerRun, ruler: Ruler, since: datetime) -> datetime | None:
    """When the rule becomes true of the run as known from `since` on; before a notice was published, by the later."""
    at = rule.when.instant(known, known.ruler(ruler), rule.base)
    unpublished = next((one for one in known.recounts if one.at <= since < one.published_at), None)
    if at is None or unpublished is None:
        return at
    earlier = attrs.evolve(known, as_of=unpublished.at - ONE_SECOND)
    otherwise = rule.when.instant(earlier, earlier.ruler(ruler), rule.base)
    return None if otherwise is None else max(at, otherwise)


def withheld_cards(policy: CardPolicy, run: TimerRun, ruler: Ruler) -> tuple[ScheduledCard, ...]:
    """The cards that would exist if the run had been supervised here before the cut-over, in order."""
    if run.cards_from is None:
        return ()
    everything = scheduled_cards(policy, attrs.evolve(run, cards_from=None), ruler)
    return tuple(card for card in everything if card.at < run.cards_from)


def existing_cards(policy: CardPolicy, run: TimerRun, ruler: Ruler, at: datetime) -> tuple[ScheduledCard, ...]:
    """The cards of the run that exist at `at`."""
    at = instant(at)
    return tuple(card for card in scheduled_cards(policy, run, ruler) if card.at <= at)


def next_card_at(policy: CardPolicy, run: TimerRun, ruler: Ruler, after: datetime) -> datetime | None:
    """The instant of the next card after `after` if nothing more happens; None when there is none."""
    after = instant(after)
    if run.stopped_at is not None:
        return None
    return min((card.at for card in scheduled_cards(policy, run, ruler) if card.at > after), default=None)
