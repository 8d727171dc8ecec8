"""A small published log, and byte by byte what a release makes of it. Change the files only with the definitions.

To write them anew: python -m tests.golden.test_publication_golden
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from penholder.publication.releases import files
from penholder.publication.releases.tables import made_tables
from tests.unit.publication.facts_ground import Log
from tests.unit.publication.test_release_changes import material

FOLDER = Path(__file__).parent / "publication"
NAMES = ("lines", "destinations", "entries")


def log() -> Log:
    """Three licences: one suspended in part, one revoked, one that ran out."""
    made = Log()
    made.issue("L-aaaa", ("XV", "ML10;ML6"), ("XN", "6A002"))
    made.issue("L-bbbb", ("XV", "ML4"), on=date(2024, 6, 10))
    made.issue("L-cccc", ("XN", ""), on=date(2024, 6, 20), until=date(2024, 8, 1))
    made.suspend("L-aaaa", 2, on=date(2024, 7, 1))
    made.revoke("L-bbbb", 1, on=date(2024, 7, 2))
    return made


def content() -> dict[str, bytes]:
    """File -> its bytes."""
    tables = made_tables(material(log(), on=date(2024, 9, 2)))
    found = {f"{n}.csv": files.as_csv(files.SHAPES[n], tables[n]) for n in NAMES}
    return found | {f"{n}.jsonl": files.as_lines(files.SHAPES[n], tables[n]) for n in NAMES}


@pytest.mark.parametrize("name", sorted(content()))
def test_the_same_log_gives_the_same_bytes(name: str) -> None:
    assert content()[name] == (FOLDER / name).read_bytes()


if __name__ == "__main__":
    for file, data in content().items():
        (FOLDER / file).write_bytes(data)
