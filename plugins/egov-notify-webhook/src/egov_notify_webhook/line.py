"""One exchange over HTTP: what is posted goes out once, and the status comes back, in the time given.

Rules of this room: the standard library's HTTP, with an end to everything. Its own timeouts begin anew with each byte,
so a receiver that lets its answer drip is cut off from outside. Nothing of an answer is read but its head; no redirect
is followed; no proxy is taken from the environment.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from typing import Any

from egov_notify_webhook.target import Target


def post(target: Target, tls: ssl.SSLContext | None, headers: Mapping[str, str], body: bytes, seconds: float) -> int:
    """Post once: the status of the answer.

    Raises OSError (TimeoutError where the time is up) or http.client.HTTPException.
    """
    line = _Line(target, tls, time.monotonic() + seconds)
    watch = threading.Timer(seconds, line.cut)
    watch.daemon = True
    watch.start()
    status = 0
    try:
        line.request("POST", target.path, body, dict(headers))
        with line.getresponse() as answer:
            status = answer.status
    except (OSError, ValueError, http.client.HTTPException):
        if not line.was_cut:
            raise
    finally:
        watch.cancel()
        line.close()
    if line.was_cut:  # then it may look broken, or even whole: the end of what was cut is taken for the end of a head
        raise TimeoutError
    return status


class _Line(http.client.HTTPConnection):
    """A connection that ends at an instant of the monotonic clock."""

    def __init__(self, target: Target, tls: ssl.SSLContext | None, end: float) -> None:
        super().__init__(target.host, target.port)
        self._target, self._tls, self._end = target, tls, end
        self.was_cut = False

    def connect(self) -> None:
        """Connect to the first address that can be reached and may be, and shake hands."""
        reached = self._reached()
        if self._tls is not None:
            reached = self._tls.wrap_socket(reached, server_hostname=self._target.host, do_handshake_on_connect=False)
        self.sock = reached
        if self.was_cut:  # before there was anything to cut
            raise TimeoutError
        if isinstance(reached, ssl.SSLSocket):
            reached.do_handshake()

    def cut(self) -> None:
        """End it now, whatever another thread waits for."""
        self.was_cut = True
        cut: Any = self.sock
        if cut is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                socket.socket.shutdown(cut, socket.SHUT_RDWR)  # not that of ssl, which forgets the session under way

    def _reached(self) -> socket.socket:
        failed = OSError(0, "its name leads to no address that may be told anything")
        for family, kind, protocol, _, address in _addresses(self._target, self._left()):
            if not self._target.may_lead_to(str(address[0])):
                continue
            reached = socket.socket(family, kind, protocol)
            try:
                reached.settimeout(self._left())
                reached.connect(address)
                reached.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                reached.settimeout(self._left())
            except OSError as error:
                reached.close()
                failed = error
                continue
            return reached
        raise failed

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _addresses(target: Target, seconds: float) -> list[Any]:
    """The addresses of a target. The resolver knows no timeout, so it is asked in a thread that may be left alone."""
    found: list[list[Any]] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except OSError as error:
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError
    return found[0]
