"""The public progress query 办件进度查询: number and query code in, plain words out.

Rules of this room: a wrong number and a wrong code have one and the same answer. The form is sent by POST, so that the
code stands in no address, no history and no log; it changes nothing, and questions sent by other sites are refused. No
name of a person is shown, neither the applicant's nor an official's.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

import attrs
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from egov_core.domain.cases.accompanying import HearingScheduled
from egov_core.domain.cases.events import CorrectionRequested
from egov_core.domain.cases.states import CLOSED, State
from egov_core.errors import ClaimError
from egov_core.ports.queries import CaseFile, ProgressQuery
from egov_core.server.desk import Desk, read
from egov_core.server.limits import RateLimit
from egov_core.server.pages import Pages
from egov_core.server.supervision.reading import CaseReading, TimerReading, read_case
from egov_core.wire.progress import FIELDS, ProgressRequest, form_values, progress_from_form

FORM = "application/x-www-form-urlencoded"

WITH_APPLICANT = frozenset({State.CORRECTION_REQUESTED})
WITH_NOBODY = frozenset({State.DELIVERED, State.REJECTED, State.NOT_ACCEPTED, State.WITHDRAWN, State.LAPSED})
TIMER_OF = {
    State.SUBMITTED: "correction-notice",
    State.CORRECTION_REQUESTED: "correction",
    State.ACCEPTED: "case",
    State.REVIEWED: "case",
    State.PAUSED: "special-procedure",
    State.APPROVED: "delivery",
}
"""The timer that tells until when a state lasts."""

TOLD = frozenset(
    {
        "submitted",
        "correction-requested",
        "supplemented",
        "accepted",
        "not-accepted",
        "reviewed",
        "paused",
        "resumed",
        "extended",
        "approved",
        "rejected",
        "delivered",
        "withdrawn",
        "referred",
        "closed-unanswered",
        "lapse-set-aside",
        "hearing-offered",
        "hearing-requested",
        "hearing-scheduled",
        "hearing-held",
        "licence-issued",
        "commitment-checked",
    }
)
"""What is told to the public of a case's history: not within which unit a step lies."""


@attrs.frozen(kw_only=True)
class HearingTold:
    """How a hearing stands for whoever may ask for it: until when to ask, or day and place once they are fixed."""

    until: datetime | None
    fixed: HearingScheduled | None


@attrs.frozen(kw_only=True)
class Progress:
    """What a citizen is told: the case, who has it (an organ, `applicant` or nobody), the timer that counts now."""

    reading: CaseReading
    holder: str
    timer: TimerReading | None
    missing: tuple[str, ...]
    hearing: HearingTold | None

    @property
    def deemed_since(self) -> datetime | None:
        """From when the case counts as accepted by the law alone; None for any other."""
        return next(
            (mark.since for mark in self.reading.case.history if mark.since is not None and mark.void_at is None), None
        )

    @property
    def by_law(self) -> bool:
        """Whether it was the law alone that accepted or granted what the case stands at."""
        case = self.reading.case
        return case.state in (State.ACCEPTED, State.APPROVED) and any(
            one.effect == case.state.value for one in case.lapsed
        )

    @property
    def late(self) -> bool:
        """Whether the date that was told has passed."""
        due = self.timer.due.due if self.timer is not None else None
        return due is not None and self.reading.now > due


async def find_progress(desk: Desk, asked: ProgressRequest) -> Progress | None:
    """The progress of a case; None whichever of number and code was wrong."""
    digest = desk.query_digest(asked.number, asked.code)
    file: CaseFile | None = await read(desk, ProgressQuery(area=desk.area, number=asked.number, query_digest=digest))
    return None if file is None else progress_of(read_case(desk, file, desk.now()))


def progress_of(reading: CaseReading) -> Progress:
    """What a citizen is told of a case."""
    case = reading.case
    if case.state in WITH_APPLICANT:
        holder = "applicant"
    elif case.state in WITH_NOBODY:
        holder = ""
    else:
        holder = case.referred_to if case.state is State.REFERRED else reading.answering.organ
    asked = [one.event for one in reading.events if isinstance(one.event, CorrectionRequested)]
    names = {material.code: material.name for material in reading.item.materials} if reading.item else {}
    kind = TIMER_OF.get(case.state)
    return Progress(
        reading=reading,
        holder=holder,
        timer=reading.running(kind) if kind else None,
        missing=tuple(names.get(code, code) for code in asked[-1].missing)
        if asked and case.state in WITH_APPLICANT
        else (),
        hearing=_hearing(reading),
    )


def _hearing(reading: CaseReading) -> HearingTold | None:
    """What is told of a hearing before it is held; nothing once the case is decided."""
    hearing = reading.case.hearing
    if hearing is None or hearing.held_at is not None or reading.case.state in CLOSED:
        return None
    fixed = [one.event for one in reading.events if isinstance(one.event, HearingScheduled)]
    if hearing.requested_at is not None:
        return HearingTold(until=None, fixed=fixed[-1] if fixed else None)
    asking = reading.running("hearing-request")
    until = None if asking is None else asking.due.due
    return None if until is None or until < reading.now else HearingTold(until=until, fixed=None)


def refuse_other_sites(request: Request) -> None:
    """Refuse a form that another site sent. Raises HTTPException 403.

    Browsers say so in `Sec-Fetch-Site`; older ones in `Origin`, which is `null` under our own referrer policy.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin", "null")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        foreign = origin != "null" and urlsplit(origin).netloc != request.headers.get("host", "")
    if foreign:
        raise HTTPException(403)


@attrs.frozen
class ProgressPage:
    """The handlers of the form and of its answer."""

    pages: Pages
    rate: RateLimit

    async def __call__(self, request: Request) -> Response:
        """The form, or the answer to it."""
        if request.method != "POST":
            return self._form(request)
        refuse_other_sites(request)
        self.rate.check(request)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            raise HTTPException(415)
        body = await request.body()
        typed = {name: form_values(body).get(name, "") for name in FIELDS}
        words = self.pages.words(request)
        try:
            asked = progress_from_form(body)
        except ClaimError as error:
            faulty = {fault.path.removeprefix("$."): fault.code for fault in error.faults}
            faults = {name: words(f"progress.fault.{name}.{_known(code)}") for name, code in faulty.items()}
            return self._form(request, typed, faults, status=400)
        found = await find_progress(self.pages.desk, asked)
        if found is None:
            return self._form(request, typed, {"number": words("progress.fault.not_found")}, status=404)
        return self.pages.page(
            request,
            "progress_result.html",
            title=words("progress.result_title", number=found.reading.case.number),
            g=found,
            r=found.reading,
            case=found.reading.case,
            told=TOLD,
            typed=typed,
            as_of=found.reading.now,
        )

    def _form(
        self,
        request: Request,
        typed: dict[str, str] | None = None,
        faults: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        words = self.pages.words(request)
        title = words("progress.title")
        return self.pages.page(
            request,
            "progress.html",
            title=words("progress.error_title", title=title) if faults else title,
            status=status,
            heading=title,
            area=self.pages.desk.area,
            typed=typed or dict.fromkeys(FIELDS, ""),
            faults=faults or {},
        )


def _known(code: str) -> str:
    return code if code in ("required", "too-long") else "characters"
