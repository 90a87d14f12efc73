"""By which rule an item is handled 办理程序: its default limit, and how that is extended.

Rules of this room: each number carries its legal basis; what is not known here is set by the item itself.

Sources: 行政许可法 42, 43; 《湖南省行政程序规定》 81; 政府信息公开条例 33.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import attrs

from egov_core.domain.legal import LICENSING_ACT, LegalBasis
from egov_core.domain.periods import Period, Unit


class Approver(enum.Enum):
    """Who approves an extension."""

    ORGAN_HEAD = "机关负责人"
    GOVERNMENT_HEAD = "本级政府负责人"


@attrs.frozen(kw_only=True)
class ExtensionTerms:
    """How a limit is extended: once, by at most `longest`, in its unit, with the approval of `approver`.

    `longest` None: not at all.
    """

    longest: Period | None
    approver: Approver
    basis: LegalBasis


class Procedure(enum.Enum):
    """By which rule an item is handled; each has its default limit and its extension (`PROCEDURES`)."""

    SINGLE = "single"
    JOINT = "joint"
    REVIEW_AND_FORWARD = "review-and-forward"
    EX_OFFICIO = "ex-officio"
    INFORMATION = "information"


ART_42_BASIS = LegalBasis(instrument=LICENSING_ACT, article="第四十二条", in_force=date(2004, 7, 1))
ART_42_DEFAULT = Period(amount=Decimal(20), unit=Unit.WORKING_DAY, basis=ART_42_BASIS)
"""Twenty working days: what holds where no law sets another limit."""


HUNAN_PROCEDURE = "《湖南省行政程序规定》"
INFORMATION_RULES = "《中华人民共和国政府信息公开条例》"


def _days(amount: int, basis: LegalBasis) -> Period:
    return Period(amount=Decimal(amount), unit=Unit.WORKING_DAY, basis=basis)


@attrs.frozen(kw_only=True)
class ProcedureTerms:
    """What a procedure sets where no law sets another limit: the limit itself, and how it is extended."""

    limit: Period
    extension: ExtensionTerms


def _terms(limit: int, longer: int | None, approver: Approver, basis: LegalBasis) -> ProcedureTerms:
    extension = ExtensionTerms(longest=None if longer is None else _days(longer, basis), approver=approver, basis=basis)
    return ProcedureTerms(limit=_days(limit, basis), extension=extension)


PROCEDURES: Mapping[Procedure, ProcedureTerms] = {
    Procedure.SINGLE: _terms(20, 10, Approver.ORGAN_HEAD, ART_42_BASIS),
    Procedure.JOINT: _terms(
        45,
        15,
        Approver.GOVERNMENT_HEAD,
        LegalBasis(instrument=LICENSING_ACT, article="第四十二条第二款", in_force=date(2004, 7, 1)),
    ),
    Procedure.REVIEW_AND_FORWARD: _terms(
        20,
        None,
        Approver.ORGAN_HEAD,
        LegalBasis(instrument=LICENSING_ACT, article="第四十三条", in_force=date(2004, 7, 1)),
    ),
    Procedure.EX_OFFICIO: _terms(
        60,
        30,
        Approver.ORGAN_HEAD,
        LegalBasis(instrument=HUNAN_PROCEDURE, article="第八十一条", in_force=date(2008, 10, 1)),
    ),
    Procedure.INFORMATION: _terms(
        20,
        20,
        Approver.ORGAN_HEAD,
        LegalBasis(instrument=INFORMATION_RULES, article="第三十三条", in_force=date(2019, 5, 15)),
    ),
}
"""Default limit and extension of each procedure."""

LONGEST_EXTENSION = max(
    (terms.extension.longest for terms in PROCEDURES.values() if terms.extension.longest is not None),
    key=lambda longest: longest.amount,
)
"""What no procedure goes beyond: where nobody says which one it is, an extension is measured by this."""
