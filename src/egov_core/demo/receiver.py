"""Somebody outside whom the demonstration tells of red cards: a receiver of signed webhooks on this machine.

Rules of this room: it believes nothing that it cannot check: a delivery counts where its signature holds (Standard
Webhooks 1.0.0: HMAC-SHA256 over id, timestamp and body), and once for each id. It is no part of an office.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs

from egov_core.runtime.settings import Settings

CHANNEL = "webhook"
"""The plugin, and the channel that it offers."""
LARGEST = 100_000
"""Bytes of a body."""


class Receiver(ThreadingHTTPServer):
    """Takes what is told, on a port of this machine that was free."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._taken: set[str] = set()
        self.refused = 0

    @property
    def url(self) -> str:
        """Where it is to be told."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    @property
    def secret(self) -> str:
        """What deliveries have to be signed with."""
        return "whsec_" + base64.b64encode(self._key).decode()

    @property
    def taken(self) -> int:
        """How many different notifications have come, each with a signature that holds."""
        with self._lock:
            return len(self._taken)

    def take(self, key: str, timestamp: str, signatures: str, body: bytes) -> bool:
        """Whether a delivery is believed."""
        made = hmac.digest(self._key, f"{key}.{timestamp}.".encode() + body, hashlib.sha256)
        expected = "v1," + base64.b64encode(made).decode()
        holds = any(hmac.compare_digest(one.encode(), expected.encode()) for one in signatures.split())
        with self._lock:
            if holds:
                self._taken.add(key)
            else:
                self.refused += 1
        return holds


class _Handler(BaseHTTPRequestHandler):
    server: Receiver
    timeout = 10

    def do_POST(self) -> None:
        """Take one delivery."""
        said = self.headers.get("Content-Length", "")
        if not said.isdecimal() or int(said) > LARGEST:
            self._answer(413)
            return
        body = self.rfile.read(int(said))
        key, timestamp, signatures = (
            self.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")
        )
        self._answer(204 if self.server.take(key, timestamp, signatures, body) else 401)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name in the base class
        """Silent: the demonstration counts."""


@contextmanager
def told(settings: Settings, names: frozenset[str]) -> Iterator[tuple[Settings, Receiver | None]]:
    """The settings of a demonstration that tells a receiver of red cards, where the plugin for it is among `names`."""
    if CHANNEL not in names:
        yield settings, None
        return
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, name="egov-demo-receiver", daemon=True).start()
        table = {"url": receiver.url, "secret": receiver.secret, "name": CHANNEL}
        telling = attrs.evolve(
            settings,
            notification_channels=(CHANNEL,),
            notification_levels=("red",),
            notification_types=("card-issued",),
            plugins_settings={**settings.plugins_settings, CHANNEL: table},
        )
        try:
            yield telling, receiver
        finally:
            receiver.shutdown()
