"""A report about invented states, for looking at and for tests."""

# ruff: noqa: E501 - one row of invented data per line reads best
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from penholder.analysis.report.data import (
    Boundary,
    Figure,
    IncidentPlace,
    Limb,
    LineRow,
    MonthRow,
    OutlierNote,
    OutlierRow,
    PathGroup,
    PlaceRow,
    ProfileAnswer,
    ReportData,
    RuleText,
    SourceOf,
    Statement,
    UnknownRow,
)
from penholder.analysis.report.result import Citation
from penholder.analysis.sample.states import invented_states

HOSTILE = "<script>alert(1)</script> & \"quotes\" 'x' \u202e\x00"
STATES = invented_states()


def lines(start: int, number: int, *, description: str = "components for combat aircraft") -> tuple[LineRow, ...]:
    """Lines with exact, different values; line k is `L{k}:1`."""
    return tuple(
        LineRow(
            line=f"L{k}:1",
            licence=f"L{k}",
            decided_on=date(2021, 1, 15) + timedelta(days=11 * (k % 120)),
            rating="ML10",
            description=description,
            destination=STATES[k % 6].name,
            onward="Tarsis, Velmora" if k % 9 == 0 else "",
            value=Decimal(1000 + k) if k % 7 else None,
            currency="GBP" if k % 7 else "",
            route="onward" if k % 9 == 0 else "direct",
            basis="finding" if k % 15 == 0 else "hint",
            decided_precision="month" if k % 11 == 0 else "day",
            flags=("assumed validity",) if k % 3 == 0 else (),
            attributed=k % 13,
            unattributed=k % 5,
            means_not_stated=k % 2,
        )
        for k in range(start, start + number)
    )


def report(*, many: int = 96) -> ReportData:
    """A page with everything on it; `many` lines in the first group."""
    groups = (
        PathGroup("ML10 components for combat aircraft > aircraft > air strike", "hint", "B2", many, Decimal("21000000.50"), "GBP", lines(1, many), ("hint row 10",)),
        PathGroup("ML4 bombs, missiles > munition > air strike", "hint", "B3", 41, Decimal(9_200_000), "GBP", lines(1000, 41, description=HOSTILE), ("hint row 4", "edge E-17: https://example.org/components")),
    )  # fmt: skip
    fills = ((96, 12, 40), (41, 3, 0), (4, 0, 0), (0, 30, 12), (0, 0, 55), (1200, 0, 0), (0, 0, 0))
    places = tuple(
        PlaceRow(s.code, s.name, c, u, x, Decimal(c * 1000) if c else None, "GBP")
        for s, (c, u, x) in zip(STATES[4:11], fills, strict=True)
    )
    others = (
        PlaceRow(STATES[16].code, STATES[16].name, 0, 0, 0, withheld=4),
        PlaceRow("Outer shelf", "Outer shelf", 0, 7, 0, kind="non_country"),
        PlaceRow("Atlantea", "Atlantea", 0, 1, 0, kind="unrecognised"),
    )
    return ReportData(
        title="Northern campaign of Ardenia",
        question="Which licence lines could have been used in the northern campaign of Ardenia, where, by which path, and what is not known?",
        subtitle="In force on 2 September 2024, as known today",
        scope_sentence="Counted: lines of licences in force on 2 September 2024. Licensed; delivery and use not shown in these data.",
        figures=(
            Figure("Lines in force", "1,942", "412 of them by assumed validity", "#places"),
            Figure("Could have been used", "214", "GBP 38.1 m, 31 licences; direct 171, onward 43", "#lines"),
            Figure("Unknown", "377", "GBP 12.4 m", "#unknown"),
            Figure("Excluded", "1,351", "no such means 1,102, stated civil end user 249", "#places"),
            Figure("Reported incidents", "1,204", "attributed 702, unattributed 391, means not stated 111", "#timeline"),
        ),
        unknowns=(
            UnknownRow("rating_has_no_role", "The rating has no role in the hints, so nothing can be said of its means", 201, Decimal(8_000_000), "GBP"),
            UnknownRow("end_user_not_stated", "Dual-use goods whose end user is not stated", 150, Decimal(4_400_000), "GBP"),
            UnknownRow("pooled_supply", "Goods go to a pool or to stock: the final user is open", 26, None, ""),
            UnknownRow("operators_not_complete", "The list of operators is not complete", 0),
        ),
        places=places + others,
        incident_places=(
            *(
                IncidentPlace(f"District {k}, {s.name}", s.latitude + k / 9, s.longitude - k / 7, (k * 37) % 90 + 1)
                for k, s in enumerate(STATES[7:13])
            ),
            IncidentPlace("District without coordinates", None, None, 12),
        ),
        timeline=tuple(
            MonthRow(f"{2021 + k // 12}-{k % 12 + 1:02d}", (k * 7) % 11, (k * 13) % 40, (k * 5) % 17, k % 4) for k in range(44)
        ),
        paths=groups,
        limbs=(
            Limb("2c", "uk-selc-2021", "International humanitarian law", "Is there a clear risk that the items might be used to commit or facilitate a serious violation of international humanitarian law?", "verified", "https://example.org/criteria"),
            Limb("7.1(b)(i)", "att", "Export assessment", "Could the items be used to commit or facilitate a serious violation of international humanitarian law?", "unverified", "Arms Trade Treaty, article 7"),
        ),
        method=(
            "A line counts as could have been used if its destination operates forces of a party, its goods can reach a means that the party used, and its end user is not excluded.",
            "Each of the three is yes, no or unknown; unknown is never rounded to no.",
            "Reported incidents are counted beside the answer. They never decide it.",
        ),
        rule_texts=(
            RuleText("uk-selc-2021 2c", "Criterion two, limb c", "Not grant a licence if it determines there is a clear risk …", "verified", "https://example.org/criteria"),
            RuleText("att 7", "Article 7", "", "to_load", "Arms Trade Treaty"),
        ),
        notices=("Expiry is not stated for 412 lines; 24 months are assumed for standard permanent licences.",),
        citation=Citation("licence lines in force on 2024-09-02, by use", "9f3c" * 16, on="2024-09-02", known="2024-11-22T10:14:05Z", profile="77ab" * 16, rules="0102" * 16, attribution=("Invented data, no rights reserved",)),
        boundaries=tuple(Boundary(s.code, s.name, s.boundary, "invented for this sample") for s in STATES),
        outlier=OutlierNote(
            "One line stands out", "51396:1 (GBP 23.2 m, 61% of the value that could have been used).", "Without this line",
            (Figure("Could have been used", "213", "GBP 14.9 m"),),
            (OutlierRow("51396:1", "could", "Ardenia", Decimal(23_200_000), "GBP", "61% of the value that could have been used"),),
        ),
        profile=(
            ProfileAnswer("Whose forces acted, and which states operate them?", (
                Statement("Air force: operated by Ardenia from 1 March 2021", SourceOf("Invented letter", "A1", "2021-03", "https://example.org/letter")),
                Statement("Air force: no source says that this list of states is complete", gap="lines to all other states stay unknown"),
                Statement(f"{HOSTILE} force: operated by nobody", SourceOf(HOSTILE, "C2", "", HOSTILE)),
            )),
            ProfileAnswer("When?", (Statement("From 1 March 2021; no end stated"),)),
        ),
        territory=(STATES[7].code,),
        command="penholder stocktake trial/ --profile profiles/northern-campaign.yaml --on 2024-09-02 -o report.html",
    )  # fmt: skip
