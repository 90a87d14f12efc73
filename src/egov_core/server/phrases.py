"""Domain values in words: limits, instants, states, reasons, rules.

Rules of this room: it turns values into sentences of the catalogue and decides nothing; what it cannot name (a level or
a pause kind of the place's own) it shows as it was given.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import attrs

from egov_core.domain.cards.thresholds import (
    Earliest,
    Latest,
    Out,
    Overdue,
    ShareRemaining,
    Threshold,
    WorkingDaysBefore,
)
from egov_core.domain.cases.accompanying import CardSuccession
from egov_core.domain.cases.events import CaseEvent
from egov_core.domain.cases.folding import is_lapse
from egov_core.domain.cases.holders import Holder
from egov_core.domain.cases.old_cases import FORMER
from egov_core.domain.catalogue import ItemVersion, PowerClass
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Actor, ActorKind
from egov_core.domain.periods import FixedDay, Immediate, Limit, NoLimit, Period, parse_limit
from egov_core.domain.timers.incidents import Incident
from egov_core.domain.timers.readings import ChosenBy
from egov_core.errors import UnknownError
from egov_core.ports.queries import CardLine
from egov_core.server.desk import Desk
from egov_core.server.grounds import basis_in
from egov_core.server.words import Words

LAST_SECOND = time(23, 59, 59)


def day_in(words: Words, value: date) -> str:
    """A day in full, in the words of a language."""
    return words("time.day", year=value.year, month=words(f"month.{value.month}"), day=value.day)


def limit_in(words: Words, limit: Limit | None) -> str:
    """A limit with its unit, in the words of a language."""
    match limit:
        case None:
            return words("limit.unset")
        case NoLimit():
            return words("limit.none")
        case Immediate():
            return words("limit.immediate")
        case FixedDay():
            return day_in(words, limit.day)
        case Period():
            one = ".one" if limit.amount == 1 else ".many"
            return words(f"unit.{limit.unit.value}{one}", amount=f"{limit.amount.normalize():f}")


def incident_in(words: Words, incident: Incident) -> str:
    """An incident in the words of a language: its instants to the minute, its declared days as a period."""
    data = dict(incident.data)
    for name in ("from", "to", "declared_until", "promised", "statutory"):
        if data.get(name):
            at = datetime.fromisoformat(data[name])
            data[name] = f"{at:%Y-%m-%d}" if at.time() in (time(0), LAST_SECOND) else f"{at:%Y-%m-%d %H:%M}"
    if "declared" in data:
        data["declared"] = limit_in(words, parse_limit(data["declared"]))
    return words(f"incident.{incident.code}", **data)


@attrs.frozen
class Phrases:
    """Values in the words of one language, for one desk."""

    words: Words
    desk: Desk

    # -- time ------------------------------------------------------------------------------------------------------

    def day(self, value: date) -> str:
        """A day in full: 2026年4月3日, 3 April 2026."""
        return day_in(self.words, value)

    def moment(self, value: datetime) -> str:
        """An instant for tables, to the minute."""
        return f"{value:%Y-%m-%d %H:%M}"

    def second(self, value: datetime) -> str:
        """An instant to the second, where the second decides."""
        return f"{value:%Y-%m-%d %H:%M:%S}"

    def written(self, value: str) -> str:
        """An instant to the second, as an event wrote it down."""
        return self.second(datetime.fromisoformat(value))

    def since(self, value: datetime) -> str:
        """When a card began: the day alone where it begins with the day."""
        return f"{value:%Y-%m-%d}" if value.time() == time(0) else self.moment(value)

    def due(self, value: datetime | None) -> str:
        """A due instant: the day alone where the whole day is in time."""
        if value is None:
            return self.words("time.none")
        return f"{value:%Y-%m-%d}" if value.time() == LAST_SECOND else self.moment(value)

    def due_in_full(self, value: datetime) -> str:
        """A due instant for a sentence."""
        if value.time() == LAST_SECOND:
            return self.words("time.by_day", day=self.day(value.date()))
        return self.words("time.by_instant", day=self.day(value.date()), time=f"{value:%H:%M}")

    def how_late(self, due: datetime | None, now: datetime) -> str:
        """How many working days are left, or how many it is late."""
        if due is None:
            return self.words("time.none")
        calendar = self.desk.ruler.calendar
        if now > due:
            days = calendar.elapsed(due.date(), now.date())
            return self.words("late.over", days=days) if days else self.words("late.over_today")
        if now.date() == due.date():
            return self.words("late.today")
        # Counted forwards, so that today is left out and the due day counts: on a Saturday, Monday is one day off.
        days = calendar.elapsed(now.date(), due.date())
        return self.words("late.left", days=days) if days else self.words("late.none_left")

    # -- the law ---------------------------------------------------------------------------------------------------

    def limit(self, limit: Limit | None) -> str:
        """A limit with its unit."""
        return limit_in(self.words, limit)

    def statutory(self, item: ItemVersion) -> str:
        """The statutory limit of an item. One that nobody has given is not called no limit: no law says so."""
        if item.statutory_is_default and isinstance(item.statutory, NoLimit):
            return self.words("guide.not_given")
        return self.limit(item.statutory)

    def by_default(self, item: ItemVersion) -> str:
        """What holds where no statutory limit was given, as the import says it: 行政许可法 42 is for licences only."""
        otherwise = "guide.not_set" if isinstance(item.statutory, NoLimit) else "guide.by_analogy"
        return self.words("guide.by_default" if item.power_class is PowerClass.LICENCE else otherwise)

    def not_promised(self, item: ItemVersion) -> str:
        """What holds where nothing is promised: the statutory limit, unless there is none either."""
        return self.words("guide.nothing_promised" if isinstance(item.statutory, NoLimit) else "guide.not_promised")

    def number(self, value: Decimal) -> str:
        """A decimal without trailing zeros."""
        return f"{value.normalize():f}"

    def incident(self, incident: Incident) -> str:
        """What has to be said beside a deadline."""
        return incident_in(self.words, incident)

    def chooser(self, by: ChosenBy) -> str:
        """Who chose a reading."""
        return self.words(f"chooser.{by.chooser.value}", name=by.name)

    def basis(self, basis: LegalBasis) -> str:
        """A legal basis; what is none is said to be none."""
        return basis_in(self.words, basis)

    def organ(self, code: str) -> str:
        """An organ by its name in the language of the page, its code where it is unknown."""
        try:
            organ = self.desk.organisation.get(code).as_on(self.desk.now().date())
        except UnknownError:
            return code
        return organ.name_en if self.words.lang == "en" and organ.name_en else organ.name

    def item(self, code: str, fallback: str) -> str:
        """An item's name; items have a Chinese name only."""
        versions = self.desk.catalogue.items.get(code)
        return versions[-1].name if versions else fallback

    def place(self) -> str:
        """The name of the place."""
        return self.desk.title_en if self.words.lang == "en" and self.desk.title_en else self.desk.title

    def policy(self, ref: str) -> str:
        """A card policy's title and version; its reference where it is not known here."""
        try:
            policy = self.desk.policy(ref)
        except UnknownError:
            return ref
        title = policy.title_en if self.words.lang == "en" and policy.title_en else policy.title
        return self.words("policy.titled", title=title, version=policy.version)

    def policy_ref(self, ref: str) -> str:
        """A card policy's `name@version`, by which a program asks for it; of the office's own where `ref` is empty."""
        try:
            return self.desk.policy(ref).ref
        except UnknownError:
            return ref

    def hours(self, name: str) -> str:
        """What a shipped timetable of office hours is called; a place's own by its own name."""
        return self.words.either(f"timetable.{name}", name)

    # -- codes -----------------------------------------------------------------------------------------------------

    def state(self, code: str) -> str:
        """Where our part stands."""
        return self.words(f"state.{code}")

    def whole(self, code: str) -> str:
        """Where the whole case stands."""
        return self.words(f"whole.{code}")

    def level(self, code: str) -> str:
        """A card's level; levels are the place's own."""
        return self.words.either(f"level.{code}", code)

    def event(self, code: str) -> str:
        """What happened."""
        return self.words.either(f"event.{code}", code)

    def happened(self, event: CaseEvent) -> str:
        """What happened; what the law did by itself is never shown as somebody's act."""
        said = self.event(event.type)
        return self.words.either(f"by_law.{event.type}", said) if is_lapse(event) else said

    def timer(self, code: str) -> str:
        """A kind of timer by the name it gives itself; its code where it is not known here any more."""
        kind = self.desk.kinds.get(code)
        if kind is None:
            return code
        name = kind.name_en if self.words.lang == "en" and kind.name_en else kind.name
        return name[:1].upper() + name[1:]

    def pause_kind(self, kind: str) -> str:
        """A special procedure."""
        return self.words.either(f"pause.{kind}", kind)

    def reason(self, code: str) -> str:
        """Why a day counts or does not."""
        return self.words.either(f"reason.{code}", code)

    def revocation(self, code: str) -> str:
        """Why a card was revoked: a code of ours, or what somebody wrote."""
        return self.words.either(f"revoked.{code}", code)

    def actor(self, actor: Actor) -> str:
        """Who acted: staff by their official name, an applicant never by name."""
        if actor.kind is ActorKind.STAFF:
            organ = self.organ(actor.organ) if actor.organ else ""
            under = "".join(self._under(*one.split(" ", 1)) for one in actor.under)
            return " ".join(part for part in (organ, f"{actor.name or actor.code}{under}") if part)
        if actor.kind is ActorKind.UPPER:
            return self.organ(actor.organ or actor.code)
        if actor.code == FORMER:
            return actor.name  # an earlier system by its name: whoever acted there is not known here
        return self.words(f"actor.{actor.kind.value}")

    def _under(self, kind: str, code: str) -> str:
        """By which delegation, or that as a stand-in, somebody acted."""
        return self.words({"delegation": "actor.delegation", "stand-in": "actor.stand-in"}[kind], code=code)

    def successions(self, line: CardLine) -> tuple[CardSuccession, ...]:
        """By which successions a listed card stands against another organ than that of its case; a unit's has none."""
        tree, day = self.desk.organisation, line.card.at.date()
        if not line.case_organ or line.card.organ == line.case_organ or not tree.successions:
            return ()
        reached, walked = tree.responsible(line.case_organ, line.item, day, since=line.received)
        return Holder(reached, walked).reason if reached == line.card.organ else ()

    def succession(self, step: CardSuccession) -> str:
        """That work passed from one organ to another, since when and on which basis."""
        return self.words(
            "structure.succession",
            source=self.organ(step.source),
            target=self.organ(step.target),
            day=step.effective.isoformat(),
            basis=step.basis,
            plan=step.plan,
        )

    # -- rules -----------------------------------------------------------------------------------------------------

    def rule(self, when: Threshold) -> str:
        """When a rule speaks, as a sentence made from its expression."""
        match when:
            case Overdue():
                return self.words("rule.overdue")
            case WorkingDaysBefore():
                return self.words("rule.before" if when.days else "rule.before_none", days=when.days)
            case ShareRemaining():
                return self.words("rule.share", percent=self.number(when.share * 100))
            case Out():
                key = "rule.out_after" if when.least > 1 else "rule.out_due" if when.least == 1 else "rule.out_before"
                return self.words(key, days=abs(when.least - 1))
            case Earliest():
                return self.words("rule.earliest", rules=self.words("rule.or").join(map(self.rule, when.of)))
            case Latest():
                return self.words("rule.latest", rules=self.words("rule.and").join(map(self.rule, when.of)))
