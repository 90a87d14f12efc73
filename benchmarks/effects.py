"""What a process of its own costs a plugin that forwards, and what a plugin that hangs costs the others.

Method. First table: the same envelopes go through the same adapter, which answers at once, three ways: called directly
in a loop, through the lane of an object handed over in code (a thread), and through the lane of a file in a folder (a
process). No store takes part. The way through a process is measured after its start, which is said apart. Rounds are
interleaved; the figure is the median over rounds, per envelope, and the ratio the median of the ratios to the bare
call of the same round.

Second table: an office on SQLite has rows for two organs, each served by a plugin of its own. `Office.dispatch` is
timed from its begin until the last row of the second organ is settled, once while the first plugin answers at once, and
once while it hangs until the office closes. The figure is the median over rounds; the delay is their difference.

What it does not show: a real network, in which each way costs the same few milliseconds more.

Run: python benchmarks/effects.py [--rounds N] [--envelopes N] [--rows N]
"""

from __future__ import annotations

import argparse
import queue
import statistics
import tempfile
import textwrap
import time
from pathlib import Path

import attrs

from egov_core.domain.cases import commands as c
from egov_core.domain.catalogue import CaseType
from egov_core.domain.organisation import Organ, OrganKind
from egov_core.errors import EgovError
from egov_core.hooks.spec import hookimpl
from egov_core.ports.effects import Lane, Parcel
from egov_core.ports.forwarding import Envelope, Receipt
from egov_core.runtime.bootstrap import open_office
from egov_core.runtime.clock import ManualClock
from egov_core.runtime.office import Office
from egov_core.runtime.plugins import effects_of, hooks_of
from egov_core.runtime.settings import Settings
from egov_core.testing import small_county as county

FILE = """
    import time
    from egov_core import hookimpl
    from egov_core.ports.forwarding import Receipt

    egov_api = "1.0"


    class Way:
        name = "way"

        def send(self, envelope):
            time.sleep({sleep})
            return Receipt(key=envelope.key, receipt="R", accepted=True)


    @hookimpl
    def egov_forwarding_adapter(target):
        return Way() if target.code == "{organ}" else None
"""
HANGS = 3600.0


class Way:
    """Answers at once; handed over in code."""

    name = "way"

    def send(self, envelope: Envelope) -> Receipt:
        """Yes."""
        return Receipt(key=envelope.key, receipt="R", accepted=True)

    @hookimpl
    def egov_forwarding_adapter(self, target: Organ) -> Way | None:
        """For one organ."""
        return self if target.code == "in-code" else None


class Waited:
    """A delivery that counts down."""

    def __init__(self, parcel: Parcel, ended: queue.SimpleQueue[Receipt | EgovError]) -> None:
        self.parcel, self._ended = parcel, ended

    def begin(self) -> bool:
        """Always."""
        return True

    def beat(self) -> None:
        """Nothing to prolong."""

    def done(self, receipt: Receipt) -> None:
        """It came."""
        self._ended.put(receipt)

    def failed(self, error: EgovError) -> None:
        """It did not."""
        self._ended.put(error)

    postpone = failed


def write(folder: Path, organ: str, sleep: float) -> None:
    """A plugin in a file."""
    text = textwrap.dedent(FILE).format(organ=organ, sleep=sleep)
    (folder / f"{organ}.py").write_text(text, encoding="utf-8")


def organ(code: str) -> Organ:
    """An upper organ."""
    return Organ(code=code, name=code, kind=OrganKind.CITY, parent=None, valid_from=county.SINCE)


def parcels(code: str, amount: int) -> list[Parcel]:
    """So many envelopes for an organ."""
    envelopes = (Envelope(area=county.AREA, key=f"k{n}", target=code, body=b"{}") for n in range(amount))
    return [Parcel(to=organ(code), sent=one) for one in envelopes]


def through(lane: Lane, given: list[Parcel]) -> float:
    """Seconds for each parcel through a lane, from the first submitted to the last answered."""
    ended: queue.SimpleQueue[Receipt | EgovError] = queue.SimpleQueue()
    begun = time.perf_counter()
    for parcel in given:
        lane.submit(Waited(parcel, ended))
    for _ in given:
        answer = ended.get()
        assert isinstance(answer, Receipt), answer
    return (time.perf_counter() - begun) / len(given)


def bare(given: list[Parcel]) -> float:
    """Seconds for each parcel by calling the adapter."""
    way = Way()
    begun = time.perf_counter()
    for parcel in given:
        assert isinstance(parcel.sent, Envelope)
        assert way.send(parcel.sent).accepted
    return (time.perf_counter() - begun) / len(given)


def costs(rounds: int, amount: int) -> None:
    """The first table."""
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), "in-file", 0)
        settings = Settings(area=county.AREA, plugins=False, plugins_dir=name)
        lanes = effects_of(settings, hooks_of(settings, [(Way(), "in-code")]))
        ways = {code: parcels(code, amount) for code in ("in-code", "in-file")}
        begun = time.perf_counter()
        through(lanes.lane(ways["in-file"][0]), ways["in-file"][:1])
        start = time.perf_counter() - begun
        found: dict[str, list[float]] = {"bare": [], "in-code": [], "in-file": []}
        for _ in range(rounds):
            found["bare"].append(bare(ways["in-code"]))
            for code, given in ways.items():
                found[code].append(through(lanes.lane(given[0]), given))
        lanes.close()
    print(f"{amount} envelopes, {rounds} rounds, median per envelope; starting the process took {start:.2f} s")
    for code, seconds in found.items():
        ratio = statistics.median(one / other for one, other in zip(seconds, found["bare"], strict=True))
        print(f"  {code:8} {statistics.median(seconds) * 1e6:8.1f} µs   {ratio:8.1f} x bare")


def refer(office: Office, item: str) -> str:
    """A case of an item, referred upward: the key of its outbox row."""
    case_id = county.reviewed(office, item).case_id
    referred = office.do(c.ReferUpward(case_id=case_id, opinion="初审同意"), actor=county.staff("reviewer"))
    row = office.storage.case(county.AREA, referred.case_id)
    assert row is not None
    return office.case_of(row).referral_key


def until_settled(office: Office, keys: list[str]) -> float:
    """Seconds from the begin of a dispatch until all these rows are settled."""
    begun = time.perf_counter()
    office.dispatch(wait=False)
    for key in keys:
        while (row := office.storage.outbox(county.AREA, key)) is None or row.state == "pending":
            time.sleep(0.001)
    return time.perf_counter() - begun


def waited(sleep: float, rows: int) -> float:
    """Seconds until the last row of the second organ is settled, while the first organ's plugin sleeps."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "plugins"
        folder.mkdir()
        write(folder, county.CITY, sleep)
        write(folder, "province", 0)
        settings = Settings(
            area=county.AREA, storage=f"sqlite:///{name}/county.db", plugins=False, plugins_dir=str(folder)
        )
        with county.found(open_office(settings, clock=ManualClock(county.MONDAY))) as office:
            further = county.item("further", promised=county.working_days(10), case_type=CaseType.FORWARD)
            office.establish(organs=[organ("province")], items=[attrs.evolve(further, forward_to="province")])
            until_settled(office, [refer(office, "further")])  # its process runs from now on
            mixed = [(refer(office, county.UPWARD), refer(office, "further")) for _ in range(rows)]
            return until_settled(office, [others for _, others in mixed])


def delays(rounds: int, rows: int) -> None:
    """The second table."""
    quick, hanging = [], []
    for _ in range(rounds):
        quick.append(waited(0, rows))
        hanging.append(waited(HANGS, rows))
    print(f"{rows} rows for each of two organs, {rounds} rounds, median until the second organ's last row is settled")
    print(f"  the first organ's plugin answers at once {statistics.median(quick):8.3f} s")
    print(f"  the first organ's plugin hangs           {statistics.median(hanging):8.3f} s")
    delay = statistics.median(one - other for one, other in zip(hanging, quick, strict=True))
    print(f"  delay of the second organ by the first   {delay:+8.3f} s")


def main() -> None:
    """Both tables."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--envelopes", type=int, default=2_000)
    asked.add_argument("--rows", type=int, default=40)
    given = asked.parse_args()
    costs(given.rounds, given.envelopes)
    delays(given.rounds, given.rows)


if __name__ == "__main__":
    main()
