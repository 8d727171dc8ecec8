"""`penholder diff`: what changed between two releases."""

from __future__ import annotations

import click

from penholder.analysis.releases.diff.answer import diff
from penholder.cli.output import OutputOptions, emit, output_options
from penholder.kernel.errors import EXIT_DONE, EXIT_FINDINGS


@click.command(
    "diff",
    epilog="\b\nExit code: 0 no difference; 1 differences; 2 a side cannot be read.\n\n\b\nExamples:\n"
    "  penholder diff values-june.csv.gz values-october.csv.gz\n"
    "  penholder diff data/@2012-07-01 data/@2012-11-01 -o changes.csv\n"
    "  penholder diff data/ other-data/ --json",
)
@click.argument("a")
@click.argument("b")
@output_options
@click.pass_context
def command(context: click.Context, a: str, b: str, *, output: OutputOptions) -> None:
    """Say what changed from A to B, each pair of lines once, under its strongest difference.

    A and B are each a data folder, FOLDER@RELEASE-ID, FOLDER@YYYY-MM-DD (what was known by that day), or a source
    file or folder that is loaded for the comparison only.
    """
    result, differs = diff(a, b)
    emit(result, output)
    context.exit(EXIT_FINDINGS if differs else EXIT_DONE)
