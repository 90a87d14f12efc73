"""Untrusted input: everything that is wrong is said at once, and nothing but ClaimError comes out."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import PauseKind
from egov_core.errors import ClaimError
from egov_core.wire.edge import COMMANDS, DEEPEST, LARGEST_BODY, parse, parse_command, parse_json

SUBMIT: dict[str, Any] = {
    "command": "Submit",
    "item": "licence",
    "applicant": {"name": "周小满", "id_number": "990121199001011236", "phone": None},
    "materials": ["form"],
    "form": {"address": "某处"},
}


def faults(body: bytes | dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ClaimError) as refused:
        parse_command(body)
    assert refused.value.remedy
    return {fault.path: f"{fault.code}: {fault.message}" for fault in refused.value.faults}


def test_a_command_is_read() -> None:
    command = parse_command(json.dumps(SUBMIT).encode())
    assert isinstance(command, c.Submit)
    assert (command.item, command.materials, command.form) == ("licence", ("form",), {"address": "某处"})
    pause = {"command": "Pause", "case_id": "x", "kind": "听证", "notice": "特1", "declared": "10wd"}
    read = parse_command(pause)
    assert isinstance(read, c.Pause)
    assert (read.kind, str(read.declared)) == (PauseKind.HEARING, "10wd")


def test_every_fault_is_named_at_once_with_its_path() -> None:
    wrong = {
        "command": "Submit",
        "applicant": {"name": 5, "phone": ["1"], "nick": "x"},
        "materials": "form",
        "form": {"a": 1, "b @ c": 2},
        "channel": None,
        "extra": 1,
    }
    found = faults(wrong)
    assert set(found) >= {
        "$.item",
        "$.applicant.name",
        "$.applicant.id_number",
        "$.applicant.phone",
        "$.applicant",
        "$.materials",
        "$.form['a']",
        "$.form['b @ c']",
        "$.channel",
        "$",
    }
    assert found["$.item"].startswith("required")
    assert found["$.applicant.id_number"].startswith("required")
    assert "nick" in found["$.applicant"]
    assert "extra" in found["$"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("item", 5),
        ("item", None),
        ("item", True),
        ("item", ["x"]),
        ("item", {}),
        ("item", 1.5),
        ("applicant", [1]),
        ("applicant", "x"),
        ("form", [1]),
        ("form", "x"),
        ("materials", {"a": 1}),
        ("materials", [1]),
    ],
)
def test_nothing_is_coerced(field: str, value: object) -> None:
    assert any(path.startswith(f"$.{field}") for path in faults({**SUBMIT, field: value}))


def test_a_truth_value_is_not_a_number_and_a_number_no_truth_value() -> None:
    decision = {"command": "RecordUpperDecision", "case_id": "x", "document": "d"}
    assert "$.granted" in faults({**decision, "granted": 1})
    assert "$.granted" in faults({**decision, "granted": "true"})


@pytest.mark.parametrize("declared", ["10", "ten", "", "10 wd", "-1wd", "99999wd", "immediate", 10, None, "１０wd"])
def test_a_period_that_is_none_is_named(declared: object) -> None:
    pause = {"command": "Pause", "case_id": "x", "kind": "听证", "notice": "特1", "declared": declared}
    assert set(faults(pause)) == {"$.declared"}


@pytest.mark.parametrize("day", ["2016-13-01", "20.5.2016", "", 20160520, True, "2016-05-20T09:00:00+08:00"])
def test_a_day_that_is_none_is_named(day: object) -> None:
    fixed = {"command": "ScheduleHearing", "case_id": "x", "day": day, "place": "三楼", "notice": "听通1"}
    assert set(faults(fixed)) == {"$.day"}
    assert set(faults({**SUBMIT, "renews": day})) == {"$.renews"}


def test_days_and_periods_of_the_newer_commands_are_read() -> None:
    case = {"case_id": "x", "notice": "n"}
    fixed = parse_command({"command": "ScheduleHearing", **case, "day": "2016-05-20", "place": "p"})
    assert isinstance(fixed, c.ScheduleHearing)
    assert fixed.day == date(2016, 5, 20)
    renewed = parse_command({**SUBMIT, "renews": "2016-08-01"})
    assert isinstance(renewed, c.Submit)
    assert renewed.renews == date(2016, 8, 1)
    told = parse_command({"command": "RequestCorrection", **case, "missing": ["m"], "within": "15d"})
    assert isinstance(told, c.RequestCorrection)
    assert str(told.within) == "15d"


def test_what_silence_brings_cannot_be_asked_for() -> None:
    for name in ("DeemAccepted", "DeemRenewed", "CloseUnanswered"):
        assert "$.command" in faults({"command": name, "case_id": "x"})


def test_an_unknown_command_is_answered_with_the_known_ones() -> None:
    for name in ("Drop", None, 5, ["Accept"], {"a": 1}):
        assert "Accept" in faults({"command": name})["$.command"]
    assert len(COMMANDS) == 23


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"\xff\xfe", "malformed"),
        ('{"command":"受理"}'.encode("gbk"), "malformed"),
        (b'{"command":"Accept","case_id":"a","case_id":"b"}', "malformed"),
        (b'{"command":"Accept","case_id":NaN}', "malformed"),
        (b'{"command":"Accept","case_id":-Infinity}', "malformed"),
        (b'{"command":"Accept","case_id":1e999}', "malformed"),
        (b'{"command":"Accept","case_id":' + b"9" * 5000 + b"}", "malformed"),
        (b'{"command":"Accept","case_id":' + b"[" * 100_000, "malformed"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "too-deep"),
        (b'{"a":"' + b"x" * LARGEST_BODY + b'"}', "oversized"),
        (b"[]", "type"),
        (b'"Accept"', "type"),
        (b"null", "type"),
    ],
)
def test_malformed_ambiguous_deep_and_oversized_bodies_are_refused(body: bytes, code: str) -> None:
    assert faults(body)["$"].startswith(code)


def test_the_largest_and_the_deepest_that_are_taken() -> None:
    assert parse_json(b"[" * DEEPEST + b"]" * DEEPEST)
    body = b'"' + b"x" * (LARGEST_BODY - 2) + b'"'
    assert len(parse_json(body)) == LARGEST_BODY - 2


@pytest.mark.parametrize("text", ["\\ud83d", "\\udc00", "a\\u0000b"])
def test_half_characters_and_nuls_are_refused(text: str) -> None:
    body = f'{{"command":"Accept","case_id":"{text}"}}'.encode()
    assert set(faults(body)) == {"$.case_id"}
    assert "$.form" in "".join(faults(json.dumps(SUBMIT).replace("address", text).encode()))


def test_rare_characters_are_taken() -> None:
    for name in ("𠮷野", "买买提·艾力", "é́", "😀"):
        command = parse_command({**SUBMIT, "form": {"name": name}})
        assert isinstance(command, c.Submit)
        assert command.form["name"] == name


def test_a_naive_time_is_a_fault() -> None:
    from datetime import datetime

    with pytest.raises(ClaimError) as refused:
        parse("2024-06-17T09:00:00", datetime)
    assert "no offset" in refused.value.message
    assert parse("2024-06-17T01:00:00Z", datetime).isoformat() == "2024-06-17T09:00:00+08:00"


def test_a_fault_never_repeats_a_personal_value() -> None:
    wrong = {**SUBMIT, "applicant": {"name": "周小满", "id_number": ["990121199001011236"], "phone": 19900001111}}
    with pytest.raises(ClaimError) as refused:
        parse_command(wrong)
    said = json.dumps(refused.value.as_dict(), ensure_ascii=False)
    assert "周小满" not in said
    assert "990121199001011236" not in said
    assert "19900001111" not in said


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
names = [name for kind in COMMANDS.values() for name in kind.__annotations__]


@given(st.dictionaries(st.sampled_from([*names, "x"]), values, max_size=6), st.sampled_from([*COMMANDS, "x"]))
def test_nothing_but_a_claim_error_escapes_whatever_object_is_given(data: dict[str, Any], name: str) -> None:
    claim: ClaimError | None = None
    try:
        command = parse_command({**data, "command": name})
    except ClaimError as error:
        claim = error
    if claim is None:
        assert type(command).__name__ == name
    else:
        assert claim.faults
        assert all(fault.path.startswith("$") for fault in claim.faults)


@given(st.binary(max_size=60) | values.map(lambda one: json.dumps(one).encode()))
def test_nothing_but_a_claim_error_escapes_whatever_bytes_are_given(body: bytes) -> None:
    with pytest.raises(ClaimError):
        parse_command(body)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_what_editors_call_unicode_is_named_as_what_it_is(encoding: str) -> None:
    with pytest.raises(ClaimError, match="the body is UTF-16 and not UTF-8"):
        parse_json('{"name": "取水许可"}'.encode(encoding))


def test_a_mark_in_front_of_utf_8_changes_nothing() -> None:
    assert parse_json('{"name": "取水许可"}'.encode("utf-8-sig")) == {"name": "取水许可"}


def test_another_encoding_is_named_with_its_line_and_not_in_the_words_of_a_codec() -> None:
    with pytest.raises(ClaimError) as refused:
        parse_json('{\n"name": "取水许可"}'.encode("gb18030"))
    assert "line 2" in refused.value.message and "codec" not in str(refused.value.as_dict())
