"""The small tables from which sample lines and incidents are drawn.

Shares follow the published record of 2008 to 2015 in round figures (share of lines by rating, of licences with
one line, of refusals); the goods, states and parties are invented.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goods:
    """A kind of goods: its rating cell, its published description (None: none given), its share of all lines."""

    rating: str
    description: str | None
    share: int


GOODS = (
    Goods("ML10", "components for combat aircraft", 60),
    Goods("ML10", "components for transport aircraft", 30),
    Goods("ML10", "components for trainer aircraft", 20),
    Goods("ML10", None, 30),
    Goods("ML1", "sporting rifles", 50),
    Goods("ML1", "assault rifles", 15),
    Goods("ML1", None, 35),
    Goods("5A002", None, 75),
    Goods("ML11", "mission computers", 20),
    Goods("ML11", None, 55),
    Goods("ML5", "targeting equipment", 15),
    Goods("ML5", None, 28),
    Goods("ML6", "components for armoured vehicles", 20),
    Goods("ML6", None, 20),
    Goods("ML4", "guided bombs", 8),
    Goods("ML4", "components for air-launched missiles", 12),
    Goods("ML4", None, 18),
    Goods("ML22", None, 20),
    Goods("ML10;ML22", "technology for combat aircraft", 8),
    Goods("6A003", None, 30),
    Goods("PL5017", None, 27),
    Goods("2B350", None, 28),
    Goods("ML3", None, 26),
    Goods("ML7", None, 24),
    Goods("ML13", "body armour", 23),
    Goods("ML9", "components for patrol vessels", 14),
    Goods("ML9", None, 10),
    Goods("ML15", None, 16),
    Goods("ML21", None, 16),
    Goods("7A003", None, 12),
    Goods("ML2", None, 10),
    Goods("ML16", "forgings for aero-engines", 16),
    Goods("ML16", None, 4),
    Goods("7A103", None, 9),
    Goods("1A004", None, 9),
    Goods("6A002", None, 8),
    Goods("1C351", None, 7),
    Goods("ML14", None, 7),
    Goods("5A001", None, 7),
    Goods("6A001", None, 7),
    Goods("ML17", "pumps for patrol vessels", 3),
    Goods("ML17", None, 4),
    Goods("PL5001", None, 4),
    Goods("ML8", None, 5),
    Goods("ML18", None, 5),
    Goods("9A012", None, 3),
    Goods("5D002", None, 23),
)

LINES_PER_LICENCE = ((1, 690), (2, 190), (3, 70), (4, 32), (5, 12), (6, 6))
"""(number of lines, licences per thousand)."""
ONWARD_PER_THOUSAND = 90
REFUSED_PER_THOUSAND = 15
CRITERIA = (("1", 415), ("7", 300), ("5", 135), ("2", 98), ("3", 30), ("4", 21), ("2;7", 1))


@dataclass(frozen=True, slots=True)
class NoteKind:
    """A kind of note: its text, the facts that it states, its share of a thousand licences."""

    text: str
    share: int
    end_user: str = "not_stated"
    onward_end_user: str = "not_stated"
    pooled: bool = False
    temporary: bool = False
    suspension: str = "none"
    revocation: str = "none"
    exported_before: bool | None = None


NOTE_KINDS = (
    NoteKind("Licence granted for civilian / commercial end use.", 30, end_user="commercial"),
    NoteKind("Licence granted for armed forces end use.", 25, end_user="forces"),
    NoteKind("Licence granted for end use by the Air Force.", 10, end_user="forces"),
    NoteKind("Licence granted for government end use.", 12, end_user="government"),
    NoteKind("Licence granted for use by a law enforcement agency.", 6, end_user="law_enforcement"),
    NoteKind("Licence granted for sporting / hunting purposes. Personal end use.", 6, end_user="personal"),
    NoteKind("Licence granted for academic research purposes. Academic end users.", 4, end_user="academic"),
    NoteKind(
        "Goods to be held in stock by a commercial company against future orders.", 4, "commercial", pooled=True
    ),
    NoteKind("After further review this licence was suspended.", 2, suspension="undated"),
)

MEANS = (
    ("air_strike", 430), ("artillery", 190), ("ground", 130), ("naval_fire", 60), ("siege_obstruction", 60),
    ("detention", 30), (None, 100),
)  # fmt: skip
OBJECTS = ("home", "market", "school", "clinic", "road", "water works", "farm", "military site", None)
