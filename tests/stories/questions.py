"""The questions of `questions.yaml`, as values: for the test, and for the page that is written from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("questions.yaml")


@dataclass(frozen=True)
class Question:
    """One question. columns: of an answer that is a table, those that are shown."""

    number: str
    asked: str
    command: str
    columns: tuple[str, ...]
    answer: tuple[str, ...]
    unknown: str


def questions() -> tuple[Question, ...]:
    """All of them, in order."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))["questions"]
    return tuple(
        Question(
            str(q["number"]),
            q["asked"],
            q["command"],
            tuple(q.get("columns", ())),
            tuple(q["answer"]),
            q["unknown"],
        )
        for q in found
    )
