"""The section on the operation profile: what the whole answer takes as given, with its sources."""

from __future__ import annotations

from penholder.analysis.report.data import ProfileAnswer, SourceOf, Statement
from penholder.analysis.report.html.elements import Child, Markup, day_of_text, link, month, tag

_INTRO = "The answer takes these statements as given. They say what the sources report; they are no finding."
_GRADES = (
    "A grade is a letter and a digit. The letter: how reliable the source is, from A (completely) to E (not), "
    "F cannot be judged. The digit: how credible the information is, from 1 (confirmed by others) to 5 "
    "(improbable), 6 cannot be judged."
)


def profile(answers: tuple[ProfileAnswer, ...]) -> Markup | None:
    """Question by question; every statement with the title and the grade of its source."""
    if not answers:
        return None
    return tag(
        "section",
        tag("h2", "The profile", id="profile"),
        tag("p", _INTRO),
        [_answer(a) for a in answers],
        tag("p", _GRADES, class_="small"),
        aria_labelledby="profile",
        class_="profile",
    )


def _answer(answer: ProfileAnswer) -> list[Child]:
    items = [tag("li", _statement(s)) for s in answer.statements]
    return [tag("h3", answer.question), tag("ul", items)]


def _statement(said: Statement) -> list[Child]:
    gap = [". ", tag("strong", "Open"), f": {said.gap}"] if said.gap else None
    return [said.words, gap, _source(said.source) if said.source else "."]


def _source(source: SourceOf) -> list[Child]:
    dated: Child = [", ", _dated(source.dated)] if source.dated else None
    # The title mostly says where it is; the reference stands beside it where it does not.
    said = source.ref.lower() in source.title.lower()
    ref: Child = None if said else [", ", link(source.ref, source.ref)]
    return [". ", tag("span", "Source: ", source.title, ref, dated, f"; grade {source.grade}.", class_="small")]


def _dated(text: str) -> Child:
    if len(text) == len("2015-03"):
        return month(text)
    return day_of_text(text)
