"""The hard questions that the story answers: each by one command (`data/questions.yaml`). No Django here."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from penholder.cli.story.steps import AUTHORITY, data
from penholder.cli.story.words import found_in

LISTED = 25
"""Questions in the list of hard questions, of which the story answers some."""
_DAY = re.compile(r"[+-]\d+")


@dataclass(frozen=True, slots=True)
class Question:
    """number: in the list of hard questions. site: on whose home it is asked.

    columns: of an answer that is a table, those that are shown.

    command: without `penholder`; names in braces are ids and days of the story. answer: what it prints in the
    telling of the tests; random ids by their name in the story. unknown: what is not known, or not said.
    """

    number: str
    asked: str
    command: str
    columns: tuple[str, ...]
    answer: tuple[str, ...]
    unknown: str
    site: str = AUTHORITY

    def words(self, results: Mapping[str, Any], *, today: date) -> list[str]:
        """The command with the ids and days of a telling."""
        return [
            re.sub(r"\{([^}]+)\}", lambda m: _real(m[1], results, today), w) for w in shlex.split(self.command)
        ]


def questions(site: str = AUTHORITY) -> tuple[Question, ...]:
    """Those that are asked on a site, in order. Raises: RuleError."""
    return tuple(question for question in every_question() if question.site == site)


@cache
def every_question() -> tuple[Question, ...]:
    """All of them, in order. Raises: RuleError."""
    return tuple(
        Question(
            number=row["number"],
            asked=row["asked"],
            command=row["command"],
            columns=tuple(row.get("columns", ())),
            answer=tuple(row["answer"]),
            unknown=row["unknown"],
            site=row.get("site", AUTHORITY),
        )
        for row in data("questions.yaml")["questions"]
    )


def numbers() -> str:
    """Why numbers are left out, in one line."""
    found = len(every_question())
    return f"Numbers are those of a list of {LISTED} questions; the story answers {found} of them, the rest not."


def _real(name: str, results: Mapping[str, Any], today: date) -> str:
    if _DAY.fullmatch(name):
        return (today + timedelta(days=int(name))).isoformat()
    return str(found_in(results, name))
