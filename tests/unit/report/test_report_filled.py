"""The page of a real answer: the profile in words, outliers both ways, the command that makes it again."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from penholder.analysis.profile.model import OperationProfile, Source
from penholder.analysis.stocktake.report_profile import profile_answers
from penholder.analysis.stocktake.result import stocktake_result
from penholder.analysis.stocktake.run import stocktake
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.kernel.dates import parse_partial
from penholder.kernel.grade import Grade
from tests.contract.stocktake_world import ON, folder_of, profile_of

LINES: list[dict[str, Any]] = [{"value": 900}, *[{"value": 20}] * 5, {"rating": "ML6", "value": 7}]


def _profile(*, complete: bool = True) -> OperationProfile:
    source = Source("s", "Invented letter", Grade("B", "2"), "letter 7", parse_partial("2020-02"))
    return replace(profile_of(complete=complete), sources={"s": source})


def _page(folder: Path, lines: list[dict[str, Any]] = LINES, **options: Any) -> str:
    answer = stocktake(folder_of(folder, lines), _profile(), on=ON, scope=Scope.GRANTED)
    made = stocktake_result(answer, profile_name="my profile", **options).html
    assert made is not None
    return html.unescape(re.sub(r"<[^>]+>", "", made()))


def test_the_profile_answers_five_questions_in_plain_words() -> None:
    answers = profile_answers(_profile(), {"XA": "Ardenia", "XB": "Belmora", "XC": "Corvale", "XD": "Dunmere"}.get)  # type: ignore[arg-type]
    said = [[s.words for s in a.statements] for a in answers]
    assert said == [
        [
            "Forces of Ardenia: operated by Ardenia",
            "Forces of Ardenia: no other state operates them",
            "Forces of Belmora: operated by Belmora from 1 January 2020",
            "Forces of Belmora: no other state operates them",
        ],
        ["Corvale", "Dunmere: North"],
        ["From 1 January 2019; no end stated"],
        [
            "Air strikes: used from 1 February 2019",
            "Artillery, rockets and missiles from the ground: not used",
            "No other means were used",
        ],
        [
            "Forces of Ardenia: reports that name “Forces of Ardenia”",
            "Forces of Belmora: reports that name “Forces of Belmora” and “Belmoran units”",
            "Forces of Belmora: all reports of the series “counted”",
        ],
    ]
    sources = {s.source.title for a in answers for s in a.statements if s.source}
    assert sources == {"Invented letter"}


def test_an_open_list_of_states_says_what_it_makes_unknown() -> None:
    whose = profile_answers(_profile(complete=False), str)[0]
    assert [s.gap for s in whose.statements if s.gap] == ["lines to all other states stay unknown"] * 2


@pytest.mark.parametrize(("kept", "beside"), [(True, "Without this line:"), (False, "With this line:")])
def test_an_outlier_is_named_with_the_figures_of_the_other_way(tmp_path: Path, kept: bool, beside: str) -> None:
    page = _page(tmp_path / "real", with_outliers=kept)
    assert "One line stands out" in page
    assert "1:1 (XTS 900, 90% of the value that could have been used)." in page
    assert beside in page
    assert ("This page leaves them out" in page) is not kept


def test_an_outlier_that_could_not_have_been_used_is_a_note(tmp_path: Path) -> None:
    away = [{"value": 20, "destination": "XV"}, *[{"value": 1, "destination": "XV"}] * 19]
    page = _page(tmp_path / "real", away)
    assert "Over half of the value for its destination; it is not among those that could have been used." in page
    assert "51% of the value for XV" in page


def test_the_command_is_whole_and_quoted_and_the_day_of_knowledge_is_a_date(tmp_path: Path) -> None:
    page = _page(tmp_path / "my data", with_outliers=False)
    command = (
        f"penholder stocktake '{tmp_path / 'my data'}' --profile 'my profile' --on 2020-06-30 --scope granted"
    )
    assert f"{command} --no-outliers -o report.html" in page
    assert re.search(r"Granted by 30 June 2020, as known on \d{1,2} [A-Z][a-z]+ \d{4}", page)


def test_the_next_command_asks_for_the_same_scope(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    answer = stocktake(folder_of(tmp_path, LINES), _profile(), on=ON, scope=Scope.GRANTED)
    words = "\n".join(stocktake_result(answer, profile_name="p").words)
    assert "1:1 --profile p --on 2020-06-30 --scope granted\n" in words
    assert "Without this line (--no-outliers): could 5, XTS 100 · unknown 0 · excluded 1, XTS 7" in words
