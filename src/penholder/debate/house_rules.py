"""The house rules as data: versions of a file, each a list of rules with an id. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from penholder.actions.errors import AbsentError
from penholder.debate.policy.machine import data
from penholder.kernel.errors import RuleError
from penholder.rules.records import Record, read_record

_ID = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what a report and a measure name."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the rules."""

    version: str
    rules: tuple[Rule, ...]

    @property
    def content(self) -> list[dict[str, str]]:
        """As JSON values."""
        return [asdict(rule) for rule in self.rules]

    @property
    def sha256(self) -> str:
        """Of the content as JSON with sorted keys."""
        text = json.dumps([self.version, self.content], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def edition(version: str, *, file: Path | None) -> Edition:
    """A version of the rules that ship, or of an authority's own file.

    Raises: AbsentError: there is no such version. RuleError: the file is not sound, with its line.
    """
    found = editions(file=file)
    for one in found:
        if one.version == version:
            return one
    known = ", ".join(e.version for e in found)
    raise AbsentError(f"there is no version {version!r} of the house rules", hint=f"versions: {known}")


def editions(*, file: Path | None) -> tuple[Edition, ...]:
    """All versions of a file. Raises: RuleError."""
    record = read_record(file, error=RuleError) if file else data("rules.yaml")
    record.refuse_unknown({"versions"})
    found = tuple(_edition(row) for row in record.items("versions"))
    if len({e.version for e in found}) != len(found) or not found:
        raise record.refusal("versions", "there must be at least one version, and no two of one name")
    return found


def _edition(row: Record) -> Edition:
    row.refuse_unknown({"version", "rules"})
    rules = tuple(_rule(r) for r in row.items("rules"))
    if len({r.id for r in rules}) != len(rules) or not rules:
        raise row.refusal("rules", "there must be at least one rule, and no two of one id")
    return Edition(row.text("version"), rules)


def _rule(row: Record) -> Rule:
    row.refuse_unknown({"id", "title", "text"})
    if not _ID.fullmatch(row.text("id")):
        raise row.refusal("id", "is made of small letters, digits and hyphens")
    return Rule(row.text("id"), row.text("title"), row.text("text"))
