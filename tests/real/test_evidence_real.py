"""Published tables of incidents go through the door of evidence: none is taken for one about persons."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.casework import start_django

start_django()

from penholder.evidence.reading import read_file  # noqa: E402 - Django first

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    ("path", "layout", "read", "reasons", "hospitals"),
    [
        ("ucdp/ucdp-ukraine-2014-2021.csv", "ucdp-ged", 2_989, {}, 0),
        ("ucdp/ucdp-ged-23.1-sample1000.csv", "ucdp-ged", 1_000, {"too_long": 2}, 0),
        ("who-ssa/attacks-2020-2022.csv", "who-attacks", 2_968, {}, 1_804),
        ("air-raids/air-raids-2015.csv", "yemen-air-raids", 5_444, {}, 40),
    ],
)
def test_every_row_is_read_or_kept_out_with_a_reason(
    *, real_data: Path, path: str, layout: str, read: int, reasons: dict[str, int], hospitals: int
) -> None:
    with (real_data / path).open("rb") as stream:
        found = read_file(stream, layout=layout, received_on=date(2026, 11, 1))
    assert (found.read, dict(found.reasons)) == (read, reasons)
    assert len(found.rows) + len(found.refused) == read
    assert sum(f.object_class == "hospital" for _, f in found.rows) == hospitals
