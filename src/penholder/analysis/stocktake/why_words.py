"""`why` as JSON and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from penholder.analysis.stocktake.judge import split
from penholder.analysis.stocktake.limbs import limb_words
from penholder.analysis.stocktake.paths import title_of
from penholder.analysis.stocktake.vocabulary import CAUSE_WORDS, EXCLUSION_WORDS, NOT_SHOWN, Use, code_of
from penholder.analysis.stocktake.why import BesideIncidents, Why, because_word, ratings_of
from penholder.analysis.stocktake.words import day_words
from penholder.kernel.counts import many
from penholder.kernel.truth import Truth
from penholder.regime.control_lists import headline, is_military
from penholder.regime.hints import hint_for

if TYPE_CHECKING:
    from penholder.analysis.stocktake.why_result import LineQuestion

PLACES = 12
UNCLEAR_WORDS = "a note names a civil user, but may speak of other goods or another licence of this key"
_ORDER = (("operator", 0), ("means", 1), ("end_user", 2))


@dataclass(frozen=True)
class Page:
    """Which incidents are listed by id: `limit` of each kind after the first `cursor`; how to get names."""

    cursor: int
    limit: int
    ids: Callable[[Sequence[int]], list[dict[str, Any]]]
    names: Callable[[str], str]
    notes: Sequence[Mapping[str, Any]] = ()
    """The notes of the line: text, source, source_line."""


def why_document(question: LineQuestion, found: Why, page: Page) -> dict[str, Any]:
    """The explanation as JSON; names are fixed in docs/reference/stocktake.md."""
    return {
        "line": found.record["line"],
        "series": found.record["series"],
        "on": question.rules.on,
        "profile": question.judge.profile.id,
        "scope": question.rules.scope.value,
        "use": code_of(found.use),
        "because": because_word(found) or None,
        "flags": ["end user not stated"] if found.assumed_forces else [],
        "in_scope": found.in_scope,
        "status": code_of(found.status) if found.status is not None else None,
        "expires_on": found.expiry,
        "expiry_assumed": found.expiry_assumed,
        "published": {k: v for k, v in found.record.items() if v is not None and k != "series"},
        "route": (None if found.use is Use.EXCLUDED else "direct" if found.direct else "onward"),
        "questions": {name: found.questions[i].word for name, i in _ORDER},
        "operator": [asdict(p) | {"operates": p.operates.word} for p in found.places],
        "ratings": [_rating(code, question.rules.on) for code in ratings_of(found.record)],
        "means": [asdict(m) | {"reached": m.reached.word, "used": m.used.word} for m in found.means],
        "notes": [dict(note) for note in page.notes],
        "end_user": {"stated": found.record["end_user"], "onward": found.record["onward_end_user"]},
        "path": _path(found),
        "limbs": [asdict(x) for x in found.limbs],
        "incidents": {code_of(b.kind): _beside(b, page) for b in found.incidents},
        "changes": [
            {
                "fact": f.fact, "now": f.now.word, "if_yes": code_of(f.if_yes), "if_no": code_of(f.if_no),
                "changes_the_answer": {f.if_yes, f.if_no} != {found.use}, "ask": f.ask,
            }
            for f in found.flips
        ],
    }  # fmt: skip


def _rating(code: str, on: date) -> dict[str, Any]:
    hint = hint_for(code)
    return {
        "code": code,
        "headline": headline(code, on=on),
        "military": is_military(code),
        "role": hint.role if hint else None,
        "hint_row": hint.row if hint else None,
        "exhaustive": hint.exhaustive if hint else None,
    }


def _path(found: Why) -> dict[str, Any] | None:
    if found.path is None:
        return None
    steps = [
        {
            "edge": e.edge, "from_kind": e.from_kind, "from": e.from_id, "relation": e.relation,
            "to_kind": e.to_kind, "to": e.to_id, "basis": e.basis, "grade": str(e.grade), "citation": e.citation,
            "source": e.source, "source_line": e.source_line,
        }
        for e in found.path.steps
    ]  # fmt: skip
    return {
        "title": title_of(found.path),
        "basis": found.path.basis,
        "grade": str(found.path.grade),
        "steps": steps,
    }


def _beside(beside: BesideIncidents, page: Page) -> dict[str, Any]:
    total = len(beside.rows)
    end = min(page.cursor + page.limit, total)
    return {
        "count": total,
        "by_month": beside.months,
        "listed": page.ids(beside.rows[page.cursor : end].tolist()),
        "next_cursor": end if end < total else None,
    }


def why_words(question: LineQuestion, found: Why, page: Page) -> tuple[str, ...]:
    """The explanation for a terminal."""
    return (
        *_head(question, found, page),
        "",
        *_questions(found),
        "",
        *_path_words(found),
        *_incident_words(found, page),
        "",
        *_change_words(found),
        "",
        f"Questions that this raises (no verdict): {limb_words(found.limbs)}"
        if found.limbs
        else "No rule is touched",
        NOT_SHOWN,
    )


def _head(question: LineQuestion, found: Why, page: Page) -> list[str]:
    record = found.record
    reason = ""
    if found.exclusion is not None:
        reason = f": {EXCLUSION_WORDS[found.exclusion]}"
    elif found.cause is not None:
        reason = f": {CAUSE_WORDS[found.cause]}"
    use = {Use.COULD: "could have been used", Use.UNKNOWN: "unknown", Use.EXCLUDED: "excluded"}[found.use]
    goods = " · ".join(str(record[c]) for c in ("rating", "description") if record[c])
    places = f"to {page.names(record['destination'])}"
    if record["onward"]:
        places += f", on to {', '.join(page.names(p) for p in record['onward'].split(';'))}"
    if record["onward_open"]:
        places += ", on to a place that is not named"
    if record["end_user_state"]:
        places += f", end user in {page.names(record['end_user_state'])}"
    value = f" · {record['currency']} {record['value']:,}" if record["value"] is not None else ""
    notes = [f"            note: “{n['text']}” ({n['source']}, row {n['source_line']})" for n in page.notes]
    return [
        f"Line {record['line']} · {question.judge.profile.title} · {day_words(question.rules.on)}",
        f"{use}{reason}"
        + (" (end user not stated, taken from the military rating)" if found.assumed_forces else ""),
        "",
        f"Published   {goods} · {places}{value}",
        f"            {_dates(found)}",
        f"            {record['source']}, row {record['source_line']}",
        *notes,
    ]


def _dates(found: Why) -> str:
    record = found.record
    status = code_of(found.status).replace("_", " ") if found.status is not None else "not in scope"
    expiry = "no end known" if found.expiry is None else f"until {day_words(found.expiry)}"
    assumed = " (assumed)" if found.expiry_assumed else ""
    decided = f"decided {record['decided_on']} ({record['decided_precision']})"
    return f"{decided} · {record['outcome']} · {status}, {expiry}{assumed}"


def _questions(found: Why) -> list[str]:
    operator, means, end_user = (q.word for q in found.questions)
    rows = [f"Operator    {operator}"]
    places = sorted(found.places, key=lambda p: -p.operates)
    rows += [
        f"            {p.name} ({p.route}), {p.party}: {p.operates.word} · {p.source}" for p in places[:PLACES]
    ]
    if len(places) > PLACES:
        rows.append(f"            and {len(places) - PLACES} more answers, all of them: --json")
    rows.append(f"Means       {means}")
    for code in ratings_of(found.record):
        hint = hint_for(code)
        role = f"hint row {hint.row}, {hint.role}" if hint else "no hint: no role known"
        full = " (its list of means is complete)" if hint and hint.exhaustive else ""
        rows.append(f"            {code} {headline(code) or ''}: {role}{full}")
    rows += [
        f"            {m.title}: goods {_reach_word(m.reached)}, {m.party} {_used_word(m.used)} · {m.source}"
        for m in found.means
    ]
    record = found.record
    stated = record["end_user"].replace("_", " ")
    if record["onward"] or record["onward_end_user"] != "not_stated":
        stated += f", final {record['onward_end_user'].replace('_', ' ')}"
    rows.append(f"End user    {end_user} · {stated}{' · pooled supply' if record['pooled'] else ''}")
    if "unclear" in split(record["end_user"]) + split(record["onward_end_user"]):
        rows.append(f"            {UNCLEAR_WORDS}")
    return rows


def _reach_word(reached: Truth) -> str:
    return {Truth.YES: "reach it", Truth.NO: "do not reach it", Truth.UNKNOWN: "may reach it"}[reached]


def _used_word(used: Truth) -> str:
    return {Truth.YES: "used it", Truth.NO: "did not use it", Truth.UNKNOWN: "is not known to have used it"}[used]


def _path_words(found: Why) -> list[str]:
    if found.path is None:
        return []
    path = found.path
    rows = [f"Path        {title_of(path)}   {path.basis}, grade {path.grade}"]
    rows += [
        f"            {e.from_id} > {e.to_id}: {e.basis}, grade {e.grade}, {e.citation} "
        f"({e.source}, row {e.source_line})"
        for e in path.steps
    ]
    return [*rows, ""]


def _incident_words(found: Why, page: Page) -> list[str]:
    rows = []
    for beside in found.incidents:
        shown = page.ids(beside.rows[page.cursor : page.cursor + min(page.limit, 3)].tolist())
        examples = ", ".join(f"{r['series']}/{r['incident']} ({r['starts_on']})" for r in shown)
        label = code_of(beside.kind).replace("_", " ")
        months = f" in {many(len(beside.months), 'month')}" if beside.months else ""
        more = ", ..." if len(beside.rows) > len(shown) and shown else ""
        rows.append(f"{label:<20}{len(beside.rows):>8,}{months}{': ' if examples else ''}{examples}{more}")
    return ["Reported incidents in its time (they decide nothing)", *(f"            {r}" for r in rows)]


def _change_words(found: Why) -> list[str]:
    changing = [f for f in found.flips if {f.if_yes, f.if_no} != {found.use}]
    if not changing:
        return ["No single fact would change the answer"]
    rows = ["What would change the answer"]
    for flip in changing:
        parts = [
            f"if {word}: {code_of(use)}"
            for word, use in (("yes", flip.if_yes), ("no", flip.if_no))
            if use is not found.use
        ]
        rows.append(f"            {flip.fact} [now {flip.now.word}]  {', '.join(parts)}")
    return rows
