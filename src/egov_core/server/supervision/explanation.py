"""The explanation of a case's deadlines for a complaint file 计时说明: in Chinese words, as values and as text.

Rules of this room: Chinese always, whatever the reader's language, because that is what a file is kept in; nothing
personal; nothing is computed here that the page of the case does not show. It needs no template engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from egov_core.domain.cases.events import Extended, Paused
from egov_core.domain.legal import AS_GIVEN
from egov_core.domain.periods import Limit
from egov_core.domain.timers.ledger import LedgerLine
from egov_core.domain.timers.readings import Reading
from egov_core.server.desk import Desk
from egov_core.server.grounds import deemed_accepted_since, source_in
from egov_core.server.phrases import Phrases
from egov_core.server.supervision.reading import BASES, CaseReading, TimerReading
from egov_core.server.words import Words, words_of

Fact = tuple[str, str]


@attrs.frozen(kw_only=True)
class ExplainedLine:
    """A line of a ledger in words; `ahead`: the day has not come yet."""

    where: str
    counts: bool
    mark: str
    reason: str
    source: str
    total: str
    ahead: bool


@attrs.frozen(kw_only=True)
class ExplainedReading:
    """A reading in words; `by` is empty for one that was not chosen."""

    setting: str
    value: str
    day: str
    by: str


@attrs.frozen(kw_only=True)
class ExplainedTimer:
    """A timer in words: its facts, its ledger, its readings, and what has to be said."""

    name: str
    facts: tuple[Fact, ...]
    lines: tuple[ExplainedLine, ...]
    readings: tuple[ExplainedReading, ...]
    notes: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Explanation:
    """What is printed: a title, the facts of the case, its timers, and on what it all rests."""

    title: str
    demo: str
    facts: tuple[Fact, ...]
    timers: tuple[ExplainedTimer, ...]
    grounds: tuple[Fact, ...]
    disclaimer: str


def explanation(desk: Desk, reading: CaseReading) -> Explanation:
    """The explanation of the timers that the reading holds."""
    return _Writer(Phrases(words_of("zh"), desk), reading).explanation()


def explanation_text(desk: Desk, reading: CaseReading) -> str:
    """The same as text for a terminal or a letter."""
    told = explanation(desk, reading)
    return "\n".join(_text(told, words_of("zh"))) + "\n"


def _text(told: Explanation, words: Words) -> Iterator[str]:
    yield told.title
    if told.demo:
        yield told.demo
    yield from (f"{label}：{value}" for label, value in told.facts)
    for timer in told.timers:
        yield ""
        yield f"【{timer.name}】"
        yield from (f"{label}：{value}" for label, value in timer.facts)
        for line in timer.lines:
            source = f"（{line.source}）" if line.source else ""
            yield f"  {line.where}  {line.mark}  {line.reason}{source}  {words('ledger.total')} {line.total}"
        if timer.readings:
            yield words("reading.heading")
            for one in timer.readings:
                by = f"  {words('reading.chosen')}（{one.by}）" if one.by else ""
                yield f"  {one.setting}：{one.value}，{words('reading.day')} {one.day}{by}"
        yield from timer.notes
    yield ""
    yield from (f"{label}：{value}" for label, value in told.grounds)
    yield told.disclaimer


@attrs.frozen
class _Writer:
    """Puts a reading into words."""

    p: Phrases
    reading: CaseReading

    def explanation(self) -> Explanation:
        w, row = self.p.words, self.reading.file.row
        case = self.reading.case
        return Explanation(
            title=w("print.title", place=self.p.place()),
            demo=f"{w('demo.name')}：{w('demo.text')}" if self.p.desk.demo else "",
            facts=(
                (w("case.number"), row.number),
                (
                    w("case.item"),
                    f"{row.item_name}（{w('case.item_version', code=row.item, version=case.item_version)}）",
                ),
                (w("column.organ"), self.p.organ(row.organ)),
                (w("case.applicant"), w("case.masked")),
                (w("case.standing"), self.p.state(row.state)),
                *self._deemed(),
            ),
            timers=tuple(self._timer(timer) for timer in self.reading.timers),
            grounds=tuple(self._grounds()),
            disclaimer=w("footer.disclaimer"),
        )

    def _deemed(self) -> Iterator[Fact]:
        """That it counts as accepted by the law alone, and why: nobody would look for it in the dates."""
        since = deemed_accepted_since(self.reading.case)
        if since is not None:
            w = self.p.words
            told = w("detail.deemed", time=self.p.second(since)) + w("detail.deemed_why")
            yield w("lapse_name.deemed-acceptance"), told

    def _grounds(self) -> Iterator[Fact]:
        w, calendar = self.p.words, self.reading.ruler.calendar
        reach = w("time.none") if calendar.horizon is None else calendar.horizon.isoformat()
        yield w("case.policy"), self.p.policy(self.reading.policy.ref)
        yield w("print.calendar"), w("print.calendar_is", version=calendar.version, horizon=reach)
        yield w("print.hours"), self.p.hours(self.reading.ruler.clock.hours.name)
        yield w("print.at"), self.p.second(self.reading.now)

    def _timer(self, timer: TimerReading) -> ExplainedTimer:
        return ExplainedTimer(
            name=self.p.timer(timer.run.kind) + (f" · {self.p.words(f'step.{timer.step}')}" if timer.step else ""),
            facts=tuple(self._facts(timer)),
            lines=tuple(self._line(line, timer) for line in timer.lines),
            readings=tuple(self._reading(one) for one in timer.readings),
            notes=tuple(self._notes(timer)),
        )

    def _facts(self, timer: TimerReading) -> Iterator[Fact]:
        w, run, due = self.p.words, timer.run, timer.due
        for base in BASES:
            if base in run.limits:
                yield w("print.limit", base=w(f"base.{base}")), self._limit(run.limits[base])
        yield w("case.started"), self.p.second(run.start)
        if run.pauses or run.extensions:
            yield from self._events()
        if run.stopped_at is not None:
            yield w("case.stopped"), self.p.second(run.stopped_at)
        yield w("case.due"), self._due(timer)
        if due.due is not None and run.stopped_at is None:
            yield w("column.due_late"), self.p.how_late(due.due, self.reading.now)
        elif due.due is not None and run.stopped_at is not None:
            late = f"，{self.p.how_late(due.due, run.stopped_at)}" if timer.state == "late" else ""
            yield w("column.due_late"), w(f"timer_is.{timer.state}") + late

    def _limit(self, limit: Limit) -> str:
        return self.p.limit(limit) + ("" if limit.basis == AS_GIVEN else f"（{self.p.basis(limit.basis)}）")

    def _due(self, timer: TimerReading) -> str:
        w, due = self.p.words, timer.due
        if due.due is None:
            return w(f"why_open.{due.why_open}")
        said = self.p.due_in_full(due.due)
        return f"{said}（{w('time.provisional')}）" if due.provisional else said

    def _events(self) -> Iterator[Fact]:
        """The special procedures and the extension, each with its notice."""
        w = self.p.words
        for one in self.reading.events:
            event = one.event
            if isinstance(event, Paused):
                kind, declared = self.p.pause_kind(event.kind), self.p.limit(event.declared)
                said = w("detail.declared", period=declared), w("detail.notice", notice=event.notice)
                yield self.p.event(event.type), "，".join((self.p.second(one.at), kind, *said))
            elif isinstance(event, Extended):
                said = w("detail.extended", period=self.p.limit(event.amount)), w("detail.notice", notice=event.notice)
                yield self.p.event(event.type), "，".join((self.p.second(one.at), *said))
            elif event.type == "resumed":
                yield self.p.event(event.type), self.p.second(one.at)

    def _line(self, line: LedgerLine, timer: TimerReading) -> ExplainedLine:
        w = self.p.words
        where = f"{line.day.isoformat()} {w(f'weekday.{line.day.weekday()}')}"
        if line.start is not None and line.end is not None:
            where += f" {line.start:%H:%M:%S}–{_end(line.start, line.end)}"
        ahead = line.day > self.reading.now.date()
        reason = self.p.reason(line.reason)
        marks = [w("time.provisional")] * line.provisional + [w("ledger.ahead")] * ahead
        return ExplainedLine(
            where=where,
            counts=line.counts,
            mark=w("ledger.yes") if line.counts else w("ledger.no"),
            reason="，".join((reason, *marks)),
            source=source_in(w, line.source, timer.run.limits.values()),
            total=self.p.number(line.total),
            ahead=ahead,
        )

    def _reading(self, one: Reading) -> ExplainedReading:
        w = self.p.words
        by = f"{self.p.chooser(one.by)}：{w(f'why.{one.setting}.{one.value}')}" if one.chosen else ""
        return ExplainedReading(
            setting=w(f"setting.{one.setting}"),
            value=w(f"value.{one.setting}.{one.value}"),
            day=w("reading.open") if one.last_day is None else one.last_day.isoformat(),
            by=by,
        )

    def _notes(self, timer: TimerReading) -> Iterator[str]:
        w = self.p.words
        for one in timer.incidents:
            yield w("print.note", code=one.code, text=self.p.incident(one))
        if timer.due.provisional:
            yield w("time.provisional_long")


def _end(start: datetime, end: datetime) -> str:
    """The end of a part of a day; the end of the day itself is 24:00."""
    return "24:00:00" if end.date() > start.date() and end - start <= timedelta(days=1) else f"{end:%H:%M:%S}"
