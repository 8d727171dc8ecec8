"""Cases that ship beside the rules: a day, facts, and exactly the limbs that they touch, for lawyers to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from penholder.regime.loader import data_files, data_record, rule_facts
from penholder.regime.types import Regime, Rule
from penholder.rules.explain import explain
from penholder.rules.expr import FactKind
from penholder.rules.records import Record, did_you_mean

_FILE_KEYS = frozenset({"regime", "cases"})
_CASE_KEYS = frozenset({"id", "title", "on", "in_force", "facts", "touched", "not_known", "states", "source"})
_STATED = ("title", "consequence", "threshold", "use_modality", "text_status")


@dataclass(frozen=True, slots=True)
class Case:
    """On a day, with these facts: the limbs touched, and those that hang on something not known. No other is.

    `states` holds what the record of a limb must say (for limbs that are no question about a line).
    `in_force` False: the set must not be in force on that day.
    """

    id: str
    title: str
    regime: str
    on: date
    in_force: bool
    facts: dict[str, object]
    touched: tuple[str, ...]
    not_known: tuple[str, ...]
    states: tuple[tuple[str, dict[str, str]], ...]
    source: str
    where: str = field(default="", compare=False)

    @property
    def limbs(self) -> frozenset[str]:
        """The limbs of which the case says something of its own."""
        return frozenset((*self.touched, *self.not_known, *(limb for limb, _ in self.states)))


@cache
def cases() -> tuple[Case, ...]:
    """All cases that ship. Raises: RuleError, with file and line."""
    return tuple(case for path in data_files("cases") for case in load_cases(data_record(path)))


def load_cases(record: Record) -> tuple[Case, ...]:
    """The cases of one file. Raises: the record's error, with file and line."""
    record.refuse_unknown(_FILE_KEYS)
    return tuple(_case(entry, regime=record.text("regime")) for entry in record.items("cases"))


def _case(record: Record, *, regime: str) -> Case:
    record.refuse_unknown(_CASE_KEYS)
    return Case(
        id=record.text("id"),
        title=record.text("title"),
        regime=regime,
        on=record.day("on"),
        in_force=record.flag("in_force", default=True),
        facts=_facts(record),
        touched=record.opt_words("touched"),
        not_known=record.opt_words("not_known"),
        states=tuple(_states(entry) for entry in record.opt_items("states")),
        source=record.opt_text("source") or "",
        where=record.where,
    )


def _facts(record: Record) -> dict[str, object]:
    given, allowed = record.opt_child("facts"), rule_facts()
    if given is None:
        return {}
    given.refuse_unknown(set(allowed))
    facts: dict[str, object] = {}
    for name in given.keys():  # noqa: SIM118 - Record is not a dict
        fact = allowed[name]
        if fact.kind is FactKind.FLAG:
            facts[name] = given.flag(name)
            continue
        facts[name] = words = given.words(name)
        for word in words:
            if fact.allowed and word not in fact.allowed:
                said = did_you_mean(word, fact.allowed)
                raise given.refusal(name, f"key {name!r}: {word!r} is not allowed{said}")
    return facts


def _states(record: Record) -> tuple[str, dict[str, str]]:
    record.refuse_unknown({"limb", *_STATED})
    return record.text("limb"), {key: record.text(key) for key in _STATED if record.has(key)}


def disagreements(case: Case, found: Regime) -> tuple[str, ...]:
    """Where the rules say otherwise than the case; empty: they agree."""
    if found.valid.covers(case.on) is not case.in_force:
        return (f"{found.id} is {'not ' if case.in_force else ''}in force on {case.on}",)
    unknown = [f"there is no limb {limb!r}" for limb in sorted(case.limbs) if found.rule(limb) is None]
    if unknown or not case.in_force:
        return tuple(unknown)
    said = [_limb_disagreement(rule, case) for rule in found.rules if rule.valid.covers(case.on)]
    said += [_state_disagreement(found.rule(limb), limb, wanted) for limb, wanted in case.states]
    return tuple(sentence for sentence in said if sentence)


def _limb_disagreement(rule: Rule, case: Case) -> str:
    words = {True: "touched", False: "not touched", None: "not known"}
    wanted = True if rule.limb in case.touched else None if rule.limb in case.not_known else False
    if rule.touched_when is None:
        return "" if wanted is False else f"limb {rule.limb} is no question about a line"
    finding = explain(rule.touched_when, case.facts)
    if finding.truth is wanted:
        return ""
    reasons = "; ".join(finding.because)
    return f"limb {rule.limb} is {words[finding.truth]}, the case says {words[wanted]} ({reasons})"


def _state_disagreement(rule: Rule | None, limb: str, wanted: dict[str, str]) -> str:
    wrong = [
        f"{key} is {getattr(rule, key)}, not {value}"
        for key, value in wanted.items()
        if getattr(rule, key) != value
    ]
    return f"limb {limb}: {', '.join(wrong)}" if wrong else ""


def limbs_without_case(found: Regime, given: Sequence[Case]) -> tuple[Rule, ...]:
    """Rules of which no case says anything: none touches it, or, where it is no question, none states it."""
    own = [case for case in given if case.regime == found.id and case.in_force]
    touched = {limb for case in own for limb in case.touched}
    stated = {limb for case in own for limb, _ in case.states}
    return tuple(r for r in found.rules if r.limb not in (touched if r.touched_when else stated))
