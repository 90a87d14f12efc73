"""The rules of the check-up 体检 that look beyond one item: at its reviews, its handlers and its department.

Rules of this room: data only, as in `rules`; a place grades these rules in the same way.

Sources: the notice, N2 (items collated before 2011, approvers and handlers never adjusted, the system unused).
"""

from __future__ import annotations

from collections.abc import Mapping

from egov_core.domain.catalogue.findings import Severity
from egov_core.domain.catalogue.rules import ItemRule
from egov_core.domain.legal import LegalBasis

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_NOTICE = LegalBasis(instrument="网上政务服务和电子监察系统建设应用通知", article="事项陈旧、授权人员未及时调整")
_OLD = LegalBasis(instrument="立法变动", assumed=True)

CHECKUP_RULES: Mapping[str, ItemRule] = {
    rule.code: rule
    for rule in (
        ItemRule(
            "unreviewed", WARNING, _NOTICE,
            "自{since}起超过{months}个月没有核查。",
            "nobody has looked at it for more than {months} months, since {since}",
            "逐项核对；无变化的，登记年度核查（egov catalogue review {item} --by 人员 --config 文件）。",
            "look through it; where nothing has changed, "
            "egov catalogue review {item} --by PERSON --config FILE says so",
        ),
        ItemRule(
            "basis-ended", ERROR, _OLD,
            "依据{basis}自{ended}起失效（{source}），由{by}取代。",
            "its basis {basis} ended on {ended} ({source}); {by} took its place",
            "改写依据；没有新依据的，取消该事项。", "give the new basis, or withdraw the item",
        ),
        ItemRule(
            "basis-abolished", ERROR, _OLD,
            "依据{basis}自{ended}起废止（{source}），没有取代它的规定。",
            "its basis {basis} was abolished on {ended} ({source}), and nothing took its place",
            "改写依据；没有新依据的，取消该事项。", "give the new basis, or withdraw the item",
        ),
        ItemRule(
            "basis-perhaps-ended", WARNING, _OLD,
            "依据{basis}可能已自{ended}起失效（{source}），尚未核对原文。",
            "its basis {basis} may have ended on {ended} ({source}); nobody has checked that against the text",
            "查核原文；确已失效的，改写依据，没有新依据的，取消该事项。",
            "look the text up; where the basis has ended, give the new one, or withdraw the item",
        ),
        ItemRule(
            "basis-names-nothing", WARNING, _OLD,
            "依据“{basis}”没有指明任何法律、法规或文件。", "its basis “{basis}” names no law, regulation or document",
            "写明名称、条款或文号；没有依据的，取消该事项。",
            "give name and article, or the number of the document; withdraw the item where there is none",
        ),
        ItemRule(
            "basis-beyond-articles", WARNING, _OLD,
            "依据{basis}的条款不存在：现行文本共{articles}条。",
            "its basis {basis} does not exist: the text in force has {articles} articles",
            "核对条款。", "look the article up",
        ),
        ItemRule(
            "no-handler", ERROR, _NOTICE,
            "环节“{step}”没有在岗的{role}人员。", "nobody in office may take the step {step} ({role})",
            "授权在岗人员。", "grant the role to somebody in office",
        ),
        ItemRule(
            "handler-gone", WARNING, _NOTICE,
            "已不在岗，仍持有{role}授权。", "is not in office any more, and still holds the role {role}",
            "收回授权，另行授权在岗人员。", "end the grant, and give it to somebody in office",
        ),
        ItemRule(
            "handler-idle", INFO, _NOTICE,
            "{days}天内没有办理记录（系统没有登录记录，按办件留痕判断）。",
            "has done nothing in any case for {days} days (there is no record of logins: acts are what is known)",
            "核实是否仍在岗，是否会使用系统。", "ask whether the person is still there and knows the system",
        ),
        ItemRule(
            "forward-target-gone", ERROR, _NOTICE,
            "转报单位{organ}已不存在。", "the upper organ {organ} does not exist any more",
            "改为承接其职能的单位。", "name the organ that has taken over",
        ),
        ItemRule(
            "organ-gone", ERROR, _NOTICE,
            "实施机关{organ}已不存在。", "its organ {organ} does not exist any more",
            "改为承接其职能的机关。", "give it to the organ that has taken over",
        ),
        ItemRule(
            "organ-ends", WARNING, _NOTICE,
            "实施机关{organ}于{day}终止{plan}，届时该事项没有实施机关；职能由{heirs}承接。",
            "its organ {organ} ends on {day}{plan_en}, and from then on the item has none; the work goes to {heirs}",
            "发布自{day}起由承接机关实施的新版本。", "publish a version for the organ that takes over, from {day} on",
        ),
        ItemRule(
            "person-organ-gone", WARNING, _NOTICE,
            "所在机关{organ}已于{day}终止，职能由{heirs}承接，本人没有转隶。",
            "the organ {organ} ended on {day}, its work went to {heirs}, and the person was not moved",
            "登记转隶后的机关；已离开的，登记离岗日期。", "record the move, or the day on which the person left",
        ),
        ItemRule(
            "grant-organ-gone", WARNING, _NOTICE,
            "持有{organ}的{role}授权，该机关已于{day}终止，授权不再有效；职能由{heirs}承接。",
            "holds the role {role} in {organ}, which ended on {day}: it gives nothing; the work went to {heirs}",
            "收回授权，由承接机关另行授权。", "end the grant, and have the organ that took over give one",
        ),
        ItemRule(
            "post-organ-gone", WARNING, _NOTICE,
            "岗位{post}仍在已于{day}终止的机关，职能由{heirs}承接。",
            "the post {post} is still of this organ, which ended on {day}; its work went to {heirs}",
            "撤销岗位，或者在承接机关设岗。", "end the post, or set one up in the organ that took over",
        ),
        ItemRule(
            "organ-without-items", WARNING, _NOTICE,
            "没有一个在用事项。", "has no item in use",
            "补报事项，或者说明没有事项。", "hand in its items, or say that it has none",
        ),
        ItemRule(
            "organ-name-twice", WARNING, _NOTICE,
            "与同一上级之下的{others}同名，清单中的名称指哪一个分不清。",
            "bears the same name as {others} beside it: a name on a list may mean either",
            "以机构改革方案更改其中一个的名称，或者合并。", "rename one of them by a plan, or merge them",
        ),
    )
}  # fmt: skip
"""Every rule of the check-up by its code."""
