"""The applicant's own periods 申请人的期限: five days to ask for a hearing, thirty days before a licence expires.

Rules of this room: pure; which unit such a period has is a reading, and only days are read: a month is a month. A
period that is the organ's is never touched here.

How it works. 行政许可法 82 says of the organ's periods that they are counted in working days. Of the applicant's it
says nothing, and 47 and 50 say 日. So they are working days as the act counts, or natural days as 民法典 201-203 count.
In the applicant's favour is the reading whose last day is later: counted forward the working days, counted back the
natural ones. That holds whatever the calendar, since n working days are never fewer days than n natural ones, and a
natural period that moves off a rest day moves to a working day that the other has not passed.

A period of natural days, months or years that an office sets an applicant ends after the rest days it would end on:
民法典 203 says so of statutory holidays, and the applicant is not to lose what the law gives for want of a setting.

Sources: 行政许可法 47, 50, 82; 民法典 201-203.
"""

from __future__ import annotations

import enum

import attrs

from egov_core.domain.periods import EndRoll, Limit, Period, Unit


class ApplicantUnit(enum.Enum):
    """In what an applicant's own period of days is counted. FAVOUR: in whatever gives the applicant the later day."""

    FAVOUR = "favour"
    WORKING_DAY = Unit.WORKING_DAY.value
    DAY = Unit.DAY.value

    def counts_in(self, *, backward: bool) -> ApplicantUnit:
        """The unit itself: what the favour comes to for a period counted forward, or back from an end."""
        if self is not ApplicantUnit.FAVOUR:
            return self
        return ApplicantUnit.DAY if backward else ApplicantUnit.WORKING_DAY


def is_read(limit: Limit) -> bool:
    """Whether the unit of this period is a question at all: a number of days, however it was written."""
    return isinstance(limit, Period) and limit.unit in (Unit.WORKING_DAY, Unit.DAY)


def read_in(limit: Limit, unit: ApplicantUnit, *, backward: bool) -> Limit:
    """The applicant's period `limit` under a reading of its unit; what is no number of days stays as it is.

    Raises PeriodError where half a working day would become half a natural one.
    """
    if not isinstance(limit, Period) or not is_read(limit):
        return limit
    return attrs.evolve(limit, unit=Unit(unit.counts_in(backward=backward).value))


def past_rest_days(limit: Limit) -> Limit:
    """What an office sets an applicant, so that it does not end on a rest day; other limits stay as they are."""
    return past_the_rest(limit) if isinstance(limit, Period) else limit


def past_the_rest(period: Period) -> Period:
    """The same for a period."""
    return attrs.evolve(period, end_roll=EndRoll.AFTER_REST) if period.unit.is_natural else period
