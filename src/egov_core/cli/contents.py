"""The table of contents of the command line: each command, where it stands, and how its help begins.

Rules of this room: nothing is imported for it, so that a list of commands, in a help or completed by a shell, waits for
none of them. What a help begins with stands at its command; here it stands once more, and a test holds the two
together. A group is nothing but its commands, and stands here only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Listed(NamedTuple):
    """A command: its module, `MODULE:NAME` where its name there is another, and the first paragraph of its help."""

    place: str
    help: str


class ListedGroup(NamedTuple):
    """A group of commands: its help, and its commands in the order in which they are shown."""

    help: str
    commands: Mapping[str, Listed]


_EXPLAIN = {
    "card": Listed(
        "explain:explain_card",
        "Explain the cards of a case. ID: a case number, a case id, or a card id TIMER#RULE#EPOCH.",
    ),
    "deadline": Listed(
        "explain:explain_deadline",
        "Explain the timers of a case, day by day. ID: a case number, a case id, or a timer id.",
    ),
    "incidents": Listed(
        "explain:explain_incidents",
        "List what somebody has to look at: timers without a limit, procedures that were not ended.",
    ),
    "readings": Listed("explain:explain_readings", "List the open cases whose date depends on a reading."),
}
_CASES = {
    "import": Listed("cases:import_cases", "Take over the open cases in FILE (xlsx, xls, ods or csv)."),
    "template": Listed("cases:write_template", "Write an empty file (.xlsx or .csv) of open cases, with every column."),
    "export": Listed(
        "cases.export:export_cases", "Write the open cases to FILE (.xlsx or .csv), for another office to take in."
    ),
    "file": Listed(
        "cases.file:file_case",
        "File the application in FILE, JSON as the command `Submit` has it; `-` reads it from standard input.",
    ),
}
_CALENDAR = {
    "add": Listed("calendar.adoption", "Adopt the notices in the files and recount the timers whose days they move."),
    "diff": Listed("calendar", "Show the days that the notice in FILE would change; nothing is written."),
    "list": Listed("calendar:list_notices", "List the holiday notices in force, oldest first, and how far they reach."),
}
_CATALOGUE = {
    "template": Listed("catalogue.files", "Write blank forms: to one workbook, or to a file each in a folder."),
    "check": Listed(
        "catalogue.files", "Say what is wrong with filled-in forms or a list, cell by cell; no office is needed."
    ),
    "import": Listed(
        "catalogue.importing:take_in",
        "Take in filled-in forms or a list: first what would change, with --apply in one commit.",
    ),
    "export": Listed(
        "catalogue.files", "Give out the catalogue as filled-in forms: OUT.xlsx, OUT.csv (one form), or a folder."
    ),
    "read": Listed(
        "catalogue.reading_cells", "Say what a limit or a fee means as written in a cell, and what of it was not read."
    ),
    "search": Listed("catalogue.searching", "Find items by what people call them."),
    "draft": Listed(
        "catalogue.item_life", "Write down the next version of an item: what is published, with what FILE changes."
    ),
    "submit": Listed("catalogue.item_life", "Hand the draft of an item in for review."),
    "return": Listed(
        "catalogue.item_life:return_draft",
        "Send the draft of an item back, saying everything that has to be corrected.",
    ),
    "publish": Listed(
        "catalogue.item_life", "Publish the draft of an item that is in review; another person than who drafted it."
    ),
    "suspend": Listed("catalogue.item_life", "Take no further cases of an item from a day on; open cases go on."),
    "resume": Listed("catalogue.item_life", "Take cases of a suspended item again from a day on."),
    "withdraw": Listed(
        "catalogue.item_life", "End an item for good from a day on; say what takes its place. Open cases go on."
    ),
    "review": Listed("catalogue.item_life", "Say after the yearly look that an item is right as it is."),
    "history": Listed("catalogue.item_life", "Show everything that has happened to an item, and how it stands."),
    "checkup": Listed(
        "catalogue.checkup", "Look the catalogue through: old items, nobody to handle them, guides that lack something."
    ),
    "codes": Listed(
        "catalogue.code_tables", "Look up code lists: all of them, one, an entry, or an entry in another version."
    ),
}
_STAFF = {
    "who": Listed("staff", "List who may act on an item, by role and step, each with the reason."),
    "what": Listed("staff", "List everything PERSON may do on a day, with the reason."),
    "why": Listed(
        "staff", "Say why PERSON may, or may not, act in ROLE on ITEM: the chain, or every condition that fails."
    ),
    "work": Listed("staff.work", "List the open work in the hands of PERSON, or of everybody."),
    "hand-over": Listed(
        "staff.work:hand_over",
        "Hand the open work of GIVER to TAKER; refused for a case that TAKER could not go on with.",
    ),
    "import": Listed(
        "staff.files:import_staff", "Take in people, posts, grants, delegations and stand-ins from the staff workbook."
    ),
    "template": Listed(
        "staff.files", "Write the staff workbook, empty or as an office has it, to fill in or to correct."
    ),
}
_REORGANISE = {
    "apply": Listed("reorganise:carry", "Carry the plan in PLAN through, in one step."),
    "list": Listed("reorganise:show_all", "List the plans that were carried through, in order."),
    "preview": Listed(
        "reorganise:show", "Show what the plan in PLAN (toml, xlsx, xls or ods) would change; nothing is written."
    ),
    "template": Listed(
        "reorganise", "Write a plan as a workbook (.xlsx) with a sheet for each kind of act, to fill in or to correct."
    ),
    "undo": Listed(
        "reorganise:take_back", "Take a plan back while nothing has been built on it. PLAN: its code, or its file."
    ),
}
_PLUGINS = {
    "doctor": Listed(
        "plugins.health", "Say what each plugin is, whether its conformance stamp holds, and how it failed last."
    ),
    "list": Listed("plugins.health:list_plugins", "List the plugins, in the order in which they are asked."),
    "release": Listed("plugins.health", "Let a plugin that is in quarantine be asked again."),
    "replay": Listed(
        "plugins.replaying",
        "Ask a plugin about recorded cases; nothing is written. PLUGIN: its name, or the path of a single file.",
    ),
}
_NEW = {
    "plugin": Listed("plugins.new:new_plugin", "Write a plugin whose tests pass, for you to change."),
}
_CAMPAIGN = {
    "open": Listed("campaign:open_", "Open a campaign: who hands in what, by when, and who reviews."),
    "status": Listed("campaign", "Show where every unit stands, of one campaign or of all."),
    "remind": Listed("campaign", "Remind the units whose last day is near or has passed."),
    "laggards": Listed("campaign", "List the units that are overdue, for the bulletin."),
    "reopen": Listed("campaign", "Have a unit correct what was accepted, or take things in again after the end."),
    "succeed": Listed("campaign", "Pass the duty of a unit that a reform has ended to its successors."),
    "close": Listed("campaign", "End a campaign; its laggards stay on the list."),
    "submit": Listed("campaign.units", "Hand in the forms of a unit, all together."),
    "paper": Listed("campaign.units", "Record that the paper copy has come, sealed."),
    "return": Listed("campaign.units:return_", "Return what a unit has handed in, with the reason and every fault."),
    "take-back": Listed(
        "campaign.units:take_back",
        "Take back a return that was a mistake: what was handed in waits for its reviewer again.",
    ),
    "accept": Listed("campaign.units", "Accept what a unit has handed in."),
}
_ENROL = {
    "invite": Listed("campaign.enrol", "Record that units were invited to take part."),
    "status": Listed("campaign.enrol", "Show how far each unit has come."),
    "import": Listed(
        "campaign.enrol_import:import_", "Take in units that join later, and whom they have named, from a file."
    ),
    "template": Listed(
        "campaign.enrol_import", "Write the blank file of units that join, as a workbook or as CSV, to fill in."
    ),
}
COMMANDS: Mapping[str, Listed | ListedGroup] = {
    "init": Listed(
        "init", "Set up the office of a county in FOLDER: its settings, its storage, the county and its first people."
    ),
    "demo": Listed("demo", "Run an invented county on embedded SQLite and show its supervision board."),
    "deadline": Listed("deadline", "Compute one deadline and explain it day by day."),
    "cards": Listed("deadline.cards", "Say which cards a timer earns, each with its first second."),
    "verify": Listed("checks", "Check everything stored against the published invariants."),
    "doctor": Listed("checks", "Say what could go wrong with this installation."),
    "explain": ListedGroup("Explain a deadline, a card or a reading from what was recorded.", _EXPLAIN),
    "cases": ListedGroup(
        "File a case, move in with the open cases of an earlier system, and out with one's own.", _CASES
    ),
    "calendar": ListedGroup("List holiday notices, compare one with the calendar in force, and adopt it.", _CALENDAR),
    "catalogue": ListedGroup(
        "Forms and lists of items, what cells say, finding an item, its life, and the check-up.", _CATALOGUE
    ),
    "staff": ListedGroup("Say who may do what, when, and why; take in staff, posts and authority.", _STAFF),
    "reorganise": ListedGroup(
        "Carry a reform or a merger of towns through as a plan, with a preview and an undo.", _REORGANISE
    ),
    "plugins": ListedGroup("List plugins, look at their health, release one from quarantine.", _PLUGINS),
    "new": ListedGroup("Write something new, to begin with.", _NEW),
    "campaign": ListedGroup("Collect the forms of departments and towns, and see who is late.", _CAMPAIGN),
    "enrol": ListedGroup("Bring units in: invited, staff named, items published, first case.", _ENROL),
}
"""Every command of the library, in the order in which they are shown."""
