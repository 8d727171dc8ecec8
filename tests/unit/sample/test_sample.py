from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.sample.lines import FIRST_DAY, LAST_DAY
from penholder.analysis.sample.write import write_sample
from penholder.kernel.errors import FolderError


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large") / "data"
    write_sample(folder, lines=40_000, incidents=5_000, seed=3)
    return folder


def share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1)


def test_the_shares_are_like_the_real_record(large: Path) -> None:
    lines = read_rows(read_catalogue(large), "lines")
    sizes = pc.value_counts(lines["licence"]).field("counts").to_pylist()
    assert lines.num_rows == 40_000
    assert 68 <= share(sizes.count(1), len(sizes)) <= 70
    assert 1.2 <= share(pc.sum(pc.equal(lines["outcome"], "refused")).as_py(), 40_000) <= 1.8
    onward = pc.count_distinct(lines.filter(pc.is_valid(lines["onward"]))["licence"]).as_py()
    assert 8.4 <= share(onward, len(sizes)) <= 9.6


def test_dates_run_from_2008_to_2025_and_refused_lines_have_no_value(large: Path) -> None:
    lines = read_rows(read_catalogue(large), "lines")
    assert pc.min(lines["decided_on"]).as_py() >= FIRST_DAY
    assert pc.max(lines["decided_on"]).as_py() <= LAST_DAY
    refused = lines.filter(pc.equal(lines["outcome"], "refused"))
    assert refused["value"].null_count == refused.num_rows
    assert refused["criteria"].null_count == 0


def test_line_ids_are_unique_and_count_within_their_licence(large: Path) -> None:
    lines = read_rows(read_catalogue(large), "lines", columns=["line", "licence"])
    assert pc.count_distinct(lines["line"]).as_py() == 40_000
    last: dict[str, int] = {}
    for line, licence in zip(lines["line"].to_pylist(), lines["licence"].to_pylist(), strict=True):
        last[licence] = last.get(licence, 0) + 1
        assert line == f"{licence}:{last[licence]}"


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(tmp_path: Path) -> None:
    hashes = [
        write_sample(tmp_path / name, lines=300, incidents=50, seed=seed).data_hash()
        for name, seed in (("a", 5), ("b", 5), ("c", 6))
    ]
    assert hashes[0] == hashes[1] != hashes[2]


def test_only_invented_codes_occur(large: Path) -> None:
    lines = read_rows(read_catalogue(large), "lines", columns=["destination"])
    codes = set(pc.unique(lines["destination"].combine_chunks().cast("string")).to_pylist())
    assert all(c[0] == "X" and len(c) == 2 and c != "XK" for c in codes - {"Continental Shelf"})


def test_an_existing_data_folder_is_not_overwritten(large: Path) -> None:
    with pytest.raises(FolderError, match="exists and is not an empty folder"):
        write_sample(large, lines=10, incidents=0, seed=1)


def test_a_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("mine")
    with pytest.raises(FolderError, match="exists and is not an empty folder"):
        write_sample(path, lines=10, incidents=0, seed=1)
    assert path.read_text() == "mine"
