"""The tables of the statements against what was recorded: for `penholder fsck`."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.replay import Difference, Recorded, replays
from penholder.statements import events
from penholder.statements.models import Outcome, Promise, Statement

_STATEMENT = ("destination", "said_on", "place", "speaker_role", "words", "source", "claims", "assessment")

_Rows = dict[str, dict[str, object]]


@replays(events.StatementRecorded)
def statements(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every statement, word by word."""
    said = {r.about: {n: r.values[n] for n in (*_STATEMENT, "version")} for r in recorded}
    held = {
        s.public_id: {
            **{n: getattr(s, n) for n in _STATEMENT},
            "said_on": s.said_on.isoformat(),
            "version": s.assessed,
        }
        for s in Statement.objects.iterator(chunk_size=500)
    }
    yield from _compare("statement", said, held)


@replays(events.PromiseRecorded, events.PromiseKept, events.PromiseReplaced)
def promises(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every promise, its due day, what became of it, and when that was recorded."""
    said: _Rows = {}
    for record in recorded:
        on = {"recorded_on": record.at.date()}
        match record.event:
            case events.PromiseRecorded() as made:
                said[made.promise] = {"words": made.words, "due": made.due, "state": "open", "version": 1}
            case events.PromiseKept() as kept:
                said[kept.promise] |= on | {"state": "kept", "on": kept.kept_on, "by": "", "version": 2}
            case events.PromiseReplaced() as new:
                said[new.promise] |= on | {"state": "replaced", "on": new.replaced_on, "by": new.by, "version": 2}
            case _:
                pass
    held: _Rows = {}
    for row in Promise.objects.select_related("outcome", "outcome__by").iterator(chunk_size=500):
        held[row.public_id] = {"words": row.words, "due": row.due, "state": "open", "version": row.version}
        ended: Outcome | None = getattr(row, "outcome", None)
        if ended is not None:
            by = ended.by.public_id if ended.by else ""
            days = {"on": ended.on, "recorded_on": ended.recorded_on}
            held[row.public_id] |= days | {"state": ended.state, "by": by}
    yield from _compare("promise", said, held)


def _compare(
    kind: str, said: dict[str, dict[str, object]], held: dict[str, dict[str, object]]
) -> Iterator[Difference]:
    for identity in sorted(said.keys() | held.keys()):
        if identity not in held:
            yield Difference(f"{kind} {identity}", "is in the ledger and not in the tables")
        elif identity not in said:
            yield Difference(f"{kind} {identity}", "is in the tables and not in the ledger")
        elif lost := [n for n in held[identity] if said[identity].get(n) != held[identity][n]]:
            yield Difference(f"{kind} {identity}", f"the ledger and the tables differ in {', '.join(lost)}")
