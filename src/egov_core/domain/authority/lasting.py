"""The days of records of authority, beside each other and beside those of the organs that they are of.

Rules of this room: the days of a record are in order. A record that begins with an organ that has ended is refused; one
that goes on when its organ ends is taken and told, with the day, the plan, and where the work goes. It gives nothing
from that day on (`chains`), and no plan that was carried through before it was written takes it along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from egov_core.domain.authority.records import Appointment, Delegation, Grant, Post, StaffRecord, StandIn
from egov_core.domain.authority.register import Authority
from egov_core.domain.organisation import OrganEnd, Organisation
from egov_core.domain.people import Person


def days_out_of_order(said: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Field, code and message of every day of a record that cannot stand beside another one, by what its fields say.

    It is asked of fields, so that a record of which other fields cannot be read is told of this too.
    """
    begins, ends, published = said.get("valid_from"), said.get("valid_to"), said.get("published_on")
    if isinstance(begins, date) and isinstance(ends, date) and ends <= begins:
        yield "valid_to", "ends-first", f"ends on {ends}, not after it begins on {begins}"
    if isinstance(begins, date) and isinstance(published, date) and published > begins:
        yield "published_on", "published-late", f"is published on {published}, after it begins"


def begins_too_late(record: StaffRecord, register: Authority, tree: Organisation) -> Iterator[tuple[str, str, str]]:
    """Field, code and message of every organ of a record that has ended when the record begins."""
    for field, code in _organs(record, register, record.valid_from):
        end = tree.end_of(code)
        if end is not None and end.day <= record.valid_from:
            yield field, "organ-ended", f"{end.sentence}, and this begins on {record.valid_from}"


def _outlived(record: StaffRecord, register: Authority, ends: Iterable[OrganEnd]) -> Iterator[tuple[str, OrganEnd]]:
    """Every field of a record that names an organ which ends while the record goes on, and that end."""
    for end in ends:
        if record.valid_from < end.day and (record.valid_to is None or record.valid_to > end.day):
            yield from ((field, end) for field, code in _organs(record, register, end.day) if code == end.organ)


def outliving(
    given: Iterable[StaffRecord], register: Authority, tree: Organisation
) -> Iterator[tuple[StaffRecord, str, str]]:
    """The records that outlive an organ of theirs, each with the field and what to do."""
    ends = tree.ends
    for record in given if ends else ():
        for field, end in _outlived(record, register, ends):
            advice = f"write it for {', '.join(end.heirs)} from then on" if end.heirs else "write it for another organ"
            yield record, field, f"{end.sentence}; this gives nothing from that day on: {advice}"


def _organs(record: StaffRecord, register: Authority, day: date) -> Iterator[tuple[str, str]]:
    """Each field of a record that names an organ, and the one that it names on a day, itself or through a post."""
    match record:
        case Person() | Post():
            yield "organ", record.organ_on(day)
        case Grant():
            yield "organ", record.organ
        case Appointment():
            post = register.posts.get(record.post)
            if post is not None:
                yield "post", post.organ_on(day)
        case Delegation():
            yield "organ", record.organ
            yield "delegate", record.delegate
            if record.unit:
                yield "unit", record.unit
        case StandIn():
            return  # it lasts no longer than what the absent person holds
