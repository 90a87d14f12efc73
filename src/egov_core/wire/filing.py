"""An application as it comes in on a demonstration's page or as JSON: item, applicant, materials, form.

Rules of this room: every fault is said at once with its path; blank fields are fields left out. Whoever names no
applicant gets one who was invented: a demonstration has no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

import attrs

from egov_core.domain.codes.written import half_width_code
from egov_core.domain.people import Applicant, Personal
from egov_core.errors import ClaimError, Fault
from egov_core.wire.applicants import applicant_faults
from egov_core.wire.edge import parse, parse_json

NAME, ID_NUMBER, PHONE = "林谷雨", "990121199003070010", "19900000000"
"""Somebody who does not exist: no area was ever numbered 990121."""
INVENTED = Applicant(name=Personal(NAME), id_number=Personal(ID_NUMBER), phone=Personal(PHONE))

MOST_FIELDS = 300
"""Fields of one form: materials and fields of all plugins together."""


@attrs.frozen(kw_only=True)
class FilingRequest:
    """An application that is asked for; `form` are the fields that plugins ask for, by their names."""

    item: str
    materials: tuple[str, ...] = ()
    form: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    applicant: Applicant = INVENTED


@attrs.frozen(kw_only=True)
class FilledForm:
    """A page's form as it was filled in, to be shown again: texts by `applicant.NAME` and `form.NAME`, ticked codes."""

    texts: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    materials: frozenset[str] = frozenset()
    is_organisation: bool = False
    token: str = ""

    def text(self, field: str) -> str:
        """What was written in a field."""
        return self.texts.get(field, "")

    @property
    def form(self) -> dict[str, str]:
        """The fields of plugins that were filled in."""
        prefix = "form."
        return {
            name.removeprefix(prefix): text
            for name, text in self.texts.items()
            if name.startswith(prefix) and text.strip()
        }

    def request(self, item: str) -> FilingRequest:
        """The application for an item. Raises ClaimError naming every fault."""
        phone = half_width_code(self.text("applicant.phone"))
        return _checked(
            FilingRequest(
                item=item,
                materials=tuple(sorted(self.materials)),
                form=self.form,
                applicant=Applicant(
                    name=Personal(self.text("applicant.name").strip()),
                    id_number=Personal(half_width_code(self.text("applicant.id_number"))),
                    phone=Personal(phone) if phone else None,
                    is_organisation=self.is_organisation,
                ),
            )
        )


def blank_form(materials: frozenset[str], token: str) -> FilledForm:
    """The form before anything is written in it: the invented applicant, and all materials."""
    texts = {"applicant.name": NAME, "applicant.id_number": ID_NUMBER, "applicant.phone": PHONE}
    return FilledForm(texts=texts, materials=materials, token=token)


def filled_form(body: bytes) -> FilledForm:
    """From a form's body. Raises ClaimError where it is none."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise ClaimError(
            "the form cannot be read", faults=[Fault("$", "malformed", str(error))], remedy="send the form again"
        ) from None
    given = dict(pairs)
    return FilledForm(
        texts={name: text for name, text in given.items() if name.startswith(("applicant.", "form."))},
        materials=frozenset(text for name, text in pairs if name == "materials"),
        is_organisation="is_organisation" in given,
        token=given.get("token", ""),
    )


def filing_from_json(body: bytes) -> FilingRequest:
    """From `{"item": "...", "materials": [...], "form": {...}}`. Raises ClaimError naming every fault."""
    return _checked(parse(parse_json(body), FilingRequest))


def _checked(asked: FilingRequest) -> FilingRequest:
    faults = list(applicant_faults(asked.applicant))
    if faults:
        raise ClaimError(
            "the application cannot be read: " + "; ".join(f"{fault.path} {fault.message}" for fault in faults),
            faults=faults,
            remedy="name an invented applicant",
        )
    return asked
