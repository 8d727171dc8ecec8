"""`penholder profile`: make an operation profile, and ask it the five questions."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import get_terminal_size

import click

from penholder.analysis.profile.check import Answer, Finding, answers, findings, findings_in
from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.profile.occurrences import occurrences
from penholder.analysis.profile.read import parse_profile, read_profile
from penholder.analysis.profile.template import ProfileDraft, render
from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.report.files import atomic_file
from penholder.analysis.report.folding import folded_all
from penholder.analysis.stocktake.run import further_means
from penholder.cli.profile_prompts import ask
from penholder.kernel.errors import EXIT_FINDINGS, OutputError


@click.group("profile")
def command() -> None:
    """Make or check an operation profile: whose forces, where, when, by which means, on what sources."""


@command.command("new", epilog="Example: penholder profile new campaign.yaml --data trial/")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--ask/--no-ask",
    "asking",
    default=None,
    help="Ask the five questions, or write an empty form. Without either: ask on a terminal.",
)
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path),
    help="Offer the series of reports and the actors that occur in this data folder.",
)
def new(file: Path, *, asking: bool | None, folder: Path | None) -> None:
    """Write a new profile to FILE (`-`: standard output), as a form or from answers to the five questions."""
    if str(file) != "-":
        _refuse_existing(file)
    interactive = sys.stdin.isatty() and sys.stderr.isatty() if asking is None else asking
    found = occurrences(read_catalogue(folder)) if folder else None
    draft = ask(found) if interactive else ProfileDraft(series_found=sorted(found.series) if found else [])
    text = render(draft)
    if interactive:
        parse_profile(text, name=str(file))
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    with atomic_file(file) as stream:
        stream.write(text.encode())
    click.echo(f"Wrote {file}", err=True)
    check_it = shlex.join(
        ["penholder", "profile", "check", str(file), *(["--data", str(folder)] if folder else [])]
    )
    click.echo(f"Next: {'' if interactive else 'fill it in, then '}{check_it}", err=True)


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise OutputError(f"{file} exists already", hint="give the name of a new file; nothing was changed")
    if not file.parent.is_dir():
        raise OutputError(f"the folder {file.parent} does not exist", hint="make it first")


@command.command("check", epilog="Example: penholder profile check campaign.yaml --data trial/")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path),
    help="Also say which places, actors and series of the profile do not occur in this data folder.",
)
@click.option("--json", "as_json", is_flag=True, help="The answers and findings as JSON on standard output.")
@click.pass_context
def check(ctx: click.Context, file: Path, *, folder: Path | None, as_json: bool) -> None:
    """Ask FILE the five questions: what it answers, what it leaves open, what that makes unknown in a stocktake.

    \b
    Exit codes: 0 nothing to mend; 1 findings (probable mistakes); 2 the profile cannot be used.
    """
    catalogue = read_catalogue(folder) if folder else None
    profile = read_profile(file, further_means=further_means(catalogue) if catalogue else ())
    found = findings(profile)
    if catalogue:
        found = (*found, *findings_in(profile, occurrences(catalogue)))
    if as_json:
        click.echo(json.dumps(_document(profile, found), ensure_ascii=False, indent=2))
    else:
        lines = _words(profile, found)
        click.echo("\n".join(folded_all(lines, get_terminal_size().columns) if sys.stdout.isatty() else lines))
    if found:
        ctx.exit(EXIT_FINDINGS)


def _document(profile: OperationProfile, found: tuple[Finding, ...]) -> dict[str, object]:
    return {
        "profile": profile.id,
        "title": profile.title,
        "sha256": profile.sha256,
        "questions": [
            {
                "number": a.number,
                "question": a.question,
                "known": list(a.known),
                "unknown": [{"said": g.words, "makes": g.makes} for g in a.gaps],
                "findings": [f.words for f in found if f.number == a.number],
            }
            for a in answers(profile)
        ],
        "findings": len(found),
    }


def _words(profile: OperationProfile, found: tuple[Finding, ...]) -> Iterator[str]:
    yield f"{profile.title} ({profile.id})"
    for answer in answers(profile):
        yield from ("", f"{answer.number}. {answer.question}")
        yield from _lines_of(answer, [f.words for f in found if f.number == answer.number])
    yield from ("", _verdict(len(found)), f"Profile sha256: {profile.sha256}")


def _lines_of(answer: Answer, found: list[str]) -> Iterator[str]:
    yield from (f"   {known}" for known in answer.known)
    for gap in answer.gaps:
        yield f"   unknown: {gap.words}"
        yield f"            so {gap.makes}"
    yield from (f"   CHECK: {words}" for words in found)


def _verdict(count: int) -> str:
    if not count:
        return "Nothing to mend. What is unknown above stays unknown in the stocktake."
    return f"{count} to check. What is unknown above stays unknown in the stocktake."
