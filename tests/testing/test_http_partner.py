"""The partner does what it is told, and counts its effects by key."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from egov_core.testing.http_partner import HttpPartner
from egov_core.testing.partners import Answer, Asked, Behaviour, Dialect, NoPartner, StatusDialect, receipt_of


def ask(partner: HttpPartner, key: str = "k", body: bytes = b"{}") -> tuple[int, bytes]:
    url = urlsplit(partner.url)
    line = http.client.HTTPConnection(url.hostname or "", url.port, timeout=10)
    line.request("POST", url.path, body, {partner.dialect.key_header: key} if key else {})
    with line.getresponse() as response:
        found = response.status, response.read()
    line.close()
    return found


def test_it_has_one_effect_per_key_however_often_it_is_asked() -> None:
    with HttpPartner() as partner:
        first = ask(partner)
        assert ask(partner) == first
        assert ask(partner, "other")[0] == 200
        assert list(partner.book.effects) == ["k", "other"]
        assert len(partner.book.knocks) == 3
        assert not partner.book.contradicted
        assert receipt_of("k").encode() in first[1]


def test_it_notes_a_key_that_bears_another_body() -> None:
    with HttpPartner() as partner:
        ask(partner)
        ask(partner, body=b"[]")
        assert partner.book.contradicted == ("k",)
        assert partner.book.effects["k"].body == b"{}"


def test_it_fails_as_often_as_it_was_told_and_is_a_loop_back_then() -> None:
    with HttpPartner() as partner:
        partner.behave(Behaviour.BUSY, times=2)
        assert [ask(partner)[0] for _ in range(4)] == [503, 503, 200, 200]
        assert len(partner.book.effects) == 1


def test_what_has_no_key_has_no_effect() -> None:
    with HttpPartner() as partner:
        assert ask(partner, "")[0] == 400
        assert not partner.book.effects


def test_it_can_go_away_and_come_back() -> None:
    with HttpPartner() as partner:
        partner.behave(Behaviour.ABSENT)
        with pytest.raises(ConnectionRefusedError):
            ask(partner)
        partner.behave(Behaviour.LOOPBACK)
        assert ask(partner)[0] == 200


def test_it_says_what_it_was_told_to_say() -> None:
    with HttpPartner() as partner:
        partner.behave(Behaviour.SAYING, answer=Answer(status=207, body=b"hello"))
        assert ask(partner) == (207, b"hello")


def test_a_status_says_all() -> None:
    with HttpPartner(StatusDialect()) as partner:
        assert ask(partner) == (204, b"")
        partner.behave(Behaviour.REFUSING)
        assert ask(partner, "other")[0] == 410


def test_a_request_that_is_no_delivery_is_answered_aside() -> None:
    class SignsIn(Dialect):
        def read(self, asked: Asked) -> tuple[str, bytes] | None:
            return None if asked.body == b"sign in" else super().read(asked)

        def aside(self, asked: Asked) -> Answer:
            return Answer(body=asked.path.encode())

    with HttpPartner(SignsIn()) as partner:
        assert ask(partner, body=b"sign in") == (200, b"/inbox")
        assert not partner.book.knocks


def test_a_mistake_in_a_dialect_is_not_swallowed() -> None:
    class Broken(Dialect):
        def read(self, asked: Asked) -> tuple[str, bytes] | None:
            raise LookupError(asked.path)

    partner = HttpPartner(Broken())
    with pytest.raises((http.client.HTTPException, OSError)):
        ask(partner)
    with pytest.raises(LookupError):
        partner.close()


@pytest.mark.parametrize("behaviour", [one for one in Behaviour if one is not Behaviour.LOOPBACK])
def test_where_nobody_is_there_nothing_can_be_acted(behaviour: Behaviour) -> None:
    with pytest.raises(NotImplementedError):
        NoPartner().behave(behaviour)
