"""Every attempt has an end, and a secure connection is one to whom this machine trusts."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from webhook_receiver import Receiver, channel_to, refused

from egov_core.testing import builders
from egov_core.testing.http_partner import HttpPartner

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Of localhost alone, with its key; signed by itself, for these tests and nothing else."""


# --- every attempt has an end -----------------------------------------------------------------------------------------


@contextmanager
def listener(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port of this machine whose every connection is served so, until the test ends."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(connection: socket.socket) -> None:
            with suppress(OSError), connection:
                serve(connection)

        threading.Thread(target=run, daemon=True).start()
        yield server.getsockname()[1]
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


def silent(connection: socket.socket) -> None:
    while connection.recv(65_536):
        pass


def dripping(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(400):
        connection.sendall(b"a")
        time.sleep(0.02)


def dripping_records(connection: socket.socket) -> None:
    """A handshake that comes byte by byte: the head of a TLS record that is never whole."""
    connection.recv(65_536)
    for byte in b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xfc" + bytes(400):
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("scheme", "serve"),
    [("http", silent), ("http", dripping), ("https", silent), ("https", dripping_records)],
)
def test_an_attempt_ends_in_the_time_given(scheme: str, serve: Callable[[socket.socket], None]) -> None:
    with listener(serve) as port:
        begun = time.monotonic()
        error = refused(channel_to(f"{scheme}://localhost:{port}/inbox", timeout=0.4))
        assert time.monotonic() - begun < 2
    assert "no answer within 0.4 s" in error.message


def test_a_resolver_that_hangs_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: let_go.wait(20) or [])
    begun = time.monotonic()
    try:
        assert "no answer within 0.2 s" in refused(channel_to("https://notify.example/inbox", timeout=0.2)).message
        assert time.monotonic() - begun < 2
    finally:
        let_go.set()


@pytest.mark.parametrize(
    ("url", "leads_to"),
    [("https://notify.example/inbox", "169.254.169.254"), ("http://localhost:9/inbox", "192.0.2.7")],
)
def test_a_name_that_leads_where_no_receiver_is_gets_no_connection(
    url: str, leads_to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (leads_to, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("it connected"))
    assert "leads to no address that may be told anything" in refused(channel_to(url)).message


# --- a secure connection ----------------------------------------------------------------------------------------------


@contextmanager
def secure_receiver() -> Iterator[tuple[int, list[bytes]]]:
    """A receiver over TLS, as localhost; what it got."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    got: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as line:
            request = b""
            while not request.endswith(builders.BODY):
                request += line.recv(65_536)
            got.append(request)
            line.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with listener(serve) as port:
        yield port, got


def test_over_tls_it_tells_whom_this_machine_trusts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with secure_receiver() as (port, got):
        assert channel_to(f"https://localhost:{port}/inbox").notify(builders.notification()).accepted
    assert got[0].startswith(b"POST /inbox HTTP/1.1\r\n")


def test_a_certificate_that_nobody_vouches_for_is_not_now() -> None:
    with secure_receiver() as (port, got):
        error = refused(channel_to(f"https://localhost:{port}/inbox"))
    assert "its certificate is not trusted" in error.message
    assert got == [], "nothing was told"


def test_a_certificate_for_another_name_is_not_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with secure_receiver() as (port, got):
        error = refused(channel_to(f"https://127.0.0.1:{port}/inbox"))
    assert "its certificate is not trusted" in error.message
    assert got == []


def test_who_speaks_no_tls_is_not_now() -> None:
    with HttpPartner(Receiver()) as partner:
        error = refused(channel_to(partner.url.replace("http", "https", 1)))
    assert "cannot be told" in error.message
