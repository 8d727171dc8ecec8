"""Two sets of criteria, limb by limb."""

from __future__ import annotations

from dataclasses import dataclass

from penholder.regime.types import Regime, Rule
from penholder.rules.expr import words_of

FIELDS = (
    "title", "consequence", "threshold", "use_modality", "use_link", "object", "pre_step", "mitigation_allowed",
    "countervailing_interest_allowed", "text_status", "wording", "touched_when", "question",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `added` and `removed` are about a whole limb, `changed` about one field of it.

    Only where both statuses are `verified` is it a difference of the law; else it is one of our records of it.
    """

    limb: str
    change: str
    field: str
    before: str
    after: str
    status_before: str = ""
    status_after: str = ""


def differences(first: Regime, second: Regime) -> tuple[Change, ...]:
    """What differs from the first set to the second, in the order of the first, added limbs last."""
    found: list[Change] = []
    for rule in first.rules:
        other = second.rule(rule.limb)
        found += [_whole("removed", rule)] if other is None else _changed(rule, other)
    known = {rule.limb for rule in first.rules}
    return (*found, *(_whole("added", rule) for rule in second.rules if rule.limb not in known))


def _whole(change: str, rule: Rule) -> Change:
    status = str(rule.text_status)
    if change == "added":
        return Change(rule.limb, change, "", "", rule.title, status_after=status)
    return Change(rule.limb, change, "", rule.title, "", status_before=status)


def _changed(before: Rule, after: Rule) -> list[Change]:
    statuses = str(before.text_status), str(after.text_status)
    return [
        Change(before.limb, "changed", name, told(before, name), told(after, name), *statuses)
        for name in FIELDS
        if told(before, name) != told(after, name)
    ]


def told(rule: Rule, name: str) -> str:
    """A field of a rule as text; empty where the record does not say."""
    value = getattr(rule, name)
    if value is None or value == ():
        return ""
    if name == "touched_when":
        return words_of(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
