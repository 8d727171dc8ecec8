"""What an act adds to a case: the value in each row of `models.Part`, up to the advice of the departments.

What is decided of a case is in `decision_parts`. Dates in the world are fields; when something was recorded stands
beside the row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from penholder.assessment.values import Finding, RiskView, UseView
from penholder.casework.values import (
    DepartmentId,
    Incorporated,
    ListKind,
    LongText,
    MatchVerdict,
    PartyRole,
    Place,
    PlaceMatch,
    Recommendation,
    RouteAct,
    RuleId,
    Text,
    Words,
)
from penholder.regime.end_users import NOT_STATED


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsLine:
    """One line of an application, as the exporter states it. `quantity` in `unit`, `value` in `currency`."""

    description: LongText
    quantity: Annotated[Decimal, Field(gt=0, max_digits=17, decimal_places=3)]
    unit: Annotated[str, Field(min_length=1, max_length=120)]
    value: Annotated[Decimal, Field(ge=0, max_digits=17, decimal_places=2)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    stated_ratings: Annotated[tuple[Words, ...], Field(max_length=20)] = ()
    """Control-list codes as the exporter sees them; the assessor's count."""
    incorporated: Incorporated = Incorporated.NOT_KNOWN
    programmes: Annotated[tuple[Words, ...], Field(max_length=20)] | None = None
    """Pools of supply to which the goods go. None: not stated; empty: stated that to none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaking:
    """An end-user undertaking: the signed file in the vault, and what it undertakes, each apart."""

    file: Annotated[str, Field(pattern=r"^UN-[0-9a-z]{26}\.[0-9a-f]{64}$")]
    """Handle of the file that was sent (`vault.staged`); the act keeps it."""
    signed_on: date
    signatory_position: Words
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "en"
    no_weapons_of_mass_destruction: bool = False
    no_re_export_without_consent: bool = False
    final_use_stated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party to a case: an organisation, never a private person. `state`: whose body it is, not where it is."""

    role: PartyRole
    name: Words
    place: Place
    """Where it is: ISO 3166-1 alpha-2, XA to XZ for invented states, or a name."""
    state: Annotated[str, Field(max_length=400)] = ""
    end_user_class: Annotated[str, Field(max_length=40)] = NOT_STATED
    undertaking: Undertaking | None = None
    no_undertaking_because: Annotated[str, Field(max_length=4_000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One stage of the route: to which place, to which party, and what happens there."""

    place: Place
    act: RouteAct
    party: Annotated[str, Field(max_length=400)] = ""
    """Name of a party of the application; empty where nobody is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryExport:
    """Why goods leave for a time only, under whose control they stay, and when they are back."""

    why: Text
    control: Text
    return_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUse:
    """What the exporter states of the end use. None: not answered."""

    intended: Annotated[str, Field(max_length=20_000)] = ""
    military: bool | None = None
    told_of_wmd: bool | None = None
    """Did the authority tell the exporter that the goods may serve weapons of mass destruction?"""
    suspects_wmd: bool | None = None
    security_approvals: Annotated[tuple[Words, ...], Field(max_length=20)] | None = None
    """Clearances to release classified information; empty: none is needed."""
    temporary: TemporaryExport | None = None
    harm_of_disclosure: Annotated[str, Field(max_length=4_000)] | None = None
    """What would harm the exporter if it became public; empty: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """All that an application says, at one version. What is missing of it: `policy.missing`."""

    licence_type: Annotated[str, Field(min_length=1, max_length=40)]
    title: Annotated[str, Field(min_length=3, max_length=200)]
    goods: Annotated[tuple[GoodsLine, ...], Field(max_length=200)] = ()
    parties: Annotated[tuple[Party, ...], Field(max_length=100)] = ()
    route: Annotated[tuple[Leg, ...], Field(max_length=30)] = ()
    end_use: EndUse = EndUse()
    declared: bool = False
    """The applicant declared this very version to be true and complete; any change takes it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Which version of the case was submitted."""

    application: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What somebody wrote beside an act; may be empty where the act needs no reasons."""

    text: Annotated[str, Field(max_length=20_000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the exporter is asked, and the last day for the answer."""

    text: LongText
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What the technical assessor says of one goods line. roles: of `regime.hints`; None: not stated.

    differs: why it is not what the exporter stated; needed then.
    """

    line: Annotated[int, Field(ge=1, le=200)]
    ratings: Annotated[tuple[Words, ...], Field(min_length=1, max_length=20)]
    summary: LongText
    """Public description: what it is and what for."""
    roles: Annotated[tuple[Words, ...], Field(max_length=20)] | None = None
    differs: Annotated[str, Field(max_length=4_000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSeen:
    """A list as it was when parties were screened against it."""

    party_list: str
    """Public id of the load (LS-…)."""
    name: Words
    kind: ListKind
    as_of: date
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """Parties of one version of the application against the lists that were in force."""

    application: int
    lists: tuple[ListSeen, ...]
    threshold: int
    """A name whose score is this or more is a possible match; 0 to 100."""
    parties: int
    compared: int
    """Pairs of a party and an entry."""
    kept: tuple[str, ...] = ()
    """Matches found before that were found again: their verdicts stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A party whose name resembles an entry of a list. The score explains itself and decides nothing."""

    party: Words
    role: PartyRole
    party_place: Place
    party_list: str
    list_name: Words
    entry: str
    """Key of the entry in its list."""
    spelling: Words
    """The spelling of the entry that came nearest."""
    score: int
    same_words: tuple[str, ...]
    near_words: tuple[tuple[str, str, int], ...]
    """(word of the party, word of the entry, how alike: 0 to 100)."""
    other_words: tuple[str, ...]
    """Of the party, without a counterpart."""
    entry_place: str
    place: PlaceMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person says of a match, and why."""

    verdict: MatchVerdict
    reasons: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Circulation:
    """Departments that are asked for advice, and by when."""

    departments: Annotated[tuple[DepartmentId, ...], Field(min_length=1, max_length=10)]
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LimbFinding:
    """One limb of the rule set, as one department finds it.

    How clear the risk is and how likely the use is are two judgements and stay two.
    """

    rule: RuleId
    finding: Finding
    risk: RiskView
    use: UseView
    grounds: LongText
    evidence: Annotated[tuple[Words, ...], Field(max_length=1_000)] = ()
    """Public ids of evidence, and of versions of assessments that may be cited."""
    gaps: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    """What is not known and would matter."""
    gap_reasons: Annotated[str, Field(max_length=4_000)] = ""
    """Why "no clear risk" holds although gaps are open: needed then, and countersigned."""
    cutoff: date | None = None
    """Last day whose events were looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What one department advises, at one version. It is never changed: a change is the next version."""

    department: DepartmentId
    number: int
    """Of the department on this case, from 1."""
    application: int
    """Version of the case whose application the adviser saw."""
    recommendation: Recommendation
    summary: LongText
    provisos: Annotated[str, Field(max_length=20_000)] = ""
    findings: tuple[LimbFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """The case goes on without the advice of a department, and why."""

    department: DepartmentId
    reasons: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DissentMark:
    """That somebody dissented, and from what. The text is in the vault alone; `digest` commits to it."""

    target: str
    digest: str
