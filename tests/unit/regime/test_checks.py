"""The check of the rules: what ships is whole, and each kind of fault is found."""

from __future__ import annotations

import pytest

from penholder.kernel.errors import RuleError
from penholder.regime import checks
from penholder.regime.cases import load_cases
from penholder.regime.checks import Kind, Remark, check_all, check_entries, check_regimes
from penholder.regime.compare import Change, differences
from penholder.regime.control_lists import list_entries
from penholder.regime.loader import DATA, data_files, load_regime
from penholder.regime.regimes import regime
from penholder.regime.types import Regime
from penholder.rules.records import parse_record

RULE = """
- id: {id}/2c
  title: t
  text_status: verified
  consequence: must_refuse
  threshold: clear_risk
  use_modality: might
  object: [serious_violation_ihl]
  source: read
  touched_when:
    in: {{use: [could]}}
  question: q
"""
SET = """
id: {id}
family: f
title: t
valid_from: {start}
valid_until: {end}
validity_status: verified
validity_source: read
known_from: 2000
text_status: unverified
text_ref: r
source: s
rules:{rules}
"""
CASES = """
regime: {id}
cases:
- {{id: a, title: t, on: {start}, facts: {{use: could}}, touched: 2c, source: s}}
"""


def made(name: str, start: str, end: str, *, text: str = RULE) -> Regime:
    content = SET.format(id=name, start=start, end=end, rules=text.format(id=name))
    return load_regime(parse_record(content, name=f"{name}.yaml", error=RuleError))


def found(*sets: Regime, cases: str = CASES) -> list[tuple[Kind, str, str]]:
    given = [
        case
        for s in sets
        for case in load_cases(
            parse_record(cases.format(id=s.id, start=s.valid.start), name="c.yaml", error=RuleError)
        )
    ]
    return [(r.kind, r.subject, r.message) for r in check_regimes(sets, given)]


def test_what_ships_is_whole() -> None:
    assert check_all() == ()
    assert checks.scope().startswith("7 sets of criteria in 3 families, ")


def test_contiguous_sets_have_nothing_to_mend() -> None:
    assert found(made("a", "2010-01-01", "2014-01-01"), made("b", "2014-01-01", "2020-01-01")) == []


def test_overlap_and_gap() -> None:
    assert found(made("a", "2010-01-01", "2014-01-02"), made("b", "2014-01-01", "2020-01-01")) == [
        (Kind.OVERLAP, "f", "a and b are both in force on some day")
    ]
    assert found(made("a", "2010-01-01", "2013-12-31"), made("b", "2014-01-01", "2020-01-01")) == [
        (Kind.GAP, "f", "no set is in force from 2013-12-31 to before 2014-01-01")
    ]


@pytest.mark.parametrize(
    ("old", "new", "kind", "message"),
    [
        ("  source: read\n", "", Kind.UNSOURCED, "source is not given"),
        ("source: read", "source: professional knowledge of it", Kind.OVERCLAIMED,
         "called verified, without a source that was read"),
        ("text_status: verified", "text_status: unverified\n  wording: w", Kind.OVERCLAIMED,
         "quotes a wording that nobody has verified"),
        ("  title: t", "  title: t\n  within: [a/9]", Kind.DANGLING, "names the rule 'a/9', which does not exist"),
        ("  title: t", "  title: t\n  valid_from: 2014-01-01", Kind.DANGLING,
         "is never valid while a is in force"),
    ],
)  # fmt: skip
def test_faults_of_a_rule(old: str, new: str, kind: Kind, message: str) -> None:
    assert old in RULE
    remarks = found(made("a", "2010-01-01", "2014-01-01", text=RULE.replace(old, new)))
    assert (kind, "a/2c", message) in remarks


def test_a_rule_without_a_case_and_a_case_that_fails() -> None:
    wrong = CASES.replace("touched: 2c, ", "")
    assert found(made("a", "2010-01-01", "2014-01-01"), cases=wrong) == [
        (Kind.NO_CASE, "a/2c", "no case touches it"),
        (Kind.CASE_FAILS, "a: a", "limb 2c is touched, the case says not touched (use is could)"),
    ]
    outside = CASES.replace("on: {start}", "on: 2009-12-31")
    assert found(made("a", "2010-01-01", "2014-01-01"), cases=outside) == [
        (Kind.CASE_FAILS, "a: a", "a is not in force on 2009-12-31")
    ]
    typo = CASES.replace("touched: 2c", "touched: [2c, 2d]")
    assert found(made("a", "2010-01-01", "2014-01-01"), cases=typo) == [
        (Kind.CASE_FAILS, "a: a", "there is no limb '2d'")
    ]


def test_two_headings_on_one_day() -> None:
    text = (
        "list: x\ntext_status: unverified\nsource: s\nentries:\n" + "- {code: XX1, title: t, military: no}\n" * 2
    )
    entries = list_entries(parse_record(text, name="x.yaml", error=RuleError))
    assert check_entries(entries) == (
        Remark(Kind.OVERLAP, "XX1", "two headings hold on the same day", "x.yaml:6"),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("clear_risk", "clearrisk", "a.yaml:18: key 'threshold': 'clearrisk' is not allowed; allowed: clear_risk"),
        ("serious_violation_ihl", "ihl", "a.yaml:20: key 'object': 'ihl' is not allowed"),
        ("{id}/2c", "b/2c", "a.yaml:14: rule 'b/2c' must be named a/<limb>"),
        ("  question: q\n", "", "a.yaml:14: key 'question' is missing"),
        ("title: t", "titel: t", "a.yaml:15: key 'titel' is not allowed"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_line(old: str, new: str, message: str) -> None:
    assert old in RULE
    with pytest.raises(RuleError) as caught:
        made("a", "2010-01-01", "2014-01-01", text=RULE.replace(old, new))
    assert caught.value.message.startswith(message)


def test_differences_limb_by_limb() -> None:
    changes = differences(regime("uk-cc-2014"), regime("uk-selc-2021"))
    assert (
        Change("2c", "changed", "use_link", "commission", "commit, facilitate", "verified", "verified") in changes
    )
    assert {c.limb for c in changes if c.change == "removed"} == set()
    assert {"1a", "2-gbv", "OF"} < {c.limb for c in changes if c.change == "added"}
    assert differences(regime("att"), regime("att")) == ()


def test_every_yaml_file_of_the_rules_is_read() -> None:
    kinds = ("criteria", "cases", "licence_types", "control_lists")
    read = {p for kind in kinds for p in data_files(kind)}
    beside = set(DATA.glob("*/*/*.yaml"))
    assert read == beside
