from __future__ import annotations

from pathlib import Path

import pytest

from penholder.analysis.sources.guess import Guess
from penholder.kernel.errors import SourceError
from tests.unit.sources.invented_lists import UK_VALUES, loaded, uk_folder, write


def guessed(source: Path, into: Path) -> list[tuple[str, str]]:
    asked: list[Guess] = []
    loaded(source, into, confirm=asked.append)
    return [(g.mapping.name, g.file) for g in asked]


def test_the_kind_is_guessed_from_the_columns_and_shown_for_confirmation(tmp_path: Path) -> None:
    source = write(tmp_path / "some name.csv", UK_VALUES)
    assert guessed(source, tmp_path / "data") == [("uk-licences", "some name.csv")]


def test_of_a_folder_the_lines_decide_and_not_the_notes_beside_them(tmp_path: Path) -> None:
    assert guessed(uk_folder(tmp_path / "in"), tmp_path / "data") == [("uk-licences", "values.csv")]


def test_nothing_is_loaded_where_the_guess_is_not_confirmed(tmp_path: Path) -> None:
    def refuse(_guess: Guess) -> None:
        raise SourceError("no")

    source = write(tmp_path / "values.csv", UK_VALUES)
    with pytest.raises(SourceError, match=r"^no$"):
        loaded(source, tmp_path / "data", confirm=refuse)
    assert not (tmp_path / "data").exists()


def test_a_table_of_no_known_kind_names_its_columns_and_the_way_out(tmp_path: Path) -> None:
    source = write(tmp_path / "list.csv", "Nummer,Datum\n1,2\n")
    with pytest.raises(
        SourceError, match=r"no known kind; its columns: Nummer, Datum\n .*load-another-states-list"
    ):
        loaded(source, tmp_path / "data")


def test_a_file_of_another_kind_is_named_as_what_it_looks_like(tmp_path: Path) -> None:
    source = write(tmp_path / "values.csv", UK_VALUES)
    with pytest.raises(SourceError, match="it looks like uk-licences"):
        loaded(source, tmp_path / "data", "who-attacks")
