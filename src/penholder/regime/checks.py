"""Is the dated law whole? Overlaps, gaps, unsourced values, claims beyond what was read, rules without a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from penholder.regime.cases import Case, cases, disagreements, limbs_without_case
from penholder.regime.control_lists import entries, folded
from penholder.regime.licence_types import licence_types
from penholder.regime.regimes import families, regimes
from penholder.regime.types import ControlEntry, LicenceType, Regime, Rule, TextStatus
from penholder.rules.dated import Dated, gaps, overlaps

_FROM_MEMORY = "professional knowledge"


class Kind(StrEnum):
    """What is wrong."""

    OVERLAP = "overlap"
    GAP = "gap"
    UNSOURCED = "unsourced"
    OVERCLAIMED = "overclaimed"
    DANGLING = "dangling"
    NO_CASE = "no_case"
    CASE_FAILS = "case_fails"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend, and where."""

    kind: Kind
    subject: str
    message: str
    where: str = ""


def check_all() -> tuple[Remark, ...]:
    """Check everything that ships."""
    return (
        *check_regimes(regimes(), cases()),
        *check_licence_types(licence_types().values()),
        *check_entries(entries()),
    )


def check_regimes(found: Sequence[Regime], given: Sequence[Case]) -> tuple[Remark, ...]:
    """Remarks on sets of criteria and their cases."""
    remarks: list[Remark] = []
    for family in dict.fromkeys(r.family for r in found):
        remarks += _family(family, [r for r in found if r.family == family])
    known = {rule.id for r in found for rule in r.rules}
    for regime in found:
        remarks += _regime(regime)
        remarks += _limbs(regime, known)
        remarks += _without_case(regime, given)
    remarks += _cases(found, given)
    return tuple(remarks)


def _family(family: str, sets: Sequence[Regime]) -> Iterator[Remark]:
    dated = [Dated(r.id, r.valid, source=r.where) for r in sets]
    for first, second in overlaps(dated):
        message = f"{first.value} and {second.value} are both in force on some day"
        yield Remark(Kind.OVERLAP, family, message, second.source)
    for gap in gaps([r.valid for r in sets]):
        yield Remark(Kind.GAP, family, f"no set is in force from {gap.start} to before {gap.end}")


def _regime(regime: Regime) -> Iterator[Remark]:
    for key in ("source", "validity_source", "text_ref"):
        if not getattr(regime, key):
            yield Remark(Kind.UNSOURCED, regime.id, f"{key} is not given", regime.where)
    worse = [r.id for r in regime.rules if r.text_status is not TextStatus.VERIFIED]
    if regime.text_status is TextStatus.VERIFIED and worse:
        yield Remark(Kind.OVERCLAIMED, regime.id, f"verified, but {worse[0]} is not", regime.where)
    yield from _from_memory(regime.id, regime.validity_status, regime.validity_source, regime.where)


def _limbs(regime: Regime, known: set[str]) -> Iterator[Remark]:
    rules = [Dated(r, r.valid, r.known_from, r.where) for r in regime.rules]
    for first, second in overlaps(rules):
        if first.value.limb == second.value.limb:
            message = f"limb {first.value.limb} is given twice for the same days"
            yield Remark(Kind.OVERLAP, regime.id, message, second.source)
    for rule in regime.rules:
        yield from _rule(rule, regime, known)


def _rule(rule: Rule, regime: Regime, known: set[str]) -> Iterator[Remark]:
    if not rule.source:
        yield Remark(Kind.UNSOURCED, rule.id, "source is not given", rule.where)
    yield from _from_memory(rule.id, rule.text_status, rule.source, rule.where)
    if rule.wording and rule.text_status is not TextStatus.VERIFIED and not rule.verified_part:
        yield Remark(Kind.OVERCLAIMED, rule.id, "quotes a wording that nobody has verified", rule.where)
    if not regime.valid.overlaps(rule.valid):
        yield Remark(Kind.DANGLING, rule.id, f"is never valid while {regime.id} is in force", rule.where)
    referred = (*rule.within, *rule.also_consider, *([rule.pre_step] if "/" in rule.pre_step else []))
    for other in referred:
        if other not in known:
            yield Remark(Kind.DANGLING, rule.id, f"names the rule {other!r}, which does not exist", rule.where)


def _from_memory(subject: str, status: TextStatus, source: str, where: str) -> Iterator[Remark]:
    """What is known by heart is never called verified."""
    if status is TextStatus.VERIFIED and (not source or source.startswith(_FROM_MEMORY)):
        yield Remark(Kind.OVERCLAIMED, subject, "called verified, without a source that was read", where)


def _without_case(regime: Regime, given: Sequence[Case]) -> Iterator[Remark]:
    for rule in limbs_without_case(regime, given):
        asked = "touches" if rule.touched_when else "states"
        yield Remark(Kind.NO_CASE, rule.id, f"no case {asked} it", rule.where)


def _cases(found: Sequence[Regime], given: Sequence[Case]) -> Iterator[Remark]:
    by_id = {r.id: r for r in found}
    for case in given:
        subject = f"{case.regime}: {case.id}"
        if not case.source:
            yield Remark(Kind.UNSOURCED, subject, "the case has no source", case.where)
        if case.regime not in by_id:
            yield Remark(Kind.DANGLING, subject, f"there is no regime {case.regime!r}", case.where)
            continue
        for sentence in disagreements(case, by_id[case.regime]):
            yield Remark(Kind.CASE_FAILS, subject, sentence, case.where)


def check_licence_types(types: Iterable[LicenceType]) -> tuple[Remark, ...]:
    """Remarks on licence types."""
    remarks: list[Remark] = []
    for kind in types:
        if not kind.source:
            remarks.append(Remark(Kind.UNSOURCED, kind.id, "source of the licence type is not given"))
        remarks += _from_memory(kind.id, kind.text_status, kind.source, "")
        if kind.assumed_months is not None and kind.text_status is not TextStatus.VERIFIED:
            remarks.append(Remark(Kind.OVERCLAIMED, kind.id, "a validity is assumed from an unverified text"))
    return tuple(remarks)


def check_entries(found: Sequence[ControlEntry]) -> tuple[Remark, ...]:
    """Remarks on control-list entries."""
    remarks = [Remark(Kind.UNSOURCED, e.code, "source is not given", e.where) for e in found if not e.source]
    by_code: dict[str, list[Dated[ControlEntry]]] = {}
    for item in found:
        by_code.setdefault(folded(item.code), []).append(Dated(item, item.valid, source=item.where))
    for versions in by_code.values():
        for _, second in overlaps(versions):
            message = "two headings hold on the same day"
            remarks.append(Remark(Kind.OVERLAP, second.value.code, message, second.source))
    return tuple(remarks)


def scope() -> str:
    """What `check_all` looked at, in one line."""
    rules = sum(len(r.rules) for r in regimes())
    return (
        f"{len(regimes())} sets of criteria in {len(families())} families, {rules} rules, {len(cases())} cases, "
        f"{len(licence_types())} licence types, {len(entries())} control-list entries"
    )
