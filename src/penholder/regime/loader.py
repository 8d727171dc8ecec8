"""Reads the regime data that ship with Penholder. Every complaint names file and line."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

from penholder.kernel.dates import Interval
from penholder.kernel.errors import RuleError
from penholder.regime.types import (
    CONSEQUENCES,
    FINDINGS,
    THRESHOLDS,
    USE_LINKS,
    USE_MODALITIES,
    Regime,
    Rule,
    RuleObject,
    TextStatus,
    facts_of_rules,
)
from penholder.rules.loader import Facts, interval_of, load_expr
from penholder.rules.records import Record, did_you_mean, parse_record

DATA = Path(__file__).parent / "data"
STATUSES = tuple(TextStatus)
_REGIME_KEYS = frozenset(
    {
        "id", "family", "title", "valid_from", "valid_until", "validity_status", "validity_source", "known_from",
        "text_status", "text_ref", "source", "rules",
    }
)  # fmt: skip
_RULE_KEYS = frozenset(
    {
        "id", "title", "valid_from", "valid_until", "known_from", "text_status", "verified_part", "wording",
        "consequence", "threshold", "use_modality", "use_link", "object", "pre_step", "within", "also_consider",
        "mitigation_allowed", "countervailing_interest_allowed", "lead_adviser_role", "findings", "source",
        "touched_when", "question",
    }
)  # fmt: skip


def data_record(path: Path) -> Record:
    """One file of the regime data; messages name it from `regime/data` on."""
    name = path.relative_to(DATA).as_posix() if path.is_relative_to(DATA) else str(path)
    return parse_record(path.read_text(encoding="utf-8"), name=name, error=RuleError)


def data_files(kind: str) -> tuple[Path, ...]:
    """The files `<jurisdiction>/<kind>/*.yaml`, in a fixed order."""
    return tuple(sorted(DATA.glob(f"*/{kind}/*.yaml")))


@cache
def data_hash() -> str:
    """sha256 over names and bytes of all shipped criteria, licence types and control lists."""
    digest = hashlib.sha256()
    for kind in ("criteria", "licence_types", "control_lists"):
        for path in data_files(kind):
            digest.update(path.relative_to(DATA).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def rule_objects() -> dict[str, RuleObject]:
    """What rules can be about, by id."""
    entries = data_record(DATA / "int" / "objects.yaml").items("objects")
    return {e.text("id"): RuleObject(e.text("id"), e.text("title"), e.flag("concern")) for e in entries}


@cache
def rule_facts() -> Facts:
    """The facts that conditions of rules may ask for."""
    return facts_of_rules(tuple(o.id for o in rule_objects().values() if o.is_concern))


def load_regime(record: Record) -> Regime:
    """One set of criteria. Raises: RuleError, with file and line."""
    record.refuse_unknown(_REGIME_KEYS)
    begins = record.partial("valid_from")
    valid = _valid(record, begins.first, record.opt_day("valid_until"))
    known_from = record.partial("known_from").first
    identity = record.text("id")
    return Regime(
        id=identity,
        family=record.text("family"),
        title=record.text("title"),
        begins=begins,
        valid=valid,
        validity_status=TextStatus(record.choice("validity_status", STATUSES)),
        validity_source=record.opt_text("validity_source") or "",
        known_from=known_from,
        text_status=TextStatus(record.choice("text_status", STATUSES)),
        text_ref=record.opt_text("text_ref") or "",
        source=record.opt_text("source") or "",
        rules=tuple(_rule(r, regime=identity, valid=valid, known=known_from) for r in record.items("rules")),
        where=record.where,
    )


def _rule(record: Record, *, regime: str, valid: Interval, known: date) -> Rule:
    record.refuse_unknown(_RULE_KEYS)
    identity = record.text("id")
    prefix, _, limb = identity.partition("/")
    if prefix != regime or not limb:
        raise record.refusal("id", f"rule {identity!r} must be named {regime}/<limb>")
    own = record.has("valid_from") or record.has("valid_until")
    touched = record.opt_child("touched_when")
    return Rule(
        id=identity,
        title=record.text("title"),
        limb=limb,
        valid=interval_of(record, "valid_from", "valid_until") if own else valid,
        known_from=record.opt_day("known_from") or known,
        text_status=TextStatus(record.choice("text_status", STATUSES)),
        consequence=record.choice("consequence", CONSEQUENCES),
        threshold=record.choice("threshold", THRESHOLDS),
        use_modality=record.choice("use_modality", USE_MODALITIES),
        use_link=_among(record, "use_link", USE_LINKS),
        object=_among(record, "object", tuple(rule_objects())),
        source=record.opt_text("source") or "",
        wording=record.opt_text("wording") or "",
        verified_part=record.opt_text("verified_part") or "",
        pre_step=record.opt_text("pre_step") or "",
        within=record.opt_words("within"),
        also_consider=record.opt_words("also_consider"),
        mitigation_allowed=record.opt_flag("mitigation_allowed"),
        countervailing_interest_allowed=record.opt_flag("countervailing_interest_allowed"),
        lead_adviser_role=record.opt_text("lead_adviser_role") or "",
        findings=_among(record, "findings", FINDINGS),
        touched_when=load_expr(touched, facts=rule_facts()) if touched else None,
        question=record.text("question") if touched else "",
        where=record.where,
    )


def _valid(record: Record, start: date, end: date | None) -> Interval:
    if end is not None and end <= start:
        raise record.refusal(
            "valid_until", f"valid_until ({end}) is exclusive and must be after valid_from ({start})"
        )
    return Interval(start, end)


def _among(record: Record, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    words = record.opt_words(key)
    for word in words:
        if word not in allowed:
            said = did_you_mean(word, allowed)
            raise record.refusal(key, f"key {key!r}: {word!r} is not allowed; allowed: {', '.join(allowed)}{said}")
    return words
