"""What changed between two versions: findings and evidence first, apart from wording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from penholder.assessment.policy import part_name
from penholder.assessment.values import Cell, Content, UseRisk

_PIECE = re.compile(r"\s*\S+|\s+")
_EMPTY: tuple[str, ...] = ()


class Piece(StrEnum):
    """What became of some words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words with one fate."""

    piece: Piece
    text: str


@dataclass(frozen=True, slots=True)
class ChangedFinding:
    """A judgement that is not what it was. `what`: finding, risk, use; empty: it was not there."""

    part: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MovedEvidence:
    """Evidence that one part cites no more, or cites now. `is_gone`: no part of the newer version cites it."""

    part: str
    evidence: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class ChangedGaps:
    """What was said not to be known, and is not said any more; and what is said newly."""

    part: str
    closed: tuple[str, ...]
    opened: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedWords:
    """A text whose words changed."""

    part: str
    field: str
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """All that changed from one version to another."""

    findings: tuple[ChangedFinding, ...]
    dropped: tuple[MovedEvidence, ...]
    added: tuple[MovedEvidence, ...]
    gaps: tuple[ChangedGaps, ...]
    frame: tuple[ChangedFinding, ...]
    """Cut-off, kind, conflict, contributors, next due."""
    wording: tuple[ChangedWords, ...]

    @property
    def is_empty(self) -> bool:
        """Do both say the same?"""
        return not (self.findings or self.dropped or self.added or self.gaps or self.frame or self.wording)

    @property
    def gone(self) -> tuple[str, ...]:
        """Evidence that the newer version cites nowhere, each once."""
        return tuple(dict.fromkeys(m.evidence for m in self.dropped if m.is_gone))


_WHOLE = "attitude"


def diff_of(before: Content, after: Content) -> Diff:
    """What changed, part by part, in the order of the newer version, then what only the older one has."""
    old, new = ({part_name(p): p for p in content.parts()} for content in (before, after))
    names = list(dict.fromkeys((*new, *old)))
    found = [_judged(n, old.get(n), new.get(n)) for n in names]
    attitude = _changed(_WHOLE, "finding", before.attitude, after.attitude)
    cited, was_cited = set(after.evidence()), set(before.evidence())
    moved = [(n, *_moved(_evidence(old.get(n)), _evidence(new.get(n)))) for n in names]
    return Diff(
        findings=(*attitude, *(c for changes in found for c in changes)),
        dropped=tuple(MovedEvidence(n, e, is_gone=e not in cited) for n, lost, _ in moved for e in lost),
        added=tuple(MovedEvidence(n, e, is_gone=e not in was_cited) for n, _, more in moved for e in more),
        gaps=_gaps(before, after, names, old, new),
        frame=_frame(before, after),
        wording=_wording(before, after, names, old, new),
    )


def word_diff(before: str, after: str) -> tuple[Words, ...]:
    """Words that stayed, went and came. Without the added ones they are `before`, without the removed `after`.

    Spaces belong to the word after them: they alone hold no two changes apart, and a change of them is seen.
    """
    old, new = _pieces(before), _pieces(after)
    made: list[Words] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            made.append(Words(Piece.SAME, "".join(old[i:j])))
            continue
        if j > i:
            made.append(Words(Piece.REMOVED, "".join(old[i:j])))
        if m > k:
            made.append(Words(Piece.ADDED, "".join(new[k:m])))
    return tuple(made)


def _pieces(text: str) -> Sequence[str]:
    return _PIECE.findall(text)


def _judged(name: str, old: Cell | UseRisk | None, new: Cell | UseRisk | None) -> tuple[ChangedFinding, ...]:
    fields = ("finding", "risk", "use") if isinstance(old or new, UseRisk) else ("finding",)
    changes = (_changed(name, f, getattr(old, f, ""), getattr(new, f, "")) for f in fields)
    return tuple(c for each in changes for c in each)


def _changed(part: str, what: str, before: object, after: object) -> tuple[ChangedFinding, ...]:
    return () if before == after else (ChangedFinding(part, what, str(before or ""), str(after or "")),)


def _evidence(part: Cell | UseRisk | None) -> tuple[str, ...]:
    return part.evidence if part else _EMPTY


def _moved(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What only the old has, and what only the new has."""
    return tuple(e for e in old if e not in set(new)), tuple(e for e in new if e not in set(old))


_Parts = dict[str, Cell | UseRisk]


def _gaps(before: Content, after: Content, names: list[str], old: _Parts, new: _Parts) -> tuple[ChangedGaps, ...]:
    pairs = [(_WHOLE, before.gaps, after.gaps)]
    pairs += [(n, old[n].gaps if n in old else (), new[n].gaps if n in new else ()) for n in names]
    made = (ChangedGaps(name, *_moved(was, now)) for name, was, now in pairs)
    return tuple(c for c in made if c.closed or c.opened)


def _frame(before: Content, after: Content) -> tuple[ChangedFinding, ...]:
    fields = ("cutoff", "kind", "conflict", "next_due", "contributors")
    said = ((f, *(_said(getattr(c, f)) for c in (before, after))) for f in fields)
    return tuple(c for f, was, now in said for c in _changed("version", f, was, now))


def _said(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


def _wording(
    before: Content, after: Content, names: list[str], old: _Parts, new: _Parts
) -> tuple[ChangedWords, ...]:
    texts = [(_WHOLE, "grounds", before.attitude_grounds, after.attitude_grounds)]
    for name in names:
        for f in ("grounds", "despite_gaps"):
            texts.append((name, f, getattr(old.get(name), f, ""), getattr(new.get(name), f, "")))
    return tuple(ChangedWords(n, f, word_diff(was, now)) for n, f, was, now in texts if was != now)
