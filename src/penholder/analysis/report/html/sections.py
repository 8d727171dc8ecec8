"""The sections that are words: figures and notices, what is not known, questions, method, citation."""

from __future__ import annotations

from penholder.analysis.report.data import Figure, Limb, ReportData, RuleText, UnknownRow
from penholder.analysis.report.html.elements import Child, Markup, count, dated, day_of_text, link, money, tag
from penholder.analysis.report.html.tables import Head, Row, disclosure, table
from penholder.analysis.report.result import Citation

_STATUS = {
    "verified": "text checked against its source",
    "unverified": "text not checked against its source: do not cite as law",
    "to_load": "text still to be loaded: do not cite as law",
}


def figures(data: ReportData) -> Markup:
    """The large figures in a row, each a link to what it counts; then the scope, and what to know beside them."""
    return tag(
        "section",
        tag("h2", "The answer", class_="visually-hidden", id="figures-title"),
        figure_list(data.figures),
        tag("p", data.scope_sentence, class_="scope") if data.scope_sentence else None,
        tag("ul", [tag("li", dated(n)) for n in data.notices], class_="notices") if data.notices else None,
        aria_labelledby="figures-title",
    )


def figure_list(found: tuple[Figure, ...]) -> Markup:
    """Figures in a row."""
    items = [
        tag(
            "div",
            tag("dt", f.label),
            tag("dd", link(f.value, f.href), class_="value"),
            tag("dd", f.note, class_="note") if f.note else None,
        )
        for f in found
    ]
    return tag("dl", items, class_="figures")


def unknowns(data: ReportData) -> Markup:
    """The box directly under the figures: every cause of not knowing, with its lines."""
    total = sum(u.lines for u in data.unknowns)
    if total:
        body: Child = table(
            "Unknown lines by their first open cause; each line is counted once",
            [Head("Cause"), Head("Lines", number=True), Head("Value", number=True)],
            [_unknown(u) for u in sorted(data.unknowns, key=lambda u: -u.lines) if u.lines],
        )
        how = tag(
            "p",
            "These lines are neither counted as could have been used nor as excluded. To see them: ",
            tag("code", "-o lines.csv"),
            ", column ",
            tag("code", "because"),
            ". To have them answered: ",
            tag("code", "penholder questions"),
            ".",
        )
    else:
        body, how = tag("p", "Every line in scope could be answered with the data at hand."), tag("p")
    return tag(
        "section",
        tag("h2", "What is not known", id="unknown"),
        body,
        how if total else None,
        aria_labelledby="unknown",
        class_="box",
    )


def _unknown(row: UnknownRow) -> Row:
    words = [row.words, " ", tag("code", row.code)]
    return Row([words, count(row.lines), money(row.value, row.currency)], id=f"unknown-{row.code}")


def limbs(data: ReportData) -> Markup:
    """Limbs of the rules that the answer touches, as questions. No verdict."""
    if data.limbs:
        intro = "The rules in force on the day ask these questions. This page does not answer them."
        regimes = dict.fromkeys(limb.regime for limb in data.limbs)
        body: Child = [_limbs_of(r, [limb for limb in data.limbs if limb.regime == r]) for r in regimes]
    else:
        intro, body = "No limb of a rule that was in force on the day is touched by these data.", None
    return tag(
        "section",
        tag("h2", "Questions that this raises", id="limbs"),
        tag("p", intro),
        body,
        aria_labelledby="limbs",
    )


def _limbs_of(regime: str, found: list[Limb]) -> list[Child]:
    return [tag("h3", regime), tag("ul", [tag("li", _limb(limb)) for limb in found], class_="limbs")]


def _limb(limb: Limb) -> list[Child]:
    return [
        tag("p", limb.question, class_="ask"),
        tag("p", f"{limb.rule_id}: {limb.title}. ", status(limb.text_status), class_="small"),
        tag("p", "Source: ", link(limb.source, limb.source), class_="small") if limb.source else None,
    ]


def status(text_status: str) -> Markup:
    """Whether the text of a rule may be cited as law, in words."""
    return tag("span", _STATUS.get(text_status, text_status), class_=f"status {text_status}")


def method(data: ReportData) -> Markup:
    """How it was counted, and the rules with the status of their text."""
    return tag(
        "section",
        tag("h2", "How this was counted", id="method"),
        tag("ol", [tag("li", line) for line in data.method]),
        disclosure("The rules and the status of their text", _rules(data.rule_texts)) if data.rule_texts else None,
        aria_labelledby="method",
    )


def _rules(rules: tuple[RuleText, ...]) -> Markup:
    """A rule whose text is not held has an empty cell: its status and source say where to read it."""
    heads = [Head("Rule"), Head("Status"), Head("Text"), Head("Source")]
    rows = [
        Row([f"{r.rule_id}: {r.title}", status(r.text_status), r.text, link(r.source, r.source)]) for r in rules
    ]
    return table("Rules that were in force on the day", heads, rows, wide=True)


def citation(cited: Citation, *, command: str = "") -> Markup:
    """Enough to compute the same answer again."""
    pairs: list[tuple[str, Child]] = [("What was counted", cited.predicate)]
    pairs += [("As of", day_of_text(cited.on))] if cited.on else []
    pairs += [("As known", day_of_text(cited.known))] if cited.known else []
    hashes = (("Data", cited.data), ("Profile", cited.profile), ("Rules", cited.rules))
    pairs += [(f"{name} (sha256)", tag("code", value)) for name, value in hashes if value]
    pairs += [("Made with", f"Penholder {cited.version}")]
    pairs += [("To make it again", tag("code", command))] if command else []
    pairs += [("Attribution", tag("ul", [tag("li", a) for a in cited.attribution]))] if cited.attribution else []
    return tag(
        "section",
        tag("h2", "Cite this", id="cite"),
        tag("dl", [tag("div", tag("dt", k), tag("dd", v)) for k, v in pairs], class_="citation"),
        aria_labelledby="cite",
    )
