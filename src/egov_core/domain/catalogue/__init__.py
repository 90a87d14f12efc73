"""The catalogue 事项目录: items in versions, what their guides say, and by which procedure they are handled.

Rules of this room: this page names what the others of this room offer; nothing is defined here.
"""

from egov_core.domain.catalogue.checkup_rules import CHECKUP_RULES
from egov_core.domain.catalogue.findings import Grade, Grades, ItemFinding, Severity, by_gravity, graded, worsened
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
from egov_core.domain.catalogue.life import Draft, DraftState, Happening, ItemLife, ItemReview
from egov_core.domain.catalogue.lints import lint_item
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
from egov_core.domain.catalogue.publication import (
    ConfirmItem,
    ItemCommand,
    PrepareDraft,
    PublishDraft,
    ResumeItem,
    ReturnDraft,
    SubmitDraft,
    SuspendItem,
    WithdrawItem,
)
from egov_core.domain.catalogue.rules import RULES, ItemRule
from egov_core.domain.catalogue.standing import ItemState, StandingChange, Succession, SuccessionKind

__all__ = [
    "ART_42_BASIS",
    "ART_42_DEFAULT",
    "CHECKUP_RULES",
    "DEFAULT_STEPS",
    "HUNAN_PROCEDURE",
    "INFORMATION_RULES",
    "LONGEST_EXTENSION",
    "PROCEDURES",
    "RULES",
    "Approver",
    "CaseType",
    "Catalogue",
    "ConfirmItem",
    "Draft",
    "DraftState",
    "ExtensionTerms",
    "Fees",
    "Grade",
    "Grades",
    "Guide",
    "Happening",
    "ItemCommand",
    "ItemFinding",
    "ItemLife",
    "ItemReview",
    "ItemRule",
    "ItemState",
    "ItemVersion",
    "Material",
    "PauseKind",
    "PauseTerms",
    "PowerClass",
    "PrepareDraft",
    "Procedure",
    "ProcedureTerms",
    "PublishDraft",
    "Question",
    "ResumeItem",
    "ReturnDraft",
    "Severity",
    "StandingChange",
    "Step",
    "SubmitDraft",
    "Succession",
    "SuccessionKind",
    "SuspendItem",
    "WithdrawItem",
    "by_gravity",
    "graded",
    "lint_item",
    "worsened",
]
