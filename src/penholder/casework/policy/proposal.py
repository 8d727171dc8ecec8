"""What a proposal must say: every limb that was advised on, what it follows, and how many people sign it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from penholder.actions.words import says_nothing
from penholder.assessment.values import Finding
from penholder.casework.decision_parts import Consolidated
from penholder.casework.dossier import Dossier, Held
from penholder.casework.parts import Advice, LimbFinding
from penholder.casework.policy.difference import silent_before_change
from penholder.casework.policy.readiness import Open, open_before_departments
from penholder.casework.values import MatchVerdict, Outcome
from penholder.regime.hints import hint_for
from penholder.rules.explain import explain
from penholder.rules.expr import NO, YES, Expr
from penholder.rules.records import did_you_mean

SUPPORTS_REFUSAL = frozenset({Finding.CLEAR_RISK, Finding.INSUFFICIENT_INFORMATION})
_NOT_KNOWN = frozenset({None, Finding.INSUFFICIENT_INFORMATION})
"""Of a limb that nobody addressed as little is known as of one under which the information is insufficient."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A clear risk that a version of an assessment found under a limb, for one class of use.

    fits: do the goods have that use? None: not known, which is not a no.
    """

    version: str
    use_class: str
    limb: str
    fits: bool | None


@dataclass(frozen=True, slots=True)
class SecondRule:
    """When a proposal needs a second countersignature."""

    id: str
    title: str
    when: Expr


def open_before_proposal(dossier: Dossier, *, lists: tuple[str, ...]) -> tuple[Open, ...]:
    """What must be done before an outcome is proposed. lists: ids of the loads of lists that are in force."""
    found = list(open_before_departments(dossier, lists=lists))
    left = len(dossier.open_questions)
    if left:
        said = "a question to the exporter is open" if left == 1 else f"{left} questions to the exporter are open"
        found.append(Open("questions", said))
    if dossier.awaited:
        waited = ", ".join(dossier.awaited)
        found.append(Open("advice", f"no advice of {waited}: wait, or waive it with reasons"))
    for department, changed in silent_before_change(dossier).items():
        said = f"{' and '.join(changed)} changed since {department.replace('_', ' ')} advised and found nothing"
        found.append(Open(f"advice.{department}", f"{said}: let it advise again, or waive it with reasons"))
    return tuple(found)


def fits(ratings: Sequence[str] | None, use_class: str) -> bool | None:
    """Do goods of these ratings have a use? By the capability hints; None: not known."""
    answers = [_fits(code, use_class) for code in ratings or ()]
    if True in answers:
        return True
    return None if not answers or None in answers else False


def _fits(code: str, use_class: str) -> bool | None:
    hint = hint_for(code)
    if hint is None or hint.silent:
        return None
    if use_class in hint.means:
        return None if hint.by_end_user else True
    return False if hint.exhaustive else None


def found_by(advice: Iterable[Held[Advice]], rule: str) -> dict[str, LimbFinding]:
    """Id of the advice -> what it finds under a limb."""
    return {row.id: f for row in advice for f in row.value.findings if f.rule == rule}


def wrong_with_findings(
    findings: Sequence[Consolidated],
    *,
    advice: Collection[Held[Advice]],
    limbs: Collection[str],
    assessed: Collection[Assessed],
    changed: Mapping[str, Sequence[str]],
) -> dict[str, str]:
    """What does not hold together in the consolidated findings, by field; empty: nothing.

    Args: advice: the newest of each department. limbs: ids of those in force. changed: id of an advice -> what of
    that on which it stands is another since.
    """
    wrong: dict[str, str] = {}
    rules = [f.rule for f in findings]
    for number, one in enumerate(findings):
        found = _wrong_with(one, advice=advice, limbs=limbs, assessed=assessed)
        for name, words in (found | _older_than_change(one, advice, changed)).items():
            wrong[f"findings.{number}.{name}"] = words
        if rules.index(one.rule) != number:
            wrong[f"findings.{number}.rule"] = "is given twice"
    advised = dict.fromkeys(f.rule for row in advice for f in row.value.findings if f.rule in limbs)
    left = [r for r in advised if r not in rules]
    if left:
        wrong["findings"] = f"departments found something under {', '.join(left)}: take it over, too"
    return wrong


def _wrong_with(
    one: Consolidated,
    *,
    advice: Collection[Held[Advice]],
    limbs: Collection[str],
    assessed: Collection[Assessed],
) -> dict[str, str]:
    found = found_by(advice, one.rule)
    wrong: dict[str, str] = {}
    if one.rule not in limbs:
        return {"rule": f"is no limb of the rule set in force{did_you_mean(one.rule, limbs)}"}
    strange = [a for a in one.follows if a not in found]
    other = [a for a in one.follows if a in found and found[a].finding is not one.finding]
    if strange:
        wrong["follows"] = f"{strange[0]} is not the newest advice of a department that found something here"
    elif other:
        wrong["finding"] = f"{other[0]} finds {found[other[0]].finding}: a finding is taken over as it stands"
    if len({f.finding for f in found.values()}) > 1 and says_nothing(one.why):
        wrong["why"] = "departments differ here: write whose advice you follow, and why"
    grave = {a.version for a in assessed if a.limb == one.rule and a.fits is not False}
    if grave and one.finding is not Finding.CLEAR_RISK and says_nothing(one.despite_assessment):
        wrong["despite_assessment"] = (
            f"{', '.join(sorted(grave))} finds a clear risk for a use that the goods have, or may have: write why "
            f"“{str(one.finding).replace('_', ' ')}” holds all the same"
        )
    return wrong


def _older_than_change(
    one: Consolidated, advice: Iterable[Held[Advice]], changed: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """What a department found on goods, parties or a route that are others now counts by reasons alone.

    Followed or not: one that is not followed might find something else, too.
    """
    older: dict[str, list[str]] = {}
    for row in advice:
        if changed.get(row.id) and any(f.rule == one.rule for f in row.value.findings):
            older.setdefault(" and ".join(changed[row.id]), []).append(row.value.department.replace("_", " "))
    if not older or not says_nothing(one.despite_change):
        return {}
    said = "; ".join(f"{parts} changed since {' and '.join(who)} advised" for parts, who in older.items())
    return {"despite_change": f"{said}: let who advised do so again, or write why it holds all the same"}


def wrong_with_outcome(
    outcome: Outcome,
    *,
    findings: Mapping[str, Finding],
    refusal_limbs: Sequence[str],
    valid_until: date | None,
    today: date,
) -> dict[str, str]:
    """What does not hold together in an outcome, by field. A refusal rests on limbs; a grant ends on some day."""
    wrong: dict[str, str] = {}
    if outcome is Outcome.GRANT:
        if refusal_limbs:
            wrong["refusal_limbs"] = "is for refusals"
        if valid_until is None:
            wrong["valid_until"] = "is needed: the first day on which the licence is no longer valid"
        elif valid_until <= today:
            wrong["valid_until"] = "must be after today"
        return wrong
    if valid_until is not None:
        wrong["valid_until"] = "is for grants"
    weak = [r for r in refusal_limbs if findings.get(r) not in SUPPORTS_REFUSAL]
    if not refusal_limbs:
        wrong["refusal_limbs"] = "is needed: a refusal rests on at least one limb"
    elif weak:
        said = findings.get(weak[0])
        wrong["refusal_limbs"] = f"{weak[0]} cannot carry a refusal: it is {said or 'not answered'}"
    return wrong


def accepted_findings(
    findings: Iterable[Consolidated], *, advice: Iterable[Held[Advice]], assessed: Iterable[Assessed]
) -> dict[str, Finding]:
    """Limb -> the finding that counts: the consolidated one, and where no department found anything, a clear risk
    of an accepted assessment for a use that the goods are known to have."""
    advised = {f.rule for row in advice for f in row.value.findings}
    stands = {a.limb: Finding.CLEAR_RISK for a in assessed if a.fits is True and a.limb not in advised}
    return stands | {f.rule: f.finding for f in findings}


def signature_facts(
    dossier: Dossier, *, outcome: Outcome, findings: Mapping[str, Finding], mandatory: Collection[str]
) -> dict[str, object]:
    """What the table of second signatures may ask for."""
    open_matches = [v for _, v in dossier.matches if v is None or v.value.verdict is MatchVerdict.CANNOT_SAY]
    ratings = tuple(dict.fromkeys(c for r in dossier.ratings.values() for c in r.value.ratings))
    clear = any(findings.get(r) is Finding.CLEAR_RISK for r in mandatory)
    unknown = any(findings.get(r) in _NOT_KNOWN for r in mandatory)
    return {
        "outcome": outcome.value,
        "mandatory_clear_risk": YES if clear else NO,
        "mandatory_not_known": YES if unknown else NO,
        "match_not_decided": YES if open_matches else NO,
        "ratings": ratings or None,
    }


def second_because(rules: Iterable[SecondRule], facts: Mapping[str, object]) -> tuple[str, ...]:
    """Ids of the rules by which a second countersignature is needed; what is not known counts as needed."""
    return tuple(r.id for r in rules if explain(r.when, facts).truth is not False)
