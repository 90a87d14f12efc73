"""What a use case works with: parts handed in by whoever assembled the office.

Rules of this room: values and promises only; nothing here opens, reads a clock or decides. The registry (organs,
people, items, grants) is a frozen snapshot that is exchanged whole when the reference data change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from egov_core.domain.authority import Authority, Grant
from egov_core.domain.cards.policy import CardPolicy
from egov_core.domain.catalogue import Catalogue, ItemVersion
from egov_core.domain.organisation import Organ, Organisation
from egov_core.domain.people import Person
from egov_core.domain.timers.reckoning import Ruler
from egov_core.errors import UnknownError
from egov_core.hooks.manager import Hooks
from egov_core.ports.ambient import Clock, IdSource
from egov_core.ports.storage import ReferenceRow, Storage
from egov_core.wire.codec import decode

ORGAN, PERSON, ITEM, GRANT = "organ", "person", "item", "grant"


@attrs.frozen(kw_only=True)
class Registry:
    """The reference data of an area at one version."""

    version: int
    organisation: Organisation
    catalogue: Catalogue
    people: Mapping[str, Person]
    authority: Authority


def load_registry(storage: Storage, area: str) -> Registry:
    """Read the reference data of an area."""

    def rows(kind: str) -> tuple[ReferenceRow, ...]:
        return storage.references(area, kind)

    version = storage.reference_version(area)
    return Registry(
        version=version,
        organisation=Organisation.of(decode(row.data, Organ) for row in rows(ORGAN)),
        catalogue=Catalogue.of(decode(row.data, ItemVersion) for row in rows(ITEM)),
        people={row.code: decode(row.data, Person) for row in rows(PERSON)},
        authority=Authority.of(decode(row.data, Grant) for row in rows(GRANT)),
    )


@attrs.frozen(kw_only=True)
class Services:
    """The parts of an open office that use cases need. `registry` gives the current snapshot."""

    area: str
    storage: Storage
    hooks: Hooks
    clock: Clock
    ids: IdSource
    ruler: Ruler
    policy: CardPolicy
    policies: Mapping[str, CardPolicy]
    registry: Callable[[], Registry]

    def policy_of(self, ref: str) -> CardPolicy:
        """The policy frozen into a case. Raises UnknownError."""
        found = self.policies.get(ref)
        if found is None:
            raise UnknownError(
                f"the card policy {ref} is not known here",
                remedy="name its file in [time] earlier-policies: every policy that cases were submitted under is kept",
                policy=ref,
            )
        return found
