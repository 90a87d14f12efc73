"""What a receiver gets, what becomes of its answers, and that every attempt has an end."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from egov_core.errors import ClaimError, DeliveryError, PluginError
from egov_core.ports.health import PlaceView
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.doctor import diagnose
from egov_core.runtime.identifiers import SeededIds
from egov_core.testing import builders
from egov_core.testing import small_county as county
from egov_core.testing.delivery import listening, said_by
from egov_core.testing.http_partner import HttpPartner
from egov_core.testing.partners import Answer, Asked, Behaviour, StatusDialect
from egov_core.usecases.dispatch import DispatchReport
from egov_core.wire.plugin_settings import plugin_settings
from egov_notify_webhook import Webhook, WebhookSettings
from egov_notify_webhook.channel import WebhookChannel

OLD = "whsec_" + base64.b64encode(b"the old secret of the receiver..").decode()
NEW = "whsec_" + base64.b64encode(b"the new secret of the receiver..").decode()
CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Of localhost alone, with its key; signed by itself, for these tests and nothing else."""
NOW = 1_718_586_000.9


class Receiver(StatusDialect):
    """Takes only what is signed with its secret, less than five minutes old by its clock, as the standard asks."""

    def __init__(self, secret: str = OLD, now: float = NOW) -> None:
        self.secret, self.now = secret, now
        self.asked: list[Asked] = []

    def read(self, asked: Asked) -> tuple[str, bytes] | None:
        self.asked.append(asked)
        headers = asked.headers
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + asked.body
        secret = base64.b64decode(self.secret.removeprefix("whsec_"))
        expected = "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
        is_ours = any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split(" "))
        is_fresh = abs(self.now - int(headers["webhook-timestamp"])) < 300
        return super().read(asked) if is_ours and is_fresh else None

    def aside(self, asked: Asked) -> Answer:  # noqa: ARG002 - whatever it was, it was not signed
        return Answer(status=401)


def channel_to(url: str, *, secret: str = OLD, timeout: float = 5.0, clock: float = NOW) -> WebhookChannel:
    plugin = Webhook(WebhookSettings(url=url, secret=secret, timeout=timeout), clock=lambda: clock)
    channel = plugin.egov_notification_channel("webhook")
    assert channel is not None
    return channel


def refused(channel: WebhookChannel) -> DeliveryError:
    with listening() as heard, pytest.raises(DeliveryError) as caught:
        channel.notify(builders.notification())
    told = said_by(caught.value) + heard.getvalue()
    assert [one for one in (OLD, NEW, OLD[6:], "/inbox") if one in told] == [], "it told too much"
    assert caught.value.remedy
    return caught.value


# --- what goes out ----------------------------------------------------------------------------------------------------


def test_a_receiver_that_checks_signatures_takes_it() -> None:
    receiver = Receiver()
    with HttpPartner(receiver) as partner:
        told = builders.notification()
        receipt = channel_to(partner.url).notify(told)
        assert (receipt.key, receipt.accepted) == (told.key, True)
        (asked,) = receiver.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/inbox", told.body)
    assert asked.headers["webhook-id"] == told.key
    assert asked.headers["webhook-timestamp"] == "1718586000"
    assert asked.headers["content-type"].startswith("application/json")
    assert int(asked.headers["content-length"]) == len(told.body)


@pytest.mark.parametrize(("secret", "clock"), [(NEW, NOW), (OLD, NOW - 301), (OLD, NOW + 301)])
def test_another_secret_or_a_clock_that_is_wrong_is_not_now_and_says_where_to_look(secret: str, clock: float) -> None:
    with HttpPartner(Receiver()) as partner:
        error = refused(channel_to(partner.url, secret=secret, clock=clock))
        assert partner.book.effects == {}
    assert "answered with status 401" in error.message
    assert "does it know the secret, and is its clock right" in error.remedy


@pytest.mark.parametrize("known", [OLD, NEW])
def test_while_secrets_are_exchanged_either_side_may_be_first(known: str) -> None:
    with HttpPartner(Receiver(known)) as partner:
        assert channel_to(partner.url, secret=f"{NEW} {OLD}").notify(builders.notification()).accepted


def test_a_secret_file_is_exchanged_while_the_office_is_open(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(OLD, encoding="utf-8")
    receiver = Receiver()
    with HttpPartner(receiver) as partner:
        plugin = Webhook(WebhookSettings(url=partner.url, secret_file=file), clock=lambda: NOW)
        channel = plugin.egov_notification_channel("webhook")
        assert channel is not None
        assert channel.notify(builders.notification("990121:c:card:1")).accepted
        receiver.secret = NEW
        file.write_text(f"{NEW}\n", encoding="utf-8")
        assert channel.notify(builders.notification("990121:c:card:2")).accepted
        file.unlink()
        assert "cannot be read" in refused(channel).message
        place = PlaceView(area=builders.AREA, now=builders.AT, counts={})
        assert [(one.code, one.severity) for one in plugin.egov_health(place)] == [("secret", "error")]


def test_a_key_that_no_header_can_hold_is_not_now() -> None:
    with pytest.raises(DeliveryError, match="cannot stand in a header"):
        channel_to("http://127.0.0.1:9/").notify(builders.notification("990121:案:1"))
    with pytest.raises(DeliveryError, match="cannot stand in a header"):
        channel_to("http://127.0.0.1:9/").notify(builders.notification("990121:c\r\nx: y"))


# --- what comes back --------------------------------------------------------------------------------------------------


def test_the_receipt_is_the_same_whichever_status_said_yes() -> None:
    with HttpPartner(Receiver()) as partner:
        receipts = set()
        for status in (200, 201, 202, 204, 299):
            partner.behave(Behaviour.SAYING, answer=Answer(status=status))
            receipts.add(channel_to(partner.url).notify(builders.notification()))
    assert len(receipts) == 1
    assert next(iter(receipts)).accepted is True


def test_gone_is_never() -> None:
    with HttpPartner(Receiver()) as partner:
        partner.behave(Behaviour.SAYING, answer=Answer(status=410))
        receipt = channel_to(partner.url).notify(builders.notification())
    assert (receipt.accepted, receipt.detail) == (False, "410 Gone：对方不再接收")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 413, 429, 500, 502, 503, 504])
def test_every_other_status_is_not_now(status: int) -> None:
    with HttpPartner(Receiver()) as partner:
        partner.behave(Behaviour.SAYING, answer=Answer(status=status))
        error = refused(channel_to(partner.url))
    assert f"answered with status {status}" in error.message
    assert error.data["status"] == status


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with HttpPartner(Receiver()) as elsewhere, HttpPartner(Receiver()) as partner:
        partner.behave(Behaviour.SAYING, answer=Answer(status=status, headers={"Location": elsewhere.url}))
        error = refused(channel_to(partner.url))
        assert elsewhere.book.knocks == ()
    assert "not followed" in error.message
    assert "set the url" in error.remedy


def test_nobody_there_and_nobody_of_that_name_are_told_apart() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        assert "refused" in refused(channel_to(f"http://127.0.0.1:{taken.getsockname()[1]}/inbox")).message
    assert "cannot be told" in refused(channel_to("https://nobody.invalid/inbox", timeout=2)).message


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


# --- settings ---------------------------------------------------------------------------------------------------------


def test_settings_are_read_from_the_table_and_every_fault_is_said_at_once() -> None:
    given = plugin_settings(
        {"url": "https://notify.example/in", "secret_file": "/etc/egov/secret"}, WebhookSettings, "x"
    )
    assert (given.secret_file, given.timeout, given.name) == (Path("/etc/egov/secret"), 15.0, "webhook")
    wrong = {"url": "http://notify.example/T0KEN", "secret": "s3cret", "timeout": 0, "name": "Web hook"}
    with pytest.raises(ClaimError) as caught:
        Webhook(plugin_settings(wrong, WebhookSettings, "plugins.settings.webhook"))
    assert [fault.path for fault in caught.value.faults] == ["url", "secret", "timeout", "name"]
    assert [one for one in ("T0KEN", "s3cret") if one in said_by(caught.value)] == []
    with pytest.raises(ClaimError, match="there is a secret to sign with"):
        Webhook(WebhookSettings(secret=OLD))


@pytest.mark.parametrize("table", [{"secret": 5}, {"secrte": "s3cret"}, {"secret": ["s3cret"]}])
def test_a_table_of_another_shape_repeats_no_secret(table: dict[str, Any]) -> None:
    with pytest.raises(ClaimError) as caught:
        plugin_settings(table, WebhookSettings, "plugins.settings.webhook")
    assert "s3cret" not in said_by(caught.value)


def test_what_is_shown_of_settings_holds_no_secret() -> None:
    assert "whsec" not in repr(WebhookSettings(url="https://notify.example/T0KEN", secret=OLD))
    assert "T0KEN" not in repr(WebhookSettings(url="https://notify.example/T0KEN", secret=OLD))


def test_installed_and_not_set_it_changes_no_office() -> None:
    plugin = Webhook(WebhookSettings())
    assert plugin.egov_notification_channel("webhook") is None
    with county.open_small_county(plugins=((plugin, "webhook"),)) as office:
        assert ("webhook/unset", "ok") in {(one.code, one.severity) for one in diagnose(office)}


# --- in an office -----------------------------------------------------------------------------------------------------


def test_an_office_tells_a_card_once_though_the_receiver_was_away(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(OLD, encoding="utf-8")
    receiver = Receiver()
    clock = ManualClock(county.MONDAY)
    with HttpPartner(receiver) as partner:
        settings = attrs.evolve(
            county.settings(),
            notification_channels=("webhook",),
            notification_levels=("red",),
            plugins_load=("egov_notify_webhook:Webhook",),
            plugins_settings={"Webhook": {"url": partner.url, "secret_file": str(file)}},
        )
        with county.found(open_office(settings, clock=clock, ids=SeededIds(1))) as office:
            receiver.now = time.time()
            case_id = county.accepted(office).case_id
            clock.move_to(county.MONDAY + timedelta(days=20))
            office.sweep()
            partner.behave(Behaviour.LOSING)  # takes it, and loses the answer
            assert office.dispatch() == DispatchReport(put_off=1)
            partner.behave(Behaviour.LOOPBACK)
            clock.advance(timedelta(seconds=5))
            assert office.dispatch() == DispatchReport(delivered=1)
            (row,) = office.storage.outbox_of(county.AREA, case_id)
            assert office.verify().ok
            assert "Webhook/target" in {one.code for one in diagnose(office)}
    assert (row.state, list(partner.book.effects)) == ("delivered", [row.key])
    assert {asked.body for asked in receiver.asked} == {row.body}
    told = json.loads(receiver.asked[0].body)
    assert (told["type"], told["data"]["level"], told["data"]["case"]) == ("card-issued", "red", case_id)
    assert len(row.body) < 20_000, "the standard asks for small bodies"


def test_an_office_with_wrong_settings_does_not_open_and_says_why() -> None:
    settings = attrs.evolve(
        county.settings(),
        plugins_load=("egov_notify_webhook:Webhook",),
        plugins_settings={"Webhook": {"url": "http://notify.example/", "secret": "s3cret"}},
    )
    with pytest.raises(PluginError, match=r"url tells in the clear.*secret has to be whsec_") as caught:
        open_office(settings)
    assert "s3cret" not in said_by(caught.value)
