"""What the full HTML report is made from: plain values, no data frames, so that any command can fill it.

Counts are numbers of licence lines unless a field says otherwise. Values are Decimals in `currency` and may be
None (not stated, or in several currencies). Lists may be empty; an empty list gives a sentence, never a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from penholder.analysis.report.result import Citation


@dataclass(frozen=True, slots=True)
class Figure:
    """One large figure at the top of the page."""

    label: str
    value: str
    """As it is read: `1,942` or `GBP 38.1 m`."""
    note: str = ""
    href: str = ""
    """Anchor of the rows that it counts: `#lines`, `#unknown`, `#places`, `#timeline`; empty: no link."""


@dataclass(frozen=True, slots=True)
class UnknownRow:
    """One cause of not knowing: every unknown line stands under exactly one."""

    code: str
    words: str
    lines: int
    value: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place: lines that could have been used by way of it, that may have been, and excluded ones of it."""

    code: str
    """ISO alpha-2, or the code of an invented state, or the published name where it is not a country."""
    name: str
    could: int
    unknown: int
    excluded: int
    value: Decimal | None = None
    """Value of its lines that could have been used."""
    currency: str = ""
    kind: str = "country"
    """country | non_country | unrecognised | not_stated."""
    withheld: int = 0
    """Lines of which the publisher withheld what is needed."""


@dataclass(frozen=True, slots=True)
class IncidentPlace:
    """Reported incidents at one named place. Without coordinates they stand in the table only."""

    label: str
    latitude: float | None
    longitude: float | None
    count: int


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month: lines decided in it that could have been used, and incidents reported to begin in it."""

    month: str
    """YYYY-MM."""
    decided_could: int
    attributed: int
    unattributed: int
    means_not_stated: int


@dataclass(frozen=True, slots=True)
class LineRow:
    """One licence line that could have been used."""

    line: str
    licence: str
    decided_on: date
    rating: str
    description: str
    destination: str
    """Name of the stated destination."""
    onward: str = ""
    """Names of the final destinations, in words; empty: none stated."""
    value: Decimal | None = None
    currency: str = ""
    route: str = "direct"
    basis: str = "hint"
    decided_precision: str = "day"
    flags: tuple[str, ...] = ()
    """Words: `assumed validity`, `end user not stated`, `suspended`, ..."""
    attributed: int = 0
    unattributed: int = 0
    means_not_stated: int = 0


@dataclass(frozen=True, slots=True)
class PathGroup:
    """Lines that share their best path. `rows` may hold all of them; the page caps what it shows."""

    title: str
    """`ML10 components for combat aircraft > aircraft > air strike`."""
    basis: str
    grade: str
    lines: int
    value: Decimal | None
    currency: str
    rows: tuple[LineRow, ...]
    sources: tuple[str, ...] = ()
    """`hint row 10`, or the citation of each edge."""


@dataclass(frozen=True, slots=True)
class Limb:
    """A question that the answer raises under a rule. Never a verdict."""

    rule_id: str
    regime: str
    title: str
    question: str
    text_status: str
    """verified | unverified | to_load. Only verified text may be cited as law."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class RuleText:
    """The text of a rule and whether it was checked against its source."""

    rule_id: str
    title: str
    text: str
    text_status: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class OutlierRow:
    """One line that outweighs everything beside it."""

    line: str
    use: str
    """could | unknown | excluded."""
    destination: str
    """Name of the stated destination."""
    value: Decimal
    currency: str
    share: str
    """`22% of the value that could have been used`, `61% of Ardenia`."""


@dataclass(frozen=True, slots=True)
class OutlierNote:
    """Lines that outweigh everything beside them, and the figures of the other way of counting."""

    title: str
    """`One line stands out`."""
    words: str
    beside: str
    """`Without this line`, or `With these 3 lines` where the page leaves them out."""
    figures: tuple[Figure, ...]
    rows: tuple[OutlierRow, ...]
    weighty: bool = True
    """Do they change what could have been used? Then they get a box; else a note."""


@dataclass(frozen=True, slots=True)
class SourceOf:
    """A source that statements of the profile rest on."""

    title: str
    grade: str
    dated: str = ""
    """YYYY, YYYY-MM or YYYY-MM-DD; empty: not given."""
    ref: str = ""
    """Address or reference; empty: not given."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the profile says. Without a source it is a frame (the period) or an open point."""

    words: str
    source: SourceOf | None = None
    gap: str = ""
    """What it makes unknown, where it is an open point."""


@dataclass(frozen=True, slots=True)
class ProfileAnswer:
    """What the profile says to one question."""

    question: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Boundary:
    """Boundary of a place that the data folder brings itself."""

    code: str
    name: str
    geojson: str
    """GeoJSON geometry (Polygon or MultiPolygon), WGS 84."""
    source: str


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything on the page, in its order."""

    title: str
    question: str
    """The question in words."""
    subtitle: str
    """`In force on 2 September 2024, as known today`."""
    scope_sentence: str
    """What was counted, in one sentence; says "licensed; delivery and use not shown" where that is so."""
    figures: tuple[Figure, ...]
    """Five."""
    unknowns: tuple[UnknownRow, ...]
    places: tuple[PlaceRow, ...]
    incident_places: tuple[IncidentPlace, ...]
    timeline: tuple[MonthRow, ...]
    paths: tuple[PathGroup, ...]
    limbs: tuple[Limb, ...]
    method: tuple[str, ...]
    rule_texts: tuple[RuleText, ...]
    notices: tuple[str, ...]
    citation: Citation
    boundaries: tuple[Boundary, ...] = ()
    outlier: OutlierNote | None = None
    profile: tuple[ProfileAnswer, ...] = ()
    """The operation profile in words, question by question."""
    territory: tuple[str, ...] = ()
    """Codes of the places where the operations of the profile happened; outlined on the map."""
    command: str = ""
    """The command that makes this page again."""
