"""`egov verify` and `egov doctor`: is what is stored right, and is the installation sound.

Rules of this room: what opens an office is imported where one is opened. Every command takes its options from here, and
some of them need no office.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import click

from egov_core.cli.advice import advised
from egov_core.cli.in_words import word
from egov_core.cli.language import said, say
from egov_core.cli.show import guarded, progress_bar, show_json
from egov_core.cli.spoken import Command
from egov_core.errors import SettingsError
from egov_core.runtime.settings import read_settings

if TYPE_CHECKING:
    from egov_core.runtime.office import Office


def examined(config: str, *, safe_mode: bool = False) -> Office:
    """The office of a settings file, for reading. Raises SettingsError where its store holds nothing of this area."""
    from egov_core.runtime.bootstrap import open_office

    settings = read_settings(config)
    office = open_office(attrs.evolve(settings, safe_mode=safe_mode), read_only=True)
    try:
        refuse_empty(office)
    except SettingsError:
        office.close()
        raise
    return office


def refuse_empty(office: Office) -> None:
    """Raises SettingsError where the store holds nothing of the area: there is nobody and nothing to be asked."""
    if office.storage.reference_version(office.area) == 0:
        raise SettingsError(
            f"the store holds nothing of area {office.area}",
            remedy="look at [county] area and [storage] url in the settings; a new office is set up by "
            "egov init DIR --area CODE --name NAME --head CODE=NAME --clerk CODE=NAME",
            area=office.area,
        )


CONFIG = click.option("--config", required=True, type=click.Path(), help="The settings file of the office.")
SAFE_MODE = click.option("--safe-mode", is_flag=True, help="Without any plugin, whatever the settings say.")
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object.")


def _tell_stand_ins(office: Office) -> None:
    """Say on standard error that in safe mode something else may have measured: a finding may be no fault."""
    from egov_core.runtime.choices import Whose

    choices = office.choices
    left_open = [one.name for one in (choices.policy, choices.office_hours) if one.by is not Whose.SETTINGS]
    if office.settings.safe_mode and left_open:
        names = ", ".join(left_open)
        click.echo(
            say(
                f"安全模式不询问插件：以{names}核对；如由插件选定，请在[time]中写明后再核对",
                f"safe mode asks no plugin: verified by {names}; where a plugin chooses others, name them in [time]",
            ),
            err=True,
        )


@click.command(cls=Command)
@CONFIG
@SAFE_MODE
@JSON
@guarded
def verify(config: str, safe_mode: bool, as_json: bool) -> None:
    """Check everything stored against the published invariants."""
    with examined(config, safe_mode=safe_mode) as office:
        cases = office.storage.counts(office.area)["cases"]
        with progress_bar(cases, say("正在核对", "verifying")) as advance:
            found = office.verify(progress=advance)
        _tell_stand_ins(office)
    if as_json:
        show_json(
            {
                "verify": "ok" if found.ok else "broken",
                "checked": found.checked,
                "pending_timers": found.pending_timers,
                "digests": found.digests,
                "violations": [attrs.asdict(one) for one in found.violations],
            }
        )
    else:
        for name, count in found.checked.items():
            click.echo(f"{word('counted', name)}: {count}")
        for name, digest in found.digests.items():
            click.echo(f"{word('counted', name)}: sha256 {digest}")
        for one in found.violations:
            click.echo(f"{one.invariant} {one.stream}: {said(one.message)}", err=True)
        click.echo(say("核对无误", "verify: ok") if found.ok else say("核对发现问题", "verify: broken"))
    if not found.ok:
        raise SystemExit(1)


@click.command(cls=Command)
@CONFIG
@SAFE_MODE
@JSON
@guarded
def doctor(config: str, safe_mode: bool, as_json: bool) -> None:
    """Say what could go wrong with this installation."""
    from egov_core.runtime.doctor import diagnose

    with examined(config, safe_mode=safe_mode) as office:
        findings = diagnose(office)
    if as_json:
        show_json({"findings": [attrs.asdict(one) for one in findings]})
    else:
        for one in findings:
            remedy = f" — {advised(one.remedy)}" if one.remedy else ""
            whose = f"{one.code}  " if "/" in one.code else ""  # a plugin's own code is what its author goes by
            click.echo(f"[{word('severity', one.severity)}] {whose}{said(one.message)}{remedy}")
    if any(one.severity == "error" for one in findings):
        raise SystemExit(1)
