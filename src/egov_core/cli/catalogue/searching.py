"""`egov catalogue search`: items by what people call them.

Rules of this room: one question; it opens the office for reading and shows what it answers.
"""

from __future__ import annotations

import click

from egov_core.cli.checks import CONFIG, JSON, examined
from egov_core.cli.in_words import word
from egov_core.cli.language import say
from egov_core.cli.show import guarded, show_json
from egov_core.cli.spoken import Command
from egov_core.domain.search.terms import spans
from egov_core.ports.queries import ItemHit, ItemsFound, SearchItems


@click.command("search", cls=Command)
@click.argument("text")
@CONFIG
@click.option("--limit", type=click.IntRange(1, 100), default=20, help="How many items at most.")
@JSON
@guarded
def search(text: str, config: str, limit: int, as_json: bool) -> None:
    """Find items by what people call them.

    Exit status 0 whether something was found or not.
    """
    with examined(config) as office:
        day = office.now().date()
        query = SearchItems(area=office.area, text=text, day=day, limit=limit, synonyms=office.synonyms)
        found: ItemsFound = office.answer(query)
    if as_json:
        show_json({"q": text, **found.as_dict()})
        return
    if not found.hits:
        click.echo(say(f"没有找到与“{text}”有关的事项", f"nothing was found for {text!r}"))
        if found.nearest:
            click.echo(say("最接近的事项：", "the nearest items:"))
    for hit in found.hits or found.nearest:
        _show(hit)


def _show(hit: ItemHit) -> None:
    """A line for the item, and why where that is not plain."""
    words = [word for one in hit.found if one.text == hit.full_name for word in one.words]
    name, at = "", 0
    for start, end in spans(hit.full_name, words):
        name += hit.full_name[at:start] + click.style(hit.full_name[start:end], underline=True)
        at = end
    why = [say(f"按“{one.official}”查找", f"by {one.official}") for one in hit.by]
    why += [
        f"{word('found_in', one.field.value)}: {one.text}"
        for one in hit.found
        if one.text not in (hit.full_name, hit.organ_name, hit.code)
    ]
    if hit.suspended:
        why.append(say("暂停受理", "suspended: no applications are taken"))
    told = say(f"  （{'；'.join(why)}）", f"  ({'; '.join(why)})") if why else ""
    click.echo(f"{hit.code}  {name}{hit.full_name[at:]}  {hit.organ_name}{told}")
