"""Deadlines and cards counted by hand, in the shape of the worked deadlines of the domain notes.

Rules of this room:

- one JSON object a line: `id`, `fn` (what is computed), the facts, `expect`, `why`, and where days are counted `count`;
- the answers come from the printed holiday notices and the articles named, never from the library: where a case
  disagrees with the library the law's text settles it, and then the wrong one of the two is mended;
- a `count` is read as `first…last→total`; that it adds up and ends on the day expected is tested;
- data and the reading of it only, no test.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CASES: list[dict[str, Any]] = [
    json.loads(line)
    for path in sorted(Path(__file__).parent.glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


def of(*labels: str) -> list[dict[str, Any]]:
    """The cases with one of these labels."""
    found = [case for case in CASES if case["fn"] in labels]
    assert found, f"there is no case with {labels}"
    return found
