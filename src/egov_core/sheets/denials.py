"""Words right before an amount that take it back: not so much, not meant yet, or only a bound of it.

Rules of this room: an amount is what a cell says only where nothing denies it. 不是5个工作日 names no limit, 非10元 no
fee; whoever strips 是 before looking for 不 has read the opposite. A question is no answer, whatever stands in it.
"""

from __future__ import annotations

import re

from egov_core.sheets.numerals import CHINESE

AT_MOST = re.compile(
    r"不(?:得|能|可|应|应当|宜)?(?:超过|超出|多于|大于|高于|长于|晚于|迟于)(?:或者?等于)?$|(?:小于|少于|低于)(?:或者?)?等于$"
)
"""An upper bound: that is what a limit of time is; of money it is a cap, and no fee."""

_DENIED = re.compile(
    r"(?:非|无|否|负)(?:得|能|应|当|该|须|需|要|可|以|必|是|为|在|按|于|用|有|到|及|足|法|曾|予|会|给|规|定|收|取|征|缴|纳"
    r"|交|付|承|诺)*$"
    r"|(?:不|未|没|毋|勿|莫)(?!动产|锈|良|合格|符|成年|婚)[\u4e00-\u9fff]{0,3}(?<![的者人])$"
    r"|(?:何|岂|难|免)(?:须|止|只|必|需|以|于|在|去|除)*$"
)
"""From a word of denial to the amount there is at most a verb; 非住宅 and 不动产 are things, 不需勘查的 is a case."""
_COMPARED = re.compile(
    r"(?:[少多长短快慢高低]则|[多少高低长短]达|[少低]至|等于|达到?|其余|剩余|剩下|余下|前后|实际|实为|超法定|超承诺|另外|此外"
    r"|平均|累计|[外附追增]加|[涨降差半会员惠原]价|节[省约]|尾款|余额|剩"
    r"|(?:已|尚|曾|仅(?!需)|才|刚|还|又|再(?!次)|却|竟)[\u4e00-\u9fff]{0,2}"
    r"|[了着至从由向往把被比让令叫满足欠缺差加减乘扣距隔逢却竟])"
    r"(?:需要?|为|是|在|约)*$"
)
"""少则5天, 其余5天, 已缴10元: it stands beside another amount that says the rest, or half a word leads to it."""
_LONE_LETTER = re.compile(r"[\u4e00-\u9fff](?<![省市州县区乡镇村甲乙丙丁男女大中小新旧共约需为是在于按即须应可])")
"""逢20天, 距10元: one letter alone is a preposition or half a word, unless it names a level, a size or a grade."""
_CUT = re.compile(rf"[{CHINESE}][ \n]+$|^[{CHINESE}]+$")
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
    """Whether the text before an amount ends in words that make it a plan or a guess, or the rest of another."""
    said = head.rstrip(" :")
    if _LONE_LETTER.fullmatch(said) is not None:
        return True
    return _HEDGED.search(said) is not None or _COMPARED.search(said) is not None


def is_cut(head: str) -> bool:
    """Whether the text before an amount, with the blanks it ends in, is the beginning of its number: 二十 四小时."""
    return _CUT.search(head) is not None


def is_unsettled(text: str) -> bool:
    """Whether a text beside an amount says that it is not settled."""
    return _UNSETTLED.search(text) is not None


def is_asked(cell: str) -> bool:
    """Whether a tidied cell holds a question."""
    return "?" in cell
