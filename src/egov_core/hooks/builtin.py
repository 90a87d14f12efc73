"""The answers the library gives itself, through the same door as a department's, asked last.

Rules of this room: only what holds for every county. Storage backends stand above this floor and are registered by
`runtime.bootstrap` in the same way.
"""

from __future__ import annotations

import hashlib

from egov_core.domain.legal import LICENSING_ACT, LegalBasis
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.hooks.spec import hookimpl
from egov_core.ports.checks import Finding, MaterialsView
from egov_core.ports.forwarding import Envelope, Receipt
from egov_core.ports.numbering import Numbering, NumberRequest


class Completeness:
    """Required materials are all there before a case is accepted (行政许可法 32)."""

    @hookimpl(trylast=True)
    def egov_check_materials(self, materials: MaterialsView) -> list[Finding]:
        """One finding per missing material, all at once: this is what a one-time notification has to list."""
        if materials.stage != "accept":
            return []
        basis = LegalBasis(instrument=LICENSING_ACT, article="第三十二条")
        return [
            Finding(field=f"materials.{material.code}", message=f"缺少必备材料：{material.name}", basis=basis)
            for material in materials.missing
        ]


class ByOrganAndYear:
    """Numbers cases by area, organ and year, where a place has no way of its own."""

    @hookimpl(trylast=True)
    def egov_case_number(self, request: NumberRequest) -> Numbering:
        """`430423-jg101-2016-00001`."""
        series = f"{request.organ.code}-{request.at.year}"
        return Numbering(prefix=f"{request.area}-{series}-", series=series)


class LoopbackAdapter:
    """Answers every envelope at once with a receipt of its own. For demonstrations; nothing leaves the process."""

    name = "loopback"

    def send(self, envelope: Envelope) -> Receipt:
        """The same receipt for the same key, always."""
        return Receipt(
            key=envelope.key,
            receipt="LB" + hashlib.sha256(envelope.key.encode()).hexdigest()[:12].upper(),
            accepted=True,
            detail="本机回环",
        )


class Loopback:
    """Offers the loop-back adapter for cities and provinces nobody else serves. Registered only where asked for."""

    def __init__(self) -> None:
        self._adapter = LoopbackAdapter()

    @hookimpl(trylast=True)
    def egov_forwarding_adapter(self, target: Organ) -> LoopbackAdapter | None:
        """The adapter, for organs above the county."""
        return self._adapter if target.kind in (OrganKind.CITY, OrganKind.PROVINCE) else None
