"""Dated law as values: sets of criteria, their rules, licence types, control-list entries.

Text status: `verified` means that the wording was read in the named source; only that may be cited as law.
`unverified` guides a question and is shown with NOT_VERIFIED. `to_load` names a text that nobody has read here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from penholder.kernel.dates import Interval, PartialDate
from penholder.rules.expr import Expr, Fact, FactKind

NOT_VERIFIED = "text not verified against the official source"


class TextStatus(StrEnum):
    """How well we know the text."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    TO_LOAD = "to_load"

    @property
    def caution(self) -> str:
        """What must stand beside everything that cites the text; empty only for a verified one."""
        if self is TextStatus.VERIFIED:
            return ""
        return NOT_VERIFIED if self is TextStatus.UNVERIFIED else f"text not loaded; {NOT_VERIFIED}"


CONSEQUENCES = (
    "must_refuse", "special_caution", "weigh", "assess", "duty", "encourage", "context", "exemption",
)  # fmt: skip
THRESHOLDS = (
    "knowledge_at_authorisation", "overriding_risk", "clear_risk", "risk", "potential", "inconsistent",
    "violation", "overall_undermine", "none",
)  # fmt: skip
USE_MODALITIES = ("would", "might", "could", "likely", "n/a")
USE_LINKS = ("commit", "facilitate", "commission", "contribute", "provoke", "use", "divert")
FINDINGS = ("not_engaged", "no_clear_risk", "clear_risk", "insufficient_information")


@dataclass(frozen=True, slots=True)
class RuleObject:
    """What a rule is about. `is_concern`: a profile may name it."""

    id: str
    title: str
    is_concern: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One limb. Threshold (how clear is the risk?) and use_modality (how likely is the use?) are never merged."""

    id: str
    title: str
    limb: str
    valid: Interval
    known_from: date
    text_status: TextStatus
    consequence: str
    threshold: str
    use_modality: str
    use_link: tuple[str, ...]
    object: tuple[str, ...]
    source: str
    wording: str = ""
    """Quoted words, only as far as they were read."""
    verified_part: str = ""
    """What of an unverified text was read all the same."""
    pre_step: str = ""
    within: tuple[str, ...] = ()
    also_consider: tuple[str, ...] = ()
    mitigation_allowed: bool | None = None
    countervailing_interest_allowed: bool | None = None
    lead_adviser_role: str = ""
    findings: tuple[str, ...] = ()
    touched_when: Expr | None = field(default=None, compare=False)
    question: str = ""
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Regime:
    """A set of criteria in force from one day to another (end exclusive)."""

    id: str
    family: str
    title: str
    begins: PartialDate
    valid: Interval
    validity_status: TextStatus
    validity_source: str
    known_from: date
    text_status: TextStatus
    text_ref: str
    source: str
    rules: tuple[Rule, ...]
    where: str = field(default="", compare=False)

    def rule(self, limb: str) -> Rule | None:
        """The rule of that limb, for example `2c`."""
        return next((r for r in self.rules if r.limb == limb), None)


@dataclass(frozen=True, slots=True)
class LimbQuestion:
    """A limb that a line touches, as a question to ask. Never a finding, never a verdict.

    `certain` is False where a fact that decides whether the limb is touched is itself not known.
    """

    rule_id: str
    regime: str
    title: str
    question: str
    text_status: str
    source: str
    certain: bool = True
    because: tuple[str, ...] = ()
    caution: str = ""


@dataclass(frozen=True, slots=True)
class LicenceType:
    """A type of licence. `assumed_months`: validity where no expiry is stated; None: no figure is known."""

    id: str
    title: str
    code: str
    assumed_months: int | None
    stated_range: str
    is_licence: bool
    text_status: TextStatus
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ControlEntry:
    """A heading of a control list. `family`: any number may follow the code (PL5 holds PL5001)."""

    code: str
    title: str
    is_military: bool
    family: bool
    valid: Interval
    text_status: TextStatus
    source: str
    where: str = field(default="", compare=False)


def facts_of_rules(concerns: tuple[str, ...]) -> dict[str, Fact]:
    """The facts of a stocktake that rules may ask for."""
    listed = (
        Fact("use", FactKind.WORDS, "could | excluded | unknown", ("could", "excluded", "unknown")),
        Fact("route", FactKind.WORDS, "direct | onward", ("direct", "onward")),
        Fact("concern", FactKind.WORDS, "what the profile asks about", concerns),
        Fact("end_user_stated", FactKind.FLAG, "does the record name the end user?"),
        Fact("rating", FactKind.WORDS, "control-list codes of the line"),
    )
    return {fact.name: fact for fact in listed}
