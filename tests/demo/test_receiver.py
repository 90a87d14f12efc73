"""The receiver of the demonstration believes what is signed, counts it once, and is there where somebody tells it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
from urllib.parse import urlsplit

import pytest

from egov_core.demo.founding import demo_settings
from egov_core.demo.receiver import LARGEST, Receiver, told

SETTINGS = demo_settings("county.db")


def delivered(receiver: Receiver, key: str, body: bytes, *, secret: str = "", length: str = "") -> int:
    """The status of one delivery."""
    raw = base64.b64decode((secret or receiver.secret).removeprefix("whsec_"))
    made = hmac.digest(raw, f"{key}.1700000000.".encode() + body, hashlib.sha256)
    headers = {
        "webhook-id": key,
        "webhook-timestamp": "1700000000",
        "webhook-signature": f"v1,AAAA v1,{base64.b64encode(made).decode()}",
        "Content-Length": length or str(len(body)),
    }
    line = http.client.HTTPConnection(urlsplit(receiver.url).netloc, timeout=10)
    line.request("POST", "/", body, headers)
    answer = line.getresponse()
    line.close()
    return answer.status


def test_it_takes_what_is_signed_once_for_each_id() -> None:
    with told(SETTINGS, frozenset({"webhook"})) as (settings, receiver):
        assert receiver is not None
        assert settings.notification_channels == ("webhook",)
        assert settings.plugins_settings["webhook"]["url"] == receiver.url
        assert [delivered(receiver, key, b"{}") for key in ("a", "b", "a")] == [204, 204, 204]
        assert (receiver.taken, receiver.refused) == (2, 0)


@pytest.mark.parametrize("secret", ["whsec_" + base64.b64encode(b"x" * 32).decode()])
def test_it_believes_no_other_signature(secret: str) -> None:
    with told(SETTINGS, frozenset({"webhook"})) as (_, receiver):
        assert receiver is not None
        assert delivered(receiver, "a", b"{}", secret=secret) == 401
        assert delivered(receiver, "a", b"{}", length=str(LARGEST + 1)) == 413
        assert (receiver.taken, receiver.refused) == (0, 1)


def test_without_the_plugin_nothing_is_told() -> None:
    with told(SETTINGS, frozenset({"hunan"})) as (settings, receiver):
        assert settings == SETTINGS
        assert receiver is None
