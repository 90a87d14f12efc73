"""What a department's check of an application is given, and what it answers.

Rules of this room: frozen values only; a check sees no connection and no storage. Personal values stay masked unless
the check asks for them with a purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from egov_core.domain.catalogue import ItemVersion
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Applicant


@attrs.frozen(kw_only=True)
class ApplicationView:
    """An application as a check sees it. `stage` is `submit` or `accept`; the applicant is known at `submit` only."""

    area: str
    stage: str
    item: ItemVersion
    materials: tuple[str, ...]
    form: Mapping[str, str] = attrs.field(repr=False)
    applicant: Applicant | None
    at: datetime


@attrs.frozen(kw_only=True)
class Finding:
    """What a check has found: the field, a sentence for the applicant, its basis. `error` refuses, `advice` tells."""

    field: str
    message: str
    basis: LegalBasis | None = None
    severity: str = attrs.field(default="error", validator=attrs.validators.in_(("error", "advice")))
