"""Plan files of reorganisations: TOML, as `domain.reorganisation.reading` understands it.

Rules of this room: a file becomes tables here and a plan there; whatever is wrong is said with its place.
"""

from __future__ import annotations

from pathlib import Path

from egov_core.domain.reorganisation.plan import Plan
from egov_core.domain.reorganisation.reading import parse_plan
from egov_core.errors import ReorganisationError
from egov_core.runtime.toml_files import read_toml


def read_plan(file: Path) -> Plan:
    """The plan of a file. Raises ReorganisationError with every fault."""
    if file.suffix.lower() != ".toml":
        raise ReorganisationError(
            f"{file} is no plan file", remedy="write the plan as TOML, with a name that ends in .toml"
        )

    def refused(message: str, remedy: str) -> ReorganisationError:
        return ReorganisationError(message, remedy=remedy)

    return parse_plan(read_toml(file, refused, "a plan of a reorganisation"), file.name)
