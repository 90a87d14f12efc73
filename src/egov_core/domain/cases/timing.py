"""The timers and the cards of a case, derived from its events.

Rules of this room: pure; starts and stops come from the registry of kinds, not from code about single commands. The
difference between the cards that exist by law and those in the case's ledger becomes events, and nothing else does.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

import attrs

from egov_core.domain.cards.schedule import CardKey, ScheduledCard, scheduled_cards
from egov_core.domain.cases.accompanying import StepHandedOver
from egov_core.domain.cases.case import Case, CaseCard, Holding, Mark
from egov_core.domain.cases.events import Accepted, CardIssued, CardRevoked, StepTerms
from egov_core.domain.cases.holders import holder_of
from egov_core.domain.cases.recounts import with_recounts
from egov_core.domain.cases.states import BY_SILENCE, SETTLED, TRANSITIONS
from egov_core.domain.cases.yardstick import Yardstick
from egov_core.domain.legal import ONE_SECOND, instant
from egov_core.domain.periods import FixedDay, Limit
from egov_core.domain.timers.kinds import Expiry, LimitSource, Party, Per, TimerKind
from egov_core.domain.timers.reckoning import Extension, Pause
from egov_core.domain.timers.runs import TimerRun
from egov_core.domain.timers.silence import Lapse

STEP_SPANS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "acceptance": (
        frozenset({"submitted", "supplemented"}),
        frozenset({"accepted", "correction-requested", "not-accepted", "withdrawn", "approved:by-law"}),
    ),
    "review": (frozenset({"accepted"}), frozenset({"reviewed", "referred", "approved", "rejected", "withdrawn"})),
    "conclusion": (
        frozenset({"reviewed", "accepted:short"}),
        frozenset({"referred", "approved", "rejected", "withdrawn"}),
    ),
}
"""From which marks to which each of the three steps lasts."""

RECORDED_LATE, CALENDAR_CHANGED = "recorded-late", "calendar-changed"
"""Why a card is revoked: what happened in time was entered later; a notice has moved the days behind it."""


def runs_of(case: Case, yardstick: Yardstick, only: Collection[str] | None = None) -> tuple[TimerRun, ...]:
    """Every run of every timer the case has had, by kind and in order, with the recounts of the calendar.

    Of the kinds in `only`, where they are given.
    """
    seen = {name for mark in case.history for name in mark.names}
    runs = tuple(
        run
        for kind in yardstick.kinds.values()
        if not seen.isdisjoint(kind.starts_on) and (only is None or kind.code in only)
        for run in _runs(case, kind, yardstick)
    )
    return with_recounts(runs, case, yardstick, _known) if case.recounts else runs


def is_settled(case: Case, yardstick: Yardstick) -> bool:
    """Whether nothing is owed any more and no timer runs, so that the case stays measured as it was, for ever."""
    return case.state in SETTLED and all(run.stopped_at is not None for run in _known(case, yardstick))


def _known(case: Case, yardstick: Yardstick) -> tuple[TimerRun, ...]:
    """The runs of a case as it was known once, of which no recount is asked."""
    return runs_of(attrs.evolve(case, recounts=()), yardstick)


def _runs(case: Case, kind: TimerKind, yardstick: Yardstick) -> Iterator[TimerRun]:
    if kind.per is Per.STEP:
        terms_of = {terms.code: terms for terms in case.steps}
        for code in dict.fromkeys((*terms_of, *case.void_steps)):
            terms = terms_of.get(code)
            for span in _spans(case, *STEP_SPANS[code]):
                if terms is not None or span.void:
                    yield _run(kind, f"{case.case_id}/{kind.code}/{code}-{span.number}", span, case, yardstick, terms)
        return
    for span in _spans(case, kind.starts_on, kind.stops_on):
        if kind.limit_source in _NEEDS_STANDARD and not span.void and not _limits(case, kind, span, yardstick):
            continue  # neither item nor place have a service standard for it
        yield _run(kind, f"{case.case_id}/{kind.code}/{span.number}", span, case, yardstick, None)


_NEEDS_STANDARD = (LimitSource.SERVICE, LimitSource.EVENT)


@attrs.frozen
class _Span:
    """From the mark that starts a run to the instant that ends it; a run whose mark was set aside is void.

    `accepted`: it began with the acceptance that holds, or after it. `handed`: the hand-overs that fall into it.
    """

    number: int
    start: Mark
    stop: datetime | None
    void: bool = False
    accepted: bool = False
    handed: tuple[Holding, ...] = ()


def _spans(case: Case, starts: Collection[str], stops: Collection[str]) -> Iterator[_Span]:
    started: Mark | None = None
    number = before = handed = 0
    accepted = since = False
    for mark in case.history:
        if mark.void_at is not None:
            # what was set aside stops nothing; what it had started is over, and keeps its number
            if mark.is_one_of(starts):
                number += 1
                yield _Span(number, mark, mark.void_at, void=True)
            continue
        accepted = accepted or mark.type == Accepted.type
        if mark.is_one_of(starts) and started is None:
            started, number, before, since = mark, number + 1, handed, accepted
        elif mark.is_one_of(stops) and started is not None:
            yield _Span(number, started, mark.at, accepted=since, handed=case.holdings[before:handed])
            started = None
        handed += mark.type == StepHandedOver.type
    if started is not None:
        yield _Span(number, started, None, accepted=since, handed=case.holdings[before:])


def _run(
    kind: TimerKind, timer_id: str, span: _Span, case: Case, yardstick: Yardstick, terms: StepTerms | None
) -> TimerRun:
    """The run of a span; `terms` are those of the step it is about, if it is about one."""
    mark = span.start
    limits: dict[str, Limit] = {}
    holders: tuple[tuple[datetime, str], ...] = ()
    if terms is not None:
        limits = {"promised": yardstick.policy.counted(terms.limit)}
        begun = [(mark.at, terms.unit)] if terms.unit else []
        holders = (*begun, *((one.at, one.unit) for one in span.handed))
    elif not span.void:
        limits = _limits(case, kind, span, yardstick)
    return TimerRun(
        timer_id=timer_id,
        kind=kind.code,
        start=mark.since or mark.at,
        knowable_from=mark.at if mark.since is not None else None,
        stopped_at=span.stop,
        limits={} if span.void else limits,
        pauses=_pauses(case, yardstick) if kind.pausable else (),
        extensions=(
            tuple(Extension(amount=one.amount, approved_at=one.approved_at) for one in case.extensions)
            if kind.pausable and kind.per is Per.CASE
            else ()
        ),
        party=kind.party,
        holders=holders,
        cards_from=None if case.takeover is None else case.takeover.cards_from,
    )


def _limits(case: Case, kind: TimerKind, span: _Span, yardstick: Yardstick) -> dict[str, Limit]:
    """The limits of a run by base: by what was frozen on submission, and from the acceptance on by what was then."""
    mark = span.start
    if kind.per is Per.PAUSE:
        return {"declared": yardstick.policy.counted(case.pauses[span.number - 1].declared)}
    if kind.limit_source is LimitSource.ITEM:
        given = {"promised": case.promised, "statutory": case.statutory}
        return {base: limit for base, limit in given.items() if limit is not None}
    if kind.limit_source is LimitSource.EVENT and mark.limit is not None:
        return {"due" if isinstance(mark.limit, FixedDay) else "declared": mark.limit}
    limits: dict[str, Limit] = {}
    standards = case.accepted_limits if span.accepted else case.limits
    if kind.code in standards:
        # the place counts its own standards by its own rule, and the applicant's time by the law's
        own = kind.party is Party.ORGAN
        limits["promised"] = yardstick.policy.counted(standards[kind.code]) if own else standards[kind.code]
    if kind.limit is not None and (kind.limit_source is LimitSource.LAW or limits):
        limits["statutory"] = kind.limit
    return limits


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
    lapses_at: datetime | None = None

    def next_look_after(self, at: datetime) -> datetime | None:
        """When the sweep has to look at this run again, for a card or for a lapse; None when it never does."""
        if self.run.stopped_at is not None:
            return None
        instants = [card.at for card in self.cards] + ([] if self.lapses_at is None else [self.lapses_at])
        return min((one for one in instants if one > at), default=None)


def scheduled_runs(case: Case, yardstick: Yardstick) -> tuple[ScheduledRun, ...]:
    """Every run of the case with its cards, and when its end brings more than cards."""
    return tuple(
        ScheduledRun(run, scheduled_cards(yardstick.policy, run, yardstick.ruler), lapse_instant(case, run, yardstick))
        for run in runs_of(case, yardstick)
    )


def able_lapses(case: Case) -> dict[str, Lapse]:
    """What silence can bring to the case from where it stands, by kind of timer."""
    rows = TRANSITIONS[case.state]
    return {lapse.timer: lapse for lapse in case.lapses if BY_SILENCE[lapse.effect] in rows}


def lapse_instant(case: Case, run: TimerRun, yardstick: Yardstick) -> datetime | None:
    """The first second after the limit of a run whose end brings more than cards; None for any other run.

    A limit that passed before the last act brings nothing any more: the case stood then where silence had no effect.
    What the law makes of silence it has made in an earlier system too; a rule of this place closes no case by a date
    before the cut-over, since the applicant was not told of it then.
    """
    lapse = None if run.stopped_at is not None else able_lapses(case).get(run.kind)
    if lapse is None:
        return None
    due = run.due(yardstick.ruler, ("statutory", "due", "declared", "promised")).due
    at = None if due is None else due + ONE_SECOND
    if at is None or at <= case.last_at:
        return None
    if case.takeover is not None and lapse.effect is Expiry.CLOSURE and at < case.takeover.cut_over:
        return None
    return at


def card_changes(
    case: Case, yardstick: Yardstick, now: datetime, runs: tuple[ScheduledRun, ...] | None = None
) -> tuple[CardChange, ...]:
    """What has to be recorded so that the case's ledger holds exactly the cards that exist at `now`.

    A standing card that the law no longer supports at its instant (a finish or a pause entered late, with its true
    time), or that stands against a unit which no longer held the step then, is revoked with that reason; a missing one
    is issued at its legal instant, oldest first. The ledger is unique by epoch and keeps what was revoked: a card
    issued again takes the next free epoch.
    """
    now = instant(now)
    standing: dict[tuple[str, str, str, datetime, str], list[CaseCard]] = {}
    for issued in case.cards:
        if not issued.revoked:
            standing.setdefault((*_rule_of(issued), issued.at, issued.organ or case.organ), []).append(issued)
    missing = []
    for scheduled in scheduled_runs(case, yardstick) if runs is None else runs:
        for card in scheduled.cards:
            if card.at > now:
                continue
            same = standing.get(
                (*_rule_of(card.key), card.at, holder_of(case, scheduled.run, yardstick.organisation, card.at).organ)
            )
            if same:
                same.pop(0)
            else:
                missing.append((scheduled.run, card))
    changes = [CardChange(_revocation(card, RECORDED_LATE), now) for left in standing.values() for card in left]
    taken = {(*_rule_of(card), card.epoch) for card in case.cards}
    for run, card in sorted(missing, key=lambda pair: pair[1].at):
        epoch = next(n for n in itertools.count(card.key.epoch) if (*_rule_of(card.key), n) not in taken)
        taken.add((*_rule_of(card.key), epoch))
        changes.append(CardChange(_issue(case, yardstick, run, card, epoch), card.at))
    return tuple(changes)


def unmade_cards(
    case: Case, yardstick: Yardstick, now: datetime, runs: tuple[ScheduledRun, ...]
) -> tuple[CardChange, ...]:
    """The revocations that follow from a calendar that was exchanged: to be recorded before anything else happens."""
    changes = card_changes(case, yardstick, now, runs)
    return tuple(
        attrs.evolve(change, event=attrs.evolve(change.event, reason=CALENDAR_CHANGED))
        for change in changes
        if isinstance(change.event, CardRevoked)
    )


def _rule_of(card: CaseCard | CardKey) -> tuple[str, str, str]:
    return card.timer_id, card.rule, card.level


def _revocation(card: CaseCard, reason: str) -> CardRevoked:
    return CardRevoked(timer_id=card.timer_id, rule=card.rule, level=card.level, epoch=card.epoch, reason=reason)


def _issue(case: Case, yardstick: Yardstick, run: TimerRun, card: ScheduledCard, epoch: int) -> CardIssued:
    rule = yardstick.policy.rule(card.key.rule)
    due = run.as_known_at(card.at).due(yardstick.ruler, rule.base)
    holder = holder_of(case, run, yardstick.organisation, card.at)
    return CardIssued(
        timer_id=run.timer_id,
        timer_kind=run.kind,
        rule=rule.code,
        level=rule.level,
        epoch=epoch,
        policy=yardstick.policy.ref,
        organ=holder.organ,
        due=due.due,
        provisional=due.provisional,
        succession=holder.reason,
    )
