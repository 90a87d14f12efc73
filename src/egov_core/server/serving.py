"""Serving an office on this machine: the pages and the worker in one process, which is the one writer of the file.

Rules of this room: on loopback only. Where plugins are edited meanwhile, the office that was opened with them anew
takes the place of the old one before the pages and before the worker; the store stays open throughout.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable

import uvicorn

from egov_core.errors import OfficeError
from egov_core.runtime.office import Office
from egov_core.runtime.reloading import Reload, Reloader
from egov_core.runtime.worker import Worker
from egov_core.server.app import create_app
from egov_core.server.pages import Pages

LOOPBACK = "127.0.0.1"


def check_port(port: int) -> None:
    """Raise OfficeError where the port of this machine cannot be taken."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((LOOPBACK, port))
        except (OSError, OverflowError) as error:
            raise OfficeError(
                f"port {port} of this machine cannot be taken: {error}",
                remedy="end the other program, or give another --port",
            ) from None


class Service:
    """An office before its pages and its worker, and the place where another can take over."""

    def __init__(self, office: Office, pages: Pages) -> None:
        self._office = office
        self._pages = pages
        self._worker = Worker(office)

    def start(self) -> None:
        """Begin to work on schedule."""
        self._worker.start()

    def stop(self) -> None:
        """Stop after the task in hand; the store is left to whoever opened it."""
        self._worker.stop()
        self._office.retire()

    def swap(self, office: Office) -> None:
        """Put another office around the same store in place of this one: the pages first, then the worker."""
        self._pages.take(office)
        self.stop()
        self._office = office
        self._worker = Worker(office)
        self._worker.start()

    def told(self, came: Reload) -> None:
        """Say on every page why an edited plugin was not loaded, until one is."""
        self._pages.trouble = "" if came.error is None else came.error.message


def serve(office: Office, *, port: int, reloaded: Callable[[Reload], object] | None = None) -> None:
    """Serve until interrupted, on loopback only. Raises OfficeError where the port cannot be taken.

    With `reloaded` the office's plugins are loaded anew when their files are edited, and it is told what came of it.
    """
    logging.getLogger("egov_core").setLevel(logging.WARNING)
    app = create_app(office, demo=office.demo, window=office if office.demo else None)
    service = Service(office, app.state.pages)

    def tell(came: Reload) -> None:
        service.told(came)
        if reloaded is not None:
            reloaded(came)

    reloader = None if reloaded is None else Reloader(office, swap=service.swap, tell=tell)
    config = uvicorn.Config(
        app,
        host=LOOPBACK,
        port=port,
        log_level="warning",
        access_log=False,  # addresses of the public progress query are nobody's business
        server_header=False,
        timeout_graceful_shutdown=3,  # a client that does not finish must not hold the office open
    )
    server = uvicorn.Server(config)
    service.start()
    if reloader is not None:
        reloader.start()
    try:
        server.run()
    except SystemExit:
        if server.started:
            raise  # the system has asked for the end
        raise OfficeError(
            f"port {port} of this machine cannot be taken", remedy="end the other program, or give another --port"
        ) from None
    finally:
        if reloader is not None:
            reloader.stop()
        service.stop()
