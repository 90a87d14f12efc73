"""What is explained of a timer and of a card, as JSON has it; the text shows the same values.

Rules of this room: it asks the office and the domain, and puts the answers under their keys; keys are only added.
Nothing is printed here.
"""

from __future__ import annotations

from typing import Any

import attrs

from egov_core.cli.deadline.answers import choice
from egov_core.cli.language import say
from egov_core.domain.cards.schedule import withheld_cards
from egov_core.domain.cases.ambiguity import readings_of
from egov_core.domain.cases.case import Case
from egov_core.domain.cases.holders import holder_of
from egov_core.domain.cases.timing import runs_of
from egov_core.domain.timers.incidents import incidents
from egov_core.domain.timers.ledger import ledger
from egov_core.domain.timers.runs import TimerRun
from egov_core.errors import UnknownError
from egov_core.ports.storage import CardRow
from egov_core.runtime.office import Office


def card_id(card: CardRow) -> str:
    """The id of a card: timer, rule and epoch."""
    return f"{card.timer_id}#{card.rule}#{card.epoch}"


def case_named(office: Office, identifier: str) -> Case:
    """The case of this number or id, or of this timer. Raises UnknownError."""
    case_id = identifier.partition("/")[0]
    row = office.storage.case(office.area, case_id) or office.storage.case_by_number(office.area, case_id)
    row = row or office.storage.case_by_number(office.area, identifier)  # earlier systems have numbers with strokes
    if row is None:
        raise UnknownError(
            f"there is no case {identifier!r}",
            remedy="give the number on the receipt, or the id shown by the board",
            id=identifier,
        )
    return office.case_of(row)


def runs_named(office: Office, case: Case, identifier: str) -> list[TimerRun]:
    """The runs of the case, or the one with that id. Raises UnknownError."""
    runs = runs_of(case, office.yardstick(case))
    found = [run for run in runs if identifier in (case.case_id, case.number, run.timer_id)]
    if not found and "/" in identifier:
        raise UnknownError(f"there is no timer {identifier!r}", remedy="explain the case by its number", id=identifier)
    return found


def step_of(case: Case, run: TimerRun) -> str:
    """The code of the step that a timer is about, empty for any other."""
    start = f"{case.case_id}/{run.kind}/"
    return next((one.code for one in case.steps if run.timer_id.startswith(f"{start}{one.code}-")), "")


def timer_explained(office: Office, case: Case, run: TimerRun) -> tuple[dict[str, Any], TimerRun]:
    """A timer day by day, and the run that is explained."""
    yardstick = office.yardstick(case)
    ruler = yardstick.ruler
    due, read = run.due(ruler), readings_of(run, yardstick)
    shown = {
        "id": run.timer_id,
        "kind": run.kind,
        "step": step_of(case, run),
        "start": run.start.isoformat(),
        "stopped": None if run.stopped_at is None else run.stopped_at.isoformat(),
        "limits": {base: f"{limit} ({limit.basis})" for base, limit in run.limits.items()},
        "due": None if due.due is None else due.due.isoformat(),
        "last_day": None if due.last_day is None else due.last_day.isoformat(),
        "provisional": due.provisional,
        "told": due.told,
        "ledger": [line.as_dict() for line in ledger(run, ruler, None if due.due else office.now().date())],
        "readings": [one.as_dict() for one in read],
        "choices": [choice(one) for one in read if one.chosen],
        "incidents": [one.as_dict() for one in incidents(run, ruler, now=office.now())],
    }
    return shown, run


def card_explained(office: Office, case: Case, card: CardRow) -> tuple[dict[str, Any], TimerRun]:
    """A card with its rule, its timer as it was known then, and how it came to the organ it stands against."""
    policy = office.policy(card.policy)
    found = next(run for run in runs_of(case, office.yardstick(case)) if run.timer_id == card.timer_id)
    timer, run = timer_explained(office, case, found.as_known_at(card.at))
    shown = {
        "id": card_id(card),
        "level": card.level,
        "at": card.at.isoformat(),
        "issued_at": card.issued_at.isoformat(),
        "due": None if card.due_at is None else card.due_at.isoformat(),
        "rule": card.rule,
        "text": policy.rule(card.rule).text,
        "policy": card.policy,
        "basis": str(policy.basis),
        "provisional": card.provisional,
        "organ": card.organ,
        "succession": [
            {**attrs.asdict(step), "effective": step.effective.isoformat()}
            for step in holder_of(case, found, office.organisation, card.at).reason
        ],
        "revoked_at": None if card.revoked_at is None else card.revoked_at.isoformat(),
        "revoke_reason": card.revoke_reason,
        "timer": timer,
    }
    return shown, run


def withheld_explained(office: Office, case: Case, identifier: str) -> list[dict[str, Any]]:
    """The cards that a case from an earlier system would have had before the cut-over, and why there are none."""
    if case.takeover is None:
        return []
    since = case.takeover.cut_over.isoformat()
    why = say(
        f"早于切换时间 {since}，自“{case.takeover.source}”迁入时没有确认补发",
        f"its instant lies before the cut-over of {since}, and when the case was taken over from "
        f"{case.takeover.source}, earlier cards were not confirmed",
    )
    yardstick = office.yardstick(case)
    return [
        {"timer": run.timer_id, "level": card.key.level, "rule": card.key.rule, "at": card.at.isoformat(), "why": why}
        for run in runs_named(office, case, identifier)
        for card in withheld_cards(yardstick.policy, run, yardstick.ruler)
    ]
