"""What an import says of the check-up that follows it: how much it will find, and by which rules.

Rules of this room: it counts and shows what the use case foresees. It is no fault of a cell: what is missing may stand
in no file that was handed in, and the office takes the items in all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import click

from egov_core.cli.advice import with_settings
from egov_core.cli.handed_in import SHOWN
from egov_core.cli.language import say, speaks_chinese
from egov_core.domain.catalogue import Severity
from egov_core.usecases.catalogue.checkup import CheckupFinding


def checkup_ahead(found: Sequence[CheckupFinding]) -> dict[str, Any]:
    """The same for JSON: what the check-up will find, by severity and by rule."""
    by_rule: dict[str, Counter[str]] = {severity.value: Counter() for severity in Severity}
    for one in found:
        by_rule[one.finding.severity.value][one.finding.code] += 1
    return {
        "checkup": {
            **{severity: {"findings": rules.total(), "rules": dict(rules)} for severity, rules in by_rule.items()},
            "items_with_errors": len({one.subject for one in _errors(found)}),
        }
    }


def warn_of_checkup(found: Sequence[CheckupFinding]) -> None:
    """Say how much the check-up will find, and of the errors which; nothing where there are none."""
    errors = _errors(found)
    if not errors:
        return
    items = len({one.subject for one in errors})
    warnings = sum(one.finding.severity is Severity.WARNING for one in found)
    counted = Counter(one.finding.code for one in errors)
    lang = "zh" if speaks_chinese() else "en"
    said = {one.finding.code: one.finding.sentence(lang) for one in reversed(errors)}
    command = with_settings(say("egov catalogue checkup --config 文件", "egov catalogue checkup --config FILE"))
    click.echo(
        say(
            f"提醒 导入不受阻，体检将在 {items} 项中查出错误 {len(errors)} 处、警告 {warnings} 处；逐处见 {command}：",
            f"warning the check-up will find {len(errors)} error(s) in {items} item(s), and {warnings} warning(s); "
            f"this hinders no import, and each is told by {command}:",
        ),
        err=True,
    )
    for code, count in counted.most_common(SHOWN):
        click.echo(f"      {said[code]}  [{code}] × {count}", err=True)


def _errors(found: Sequence[CheckupFinding]) -> list[CheckupFinding]:
    return [one for one in found if one.finding.severity is Severity.ERROR]
