"""Words right before an amount that take it back: not so much, not meant yet, or only a bound of it.

Rules of this room: an amount is what a cell says only where nothing denies it. 不是5个工作日 names no limit, 非10元 no
fee; whoever strips 是 before looking for 不 has read the opposite. A question is no answer, whatever stands in it.
"""

from __future__ import annotations

import re

AT_MOST = re.compile(r"不(?:得|能|可|应|应当|宜)?(?:超过|超出|多于|大于|高于|长于|晚于|迟于)$")
"""An upper bound: that is what a limit of time is; of money it is a cap, and no fee."""

_DENIED = re.compile(
    r"(?:非|无|否|负)(?:得|能|应|当|该|须|需|要|可|以|必|是|为|在|按|于|用|有|到|及|足|法|曾|予|会|给|规|定|收|取|征|缴|纳"
    r"|交|付|承|诺)*$"
    r"|(?:不|未|没|毋|勿|莫)(?!动产|锈|良|合格|符|成年|婚|予受理|予许可|予登记|予批准)[\u4e00-\u9fff]{0,3}(?<![的者人])$"
    r"|免(?:去|除|于)?$"
)
"""From a word of denial to the amount there is at most a verb; 非住宅 and 不动产 are things, 不需勘查的 is a case."""
_HEDGED = re.compile(
    r"(?:拟定?|暂定|暂|初定|可能|建议|争取|力争|尽量|尽可能|预计|预期|计划|目标|估计|估算|大致|大约|约|近|接近|将近|参考|希望"
    r"|考虑|(?<![期时年权上下])限|控制|力求|或许|也许|原定|原)(?:收取?|收费|收取?费用?|征收|缴纳|定)?(?:[为在是于:]|不超过|控制在)*$"
)
"""What somebody plans, guesses or hopes is not what counts."""
_UNSETTLED = re.compile(
    r"待|需要?(?:再|进一步)?(?:确认|核实)|暂定|参考|取消|废止|作废|失效|草案|试行|征求|讨论|未定|不定|酌情|视情|为准|不准"
)
"""In a bracket behind an amount: it is not settled, or no longer in force."""


def is_denied(head: str) -> bool:
    """Whether the text before an amount ends in words that deny it."""
    return _DENIED.search(head.rstrip(" :")) is not None


def is_hedged(head: str) -> bool:
    """Whether the text before an amount ends in words that make it a plan or a guess."""
    return _HEDGED.search(head.rstrip(" :")) is not None


def is_unsettled(text: str) -> bool:
    """Whether a text beside an amount says that it is not settled."""
    return _UNSETTLED.search(text) is not None


def is_asked(cell: str) -> bool:
    """Whether a tidied cell holds a question."""
    return "?" in cell
