"""A command on the home of another site says so; it does not break."""

from __future__ import annotations

from pathlib import Path

import pytest

from penholder.cli.main import main
from penholder.cli.story.conduct import WISHES
from penholder.custody.install import adopt, draft_home

ASKED = [
    ("concerns", "assessment changes AS-1", "the authority"),
    ("concerns", "cases assurances", "the authority"),
    ("public", "changes bridge --from 2024-01-01 --to 2024-02-01", "the authority"),
    ("concerns", "decisions list", "the authority"),
    ("public", "evidence counts", "the authority"),
    ("concerns", "exchange", "the authority"),
    ("public", "restrictions days EX-1", "the authority"),
    ("public", "statements overdue", "the authority"),
    ("authority", "concerns overdue", "the site of concerns"),
    ("authority", "concerns involved CN-1", "the site of concerns"),
    ("public", "concerns exchange", "the site of concerns"),
    ("authority", "publication load .", "the public site"),
    ("concerns", "release rebuild .", "the public site"),
]


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_a_command_says_whose_home_it_needs(
    asked: tuple[str, str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    site, words, wanted = asked
    home = tmp_path / "home"
    adopt(draft_home(home, WISHES[site]), home)
    monkeypatch.setenv("PENHOLDER_HOME", str(home))
    with pytest.raises(SystemExit) as left:
        main(words.split())
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert f"this is asked of {wanted}" in said
    assert f"set PENHOLDER_HOME to the home of {wanted}" in said
