"""What a mapping can fill, for each kind of table: our columns, the form of each, and which are needed."""

from __future__ import annotations

from dataclasses import dataclass

OUTCOMES = frozenset({"issued", "refused", "revoked"})
STATES = frozenset({"none", "dated", "undated"})
FROM_KINDS = frozenset({"rating", "goods", "component", "maker", "platform"})
TO_KINDS = frozenset({"component", "platform", "means"})
RELATIONS = frozenset({"part_of", "found_inside", "carried_by", "used_for", "supplied_to"})
BASES = frozenset({"finding", "hint"})


@dataclass(frozen=True, slots=True)
class Target:
    """One column that a mapping may fill.

    `form`: key | text | word | end_user | list | day | last_day | place | places | money | quantity | count |
    bound | degrees | flag | grade. `words`: the only values allowed (empty: any).
    """

    name: str
    form: str
    needed: bool = False
    words: frozenset[str] = frozenset()
    private: bool = False
    """Its text is never shown in the quarantine: it may be narrative."""


def _table(*targets: Target) -> dict[str, Target]:
    return {t.name: t for t in targets}


LINES = _table(
    Target("licence", "key", needed=True),
    Target("cohort", "key"),
    Target("decided_on", "day", needed=True),
    Target("expires_on", "day"),
    Target("licence_type", "word"),
    Target("outcome", "word", needed=True, words=OUTCOMES),
    Target("rating", "list"),
    Target("description", "text", private=True),
    Target("destination", "place", needed=True),
    Target("onward", "places"),
    Target("onward_open", "flag"),
    Target("value", "money"),
    Target("currency", "word"),
    Target("quantity", "quantity"),
    Target("unit", "word"),
    Target("count", "count"),
    Target("criteria", "list"),
    Target("end_user", "end_user"),
    Target("onward_end_user", "end_user"),
    Target("end_user_state", "place"),
    Target("pooled", "flag"),
    Target("suspension", "word", words=STATES),
    Target("suspended_on", "day"),
    Target("reinstated_on", "day"),
    Target("revocation", "word", words=STATES),
    Target("revoked_on", "day"),
    Target("exported_before", "flag"),
)
INCIDENTS = _table(
    Target("incident", "key", needed=True),
    Target("starts_on", "day", needed=True),
    Target("ends_on", "last_day"),
    Target("date_precision", "word"),
    Target("place", "place"),
    Target("place_name", "text", private=True),
    Target("admin1", "text"),
    Target("admin2", "text"),
    Target("latitude", "degrees"),
    Target("longitude", "degrees"),
    Target("place_precision", "word"),
    Target("actors", "list"),
    Target("means", "list"),
    Target("object", "list"),
    Target("attacks_min", "count"),
    Target("attacks_max", "bound"),
    Target("killed_min", "count"),
    Target("killed_max", "bound"),
    Target("injured_min", "count"),
    Target("injured_max", "bound"),
    Target("certainty", "word"),
)
EDGES = _table(
    Target("edge", "key"),
    Target("from_kind", "word", needed=True, words=FROM_KINDS),
    Target("from_id", "text", needed=True),
    Target("to_kind", "word", needed=True, words=TO_KINDS),
    Target("to_id", "list", needed=True),
    Target("relation", "word", needed=True, words=RELATIONS),
    Target("basis", "word", needed=True, words=BASES),
    Target("grade", "grade", needed=True),
    Target("valid_from", "day"),
    Target("valid_until", "day"),
    Target("citation", "text", needed=True),
)
NOTES = _table(Target("licence", "key", needed=True), Target("text", "text", needed=True, private=True))
ONWARD = _table(Target("licence", "key", needed=True), Target("destination", "place", needed=True))
CRITERIA = _table(Target("licence", "key", needed=True), Target("criterion", "text", needed=True))
POINTS = _table(
    Target("admin1", "text", needed=True),
    Target("admin2", "text", needed=True),
    Target("latitude", "degrees", needed=True),
    Target("longitude", "degrees", needed=True),
)
TARGETS: dict[str, dict[str, Target]] = {
    "lines": LINES,
    "incidents": INCIDENTS,
    "edges": EDGES,
    "notes": NOTES,
    "onward": ONWARD,
    "criteria": CRITERIA,
    "points": POINTS,
    "not_used": {},
}
HOLDS = frozenset(TARGETS)
