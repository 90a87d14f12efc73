"""One office driven at random: any act, entered in time or late, swept now and then, under two policies.

After each step the office is sound, its case is what folding its events gives, and everything that does not by right
depend on who looked when equals what a second office has that got the same acts and was never swept.
"""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from egov_core.domain.cases import commands as c
from egov_core.domain.cases.folding import fold
from egov_core.domain.cases.states import TRANSITIONS, State
from egov_core.domain.catalogue import PauseKind
from egov_core.domain.legal import ONE_SECOND
from egov_core.errors import EgovError
from egov_core.runtime.office import Office
from egov_core.testing import small_county as county
from egov_core.testing import timed_county as timed
from egov_core.wire.codec import decode_event, encode_case

START = timed.time("2024-09-20 09:00")
"""A Friday before the holiday of October, with make-up days on the 29th and on 12 October."""

KINDS = """
[[kind]]
code = "site-visit"
name = "现场踏勘"
starts-on = ["accepted"]
stops-on = ["reviewed", "approved", "rejected", "withdrawn"]
limit = "2wd"
basis = { instrument = "本县规则（演示）" }
pausable = true
"""
SILENCE = """
[[rule]]
timer = "correction-notice"
effect = "deemed-acceptance"
basis = { instrument = "行政许可法" }
[[rule]]
timer = "renewal"
effect = "deemed-renewal"
basis = { instrument = "行政许可法" }
[[rule]]
timer = "correction"
effect = "closure"
basis = { instrument = "本县规则（演示）" }
"""

UP = attrs.evolve(
    county.item("up", forward_to=county.CITY, promised=county.working_days(6)),
    steps=timed.steps(),
    pause_kinds=frozenset(),
    limits={"licence": timed.limit("2wd")},
)
OWN = attrs.evolve(county.item("own", promised=county.working_days(6)), steps=timed.steps(), pause_kinds=frozenset())
PLACE: dict[str, Any] = {
    "local_pauses": ("公示",),
    "service_limits": {
        "pre-acceptance": "1wd",
        "forward": "3wd",
        "licence": "3wd",
        "correction": "4d",
        "commitment-check": "9d",
    },
}
ACTS: tuple[Any, ...] = (
    c.Accept(case_id=""),
    c.RequestCorrection(case_id="", notice="补", missing=("plan",)),
    c.RequestCorrection(case_id="", notice="补", missing=("plan",), within=timed.period("2wd")),
    c.Supplement(case_id="", materials=("plan",)),
    c.Refuse(case_id="", reason="x", notice="不受"),
    c.HandOver(case_id="", unit=timed.FRONT, reason="x"),
    c.HandOver(case_id="", unit=timed.TECH, reason="x"),
    c.Pause(case_id="", kind=PauseKind.HEARING, notice="特", declared=timed.period("2wd")),
    c.Pause(case_id="", kind=PauseKind.PUBLIC_NOTICE, notice="特", declared=timed.period("1wd")),
    c.Resume(case_id="", result="x"),
    c.Extend(case_id="", amount=timed.period("5wd"), reason="x", notice="延"),
    c.OfferHearing(case_id="", notice="听"),
    c.RequestHearing(case_id="", reason="x"),
    c.ScheduleHearing(case_id="", day=date(2024, 10, 15), place="x", notice="听通"),
    c.HoldHearing(case_id="", record="x"),
    c.Review(case_id="", opinion="x"),
    c.Approve(case_id="", document="准"),
    c.Approve(case_id="", document="准", on_commitment=True),
    c.Reject(case_id="", document="驳", reason="x"),
    c.ReferUpward(case_id="", opinion="x"),
    c.RecordUpperDecision(case_id="", granted=True, document="上"),
    c.Deliver(case_id="", method="x"),
    c.IssueLicence(case_id="", document="证"),
    c.CheckCommitment(case_id="", kept=True, finding="x"),
)
AGO = (timedelta(0), timedelta(0), timedelta(0), ONE_SECOND, timedelta(hours=5), timedelta(days=1), timedelta(days=6))
LEAPS = (
    timedelta(seconds=1),
    timedelta(hours=3),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=8),
    timedelta(days=20),
)


PATHS: tuple[tuple[type, ...], ...] = (
    (),
    (c.RequestCorrection,),
    (c.Accept, c.OfferHearing, c.RequestHearing),
    (c.Accept, c.Review),
    (c.Accept, c.Pause),
    (c.Accept, c.Review, c.ReferUpward),
    (c.Accept, c.Review, c.Approve),
)
"""How far the case has come before anything is left to chance; a step the item does not have is refused in both."""


class RandomOffice(RuleBasedStateMachine):
    """The swept office and the one that nobody sweeps, with the same clock and the same acts."""

    case_id = ""
    state = State.SUBMITTED

    @initialize(
        policy=st.sampled_from(["notice", "hunan-2018"]),
        item=st.sampled_from(["own", "up"]),
        renews=st.sampled_from([None, date(2024, 10, 20), date(2024, 10, 30)]),
        channel=st.sampled_from(["window", "web"]),
        late=st.sampled_from([timedelta(0), timedelta(days=2), timedelta(days=12)]),
        path=st.sampled_from(PATHS),
        pause=st.sampled_from(LEAPS),
    )
    def open(
        self,
        policy: str,
        item: str,
        renews: date | None,
        channel: str,
        late: timedelta,
        path: tuple[type, ...],
        pause: timedelta,
    ) -> None:
        self.folder = tempfile.TemporaryDirectory()
        folder = Path(self.folder.name)
        for name, text in (("kinds", KINDS), ("silence", SILENCE)):
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        own = {"timer_kinds": (str(folder / "kinds.toml"),), "silence": str(folder / "silence.toml"), **PLACE}
        self.swept, self.unswept = (
            timed.open_timed_county(start=START, policy=policy, more=[UP, OWN], **own) for _ in range(2)
        )
        at = f"{START - late:%Y-%m-%d %H:%M:%S}"
        for office in self.offices():
            self.case_id = timed.file(office, item, renews=renews, channel=channel, at=at)
        self.stored: list[tuple[int, bytes]] = []
        self.verified = [0, 0]
        for kind in path:
            self.both(next(act for act in ACTS if type(act) is kind), self.swept.now())
        self.time_passes(pause)

    def teardown(self) -> None:
        if not self.case_id:
            return
        for office in self.offices():
            for _ in range(2):
                office.sweep()
                assert office.verify().violations == ()
        self.folder.cleanup()

    def offices(self) -> tuple[Office, Office]:
        return self.swept, self.unswept

    @rule(leap=st.sampled_from(LEAPS))
    def time_passes(self, leap: timedelta) -> None:
        for office in self.offices():
            timed.move(office, office.now() + leap)

    @precondition(lambda self: self.next_instant() is not None)
    @rule(beyond=st.sampled_from([-ONE_SECOND, timedelta(0), ONE_SECOND]))
    def time_passes_to_where_something_happens(self, beyond: timedelta) -> None:
        at = self.next_instant()
        assert at is not None
        for office in self.offices():
            timed.move(office, max(at + beyond, office.now()))

    def next_instant(self) -> datetime | None:
        rows = self.swept.storage.timers(self.swept.area, self.case_id)
        now = self.swept.now()
        return min((row.next_fire_at for row in rows if row.next_fire_at and row.next_fire_at > now), default=None)

    @rule()
    def swept_now(self) -> None:
        self.swept.sweep()

    @precondition(lambda self: self.state is State.REFERRED)
    @rule()
    def the_outbox_is_emptied(self) -> None:
        for office in self.offices():
            office.dispatch()

    @rule(data=st.data(), ago=st.sampled_from(AGO))
    def somebody_takes_a_step(self, data: st.DataObject, ago: timedelta) -> None:
        possible = [act for act in ACTS if type(act) in TRANSITIONS[self.state]]
        self.both(data.draw(st.sampled_from(possible or ACTS)), self.swept.now() - ago)

    @rule(data=st.data(), where=st.sampled_from([-ONE_SECOND, timedelta(0), ONE_SECOND]), which=st.integers(0, 5))
    def a_step_was_taken_where_something_happened(self, data: st.DataObject, where: timedelta, which: int) -> None:
        """At the instants that matter, those of the marks and cards there have been, and from where it stood then."""
        found = timed.case(self.swept, self.case_id)
        instants = sorted({card.at for card in found.cards} | {mark.at for mark in found.history})
        at = min(instants[-1 - which % len(instants)] + where, self.swept.now())
        stood = next((one.state for one in found.lapsed if at < one.at), self.state)
        possible = [act for act in ACTS if type(act) in TRANSITIONS[stood]]
        self.both(data.draw(st.sampled_from(possible or ACTS)), at)

    @rule(act=st.sampled_from((*ACTS, c.Withdraw(case_id="", reason="x"))))
    def somebody_tries_something(self, act: Any) -> None:
        self.both(act, self.swept.now())

    def both(self, command: Any, at: datetime) -> None:
        """Done in both offices, or refused in both with the same words."""
        command = attrs.evolve(command, case_id=self.case_id)
        person = timed.post(command)
        told: list[tuple[str, str]] = []
        for office in self.offices():
            try:
                outcome = office.do(command, actor=county.staff(person), at=at)
            except EgovError as error:
                told.append((error.code, error.message))
            else:
                told.append((outcome.state, ""))
        assert told[0] == told[1], (command, at, told)

    @invariant()
    def both_are_sound_and_agree(self) -> None:
        if not self.case_id:
            return
        for place, office in enumerate(self.offices()):
            row = office.storage.case(office.area, self.case_id)
            assert row is not None
            if self.verified[place] != row.version:
                assert office.verify().violations == ()
                self.verified[place] = row.version
        swept, unswept = (timed.outlook(office, self.case_id) for office in self.offices())
        assert swept == unswept
        self.state = unswept.case.state

    @invariant()
    def each_prefix_gives_the_case_that_was_stored(self) -> None:
        if not self.case_id:
            return
        row = self.swept.storage.case(self.swept.area, self.case_id)
        assert row is not None
        self.stored.append((row.version, row.data))
        told = self.swept.storage.events(self.swept.area, self.case_id)
        recorded = [decode_event(one.stream, one.position, one.payload) for one in told]
        for version, data in self.stored[-3:]:
            found = fold(recorded[:version])
            assert found is not None
            assert encode_case(found) == data
            rest = fold(recorded[version:], found)
            assert rest is not None
            assert encode_case(rest) == row.data


# a run of CI takes seconds, one of the night looks much further
FEW = settings.default is not None and settings.default.derandomize
RandomOffice.TestCase.settings = settings(
    max_examples=20 if FEW else 1_000,
    stateful_step_count=16 if FEW else 40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestRandomOffice = RandomOffice.TestCase
