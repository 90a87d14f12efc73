"""What cannot be the name or a number of an applicant, whichever way an application comes in.

Rules of this room: every fault with its path, and no personal value in a sentence. Whether a number is somebody's is
not asked here: checks of the place do that.
"""

from __future__ import annotations

from collections.abc import Iterator

from egov_core.domain.codes.written import half_width_code, is_scientific
from egov_core.domain.people import Applicant, Personal, Purpose
from egov_core.errors import Fault


def applicant_faults(applicant: Applicant) -> Iterator[Fault]:
    """What is empty, was shortened by a spreadsheet, or has full-width signs, by which nobody would find it again."""
    for name in ("name", "id_number"):
        if getattr(applicant, name) == Personal(""):
            yield Fault(f"$.applicant.{name}", "required", "must not be empty")
    for name in ("id_number", "phone"):
        value: Personal | None = getattr(applicant, name)
        text = "" if value is None else value.reveal(Purpose.HANDLING)
        if is_scientific(text):
            message = "is a long number as a spreadsheet shortens it, such as 1.23457E+17: its last digits are lost"
            yield Fault(f"$.applicant.{name}", "number-rounded", message)
        elif text != half_width_code(text):
            message = "has full-width signs, or blanks around it: write it in half-width signs"
            yield Fault(f"$.applicant.{name}", "full-width", message)
