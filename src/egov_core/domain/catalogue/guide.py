"""The guide of an item 办事指南: what an applicant reads before applying.

Rules of this room: nothing here decides anything; what a rule depends on (limits, case type, steps) is a field of the
item itself. A coded element holds the *name* in its code list (县级, 自然人), never the code: which code that is hangs
on list and version, and is looked up where an element is exchanged. An empty text and None: the form says nothing.

Sources: GB/T 39046-2020 table 4 (the numbers in brackets are its data items); the county's 事项信息表.
"""

from __future__ import annotations

import attrs

from egov_core.domain.legal import LegalBasis


@attrs.frozen(kw_only=True)
class Material:
    """One thing an applicant hands in 申报材料 [56-64]. Without a `basis` it is a finding of the check-up (N11).

    `issuer` is who makes it out [57], empty for the applicant; `originals` and `copies` say how many [62, 63];
    `fields` are the keys of form fields by which it is filled in online in place of paper (N13).
    """

    code: str
    name: str
    required: bool = True
    basis: LegalBasis | None = None
    issuer: str = ""
    issue_terms: str = ""
    originals: int | None = None
    copies: int | None = None
    note: str = ""
    place: str = ""
    use: str = ""
    fields: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Fees:
    """What an item costs 收费 [31, 32]: whether anything, by which standard, and on which basis."""

    charged: bool
    standard: str = ""
    basis: LegalBasis | None = None


@attrs.frozen(kw_only=True)
class Question:
    """A question that is often asked 常见问题 [55]."""

    question: str
    answer: str


@attrs.frozen(kw_only=True)
class Guide:
    """What the guide says beyond limits, materials, steps and basis.

    Coded elements hold names of a code list: `level` 行使层级 [7], `organ_nature` 实施主体性质 [13], `audiences`
    服务对象 [34], `channels` 办理形式 [39], `scope` 通办范围 [33], `online_depth` 网办深度, `power_source` 权力来源,
    `result_kind` 结果类型, `personal_themes` and `corporate_themes` 服务主题 [36-38], `system_level` 运行系统层级 [49].
    """

    subitem: str = ""
    base_code: str = ""
    implementation_code: str = ""
    level: str = ""
    power_source: str = ""
    division: str = ""
    exercised: str = ""
    organ_code: str = ""
    organ_nature: str = ""
    prior_approval_by: str = ""
    joint_organs: tuple[str, ...] = ()
    handled_by: str = ""
    audiences: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    scope: str = ""
    online_depth: str = ""
    quantity: str = ""
    conditions: tuple[str, ...] = ()
    flow: str = ""
    limit_note: str = ""
    promise_note: str = ""
    intermediary: str = ""
    result: str = ""
    result_kind: str = ""
    personal_themes: tuple[str, ...] = ()
    corporate_themes: tuple[str, ...] = ()
    jurisdiction: str = ""
    appointment: bool | None = None
    online_payment: bool | None = None
    express: bool | None = None
    online: bool | None = None
    online_address: str = ""
    system_level: str = ""
    place: str = ""
    hours: str = ""
    inquiry: str = ""
    inquiry_phone: str = ""
    complaint_phone: str = ""
    questions: tuple[Question, ...] = ()
    visits: int | None = None


def with_subitem(name: str, subitem: str) -> str:
    """A name with the sub-item 子项 behind it; once where the one repeats the other."""
    if not subitem or subitem == name:
        return name
    return subitem if name in subitem else f"{name}（{subitem}）"
