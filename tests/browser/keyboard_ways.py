"""The pages by which each act is reached, and where its result can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.browser.keyboard import ANY

_CASE, _INCIDENT, _ASSESSMENT = "/cases/{case}", "/evidence/{incident}", "/assessments/{assessment}"
_CHANGE, _CONCERN = "/changes/{change}", "/cases/{concern}"
_DEBATE, _COMMENT = "/debate/{kind}/{page}", "/debate/comments/{comment}"
_LICENCE = "/register/{licence}"


def _below(page: str, *names: str) -> tuple[str, ...]:
    return (page, *(f"{page}/{name}" for name in names))


UNDERTAKING = "casework.set_parties with an undertaking"
"""The file of one party, and what it undertakes: on pages of its own."""
REPLY = "debate.post_comment with a parent"
WAYS: Mapping[str, tuple[str, ...]] = {
    "register.enter_licence": ("/", "/register", "/register/enter"),
    "register.issue_licence": _below(_LICENCE, "issue"),
    "register.surrender_lines": _below(_LICENCE, "surrender"),
    "register.record_draw": _below(_LICENCE, "choose-line-to/draw", "lines/{line}/usage"),
    "register.acknowledge_customs_message": (
        "/",
        "/register/overdue?kind=waiting",
        "/register/*/customs/{message}/acknowledged",
    ),
    "casework.start_application": ("/", "/cases", "/cases/new"),
    "casework.set_goods": _below(_CASE, "goods/edit"),
    "casework.set_parties": _below(_CASE, "parties/edit"),
    UNDERTAKING: _below(_CASE, "parties", "parties/{party}/undertaking/send"),
    "casework.set_route": _below(_CASE, "route/edit"),
    "casework.state_end_use": _below(_CASE, "end-use"),
    "casework.declare_application": _below(_CASE, "declare"),
    "casework.submit_application": _below(_CASE, "submit"),
    "casework.accept_case": _below(_CASE, "accept"),
    "casework.ask_exporter": _below(_CASE, "ask"),
    "casework.answer_question": _below(_CASE, "questions/{question}/answer"),
    "casework.rate_goods": _below(_CASE, "rate"),
    "casework.load_list": ("/", "/cases", "/party-lists", "/party-lists/new"),
    "casework.screen_parties": _below(_CASE, "screen"),
    "casework.judge_match": _below(_CASE, "matches/{match}/judge"),
    "casework.circulate_case": _below(_CASE, "circulate"),
    "casework.record_advice": _below(_CASE, "advise/{department}"),
    "casework.record_dissent": _below(_CASE, "dissent"),
    "casework.propose_outcome": _below(_CASE, "propose"),
    "casework.countersign_proposal": _below(_CASE, "countersign"),
    "casework.decide_case": _below(_CASE, "decide"),
    "casework.return_proposal": _below(_CASE, "return"),
    "casework.issue_notice": _below(_CASE, "notice"),
    "casework.lodge_appeal": _below(_CASE, "appeal"),
    "casework.assign_appeal": _below(_CASE, "appeal/assign"),
    "casework.decide_appeal": _below(_CASE, "appeal/decide"),
    "evidence.register_source": ("/", "/evidence", "/evidence/sources", "/evidence/sources/new"),
    "evidence.import_incidents": ("/", "/evidence", "/evidence/imports", "/evidence/imports/new"),
    "evidence.enter_incident": ("/", "/evidence", "/evidence/new"),
    "evidence.join_incidents": _below(_INCIDENT, "join"),
    "evidence.set_scope": _below(_INCIDENT, "scope"),
    "evidence.record_finding": _below(_INCIDENT, "findings/{axis}"),
    "evidence.record_explanation": _below(_INCIDENT, "explanations/new"),
    "evidence.record_exculpatory_fact": _below(_INCIDENT, "facts/new"),
    "assessment.start_assessment": ("/", "/assessments", "/assessments/start"),
    "assessment.save_version": _below(_ASSESSMENT, "versions/new"),
    "assessment.send_version": _below(_ASSESSMENT, "send"),
    "assessment.finish_legal_check": _below(_ASSESSMENT, "check"),
    "assessment.countersign_version": _below(_ASSESSMENT, "countersign"),
    "assessment.request_change": _below(_ASSESSMENT, "return"),
    "assessment.accept_version": _below(_ASSESSMENT, "accept"),
    "assessment.publish_gist": _below(_ASSESSMENT, "versions/{version}", "versions/{version}/gist"),
    "assessment.record_oral_instruction": (_ASSESSMENT,),
    "assessment.read_instruction": (
        "/",
        "/assessments/instructions",
        "/assessments/instructions/{instruction}/read",
    ),
    "review.propose_trigger": ("/", "/changes", "/changes/new"),
    "review.accept_trigger": _below(_CHANGE, "accept"),
    "review.hold_pending": _below(_CHANGE, "hold"),
    "review.run_stocktake": _below(_CHANGE, "stocktake"),
    "review.classify_lines": _below(_CHANGE, "lines", "classify"),
    "review.assess_change": _below(_CHANGE, "assess"),
    "review.set_options": _below(_CHANGE, "options"),
    "review.decide_change": _below(_CHANGE, "decide"),
    "restrictions.propose_exemption": ("/", "/restrictions", "/restrictions/exemptions/new"),
    "restrictions.announce_exemption": (
        "/restrictions/{exemption}",
        "/restrictions/exemptions/{exemption}/announce",
    ),
    "restrictions.lift_hold": ("/restrictions/{hold}", "/restrictions/holds/{hold}/lift"),
    "statements.record_statement": ("/", "/statements", "/statements/new"),
    "statements.record_promise": ("/statements/{statement}", "/statements/{statement}/promise"),
    "people.deactivate_person": ("/", "/people", "/people/{person_id}", "/people/{person_id}/deactivate"),
    "concerns.make_officer_key": ("/", "/cases", "/cases/join", "/cases/key"),
    "concerns.read_concern": ("/cases", _CONCERN),
    "concerns.acknowledge_concern": ("/cases", *_below(_CONCERN, "acknowledge")),
    "concerns.propose_answer": ("/cases", *_below(_CONCERN, "answer")),
    "concerns.sign_answer": ("/cases", *_below(_CONCERN, "answers/{answer}")),
    "concerns.ask_to_bring": ("/", "/cases/join", "/cases/join/ask"),
    "concerns.bring_into_concern": ("/", "/cases/join"),
    "debate.bring_rules_in_force": ("/", "/debate", "/debate/rules/in-force"),
    "debate.enter_membership": ("/", "/debate", "/debate/memberships/new"),
    "debate.join_debate": ("/", "/debate/mine", "/debate/join"),
    "debate.accept_rules": ("/debate", "/debate/rules", "/debate/rules/accept"),
    "debate.post_comment": ("/licences/{page}", _DEBATE, f"{_DEBATE}/post"),
    REPLY: _below(_DEBATE, "reply/{parent}"),
    "debate.report_comment": _below(_COMMENT, "report"),
    "debate.remove_comment": (_COMMENT, *_below("/debate/cases/{comment}", "remove")),
    "debate.lodge_appeal": ("/debate", "/debate/mine", "/debate/measures/{measure}/appeal"),
    "debate.decide_appeal": ("/", "/debate/queue", *_below("/debate/appeals/{appeal}", "decide")),
    "debate.propose_ban": _below("/debate/members/{member}", "ban"),
    "debate.confirm_ban": ("/", "/debate/queue", "/debate/bans/{proposal}/confirm"),
}
"""Act -> the page that is opened, and those to which links lead from there, the last with the form.

A page between is left out where one before it leads further.
"""


@dataclass(frozen=True, slots=True)
class Result:
    """Where a result stands. name: of its part; empty: it is an id alone. prefix: of its id. page: that shows it.

    Without a page: in the address of the page after the act. `*` as prefix: no page shows it.
    """

    name: str = ""
    prefix: str = ""
    page: str = ""

    def named(self, found: str) -> Any:
        """As the act gives it."""
        return {self.name: found} if self.name else found


RESULTS: Mapping[str, Result] = {
    "register.enter_licence": Result("licence", "L"),
    "casework.start_application": Result("case", "AP"),
    "casework.ask_exporter": Result("added", ANY),
    "casework.record_advice": Result("added", "AD", f"{_CASE}/advice"),
    "evidence.register_source": Result("", "SR", "/evidence/sources"),
    "evidence.enter_incident": Result("incident", "IN"),
    "evidence.record_explanation": Result("id", "XP", _INCIDENT),
    "evidence.record_exculpatory_fact": Result("id", "XF", _INCIDENT),
    "assessment.start_assessment": Result("assessment", "AS"),
    "assessment.save_version": Result("about", "AV", _ASSESSMENT),
    "assessment.request_change": Result("about", ANY),
    "assessment.record_oral_instruction": Result("instruction", ANY),
    "review.propose_trigger": Result("id", "CC"),
    "restrictions.propose_exemption": Result("id", "EX"),
    "statements.record_statement": Result("id", "SA"),
    "statements.record_promise": Result("id", "PM"),
    "concerns.propose_answer": Result("answer", "AN", _CONCERN),
    "debate.join_debate": Result("", "MB", "/debate/mine"),
    "debate.post_comment": Result("", "CT"),
    "debate.remove_comment": Result("", ANY),
    "debate.lodge_appeal": Result("", "AL", "/debate/mine"),
    "debate.propose_ban": Result("", "MS", "/debate/members/{member}"),
}
