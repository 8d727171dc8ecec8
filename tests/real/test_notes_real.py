"""Published notes: how many are coded, the states of licences, and twice 150 texts read by hand.

No text is kept in the project: tests/golden/notes holds the SHA-256 of each text and what it was read to say. The
readings are as they were written down; where Penholder differs from them, the test says in what.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.sources.load import load
from penholder.analysis.sources.notes import NoteFacts, derive, uncoded

pytestmark = [pytest.mark.real, pytest.mark.slow]

GOLDEN = Path(__file__).parents[1] / "golden" / "notes"
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


@pytest.fixture(scope="module")
def known(later: list[str], earlier: list[str]) -> dict[str, NoteFacts]:
    return {hashlib.sha256(text.encode()).hexdigest(): derive(text) for text in {*later, *earlier}}


def read_by_hand(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_first_reader(known: dict[str, NoteFacts]) -> None:
    """The three texts name the forces as customers of a civil user: the first reader took them for users."""
    judged = read_by_hand("judged.csv")
    wrong = {row["sha256"]: known[row["sha256"]] for row in judged if not _agrees(known[row["sha256"]], row)}
    assert len(judged) == 150
    assert {sha[:8] for sha in wrong} == {"7b05346d", "be1ff171", "e09549db"}
    assert {(f.end_user, f.onward_end_user) for f in wrong.values()} == {("commercial", "forces")}


def test_the_second_reader(known: dict[str, NoteFacts]) -> None:
    """What differs, and why: docs/reference/facts-from-notes.md, 'How good it is'."""
    readings = read_by_hand("second-reader.csv")
    differs = [(row, d) for row in readings if (d := _differences(known[row["sha256"]], row))]
    assert (len(readings), len(differs)) == (150, 26)
    assert Counter(name for _, names in differs for name in names) == {
        "end_user": 15, "onward_end_user": 2, "end_user_state": 9, "temporary": 1,
    }  # fmt: skip
    assert [row for row in readings if _hides_forces(known[row["sha256"]].end_user, row["end_user"])] == []


def _differences(found: NoteFacts, row: dict[str, str]) -> list[str]:
    nothing = {"not_stated": "", "none": "", "False": "", "None": "", "True": "yes"}
    said = {name: str(getattr(found, name)) for name in row if name != "sha256"}
    return [name for name, word in said.items() if nothing.get(word, word) != row[name]]


def _hides_forces(found: str, read: str) -> bool:
    """A civil class alone, where the text was read to name the forces, the government or no user."""
    return _is_civil(found) and (not read or bool({"forces", "government"} & set(read.split(";"))))


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


def test_a_civil_note_on_a_group_of_licences_counts_only_where_it_fits_one_line(
    real_data: Path, tmp_path: Path, earlier: list[str]
) -> None:
    """A key of this release stands for licences of one day and place; a note may speak of any of them."""
    source = real_data / "uk-licences" / "2008-2015"
    load(source, into=tmp_path / "data", kind="uk-licences", released=date(2015, 6, 30))
    wanted = ["line", "licence", "count", "end_user", "notes"]
    lines = read_rows(read_catalogue(tmp_path / "data"), "lines", columns=wanted).to_pylist()
    stated = {line["line"]: line["end_user"] for line in lines}
    assert (stated["68283:1"], stated["68283:2"]) == ("commercial", "unclear")  # 5A002, 8A002; "cryptographic"
    beside = Counter({k: n for k, n in Counter(line["licence"] for line in lines).items() if n > 1})
    civil = [line for line in lines if _is_civil(line["end_user"])]
    shared = [line for line in civil if line["count"] > 1 or beside[line["licence"]]]
    assert (len(lines), len(civil), len(shared)) == (96_311, 1_036, 100)
    for line in shared:
        notes = [derive(earlier[int(note.rpartition(":")[2]) - 1]) for note in line["notes"].split(";")]
        assert any(note.goods and _is_civil(note.end_user) for note in notes)


def _is_civil(cell: str) -> bool:
    return cell not in {"not_stated", "unclear"} and not {"forces", "government"} & set(cell.split(";"))
