"""What is said of an outcome before it is decided: consistency, whose advice it goes against, what it needs."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.actions.errors import InvalidError
from penholder.assessment.values import Finding, RiskView, UseView
from penholder.casework.decision_parts import AgainstAdvice, CitedVersion, Consolidated
from penholder.casework.dossier import Dossier, Held
from penholder.casework.machine import Department
from penholder.casework.notices.content import CitedRule, Notice, NoticeLine
from penholder.casework.notices.pdf import pdf_of
from penholder.casework.notices.sections import sections_of
from penholder.casework.parts import Advice, LimbFinding
from penholder.casework.policy import appeal, decision, proposal
from penholder.casework.policy.advice import limbs_of
from penholder.casework.policy.notice import check_notice, cited_rules
from penholder.casework.rule_set import version_of
from penholder.casework.signatures import second_rules
from penholder.casework.values import CaseStatus, NoticeKind, Outcome, PartKind, Recommendation
from penholder.regime.regimes import regime

DAY = date(2024, 4, 8)
LIMB = "uk-selc-2021/2c"
RULES = limbs_of(regime("uk-selc-2021"), on=DAY)
MANDATORY = [r for r, rule in RULES.items() if rule.consequence == decision.MANDATORY]
WEIGHED = [r for r in RULES if r not in MANDATORY]
FINDINGS = st.dictionaries(st.sampled_from(sorted(RULES)), st.sampled_from(Finding))
EXEMPTIONS = st.dictionaries(
    st.sampled_from(sorted(RULES)), st.lists(st.sampled_from(["EX-1", "EX-2"]), unique=True)
)
OUTCOMES = st.sampled_from(Outcome)


@given(outcome=OUTCOMES, findings=FINDINGS, exemptions=EXEMPTIONS)
def test_a_grant_is_inconsistent_exactly_where_a_mandatory_limb_at_clear_risk_has_no_exemption(
    outcome: Outcome, findings: dict[str, Finding], exemptions: dict[str, list[str]]
) -> None:
    said = decision.consistent(outcome, findings, RULES, exemptions)
    bare = {r for r in MANDATORY if findings.get(r) is Finding.CLEAR_RISK and not exemptions.get(r)}
    assert set(said.contradicted) == (bare if outcome is Outcome.GRANT else set())
    if outcome is Outcome.GRANT:
        assert said.is_consistent is not bool(bare)
    assert set(said.unanswered) == set(RULES) - set(findings)
    assert set(said.unanswered_mandatory) <= set(said.unanswered)


@given(
    findings=FINDINGS,
    exemptions=EXEMPTIONS,
    weighed=st.dictionaries(st.sampled_from(WEIGHED), st.sampled_from(Finding)),
)
def test_a_weighing_limb_never_unblocks_a_mandatory_one(
    findings: dict[str, Finding], exemptions: dict[str, list[str]], weighed: dict[str, Finding]
) -> None:
    before = decision.consistent(Outcome.GRANT, findings, RULES, exemptions)
    after = decision.consistent(Outcome.GRANT, findings | weighed, RULES, exemptions)
    assert (after.contradicted, after.is_consistent) == (before.contradicted, before.is_consistent)
    more = exemptions | {r: ["EX-9"] for r in WEIGHED}
    assert decision.consistent(Outcome.GRANT, findings, RULES, more).contradicted == before.contradicted


@given(findings=FINDINGS, exemptions=EXEMPTIONS)
def test_the_engine_never_says_which_outcome_it_should_be(
    findings: dict[str, Finding], exemptions: dict[str, list[str]]
) -> None:
    names = {f.name for f in fields(decision.Consistency)}
    assert not names & {"recommended", "advice", "verdict", "score", "should"}
    both = [decision.consistent(o, findings, RULES, exemptions) for o in Outcome]
    assert [b.outcome for b in both] == list(Outcome)
    assert both[0].met == both[1].met


@given(findings=FINDINGS)
def test_what_is_not_known_never_counts_as_no_risk(findings: dict[str, Finding]) -> None:
    said = decision.consistent(Outcome.GRANT, findings, RULES, {})
    unknown = {r for r in MANDATORY if findings.get(r) in {None, Finding.INSUFFICIENT_INFORMATION}}
    assert set(said.not_known) == unknown
    needed = decision.reasons_needed(Outcome.GRANT, consistency=said, against=(), cited=(), gates=())
    assert ("unknown_reasons" in needed) is bool(unknown)


def test_a_refusal_that_no_finding_carries_is_inconsistent() -> None:
    none = decision.consistent(Outcome.REFUSE, {LIMB: Finding.NO_CLEAR_RISK}, RULES, {})
    assert (none.is_consistent, none.said) == (
        False,
        "A refusal would contradict the findings: none of them is a clear risk or insufficient information.",
    )
    assert decision.consistent(Outcome.REFUSE, {LIMB: Finding.INSUFFICIENT_INFORMATION}, RULES, {}).is_consistent


def test_the_sentence_names_the_limb_and_what_it_needs() -> None:
    said = decision.consistent(Outcome.GRANT, {LIMB: Finding.CLEAR_RISK}, RULES, {}).said
    assert (
        said
        == f"A grant would contradict the finding clear risk on {LIMB}; it needs an exemption or a new finding."
    )


def advice(department: str, recommendation: Recommendation, *found: Finding) -> Held[Advice]:
    made = Advice(
        department=department,
        number=1,
        application=1,
        recommendation=recommendation,
        summary="Small.",
        findings=tuple(
            LimbFinding(
                rule=LIMB, finding=f, risk=RiskView.CLEAR, use=UseView.MIGHT, grounds="Reports of January."
            )
            for f in found
        ),
    )
    when = datetime(2024, 4, 8, tzinfo=UTC)
    return Held(5, 1, PartKind.ADVICE, f"AD-{department}", "", CaseStatus.FINAL_REVIEW, DAY, when, "r", made)


NAMED = {
    "foreign": Department("foreign", "Foreign affairs", "Foreign affairs", ("human_rights_ihl_adviser",)),
    "defence": Department("defence", "Defence", "Defence"),
}


@pytest.mark.parametrize(
    ("outcome", "recommendation", "found", "expected"),
    [
        (Outcome.GRANT, Recommendation.REFUSE, Finding.CLEAR_RISK, (LIMB,)),
        (Outcome.GRANT, Recommendation.APPROVE, Finding.NO_CLEAR_RISK, None),
        (Outcome.GRANT, Recommendation.NO_VIEW, Finding.CLEAR_RISK, (LIMB,)),
        (Outcome.REFUSE, Recommendation.APPROVE, Finding.NO_CLEAR_RISK, ()),
        (Outcome.REFUSE, Recommendation.REFUSE, Finding.CLEAR_RISK, None),
        (Outcome.REFUSE, Recommendation.NO_VIEW, Finding.NO_CLEAR_RISK, None),
    ],
)
def test_against_the_advice_of_the_lead(
    outcome: Outcome, recommendation: Recommendation, found: Finding, expected: tuple[str, ...] | None
) -> None:
    rows = [advice("foreign", recommendation, found)]
    against = decision.against_advice(outcome, rows, limbs=RULES, departments=NAMED)
    wanted = (
        ()
        if expected is None
        else (AgainstAdvice(department="foreign", advice="AD-foreign", is_lead=True, limbs=expected),)
    )
    assert against == wanted


def test_where_the_rules_name_no_lead_among_the_advisers_everybody_counts() -> None:
    rows = [advice("defence", Recommendation.REFUSE, Finding.CLEAR_RISK)]
    found = decision.against_advice(Outcome.GRANT, rows, limbs=RULES, departments=NAMED)
    assert [a.is_lead for a in found] == [True]
    both = [*rows, advice("foreign", Recommendation.APPROVE, Finding.NO_CLEAR_RISK)]
    found = decision.against_advice(Outcome.GRANT, both, limbs=RULES, departments=NAMED)
    assert [(a.department, a.is_lead) for a in found] == [("defence", False)]


@pytest.mark.parametrize(("days", "is_needed"), [(14, False), (15, True)])
def test_information_over_the_limit_needs_reasons(days: int, is_needed: bool) -> None:
    cited = CitedVersion(version="AV-1", assessment="AS-1", destination="XV", cutoff=DAY, days=days, limit=14)
    said = decision.consistent(Outcome.REFUSE, {LIMB: Finding.CLEAR_RISK}, RULES, {})
    needed = decision.reasons_needed(Outcome.REFUSE, consistency=said, against=(), cited=(cited,), gates=())
    assert (set(needed) == {"stale_reasons"}) is is_needed


def test_reasons_that_say_nothing_are_lacking() -> None:
    needed = {"against_reasons": "x", "gate_reasons": "y"}
    given_ = {"against_reasons": "n/a", "gate_reasons": "The answer is due in June."}
    assert set(decision.lacking(needed, given_)) == {"against_reasons"}


@pytest.mark.parametrize(
    ("ratings", "use", "expected"),
    [
        (("ML10",), "air_strike", True),
        (("ML6",), "air_strike", False),
        (("ML14",), "air_strike", None),
        (("9A001",), "air_strike", None),
        (("ML6", "ML10"), "air_strike", True),
        (None, "air_strike", None),
        ((), "air_strike", None),
    ],
)
def test_whether_goods_have_a_use_is_three_valued(
    ratings: tuple[str, ...] | None, use: str, expected: bool | None
) -> None:
    assert proposal.fits(ratings, use) is expected


def test_a_clear_risk_of_an_assessment_stands_where_no_department_found_anything() -> None:
    known = proposal.Assessed(version="AV-1", use_class="air_strike", limb=LIMB, fits=True)
    unknown = proposal.Assessed(version="AV-1", use_class="detention", limb="uk-selc-2021/2a", fits=None)
    found = proposal.accepted_findings((), advice=(), assessed=(known, unknown))
    assert found == {LIMB: Finding.CLEAR_RISK}
    taken = Consolidated(rule=LIMB, finding=Finding.NO_CLEAR_RISK, follows=("AD-foreign",))
    rows = [advice("foreign", Recommendation.APPROVE, Finding.NO_CLEAR_RISK)]
    assert proposal.accepted_findings((taken,), advice=rows, assessed=(known,)) == {LIMB: Finding.NO_CLEAR_RISK}


def test_a_second_signature_is_needed_by_the_table_and_where_something_is_not_known() -> None:
    facts: dict[str, object] = {
        "outcome": "grant",
        "mandatory_clear_risk": "no",
        "mandatory_not_known": "no",
        "match_not_decided": "no",
        "ratings": ("ML10",),
    }
    assert proposal.second_because(second_rules(), facts) == ()
    assert proposal.second_because(second_rules(), facts | {"mandatory_clear_risk": "yes"}) == ("exemption",)
    assert proposal.second_because(second_rules(), facts | {"mandatory_not_known": None}) == ("not_known",)
    refuse = facts | {"outcome": "refuse", "mandatory_not_known": "yes"}
    assert proposal.second_because(second_rules(), refuse) == ()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, "yes"),
        ({LIMB: Finding.INSUFFICIENT_INFORMATION}, "yes"),
        ({LIMB: Finding.NO_CLEAR_RISK}, "yes"),  # nobody found anything under the other
        ({LIMB: Finding.NO_CLEAR_RISK, "uk-selc-2021/1": Finding.INSUFFICIENT_INFORMATION}, "yes"),
        ({LIMB: Finding.NO_CLEAR_RISK, "uk-selc-2021/1": Finding.NOT_ENGAGED}, "no"),
        ({LIMB: Finding.CLEAR_RISK, "uk-selc-2021/1": Finding.NOT_ENGAGED}, "no"),
    ],
)
def test_a_mandatory_limb_that_nobody_addressed_is_as_little_known_as_one_of_insufficient_information(
    found: dict[str, Finding], expected: str
) -> None:
    facts = proposal.signature_facts(
        Dossier("AP-1", "O-1", ()), outcome=Outcome.GRANT, findings=found, mandatory=[LIMB, "uk-selc-2021/1"]
    )
    assert facts["mandatory_not_known"] == expected


def test_the_version_of_a_rule_set_changes_with_what_its_rules_say() -> None:
    old, new = version_of(regime("uk-cc-2014")), version_of(regime("uk-selc-2021"))
    assert old.startswith("uk-cc-2014@")
    assert old.partition("@")[2] != new.partition("@")[2]
    assert version_of(regime("uk-selc-2021")) == new


@pytest.mark.parametrize(
    ("limb", "expected"), [("uk-selc-2021/2c", "2"), ("uk-selc-2021/2-gbv", "2"), ("uk-selc-2021/OF", "OF")]
)
def test_the_criterion_of_a_limb(limb: str, expected: str) -> None:
    assert decision.criterion_of(limb) == expected


def notice(**changes: Any) -> Notice:
    given_: dict[str, Any] = {
        "id": "NO-1",
        "kind": NoticeKind.REFUSAL,
        "authority": "Licensing authority of Ardenia",
        "holder": "O-1",
        "holder_name": "Orrin Works",
        "subject": "AP-1",
        "decided_on": DAY,
        "issued_on": DAY,
        "reasons": "The parts could be used in strikes.",
        "rule_set": "uk-selc-2021@0123456789abcdef",
        "rules": cited_rules([LIMB, "uk-selc-2021/7"], RULES),
        "lines": (NoticeLine(number=1, goods="Pump parts", destination="XV"),),
    }
    return Notice(**given_ | changes)


def test_a_notice_cites_unverified_texts_as_such() -> None:
    assert [r.caution for r in notice().rules] == ["", "text not verified against the official source"]
    rules = next(s for s in sections_of(notice()) if s.heading == "Rules on which this rests")
    assert [row[2] for row in rules.rows] == [
        "text verified against the official source",
        "text not verified against the official source",
    ]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"reasons": " "}, "reasons"),
        ({"reasons": "See file."}, "reasons"),
        ({"kind": NoticeKind.SUSPENSION, "terms": ""}, "terms"),
        ({"rules": ()}, "rules"),
        ({"kind": NoticeKind.REVOCATION, "rules": ()}, "rules"),
    ],
)
def test_a_notice_without_reasons_terms_or_limbs_is_refused(changes: dict[str, Any], wrong: str) -> None:
    with pytest.raises(InvalidError) as refused:
        check_notice(notice(**changes))
    assert set(refused.value.fields) == {wrong}


# story: Notices (grant, refusal, suspension, revocation) … cannot be issued without reasons
@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("reasons", ["", " ", "n/a", "See file."])
def test_no_kind_of_notice_is_issued_without_reasons(kind: NoticeKind, reasons: str) -> None:
    whole = {"kind": kind, "terms": "Article 32: nothing may leave until it is lifted."}
    check_notice(notice(**whole))
    with pytest.raises(InvalidError) as refused:
        check_notice(notice(**whole, reasons=reasons))
    assert set(refused.value.fields) == {"reasons"}


# story: Notices (grant, refusal, suspension, revocation) as tagged PDF (typst)
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_of_notice_is_a_tagged_pdf_that_is_always_the_same(kind: NoticeKind) -> None:
    made = notice(kind=kind, terms="Article 32.", review_by=date(2024, 7, 1), appeal_by=date(2024, 5, 6))
    document = pdf_of(made)
    assert document == pdf_of(made)
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"/FontFile", b"pdfuaid:part", b"/Lang"):
        assert mark in document
    assert b"/JavaScript" not in document


def test_text_of_a_notice_is_text_and_nothing_else() -> None:
    tricky = 'Terms: *bold* #import "x" $ y <z> `q` \\ @rule [link] // not a comment'
    made = notice(reasons=tricky, rules=(CitedRule(id="a/1", title="#panic()", caution=""),))
    assert pdf_of(made).startswith(b"%PDF-")
    assert sections_of(made)[1].sentences == (tricky,)


def test_whoever_stands_in_for_somebody_who_took_part_is_kept_from_an_appeal() -> None:
    assert appeal.kept_from("P-1", {"P-2"}, {"P-2"})
    assert not appeal.kept_from("P-1", set(), {"P-2"})
