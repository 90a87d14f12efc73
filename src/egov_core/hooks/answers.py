"""What is wrong with an answer, in words: the checks that most hooks need.

Rules of this room: a check is a pure function of the answer; an empty text says that nothing is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from egov_core.domain.catalogue import ItemFinding, Severity
from egov_core.ports.checks import Finding
from egov_core.ports.health import HealthFinding

Check = Callable[[Any], str]
"""What is wrong with an answer, in words; empty where nothing is."""


def list_of(kind: type, name: str) -> Check:
    """That an answer is a list of values of one kind, called `name` in the sentence."""

    def check(answer: Any) -> str:
        whole = isinstance(answer, Sequence) and all(isinstance(one, kind) for one in answer)
        return "" if whole else f"with {type(answer).__name__}, not {name}"

    return check


def one_of(kind: type) -> Check:
    """That an answer is one value of a kind."""
    return lambda answer: "" if isinstance(answer, kind) else f"with {type(answer).__name__}, not {kind.__name__}"


def findings(answer: Any) -> str:
    """What is wrong with the findings of a check: each names its field, and says something to the applicant."""
    wrong = list_of(Finding, "findings")(answer)
    if wrong:
        return wrong
    for one in answer:
        for name, text in (("field", one.field), ("message", one.message)):
            if not isinstance(text, str) or not text.strip():
                return f"with a finding whose {name} is {text!r}, not a text that says something"
    return ""


def item_findings(answer: Any) -> str:
    """What is wrong with findings in an item: each has a code, an element, a sentence and a remedy, and is graded."""
    wrong = list_of(ItemFinding, "findings in an item")(answer)
    if wrong:
        return wrong
    for one in answer:
        for name in ("code", "element", "message", "remedy"):
            text = getattr(one, name)
            if not isinstance(text, str) or not text.strip():
                return f"with a finding whose {name} is {text!r}, not a text that says something"
        if not isinstance(one.severity, Severity):
            return f"with a finding whose severity is {one.severity!r}, not a Severity"
    return ""


def health_findings(answer: Any) -> str:
    """What is wrong with the findings of an examination: code, sentence and remedy are texts, to be shown as such."""
    wrong = list_of(HealthFinding, "health findings")(answer)
    if wrong:
        return wrong
    for one in answer:
        for name, text in (("code", one.code), ("message", one.message), ("remedy", one.remedy)):
            if not isinstance(text, str):
                return f"with a finding whose {name} is {text!r}, not a text"
            if name != "remedy" and not text.strip():
                return f"with a finding whose {name} is {text!r}, not a text that says something"
    return ""
