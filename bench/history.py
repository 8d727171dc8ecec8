"""What several clients did to licence lines at once: was it as if they had come one after the other? Pure.

The order is that of the ledger: acts on one licence are replayed in the order of their entries against a small
model of the line, and everything that a client was told must be what the model says. Also: who was answered before
another one asked stands before it (strict serialisability per licence).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

LIMIT = 100
"""Items that a line allows."""
_AFTER = {"suspend": "suspended", "reinstate": "issued", "revoke": "revoked", "surrender": "surrendered"}
_FROM = {
    "suspend": frozenset({"issued"}),
    "reinstate": frozenset({"suspended"}),
    "revoke": frozenset({"issued", "suspended"}),
    "surrender": frozenset({"issued", "suspended"}),
}


@dataclass(frozen=True, slots=True)
class Did:
    """One act that succeeded, as its client saw it. Times in nanoseconds of one clock."""

    kind: str
    licence: str
    started: int
    ended: int
    entry: int
    """Number of the first entry that it made."""
    seen: int = 0
    """Version that the client named; 0 for draws, which name none."""
    version: int = 0
    """Version that it was told is the next."""
    quantity: int = 0
    used: int = 0
    """What it was told is used now."""


@dataclass(slots=True)
class Line:
    """A line and its licence, as the model has them."""

    status: str = "issued"
    version: int = 2
    used: int = 0


def check(history: Iterable[Did], final: Mapping[str, Line]) -> Iterator[str]:
    """What cannot have happened one after the other; nothing where all is well.

    Args: final: each licence as the database has it in the end.
    """
    acts = sorted(history, key=lambda d: (d.licence, d.entry))
    seen = set()
    for licence, own in groupby(acts, key=lambda d: d.licence):
        seen.add(licence)
        line, before = Line(), list[Did]()
        for did in own:
            yield from _step(line, did)
            late = [b for b in before if did.ended < b.started]
            if late:
                yield f"{licence}: {did.kind} of entry {did.entry} was over before entry {late[0].entry} began"
            before.append(did)
        if licence in final and final[licence] != line:
            yield f"{licence}: the acts lead to {line}, the database has {final[licence]}"
    for licence in final.keys() - seen:
        if final[licence] != Line():
            yield f"{licence}: nobody changed it, and the database has {final[licence]}"


def _step(line: Line, did: Did) -> Iterator[str]:
    where = f"{did.licence}, entry {did.entry}, {did.kind}"
    if did.kind == "draw":
        if line.status != "issued":
            yield f"{where}: the line was {line.status}"
        line.used += did.quantity
        if line.used > LIMIT:
            yield f"{where}: overdrawn, {line.used} of {LIMIT}"
        if did.used != line.used:
            yield f"{where}: lost update, it was told {did.used} are used, but {line.used} are"
        if line.used == LIMIT:
            line.status, line.version = "exhausted", line.version + 1
        return
    if did.seen != line.version:
        yield f"{where}: lost update, it had seen version {did.seen}, but {line.version} was there"
    if line.status not in _FROM[did.kind]:
        yield f"{where}: the line was {line.status}"
    line.status, line.version = _AFTER[did.kind], line.version + 1
    if line.status == "issued" and line.used >= LIMIT:
        line.status, line.version = "exhausted", line.version + 1
    if did.version != line.version:
        yield f"{where}: it was told version {did.version}, but {line.version} came of it"
