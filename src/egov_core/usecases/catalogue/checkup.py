"""The check-up of a catalogue 体检: is what the county publishes complete, current and in somebody's hands.

Rules of this room: reading only; every finding names its subject, and every number opens down to the items it counts.
Only items in use are looked at. Nobody's logins are recorded, so that who is idle is judged by acts in cases, and said
to be.

Sources: the notice, N2; the rules of `domain.catalogue.rules` and `checkup_rules`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta

import attrs

from egov_core.domain.authority import Grant, Role, Staffing
from egov_core.domain.catalogue import CHECKUP_RULES, CaseType, ItemFinding, ItemState, ItemVersion, Severity, graded
from egov_core.domain.catalogue.instruments import (
    article_numbers,
    bases_of,
    names_nothing,
    plain_name,
    successors,
)
from egov_core.domain.legal import is_in_force
from egov_core.domain.organisation import OrganKind
from egov_core.usecases.catalogue.handlers import Handlers
from egov_core.usecases.catalogue.publishing import findings_of
from egov_core.usecases.foundation.registry import Registry
from egov_core.usecases.foundation.services import Services
from egov_core.usecases.reorganisation.ended_organs import left_without_organ, people_left, posts_left

REVIEW_MONTHS = 12
IDLE_DAYS = 90
ONLINE_DEPTHS = frozenset({"受理", "办理", "结果反馈", "三级", "四级"})
"""From where on an item counts as done online: an application is accepted without anybody having to come."""
STEP_ROLES: Mapping[str, Role] = {
    "acceptance": Role.INTAKE,
    "review": Role.REVIEWER,
    "conclusion": Role.APPROVER,
}
"""The role that takes each of the three steps."""
ITEM, ORGAN, PERSON = "item", "organ", "person"


@attrs.frozen(kw_only=True)
class CheckupFinding:
    """What was found in whom: an item, an organ or a person by its code; `organ` is the one it belongs to."""

    kind: str
    subject: str
    name: str
    organ: str
    finding: ItemFinding


@attrs.frozen(kw_only=True)
class DepartmentFigures:
    """The figures of a department, each as the codes that it counts; `share` is None where it has no items."""

    organ: str
    name: str
    items: tuple[str, ...]
    online: tuple[str, ...]
    with_errors: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """How much of its items is done online."""
        return len(self.online) / len(self.items) if self.items else None


@attrs.frozen(kw_only=True)
class Checkup:
    """The result: the day, what was found, gravest first, the figures, and items by how they stand."""

    day: date
    findings: tuple[CheckupFinding, ...]
    total: DepartmentFigures
    departments: tuple[DepartmentFigures, ...]
    depths: Mapping[str, tuple[str, ...]]
    standing: Mapping[ItemState, tuple[str, ...]]

    @property
    def clean(self) -> bool:
        """Whether nothing worse than information was found."""
        return all(one.finding.severity is Severity.INFO for one in self.findings)


def checkup(
    services: Services, day: date | None = None, *, progress: Callable[[int], None] = lambda _done: None
) -> Checkup:
    """Look the catalogue through on a day, today where none is given; `progress` is told of each item."""
    today = services.clock.now().date() if day is None else day
    registry = services.registry()
    catalogue = registry.catalogue
    items = tuple(catalogue.in_use(today))
    found: list[CheckupFinding] = []
    handlers = Handlers(registry, today)
    for item in items:
        found += found_in(services, handlers, item)
        progress(1)
    found += _people(services, registry, items, today)
    found += _left_behind(registry, today)
    found += _departments(registry, items, today)
    found += _named_alike(registry, today)
    kept = as_graded(services, found, today)
    errors = {one.subject for one in kept if one.kind == ITEM and one.finding.severity is Severity.ERROR}
    named = {organ.code: organ.name for organ in registry.organisation.on(today) if organ.kind is OrganKind.DEPARTMENT}
    named |= {item.organ: _name_of(registry, item.organ) for item in items}
    depths: dict[str, tuple[str, ...]] = {}
    for item in items:
        depth = item.guide.online_depth
        depths[depth] = (*depths.get(depth, ()), item.code)
    standing: dict[ItemState, tuple[str, ...]] = {}
    for code in catalogue.items:
        state = catalogue.state_on(code, today)
        standing[state] = (*standing.get(state, ()), code)
    return Checkup(
        day=today,
        findings=tuple(sorted(kept, key=_order)),
        total=_figures("", "", items, errors),
        departments=tuple(
            _figures(code, name, [item for item in items if item.organ == code], errors)
            for code, name in sorted(named.items())
        ),
        depths=depths,
        standing=standing,
    )


def as_graded(services: Services, found: Iterable[CheckupFinding], day: date) -> list[CheckupFinding]:
    """The findings as the place grades them; those of the rules of items are so already."""
    grades = services.cataloguing.grades
    return [
        attrs.evolve(one, finding=taken)
        for one in found
        for taken in (graded([one.finding], grades, day) if one.finding.code in CHECKUP_RULES else [one.finding])
    ]


def found_in(services: Services, handlers: Handlers, item: ItemVersion) -> Iterator[CheckupFinding]:
    """What the check-up finds in one item, whether it is published or is to be."""
    for one in (*findings_of(services, item, None, handlers.day), *_of_place(services, handlers, item)):
        yield CheckupFinding(kind=ITEM, subject=item.code, name=item.full_name, organ=item.organ, finding=one)


def _held(staffing: Staffing, day: date) -> dict[str, list[Grant]]:
    """The grants of each person on a day, those of the posts that the person fills among them."""
    filled: dict[str, list[str]] = {}
    for one in staffing.appointments:
        if is_in_force(day, one.valid_from, one.valid_to):
            filled.setdefault(one.post, []).append(one.person)
    held: dict[str, list[Grant]] = {}
    for grant in staffing.grants:
        if is_in_force(day, grant.valid_from, grant.valid_to):
            for person in [grant.person] if grant.person else filled.get(grant.post, []):
                held.setdefault(person, []).append(grant)
    return held


def _of_place(services: Services, handlers: Handlers, item: ItemVersion) -> Iterator[ItemFinding]:
    registry, day = handlers.registry, handlers.day
    reviews = [one.on for one in registry.reviews if one.code == item.code and one.on <= day]
    looked = max([item.reviewed_on or item.valid_from, *reviews])
    if _months_after(looked, REVIEW_MONTHS) < day:
        yield CHECKUP_RULES["unreviewed"].found("reviewed_on", since=looked, months=REVIEW_MONTHS, item=item.code)
    for element, basis in bases_of(item):
        ended = services.cataloguing.ended.get(plain_name(basis.instrument))
        if ended is not None and ended.ended <= day:
            about = {"basis": basis, "ended": ended.ended, "source": ended.basis}
            if ended.unverified:
                yield CHECKUP_RULES["basis-perhaps-ended"].found(element, **about)
            elif ended.replaced_by:
                by = " → ".join(successors(ended, services.cataloguing.ended, day))
                yield CHECKUP_RULES["basis-ended"].found(element, by=by, **about)
            else:
                yield CHECKUP_RULES["basis-abolished"].found(element, **about)
        counted = services.cataloguing.counted.get(plain_name(basis.instrument))
        if counted is not None and counted.since <= day:
            if any(number > counted.articles for number in article_numbers(basis.article)):
                yield CHECKUP_RULES["basis-beyond-articles"].found(element, basis=basis, articles=counted.articles)
        elif not basis.assumed and names_nothing(basis):
            yield CHECKUP_RULES["basis-names-nothing"].found(element, basis=basis)

    def gone(code: str) -> bool:
        organ = registry.organisation.organs.get(code)
        return organ is None or not organ.exists_on(day)

    for step in item.steps:
        role = STEP_ROLES.get(step.code)
        if role is None or (step.code == "conclusion" and item.case_type is CaseType.FORWARD):
            continue  # what the upper organ decides, nobody here has to
        if not gone(item.organ) and not handlers.any_for(role, item, step.code):
            yield CHECKUP_RULES["no-handler"].found(f"steps.{step.code}", step=step.name, role=role.value)
    for element, code, rule in (
        ("forward_to", item.forward_to, "forward-target-gone"),
        ("organ", item.organ, "organ-gone"),
    ):
        if code and gone(code):
            yield CHECKUP_RULES[rule].found(element, organ=_name_of(registry, code))
    yield from left_without_organ(registry, item, day)


def _people(
    services: Services, registry: Registry, items: tuple[ItemVersion, ...], day: date
) -> Iterator[CheckupFinding]:
    handling = frozenset(STEP_ROLES.values())
    acted = _last_acts(services)
    for code, held in sorted(_held(registry.staffing, day).items()):
        person = registry.people.get(code)
        if person is None:
            continue
        about = {"kind": PERSON, "subject": code, "name": person.name, "organ": person.organ_on(day)}
        if not person.serves_on(day):
            roles = "、".join(dict.fromkeys(one.role.value for one in held))
            yield CheckupFinding(**about, finding=CHECKUP_RULES["handler-gone"].found("grants", role=roles))
            continue
        since = max(acted.get(code, date.min), person.valid_from, min(one.valid_from for one in held))
        works = any(one.role in handling for one in held) and any(item.organ == person.organ_on(day) for item in items)
        if works and since < day - timedelta(days=IDLE_DAYS):
            yield CheckupFinding(**about, finding=CHECKUP_RULES["handler-idle"].found("acts", days=IDLE_DAYS))


def _left_behind(registry: Registry, day: date) -> Iterator[CheckupFinding]:
    """People, posts and grants of organs that have ended."""
    for code, found in people_left(registry, _held(registry.staffing, day), day):
        person = registry.people[code]
        yield CheckupFinding(kind=PERSON, subject=code, name=person.name, organ=person.organ_on(day), finding=found)
    for code, found in posts_left(registry, day):
        yield CheckupFinding(kind=ORGAN, subject=code, name=_name_of(registry, code), organ=code, finding=found)


def _last_acts(services: Services) -> dict[str, date]:
    """The day on which each person last did something in a case."""
    last: dict[str, date] = {}
    for stream in services.storage.streams(services.area):
        if ":" in stream:
            continue
        for one in services.storage.events(services.area, stream):
            last[one.actor] = max(last.get(one.actor, date.min), one.entered_at.date())
    return last


def _departments(registry: Registry, items: tuple[ItemVersion, ...], day: date) -> Iterator[CheckupFinding]:
    counted = Counter(item.organ for item in items)
    for organ in registry.organisation.on(day):
        if organ.kind is OrganKind.DEPARTMENT and not counted[organ.code]:
            found = CHECKUP_RULES["organ-without-items"].found("items")
            yield CheckupFinding(kind=ORGAN, subject=organ.code, name=organ.name, organ=organ.code, finding=found)


def _named_alike(registry: Registry, day: date) -> Iterator[CheckupFinding]:
    for code, others in registry.organisation.alike_on(day):
        name = registry.organisation.get(code).as_on(day).name
        found = CHECKUP_RULES["organ-name-twice"].found("name", others="、".join(others))
        yield CheckupFinding(kind=ORGAN, subject=code, name=name, organ=code, finding=found)


def _figures(
    code: str, name: str, items: tuple[ItemVersion, ...] | list[ItemVersion], errors: set[str]
) -> DepartmentFigures:
    return DepartmentFigures(
        organ=code,
        name=name,
        items=tuple(item.code for item in items),
        online=tuple(item.code for item in items if item.guide.online_depth in ONLINE_DEPTHS),
        with_errors=tuple(item.code for item in items if item.code in errors),
    )


def _name_of(registry: Registry, code: str) -> str:
    found = registry.organisation.organs.get(code)
    return code if found is None else found.name


def _order(one: CheckupFinding) -> tuple[object, ...]:
    return (one.finding.severity.rank, one.kind, one.organ, one.subject, one.finding.code, one.finding.element)


def _months_after(day: date, months: int) -> date:
    """The same day some months later, the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))
