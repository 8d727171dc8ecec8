"""The table of second countersignatures."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from penholder.casework.policy.proposal import SecondRule
from penholder.casework.values import Outcome
from penholder.kernel.errors import RuleError
from penholder.rules.expr import Fact, FactKind
from penholder.rules.loader import load_expr
from penholder.rules.records import Record, parse_record

FACTS = {
    f.name: f
    for f in (
        Fact("outcome", FactKind.WORDS, "what is proposed", tuple(Outcome)),
        Fact("mandatory_clear_risk", FactKind.FLAG, "is a limb that must refuse at clear risk?"),
        Fact("mandatory_not_known", FactKind.FLAG, "is nothing, or not enough, known under such a limb?"),
        Fact("match_not_decided", FactKind.FLAG, "could nobody say whether a party is on a list?"),
        Fact("ratings", FactKind.WORDS, "codes of the control lists"),
    )
}


@cache
def second_rules() -> tuple[SecondRule, ...]:
    """The table that ships. Raises: RuleError, with file and line."""
    file = Path(str(resources.files("penholder.casework").joinpath("data", "signatures.yaml")))
    return read_second_rules(parse_record(file.read_text(encoding="utf-8"), name=file.name, error=RuleError))


def read_second_rules(record: Record) -> tuple[SecondRule, ...]:
    """A table from its record. Raises: RuleError."""
    record.refuse_unknown({"version", "rules"})
    found: dict[str, SecondRule] = {}
    for row in record.items("rules"):
        row.refuse_unknown({"id", "title", "when"})
        rule = SecondRule(row.text("id"), row.text("title"), load_expr(row.child("when"), facts=FACTS))
        if rule.id in found:
            raise row.refusal("id", f"rule {rule.id!r} is given twice")
        found[rule.id] = rule
    return tuple(found.values())
