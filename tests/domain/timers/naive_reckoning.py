"""Deadlines on foot: the law of time by a program that walks, day by day and window by window.

It shares no arithmetic with the library: no prefix sums, no merged intervals, no jumps. A question is plain values, an
instant is the wall time in China without a zone. What each rule means is said here once more, in the words of a person
who crosses out days in a wall calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.domain.calendar.naive_calendar import DAY, Window, days_from, naive_calendar, naive_hours

NEVER = datetime.max
WHOLE_DAY = ((time(0), time(0)),)  # until 00:00 of the next day

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Stop:
    """A pause: when it began and ended (None: open), whether by days, and the working days told to the applicant."""

    begin: datetime
    end: datetime | None
    by_dates: bool
    declared: Decimal | None


@dataclass(frozen=True)
class Question:
    """A limit of `amount` `unit` (wd, d, m, y, wh, h) from `start`, and how the place reads what law leaves open."""

    start: datetime
    amount: Decimal
    unit: str
    start_rule: str
    stops: tuple[Stop, ...] = ()
    extensions: tuple[Decimal, ...] = ()
    roll: bool = False
    closed: bool = False
    capped: bool = False
    next_month: bool = False
    until_closing: bool = False
    hours: str = "standard"


@dataclass(frozen=True)
class Answer:
    """The last second in time, the first counted and the last day, and whether a day between is only guessed."""

    due: datetime
    first_day: date
    last_day: date
    guessed: bool


def walk(q: Question) -> Answer | None:
    """The answer; None where a pause nobody knows the end of begins before the limit is used up."""
    return Walk(q).answer()


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


class Walk:
    """One walk from a start to a deadline."""

    def __init__(self, q: Question) -> None:
        self.q = q
        self.worked, self.guessed = naive_calendar()
        self.hours = naive_hours(q.hours)
        self.amount = q.amount
        for more in q.extensions:
            self.amount += more

    def answer(self) -> Answer | None:
        q = self.q
        if q.unit == "wd" and q.start_rule == "instant":
            return self.on_scale()
        if q.unit in ("wh", "h"):
            return self.in_hours()
        if q.unit == "wd" and not all(stop.by_dates for stop in q.stops):
            return self.in_parts_of_days()
        return self.in_days()

    # -- what a place knows --------------------------------------------------------------------------------------------

    def windows(self, day: date) -> tuple[Window, ...]:
        """The opening windows of a worked day; none on a rest day."""
        return self.hours[day.month, day.day] if day in self.worked else ()

    def opening_after(self, at: datetime) -> datetime:
        """`at` where the office is open, else when it opens next."""
        day = at.date()
        while True:
            for opening, closing in self.windows(day):
                if day > at.date() or at.time() < closing:
                    return max(at, datetime.combine(day, opening))
            day += DAY

    def worked_days_after(self, day: date, count: Decimal) -> date:
        """The day on which so many worked days after `day` are reached."""
        counted = 0
        while counted < count:
            day += DAY
            counted += day in self.worked
        return day

    def first_candidate(self) -> date:
        return self.q.start.date() + (DAY if self.q.start_rule != "same-day" else timedelta())

    def ended(self, first: date, last: date) -> Answer:
        """The end of a limit in days."""
        q = self.q
        keeps_its_time = q.start_rule == "instant" and not self.runs_out_of_its_month()
        due = datetime.combine(last, q.start.time() if keeps_its_time else time(23, 59, 59))
        if q.until_closing and last in self.worked and q.start_rule != "instant":
            closing = datetime.combine(last, self.windows(last)[-1][1])
            if closing > q.start:
                due = closing - timedelta(seconds=1)
        return self.found(due, first, last)

    def found(self, due: datetime, first: date, last: date) -> Answer:
        guessed, day = False, self.q.start.date()
        while day <= last and not guessed:
            guessed = day in self.guessed
            day += DAY
        return Answer(due, first, last, guessed)

    # -- pauses --------------------------------------------------------------------------------------------------------

    def days_out(self, stop: Stop) -> tuple[date, date | None]:
        """The first and the last day that a pause takes out; the last is None where nobody knows it."""
        low = stop.begin.date() + (timedelta() if self.q.closed else DAY)
        ends = [] if stop.end is None else [stop.end.date()]
        if self.q.capped and stop.declared is not None:
            ends.append(self.worked_days_after(low - DAY, stop.declared))
        return low, min(ends, default=None)

    def time_out(self, stop: Stop) -> Span:
        """The same as time: from when, until when."""
        if stop.by_dates:
            low, high = self.days_out(stop)
            return midnight(low), NEVER if high is None else midnight(high + DAY)
        ends = [NEVER if stop.end is None else stop.end]
        if self.q.capped and stop.declared is not None:
            opening = self.opening_after(stop.begin)
            credited = self.worked_days_after(opening.date(), stop.declared)
            ends.append(datetime.combine(credited, opening.time()))
        return stop.begin, min(ends)

    # -- days ----------------------------------------------------------------------------------------------------------

    def in_days(self) -> Answer | None:
        """Cross out day after day until the amount is reached; a pause given by times takes out natural days whole."""
        nobody_knows, crossed_out = date.max, set[date]()
        for stop in self.q.stops:
            low, high = self.days_out(stop)
            if high is None:
                nobody_knows = min(nobody_knows, low)
            else:
                crossed_out.update(days_from(low, high))
        needed = self.natural_days() if self.q.unit in ("m", "y") else self.amount
        only_worked, worked = self.q.unit == "wd", self.worked
        day, first, counted = self.first_candidate(), None, 0
        while day < nobody_knows:
            if (not only_worked or day in worked) and day not in crossed_out:
                first = first or day
                counted += 1
                if counted >= needed:
                    while self.q.roll and not only_worked and day not in worked:
                        day += DAY
                    return self.ended(first, day)
            day += DAY
        return None

    def natural_days(self) -> int:
        """How many days a period of months has: until it meets the corresponding day, or runs out of its month."""
        begin = self.q.start.date()
        months = int(self.amount) * (12 if self.q.unit == "y" else 1)
        target, day = begin.year * 12 + begin.month + months, begin
        while day.year * 12 + day.month < target or (day.year * 12 + day.month == target and day.day < begin.day):
            day += DAY
        if day.year * 12 + day.month > target and not self.q.next_month:
            return (day - DAY - self.first_candidate()).days + 1  # the month's last day, also where the first counts
        return (day - self.first_candidate()).days + (self.q.start_rule != "same-day")

    def runs_out_of_its_month(self) -> bool:
        """Whether a period of months has no corresponding day and is given the month's last day, the whole of it."""
        q = self.q
        if q.unit not in ("m", "y") or q.next_month:
            return False
        month = q.start.year * 12 + q.start.month - 1 + int(self.amount) * (12 if q.unit == "y" else 1)
        try:
            date(month // 12, month % 12 + 1, q.start.day)
        except ValueError:
            return True
        return False

    def in_parts_of_days(self) -> Answer | None:
        """Add up what is left of each worked day beside the pauses, as a part of that day's own office time."""
        out = [self.time_out(stop) for stop in self.q.stops]
        needed, total, first = Fraction(self.amount), Fraction(0), None
        day, nobody_knows = self.first_candidate(), opened(out)
        while midnight(day) < nobody_knows:
            left = self.part_left(day, out) if day in self.worked else 0
            if left:
                first = first or day
                total += left
                if total >= needed:
                    return self.ended(first, day)
            day += DAY
        return None

    def part_left(self, day: date, out: list[Span]) -> Fraction | int:
        begin, end = midnight(day), midnight(day + DAY)
        touching = [(low, high) for low, high in out if low < end and high > begin]
        if not touching:
            return 1
        office = [self.times(day, window) for window in self.windows(day)]
        left = sum(seconds(low, high) for span in office for low, high in beside(span, touching))
        return Fraction(left, sum(seconds(low, high) for low, high in office))

    # -- hours, and days that run from an instant ----------------------------------------------------------------------

    def times(self, day: date, window: Window) -> Span:
        opening, closing = window
        return datetime.combine(day, opening), datetime.combine(day + DAY if closing == time(0) else day, closing)

    def in_hours(self) -> Answer | None:
        q = self.q
        begin = midnight(q.start.date() + DAY) if q.start_rule == "next-day" else q.start
        out = [self.time_out(stop) for stop in q.stops]
        due = self.used_up(begin, int(self.amount * 3600), out, natural=q.unit == "h")
        return None if due is None else self.found(due, begin.date(), due.date())

    def used_up(self, begin: datetime, left: int, out: list[Span], *, natural: bool) -> datetime | None:
        """When so many seconds of the open windows, beside the pauses, are used up."""
        day, nobody_knows = begin.date(), opened(out)
        while midnight(day) < nobody_knows:
            for window in WHOLE_DAY if natural else self.windows(day):
                low, high = self.times(day, window)
                for piece in beside((max(low, begin), high), out):
                    length = seconds(*piece)
                    if left <= length:
                        return piece[0] + timedelta(seconds=left)
                    left -= length
            day += DAY
        return None

    def on_scale(self) -> Answer | None:
        """Working days of 86,400 seconds each; what happens on a rest day happens at the next opening."""
        out = []
        for stop in self.q.stops:
            low = self.placed(stop.begin)
            ends = [NEVER if stop.end is None else self.placed(stop.end)]
            if self.q.capped and stop.declared is not None:
                ends.append(self.later_on_scale(low, int(stop.declared * 86_400), []) or NEVER)
            out.append((low, min(ends)))
        begin = self.placed(self.q.start)
        due = self.later_on_scale(begin, int(self.amount * 86_400), out)
        return None if due is None else self.found(due, begin.date(), due.date())

    def placed(self, at: datetime) -> datetime:
        return at if at.date() in self.worked else self.opening_after(at)

    def later_on_scale(self, begin: datetime, left: int, out: list[Span]) -> datetime | None:
        day, nobody_knows = begin.date(), opened(out)
        while midnight(day) < nobody_knows:
            if day in self.worked:
                for piece in beside((max(midnight(day), begin), midnight(day + DAY)), out):
                    length = seconds(*piece)
                    if left < length:
                        return piece[0] + timedelta(seconds=left)
                    left -= length
                    if left == 0 and piece[1] < midnight(day + DAY):
                        return piece[1]
                    if left == 0:
                        return midnight(self.worked_days_after(day, Decimal(1)))
            day += DAY
        return None


def opened(out: Iterable[Span]) -> datetime:
    """From when on nothing counts, because nobody knows when a pause ends."""
    return min((low for low, high in out if high == NEVER), default=NEVER)


def seconds(low: datetime, high: datetime) -> int:
    return int((high - low).total_seconds())


def beside(span: Span, out: Iterable[Span]) -> Iterator[Span]:
    """What is left of a span beside those taken out, in order."""
    pieces = [span] if span[0] < span[1] else []
    for low, high in out:
        cut = []
        for begin, end in pieces:
            if high <= begin or end <= low or high <= low:
                cut.append((begin, end))
                continue
            if begin < low:
                cut.append((begin, low))
            if high < end:
                cut.append((high, end))
        pieces = cut
    yield from pieces


def walk_back(end: date, amount: Decimal, unit: str, *, next_month: bool) -> date:
    """The last day that lies a whole period before `end`; where its month lacks the day, by the place's reading."""
    worked, _ = naive_calendar()
    day, counted = end, 0
    if unit in ("wd", "d"):
        while counted < amount:
            day -= DAY
            counted += unit == "d" or day in worked
        return day
    target = end.year * 12 + end.month - int(amount) * (12 if unit == "y" else 1)
    while day.year * 12 + day.month != target or day.day > end.day:
        day -= DAY
    return day + DAY if next_month and day.day != end.day else day
