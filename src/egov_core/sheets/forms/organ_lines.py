"""Organs that no column names: in a line between the items, over the whole list, or on the tab of the sheet.

Rules of this room: a text is the name of an organ only where it ends as one and is nothing else (一、县水利局（12项）).
A line that stands where such lines stand, and is none that is known, ends the organ before it: whose its items are is
not said, and nobody here may give them to the one above.
"""

from __future__ import annotations

import re

from egov_core.sheets.grid import Row, Table, squeezed
from egov_core.sheets.power_classes import power_class_of

_COUNTED = re.compile(r"\((?:共|计|合计)?[0-9]+[项个件]\)$")
_NUMBERED = re.compile(
    r"^(?:(?P<chinese>[一二三四五六七八九十]{1,3}[、.])|(?P<bracketed>\([一二三四五六七八九十]{1,3}\)[、.]?)"
    r"|(?P<digits>[0-9]{1,2}[、.])|(?P<between>\([0-9]{1,2}\)[、.]?))"
)
_SUFFIX = (
    r"局|委|委员会|办|办公室|中心|厅|院|政府|管理处|管理站|大队|分局|支队|总队|(?:办事|管理|服务|监督|代表)处|管委会"
    r"|(?:服务|监督|检疫|推广|水利|气象|监测|收费|执法)站|(?:派出|管理|监督|检疫|服务|财政|国土|司法|事务|研究|检测)所"
    r"|图书馆|档案馆|文化馆|博物馆|纪念馆|体育馆|美术馆|科技馆|.{2,}公司|集团|.{2,}银行|学校|协会|学会|商会|基金会|联合会|总会|工会"
    r"|妇联|残联|科协|文联|工商联|侨联|红十字会|供销社|合作社|联社|团委|宣传部|组织部|统战部|武装部|政法委|编办"
    r"|(?<!乡)(?:(?<=[\u4e00-\u9fff]{2})镇|(?<=[\u4e00-\u9fff]{2})乡|街道)"
)
_ORGAN = re.compile(rf"(?!.*(?:事项|项目|目录|清单))[^:]{{1,30}}(?:{_SUFFIX})")
_SECTION = re.compile(r"(?:类|事项|项目|清单|目录|权力|服务|许可|审批|确认|给付|处罚|强制|检查|征收|奖励|裁决|备案)$")
_LABELLED = re.compile(r"(?:实施|责任|主管|承办|办理|审批|行使)(?:主体|单位|部门|机关):(?P<name>.+)")


def organ_named(text: str) -> str:
    """The organ that a text names and does nothing else, without its number and its count; empty where it is none."""
    name = _NUMBERED.sub("", _COUNTED.sub("", squeezed(text)))
    return name if _ORGAN.fullmatch(name) else ""


def is_section(text: str) -> bool:
    """Whether a line names a kind of items and no organ, as 二、行政许可（3项） and （二）农业类 do below an organ."""
    name = _NUMBERED.sub("", _COUNTED.sub("", squeezed(text)))
    return power_class_of(name) is not None or _SECTION.search(name) is not None


def style_of(text: str) -> str:
    """How a line is numbered: which numerals, and whether it says how many items there are."""
    said = squeezed(text)
    numbered = _NUMBERED.match(said)
    style = (numbered.lastgroup or "") if numbered is not None else ""
    return style or ("counted" if _COUNTED.search(said) else "")


def organ_line(row: Row) -> str:
    """The organ that a line of its own names above its items (一、县水利局（12项）), empty where it names none."""
    texts = [text for text in row.texts if text]
    return organ_named(texts[0]) if len(texts) == 1 else ""


def organ_above(table: Table, first: int) -> tuple[str, str]:
    """The organ of a whole list, and the cell that names it: over its header in row `first`, in Word, or on the tab.

    A title such as 县水利局权责清单 is not taken apart: what stands in front of it need not be an organ.
    """
    above = [row for row in table.rows if row.number < first]
    for row in reversed(above):
        texts = [text for text in row.texts if text]
        for text in texts:
            labelled = _LABELLED.fullmatch(squeezed(text))
            if labelled is not None and _ORGAN.fullmatch(labelled["name"]):
                return labelled["name"], row.address(row.texts.index(text))
        if len(texts) > 1:
            break
        # Over the title stands who has published the list.
        if row is above[-1] and (organ := organ_line(row)):
            return organ, row.address(row.texts.index(texts[0]))
    for text in (table.above, table.sheet):
        if text and (organ := organ_named(text)):
            return organ, ""
    return "", ""
