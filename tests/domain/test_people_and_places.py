"""Organs, people, grants, items and chains: what they answer, what they refuse, and what never shows."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.audit import GENESIS, StoredLink, link, personal_digest, verify_chain
from egov_core.domain.authority import Act, Authority, Grant, Role
from egov_core.domain.catalogue import ART_42_DEFAULT, CaseType, Catalogue, ItemVersion, PowerClass
from egov_core.domain.legal import CHINA, LegalBasis, end_of, instant, is_in_force, start_of
from egov_core.domain.organisation import Organ, Organisation, OrganKind
from egov_core.domain.people import Applicant, Person, Personal, Purpose
from egov_core.errors import ClaimError, IntegrityError, LawError, NaiveTimeError, NoAuthorityError, UnknownError

Y2016, Y2020 = date(2016, 1, 1), date(2020, 1, 1)


def organ(code: str, parent: str | None, **other: object) -> Organ:
    return Organ(code=code, name=f"机关{code}", kind=OrganKind.DEPARTMENT, parent=parent, valid_from=Y2016, **other)  # type: ignore[arg-type]  # given by name


TREE = Organisation.of([organ("county", None), organ("dept", "county"), organ("unit", "dept", valid_to=Y2020)])


def item(version: int = 1, **other: object) -> ItemVersion:
    return attrs.evolve(
        ItemVersion(
            code="I1",
            version=version,
            name="许可",
            organ="dept",
            power_class=PowerClass.LICENCE,
            case_type=CaseType.PROMISE,
            statutory=ART_42_DEFAULT,
            promised=None,
            valid_from=Y2016,
        ),
        **other,  # type: ignore[arg-type]  # given by name
    )


# -- legal -------------------------------------------------------------------------------------------------------------


def test_an_instant_is_read_in_the_zone_of_the_law_without_fractions() -> None:
    given_time = datetime(2016, 4, 21, 17, 0, 0, 999_999, tzinfo=UTC)
    assert instant(given_time) == datetime(2016, 4, 22, 1, tzinfo=CHINA)
    assert instant(given_time).date() == date(2016, 4, 22)
    with pytest.raises(NaiveTimeError) as refused:
        instant(datetime(2016, 4, 22))
    assert refused.value.remedy


def test_a_day_ends_with_its_last_second_and_validity_before_its_end() -> None:
    assert end_of(Y2016) + timedelta(seconds=1) == start_of(date(2016, 1, 2))
    assert is_in_force(Y2016, Y2016, Y2020) and not is_in_force(Y2020, Y2016, Y2020)
    assert is_in_force(date(2099, 1, 1), Y2016, None) and not is_in_force(date(2015, 12, 31), Y2016, None)
    assert str(LegalBasis(instrument="《法》", article="第一条")) == "《法》第一条"


# -- organisation ------------------------------------------------------------------------------------------------------


def test_an_organ_lies_within_itself_and_those_above() -> None:
    assert TREE.is_within("unit", "county") and TREE.is_within("unit", "unit")
    assert not TREE.is_within("county", "unit")
    assert not TREE.is_within("nowhere", "county")
    assert [one.code for one in TREE.on(Y2020)] == ["county", "dept"]
    assert [one.code for one in TREE.on(date(2015, 1, 1))] == []
    assert TREE.get("unit").name == "机关unit"
    with pytest.raises(UnknownError):
        TREE.get("nowhere")


def test_what_is_no_tree_is_refused_with_every_fault() -> None:
    with pytest.raises(ClaimError) as refused:
        Organisation.of([organ("a", "b"), organ("b", "a"), organ("c", "lost"), organ("d", None), organ("d", None)])
    found = {(fault.path, fault.code) for fault in refused.value.faults}
    assert found == {("a", "organ-cycle"), ("b", "organ-cycle"), ("c", "organ-parent"), ("d", "organ-twice")}


def test_an_organ_below_a_cycle_does_not_loop_for_ever() -> None:
    with pytest.raises(ClaimError):
        Organisation.of([organ("a", "b"), organ("b", "a"), organ("below", "a")])


# -- people ------------------------------------------------------------------------------------------------------------

SECRETS = st.text(min_size=2, max_size=40).filter(lambda text: "*" not in text and len(set(text)) > 1)


@given(SECRETS)
def test_a_personal_value_never_shows_itself_whole(secret: str) -> None:
    value = Personal(secret)
    applicant = Applicant(name=value, id_number=value)
    shown = [repr(value), str(value), f"{value}", f"{value!s}", f"{value!r}", "%s" % value, repr(applicant)]  # noqa: UP031 -- every way to show a value
    shown += [json.dumps({"name": value}, default=str), str(attrs.asdict(applicant)), str([value]), value.masked()]
    record = logging.LogRecord("x", 20, "x", 1, "%s %r", (value, applicant), None)
    shown.append(record.getMessage())
    hidden = secret[1:] if len(secret) <= 7 else secret[3:-2]
    for text in shown:
        assert secret not in text
        assert text.count("*") >= len(hidden)
    assert not hasattr(value, "__dict__")


def test_a_personal_value_is_shown_for_a_purpose_and_for_nothing_else() -> None:
    value = Personal("430423199001011234")
    assert value.reveal(Purpose.HANDLING) == "430423199001011234"
    assert value.masked() == "430*************34"
    assert Personal("").masked() == "" and Personal("王").masked() == "王*"
    with pytest.raises(TypeError) as refused:
        value.reveal("curiosity")  # type: ignore[arg-type]  # no purpose, on purpose
    assert "430423" not in str(refused.value)
    with pytest.raises(TypeError):
        f"{value:>30}"
    assert value == Personal("430423199001011234") and value != "430423199001011234"
    assert len({value, Personal("430423199001011234")}) == 1


def test_staff_serve_until_the_day_before_they_leave() -> None:
    person = Person(code="p", name="张三", organ="dept", valid_from=Y2016, valid_to=Y2020)
    assert person.serves_on(date(2019, 12, 31)) and not person.serves_on(Y2020)


# -- authority ---------------------------------------------------------------------------------------------------------


def allowed(grant: Grant, **asked: object) -> bool:
    question = {"person": "p", "role": Role.REVIEWER, "item": "I1", "organ": "dept", "day": date(2018, 1, 1)} | asked
    person = str(question.pop("person"))
    staff = [Person(code=one, name=one, organ="dept", valid_from=date(2000, 1, 1)) for one in ("p", "q")]
    try:
        found = Authority.of([grant], people=staff).require(person, Act(**question), TREE)  # type: ignore[arg-type]  # given by name
    except NoAuthorityError:
        return False
    assert found.person == "p" and found.role is grant.role
    return True


def test_a_grant_covers_its_role_items_days_and_the_organs_below_and_nothing_else() -> None:
    grant = Grant(
        person="p", role=Role.REVIEWER, organ="dept", items=frozenset({"I1"}), valid_from=Y2016, valid_to=Y2020
    )
    assert allowed(grant) and allowed(grant, organ="unit")
    refused: list[dict[str, object]] = [
        {"person": "q"},
        {"role": Role.APPROVER},
        {"item": "I2"},
        {"organ": "county"},
        {"organ": "nowhere"},
        {"day": Y2020},
        {"day": date(2015, 12, 31)},
    ]
    for asked in refused:
        assert not allowed(grant, **asked), asked
    every = attrs.evolve(grant, items=frozenset({"*"}))
    assert allowed(every, item="I2")
    assert not allowed(attrs.evolve(grant, items=frozenset()))


def test_without_a_grant_everything_is_denied() -> None:
    for role in Role:
        with pytest.raises(NoAuthorityError):
            Authority.of([], people=[]).require("p", Act(role=role, item="I1", organ="dept", day=Y2020), TREE)


# -- catalogue ---------------------------------------------------------------------------------------------------------


def test_an_item_is_asked_by_the_day() -> None:
    catalogue = Catalogue.of([item(2, valid_from=Y2020), item(1, valid_to=Y2020)])
    assert catalogue.on("I1", date(2019, 12, 31)).version == 1
    assert catalogue.on("I1", Y2020).version == 2
    assert catalogue.version("I1", 1).valid_to == Y2020 and len(catalogue) == 1
    with pytest.raises(UnknownError):
        catalogue.on("I9", Y2020)
    with pytest.raises(UnknownError):
        catalogue.version("I1", 3)
    with pytest.raises(LawError):
        catalogue.on("I1", date(2015, 1, 1))


def test_two_versions_of_one_number_are_refused() -> None:
    with pytest.raises(ClaimError) as refused:
        Catalogue.of([item(1), item(1, name="别的"), item(2, valid_from=Y2020)])
    assert [fault.path for fault in refused.value.faults] == ["I1"]


def test_the_default_limit_is_that_of_article_42() -> None:
    assert str(ART_42_DEFAULT) == "20wd" and ART_42_DEFAULT.amount == Decimal(20)
    assert "第四十二条" in str(ART_42_DEFAULT.basis)


# -- audit -------------------------------------------------------------------------------------------------------------


def chain(payloads: list[bytes], stream: str = "case") -> list[StoredLink]:
    found, head = [], GENESIS
    for position, payload in enumerate(payloads, start=1):
        head = link(head, stream, position, payload)
        found.append(StoredLink(position, payload, head))
    return found


PAYLOADS = st.lists(st.binary(max_size=8), min_size=3, max_size=8)


@given(PAYLOADS, st.integers(0, 7), st.binary(max_size=8))
def test_an_altered_payload_is_found_at_its_position(payloads: list[bytes], which: int, other: bytes) -> None:
    links = chain(payloads)
    which %= len(links)
    if other == payloads[which]:
        other += b"!"
    links[which] = attrs.evolve(links[which], payload=other)
    with pytest.raises(IntegrityError) as refused:
        verify_chain("case", links)
    assert refused.value.data["position"] == which + 1


def test_tampering_is_found_at_its_exact_position() -> None:
    links = chain([b"a", b"b", b"c", b"d"])
    forged = link(GENESIS, "case", 2, b"x")
    skipped = StoredLink(3, b"c", link(links[0].head, "case", 3, b"c"))
    breaks: list[tuple[Callable[[], list[StoredLink]], int]] = [
        (lambda: [links[0], links[2], links[3]], 2),  # dropped from the middle
        (lambda: links[1:], 1),  # the first dropped
        (lambda: [links[0], links[2], links[1], links[3]], 2),  # swapped
        (lambda: [links[0], StoredLink(2, b"c", links[2].head), StoredLink(3, b"b", links[1].head)], 2),  # renumbered
        (lambda: [links[0], StoredLink(2, b"x", forged), *links[2:]], 2),  # replaced with a head of its own
        (lambda: [links[0], skipped], 2),  # a gap with heads that fit
        (lambda: [*links, links[3]], 5),  # replayed
        (lambda: [links[0], attrs.evolve(links[1], head="0" * 64), *links[2:]], 2),
    ]
    for tamper, position in breaks:
        with pytest.raises(IntegrityError) as refused:
            verify_chain("case", tamper())
        assert refused.value.data["position"] == position
        assert refused.value.data["stream"] == "case"


def test_what_is_cut_off_at_the_end_is_seen_by_comparing_heads() -> None:
    links = chain([b"a", b"b", b"c"])
    assert verify_chain("case", links) == links[-1].head
    assert verify_chain("case", links[:2]) != links[-1].head
    assert verify_chain("case", []) == GENESIS


def test_a_chain_of_another_stream_does_not_verify() -> None:
    with pytest.raises(IntegrityError):
        verify_chain("other", chain([b"a"]))


def test_a_personal_digest_needs_the_key() -> None:
    digest = personal_digest(b"k", "张三")
    assert digest == personal_digest(b"k", "张三") and len(digest) == 64
    assert digest not in (personal_digest(b"l", "张三"), personal_digest(b"k", "张四"))
