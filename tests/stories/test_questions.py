"""The hard questions, each answered on the story's data by one command, exactly, with what is not known."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest

from penholder.analysis.sources.places import call_places
from penholder.cli.story.conduct import PLACES
from penholder.cli.story.questions import Question, every_question, questions
from penholder.evidence.snapshot import snapshot
from penholder.review.queries import newest_profile
from tests.stories.conducted import named, told_to, whole_story
from tests.stories.told import TODAY, Told, told

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

_GRANTED = re.compile(r"\bSIEL/(\d{4})/[0-9A-Z]{12}/P")
"""The reference of a licence that was granted in the story; some of it is random."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("questions")
    with told(folder / "home") as made:
        changed = made.id("change", "id")
        profile = folder / "velmora-campaign.yaml"
        profile.write_text(newest_profile(changed), encoding="utf-8")
        snapshot(folder / "data", None)  # as `penholder evidence snapshot`
        made.results.update(data=str(folder / "data"), profile=str(profile))
        call_places(PLACES)  # as the configuration of each site says it
        yield made
        call_places({})


# story: Of the 25 questions 1 to 9, 11, 16 (answer "none made"), 18 and 23 are answered on the story's data by one
# story: command each, with exact expected answers and unknowns
@pytest.mark.parametrize("question", questions(), ids=lambda q: f"question-{q.number}")
def test_one_command_answers(question: Question, story: Told, capsys: pytest.CaptureFixture[str]) -> None:
    said = story.words(capsys, *question.words(story.results, today=TODAY))
    found = [_GRANTED.sub(r"SIEL/\1/GRANT/P", line) for line in said]
    if question.columns:
        found = _table(found, question.columns)
    elif question.number == "9":
        found = _short(found)
    elif question.number == "11":
        found = found[:-1]  # its last line is a hash
    assert tuple(found) == question.answer


# story: Of the 25 questions 20 and 21 are answered by one command each on the site of concerns, 22 on the public
@pytest.mark.parametrize(
    "question", [q for q in every_question() if q.site != "authority"], ids=lambda q: f"question-{q.number}"
)
def test_one_command_answers_on_another_site(question: Question, tmp_path_factory: pytest.TempPathFactory) -> None:
    made = whole_story(tmp_path_factory)
    found = told_to(made, question.site, *question.words(made.results, today=TODAY))
    found = re.sub(r"entries [0-9;]+", "entries …", named(made, found))
    assert tuple(found.splitlines()) == question.answer


def test_nothing_was_decided_while_a_question_was_open(story: Told, capsys: pytest.CaptureFixture[str]) -> None:
    assert story.words(capsys, "decisions", "list", "--open-question") == ["0 decisions"]


def test_who_was_told_is_said_by_reference(story: Told, capsys: pytest.CaptureFixture[str]) -> None:
    found = [_GRANTED.sub(r"SIEL/\1/GRANT/P", one) for one in story.words(capsys, "decisions", "told")]
    assert {one.partition(" line ")[0] for one in found[:-1]} == {
        "SIEL/2024/GRANT/P (pumps_licence)", "XASIEL/1001/P (halden_licence)", "XASIEL/1002/P (ending_licence)",
    }  # fmt: skip


def test_a_decision_that_cites_no_assessment_says_so(story: Told, capsys: pytest.CaptureFixture[str]) -> None:
    found = story.words(capsys, "decisions", "information", story.id("grant", "added"))
    assert found[1] == "  cites no assessment"
    assert found[-1] == "  why nobody waited: not said; nothing was over its limit"


@pytest.mark.parametrize(
    "words",
    [
        "restrictions days {exemption.id} --json",
        "restrictions grants {moratorium} --json",
        "changes bridge --from {-111} --to {-1} --json",
        "changes enforced {change.id} --json",
        "decisions list --json",
        "decisions information {grant.added} --json",
    ],
)
def test_the_same_as_json(words: str, story: Told, capsys: pytest.CaptureFixture[str]) -> None:
    asked = Question("", "", words, (), (), "").words(story.results, today=TODAY)
    assert json.loads("\n".join(story.words(capsys, *asked)))


def _table(lines: list[str], columns: tuple[str, ...]) -> list[str]:
    rows = csv.DictReader(io.StringIO("\n".join(lines)), delimiter="\t")
    return [" | ".join(row[c] or "-" for c in columns) for row in rows]


def _short(lines: list[str]) -> list[str]:
    """The first limb, those that were addressed, and the sum."""
    limbs: list[list[str]] = []
    for line in lines[:-1]:
        if line.startswith(" "):
            limbs[-1].append(line)
        else:
            limbs.append([line])
    kept = [limb for n, limb in enumerate(limbs) if n == 0 or limb[1:] != ["    not addressed"]]
    return [*(line for limb in kept for line in limb), lines[-1]]
