"""Write docs/reference/story.md and questions.md: which test shows which sentence; which command answers what.

python tools/write_story.py [FOLDER]      default: docs/reference
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from penholder.cli.story.questions import Question, every_question, numbers
from penholder.cli.story.steps import AUTHORITY

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
SENTENCES = ROOT / "tests" / "stories" / "sentences.yaml"
_MARK = "# story:"


def told() -> dict[str, str]:
    """Every test with a comment `# story: …` above it or in it -> what its comments say."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if _MARK in text:
            for name, words in _of_file(text):
                found[f"{path.relative_to(ROOT)}::{name}"] = words
    return found


def _of_file(text: str) -> Iterator[tuple[str, str]]:
    lines = text.splitlines()
    before = 0
    for node in ast.parse(text).body:
        end = node.end_lineno or node.lineno
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            words = " ".join(_comments(lines[before:end]))
            if words:
                yield node.name, words
        before = end


def _comments(lines: list[str]) -> Iterator[str]:
    """What stands after the mark, and in the comment lines that follow."""
    inside = False
    for line in (text.strip() for text in lines):
        if line.startswith(_MARK):
            inside = True
            yield line.removeprefix(_MARK).strip()
        elif inside and line.startswith("# "):
            yield line.removeprefix("# ")
        else:
            inside = False


def story_page() -> str:
    """docs/reference/story.md."""
    tests = told()
    parts = [
        "# The story, sentence by sentence\n",
        "Generated from `tests/stories/sentences.yaml` and the comments `# story: …` of the tests by",
        "`python tools/write_story.py`; do not edit. Which acts the story consists of:",
        "`src/penholder/cli/story/data/story.yaml`.\n",
    ]
    left: list[str] = []
    for part in yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))["parts"]:
        parts += [f"## {part['title']}\n", "| sentence | tests |", "|---|---|"]
        for sentence in part["sentences"]:
            shown = _shown(sentence, tests)
            if not shown:
                left.append(f"- {part['title']}: {sentence['says']}")
            parts.append(f"| {sentence['says']} | {'<br>'.join(shown) or '**none yet**'} |")
        parts.append("")
    parts += ["## Sentences without a test\n", *(left or ["None."]), ""]
    return "\n".join(parts)


def _shown(sentence: Mapping[str, Any], tests: Mapping[str, str]) -> list[str]:
    keys = [_plain(key) for key in sentence["found_by"]]
    return [
        f"`{name.removeprefix('tests/')}`"
        for name, words in tests.items()
        if any(k in _plain(words) for k in keys)
    ]


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()


def questions_page() -> str:
    """docs/reference/questions.md."""
    parts = [
        "# Questions and the commands that answer them\n",
        "Generated from `src/penholder/cli/story/data/questions.yaml` by `python tools/write_story.py`; do not",
        "edit. Each is asked of the story's data by `tests/stories/test_questions.py`, where today is 25 November",
        "2024, and answered exactly so. `penholder demo` prints the same commands with its own ids and days.\n",
        "In commands, `{grant.added}` stands for an id of the story, `{-205}` for the day 205 days before today,",
        "`{data}` for the folder that `penholder evidence snapshot` wrote, `{profile}` for the profile of the",
        "change. In answers ids are shown by the names that the story gives them. Where a question names a site,",
        "its command is given on the home of that site (`PENHOLDER_HOME`); else on that of the authority.\n",
        f"{numbers()}\n",
    ]
    for question in every_question():
        parts += _question(question)
    return "\n".join(parts)


def _question(question: Question) -> list[str]:
    shown = f" (columns {', '.join(question.columns)})" if question.columns else ""
    return [
        f"## {question.number}. {question.asked}\n",
        *([] if question.site == AUTHORITY else [f"On the site: {question.site}.\n"]),
        "```text",
        f"penholder {question.command}",
        "```\n",
        f"Answer{shown}:\n",
        "```text",
        *question.answer,
        "```\n",
        f"Not known: {question.unknown}\n",
    ]


PAGES = {"story.md": story_page, "questions.md": questions_page}


def main(folder: Path) -> None:
    """Write both pages."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REFERENCE)
