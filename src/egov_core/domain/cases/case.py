"""The case 办件 as a value: what its events have made of it.

Rules of this room: values only; `folding` makes them from events. A case holds what `decide` and the timers need, not a
copy of the stream.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

import attrs

from egov_core.domain.cases.events import Renewal, StepTerms
from egov_core.domain.cases.states import State
from egov_core.domain.people import Actor
from egov_core.domain.periods import Limit, Period
from egov_core.domain.timers.kinds import TimerKind
from egov_core.domain.timers.silence import Lapse

ACCEPTANCE = "acceptance"
"""The code of the first step, which has begun before its terms can be frozen on acceptance."""


@attrs.frozen
class Mark:
    """That an event of this type happened at that time: what timers start and stop on.

    `tags` say more of the event; `since` is from when its limits run, where that is earlier (deemed acceptance);
    `limit` is the limit it sets itself; `void_at` is when it was set aside, which leaves it without effect.
    """

    type: str
    at: datetime
    tags: tuple[str, ...] = ()
    since: datetime | None = None
    limit: Limit | None = None
    void_at: datetime | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What kinds of timers call it: the type, and the type with each tag."""
        return (self.type, *(f"{self.type}:{tag}" for tag in self.tags)) if self.tags else (self.type,)

    def is_one_of(self, names: Collection[str]) -> bool:
        """Whether a kind of timer that starts or stops on `names` does so here."""
        return self.type in names or (bool(self.tags) and any(name in names for name in self.names))


@attrs.frozen(kw_only=True)
class CasePause:
    """A special procedure of the case; `end` None while it lasts."""

    kind: str
    notice: str
    declared: Period
    start: datetime
    end: datetime | None = None


@attrs.frozen(kw_only=True)
class CaseExtension:
    """The extension of the case."""

    amount: Period
    approved_at: datetime


@attrs.frozen
class Holding:
    """Which internal unit holds the case's step in hand from `at` on."""

    at: datetime
    unit: str


@attrs.frozen(kw_only=True)
class Hearing:
    """The hearing of the case as far as it has come."""

    offered_at: datetime
    requested_at: datetime | None = None
    day: date | None = None
    held_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Lapsed:
    """What silence has made of the case, and how it stood before, in case it is set aside."""

    effect: str
    at: datetime
    state: State
    item_version: int
    resume_to: State | None
    pauses: tuple[CasePause, ...]


@attrs.frozen(kw_only=True)
class CaseCard:
    """A card in the case's own ledger; revoked ones stay."""

    timer_id: str
    timer_kind: str
    rule: str
    level: str
    epoch: int
    at: datetime
    revoked: bool = False
    organ: str = ""


@attrs.frozen(kw_only=True)
class CaseRecount:
    """That the case passed to a revision of the calendar, and what was known of it then.

    `at` is from when the revision decides, `published` when it became knowable. `marks`, `pauses` and `extensions` are
    how far the history had come: what the applicant had been told follows from them.
    """

    revision: int
    at: datetime
    published: date
    entered_at: datetime
    notice: str
    marks: int
    pauses: tuple[CasePause, ...] = ()
    extensions: tuple[CaseExtension, ...] = ()


@attrs.frozen(kw_only=True)
class Takeover:
    """That the case came from an earlier system: which, at which cut-over, and how much had been done there.

    `acts` counts the events from there, the submission included.
    """

    source: str
    cut_over: datetime
    acts: int
    cards_confirmed: bool = False

    @property
    def cards_from(self) -> datetime | None:
        """No card is dated before this instant; None where cards from before the cut-over were confirmed."""
        return None if self.cards_confirmed else self.cut_over


@attrs.frozen(kw_only=True)
class Case:
    """One case 办件 as its events made it. `version` is the number of its events, the position of the last.

    `limits` are the service standards of the submission, `accepted_limits` those that hold from the acceptance on;
    `void_steps` the steps with a limit that an acceptance set aside had begun.

    `last_actor`, `last_act` and `last_at` name who moved it last: what the loser of a race is told. Cards and lapses
    move nobody's case, so they leave these as they are; `lapsed` are the lapses since, the latest last. `takeover` says
    that it began in an earlier system.
    """

    case_id: str
    version: int
    state: State
    number: str
    item: str
    item_version: int
    item_name: str
    organ: str
    subject: str
    materials: tuple[str, ...]
    query_digest: str
    policy: str
    history: tuple[Mark, ...]
    last_actor: Actor
    last_act: str
    last_at: datetime
    resume_to: State | None = None
    promised: Limit | None = None
    statutory: Limit | None = None
    pauses: tuple[CasePause, ...] = ()
    extensions: tuple[CaseExtension, ...] = ()
    corrections: int = 0
    referred_to: str = ""
    referral_key: str = ""
    cards: tuple[CaseCard, ...] = ()
    limits: Mapping[str, Limit] = attrs.field(factory=dict)
    accepted_limits: Mapping[str, Limit] = attrs.field(factory=dict)
    lapses: tuple[Lapse, ...] = ()
    steps: tuple[StepTerms, ...] = ()
    void_steps: tuple[str, ...] = ()
    holdings: tuple[Holding, ...] = ()
    renewal: Renewal | None = None
    kinds: tuple[TimerKind, ...] = ()
    hearing: Hearing | None = None
    lapsed: tuple[Lapsed, ...] = ()
    calendar: int = 1
    recounts: tuple[CaseRecount, ...] = ()
    takeover: Takeover | None = None

    def is_taken_over(self, position: int) -> bool:
        """Whether the event at this position happened in an earlier system, which has seen to what follows from it."""
        return self.takeover is not None and position <= self.takeover.acts + 1

    def when(self, event_type: str) -> datetime | None:
        """From when the first event of this type counts, None where there was none, or it was set aside."""
        return next(
            (mark.since or mark.at for mark in self.history if mark.type == event_type and mark.void_at is None), None
        )
