"""People of towns that become one keep their roles where the merger says so, and never have a say over more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from egov_core.domain.authority import ALL_ITEMS, Delegation, Grant, Role
from egov_core.domain.catalogue import Catalogue
from egov_core.domain.legal import LegalBasis
from egov_core.domain.reorganisation.changes import Reference
from tests.domain.reorganisation.test_compiling import SINCE, compiled, held, item, reference
from tests.reforms import DAY, MERGE, NEW

ALL = {ALL_ITEMS}


def keeping(*roles: str, merge: str = MERGE) -> str:
    return merge + f"keep = [{', '.join(f'{one!r}' for one in roles)}]\n"


def entrusted(code: str, to: str, *items: str) -> Delegation:
    return Delegation(
        code=code,
        organ="c",
        delegate=to,
        items=frozenset(items),
        basis=LegalBasis(instrument="《演示条例》", article="第九条"),
        announcement="公告",
        published_on=SINCE,
        valid_from=SINCE,
    )


def towns(*items: str, delegations: Iterable[Delegation] = (), grants: Iterable[Grant] = ()) -> Reference:
    """Organs a, b and c, of which c has the items c1 and c2, and the others those that are named."""
    known = reference(grants=grants)
    catalogue = Catalogue.of([item(code, code[0]) for code in ("c1", "c2", *items)])
    staffing = attrs.evolve(known.staffing, delegations=tuple(delegations))
    return attrs.evolve(known, catalogue=catalogue, staffing=staffing)


def test_towns_without_items_lose_every_role_unless_the_merger_keeps_it() -> None:
    plain = compiled(MERGE, towns())
    assert held(plain, "new") == {}
    assert {(one.person, one.role, one.why) for one in plain.lost} == {
        (person, role, "organ-ended") for person in ("a1", "b1") for role in ("intake", "reviewer")
    }
    kept = compiled(keeping("受理", "审核"), towns())
    assert kept.faults == ()
    assert held(kept, "new") == {(person, role): ALL for person in ("a1", "b1") for role in ("INTAKE", "REVIEWER")}
    assert kept.lost == ()


def test_only_the_roles_that_are_named_are_kept() -> None:
    changes = compiled(keeping("受理"), towns())
    assert held(changes, "new") == {("a1", "INTAKE"): ALL, ("b1", "INTAKE"): ALL}
    assert {(one.person, one.role) for one in changes.lost} == {("a1", "reviewer"), ("b1", "reviewer")}


def test_what_each_had_is_not_what_the_other_had() -> None:
    """Town a has an item, b has none: nobody of b gets a say over it, and a's clerk keeps it without any keeping."""
    changes = compiled(keeping("受理"), towns("a1"))
    assert held(changes, "new") == {("a1", "INTAKE"): {"a1"}, ("a1", "REVIEWER"): {"a1"}}
    assert ("b1", "intake") in {(one.person, one.role) for one in changes.lost}


def test_a_say_over_what_was_entrusted_is_kept_item_by_item() -> None:
    """Two towns were entrusted with different items: each clerk keeps those of the own town, for whoever renews it."""
    different = [entrusted("wa", "a", "c1"), entrusted("wb", "b", "c2")]
    assert held(compiled(keeping("受理"), towns(delegations=different)), "new") == {
        ("a1", "INTAKE"): {"c1"},
        ("b1", "INTAKE"): {"c2"},
    }
    alike = [entrusted("wa", "a", "c1"), entrusted("wb", "b", "c1")]
    assert held(compiled(keeping("受理"), towns(delegations=alike)), "new") == {
        ("a1", "INTAKE"): ALL,
        ("b1", "INTAKE"): ALL,
    }
    over = [attrs.evolve(one, valid_to=date(2019, 1, 1)) for one in different]
    assert held(compiled(keeping("受理"), towns(delegations=over)), "new")["a1", "INTAKE"] == ALL


def test_a_grant_for_one_item_stays_for_one() -> None:
    narrow = Grant(person="a2", role=Role.INTAKE, organ="a", items=frozenset({"c1"}), valid_from=SINCE)
    known = towns(delegations=[entrusted("wa", "a", "c1", "c2"), entrusted("wb", "b", "c1", "c2")], grants=[narrow])
    assert held(compiled(keeping("受理"), known), "new")["a2", "INTAKE"] == {"c1"}


def test_a_town_that_stays_counts_too() -> None:
    into = '[[merge]]\nfrom = ["a"]\ninto = "b"\n'
    assert held(compiled(keeping("受理", merge=into), towns()), "b")["a1", "INTAKE"] == ALL
    more = compiled(keeping("受理", merge=into), towns("b1"))
    assert ("a1", "INTAKE") not in held(more, "b"), "it would have a say over what only b had"


def test_a_founded_town_with_one_source_loses_nothing() -> None:
    changes = compiled(NEW + '[[merge]]\nfrom = ["a"]\ninto = "new"\n', towns())
    assert held(changes, "new") == {("a1", "INTAKE"): ALL, ("a1", "REVIEWER"): ALL}
    assert changes.lost == ()


def test_the_grants_of_the_old_organs_end() -> None:
    changes = compiled(keeping("受理", "审核"), towns())
    assert all(one.valid_to == DAY for one in changes.grants if one.organ in ("a", "b"))
