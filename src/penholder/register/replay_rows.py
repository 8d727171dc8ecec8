"""Row by row: licences, terms, histories, draws and conditions are what was recorded. For `penholder fsck`.

What came with a release is compared by its hash (`replay`); what was done to it since is compared here.
Memory: one digest for each row that an event has made.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.db.models import F, OuterRef, Q, Subquery

from penholder.actions.events import Event
from penholder.actions.replay import Difference
from penholder.register import events
from penholder.register.models import Condition, Draw, Licence, Line, LineVersion, Terms
from penholder.register.policy import Fold
from penholder.register.rows import centi, columns_of_terms, milli, terms_of
from penholder.register.values import LineTerms

_BATCH = 2_000
_Name = tuple[str, str, int, int]
"""What it is, of which licence, of which line (0: of none), which one (from 1)."""
_Value = str | int | date | None
_Row = tuple[str, str, int, tuple[_Value, ...]]


class RecordedRows:
    """The rows that events have made, as digests."""

    def __init__(self) -> None:
        self._rows: dict[_Name, bytes] = {}
        self._made: Counter[tuple[str, str, int]] = Counter()

    def take(self, event: Event, fold: Fold) -> None:
        """One more event; `fold` has it already."""
        match event:
            case events.LicenceEntered():
                self._enter(event, fold)
            case events.LineAmended() | events.DraftAmended():
                self._add("terms", event.licence, event.line, _of_terms(event.effective_on, event.after))
                self._step(event.licence, (event.line,), fold, on=event.effective_on)
            case events.LineDrawn():
                said = (event.source, event.message, milli(event.quantity), centi(event.value), event.happened_on)
                self._add("draw", event.licence, event.line, (*said, event.origin.value, event.completeness.value))
            case events.LineExhausted():
                self._step(event.licence, (event.line,), fold, on=event.effective_on)
            case events.ConditionAdded():
                of = (event.condition, str(list(event.lines)), event.text, event.timing.value, event.due)
                self._add("condition", event.licence, 0, of)
            case events.LinesRevoked():
                self._step(event.licence, event.lines, fold, on=event.effective_on, limb=event.limb)
            case (
                events.LicenceIssued() | events.LinesSuspended() | events.LinesReinstated()
                | events.LinesSurrendered() | events.LinesExpired()
            ):  # fmt: skip
                self._step(event.licence, event.lines, fold, on=event.effective_on)

    def compare(self, *, erased: Collection[str]) -> Iterator[Difference]:
        """What the tables say otherwise; licences in `erased` are left out."""
        found: Counter[tuple[str, str, int]] = Counter()
        for what, licence, line, values in _held():
            found[what, licence, line] += 1
            name = (what, licence, line, found[what, licence, line])
            recorded = self._rows.pop(name, None)
            if licence in erased or recorded == _digest(values):
                continue
            said = "is in the tables and not in the ledger" if recorded is None else "is not what was recorded"
            yield Difference(_said(name), said)
        for name in sorted(self._rows):
            if name[1] not in erased:
                yield Difference(_said(name), "is in the ledger and not in the tables")

    def _enter(self, event: events.LicenceEntered, fold: Fold) -> None:
        days = (event.decided_on, event.valid_from, event.valid_until)
        reason = event.without_case.value if event.without_case else ""
        origin = (event.case, reason, event.without_case_words)
        said = (event.reference, event.licence_type, event.exporter, *days, *origin)
        self._add("licence", event.licence, 0, said)
        for number, terms in enumerate(event.lines, start=1):
            self._add("terms", event.licence, number, _of_terms(event.decided_on, terms))
        self._step(event.licence, range(1, len(event.lines) + 1), fold, on=event.decided_on)

    def _step(self, licence: str, numbers: Iterable[int], fold: Fold, *, on: date, limb: str = "") -> None:
        for number in numbers:
            state = fold.lines[licence, number]
            self._add("step", licence, number, (state.version, state.status.value, on, limb))

    def _add(self, what: str, licence: str, line: int, values: tuple[_Value, ...]) -> None:
        self._made[what, licence, line] += 1
        self._rows[what, licence, line, self._made[what, licence, line]] = _digest(values)


def derived() -> Iterator[Difference]:
    """Columns of lines that repeat others for the lists: the newest destination, the end of the licence."""
    newest = Terms.objects.filter(line=OuterRef("pk")).order_by("-effective_on", "-id").values("destination")
    lines = Line.objects.annotate(newest=Subquery(newest[:1])).order_by("pk")
    named = lines.values_list("licence__public_id", "number")
    for licence, number in named.exclude(destination=F("newest")).iterator(chunk_size=_BATCH):
        yield Difference(f"line {number} of {licence}", "its destination is not that of its newest terms")
    entered = named.filter(licence__release=None)
    for licence, number in entered.exclude(valid_until=F("licence__valid_until")).exclude(
        valid_until=None, licence__valid_until=None
    ):
        yield Difference(f"line {number} of {licence}", "its end is not that of its licence")


def _held() -> Iterator[_Row]:
    """The rows of the tables, those of one line in the order in which they were made."""
    since = Q(line__licence__release=None) | ~Q(change=F("line__licence__release__change"))
    columns = (
        "public_id", "reference", "licence_type", "exporter", "decided_on", "valid_from", "valid_until",
        "case", "without_case", "without_case_words",
    )  # fmt: skip
    entered = Licence.objects.filter(release=None).order_by("pk").values_list(*columns)
    for licence, *values in entered.iterator(chunk_size=_BATCH):
        yield "licence", licence, 0, tuple(values)
    of = ("line__licence__public_id", "line__number")
    terms = Terms.objects.filter(since).select_related("line__licence").order_by("line_id", "pk")
    for row in terms.iterator(chunk_size=_BATCH):
        said = _of_terms(row.effective_on, terms_of(row))
        yield "terms", row.line.licence.public_id, row.line.number, said
    steps = LineVersion.objects.filter(since).order_by("line_id", "version")
    for licence, line, *values in steps.values_list(*of, "version", "status", "effective_on", "limb").iterator(
        _BATCH
    ):
        yield "step", licence, line, tuple(values)
    draws = Draw.objects.order_by("line_id", "pk").values_list(
        *of, "source", "message", "quantity_milli", "value_centi", "happened_on", "origin", "completeness"
    )
    for licence, line, *values in draws.iterator(chunk_size=_BATCH):
        yield "draw", licence, line, tuple(values)
    for held in Condition.objects.select_related("licence").order_by("licence_id", "pk").iterator(_BATCH):
        of_condition = (held.public_id, str(held.lines), held.text, held.timing, held.due)
        yield "condition", held.licence.public_id, 0, of_condition


def _of_terms(on: date, terms: LineTerms) -> tuple[_Value, ...]:
    return (on, *(v if isinstance(v, int) else str(v) for v in columns_of_terms(terms).values()))


def _digest(values: tuple[_Value, ...]) -> bytes:
    said = repr([v.isoformat() if isinstance(v, date) else v for v in values])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()[:16]


def _said(name: _Name) -> str:
    what, licence, line, number = name
    if what == "licence":
        return f"licence {licence}"
    of = f"line {line} of {licence}" if line else licence
    return f"{what} {number} of {of}"
