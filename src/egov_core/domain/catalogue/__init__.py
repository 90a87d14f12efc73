"""The catalogue 事项目录: items in versions, what their guides say, and by which procedure they are handled.

Rules of this room: this page names what the others of this room offer; nothing is defined here.
"""

from egov_core.domain.catalogue.guide import Fees, Guide, Material, Question
from egov_core.domain.catalogue.items import (
    DEFAULT_STEPS,
    CaseType,
    Catalogue,
    ItemVersion,
    PauseKind,
    PauseTerms,
    PowerClass,
    Step,
)
from egov_core.domain.catalogue.procedures import (
    ART_42_BASIS,
    ART_42_DEFAULT,
    HUNAN_PROCEDURE,
    INFORMATION_RULES,
    LONGEST_EXTENSION,
    PROCEDURES,
    Approver,
    ExtensionTerms,
    Procedure,
    ProcedureTerms,
)

__all__ = [
    "ART_42_BASIS",
    "ART_42_DEFAULT",
    "DEFAULT_STEPS",
    "HUNAN_PROCEDURE",
    "INFORMATION_RULES",
    "LONGEST_EXTENSION",
    "PROCEDURES",
    "Approver",
    "CaseType",
    "Catalogue",
    "ExtensionTerms",
    "Fees",
    "Guide",
    "ItemVersion",
    "Material",
    "PauseKind",
    "PauseTerms",
    "PowerClass",
    "Procedure",
    "ProcedureTerms",
    "Question",
    "Step",
]
