"""Secrets and signatures, held against the test vector of the standard and against sums made here by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
from pathlib import Path

import pytest

from egov_notify_webhook.signing import Secrets, signature

VECTOR = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def secret(byte: int, length: int = 32) -> str:
    return "whsec_" + base64.b64encode(bytes([byte]) * length).decode()


def keys(text: str) -> list[bytes]:
    return Secrets(text, None).keys()


def messages(text: str, file: Path | None = None) -> list[str]:
    return [f"{fault.path} {fault.message}" for fault in Secrets(text, file).faults()]


def test_the_test_vector_of_the_standard() -> None:
    made = signature(keys(VECTOR), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == SIGNED


def test_every_byte_of_what_is_signed_counts() -> None:
    given = ("990121:c:notification:3:webhook", 1_718_000_000, '{"级别":"red"}'.encode())
    made = {signature(keys(VECTOR), *given)}
    for place in range(len(given[2])):
        body = bytearray(given[2])
        body[place] ^= 1
        made.add(signature(keys(VECTOR), given[0], given[1], bytes(body)))
    made.add(signature(keys(VECTOR), given[0] + "x", given[1], given[2]))
    made.add(signature(keys(VECTOR), given[0], given[1] + 1, given[2]))
    made.add(signature(keys(secret(1)), *given))
    assert len(made) == len(given[2]) + 4


def test_while_secrets_are_exchanged_each_of_them_signs() -> None:
    old, new = secret(1), secret(2, 64)
    made = signature(keys(f"{new}  {old}\n"), "id", 7, b"{}").split(" ")
    by_hand = [
        "v1," + base64.b64encode(hmac.new(bytes([byte]) * length, b"id.7.{}", hashlib.sha256).digest()).decode()
        for byte, length in ((2, 64), (1, 32))
    ]
    assert made == by_hand


@pytest.mark.parametrize(("length", "whole"), [(23, False), (24, True), (25, True), (64, True), (65, False)])
def test_a_secret_has_the_length_of_the_standard(length: int, whole: bool) -> None:
    assert (messages(secret(3, length)) == []) is whole


def test_padding_may_be_left_out() -> None:
    assert keys(secret(4, 25).rstrip("=")) == [bytes([4]) * 25]


@pytest.mark.parametrize(
    "text",
    [
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_",
        "whsec_密",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La%aSw",
        "whsk_" + "A" * 44,
    ],
)
def test_what_is_no_secret_is_refused_and_not_repeated(text: str) -> None:
    (told,) = messages(text)
    assert told.startswith("secret has to be whsec_ and 24 to 64 bytes in base64")
    assert len(text) < 8 or text not in told
    with pytest.raises(ValueError, match="has to be whsec_") as caught:
        keys(text)
    assert len(text) < 8 or text not in repr(caught.value)


def test_of_several_the_wrong_ones_are_numbered() -> None:
    told = messages(f"{secret(1)} short {secret(2)} whsec_x")
    assert [one.partition(" has")[0] for one in told] == ["secret no. 2 of 4", "secret no. 4 of 4"]


def test_either_a_secret_or_a_file_of_secrets(tmp_path: Path) -> None:
    assert messages("") == ["secret is missing: give it, or secret_file"]
    assert "given beside secret_file" in messages(secret(1), tmp_path / "secret")[0]
    assert "has to be an absolute path" in messages("", Path("secret"))[0]
    assert messages("", tmp_path / "secret") == ["secret_file cannot be read: No such file or directory"]
    (tmp_path / "secret").write_bytes(b"\xff\xfe")
    assert messages("", tmp_path / "secret") == ["secret_file cannot be read: it is no text of a few lines"]
    (tmp_path / "secret").write_bytes(b" \n")
    assert messages("", tmp_path / "secret") == ["secret_file holds no secret"]
    (tmp_path / "secret").write_bytes(b"x" * 20_000)
    assert messages("", tmp_path / "secret") == ["secret_file cannot be read: it is no text of a few lines"]


def test_a_file_is_read_anew_so_that_a_secret_can_be_exchanged(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"\ufeff{secret(1)}\n", encoding="utf-8")
    found = Secrets("", file)
    assert found.keys() == [bytes([1]) * 32]
    file.write_text(f"{secret(2)}\n{secret(1)}\n", encoding="utf-8")
    assert found.keys() == [bytes([2]) * 32, bytes([1]) * 32]


def test_a_file_that_everybody_may_read_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(secret(1), encoding="utf-8")
    file.chmod(0o640)
    assert not Secrets("", file).is_open_to_others
    file.chmod(0o644)
    assert Secrets("", file).is_open_to_others
    assert not Secrets(secret(1), None).is_open_to_others
    assert not Secrets("", tmp_path / "none").is_open_to_others
