"""What has to be an object and is none is refused in words."""

from __future__ import annotations

from typing import Any

import pytest

from egov_core.errors import ClaimError
from egov_core.wire.edge import parse
from egov_core.wire.filing import FilingRequest


@pytest.mark.parametrize("body", [[], None, "x", 5, True])
def test_it_is_named(body: Any) -> None:
    with pytest.raises(ClaimError, match="is a JSON object") as told:
        parse(body, FilingRequest)
    assert [(fault.path, fault.message) for fault in told.value.faults] == [("$", "must be an object")]
