"""Acts that came back from the published files: which they are, and how each was settled.

`custody.recover` marks them in the index of acts. What they did to the tables is lost: each is to be done again,
or somebody says why that is not needed (`custody.settle_recovered`). That is an entry of the ledger: there is no
table, and a settlement that is itself recovered still counts. Acts on the ledger itself (`custody.*`) are whole.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from penholder.actions.models import Act
from penholder.actions.recording import SEALED_ACT
from penholder.actions.values import RECOVERED
from penholder.custody.events import RecoveredActSettled
from penholder.ledger.models import Entry

WITHOUT_TABLES = "custody."
"""Acts on the ledger itself: what they did is the entry."""


@dataclass(frozen=True, slots=True)
class RecoveredEntry:
    """One entry of such an act. `settled`: how, or empty while it is open.

    `about` is empty where the act is not public: what it was about was in its private fields, which are lost.
    """

    number: int
    place: int | None
    run: str
    act: str
    event: str
    about: str
    settled: str


def recovered_about(subjects: Collection[str]) -> tuple[RecoveredEntry, ...]:
    """The recovered entries about these subjects, oldest first. One statement where there are none, else two."""
    return _entries(about__in=subjects)


def recovered_run(place: int) -> tuple[RecoveredEntry, ...]:
    """The entries of the recovered act that stands at a place; empty where it is none."""
    run = Act.objects.filter(entry__place__seq=place, actor=RECOVERED).values_list("run", flat=True).first()
    return _entries(run=run) if run else ()


def unsettled() -> tuple[RecoveredEntry, ...]:
    """Every recovered entry that waits to be settled. Reads the whole index of acts."""
    return tuple(e for e in _entries() if not e.settled)


def settlements(runs: Collection[str] | None = None) -> dict[str, str]:
    """How recovered acts were settled, by their run: of these runs, or of all."""
    rows = Entry.objects.filter(event=RecoveredActSettled.name)
    if runs is not None:
        rows = rows.filter(about__in=runs)
    bodies = rows.order_by("id").values_list("about", "body")
    return {about: json.loads(body)["data"]["how"] for about, body in bodies}


def is_done_again(entry: RecoveredEntry) -> bool:
    """Has somebody done the same act on the same subject since, or on any, where that is not known?

    Of sealed ones it is not known either which act it was: True.
    """
    if entry.act == SEALED_ACT:
        return True
    since = Act.objects.filter(act=entry.act, entry_id__gt=entry.number).exclude(actor=RECOVERED)
    return (since.filter(about=entry.about) if entry.about else since).exists()


def _entries(**wanted: object) -> tuple[RecoveredEntry, ...]:
    rows = Act.objects.filter(actor=RECOVERED, **wanted).exclude(entry__event__startswith=WITHOUT_TABLES)
    found = list(rows.select_related("entry__place").order_by("entry_id"))
    known = settlements({row.run for row in found}) if found else {}
    return tuple(_entry(row, known.get(row.run, "")) for row in found)


def _entry(row: Act, settled: str) -> RecoveredEntry:
    place = row.entry.place.seq if hasattr(row.entry, "place") else None
    return RecoveredEntry(row.entry_id, place, row.run, row.act, row.entry.event, row.about, settled)
