"""The stocktake against a slow reference, written from the words of docs/reference/definitions.md.

The reference judges one line, one route and one place at a time, and pairs every line with every incident. It
shares with the code only what other tests check: the reach of goods, and the profile's record of means.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.profile.model import MeansUse, OperationProfile, Party
from penholder.analysis.releases import store
from penholder.analysis.sample.edges import edges_table
from penholder.analysis.stocktake.batch import evaluate
from penholder.analysis.stocktake.figures import Figures
from penholder.analysis.stocktake.incidents import Kind, select_incidents
from penholder.analysis.stocktake.judge import Judge
from penholder.analysis.stocktake.run import count_beside, scope_rules, stocktake
from penholder.analysis.stocktake.use import causes, truth, unpack
from penholder.analysis.stocktake.vocabulary import Cause, Exclusion, Scope, Use, code_of
from penholder.analysis.tracing.closure import Closure, build
from penholder.analysis.tracing.graph import Graph, edges_from_table, edges_of_hints
from penholder.kernel.dates import Interval, add_months
from penholder.kernel.truth import Truth
from penholder.regime.control_lists import is_military
from penholder.regime.end_users import end_user_classes
from tests.contract.stocktake_world import (
    ON,
    PLAIN_INCIDENT,
    PLAIN_LINE,
    folder_of,
    incidents_table,
    lines_table,
    profile_of,
)

CLOSURE = build(Graph((*edges_of_hints(), *edges_from_table(edges_table()))).on(ON))
NO, UNKNOWN, YES = 0, 1, 2
ORDER = [code_of(c) for c in Cause]


# --- the reference -----------------------------------------------------------------------------------------------


@dataclass
class Expected:
    """What the definitions say about one line."""

    use: str
    because: str
    route: str
    counts: tuple[int, int, int]


def _listed(party: Party, place: str, days: list[date]) -> bool:
    return any(
        o.state == place and (o.valid.start or date.min) <= day and (o.valid.end is None or o.valid.end > day)
        for o in party.operated_by
        for day in days
    )


def _days(profile: OperationProfile, line: dict[str, Any], scope: Scope) -> list[date]:
    """The days on which an operator counts."""
    first = max(line["decided_on"], profile.period.start or date.min)
    if scope is Scope.IN_FORCE or first > ON:
        return [ON]
    return [first + timedelta(days=n) for n in range((ON - first).days + 1)]


def _operator(party: Party, place: str, days: list[date], *, country: bool) -> tuple[int, str]:
    if _listed(party, place, days):
        return YES, ""
    if not country:
        return UNKNOWN, "destination_not_a_country"
    return (NO, "") if party.operators_complete else (UNKNOWN, "operators_not_complete")


def _abroad(line: dict[str, Any]) -> bool:
    """Does a note name an end user in another state than the stated destination?"""
    return line["end_user_state"] not in (None, line["corrected_destination"] or line["destination"])


def _final_user(line: dict[str, Any]) -> str:
    """The user of the only final destination is the end user, if that is where he is and none else is stated."""
    further = line["onward"] or line["onward_open"]
    alone = _abroad(line) and not further and line["onward_end_user"] == "not_stated"
    return str(line["end_user"] if alone else line["onward_end_user"])


def _places(line: dict[str, Any]) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """(place, is a country) of the direct and of the onward route."""
    stated, country = line["destination"], line["destination_kind"] == "country"
    if line["corrected_destination"]:
        stated = line["corrected_destination"]
        country = len(stated) == 2
    final = (line["onward"] or "").split(";") if line["onward"] else []
    if _abroad(line):
        final.append(line["end_user_state"])
    return [(stated, country)], [(p, len(p) == 2) for p in final]


def _any(answers: list[tuple[int, str]]) -> tuple[int, str]:
    best = max((truth for truth, _ in answers), default=NO)
    open_causes = [c for t, c in answers if t == UNKNOWN]
    return best, min(open_causes, key=ORDER.index) if best == UNKNOWN else ""


def _means(profile: OperationProfile, party: Party, closure: Closure, line: dict[str, Any]) -> tuple[int, str]:
    reach = closure.reach(line["rating"], line["description"])
    reached = [m for i, m in enumerate(closure.means) if reach.yes & (1 << i)]
    said = [profile.means_used(m, party=party.id, by=ON) for m in reached]
    if Truth.YES in said:
        return YES, ""
    if reach.silent:
        return UNKNOWN, "rating_has_no_role"
    if reach.open:
        return UNKNOWN, "hint_not_exhaustive"
    return (UNKNOWN, "profile_silent_on_means") if Truth.UNKNOWN in said else (NO, "")


def _end_user(party: Party, cell: str, line: dict[str, Any]) -> tuple[int, str]:
    answers = []
    for name in cell.split(";"):
        if name == "not_stated":
            military = any(is_military(r) for r in (line["rating"] or "").split(";") if r)
            answers.append((YES, "") if military else (UNKNOWN, "end_user_not_stated"))
        elif name in party.end_users or name == "forces":
            answers.append((YES, ""))
        elif name == "government":
            answers.append((UNKNOWN, "government_branch_not_stated"))
        elif name == "unclear":
            answers.append((UNKNOWN, "note_may_speak_of_another_line"))
        else:
            answers.append((NO, ""))
    if line["pooled"]:
        answers.append((UNKNOWN, "pooled_supply"))
    return _any(answers)


def _direct_user(party: Party, line: dict[str, Any]) -> tuple[int, str]:
    """The end user in the stated destination: the one stated, and the final user if he can be there."""
    answers = [_end_user(party, line["end_user"], line)]
    goes_on = line["onward"] or line["onward_open"] or _abroad(line)
    for name in _final_user(line).split(";"):
        if name in {"not_stated", "unclear"}:
            continue
        truth, cause = _end_user(party, name, line | {"pooled": False})
        if goes_on and truth == YES:
            truth, cause = UNKNOWN, "end_user_not_stated"
        answers.append((truth, cause))
    return _any(answers)


Term = list[tuple[int, str]]
"""The three questions, each as truth and open cause."""


def _terms(
    profile: OperationProfile, closure: Closure, line: dict[str, Any], route: str, scope: Scope
) -> list[Term]:
    direct, onward = _places(line)
    days = _days(profile, line, scope)
    terms = []
    for group in _groups(profile):
        places = direct if route == "direct" else onward
        operator = [_operator(party, p, days, country=c) for party in group for p, c in places]
        if route == "onward" and line["pooled"]:
            operator.append((UNKNOWN, "pooled_supply"))
        if route == "onward" and line["onward_open"]:
            operator.append((UNKNOWN, "onward_place_not_stated"))
        user = _direct_user(group[0], line) if route == "direct" else _end_user(group[0], _final_user(line), line)
        terms.append([_any(operator), _means(profile, group[0], closure, line), user])
    return terms


def _groups(profile: OperationProfile) -> list[list[Party]]:
    """Parties with the same record of means and the same end users as forces stand as one."""
    groups: list[list[Party]] = []
    for members in profile.means_groups():
        for name in members:
            party = profile.party(name)
            home = next((g for g in groups if g[0].id in members and g[0].end_users == party.end_users), None)
            if home is None:
                groups.append([party])
            else:
                home.append(party)
    return groups


def _judged(terms: list[Term]) -> tuple[int, str]:
    use = max(min(t for t, _ in term) for term in terms)
    if use == UNKNOWN:
        found = [c for term in terms if min(t for t, _ in term) == UNKNOWN for t, c in term if t == UNKNOWN]
        return use, min(found, key=ORDER.index)
    if use == NO:
        if all(term[0][0] == NO for term in terms):
            return use, "destination_operates_no_party"
        if all(NO in (term[0][0], term[1][0]) for term in terms):
            return use, "no_such_means"
        return use, "stated_civil_end_user"
    return use, ""


def expected(
    profile: OperationProfile,
    closure: Closure,
    line: dict[str, Any],
    incidents: list[dict[str, Any]],
    scope: Scope = Scope.IN_FORCE,
) -> Expected:
    """Judge one line."""
    direct = _terms(profile, closure, line, "direct", scope)
    use, because = _judged(direct + _terms(profile, closure, line, "onward", scope))
    route = "direct" if _judged(direct)[0] == use else "onward"
    counts = _counts(profile, closure, line, incidents, because, scope=scope)
    return Expected(("excluded", "unknown", "could")[use], because, route, counts)


def kind_of(profile: OperationProfile, incident: dict[str, Any]) -> tuple[str, set[str]]:
    """What an incident is to the profile, and the parties to which it is attributed."""
    period = profile.period
    outside = (
        incident["starts_on"] > ON
        or (period.start is not None and incident["ends_on"] < period.start)
        or (period.end is not None and incident["starts_on"] >= period.end)
    )
    actors = set((incident["actors"] or "").split(";"))
    parties = {
        p.id
        for p in profile.parties
        if actors & set(p.named_in_incidents) or incident["series"] in [s.series for s in p.counted_by]
    }
    inside = any(
        incident["place"] == t.place and (not t.admin1 or incident["admin1"] in t.admin1)
        for t in profile.territory
    )
    if outside or not (parties or (incident["actors"] is None and inside)):
        return "other", set()
    if incident["means"] is None:
        return "means_not_stated", parties
    return ("attributed" if parties else "unattributed"), parties


def _counts(
    profile: OperationProfile,
    closure: Closure,
    line: dict[str, Any],
    incidents: list[dict[str, Any]],
    because: str,
    *,
    scope: Scope,
) -> tuple[int, int, int]:
    direct, onward = _places(line)
    days = _days(profile, line, scope)
    operated = {p.id for p in profile.parties for place, _ in direct + onward if _listed(p, place, days)}
    yes = closure.reach(line["rating"], line["description"]).yes
    reached = {m for i, m in enumerate(closure.means) if yes & (1 << i)}
    found: Counter[str] = Counter()
    for incident in incidents:
        kind, parties = kind_of(profile, incident)
        in_window = incident["starts_on"] <= ON and incident["ends_on"] >= line["decided_on"]
        by_party = bool(parties & operated) if parties else because != "destination_operates_no_party"
        by_means = incident["means"] is None or reached & set(incident["means"].split(";"))
        if kind != "other" and in_window and by_party and by_means:
            found[kind] += 1
    return found["attributed"], found["unattributed"], found["means_not_stated"]


# --- the comparison ----------------------------------------------------------------------------------------------

PLACES = ["XA", "XB", "XC", "XV", "XW", "Continental Shelf"]
END_USERS = [
    "not_stated",
    "forces",
    "government",
    "commercial",
    "law_enforcement",
    "personal;forces",
    "academic",
    "unclear",
]
lines = st.fixed_dictionaries(
    {
        "destination": st.sampled_from(PLACES),
        "corrected_destination": st.sampled_from([None, None, None, "XB", "Continental Shelf", "“ZZ”"]),
        "onward": st.sampled_from([None, None, "XA", "XB;XV", "Continental Shelf;XV", "XV", "“ZZ”"]),
        "onward_open": st.sampled_from([None, None, False, True]),
        "rating": st.sampled_from(
            [None, "ML10", "ML6", "ML22", "5A002", "6A003", "PL5001", "ML4;ML22", "ZZ99", "ML6;ML22"]
        ),
        "description": st.sampled_from([None, None, "components for combat aircraft", "pumps for patrol vessels"]),
        "end_user": st.sampled_from(END_USERS),
        "onward_end_user": st.sampled_from(END_USERS),
        "end_user_state": st.sampled_from([None, None, "XA", "XB", "XV", "“ZZ”"]),
        "pooled": st.sampled_from([False, False, False, True]),
        "decided_on": st.dates(date(2018, 4, 1), date(2020, 7, 31)),
    }
).map(lambda row: row | {"destination_kind": "country" if len(str(row["destination"])) == 2 else "non_country"})
incidents = st.fixed_dictionaries(
    {
        "starts_on": st.dates(date(2018, 6, 1), date(2020, 8, 31)),
        "length": st.sampled_from([0, 0, 3, 40]),
        "actors": st.sampled_from([None, "Forces of Ardenia", "Belmoran units;Others", "Others"]),
        "means": st.sampled_from([None, "air_strike", "artillery", "ground;air_strike", "unheard_of"]),
        "place": st.sampled_from(["XC", "XD", "XV", None]),
        "admin1": st.sampled_from([None, "North", "South"]),
        "series": st.sampled_from(["reports", "reports", "counted"]),
    }
).map(lambda row: {k: v for k, v in row.items() if k != "length"} | {"ends_on": _later(row)})
profiles = st.builds(
    profile_of,
    complete=st.booleans(),
    other_means=st.sampled_from([Truth.NO, Truth.UNKNOWN]),
    second=st.sampled_from(
        [
            (),
            (MeansUse("ground", Truth.YES, Interval(date(2020, 3, 1), None), "belmora", "s"),),
            (MeansUse("ground", Truth.UNKNOWN, Interval(None, None), "ardenia", "s"),),
            (MeansUse("surveillance", Truth.YES, Interval(date(2020, 9, 1), None), None, "s"),),
        ]
    ),
    end_users=st.sampled_from([("forces",), ("forces", "law_enforcement")]),
    start=st.sampled_from([None, date(2019, 1, 1), date(2019, 10, 1), date(2020, 7, 31)]),
    ended=st.sampled_from([(), (date(2019, 5, 1),), (date(2019, 9, 15), date(2020, 6, 30), date(2020, 7, 1))]),
)


def _later(row: dict[str, Any]) -> date:
    return date.fromordinal(row["starts_on"].toordinal() + row["length"])


def judge_for(profile: OperationProfile, scope: Scope = Scope.IN_FORCE) -> Judge:
    classes = {c.id: c.forces for c in end_user_classes().values()}
    return Judge(profile, CLOSURE, ON, classes, is_military, scope=scope)


@pytest.mark.parametrize("scope", list(Scope))
@given(profile=profiles, rows=st.lists(lines, min_size=1, max_size=12), reports=st.lists(incidents, max_size=12))
def test_every_line_agrees_with_the_reference(
    scope: Scope, profile: OperationProfile, rows: list[dict[str, Any]], reports: list[dict[str, Any]]
) -> None:
    judge, rules = judge_for(profile, scope), scope_rules(ON, scope)
    batch = lines_table(rows).combine_chunks().to_batches()[0]
    found = evaluate(judge, rules, batch)
    counted = select_incidents(incidents_table(reports), profile, on=ON, means=CLOSURE.means)
    counts = count_beside(judge, rules, counted, found)
    granted = [i for i, row in enumerate(rows) if row["decided_on"] <= ON]
    in_force = [i for i in granted if add_months(rows[i]["decided_on"], 24) > ON]
    wanted = in_force if scope is Scope.IN_FORCE else granted
    assert found.rows.tolist() == wanted
    for at, row in enumerate(wanted):
        line = {"corrected_destination": None} | PLAIN_LINE | rows[row]
        want = expected(profile, CLOSURE, line, [PLAIN_INCIDENT | r for r in reports], scope)
        use = Use(int(truth(found.codes)[at]))
        cause = int(causes(found.codes)[at])
        because = {Use.COULD: "", Use.UNKNOWN: code_of(Cause(cause)) if use is Use.UNKNOWN else ""}.get(use)
        because = code_of(Exclusion(cause)) if use is Use.EXCLUDED else because
        got = Expected(
            code_of(use), because or "", "direct" if found.direct[at] else "onward",
            (int(counts.attributed[at]), int(counts.unattributed[at]), int(counts.means_not_stated[at])),
        )  # fmt: skip
        assert got == want, line


@given(profile=profiles, reports=st.lists(incidents, min_size=1, max_size=20))
def test_incidents_are_partitioned_by_kind(profile: OperationProfile, reports: list[dict[str, Any]]) -> None:
    counted = select_incidents(incidents_table(reports), profile, on=ON, means=CLOSURE.means)

    kinds = Counter(kind_of(profile, PLAIN_INCIDENT | r)[0] for r in reports)
    assert [counted.count(k) for k in list(Kind)[:3]] == [
        kinds["attributed"], kinds["unattributed"], kinds["means_not_stated"]
    ]  # fmt: skip
    assert len(counted.rows) == len(reports) - kinds["other"]


@given(profile=profiles, rows=st.lists(lines, min_size=1, max_size=30))
def test_excluded_lines_name_a_question_that_is_answered_with_no(
    profile: OperationProfile, rows: list[dict[str, Any]]
) -> None:
    judge = judge_for(profile, Scope.GRANTED)
    found = evaluate(judge, scope_rules(ON, Scope.GRANTED), lines_table(rows).combine_chunks().to_batches()[0])
    excluded = truth(found.codes) == Use.EXCLUDED
    operator, means = unpack(found.apart, 0), unpack(found.apart, 1)

    assert (operator[excluded & (found.codes == Exclusion.DESTINATION_OPERATES_NO_PARTY)] == NO).all()
    by_means = excluded & (found.codes == Exclusion.NO_SUCH_MEANS)
    assert (operator[by_means] != NO).all()
    for at in np.flatnonzero(by_means).tolist():
        rating, description = found.goods_values[found.goods[at]]
        reach = CLOSURE.reach(rating, description)
        assert (reach.silent, reach.open) == (False, False)
        assert not any(reach.yes & g.used for g in judge.groups) or len(judge.groups) > 1
    assert (means[excluded & (found.codes == Exclusion.STATED_CIVIL_END_USER)] != NO).all()


@pytest.mark.parametrize("scope", list(Scope))
def test_figures_add_up(tmp_path: Path, scope: Scope) -> None:
    rng = np.random.default_rng(3)
    cells = [
        {
            "destination": PLACES[rng.integers(5)],
            "rating": [None, "ML10", "ML6", "5A002", "ML22"][rng.integers(5)],
            "end_user": END_USERS[rng.integers(8)], "onward": [None, "XA", "XV"][rng.integers(3)],
            "decided_on": date(2017, 1, 1).replace(year=2017 + int(rng.integers(4))),
            "outcome": ["issued", "issued", "refused"][rng.integers(3)],
        }
        for _ in range(400)
    ]  # fmt: skip
    catalogue = folder_of(tmp_path / "world", cells, [{}, {"actors": None}, {"means": None}])

    figures = Figures(stocktake(catalogue, profile_of(complete=False), on=ON, scope=scope))

    assert sum(figures.use.values()) == figures.answer.lines > 100
    assert sum(figures.unknown_because.values()) == figures.use["unknown"] > 0
    assert sum(figures.excluded_because.values()) == figures.use["excluded"] > 0
    assert sum(figures.basis.values()) == sum(figures.route.values()) == figures.use["could"] > 0
    assert sum(figures.status.values()) == figures.answer.lines
    assert int(figures.paths.lines().sum()) == figures.use["could"]
    assert figures.incidents == {"attributed": 1, "unattributed": 1, "means_not_stated": 1}


def test_lines_in_several_row_groups_and_threads_give_the_same_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [{"rating": ["ML10", "ML6", None, "5A002"][n % 4], "onward": [None, "XB"][n % 2]} for n in range(50)]
    one = stocktake(folder_of(tmp_path / "one", cells), profile_of(), on=ON)
    monkeypatch.setattr(store, "ROW_GROUP", 7)

    several = stocktake(folder_of(tmp_path / "several", cells), profile_of(), on=ON, threads=3)

    assert [len(a.reader.pieces) for a in (one, several)] == [1, 8]
    assert several.rows.tolist() == one.rows.tolist()
    assert several.codes.tolist() == one.codes.tolist()
    goods = [[a.goods_values[g] for g in a.goods] for a in (one, several)]
    assert goods[0] == goods[1]
