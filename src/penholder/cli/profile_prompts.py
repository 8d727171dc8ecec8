"""The five questions of an operation profile as prompts on a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable

import click

from penholder.analysis.profile.check import QUESTIONS
from penholder.analysis.profile.template import PartyDraft, ProfileDraft, SourceDraft
from penholder.analysis.sources.places import PlaceKind, resolve
from penholder.kernel.dates import parse_day, parse_partial
from penholder.kernel.errors import InputError
from penholder.kernel.grade import parse_grade
from penholder.regime.hints import means
from penholder.regime.regimes import concerns

_ID = re.compile(r"[^a-z0-9]+")


def ask() -> ProfileDraft:
    """Ask everything that a profile needs. Answers are checked one by one; a wrong one is asked again."""
    draft = ProfileDraft()
    draft.title = _text("Title, one line in neutral words")
    draft.id = _prompt("Short id", _slug, default=_slug(draft.title))
    draft.concern = _words("What are rules asked about?", tuple(concerns()), default="serious_violation_ihl")
    _section(5)
    draft.sources = _sources()
    _section(1)
    draft.parties = _parties(draft)
    draft.complete = _source_of(draft, "Does a source say that no other state operates them?")
    _section(2)
    source = _source(draft)
    draft.territory = [(code, source) for code in _codes("Codes or names of the states or territories")]
    _section(3)
    draft.period_from = _prompt("First day (YYYY-MM-DD)", _partial)
    draft.period_until = _optional("First day after it (empty: still going on)", _day)
    _section(4)
    draft.means = _means(draft)
    draft.no_other_means = _source_of(draft, "Does a source say that no other means were used?")
    return draft


def _section(number: int) -> None:
    click.secho(f"\n{number}. {QUESTIONS[number - 1]}", bold=True, err=True)


def _sources() -> list[SourceDraft]:
    found: list[SourceDraft] = []
    while True:
        name = f"s{len(found) + 1}"
        title = (
            _text(f"Title of source {name}")
            if not found
            else _optional(f"Title of source {name} (empty: no more)")
        )
        if not title:
            return found
        grade = _prompt("Grade (A1 strongest to F6 not judged)", lambda t: str(parse_grade(t)), default="F6")
        ref = _optional("Address or reference")
        found.append(SourceDraft(name, title, grade, ref, _optional("Date of the source", _partial)))


def _parties(draft: ProfileDraft) -> list[PartyDraft]:
    found: list[PartyDraft] = []
    while True:
        name = _text("Name of the forces") if not found else _optional("Further forces (empty: no more)")
        if not name:
            return found
        party = PartyDraft(_prompt("Short id", _slug, default=_slug(name)), name)
        for state in _codes("Codes or names of the states that operate them"):
            since = _optional(f"{state}: since when? (empty: throughout)", _partial)
            party.states.append((state, since, _source(draft)))
        actors = _optional("Names in incident reports, with commas between")
        party.actors = [a.strip() for a in actors.split(",") if a.strip()]
        found.append(party)


def _means(draft: ProfileDraft) -> list[tuple[str, str, str, str]]:
    found = []
    for kind in means():
        choice = click.Choice(["yes", "no", "unknown"])
        used = click.prompt(f"{kind.title} ({kind.covers}): used?", type=choice, default="unknown", err=True)
        since = _optional("  since when? (empty: from the first day)", _partial) if used == "yes" else ""
        found.append((kind.id, used, since, _source(draft)))
    return found


def _source_of(draft: ProfileDraft, question: str) -> str:
    return _source(draft) if click.confirm(question, default=False, err=True) else ""


def _source(draft: ProfileDraft) -> str:
    known = [s.id for s in draft.sources]
    if len(known) == 1:
        return known[0]
    return str(click.prompt("  source", type=click.Choice(known), default=known[0], err=True))


def _text(question: str) -> str:
    return _prompt(question, lambda t: " ".join(t.split()))


def _optional(question: str, read: Callable[[str], str] = lambda t: " ".join(t.split())) -> str:
    return _prompt(question, lambda t: read(t) if t.strip() else "", default="")


def _prompt(question: str, read: Callable[[str], str], *, default: str | None = None) -> str:
    def checked(given: str) -> str:
        try:
            return read(given)
        except InputError as error:
            raise click.UsageError(f"{error.message}; {error.hint}") from error

    return str(click.prompt(question, value_proc=checked, default=default, show_default=bool(default), err=True))


def _words(question: str, allowed: tuple[str, ...], *, default: str) -> list[str]:
    def read(given: str) -> str:
        found = given.replace(",", " ").split()
        wrong = [w for w in found if w not in allowed]
        if wrong:
            raise InputError(f"{wrong[0]!r} is not allowed", hint=f"allowed: {', '.join(allowed)}")
        return " ".join(found)

    return _prompt(question, read, default=default).split()


def _codes(question: str) -> list[str]:
    def read(given: str) -> str:
        return " ".join(dict.fromkeys(_code(word.strip()) for word in given.split(",") if word.strip()))

    return _prompt(f"{question}, with commas between", read).split()


def _code(name: str) -> str:
    place = resolve(name)
    if place.kind is not PlaceKind.COUNTRY:
        raise InputError(f"{name!r} is not a country", hint="write a name or a code, for example XA")
    return place.code


def _partial(text: str) -> str:
    return str(parse_partial(text))


def _day(text: str) -> str:
    return parse_day(text).isoformat()


def _slug(text: str) -> str:
    found = _ID.sub("-", text.casefold()).strip("-")
    if not found:
        raise InputError(f"no id can be made of {text!r}", hint="use letters a to z and digits")
    return found
