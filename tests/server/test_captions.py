"""The captions of the board are true for each policy: yellow warns in one place, and tells of a late day in another."""

from __future__ import annotations

import re
from typing import Any

import attrs
import pytest
from starlette.testclient import TestClient

from egov_core.errors import UnknownError
from egov_core.runtime.policies import load_policy
from egov_core.server.app import create_app
from egov_core.server.limits import RateLimit
from egov_core.server.supervision.board import side_of_limit
from egov_core.server.words import words_of
from egov_core.testing.paper_county import paper_county
from egov_core.testing.paper_office import PaperOffice

CAPTION = re.compile(r'urgent-(red|yellow)" aria.*?<caption>([^<]*)</caption>', re.DOTALL)
BEFORE, AFTER, EITHER = "before", "after", "either"


@pytest.mark.parametrize(
    ("policy", "told"),
    [("notice", {"red": AFTER, "yellow": BEFORE}), ("hunan-2018", {"red": AFTER, "yellow": AFTER})],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_caption_of_a_list_says_on_which_side_of_the_limit_its_cards_are(
    policy: str, told: dict[str, str], lang: str
) -> None:
    office = paper_county(load_policy(policy))
    client = TestClient(create_app(office, rate=RateLimit(10_000)))
    found = CAPTION.findall(client.get(f"/supervision?lang={lang}").text)
    words = words_of(lang)
    assert dict(found) == {level: words(f"board.list_caption_{told[level]}") for level, _ in found}
    assert {level for level, _ in found} == {"red", "yellow"}, "the county shows both lists"


def test_cards_of_several_policies_are_each_judged_by_their_own(office: PaperOffice) -> None:
    yellow, red = office.running("yellow")[0], office.running("red")[0]
    assert [side_of_limit(office, cards) for cards in ([yellow], [red], [yellow, red])] == [BEFORE, AFTER, EITHER]
    unknown = attrs.evolve(red, rule="a-rule-that-is-gone")
    assert side_of_limit(office, [unknown]) == side_of_limit(office, [red, unknown]) == EITHER
    assert side_of_limit(office, []) == EITHER


def test_a_policy_that_is_known_no_more_says_nothing(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgotten(_self: PaperOffice, ref: str) -> Any:
        raise UnknownError(f"no {ref}", remedy="name its file")

    monkeypatch.setattr(PaperOffice, "policy", forgotten)
    assert side_of_limit(office, office.running("red")) == EITHER
