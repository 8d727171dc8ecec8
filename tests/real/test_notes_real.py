"""Published notes: how many are coded, the states of licences, and 150 texts judged by hand.

No text is kept in the project: tests/golden/notes/judged.csv holds the SHA-256 of each text and what it was judged
to say, written down before the reader of notes had seen it.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from penholder.analysis.sources.notes import NoteFacts, derive, uncoded

pytestmark = pytest.mark.real

JUDGED = Path(__file__).parents[1] / "golden" / "notes" / "judged.csv"
WORDS = ("end_user", "onward_end_user", "end_user_state", "route", "suspension", "revocation")


def texts_of(path: Path) -> list[str]:
    if not path.is_file():
        pytest.skip(f"no such real data: {path.name}")
    with path.open(encoding="utf-8", newline="") as stream:
        return [row["text"] for row in csv.DictReader(stream)]


@pytest.fixture(scope="module")
def later(real_data: Path) -> list[str]:
    return texts_of(real_data / "uk-licences" / "end-use-notes" / "footnotes-licence.csv")


@pytest.fixture(scope="module")
def earlier(real_data: Path) -> list[str]:
    return texts_of(real_data / "uk-licences" / "2008-2015" / "footnotes_licence.csv")


def test_98_percent_of_rows_and_90_percent_of_texts_are_coded(later: list[str]) -> None:
    missing = uncoded(later)
    assert (len(later), len(set(later))) == (14_092, 681)
    assert sum(count for _, count in missing) <= 0.02 * len(later)
    assert len(missing) <= 0.10 * len(set(later))


def test_judged_by_hand(later: list[str], earlier: list[str]) -> None:
    known = {hashlib.sha256(text.encode()).hexdigest(): text for text in {*later, *earlier}}
    with JUDGED.open(encoding="utf-8", newline="") as stream:
        judged = list(csv.DictReader(stream))
    wrong = [row["sha256"] for row in judged if not _agrees(derive(known[row["sha256"]]), row)]
    assert len(judged) == 150
    assert len(wrong) <= 4, f"more than 3% wrong: {wrong}"


def _agrees(found: NoteFacts, row: dict[str, str]) -> bool:
    defaults = NoteFacts()
    words = all((getattr(found, name) or "") == (row[name] or getattr(defaults, name) or "") for name in WORDS)
    rest = (found.pooled, found.exported_before, found.corrected_destination, found.removed_destinations)
    return words and found.temporary == (row["temporary"] == "yes") and rest == (False, None, None, None)


def test_every_text_with_a_suspension_or_revocation(later: list[str], earlier: list[str]) -> None:
    told: Counter[tuple[object, ...]] = Counter()
    for text in {*later, *earlier}:
        facts = derive(text)
        if (facts.suspension, facts.revocation) != ("none", "none"):
            told[
                facts.suspension, facts.suspended_on, facts.exported_before, facts.revocation, facts.revoked_on
            ] += 1
    day = date(2013, 8, 28)
    assert told == {
        ("dated", day, None, "none", None): 3,
        ("dated", day, True, "none", None): 1,
        ("undated", None, None, "none", None): 1,
        ("none", None, None, "undated", None): 3,
    }


def test_no_text_that_speaks_of_the_state_of_a_licence_is_missed(later: list[str], earlier: list[str]) -> None:
    speaking = {t for t in {*later, *earlier} if any(w in t.lower() for w in ("suspen", "revok", "surrender"))}
    assert len(speaking) == 8
    assert all((derive(t).suspension, derive(t).revocation) != ("none", "none") for t in speaking)


def test_corrected_and_removed_destinations(later: list[str]) -> None:
    found = Counter((derive(t).corrected_destination, derive(t).removed_destinations) for t in later)
    assert {k: n for k, n in found.items() if any(k)} == {("Channel Islands", None): 7, (None, "UA"): 20}


def test_notes_in_which_the_forces_are_named_are_not_civil(later: list[str], earlier: list[str]) -> None:
    """The worst error: a civil class alone, though the text names a force as user, customer or final user."""
    bodies = ("armed forces", "air force", "navy", "naval", "military end use", "defence end use", "army")
    hidden = [
        text
        for text in {*later, *earlier}
        if any(body in text.lower() for body in bodies)
        and not {"forces", "government", "not_stated"} & set(derive(text).end_user.split(";"))
        and "forces" not in derive(text).onward_end_user
        and not any(denial in text for denial in ("no military", "non-military", "not intended", "not for use by"))
    ]
    assert hidden == []
