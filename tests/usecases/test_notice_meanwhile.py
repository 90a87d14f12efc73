"""A holiday notice adopted in the middle of a command: the command is done under it, and never refused for it."""

from __future__ import annotations

from datetime import date, timedelta

import attrs
import pytest

from egov_core.domain.calendar.notices import Notice
from egov_core.domain.cases import commands as c
from egov_core.runtime.clock import ManualClock
from egov_core.testing import small_county as county
from egov_core.testing.small_county import MONDAY
from egov_core.usecases.calendar.adopting import Proposal
from egov_core.usecases.cases.handling import Outcome, Request, perform
from egov_core.usecases.foundation.calendars import Calendars
from egov_core.usecases.foundation.services import Services

READS = range(1, 13)
"""A notice becomes known after so many reads of the calendars: before, in the middle of and after a command."""


class Arriving:
    """The calendars one after another: each is known for `reads` reads, the last for ever."""

    def __init__(self, known: list[Calendars], reads: int) -> None:
        self._known, self._reads, self._asked = known, reads, 0

    def __call__(self) -> Calendars:
        self._asked += 1
        return self._known[min((self._asked - 1) // self._reads, len(self._known) - 1)]


def notices(amount: int) -> list[Proposal]:
    days = [date(2024, 6, 24) + timedelta(days=number) for number in range(amount)]
    return [
        Proposal(
            what=Notice(title="临时", number=f"〔2024〕{day.day}号", year=2024, published=MONDAY.date(), rest=[day])
        )
        for day in days
    ]


def asked(services: Services, known: list[Calendars], reads: int, command: c.Command, person: str) -> Outcome:
    actor = county.CITIZEN if person == "" else county.staff(person)
    arriving = attrs.evolve(services, calendars=Arriving(known, reads))
    return perform(arriving, Request(command=command, actor=actor, key=""))


@pytest.mark.parametrize("reads", READS)
def test_a_command_is_never_refused_for_notices_that_arrive_while_it_is_done(reads: int) -> None:
    with county.open_small_county("memory:", clock=ManualClock(MONDAY)) as office:
        before = county.submit(office)
        known = [office.services.calendars()]
        for proposal in notices(5):
            office.adopt(office.propose([proposal]))
            known.append(office.services.calendars())
        submit = c.Submit(item=county.LICENCE, applicant=county.APPLICANT, materials=county.MATERIALS)
        filed = asked(office.services, known, reads, submit, "")
        accepted = asked(office.services, known, reads, c.Accept(case_id=before.case_id), "intake")
        assert filed.state == "submitted"
        assert accepted.state == "accepted"
        assert office.verify().violations == ()
