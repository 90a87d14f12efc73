"""One catalogue per language: the same keys, the same blanks, every key used, every code has its word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from string import Formatter

import pytest

import egov_core.server
from egov_core.cli.calendar import shown_cases
from egov_core.cli.campaign.shown import ENROLMENT_COLUMNS, LAGGARD_COLUMNS
from egov_core.cli.cases import CODE_COLUMNS
from egov_core.cli.reorganise.shown import COLUMNS as PASSING
from egov_core.domain.authority import Role
from egov_core.domain.authority.powers import LinkKind
from egov_core.domain.campaign.facts import FACTS
from egov_core.domain.campaign.forms import FORMS
from egov_core.domain.campaign.standing import PAPER
from egov_core.domain.campaign.states import (
    ACCEPTED,
    HANDED_IN,
    PAPER_RECEIVED,
    PASSED_ON,
    REMINDED,
    REOPENED,
    RETURN_TAKEN_BACK,
    RETURNED,
    UnitState,
)
from egov_core.domain.cases.commands import NEEDED_ROLE
from egov_core.domain.cases.events import EVENT_TYPES
from egov_core.domain.cases.marks import ONLINE
from egov_core.domain.cases.states import Stage, State, Whole
from egov_core.domain.catalogue import CaseType, ItemState, PauseKind, PowerClass, Severity, SuccessionKind
from egov_core.domain.catalogue.publication import ITEM_PUBLISHED, TYPES
from egov_core.domain.enrolment import STAGES, Duty, Milestone
from egov_core.domain.people import ActorKind
from egov_core.domain.periods import EndRoll, Unit
from egov_core.domain.search.ranking import Field
from egov_core.domain.timers.acceptance import ReceiptRule
from egov_core.domain.timers.kinds import KINDS, Expiry
from egov_core.domain.timers.months import MonthEnd
from egov_core.domain.timers.pauses import PauseRule
from egov_core.domain.timers.readings import SETTINGS, Chooser, PublicityRule
from egov_core.hooks.plugin import Origin
from egov_core.hooks.spec import HookKind
from egov_core.server.problems import PAGES
from egov_core.server.supervision.campaigns import CHOICES
from egov_core.server.supervision.filters import SCOPES, WHOLES
from egov_core.server.user.filing import PEOPLE
from egov_core.server.user.guide import SECTIONS
from egov_core.server.words import LANGUAGES, Words, words_of
from egov_core.sheets.open_cases.columns import COLUMNS

SERVER = Path(egov_core.server.__file__).parent

REASONS = (
    *("weekday", "weekend", "holiday", "make-up", "ordinary", "statutory-holiday", "holiday-substitute"),
    *("start-day", "end-day", "pause", "pause-over", "end-roll"),
    *("natural-day", "natural-hour", "same-day", "fixed-day"),
    "told-date",
)
VALUES = {
    "pause-rule": [rule.value for rule in PauseRule],
    "start-rule": ("next-day", "same-day"),
    "receipt": [rule.value for rule in ReceiptRule],
    "roll": [roll.value for roll in EndRoll],
    "month-end": [end.value for end in MonthEnd],
    "pause-kind": [rule.value for rule in PublicityRule],
    "applicant-unit": ("workday", "day"),
}
INCIDENTS = (
    *("no-limit", "paused", "pause-past-cap", "pause-past-declared"),
    *("promise-beyond-law", "renewal-late", "correction-untimed", "year-end"),
)
GUIDE_FACTS = (
    *("code", "level", "audiences", "channels", "online_depth", "scope", "quantity", "standard"),
    *("where", "hours", "online", "inquiry", "inquiry_phone", "complaint_phone"),
)
FAULTS = ("required", "too-long", "characters")
LOST = (
    *("organ-ended", "items-passed", "person-moved", "organ-moved"),
    *("principal-ended", "delegate-ended", "unit-moved", "deputy-parted"),
)
COUNTED = (
    *("streams", "cases", "events", "cards", "timers", "outbox", "referrals", "campaigns"),
    *("reference_data", "rows"),
)

PLACES = ("code", "title", "organ", "units", "forms", "reviewers", "unit", "day", "to", "document", "limit", "ahead")
"""Where a fault of a campaign is: the fields of what was asked."""
ENUMERATED: dict[str, Iterable[str]] = {
    "month": [str(month) for month in range(1, 13)],
    "weekday": [str(day) for day in range(7)],
    "state": [state.value for state in State],
    "whole": [whole.value for whole in Whole],
    "level": ("warning", "yellow", "red"),
    "event": EVENT_TYPES.keys() - {"card-issued", "card-revoked"},
    "by_law": ("accepted", "approved"),
    "place": PLACES,
    "timetable": ("standard", "hengyang"),
    "open_case": [one.key for one in COLUMNS],
    "lapse": [effect.value for effect in Expiry if effect is not Expiry.NONE],
    "pause": [kind.value for kind in PauseKind],
    "reason": REASONS,
    "revoked": ("recorded-late", "calendar-changed"),
    "actor": ("applicant", "system"),
    "case_type": [kind.name.lower() for kind in CaseType],
    "power": [power.name.lower() for power in PowerClass],
    "channel": ("window", *ONLINE),
    "method": ("window", "post", "online"),
    "outbox": ("pending", "delivered", "refused", "dead"),
    "told": ("pending", "delivered", "refused", "dead"),
    "guide.section": SECTIONS,
    "guide.closed": ("suspended", "withdrawn"),
    "guide": GUIDE_FACTS,
    "step": [stage.name.lower() for stage in Stage],
    "step_is": ("done", "now", "later", "ended", "skipped"),
    "timer_is": ("running", "paused", "overdue", "in-time", "late", "void"),
    "base": ("promised", "statutory", "declared", "due", "service", "step"),
    "why_open": ("paused", "no-limit"),
    "quarantine_means": [kind.value for kind in HookKind],
    "scope": SCOPES,
    "scope_name": SCOPES,
    "scope_means": SCOPES,
    "cases": (*WHOLES, "all"),
    "campaign_state": [state.value for state in UnitState],
    "campaign_fact": FACTS,
    "campaign": CHOICES.keys(),
    "stage": STAGES,
    "stage_missing": [milestone.value for milestone in Milestone],
    "duty": [duty.code for duty in Duty],
    "board": ("list_caption_before", "list_caption_after", "list_caption_either"),
    "search.field": ("code", "material", "basis"),
    "progress.now": [state.value for state in State],
    "progress.then": [state.value for state in State],
    "progress.by_law": ("accepted", "approved"),
    "progress.lapse": [effect.value for effect in Expiry if effect is not Expiry.NONE],
    "progress.field": ("number", "code"),
    "progress.hint": ("number", "code"),
    "progress.fault.number": FAULTS,
    "progress.fault.code": FAULTS,
    "apply.person": PEOPLE,
    "role": [role.name.lower() for role in Role],
    "option_kind": ("time", "date", "limit", "period", "pause", "extension"),
    "item_event": [*TYPES.values(), ITEM_PUBLISHED],
    "link": [kind.value for kind in LinkKind],
    "record": [*(kind.value for kind in LinkKind), "item"],
    "severity": [*(one.value for one in Severity), "ok", "advice"],
    "item_state": [*(one.value for one in ItemState), "draft", "in-review", "returned"],
    "succession": [kind.value for kind in SuccessionKind],
    "lost": LOST,
    "counted": COUNTED,
    "origin": [origin.value for origin in Origin],
    "found_in": [field.value for field in Field],
    "collected": (*FORMS, PAPER),
    "campaign_act": (HANDED_IN, PAPER_RECEIVED, RETURNED, ACCEPTED, RETURN_TAKEN_BACK, REMINDED, REOPENED, PASSED_ON),
    "lapse_name": [effect.value for effect in Expiry if effect is not Expiry.NONE],
    "unit_name": [unit.value for unit in Unit],
    "actor_kind": [kind.value for kind in ActorKind],
    "command": [
        *(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", command.__name__).lower() for command in NEEDED_ROLE),
        *("deem-accepted", "deem-renewed", "close-unanswered"),
    ],
    "csv": {*LAGGARD_COLUMNS, *ENROLMENT_COLUMNS, *shown_cases.COLUMNS, *shown_cases.CARDS, *PASSING, *CODE_COLUMNS},
    "setting": SETTINGS,
    "chooser": [chooser.value for chooser in Chooser],
    "incident": INCIDENTS,
    "incident_remedy": INCIDENTS,
    **{f"value.{setting}": values for setting, values in VALUES.items()},
    **{f"why.{setting}": values for setting, values in VALUES.items()},
    **{f"unit.{unit.value}": ("one", "many") for unit in Unit},
    **{f"error.{status}": ("title", "text", "remedy") for status in PAGES},
}
"""Keys that are put together from a code: prefix → the codes there are."""


def test_the_languages_have_the_same_keys_and_blanks() -> None:
    def blanks(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    first, *others = (words_of(lang) for lang in LANGUAGES)
    for other in others:
        assert first.texts.keys() == other.texts.keys()
        assert {key for key, text in first.texts.items() if blanks(text) != blanks(other.texts[key])} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_empty_or_foreign(lang: str) -> None:
    texts = words_of(lang).texts
    assert all(isinstance(text, str) and text for text in texts.values())
    if lang == "en":
        meant = {"site.other_language", "footer.disclaimer", "progress.other_language", "search.lead"}
        assert {key for key, text in texts.items() if re.search(r"[\u4e00-\u9fff]", text)} == meant


def test_every_code_has_its_word_and_every_key_is_used() -> None:
    keys = set(words_of("zh").texts)
    wanted = {f"{prefix}.{code}" for prefix, codes in ENUMERATED.items() for code in codes}
    assert wanted - keys == set(), "codes without a word"
    files = [file for file in SERVER.rglob("*") if file.suffix in (".py", ".html")]
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    literal = set(re.findall(r"""["']([a-z_]+(?:\.[\w-]+)+)["']""", source))
    assert keys - wanted - literal == set(), "keys that nobody uses"


def test_every_shipped_kind_of_timer_has_its_name_in_both_languages() -> None:
    """Names come from the kinds themselves, so that a place's own kinds have theirs."""
    assert [kind.code for kind in KINDS.values() if not kind.name or not re.fullmatch(r"[a-z' -]+", kind.name_en)] == []


def test_sentences_are_short() -> None:
    """Plain language: no sentence on a Chinese page has more than forty-five characters."""
    parts = [
        (key, part)
        for key, text in words_of("zh").texts.items()
        for part in re.split(r"[。；：]", re.sub(r"\{\w+\}", "", text))
    ]
    assert [pair for pair in parts if len(pair[1]) > 45] == []


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        Words("zh", {})("board.title")
    assert words_of("zh").either("level.purple", "purple") == "purple"


def test_a_role_is_called_in_chinese_what_the_register_calls_it() -> None:
    assert {role.value for role in Role} == {words_of("zh")(f"role.{role.name.lower()}") for role in Role}
