"""The five questions of an operation profile as prompts on a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

import click

from penholder.analysis.profile.check import QUESTIONS, Occurrences
from penholder.analysis.profile.template import PartyDraft, ProfileDraft, SourceDraft
from penholder.analysis.sources.places import PlaceKind, resolve
from penholder.kernel.dates import parse_day, parse_partial
from penholder.kernel.errors import InputError
from penholder.kernel.grade import parse_grade
from penholder.regime.hints import means
from penholder.regime.regimes import concerns

OFFERED = 12
_SOURCE_ID = re.compile(r"s\d+\Z")
_ID = re.compile(r"[^a-z0-9]+")


def ask(found: Occurrences | None = None) -> ProfileDraft:
    """Ask everything that a profile needs. Answers are checked one by one; a wrong one is asked again.

    `found`: what occurs in a data folder; its series and actors are shown where they are asked for.
    """
    draft = ProfileDraft()
    draft.title = _text("Title, one line in neutral words")
    draft.id = _prompt("Short id", _slug, default=_slug(draft.title))
    draft.concern = _words("What are rules asked about?", tuple(concerns()), default="serious_violation_ihl")
    _section(1)
    draft.parties = _parties(draft, found)
    draft.complete = _source_of(draft, "Does a source say that no other state operates them?")
    _section(2)
    places = _codes("Codes or names of the states or territories")
    source = _source(draft)
    draft.territory = [(code, source) for code in places]
    _section(3)
    draft.period_from = _prompt("First day (YYYY-MM-DD)", _partial)
    draft.period_until = _optional("First day after it (empty: still going on)", _day)
    _section(4)
    draft.means = _means(draft)
    draft.no_other_means = _source_of(draft, "Does a source say that no other means were used?")
    _section(5)
    _describe(draft.sources)
    return draft


def _section(number: int) -> None:
    click.secho(f"\n{number}. {QUESTIONS[number - 1]}", bold=True, err=True)


def _describe(sources: list[SourceDraft]) -> None:
    """How good each source is that was named on the way, and where it is found."""
    for source in sources:
        click.echo(f"{source.id}: {source.title}", err=True)
        source.grade = _prompt(
            "  grade (A1 strongest to F6 not judged)", lambda t: str(parse_grade(t)), default="F6"
        )
        source.ref = _optional("  address or reference")
        source.date = _optional("  date of the source", _partial)


def _parties(draft: ProfileDraft, data: Occurrences | None) -> list[PartyDraft]:
    found: list[PartyDraft] = []
    while True:
        name = _text("Name of the forces") if not found else _optional("Further forces (empty: no more)")
        if not name:
            return found
        party = PartyDraft(_prompt("Short id", _slug, default=_slug(name)), name)
        for state in _codes("Codes or names of the states that operate them"):
            since = _optional(f"{state}: since when? (empty: throughout)", _partial)
            party.states.append((state, since, _source(draft)))
        _offer("Actors", data.actors if data else ())
        party.actors = _list("Names in incident reports, with commas between")
        _offer("Series", data.series if data else ())
        series = _list("Series of reports, all of whose incidents are alleged of them, with commas between")
        party.counted_by = [(name, _source(draft)) for name in series]
        found.append(party)


def _offer(what: str, words: Collection[str]) -> None:
    """Show what there is in the data folder, so that it need not be remembered."""
    if words:
        more = f", and {len(words) - OFFERED:,} more" if len(words) > OFFERED else ""
        click.echo(f"{what} in these data: {', '.join(sorted(words)[:OFFERED])}{more}", err=True)


def _list(question: str) -> list[str]:
    return [word.strip() for word in _optional(question).split(",") if word.strip()]


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
    """The id of the source that says so: one that was named before, or a new one by its title."""
    known = [s.id for s in draft.sources]

    def read(given: str) -> str:
        words = " ".join(given.split())
        if not words or (_SOURCE_ID.match(words) and words not in known):
            hint = f"write its title, or one of: {', '.join(known)}" if known else "write its title"
            raise InputError(f"no source {words!r} was named", hint=hint)
        return words

    question = f"  source: {', '.join(known)}, or the title of another" if known else "  source: its title"
    said = _prompt(question, read, default=draft.last_source or None)
    if said not in known:
        draft.sources.append(SourceDraft(f"s{len(known) + 1}", said, "F6"))
        said = draft.sources[-1].id
    draft.last_source = said
    return said


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


def _grade(text: str) -> str:
    return str(parse_grade(text))


def _partial(text: str) -> str:
    return str(parse_partial(text))


def _day(text: str) -> str:
    return parse_day(text).isoformat()


def _slug(text: str) -> str:
    found = _ID.sub("-", text.casefold()).strip("-")
    if not found:
        raise InputError(f"no id can be made of {text!r}", hint="use letters a to z and digits")
    return found
