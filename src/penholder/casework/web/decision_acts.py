"""The forms of what is proposed, signed, decided, told and appealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import URLPattern, reverse

from penholder.actions.errors import AbsentError
from penholder.casework import actions
from penholder.casework.before_decision import for_decision
from penholder.casework.decided import decisions_of
from penholder.casework.decision_answers import Decisions, ForDecision
from penholder.casework.decision_parts import Consolidated
from penholder.casework.values import CaseworkPermission, LateAnswer, Outcome, Signature
from penholder.casework.web import decision_words
from penholder.casework.web.called import called, in_words, named_before, to_choose
from penholder.casework.web.exporter_acts import text_box
from penholder.casework.web.rows_form import Rows, Values, case_routes
from penholder.casework.web.shared import context, on_case, state
from penholder.entry.actor import actor_of_request
from penholder.entry.forms import ActForm
from penholder.entry.views import ActPage
from penholder.people import queries as people
from penholder.people.roles import role_book

_REASONS = {
    "against_reasons": ("Why against the advice of a lead adviser", "Needed for an outcome that goes against it."),
    "stale_reasons": ("Why newer information is not awaited", "Needed where it is older than the limit."),
    "unknown_reasons": (
        "Why although something is not known",
        "Needed for a grant while nothing, or not enough, is known under a limb that must refuse.",
    ),
    "gate_reasons": ("Why the answer to an open question is not awaited", "Needed while one is open."),
}
_COMMON = {
    "refusal_limbs": ("Limbs on which a refusal rests", "For a refusal."),
    "assessments": (
        "Assessments on which it rests",
        "At least those that stand for the places that the goods reach.",
    ),
    "exemptions": ("Exemptions on which a grant rests", "For a grant that one of them lets through."),
}
_PROPOSING = {
    **_COMMON,
    "outcome": ("What do you propose?", ""),
    "summary": ("Why", "For those who sign and decide."),
    "provisos": ("Terms of the licence", "For a grant; empty: none."),
    "valid_until": ("Valid until", "For a grant: the first day on which the licence is no longer valid."),
    "contributors": (
        "Who else wrote parts of it",
        "Ids of staff (P-…), as on their pages under People. None of them can sign.",
    ),
}
_DECIDING = {
    **_REASONS,
    **_COMMON,
    "outcome": ("What do you decide?", ""),
    "reasons": ("Reasons of the decision", ""),
    "provisos": ("Terms of the licence", "For a grant; empty: those that were proposed."),
    "valid_until": (
        "Valid until",
        "For a grant: the first day on which it is no longer valid; empty: as proposed.",
    ),
}
_OUTCOMES = [(Outcome.GRANT.value, "Grant"), (Outcome.REFUSE.value, "Refuse")]


def before(request: HttpRequest, **parts: Any) -> ForDecision:
    """What lies before whoever proposes or decides, read once per request. Raises: AbsentError."""
    known = getattr(request, "penholder_before", None)
    if not isinstance(known, ForDecision):
        known = for_decision(viewer=actor_of_request(request), case=str(parts["case"]))
        request.penholder_before = known  # type: ignore[attr-defined]
    return known


def made(request: HttpRequest, **parts: Any) -> Decisions:
    """What was decided so far. Raises: AbsentError."""
    return decisions_of(viewer=actor_of_request(request), case=str(parts["case"]))


def _context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = before(request, **parts)
    names = called(actor_of_request(request), named_before(found, ()))
    return {
        **context(request, **parts),
        "before": found,
        "called": names,
        "in_words": in_words,
        "said": decision_words,
        "further": tuple(_REASONS),
        "nothing_to_choose": [name for name, listed in to_choose(found, names).items() if not listed],
    }


def _kept(request: HttpRequest, name: str, listed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The list, and what was sent and is in it no longer: the act says why it cannot be."""
    known = dict(listed)
    return listed + [(v, v) for v in request.POST.getlist(name) if v and v not in known]


def _listed(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """Versions, exemptions and limbs to choose from."""
    found = before(request, **parts)
    named = to_choose(found, called(actor_of_request(request), named_before(found, ())))
    limbs = [(x.rule.id, f"{x.rule.limb}: {x.rule.title}") for x in found.limbs if x.voices or x.finding]
    given = {
        "outcome": _OUTCOMES,
        "assessments": _kept(request, "assessments", named["assessments"]),
        "exemptions": _kept(request, "exemptions", named["exemptions"]),
        "refusal_limbs": _kept(request, "refusal_limbs", limbs),
    }
    return {name: values for name, values in given.items() if values}


def _proposed(request: HttpRequest, **parts: Any) -> Sequence[Consolidated]:
    """One row for each limb that was advised on: as it was taken over, or as all voices say it.

    Where they differ nothing is chosen beforehand: whose advice is followed is the officer's to say.
    """
    rows = []
    for limb in before(request, **parts).limbs:
        if limb.taken is not None:
            rows.append(limb.taken)
        elif limb.voices:
            follows = () if limb.differs else tuple(v.advice for v in limb.voices)
            rows.append(Consolidated(rule=limb.rule.id, finding=limb.voices[0].found.finding, follows=follows))
    return rows


def _follow_choices(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = before(request, **parts)
    changed = {v.advice: v.changed for limb in found.limbs for v in limb.voices}
    said = {a: f"; {' and '.join(named)} changed since" for a, named in changed.items() if named}
    return {
        "follows": [
            (a.id, f"{a.title}, version {a.advice.number} of its advice{said.get(a.id, '')}") for a in found.advice
        ]
    }


def _finding_read(typed: Values, held: Any) -> Values:
    follows = typed.get("follows") or []
    return {**typed, "rule": held.rule, "follows": follows if isinstance(follows, list) else [follows]}


FINDINGS = Rows(
    parameter="findings",
    kind=Consolidated,
    legend="Limb",
    held=_proposed,
    only=("finding", "follows", "why", "despite_assessment", "despite_change"),
    words={
        "finding": ("Finding", "As the advice that you follow has it."),
        "follows": ("Whose advice you follow", ""),
        "why": ("Why", "Needed where departments differ."),
        "despite_assessment": (
            "Why it holds although an assessment finds a clear risk",
            "Needed where a version that you cite finds one for a use that the goods have, or may have.",
        ),
        "despite_change": (
            "Why it holds although the application changed",
            "Needed where goods, ratings, parties, route or end use changed since an advice on this limb.",
        ),
    },
    choices=_follow_choices,
    boxes={
        "why": lambda: text_box(rows=2, limit=4_000),
        "despite_assessment": lambda: text_box(rows=2, limit=4_000),
        "despite_change": lambda: text_box(rows=2, limit=4_000),
    },
    shown=lambda row: {} if row.follows else {"finding": ""},
    read=_finding_read,
    fixed_by="finding",
)


def _propose_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    first: Values = dict(state(request, **parts))
    first["assessments"] = [c.version for c in before(request, **parts).cited]
    last = made(request, **parts).proposals[-1:]
    for row in last:
        said = row.proposal
        first |= {
            "outcome": said.outcome.value,
            "summary": said.summary,
            "refusal_limbs": list(said.refusal_limbs),
            "exemptions": list(said.exemptions),
            "provisos": said.provisos,
            "valid_until": said.valid_until,
        }
    return first


def _decide_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    first = dict(_propose_state(request, **parts))
    return {n: v for n, v in first.items() if n not in {"summary", "outcome", "assessments", "exemptions"}}


def _signature_form(plain: type[ActForm], _request: HttpRequest, **_parts: Any) -> type[ActForm]:
    box = forms.ChoiceField(
        label="What do you say to the proposal?",
        choices=[
            (Signature.ACCEPT.value, "I accept it"),
            (Signature.REJECT.value, "I reject it: it goes back to the case officer"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "is needed"},
    )
    return type("SignatureForm", (plain,), {"signature": box, "field_order": ["signature", "reasons"]})


def _late_form(plain: type[ActForm], _request: HttpRequest, **_parts: Any) -> type[ActForm]:
    box = forms.ChoiceField(
        label="What becomes of the appeal?",
        choices=[
            (LateAnswer.TAKE.value, "It is taken, although it is late"),
            (LateAnswer.DECLINE.value, "It is declined"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "is needed"},
    )
    return type("LateForm", (plain,), {"answer": box, "field_order": ["answer", "reasons"]})


def _deciders(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """People whose role decides appeals. Whoever took part is refused by the act, which knows."""
    able = {r.id for r in role_book().roles.values() if CaseworkPermission.DECIDE_APPEAL in r.may}
    viewer, cursor, found = actor_of_request(request), None, []
    while True:
        page = people.directory(viewer=viewer, cursor=cursor)
        found += [(p.id, p.title) for p in page.items if p.is_active and able & set(p.roles)]
        cursor = page.next_cursor
        if not cursor:
            return {"person": found}


def _appeal_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    return {**context(request, **parts), "made": made(request, **parts)}


def _notice_context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    found = made(request, **parts)
    if not found.decisions:
        raise AbsentError("nothing is decided yet", hint="look at the case")
    return {**context(request, **parts), "made": found, "decided": found.decisions[-1]}


def _notice_state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    decided = made(request, **parts).decisions[-1:]
    reasons = decided[0].decision.reasons if decided and decided[0].decision else ""
    return {**state(request, **parts), "reasons": reasons}


def _to_decision(_receipt: Any, **parts: Any) -> str:
    return reverse("case-tab", args=[parts["case"], "decision"])


_DECIDE = "casework/decide.html"
_MORE: Mapping[str, Any] = {"context": _context, "choices": _listed, "then": _to_decision}
ACTS: Mapping[str, tuple[str, Any, ActPage]] = {
    "case-countersign": (
        "countersign",
        actions.countersign_proposal,
        on_case(
            "Countersign the proposal", "Record what you say", _DECIDE, context=_context, form=_signature_form,
            then=_to_decision,
        ),
    ),
    "case-decide": (
        "decide",
        actions.decide_case,
        on_case("Decide the case", "Decide", _DECIDE, state=_decide_state, words=_DECIDING, **_MORE),
    ),
    "case-return": (
        "return",
        actions.return_proposal,
        on_case("Send the proposal back", "Send it back", _DECIDE, context=_context, then=_to_decision),
    ),
    "case-notice": (
        "notice",
        actions.issue_notice,
        on_case(
            "Issue the notice", "Issue it", "casework/issue_notice.html", context=_notice_context,
            state=_notice_state, then=lambda receipt, **_parts: reverse("notice", args=[receipt.result.added]),
        ),
    ),
    "case-appeal": (
        "appeal",
        actions.lodge_appeal,
        on_case(
            "Appeal against the refusal", "Lodge the appeal", "casework/appeal.html", context=_appeal_context,
            state=lambda _request, **_parts: {}, then=_to_decision,
            words={
                "arguments": ("What is new", "Arguments or information that the authority did not have."),
                "information": ("New information, piece by piece", "With commas between. It can be left empty."),
            },
        ),
    ),
    "case-late-appeal": (
        "appeal/late",
        actions.answer_late_appeal,
        on_case(
            "Answer a late appeal", "Record the answer", "casework/appeal.html", context=_appeal_context,
            form=_late_form, then=_to_decision,
        ),
    ),
    "case-assign-appeal": (
        "appeal/assign",
        actions.assign_appeal,
        on_case(
            "Assign the appeal", "Assign it", "casework/appeal.html", context=_appeal_context, choices=_deciders,
            then=_to_decision, words={"person": ("Who decides it", "Whoever took part in the case is refused.")},
        ),
    ),
}  # fmt: skip
"""Name of the route -> address below the case, act, page."""
ROWS: Mapping[str, tuple[str, Any, ActPage, Rows]] = {
    "case-propose": (
        "propose",
        actions.propose_outcome,
        on_case(
            "Propose an outcome",
            "Propose it",
            "casework/propose.html",
            state=_propose_state,
            words=_PROPOSING,
            **_MORE,
        ),
        FINDINGS,
    ),
    "case-decide-appeal": (
        "appeal/decide",
        actions.decide_appeal,
        on_case(
            "Decide the appeal", "Decide", "casework/propose.html", state=_decide_state, words=_DECIDING, **_MORE
        ),
        FINDINGS,
    ),
}


def decision_urls() -> list[URLPattern]:
    """The addresses of these forms."""
    return case_routes(ACTS, ROWS)
