"""What a department's checks of an application are given, and what they answer.

Rules of this room: frozen values only; a check sees no connection and no storage. Personal values stay masked unless
the check asks for them with a purpose.

V1  A check answers from what it is given and from nothing else: the same view gives the same findings, in any process.
V2  It answers with a list of `Finding`, or None: never with a generator, a text, a truth value.
V3  What it is given is not changed by it, and it keeps nothing of an applicant.
V4  A finding names a field of the form (`form.NAME`), a material (`materials.CODE`) or the applicant
    (`applicant.NAME`), and says in Chinese what is wrong; what refuses names its legal basis.
V5  A check that does not apply to the item or the stage finds nothing.
V6  A personal value stands in no finding.
V7  An empty form, an unknown material and a stage without applicant are ordinary: a check does not raise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from egov_core.domain.catalogue import ItemVersion, Material
from egov_core.domain.legal import LegalBasis
from egov_core.domain.people import Applicant
from egov_core.ports._allowed import allowed


@attrs.frozen(kw_only=True)
class ApplicationView:
    """An application as a check sees it. `stage` is `submit` or `accept`.

    The applicant and the channel (`window`, `web`, `mobile`, or what a place calls one of its own, such as `import` for
    records that come from another system) are known at `submit` only.
    """

    area: str
    stage: str
    item: ItemVersion
    materials: tuple[str, ...]
    form: Mapping[str, str] = attrs.field(repr=False)
    applicant: Applicant | None
    at: datetime
    channel: str = ""


@attrs.frozen(kw_only=True)
class MaterialsView:
    """The materials of an application as a check sees them, without anything personal.

    `stage` is `submit`, `supplement` or `accept`; `materials` are the codes handed in so far.
    """

    area: str
    stage: str
    item: ItemVersion
    materials: tuple[str, ...]
    at: datetime

    @property
    def missing(self) -> tuple[Material, ...]:
        """The required materials of the item that are not there yet."""
        return tuple(one for one in self.item.materials if one.required and one.code not in self.materials)


@attrs.frozen(kw_only=True)
class Finding:
    """What a check has found: the field, a sentence for the applicant, its basis. `error` refuses, `advice` tells."""

    field: str
    message: str
    basis: LegalBasis | None = None
    severity: str = attrs.field(default="error", validator=allowed("error", "advice"))
