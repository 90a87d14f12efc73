"""A real chromium before a real server: the invented county on a port of its own."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from starlette.applications import Starlette

from egov_core.runtime.policies import load_policy
from egov_core.server.app import create_app
from egov_core.server.limits import RateLimit
from egov_core.testing.paper_county import paper_county
from egov_core.testing.paper_office import PaperOffice

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def office() -> PaperOffice:
    """The county; tests only read it."""
    return paper_county(load_policy("notice"))


@contextmanager
def listening(app: Starlette) -> Iterator[str]:
    """Where a server of the application listens."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.02)
    [port] = [sock.getsockname()[1] for one in server.servers for sock in one.sockets]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def url(office: PaperOffice) -> Iterator[str]:
    """Where its server listens."""
    with listening(create_app(office, rate=RateLimit(10_000))) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's chromium, without a window."""
    chromium = os.environ.get("EGOV_CHROMIUM") or shutil.which("chromium")
    assert chromium, "chromium is missing: nox -s browser says how to install it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()
