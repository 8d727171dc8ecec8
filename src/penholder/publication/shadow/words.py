"""Words of the pages for what the analysis names shortly: gaps, kinds of rows, grades, causes, columns."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from penholder.analysis.browse.words import day_words
from penholder.kernel.dates import Precision, parse_partial
from penholder.kernel.errors import InputError
from penholder.regime.licence_types import licence_types

MISSING = {
    "no graph edges of its own": "Which goods are parts of which weapons, beyond the hints that Penholder brings.",
    "no incidents": "Reported incidents.",
    "no notes": "Notes: end users, suspensions and revocations are known only where the lines state them.",
}
"""What a data folder has not, by how `penholder info` begins to say it."""
_UNLOADED = {
    "exact_repeat": "records of the sources repeat another one exactly, and count once.",
    "not_used": "rows stand in files of the sources that this register does not read.",
}
HOLDS = {
    "lines": "licence lines",
    "onward": "final destinations",
    "criteria": "criteria of refusal",
    "notes": "notes on licences",
    "incidents": "reported incidents",
    "not_used": "not read",
}
NOTICES = {
    "no edges are loaded: every path rests on the table of hints": "No data say which goods are parts of which "
    "weapons: every path rests on the hints that Penholder brings.",
}
BASIS = {"hint": "a hint", "finding": "a finding"}
CAUSES = {
    "destination_not_a_country": "The stated destination is no country, or several.",
    "operators_not_complete": "The profile does not say that its list of the states that took part is complete.",
    "pooled_supply": "The goods go to a pool or a stock of several users.",
    "onward_place_not_stated": "The goods go on, and nobody says where.",
    "rating_has_no_role": "There is no rating, or no hint what goods of this rating serve.",
    "hint_not_exhaustive": "The goods may serve more than the hint names.",
    "profile_silent_on_means": "The goods serve means of which the profile does not say whether they were used.",
    "government_branch_not_stated": "The end user is a government; which branch of it is not stated.",
    "note_may_speak_of_another_line": "A note names a civil user, perhaps of another line of the licence.",
    "end_user_not_stated": "The goods are on no military list, and the end user is not stated.",
    "destination_operates_no_party": "No state of its places took part, by a list that is said to be complete.",
    "no_such_means": "The goods serve no means that was used.",
    "stated_civil_end_user": "The end user is stated, and is no force.",
}
"""Why a line is unknown or excluded, as docs/reference/definitions.md has it."""
_RELIABLE = {
    "A": "completely reliable", "B": "usually reliable", "C": "fairly reliable", "D": "not usually reliable",
    "E": "unreliable", "F": "reliability cannot be judged",
}  # fmt: skip
_CREDIBLE = {
    "1": "confirmed by other sources", "2": "probably true", "3": "possibly true", "4": "doubtful",
    "5": "improbable", "6": "truth cannot be judged",
}  # fmt: skip
_COLUMNS = {
    "licence": "Licence", "decided_on": "Decided", "destination_name": "Destination", "onward": "Goes on to",
    "licence_type": "Type", "criteria": "Criteria of refusal", "count": "Number of items or licences",
    "expires_on": "Ends before", "onward_open": "Goes on to an unnamed place",
}  # fmt: skip
CLASSES = {"added": "only in the later one", "removed": "only in the earlier one"}
_CELL = re.compile(r"(?:\A|; )([a-z_]+)=(.*?)(?=; [a-z_]+=|\Z)", re.DOTALL)


def unloaded(reason: str) -> str:
    """Why some rows were not loaded, after their number."""
    return _UNLOADED.get(reason, f"records of the sources were not loaded: {reason.replace('_', ' ')}.")


def grade_words(grade: str) -> str:
    """`B2: usually reliable, probably true`; another word as it is."""
    reliable, credible = _RELIABLE.get(grade[:1]), _CREDIBLE.get(grade[1:])
    return f"{grade}: {reliable}, {credible}" if reliable and credible else grade


def column_words(name: str) -> str:
    """`destination_name` -> `Destination`."""
    return _COLUMNS.get(name, name.replace("_", " ").capitalize())


def told(text: str | None) -> tuple[tuple[str, str], ...]:
    """`decided_on=2011-09; value=1504190.00` -> (("Decided", "September 2011"), ("Value", "1,504,190.00"))."""
    return tuple((column_words(name), _cell_words(name, value)) for name, value in _CELL.findall(text or ""))


def _cell_words(name: str, value: str) -> str:
    if value == "not stated":
        return value
    if name == "licence_type" and value in licence_types():
        return licence_types()[value].title
    if name == "value":
        return _number(value)
    if name in {"decided_on", "expires_on", "suspended_on"}:
        return _dated(value)
    return value.replace(";", ", ").replace("_", " ")


def _number(value: str) -> str:
    try:
        return f"{Decimal(value):,}"
    except InvalidOperation:
        return value


def _dated(value: str) -> str:
    try:
        found = parse_partial(value)
    except InputError:
        return value
    day: date = found.first
    if found.precision is Precision.DAY:
        return day_words(day)
    return f"{day:%B} {day.year}" if found.precision is Precision.MONTH else str(day.year)
