"""`penholder import`: load a source into a data folder, and say what became of every row."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from penholder.analysis.sources.guess import Guess
from penholder.analysis.sources.load import load
from penholder.analysis.sources.plan import kinds
from penholder.analysis.sources.report import LoadReport
from penholder.analysis.sources.stream import STDIN, no_progress
from penholder.cli.asking import Day
from penholder.kernel.errors import EXIT_DONE, EXIT_FINDINGS, SourceError


@click.command(name="import", short_help="Load licence decisions, incidents, notes or edges into a data folder.")
@click.argument("words", nargs=-1, required=True, metavar="[KIND] SOURCE")
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The data folder; made if absent.",
)
@click.option("--released", type=Day(), help="Day on which the publisher made it public. Default: today.")
@click.option(
    "--mapping",
    metavar="FILE",
    help="Mapping of the columns, for the generic kinds; or the name of one that ships.",
)
@click.option(
    "--series",
    metavar="NAME",
    help="Later releases of the same series replace this one. Default: as the mapping says.",
)
@click.option(
    "--encoding", metavar="NAME", help="Encoding of the text, for example cp1252. Default: as the mapping says."
)
@click.option("--yes", is_flag=True, help="Accept the kind that is guessed, without being asked.")
@click.option(
    "--strict",
    is_flag=True,
    help="Exit code 1 if any row was quarantined (but for not_used).",
)
@click.option("--json", "as_json", is_flag=True, help="The reconciliation as JSON on standard output.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    words: tuple[str, ...],
    into: Path,
    released: date | None,
    mapping: str | None,
    series: str | None,
    encoding: str | None,
    yes: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Load SOURCE (a file, a folder, a .gz file, or - for standard input) into a data folder.

    KIND is one of: uk-licences, uk-notes, ucdp-ged, who-attacks, weapon-components, and with --mapping
    generic-licences, generic-incidents, edges. Without KIND it is guessed from the column names, shown, and
    confirmed: by you on a terminal, by --yes elsewhere.

    Every row that is read is loaded or quarantined with a reason. The same input twice changes nothing.

    \b
    Examples:
      penholder import uk-licences licences/2008-2015 --into trial --released 2015-06-30
      penholder import generic-incidents raids.csv --mapping yemen-air-raids --into trial
      zcat list.csv.gz | penholder import generic-licences - --mapping list.yaml --into trial --json

    Exit codes: 0 loaded (rows may be in quarantine); 1 with --strict, rows were quarantined; 2 nothing was loaded.
    """
    kind, source = _kind_and_source(words)
    with _progress(source) as progress:
        report = load(
            source,
            into=into,
            kind=kind,
            released=released,
            mapping=mapping,
            series=series,
            encoding=encoding,
            progress=progress,
            confirm=lambda found: _confirm(found, accepted=yes, source=source),
        )
    _show(report, as_json=as_json)
    ctx.exit(EXIT_FINDINGS if strict and report.refused else EXIT_DONE)


def _kind_and_source(words: tuple[str, ...]) -> tuple[str | None, str]:
    if len(words) > 2:
        raise click.UsageError(f"one KIND and one SOURCE at most, not {len(words)} words: {' '.join(words)}")
    if len(words) == 1 and words[0] in kinds() and not Path(words[0]).exists():
        raise click.UsageError(f"{words[0]} is a kind; the SOURCE is missing (a file, a folder, or -)")
    return (words[0], words[1]) if len(words) == 2 else (None, words[0])


def _confirm(found: Guess, *, accepted: bool, source: str) -> None:
    click.echo(f"kind: {found.kind} (guessed from the columns of {found.file})", err=True)
    if accepted:
        return
    if source != STDIN and sys.stdin.isatty() and sys.stderr.isatty():
        click.confirm(f"Load it as {found.mapping.title}?", default=True, abort=True, err=True)
        return
    said = f"penholder import {found.kind} {source}"
    if found.mapping.name != found.kind:
        said += f" --mapping {found.mapping.name}"
    raise SourceError(
        f"the kind was guessed as {found.kind}, and nobody is there to confirm it",
        hint=f"nothing was loaded; say it ({said} ...) or accept the guess with --yes",
    )


@contextmanager
def _progress(source: str) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; silence elsewhere."""
    if not sys.stderr.isatty():
        yield no_progress
        return
    from rich.console import Console  # noqa: PLC0415 - rich costs start-up time; only a terminal needs it
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    columns = ("{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=_size(source))
        yield lambda count: bar.advance(task, count)


def _size(source: str) -> int | None:
    path = Path(source)
    try:
        files = [p for p in path.iterdir() if p.is_file()] if path.is_dir() else [path]
        return sum(p.stat().st_size for p in files) or None
    except OSError:
        return None


def _show(report: LoadReport, *, as_json: bool) -> None:
    for notice in report.notices:
        click.echo(f"note: {notice}", err=True)
    if as_json:
        for line in report.words():
            click.echo(line, err=True)
        click.echo(json.dumps(report.document(), indent=1, ensure_ascii=False))
        return
    for line in report.words():
        click.echo(line)
