"""What somebody gives who asks how far a case is: its number and its query code, from a form or as JSON.

Rules of this room: every fault is said at once, with its path; nothing is guessed. The only thing done to what was
typed is what a careful reader would do: full-width characters, stray spaces and the case of a code do not count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import attrs

from egov_core.errors import ClaimError, Fault
from egov_core.wire.edge import parse_json

LONGEST = 64
FIELDS = ("number", "code")


@attrs.frozen(kw_only=True)
class ProgressRequest:
    """A case number and its query code 查询码, cleaned."""

    number: str
    code: str = attrs.field(repr=False)


def progress_from_json(body: bytes) -> ProgressRequest:
    """From `{"number": "...", "code": "..."}`. Raises ClaimError naming every fault."""
    return _checked(parse_json(body))


def progress_from_form(body: bytes) -> ProgressRequest:
    """From a form's body. Raises ClaimError naming every fault; fields the form does not have are ignored."""
    return _checked({name: value for name, value in form_values(body).items() if name in FIELDS})


def form_values(body: bytes) -> dict[str, str]:
    """The fields of a form as they were typed, to be shown again. Raises ClaimError where it is not a form."""
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20, errors="strict"))
    except ValueError as error:
        raise ClaimError(
            "the form cannot be read", faults=[Fault("$", "malformed", str(error))], remedy="send the form again"
        ) from None


def _checked(data: Any) -> ProgressRequest:
    if not isinstance(data, Mapping):
        raise _claim([Fault("$", "type", "must be an object with number and code")])
    faults = [
        Fault(f"$.{key}", "unknown-key", "is not asked for; give number and code") for key in data if key not in FIELDS
    ]
    values = {}
    for name in FIELDS:
        value = data.get(name)
        if name not in data:
            faults.append(Fault(f"$.{name}", "required", "is missing"))
        elif not isinstance(value, str):
            faults.append(Fault(f"$.{name}", "type", f"must be a text, not {type(value).__name__}"))
        elif not (cleaned := _cleaned(value)):
            faults.append(Fault(f"$.{name}", "required", "must not be empty"))
        elif len(cleaned) > LONGEST:
            faults.append(Fault(f"$.{name}", "too-long", f"has more than {LONGEST} characters"))
        elif not cleaned.isprintable():
            faults.append(Fault(f"$.{name}", "characters", "contains characters that cannot be typed"))
        else:
            values[name] = cleaned
    if faults:
        raise _claim(faults)
    return ProgressRequest(number=values["number"], code=values["code"].upper())


def _cleaned(value: str) -> str:
    return "".join(unicodedata.normalize("NFKC", value).split())


def _claim(faults: list[Fault]) -> ClaimError:
    told = "; ".join(f"{fault.path} {fault.message}" for fault in faults)
    return ClaimError(
        f"the question cannot be read: {told}",
        faults=faults,
        remedy="give the case number and the query code printed on the receipt",
    )
