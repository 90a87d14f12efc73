"""Acceptance 受理: when an application counts as received, and from when on it is accepted.

Rules of this room: pure; the facts are times somebody wrote down, and what the law makes of them is said here. An
acceptance by law alone is retroactive: it reaches back to the receipt, however late it became known.

How it works. An organ that finds materials missing has five working days from the receipt to say so, once and in full.
If it does, the application is accepted when everything asked for is in, and until then it is not. If it does not, or
says it too late, the application was accepted on the day of its receipt, and what was handed in later changes nothing.

Sources: 行政许可法 32 (四)(五), 82; what a receipt outside office hours counts as is a reading (`ReceiptRule`).
"""

from __future__ import annotations

import enum
from datetime import datetime

import attrs

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import instant, start_of
from egov_core.domain.timers.kinds import CORRECTION_NOTICE
from egov_core.domain.timers.reckoning import Due, Ruler
from egov_core.errors import AcceptanceError


class ReceiptRule(enum.Enum):
    """When something handed in outside office hours counts as received; no law says so for an approval.

    AS_IS: when it came in, as 法释〔2009〕20号 6 says of electronic applications (default). NEXT_WORKING_DAY: when the
    office next opens.
    """

    AS_IS = "as-is"
    NEXT_WORKING_DAY = "next-working-day"


def received_at(at: datetime, rule: ReceiptRule, clock: OfficeClock, *, by_the_clock: bool) -> datetime:
    """When what came in at `at` counts as received.

    A rest day moves to the opening of the next working day; so does a time after closing, where it is one and the
    office's hours are known (`by_the_clock`). Before opening on a working day the day is the same, so nothing moves.
    """
    if rule is ReceiptRule.AS_IS:
        return at
    day = clock.calendar.on_or_after(at.date())
    closing = clock.closing(day)
    if by_the_clock and closing is not None and at >= closing:
        day = clock.calendar.add(day, 1)
    return at if day == at.date() else clock.opening(day) or start_of(day)


@attrs.frozen(kw_only=True)
class Acceptance:
    """From when an application is accepted; `at` None while supplements asked for in time are missing.

    `deemed`: accepted by law alone, because no notice was given in time. `notice_due` is until when it could be given.
    """

    at: datetime | None
    deemed: bool
    notice_due: Due


def acceptance(
    ruler: Ruler, received: datetime, notified: datetime | None = None, supplemented: datetime | None = None
) -> Acceptance:
    """What 行政许可法 32 makes of a receipt, the notice of what is missing, and the last supplement.

    Without a notice the application is deemed accepted: nobody accepted it, or this would not be asked. Raises
    NaiveTimeError, and AcceptanceError for a notice before the receipt or supplements before the notice.
    """
    received = instant(received)
    notified = None if notified is None else instant(notified)
    supplemented = None if supplemented is None else instant(supplemented)
    for earlier, later, words in (
        (received, notified, "the notice was given before the application was received"),
        (notified, supplemented, "the supplements came in before the notice that asks for them"),
        (received, supplemented, "the supplements came in before the application"),
    ):
        if earlier is not None and later is not None and later < earlier:
            raise AcceptanceError(
                f"{words}: {later.isoformat()} lies before {earlier.isoformat()}",
                remedy="give receipt, notice and supplements in the order in which they happened",
            )
    limit = CORRECTION_NOTICE.limit
    assert limit is not None, "the law fixes five days"
    notice_due = ruler.due(received, limit)
    assert notice_due.due is not None, "five days without a pause end"
    if notified is None or notified > notice_due.due:
        return Acceptance(at=received, deemed=True, notice_due=notice_due)
    return Acceptance(at=supplemented, deemed=False, notice_due=notice_due)
