"""From the cells of a case to an old case with its acts, or to faults that name the cells.

Rules of this room: every fault of a file is found in one reading, and a case with an error is not given. A message
never repeats a personal value. What the law says of the acts is the domain's; here it is only whether a cell says
something that can be read, and whether what belongs together is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import attrs

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.old_cases import OldCase
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.cells import Cell, CellFault
from egov_core.domain.codes.written import half_width_code
from egov_core.domain.people import Applicant, Personal
from egov_core.domain.periods import Limit, Period
from egov_core.sheets.open_cases.cell_values import When, read_days, read_former_limit, read_list, read_when
from egov_core.sheets.open_cases.columns import COLUMNS, CORRECTIONS, GROUPS, NUMBER, PROCEDURES, STATES
from egov_core.sheets.open_cases.doubts import doubts, unseen_in_codes
from egov_core.sheets.open_cases.order import DatedAct, in_order
from egov_core.sheets.open_cases.standing import standing_faults
from egov_core.sheets.open_cases.table import CaseCells, Sheets, read_cases_table
from egov_core.sheets.signs import shown

T = TypeVar("T")

UNSAID = "见原系统"
"""What is written where the earlier system had a text that the file does not repeat."""
PERSONAL = frozenset({"applicant_name", "applicant_id", "applicant_phone", "query_code"})
CHANNELS = {"": "window", "窗口": "window", "网上": "online", "网站": "web", "移动端": "mobile"}
_OWN_CHANNEL = re.compile(r"[a-z][a-z0-9-]{0,31}", re.ASCII)
"""What a place calls a channel of its own; it is taken as it stands."""
KINDS = {"": False, "个人": False, "自然人": False, "单位": True, "法人": True, "企业": True}
_PAUSES = {kind.value: kind for kind in PauseKind}


@attrs.frozen(kw_only=True)
class OpenCases:
    """What a file holds: the cases without an error, everything that is wrong, and how many rows of cases there are."""

    cases: tuple[OldCase, ...]
    faults: tuple[CellFault, ...]
    rows: int


def read_open_cases(sheets: Sheets, *, source: str = "", unreadable: Iterable[CellFault] = ()) -> OpenCases:
    """Read a file of open cases, given as the texts of its sheets.

    `source` is the name of the file in faults, `unreadable` what was wrong with single cells of it.
    """
    table = read_cases_table(sheets, source)
    cases: list[OldCase] = []
    faults = [*unreadable, *table.faults]
    broken = {(one.sheet, one.cell) for one in faults if one.is_error and one.cell}
    first_of: dict[str, Cell] = {}
    for cells in table.cases:
        reader = _Reader(cells)
        case = reader.case()
        # A cell that could not be read has said so: that it is empty besides is no second fault, and the case is wrong.
        faults += [one for one in reader.faults if (one.sheet, one.cell) not in broken]
        if any((one.sheet, one.ref) in broken for one in cells.cells.values()):
            case = None
        number, place = cells.said.get(NUMBER.key, ""), cells.at(NUMBER.key)
        if number in first_of:
            earlier = first_of[number]
            faults.append(
                place.error(
                    "number-twice",
                    f"the number “{shown(number)}” stands in {earlier.ref} too",
                    "a case is there once; several pauses and corrections have a sheet of their own",
                )
            )
        elif number:
            first_of[number] = place
            if case is not None:
                cases.append(case)
    # The reader of the file warns of what an error is said of here.
    told = {(one.sheet, one.cell, one.code) for one in faults if one.is_error}
    faults = [one for one in faults if one.is_error or (one.sheet, one.cell, one.code) not in told]
    return OpenCases(cases=tuple(cases), faults=tuple(faults), rows=len(table.cases))


@attrs.define
class _Reader:
    """One case as far as it has been read."""

    row: CaseCells
    faults: list[CellFault] = attrs.field(factory=list)

    def case(self) -> OldCase | None:
        """The case; None where something is wrong with it."""
        for column in COLUMNS:
            if column.required and column.key not in self.row.said:
                self._error(column.key, "empty", f"{column.heading} is empty", "fill it in")
        received = self._when("received")
        acts = tuple(self._acts())
        renews = self._when("renews")
        said_channel = self.row.said.get("channel", "")
        own_channel = said_channel if _OWN_CHANNEL.fullmatch(said_channel) else ""
        channel = own_channel or self._one_of("channel", CHANNELS)
        organisation = self._one_of("applicant_kind", KINDS)
        self.faults += unseen_in_codes(self.row)
        self.faults += doubts(self.row, is_organisation=bool(organisation))
        self.faults += standing_faults(self.row)
        statutory, promised = self._limit("statutory"), self._limit("promised")
        if any(fault.severity == "error" for fault in self.faults) or received is None:
            return None
        said = self.row.said
        return OldCase(
            number=said["number"],
            item=said["item"],
            received=received.at,
            applicant=Applicant(
                name=Personal(said["applicant_name"]),
                id_number=Personal(half_width_code(said["applicant_id"])),
                phone=Personal(half_width_code(said["applicant_phone"])) if "applicant_phone" in said else None,
                is_organisation=bool(organisation),
            ),
            materials=read_list(said.get("materials", "")),
            channel=channel or "window",
            renews=None if renews is None else renews.at.date(),
            query_code=half_width_code(said.get("query_code", "")).upper(),
            statutory=statutory,
            promised=promised,
            upper=said.get("upper", ""),
            state=STATES[said["state"]].value if said.get("state") in STATES else "",
            acts=in_order(received, acts),
            said=dict(said),
            cells=dict(self.row.cells),
        )

    # -- acts ----------------------------------------------------------------------------------------------------

    def _acts(self) -> Iterator[DatedAct]:
        yield from self._corrections()
        yield from self._act("accepted", 200, c.Accept(case_id=""))
        yield from self._procedures()
        yield from self._extension()
        self._needs("reviewed", ("opinion",))
        yield from self._act("reviewed", 500, c.Review(case_id="", opinion=self._text("opinion")))
        self._needs("referred", ("upper", "referral_opinion", "upper_progress", "upper_progress_at"))
        yield from self._act("referred", 600, c.ReferUpward(case_id="", opinion=self._text("referral_opinion")))
        if "upper_progress" in self.row.said:
            progress = c.RecordUpperProgress(case_id="", progress=self.row.said["upper_progress"], source="cut-over")
            since = "upper_progress_at" if "upper_progress_at" in self.row.said else "referred"
            yield from self._act(since, 700, progress)
        elif "upper_progress_at" in self.row.said:
            self._error("upper_progress", "empty", "there is a time, but no progress", "say it, or clear the time")
        self._needs("approved", ("document",))
        if "approved" in self.row.said and self._required("document"):
            document = self.row.said["document"]
            if "referred" in self.row.said:
                decided: c.Command = c.RecordUpperDecision(case_id="", granted=True, document=document)
            else:
                decided = c.Approve(case_id="", document=document)
            yield from self._act("approved", 800, decided)

    def _corrections(self) -> Iterator[DatedAct]:
        for number, prefix in self._groups(CORRECTIONS):
            if not self._required(*(f"{prefix}.{one.key}" for one in GROUPS[CORRECTIONS] if one.required)):
                continue
            said = self.row.said
            within = self._days(f"{prefix}.within")
            request = c.RequestCorrection(
                case_id="",
                notice=said[f"{prefix}.notice"],
                missing=read_list(said[f"{prefix}.missing"]) or (said[f"{prefix}.missing"],),
                within=within,
            )
            self._in_turn(f"{prefix}.notified", f"{prefix}.supplemented")
            yield from self._act(f"{prefix}.notified", 10 * number, request)
            brought = c.Supplement(case_id="", materials=read_list(said.get(f"{prefix}.supplement", "")))
            self._needs(f"{prefix}.supplemented", (f"{prefix}.supplement",))
            yield from self._act(f"{prefix}.supplemented", 10 * number + 1, brought)

    def _procedures(self) -> Iterator[DatedAct]:
        for number, prefix in self._groups(PROCEDURES):
            if not self._required(*(f"{prefix}.{one.key}" for one in GROUPS[PROCEDURES] if one.required)):
                continue
            said = self.row.said
            kind = _PAUSES.get(said[f"{prefix}.kind"])
            if kind is None:
                known = "、".join(_PAUSES)
                self._error(f"{prefix}.kind", "kind-unknown", f"“{shown(said[f'{prefix}.kind'])}” is none of {known}")
            declared = self._days(f"{prefix}.declared")
            self._in_turn(f"{prefix}.start", f"{prefix}.end")
            self._needs(f"{prefix}.end", (f"{prefix}.result",))
            if kind is None or declared is None:
                continue
            pause = c.Pause(case_id="", kind=kind, notice=said[f"{prefix}.notice"], declared=declared)
            resume = c.Resume(case_id="", result=self._text(f"{prefix}.result"))
            yield from self._act(f"{prefix}.start", 300 + 10 * number, pause)
            yield from self._act(f"{prefix}.end", 301 + 10 * number, resume)

    def _extension(self) -> Iterator[DatedAct]:
        self._needs("extended", ("extension", "extension_reason", "extension_notice"))
        if "extended" not in self.row.said or not self._required("extension", "extension_notice"):
            return
        amount = self._days("extension")
        if amount is not None:
            extend = c.Extend(
                case_id="",
                amount=amount,
                reason=self._text("extension_reason"),
                notice=self.row.said["extension_notice"],
            )
            yield from self._act("extended", 400, extend)

    def _act(self, column: str, rank: int, command: c.Command) -> Iterator[DatedAct]:
        when = self._when(column)
        if when is not None:
            yield DatedAct(command, when, rank, self.row.at(column))

    def _groups(self, group: str) -> list[tuple[int, str]]:
        numbers = {int(key.split(".")[1]) for key in self.row.said if key.startswith(f"{group}.")}
        return [(number, f"{group}.{number}") for number in sorted(numbers)]

    # -- cells ---------------------------------------------------------------------------------------------------

    def _error(self, key: str, code: str, message: str, remedy: str = "") -> None:
        self.faults.append(self.row.at(key).error(code, message, remedy))

    def _text(self, key: str) -> str:
        return self.row.said.get(key, UNSAID)

    def _required(self, *keys: str) -> bool:
        lacking = [key for key in keys if key not in self.row.said]
        for key in lacking:
            self._error(key, "empty", f"{_heading(key)} is empty, and the rest of it is there", "fill it in")
        return not lacking

    def _needs(self, main: str, others: tuple[str, ...]) -> None:
        """What depends on something that did not happen is most likely a slip."""
        if main in self.row.said:
            return
        for key in others:
            if key in self.row.said:
                self._error(
                    main, "empty", f"{_heading(key)} is filled in and {_heading(main)} is empty", "fill in both or none"
                )
                return

    def _in_turn(self, first: str, second: str) -> None:
        begun, ended = (self._time(key) for key in (first, second))
        if begun is None or ended is None:
            return
        earlier = ended.at.date() < begun.at.date() if begun.is_day or ended.is_day else ended.at < begun.at
        if earlier:
            self._error(second, "order", f"{_heading(second)} lies before {_heading(first)}", "correct one of them")

    def _time(self, key: str) -> When | None:
        found = read_when(self.row.said[key]) if key in self.row.said else None
        return found if isinstance(found, When) else None

    def _read(self, key: str, code: str, read: Callable[[str], T | str]) -> T | None:
        if key not in self.row.said:
            return None
        found = read(self.row.said[key])
        if isinstance(found, str):
            self._error(key, code, found)
            return None
        return found

    def _when(self, key: str) -> When | None:
        return self._read(key, "time", read_when)

    def _days(self, key: str) -> Period | None:
        return self._read(key, "days", read_days)

    def _limit(self, key: str) -> Limit | None:
        found = read_former_limit(self.row.said[key]) if key in self.row.said else None
        if isinstance(found, str):
            self._error(key, "limit", found)
            return None
        return found

    def _one_of(self, key: str, known: dict[str, T]) -> T | None:
        text = self.row.said.get(key, "")
        if text not in known:
            self._error(key, "unknown", f"“{shown(text)}” is none of {'、'.join(filter(None, known))}")
        return known.get(text)


def _heading(key: str) -> str:
    """A column as it is named in a message."""
    group, _, inner = key.rpartition(".")
    columns = GROUPS[group.split(".")[0]] if group else COLUMNS
    name = next(one.heading for one in columns if one.key == inner)
    return f"{group.replace('.', '')}{name}" if group else name
