"""docs/reference/story.md says which test shows which sentence of the story; it is kept in step with the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("page", ["story.md", "questions.md"])
def test_the_pages_of_the_story_are_up_to_date(page: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "tools" / "write_story.py", tmp_path], check=True)
    written = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    assert written == (tmp_path / page).read_text(encoding="utf-8"), "run: tools/write_story.py"
