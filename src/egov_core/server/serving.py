"""Serving an office on this machine: the pages and the worker in one process, which is the one writer of the file."""

from __future__ import annotations

import logging
import socket

import uvicorn

from egov_core.errors import OfficeError
from egov_core.runtime.bootstrap import Office
from egov_core.runtime.worker import Worker
from egov_core.server.app import create_app

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


def serve(office: Office, *, port: int) -> None:
    """Serve until interrupted, on loopback only. Raises OfficeError where the port cannot be taken."""
    logging.getLogger("egov_core").setLevel(logging.WARNING)
    worker = Worker(office)
    config = uvicorn.Config(
        create_app(office, demo=office.demo),
        host=LOOPBACK,
        port=port,
        log_level="warning",
        access_log=False,  # addresses of the public progress query are nobody's business
        server_header=False,
        timeout_graceful_shutdown=3,  # a client that does not finish must not hold the office open
    )
    server = uvicorn.Server(config)
    worker.start()
    try:
        server.run()
    except SystemExit:
        raise OfficeError(
            f"port {port} of this machine cannot be taken", remedy="end the other program, or give another --port"
        ) from None
    finally:
        worker.stop()
