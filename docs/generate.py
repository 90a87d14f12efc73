"""Fills the generated parts of the manual from the code: `python docs/generate.py`.

A page holds regions between `<!-- generated: NAME -->` and `<!-- end -->`; what stands between them is written here,
from signatures, docstrings and data, and from nowhere else. A test compares every page with what this file makes of
it, so that a page and the code cannot drift apart. What a machine cannot know (what a setting is for) stands here in
a table whose keys must be exactly those of the code.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import click

from egov_core import errors
from egov_core.cli import main as command_line
from egov_core.cli.contents import COMMANDS as LIBRARY_COMMANDS
from egov_core.domain.authority import Role
from egov_core.domain.cards.policy import ANY_TIMER, CardPolicy, CardRule
from egov_core.domain.cards.thresholds import Earliest, Latest, Out, Overdue, ShareRemaining, WorkingDaysBefore
from egov_core.domain.cases.commands import BY_APPLICANT, BY_LAW, NEEDED_ROLE, Extend
from egov_core.domain.cases.events import EVENT_TYPES, Renewal, StepTerms
from egov_core.domain.cases.marks import TAGS
from egov_core.domain.cases.states import TRANSITIONS, stage, whole
from egov_core.domain.catalogue import CHECKUP_RULES, RULES, ItemFinding, ItemRule
from egov_core.domain.catalogue.life import DraftState
from egov_core.domain.catalogue.publication import DRAFTING, KEPT_APART, STANDING, TYPES
from egov_core.domain.catalogue.standing import ItemState
from egov_core.domain.codes.check_digits import ITEM_CODE_RULES
from egov_core.domain.people import Applicant
from egov_core.domain.timers.kinds import KINDS, Expiry, LimitSource, Party, Per, TimerKind
from egov_core.domain.timers.silence import Lapse
from egov_core.hooks import spec
from egov_core.ports.checks import ApplicationView, Finding, MaterialsView
from egov_core.ports.forms import FormField
from egov_core.ports.forwarding import Envelope, Receipt
from egov_core.ports.health import HealthFinding, PlaceView
from egov_core.ports.notification import Notification
from egov_core.ports.numbering import Numbering, NumberRequest
from egov_core.ports.place import PlaceDefaults
from egov_core.ports.theme import Theme
from egov_core.runtime.code_lists import code_lists
from egov_core.runtime.policies import load_policy, shipped_policies
from egov_core.runtime.schedule import Schedule
from egov_core.runtime.setting_keys import KEYS, Grading, Limits, Tables
from egov_core.runtime.settings import Settings
from egov_core.sheets.forms.description import _FIELD_KEYS, _FORM_KEYS, Form
from egov_core.sheets.forms.elements import ELEMENTS
from egov_core.sheets.forms.shipped import shipped_forms
from egov_core.sheets.open_cases.columns import COLUMNS, GROUPS, MAIN, Column
from egov_core.testing.calendar_contract import CalendarContract
from egov_core.testing.check_contract import CheckContract
from egov_core.testing.forwarding_contract import ForwardingContract
from egov_core.testing.kit import Kit, named_tests, number_of, promises_of, size_of
from egov_core.testing.lint_contract import LintContract
from egov_core.testing.notification_contract import NotificationContract
from egov_core.testing.query_contract import QueryContract
from egov_core.testing.storage_contract import StorageContract
from egov_core.testing.timer_kind_contract import TimerKindContract
from egov_core.usecases.audit.event_order import EVENT_OF
from egov_core.wire.edge import COMMANDS

DOCS = Path(__file__).resolve().parent
REGION = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->\n).*?(?=^<!-- end -->$)", re.MULTILINE | re.DOTALL)

# --- words of Markdown ------------------------------------------------------------------------------------------------


def cell(text: str) -> str:
    """A text in one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell(text) for text in line)} |" for line in lines)


def first_sentence(docstring: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join(inspect.cleandoc(docstring or "").split("\n\n")[0].split())


def chinese() -> dict[str, str]:
    """The Chinese term of each name in the glossary."""
    rows = [line.strip("|").split("|") for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()]
    return {name: row[0].strip() for row in rows if len(row) >= 4 for name in re.findall(r"`(\w+)`", row[2])}


def kind_of(kind: type, name: str) -> str:
    """The type of a field as it is written in the source; attrs' own note of it may have been resolved meanwhile."""
    return f"`{re.sub(r'[a-z_]+[.]', '', inspect.get_annotations(kind)[name])}`"


def fields_of(kind: type) -> str:
    """The fields of a value class, with their types and defaults."""
    rows = [
        (f"`{field.name}`", kind_of(kind, field.name), "" if field.default is attrs.NOTHING else default_of(field))
        for field in attrs.fields(kind)
    ]
    return table(("field", "type", "default"), rows)


def default_of(field: Any) -> str:
    """A default as shown in a table."""
    made = field.default.factory() if isinstance(field.default, attrs.Factory) else field.default  # type: ignore[arg-type]  # attrs does not type what a factory is
    if isinstance(made, Enum):
        return f"`{made}`"
    return "`{}`" if isinstance(made, Mapping) and not made else f"`{made!r}`"


# --- hooks ------------------------------------------------------------------------------------------------------------

LABELS = ("When", "Given", "Kind", "Answers", "Errors", "Since", "Example")


def hooks() -> str:
    """Every hook: signature, and its docstring taken apart at its labels."""
    return "\n\n".join(_hook(name, function) for name, function in hook_functions())


def hook_functions() -> list[tuple[str, Callable[..., Any]]]:
    """The hook specifications in the order of the source."""
    found = [member for member in inspect.getmembers(spec, inspect.isfunction) if member[0].startswith("egov_")]
    return sorted(found, key=lambda member: member[1].__code__.co_firstlineno)


def _hook(name: str, function: Callable[..., Any]) -> str:
    text = " ".join(inspect.cleandoc(function.__doc__ or "").split())
    parts = re.split(rf"\b({'|'.join(LABELS)}):? ", text)
    said = dict(zip(parts[1::2], parts[2::2], strict=True))
    missing = [label for label in LABELS if label not in said]
    if missing:
        raise ValueError(f"{name} does not say {', '.join(missing)}")
    lines = [f"- **{label}.** {said[label].strip().rstrip('.')}." for label in LABELS]
    signature = str(inspect.signature(function)).replace("'", "")
    if said["Kind"].strip().rstrip(".") != spec.KINDS[name]:
        raise ValueError(f"{name} says that it is {said['Kind']}, and is {spec.KINDS[name]}")
    if (name in spec.RESERVED) is not ("reserved" in said["Since"]):
        raise ValueError(f"{name} does not say whether it is reserved")
    since = ".".join(map(str, spec.SINCE[name]))
    if not re.match(rf"{re.escape(since)}\b", said["Since"]):
        raise ValueError(f"{name} is there since {since}, and says otherwise")
    return f"### `{name}`\n\n```text\n{name}{signature}\n```\n\n{parts[0].strip()}\n\n" + "\n".join(lines)


def hook_values() -> str:
    """What hooks are given and what they answer with."""
    kinds = (
        MaterialsView,
        ApplicationView,
        Finding,
        ItemFinding,
        FormField,
        NumberRequest,
        Numbering,
        TimerKind,
        Envelope,
        Receipt,
        Notification,
        PlaceView,
        HealthFinding,
        PlaceDefaults,
        Theme,
    )
    return "\n\n".join(
        f"### `{kind.__name__}`\n\n{first_sentence(kind.__doc__)}\n\n{fields_of(kind)}" for kind in kinds
    )


# --- errors -----------------------------------------------------------------------------------------------------------

FAULT = {
    errors.ClaimError: "the caller's 请求方",
    errors.LawError: "nobody's: the act is not allowed 不合法",
    errors.ConflictError: "nobody's: somebody else was first 他人在先",
    errors.OfficeError: "ours 系统方",
    errors.PluginError: "the plugin's 插件",
}


def error_classes(root: type[errors.EgovError] = errors.EgovError) -> Iterator[type[errors.EgovError]]:
    """The tree of errors of `errors.py`, a branch after the other."""
    yield root
    for kind in sorted(root.__subclasses__(), key=lambda kind: inspect.getsourcelines(kind)[1]):
        if kind.__module__ == errors.__name__:
            yield from error_classes(kind)


def error_table() -> str:
    """Every error with its code, its branch and whose fault it is."""
    rows = []
    for kind in error_classes():
        branch = next((FAULT[base] for base in kind.__mro__ if base in FAULT), "")
        if not branch and kind is not errors.EgovError:
            raise ValueError(f"whose fault is {kind.__name__}?")
        depth = len(kind.__mro__) - len(errors.EgovError.__mro__)
        rows.append(("· " * depth + f"`{kind.__name__}`", f"`{kind.code}`", branch, first_sentence(kind.__doc__)))
    return table(("error", "code", "whose fault", "meaning"), rows)


# --- commands, events, states -----------------------------------------------------------------------------------------

EXAMPLE_CASE = "4f0c1d2e3b4a59687786a5b4c3d2e1f0"
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "Submit": {
        "item": "sx2028",
        "applicant": {"name": "演示用户", "id_number": "990101199003070015", "phone": "00000000000"},
        "materials": ["m1", "m2"],
        "form": {"purpose": "扩建厂房"},
        "channel": "web",
        "renews": None,
    },
    "Accept": {},
    "RequestCorrection": {"notice": "补正告知书〔2016〕1号", "missing": ["m2"], "within": "15d"},
    "Supplement": {"materials": ["m2"]},
    "Refuse": {"reason": "不属于本机关职权范围", "notice": "不予受理通知书〔2016〕1号", "competent_organ": "jg102"},
    "Review": {"opinion": "材料齐全，符合条件"},
    "Pause": {"kind": "听证", "notice": "特别程序告知书〔2016〕1号", "declared": "10wd"},
    "Resume": {"result": "听证已经结束"},
    "Extend": {"amount": "10wd", "reason": "案情复杂", "notice": "延期告知书〔2016〕1号"},
    "Approve": {"document": "准予行政许可决定书〔2016〕1号", "on_commitment": False},
    "Reject": {"document": "不予行政许可决定书〔2016〕1号", "reason": "不符合法定条件"},
    "Deliver": {"method": "窗口领取"},
    "Withdraw": {"reason": "申请人撤回"},
    "ReferUpward": {"opinion": "同意转报"},
    "RecordUpperProgress": {"progress": "上级已受理", "source": "manual"},
    "RecordUpperDecision": {"granted": True, "document": "准予行政许可决定书〔2016〕2号"},
    "HandOver": {"unit": "jg401", "reason": "需现场核验，转勘验股"},
    "OfferHearing": {"notice": "听证告知书〔2016〕1号"},
    "RequestHearing": {"reason": "对拟作出的决定有异议"},
    "ScheduleHearing": {"day": "2016-05-20", "place": "县政务服务中心三楼会议室", "notice": "听证通知书〔2016〕1号"},
    "HoldHearing": {"record": "听证笔录〔2016〕1号"},
    "IssueLicence": {"document": "许可证〔2016〕1号"},
    "CheckCommitment": {"kept": True, "finding": "现场核查与承诺相符"},
}


def example(name: str) -> dict[str, Any]:
    """The command as JSON."""
    given = EXAMPLES[name]
    case = {} if name == "Submit" else {"case_id": EXAMPLE_CASE}
    return {"command": name, **case, **given}


def commands() -> str:
    """Every command: who may ask it, its fields, and one example."""
    terms = chinese()
    parts = []
    for name, kind in COMMANDS.items():
        who = f"a person with the role {NEEDED_ROLE[kind].value} (`{NEEDED_ROLE[kind].name}`)"
        who += ", or the applicant of the case" if kind in BY_APPLICANT else ""
        if kind is Extend:
            who += f"; for items whose extension is the government's to approve, {Role.GOVERNMENT_HEAD.value}"
            who += f" (`{Role.GOVERNMENT_HEAD.name}`)"
        shown = json.dumps(example(name), ensure_ascii=False, indent=2)
        parts.append(
            f"### `{name}` {terms[name]}\n\n{first_sentence(kind.__doc__)}\n\nAsked by {who}.\n\n{fields_of(kind)}\n\n"
            f"```json\n{shown}\n```"
        )
    return "\n\n".join(parts)


def applicant() -> str:
    """The fields of an applicant."""
    return fields_of(Applicant)


def events() -> str:
    """Every event of a case: type, what leads to it, fields."""
    terms = chinese()
    parts = []
    for name, kind in EVENT_TYPES.items():
        rows = EVENT_OF.get(name, frozenset())
        said = [f"`{one}`" for one in sorted(command.__name__ for command in rows - BY_LAW)]
        said += [f"silence (`{one}`)" for one in sorted(command.__name__ for command in rows & BY_LAW)]
        by = f"Follows from {' or '.join(said)}." if said else "Follows from no command."
        body = fields_of(kind)
        parts.append(f"### `{name}` {terms[kind.__name__]}\n\n{first_sentence(kind.__doc__)} {by}\n\n{body}")
    return "\n\n".join(parts)


def event_values() -> str:
    """Values inside events."""
    kinds = (Lapse, StepTerms, Renewal)
    return "\n\n".join(
        f"### `{kind.__name__}`\n\n{first_sentence(kind.__doc__)}\n\n{fields_of(kind)}" for kind in kinds
    )


def marks() -> str:
    """The tags by which a mark is narrower than its event."""
    rows = [(f"`{event}:{tag}`", TAG_MEANINGS[f"{event}:{tag}"]) for event, tags in TAGS.items() for tag in tags]
    if len(rows) != len(TAG_MEANINGS):
        raise ValueError("a tag is described that no event bears")
    return table(("mark", "the event, narrowed to"), rows)


TAG_MEANINGS = {
    "submitted:online": "applications that came in by a channel without a window (`web`, `mobile`, `online`)",
    "submitted:renewal": "applications for a renewal that were made in time (行政许可法 50)",
    "accepted:forward": "items that the upper organ decides",
    "accepted:short": "items without a review step",
    "approved:by-law": "decisions that the law took, because nobody had",
    "approved:commitment": "decisions on a written commitment",
}


def transitions() -> str:
    """The transition table, row by row."""
    terms = chinese()
    rows = []
    for state, row in TRANSITIONS.items():
        for command, step in row.items():
            to = "where it was before the pause" if step.to is None else f"`{step.to.value}`"
            to = "`approved` or `rejected`" if step.guard == "upper-decides" else to
            asked = f"`{command.__name__}` {terms[command.__name__]}"
            asked += " (by silence)" if command in BY_LAW else ""
            rows.append((_state(state), asked, to, f"`{step.guard}`" if step.guard else ""))
        if not row:
            rows.append((_state(state), "nothing", "", ""))
    return table(("from", "command", "to", "guard"), rows)


def picture() -> str:
    """The same as a picture in plain text."""
    lines = []
    width = max(len(command.__name__) for row in TRANSITIONS.values() for command in row)
    for state, row in TRANSITIONS.items():
        lines.append("(no case yet)" if state is None else state.value)
        for index, (command, step) in enumerate(row.items()):
            arm = "└" if index + 1 == len(row) else "├"
            to = "(where it was)" if step.to is None else step.to.value
            to = "approved, rejected" if step.guard == "upper-decides" else to
            guard = f"   [{step.guard}]" if step.guard else ""
            guard += "   (by silence)" if command in BY_LAW else ""
            lines.append(f"  {arm}─ {command.__name__} {'─' * (width - len(command.__name__))}─▶ {to}{guard}")
        lines.append("")
    return "```text\n" + "\n".join(lines).rstrip() + "\n```"


def _state(state: Any) -> str:
    return "no case yet" if state is None else f"`{state.value}`"


def states() -> str:
    """Each state with its stage and where the whole stands."""
    rows = [
        (f"`{state.value}`", stage(state).value, f"`{whole(state).value}`")
        for state in TRANSITIONS
        if state is not None
    ]
    return table(("state of our part", "stage shown", "the whole case"), rows)


# --- settings ---------------------------------------------------------------------------------------------------------

MEANINGS = {
    "search.synonyms": "Files with what people of the place say for what its catalogue says 同义词.",
    "county.area": "The area code 区划代码 of the county; every stored row bears it. The only key that must be given.",
    "county.title": "The county's name in Chinese; the area code where it is left out.",
    "county.title-en": "The county's name in English; the Chinese one where it is left out.",
    "county.demo": "Whether the county is invented: pages then say 演示数据.",
    "storage.url": "Where data are kept: `memory:` (gone with the process), `sqlite:///PATH`, or a plugin's.",
    "time.policy": "The card policy 发牌办法 of cases submitted from now on: a name, or a `.toml` path; see below.",
    "time.office-hours": "The timetable 办公时间: a name, or a `.toml` path; see below.",
    "time.earlier-policies": "Files of policy versions that cases were submitted under before `policy` was raised.",
    "time.calendar-files": "Holiday notices 放假通知 besides those that are shipped, one TOML file each; see below.",
    "time.region-files": "The notices of a region 地区安排, by its name; they measure every case of the area.",
    "time.organ-files": "The notices of an organ, by its code; they measure the cases of that organ only.",
    "staff.separations": "The roles kept apart 不相容职责: `none`, `two-person`, or a `.toml` path; see "
    "[authority](../explanation/authority.md).",
    "time.silence": "What silence brings 逾期后果: `national` (行政许可法 32 and 50), `none`, or a `.toml` path.",
    "time.timer-kinds": "Files with further kinds of timers 计时种类, one or more kinds each.",
    "time.local-pauses": "Local procedures that stop the clock here: 公示, 现场踏勘, 审查补正, 其它.",
    "time.service-limits": "Service standards 服务标准 of the place by kind of timer; an item's own prevail.",
    "schedule.sweep": "When a worker looks for cards that have become due (cron, UTC+8).",
    "schedule.dispatch": "When a worker sends what waits in the outbox (cron, UTC+8).",
    "plugins.discover": "Whether installed plugins are looked for (entry point group `egov_core`).",
    "plugins.plugins-dir": "A folder of single Python files, each a plugin named after its file; relative to the file.",
    "plugins.load": "Further plugins by their path, `package.module:name`.",
    "plugins.disabled": "Names of plugins that are not loaded, nor imported; a name that no plugin has is an error.",
    "plugins.order": "Who is asked first; the others follow by name. A name that no plugin has is an error.",
    "plugins.settings": "A table for each plugin that has settings: `[plugins.settings.NAME]`.",
    "plugins.budget-seconds": "How long an answer may take before it counts as a failure; at most 60.",
    "plugins.effect-seconds": "How long a plugin may take to send something before its process is ended; at most 60.",
    "catalogue.code-lists": "Files with further code lists 代码表; see [code lists](code-lists.md).",
    "catalogue.area-codes": "A file with the area codes 行政区划代码 of the place and their days; the same page.",
    "catalogue.item-codes": "The rule by which items are coded: `national`, `gbt-39046-2020`; no rule where left out.",
    "catalogue.ended-instruments": "Files with laws and rules that have ended 失效的法律法规, beside those shipped.",
    "catalogue.lints": "How grave the place takes a rule about items, by its code; see [item rules](item-rules.md).",
    "notifications.channels": "Names of the channels 通知渠道 by which cards, decisions and reminders are told.",
    "notifications.types": "What is told: `card-issued` (a card), `case-decided` (approved, rejected, not accepted), "
    "`unit-reminded` (of the forms that a campaign collects).",
    "notifications.levels": "Cards of these levels only are told; of any where it is left out.",
    "plugins.loopback": "Whether the loop-back adapter answers for cities and provinces nobody else serves (demos).",
}


def settings() -> str:
    """Every key of a settings file."""
    known = {f"{section}.{key}" for section, keys in KEYS.items() for key in keys}
    if known != set(MEANINGS):
        raise ValueError(f"settings without a meaning, or the other way round: {sorted(known ^ set(MEANINGS))}")
    defaults = Settings(area="990121")
    kinds = {
        str: "text",
        bool: "true or false",
        list: "list of texts",
        dict: "table of lists of paths",
        Limits: "table of limits",
        Tables: "table of tables",
        Grading: "table of grades",
        float: "number",
        Schedule: "cron expression",
    }
    rows = []
    for section, keys in KEYS.items():
        for key, (name, kind) in keys.items():
            default = "must be given" if name == "area" else _toml(getattr(defaults, name))
            rows.append((f"`[{section}] {key}`", kinds[kind], default, MEANINGS[f"{section}.{key}"]))
    return table(("key", "type", "default", "meaning"), rows)


def _toml(value: Any) -> str:
    if isinstance(value, Schedule):
        value = value.expression
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{json.dumps(list(value) if isinstance(value, tuple) else value)}`" if value else "empty"


# --- the command line -------------------------------------------------------------------------------------------------


def cli() -> str:
    """Every command with its arguments and options."""
    return "\n\n".join(_command(path, command) for path, command in commands_of("egov", command_line))


def commands_of(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """The commands below a group, with what one types for each; those of installed plugins are no part of the page."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in LIBRARY_COMMANDS if command is command_line else command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands_of(f"{path} {name}", below)
    else:
        yield path, command


def _command(path: str, command: click.Command) -> str:
    arguments = [one.make_metavar(click.Context(command)) for one in command.params if isinstance(one, click.Argument)]
    rows = [_option(one) for one in command.params if isinstance(one, click.Option)]
    body = table(("option", "takes", "default", "meaning"), rows)
    return f"### `{' '.join([path, *arguments])}`\n\n{' '.join((command.help or '').split())}\n\n{body}"


def _option(option: click.Option) -> tuple[str, ...]:
    takes = "nothing" if option.is_flag else option.type.name
    if isinstance(option.type, click.Choice):
        names = list(option.type.choices)
        takes = ", ".join(f"`{one}`" for one in names) if names != list(KINDS) else "a timer kind"
    elif isinstance(option.type, click.Path):
        takes = "path"
    takes += ", may be repeated" if option.multiple else ""
    default = "required" if option.required else ""
    if isinstance(option.default, str | int) and not option.is_flag:
        default = f"`{option.default}`"
    return (f"`{', '.join(option.opts)}`", takes, default, option.help or "")


# --- policies and timers ----------------------------------------------------------------------------------------------


def policies() -> str:
    """Every shipped policy, rule by rule."""
    return "\n\n".join(_policy(load_policy(name)) for name in shipped_policies())


def _policy(policy: CardPolicy) -> str:
    start = "as the item's limit says" if policy.start_rule is None else f"`{policy.start_rule.value}`"
    said = [
        f"- Basis: {policy.basis}" + (f", in force since {policy.basis.in_force}" if policy.basis.in_force else ""),
        f"- Levels, from mild to grave: {', '.join(f'`{level}`' for level in policy.levels)}",
        f"- Pauses of cases leave the count {'by whole days' if policy.pauses_by_dates else 'to the second'}, "
        f"`{policy.settings.pause_rule.value}`, "
        + ("at most for their declared days" if policy.settings.cap_pauses else "for as long as they last"),
        f"- Counting starts {start}",
    ]
    rows = [_rule(rule) for rule in policy.rules]
    head = ("rule", "level", "timers", "measures the first of", "from", "text on the card")
    return f"### `{policy.ref}` {policy.title}\n\n{policy.title_en}.\n\n" + "\n".join(said) + f"\n\n{table(head, rows)}"


def _rule(rule: CardRule) -> tuple[str, ...]:
    timers = "all" if ANY_TIMER in rule.timers else ", ".join(f"`{kind}`" for kind in sorted(rule.timers))
    return (f"`{rule.code}`", f"`{rule.level}`", timers, ", ".join(rule.base), _threshold(rule.when), rule.text)


def _threshold(when: Any) -> str:
    match when:
        case Overdue():
            return "due + 1 s"
        case WorkingDaysBefore(days):
            return f"00:00 of the working day that lies {days} before the last day; limits in days"
        case ShareRemaining(share):
            return f"{share} of the limit remains; limits in hours"
        case Out(least):
            return f"out ≥ {least}: start + (limit {least - 1:+d}) working days + 1 s"
        case Earliest(parts):
            return f"the earliest of: {'; '.join(map(_threshold, parts))}"
        case Latest(parts):
            return f"the latest of: {'; '.join(map(_threshold, parts))}"
    raise ValueError(f"{when!r} is a threshold nobody has described")


EXPIRY = {
    Expiry.NONE: "",
    Expiry.DEEMED_ACCEPTANCE: "deemed acceptance 视为受理",
    Expiry.DEEMED_RENEWAL: "deemed renewal 视为准予延续",
    Expiry.CLOSURE: "closing 办结",
}


def timer_kinds() -> str:
    """Every kind of timer."""
    rows = [
        (
            f"`{kind.code}`",
            kind.number,
            kind.name,
            ", ".join(f"`{one}`" for one in sorted(kind.starts_on)) or "no event",
            ", ".join(f"`{one}`" for one in sorted(kind.stops_on)),
            _limit_of(kind),
            "yes" if kind.pausable else "no",
            "the applicant's" if kind.party is Party.APPLICANT else "the organ's",
            EXPIRY[kind.expiry],
        )
        for kind in KINDS.values()
    ]
    head = ("kind", "no.", "中文", "starts on", "stops on", "limit", "pauses apply", "whose time", "its end can bring")
    return table(head, rows)


def _limit_of(kind: TimerKind) -> str:
    own = "" if kind.limit is None else f"{kind.limit} ({kind.limit.basis})"
    if kind.per is not Per.CASE:
        return "the declared days of the pause" if kind.per is Per.PAUSE else "the item's, for each step that has one"
    return {
        LimitSource.LAW: own,
        LimitSource.ITEM: "the item's promise and statutory limit",
        LimitSource.SERVICE: "a service standard" + (f", beside {own}" if own else ""),
        LimitSource.EVENT: "what the event says, else a service standard",
        LimitSource.CALLER: own or "as given",
    }[kind.limit_source]


# --- contracts of plugins ---------------------------------------------------------------------------------------------

KITS: Mapping[str, type[Kit]] = {
    "Storage 存储": StorageContract,
    "Queries 查询": QueryContract,
    "Forwarding 转报": ForwardingContract,
    "Validation 校验": CheckContract,
    "Item rules 事项规则": LintContract,
    "Notification 通知": NotificationContract,
    "Calendar 工作日历": CalendarContract,
    "Timer kinds 计时种类": TimerKindContract,
}
UNTESTED = {"S12": "by the fault tests of each backend: a kit cannot break a disk"}
"""Promises that no kit can hold by itself, and where they are held."""


def contracts() -> str:
    """Every promise of every kit, with the tests that hold it."""
    rows = []
    for title, kit in KITS.items():
        tests = [number_of(name) for name, _ in named_tests(kit)]
        promises = promises_of(import_module(kit.promises))
        unknown = set(tests) - set(promises)
        if unknown:
            raise ValueError(f"{kit.__name__} tests {', '.join(sorted(unknown))}, which its head does not promise")
        for number, text in promises.items():
            count = tests.count(number)
            if not count and number not in UNTESTED:
                raise ValueError(f"nothing in {kit.__name__} holds {number}")
            held = UNTESTED.get(number) or ("one test" if count == 1 else f"{count} tests")
            rows.append((title, number, text, held))
    return table(("contract", "", "promise", "held by"), rows)


def kits() -> str:
    """Every kit: where it is, its edition, and what a subject claims."""
    rows = [
        (
            f"{title}, edition {kit.edition}",
            f"`{kit.__module__}.{kit.__name__}`",
            ", ".join(f"`{name}`" for name in kit.capabilities),
            str(size_of(kit)),
        )
        for title, kit in KITS.items()
    ]
    return table(("contract", "class to subclass", "what a subject claims", "tests"), rows)


# --- open cases of an earlier system ----------------------------------------------------------------------------------


def open_case_columns() -> str:
    """The columns of a file of open cases, sheet by sheet."""
    head = ("column", "filled", "中文说明", "meaning")

    def rows(columns: Sequence[Column]) -> list[tuple[str, ...]]:
        return [(one.heading, "always" if one.required else "", one.note, one.note_en) for one in columns]

    parts = [f"## Sheet {MAIN}\n\n{table(head, rows(COLUMNS))}"]
    for name, columns in GROUPS.items():
        parts.append(f"## Sheet {name}, or columns {name}1…\n\n{table(head, rows(columns))}")
    return "\n\n".join(parts)


# --- the catalogue ----------------------------------------------------------------------------------------------------


def item_rules() -> str:
    """Every rule about one item."""
    return _rules_of(RULES.values())


def checkup_rules() -> str:
    """Every rule of the check-up that looks beyond one item."""
    return _rules_of(CHECKUP_RULES.values())


def _rules_of(rules: Iterable[ItemRule]) -> str:
    head = ("rule", "severity", "中文", "in English", "what to do", "source")
    rows = [
        (f"`{one.code}`", one.severity.value, one.message, one.message_en, one.remedy_en, str(one.basis))
        for one in rules
    ]
    return table(head, rows)


def lists() -> str:
    """Every shipped code list, version by version."""
    parts = []
    for versions in code_lists().lists.values():
        for one in versions.values():
            rows = [(f"`{entry.code}`", entry.name, entry.note) for entry in one.entries]
            said = [
                f"### `{one.code}` {one.name}, `{one.version}`",
                f"Source: {one.source}.",
                table(("code", "name", "note"), rows),
            ]
            for mapping in one.mappings:
                other = versions[mapping.to]
                known = [name for name in one.names if mapping.names.get(name, name) in other.names]
                lost = [f"{name} → {mapping.names.get(name, name)} ({why})" for name, why in mapping.lossy.items()]
                refused = [name for name in one.names if name not in known]
                said.append(
                    f"Into `{mapping.to}`: "
                    + (f"loses something: {'; '.join(lost)}. " if lost else "nothing is lost. ")
                    + (f"No counterpart, refused: {'、'.join(refused)}." if refused else "")
                )
            parts.append("\n\n".join(part.strip() for part in said))
    return "\n\n".join(parts)


def item_codes() -> str:
    """The rules by which items are coded."""
    rows = [
        (
            f"`{name}`",
            f"{min(rule.base)} to {max(rule.base)}",
            f"{min(rule.implementation)} to {max(rule.implementation)}",
            "yes" if rule.begins_with_credit_code else "no",
        )
        for name, rule in ITEM_CODE_RULES.items()
    ]
    return table(("rule", "基本编码", "实施编码", "begins with the 统一社会信用代码"), rows)


def life_of_items() -> str:
    """The two tables of the life of an item."""
    drafting = [
        (
            f"`{state.value}`" if state is not None else "no draft",
            f"`{act.__name__}`",
            f"`{TYPES[act]}`",
            f"`{to.value}`",
        )
        for state, row in DRAFTING.items()
        for act, to in row.items()
    ]
    standing = [
        (f"`{state.value}` {state.chinese}", f"`{act.__name__}`", f"`{TYPES[act]}`", f"`{to.value}`")
        for state, row in STANDING.items()
        for act, to in row.items()
    ]
    missing = {*DraftState} - {*DRAFTING} | {*ItemState} - {*STANDING}
    if missing:
        raise ValueError(f"states without a row: {missing}")
    apart = ", ".join(f"`{act.__name__}`" for act in KEPT_APART)
    head = ("from", "act", "written down as", "to")
    said = f"Not by whoever has prepared the change: {apart}."
    return f"{table(head, drafting)}\n\n{table(head, standing)}\n\n{said}"


# --- filling pages ----------------------------------------------------------------------------------------------------

MAPPING_KEYS = {
    "name": "What the form is called on a command line.",
    "title": "Its title; an export puts it above the columns.",
    "title-en": "The title in English.",
    "recognise": "Headings by which a table is known to be this form; the required ones where it is left out.",
    "constants": "Elements that hold for every row, with their texts: `[constants]`.",
    "only": "The case type of the items that an export of the form gives.",
    "repeated": "Whether several rows make one item, each with one of its materials.",
    "reconstructed": "Whether we put the columns together, the form itself being unknown.",
    "source": "Where the columns come from.",
    "ignored": "Headings that are passed over without a word.",
    "field": "The fields in their order, each a table of its own: `[[field]]`.",
}
FIELD_KEYS = {
    "heading": "What the column or the label is called.",
    "element": "What it means; left out, the cell is kept by its heading and means nothing.",
    "also": "Other headings under which it is read.",
    "required": "Whether it has to be filled in; such a column is yellow in a template.",
    "choices": "What may be chosen in a template.",
    "values": "What a cell's word stands for: a code, or another word for a type.",
    "blanks": "Words that stand for an empty cell, besides `/`, `-`, `—` and `(空)`.",
    "note": "What a filler reads at the heading.",
    "example": "What stands in the example row.",
    "width": "The width of the column, in characters.",
}
assert set(MAPPING_KEYS) == set(_FORM_KEYS), "a mapping file has other keys than this page"
assert set(FIELD_KEYS) == set(_FIELD_KEYS), "a field has other keys than this page"


def form_pages() -> str:
    """Every shipped form, field by field."""
    return "\n\n".join(_form(form) for form in shipped_forms())


def _form(form: Form) -> str:
    rows = [
        (
            field.heading + (" *" if field.required else ""),
            f"`{field.element}`" if field.element != "form" else "",
            "、".join(field.also),
            "、".join(field.choices),
        )
        for field in form.fields
    ]
    told = f"Source: {form.source}." if form.source else ""
    if form.reconstructed:
        told = f"{told} The columns are a reconstruction.".strip()
    return "\n\n".join(
        part
        for part in (
            f"### `{form.name}` {form.title}",
            f"{form.title_en}. {told}",
            table(("heading", "element", "read as well", "choices"), rows),
        )
        if part
    )


def form_elements() -> str:
    """Every element."""
    return table(("element", "what it is"), [(f"`{element.name}`", element.about) for element in ELEMENTS.values()])


def mapping_keys() -> str:
    """The keys of a mapping file and of its fields."""
    return "\n\n".join(
        (
            table(("key", "what it says"), [(f"`{key}`", said) for key, said in MAPPING_KEYS.items()]),
            "Of a field:",
            table(("key", "what it says"), [(f"`{key}`", said) for key, said in FIELD_KEYS.items()]),
        )
    )


REGIONS: Mapping[str, Callable[[], str]] = {
    "hooks": hooks,
    "hook-values": hook_values,
    "errors": error_table,
    "commands": commands,
    "applicant": applicant,
    "events": events,
    "event-values": event_values,
    "marks": marks,
    "transitions": transitions,
    "picture": picture,
    "states": states,
    "settings": settings,
    "cli": cli,
    "policies": policies,
    "timer-kinds": timer_kinds,
    "item-rules": item_rules,
    "checkup-rules": checkup_rules,
    "code-lists": lists,
    "item-codes": item_codes,
    "life-of-items": life_of_items,
    "contracts": contracts,
    "kits": kits,
    "open-case-columns": open_case_columns,
    "forms": form_pages,
    "form-elements": form_elements,
    "mapping-keys": mapping_keys,
}


def filled(text: str) -> str:
    """A page with its generated regions made anew. Raises KeyError for a region nobody makes."""
    return REGION.sub(lambda found: f"{found[1]}\n{REGIONS[found['name']]()}\n\n", text)


def pages() -> list[Path]:
    """The pages that have generated regions."""
    return [page for page in sorted(DOCS.rglob("*.md")) if REGION.search(page.read_text(encoding="utf-8"))]


def main() -> None:
    """Write every page whose regions have changed, and name it."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        made = filled(text)
        if made != text:
            page.write_text(made, encoding="utf-8")
            sys.stdout.write(f"{page.relative_to(DOCS)}\n")


if __name__ == "__main__":
    main()
