"""`penholder demo`: the whole on a sample about invented states, and three sites that tell a story."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import click

from penholder.analysis.profile.read import read_profile
from penholder.analysis.releases.catalogue import Catalogue, read_catalogue
from penholder.analysis.sample.demonstration import LEARNED, Moved, learn_one_fact, moved_lines
from penholder.analysis.sample.write import RELEASED, write_sample
from penholder.analysis.stocktake.result import stocktake_result
from penholder.analysis.stocktake.run import stocktake
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.cli import demo_sites
from penholder.cli.output import OutputOptions, emit
from penholder.cli.serve import check_can_listen
from penholder.cli.story.conduct import Conducted
from penholder.cli.story.questions import numbers
from penholder.kernel.clock import today
from penholder.kernel.errors import FolderError

ON = date(2020, 6, 30)
PROFILE = "northern-campaign"
SHOWN = 5
INCIDENT = "S799"  # an alleged air strike in a time with many lines in force
MARK = ".demonstration"
HOMES = "sites"
"""Homes of the invented sites, in the data folder of the demonstration."""


@click.command("demo", epilog="Example: penholder demo --into demo-data --report demo-report.html")
@click.option(
    "--into", type=click.Path(path_type=Path), default=Path("demo-data"), show_default=True, help="Folder."
)
@click.option("--report", type=click.Path(path_type=Path), default=Path("demo-report.html"), show_default=True)
@click.option("--lines", type=click.IntRange(min=100), default=2_000, show_default=True, help="Number of lines.")
@click.option("--no-serve", is_flag=True, help="Do all but serve the sites.")
@click.option(
    "--port",
    type=click.IntRange(1, 65_533),
    default=8000,
    show_default=True,
    help="Of the authority's site; those of concerns and the public one have the next two.",
)
def command(into: Path, *, report: Path, lines: int, no_serve: bool, port: int) -> None:
    """Make a sample about invented states, take stock of it in both scopes, learn one fact, write the report.

    Then: three invented sites (authority, concerns, public), on which the story of a licence is told by acts
    alone; their ledgers published and verified, one command for each question, and the sites served.
    """
    if not no_serve:
        for number in range(len(demo_sites.SITES)):
            check_can_listen(demo_sites.HOST, port + number)
    make_room(into)
    _step(f"1. A data folder of {lines:,} invented licence lines and 1,200 invented incidents: {into}")
    catalogue = write_sample(into, lines=lines, incidents=1_200, seed=1)
    (into / MARK).write_text("made by `penholder demo`, which may remove this folder\n", encoding="utf-8")
    with demo_sites.playing((into / HOMES).absolute(), today=today()) as story:
        moved = _stocktakes(into, catalogue, report)
        made, questions = _sites(story)
    click.echo("\n".join([*_next(into, moved), "", *questions, "", *demo_sites.links(made, port)]))
    if not no_serve:
        demo_sites.serve(made, port)


def _stocktakes(into: Path, catalogue: Catalogue, report: Path) -> tuple[Moved, ...]:
    """The first half: stock taken twice, one fact learned, the report. Gives the lines that it moved."""
    profile = read_profile(into / "profiles" / f"{PROFILE}.yaml")
    for number, scope in ((2, Scope.IN_FORCE), (3, Scope.GRANTED)):
        meant = "what can still be stopped" if scope is Scope.IN_FORCE else "what may already be there"
        _step(
            f"{number}. penholder stocktake {into} --profile {PROFILE} --on {ON} --scope {scope.value}   ({meant})"
        )
        result = stocktake_result(stocktake(catalogue, profile, on=ON, scope=scope), profile_name=PROFILE)
        click.echo("\n".join(result.words))
    fact = learn_one_fact(into)
    _step(f"4. One more fact becomes known on {LEARNED}: {fact}")
    catalogue = read_catalogue(into)
    moved = moved_lines(catalogue, profile, on=ON)
    click.echo("\n".join(_moved_words(moved)))
    _step("5. The report: one file, opens in any browser, works on paper")
    final = stocktake_result(stocktake(catalogue, profile, on=ON, scope=Scope.GRANTED), profile_name=PROFILE)
    emit(final, OutputOptions(files=(report,)))
    return moved


def _sites(story: demo_sites.Playing) -> tuple[Conducted, list[str]]:
    """The second half: the story on its sites, and the commands that answer questions about it."""
    _step(f"6. Three invented sites, each an installation of its own: {story.root}   (penholder init)")
    click.echo("The story of a licence, told by acts alone. Its days are laid before today.")
    made = story.shown()
    _step("7. The ledger of each site is published and verified")
    demo_sites.publish(made)
    more = demo_sites.for_questions(made, story.root / "incidents")
    return made, ["One command for each question:", f"# {numbers()}", *demo_sites.asked(made, more)]


def _step(text: str) -> None:
    click.echo()
    click.secho(text, bold=True)


def make_room(folder: Path) -> None:
    """Remove an earlier demonstration. Raises: FolderError if the folder is anything else."""
    if not folder.exists():
        return
    if not (folder / MARK).is_file() or any(r.kind != "sample" for r in read_catalogue(folder).releases):
        raise FolderError(
            f"{folder} exists and was not made by the demonstration", hint="name another folder with --into"
        )
    shutil.rmtree(folder)


def _moved_words(moved: tuple[Moved, ...]) -> list[str]:
    known = f"known {RELEASED} / known {LEARNED}"
    words = [f"{len(moved)} lines granted by {ON} moved ({known}); every other answer stays as it was:"]
    words += [
        f"  line {m.line:9} {m.rating} {m.description}, to {m.destination}: {m.before} -> {m.after}"
        for m in moved[:SHOWN]
    ]
    return [*words, f"  and {len(moved) - SHOWN} more"] if len(moved) > SHOWN else words


def _next(folder: Path, moved: tuple[Moved, ...]) -> list[str]:
    line = moved[0].line if moved else "LINE"
    asked = f"{folder} {line} --profile {PROFILE} --on {ON} --scope granted"
    return [
        "",
        "Try next:",
        f"  penholder why {asked}",
        f"  penholder why {asked} --known {RELEASED}",
        f"  penholder questions {folder} --profile {PROFILE} --on {ON}",
        f"  penholder stats {folder} --by year,outcome --measure value",
        f"  penholder touches {folder} --incident {INCIDENT} --profile {PROFILE}",
    ]
