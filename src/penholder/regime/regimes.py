"""Which set of criteria was in force on a day, and which of its limbs a line touches, as questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from penholder.kernel.errors import NotKnownError, RuleError
from penholder.regime.loader import data_files, data_record, load_regime, rule_facts, rule_objects
from penholder.regime.types import LimbQuestion, Regime, Rule, RuleObject
from penholder.rules.explain import explain
from penholder.rules.records import did_you_mean


@cache
def regimes() -> tuple[Regime, ...]:
    """All sets of criteria that ship, by family and date."""
    found = [load_regime(data_record(path)) for path in data_files("criteria")]
    return tuple(sorted(found, key=lambda r: (r.family, r.begins.first)))


def families() -> tuple[str, ...]:
    """Families of sets that follow one another, for example uk."""
    return tuple(dict.fromkeys(r.family for r in regimes()))


def regime(name: str) -> Regime:
    """The set with that id. Raises: NotKnownError, with the nearest id."""
    for found in regimes():
        if found.id == name:
            return found
    known = [r.id for r in regimes()]
    said = did_you_mean(name, known)
    raise NotKnownError(f"there is no regime {name!r}; known: {', '.join(known)}{said}")


def regime_on(family: str, on: date) -> Regime:
    """The set of that family in force on that day.

    Raises: NotKnownError: no such family, or none of its sets was in force on that day.
    """
    if family not in families():
        raise NotKnownError(f"there is no family of regimes {family!r}; known: {', '.join(families())}")
    for found in regimes_on(on):
        if found.family == family:
            return found
    first = next(r for r in regimes() if r.family == family)
    raise NotKnownError(f"no set of family {family!r} is held for {on}; the first held begins {first.begins}")


def regimes_on(on: date) -> tuple[Regime, ...]:
    """The sets in force on that day, at most one per family, side by side."""
    return tuple(r for r in regimes() if r.valid.covers(on))


@cache
def _rules_called() -> dict[str, str]:
    return {rule.id: f"{rule.title} ({rule.id})" for found in regimes() for rule in found.rules}


def rule_called(rule: str) -> str:
    """Title and id of a rule, within a sentence. A rule that nobody holds: its id."""
    return _rules_called().get(rule, rule)


@cache
def _rules_in_words() -> dict[str, str]:
    return {
        rule.id: rule_called(rule.id) + (f"; {rule.text_status.caution}" if rule.text_status.caution else "")
        for found in regimes()
        for rule in found.rules
    }


def rule_words(rule: str) -> str:
    """Title and id of a rule; that its text is not verified, where it is not. A rule that nobody holds: its id."""
    return _rules_in_words().get(rule, rule)


def concerns() -> dict[str, RuleObject]:
    """What a profile may name as its concern, by id."""
    return {o.id: o for o in rule_objects().values() if o.is_concern}


def limbs_touched(facts: Mapping[str, object], *, on: date, known: date | None = None) -> tuple[LimbQuestion, ...]:
    """The limbs in force on that day that a line with these facts touches, as questions to ask.

    Args:
        facts: use (could | excluded | unknown), route (direct | onward), concern (objects of rules),
            end_user_stated (bool). Absent or None: not known; a limb that hangs on it is then listed, not certain.
        known: only rules that could be known by that day; None: all.
    Raises: RuleError: a fact or a word of it that no rule knows.
    """
    _check_facts(facts)
    return tuple(
        question
        for found in regimes_on(on)
        for rule in found.rules
        if rule.valid.covers(on) and (known is None or rule.known_from <= known)
        if (question := _question(rule, found, facts)) is not None
    )


def _question(rule: Rule, found: Regime, facts: Mapping[str, object]) -> LimbQuestion | None:
    if rule.touched_when is None:
        return None
    finding = explain(rule.touched_when, facts)
    if finding.truth is False:
        return None
    return LimbQuestion(
        rule_id=rule.id,
        regime=found.id,
        title=rule.title,
        question=rule.question,
        text_status=str(rule.text_status),
        source=rule.source,
        certain=finding.truth is True,
        because=finding.because,
        caution=rule.text_status.caution,
    )


def _check_facts(facts: Mapping[str, object]) -> None:
    allowed = rule_facts()
    for name, value in facts.items():
        if name not in allowed:
            raise RuleError(f"fact {name!r} is not known to the rules; allowed: {', '.join(sorted(allowed))}")
        words = (value,) if isinstance(value, str) else value if isinstance(value, list | tuple) else ()
        for word in words:
            if allowed[name].allowed and word not in allowed[name].allowed:
                raise RuleError(
                    f"fact {name!r}: {word!r} is not allowed; allowed: {', '.join(allowed[name].allowed)}"
                )
