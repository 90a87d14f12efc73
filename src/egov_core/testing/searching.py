"""The search without an index: every item is looked at. For tests, and to compare an index with.

Rules of this room: the domain's ranking over the whole catalogue, nothing left out to be quick. Terms are counted here
by the items in force, by an index in all their versions: scores may differ where items have several.
"""

from __future__ import annotations

from collections import Counter

from egov_core.domain.catalogue import Catalogue, ItemState, ItemVersion
from egov_core.domain.organisation import Organisation
from egov_core.domain.search.question import question
from egov_core.domain.search.ranking import Ranking
from egov_core.domain.search.rarity import Rarity
from egov_core.domain.search.terms import indexed_terms, terms
from egov_core.ports.queries import ItemsFound, SearchItems


def looked_through(catalogue: Catalogue, organisation: Organisation, query: SearchItems) -> ItemsFound:
    """The answer to a search, by looking at every item in force."""
    items: list[ItemVersion] = []
    for code in sorted(catalogue.items):
        item = catalogue.in_force(code, query.day)
        if item is not None and catalogue.state_on(code, query.day) is not ItemState.WITHDRAWN:
            items.append(item)
    asked = question(query.text, query.synonyms)
    if not asked.wordings:
        return ItemsFound()
    counts = Counter(term for item in items for term in indexed_terms(item.full_name))
    others = Counter(term for item in items for one in item.materials for term in terms(one.name))
    ranking = Ranking(asked.wordings, Rarity(len(items), {**others, **counts}), asked.text)
    organs = {code: organ.name for code, organ in organisation.organs.items()}
    ranked = (ranking.rank(item, organs.get(item.organ, "")) for item in items)
    suspended = {item.code for item in items if catalogue.state_on(item.code, query.day) is ItemState.SUSPENDED}
    return ItemsFound.of((one for one in ranked if one is not None), organs, query.limit, suspended)
