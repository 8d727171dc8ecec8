"""The tables of the register against what was recorded: for `penholder fsck`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from penholder.actions.errors import ConflictError
from penholder.actions.replay import Difference, Recorded, replays
from penholder.register import events
from penholder.register.loading import hash_of, held_rows, held_state
from penholder.register.models import Condition, CustomsMessage, Licence, Line, LineVersion, Release
from penholder.register.policy import Fold, LineKey
from penholder.register.replay_rows import RecordedRows, derived
from penholder.register.rows import state_of
from penholder.register.values import LineState

_LIFE = (
    events.LicenceEntered, events.LicenceIssued, events.LineAmended, events.DraftAmended, events.LinesSuspended,
    events.LinesReinstated, events.LinesRevoked, events.LinesSurrendered, events.LineDrawn, events.LineExhausted,
    events.LinesExpired, events.ConditionAdded, events.ConditionFulfilled, events.ReleaseLoaded,
)  # fmt: skip
_COMPARED = ("status", "since", "version", "quantity_limit", "value_limit", "used_quantity", "used_value",
             "suspended_on", "review_by", "power")  # fmt: skip
_MESSAGE = ("licence", "lines", "kind", "effective_on", "due")


@replays(*_LIFE)
def lines_and_licences(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every line and licence as the events leave it, and as its row says; loaded releases by their hash.

    A licence of which private fields were erased cannot be computed any more: it is counted, and left out.
    """
    fold, rows = Fold(), RecordedRows()
    loaded: set[str] = set()
    erased: set[str] = set()
    for record in recorded:
        if record.event is None:
            erased.add(record.about)
        elif record.about in erased:
            continue
        elif isinstance(record.event, events.ReleaseLoaded):
            loaded.add(record.event.release)
            yield from _take_in(fold, record.event)
        else:
            try:
                fold.apply(record.event)
                rows.take(record.event, fold)
            except ConflictError as error:
                yield Difference(f"{record.about}, entry {record.number}", f"{record.name}: {error.message}")
    for release in Release.objects.exclude(release__in=loaded):
        yield Difference(f"release {release.release}", "is in the tables and not in the ledger")
    yield from _compare_lines(fold, erased)
    yield from _compare_licences(fold, erased)
    yield from rows.compare(erased=erased)
    yield from derived()
    if erased:
        yield Difference(
            f"{len(erased)} licences",
            "were not compared with their events, because private fields of them were erased",
            is_wrong=False,
        )


def _take_in(fold: Fold, event: events.ReleaseLoaded) -> Iterator[Difference]:
    """The lines of a release, from the tables, once their hash is that of the event."""
    release = Release.objects.filter(release=event.release).first()
    where = f"release {event.release}"
    if release is None:
        yield Difference(where, "is in the ledger and not in the tables")
        return
    found = hash_of(held_rows(release))
    if found != event.data_sha256:
        yield Difference(
            where, f"its rows were changed: their hash is {found[:12]}, it should be {event.data_sha256[:12]}"
        )
    counted = (release.public_id, release.rows, release.licences, release.refused, release.data_sha256)
    if counted != (event.loaded, event.rows, event.licences, event.refused, event.data_sha256):
        yield Difference(where, "its id or its counts are not those of the ledger")
    for row in held_rows(release):
        key, state = held_state(row, loaded_on=event.loaded_on)
        fold.take_in(key, state)


def _compare_lines(fold: Fold, erased: set[str]) -> Iterator[Difference]:
    steps = _versions()
    left = {key for key in fold.lines if key[0] not in erased}
    for line in Line.objects.select_related("licence").order_by("pk").iterator(chunk_size=2_000):
        key: LineKey = (line.licence.public_id, line.number)
        where = f"line {line.number} of {key[0]}"
        left.discard(key)
        if key[0] in erased:
            continue
        if key not in fold.lines:
            yield Difference(where, "is in the tables and not in the ledger")
            continue
        if said := _said(fold.lines[key], state_of(line)):
            yield Difference(where, f"the ledger and the tables differ in {said}")
        elif steps.get(line.pk) != (line.version, line.status):
            yield Difference(where, "its history does not end where the line stands")
    for licence, number in sorted(left):
        yield Difference(f"line {number} of {licence}", "is in the ledger and not in the tables")


def _versions() -> dict[int, tuple[int, str]]:
    """The last step of each line."""
    found = LineVersion.objects.order_by("line_id", "version").values_list("line_id", "version", "status")
    return {line: (version, status) for line, version, status in found.iterator(chunk_size=10_000)}


def _said(folded: LineState, held: LineState) -> str:
    """Names of what differs; `power` may be a word or its enum."""
    folded = replace(folded, power=str(folded.power))
    return ", ".join(n for n in _COMPARED if getattr(folded, n) != getattr(held, n))


def _compare_licences(fold: Fold, erased: set[str]) -> Iterator[Difference]:
    left = fold.licences.keys() | erased
    for public_id, version in Licence.objects.values_list("public_id", "version").iterator(chunk_size=10_000):
        left.discard(public_id)
        if public_id not in erased and fold.licences.get(public_id) != version:
            yield Difference(f"licence {public_id}", "its version is not what the ledger makes it")
    for public_id in sorted(left):
        yield Difference(f"licence {public_id}", "is in the ledger and not in the tables")


@replays(events.ConditionAdded, events.ConditionFulfilled)
def conditions(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Conditions, and when they were met."""
    done: dict[str, object] = {}
    for record in recorded:
        identity = str(record.values["condition"])
        done[identity] = record.values.get("done_on", done.get(identity))
    held: dict[str, object] = {
        c: d.isoformat() if d else None for c, d in Condition.objects.values_list("public_id", "done_on")
    }
    yield from _compare("condition", done, held)


@replays(events.CustomsMessageSent, events.CustomsMessageAcknowledged)
def messages(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Messages to customs, and whether they were acknowledged."""
    taken: dict[str, object] = {}
    for record in recorded:
        said = record.values
        identity = str(said["message"])
        if record.name == events.CustomsMessageSent.name:
            taken[identity] = [*(said[name] for name in _MESSAGE), None]
        elif isinstance(before := taken.get(identity), list):
            taken[identity] = [*before[:-1], datetime.fromisoformat(said["acknowledged_at"])]
    held: dict[str, object] = {
        m.public_id: [
            m.licence.public_id, list(m.lines), m.kind, m.effective_on.isoformat(), m.due.isoformat(),
            m.acknowledged_at,
        ]
        for m in CustomsMessage.objects.select_related("licence").iterator(chunk_size=2_000)
    }  # fmt: skip
    yield from _compare("customs message", taken, held)


def _compare(kind: str, recorded: dict[str, object], held: dict[str, object]) -> Iterator[Difference]:
    for identity in sorted(recorded.keys() | held.keys()):
        if identity not in held:
            yield Difference(f"{kind} {identity}", "is in the ledger and not in the tables")
        elif identity not in recorded:
            yield Difference(f"{kind} {identity}", "is in the tables and not in the ledger")
        elif recorded[identity] != held[identity]:
            yield Difference(f"{kind} {identity}", "the ledger and the tables differ")
