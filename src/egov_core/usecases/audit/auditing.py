"""Auditing: `verify`, the check of everything stored against the invariants we publish.

Rules of this room: read-only; every violation names the invariant, the stream and what is wrong, and checking goes on.
What is checked of one case is in `case_checks`, and of what stands beside the chains in `traces`.

I1 acknowledged cases exist · I2 one case per key · I3 one acceptance per case · I4 numbers unique and without gap ·
I5 one chained event per change · I6 only transitions of the table · I7 the outbox is what was referred and told · I9 no
card is missing or double · I10 no card without its rule · I11 pauses do not overlap and have an end or an owner · I12
closed cases are as their events made them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

import attrs

from egov_core.domain.audit import StoredLink, verify_chain
from egov_core.errors import EgovError, IntegrityError
from egov_core.ports.storage import StoredEvent
from egov_core.usecases.audit.case_checks import Inspection
from egov_core.usecases.audit.traces import (
    KIND_OF,
    check_answers,
    check_calendars,
    check_columns,
    check_references,
)
from egov_core.usecases.campaign.reminding import CAMPAIGNS, check_reminders
from egov_core.usecases.foundation.case_rows import REFERRAL
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.foundation.state_digest import RowsDigest, references_digest


@attrs.frozen(kw_only=True)
class Violation:
    """One broken invariant."""

    invariant: str
    stream: str
    message: str


@attrs.frozen(kw_only=True)
class Verification:
    """What `verify` found: how much was checked, what is broken, and how many timers the sweep has yet to look at.

    `referrals` counts what was referred upward by the state of its row in the outbox.
    `digests` are those of all reference data and of all rows of cases: where they are the same again, so is the state.
    """

    checked: dict[str, int]
    referrals: dict[str, int]
    violations: tuple[Violation, ...]
    pending_timers: int
    digests: dict[str, str] = attrs.field(factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return not self.violations


def verify(services: Services, *, progress: Callable[[int], None] = lambda _done: None) -> Verification:
    """Check the whole area, read-only; `progress` is told of each case, a damaged one included."""
    checked: Counter[str] = Counter()
    referrals: Counter[str] = Counter()
    violations: list[Violation] = []
    numbers: dict[str, list[int]] = defaultdict(list)
    before = services.storage.counts(services.area)
    seen_numbers: Counter[str] = Counter()
    now = services.storage.last_instant(services.area) or services.clock.now()
    pending = 0
    plain: list[Sequence[StoredEvent]] = []
    rows = RowsDigest()
    for stream in services.storage.streams(services.area):
        is_case = ":" not in stream
        checked["streams"] += 1
        checked["cases"] += is_case
        if is_case:
            progress(1)
        try:
            if not is_case:
                plain.append(services.storage.events(services.area, stream))
                violations += _check_plain_chain(stream, plain[-1], checked)
                violations += _check_campaign(services, stream, plain[-1], checked)
                continue
            inspection, found = _inspect(services, stream)
        except IntegrityError as error:
            violations.append(Violation(invariant="I5", stream=stream, message=error.message))
            continue
        violations += found
        rows.take(inspection.row, inspection.timers, inspection.cards, inspection.outbox)
        checked["events"] += len(inspection.stored)
        checked["cards"] += len(inspection.cards)
        checked["timers"] += len(inspection.timers)
        checked["outbox"] += len(inspection.outbox)
        referrals.update(row.state for row in inspection.outbox if row.kind == REFERRAL)
        pending += sum(1 for timer in inspection.timers if timer.next_fire_at is not None and timer.next_fire_at <= now)
        if inspection.row is not None:
            seen_numbers[inspection.row.number] += 1
        if inspection.row is not None and not inspection.is_taken_over:
            series, _, count = inspection.row.number.rpartition("-")
            if count.isdigit():
                numbers[series].append(int(count))
    violations += _check_numbers(services, seen_numbers, numbers)
    violations += [
        Violation(invariant=invariant, stream=stream, message=message)
        for invariant, stream, message in (
            *check_answers(services),
            *check_references(services, plain),
            *check_calendars(services),
        )
    ]
    counted = services.storage.counts(services.area)
    violations += [
        Violation(invariant="I5", stream=name, message=f"{counted[name]} rows stored, {checked[name]} explained")
        for name in ("cases", "timers", "cards", "outbox")
        if not before[name] <= checked[name] <= counted[name]  # the office may be at work meanwhile
    ]
    checked["referrals"] = referrals.total()
    kept = (row for kind in set(KIND_OF.values()) for row in services.storage.references(services.area, kind))
    return Verification(
        checked=dict(checked),
        referrals=dict(referrals),
        violations=tuple(violations),
        pending_timers=pending,
        digests={"reference_data": references_digest(kept), "rows": rows.hexdigest()},
    )


def _check_plain_chain(stream: str, stored: Sequence[StoredEvent], checked: Counter[str]) -> list[Violation]:
    checked["events"] += len(stored)
    try:
        verify_chain(stream, (StoredLink(one.position, one.payload, one.head) for one in stored))
    except IntegrityError as error:
        return [Violation(invariant="I5", stream=stream, message=error.message)]
    return [Violation(invariant=one, stream=stream, message=message) for one, message in check_columns(stored)]


def _check_campaign(
    services: Services, stream: str, stored: Sequence[StoredEvent], checked: Counter[str]
) -> list[Violation]:
    if not stream.startswith(CAMPAIGNS):
        return []
    rows, broken = check_reminders(services, stream, stored)
    checked["outbox"] += rows
    return [Violation(invariant="I7", stream=stream, message=message) for message in broken]


def _inspect(services: Services, stream: str) -> tuple[Inspection, list[Violation]]:
    """One case with what is broken in it. A case that somebody moves meanwhile is looked at again."""
    inspection = Inspection.of(services, stream)
    for _ in range(3):
        found: list[Violation] = []
        try:
            for invariant, message in inspection.run():
                found.append(Violation(invariant=invariant, stream=stream, message=message))
        except EgovError as error:
            found.append(Violation(invariant="I5", stream=stream, message=error.message))
        if not found:
            break
        again = Inspection.of(services, stream)
        if again == inspection:
            break
        inspection = again
    return inspection, found


def _check_numbers(services: Services, seen: Counter[str], numbers: dict[str, list[int]]) -> Iterator[Violation]:
    for number, times in seen.items():
        if times > 1:
            yield Violation(invariant="I4", stream=number, message=f"the number was given {times} times")
    for series, given in numbers.items():
        missing = [
            number
            for number in sorted(set(range(1, max(given) + 1)) - set(given))
            if not _is_there(services, f"{series}-{number:05d}")
        ]
        if missing:
            yield Violation(invariant="I4", stream=series, message=f"numbers are missing: {missing[:10]}")


def _is_there(services: Services, number: str) -> bool:
    try:
        return services.storage.case_by_number(services.area, number) is not None
    except IntegrityError:
        return True  # damaged, and said so where its stream is looked at
