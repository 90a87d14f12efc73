"""The invented county on paper, and a client of its server."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from egov_core.runtime.policies import load_policy
from egov_core.server.app import create_app
from egov_core.server.limits import RateLimit
from egov_core.testing.paper_county import paper_county
from egov_core.testing.paper_office import PaperOffice


@pytest.fixture(scope="session")
def office() -> PaperOffice:
    """The county; tests only read it."""
    return paper_county(load_policy("notice"))


@pytest.fixture
def client(office: PaperOffice) -> TestClient:
    """A visitor who has chosen no language and may ask as often as a test does."""
    return TestClient(create_app(office, rate=RateLimit(10_000)), raise_server_exceptions=False)
