"""Authority 权限: who may do what, when, and why.

Rules of this room: this page names what the others of this room offer; nothing is defined here. Bottom to top:
`records` (what somebody has written down), `separation` (what one person may not hold together), `powers` (what follows
from the records), `chains` (how), `verdicts` (the answer about one act), `register` (all of an area, asked),
`lasting` (their days, and those of their organs), `soundness` (what may not be written down).
"""

from egov_core.domain.authority.lasting import days_out_of_order, outliving
from egov_core.domain.authority.powers import Act, Gap, Link, Power
from egov_core.domain.authority.records import (
    ALL_ITEMS,
    ALL_STEPS,
    DELEGABLE,
    Appointment,
    Delegation,
    Grant,
    Post,
    Role,
    Staffing,
    StaffRecord,
    StandIn,
    WorkHandover,
    code_of,
)
from egov_core.domain.authority.register import Authority
from egov_core.domain.authority.separation import Scope, Separation, parse_separations
from egov_core.domain.authority.soundness import staffing_faults
from egov_core.domain.authority.verdicts import NearMiss, Verdict

__all__ = [
    "ALL_ITEMS",
    "ALL_STEPS",
    "DELEGABLE",
    "Act",
    "Appointment",
    "Authority",
    "Delegation",
    "Gap",
    "Grant",
    "Link",
    "NearMiss",
    "Post",
    "Power",
    "Role",
    "Scope",
    "Separation",
    "StaffRecord",
    "Staffing",
    "StandIn",
    "Verdict",
    "WorkHandover",
    "code_of",
    "days_out_of_order",
    "outliving",
    "parse_separations",
    "staffing_faults",
]
