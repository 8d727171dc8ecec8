"""`penholder info`: what a data folder holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.statistics.overview import info
from penholder.analysis.statistics.refused import refused
from penholder.cli.asking import Day
from penholder.cli.output import OutputOptions, emit, output_options


@click.command(
    "info",
    epilog="\b\nExamples:\n  penholder info data/\n  penholder info data/ --known 2012-07-01 --json\n"
    "  penholder info data/ --quarantine -o not-loaded.csv",
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--known", type=Day(), help="As it was known by this day.")
@click.option(
    "--quarantine", is_flag=True, help="List the rows that were not loaded: file, line, column and reason of each."
)
@output_options
def command(folder: Path, *, known: date | None, quarantine: bool, output: OutputOptions) -> None:
    """Show what FOLDER holds: releases, counts, sources, attribution, what was not loaded and what is missing."""
    answer = refused if quarantine else info
    emit(answer(read_catalogue(folder), known=known), output)
