"""The columns of a file of open cases 在办件迁入表: what each is called, what it means, whether it has to be filled.

Rules of this room: headings and their meaning, nothing is read here. The template, the reference page and the reading
all take the columns from here, so that none of them knows one that the others do not.
"""

from __future__ import annotations

import re

import attrs

from egov_core.domain.cases.states import State
from egov_core.sheets.signs import half_width

MAIN, CORRECTIONS, PROCEDURES = "在办件", "补正", "特别程序"
"""The sheets: one row a case, and where columns do not suffice, one row a correction or a special procedure."""


@attrs.frozen(kw_only=True)
class Column:
    """One column: its key in events and faults, its heading, whether it must be filled, and what stands in it."""

    key: str
    heading: str
    note: str
    note_en: str
    required: bool = False


NUMBER = Column(
    key="number", heading="原办件编号", required=True,
    note="原系统的编号，迁入后不变", note_en="the number in the earlier system, which the case keeps",
)  # fmt: skip

COLUMNS: tuple[Column, ...] = (
    NUMBER,
    Column(
        key="item", heading="事项编码", required=True,
        note="目录中的事项编码；没有编码时填事项名称全称",
        note_en="the code of the item in the catalogue; its full name where there is no code",
    ),
    Column(
        key="received", heading="收件时间", required=True,
        note="日期，或日期加时间", note_en="a day, or a day with a time",
    ),
    Column(
        key="applicant_name", heading="申请人", required=True,
        note="姓名或单位名称", note_en="the name of the person or organisation",
    ),
    Column(
        key="applicant_id", heading="证件号码", required=True,
        note="身份证号或统一社会信用代码", note_en="identity number or unified social credit code",
    ),
    Column(
        key="applicant_phone", heading="联系电话", note="可空", note_en="may be empty",
    ),
    Column(
        key="applicant_kind", heading="申请人类型",
        note="个人或单位，空即个人", note_en="个人 (a person, also when empty) or 单位 (an organisation)",
    ),
    Column(
        key="channel", heading="申请渠道",
        note="窗口、网上、网站或移动端，空即窗口；本地另有渠道的填其代码",
        note_en="窗口 (a window, or empty), 网上 (online), 网站 (website), 移动端 (mobile), or the place's own code",
    ),
    Column(
        key="materials", heading="已交材料",
        note="材料编码或名称，用分号隔开；不知道即空",
        note_en="codes or names of materials, with semicolons between; empty if unknown",
    ),
    Column(
        key="query_code", heading="查询码",
        note="申请人手中的查询码；空即另行生成",
        note_en="the query code that the applicant holds; one is made where it is empty",
    ),
    Column(
        key="renews", heading="原许可有效期至",
        note="延续申请填原许可的到期日", note_en="for a renewal, the last day of the licence",
    ),
    Column(
        key="accepted", heading="受理时间",
        note="未受理即空", note_en="empty while it is not accepted",
    ),
    Column(
        key="statutory", heading="法定期限",
        note="与目录不同才填，如20个工作日", note_en="only where it differs from the catalogue, as 20个工作日 or 20wd",
    ),
    Column(
        key="promised", heading="承诺期限",
        note="与目录不同才填；没有承诺填“无”",
        note_en="only where it differs from the catalogue; 无 where nothing was promised",
    ),
    Column(
        key="extended", heading="延期批准时间",
        note="只有一次（行政许可法42）", note_en="once at most (行政许可法 42)",
    ),
    Column(
        key="extension", heading="延期天数",
        note="工作日数，如10；其他单位写明", note_en="working days, as 10; another unit is written out",
    ),
    Column(key="extension_reason", heading="延期理由", note="空即“见原系统”", note_en="见原系统 where it is empty"),
    Column(
        key="extension_notice", heading="延期文书号",
        note="告知申请人的文书号", note_en="the number of the notice to the applicant",
    ),
    Column(
        key="reviewed", heading="审核时间", note="审核环节已完成才填", note_en="only where the review is done",
    ),
    Column(key="opinion", heading="审核意见", note="空即“见原系统”", note_en="见原系统 where it is empty"),
    Column(
        key="referred", heading="转报时间", note="转报件已报上级才填",
        note_en="only where it has gone to the upper organ",
    ),
    Column(
        key="upper", heading="上级机关",
        note="机关编码；空即目录所定", note_en="the code of the organ; the catalogue's where it is empty",
    ),
    Column(key="referral_opinion", heading="转报意见", note="空即“见原系统”", note_en="见原系统 where it is empty"),
    Column(
        key="upper_progress", heading="上级办理情况",
        note="如“省厅已受理，回执号……”", note_en="what the upper organ has done, with its receipt",
    ),
    Column(
        key="upper_progress_at", heading="上级办理情况时间",
        note="空即转报时间", note_en="the time of the referral where it is empty",
    ),
    Column(
        key="approved", heading="准予时间",
        note="已准予而未送达的件", note_en="for a case that is granted and not yet delivered",
    ),
    Column(key="document", heading="准予文书号", note="决定书文号", note_en="the number of the decision"),
    Column(
        key="state", heading="当前状态",
        note="用于核对：待受理、补正中、已受理、已审核、特别程序、已转报、待送达",
        note_en="to compare with: 待受理, 补正中, 已受理, 已审核, 特别程序, 已转报, 待送达",
    ),
)  # fmt: skip
"""The columns of the sheet 在办件, one row a case."""

CORRECTION_COLUMNS: tuple[Column, ...] = (
    Column(
        key="notified", heading="告知时间", required=True,
        note="一次性告知的时间", note_en="when the applicant was told what is missing",
    ),
    Column(key="notice", heading="文书号", required=True, note="告知书文号", note_en="the number of the notice"),
    Column(
        key="missing", heading="缺少材料", required=True,
        note="用分号隔开", note_en="what is missing, with semicolons between",
    ),
    Column(
        key="within", heading="期限",
        note="补正期限，如15个工作日", note_en="until when it was asked for, as 15个工作日",
    ),
    Column(key="supplemented", heading="补交时间", note="未补交即空", note_en="empty while it is outstanding"),
    Column(
        key="supplement", heading="补交材料",
        note="材料编码或名称，用分号隔开；不知道即空", note_en="codes or names of materials; empty if unknown",
    ),
)  # fmt: skip
"""A correction 补正: on its own sheet, or on the main one as 补正1告知时间 and so on."""

PROCEDURE_COLUMNS: tuple[Column, ...] = (
    Column(
        key="kind", heading="种类", required=True,
        note="听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审，或本地规定的种类",
        note_en="a procedure of 行政许可法 45, or one that the place has switched on",
    ),
    Column(
        key="notice", heading="文书号", required=True,
        note="特别程序告知书文号", note_en="the number of the notice",
    ),
    Column(
        key="declared", heading="告知天数", required=True,
        note="告知申请人的工作日数，如10", note_en="the working days that the applicant was told, as 10",
    ),
    Column(key="start", heading="开始时间", required=True, note="停止计时的时间", note_en="when the clock stopped"),
    Column(key="end", heading="结束时间", note="未结束即空", note_en="empty while it lasts"),
    Column(key="result", heading="结果", note="空即“见原系统”", note_en="见原系统 where it is empty"),
)  # fmt: skip
"""A special procedure 特别程序: on its own sheet, or on the main one as 特别程序1种类 and so on."""

GROUPS = {CORRECTIONS: CORRECTION_COLUMNS, PROCEDURES: PROCEDURE_COLUMNS}

STATES = {
    "待受理": State.SUBMITTED,
    "已收件": State.SUBMITTED,
    "补正中": State.CORRECTION_REQUESTED,
    "已受理": State.ACCEPTED,
    "已审核": State.REVIEWED,
    "特别程序": State.PAUSED,
    "暂停": State.PAUSED,
    "已转报": State.REFERRED,
    "待送达": State.APPROVED,
}
"""What an earlier system may call where a case stands."""

OVER = "over"
ENDINGS = frozenset(
    f"{act}{what}"
    for act in ("办结", "送达", "不予许可", "不予受理", "退件", "撤回", "撤件", "作废", "终止", "归档", "发证", "领证")
    for what in ("时间", "日期")
)
"""Headings that old systems give out, and that have something under them only where the case is over."""

_BY_HEADING = {one.heading: one.key for one in COLUMNS}
_GROUPED = re.compile(rf"({CORRECTIONS}|{PROCEDURES})([1-9]?)(.+)")


def key_of(heading: str) -> str:
    """The key of a heading of the main sheet, as `accepted` or `特别程序.2.start`; empty for one that is none."""
    plain = plain_heading(heading)
    if plain in _BY_HEADING:
        return _BY_HEADING[plain]
    grouped = _GROUPED.fullmatch(plain)
    if grouped is None:
        return ""
    group, number, rest = grouped.groups()
    inner = next((one.key for one in GROUPS[group] if one.heading == rest), "")
    return f"{group}.{number or 1}.{inner}" if inner else ""


def plain_heading(heading: str) -> str:
    """A heading without what people put around it: spaces, line breaks, a star for what must be filled."""
    return "".join(half_width(heading).split()).strip("*")
