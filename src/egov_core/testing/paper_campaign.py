"""A collection campaign on paper, with a unit in every state: for tests of pages.

Rules of this room: it is told by the same functions as in an office, so that every state is a true one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from egov_core.domain.campaign import commands as c
from egov_core.domain.campaign import facts as f
from egov_core.domain.campaign.campaign import Campaign, evolve
from egov_core.domain.campaign.deciding import decide
from egov_core.domain.campaign.forms import CollectedForm, FormFault, FormFile
from egov_core.domain.legal import AS_GIVEN
from egov_core.domain.periods import FixedDay
from egov_core.domain.timers.reckoning import Ruler

CODE = "2024-items"
LATE = timedelta(days=2)
"""How long before the end of the story the last day lay."""


def form_files(mark: str, items: int = 12) -> tuple[FormFile, ...]:
    """The three forms in files; another `mark` makes another set."""
    return tuple(
        FormFile(form=form, name=f"{form.value}.csv", digest=f"{form.code}-{mark}", items=items)
        for form in CollectedForm
    )


def paper_campaign(ruler: Ruler, units: Sequence[str], end: datetime) -> Campaign:
    """A campaign of seven units or more that ends at `end`: the first six in each state, the others have done nothing.

    The last day lay two days before the end. The unit that passed its duty on did so to the last of `units`.
    """
    told = _Told(ruler)
    start = end - timedelta(days=30)
    last_day: date = (end - LATE).date()
    waiting, returned, again, accepted, gone, late, *_, successor = units
    told.do(
        c.OpenCampaign(
            code=CODE,
            title="2024年政务服务事项填报",
            organ="county",
            units=tuple(units[:-1]),
            forms=tuple(CollectedForm),
            limit=FixedDay(day=last_day, basis=AS_GIVEN),
            reviewers=("reviewer",),
            basis="演政办〔2024〕1号",
        ),
        start,
        by="inspector",
    )
    after = start + timedelta(days=5)
    for unit in (waiting, returned, again, accepted):
        told.do(c.HandIn(unit=unit, files=form_files("first")), after, by=f"{unit}-staff")
        told.do(c.ReceivePaper(unit=unit, day=after.date()), after, by="inspector")
    faults = (FormFault(place="事项汇总表 B7", message="承诺期限长于法定期限"),)
    for unit in (returned, again):
        told.do(c.ReturnForms(unit=unit, reason="期限有误", faults=faults), after, by="reviewer")
    told.do(c.HandIn(unit=again, files=form_files("second")), after, by=f"{again}-staff")
    told.do(c.AcceptForms(unit=accepted), after, by="reviewer")
    told.do(c.PassOn(unit=gone, to=(successor,), day=after.date(), document="演发〔2024〕2号"), after, by="inspector")
    told.do(c.HandIn(unit=late, files=form_files("late")), end, by=f"{late}-staff")
    assert told.campaign is not None, "it was opened"
    return told.campaign


class _Told:
    def __init__(self, ruler: Ruler) -> None:
        self.ruler = ruler
        self.campaign: Campaign | None = None

    def do(self, command: c.CampaignCommand, at: datetime, *, by: str) -> None:
        for fact in decide(self.campaign, command, by=by, at=at, ruler=self.ruler, revision=1):
            number = 1 if self.campaign is None else self.campaign.version + 1
            self.campaign = evolve(
                self.campaign, f.CampaignRecord(campaign=CODE, number=number, at=at, by=by, fact=fact)
            )
