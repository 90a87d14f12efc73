"""What a receiver gets, and what becomes of its answers."""

from __future__ import annotations

import base64
import socket
from pathlib import Path

import pytest
from webhook_receiver import Receiver, channel_to, refused

from egov_core.errors import DeliveryError
from egov_core.ports.health import PlaceView
from egov_core.testing import builders
from egov_core.testing.http_partner import HttpPartner
from egov_core.testing.partners import Answer, Behaviour
from egov_notify_webhook import Webhook, WebhookSettings

OLD = "whsec_" + base64.b64encode(b"the old secret of the receiver..").decode()
NEW = "whsec_" + base64.b64encode(b"the new secret of the receiver..").decode()
NOW = 1_718_586_000.9


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
